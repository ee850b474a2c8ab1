"""The sheets of figures: facts with proof, yearly targets, cross-checks."""

from __future__ import annotations

from jixiao.master.look import MISSING_FILL, PENDING_FILL, WRONG_FILL, style_of
from jixiao.master.plan import (
    CHECK_FIRST,
    CHECK_HEAD,
    CHECKS,
    FACT_COLUMNS,
    FACT_FIRST,
    FACT_HEAD,
    FACTS,
    TARGETS,
)
from jixiao.master.sheets.pen import A3, Pen, finish
from jixiao.office import column_letter
from jixiao.scoring import Keys

CHECKS_WIDTHS = (6, 10, 44, 42, 15, 46, 15, 13, 9, 10, 64, 64)
CHECKS_TITLES = (
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


def write_checks(pen: Pen) -> None:
    """The head and the set-up."""
    sheet = pen.sheet(CHECKS)
    for index, width in enumerate(CHECKS_WIDTHS):
        sheet.set_column(index, index, width)
    sheet.set_default_row(40)  # rows come later, when tables are brought in: room for three lines of text
    pen.merge(CHECKS, (1, 1, 1, 12), "勾稽核对表", "title")
    sheet.set_row(0, 30)
    note = "每行比较两处应当相等的数。差额在允许差以内的为“尾差”，超出的为“不一致”；缺少一方数据的为“未核对”，不视为通过。点击出处可跳到原表的单元格。"
    pen.merge(CHECKS, (2, 1, 2, 12), note, "note")
    sheet.set_row(1, 20)
    sheet.set_row(2, 8)
    for column, title in enumerate(CHECKS_TITLES, 1):
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


def write_targets(pen: Pen) -> None:
    """The whole sheet."""
    sheet, plan = pen.sheet(TARGETS), pen.plan
    tables = plan.net.rubric.tables.values()
    columns = max(len(table.columns) for table in tables)
    sheet.set_column(0, 0, 6)
    for index in range(columns):
        sheet.set_column(
            index + 1, index + 1, max(t.columns[index].width for t in tables if index < len(t.columns))
        )
    pen.merge(TARGETS, (1, 1, 1, columns + 1), "目标与项目完成情况表", "title")
    sheet.set_row(0, 30)
    pen.merge(TARGETS, (2, 1, 2, columns + 1), TARGETS_HELP, "note")
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


TARGETS_HELP = (
    "浅黄色单元格填写，其余自动计算。目标的“方向”空白视为“不低于”；项目的“调整后预算”空白视为未调整。"
)


FACTS_WIDTHS = (6, 34, 18, 8, 14, 16, 24, 26, 9, 44, 18, 40)
FACTS_TITLES = (
    "序号",
    "名称",
    "数值",
    "单位",
    "状态",
    "取值方式",
    "来源文件",
    "表",
    "单元格",
    "行列标题",
    "原文",
    "说明",
)


def write_facts(pen: Pen) -> None:
    """The whole sheet; located figures of imported tables are added below when tables are brought in."""
    sheet, plan = pen.sheet(FACTS), pen.plan
    for index, width in enumerate(FACTS_WIDTHS):
        sheet.set_column(index, index, width)
    sheet.set_default_row(28)  # located figures come later: room for two lines of text
    pen.merge(FACTS, (1, 1, 1, 12), "取数表", "title")
    sheet.set_row(0, 30)
    pen.merge(FACTS, (2, 1, 2, 12), FACTS_HELP, "note")
    sheet.set_row(1, 30)
    _heads(pen, FACT_HEAD, FACTS_TITLES)
    for number, (name, need) in enumerate(plan.net.rubric.facts.items(), 1):
        row = plan.fact_rows[name]
        pen.text(FACTS, row, 1, str(number), "center")
        pen.text(FACTS, row, 2, name, "text")
        pen.entry(name, style_of(need.concept.unit))
        pen.text(FACTS, row, 4, need.concept.unit, "center")
        pen.item(Keys(name).found, "center")
        for column in ("取值方式", "文件", "表", "单元格", "标题", "原文"):
            pen.sheet(FACTS).write_blank(
                row - 1, FACT_COLUMNS[column] - 1, None, pen.format("small", entry=True)
            )
        pen.text(
            FACTS, row, FACT_COLUMNS["说明"], _note(need.note or need.concept.about, need.documents), "small"
        )
        sheet.set_row(row - 1, 28)
    _quantities(pen)
    _setup(pen)


FACTS_HELP = (
    "导入决算等表格后自动填写；带链接的数值可用“追踪引用单元格”查到出处。未取得的，请在浅黄色单元格填写数值并注明来源。"
    "空白表示未取得，不作0处理；确实不涉及的填“不适用”。"
)


def _note(note: str, documents: tuple[str, ...]) -> str:
    wanted = f"取自{'、'.join(documents)}" if documents else ""
    return "；".join(part for part in (wanted, note) if part)


def _heads(pen: Pen, row: int, titles: tuple[str, ...]) -> None:
    for column, title in enumerate(titles, 1):
        pen.text(FACTS, row, column, title, "head")
    pen.sheet(FACTS).set_row(row - 1, 22)


def _quantities(pen: Pen) -> None:
    plan = pen.plan
    pen.text(FACTS, plan.quantity_head, 1, "计算指标", "section")
    titles = ("序号", "名称", "数值", "单位", "", "", "计算公式")
    for column, title in enumerate(titles, 1):
        if title:
            pen.text(FACTS, plan.quantity_head + 1, column, title, "head")
    box = (plan.quantity_head + 1, 7, plan.quantity_head + 1, 12)
    pen.merge(FACTS, box, "计算公式", "head")
    for number, quantity in enumerate(plan.net.rubric.quantities.values(), 1):
        row = plan.fact_rows[quantity.name]
        pen.text(FACTS, row, 1, str(number), "center")
        pen.text(FACTS, row, 2, quantity.name, "text")
        pen.item(quantity.name, style_of(quantity.unit))
        pen.text(FACTS, row, 4, quantity.unit, "center")
        said = quantity.expr.sentence(lambda key: key.replace(".", "的"))
        about = f"（{quantity.about}）" if quantity.about else ""
        pen.merge(FACTS, (row, 7, row, 12), f"{quantity.name}＝{said}{about}", "small")
        pen.sheet(FACTS).set_row(row - 1, 24)


def _setup(pen: Pen) -> None:
    sheet = pen.sheet(FACTS)
    value, first = column_letter(FACT_COLUMNS["值"]), FACT_FIRST
    last = FACT_FIRST + len(pen.plan.net.rubric.facts) - 1
    missing = {
        "type": "formula",
        "criteria": f'=${column_letter(FACT_COLUMNS["取数"])}{first}="未取得"',
        "format": pen.book.add_format({"bg_color": MISSING_FILL}),
    }
    sheet.conditional_format(f"{value}{first}:{column_letter(FACT_COLUMNS['取数'])}{last}", missing)
    finish(sheet, paper=A3, head=(FACT_HEAD, FACT_HEAD), columns=3)
