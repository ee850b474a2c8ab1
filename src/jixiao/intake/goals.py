"""The self-evaluation part of a facts file: what a project (or the unit itself) set out to do and did -> records.

Under a project of ``projects``, or under ``main_table`` for the unit's own form::

    department: 主管部门, body: 实施单位, goal: 预期目标, result: 实际完成情况
    funds:      [{name: 当年财政拨款, budget: 50, adjusted: 30, spent: 30}]
    indicators: [{group: 数量指标, name: 签约项目, target: ≥10个, done: 10个, points: 10, reason: …}]

Further keys of an indicator: ``achieved`` (达成程度), ``share`` (给分比例, 85%), ``way`` (计分方式), ``pass`` (及格线).
Target and result stay texts here: the workbook's side reads them, where it knows what it cannot understand.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from jixiao.model import Body, Found, Record, Source

HEAD = ("department", "body", "goal", "result")
PARTS = (*HEAD, "funds", "indicators")
INDICATOR = ("group", "name", "target", "done", "points")
MORE = ("reason", "achieved", "share", "way", "pass")
FUND = ("budget", "adjusted", "spent")


def read_goals(body: Body, table: str, file: str) -> list[Record]:
    """The records of one form; ``table`` is the project's name, empty for the unit's own form."""
    made: list[Record] = []
    head: dict[str, Any] = {name: body.text(name) for name in HEAD if name in body}
    if head:
        made.append(_record("goal_heads", {"table": table, **head}, file, body.line))
    for item in body.parts("funds", []):
        item.only(("name",), FUND)
        figures = {name: item.number(name) for name in FUND if name in item}
        made.append(
            _record("goal_funds", {"table": table, "name": item.text("name"), **figures}, file, item.line)
        )
    for item in body.parts("indicators", []):
        item.only(("group", "name"), (*INDICATOR[2:], *MORE))
        values: dict[str, Any] = {
            name: item.text(name) for name in (*INDICATOR, *MORE) if name in item and name != "points"
        }
        if "points" in item:
            values["points"] = item.number("points")
        made.append(_record("goals", {"table": table, **values}, file, item.line))
    return made


def _record(kind: str, values: dict[str, Decimal | str | None], file: str, line: int) -> Record:
    source = Source(file, label=str(values.get("name") or values["table"] or kind), found=Found.NAMED)
    return Record(kind, values, dict.fromkeys(values, source), document=file, line=line)
