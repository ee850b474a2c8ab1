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
from jixiao.scoring import (
    ALL_TRANSFERS,
    LIST,
    LIST_COLUMNS,
    OWN,
    REVIEWED_ON,
    REVIEWER,
    SUM,
    UNIT,
    UNNAMED_FUND,
    YEAR,
    Keys,
    Net,
    grades_of,
    keys,
)

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
ROLL_COLUMNS = {title: column + 2 * title.startswith("计") for column, title in enumerate(LIST_COLUMNS, 2)}
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
    form, own = plan.form, Keys(name)
    made: Cells = {
        own.cell("年度"): (2, 1), own.name: (NAME_ROW, 3), own.department: (BODIES_ROW, 3), own.body: (BODIES_ROW, 7),
        own.goal: (plan.goal + 1, 2), own.result: (plan.goal + 1, 6), own.executed: (FUND_FIRST, 8),
        own.of(EXECUTION).points: (FUND_FIRST, 9), own.total: (plan.total, 7), own.grade: (plan.total, 9),
        own.open: (plan.total, 14),
    }  # fmt: skip
    for number in range(1, len(form.funds) + 1):
        money = own.fund(number) if number > 1 else own
        for column, figure in enumerate(FIGURES, 4):
            made[money.cell(figure)] = (FUND_FIRST + number - 1, column)
    for row, block in enumerate(form.blocks, plan.blocks + 1):
        for title, column in BLOCK_COLUMNS.items():
            if title != "适用" or block.moves_to:
                made[own.of(block.title).cell(title)] = (row, column)
    for number, _, _ in form.rows():
        for title, column in ROW_COLUMNS.items():
            made[keys.row(name, number).cell(title)] = (plan.first + number - 1, column)
    return made


def rollup_rows(tables: SelfTables) -> dict[str, int]:
    """The row of each line of the roll-up below its list; ``合计`` ends the list, a ``…表`` is the head of a table."""
    rows = {"合计": ROLL_FIRST + tables.count}
    row = rows["合计"] + 3
    for head, lines in (
        ("资金表", (*FUNDS, UNNAMED_FUND)),
        ("级次表", (OWN, *TRANSFER_LEVELS, ALL_TRANSFERS)),
        ("等级表", (*grades_of(tables), PENDING, "评优率")),
    ):
        rows[head] = row
        for offset, line in enumerate(lines, 1):
            rows[line] = row + offset
        row += len(lines) + 3
    return rows


def rollup_cells(tables: SelfTables) -> Cells:
    """All cells of the roll-up."""
    rows = rollup_rows(tables)
    cells: Cells = {}
    for number in range(1, tables.count + 1):
        for title, column in ROLL_COLUMNS.items():
            cells[keys.row(LIST, number).cell(title)] = (ROLL_FIRST + number - 1, column)
    end = rows["合计"]
    for title in (*FIGURES, "执行率", "年初执行率", "调整率"):
        cells[SUM.cell(title)] = (end, ROLL_COLUMNS[title])
    cells |= {SUM.projects: (end, 2), SUM.mean: (end, ROLL_COLUMNS["得分"])}
    for group in (*FUNDS, UNNAMED_FUND, OWN, *TRANSFER_LEVELS):
        for title, column in GROUP_COLUMNS.items():
            cells[SUM.of(group).cell(title)] = (rows[group], column)
    transfers, row = SUM.of(ALL_TRANSFERS), rows[ALL_TRANSFERS]
    for title in ("个数", *FIGURES):
        cells[transfers.cell(title)] = (row, GROUP_COLUMNS[title])
    cells |= {transfers.best: (row, BEST_COLUMN - 1), transfers.best_rate: (row, BEST_COLUMN)}
    for grade in (*grades_of(tables), PENDING):
        cells[SUM.of(grade).count] = (rows[grade], 4)
    return cells | {SUM.best_rate: (rows["评优率"], 4)}


COVER, SCORES, POINTS, FACTS, TARGETS, CHECKS, CHARTS, TEXTS, HIDDEN = (
    "封面", "评分表", "要点核定", "取数", "目标完成", "勾稽", "图表", "文字", "_jixiao",
)  # fmt: skip
ROLLUP = LIST
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

    net: Net
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
        rubric = self.net.rubric
        first = [COVER, SCORES, *(name for name in self.forms if name == MAIN)]
        projects = [name for name in self.forms if name != MAIN]
        middle = [*([ROLLUP] if projects else []), *projects, *([POINTS] if self.part_rows else [])]
        return (*first, *middle, FACTS, TARGETS, CHECKS, CHARTS, *([TEXTS] if rubric.texts else []))

    def cells(self, sheet: str) -> _Cells:
        """How formulas of a sheet write a key: its name, or its address."""
        return _Cells(self, sheet)

    def formula(self, key: str) -> str:
        """The formula of an item, as it stands in its cell (without ``=``)."""
        return self.net.items[key].formula(self.cells(self.places[key].sheet))


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


