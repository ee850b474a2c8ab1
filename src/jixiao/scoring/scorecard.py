"""Scorecard: what scoring leaves: per indicator rule points, awarded points, status and explanation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from jixiao.model import NOT_APPLICABLE, PENDING, Findings, Value, plain
from jixiao.rubric import FIGURES, MAIN, Indicator, Part, keys
from jixiao.rubric.keys import ALL, UNIT, YEAR, Keys
from jixiao.scoring.entries import Award
from jixiao.scoring.net import Net, Values

STATUS = {NOT_APPLICABLE: "not_applicable", PENDING: "pending"}


@dataclass(frozen=True, slots=True)
class ScoredPart:
    """One scoring point of an indicator; ``verdict`` and ``reason`` are a person's, empty where a figure decides."""

    title: str
    full: Decimal
    points: Decimal | None
    verdict: str
    reason: str


@dataclass(frozen=True, slots=True)
class Scored:
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


@dataclass(frozen=True, slots=True)
class TableScore:
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


@dataclass(slots=True)
class Scorecard:
    """The scored table of one unit and year."""

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
            "findings": [finding.data() for finding in self.findings],
        } | ({"tables": [table.data() for table in self.tables]} if self.tables else {})

    def __repr__(self) -> str:
        head = " ".join(text for text in (self.unit, self.year) if text)
        totals = f"{shown(self.total)} (rule {shown(self.rule_total)}) {self.grade}"
        return f"<Scorecard {head}: {totals}, {len(self.indicators)} indicators, {self.rubric}>"

    def to_frame(self) -> Any:
        """A pandas table, one row an indicator."""
        import pandas as pd  # only where a table is asked for

        return pd.DataFrame([item.data() for item in self.indicators])

    def __getitem__(self, title: str) -> Scored:
        for item in self.indicators:
            if title in (item.title, item.id, item.number):
                return item
        raise KeyError(title)


def score(net: Net, entries: Mapping[str, Value]) -> Scorecard:
    """Entries of one unit -> its scorecard, with findings about the entries and the awarded points."""
    from jixiao.scoring.findings import noticed  # stands above: it reads the scorecard's rows

    values = Values(net, entries)
    made = values.all()
    rows = [_scored(indicator, values) for indicator in net.rubric.indicators()]
    tables = _table_scores(values)
    total, rule_total = values.points(ALL.points), values.points(ALL.rule_points)
    year = entries.get(YEAR)
    return Scorecard(
        rubric=net.rubric.id,
        rubric_name=net.rubric.name,
        unit=str(entries.get(UNIT) or ""),
        year=str(int(year)) if isinstance(year, Decimal) else str(year or ""),
        total=total if total is not None else Decimal(0),
        rule_total=rule_total if rule_total is not None else Decimal(0),
        grade=str(made[ALL.grade]),
        indicators=rows,
        findings=noticed(values, rows, tables),
        values=made,
        groups=[
            (first.title, values.points(own.points) or Decimal(0), values.points(own.full) or Decimal(0))
            for i, first in enumerate(net.rubric.firsts, 1)
            for own in [keys.first(i)]
        ],
        tables=tables,
    )


def _part(part: Part, values: Values) -> ScoredPart:
    """A scoring point; its title is empty where it is the whole of its indicator."""
    own = Keys(part.key)
    return ScoredPart(
        part.title,
        values.points(own.full) or Decimal(0),
        values.points(own.points),
        str(values.entries.get(own.verdict) or ""),
        str(values.entries.get(own.why) or ""),
    )


def _scored(indicator: Indicator, values: Values) -> Scored:
    own = Keys(indicator.key)
    rule, points = values.points(own.rule_points), values.points(own.points)
    outcome, has_row = values[own.rule_points], values.net.has_row(indicator)
    status = "scored" if points is not None else STATUS.get(str(outcome), "pending")
    if outcome == NOT_APPLICABLE:
        status = "not_applicable"
    return Scored(
        id=indicator.id,
        number=indicator.number,
        title=indicator.key,
        weight=indicator.weight,
        full=values.points(own.full) or Decimal(0),
        rule_points=rule,
        points=points,
        status=status,
        explanation=str(values[own.explanation]),
        awarded=values.holds(Award.of(own).counts),
        reason=str(values[own.reason] or ""),
        parts=tuple(_part(part, values) for part in indicator.rule.leaves()) if has_row else (),
    )


def _table_scores(values: Values) -> list[TableScore]:
    """The forms that have a name, and the unit's own, in the order of the workbook."""
    made = []
    for name, form in values.net.rubric.self_tables.tables():
        own = Keys(name)
        title = str(values[own.name] or "")
        if not title and name != MAIN:
            continue
        figures = tuple(values.points(own.cell(figure)) for figure in FIGURES)
        total, rate = values.points(own.total), values.points(own.executed)
        made.append(TableScore(name, form.title, title, total, str(values[own.grade]), figures, rate))
    return made
