"""The plan of the workbook: which key stands in which cell of which sheet; the self-evaluation forms included."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from jixiao.model import NONE_HAPPENED, PENDING, Value
from jixiao.office import column_letter
from jixiao.rubric import (
    EXECUTION,
    FIGURES,
    FUNDS,
    MAIN,
    TRANSFER_LEVELS,
    Indicator,
    Part,
    Rubric,
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


class FormPlan(NamedTuple):
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


COVER, SCORES, POINTS, FACTS, WAITING, TARGETS, CHECKS, GAINS, CHARTS, CHANGES, TEXTS, HIDDEN = (
    "封面", "评分表", "要点核定", "取数", "待填", "目标完成", "勾稽", "提分", "图表", "改动", "文字", "_jixiao",
)  # fmt: skip
ROLLUP = LIST
FIXED_SHEETS = (COVER, SCORES, POINTS, FACTS, WAITING, TARGETS, CHECKS, GAINS, CHARTS, CHANGES, TEXTS)
"""The sheets of a plain rubric; ``Plan.sheets`` are those of the workbook at hand."""
DISPENSABLE = (CHARTS, WAITING, GAINS)
"""Nothing is computed from these: a workbook may do without, and earlier ones have no 待填 and 提分."""


class Column(NamedTuple):
    """A column of a sheet: title, width, style of its cells (none: as the unit asks), and its name in keys."""

    title: str
    width: float = 9
    style: str = ""
    name: str = ""


def _numbers(columns: Sequence[Column]) -> dict[str, int]:
    return {column.name or column.title: number for number, column in enumerate(columns, 1)}


SCORE_HEAD, SCORE_TOTAL, SCORE_FIRST = 4, 7, 8
SCORE_TABLE = (
    Column("一级指标"), Column("权重(%)", 6), Column("二级指标"), Column("权重(%)", 6),
    Column("三级指标", 14, "center"), Column("权重(%)", 6, "center"),
    Column("指标说明", 30, "small"), Column("评分标准", 62, "small"), Column("评分说明", 42, "small", "说明"),
    Column("得分", 8, "points"), Column("", 2), Column("自评分", 9, "points"), Column("规则分", 9, "points"),
    Column("核定分", 9, "points"), Column("核定理由", 30, "small"), Column("状态", 11, "center"),
    Column("佐证材料", 22, "small"), Column("实际满分", 9, "points", "满分"), Column("失分", 8, "points"),
)  # fmt: skip
SCORE_COLUMNS = {name: n for name, n in _numbers(SCORE_TABLE).items() if name and n > 8}
"""Those of the net; before them stand the words of the rubric, after the eleventh what is not printed."""
WEIGHT_COLUMN = 6
CRITERIA_COLUMN = _numbers(SCORE_TABLE)["评分标准"]

LIST_HEAD, LIST_FIRST = 4, 5
"""The head and the first row of every sheet that is a list."""
POINT_TABLE = (
    Column("序号", 6, "center"), Column("三级指标", 18, "center"), Column("评分要点", 46, "small"),
    Column("满分", 7, "points"), Column("核定方式", 10, "center"), Column("是否适用", 9, "center", "适用"),
    Column("前提材料", 8, "center", "前提"), Column("判定", 24, "small"), Column("部分给分", 8, "center", "给分"),
    Column("得分", 9, "points"), Column("理由", 34, "small"), Column("佐证材料", 26, "small", "佐证"),
)  # fmt: skip
POINT_COLUMNS = _numbers(POINT_TABLE)
FACT_TABLE = (
    Column("序号", 6, "center"), Column("名称", 34, "text"), Column("数值", 18, name="值"),
    Column("单位", 8, "center"), Column("状态", 14, "center", "取数"), Column("取值方式", 16, "small"),
    Column("来源文件", 24, "small", "文件"), Column("表", 26, "small"), Column("单元格", 9, "center"),
    Column("行列标题", 44, "small", "标题"), Column("原文", 18, "small"), Column("说明", 40, "small"),
)  # fmt: skip
FACT_COLUMNS = _numbers(FACT_TABLE)
FACT_VALUE = FACT_COLUMNS["值"]
PROOF = ("取值方式", "文件", "表", "单元格", "标题", "原文")
"""The columns of 取数 that say where a figure comes from."""
LOCATED_TABLE = (*FACT_TABLE[:4], Column("表的类型", 14, "small"), *FACT_TABLE[5:])
"""Below the facts stands every figure of the imported tables."""
WAITING_TABLE = (
    Column("序号", 6, "center"), Column("名称", 34, "text"), Column("单位", 8, "center"),
    Column("期间", 12, "center"), Column("通常在哪里", 62, "small"), Column("状态", 16, "center", "待填状态"),
    Column("填写", 18, name="待填"), Column("来源（文件、页或表）", 34, "small", "待填来源"),
)  # fmt: skip
WAITING_COLUMNS = _numbers(WAITING_TABLE)
CHECK_TABLE = (
    Column("序号", 6, "center"), Column("编号", 10, "center"), Column("核对事项", 44, "small"),
    Column("左方", 42, "small"), Column("左方数值", 15), Column("右方", 46, "small"), Column("右方数值", 15),
    Column("差额", 13), Column("允许差", 9), Column("结论", 10, "center"), Column("左方出处", 64, "small"),
    Column("右方出处", 64, "small"), Column("左方跳转", 9, "center"), Column("右方跳转", 9, "center"),
)  # fmt: skip
JUMPS, ARROW = ("左方跳转", "右方跳转"), "→"
"""Cells of their own: LibreOffice does not wrap the text of a link."""
CHECK_LETTERS = {name: column_letter(number) for name, number in _numbers(CHECK_TABLE).items()}
CHANGE_TABLE = (
    Column("序号", 6, "center"), Column("位置", 26, "small"), Column("名称", 28, "small"),
    Column("改动", 34, "small"), Column("原值", 14), Column("现值", 14), Column("单位", 7, "center"),
    Column("对总分的影响", 9, "points"), Column("涉及的指标", 28, "small"), Column("原来的出处", 42, "small"),
    Column("理由", 34, "typed"),
)  # fmt: skip
CHANGE_COLUMNS = _numbers(CHANGE_TABLE)
CHANGE_SUM = LIST_HEAD - 1
"""The row above the head of 改动 that says how many there are."""
GAIN_TABLE = (
    Column("序号", 5, "center"), Column("三级指标、要点", 17, "small"), Column("失分或未定", 7, "points"),
    Column("评分标准", 34, "small"), Column("现在的数和判定", 33, "small"), Column("只改一项（其他不变）", 24, "small"),
    Column("现在", 11), Column("改为", 11), Column("相差", 13, "center"), Column("得回", 6, "points"),
    Column("总分增加", 6, "points"), Column("随之变动", 22, "small"), Column("由谁提供什么", 32, "small"),
)  # fmt: skip
GAIN_STATE, GAIN_BASIS, GAIN_SEAL = 1, 7, 12
"""Columns of the row above the head of 提分: whether its figures still stand, the three sums it was reckoned on, a digest."""
TEXT_TABLE = (
    Column("序号", 6, "center"), Column("名称", 22, "text"), Column("用于报告", 12, "center"),
    Column("填写要求", 34, "small"), Column("内容", 78, "text"),
)  # fmt: skip
CHART_FIRST = 5
CHART_COLUMNS = {"得分": 3, "失分": 4, "满分": 5, "得分率": 6, "待核定": 7}
"""The last one came last: earlier workbooks have their cells where they were."""
COVER_ENTRIES = (
    (UNIT, 8, "单位名称："),
    (YEAR, 9, "评价年度："),
    (REVIEWER, 10, "评价人："),
    (REVIEWED_ON, 11, "评价日期："),
)
COVER_RESULTS = (
    (keys.ALL.points, 14, "总分："), (keys.ALL.grade, 15, "等级："), (keys.ALL.rule_points, 16, "按规则应得总分："),
    (keys.ALL.waiting, 17, "待核定指标："), (keys.ALL.unreasoned, 18, "缺核定理由的指标："),
)  # fmt: skip
COVER_REVIEW, COVER_CHANGES = 12, 19
"""The rows of 封面 that say how far the review is, where there was one, and how many numbers were changed by hand."""

# The hidden sheet makes the workbook self-contained and shows whether it was tampered with: labels in column A, texts in
# column B. Column D holds one cell of each style that tables and rows brought in later use: Excel renumbers styles when
# it saves, these cells keep them. Long texts go down a column of their own, so that none can be too long.
FORMAT, PIECE = "2", 8000
FORMAT_CELL = "B1"
ROW_FORMAT, ROW_RUBRIC, ROW_DIGEST = 1, 2, 3
DIGEST_CELL, FORMULAS_CELL, CHECKED_CELL = f"B{ROW_DIGEST}", "B4", "B5"
BLOCKS = {
    "definition": ("B", 10, "定义"), "sources": ("E", 2, "来源"), "located": ("F", 2, "定位"),
    "records": ("G", 2, "明细"), "checks": ("H", 2, "勾稽"), "sealed": ("I", 2, "封存的填写"),
    "tables": ("J", 2, "封存的表"), "reviews": ("K", 2, "复核"),
}  # fmt: skip
"""Column, first row and label of each long text, which is cut into pieces on consecutive rows."""
FIRST_FORMAT = {"sources": ("B", 110), "located": ("B", 150), "records": ("B", 300), "sealed": ("B", 510)}
"""Where workbooks of format 1 hold them. Those seal nothing, and their cross-checks are renewed by the next fill."""
STYLE_COLUMN = 4
KEPT_STYLES = (
    "text", "small", "center", "points", "amount", "rate", "count", "section", "head", "note", "table_text", "table_amount",
    "table_head", "table_title", "date", "typed",
)  # fmt: skip


def pieces(block: str, text: str) -> Iterator[tuple[str, str]]:
    """Cell and piece of a long text, one row after the other."""
    column, first, _ = BLOCKS[block]
    for number in range(-(-len(text) // PIECE)):
        yield f"{column}{first + number}", text[number * PIECE : (number + 1) * PIECE]


_NAMED = ("得分", "规则分", "核定分", "满分", "判定", "适用", "等级")


@dataclass(frozen=True, slots=True)
class Place:
    """A cell: sheet, row and column from 1; ``ref`` is ``C5``."""

    sheet: str
    row: int
    column: int
    ref: str = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ref", f"{column_letter(self.column)}{self.row}")

    @property
    def address(self) -> str:
        """``'取数'!$C$5``."""
        return f"'{self.sheet}'!${column_letter(self.column)}${self.row}"


COVER_TOLD = frozenset(
    Place(COVER, row, column) for row in (COVER_REVIEW, COVER_CHANGES) for column in (2, 3)
)
"""The cells of 封面 that tell of the review and of changes."""


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
    written: dict[str, str] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()
    digests: dict[tuple[object, ...], str] = field(default_factory=dict)
    fitting: list[Mapping[str, tuple[str, str]]] = field(default_factory=list)

    def without(self, *sheets: str) -> Plan:
        """The plan of a workbook that has no such sheets any more."""
        places = {key: place for key, place in self.places.items() if place.sheet not in sheets}
        gone = self.gone | {*sheets}
        return replace(self, places=places, gone=gone, digests={}, fitting=[]) if sheets else self

    @property
    def sheets(self) -> tuple[str, ...]:
        """The workbook's own sheets, in their order."""
        rubric = self.net.rubric
        first = [COVER, SCORES, *(name for name in self.forms if name == MAIN)]
        projects = [name for name in self.forms if name != MAIN]
        middle = [*([ROLLUP] if projects else []), *projects, *([POINTS] if self.part_rows else [])]
        last = [FACTS, WAITING, TARGETS, CHECKS, GAINS, CHARTS, CHANGES, *([TEXTS] if rubric.texts else [])]
        return tuple(name for name in (*first, *middle, *last) if name not in self.gone)

    @property
    def signed(self) -> tuple[str, ...]:
        """Those that a person signs."""
        return tuple(
            name for name in self.sheets if name in (COVER, SCORES, POINTS, TARGETS) or name in self.forms
        )

    def cells(self, sheet: str) -> Callable[[str], str]:
        """How formulas of a sheet write a key: its name, or its address."""

        def written(key: str) -> str:
            name = self.names.get(key)
            if name is not None:
                return name
            place = self.places[key]
            # row tables read their own row: relative and without the sheet, so that every row looks alike
            return place.ref if place.sheet == sheet and "[" in key else place.address

        return written

    def printed_targets(self, entries: Mapping[str, Value]) -> str:
        """The areas of 目标完成 that are printed: each table as far as it is filled; the first where nothing is."""
        tables = self.net.rubric.tables.values()
        areas: list[tuple[int, int]] = []
        for table in tables:
            columns = [column.name for column in table.columns if column.expr is None]
            filled = [
                row
                for row in range(1, table.rows + 1)
                if any(entries.get(table.key(row, name)) not in (None, "") for name in columns)
            ]
            top = self.table_tops[table.name]
            areas.append((top, top + 1 + max(filled, default=0)))
        used = [area for area in areas if area[1] > area[0] + 1] or [(areas[0][0], areas[0][0] + 4)]
        right = column_letter(max(len(table.columns) for table in tables) + 1)
        return ",".join(f"'{TARGETS}'!$A${top}:${right}${last}" for top, last in used)

    def formula(self, key: str) -> str:
        """The formula of an item, as it stands in its cell (without ``=``)."""
        if key not in self.written:
            self.written[key] = self.net.items[key].formula(self.cells(self.places[key].sheet))
        return self.written[key]


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
    for row, text in enumerate(net.rubric.texts, LIST_FIRST):
        plan.places[text.entry] = Place(TEXTS, row, len(TEXT_TABLE))
    taken: set[str] = set()
    for key in net.entries | net.items:
        name = _name(key)
        if name and key in plan.places:
            plan.names[key] = _legal(name, taken)
    for key in net.columns:
        plan.names[key] = _legal(key.replace(".", "_"), taken)
    return plan


