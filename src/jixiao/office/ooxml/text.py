"""Text and numbers as they stand in a worksheet part: escapes, illegal characters, exact decimals."""

from __future__ import annotations

import re
from decimal import Decimal

MAX_TEXT = 32_767  # characters in one cell

# what XML 1.0 cannot hold at all; the carriage return is legal but would come back as a line feed
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?")
_DIGITS = 15  # significant digits Excel keeps of what a person types


def clean(text: str) -> str:
    """Text without the characters no XML document may hold (control characters, half surrogates)."""
    return _ILLEGAL.sub("", text)


def unescape(text: str) -> str:
    """Resolve ``_x000D_`` escapes; one that stands for an illegal character is dropped."""
    if "_x" not in text:
        return text
    return clean(_ESCAPED.sub(lambda match: chr(int(match[1], 16)), text))


def escape(text: str) -> bytes:
    """Text as character data of a cell; illegal characters are dropped, look-alike escapes kept literal."""
    text = clean(text)
    if "_x" in text:
        text = _ESCAPED.sub(lambda match: "_x005F" + match[0], text)
    return markup(text).replace(b"\r", b"_x000D_")


def markup(text: str) -> bytes:
    """Text as XML character data: only ``& < >`` change."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").encode("utf-8")


def attribute(text: str) -> bytes:
    """Text as the value of an attribute between double quotes."""
    out = markup(clean(text)).replace(b'"', b"&quot;")
    return out.replace(b"\n", b"&#10;").replace(b"\r", b"&#13;").replace(b"\t", b"&#9;")


def parse_number(text: str) -> Decimal | None:
    """The exact decimal of the text in ``<v>``, or None when it is no finite number a double can hold."""
    text = text.strip()
    if _NUMBER.fullmatch(text) is None:
        return None
    value = Decimal(text)
    return value if abs(value) < Decimal("1.8E308") else None


def format_number(value: Decimal | int) -> bytes:
    """A finite number as ``<v>`` holds it; ValueError for NaN, infinities and what no double can hold."""
    number = Decimal(value)
    if not number.is_finite() or abs(number) >= Decimal("1.7E308"):
        raise ValueError("not a number a cell can hold")
    exponent = number.adjusted()
    text = format(number, "f") if -20 <= exponent <= 30 else format(number, "E")
    if "." in text and "E" not in text:
        text = text.rstrip("0").rstrip(".")
    return (text if text not in ("-0", "") else "0").encode("ascii")


def as_typed(value: Decimal) -> Decimal:
    """The number a person typed: Excel may store 0.29 as 0.28999999999999998, shown and meant as 0.29."""
    if len(value.as_tuple().digits) < _DIGITS:
        return value
    return Decimal(format(float(value), f".{_DIGITS}g"))
