"""The plan of the workbook: which key stands in which cell of which sheet; the self-evaluation forms included."""

from __future__ import annotations

from dataclasses import dataclass, field

from jixiao.model import PENDING
from jixiao.office import column_letter
from jixiao.rubric import (
    EXECUTION,
    FIGURES,
    FUNDS,
    MAIN,
    TRANSFER_LEVELS,
    Indicator,
    Part,
    SelfTable,
    SelfTables,
)
from jixiao.scoring.entry import REVIEWED_ON, REVIEWER, UNIT, YEAR
from jixiao.scoring.selfeval import rollup
from jixiao.scoring.system import System

Cells = dict[str, tuple[int, int]]
NAME_ROW, BODIES_ROW, FUND_HEAD, FUND_FIRST = 3, 4, 5, 6
ROW_COLUMNS = {
    "三级指标": 3, "年度指标值": 4, "实际完成值": 5, "分值": 6, "得分": 7, "偏差原因": 8,
    "性质": 11, "指标值": 12, "单位": 13, "完成值": 14, "达成程度": 15, "给分比例": 16, "计分方式": 17,
    "及格线": 18, "完成率": 19, "规则分": 20, "自评分": 21, "核定分": 22, "核定理由": 23,
    "评分说明": 24,
}  # fmt: skip
BLOCK_COLUMNS = {"满分": 12, "分值": 13, "待定": 14, "得分": 15, "适用": 16}
ROLL_HEAD, ROLL_FIRST = 4, 5
ROLL_COLUMNS = {title: column + 2 * title.startswith("计") for column, title in enumerate(rollup.COLUMNS, 2)}
GROUP_COLUMNS = {"个数": 4, **{figure: 5 + n for n, figure in enumerate(FIGURES)}, "占比": 8}
BEST_COLUMN = 10


@dataclass(frozen=True, slots=True)
class FormPlan:
    """Rows of one form: its goal (head row), list of indicators (first row), total, and block sums (head row)."""

    form: SelfTable
    goal: int
    first: int
    total: int
    blocks: int

    @classmethod
    def of(cls, form: SelfTable) -> FormPlan:
        """The rows that a form takes."""
        goal = FUND_FIRST + len(form.funds)
        first = goal + 3
        total = first + sum(1 for _ in form.rows())
        return cls(form, goal, first, total, total + 2)


def form_cells(name: str, plan: FormPlan) -> Cells:
    """All cells of a form."""
    form = plan.form
    made: Cells = {
        "年度": (2, 1), "名称": (NAME_ROW, 3), "主管部门": (BODIES_ROW, 3), "实施单位": (BODIES_ROW, 7),
        "预期目标": (plan.goal + 1, 2), "实际完成情况": (plan.goal + 1, 6), "执行率": (FUND_FIRST, 8),
        f"{EXECUTION}.得分": (FUND_FIRST, 9), "总分": (plan.total, 7), "等级": (plan.total, 9),
        "待定": (plan.total, 14),
    }  # fmt: skip
    for number in range(1, len(form.funds) + 1):
        for column, figure in enumerate(FIGURES, 4):
            made[figure if number == 1 else f"资金{number}.{figure}"] = (FUND_FIRST + number - 1, column)
    for row, block in enumerate(form.blocks, plan.blocks + 1):
        for title, column in BLOCK_COLUMNS.items():
            if title != "适用" or block.moves_to:
                made[f"{block.title}.{title}"] = (row, column)
    cells = {f"{name}.{key}": place for key, place in made.items()}
    for number, _, _ in form.rows():
        for title, column in ROW_COLUMNS.items():
            cells[f"{name}[{number}].{title}"] = (plan.first + number - 1, column)
    return cells


