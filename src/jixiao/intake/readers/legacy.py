"""Old binary workbooks through xlrd, the only file that imports it.

Two jobs: the second look at a .xls (which blank cells are errors), and reading Excel 5/95 books, whose Chinese code
page calamine does not know.
"""

from __future__ import annotations

import functools
import io
from decimal import Decimal
from typing import Any

from jixiao.intake.sheet import Book, Place, SourceCell, SourceSheet, Span, a1, nothing_hidden
from jixiao.model import numbers
from jixiao.model.finding import Refused

_STREAM_8 = "Workbook".encode("utf-16-le")


def is_old(data: bytes) -> bool:
    """Whether an OLE file holds an Excel 5/95 book (stream ``Book`` instead of ``Workbook``)."""
    return _STREAM_8 not in data and "Book".encode("utf-16-le") in data


@functools.lru_cache(maxsize=2)
def _open(data: bytes, formatting: bool) -> Any:
    import xlrd  # only for old files

    return xlrd.open_workbook(file_contents=data, logfile=io.StringIO(), formatting_info=formatting)


def errors(data: bytes, name: str) -> dict[Place, str]:
    """Every error cell of one sheet; empty when xlrd cannot read the file (calamine could)."""
    try:
        import xlrd

        sheet = _open(data, False).sheet_by_name(name)
    except Exception:  # noqa: BLE001 - xlrd raises anything on odd files; the first reading stands
        return {}
    found: dict[Place, str] = {}
    for row in range(sheet.nrows):
        for column, kind in enumerate(sheet.row_types(row)):
            if kind == xlrd.XL_CELL_ERROR:
                code = sheet.cell_value(row, column)
                found[row + 1, column + 1] = xlrd.error_text_from_code.get(code, "#ERROR")
    return found


def read(data: bytes, file: str, sha256: str) -> Book:
    """Read an Excel 5/95 book; Refused when it is damaged or has a password."""
    try:
        book = _open(data, True)
        names = [(sheet.name, sheet.visibility != 0) for sheet in book.sheets()]
        sheets = [SourceSheet(file, sha256, name, hidden) for name, hidden in names]
        spans = [_fill(sheet, book.sheet_by_name(sheet.name), book.datemode) for sheet in sheets]
    except Exception as error:  # noqa: BLE001 - xlrd raises anything on odd files
        if "ncrypt" in str(error):
            raise Refused("J105", file=file) from error
        raise Refused("J101", file=file, why="内容已损坏") from error
    return Book(file, sheets, spans, nothing_hidden)


def _fill(sheet: SourceSheet, raw: Any, datemode: int) -> list[Span]:
    for row in range(raw.nrows):
        for column, cell in enumerate(raw.row(row)):
            made = _cell(cell, datemode)
            if made is not None:
                sheet.cells[row + 1, column + 1] = made
    spans = [(top + 1, left + 1, bottom, right) for top, bottom, left, right in raw.merged_cells]
    sheet.merged = [f"{a1(top, left)}:{a1(bottom, right)}" for top, left, bottom, right in spans]
    return spans


def _cell(cell: Any, datemode: int) -> SourceCell | None:
    import xlrd

    if cell.ctype == xlrd.XL_CELL_TEXT and cell.value != "":
        return SourceCell(cell.value)
    if cell.ctype == xlrd.XL_CELL_NUMBER:
        return SourceCell(numbers.from_float(cell.value))
    if cell.ctype == xlrd.XL_CELL_DATE:
        shift = Decimal(1462) if datemode else Decimal(0)
        return SourceCell(numbers.from_float(cell.value) + shift, is_date=True)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return SourceCell(bool(cell.value))
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return SourceCell(xlrd.error_text_from_code.get(cell.value, "#ERROR"))
    return None
