"""Binary workbooks (.xls and .et of the OLE kind) -> Book, through xlrd, the only file that imports it.

It is given the one stream that it reads, cut out of the container by us: it follows no chain of sectors. Names are hidden
from it, because it computes them, and a few that double a text one after the other fill the memory.

A compiled reader is ten times as fast here, but spends memory on the whole box between two far cells, shows error values
as blanks and does not know the Chinese code page of Excel 95.
"""

from __future__ import annotations

import io
import struct
from decimal import Decimal
from typing import Any

from jixiao.model import LimitReached, Refused, Stop
from jixiao.office.book import MAX_BOOK_CELLS, Book, Sheet
from jixiao.office.bounds import Overrun, bounded
from jixiao.office.compound import read_stream
from jixiao.office.formats import DATE
from jixiao.office.grid import ErrorText
from jixiao.text import from_float

MAX_BYTES = 60_000_000
_DAYS_1904 = Decimal(1462)
_STREAMS = ("Workbook", "Book")
_EOF, _NAME, _NOTHING = 0x0A, 0x18, 0x0FFF


def read(data: bytes, file: str, sha256: str) -> Book:
    """Read a binary workbook; Refused when it is damaged or has a password, LimitReached when it is too large."""
    if len(data) > MAX_BYTES:
        raise LimitReached("J107", file=file, what="文件过大")
    import xlrd  # only for binary files

    try:
        stream = _nameless(read_stream(data, _STREAMS))
        return bounded(lambda: _read(xlrd, stream, file, sha256))
    except Overrun as error:
        raise LimitReached("J107", file=file, what=f"超过{error}") from error
    except MemoryError as error:
        raise LimitReached("J107", file=file, what="内容过多") from error
    except Stop:
        raise
    except Exception as error:
        if "ncrypt" in str(error):
            raise Refused("J105", file=file) from error
        raise Refused("J101", file=file, why="内容已损坏") from error


def _read(xlrd: Any, stream: bytes, file: str, sha256: str) -> Book:
    """The workbook; odd formats break only the reading of formats: then without merged areas."""
    try:
        return _sheets(xlrd, stream, file, sha256, formats=True)
    except Stop:
        raise
    except Exception:  # noqa: BLE001 - whatever the library stumbles over
        return _sheets(xlrd, stream, file, sha256, formats=False)


def _sheets(xlrd: Any, stream: bytes, file: str, sha256: str, *, formats: bool) -> Book:
    """Sheet by sheet, so that none is read any more once the cells are too many."""
    book = xlrd.open_workbook(
        file_contents=stream,
        logfile=io.StringIO(),
        formatting_info=formats,
        ragged_rows=True,
        on_demand=True,
    )
    made, cells = Book(file, []), 0
    for number in range(book.nsheets):
        raw = book.sheet_by_index(number)
        made.sheets.append(Sheet(file, sha256, raw.name, raw.visibility != 0))
        _fill(made.sheets[-1], raw, book, xlrd.error_text_from_code)
        book.unload_sheet(number)
        cells += len(made.sheets[-1].cells)
        if cells > MAX_BOOK_CELLS:
            raise LimitReached("J107", file=file, what=f"单元格超过 {MAX_BOOK_CELLS} 个")
    return made


def _nameless(stream: bytes) -> bytes:
    """The stream with the names of the workbook made a record that no reader looks at; the places of all records stay."""
    made, at = bytearray(stream), 0
    while at + 4 <= len(made):
        kind, length = struct.unpack_from("<HH", made, at)
        if kind == _NAME:
            struct.pack_into("<H", made, at, _NOTHING)
        elif kind == _EOF:
            break
        at += 4 + length
    return bytes(made)


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
                number = from_float(value)
                sheet.put(
                    row + 1, column + 1, number + late if number.is_finite() else ErrorText("#NUM!"), code
                )
            elif kind == 4:  # truth
                sheet.put(row + 1, column + 1, bool(value))
            elif kind == 5:  # error
                sheet.put(row + 1, column + 1, ErrorText(errors.get(value, "#ERROR")))
    sheet.spans = [(top + 1, left + 1, bottom, right) for top, bottom, left, right in raw.merged_cells]
    sheet.hidden_rows = {row + 1 for row, info in raw.rowinfo_map.items() if info.hidden or info.height == 0}
    sheet.hidden_columns = {
        column + 1 for column, info in raw.colinfo_map.items() if info.hidden or info.width == 0
    }


def _format(raw: Any, book: Any, row: int, column: int) -> str:
    """The number format of a cell; empty where the formats of the file could not be read."""
    index = raw.cell_xf_index(row, column) if book.formatting_info else -1
    if not 0 <= index < len(book.xf_list):
        return ""
    known = book.format_map.get(book.xf_list[index].format_key)
    return "" if known is None else str(known.format_str)
