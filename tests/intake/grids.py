"""Sheets as plain grids for tests: taken from a real source, changed as users change them, written back."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from openpyxl import Workbook

from jixiao.office import Span, read_book

Value = str | Decimal | bool | None


@dataclass
class Grid:
    """One sheet: cells by (row, column) from 1, merged areas, name."""

    name: str
    cells: dict[tuple[int, int], Value] = field(default_factory=dict)
    spans: list[Span] = field(default_factory=list)

    @property
    def height(self) -> int:
        """Last filled row."""
        return max((row for row, _ in self.cells), default=0)

    @property
    def width(self) -> int:
        """Last filled column."""
        return max((column for _, column in self.cells), default=0)

    def moved(self, place: Callable[[int, int], tuple[int, int]]) -> Grid:
        """Every cell and merged corner sent to another place."""
        cells = {place(*at): value for at, value in self.cells.items()}
        spans = []
        for top, left, bottom, right in self.spans:
            (r1, c1), (r2, c2) = place(top, left), place(bottom, right)
            spans.append((r1, c1, r2, c2))
        return Grid(self.name, cells, spans)

    def mapped(self, change: Callable[[int, int, Value], Value]) -> Grid:
        """Every value changed."""
        return Grid(self.name, {at: change(*at, v) for at, v in self.cells.items()}, list(self.spans))


def grids(data: bytes, file: str) -> list[Grid]:
    """All sheets of a file as grids."""
    book = read_book(data, file)
    return [
        Grid(sheet.name, {at: cell.value for at, cell in sheet.cells.items()}, list(sheet.spans))
        for sheet in book.sheets
    ]


def rows(name: str, lines: Iterable[Iterable[Value]]) -> Grid:
    """A grid from rows of values; None and '' stay blank."""
    grid = Grid(name)
    for r, line in enumerate(lines, 1):
        for c, value in enumerate(line, 1):
            if value not in (None, ""):
                grid.cells[r, c] = value
    return grid


def xlsx(*sheets: Grid) -> bytes:
    """Write grids as an .xlsx file."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for grid in sheets:
        sheet = book.create_sheet(grid.name[:31])
        for (row, column), value in grid.cells.items():
            sheet.cell(row, column, value)
        for top, left, bottom, right in grid.spans:
            if (top, left) != (bottom, right):
                sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_rows(grid: Grid, after: list[int]) -> Grid:
    """Blank rows inserted below the given rows."""
    return grid.moved(lambda r, c: (r + sum(at < r for at in after), c))


def with_columns(grid: Grid, after: list[int]) -> Grid:
    """Blank columns inserted right of the given columns."""
    return grid.moved(lambda r, c: (r, c + sum(at < c for at in after)))


def swapped(grid: Grid, one: range, other: range, top: int) -> Grid:
    """Two equally wide column ranges exchanged from row ``top`` on."""
    there = dict(zip(one, other, strict=True)) | dict(zip(other, one, strict=True))
    return grid.moved(lambda r, c: (r, there.get(c, c)) if r >= top else (r, c))


def spaced(grid: Grid, chance: random.Random) -> Grid:
    """Labels spaced out with blanks, full-width blanks and line breaks."""

    def change(row: int, column: int, value: Value) -> Value:
        if not isinstance(value, str) or chance.random() < 0.3:
            return value
        gap = chance.choice([" ", "　", "\n", " 　"])
        return gap.join(value) if chance.random() < 0.5 else f"{gap}{value}{gap}"

    return grid.mapped(change)


def in_wan(grid: Grid, keep: Callable[[int, int], bool]) -> Grid:
    """Amounts in 元 turned into 万元, the caption with them; ``keep`` names the cells that are no amounts."""

    def change(row: int, column: int, value: Value) -> Value:
        if isinstance(value, str):
            return value.replace("金额单位：元", "金额单位：万元")
        if isinstance(value, Decimal) and not keep(row, column):
            return value / 10000
        return value

    return grid.mapped(change)


def as_text(grid: Grid, chance: random.Random) -> Grid:
    """Numbers typed as text, in the ways people type them."""

    def change(row: int, column: int, value: Value) -> Value:
        if not isinstance(value, Decimal) or chance.random() < 0.4:
            return value
        plain = f"{value:,}"
        wide = plain.translate(str.maketrans("0123456789.", "０１２３４５６７８９．"))
        return chance.choice([plain, wide, plain + "\n", f" {value}\u00a0"])

    return grid.mapped(change)


def unmerged(grid: Grid) -> Grid:
    """The same without merged areas, as pasted."""
    return Grid(grid.name, dict(grid.cells), [])


def stacked(*parts: Grid) -> Grid:
    """Several sheets one below another on one."""
    whole, bottom = Grid("全部"), 0

    def below(by: int) -> Callable[[int, int], tuple[int, int]]:
        return lambda row, column: (row + by, column)

    for part in parts:
        shifted = part.moved(below(bottom))
        whole.cells |= shifted.cells
        whole.spans += shifted.spans
        bottom = whole.height + 2
    return whole
