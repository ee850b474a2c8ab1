"""Binary workbooks (.xls and .et of the OLE kind) -> Book, through xlrd, the only file that imports it.

A compiled reader is ten times as fast here, but spends memory on the whole box between two far cells, shows error values
as blanks and does not know the Chinese code page of Excel 95.
"""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

from jixiao.model import LimitReached, Refused
from jixiao.office.book import DATE, Book, Sheet
from jixiao.office.grid import ErrorText
from jixiao.text import from_float

MAX_BYTES = 60_000_000
_DAYS_1904 = Decimal(1462)


def read(data: bytes, file: str, sha256: str) -> Book:
    """Read a binary workbook; Refused when it is damaged or has a password, LimitReached when it is too large."""
    if len(data) > MAX_BYTES:
        raise LimitReached("J107", file=file, what="文件过大")
    import xlrd  # only for binary files

    try:
        book = _open(xlrd, data)
        sheets = []
        for raw in book.sheets():
            sheets.append(Sheet(file, sha256, raw.name, raw.visibility != 0))
            _fill(sheets[-1], raw, book, xlrd.error_text_from_code)
    except MemoryError as error:
        raise LimitReached("J107", file=file, what="内容过多") from error
    except Exception as error:
        if "ncrypt" in str(error):
            raise Refused("J105", file=file) from error
        raise Refused("J101", file=file, why="内容已损坏") from error
    return Book(file, sheets)


def _open(xlrd: Any, data: bytes) -> Any:
    try:
        return xlrd.open_workbook(
            file_contents=data, logfile=io.StringIO(), formatting_info=True, ragged_rows=True
        )
    except Exception:  # noqa: BLE001 - odd formats break only the reading of formats: then without merged areas
        return xlrd.open_workbook(file_contents=data, logfile=io.StringIO(), ragged_rows=True)


def _fill(sheet: Sheet, raw: Any, book: Any, errors: dict[int, str]) -> None:
    for row in range(raw.nrows):
        values = raw.row_values(row)
        for column, kind in enumerate(raw.row_types(row)):
            value = values[column]
            if kind == 1 and value:  # text
                sheet.put(row + 1, column + 1, value)
            elif kind in (2, 3):  # number, date
                late = _DAYS_1904 if kind == 3 and book.datemode else 0
                code = _format(raw, book, row, column) or (DATE if kind == 3 else "")
                sheet.put(row + 1, column + 1, from_float(value) + late, code)
            elif kind == 4:  # truth
                sheet.put(row + 1, column + 1, bool(value))
            elif kind == 5:  # error
                sheet.put(row + 1, column + 1, ErrorText(errors.get(value, "#ERROR")))
    sheet.spans = [(top + 1, left + 1, bottom, right) for top, bottom, left, right in raw.merged_cells]
    sheet.hidden_rows = frozenset(row + 1 for row, info in raw.rowinfo_map.items() if info.hidden)
    sheet.hidden_columns = frozenset(column + 1 for column, info in raw.colinfo_map.items() if info.hidden)


def _format(raw: Any, book: Any, row: int, column: int) -> str:
    """The number format of a cell; empty where the formats of the file could not be read."""
    index = raw.cell_xf_index(row, column) if book.formatting_info else -1
    if not 0 <= index < len(book.xf_list):
        return ""
    known = book.format_map.get(book.xf_list[index].format_key)
    return "" if known is None else str(known.format_str)
