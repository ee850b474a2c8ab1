"""Writing into an existing scoring workbook: entries, links and rows, cell by cell; nothing else changes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from jixiao.master import hidden
from jixiao.master.book.held import Located, linked_now
from jixiao.master.book.link import Link
from jixiao.master.book.scoringbook import ScoringBook
from jixiao.master.look import style_of
from jixiao.master.plan import FACT_COLUMNS, FACT_VALUE, FACTS, HIDDEN, Place
from jixiao.model import Fact, Value
from jixiao.office import column_letter, join_ref


def put_entry(book: ScoringBook, key: str, value: Value) -> None:
    """A plain value in an entry cell."""
    place = book.plan.places[key]
    book.sheet(place.sheet).set(place.ref, value, formula=None)
    book.entries[key] = value
    book.links.pop(key, None)
    book.formulas.pop(key, None)


def put_link(book: ScoringBook, key: str, link: Link, value: Decimal) -> None:
    """A live link in an entry cell, with the value it gives."""
    place = book.plan.places[key]
    book.sheet(place.sheet).set(place.ref, value, formula=link.formula())
    book.entries[key], book.links[key] = value, link
    book.formulas.pop(key, None)


def put_proof(book: ScoringBook, row: int, fact: Fact) -> None:
    """The columns of 取数 that say where a figure comes from."""
    source = fact.source
    texts = {
        "取值方式": source.found.value,
        "文件": source.file,
        "表": source.sheet or source.document,
        "单元格": source.cell,
        "标题": source.label,
        "原文": raw_text(fact),
    }
    sheet = book.sheet(FACTS)
    for name, text in texts.items():
        sheet.set(join_ref(row, FACT_COLUMNS[name]), text or None, formula=None)


def raw_text(fact: Fact) -> str:
    """What stood in the source cell, with its unit: ``1394000.00 元``."""
    raw = fact.raw if fact.raw.strip() else "（空白）"
    unit = "" if raw.endswith(fact.unit) else fact.unit
    return f"{raw} {unit}".strip()


def put_cached(book: ScoringBook, values: Mapping[str, Value]) -> int:
    """Refresh the cached value of every formula of the net; the number of cells looked at."""
    count = 0
    for key, place in book.plan.places.items():
        if key in book.net.items:
            set_cached(book, place, values[key])
            count += 1
    for key in book.links:
        set_cached(
            book, book.plan.places[key], book.entries[key] if book.entries.get(key) is not None else ""
        )
    return count


def set_cached(book: ScoringBook, place: Place, value: Value) -> None:
    """One formula's cached value."""
    book.sheet(place.sheet).set(place.ref, "" if value is None else value)


def keep_block(book: ScoringBook, block: str, data: Sequence[Any]) -> None:
    """A block of the hidden sheet."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    sheet = book.sheet(HIDDEN)
    for row, piece in hidden.pieces(block, text):
        if piece or sheet.get(f"B{row}") is not None:
            sheet.set(f"B{row}", piece or None, formula=None)
    book.blocks[block] = text


Row = Sequence[tuple[Value, str | None, str]]


def put_rows(book: ScoringBook, name: str, first: int, rows: Sequence[Row]) -> None:
    """Rows from ``first`` on, each cell (value, formula or None, style); what stood below them is cleared."""
    sheet = book.sheet(name)
    last = first - 1
    for offset, row in enumerate(rows):
        last = first + offset
        for column, (value, formula, style) in enumerate(row, 1):
            sheet.set(join_ref(last, column), value, formula=formula, style=book.styles[style])
    stale = [cell.ref for cell in sheet.cells() if _row_of(cell.ref) > last and _row_of(cell.ref) >= first]
    for ref in stale:
        sheet.set(ref, None, formula=None, style=0)


def _row_of(ref: str) -> int:
    return int(ref.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))


def figure_style(unit: str) -> str:
    """The kept style of a figure in this unit."""
    style = style_of(unit)
    return style if style in hidden.KEPT_STYLES else "count"


TITLE = "各表定位数据"
LOCATED_TITLES = (
    "序号", "名称", "数值", "单位", "表的类型", "取值方式", "来源文件", "表", "单元格", "行列标题", "原文", "说明",
)  # fmt: skip


def first_row(book: ScoringBook) -> int:
    """Row of the first located figure."""
    return book.plan.located_head + 2


def put_located(book: ScoringBook, located: Sequence[Located]) -> None:
    """Write the list; an empty list leaves nothing."""
    rows: list[Row] = []
    if located:
        rows.append([(TITLE, None, "section")])
        rows.append([(title, None, "head") for title in LOCATED_TITLES])
    for number, item in enumerate(located, 1):
        fact, source = item.fact, item.fact.source
        formula = item.link.formula() if item.link else None
        style = figure_style(_unit(book, fact.name))
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
                (raw_text(fact), None, "small"),
                (fact.note, None, "small"),
            ]
        )
    put_rows(book, FACTS, book.plan.located_head, rows)


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
