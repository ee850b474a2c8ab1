"""What a figure may have been before a slip of the pen."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise


def slips(written: str) -> Iterator[Decimal]:
    """What may have been meant by a figure: one digit changed, two neighbours swapped, the decimal point moved."""
    for at, letter in enumerate(written):
        if letter.isdigit():
            others = (other for other in "0123456789" if other != letter)
            yield from (Decimal(f"{written[:at]}{other}{written[at + 1 :]}") for other in others)
    places = [at for at, letter in enumerate(written) if letter.isdigit()]
    for one, two in pairwise(places):
        letters = list(written)
        letters[one], letters[two] = letters[two], letters[one]
        yield Decimal("".join(letters))
    yield from (Decimal(written).scaleb(power) for power in (-4, -3, -2, -1, 1, 2, 3, 4))
