"""What a definition becomes: Rubric > First > Second > Indicator with its rule, and what stands beside them.

The lists at the top are the only ones of their kind: other rooms name funds, transfers and grades from here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from jixiao.model import (
    NOT_APPLICABLE,
    Call,
    Concept,
    Const,
    Expr,
    Findings,
    If,
    Interval,
    Is,
    IsNumber,
    Logic,
    Pieces,
    Ref,
    Reference,
)
from jixiao.rubric.kinds import Part, Quantity
from jixiao.rubric.rowtable import RowTable
from jixiao.rubric.selftable import SelfTables

BUDGETS = ("一般公共预算", "政府性基金预算", "社会保险基金预算", "国有资本经营预算")
"""The four budgets of the Budget Law, by which a project's money is told apart."""
FUNDS = (*BUDGETS, "其他资金")
SHORT_FUNDS = {"社会保险基金预算": "社保基金预算"}
"""Funds that reports call by a shorter name."""
TRANSFER_LEVELS = ("中央转移支付", "省级转移支付", "市级转移支付")
GRADES = ("优", "良", "中", "差")
REPORTS = ("核查", "自评")


class FactNeed(NamedTuple):
    """A fact of this rubric: its concept, and the kinds of document it may come from, best first.

    ``optional``: where it is blank another fact is meant, so nobody is asked for it.
    """

    concept: Concept
    documents: tuple[str, ...] = ()
    note: str = ""
    optional: bool = False


class Indicator(NamedTuple):
    """A 三级指标 with its rule. ``key`` is its title, unique in the rubric."""

    id: str
    number: str
    key: str
    weight: Decimal
    description: str
    criteria: str
    reference: Reference
    rule: Part


class Second(NamedTuple):
    """A 二级指标."""

    title: str
    weight: Decimal
    indicators: tuple[Indicator, ...]


class First(NamedTuple):
    """A 一级指标."""

    title: str
    weight: Decimal
    seconds: tuple[Second, ...]


class Move(NamedTuple):
    """Points of a part that does not apply go to other parts, equally.

    ``scale``: the parts' full points grow and what they earn grows in proportion; ``add``: the moved points are
    earned in full on top.
    """

    source: str
    targets: tuple[str, ...]
    reason: str
    mode: str = "scale"


class TotalCap(NamedTuple):
    """A cap of the total that hangs on a figure: the most that the total may be in each band, the whole line covered."""

    x: str
    unit: str
    bands: tuple[tuple[Interval, Const], ...]

    def applied(self, total: Expr, otherwise: Decimal) -> Expr:
        """The total under this cap; while the figure is missing or 不适用, under ``otherwise``."""
        most = If(IsNumber(self.x), Pieces(Ref(self.x), self.bands), Const(otherwise))
        return Call("MIN", most, total)

    def undecided(self) -> Expr:
        """The condition that the figure is still missing, so that total and grade may change."""
        return Logic("AND", Logic("NOT", IsNumber(self.x)), Logic("NOT", Is(self.x, NOT_APPLICABLE)))


WRITTEN = "文字."
"""Begins the key of a text's entry in the net."""


class TextNeed(NamedTuple):
    """A text that only a person can write for a report; ``reports`` are the kinds of report that print it.

    A report is not issued without it, unless it is ``optional``.
    """

    key: str
    title: str
    hint: str
    reports: tuple[str, ...]
    example: str = ""
    optional: bool = False

    @property
    def guide(self) -> str:
        """What the sheet says beside its cell."""
        example = f"\n例：{self.example}" if self.example else ""
        return f"{'选填。' if self.optional else ''}{self.hint}{example}"

    @property
    def entry(self) -> str:
        """Key of its entry in the net."""
        return f"{WRITTEN}{self.key}"


class Decision(NamedTuple):
    """A defect of the official text, what it says, how it is read here and why."""

    about: str
    says: str
    decided: str
    reason: str
    who: str = ""
    when: str = ""


ASKS = {
    "rule": "计分规则", "value": "一段的得分", "zero": "分母为0", "unit": "单位或名称", "same": "是哪个数", "note": "表下的说明",
    "grades": "等级", "year": "年度", "place": "地区", "total": "总分", "move": "分值去向",
}  # fmt: skip
"""What a question of an imported table may be about, and what a person sees of it."""


class Question(NamedTuple):
    """What the import of an official table could not decide: an item's title or a name (``about``), the words quoted, and why.

    ``asks``: which sort of question (``ASKS``); ``point``: number of the indicator's point, 0 for its
    only rule; ``at``: the stretch of the figure that is open.
    """

    id: int
    asks: str
    about: str
    says: str
    why: str
    point: int = 0
    at: str = ""


@dataclass(slots=True)
class Rubric:
    """One place's table for one year, ready to be scored, laid out and explained.

    ``standing``: a frame that holds until it is replaced; ``year`` is then that of the document, not of the
    evaluation. ``annex`` is what stands in the corner of the official table (附件1).
    """

    id: str
    title: str
    name: str
    jurisdiction: str
    year: int
    reference: Reference
    facts: dict[str, FactNeed]
    quantities: dict[str, Quantity]
    tables: dict[str, RowTable]
    firsts: tuple[First, ...]
    extras: tuple[Indicator, ...]
    extra_title: str
    moves: tuple[Move, ...]
    grades: tuple[tuple[Interval, str], ...]
    grade_reference: Reference
    cap: Decimal
    caps: tuple[TotalCap, ...]
    decisions: tuple[Decision, ...]
    footnote: str
    texts: tuple[TextNeed, ...]
    data: dict[str, Any]
    self_tables: SelfTables = field(default_factory=SelfTables)
    annex: str = ""
    standing: bool = False
    questions: tuple[Question, ...] = ()

    def indicators(self) -> Iterator[Indicator]:
        """All 三级指标 in the official order, then the bonus items."""
        for first in self.firsts:
            for second in first.seconds:
                yield from second.indicators
        yield from self.extras

    def events(self) -> frozenset[str]:
        """The facts that its rules count up from nothing (审计问题, 表彰 …), of which a person may confirm that none happened."""
        return frozenset(
            name for one in self.indicators() for part in one.rule.leaves() for name in part.events
        )


def own_year(rubric: Rubric) -> str | None:
    """The year that an empty workbook shows: the table's own, nothing for a standing frame."""
    return None if rubric.standing else str(rubric.year)


_PLACE = re.compile(r"[\u4e00-\u9fff]{1,7}?(?:自治[区州县旗]|[省市县区旗])")


def speaks_against(rubric: Rubric, said: str, unit: str, year: str) -> Findings:
    """What speaks against a rubric for a unit and year; ``said`` is what a person calls it."""
    found = Findings()
    if rubric.questions:
        found.add("J377", rubric=said, count=len(rubric.questions))
    if year and own_year(rubric) not in (None, year):
        found.add("J378", rubric=rubric.name, own=rubric.year, year=year)
    places, local = _PLACE.findall(unit), _PLACE.search(rubric.jurisdiction)
    if places and local and not any(place[:2] in rubric.jurisdiction for place in places):
        found.add("J379", rubric=rubric.name, place=rubric.jurisdiction, unit=unit)
    return found
