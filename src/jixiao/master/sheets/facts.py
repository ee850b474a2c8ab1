"""The sheets of figures: facts with proof, yearly targets, cross-checks."""

from __future__ import annotations

from jixiao.master.changes import said_of_changes
from jixiao.master.gainlist import basis_formula, state_of
from jixiao.master.look import MISSING_FILL, PENDING_FILL, WRONG_FILL, style_of
from jixiao.master.plan import (
    CHANGE_SUM,
    CHANGE_TABLE,
    CHANGES,
    CHECK_LETTERS,
    CHECK_TABLE,
    CHECKS,
    FACT_COLUMNS,
    FACT_TABLE,
    FACT_VALUE,
    FACTS,
    GAIN_BASIS,
    GAIN_SEAL,
    GAIN_STATE,
    GAIN_TABLE,
    GAINS,
    LIST_FIRST,
    LIST_HEAD,
    PROOF,
    TARGETS,
    WAITING,
    WAITING_COLUMNS,
    WAITING_TABLE,
    gathered,
    period_of,
)
from jixiao.master.sheets.pen import A3, Pen, finish
from jixiao.model import NONE_HAPPENED
from jixiao.office import column_letter, column_number, join_ref
from jixiao.scoring import Keys

ROWS = 400  # conditional formats reach this far; more rows are allowed, without colour
CHECKS_HELP = "每行比较两处应当相等的数。差额在允许差以内的为“尾差”，超出的为“不一致”；缺少一方数据的为“未核对”，不视为通过。点击“跳转”可到原表的单元格。"


def write_checks(pen: Pen) -> None:
    """The head and the set-up."""
    sheet = pen.opened(CHECKS, CHECK_TABLE, "勾稽核对表", CHECKS_HELP, note_height=20)
    sheet.set_default_row(40)  # rows come later, when tables are brought in: room for three lines of text
    sheet.set_row(2, 8)
    verdict = f"${CHECK_LETTERS['结论']}{LIST_FIRST}"
    area = (LIST_FIRST, 1, LIST_FIRST + ROWS + 1, column_number(CHECK_LETTERS["结论"]))
    looks = (("不一致", WRONG_FILL), ("未核对", PENDING_FILL))
    pen.tint(CHECKS, area, *((f'{verdict}="{said}"', {"bg_color": fill}) for said, fill in looks))
    finish(sheet, paper=A3, head=(LIST_HEAD, LIST_HEAD), columns=3)


def write_changes(pen: Pen) -> None:
    """The head and the set-up; scoring writes the rows."""
    sheet = pen.opened(CHANGES, CHANGE_TABLE, "手工改动表", CHANGES_HELP, head_height=32)
    sheet.set_default_row(28)
    pen.merge(CHANGES, (CHANGE_SUM, 1, CHANGE_SUM, len(CHANGE_TABLE)), said_of_changes(), "note")
    finish(sheet, paper=A3, head=(LIST_HEAD, LIST_HEAD), columns=3, protected=False)


CHANGES_HELP = (
    "导入以后在表格里改动、覆盖或直接填写的数，由“评分”（jixiao score）列出，允许存在，但须说明理由（浅黄色单元格填写，重新评分时保留）。"
    "“对总分的影响”是现在的总分减去把这一处恢复为原值后的总分；原值空白的为没有来源、直接填写的数。人工判定和核定分不在此列。"
)


