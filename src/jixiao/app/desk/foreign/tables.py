"""The 决算 and other tables on the sheets of the open workbook -> what intake makes of source files."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from pathlib import Path

from jixiao.app.desk.blocks import Block
from jixiao.app.desk.live import LiveBook
from jixiao.intake import Book, Reading, Recogniser, SourceCell, SourceSheet, load, read_books
from jixiao.model import FindingKind, Source
from jixiao.office.ooxml import ErrorText

MOST_CELLS = 2_000_000  # of all sheets together


@functools.lru_cache(maxsize=8)
def forms(definitions: tuple[Path, ...]) -> Recogniser:
    """The forms that tables are recognised by, kept."""
    return Recogniser(load(definitions))


def read_tables(live: LiveBook, names: Iterable[str], definitions: tuple[Path, ...]) -> Reading:
    """Facts, records and sheets of the tables on some sheets, as from one source file with the workbook's name."""
    sheets: list[SourceSheet] = []
    blocks: list[Block] = []
    unread: list[str] = []
    cells = 0
    for name in names:
        if cells > MOST_CELLS:
            unread.append(name)
            continue
        block = live.sheet(name).block
        cells += block.rows * block.columns
        if block.cells:
            sheets.append(_sheet(live.name, name, block))
            blocks.append(block)
    book = Book(live.name, sheets, [[] for _ in sheets], lambda index: _faults(blocks[index]))
    reading = read_books([book], forms(definitions))
    # other sheets of the officer's own workbook are no tables that went unrecognised
    reading.findings.items[:] = [f for f in reading.findings if FindingKind.STRANGER not in f.kinds]
    for name in unread:
        reading.findings.add("J843", Source(live.name, name), sheet=name, rows=0, columns=0)
    return reading


def _sheet(file: str, name: str, block: Block) -> SourceSheet:
    made = SourceSheet(file, "", name)
    for spot, cell in block.cells.items():
        if cell.value != "" and not isinstance(cell.value, ErrorText):
            made.cells[spot] = SourceCell(cell.value, is_date=spot in block.dates)
    return made


def _faults(block: Block) -> dict[tuple[int, int], str]:
    return {spot: str(cell.value) for spot, cell in block.cells.items() if isinstance(cell.value, ErrorText)}
