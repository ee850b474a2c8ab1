"""Evaluation: the entries of one unit through the net of its rubric -> its scorecard, with what was noticed on the way."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from jixiao.model import NOT_APPLICABLE, PENDING, Value
from jixiao.rubric import FIGURES, MAIN, Indicator, Part, keys
from jixiao.rubric.keys import ALL, UNIT, YEAR, Keys
from jixiao.scoring.findings import noticed
from jixiao.scoring.net import NO_REASON, Net, Values
from jixiao.scoring.scorecard import Scorecard, Scored, ScoredPart, TableScore

STATUS = {NOT_APPLICABLE: "not_applicable", PENDING: "pending"}


def score(net: Net, entries: Mapping[str, Value]) -> Scorecard:
    """Entries of one unit -> its scorecard, with findings about the entries and the awarded points."""
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
        awarded=values.points(own.awarded) is not None and values[own.status] != NO_REASON,
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
