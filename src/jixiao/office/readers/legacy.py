"""Binary workbooks (.xls and .et of the OLE kind) -> Book, through xlrd, the only file that imports it.

calamine is ten times as fast here, but spends memory on the whole box between two far cells, shows error values as
blanks and does not know the Chinese code page of Excel 95; xlrd has none of these faults.
"""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

from jixiao.model import LimitReached, Refused
from jixiao.office.sheet import Book, SourceCell, SourceSheet, Span, a1, nothing_hidden
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
        sheets, spans = [], []
        for raw in book.sheets():
            sheet = SourceSheet(file, sha256, raw.name, raw.visibility != 0)
            spans.append(_fill(sheet, raw, book.datemode, xlrd.error_text_from_code))
            sheets.append(sheet)
    except MemoryError as error:
        raise LimitReached("J107", file=file, what="内容过多") from error
    except Exception as error:
        if "ncrypt" in str(error):
            raise Refused("J105", file=file) from error
        raise Refused("J101", file=file, why="内容已损坏") from error
    return Book(file, sheets, spans, nothing_hidden)


def _open(xlrd: Any, data: bytes) -> Any:
    try:
        return xlrd.open_workbook(
            file_contents=data, logfile=io.StringIO(), formatting_info=True, ragged_rows=True
        )
    except Exception:  # noqa: BLE001 - odd formats break only the reading of formats: then without merged areas
        return xlrd.open_workbook(file_contents=data, logfile=io.StringIO(), ragged_rows=True)


def _fill(sheet: SourceSheet, raw: Any, datemode: int, errors: dict[int, str]) -> list[Span]:
    for row in range(raw.nrows):
        values = raw.row_values(row)
        for column, kind in enumerate(raw.row_types(row)):
            if kind not in (0, 6):  # empty, blank with a format
                made = _cell(kind, values[column], datemode, errors)
                if made is not None:
                    sheet.cells[row + 1, column + 1] = made
    spans = [(top + 1, left + 1, bottom, right) for top, bottom, left, right in raw.merged_cells]
    sheet.merged = [f"{a1(top, left)}:{a1(bottom, right)}" for top, left, bottom, right in spans]
    return spans


def _cell(kind: int, value: Any, datemode: int, errors: dict[int, str]) -> SourceCell | None:
    if kind == 1:  # text
        return SourceCell(value) if value else None
    if kind == 2:  # number
        return SourceCell(from_float(value))
    if kind == 3:  # date
        return SourceCell(from_float(value) + (_DAYS_1904 if datemode else 0), is_date=True)
    if kind == 4:  # boolean
        return SourceCell(bool(value))
    return SourceCell(errors.get(value, "#ERROR"))
