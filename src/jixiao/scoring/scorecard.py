"""Scorecard: what scoring leaves: per indicator rule points, awarded points, status and explanation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from jixiao.model import (
    DIGITS,
    FIRST_DAY,
    LAST_DAY,
    NOT_APPLICABLE,
    OUTCOMES,
    PENDING,
    Findings,
    Source,
    Value,
    plain,
)
from jixiao.rubric import Indicator, Part
from jixiao.scoring.entry import UNIT, YEAR
from jixiao.scoring.evaluate import Values
from jixiao.scoring.selfeval.result import TableScore, table_findings, table_scores
from jixiao.scoring.sums import keeps_full
from jixiao.scoring.system import System, build_system

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


def score(system: System, entries: Mapping[str, Value]) -> Scorecard:
    """Entries of one unit -> its scorecard, with findings about the entries and the awarded points."""
    values = Values(system, entries)
    made = values.all()
    findings = Findings()
    rows = [_scored(indicator, values) for indicator in system.rubric.indicators()]
    for key, why in values.crashed.items():
        findings.add("J401", Source("", cell=key), key=key, why=why)
    for indicator, row in zip(system.rubric.indicators(), rows, strict=True):
        _about(indicator, row, values, findings)
    _unfit(system, entries, findings)
    _undeclared(system, values, findings)
    _undefined(system, values, findings)
    table_findings(values, entries, findings)
    waiting = [row.title for row in rows if row.status == "pending"]
    if waiting:
        findings.add("J405", count=len(waiting), names="、".join(waiting))
    total, rule_total = values.points("合计.得分"), values.points("合计.规则分")
    return Scorecard(
        rubric=system.rubric.id,
        rubric_name=system.rubric.name,
        unit=str(entries.get(UNIT) or ""),
        year=_year(entries.get(YEAR)),
        total=total if total is not None else Decimal(0),
        rule_total=rule_total if rule_total is not None else Decimal(0),
        grade=str(made["合计.等级"]),
        indicators=rows,
        findings=findings,
        values=made,
        groups=[
            (
                first.title,
                values.points(f"一级[{i}].得分") or Decimal(0),
                values.points(f"一级[{i}].满分") or Decimal(0),
            )
            for i, first in enumerate(system.rubric.firsts, 1)
        ],
        tables=table_scores(values),
    )


def _year(value: Value) -> str:
    return str(int(value)) if isinstance(value, Decimal) else str(value or "")


def _part(part: Part, values: Values) -> ScoredPart:
    """A scoring point; its title is empty where it is the whole of its indicator."""
    return ScoredPart(
        part.title,
        values.points(f"{part.key}.满分") or Decimal(0),
        values.points(f"{part.key}.得分"),
        str(values.entries.get(f"{part.key}.判定") or ""),
        str(values.entries.get(f"{part.key}.理由") or ""),
    )


def _scored(indicator: Indicator, values: Values) -> Scored:
    key = indicator.key
    rule, points = values.points(f"{key}.规则分"), values.points(f"{key}.得分")
    outcome = values[f"{key}.规则分"]
    has_row = values.system.has_row(indicator)
    status = "scored" if points is not None else STATUS.get(str(outcome), "pending")
    if outcome == NOT_APPLICABLE:
        status = "not_applicable"
    return Scored(
        id=indicator.id,
        number=indicator.number,
        title=key,
        weight=indicator.weight,
        full=values.points(f"{key}.满分") or Decimal(0),
        rule_points=rule,
        points=points,
        status=status,
        explanation=str(values[f"{key}.说明"]),
        awarded=values.points(f"{key}.核定分") is not None and bool(values[f"{key}.核定理由"]),
        reason=str(values[f"{key}.核定理由"] or ""),
        parts=tuple(_part(part, values) for part in indicator.rule.leaves()) if has_row else (),
    )


def _about(indicator: Indicator, row: Scored, values: Values, findings: Findings) -> None:
    place = Source("", "评分表", label=row.title)
    given = values.points(f"{indicator.key}.核定分")
    if given is not None and not row.awarded:
        findings.add("J402", place, title=row.title, points=shown(given))
    if row.awarded and row.rule_points is not None and row.points != row.rule_points:
        findings.add("J403", place, title=row.title, awarded=shown(row.points), rule=shown(row.rule_points))
    over = row.points is not None and (row.points > row.full or row.points < 0)
    if over and not indicator.number.startswith("+") and row.status != "not_applicable":
        findings.add("J404", place, title=row.title, points=shown(row.points), full=shown(row.full))


def _unfit(system: System, entries: Mapping[str, Value], findings: Findings) -> None:
    for key, entry in system.entries.items():
        value = entries.get(key)
        if value is None or value == "":
            continue
        if entry.choices and value not in entry.choices:
            findings.add("J406", Source("", label=key), value=value, choices="、".join(entry.choices))
        elif entry.kind not in ("number", "rate", "date") or value in OUTCOMES:
            continue
        elif not isinstance(value, Decimal):
            findings.add("J407", Source("", label=key), key=key, value=value)
        elif entry.kind == "date" and (value != int(value) or not FIRST_DAY <= value < LAST_DAY):
            findings.add("J408", Source("", label=key), key=key, value=plain(value))
        elif len(value.normalize().as_tuple().digits) > DIGITS:
            findings.add("J409", Source("", label=key), key=key, value=plain(value))


def _undeclared(system: System, values: Values, findings: Findings) -> None:
    """A part that does not apply although the rubric says nothing about its points."""
    declared = {move.source for move in system.rubric.moves}
    for indicator in system.rubric.indicators():
        for part in indicator.rule.leaves():
            key = f"{part.key}.得分" if system.has_row(indicator) else f"{part.key}.规则分"
            if part.key not in declared and values[key] == NOT_APPLICABLE and not keeps_full(indicator.rule):
                title = part.title or indicator.key
                findings.add(
                    "J410", Source("", "评分表", label=indicator.key), title=title, full=shown(part.full)
                )


def _undefined(system: System, values: Values, findings: Findings) -> None:
    """A rate that has no value although all its figures are there: the denominator is zero, something is not."""
    for quantity in system.rubric.quantities.values():
        figures = {key: values[key] for key in quantity.reads}
        numbers = [value for value in figures.values() if isinstance(value, Decimal)]
        if values[quantity.name] in OUTCOMES and len(numbers) == len(figures) and any(numbers):
            shown_figures = "、".join(
                f"{key}为{shown(value)}" for key, value in figures.items() if isinstance(value, Decimal)
            )
            findings.add(
                "J411",
                Source("", "取数", label=quantity.name),
                subjects=[key for key, value in figures.items() if isinstance(value, Decimal)],
                name=quantity.name,
                figures=shown_figures,
            )


__all__ = ["Scorecard", "Scored", "build_system", "json_number", "score"]
