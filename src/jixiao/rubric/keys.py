"""Keys of the net: what each cell of the scoring is called. Every room asks here; none puts a key together or takes it apart.

A key is the owner and the cell, ``预算执行率.得分``; a row of a table has its number in brackets, ``项目[3].名称``. The words are
those of the official tables, because the same keys are the names that people meet in Excel's name box and in messages.
"""

from __future__ import annotations

UNIT, YEAR, REVIEWER, REVIEWED_ON = "封面.单位", "封面.年度", "封面.评价人", "封面.评价日期"
TITLE = "封面.标题"
SHEET_UNIT, SHEET_TOTAL, SHEET_RULE_TOTAL = "评分表.单位", "评分表.合计", "评分表.规则合计"


class Cell:
    """One cell that many owners have, by the word for it."""

    def __init__(self, word: str) -> None:
        self.word = word

    def __get__(self, owner: Keys, kind: type[Keys]) -> str:
        return f"{owner.owner}.{self.word}"


class Keys:
    """The keys of one owner: an indicator, a scoring point, a group of indicators, a fact, a form, or a row of one."""

    # indicators, groups and the whole table
    points = Cell("得分")
    rule_points = Cell("规则分")
    own_points = Cell("自评分")
    awarded = Cell("核定分")
    reason = Cell("核定理由")
    evidence = Cell("佐证材料")
    full = Cell("满分")
    shown_weight = Cell("权重")
    lost = Cell("失分")
    undecided = Cell("待核定")
    rate = Cell("得分率")
    grade = Cell("等级")
    explanation = Cell("说明")
    status = Cell("状态")
    waiting = Cell("待核定数")
    unreasoned = Cell("缺理由数")
    # scoring points that a person decides
    verdict = Cell("判定")
    given = Cell("给分")
    applies = Cell("适用")
    premise = Cell("前提")
    why = Cell("理由")
    proof = Cell("佐证")
    # facts
    found = Cell("取数")
    typed = Cell("待填")
    typed_from = Cell("待填来源")
    waits = Cell("待填状态")
    # self-evaluation forms and their rows
    name = Cell("名称")
    department = Cell("主管部门")
    body = Cell("实施单位")
    goal = Cell("预期目标")
    result = Cell("实际完成情况")
    executed = Cell("执行率")
    total = Cell("总分")
    open = Cell("待定")
    weight = Cell("分值")
    indicator = Cell("三级指标")
    # the roll-up of projects
    count = Cell("个数")
    projects = Cell("项目个数")
    best = Cell("优个数")
    best_rate = Cell("评优率")
    share = Cell("占比")
    mean = Cell("平均得分")

    __slots__ = ("owner",)

    def __init__(self, owner: str) -> None:
        self.owner = owner

    def cell(self, word: str) -> str:
        """The cell of this owner that a column, a form's own text or a list of words names."""
        return f"{self.owner}.{word}"

    def of(self, part: str) -> Keys:
        """The keys of a part of this owner: a block or a fund of a form, a group of the roll-up."""
        return Keys(f"{self.owner}.{part}")

    def fund(self, number: int) -> Keys:
        """The money of one source in a form, from 2; the first row is the whole and stands with the form itself."""
        return self.of(f"资金{number}")


def row(table: str, number: int) -> Keys:
    """A row of a table or of a form, from 1."""
    return Keys(f"{table}[{number}]")


def first(number: int) -> Keys:
    """A 一级指标, from 1."""
    return Keys(f"一级[{number}]")


def second(outer: int, inner: int) -> Keys:
    """A 二级指标: the number of its 一级指标 and its own."""
    return Keys(f"二级[{outer}.{inner}]")


def charted(indicator: str) -> dict[str, str]:
    """The bars of an indicator: points won, points lost, and points that are not decided yet, which are neither."""
    return {name: f"图表{name}.{indicator}" for name in ("得分", "失分", "待核定")}


ALL = Keys("合计")
"""Total, grade and what is open of the whole table."""
LIST = "项目汇总"
"""The list of projects in the roll-up: ``row(LIST, 3)``."""
SUM = Keys("汇总")
"""The sums of the roll-up; ``SUM.of(fund)`` those of one fund, level of government or grade."""
