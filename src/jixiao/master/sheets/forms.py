"""The self-evaluation forms and the summary of projects."""

from __future__ import annotations

from jixiao.master.look import LOST_INK, PENDING_FILL
from jixiao.master.plan import (
    BEST_COLUMN,
    BLOCK_COLUMNS,
    BODIES_ROW,
    FUND_FIRST,
    FUND_HEAD,
    GROUP_COLUMNS,
    NAME_ROW,
    ROLL_COLUMNS,
    ROLL_FIRST,
    ROLL_HEAD,
    ROLLUP,
    ROW_COLUMNS,
    FormPlan,
)
from jixiao.master.sheets.pen import A4, Pen, finish
from jixiao.model import PENDING, plain
from jixiao.office import column_letter
from jixiao.rubric import EXECUTION, FIGURES, FUNDS, MAIN, TRANSFER_LEVELS
from jixiao.scoring import ALL_TRANSFERS, LIST, OWN, SUM, UNNAMED_FUND, Keys, grades_of, keys

ROLLUP_WIDTHS = (8, 34, 18, 14, 13, 13, 13, 11, 12, 11, 10, 10, 2, 2, 8, 8, 12, 12, 12)
SHOWN = {
    "名称": "项目名称", "执行率": "执行率\n（对全年预算）", "年初执行率": "执行率\n（对年初预算）", "调整率": "预算调整率",
}  # fmt: skip
STYLE = {
    "名称": "text", "资金性质": "center", "项目类别": "center", **dict.fromkeys(FIGURES, "amount"),
    "执行率": "rate", "年初执行率": "rate", "调整率": "rate", "得分": "points", "等级": "center",
}  # fmt: skip
NOTE = "项目的名称、资金性质、项目类别和资金数在“目标完成”表填写，指标和得分见各项目自评表。"


def write_rollup(pen: Pen) -> None:
    """The whole sheet."""
    sheet, rows = pen.sheet(ROLLUP), pen.plan.rollup_rows
    for index, width in enumerate(ROLLUP_WIDTHS):
        sheet.set_column(index, index, width)
    pen.merge(ROLLUP, (1, 1, 1, 12), "项目支出绩效自评汇总表", "title")
    sheet.set_row(0, 30)
    sheet.merge_range(1, 0, 1, 8, "", pen.format("note"))
    pen.text(ROLLUP, 2, 1, NOTE, "note")
    pen.text(ROLLUP, 2, 12, "单位：万元", "subtitle_right")
    _list(pen)
    _groups(pen, "资金表", "按资金性质", (*FUNDS, UNNAMED_FUND))
    _groups(pen, "级次表", "按项目类别", (OWN, *TRANSFER_LEVELS))
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
    count = pen.plan.net.rubric.self_tables.count
    for number in range(1, count + 1):
        row = ROLL_FIRST + number - 1
        pen.text(ROLLUP, row, 1, str(number), "center")
        for title in ROLL_COLUMNS:
            pen.item(keys.row(LIST, number).cell(title), STYLE.get(title, "count"))
        sheet.set_row(row - 1, 22)
    end = pen.plan.rollup_rows["合计"]
    pen.text(ROLLUP, end, 1, "合计", "total_text")
    for column in (3, 4, 12):
        pen.text(ROLLUP, end, column, "", "total_text")
    pen.item(SUM.projects, "total_count")
    for title in (*FIGURES, "执行率", "年初执行率", "调整率"):
        pen.item(SUM.cell(title), "total_amount" if title in FIGURES else "total_rate")
    pen.item(SUM.mean, "total_mean")
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
            pen.item(SUM.of(group).cell(name), style)


def _transfers(pen: Pen) -> None:
    row, own = pen.plan.rollup_rows[ALL_TRANSFERS], SUM.of(ALL_TRANSFERS)
    pen.merge(ROLLUP, (row, 1, row, 3), "其中：转移支付合计", "text")
    head = pen.plan.rollup_rows["级次表"]
    for column, title in ((BEST_COLUMN - 1, "评优个数"), (BEST_COLUMN, "评优率")):
        pen.text(ROLLUP, head, column, title, "head")
    pen.text(ROLLUP, row, 8, "", "text")
    pen.item(own.count, "count")
    for figure in FIGURES:
        pen.item(own.cell(figure), "amount")
    pen.item(own.best, "count")
    pen.item(own.best_rate, "rate")


def _grades(pen: Pen) -> None:
    rows = pen.plan.rollup_rows
    row = rows["等级表"]
    pen.merge(ROLLUP, (row, 1, row, 3), "按等级", "head")
    pen.text(ROLLUP, row, 4, "项目个数", "head")
    for grade in (*grades_of(pen.plan.net.rubric.self_tables), PENDING):
        pen.merge(ROLLUP, (rows[grade], 1, rows[grade], 3), grade, "text")
        pen.item(SUM.of(grade).count, "count")
    row = rows["评优率"]
    pen.merge(ROLLUP, (row, 1, row, 3), "评优率", "total_text")
    pen.item(SUM.best_rate, "total_rate")


