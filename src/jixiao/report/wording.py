"""Figures as a Chinese report writes them: amounts, rates, counts, dates, changes, lists."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal

from jixiao.model import Interval, Value, half_up, plain

NUMERALS = "零一二三四五六七八九十"
PARAGRAPH_ENDS = "。！？；：”）…"
_DIRECTION = {0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF}


def written(value: Value, unit: str) -> str:
    """A value with its unit: 139.40万元, 60万元, 5.74%, 8人; 数 is the bare number, 文字 the text as it is."""
    if not isinstance(value, Decimal):
        return clean(str(value))
    if unit.endswith("元"):
        return f"{amount(value)}{unit}"
    if unit == "%":
        return rate(value)
    if unit == "日期":
        return day(value)
    bare = plain(half_up(value, 4 if unit == "数" else 2))
    return bare if unit in ("", "数", "数值", "文字") else f"{bare}{unit}"


def amount(value: Decimal) -> str:
    """An amount without its unit: whole ones bare, others with two decimals at least and six at most."""
    shown = plain(half_up(value, 6))
    whole, point, cents = shown.partition(".")
    return f"{whole}.{cents.ljust(2, '0')}" if point else whole


def column_amount(value: Decimal) -> str:
    """An amount in a table: two decimals at least, so that a column lines up."""
    shown = amount(value)
    return shown if "." in shown else f"{shown}.00"


def rate(value: Decimal) -> str:
    """A fraction as a percentage: whole ones bare, others with two decimals."""
    shown = half_up(value, 4) * 100
    return f"{plain(shown)}%" if shown == shown.to_integral_value() else f"{shown:.2f}%"


def column_rates(values: Sequence[Decimal | None]) -> list[str]:
    """Rates of one table: all whole, or all with two decimals; 不适用 where there is none."""
    shown = [rate(value) if value is not None else "不适用" for value in values]
    if any("." in text for text in shown):
        shown = [
            f"{half_up(v, 4) * 100:.2f}%" if v is not None else text
            for v, text in zip(values, shown, strict=True)
        ]
    return shown


def day(serial: Decimal) -> str:
    """A spreadsheet's serial number as a date."""
    from datetime import date, timedelta

    try:
        made = date(1899, 12, 30) + timedelta(days=int(serial))
    except OverflowError:
        return ""
    return f"{made.year}年{made.month}月{made.day}日"


def numeral(number: int) -> str:
    """1 to 99 in Chinese numerals."""
    tens, ones = divmod(number, 10)
    if not tens:
        return NUMERALS[ones]
    lead = "" if tens == 1 else NUMERALS[tens]
    return f"{lead}十{NUMERALS[ones] if ones else ''}"


def numbered(level: int, number: int) -> str:
    """The number of a heading or item: 一、 （一） 1. （1）."""
    if level == 1:
        return f"{numeral(number)}、"
    if level == 2:
        return f"（{numeral(number)}）"
    return f"{number}." if level == 3 else f"（{number}）"


def clean(text: str) -> str:
    """Text of other people as plain text, without blanks around it; see ``harmless``."""
    return harmless(text).strip()


def harmless(text: str) -> str:
    """Control, direction and unpaired characters removed, line ends as one sign."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return "".join(
        ch
        for ch in text
        if ch in "\n\t" or (unicodedata.category(ch) not in ("Cc", "Cs", "Cn") and ord(ch) not in _DIRECTION)
    )


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a person's text, each with an end."""
    lines = [" ".join(line.split()) for line in clean(text).split("\n")]
    return [line if line[-1] in PARAGRAPH_ENDS else f"{line}。" for line in lines if line]


_NUMBER = re.compile(
    r"^(?:[（(](?:\d{1,2}|[一二三四五六七八九十]{1,3})[）)]|(?:\d{1,2}[、．)）]|\d{1,2}\.(?!\d)|[一二三四五六七八九十]{1,3}、))\s*"
)


def items(text: str) -> list[str]:
    """The lines of a person's list, each without its own number and with a full stop."""
    made = []
    for line in paragraphs(text):
        rest = _NUMBER.sub("", line).rstrip("；;，,：:、")
        if rest.strip("。"):
            made.append(rest if rest[-1] in "。！？…" else f"{rest}。")
    return made


def bare(text: str) -> str:
    """A remark as a part of a sentence: one line, without its full stop."""
    return " ".join(clean(text).split()).rstrip("。；;，,、.")


def three_public(text: str) -> str:
    """“三公”经费 in quotation marks, as official texts write it."""
    return re.sub("(?<!“)三公(?!”)经费", "“三公”经费", text)


def whole_amounts(text: str) -> str:
    """Whole amounts without cents, as the rest of a report writes them."""
    return re.sub(r"(?<=\d)\.00(?=万?元)", "", three_public(text))


def grade_bands(grades: Sequence[tuple[Interval, str]]) -> str:
    """The bands of grades in words: 90分（含）以上为优，80分（含）至90分为良，60分以下为差."""
    return "，".join(f"{_band(interval)}为{title}" for interval, title in grades)


def _band(interval: Interval) -> str:
    low, high = interval.low, interval.high
    below = "" if high is None else f"{plain(high)}分{'（含）' if interval.high_closed else ''}"
    if low is None:
        return f"{below}以下" if below else "全部"
    above = f"{plain(low)}分{'（含）' if interval.low_closed else ''}"
    return f"{above}至{below}" if below else f"{above}以上"


def listed(items: Sequence[str], most: int = 8) -> str:
    """Items in a sentence; a long list is cut: 甲、乙、丙等60项."""
    shown = "、".join(items[:most])
    return shown if len(items) <= most else f"{shown}等{len(items)}项"
