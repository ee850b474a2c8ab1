"""Years and dates: they exist, they belong to the year of the report, and the same event has one date."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from jixiao.audit.figures import Figure, Sort, in_text
from jixiao.audit.known import KnownValues
from jixiao.audit.scope import NEAR_YEARS, YEAR
from jixiao.audit.statement import Outcome, Statement
from jixiao.audit.subjects import vocabulary

_AHEAD = ("规划", "目标", "远景", "到期", "截止", "五年")
_ELSEWHEN = re.compile(r"[计规]划|打算|编制|安排|下一|建议|[比较]|参[照考]|延续|结转|以来|起|上年|往年|拟|将")
NEAR = 14  # characters around a date that tell what happened


@dataclass(slots=True)
class Day:
    """A date as written: year, month and perhaps day, the statements it is made of, the words around."""

    parts: list[int]
    statements: list[Statement]
    around: str
    follows: str
    place: str


def check(statements: Sequence[Statement], truth: KnownValues) -> None:
    """Settle years and dates."""
    year = int(truth.year) if truth.year.isdigit() else 0
    known = [day for text, source in truth.texts for day in _known_days(text, source.place())]
    own = _days(statements)
    for day in own:
        _exists(day)
    for day in own:
        _same_event(day, known, own)
    _spans(statements, truth)
    for index, item in enumerate(statements):
        if item.figure.sort is Sort.DATE and item.open:
            _month(item)
        if item.figure.sort is Sort.YEAR and item.open:
            _year(item, year, _spoken_of(statements, index))


def _days(statements: Sequence[Statement]) -> list[Day]:
    made: list[Day] = []
    for item in statements:
        figure, last = item.figure, made[-1] if made else None
        text = figure.block.cells[figure.cell]
        if figure.sort is Sort.YEAR and figure.unit == "年":
            made.append(
                Day(
                    [int(figure.value)],
                    [item],
                    text[max(0, figure.start - 6) : figure.start],
                    "",
                    figure.place.shown(),
                )
            )
        elif figure.sort is Sort.DATE and last is not None and last.statements[-1].figure.end == figure.start:
            last.parts.append(int(figure.value))
            last.statements.append(item)
            last.follows = text[figure.end : figure.end + NEAR]
            last.around = (
                text[max(0, last.statements[0].figure.start - 6) : last.statements[0].figure.start]
                + last.follows
            )
    return [
        day
        for day in made
        if len(day.parts) > 1 and all(_block_same(a, b) for a, b in pairwise(day.statements))
    ]


def _block_same(one: Statement, two: Statement) -> bool:
    return one.figure.block is two.figure.block and one.figure.cell == two.figure.cell


def _known_days(text: str, place: str) -> list[Day]:
    found = _days([Statement(figure) for figure in in_text(text)])
    for day in found:
        day.place = place
    return found


def _exists(day: Day) -> None:
    year, month, *rest = day.parts
    try:
        datetime.date(year, month, rest[0] if rest else 1)
    except ValueError:
        wrong = day.statements[1] if not 1 <= month <= 12 else day.statements[-1]
        wrong = wrong if 1 <= year <= 9999 else day.statements[0]
        wrong.disagrees("日期", "", wrong.figure.place.shown(), "没有这个日期")


def _same_event(day: Day, known: list[Day], own: list[Day]) -> None:
    """Compare with dates of the same event: a date that differs in one part only, in like words."""
    for other in known:
        if _agree(day, other) and (_like(day, other) >= 1):
            for item in day.statements:
                if item.open:
                    item.agrees("日期", item.figure.shown, other.place)
    for other in (*known, *(o for o in own if o is not day)):
        differ = [i for i, (a, b) in enumerate(zip(day.parts, other.parts, strict=False)) if a != b]
        if len(differ) == 1 and _like(day, other) >= 2 and day.statements[differ[0]].open:
            item = day.statements[differ[0]]
            value = "-".join(str(part) for part in other.parts)
            if other in known or not other.statements[differ[0]].open:
                item.disagrees("日期", value, other.place, "同一事项的日期不一致")


def _agree(day: Day, other: Day) -> bool:
    return all(a == b for a, b in zip(day.parts, other.parts, strict=False))


def _like(day: Day, other: Day) -> int:
    """Pairs of letters that the words around two dates share."""
    pairs = ({"".join(pair) for pair in pairwise(text)} for text in (day.around, other.around))
    one, two = pairs
    return len({pair for pair in one & two if pair.isalpha()})


def _spans(statements: Sequence[Statement], truth: KnownValues) -> None:
    """2020-2021: as in the names that the workbook holds."""
    spans = {
        (int(a.value), int(b.value)): source.place()
        for text, source in truth.texts
        for a, b in pairwise(in_text(text))
        if _joined(a, b, text)
    }
    for one, two in pairwise(statements):
        text = one.figure.block.cells[one.figure.cell]
        if one.figure.block is not two.figure.block or not _joined(one.figure, two.figure, text):
            continue
        said = (int(one.figure.value), int(two.figure.value))
        if said in spans:
            one.agrees("年度区间", f"{said[0]}-{said[1]}", spans[said])
            two.agrees("年度区间", f"{said[0]}-{said[1]}", spans[said])
            continue
        for (first, last), place in spans.items():
            if (said[0] == first) != (said[1] == last):
                wrong = two if said[0] == first else one
                wrong.disagrees("年度区间", f"{first}-{last}", place, "与评分簿中的名称不一致")


def _joined(one: Figure, two: Figure, text: str) -> bool:
    years = one.sort is Sort.YEAR and two.sort is Sort.YEAR
    return years and text[one.end : two.start] == "-"


def _month(item: Statement) -> None:
    most = 12 if item.figure.unit == "月" else 31
    if not 1 <= item.figure.value <= most or item.figure.digits:
        item.disagrees("日期", "", item.figure.place.shown(), "没有这个日期")


def _of_the_year(figure: Figure, behind: str) -> bool:
    """Whether a year has to be the year of the report: by the words behind it, or because a paragraph opens with it."""
    words = re.split(r"\d", behind)[0]
    opens = (figure.start == 0 and words[:1] in ("，", ",")) or words.startswith(("底", "末"))
    return opens or (bool(words) and any(word in words for word in vocabulary().yearly))


def _spoken_of(statements: Sequence[Statement], index: int) -> list[Statement]:
    """The figures that a year is said of: those behind it in its sentence, up to the next year."""
    found: list[Statement] = []
    own = statements[index].figure
    for item in statements[index + 1 :]:
        other = item.figure
        here = (other.block.number, other.cell, other.sentence) == (own.block.number, own.cell, own.sentence)
        if not here or other.sort is Sort.YEAR:
            break
        if other.sort not in (Sort.DATE, Sort.ORDINAL, Sort.DOCUMENT):
            found.append(item)
    return found


def _may_be_meant(figure: Figure, year: int, spoken_of: Sequence[Statement]) -> bool:
    """Whether a neighbour of the year of the report may well be meant: no figure of it is the workbook's."""
    said, opens = int(figure.value), figure.start == 0
    if abs(said - year) > NEAR_YEARS:
        return False
    if spoken_of:
        return not any(item.outcome is Outcome.AGREES for item in spoken_of)
    return bool(not opens and _ELSEWHEN.search(figure.sentence))


def _year(item: Statement, year: int, spoken_of: Sequence[Statement]) -> None:
    figure = item.figure
    said, text = int(figure.value), figure.block.cells[figure.cell]
    behind, before = text[figure.end : figure.end + NEAR], text[max(0, figure.start - 10) : figure.start]
    if not 1949 <= said <= 2100 or len(figure.written) != 4:
        item.disagrees("年份", str(year or ""), "年度", "年份不合理")
    elif year and said != year and spoken_of and _may_be_meant(figure, year, spoken_of):
        item.leaves("年度", YEAR)
    elif year and figure.unit == "年" and _of_the_year(figure, behind):
        if said == year:
            item.agrees("年度", f"{year}年", "封面年度")
        elif _may_be_meant(figure, year, spoken_of):
            item.leaves("年度", YEAR)
        else:
            item.disagrees("年度", f"{year}年", "封面年度", "与评分簿的年度不一致")
    elif year and (said > year + 2 or said < year - 12) and not any(w in before + behind for w in _AHEAD):
        item.disagrees("年份", f"{year}年", "封面年度", "与评分簿的年度相差过大")
