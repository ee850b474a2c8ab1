"""Figures as a Chinese report writes them: amounts, rates, counts, dates, changes, lists."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal

from jixiao.model import Interval, Value, plain
from jixiao.report.traced import Telling, figure
from jixiao.text import numbered as numbered_as
from jixiao.text import shown, shown_amount, shown_rate, shown_rates, unnumbered

PARAGRAPH_ENDS = "。！？；：”）…"
_DIRECTION = {0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF}
LEVELS = ("一、", "（一）", "1.", "（1）")


COLUMN, BARE, PLACES, EXACT, TEXT, WHOLE = "金额列", "金额", "两位率", "原数", "文字", "整额"
"""Forms beside units: an amount of a column, one without its unit, a rate with two decimals, a number as it is,
a text, a text of an amount without its .00."""


def written(value: Value, unit: str) -> str:
    """A value with its unit as ``shown`` writes it, or in a form; a text as it is, without what is harmful."""
    if isinstance(value, Telling):
        return value
    if not isinstance(value, Decimal):
        return figure(clean(str(value)), value, unit)
    if unit in (COLUMN, BARE):
        text = shown_amount(value, column=unit == COLUMN)
    elif unit == PLACES:
        text = shown_rate(value, places=True)
    else:
        text = plain(value) if unit == EXACT else shown(value, unit)
    return figure(text, value, unit)


def written_rates(values: Sequence[Decimal | None]) -> list[str]:
    """The rates of one table: all whole, or all with two decimals; 不适用 where there is none."""
    form = PLACES if any("." in text for text in shown_rates(values)) else "%"
    return ["不适用" if value is None else written(value, form) for value in values]


def numbered(level: int, number: int) -> str:
    """The number of a heading or item: 一、 （一） 1. （1）."""
    return numbered_as(LEVELS[level - 1], number)


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


def items(text: str) -> list[str]:
    """The lines of a person's list, each without its own number and with a full stop."""
    made = []
    for line in paragraphs(text):
        rest = unnumbered(line).lstrip().rstrip("；;，,：:、")
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