def rollup_rows(tables: SelfTables) -> dict[str, int]:
    """The row of each line of the roll-up below its list; ``合计`` ends the list, a ``…表`` is the head of a table."""
    rows = {"合计": ROLL_FIRST + tables.count}
    row = rows["合计"] + 3
    for head, lines in (
        ("资金表", (*FUNDS, rollup.UNNAMED_FUND)),
        ("级次表", (rollup.OWN, *TRANSFER_LEVELS, rollup.TRANSFERS)),
        ("等级表", (*rollup.grades_of(tables), PENDING, "评优率")),
    ):
        rows[head] = row
        for offset, line in enumerate(lines, 1):
            rows[line] = row + offset
        row += len(lines) + 3
    return rows


def rollup_cells(tables: SelfTables) -> Cells:
    """All cells of the roll-up."""
    rows, total = rollup_rows(tables), rollup.SUM
    cells: Cells = {}
    for number in range(1, tables.count + 1):
        for title, column in ROLL_COLUMNS.items():
            cells[f"{rollup.LIST}[{number}].{title}"] = (ROLL_FIRST + number - 1, column)
    end = rows["合计"]
    for title in (*FIGURES, "执行率", "年初执行率", "调整率"):
        cells[f"{total}.{title}"] = (end, ROLL_COLUMNS[title])
    cells |= {f"{total}.项目个数": (end, 2), f"{total}.平均得分": (end, ROLL_COLUMNS["得分"])}
    for group in (*FUNDS, rollup.UNNAMED_FUND, rollup.OWN, *TRANSFER_LEVELS):
        for title, column in GROUP_COLUMNS.items():
            cells[f"{total}.{group}.{title}"] = (rows[group], column)
    for title in ("个数", *FIGURES):
        cells[f"{total}.{rollup.TRANSFERS}.{title}"] = (rows[rollup.TRANSFERS], GROUP_COLUMNS[title])
    cells[f"{total}.{rollup.TRANSFERS}.优个数"] = (rows[rollup.TRANSFERS], BEST_COLUMN - 1)
    cells[f"{total}.{rollup.TRANSFERS}.评优率"] = (rows[rollup.TRANSFERS], BEST_COLUMN)
    for grade in (*rollup.grades_of(tables), PENDING):
        cells[f"{total}.{grade}.个数"] = (rows[grade], 4)
    cells[f"{total}.评优率"] = (rows["评优率"], 4)
    return cells


COVER, SCORES, POINTS, FACTS, TARGETS, CHECKS, CHARTS, TEXTS, HIDDEN = (
    "封面", "评分表", "要点核定", "取数", "目标完成", "勾稽", "图表", "文字", "_jixiao",
)  # fmt: skip
ROLLUP = rollup.LIST
FIXED_SHEETS = (COVER, SCORES, POINTS, FACTS, TARGETS, CHECKS, CHARTS, TEXTS)
"""The sheets of a plain rubric; ``Plan.sheets`` are those of the workbook at hand."""

SCORE_HEAD, SCORE_TOTAL, SCORE_FIRST = 4, 7, 8
SCORE_COLUMNS = {
    "说明": 9, "得分": 10, "自评分": 12, "规则分": 13, "核定分": 14, "核定理由": 15, "状态": 16, "佐证材料": 17,
    "满分": 18, "失分": 19,
}  # fmt: skip
POINT_HEAD, POINT_FIRST = 4, 5
POINT_COLUMNS = {"满分": 4, "适用": 6, "前提": 7, "判定": 8, "给分": 9, "得分": 10, "理由": 11, "佐证": 12}
FACT_HEAD, FACT_FIRST = 4, 5
FACT_COLUMNS = {
    "值": 3,
    "取数": 5,
    "取值方式": 6,
    "文件": 7,
    "表": 8,
    "单元格": 9,
    "标题": 10,
    "原文": 11,
    "说明": 12,
}
FACT_VALUE = FACT_COLUMNS["值"]
CHECK_HEAD, CHECK_FIRST = 4, 5
CHART_FIRST = 5
TEXT_HEAD, TEXT_FIRST, TEXT_VALUE = 4, 5, 5

_NAMED = ("得分", "规则分", "核定分", "满分", "判定", "适用", "等级")


