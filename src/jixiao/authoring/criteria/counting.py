"""Several things that are counted and each cost their own points: 每缺少一份材料扣0.2分，每逾期一天扣0.1分."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from jixiao.authoring.criteria.built import YES, Built
from jixiao.authoring.criteria.clauses import Reading
from jixiao.authoring.criteria.phrases import Change, Clause, Given

_COUNT = re.compile(r"每?(?P<verb>[^\d每]*?)(?P<number>\d+)(?P<unit>个工作日|个月|人次|[^\d])(?P<what>.*)")
_UNITS = ("%", "元", "名", "分", "")


def counting(reading: Reading, clauses: Sequence[Clause], full: Decimal) -> Built | None:
    """The rule of counted deductions of different kinds, or None where the clauses are something else."""
    steps = [c for c in clauses if c.every is not None]
    limits = [cap for cap in reading.caps if cap.most not in (None, full)]
    if len(steps) < 2 or not all(map(_counts, steps)) or limits:
        return None
    names = [_name(c) for c in steps]
    if "" in names or len(set(names)) != len(names):
        return None
    built = Built(full=full)
    said = False
    for clause in (c for c in clauses if c.every is None):
        given = clause.action if isinstance(clause.action, Given) else None
        whole = given is not None and (given.share == 1 or given.points == full)
        if clause.ranges or clause.compared or not whole or said:
            return None
        said = True
    if said:
        built.answers[YES] = full
    items = [
        {"x": name, "each": c.action.points}
        for name, c in zip(names, steps, strict=True)
        if isinstance(c.action, Change)
    ]
    built.spec = {"kind": "deductions", "full": full, "items": items}
    built.names = tuple(names)
    return built


def _counts(clause: Clause) -> bool:
    action, every = clause.action, clause.every
    plain = not clause.ranges and not clause.compared and not clause.after and not clause.otherwise
    costs = isinstance(action, Change) and action.sign < 0 and action.points is not None
    return bool(
        plain
        and costs
        and every
        and every.each.value == 1
        and every.each.unit not in _UNITS
        and every.start_at is None
    )


def _name(clause: Clause) -> str:
    """缺少材料份数 for 每缺少1份材料; empty where no thing is named."""
    found = _COUNT.fullmatch(re.sub(r"[的,、]", "", clause.text))
    if found is None:
        return ""
    core = re.sub(r"\W", "", found["verb"] + found["what"])
    made = f"{core}{found['unit'].removeprefix('个') or '个'}数"
    return made if len(core) > 1 and made.isidentifier() and not re.search(r"\d", core) else ""
