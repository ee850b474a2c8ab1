"""Opening a file of tables: by content, never by name, through the guard to the reader of its kind -> Book."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from jixiao.model import FOLDER, LimitReached, NotRegular, Refused, Source, Stop, read_regular, reason
from jixiao.office.book import MAX_ALIKE, MAX_BOOK_CELLS, UNCALCULATED, Book, Sheet, serial_of
from jixiao.office.formats import DATE
from jixiao.office.grid import TRUE, Cell, Grid, Slot, decode
from jixiao.office.guard import check_ole, checked, sniff
from jixiao.office.package import CONTENT_TYPES, Package
from jixiao.office.problems import NotRead, TooMuch, refuse
from jixiao.office.refs import MAX_COLUMN, digits, disjoint, shown_area, split_area, split_ref
from jixiao.office.saving import MAX_FILE
from jixiao.office.workbook import Workbook

MAX_TEXT = 30_000_000
"""Formats that are text (.csv, HTML, XML) are larger than this only when something is wrong."""
_LOW, NARROW = re.compile(r"0(?:\.\d{1,20})?"), 0.2
"""Rows below a point and columns below a fifth of a character are as good as hidden."""
_DAYS_1904 = Decimal(1462)


def open_book(path: Path) -> Book:
    """Read one file of any supported kind; raises Refused or LimitReached with one clear line."""
    try:
        data, _ = read_regular(path, MAX_FILE)
    except NotRegular as error:
        if error.strerror == FOLDER:
            raise Refused("J103", file=path.name) from error
        raise Refused("J533", file=path.name, why=error.strerror) from error
    except FileNotFoundError as error:
        raise Refused("J102", file=path.name) from error
    except OSError as error:
        raise Refused("J101", file=path.name, why=f"无法打开：{reason(error)}") from error
    if len(data) > MAX_FILE:
        raise LimitReached("J107", file=path.name, what="文件过大")
    return read_book(data, path.name)


def read_book(data: bytes, file: str) -> Book:
    """Read the bytes of a file; ``file`` is its bare name, used in proofs and messages."""
    if not data:
        raise Refused("J104", file=file)
    kind = sniff(data)
    if kind not in ("zip", "ole", "doc", "pdf") and len(data) > MAX_TEXT:
        raise LimitReached("J107", file=file, what="文件过大")
    sha256 = hashlib.sha256(data).hexdigest()
    if kind == "pdf":
        from jixiao.office import pdfpages

        return _written(pdfpages.read, "J151", data, file, sha256)
    if kind == "doc":
        from jixiao.office import document

        return _tidied(_written(document.read, "J101", data, file, sha256))
    if kind in ("zip", "ole"):
        read = _packed if kind == "zip" else _legacy
        return _tidied(_named(file, lambda: read(data, file, sha256)))
    from jixiao.office import texts

    readers = {"html": texts.read_html, "mht": texts.read_archive, "xml": texts.read_xml}
    return _tidied(readers.get(kind, texts.read_lines)(data, file, sha256))


def _written(read: Callable[[bytes, str, str], Book], code: str, data: bytes, file: str, sha256: str) -> Book:
    """What a reader of written documents makes of a file; what stops it is worded with the name of the file."""
    try:
        return read(data, file, sha256)
    except NotRead as error:
        raise Refused(code, file=file, why=str(error)) from error
    except TooMuch as error:
        raise LimitReached("J107", file=file, what=f"超过{error}") from error


def _tidied(book: Book) -> Book:
    """Merged areas as a sheet can hold them, whatever the file has: what is read can be written."""
    for sheet in book.sheets:
        given = sheet.spans
        sheet.spans, left_out = disjoint(given)
        sheet.overlaps = [shown_area(given[place]) for place in left_out]
    return book


def check_package(data: bytes) -> None:
    """Refuse (exit 3) or stop at a limit (exit 5): a workbook is damaged, encrypted, hostile or too large.

    For .xlsx, .xlsm, .ods, every cell of them, and for the OLE files .xls and .et, which are not read.
    """
    if not data:
        refuse("J502")
    kind = sniff(data)
    if kind == "ole":
        check_ole(data)
    elif kind == "zip":
        _packed(data, "", "")
    else:
        names = {
            "html": "网页",
            "mht": "网页",
            "xml": "XML",
            "pdf": "PDF",
            "text": "文本",
            "doc": "Word 文档",
        }
        refuse("J501", why=f"内容是{names[kind]}" if kind in names else "内容无法识别")


def _packed(data: bytes, file: str, sha256: str) -> Book:
    """A zipped workbook: an OpenDocument one, else one of Excel's kind."""
    package = Package(data)
    if package.find(CONTENT_TYPES) is None and package.find("content.xml") is not None:
        from jixiao.office import opendocument

        return opendocument.read(package, file, sha256)
    if package.find("word/document.xml") is not None:
        from jixiao.office import document

        return _written(document.read, "J101", data, file, sha256)
    return _typed(checked(package), file, sha256)


