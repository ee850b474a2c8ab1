"""Zipped workbooks (.xlsx .xlsm .et .ods) -> Book, through calamine, the only file that imports it.

calamine shows blanks, errors and uncalculated formulas alike as ''; the book's second look tells them apart.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import os
from decimal import Decimal
from typing import Any

from jixiao.model import LimitReached, Refused
from jixiao.office.readers import package
from jixiao.office.sheet import Book, SourceCell, SourceSheet, Span, a1
from jixiao.text import from_float

MAX_BOX = 4_000_000
MAX_CELLS = 400_000
_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - spreadsheet dates have no time zone


def read(data: bytes, file: str, sha256: str) -> Book:
    """Read a checked zipped workbook; Refused when it cannot be read."""
    from python_calamine import (
        CalamineError,
        CalamineWorkbook,
        PasswordError,
        SheetTypeEnum,
        SheetVisibleEnum,
    )

    sheets: list[SourceSheet] = []
    spans: list[list[Span]] = []
    quiet = _Quiet()
    try:
        quiet.begin()
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for meta in book.sheets_metadata:
            if meta.typ is not SheetTypeEnum.WorkSheet:
                continue
            raw = book.get_sheet_by_name(meta.name)
            hidden = meta.visible is not SheetVisibleEnum.Visible
            sheets.append(SourceSheet(file, sha256, meta.name, hidden, _cells(raw, file, meta.name)))
            _bound(sheets, file)
            spans.append(_spans(raw))
            sheets[-1].merged = [
                f"{a1(top, left)}:{a1(bottom, right)}" for top, left, bottom, right in spans[-1]
            ]
    except PasswordError as error:
        raise Refused("J105", file=file) from error
    except (CalamineError, OSError, ValueError) as error:
        raise Refused("J101", file=file, why="内容已损坏") from error
    except (KeyboardInterrupt, SystemExit, Refused, LimitReached, MemoryError):
        raise
    except BaseException as error:  # a panic of the reader is no Exception
        if isinstance(error, Exception):
            raise
        raise Refused("J101", file=file, why="内容已损坏") from None
    finally:
        quiet.end()
    return _book(data, file, sheets, spans)


class _Quiet:
    """Keeps a panic's own report off the user's screen: it goes to the error stream below Python."""

    def __init__(self) -> None:
        self._kept = -1

    def begin(self) -> None:
        """Send the error stream of the process nowhere; nothing happens where it has none."""
        with contextlib.suppress(OSError):
            self._kept = os.dup(2)
            sink = os.open(os.devnull, os.O_WRONLY)
            os.dup2(sink, 2)
            os.close(sink)

    def end(self) -> None:
        """Restore it."""
        if self._kept >= 0:
            os.dup2(self._kept, 2)
            os.close(self._kept)
            self._kept = -1


def _book(data: bytes, file: str, sheets: list[SourceSheet], spans: list[list[Span]]) -> Book:
    names = [sheet.name for sheet in sheets]
    parts = package.Parts(data)
    if b"application/vnd.oasis.opendocument.spreadsheet" in data[:200]:
        return Book(file, sheets, spans, lambda index: parts.ods_errors(names[index]))
    return Book(
        file,
        sheets,
        spans,
        look=lambda index: parts.errors(names[index]),
        widths=lambda index: parts.widths(names[index]),
        macros=parts.has_macros,
    )


def _bound(sheets: list[SourceSheet], file: str) -> None:
    if sum(len(sheet.cells) for sheet in sheets) > MAX_CELLS:
        raise LimitReached("J107", file=file, what=f"单元格超过 {MAX_CELLS} 个")


def _cells(raw: Any, file: str, name: str) -> dict[tuple[int, int], SourceCell]:
    if raw.total_height * raw.total_width > MAX_BOX:
        raise LimitReached("J107", file=file, what=f"工作表“{name}”的范围过大")
    cells: dict[tuple[int, int], SourceCell] = {}
    for row, values in enumerate(raw.to_python(skip_empty_area=False), 1):
        for column, value in enumerate(values, 1):
            if value != "":
                cells[row, column] = _cell(value)
    return cells


def _cell(value: Any) -> SourceCell:
    if isinstance(value, str):
        return SourceCell(value)
    if isinstance(value, bool):
        return SourceCell(value)
    if isinstance(value, int):
        return SourceCell(Decimal(value))
    if isinstance(value, float):
        return SourceCell(from_float(value))
    return SourceCell(_serial(value), is_date=True)


def _serial(value: Any) -> Decimal:
    """A date, time or duration as an Excel serial number (1900 system)."""
    if isinstance(value, dt.time):
        value = dt.timedelta(hours=value.hour, minutes=value.minute, seconds=value.second)
    elif isinstance(value, dt.datetime):
        value = value.replace(tzinfo=None) - _EPOCH
    elif isinstance(value, dt.date):
        return Decimal((value - _EPOCH.date()).days)
    return Decimal(value.days) + (Decimal(value.seconds) / 86400).quantize(Decimal("0.0000000001"))


def _spans(raw: Any) -> list[Span]:
    merged = raw.merged_cell_ranges
    return [(top + 1, left + 1, bottom + 1, right + 1) for (top, left), (bottom, right) in merged or ()]
