"""Files of any format -> grids -> official tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from jixiao.authoring.official.table import MOST_COLUMNS, MOST_ROWS, Grid, OfficialTable, Spot, titled
from jixiao.authoring.official.tablerows import check, tables_of
from jixiao.model import LimitReached, Refused, Source, UsageStop, read_regular, reason
from jixiao.office import Cell, Package, column_letter, split_area, split_ref
from jixiao.office.document import NotRead, Paragraph, TooMuch, WordCell, WordRow, WordTable, read_word

MOST_BYTES = 50_000_000
CONTENT_TYPES = "[Content_Types].xml"
"""What every .xlsx has, and no .ods."""


def grids(path: Path) -> list[Grid]:
    """The tables of a file in their order.

    ``Refused`` (exit 3) where it is no table or document that we read or is damaged, ``LimitReached`` where it is too large.
    """
    from jixiao.office import read_book, sniff

    try:
        data, _ = read_regular(path, MOST_BYTES)
    except FileNotFoundError:
        raise Refused("J559", Source(path.name), file=path.name) from None
    except OSError as error:
        raise Refused("J330", Source(path.name), why=reason(error)) from error
    if len(data) > MOST_BYTES:
        raise LimitReached("J331", Source(path.name), size=f"{MOST_BYTES // 1_000_000} MB")
    kind = sniff(data)
    if kind == "pdf":
        raise Refused("J330", Source(path.name), why="PDF 的条文会跨行跨页")
    package = Package(data) if kind == "zip" else None
    if kind == "doc" or (package is not None and package.find("word/document.xml") is not None):
        return _word_grids(data, path.name)
    if package is not None and package.find(CONTENT_TYPES) is not None:
        return _sheets(data, path.name)
    shown = [sheet for sheet in read_book(data, path.name).sheets if not sheet.hidden]
    return [_grid(sheet.cells.values(), sheet.merged, sheet.name, path.name) for sheet in shown]


def _sheets(data: bytes, file: str) -> list[Grid]:
    from jixiao.office import open_workbook

    book = open_workbook(data)
    made = []
    for name in book.sheet_names:
        if book.state(name) != "visible":
            continue
        try:
            sheet = book.sheet(name)
        except Refused as stop:
            if stop.finding.code == "J520":  # a chart
                continue
            raise
        made.append(_grid(sheet.cells(), sheet.merged, name, file))
    return made


def _grid(cells: Iterable[Cell], merged: Sequence[str], name: str, file: str) -> Grid:
    texts: dict[Spot, str] = {}
    for cell in cells:
        row, column = split_ref(cell.ref)
        number = cell.number
        value = format(number, "f") if number is not None else cell.value
        if isinstance(value, str) and value.strip() and not cell.error and column <= MOST_COLUMNS:
            texts[row - 1, column - 1] = value.strip()
    rows = max((row for row, _ in texts), default=-1) + 1
    columns = max((column for _, column in texts), default=-1) + 1
    if rows > MOST_ROWS:
        raise LimitReached("J331", Source(file, name), size=f"{MOST_ROWS} 行")
    begins: dict[Spot, Spot] = {}
    for area in merged:
        top, left, bottom, right = split_area(area)
        for row in range(top - 1, min(bottom, rows)):
            for column in range(left - 1, min(right, columns)):
                begins[row, column] = (top - 1, left - 1)

    def named(row: int, column: int) -> Source:
        return Source(file, name, f"{column_letter(column + 1)}{row + 1}")

    return Grid(rows, columns, texts, begins, named)


def _word_grids(data: bytes, file: str) -> list[Grid]:
    """The tables of a .docx in their order, each with the last lines of text before it."""
    try:
        blocks = read_word(data)
    except NotRead as error:
        raise Refused("J330", Source(file), why=str(error)) from error
    except TooMuch as error:
        raise LimitReached("J331", Source(file), size=str(error)) from error
    made: list[Grid] = []
    before: list[str] = []
    for block in blocks:
        if isinstance(block, WordTable):
            for nested in (False, True):  # a table inside a cell of one that only lays out the page
                lines = [row for row in block.rows if row.nested is nested]
                if lines:
                    made.append(_word_grid(lines, len(made) + 1, file, before))
            before = []
        elif text := _said(block):
            before.append(text)
            if made:
                made[-1].notes.append(text)
    return made


def _word_grid(lines: list[WordRow], number: int, file: str, before: list[str]) -> Grid:
    texts: dict[Spot, str] = {}
    begins: dict[Spot, Spot] = {}
    columns = 0
    if len(lines) > MOST_ROWS:
        raise LimitReached("J331", Source(file), size=f"{MOST_ROWS} 行")
    for row, line in enumerate(lines):
        column = min(line.skipped, MOST_COLUMNS)
        for cell in line.cells:
            width = min(cell.columns, MOST_COLUMNS - column)
            if width < 1:
                break
            # a cell that goes on from the row above begins where that one does
            begin = begins.get((row - 1, column), (row, column)) if cell.goes_on else (row, column)
            text = "" if begin != (row, column) else _text(cell)
            if text:
                texts[row, column] = text
            for covered in range(column, column + width):
                begins[row, covered] = begin
            column += width
        columns = max(columns, column)
    place = f"第{number}个表格"

    def named(row: int, column: int) -> Source:
        return Source(file, f"{place}第{row + 1}行第{column + 1}列")

    return Grid(len(lines), columns, texts, begins, named, title=next(filter(titled, before[:-5:-1]), ""))


def _text(cell: WordCell) -> str:
    """The paragraphs of a cell, one a line; a numbered list gets the numbers that Word would print."""
    lines, counted = [], 0
    for paragraph in cell.paragraphs:
        text = _said(paragraph)
        if not text:
            continue
        if paragraph.listed:
            counted += 1
            text = f"{counted}.{text}"
        lines.append(text)
    return "\n".join(lines)


def _said(paragraph: Paragraph) -> str:
    return paragraph.text.replace("\t", " ").strip()


def read_tables(path: Path) -> list[OfficialTable]:
    """Every official table of a workbook or .docx file, one split over pages or sheets put together again.

    ``Refused`` where the file is none of these, is damaged, or holds no table with levels of indicators.
    """
    found = tables_of(grids(path), path.name)
    if not found:
        raise Refused("J332", Source(path.name))
    for table in found:
        check(table)
    return found


def read_table(path: Path, title: str = "") -> OfficialTable:
    """The official table of a file; where it holds several, the one whose title contains ``title``.

    ``UsageStop`` where the title fits none of them or more than one.
    """
    found = read_tables(path)
    wanted = [table for table in found if title in table.title] if title else found
    if len(wanted) == 1:
        return wanted[0]
    raise UsageStop(
        "J333", Source(path.name), count=len(found), titles="、".join(f"“{table.title}”" for table in found)
    )
