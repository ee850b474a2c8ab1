"""Numbers as programs hold them -> exact decimals, binary noise rounded away."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

NOISE_PLACES = Decimal("0.000001")
"""Binary float noise is rounded here: six places of 万元 are a hundredth of a 元."""
NOISE_DIGITS = 15
"""A float printed with this many significant digits and more than six places is noise (0.0900000762939453)."""
MAX_TEXT = 60
MAX_EXPONENT = 40


def denoise(number: Decimal) -> Decimal:
    """Round away binary float noise; a number that is not noise is returned as it is.

    Noise is more than six decimal places together with fifteen or more significant digits; then six places, half
    away from zero. 76.7991234 stays, 0.0900000762939453 becomes 0.09.
    """
    _sign, digits, exponent = number.as_tuple()
    if (
        not isinstance(exponent, int)
        or exponent >= -6
        or len(digits) < NOISE_DIGITS
        or number.adjusted() > 20
    ):
        return number
    short = number.quantize(NOISE_PLACES, rounding=ROUND_HALF_UP).normalize()
    return short if short.as_tuple().exponent <= 0 else short.quantize(Decimal(1))  # type: ignore[operator]


def from_float(value: float) -> Decimal:
    """A reader's binary float as the decimal that was meant: its shortest text, noise rounded away.

    Whole floats lose their ``.0``. NaN and infinities come back as the same special decimals.
    """
    if not math.isfinite(value):
        return Decimal(repr(value))
    if value.is_integer() and abs(value) < 1e15:
        return Decimal(int(value))
    return denoise(Decimal(repr(value)))


def from_machine(text: str) -> Decimal | None:
    """A number as a program wrote it (XML, HTML attributes), exponents allowed; None when it is none, or absurd."""
    try:
        number = Decimal(text.strip()) if len(text) < MAX_TEXT else Decimal("NaN")
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number.adjusted()) > MAX_EXPONENT:
        return None
    return denoise(number)
