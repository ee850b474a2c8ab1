"""Where the cells of the self-evaluation forms and of the roll-up stand: key -> (row, column). Pure arithmetic.

A form's official columns are A-I; from K on, outside the print area, stands what its rows are scored from.
"""

from __future__ import annotations

from dataclasses import dataclass

from jixiao.model import PENDING
from jixiao.rubric import EXECUTION, FIGURES, SelfTable, SelfTables
from jixiao.scoring.selfeval import rollup

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
        ("资金表", (*rollup.FUNDS, rollup.UNNAMED_FUND)),
        ("级次表", (rollup.OWN, *rollup.LEVELS, rollup.TRANSFERS)),
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
    for group in (*rollup.FUNDS, rollup.UNNAMED_FUND, rollup.OWN, *rollup.LEVELS):
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
