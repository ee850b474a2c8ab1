"""目标完成: the row tables of the rubric (yearly targets, projects): planned and done, rates beside them."""

from __future__ import annotations

from jixiao.master.look import style_of
from jixiao.master.plan import TARGETS
from jixiao.master.sheets.pen import A3, Pen, finish


def write(pen: Pen) -> None:
    """The whole sheet."""
    sheet, plan = pen.sheet(TARGETS), pen.plan
    tables = plan.system.rubric.tables.values()
    columns = max(len(table.columns) for table in tables)
    sheet.set_column(0, 0, 6)
    for index in range(columns):
        sheet.set_column(
            index + 1, index + 1, max(t.columns[index].width for t in tables if index < len(t.columns))
        )
    pen.merge(TARGETS, (1, 1, 1, columns + 1), "目标与项目完成情况表", "title")
    sheet.set_row(0, 30)
    pen.merge(TARGETS, (2, 1, 2, columns + 1), HELP, "note")
    for table in tables:
        top = plan.table_tops[table.name]
        pen.text(TARGETS, top, 1, table.title, "section")
        pen.text(TARGETS, top + 1, 1, "序号", "head")
        for index, column in enumerate(table.columns):
            unit = "" if column.unit in ("文字", "数值", "个") else f"\n（{column.unit}）"
            pen.text(TARGETS, top + 1, index + 2, column.name + unit, "head")
        sheet.set_row(top, 34)
        for row in range(1, table.rows + 1):
            pen.text(TARGETS, top + 1 + row, 1, str(row), "center")
            for column in table.columns:
                key = table.key(row, column.name)
                if column.expr is not None:
                    pen.item(key, style_of(column.unit))
                else:
                    pen.entry(key, "text" if column.unit == "文字" and not column.choices else "")
    sheet.set_h_pagebreaks([top - 1 for top in plan.table_tops.values() if top > 4])
    finish(sheet, paper=A3, head=(1, 2), columns=2)


HELP = "浅黄色单元格填写，其余自动计算。目标的“方向”空白视为“不低于”；项目的“调整后预算”空白视为未调整。"
