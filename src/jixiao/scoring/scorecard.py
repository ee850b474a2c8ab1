"""Scorecard: what scoring leaves: per indicator rule points, awarded points, status and explanation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from jixiao.model import PENDING, Findings, Source, Value, framed, half_up, plain
from jixiao.rubric import FIGURES, Rubric

ZERO = Decimal(0)

if TYPE_CHECKING:
    from jixiao.scoring.gains import Gain


class ScoredPart(NamedTuple):
    """One scoring point of an indicator; ``verdict`` and ``reason`` are a person's, empty where a figure decides."""

    title: str
    full: Decimal
    points: Decimal | None
    verdict: str
    reason: str


class Scored(NamedTuple):
    """One indicator. ``rule_points`` is None where the rule does not decide; ``points`` what counts.

    ``parts`` are its scoring points where they stand as rows of their own in 要点核定.
    """

    id: str
    number: str
    title: str
    weight: Decimal
    full: Decimal
    rule_points: Decimal | None
    points: Decimal | None
    status: str
    explanation: str
    awarded: bool
    reason: str
    parts: tuple[ScoredPart, ...] = ()

    def data(self) -> dict[str, Any]:
        """The shape of ``score --json``; points are JSON numbers."""
        return {
            "id": self.id,
            "number": self.number,
            "title": self.title,
            "full": json_number(self.full),
            "rule_points": json_number(self.rule_points),
            "points": json_number(self.points),
            "status": self.status,
            "explanation": self.explanation,
            "weight": json_number(self.weight),
            "awarded": self.awarded,
        }


def json_number(value: Decimal | None) -> int | float | None:
    """A decimal as the shortest JSON number; None stays None."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def shown(value: Decimal | None) -> str:
    """Points as people write them."""
    return "" if value is None else plain(value)


class TableScore(NamedTuple):
    """One form that is in use. ``points`` is None and ``grade`` 待核定 while something is open; amounts in 万元."""

    table: str
    title: str
    name: str
    points: Decimal | None
    grade: str
    figures: tuple[Decimal | None, ...]
    rate: Decimal | None

    def data(self) -> dict[str, Any]:
        """As plain data; figures by their official names."""
        shown = [float(value) if value is not None else None for value in (*self.figures, self.rate)]
        figures = dict(zip((*FIGURES, "执行率"), shown, strict=True))
        points = float(self.points) if self.points is not None else None
        return {
            "table": self.table, "title": self.title, "name": self.name, "points": points, "grade": self.grade,
        } | figures  # fmt: skip


class How(StrEnum):
    """How a number was changed since a source gave it; the text is what the 改动 sheet shows."""

    TABLE = "改了导入的表"
    LOOK = "改了显示格式"
    GONE = "删了或换了导入的表"
    TYPED = "链接处改为直接填写"
    LINK = "改了链接"
    FORMULA = "改为自编公式"
    OTHER = "改了填写的数"
    HAND = "人工填写，没有来源"


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that is not, or no longer, what a source or a facts file gave.

    ``source`` is its cell in the workbook, under its name; ``old`` what was given (None: nothing was), ``new`` what
    stands there, in ``unit``. ``origin`` is the place that gave it, ``points`` what the change does to the total,
    ``moved`` the indicators whose points or rule points it moves, ``reason`` what a person wrote about it. ``given``
    are the entries as they would be without it.
    """

    how: How
    source: Source
    old: Value
    new: Value
    unit: str = ""
    origin: str = ""
    note: str = ""
    points: Decimal = Decimal(0)
    moved: tuple[str, ...] = ()
    reason: str = ""
    given: Mapping[str, Value] = field(default_factory=dict, compare=False, repr=False)

    @property
    def place(self) -> str:
        """``取数!C12``, by which a reason typed for it is found again."""
        return f"{self.source.sheet}!{self.source.cell}" if self.source.cell else self.source.sheet

    def data(self) -> dict[str, Any]:
        """As plain data; figures are JSON numbers in ``unit``, ``points`` those of the total."""
        old, new = (
            json_number(value) if isinstance(value, Decimal) else value for value in (self.old, self.new)
        )
        return {
            "place": self.place, "name": self.source.label, "how": self.how.value, "note": self.note, "old": old,
            "new": new, "unit": self.unit, "points": json_number(self.points), "moved": list(self.moved),
            "origin": self.origin, "reason": self.reason,
        }  # fmt: skip


