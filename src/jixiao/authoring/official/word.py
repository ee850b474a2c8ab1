"""Tables of a Word file as grids."""

from __future__ import annotations

from jixiao.authoring.official.table import MOST_COLUMNS, MOST_ROWS, Grid, Spot
from jixiao.model import LimitReached, Refused, Source
from jixiao.office.document import NotRead, Paragraph, TooMuch, WordCell, WordRow, WordTable, read_word


def word_grids(data: bytes, file: str) -> list[Grid]:
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
                    made.append(_grid(lines, len(made) + 1, file, before))
            before = []
        elif text := _said(block):
            before.append(text)
            if made:
                made[-1].notes.append(text)
    return made


def _grid(lines: list[WordRow], number: int, file: str, before: list[str]) -> Grid:
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

    return Grid(len(lines), columns, texts, begins, named, title=_title(before))


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


def _title(before: list[str]) -> str:
    named = [line for line in before[-4:] if "表" in line and len(line) <= 60]
    return named[-1] if named else ""
