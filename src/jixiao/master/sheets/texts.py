"""文字: what only a person can write for the reports, one text a row; the entry cell is unlocked and wraps."""

from __future__ import annotations

from jixiao.master.plan import TEXT_FIRST, TEXT_HEAD, TEXTS
from jixiao.master.sheets.pen import A4, Pen, finish

WIDTHS = (6, 22, 12, 34, 78)
TITLES = ("序号", "名称", "用于报告", "填写要求", "内容")
HELP = (
    "撰写报告时用到、只能由人写的文字，填在浅黄色单元格；另起一段按 Alt+Enter。空白的，正式报告略去该部分，草稿标出待填写。"
    "重新撰写报告时这里的文字不变。"
)
HEIGHT, SHORT = 92, 30


def write(pen: Pen) -> None:
    """The whole sheet."""
    sheet = pen.sheet(TEXTS)
    for index, width in enumerate(WIDTHS):
        sheet.set_column(index, index, width)
    pen.merge(TEXTS, (1, 1, 1, len(WIDTHS)), "报告文字", "title")
    sheet.set_row(0, 30)
    pen.merge(TEXTS, (2, 1, 2, len(WIDTHS)), HELP, "note")
    sheet.set_row(1, 30)
    for column, title in enumerate(TITLES, 1):
        pen.text(TEXTS, TEXT_HEAD, column, title, "head")
    sheet.set_row(TEXT_HEAD - 1, 22)
    for row, need in enumerate(pen.plan.system.rubric.texts, TEXT_FIRST):
        pen.text(TEXTS, row, 1, str(row - TEXT_FIRST + 1), "center")
        pen.text(TEXTS, row, 2, need.title, "text")
        pen.text(TEXTS, row, 3, "、".join(need.reports), "center")
        pen.text(TEXTS, row, 4, need.hint, "small")
        pen.entry(need.entry, "text")
        sheet.set_row(row - 1, SHORT if "印在封面" in need.hint or "日期" in need.title else HEIGHT)
    last = TEXT_FIRST + max(len(pen.plan.system.rubric.texts), 1) - 1
    sheet.print_area(0, 0, last - 1, len(WIDTHS) - 1)
    finish(sheet, paper=A4, head=(TEXT_HEAD, TEXT_HEAD), columns=2)