def _legal(name: str, taken: set[str]) -> str:
    """A name that every engine takes for one, used once: a title with signs, a digit first or like a cell gets a safe one."""
    kept = "".join(letter for letter in name if letter.isalnum() or letter in "_.")[:MOST_LETTERS]
    kept = kept if kept and not (kept[0].isdigit() or _CELL_LIKE.fullmatch(kept)) else f"_{kept}"
    made = (
        kept
        if kept.upper() not in taken
        else next(f"{kept}_{n}" for n in itertools.count(2) if f"{kept}_{n}".upper() not in taken)
    )
    taken.add(made.upper())
    return made


MOST_LETTERS = 80
_CELL_LIKE = re.compile(r"[A-Za-z]{1,3}\d{1,7}|[Rr]\d*(?:[Cc]\d*)?|[Cc]\d*")


def _name(key: str) -> str:
    """The workbook-wide name of a key, or an empty text: rows of tables and inner values have none."""
    head, _, tail = key.partition(".")
    if "[" in key and not head.startswith("一级"):
        return ""
    return f"{head.translate(_NO_BRACKETS)}_{tail}" if tail in _NAMED else "" if tail else key


_NO_BRACKETS = str.maketrans("", "", "[]")


def _cover(plan: Plan) -> None:
    plan.places[keys.TITLE] = Place(COVER, 4, 1)
    for key, row, _ in (*COVER_ENTRIES, *COVER_RESULTS):
        plan.places[key] = Place(COVER, row, 3)


