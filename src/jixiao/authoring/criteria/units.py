"""In what the clauses of one quantity measure it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from jixiao.authoring.criteria.bandsort import COUNTED
from jixiao.authoring.criteria.phrases import Clause, Given
from jixiao.authoring.criteria.worded import points_of
from jixiao.authoring.criteria.work import Work


def whole_rate(work: Work, clauses: Sequence[Clause]) -> Sequence[Clause]:
    """100%得满分，每有1件未办结扣…: where single things are counted, the full rate says that there is none of them."""
    counts = {c.every.each.unit for c in clauses if c.every is not None}
    full = [c for c in clauses if c.ranges and isinstance(c.action, Given) and c.every is None]
    if (
        len(full) != 1
        or not counts
        or not counts <= set(COUNTED)
        or [r.unit for r in full[0].ranges] != ["%"]
    ):
        return clauses
    if full[0].ranges[0].low != 1 or _award(full[0], work.full) != work.full:
        return clauses
    full[0].words, full[0].ranges = [full[0].text], []
    return clauses


def _award(clause: Clause, full: Decimal) -> Decimal | None:
    return points_of(clause.action, full) if isinstance(clause.action, Given) else None


def unit_of(work: Work, clauses: Sequence[Clause]) -> str:
    """The unit of the figures; a question where they have several."""
    found = [r.unit for c in clauses for r in c.ranges if not (c.every and r.step)]
    found += [c.every.each.unit for c in clauses if c.every]
    named = {unit for unit in found if unit}
    if len(named) > 1:
        work.built.ask(f"文中用了不同的单位（{'、'.join(sorted(named))}），不能确定按哪个计量")
    if "" in found and "%" in named:
        loose = [r for c in clauses for r in c.ranges if not r.unit]
        if any(abs(v) > 2 for r in loose for v in (r.low, r.high) if v is not None):
            work.built.ask("有的数带“%”，有的不带，不能确定是否都是百分数")
    return next(iter(sorted(named)), "")
