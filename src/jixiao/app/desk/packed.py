"""A workbook file in the place of an open one: the same desk code on the copy that a host hands over, losslessly.

For hosts that nobody can reach into from outside (LibreOffice, a browser): they give bytes and get back bytes, and the
cells that were written. Formulas are not calculated here; the host does that.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from jixiao.app.desk.press import act
from jixiao.app.desk.request import Answer, Request
from jixiao.app.desk.undo import Memory
from jixiao.app.doorbell.exchange import Formula
from jixiao.office.guard import open_package
from jixiao.office.ooxml import Book, Sheet, column_letter, join_ref, split_area, split_ref
from jixiao.text import numbers

MOST = 2_000  # rows and columns of a merged area that are looked at
Cell = tuple[str, str, Decimal | str | None]


def act_on_file(
    data: bytes,
    name: str,
    request: Request,
    *,
    memory: Memory | None = None,
    definitions: Sequence[Any] = (),
) -> tuple[Answer, bytes, list[Cell]]:
    """``score``, ``check`` or ``undo`` on the bytes of a workbook called ``name``.

    Gives the answer, the workbook as it is afterwards, and the cells written: (sheet, A1, number, text, Formula,
    or None for blank). Stops of the package check (Refused, LimitReached) are raised.
    """
    book = PackedBook(open_package(data), name)
    app = _App(book)
    answer = act(app, request, memory=memory, definitions=definitions)
    return answer, book.book.to_bytes(), book.written


class _App:
    """The program: one workbook, nothing on a screen."""

    calculation = "automatic"
    screen_updating = True
    status_bar: Any = False

    def __init__(self, book: PackedBook) -> None:
        self.books = _Books([book])
        book.app = self.engine = self.impl = self

    def calculate(self) -> None:
        """The host calculates."""

    @staticmethod
    def clean_value_data(rows: Any, *options: Any) -> Any:
        """Values are exact already."""
        return rows


class _Books(list["PackedBook"]):
    @property
    def active(self) -> PackedBook:
        """The only one."""
        return self[0]


class PackedBook:
    """The workbook of a file; ``written`` are the cells changed, in order."""

    api = None
    app: Any = None

    def __init__(self, book: Book, name: str) -> None:
        self.book, self.name, self.fullname = book, name, name
        self.written: list[Cell] = []
        self.names = _Names(book)
        self.sheets = _Sheets(
            PackedSheet(self, each) for each in book.sheet_names if "/worksheets/" in f"/{book.part(each)}"
        )


class _Sheets(list["PackedSheet"]):
    @property
    def active(self) -> PackedSheet:
        """The first one that is shown."""
        return next((sheet for sheet in self if sheet.book.book.state(sheet.name) == "visible"), self[0])


class _Names:
    def __init__(self, book: Book) -> None:
        self.book = book

    def __getitem__(self, name: str) -> _Name:
        sheet, area = self.book.names[name]
        return _Name(f"='{sheet.replace(chr(39), chr(39) * 2)}'!{area}")


class _Name:
    def __init__(self, refers_to: str) -> None:
        self.refers_to = refers_to


class PackedSheet:
    """One sheet of the file."""

    def __init__(self, book: PackedBook, name: str) -> None:
        self.book, self.name = book, name

    @functools.cached_property
    def covered(self) -> set[str]:
        """Cells of merged areas, but for the first of each."""
        found: set[str] = set()
        for top, left, bottom, right in map(split_area, self.cells.merged):
            inside = [
                (r, c) for r in range(top, min(bottom, MOST) + 1) for c in range(left, min(right, MOST) + 1)
            ]
            found.update(join_ref(*spot) for spot in inside[1:])
        return found

    @property
    def cells(self) -> Sheet:
        """Its cells."""
        return self.book.book.sheet(self.name)

    @property
    def used_range(self) -> PackedRange:
        """The box of the cells that hold something."""
        spots = [split_ref(c.ref) for c in self.cells.cells() if c.value is not None or c.formula is not None]
        rows, columns = [row for row, _ in spots] or [1], [column for _, column in spots] or [1]
        return PackedRange(self, (min(rows), min(columns), max(rows), max(columns)))

    def range(self, area: str) -> PackedRange:
        """A box by its address."""
        return PackedRange(self, split_area(area))


class PackedRange:
    """A box of a sheet of the file."""

    def __init__(self, sheet: PackedSheet, box: tuple[int, int, int, int]) -> None:
        self.sheet, self.box = sheet, box

    def options(self, **_: Any) -> PackedRange:
        """Nothing is converted."""
        return self

    @property
    def address(self) -> str:
        """``$A$1:$C$3``."""
        top, left, bottom, right = self.box
        return f"${column_letter(left)}${top}:${column_letter(right)}${bottom}"

    def _refs(self) -> list[list[str]]:
        top, left, bottom, right = self.box
        return [[join_ref(r, c) for c in range(left, right + 1)] for r in range(top, bottom + 1)]

    @property
    def formula(self) -> list[list[str]]:
        """What stands in the cells, formulas with ``=``."""
        return [[self._written(ref) for ref in line] for line in self._refs()]

    def _written(self, ref: str) -> str:
        cell = self.sheet.cells.get(ref)
        if cell is None:
            return ""
        return str(cell.value or "") if cell.formula is None else f"={cell.formula or cell.value}"

    @property
    def raw_value(self) -> list[list[Any]]:
        """Values, exact."""
        found = [[self.sheet.cells.get(ref) for ref in line] for line in self._refs()]
        return [[cell.value if cell is not None else None for cell in line] for line in found]

    @raw_value.setter
    def raw_value(self, rows: Sequence[Sequence[float | str]]) -> None:
        for refs, line in zip(self._refs(), rows, strict=True):
            for ref, value in zip(refs, line, strict=True):
                self._put(ref, value)

    def _put(self, ref: str, value: float | str) -> None:
        content = value.removeprefix("'") or None if isinstance(value, str) else numbers.from_float(value)
        if content is not None and ref in self.sheet.covered:
            return  # a cell inside a merged area takes nothing
        formula = value if isinstance(value, str) and value.startswith("=") else None
        before = self.sheet.cells.get(ref)
        if before is None and content is None:
            return
        if before is not None and formula is None and (before.formula, before.value) == (None, content):
            return
        self.sheet.cells.set(ref, None if formula else content, formula=formula)
        written = Formula(formula) if formula else content
        self.sheet.book.written.append((self.sheet.name, ref, written))