def make_plan(net: Net) -> Plan:
    """Lay the net out."""
    plan = Plan(net)
    _cover(plan)
    _scores(plan)
    _points(plan)
    _facts(plan)
    _targets(plan)
    _charts(plan)
    _forms(plan)
    for row, text in enumerate(net.rubric.texts, TEXT_FIRST):
        plan.places[text.entry] = Place(TEXTS, row, TEXT_VALUE)
    for key in net.entries | net.items:
        name = _name(key)
        if name and key in plan.places:
            plan.names[key] = name
    for key in net.columns:
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
    plan.places[keys.TITLE] = Place(COVER, 4, 1)
    for key, row in ((UNIT, 8), (YEAR, 9), (REVIEWER, 10), (REVIEWED_ON, 11)):
        plan.places[key] = Place(COVER, row, 3)
    for key, row in (
        (keys.ALL.points, 14),
        (keys.ALL.grade, 15),
        (keys.ALL.rule_points, 16),
        (keys.ALL.waiting, 17),
        (keys.ALL.unreasoned, 18),
    ):
        plan.places[key] = Place(COVER, row, 3)


def _scores(plan: Plan) -> None:
    row = SCORE_FIRST
    for indicator in plan.net.rubric.indicators():
        plan.score_rows[indicator.key] = row
        for name, column in SCORE_COLUMNS.items():
            plan.places[Keys(indicator.key).cell(name)] = Place(SCORES, row, column)
        row += 1
    plan.places[keys.SHEET_UNIT] = Place(SCORES, 3, 1)
    plan.places[keys.SHEET_TOTAL] = Place(SCORES, SCORE_TOTAL, SCORE_COLUMNS["得分"])
    plan.places[keys.SHEET_RULE_TOTAL] = Place(SCORES, SCORE_TOTAL, SCORE_COLUMNS["规则分"])


def _points(plan: Plan) -> None:
    row = POINT_FIRST
    for indicator in plan.net.rubric.indicators():
        if not plan.net.has_row(indicator):
            continue
        for part in indicator.rule.leaves():
            plan.part_rows.append((row, indicator, part))
            for name, column in POINT_COLUMNS.items():
                key = Keys(part.key).cell(name)
                if key in plan.net.entries or key in plan.net.items:
                    plan.places[key] = Place(POINTS, row, column)
            row += 1


def _facts(plan: Plan) -> None:
    row = FACT_FIRST
    for name in plan.net.rubric.facts:
        plan.fact_rows[name] = row
        plan.places[name] = Place(FACTS, row, FACT_VALUE)
        plan.places[Keys(name).found] = Place(FACTS, row, FACT_COLUMNS["取数"])
        row += 1
    plan.quantity_head = row + 1
    row += 3
    for name in plan.net.rubric.quantities:
        plan.fact_rows[name] = row
        plan.places[name] = Place(FACTS, row, FACT_VALUE)
        row += 1
    plan.located_head = row + 1


def _targets(plan: Plan) -> None:
    top = 4
    for table in plan.net.rubric.tables.values():
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
    for i in range(1, len(plan.net.rubric.firsts) + 1):
        for column, name in ((3, "得分"), (4, "失分"), (5, "满分"), (6, "得分率")):
            plan.places[keys.first(i).cell(name)] = Place(CHARTS, row, column)
        row += 1
    row += 2
    for i, first in enumerate(plan.net.rubric.firsts, 1):
        for j, _ in enumerate(first.seconds, 1):
            for column, name in ((3, "得分"), (4, "失分"), (5, "满分")):
                plan.places[keys.second(i, j).cell(name)] = Place(CHARTS, row, column)
            row += 1
    plan.indicator_chart = row + 2
    row = plan.indicator_chart + 1
    for indicator in plan.net.rubric.indicators():
        plan.places[keys.chart_points(indicator.key)] = Place(CHARTS, row, 3)
        plan.places[keys.chart_lost(indicator.key)] = Place(CHARTS, row, 4)
        row += 1


def _forms(plan: Plan) -> None:
    tables = plan.net.rubric.self_tables
    for name, form in tables.tables():
        plan.forms[name] = FormPlan.of(form)
        for key, (row, column) in form_cells(name, plan.forms[name]).items():
            plan.places[key] = Place(name, row, column)
    if not tables.count:
        return
    for key, (row, column) in rollup_cells(tables).items():
        plan.places[key] = Place(ROLLUP, row, column)
    for title in LIST_COLUMNS:
        cells = plan.net.columns[f"{ROLLUP}.{title}"]
        first, last = plan.places[cells[0]], plan.places[cells[-1]]
        letter = column_letter(first.column)
        plan.ranges[f"{ROLLUP}.{title}"] = (ROLLUP, f"${letter}${first.row}", f"${letter}${last.row}")
    plan.rollup_rows = rollup_rows(tables)
