"""整改: what a unit lost or was told in the year before, held against this year, point by point and finding by finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from jixiao.batch.store import Query


class Outcome(StrEnum):
    """What became of it; the text is what the summary shows."""

    MENDED = "已整改"
    BETTER = "有改进"
    STILL = "仍存在"
    WORSE = "加重"
    PENDING = "待核定"
    GONE = "本年不考核"


LOST, FOUND = "失分指标", "提示事项"


class Mended(NamedTuple):
    """One matter of the year before: an indicator with the points lost then and now, or a finding with its count.

    ``path`` is the workbook of this year. ``now`` is None where it is not decided or no longer asked.
    """

    path: str
    kind: str
    what: str
    before: Decimal
    now: Decimal | None
    outcome: Outcome


def _compared(before: Decimal, now: Decimal) -> Outcome:
    if now <= 0:
        return Outcome.MENDED
    return Outcome.STILL if now == before else Outcome.WORSE if now > before else Outcome.BETTER


def mended(query: Query, years: Mapping[str, str]) -> list[Mended]:
    """Every matter of the year before, by unit; ``years``: the workbook of this year -> that of the year before."""
    pairs = (list(years), list(years.values()))
    made = [*_points(query, pairs), *_findings(query, pairs)] if years else []
    return sorted(
        made, key=lambda one: one.path
    )  # of a unit the indicators first, as they stand in the table


_POINTS = """
WITH pair AS (SELECT unnest(?) AS path, unnest(?) AS was)
SELECT pair.path, p.title, p."full" - p.points, p."full", n.points, n."full"
FROM pair JOIN points p ON p.path = pair.was AND p.points < p."full" AND p."full" > 0
LEFT JOIN points n ON n.path = pair.path AND n.title = p.title AND n.status <> 'not_applicable'
ORDER BY pair.path, p.number
"""
_FOUND = """
WITH pair AS (SELECT unnest(?) AS path, unnest(?) AS was),
counted AS (
    SELECT path, code, subject, min(message) AS message, sum(coalesce(count, 1)) AS times
    FROM findings WHERE level <> 'note' AND subject IS NOT NULL GROUP BY path, code, subject
)
SELECT pair.path, b.message, b.times, coalesce(n.times, 0) FROM pair JOIN counted b ON b.path = pair.was
LEFT JOIN counted n ON n.path = pair.path AND n.code = b.code AND n.subject = b.subject
ORDER BY pair.path, b.code, b.subject
"""


def _points(query: Query, pairs: Sequence[Any]) -> Iterator[Mended]:
    """Shares of the full points are compared: weights differ from year to year."""
    for path, title, lost, of, points, full in query.rows(_POINTS, *pairs):
        if not full:
            yield Mended(path, LOST, title, lost, None, Outcome.GONE)
        elif points is None:
            yield Mended(path, LOST, title, lost, None, Outcome.PENDING)
        else:
            yield Mended(path, LOST, title, lost, full - points, _compared(lost / of, (full - points) / full))


def _findings(query: Query, pairs: Sequence[Any]) -> Iterator[Mended]:
    """The same finding of the same subject; how often, or what it counts itself. Stores of before name no subjects."""
    for path, message, before, now in query.rows(_FOUND, *pairs):
        then, this = Decimal(before), Decimal(now)
        yield Mended(path, FOUND, message, then, this, _compared(then, this))


def told(made: Iterable[Mended]) -> str:
    """How many of the matters are mended, better, still there, worse: ``12项，已整改7项，仍存在5项``."""
    found = [one.outcome for one in made]
    counts = [f"{outcome.value}{n}项" for outcome in Outcome if (n := found.count(outcome))]
    return "，".join([f"{len(found)}项", *counts])