def write_gains(pen: Pen) -> None:
    """The head, and the live cell that says when the list is no longer of the figures as they are; scoring writes the rows."""
    sheet = pen.opened(GAINS, GAIN_TABLE, "提分表", GAINS_HELP, note_height=34, head_height=32)
    sheet.set_default_row(28)
    row = LIST_HEAD - 1
    state = join_ref(row, GAIN_STATE)
    pen.merge(GAINS, (row, GAIN_STATE, row, GAIN_BASIS - 2), "", "note")
    sheet.write_formula(
        row - 1, GAIN_STATE - 1, f"={basis_formula(pen.plan)}", pen.format("note"), state_of(known=False)
    )
    pen.text(GAINS, row, GAIN_BASIS - 1, "评分时的总分、规则合计、取数合计、摘要：", "small")
    for column in (*range(GAIN_BASIS, GAIN_BASIS + 3), GAIN_SEAL):
        sheet.write_blank(row - 1, column - 1, None, pen.format("typed"))
    pen.tint(
        GAINS,
        (row, GAIN_STATE, row, GAIN_STATE),
        (f'${state}="{state_of(known=True, still=False)}"', {"bg_color": WRONG_FILL}),
    )
    finish(sheet, paper=A3, head=(LIST_HEAD, LIST_HEAD), columns=2, protected=False)


GAINS_HELP = (
    "每一处失分和未定的分：条文、现在的数，只改其中一个数（其他不变）最少改到多少能得回分、改到多少得回最多，精确到印出的最小单位。"
    "决算等已成事实的数不能为得分而改，列出的是差多少，供下年掌握；确有差错的附依据更正。由“评分”（jixiao score）写出。"
)


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
        titles = [
            column.name + ("" if column.unit in ("文字", "数值", "个") else f"\n（{column.unit}）")
            for column in table.columns
        ]
        pen.head(TARGETS, top + 1, ["序号", *titles])
        sheet.set_row(top, 34)
        for row in range(1, table.rows + 1):
            pen.text(TARGETS, top + 1 + row, 1, str(row), "center")
            for column in table.columns:
                key = table.key(row, column.name)
                if column.expr is not None:
                    pen.item(key, style_of(column.unit))
                else:
                    pen.entry(key, "text" if column.unit == "文字" and not column.choices else "")
    finish(sheet, paper=A3, head=(1, 2), columns=2)
    sheet.print_areas(plan.printed_targets(pen.entries))


TARGETS_HELP = (
    "浅黄色单元格填写，其余自动计算。目标的“方向”空白视为“不低于”；项目的“调整后预算”空白视为未调整。"
)


def write_facts(pen: Pen) -> None:
    """The whole sheet; located figures of imported tables are added below when tables are brought in."""
    plan = pen.plan
    sheet = pen.opened(FACTS, FACT_TABLE, "取数表", FACTS_HELP)
    sheet.set_default_row(28)  # located figures come later: room for two lines of text
    if NONE_HAPPENED in plan.places:
        _none_happened(pen)
    for number, (name, need) in enumerate(plan.net.rubric.facts.items(), 1):
        row = plan.fact_rows[name]
        _named(pen, row, number, name, need.concept.unit)
        pen.item(Keys(name).found, "center")
        for column in PROOF:
            sheet.write_blank(row - 1, FACT_COLUMNS[column] - 1, None, pen.format("small", entry=True))
        note = _note(need.note or need.concept.about, need.documents)
        pen.text(FACTS, row, FACT_COLUMNS["说明"], note, "small")
        sheet.set_row(row - 1, 28)
    _quantities(pen)
    state, last = column_letter(FACT_COLUMNS["取数"]), LIST_FIRST + len(plan.net.rubric.facts) - 1
    area = (LIST_FIRST, FACT_VALUE, last, FACT_COLUMNS["取数"])
    looks = (("未取得", MISSING_FILL), ("未登记", PENDING_FILL))
    pen.tint(FACTS, area, *((f'${state}{LIST_FIRST}="{said}"', {"bg_color": fill}) for said, fill in looks))
    finish(sheet, paper=A3, head=(LIST_HEAD, LIST_HEAD), columns=3)


FACTS_HELP = (
    "导入决算等表格后自动填写；带链接的数值可用“追踪引用单元格”查到出处。未取得的，请在浅黄色单元格填写数值并注明来源。"
    "空白表示未取得，不作0处理；确实不涉及的填“不适用”。"
)