@dataclass(frozen=True, slots=True)
class Place:
    """A cell: sheet, row and column from 1."""

    sheet: str
    row: int
    column: int

    @property
    def ref(self) -> str:
        """``C5``."""
        return f"{column_letter(self.column)}{self.row}"

    @property
    def address(self) -> str:
        """``'取数'!$C$5``."""
        return f"'{self.sheet}'!${column_letter(self.column)}${self.row}"


@dataclass(slots=True)
class Plan:
    """Places of all keys; ``names`` are the workbook-wide names, ``ranges`` those of whole columns."""

    system: System
    places: dict[str, Place] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    ranges: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    part_rows: list[tuple[int, Indicator, Part]] = field(default_factory=list)
    score_rows: dict[str, int] = field(default_factory=dict)
    table_tops: dict[str, int] = field(default_factory=dict)
    fact_rows: dict[str, int] = field(default_factory=dict)
    quantity_head: int = 0
    located_head: int = 0
    indicator_chart: int = 0
    forms: dict[str, FormPlan] = field(default_factory=dict)
    rollup_rows: dict[str, int] = field(default_factory=dict)

    @property
    def sheets(self) -> tuple[str, ...]:
        """The workbook's own sheets, in their order."""
        rubric = self.system.rubric
        first = [COVER, SCORES, *(name for name in self.forms if name == MAIN)]
        projects = [name for name in self.forms if name != MAIN]
        middle = [*([ROLLUP] if projects else []), *projects, *([POINTS] if self.part_rows else [])]
        return (*first, *middle, FACTS, TARGETS, CHECKS, CHARTS, *([TEXTS] if rubric.texts else []))

    def cells(self, sheet: str) -> _Cells:
        """How formulas of a sheet write a key: its name, or its address."""
        return _Cells(self, sheet)

    def formula(self, key: str) -> str:
        """The formula of an item, as it stands in its cell (without ``=``)."""
        return self.system.items[key].formula(self.cells(self.places[key].sheet))


class _Cells:
    def __init__(self, plan: Plan, sheet: str) -> None:
        self.plan, self.sheet = plan, sheet

    def __call__(self, key: str) -> str:
        name = self.plan.names.get(key)
        if name is not None:
            return name
        place = self.plan.places[key]
        # row tables read their own row: relative and without the sheet, so that every row looks alike
        return place.ref if place.sheet == self.sheet and "[" in key else place.address


def make_plan(system: System) -> Plan:
    """Lay the net out."""
    plan = Plan(system)
    _cover(plan)
    _scores(plan)
    _points(plan)
    _facts(plan)
    _targets(plan)
    _charts(plan)
    _forms(plan)
    for row, text in enumerate(system.rubric.texts, TEXT_FIRST):
        plan.places[text.entry] = Place(TEXTS, row, TEXT_VALUE)
    for key in system.entries | system.items:
        name = _name(key)
        if name and key in plan.places:
            plan.names[key] = name
    for key in system.columns:
        plan.names[key] = key.replace(".", "_")
    return plan


def _name(key: str) -> str:
    if "[" in key and not key.startswith(("一级", "二级")):
        return ""
    head, _, tail = key.partition(".")
    if not tail:
        return key
    if tail not in _NAMED:
        return ""
    return (
        f"{head.replace('[', '').replace(']', '').replace('.', '_')}_{tail}"
        if "[" in head
        else f"{head}_{tail}"
    )


def _cover(plan: Plan) -> None:
    plan.places["封面.标题"] = Place(COVER, 4, 1)
    for key, row in ((UNIT, 8), (YEAR, 9), (REVIEWER, 10), (REVIEWED_ON, 11)):
        plan.places[key] = Place(COVER, row, 3)
    for key, row in (
        ("合计.得分", 14),
        ("合计.等级", 15),
        ("合计.规则分", 16),
        ("合计.待核定数", 17),
        ("合计.缺理由数", 18),
    ):
        plan.places[key] = Place(COVER, row, 3)


