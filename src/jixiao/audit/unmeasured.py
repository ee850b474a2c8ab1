"""Figures that measure nothing: years and dates, the numbers of lists and of the contents list."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from jixiao.audit.blocks import Report, plain
from jixiao.audit.known import KnownValues
from jixiao.audit.lexicon import lexicon
from jixiao.audit.scope import NEAR_YEARS, YEAR
from jixiao.audit.statement import Figure, Inside, Outcome, Statement, in_text
from jixiao.audit.tablecells import CRITERIA
from jixiao.model import Finding, Source, make
from jixiao.text import Kind, mark_at

_AHEAD = ("规划", "目标", "远景", "到期", "截止", "五年")
_ELSEWHEN = re.compile(r"[计规]划|打算|编制|安排|下一|建议|[比较]|参[照考]|延续|结转|以来|起|上年|往年|拟|将")
BEFORE, NEAR = 6, 14  # characters before and behind a date that tell what happened
YEARS = (1949, 2100)  # a report speaks of none outside them
BACK, AHEAD = 12, 2  # years that a report of one year may still speak of


@dataclass(frozen=True, slots=True)
class Day:
    """A date as written: the statements of its year, month and perhaps day, and where it stands."""

    statements: list[Statement]
    place: str

    @property
    def parts(self) -> list[int]:
        """Year, month and perhaps day."""
        return [int(item.figure.value) for item in self.statements]

    @property
    def around(self) -> set[str]:
        """Pairs of letters around, by which two dates of one event are known."""
        first, last = self.statements[0].figure, self.statements[-1].figure
        words = first.text[max(0, first.start - BEFORE) : first.start] + last.behind[:NEAR]
        return {pair for pair in map("".join, pairwise(words)) if pair.isalpha()}


def check_dates(statements: Sequence[Statement], known: KnownValues) -> None:
    """Settle years and dates."""
    statements = [item for item in statements if item.figure.column != CRITERIA]  # days that a rule gives
    year = int(known.year) if known.year.isdigit() else 0
    elsewhere = [
        Day(day, source.place())
        for text, source in known.texts
        for day in _days([Statement(figure) for figure in in_text(text)])
    ]
    own = [Day(day, day[0].figure.place.shown()) for day in _days(statements)]
    for day in own:
        _exists(day)
    for day in own:
        _same_event(day, elsewhere, own)
    _spans(statements, known)
    for index, item in enumerate(statements):
        if item.figure.kind is Kind.DATE and item.open:
            _in_calendar(item)
        if item.figure.kind is Kind.YEAR and item.open:
            _year(item, year, plain(known.unit), _spoken_of(statements, index))


def _days(statements: Sequence[Statement]) -> list[list[Statement]]:
    """Years with the months and days right behind them."""
    made: list[list[Statement]] = []
    for item in statements:
        figure, last = item.figure, made[-1][-1].figure if made else None
        if figure.kind is Kind.YEAR and figure.unit == "年":
            made.append([item])
        elif (
            figure.kind is Kind.DATE and last is not None and (last.at, last.end) == (figure.at, figure.start)
        ):
            made[-1].append(item)
    return [day for day in made if len(day) > 1]


def _exists(day: Day) -> None:
    year, month, *rest = day.parts
    try:
        datetime.date(year, month, rest[0] if rest else 1)
    except ValueError:
        wrong = day.statements[1] if not 1 <= month <= 12 else day.statements[-1]
        wrong = wrong if 1 <= year <= 9999 else day.statements[0]
        wrong.disagrees("日期", "", wrong.figure.place.shown(), Inside.NO_DATE)


def _same_event(day: Day, elsewhere: list[Day], own: list[Day]) -> None:
    """Compare with dates of the same event: a date that differs in one part only, in like words."""
    for other in elsewhere:
        if not _differing(day, other) and day.around & other.around:
            for item in day.statements:
                if item.open:
                    item.agrees("日期", item.figure.shown, other.place)
    for other in (*elsewhere, *own):
        differ = _differing(day, other)
        if other is day or len(differ) != 1 or len(day.around & other.around) < 2:
            continue
        item = day.statements[differ[0]]
        sure = other in elsewhere or not other.statements[differ[0]].open
        if item.open and sure:
            value = "-".join(str(part) for part in other.parts)
            item.disagrees("日期", value, other.place, Inside.EVENT)


def _differing(day: Day, other: Day) -> list[int]:
    return [i for i, (a, b) in enumerate(zip(day.parts, other.parts, strict=False)) if a != b]


def _spans(statements: Sequence[Statement], known: KnownValues) -> None:
    """2020-2021: as in the names that the workbook holds."""
    spans = {
        (int(one.value), int(two.value)): source.place()
        for text, source in known.texts
        for one, two in pairwise(in_text(text))
        if _joined(one, two)
    }
    for one, two in pairwise(statements):
        if not _joined(one.figure, two.figure):
            continue
        said = (int(one.figure.value), int(two.figure.value))
        if said in spans:
            for item in (one, two):
                item.agrees("年度区间", f"{said[0]}-{said[1]}", spans[said])
            continue
        for (first, last), place in spans.items():
            if (said[0] == first) != (said[1] == last):
                wrong = two if said[0] == first else one
                wrong.disagrees("年度区间", f"{first}-{last}", place, "与评分簿中的名称不一致")


def _joined(one: Figure, two: Figure) -> bool:
    years = one.block is two.block and one.kind is two.kind is Kind.YEAR
    return years and one.text[one.end : two.start] == "-"


def _in_calendar(item: Statement) -> None:
    most = 12 if item.figure.unit == "月" else 31
    lasts = item.figure.right.startswith(("内", "以内"))  # 30日内
    if (not 1 <= item.figure.value <= most or item.figure.digits) and not lasts:
        item.disagrees("日期", "", item.figure.place.shown(), Inside.NO_DATE)


def _of_the_year(figure: Figure, unit: str) -> bool:
    """Whether a year has to be the year of the report: by the words behind it, or because a paragraph opens with it."""
    words = re.split(r"\d", figure.behind[:NEAR])[0]
    opens = (figure.start == 0 and words[:1] in ("，", ",")) or words.startswith(("底", "末"))
    named = bool(unit) and words.lstrip("，,度").startswith(unit[:2])  # 2022年，某县某局……
    return opens or named or (bool(words) and any(word in words for word in lexicon().yearly))


def _spoken_of(statements: Sequence[Statement], index: int) -> Iterator[Statement]:
    """The figures that a year is said of: those behind it in its sentence, up to the next year."""
    own = statements[index].figure
    for item in statements[index + 1 :]:
        other = item.figure
        if (other.at, other.sentence) != (own.at, own.sentence) or other.kind is Kind.YEAR:
            break
        if other.kind not in (Kind.DATE, Kind.ORDINAL, Kind.DOCUMENT):
            yield item


def _may_be_meant(figure: Figure, year: int, spoken_of: Sequence[Statement]) -> bool:
    """Whether a neighbour of the year of the report may well be meant: no figure of it is the workbook's."""
    if abs(int(figure.value) - year) > NEAR_YEARS:
        return False
    if spoken_of:
        return not any(item.outcome is Outcome.AGREES and item.figure.value for item in spoken_of)
    return figure.start > 0 and _ELSEWHEN.search(figure.sentence) is not None


