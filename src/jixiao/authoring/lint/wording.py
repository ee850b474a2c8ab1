"""The lint of criteria texts as they are issued: numbering, points that the weight does not hold, edges, percentages.

Everything here looks at the words alone, so that it finds what the reader of criteria would have to guess.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from jixiao.model import Findings, Level, Source, plain
from jixiao.rubric import Indicator, Rubric
from jixiao.text import LISTS, Mark, marks, narrow, numbered, one_dash

AFTER = r"\n。;:,\s"
"""What stands before a number of a list in a text that lost its lines."""

MOST = 20

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


LONGEST = 20_000
_NUMBER = r"(\d{1,3}(?:\.\d{1,2})?)"
_NOT_A_SCORE = r"(?!以上|以下|以内|及以|\(含|\(不含|至|到|-|~|的,?[^,;。]{0,6}[得计])"
_AWARD = re.compile(rf"(?<![考测核评])[得计记给赋](?:满分)?[为:]?{_NUMBER}分{_NOT_A_SCORE}")
_LABEL = re.compile(rf"\((?:满分|分值|计|共|得|权重)?[为:]?{_NUMBER}分\)")
_MOST = re.compile(
    rf"(?<![每单])(满分|本项|该项|此项|本指标|最高|最多)(?:可?得|为|是|计|共|分值|满分|不超过|:)*{_NUMBER}分{_NOT_A_SCORE}"
)
_STEP = re.compile(r"每[^,。;\d]{0,12}\d{1,6}(?:\.\d{1,4})?(个百分点|百分点|%)")
_LINE = re.compile(r"[×*]|比例|扣|权重|分值|满分|插值|酌情|加\d|各|每|类推|得分=")
_SCALE = Decimal(100)


def plain_text(text: str) -> str:
    """Half-width, one sign for each dash, without blanks inside lines; circled numbers keep their look."""
    return re.sub(r"[ \t\u00a0]+", " ", one_dash(narrow(text[:LONGEST])))


def lint_wording(text: str, weight: Decimal, title: str, place: Source, findings: Findings) -> None:
    """Findings about one criteria text for ``weight`` points; a text beside the hundred (weight 0) has no limit."""
    said = plain_text(text)
    items = marks(said, LISTS, AFTER)
    for number, count in _doubled(items):
        findings.add("J319", place, title=title, number=number, count=count)
    tight = said.replace(" ", "")
    met = list(contested(tight))
    if met:
        _, one, other, _ = met[0]
        level = Level.WARNING if any(is_open for *_, is_open in met) else Level.NOTE
        values = "、".join(value for value, *_ in met)
        findings.add("J325", place, level=level, title=title, value=values, one=one, other=other)
    if weight > 0:
        _stale(tight, weight, title, place, findings, listed=len(items) > 1)
        _adds(said, weight, title, place, findings)


def _doubled(items: list[Mark]) -> Iterator[tuple[str, int]]:
    """Numbers that stand more than once in one list, with how often; a list inside an item counts anew."""
    seen: dict[str, dict[int, int]] = {}
    order: list[str] = []
    found: dict[tuple[str, int, int], int] = {}
    run = 0
    for style, number in ((mark.style, mark.number) for mark in items):
        if style in order:
            for inner in order[order.index(style) + 1 :]:
                seen.pop(inner, None)
            order = order[: order.index(style) + 1]
        else:
            order.append(style)
        counts = seen.setdefault(style, {})
        if number == 1 and max(counts, default=0) > 1:
            counts.clear()  # another list of the same style
            run += 1
        counts[number] = counts.get(number, 0) + 1
        if counts[number] > 1:
            found[(style, number, run)] = counts[number]
    for (style, number, _), count in found.items():
        yield numbered(style, number), count


def _stale(
    text: str, weight: Decimal, title: str, place: Source, findings: Findings, *, listed: bool
) -> None:
    """Points of the text that the weight cannot hold, and a named maximum that is not the weight."""
    told: dict[str, Decimal] = {}
    for pattern in (_AWARD, _LABEL):
        told.update({match[0].strip("()"): Decimal(match[1]) for match in pattern.finditer(text)})
    stale = [words for words, points in told.items() if weight < points < _SCALE]
    if stale:
        findings.add("J320", place, title=title, words="”“".join(stale[:5]), weight=plain(weight))
    for match in _MOST.finditer(text):
        points = Decimal(match[2])
        smaller = 0 < points < weight and not listed and match[1] not in ("最高", "最多")
        if (
            points != _SCALE
            and not set(stale) & {match[0], match[0].removeprefix(match[1])}
            and (points > weight or smaller)
        ):
            findings.add("J321", place, title=title, words=match[0], weight=plain(weight))
    awards = [Decimal(match[1]) for match in _AWARD.finditer(text)]
    if (
        awards
        and 0 < sum(awards) < weight
        and not listed
        and not _LINE.search(text)
        and not _LABEL.search(text)
    ):
        findings.add("J326", place, title=title, most=plain(sum(awards, Decimal(0))), weight=plain(weight))


def _adds(text: str, weight: Decimal, title: str, place: Source, findings: Findings) -> None:
    """Numbered points that do not add up to the weight; where one gives all of it they are situations to choose from."""
    listed = marks(text, LISTS, AFTER)
    if not listed:
        return
    own = [mark for mark in listed if mark.style == listed[0].style]
    tops: list[Decimal] = []
    for mark, end in zip(own, [*(mark.end for mark in own[1:]), len(text)], strict=True):
        body = text[mark.end : end].replace(" ", "")
        label = _LABEL.search(body[:40])
        awards = [Decimal(label[1])] if label else [Decimal(m[1]) for m in _AWARD.finditer(body)]
        if not awards:
            return
        tops.append(max(awards) if not re.search(r"[×=*]|比例", body) or label else Decimal(0))
    total = sum(tops, Decimal(0))
    if len(tops) > 1 and Decimal(0) not in tops and weight not in (total, max(tops)) and max(tops) < weight:
        findings.add("J322", place, title=title, total=plain(total), weight=plain(weight))


def lint_steps(text: str, rubric: Rubric, indicator: Indicator, place: Source, findings: Findings) -> None:
    """每1% of a rate (percent or point?), 每1个百分点 or 每1% of what is no rate."""
    reads = [read for part in indicator.rule.leaves() for read in part.reads]
    units = {_unit(rubric, read) for read in reads}
    for match in _STEP.finditer(plain_text(text)):
        if match[1] == "%" and "%" in units:
            findings.add("J323", place, title=indicator.key, words=match[0])
        elif reads and "%" not in units:
            findings.add(
                "J324", place, title=indicator.key, words=match[0], names="、".join(dict.fromkeys(reads))
            )


def _unit(rubric: Rubric, name: str) -> str:
    if name in rubric.quantities:
        return rubric.quantities[name].unit
    return rubric.facts[name].concept.unit if name in rubric.facts else ""
