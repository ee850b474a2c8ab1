"""The text against the annex: one quantity, stated in both, with two values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from jixiao.audit.binding import Binding
from jixiao.audit.claims import PROBLEMS
from jixiao.audit.document import Report
from jixiao.audit.statement import Outcome, Statement, in_unit
from jixiao.model import Finding, Source, make


def text_against_table(
    report: Report, statements: Sequence[Statement], bound: Mapping[int, Binding]
) -> list[Finding]:
    """Quantities that the text and a table state differently; what the report itself lists as a problem is left out."""
    by_subject: dict[tuple[str, bool], list[Statement]] = defaultdict(list)
    for item in statements:
        binding = bound.get(id(item))
        listed = (
            any(PROBLEMS in heading for heading in item.figure.block.path) and not item.figure.block.table
        )
        if listed or binding is None or not binding.names:
            continue
        if item.outcome is Outcome.DISAGREES and not binding.undefined:
            continue
        if item.open or item.scope:
            continue
        by_subject[binding.subject, bool(item.figure.block.table)].append(item)
    found = []
    for (subject, in_table), items in by_subject.items():
        others = by_subject.get((subject, True), []) if not in_table else []
        pair = next(((one, two) for one in items for two in others if _differ(one, two)), None)
        if pair is not None:
            found.append(_finding(report.name, subject, *pair))
    return found


def _differ(one: Statement, two: Statement) -> bool:
    a, b = one.figure, two.figure
    said = in_unit(b.value, b.unit or a.unit, a.unit)
    digits = min(a.digits, b.digits)
    return round(a.value, digits) != round(said, digits) if digits else a.value != said


def _finding(report: str, subject: str, one: Statement, two: Statement) -> Finding:
    places = [
        Source(report, item.figure.place.shown(), label=item.figure.sentence[-40:]) for item in (one, two)
    ]
    return make("J755", *places, subject=subject, text=one.figure.shown, table=two.figure.shown)