def _scores(plan: Plan) -> None:
    for row, indicator in enumerate(plan.net.rubric.indicators(), SCORE_FIRST):
        plan.score_rows[indicator.key] = row
        for name, column in SCORE_COLUMNS.items():
            plan.places[Keys(indicator.key).cell(name)] = Place(SCORES, row, column)
        if Keys(indicator.key).shown_weight in plan.net.items:
            plan.places[Keys(indicator.key).shown_weight] = Place(SCORES, row, WEIGHT_COLUMN)
    plan.places[keys.SHEET_UNIT] = Place(SCORES, 3, 1)
    plan.places[keys.SHEET_TOTAL] = Place(SCORES, SCORE_TOTAL, SCORE_COLUMNS["得分"])
    plan.places[keys.SHEET_RULE_TOTAL] = Place(SCORES, SCORE_TOTAL, SCORE_COLUMNS["规则分"])


def _points(plan: Plan) -> None:
    row = LIST_FIRST
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
    if NONE_HAPPENED in plan.net.entries:
        plan.places[NONE_HAPPENED] = Place(FACTS, LIST_HEAD - 1, FACT_VALUE)
    row = LIST_FIRST
    for name in plan.net.rubric.facts:
        plan.fact_rows[name] = row
        plan.places[name] = Place(FACTS, row, FACT_VALUE)
        plan.places[Keys(name).found] = Place(FACTS, row, FACT_COLUMNS["取数"])
        row += 1
    for place, name in enumerate(gathered(plan.net.rubric), LIST_FIRST):
        for word in ("待填", "待填来源", "待填状态"):
            plan.places[Keys(name).cell(word)] = Place(WAITING, place, WAITING_COLUMNS[word])
    plan.quantity_head = row + 1
    row += 3
    for name in plan.net.rubric.quantities:
        plan.fact_rows[name] = row
        plan.places[name] = Place(FACTS, row, FACT_VALUE)
        row += 1
    plan.located_head = row + 1


