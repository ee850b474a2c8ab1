"""Writing into an existing scoring workbook: entries, links and lists, cell by cell; nothing else changes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from jixiao.master.kept import Link, Live, Located, Sealed, Sources, raw_text
from jixiao.master.look import SMALL, row_height, style_of
from jixiao.master.plan import (
    BLOCKS,
    FACT_COLUMNS,
    FACTS,
    HIDDEN,
    KEPT_STYLES,
    LOCATED_TABLE,
    PROOF,
    Column,
    pieces,
)
from jixiao.model import Value, concepts
from jixiao.office import join_ref, split_ref

if TYPE_CHECKING:
    from jixiao.master.scoringbook import ScoringBook
    from jixiao.rubric import Rubric

Row = tuple[str, Sequence[Value | Live]]
"""The style of the figures of a row, and its cells by column."""


def put_entry(book: ScoringBook, key: str, value: Value, link: Link | None = None) -> None:
    """A value in an entry cell: plain, or the number that a live link gives."""
    place = book.plan.places[key]
    linked = link if isinstance(value, Decimal) else None
    book.sheet(place.sheet).set(place.ref, value, formula=linked.formula() if linked else None)
    book.entries[key] = value
    book.links.pop(key, None)
    if linked:
        book.links[key] = linked
    book.formulas.pop(key, None)


def put_proof(book: ScoringBook, row: int, sealed: Sealed) -> None:
    """The columns of 取数 that say where a figure comes from."""
    sheet = book.sheet(FACTS)
    for column, text in zip(PROOF, sealed.proof(), strict=True):
        sheet.set(join_ref(row, FACT_COLUMNS[column]), text or None, formula=None)


def keep_block(book: ScoringBook, block: str, rows: Sequence[Any], sources: Sources | None = None) -> None:
    """A block of the hidden sheet, with the sources that its rows name.

    In ASCII only: LibreOffice keeps a text of two scripts as hundreds of pieces with a font each.
    """
    data = {"sources": sources.alike, "rows": rows} if sources is not None else rows
    text = json.dumps(data, separators=(",", ":"))
    sheet, made = book.sheet(HIDDEN), dict(pieces(block, text))
    for cell, piece in made.items():
        sheet.set(cell, piece, formula=None)
    column, row, _ = BLOCKS[block]
    row += len(made)
    while (old := sheet.get(f"{column}{row}")) is not None and old.value is not None:
        sheet.set(f"{column}{row}", None, formula=None)
        row += 1
    book.blocks[block] = text
    book.shelves.pop(block, None)
    book.checks = []


def lines_of(columns: Sequence[Column], rows: Sequence[Row], title: str = "") -> list[list[tuple[Live, str]]]:
    """The cells of a list, row by row, each with its kept style, under title and head where it has one."""
    lines: list[list[tuple[Live, str]]] = []
    if title and rows:
        lines = [[((title, None), "section")], [((column.title, None), "head") for column in columns]]
    for figure, cells in rows:
        lines.append(
            [
                (cell if isinstance(cell, tuple) else (cell, None), column.style or figure)
                for cell, column in zip(cells, columns, strict=True)
            ]
        )
    return lines


def put_list(
    book: ScoringBook, name: str, first: int, columns: Sequence[Column], rows: Sequence[Row], title: str = ""
) -> None:
    """A list from row ``first`` on, under its title and head where it has one; what stood below is cleared."""
    sheet, lines = book.sheet(name), lines_of(columns, rows, title)
    for row, line in enumerate(lines, first):
        for number, ((value, formula), style) in enumerate(line, 1):
            sheet.set(join_ref(row, number), value, formula=formula, style=book.styles[style])
        said = [(cell[0], column.width * SMALL) for (cell, _), column in zip(line, columns, strict=False)]
        sheet.heights[row] = row_height([(text, width) for text, width in said if isinstance(text, str)])
    for ref in [cell.ref for cell in sheet.cells() if split_ref(cell.ref)[0] >= first + len(lines)]:
        sheet.set(ref, None, formula=None, style=0)


def figure_style(unit: str) -> str:
    """The kept style of a figure in this unit."""
    style = style_of(unit)
    return style if style in KEPT_STYLES else "count"


LOCATED_TITLE = "各表定位数据"


def located_rows(rubric: Rubric, located: Sequence[Located]) -> list[Row]:
    """The rows of every figure of the imported tables."""
    known = {name: need.concept for name, need in rubric.facts.items()}
    rows: list[Row] = []
    for number, item in enumerate(located, 1):
        fact, source = item.fact, item.fact.source
        concept = known.get(fact.name) or concepts().get(fact.name)
        unit = concept.unit if concept is not None else ""
        figure = (fact.value, item.link.formula() if item.link else None)
        proof = Sealed(fact.value, source, raw_text(fact)).proof()
        proof[2] = source.sheet
        rows.append(
            (figure_style(unit), [str(number), fact.name, figure, unit, source.document, *proof, fact.note])
        )
    return rows


def put_located(book: ScoringBook, located: Sequence[Located]) -> None:
    """Every figure of the imported tables, below the facts; none leave nothing."""
    rows = located_rows(book.rubric, located)
    put_list(book, FACTS, book.plan.located_head, LOCATED_TABLE, rows, LOCATED_TITLE)
