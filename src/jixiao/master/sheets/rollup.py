"""项目汇总: the department's project tables in one list, with sums by fund, level and grade."""

from __future__ import annotations

from jixiao.master.formplan import BEST_COLUMN, GROUP_COLUMNS, ROLL_COLUMNS, ROLL_FIRST, ROLL_HEAD
from jixiao.master.plan import ROLLUP
from jixiao.master.sheets.pen import A4, Pen, finish
from jixiao.model import PENDING
from jixiao.rubric import FIGURES
from jixiao.scoring.selfeval import rollup

WIDTHS = (8, 34, 18, 14, 13, 13, 13, 11, 12, 11, 10, 10, 2, 2, 8, 8, 12, 12, 12)
SHOWN = {
    "名称": "项目名称", "执行率": "执行率\n（对全年预算）", "年初执行率": "执行率\n（对年初预算）", "调整率": "预算调整率",
}  # fmt: skip
STYLE = {
    "名称": "text", "资金性质": "center", "项目类别": "center", **dict.fromkeys(FIGURES, "amount"),
    "执行率": "rate", "年初执行率": "rate", "调整率": "rate", "得分": "points", "等级": "center",
}  # fmt: skip
NOTE = "项目的名称、资金性质、项目类别和资金数在“目标完成”表填写，指标和得分见各项目自评表。"


def write(pen: Pen) -> None:
    """The whole sheet."""
    sheet, rows = pen.sheet(ROLLUP), pen.plan.rollup_rows
    for index, width in enumerate(WIDTHS):
        sheet.set_column(index, index, width)
    pen.merge(ROLLUP, (1, 1, 1, 12), "项目支出绩效自评汇总表", "title")
    sheet.set_row(0, 30)
    sheet.merge_range(1, 0, 1, 8, "", pen.format("note"))
    pen.text(ROLLUP, 2, 1, NOTE, "note")
    pen.text(ROLLUP, 2, 12, "单位：万元", "subtitle_right")
    _list(pen)
    _groups(pen, "资金表", "按资金性质", (*rollup.FUNDS, rollup.UNNAMED_FUND))
    _groups(pen, "级次表", "按项目类别", (rollup.OWN, *rollup.LEVELS))
    _transfers(pen)
    _grades(pen)
    for row in range(rows["合计"] + 1, rows["评优率"] + 1):
        sheet.set_row(row - 1, 20)
    finish(sheet, paper=A4, head=(ROLL_HEAD, ROLL_HEAD), columns=2)
    sheet.print_area(0, 0, rows["评优率"] - 1, 11)


def _list(pen: Pen) -> None:
    sheet = pen.sheet(ROLLUP)
    pen.text(ROLLUP, ROLL_HEAD, 1, "序号", "head")
    for title, column in ROLL_COLUMNS.items():
        pen.text(ROLLUP, ROLL_HEAD, column, SHOWN.get(title, title), "head")
    sheet.set_row(ROLL_HEAD - 1, 32)
    count = pen.plan.system.rubric.self_tables.count
    for number in range(1, count + 1):
        row = ROLL_FIRST + number - 1
        pen.text(ROLLUP, row, 1, str(number), "center")
        for title in ROLL_COLUMNS:
            pen.item(f"{rollup.LIST}[{number}].{title}", STYLE.get(title, "count"))
        sheet.set_row(row - 1, 22)
    end = pen.plan.rollup_rows["合计"]
    pen.text(ROLLUP, end, 1, "合计", "total_text")
    for column in (3, 4, 12):
        pen.text(ROLLUP, end, column, "", "total_text")
    pen.item(f"{rollup.SUM}.项目个数", "total_count")
    for title in (*FIGURES, "执行率", "年初执行率", "调整率"):
        pen.item(f"{rollup.SUM}.{title}", "total_amount" if title in FIGURES else "total_rate")
    pen.item(f"{rollup.SUM}.平均得分", "total_mean")
    sheet.set_row(end - 1, 24)


def _groups(pen: Pen, head: str, title: str, groups: tuple[str, ...]) -> None:
    row = pen.plan.rollup_rows[head]
    pen.merge(ROLLUP, (row, 1, row, 3), title, "head")
    for name, column in GROUP_COLUMNS.items():
        pen.text(ROLLUP, row, column, {"个数": "项目个数", "占比": "占执行数"}.get(name, name), "head")
    for group in groups:
        row = pen.plan.rollup_rows[group]
        pen.merge(ROLLUP, (row, 1, row, 3), group, "text")
        for name in GROUP_COLUMNS:
            style = {"个数": "count", "占比": "rate"}.get(name, "amount")
            pen.item(f"{rollup.SUM}.{group}.{name}", style)


def _transfers(pen: Pen) -> None:
    row, start = pen.plan.rollup_rows[rollup.TRANSFERS], f"{rollup.SUM}.{rollup.TRANSFERS}"
    pen.merge(ROLLUP, (row, 1, row, 3), "其中：转移支付合计", "text")
    head = pen.plan.rollup_rows["级次表"]
    for column, title in ((BEST_COLUMN - 1, "评优个数"), (BEST_COLUMN, "评优率")):
        pen.text(ROLLUP, head, column, title, "head")
    pen.text(ROLLUP, row, 8, "", "text")
    for name, style in (("个数", "count"), *((figure, "amount") for figure in FIGURES), ("优个数", "count")):
        pen.item(f"{start}.{name}", style)
    pen.item(f"{start}.评优率", "rate")
    assert pen.plan.places[f"{start}.评优率"].column == BEST_COLUMN


def _grades(pen: Pen) -> None:
    rows = pen.plan.rollup_rows
    row = rows["等级表"]
    pen.merge(ROLLUP, (row, 1, row, 3), "按等级", "head")
    pen.text(ROLLUP, row, 4, "项目个数", "head")
    for grade in (*rollup.grades_of(pen.plan.system.rubric.self_tables), PENDING):
        pen.merge(ROLLUP, (rows[grade], 1, rows[grade], 3), grade, "text")
        pen.item(f"{rollup.SUM}.{grade}.个数", "count")
    row = rows["评优率"]
    pen.merge(ROLLUP, (row, 1, row, 3), "评优率", "total_text")
    pen.item(f"{rollup.SUM}.评优率", "total_rate")