def gathered(rubric: Rubric) -> list[str]:
    """The facts of a rubric as one gathers them: document by document in the order in which the rubric names them."""
    documents = dict.fromkeys(need.documents[0] for need in rubric.facts.values() if need.documents)
    order = {document: number for number, document in enumerate(documents)}
    return sorted(
        rubric.facts,
        key=lambda name: (
            order[rubric.facts[name].documents[0]] if rubric.facts[name].documents else len(order)
        ),
    )


_PERIODS = {"上年": "上年度", "上一年": "上年度", "年初": "本年年初", "年末": "本年年末", "期末": "本年年末"}
"""What the name of a fact says of its period; the year of the evaluation where it says nothing."""


def period_of(name: str) -> str:
    """Of which period a fact is, for who gathers it."""
    return next((period for word, period in _PERIODS.items() if word in name), "本年度")


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
    rubric, top = plan.net.rubric, CHART_FIRST
    for owners in chart_groups(rubric):
        for row, (_, _, own) in enumerate(owners, top):
            for name, column in CHART_COLUMNS.items():
                if own.cell(name) in plan.net.items:
                    plan.places[own.cell(name)] = Place(CHARTS, row, column)
        top += len(owners) + 2
    plan.indicator_chart = top
    for row, indicator in enumerate(rubric.indicators(), plan.indicator_chart + 1):
        for column, key in enumerate(keys.charted(indicator.key).values(), CHART_COLUMNS["得分"]):
            plan.places[key] = Place(CHARTS, row, column)


def chart_groups(rubric: Rubric) -> list[list[tuple[str, str, Keys]]]:
    """Number, title and keys of every 一级指标, and of every 二级指标."""
    firsts = [(str(i), first.title, keys.first(i)) for i, first in enumerate(rubric.firsts, 1)]
    seconds = [
        (f"{i}.{j}", second.title, keys.second(i, j))
        for i, first in enumerate(rubric.firsts, 1)
        for j, second in enumerate(first.seconds, 1)
    ]
    return [firsts, seconds]


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
