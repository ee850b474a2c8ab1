"""取数: every fact with its value, unit and the place that proves it; then the quantities computed from them."""

from __future__ import annotations

from jixiao.master.look import MISSING_FILL, style_of
from jixiao.master.plan import FACT_COLUMNS, FACT_FIRST, FACT_HEAD, FACTS
from jixiao.master.sheets.pen import A3, Pen, finish
from jixiao.office.ooxml.refs import column_letter

WIDTHS = (6, 34, 18, 8, 14, 16, 24, 26, 9, 44, 18, 40)
TITLES = (
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


def write(pen: Pen) -> None:
    """The whole sheet; located figures of imported tables are added below when tables are brought in."""
    sheet, plan = pen.sheet(FACTS), pen.plan
    for index, width in enumerate(WIDTHS):
        sheet.set_column(index, index, width)
    sheet.set_default_row(28)  # located figures come later: room for two lines of text
    pen.merge(FACTS, (1, 1, 1, 12), "取数表", "title")
    sheet.set_row(0, 30)
    pen.merge(FACTS, (2, 1, 2, 12), HELP, "note")
    sheet.set_row(1, 30)
    _heads(pen, FACT_HEAD, TITLES)
    for number, (name, need) in enumerate(plan.system.rubric.facts.items(), 1):
        row = plan.fact_rows[name]
        pen.text(FACTS, row, 1, str(number), "center")
        pen.text(FACTS, row, 2, name, "text")
        pen.entry(name, style_of(need.concept.unit))
        pen.text(FACTS, row, 4, need.concept.unit, "center")
        pen.item(f"{name}.取数", "center")
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


HELP = (
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
    for number, quantity in enumerate(plan.system.rubric.quantities.values(), 1):
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
    last = FACT_FIRST + len(pen.plan.system.rubric.facts) - 1
    missing = {
        "type": "formula",
        "criteria": f'=${column_letter(FACT_COLUMNS["取数"])}{first}="未取得"',
        "format": pen.book.add_format({"bg_color": MISSING_FILL}),
    }
    sheet.conditional_format(f"{value}{first}:{column_letter(FACT_COLUMNS['取数'])}{last}", missing)
    finish(sheet, paper=A3, head=(FACT_HEAD, FACT_HEAD), columns=3)
