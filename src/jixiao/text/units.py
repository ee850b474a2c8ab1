"""The one table of units: what a figure with this unit is, its base unit and its worth in it.

Sorts tell readers apart by what they may meet. A cell of a table holds amounts, rates, counts and durations; 2022年 or
2级 in a cell is a heading or a grade, so ``DATE`` and ``RANK`` are read in sentences only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple


class Sort(StrEnum):
    """What a unit measures."""

    MONEY = "money"
    RATE = "rate"
    POINTS = "points"
    COUNT = "count"
    SIZE = "size"  # area, length, weight, energy
    SPAN = "span"  # how long
    DATE = "date"  # which day, month, year
    RANK = "rank"
    TIMES = "times"  # 倍, 万, 亿: a figure without a unit, scaled


class Unit(NamedTuple):
    """``worth``: how many of ``base`` it is; ``guard``: letters behind it that make another word of it (门类)."""

    name: str
    sort: Sort
    base: str
    worth: Decimal = Decimal(1)
    guard: str = ""


AMOUNT_UNITS: dict[str, Decimal] = {
    "元": Decimal(1),
    "百元": Decimal(100),
    "千元": Decimal(1000),
    "万元": Decimal(10000),
    "百万元": Decimal(1000000),
    "亿元": Decimal(100000000),
}
"""Units of money and their worth in 元."""
_SCALED = {
    "千分点": ("%", "0.001"), "个千分点": ("%", "0.001"),
    "%": ("%", "0.01"), "百分点": ("%", "0.01"), "个百分点": ("%", "0.01"), "‰": ("%", "0.001"),
    "万人": ("人", "10000"), "万人次": ("人次", "10000"), "万吨": ("吨", "10000"),
    "万亩": ("亩", "10000"), "万户": ("户", "10000"), "万平方米": ("平方米", "10000"),
    "工作日": ("个工作日", "1"), "倍": ("", "1"), "万": ("", "10000"), "亿": ("", "100000000"),
}  # fmt: skip
_LISTED = {
    Sort.MONEY: " ".join(AMOUNT_UNITS),
    Sort.RATE: "% 百分点 个百分点 千分点 个千分点 ‰",
    Sort.POINTS: "分",
    Sort.COUNT: "人次 万人次 批次 场次 班次 期次 篇次 条次 台次 车次 人天 人 万人 名 位 户 万户 家 个 项 次 件 处 处(个) 起 例 条 份 笔 种 "
    "辆 台 套 批 宗 场 所 座 篇 栋 幢 间 张 块 部 本 册 头 只 株 棵 支 队 班 口 对 片 栏 枚 面 盏 根 点 期",
    Sort.SIZE: "亩 万亩 万平方米 平方米 平方公里 立方米 公里 米 吨 万吨 吨标准煤 公斤 斤 千瓦时 度 ㎡ m2 km kg ℃",
    Sort.SPAN: "天 个工作日 工作日 个月 小时 分钟 课时 学时",
    Sort.DATE: "年 月 日 周 季度 号",
    Sort.RANK: "级 档 类 届 轮 门 岁",
    Sort.TIMES: "倍 万 亿",
}
_GUARDS = {
    "分": "钟之别析配类期局校管部组制解布值为",
    "本": "级项指数单部年地市县区标人",
    "门": "类口",
    "点": "钟",
    "部": "门分",
    "面": "积",
    "对": "应",
    "度": "量",
    "口": "径",
    "期": "间限初末内工建货项中满",
    "周": "年岁边期转",
}  # fmt: skip


def _unit(name: str, sort: Sort) -> Unit:
    base, worth = ("元", AMOUNT_UNITS[name]) if sort is Sort.MONEY else _SCALED.get(name, (name, "1"))
    return Unit(name, sort, base, Decimal(worth), _GUARDS.get(name, ""))


UNITS: dict[str, Unit] = {
    name: _unit(name, sort) for sort, names in _LISTED.items() for name in names.split()
}
"""Every unit by its name."""
COUNTED = frozenset(unit.name for unit in UNITS.values() if unit.sort is Sort.COUNT)
"""Units of things that are counted one by one."""
OF_CELLS = (Sort.MONEY, Sort.RATE, Sort.POINTS, Sort.COUNT, Sort.SIZE, Sort.SPAN)


def units_of(*sorts: Sort) -> tuple[str, ...]:
    """The names of the units of these sorts (of all sorts where none is named), the longest first."""
    named = (unit.name for unit in UNITS.values() if not sorts or unit.sort in sorts)
    return tuple(sorted(named, key=len, reverse=True))


def unit_pattern(names: Iterable[str], *, guarded: bool = False) -> str:
    """The alternatives of a pattern for these units; ``guarded`` in running text, where 3部门 has no unit 部."""
    return "|".join(
        re.escape(name) + (f"(?![{UNITS[name].guard}])" if guarded and UNITS[name].guard else "")
        for name in names
    )


def convert(value: Decimal, unit: str, target: str) -> tuple[Decimal, Decimal]:
    """Bring an amount from ``unit`` to ``target`` exactly: (converted, divisor). KeyError for an unknown unit."""
    divisor = AMOUNT_UNITS[target] / AMOUNT_UNITS[unit]
    return value / divisor, divisor
