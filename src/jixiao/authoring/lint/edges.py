"""Numbering marks and the ends of ranges in a criteria text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

_CHINESE = {letter: n for n, letter in enumerate("一二三四五六七八九十", 1)}
_MARKS = re.compile(
    r"(?:(?<=[\n。;:,])|(?<=\s)|^)\s*(?:(?P<a>\d{1,2})(?P<dot>[.、)])(?!\d)|\((?P<b>\d{1,2})\)|(?P<c>[①-⑳])|"
    r"\((?P<d>[一二三四五六七八九十])\)|(?P<e>[一二三四五六七八九十])、)"
)
MOST = 20
_LOOKS = {"b": "(1)", "c": "①", "d": "(一)", "e": "一、"}

_MARK = r"\(不?含[^()]{{0,6}}\)"
_VALUE = (
    r"(?<![\d.])(?P<{0}>[-+]?\d{{1,12}}(?:\.\d{{1,6}})?)(?!\d)(?P<{0}u>%|百分点|个百分点|万元|亿元|元|分|项|个|次|天|日|人|件|条|家|宗|起)?(?P<{0}m>"
    + _MARK
    + ")?"
)
_TAIL = r"(?P<x>\(不?含[^()]{0,6}\))?"
_RANGE = re.compile(
    rf"(?<![\d.(]){_VALUE.format('l')}(?:至|到|~|-){_VALUE.format('h')}(?!\s*[年月])(?![^,。;]{{0,8}}(?:插值|直线|比例))"
)
_ABOVE = re.compile(
    rf"(?P<op>不低于|不少于|不小于|高于|超过|大于|多于|达到|≥|>=|>|＞){_VALUE.format('v')}(?!\s*[年月])(?P<s>及?以上)?{_TAIL}"
    rf"|{_VALUE.format('w')}(?P<t>及以上|以上){_TAIL.replace('<x>', '<y>')}"
)
_BELOW = re.compile(
    rf"(?P<op>不高于|不超过|不多于|不大于|低于|少于|小于|不足|≤|<=|<|＜){_VALUE.format('v')}(?P<s>及?以下)?{_TAIL}"
    rf"|{_VALUE.format('w')}(?P<t>及以下|以下|以内){_TAIL.replace('<x>', '<y>')}"
)
_OPEN = ("高于", "超过", "大于", "多于", ">", "＞", "低于", "少于", "小于", "不足", "<", "＜")
IN, OUT, UNSAID, HALF = "in", "out", "unsaid", "half"


def numbered(text: str) -> Iterator[tuple[str, int, int]]:
    """The numbering marks of a text: how the list is numbered, the number, and where its words begin."""
    for mark in _MARKS.finditer(text):
        group = next(name for name in "abcde" if mark[name])
        said = mark[group]
        number = (
            int(said) if said.isdecimal() else ord(said) - ord("①") + 1 if group == "c" else _CHINESE[said]
        )
        yield (f"1{mark['dot']}" if group == "a" else _LOOKS[group]), number, mark.end()


def look(style: str, number: int) -> str:
    """A mark of a list as the text writes it."""
    if style == "①":
        return chr(ord("①") + number - 1)
    if "一" in style:
        return style.replace("一", "一二三四五六七八九十"[number - 1])
    return style.replace("1", str(number))


@dataclass(frozen=True, slots=True)
class End:
    """One end of a range: its figure as written, which side of it the range lies, and whether it says to hold it."""

    value: Decimal
    unit: str
    side: int
    mark: str
    words: str
    start: int


def contested(text: str) -> Iterator[tuple[str, str, str, bool]]:
    """Figures at which two ranges meet and neither end leaves the figure to the other: (figure, one, other, open).

    At least one of the ends does not say whether it holds the figure (90%—95% beside 95%以上). Not ``open``: the other
    end of its range does (90%（含）—95%), so that it is usually read as left out.
    """
    by_figure: dict[tuple[Decimal, str], list[End]] = {}
    for end in _ends(text):
        by_figure.setdefault((end.value, end.unit), []).append(end)
    for (value, unit), ends in by_figure.items():
        below, above = ([end for end in ends if end.side == side][:MOST] for side in (-1, 1))
        pairs = [
            (one, other) for one in below for other in above if one.start != other.start and _meet(one, other)
        ]
        if pairs:
            first, second = sorted(pairs[0], key=lambda end: end.start)
            is_open = any(HALF not in (one.mark, other.mark) for one, other in pairs)
            yield f"{value}{unit}", first.words, second.words, is_open


def _meet(one: End, other: End) -> bool:
    marks = {one.mark, other.mark}
    return OUT not in marks and bool(marks & {UNSAID, HALF})


def _ends(text: str) -> Iterator[End]:
    """``side`` is -1 where the range lies below the figure, 1 where it lies above."""
    taken: list[tuple[int, int]] = []
    for match in _RANGE.finditer(text):
        unit = match["hu"] or match["lu"] or ""
        taken.append(match.span())
        if Decimal(match["l"]) >= Decimal(match["h"]):
            continue  # shares of the points from the best grade down, or no range at all
        for name, side, other in (("l", 1, "h"), ("h", -1, "l")):
            unsaid = HALF if match[f"{other}m"] and "不" not in match[f"{other}m"] else UNSAID
            yield End(
                Decimal(match[name]), unit, side, _mark(match[f"{name}m"], unsaid), match[0], match.start()
            )
    starts = [start for start, _ in taken]
    for pattern, side in ((_ABOVE, 1), (_BELOW, -1)):
        for match in pattern.finditer(text):
            place = bisect_right(starts, match.start()) - 1
            if place >= 0 and match.start() < taken[place][1]:
                continue
            name = "v" if match["v"] else "w"
            shut = OUT if (match["op"] in _OPEN and not match["s"]) else IN
            mark = _mark(match[f"{name}m"] or match["x" if name == "v" else "y"], shut)
            yield End(Decimal(match[name]), match[f"{name}u"] or "", side, mark, match[0], match.start())


def _mark(words: str | None, otherwise: str) -> str:
    if not words:
        return otherwise
    return OUT if "不" in words else IN