def _year(item: Statement, year: int, unit: str, spoken_of: Iterator[Statement]) -> None:
    figure = item.figure
    said, meant = int(figure.value), list(spoken_of)
    around = figure.text[max(0, figure.start - 10) : figure.start] + figure.behind[:NEAR]
    if not YEARS[0] <= said <= YEARS[1] or len(figure.written) != 4:
        item.disagrees("年份", str(year or ""), "年度", Inside.NO_YEAR)
    elif not year:
        return
    elif said != year and meant and _may_be_meant(figure, year, meant):
        item.leaves("年度", YEAR)
    elif said == year and figure.unit == "年":
        item.agrees("年度", f"{year}年", "封面年度")
    elif figure.unit == "年" and _of_the_year(figure, unit):
        if _may_be_meant(figure, year, meant):
            item.leaves("年度", YEAR)
        else:
            item.disagrees("年度", f"{year}年", "封面年度", "与评分簿的年度不一致")
    elif not -BACK <= said - year <= AHEAD and not any(word in around for word in _AHEAD):
        item.disagrees("年份", f"{year}年", "封面年度", "与评分簿的年度相差过大")


_HEADED = ("一、", "(一)", "1.", "1、")


def lists(statements: Sequence[Statement]) -> None:
    """List numbers: each is one more than the last of its list, or begins a new one with 1."""
    chapters: dict[tuple[tuple[str, ...], bool], list[Statement]] = {}
    inner: dict[tuple[int, int], list[Statement]] = {}
    for item in statements:
        figure = item.figure
        if figure.kind is not Kind.ORDINAL or figure.column == CRITERIA:
            continue
        bracketed = figure.text[figure.start - 1 : figure.start] == "("
        if figure.start <= 1 and not figure.block.table:
            path = figure.block.path if bracketed else figure.block.path[:2]
            chapters.setdefault((path, bracketed), []).append(item)
        else:
            inner.setdefault(figure.at, []).append(item)
    for items in (*(part for own in chapters.values() for part in _split(own)), *inner.values()):
        for run in _runs(items):
            _count(run)