def write_waiting(pen: Pen) -> None:
    """The whole sheet: every fact in the order in which one gathers them, with what stands in 取数 and a cell to type in."""
    plan = pen.plan
    sheet = pen.opened(WAITING, WAITING_TABLE, "待填数据表", WAITING_HELP)
    for number, name in enumerate(names := gathered(plan.net.rubric), 1):
        need, row = plan.net.rubric.facts[name], LIST_FIRST + number - 1
        told = (
            str(number),
            name,
            need.concept.unit,
            period_of(name),
            _note(need.note or need.concept.about, need.documents),
        )
        for column, (text, style) in enumerate(zip(told, WAITING_TABLE, strict=False), 1):
            pen.text(WAITING, row, column, text, style.style)
        pen.item(Keys(name).waits, "center")
        pen.entry(Keys(name).typed, style_of(need.concept.unit))
        pen.entry(Keys(name).typed_from, "small")
        sheet.set_row(row - 1, 28)
    state, last = column_letter(WAITING_COLUMNS["待填状态"]), LIST_FIRST + len(names) - 1
    looks = (("未取得", MISSING_FILL), ("未登记", PENDING_FILL))
    area = (LIST_FIRST, WAITING_COLUMNS["名称"], last, WAITING_COLUMNS["待填状态"])
    pen.tint(WAITING, area, *((f'${state}{LIST_FIRST}="{said}"', {"bg_color": fill}) for said, fill in looks))
    finish(sheet, paper=A3, head=(LIST_HEAD, LIST_HEAD), columns=2)


WAITING_HELP = (
    "各数按收集的次序排列，有底色的还没有取得。在浅黄色单元格填写，写明取自哪份材料；"
    "按“评分”（jixiao score）后转入取数表，注明人工填写。没有发生的填0，确实不涉及的填“不适用”，金额可写“15万元”。"
)


def _none_happened(pen: Pen) -> None:
    """One choice for all counts of what did not happen; without it a count that nobody entered gives no points."""
    row, events = (
        LIST_HEAD - 1,
        "、".join(sorted(pen.plan.net.rubric.events(), key=list(pen.plan.fact_rows).index)),
    )
    pen.text(FACTS, row, 2, "下列各项没有登记的均未发生", "text")
    pen.entry(NONE_HAPPENED)
    pen.merge(
        FACTS, (row, 4, row, len(FACT_TABLE)), f"核实后选“是”，空白的按0计；不选的待核定：{events}", "small"
    )


def _note(note: str, documents: tuple[str, ...]) -> str:
    wanted = f"取自{'、'.join(documents)}" if documents else ""
    return "；".join(part for part in (wanted, note) if part)


def _named(pen: Pen, row: int, number: int, name: str, unit: str) -> None:
    """The first columns of a fact, which is filled, and of a quantity, which is computed."""
    pen.text(FACTS, row, 1, str(number), "center")
    pen.text(FACTS, row, 2, name, "text")
    if name in pen.plan.net.entries:
        pen.entry(name, style_of(unit))
    else:
        pen.item(name, style_of(unit))
    pen.text(FACTS, row, 4, unit, "center")


def _quantities(pen: Pen) -> None:
    plan, head, last = pen.plan, pen.plan.quantity_head, len(FACT_TABLE)
    pen.text(FACTS, head, 1, "计算指标", "section")
    pen.head(FACTS, head + 1, ("序号", "名称", "数值", "单位", "", "", "计算公式"))
    pen.merge(FACTS, (head + 1, FORMULA_COLUMN, head + 1, last), "计算公式", "head")
    for number, quantity in enumerate(plan.net.rubric.quantities.values(), 1):
        row = plan.fact_rows[quantity.name]
        _named(pen, row, number, quantity.name, quantity.unit)
        said = quantity.expr.sentence(lambda key: key.replace(".", "的"))
        about = f"（{quantity.about}）" if quantity.about else ""
        pen.merge(FACTS, (row, FORMULA_COLUMN, row, last), f"{quantity.name}＝{said}{about}", "small")
        pen.sheet(FACTS).set_row(row - 1, 24)


FORMULA_COLUMN = FACT_COLUMNS["文件"]
