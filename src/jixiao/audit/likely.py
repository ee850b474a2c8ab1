"""Which figure of a broken identity was most likely miswritten: the one that a slip of the pen would explain."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from jixiao.audit.statement import Statement


def slips(written: str) -> Iterator[Decimal]:
    """What may have been meant by a figure: one digit changed, two neighbours swapped, the decimal point moved."""
    for at, letter in enumerate(written):
        if letter.isdigit():
            others = (other for other in "0123456789" if other != letter)
            yield from (Decimal(f"{written[:at]}{other}{written[at + 1 :]}") for other in others)
    yield from rare_slips(written)


def rare_slips(written: str) -> Iterator[Decimal]:
    """Those of the slips that hardly explain a difference by chance: a swap, a moved decimal point."""
    places = [at for at, letter in enumerate(written) if letter.isdigit()]
    for one, two in pairwise(places):
        letters = list(written)
        letters[one], letters[two] = letters[two], letters[one]
        yield Decimal("".join(letters))
    yield from (Decimal(written).scaleb(power) for power in (-4, -3, -2, -1, 1, 2, 3, 4))


def culprit(
    total: Statement, parts: Sequence[Statement], worth: Sequence[Decimal], whole: Decimal
) -> Statement:
    """The statement of a sum that does not add up which most likely is wrong; the total where nothing tells.

    ``worth`` are the parts and ``whole`` the total in the total's unit.
    """
    added = sum(worth, Decimal(0))
    meant = [(part, whole - added + value) for part, value in zip(parts, worth, strict=True) if part.open]
    meant += [(total, added)] if total.open else []
    for kind in (rare_slips, slips):
        suspects = [item for item, value in meant if _explains(kind, item, value, total.figure.ulp)]
        if len(suspects) == 1:
            return suspects[0]
    if len(meant) == 1:
        return meant[0][0]
    return total if total in suspects or not suspects else suspects[-1]


def _explains(
    kind: Callable[[str], Iterator[Decimal]], item: Statement, meant: Decimal, allowed: Decimal
) -> bool:
    written = item.figure.written.replace(",", "").lstrip("-")
    return any(abs(value - abs(meant)) < allowed for value in kind(written))
