"""The worksheet function way (Excel for Windows): ``=评分标准得分(A2, B2, C2)`` reads a criteria sentence and scores a value by it."""

from __future__ import annotations

from decimal import Decimal

import xlwings as xw

from jixiao.authoring import read_criteria


@xw.func
@xw.arg("sentence", doc="评分标准的文字")
@xw.arg("full", doc="满分")
@xw.arg("value", doc="数值，写法同原文：92.8%、3、是")
def 评分标准得分(sentence: str, full: float, value: object) -> float | str:  # noqa: N802, PLC2401 - the name in the cell
    """The points, or what a person has to be asked."""
    made = read_criteria(sentence, Decimal(str(full)))
    points = made.points_at(
        value if isinstance(value, str) else f"{value:g}" if isinstance(value, float) else str(value)
    )
    return float(points) if made.understood and points is not None else "；".join(made.questions) or "待核定"