FORMS_WIDTHS = (9, 13, 25, 13, 13, 12, 9, 9, 18, 2, 8, 12, 8, 12, 26, 10, 12, 9, 10, 9, 9, 9, 24, 40)
RIGHT = {
    "性质": "性质", "指标值": "指标值", "单位": "单位", "完成值": "完成值", "达成程度": "达成程度（定性）",
    "给分比例": "给分比例（定性）", "计分方式": "计分方式", "及格线": "及格线",
    "完成率": "完成率", "规则分": "规则分", "自评分": "自评分", "核定分": "核定分", "核定理由": "核定理由",
    "评分说明": "评分说明",
}  # fmt: skip
STYLES = {
    "三级指标": "small", "分值": "points", "偏差原因": "small", "性质": "center", "指标值": "center", "单位": "center",
    "完成值": "center", "达成程度": "small", "给分比例": "rate", "计分方式": "center", "及格线": "rate",
    "自评分": "points", "核定分": "points", "核定理由": "small", "年度指标值": "center", "实际完成值": "center",
    "得分": "points", "完成率": "rate", "规则分": "points", "评分说明": "small",
}  # fmt: skip
FORMS_HELP = (
    "浅黄色单元格填写，不打印：定量指标填性质、指标值、单位、完成值；定性指标性质选“定性”，指标值和完成值写文字，并选达成程度、"
    "填给分比例。性质空白视为“≥”，计分方式空白视为按完成比例；填了及格线的，完成率低于及格线不得分。"
    "填了核定分必须写核定理由。"
)


def write_forms(pen: Pen, name: str) -> None:
    """The whole sheet of one form."""
    sheet, plan = pen.sheet(name), pen.plan.forms[name]
    for index, width in enumerate(FORMS_WIDTHS):
        sheet.set_column(index, index, width)
    _head(pen, name, plan)
    _money(pen, name, plan)
    _goal(pen, name, plan)
    _rows(pen, name, plan)
    _total(pen, name, plan)
    _blocks(pen, name, plan)
    last = plan.total + (1 if plan.form.footnote else 0)
    finish(sheet, paper=A4, head=(1, 1), columns=0)
    sheet.set_portrait()
    sheet.fit_to_pages(1, 1)
    sheet.freeze_panes(0, 0)
    sheet.print_area(0, 0, last - 1, 8)
    sheet.center_horizontally()


def _head(pen: Pen, name: str, plan: FormPlan) -> None:
    sheet, own = pen.sheet(name), Keys(name)
    pen.merge(name, (1, 1, 1, 9), plan.form.title, "title")
    sheet.set_row(0, 32)
    sheet.merge_range(1, 0, 1, 8, "", pen.format("cover_sub"))
    pen.item(own.cell("年度"), "cover_sub")
    sheet.merge_range(1, 10, 1, 23, "", pen.format("note"))
    pen.text(name, 2, 11, FORMS_HELP, "note")
    sheet.set_row(1, 26)
    label = "项目名称" if name != MAIN or not pen.plan.net.rubric.self_tables.figures else "单位名称"
    pen.merge(name, (NAME_ROW, 1, NAME_ROW, 2), label, "head")
    sheet.merge_range(NAME_ROW - 1, 2, NAME_ROW - 1, 8, "", pen.format("center"))
    pen.item(own.name, "center")
    pen.merge(name, (BODIES_ROW, 1, BODIES_ROW, 2), "主管部门", "head")
    _wide(pen, own.department, 3, 5, "center")
    pen.text(name, BODIES_ROW, 6, "实施单位", "head")
    _wide(pen, own.body, 7, 9, "center")
    for row in (NAME_ROW, BODIES_ROW):
        sheet.set_row(row - 1, 24)


def _wide(pen: Pen, key: str, left: int, right: int, style: str) -> None:
    """An entry over several columns."""
    place = pen.plan.places[key]
    cell_format = pen.format(style, entry=True)
    pen.sheet(place.sheet).merge_range(place.row - 1, left - 1, place.row - 1, right - 1, "", cell_format)
    pen.entry(key, style)


def _money(pen: Pen, name: str, plan: FormPlan) -> None:
    form, own, last = plan.form, Keys(name), FUND_FIRST + len(plan.form.funds) - 1
    pen.merge(
        name, (FUND_HEAD, 1, last, 2), "资金情况\n（万元）" if name == MAIN else "项目资金\n（万元）", "head"
    )
    titles = ("", *FIGURES, "分值", "执行率", "得分")
    for column, head in enumerate(titles, 3):
        pen.text(name, FUND_HEAD, column, head, "head")
    for number, title in enumerate(form.funds, 1):
        row = FUND_FIRST + number - 1
        pen.text(name, row, 3, title if number == 1 or title.startswith("其中") else "　　　" + title, "text")
        for figure in FIGURES:
            if number == 1:
                pen.item(own.cell(figure), "amount")
            else:
                pen.entry(own.fund(number).cell(figure), "amount")
        if number > 1:
            for column in (7, 8, 9):
                pen.text(name, row, column, "—", "center")
        pen.sheet(name).set_row(row - 1, 24)
    pen.text(name, FUND_FIRST, 7, plain(form.execution), "points")
    pen.item(own.executed, "rate")
    pen.item(own.of(EXECUTION).points, "points")
    pen.sheet(name).set_row(FUND_HEAD - 1, 22)


