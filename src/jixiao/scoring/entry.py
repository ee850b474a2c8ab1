"""Entry: a cell of the workbook that people or sources fill, and what may stand in it."""

from __future__ import annotations

from dataclasses import dataclass

from jixiao.model import Expr

UNIT, YEAR, REVIEWER, REVIEWED_ON = "封面.单位", "封面.年度", "封面.评价人", "封面.评价日期"


@dataclass(frozen=True, slots=True)
class Entry:
    """A cell that people or sources fill. ``kind``: number, rate, date, choice or text."""

    key: str
    kind: str
    unit: str = ""
    choices: tuple[str, ...] = ()
    low: Expr | None = None
    high: Expr | None = None
