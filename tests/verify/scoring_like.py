"""A workbook like a scoring workbook: over 600 formulas and Chinese names, for tests and measurements."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

Place = tuple[str, str]


@dataclass
class Made:
    """Formulas, names and figures of one workbook."""

    formulas: dict[Place, str] = field(default_factory=dict)
    names: dict[str, Place] = field(default_factory=dict)
    values: dict[Place, Any] = field(default_factory=dict)


def make(seed: int, facts: int = 120, indicators: int = 110) -> Made:
    """``facts`` live links, and ``indicators`` of a ratio, points, a status and two sentences."""
    dice, made = random.Random(seed), Made()
    for i in range(1, facts + 1):
        figure: Any = Decimal(dice.randint(-2000, 10**8)) / 100
        roll = dice.random()
        figure = None if roll < 0.04 else "不适用" if roll < 0.07 else Decimal(0) if roll < 0.1 else figure
        made.values["财决01-1 表（一）", f"C{i}"] = figure
        made.formulas["取数", f"C{i}"] = (
            f"=IF('财决01-1 表（一）'!C{i}=\"\",\"\",IF(ISNUMBER('财决01-1 表（一）'!C{i}),"
            f"ROUND('财决01-1 表（一）'!C{i}/10000,6),'财决01-1 表（一）'!C{i}))"
        )
        made.names[f"事实{i}数"] = ("取数", f"C{i}")
    for i in range(1, indicators + 1):
        _indicator(made, dice, i, facts)
    made.names["全部得分"] = ("评分表", f"D1:D{indicators}")
    made.names["全部状态"] = ("评分表", f"E1:E{indicators}")
    made.formulas["评分表", "D300"] = "=ROUND(SUM(全部得分),2)"
    made.formulas["评分表", "D301"] = '=COUNTIF(全部状态,"待核定")'
    made.formulas["评分表", "D302"] = "=SUMPRODUCT((全部得分>=2)*1)"
    return made


def _indicator(made: Made, dice: random.Random, row: int, facts: int) -> None:
    a, b, c = (f"事实{i}数" for i in dice.sample(range(1, facts + 1), 3))
    rate, points, status = f"指标{row}率", f"指标{row}分", f"指标{row}态"
    for name, column in ((rate, "C"), (points, "D"), (status, "E")):
        made.names[name] = ("评分表", f"{column}{row}")
    made.formulas["评分表", f"C{row}"] = (
        f'=IF(COUNT({a},{b})=2,IF({b}=0,"不适用",ROUND({a}/{b},6)),'
        f'IF(OR({a}="待核定",{b}="待核定",{a}="",{b}=""),"待核定","不适用"))'
    )
    made.formulas["评分表", f"D{row}"] = (
        f"=IF(ISNUMBER({rate}),IF({rate}>=1,5,IF({rate}>=0.95,4,IF({rate}>=0.9,3,IF({rate}>=0.8,"
        f"ROUND(5*{rate},2),IF({rate}>=0.6,MAX(0,MIN(2,5-INT(ROUND((1-{rate})*100/5,6))*0.5)),0))))),"
        f'IF({rate}="不适用",5,""))'
    )
    made.formulas["评分表", f"E{row}"] = f'=IF(ISNUMBER({points}),IF({points}=5,"满分","扣分"),"待核定")'
    made.formulas["评分表", f"F{row}"] = (
        f'=IF(ISNUMBER({rate}),"年度支出决算数"&TEXT(ROUND({a},6),"0.00####")&"万元，年度支出预算数"&TEXT(ROUND({b},6),'
        f'"0.00####")&"万元，第{row}项比率"&TEXT(ROUND({rate},4),"0.00%")&"，得"&TEXT(ROUND({points},2),"0.00")&"分",{rate})'
    )
    made.formulas["评分表", f"G{row}"] = (
        f'=IF(COUNT({a},{b},{c})=3,IF(ROUND({a}-{b}-{c},2)=0,"相符","相差"&TEXT(ROUND({a}-{b}-{c},2),"0.00")&"万元"),'
        f'IF(COUNTA({a},{b},{c})=0,"缺数","待核定"))'
    )
