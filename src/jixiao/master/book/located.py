"""The lower part of 取数: every figure located in the imported tables, with its proof; linked ones are live."""

from __future__ import annotations

from collections.abc import Sequence

from jixiao.master.book import put
from jixiao.master.book.held import linked_now
from jixiao.master.book.keep import Located
from jixiao.master.book.scoringbook import ScoringBook
from jixiao.master.plan import FACT_VALUE, FACTS
from jixiao.office.ooxml import column_letter

TITLE = "各表定位数据"
LOCATED_TITLES = (
    "序号", "名称", "数值", "单位", "表的类型", "取值方式", "来源文件", "表", "单元格", "行列标题", "原文", "说明",
)  # fmt: skip


def first_row(book: ScoringBook) -> int:
    """Row of the first located figure."""
    return book.plan.located_head + 2


def put_located(book: ScoringBook, located: Sequence[Located]) -> None:
    """Write the list; an empty list leaves nothing."""
    rows: list[put.Row] = []
    if located:
        rows.append([(TITLE, None, "section")])
        rows.append([(title, None, "head") for title in LOCATED_TITLES])
    for number, item in enumerate(located, 1):
        fact, source = item.fact, item.fact.source
        formula = item.link.formula() if item.link else None
        style = put.figure_style(_unit(book, fact.name))
        rows.append(
            [
                (str(number), None, "center"),
                (fact.name, None, "text"),
                (fact.value, formula, style),
                (_unit(book, fact.name), None, "center"),
                (source.document, None, "small"),
                (source.found.value, None, "small"),
                (source.file, None, "small"),
                (source.sheet, None, "small"),
                (source.cell, None, "center"),
                (source.label, None, "small"),
                (put.raw_text(fact), None, "small"),
                (fact.note, None, "small"),
            ]
        )
    put.put_rows(book, FACTS, book.plan.located_head, rows)


def refresh_located(book: ScoringBook) -> None:
    """Renew the cached values of the linked rows from what the imported cells hold now."""
    sheet, first, letter = book.sheet(FACTS), first_row(book), column_letter(FACT_VALUE)
    for position, value in linked_now(book):
        sheet.set(f"{letter}{first + position}", value)


def _unit(book: ScoringBook, name: str) -> str:
    need = book.rubric.facts.get(name)
    if need is not None:
        return need.concept.unit
    from jixiao.model import concepts

    concept = concepts().get(name)
    return concept.unit if concept is not None else ""