def _legacy(data: bytes, file: str, sha256: str) -> Book:
    from jixiao.office import legacy

    check_ole(data)
    return legacy.read(data, file, sha256)


def _named(file: str, read: Callable[[], Book]) -> Book:
    """What the package layer refuses, worded with the name of the file."""
    try:
        return read()
    except Stop as stop:
        found, words = stop.finding, dict(stop.finding.args)
        if "file" in words:
            raise
        if found.code == "J505":
            raise Refused("J105", file=file) from stop
        if found.code == "J501":
            raise Refused("J106", file=file, why=words.get("why", "")) from stop
        place = found.sources[0] if found.sources else Source("")
        raise type(stop)(found.code, Source(file, place.sheet, place.cell), **words) from stop


def _typed(book: Workbook, file: str, sha256: str) -> Book:
    """The worksheets of a workbook as they are when opened; chart sheets are left out."""
    formats, late = book.formats(), _DAYS_1904 if book.date1904 else Decimal(0)
    made, cells = Book(file, [], macros=book.has_macros), 0
    for name in book.worksheets:
        grid = book.grid(name)
        sheet = Sheet(file, sha256, name, book.state(name) != "visible")
        sheet.spans = [split_area(area) for area in grid.merged]
        _outline(sheet, grid)
        for slot in grid.slots.values():
            _put(sheet, decode(slot, book.strings, name), slot, formats, late)
        cells += len(sheet.cells)
        if cells > MAX_BOOK_CELLS:
            raise LimitReached("J107", file=file, what=f"单元格超过 {MAX_BOOK_CELLS} 个")
        made.sheets.append(sheet)
    return made


def _put(sheet: Sheet, cell: Cell, slot: Slot, formats: Sequence[str], late: Decimal) -> None:
    """Note a decoded cell, its number without the noise of binary floats and its dates counted from 1900."""
    from jixiao.text import from_float, uncoded  # the readers of text are not loaded to score

    value, place = cell.value, split_ref(cell.ref)
    cell.format = formats[cell.style] if cell.style < len(formats) else ""
    if cell.error or (slot.kind == "e" and value is None):
        sheet.faults[place] = str(value or "#ERROR")
    elif value is None or value == "":
        said = uncoded(f"={cell.formula}")  # ="1601" guards a text and needs no result
        if cell.formula and said and not said.startswith("="):
            sheet.cells[place] = replace(cell, value=said, formula=None)
        elif cell.formula is not None and slot.kind != "str":
            sheet.faults[place] = UNCALCULATED
    else:
        if isinstance(value, str) and slot.kind != "d":
            cell.value = uncoded(value)
        elif isinstance(value, Decimal):
            cell.value = from_float(float(value)) + (late if cell.kind == "date" else 0)
        elif slot.kind == "d" and isinstance(value, str):
            serial = serial_of(value)
            cell.value, cell.format = (value, "") if serial is None else (serial, cell.format or DATE)
        sheet.cells[place] = cell


def _outline(sheet: Sheet, grid: Grid) -> None:
    """Widths of columns, and which rows and columns are not shown."""
    widths: dict[int, float] = {}
    hidden: set[int] = set()
    for column in grid.columns:
        first, last = digits(column.get("min")), digits(column.get("max"))
        if not first or not last:
            continue
        alike = range(first, min(last, first + MAX_ALIKE - 1, MAX_COLUMN) + 1)
        if re.fullmatch(r"\d{1,5}(?:\.\d{1,20})?", column.get("width", "")):
            widths |= dict.fromkeys(alike, float(column["width"]))
        if column.get("hidden") in TRUE or widths.get(first, NARROW) < NARROW:
            hidden |= set(alike)
    sheet.widths, sheet.hidden_columns = widths or None, hidden
    sheet.hidden_rows = {
        row.number
        for row in grid.rows
        if row.attrs.get("hidden") in TRUE or _LOW.fullmatch(row.attrs.get("ht", ""))
    }
