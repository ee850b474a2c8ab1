"""Contradictions inside a report where nothing tells which figure is the wrong one: one finding with all places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from jixiao.audit.statement import Statement
from jixiao.model import Finding, Source, make

TWO_VALUES = "同一内容在报告中有两个数，不能判定哪个有误"
NO_SUM = "各项之和与合计不符，不能判定哪个有误"
TAIL = "合计与各项之和只差尾数"


@dataclass(frozen=True, slots=True)
class Conflict:
    """Statements that cannot all be right; ``code`` and ``words`` make the finding."""

    code: str
    statements: tuple[Statement, ...]
    words: dict[str, str] = field(default_factory=dict)


def pair(one: Statement, two: Statement, subject: str) -> Conflict:
    """One content with two values: both are left open."""
    for item in (one, two):
        if item.open:
            item.leaves(subject, TWO_VALUES)
    return Conflict(
        "J766", (one, two), {"subject": subject, "one": one.figure.shown, "two": two.figure.shown}
    )


def no_sum(total: Statement, parts: Sequence[Statement], added: str) -> Conflict:
    """Parts that do not add up to their total: those that nothing else confirms are left open."""
    for item in (total, *parts):
        if item.open:
            item.leaves("合计", NO_SUM)
    words = {
        "total": total.figure.shown,
        "parts": "、".join(part.figure.shown for part in parts),
        "added": added,
    }
    return Conflict("J767", (total, *parts), words)


def tail(total: Statement, parts: Sequence[Statement], added: str, rest: str) -> Conflict:
    """A sum that differs from its total by less than one unit of the last digit written."""
    for item in (total, *parts):
        if item.open:
            item.leaves("合计", TAIL)
    return Conflict("J768", (total, *parts), {"total": total.figure.shown, "added": added, "rest": rest})


def findings_of(report: str, conflicts: Sequence[Conflict]) -> Iterator[Finding]:
    """One finding a conflict; the same figures are named once."""
    seen: set[frozenset[int]] = set()
    for conflict in conflicts:
        key = frozenset(id(item) for item in conflict.statements)
        if key not in seen:
            seen.add(key)
            places = [_place(report, item) for item in conflict.statements]
            yield make(conflict.code, *places, level=None, **conflict.words)


def _place(report: str, item: Statement) -> Source:
    figure = item.figure
    label = f"…{figure.left[-16:]}{figure.shown}{figure.right[:10]}…"
    return Source(report, figure.place.shown(), label=label)
