"""Tables of a report with headings: 自评表, points by group, money of a table; a cell is bound by its row and heading."""

from __future__ import annotations

from decimal import Decimal

from jixiao.audit.document import Block, Report
from jixiao.audit.known import Known, KnownValues

_HEADS = {
    "年度指标值": "planned", "指标值": "planned", "实际完成值": "done", "完成值": "done", "分值": "full", "满分": "full",
    "权重": "weight", "得分": "points", "自评得分": "points", "扣分": "lost", "失分": "lost", "得分率": "rate",
    "年初预算数": "budget", "全年预算数": "adjusted", "全年执行数": "spent", "执行率": "rate",
}  # fmt: skip
_WHOLE = ("部门预算总额", "年度资金总额", "资金总额")
_MONEY = {
    "budget": ("支出预算数", "年初预算数"),
    "adjusted": ("财政下达预算数", "调整预算数"),
    "spent": ("年度支出决算数", "决算数"),
    "rate": ("支出完成率", "整体支出率"),
}
_CRITERIA = ("评分标准", "指标说明", "评分说明")
FEWEST = 2  # headings that make a row the head of a table

Cells = dict[tuple[int, int], tuple[str, tuple[Known, ...]]]


def form_cells(report: Report, truth: KnownValues) -> Cells:
    """(block, cell) -> subject and the values that may be meant, for the cells that a heading and a row name."""
    made: Cells = {}
    heads: dict[int, dict[int, str]] = {}
    for block in report.blocks:
        if not block.table:
            continue
        own = {cell: _HEADS[text] for cell, text in enumerate(block.cells) if text in _HEADS}
        if len(own) >= FEWEST:
            heads[block.table] = own
            continue
        for cell, field in heads.get(block.table, {}).items():
            if cell < len(block.cells) and block.cells[cell]:
                subject, values = _meant(block, field, truth)
                if values:
                    made[block.number, cell] = (f"{subject}{_title(field)}", values)
    return made


def form_tables(report: Report) -> set[int]:
    """Tables with such headings that are no official score table, which has its criteria in a column."""
    headed = {b.table for b in report.blocks if b.table and sum(text in _HEADS for text in b.cells) >= FEWEST}
    quoting = {
        b.table for b in report.blocks if any(text.startswith(_CRITERIA) for text in b.cells if b.table)
    }
    return headed - quoting


def _title(field: str) -> str:
    return next(title for title, name in _HEADS.items() if name == field)


def _meant(block: Block, field: str, truth: KnownValues) -> tuple[str, tuple[Known, ...]]:
    """The owner that the first cells of a row name, and its values of a field."""
    for text in block.cells[:4]:
        rows = tuple(k for k in truth.items if k.name == "自评项" and k.owner == text and k.field == field)
        if rows:
            return text, rows
        if text in truth.scores and not any(
            k.name == "自评项" and k.owner in block.cells for k in truth.items
        ):
            return text, _points(text, field, truth)
        if text in _WHOLE:
            projects = [k for k in truth.items if k.name == "项目" and k.field == field]
            return text, (*truth.of(_MONEY.get(field, ())), *projects)
    return "", ()


def _points(title: str, field: str, truth: KnownValues) -> tuple[Known, ...]:
    scores = truth.scores[title]
    if scores.points is None:
        return ()
    values: dict[str, tuple[Decimal, str]] = {
        "full": (scores.full, "分"),
        "weight": (scores.weight, "分"),
        "points": (scores.points, "分"),
        "lost": (scores.full - scores.points, "分"),
    }
    if scores.full:
        values["rate"] = (scores.points / scores.full * 100, "%")
    found = values.get(field)
    return (Known("得分", found[0], found[1], scores.source, title, field),) if found else ()
