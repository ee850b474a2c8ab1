"""Target and result of an indicator, as they are written, -> the figures of its row, or a question to the person."""

from __future__ import annotations

import re
from decimal import Decimal

from jixiao.model import Record, Value
from jixiao.scoring.selfeval.rows import QUALITATIVE
from jixiao.text.target import NUMBER, Target, read_target

_WAY = re.compile("下降|减少|降低|缩短|节约|节省|压减|增长|增加|上升|提高|提升")
_RANKS = ("名", "位", "级", "等", "天", "日", "个工作日", "工作日", "小时", "分钟", "个月", "月")
SIGNS = {"≥": "≥", "≤": "≤", ">": "＞", "<": "＜", "=": "＝"}


def measured(record: Record) -> tuple[list[tuple[str, Value]], str]:
    """What target and result say, as entries of the row, and a question; what is doubtful stays as it is written."""
    target, done = (read_target(str(record[field] or "")) for field in ("target", "done"))
    if target.kind != NUMBER or target.value is None or target.questions:
        return _words(record), "；".join(target.questions)
    doubt = _doubt(record, target, done) if record["done"] else ""
    if doubt:
        return _words(record), doubt
    unit = target.unit + (f"/{target.period}" if target.period else "")
    result = _in_unit(done, target) if record["done"] else None
    return [
        ("性质", _sign(record, target)), ("指标值", _in_unit(target, target)), ("单位", unit or None), ("完成值", result),
    ], ""  # fmt: skip


def _words(record: Record) -> list[tuple[str, Value]]:
    """A row that is judged, with target and result as they are written."""
    return [
        ("性质", QUALITATIVE),
        ("指标值", str(record["target"] or "") or None),
        ("完成值", str(record["done"] or "") or None),
    ]


def _doubt(record: Record, target: Target, done: Target) -> str:
    """Why a result cannot be held against its target as figures; empty where it can."""
    said = f"完成值“{record['done']}”与指标值“{record['target']}”"
    if done.kind != NUMBER or done.value is None or done.questions:
        return "；".join(done.questions) or f"{said}不能相比"
    if done.unit not in ("", target.unit):
        return f"{said}的单位不同"
    ways = [set(_WAY.findall(str(record[field] or ""))) for field in ("target", "done")]
    if ways[0] or ways[1]:
        return f"{said}写的是升降幅度，请写成同一方向的数值"
    if target.unit == "%" and not done.unit and 0 < done.value <= 1:
        return f"{said}一个是百分数、一个是小数"
    if not target.op and done.value * (100 if target.unit == "%" and not done.unit else 1) != _scaled(target):
        return _undirected(record, target)
    return ""


def _scaled(target: Target) -> Decimal:
    value = target.value or Decimal(0)
    return value * 100 if target.unit == "%" else value


def _undirected(record: Record, target: Target) -> str:
    """A bare number is a lower limit for what is produced; for time, cost, ranks and zero it may be an upper one."""
    group = str(record["group"])
    odd = any(word in group for word in ("时效", "成本")) or target.unit in _RANKS or target.value == 0
    if odd or "第" in target.subject:
        return f"指标值“{record['target']}”没有写明是不低于还是不超过"
    return ""


def _sign(record: Record, target: Target) -> str:
    """The sign as written; a bare number that is a lower limit is written as one."""
    if target.op:
        return SIGNS[target.op]
    return "≥" if not _undirected(record, target) else "＝"


def _in_unit(figure: Target, target: Target) -> Decimal:
    """A percentage is written in per cent: 95 with the unit %."""
    value = figure.value or Decimal(0)
    return value * 100 if target.unit == "%" and figure.unit == "%" else value