@dataclass(slots=True)
class Scorecard:
    """The scored table of one unit and year.

    ``changes`` are the figures that were changed by hand, ``without_changes`` the total as it would be without them.
    ``reckon_gains`` says what would win points back; many who score do not ask.
    """

    rubric: str
    rubric_name: str
    unit: str
    year: str
    total: Decimal
    rule_total: Decimal
    grade: str
    indicators: list[Scored]
    findings: Findings
    values: dict[str, Value] = field(default_factory=dict, repr=False)
    groups: list[tuple[str, Decimal, Decimal]] = field(default_factory=list)
    tables: list[TableScore] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    without_changes: Decimal | None = None
    reckon_gains: Callable[[], Sequence[Gain]] = field(default=tuple, repr=False, compare=False)

    @property
    def gains(self) -> Sequence[Gain]:
        """What would win points back, in the order of the table."""
        return self.reckon_gains()

    def data(self) -> dict[str, Any]:
        """One object for ``score --json``."""
        return {
            "rubric": self.rubric,
            "unit": self.unit,
            "year": int(self.year) if self.year.isdigit() else self.year,
            "total": json_number(self.total),
            "rule_total": json_number(self.rule_total),
            "grade": self.grade,
            "indicators": [item.data() for item in self.indicators],
            "changes": [change.data() for change in self.changes],
            "total_without_changes": json_number(self.without_changes),
            "gains": [gain.data() for gain in self.gains],
            "findings": [finding.data() for finding in self.findings],
        } | ({"tables": [table.data() for table in self.tables]} if self.tables else {})

    def __repr__(self) -> str:
        head = " ".join(text for text in (self.unit, self.year) if text)
        totals = f"{shown(self.total)} (rule {shown(self.rule_total)}) {self.grade}"
        return f"<Scorecard {head}: {totals}, {len(self.indicators)} indicators, {self.rubric}>"

    def to_frame(self) -> Any:
        """A pandas table, one row an indicator. UsageStop where pandas is not installed."""
        return framed([item.data() for item in self.indicators])

    def __getitem__(self, title: str) -> Scored:
        for item in self.indicators:
            if title in (item.title, item.id, item.number):
                return item
        raise KeyError(title)


def as_own(card: Scorecard, rubric: Rubric, own: Mapping[str, Decimal]) -> Scorecard:
    """The scorecard with the points that the unit gives itself, by title; an indicator without them is open.

    What a rule says of points stays where the unit gave the same; words of a reviewer are none of the unit's.
    """
    rows = [_own_row(row, own.get(row.title)) for row in card.indicators]
    points = {row.title: row.points or ZERO for row in rows}
    groups = [
        (title, sum((points[item.key] for second in first.seconds for item in second.indicators), ZERO), full)
        for first, (title, _, full) in zip(rubric.firsts, card.groups, strict=True)
    ]
    total = min(half_up(sum(points.values(), ZERO), 2), rubric.cap)
    grade = next((title for interval, title in rubric.grades if interval.has(total)), "")
    if any(row.status == "pending" for row in rows):
        grade = PENDING
    return replace(card, indicators=rows, groups=groups, total=total, grade=grade)


def _own_row(row: Scored, own: Decimal | None) -> Scored:
    if row.status == "not_applicable":
        return row
    if row.number.startswith("+"):
        own = own if own is not None else ZERO
    if own is not None and own == row.points and not row.awarded:
        return row._replace(points=own)
    status = "pending" if own is None else "scored"
    return row._replace(points=own, status=status, explanation="", awarded=False, reason="", parts=())