def _split(items: list[Statement]) -> list[list[Statement]]:
    """Numbered headings and numbered paragraphs of a chapter: lists of their own where more of them count right so."""
    made: dict[tuple[str, ...], list[Statement]] = {}
    for item in items:
        block = item.figure.block
        made.setdefault(() if block.level else block.path, []).append(item)
    apart = list(made.values())
    return apart if sum(map(_right, apart)) > _right(items) else [items]


def _right(items: list[Statement]) -> int:
    """How many numbers are their place in the list."""
    return sum(item.figure.value == number for run in _runs(items) for number, item in enumerate(run, 1))


def _runs(items: list[Statement]) -> Iterator[list[Statement]]:
    """Lists one behind the other: a 1 begins a new one, unless the next number goes on with the old one."""
    run: list[Statement] = []
    for index, item in enumerate(items):
        behind = items[index + 1].figure.value if index + 1 < len(items) else None
        if run and item.figure.value == 1 and behind not in (None, len(run) + 2):
            yield run
            run = []
        run.append(item)
    if run:
        yield run


def _count(items: list[Statement]) -> None:
    """A number that is not its place in the list is wrong, unless the numbers around it count on from another start.

    A lone number in a cell has to be 1.
    """
    wrong = [item for number, item in enumerate(items, 1) if item.figure.value != number]
    lone = len(items) == 1 and items[0].figure.start == 0 and items[0].figure.block.table > 0
    counting = any(
        two.figure.value == one.figure.value + 1
        for one, two in pairwise(items)
        if one in wrong and two in wrong
    )
    few = 2 * len(wrong) <= len(items)
    if wrong and not lone and not few and (counting or len(items) < 3):
        return
    for number, item in enumerate(items, 1):
        counted(item, number, "编号", "编号顺序")


def counted(item: Statement, number: int, subject: str, source: str) -> None:
    """A figure that has to be its place in a list."""
    item.holds(item.figure.value == number, subject, str(number), source, Inside.ORDER)


def contents(report: Report) -> Iterator[Finding]:
    """The contents list against the headings, its pages, and the chapters of the text."""
    headings = {block.cells[0] for block in report.blocks if block.level}
    parent = ""
    for entry in report.contents:
        mark = mark_at(entry.title, _HEADED)
        number = entry.title[: mark.end] if mark is not None else ""
        parent = entry.title if number.endswith("、") else parent
        if number and headings and entry.title not in headings:
            near = _under(report, parent, number) or "没有这个标题"
            yield make("J756", Source(report.name, f"目录第{entry.number}行"), title=entry.title, found=near)
    pages = [(entry, entry.page) for entry in report.contents if entry.page is not None]
    for (_, before), (after, page) in pairwise(pages):
        if page < before:
            place = Source(report.name, f"目录第{after.number}行")
            yield make("J757", place, title=after.title, page=page, before=before)
    yield from _chapters(report)


def _under(report: Report, parent: str, number: str) -> str:
    """The heading with the same number under the same chapter."""
    for block in report.blocks:
        own = bool(block.path) and (block.path[0] == parent or not number.startswith("("))
        if block.level and own and block.cells[0].startswith(number):
            return block.cells[0]
    return ""


def _chapters(report: Report) -> Iterator[Finding]:
    """Chapters of the text count 一、二、三 without a gap."""
    for before, after in pairwise(block for block in report.blocks if block.level == 1):
        one, two = (mark_at(block.cells[0], ("一、",)) for block in (before, after))
        if one is not None and two is not None and two.number != one.number + 1:
            place = Source(report.name, after.place().shown())
            yield make("J758", place, title=after.cells[0], before=before.cells[0])
