"""Tables of a Word file as grids: the only importer of python-docx.

The rows are walked element by element: the library's own cells are built anew for each question, which takes
minutes on a long table.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import docx
from docx.oxml.ns import qn

from jixiao.authoring.official.table import MOST_COLUMNS, MOST_ROWS, Grid, Spot
from jixiao.model import LimitReached, Refused, Source
from jixiao.office.ooxml.package import Package


def word_grids(data: bytes, file: str) -> list[Grid]:
    """The tables of a .docx in their order, each with the last lines of text before it."""
    _checked_parts(Package.open(data))
    try:
        body = docx.Document(io.BytesIO(data)).element.body
    except Exception as error:  # whatever the library stumbles over, the file is not one
        raise Refused("J330", Source(file), why="Word 文件已损坏") from error
    made: list[Grid] = []
    before: list[str] = []
    for child in body.iterchildren():
        if child.tag == qn("w:tbl"):
            made.append(_grid(child, len(made) + 1, file, before))
            before = []
        elif child.tag == qn("w:p") and (text := _said(child)):
            before.append(text)
            if made:
                made[-1].notes.append(text)
    return made


def _grid(table: Any, number: int, file: str, before: list[str]) -> Grid:
    texts: dict[Spot, str] = {}
    begins: dict[Spot, Spot] = {}
    rows, columns = 0, 0
    for rows, line in enumerate(table.iterchildren(qn("w:tr")), 1):
        if rows > MOST_ROWS:
            raise LimitReached("J331", Source(file), size=f"{MOST_ROWS} 行")
        row, column = rows - 1, _skipped(line)
        for cell in _cells(line):
            width = min(_whole(cell, "w:gridSpan", 1), MOST_COLUMNS - column)
            if width < 1:
                break
            begin = _begin(cell, row, column, begins)
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

    return Grid(rows, columns, texts, begins, named, title=_title(before))


def _begin(cell: Any, row: int, column: int, begins: dict[Spot, Spot]) -> Spot:
    """A cell that goes on from the row above begins where that one does."""
    merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
    if merge is None or merge.get(qn("w:val")) == "restart" or (row - 1, column) not in begins:
        return row, column
    return begins[row - 1, column]


def _cells(line: Any) -> Iterator[Any]:
    for child in line.iterchildren(qn("w:tc"), qn("w:sdt")):
        if child.tag == qn("w:tc"):
            yield child
        else:
            yield from child.iterfind(f"{qn('w:sdtContent')}/{qn('w:tc')}")


def _skipped(line: Any) -> int:
    return min(_number(line.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}"), 0), MOST_COLUMNS)


def _whole(cell: Any, name: str, default: int) -> int:
    return max(1, _number(cell.find(f"{qn('w:tcPr')}/{qn(name)}"), default))


def _number(element: Any, default: int) -> int:
    text = "" if element is None else str(element.get(qn("w:val"), ""))
    return int(text) if text.isdecimal() and len(text) < 6 else default


def _text(cell: Any) -> str:
    """The paragraphs of a cell, one a line; a numbered list gets the numbers that Word would print."""
    lines, counted = [], 0
    for paragraph in cell.iter(qn("w:p")):
        text = _said(paragraph)
        if not text:
            continue
        if paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}") is not None:
            counted += 1
            text = f"{counted}.{text}"
        lines.append(text)
    return "\n".join(lines)


def _said(paragraph: Any) -> str:
    """The words of a paragraph, insertions included, deletions not."""
    marks = {qn("w:br"): "\n", qn("w:tab"): " "}
    nodes = paragraph.iter(qn("w:t"), *marks)
    return "".join(marks.get(node.tag) or node.text or "" for node in nodes).strip()


def _title(before: list[str]) -> str:
    named = [line for line in before[-4:] if "表" in line and len(line) <= 60]
    return named[-1] if named else ""


def _checked_parts(package: Package) -> None:
    """Refuse a package whose XML begins with a document type, or whose parts do not match their checksums."""
    for name in package.names:
        head = b""
        for chunk in package.chunks(name):
            head = head or chunk[:4096].replace(b"\x00", b"")
        if name.lower().endswith((".xml", ".rels")) and b"<!DOCTYPE" in head.upper():
            raise Refused("J509", part=name[:80])
