"""One self-evaluation form in the net: its money block, its blocks of rows, its total and grade."""

from __future__ import annotations

from collections.abc import Iterator

from jixiao.model import (
    NOT_APPLICABLE,
    PENDING,
    Arith,
    Call,
    Compare,
    Const,
    Expr,
    Given,
    If,
    Is,
    IsNumber,
    Logic,
    Pieces,
    Ratio,
    Ref,
    Round,
    Say,
    Show,
    Total,
)
from jixiao.rubric import EXECUTION, FIGURES, MAIN, PROJECT, SelfTable, SelfTables
from jixiao.rubric.selftable import Block
from jixiao.scoring.entry import UNIT, YEAR, Entry
from jixiao.scoring.selfeval.rows import FILLED, NUMBERS, RATES, SIGNS, WAYS, row_items
from jixiao.scoring.sums import count_of

APPLIES = ("适用", NOT_APPLICABLE)
TEXTS = ("主管部门", "实施单位", "预期目标", "实际完成情况")


def entries(name: str, form: SelfTable) -> Iterator[Entry]:
    """All cells of a form that people fill."""
    for text in TEXTS:
        yield Entry(f"{name}.{text}", "text")
    for number in range(2, len(form.funds) + 1):
        for figure in FIGURES:
            yield Entry(f"{name}.资金{number}.{figure}", "number", "万元")
    for block in form.movable():
        yield Entry(f"{name}.{block.title}.适用", "choice", choices=APPLIES)
    labels = tuple(label for label, _ in form.qualitative)
    choices = {"性质": SIGNS, "达成程度": labels, "计分方式": WAYS}
    for number, block, _ in form.rows():
        row = f"{name}[{number}]."
        for title in FILLED:
            key = f"{row}{title}"
            if title in NUMBERS:
                high = Ref(f"{name}.{block.title}.满分") if title == "分值" else Ref(f"{row}分值")
                yield Entry(key, "number", "分", (), Const(0), high)
            else:
                kind = "choice" if title in choices else "rate" if title in RATES else "text"
                top = Const(1) if title in RATES else None
                yield Entry(key, kind, "", choices.get(title, ()), Const(0) if top else None, top)


def items(name: str, form: SelfTable, tables: SelfTables) -> dict[str, Expr]:
    """All computed cells of a form."""
    made = _money(name, form, tables)
    for number, _, _ in form.rows():
        made |= row_items(form, f"{name}[{number}].")
    for block in form.blocks:
        made |= _block(name, form, block)
    made |= _total(name, form)
    return made


def _project_row(name: str) -> str:
    """The row of the 项目 table that a project's form belongs to; a single project's form has the first."""
    return f"项目[{name.removeprefix(PROJECT) if name != MAIN else 1}]."


def _money(name: str, form: SelfTable, tables: SelfTables) -> dict[str, Expr]:
    row = _project_row(name)
    if name == MAIN and tables.figures:
        sources = dict(tables.figures)
        made: dict[str, Expr] = {f"{name}.名称": Show(UNIT, "text", blank="")}
    else:
        sources = dict(zip(FIGURES, (f"{row}年初预算", f"{row}预算数", f"{row}年度支出"), strict=True))
        made = {f"{name}.名称": Show(f"{row}名称", "text", blank="")}
    for figure, key in sources.items():
        made[f"{name}.{figure}"] = If(IsNumber(key), Ref(key), Const(""))
    planned, spent = f"{name}.全年预算数", f"{name}.全年执行数"
    rate = Ratio(Ref(spent), Ref(planned), Const(PENDING))
    below = If(Compare("<", Ref(planned), Const(0)), Const(PENDING), rate)
    made[f"{name}.执行率"] = Given([planned, spent], below, Const(PENDING))
    made[f"{name}.年度"] = Say("（", Show(YEAR, "plain", blank="　　"), "年度）")
    points = Call("MIN", Const(form.execution), Call("MAX", Const(0), _times(form, f"{name}.执行率")))
    made[f"{name}.{EXECUTION}.得分"] = If(IsNumber(f"{name}.执行率"), Round(points, 2), Const(PENDING))
    return made


def _times(form: SelfTable, rate: str) -> Expr:
    return Arith("*", Const(form.execution), Ref(rate))


def _block(name: str, form: SelfTable, block: Block) -> dict[str, Expr]:
    start = f"{name}.{block.title}."
    rows = form.block_rows(block.title)
    waiting = count_of([Is(f"{name}[{row}].得分", PENDING) for row in rows])
    full: Expr = Const(block.full)
    for other in form.movable():
        if other.moves_to == block.title:
            gone = Is(f"{name}.{other.title}.适用", NOT_APPLICABLE)
            full = Arith("+", full, If(gone, Const(other.full), Const(0)))
    earned = Round(Total([f"{name}[{row}].得分" for row in rows]), 2)
    whole = Compare("=", Ref(f"{start}分值"), Ref(f"{start}满分"))
    decided = Logic("AND", whole, Compare("=", Ref(f"{start}待定"), Const(0)))
    points: Expr = If(decided, earned, Const(PENDING))
    if block.moves_to:
        gone = Is(f"{start}适用", NOT_APPLICABLE)
        full, points = If(gone, Const(0), full), If(gone, Const(NOT_APPLICABLE), points)
    return {
        f"{start}满分": full,
        f"{start}分值": Round(Total([f"{name}[{row}].分值" for row in rows]), 2),
        f"{start}待定": waiting,
        f"{start}得分": points,
    }


def _total(name: str, form: SelfTable) -> dict[str, Expr]:
    keys = [f"{name}.{title}.得分" for title in (EXECUTION, *(block.title for block in form.blocks))]
    waiting = count_of([Is(key, PENDING) for key in keys])
    total, blank = f"{name}.总分", Is(f"{name}.名称", "")
    bands = Pieces(Ref(total), [(interval, Const(title)) for interval, title in form.grades])
    sum_of = If(Compare("=", Ref(f"{name}.待定"), Const(0)), Round(Total(keys), 2), Const(PENDING))
    return {
        f"{name}.待定": waiting,
        total: If(blank, Const(""), sum_of),
        f"{name}.等级": If(IsNumber(total), bands, Ref(total)),
    }
