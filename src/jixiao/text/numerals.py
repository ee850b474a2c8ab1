"""Chinese numerals, both ways: 二十三, 一百零五, 三万五千, 零点五 -> a number; 23 -> 二十三."""

from __future__ import annotations

import re
from decimal import Decimal

DIGITS = {letter: n for n, letter in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
COUNTING = "一二三四五六七八九十"
"""The numerals of a list; a class of a pattern is ``[{COUNTING}]``."""
NUMERAL = "零〇一二两三四五六七八九十百千万亿"
"""Every letter that a number in words may have before its decimal point."""
_SHORT = re.compile(
    "[百千万亿][一二两三四五六七八九]$|亿[一二两三四五六七八九]千$"
)  # 三万五: 35000 when spoken, 30005 by the rule
_SHAPE = re.compile(rf"[{NUMERAL}]+(?:点[零〇一二三四五六七八九]+)?")


def number(text: str) -> Decimal | None:
    """A number in Chinese or Arabic numerals; None for anything else, and for 二三 (two or three)."""
    if text[:1].isdecimal():
        return Decimal(text) if re.fullmatch(r"\d+(?:\.\d+)?", text) else None
    if _SHAPE.fullmatch(text) is None:
        return None
    whole, _, tail = text.partition("点")
    spelled = len(whole) == 4 and all(letter in DIGITS for letter in whole)  # a year: 二〇二三
    value = int(_spelled(whole)) if spelled else _whole(whole)
    if value is None:
        return None
    return Decimal(f"{value}.{_spelled(tail)}" if tail else value)


def _spelled(text: str) -> str:
    return "".join(str(DIGITS[letter]) for letter in text)


def _whole(text: str) -> int | None:
    if _SHORT.search(text):
        return None
    total, part, digit = 0, 0, None
    for letter in text:
        if letter in DIGITS:
            if digit:  # 二三: two or three
                return None
            digit = DIGITS[letter]
        elif letter in _TENS:
            part += (1 if digit is None else digit) * _TENS[letter]
            digit = None
        elif digit is None and not part and not total:  # 万元: a unit, no figure
            return None
        else:
            part += digit or 0
            total = total + part * 10**4 if letter == "万" else (total + part) * 10**8
            part, digit = 0, None
    return total + part + (digit or 0)


def count(text: str) -> int:
    """A whole number of a list or a place, 0 where it is none: 3, 三, 十二."""
    found = number(text)
    return int(found) if found is not None else 0


def numeral(value: int) -> str:
    """1 to 99 in Chinese numerals."""
    tens, ones = divmod(value, 10)
    names = f"零{COUNTING}"
    if not tens:
        return names[ones]
    return f"{'' if tens == 1 else names[tens]}十{names[ones] if ones else ''}"
