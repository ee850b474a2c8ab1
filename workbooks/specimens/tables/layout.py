"""Laying out an official form on an .xlsx sheet, and saving it so that the same data give the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

Value = Decimal | int | str | None

AMOUNT, COUNT, RATE = "#,##0.00", "0", "0.00%"
NOT_APPLICABLE = "—"
PAPER_A3, PAPER_A4 = 8, 9

_SONG = "宋体"
_THIN = Side(style="thin", color="FF000000")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_LEFT = Alignment(horizontal="left", vertical="center", wrap_text=True)
_RIGHT = Alignment(horizontal="right", vertical="center")
_FIXED_TIME = "2023-03-31T00:00:00Z"
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


class Form:
    """One sheet of a form: a title, a caption line, a ruled grid, a signature line.

    Rows and columns count from 1. Amounts are exact decimals, written with two decimals.
    """

    def __init__(self, book: Workbook, name: str, widths: Sequence[float], size: float = 10) -> None:
        """Add sheet ``name`` (cut at 31 characters) with the given column widths and font size."""
        self.sheet: Worksheet = book.create_sheet(name[:31])
        self.columns = len(widths)
        self.size = size
        self._font, self._bold = Font(name=_SONG, size=size), Font(name=_SONG, size=size, bold=True)
        self.sheet.sheet_view.showGridLines = False
        for number, width in enumerate(widths, start=1):
            self.sheet.column_dimensions[get_column_letter(number)].width = width

    def title(self, row: int, text: str) -> None:
        """The title, merged over the whole width."""
        self._merge(row, 1, 1, self.columns)
        cell = self.sheet.cell(row, 1, text)
        cell.font, cell.alignment = Font(name=_SONG, size=18, bold=True), _CENTRE
        self.sheet.row_dimensions[row].height = 32

    def caption(self, row: int, left: str, middle: str, right: str, sides: tuple[int, int]) -> None:
        """An unruled line: left part, middle part, right part; ``sides`` are the widths of the outer two."""
        spans = (
            (1, sides[0], left, _LEFT),
            (sides[0] + 1, self.columns - sides[0] - sides[1], middle, _CENTRE),
            (self.columns - sides[1] + 1, sides[1], right, _RIGHT),
        )
        for column, width, text, alignment in spans:
            cell = self.sheet.cell(row, column, text or None)
            cell.font, cell.alignment = self._font, alignment
            self._merge(row, column, 1, width)
        self.sheet.row_dimensions[row].height = 18

    def note(self, row: int, text: str) -> None:
        """An unruled line over the whole width, below the table."""
        self._merge(row, 1, 1, self.columns)
        cell = self.sheet.cell(row, 1, text)
        cell.font, cell.alignment = self._font, _LEFT
        self.sheet.row_dimensions[row].height = 18

    def head(self, row: int, column: int, text: str, rows: int = 1, columns: int = 1) -> None:
        """A ruled heading cell, merged over ``rows`` by ``columns``."""
        self._ruled(row, column, rows, columns)
        cell = self.sheet.cell(row, column, text or None)
        cell.font, cell.alignment = self._bold, _CENTRE
        self._merge(row, column, rows, columns)

    def label(self, row: int, column: int, text: str, centred: bool = False, columns: int = 1) -> None:
        """A ruled row label; indents are full-width spaces inside the text."""
        self._ruled(row, column, 1, columns)
        cell = self.sheet.cell(row, column, text or None)
        cell.font, cell.alignment = self._font, _CENTRE if centred else _LEFT
        self._merge(row, column, 1, columns)

    def value(self, row: int, column: int, value: Value, form: str = AMOUNT, centred: bool = False) -> None:
        """A ruled figure; ``None`` leaves the cell blank, text (such as the dash) is always centred."""
        self._ruled(row, column, 1, 1)
        cell = self.sheet.cell(row, column, value)
        cell.font, cell.alignment = self._font, _CENTRE if centred or isinstance(value, str) else _RIGHT
        cell.number_format = form

    def finish(self, head_rows: tuple[int, int], paper: int = PAPER_A4, row_height: float = 18) -> None:
        """Print set-up: landscape, one page wide, heading rows repeated, page number; even row heights."""
        sheet = self.sheet
        for row in range(head_rows[0], sheet.max_row + 1):
            if sheet.row_dimensions[row].height is None:
                sheet.row_dimensions[row].height = row_height
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", paper
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.print_options.horizontalCentered = True
        sheet.print_title_rows = f"{head_rows[0]}:{head_rows[1]}"
        margins = sheet.page_margins
        margins.left = margins.right = 0.4
        margins.top = margins.bottom = 0.7
        margins.header = margins.footer = 0.3
        footer = sheet.oddFooter
        if footer is not None and footer.center is not None:
            footer.center.text = "第 &P 页，共 &N 页"
        sheet.freeze_panes = f"A{head_rows[1] + 1}"

    def _ruled(self, row: int, column: int, rows: int, columns: int) -> None:
        for r in range(row, row + rows):
            for c in range(column, column + columns):
                self.sheet.cell(r, c).border = _BOX

    def _merge(self, row: int, column: int, rows: int, columns: int) -> None:
        if rows * columns > 1:
            self.sheet.merge_cells(
                start_row=row, start_column=column, end_row=row + rows - 1, end_column=column + columns - 1
            )


def new_book(title: str, unit: str) -> Workbook:
    """An empty workbook without the default sheet."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.title, book.properties.creator = title, unit
    return book


def save(book: Workbook, path: Path) -> None:
    """Write the workbook with fixed times, so that the same content always gives the same parts."""
    buffer = io.BytesIO()
    book.save(buffer)
    with zipfile.ZipFile(buffer) as parts, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name in sorted(parts.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            data = parts.read(name)
            if name == "docProps/core.xml":
                # the library stamps the moment of saving, whatever the properties say
                data = re.sub(rb"(<dcterms:\w+[^>]*>)[^<]*", rb"\g<1>" + _FIXED_TIME.encode(), data)
            info = zipfile.ZipInfo(name, _ZIP_TIME)
            info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 0
            out.writestr(info, data)
