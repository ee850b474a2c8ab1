"""勾稽: head of the cross-check table; its rows are written when tables are brought in."""

from __future__ import annotations

from jixiao.master.look import PENDING_FILL, WRONG_FILL
from jixiao.master.plan import CHECK_FIRST, CHECK_HEAD, CHECKS
from jixiao.master.sheets.pen import A3, Pen, finish

WIDTHS = (6, 10, 44, 42, 15, 46, 15, 13, 9, 10, 64, 64)
TITLES = (
    "序号",
    "编号",
    "核对事项",
    "左方",
    "左方数值",
    "右方",
    "右方数值",
    "差额",
    "允许差",
    "结论",
    "左方出处",
    "右方出处",
)
ROWS = 400  # conditional formats reach this far; more rows are allowed, without colour


def write(pen: Pen) -> None:
    """The head and the set-up."""
    sheet = pen.sheet(CHECKS)
    for index, width in enumerate(WIDTHS):
        sheet.set_column(index, index, width)
    sheet.set_default_row(40)  # rows come later, when tables are brought in: room for three lines of text
    pen.merge(CHECKS, (1, 1, 1, 12), "勾稽核对表", "title")
    sheet.set_row(0, 30)
    note = "每行比较两处应当相等的数。差额在允许差以内的为“尾差”，超出的为“不一致”；缺少一方数据的为“未核对”，不视为通过。点击出处可跳到原表的单元格。"
    pen.merge(CHECKS, (2, 1, 2, 12), note, "note")
    sheet.set_row(1, 20)
    sheet.set_row(2, 8)
    for column, title in enumerate(TITLES, 1):
        pen.text(CHECKS, CHECK_HEAD, column, title, "head")
    sheet.set_row(CHECK_HEAD - 1, 22)
    for verdict, look in (("不一致", {"bg_color": WRONG_FILL}), ("未核对", {"bg_color": PENDING_FILL})):
        spec = {
            "type": "formula",
            "criteria": f'=$J{CHECK_FIRST}="{verdict}"',
            "format": pen.book.add_format(look),
        }
        sheet.conditional_format(CHECK_FIRST - 1, 0, CHECK_FIRST + ROWS, 9, spec)
    finish(sheet, paper=A3, head=(CHECK_HEAD, CHECK_HEAD), columns=3)