def _goal(pen: Pen, name: str, plan: FormPlan) -> None:
    top = plan.goal
    pen.merge(name, (top, 1, top + 1, 1), "年度\n总体\n目标", "head")
    pen.merge(name, (top, 2, top, 5), "预期目标", "head")
    pen.merge(name, (top, 6, top, 9), "实际完成情况", "head")
    _wide(pen, Keys(name).goal, 2, 5, "small")
    _wide(pen, Keys(name).result, 6, 9, "small")
    pen.sheet(name).set_row(top - 1, 20)
    pen.sheet(name).set_row(top, 140)


def _rows(pen: Pen, name: str, plan: FormPlan) -> None:
    head = plan.first - 1
    for column, title in enumerate(
        ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"), 1
    ):
        pen.text(name, head, column, title, "head")
    pen.merge(name, (head, 8, head, 9), "偏差原因分析及改进措施", "head")
    for title, shown in RIGHT.items():
        pen.text(name, head, ROW_COLUMNS[title], shown, "head")
    pen.sheet(name).set_row(head - 1, 30)
    row = plan.first
    for block in plan.form.blocks:
        top = row
        for second in block.seconds:
            pen.merge(name, (row, 2, row + second.rows - 1, 2), second.title, "center")
            row += second.rows
        pen.merge(name, (top, 1, row - 1, 1), f"{block.title}\n（{plain(block.full)}分）", "center")
    for number, _, _ in plan.form.rows():
        row_keys = keys.row(name, number)
        place = pen.plan.places[row_keys.cell("偏差原因")]
        pen.sheet(name).merge_range(place.row - 1, 7, place.row - 1, 8, "", pen.format("small", entry=True))
        for title in ROW_COLUMNS:
            key = row_keys.cell(title)
            if key in pen.plan.net.entries:
                pen.entry(key, STYLES[title])
            else:
                pen.item(key, STYLES[title])
        pen.sheet(name).set_row(place.row - 1, 35)


def _total(pen: Pen, name: str, plan: FormPlan) -> None:
    row = plan.total
    pen.merge(name, (row, 1, row, 5), "总　　分", "total_text")
    pen.text(name, row, 6, "100", "total_text")
    pen.item(Keys(name).total, "total")
    pen.text(name, row, 8, "等级", "total_text")
    pen.item(Keys(name).grade, "total_text")
    pen.sheet(name).set_row(row - 1, 24)
    if plan.form.footnote:
        pen.sheet(name).merge_range(row, 0, row, 8, "", pen.format("note"))
        pen.text(name, row + 1, 1, f"注：{plan.form.footnote}", "note")
        pen.sheet(name).set_row(row, 40)
    rows = (plan.first - 1, 6, plan.total - 2, 6)
    cell = f"${column_letter(7)}{plan.first}"
    sheet = pen.sheet(name)
    sheet.conditional_format(
        *rows, {"type": "formula", "criteria": f'={cell}="{PENDING}"', "format": _mark(pen, PENDING_FILL)}
    )
    lost = f"=AND(ISNUMBER({cell}),{cell}<$F{plan.first})"
    sheet.conditional_format(
        *rows, {"type": "formula", "criteria": lost, "format": pen.book.add_format({"font_color": LOST_INK})}
    )


def _mark(pen: Pen, fill: str) -> object:
    return pen.book.add_format({"bg_color": fill})


def _blocks(pen: Pen, name: str, plan: FormPlan) -> None:
    """Beside the total, outside the print area: points filled in against full points, block by block."""
    pen.text(name, plan.total, 13, "待定部分", "head")
    pen.item(Keys(name).open, "points")
    row = plan.blocks
    pen.text(name, row, 11, "一级指标", "head")
    for title, shown in (
        ("满分", "应有分值"),
        ("分值", "所填分值合计"),
        ("待定", "待核定项"),
        ("得分", "得分"),
        ("适用", "是否适用"),
    ):
        pen.text(name, row, BLOCK_COLUMNS[title], shown, "head")
    for block in plan.form.blocks:
        row += 1
        pen.text(name, row, 11, block.title, "small")
        own = Keys(name).of(block.title)
        for key in (own.full, own.weight, own.open, own.points):
            pen.item(key, "points")
        if block.moves_to:
            pen.entry(own.applies, "center")
