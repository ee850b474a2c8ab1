"""Clauses whose figure is no measure of the rule, or whose count is a step: recast before the rule is read.

期限 (20日内公开得3分，每逾期1天扣1分) is a condition kept or not, the days late are what is measured; 100%一致 beside counted
faults means that there is none; 符合1项得1分 is a step where it is worth a part of the full points.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from jixiao.authoring.criteria.bandsort import COUNTED
from jixiao.authoring.criteria.phrases import Amount, Clause, Every, Given

DAYS = ("天", "日", "个工作日", "月", "个月", "小时", "周")
_LATE = re.compile(r"逾期|延迟|延期|延误|推迟|拖延|迟|晚|超期|超时")
MET = re.compile(
    r"(?:符合|满足|具备|达到|达标|做到|完成|落实|公开|建立|开展)(?:其中|要求|条件|标准|的|任[意1])*$"
)

_ALL_MET = re.compile(
    r"(?:条件|要点|要求|指标|内容|标准)*(?:均|都|全部|全|同时)+(?:符合|具备|满足|达到|达标|完成|做到|落实|齐全)(?:要求|条件|标准)*"
)
_DONE = re.compile(
    r"(?:下达|拨付|完成|办结|报送|公开|支付|提交|到位|批复|完工|验收|上报|上缴|答复)(?:到位|完毕)?"
)


def recast(clauses: Sequence[Clause], full: Decimal) -> None:
    """Rewrite such clauses in place."""
    _deadlines(clauses)
    _whole_rates(clauses)
    _met_ones(clauses, full)
    _all_met(clauses)


def _all_met(clauses: Sequence[Clause]) -> None:
    """3个条件均具备得3分，具备2个得2分: told in one series, the first is a count like the others."""
    if any(c.every is not None for c in clauses):
        return
    series = [c for c in clauses if len(c.ranges) == 1 and c.ranges[0].bare and c.ranges[0].unit in COUNTED]
    plain = [c for c in series if not c.after and c.words and MET.search(c.words[-1])]
    for clause in series:
        alike = any(c.ranges[0].unit == clause.ranges[0].unit for c in plain)
        if alike and len(clause.after) == 1 and _ALL_MET.fullmatch(clause.after[0]):
            clause.words, clause.after = [], []


def _deadlines(clauses: Sequence[Clause]) -> None:
    late = [
        c for c in clauses if c.every is not None and c.every.each.unit in DAYS and _LATE.search(_told(c))
    ]
    days = {r.unit for c in clauses for r in c.ranges if r.unit in DAYS and not c.after}
    for clause in clauses if days and not late else ():
        if len(clause.after) == 1 and _DONE.fullmatch(clause.after[0]) and clause.ranges[0].unit in days:
            clause.after = []  # 30日内下达得6分，超过30日的…: the days alone decide
    for clause in clauses if late else ():
        kept = [r.low is None and r.unit in DAYS for r in clause.ranges]
        if clause.every is None and kept == [True] and clause.after and isinstance(clause.action, Given):
            clause.words, clause.after, clause.ranges = [clause.text], [], []


def _told(clause: Clause) -> str:
    return f"{clause.text}{clause.every.words if clause.every is not None else ''}"


def _whole_rates(clauses: Sequence[Clause]) -> None:
    counts = {c.every.each.unit for c in clauses if c.every is not None}
    if not counts or not counts <= set(COUNTED):
        return
    rates = [c for c in clauses if c.every is None and any(r.unit == "%" for r in c.ranges)]
    if len(rates) == 1 and rates[0].after and [r.point for r in rates[0].ranges] == [Decimal(1)]:
        rates[0].words, rates[0].after, rates[0].ranges = [rates[0].text], [], []


def _met_ones(clauses: Sequence[Clause], full: Decimal) -> None:
    acting = [c for c in clauses if c.action is not None and c.every is None]
    counted = [c for c in acting if any(r.bare and r.unit in COUNTED for r in c.ranges)]
    if len(counted) != 1 or any(c.every is not None for c in clauses):
        return
    clause, (found, *more) = counted[0], counted[0].ranges
    points = clause.action.points if isinstance(clause.action, Given) else None
    others = [c for c in acting if c is not clause and not _none_or_all(c, full)]
    said = bool(clause.words) and bool(MET.search(clause.words[-1]))
    if more or others or not said or clause.after or found.point != 1 or not points:
        return
    if points < full and full % points == 0 and not any(_all(c, full) for c in acting):
        each = Amount(Decimal(1), found.unit)
        clause.every = Every(found.start, found.end, 0, each, None, words=clause.words[-1])
        clause.ranges = []


def _none_or_all(clause: Clause, full: Decimal) -> bool:
    return (isinstance(clause.action, Given) and clause.action.points == 0) or _all(clause, full)


def _all(clause: Clause, full: Decimal) -> bool:
    action = clause.action
    return isinstance(action, Given) and (action.share == 1 or action.points == full)


__all__ = ["DAYS", "MET", "recast"]
