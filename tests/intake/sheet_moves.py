"""Moving the cells of a sheet about with their styles, merged ranges and sizes: the tools of variants.py."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

AMOUNT_FORMAT = "#,##0.00"
Place = tuple[int, int]
Span = tuple[int, int, int, int]  # first row, first column, last row, last column


def each_sheet(in_path: Path, out_path: Path, change: Callable[[Worksheet], None]) -> None:
    """Read a workbook, let ``change`` work on each sheet, write another workbook."""
    book = load_workbook(in_path)
    for sheet in book.worksheets:
        change(sheet)
    book.save(out_path)


def cells(sheet: Worksheet) -> list[Any]:
    """Every cell that holds something."""
    return [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]


def texts(sheet: Worksheet) -> list[Any]:
    """Every cell that holds text."""
    return [cell for cell in cells(sheet) if isinstance(cell.value, str)]


def first_table_row(sheet: Worksheet) -> int:
    """The first ruled row: where the headings start."""
    return min(_ruled(sheet), default=1)


def last_table_row(sheet: Worksheet) -> int:
    """The last ruled row: notes and signatures come below it."""
    return max(_ruled(sheet), default=sheet.max_row)


def blocks(sheet: Worksheet) -> tuple[int, list[int]]:
    """The row of the block headings (项目…) and the columns where blocks start; (1, []) without any."""
    best: tuple[int, list[int]] = (1, [])
    for row in range(1, min(sheet.max_row, 20) + 1):
        columns = range(1, sheet.max_column + 1)
        starts = [c for c in columns if re.match("项目(（|$)", _plain(sheet.cell(row, c).value))]
        if len(starts) > len(best[1]):
            best = row, starts
    return best


def rescale(sheet: Worksheet, old: str, new: str, factor: Decimal) -> None:
    """Multiply the amounts of a sheet whose unit cell says ``old``; write ``new`` where the unit stands."""
    stated = re.compile(rf"(单位[：:]\s*|^|（){old}(?=$|）)")
    if not any(re.search(rf"单位[：:]{old}$", _plain(cell.value)) for cell in texts(sheet)):
        return
    for cell in cells(sheet):
        if isinstance(cell.value, str):
            cell.value = stated.sub(rf"\g<1>{new}", cell.value)
        elif cell.number_format == AMOUNT_FORMAT:
            cell.value = (Decimal(str(cell.value)) * factor).quantize(Decimal("0.01"))


def split_merges(sheet: Worksheet, row: int, starts: Sequence[int]) -> None:
    """Break merged ranges of ``row`` that cover several of ``starts``, repeating the text at each of them."""
    for merged in list(sheet.merged_cells.ranges):
        covered = [s for s in starts if merged.min_col <= s <= merged.max_col]
        if not merged.min_row <= row <= merged.max_row or len(covered) < 2:
            continue
        first: Any = sheet.cell(merged.min_row, merged.min_col)
        text, last, style = first.value, merged.max_col, copy.copy(first._style)
        sheet.unmerge_cells(str(merged))
        for start, end in zip(covered, [*(s - 1 for s in covered[1:]), last], strict=True):
            cell: Any = sheet.cell(row, start, text)
            cell._style = copy.copy(style)
            if end > start:
                sheet.merge_cells(start_row=row, start_column=start, end_row=row, end_column=end)


def remap(sheet: Worksheet, place: Callable[[int, int], Place]) -> None:
    """Move every cell, with its style, to ``place(row, column)``; merges, heights and widths follow."""
    merges: list[Span] = [(m.min_row, m.min_col, m.max_row, m.max_col) for m in sheet.merged_cells.ranges]
    heights = {row: size.height for row, size in sheet.row_dimensions.items()}
    widths = {column_index_from_string(k): size.width for k, size in sheet.column_dimensions.items()}
    table_row = first_table_row(sheet)
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merged))
    every: list[Any] = [cell for row in sheet.iter_rows() for cell in row]
    kept = [(cell.row, cell.column, cell.value, copy.copy(cell._style)) for cell in every]
    sheet.delete_rows(1, sheet.max_row)
    sheet.row_dimensions.clear()
    sheet.column_dimensions.clear()
    for row, column, value, style in kept:
        target: Any = sheet.cell(*place(row, column))
        target.value, target._style = value, style
    for first_row, first_column, last_row, last_column in merges:
        top, left = place(first_row, first_column)
        bottom, right = place(last_row, last_column)
        sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
    for row, height in heights.items():
        sheet.row_dimensions[place(row, 1)[0]].height = height
    for column, width in widths.items():
        sheet.column_dimensions[get_column_letter(place(table_row, column)[1])].width = width
    sheet.freeze_panes = None
    sheet.print_title_rows = None


def _ruled(sheet: Worksheet) -> list[int]:
    left = min((cell.column for cell in cells(sheet)), default=1)
    return [row for row in range(1, sheet.max_row + 1) if sheet.cell(row, left).border.top.style]


def _plain(value: object) -> str:
    return re.sub(r"\s", "", value) if isinstance(value, str) else ""