def _scores(plan: Plan) -> None:
    row = SCORE_FIRST
    for indicator in plan.system.rubric.indicators():
        plan.score_rows[indicator.key] = row
        for name, column in SCORE_COLUMNS.items():
            plan.places[f"{indicator.key}.{name}"] = Place(SCORES, row, column)
        row += 1
    plan.places["评分表.单位"] = Place(SCORES, 3, 1)
    plan.places["评分表.合计"] = Place(SCORES, SCORE_TOTAL, SCORE_COLUMNS["得分"])
    plan.places["评分表.规则合计"] = Place(SCORES, SCORE_TOTAL, SCORE_COLUMNS["规则分"])


def _points(plan: Plan) -> None:
    row = POINT_FIRST
    for indicator in plan.system.rubric.indicators():
        if not plan.system.has_row(indicator):
            continue
        for part in indicator.rule.leaves():
            plan.part_rows.append((row, indicator, part))
            for name, column in POINT_COLUMNS.items():
                key = f"{part.key}.{name}"
                if key in plan.system.entries or key in plan.system.items:
                    plan.places[key] = Place(POINTS, row, column)
            row += 1


def _facts(plan: Plan) -> None:
    row = FACT_FIRST
    for name in plan.system.rubric.facts:
        plan.fact_rows[name] = row
        plan.places[name] = Place(FACTS, row, FACT_VALUE)
        plan.places[f"{name}.取数"] = Place(FACTS, row, FACT_COLUMNS["取数"])
        row += 1
    plan.quantity_head = row + 1
    row += 3
    for name in plan.system.rubric.quantities:
        plan.fact_rows[name] = row
        plan.places[name] = Place(FACTS, row, FACT_VALUE)
        row += 1
    plan.located_head = row + 1


def _targets(plan: Plan) -> None:
    top = 4
    for table in plan.system.rubric.tables.values():
        plan.table_tops[table.name] = top
        for index, column in enumerate(table.columns, 1):
            letter = column_letter(index + 1)
            for row in range(1, table.rows + 1):
                plan.places[table.key(row, column.name)] = Place(TARGETS, top + 1 + row, index + 1)
            first, last = top + 2, top + 1 + table.rows
            plan.ranges[f"{table.name}.{column.name}"] = (TARGETS, f"${letter}${first}", f"${letter}${last}")
        top += table.rows + 4


def _charts(plan: Plan) -> None:
    row = CHART_FIRST
    for i in range(1, len(plan.system.rubric.firsts) + 1):
        for column, name in ((3, "得分"), (4, "失分"), (5, "满分"), (6, "得分率")):
            plan.places[f"一级[{i}].{name}"] = Place(CHARTS, row, column)
        row += 1
    row += 2
    for i, first in enumerate(plan.system.rubric.firsts, 1):
        for j, _ in enumerate(first.seconds, 1):
            for column, name in ((3, "得分"), (4, "失分"), (5, "满分")):
                plan.places[f"二级[{i}.{j}].{name}"] = Place(CHARTS, row, column)
            row += 1
    plan.indicator_chart = row + 2
    row = plan.indicator_chart + 1
    for indicator in plan.system.rubric.indicators():
        plan.places[f"图表得分.{indicator.key}"] = Place(CHARTS, row, 3)
        plan.places[f"图表失分.{indicator.key}"] = Place(CHARTS, row, 4)
        row += 1


def _forms(plan: Plan) -> None:
    tables = plan.system.rubric.self_tables
    for name, form in tables.tables():
        plan.forms[name] = FormPlan.of(form)
        for key, (row, column) in form_cells(name, plan.forms[name]).items():
            plan.places[key] = Place(name, row, column)
    if not tables.count:
        return
    for key, (row, column) in rollup_cells(tables).items():
        plan.places[key] = Place(ROLLUP, row, column)
    for title in rollup.COLUMNS:
        keys = plan.system.columns[f"{ROLLUP}.{title}"]
        first, last = plan.places[keys[0]], plan.places[keys[-1]]
        letter = column_letter(first.column)
        plan.ranges[f"{ROLLUP}.{title}"] = (ROLLUP, f"${letter}${first.row}", f"${letter}${last.row}")
    plan.rollup_rows = rollup_rows(tables)
