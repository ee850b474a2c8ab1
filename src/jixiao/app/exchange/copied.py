"""The workbook as a host hands it over, and the cells that go back: the one form that every host and every verb shares.

A host is a running spreadsheet program or a file; it reads a sheet when somebody asks for it, whole. The copy has the
shape that the scoring rooms know, so they work on it as on a file. What they write there are results of formulas: a
copy only keeps those that differ from what the host shows.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal
from typing import Any, NamedTuple, Protocol

from jixiao.master import FIXED_SHEETS
from jixiao.office import KEEP, Cell, CellValue, ErrorText, Keep, Workbook, Worksheet, join_ref, split_ref

Spot = tuple[int, int]
"""Row and column, from 1."""
MOST_CELLS, MOST_COLUMNS = 400_000, 300  # of a sheet
_SPELLING = re.compile(r"[\s'$]+")


class Formula(str):
    """A formula as Excel spells it, with its ``=``. Any other text is never taken as one."""

    __slots__ = ()


Content = Decimal | str | None
"""What is put into a cell: a number, a text, a ``Formula``, or nothing."""


class CellWrite(NamedTuple):
    """One cell that a host is to write."""

    sheet: str
    spot: Spot
    content: Content

    @property
    def ref(self) -> str:
        """``C5``."""
        return join_ref(*self.spot)


class SheetCopy(Worksheet):
    """The used cells of one sheet. ``dates`` are those that the host shows as dates.

    ``cut`` says that the sheet is larger than the ``rows`` and ``columns`` that were read; ``results`` are the values
    of formulas wanted where the sheet shows others, ``told`` contents of plain cells that tell what was found.
    """

    def __init__(self, name: str, rows: int = 0, columns: int = 0, *, cut: bool = False) -> None:
        self.name, self.rows, self.columns, self.cut = name, rows, columns, cut
        self.used: dict[Spot, Cell] = {}
        self.dates: set[Spot] = set()
        self.results: dict[str, CellValue | int] = {}
        self.told: dict[str, Content] = {}
        self.heights: dict[int, float] = {}  # those of an open workbook stay as they are

    @property
    def digest(self) -> str:
        """None: a running program has no part of its own for a sheet."""
        return ""

    @property
    def blank(self) -> AbstractSet[str]:
        """None known: only used cells were read."""
        return frozenset()

    @property
    def formulas_mark(self) -> bytes | None:
        """None: only a look at each cell tells."""
        return None

    @property
    def merged(self) -> list[str]:
        """Unknown: asking a running program costs a call a cell."""
        return []

    def put(self, spot: Spot, value: CellValue, formula: str | None) -> None:
        """A cell as the host shows it; a formula that has no result yet shows an empty text."""
        if formula is not None or value is not None:
            shown: CellValue = "" if value is None else value
            self.used[spot] = Cell(join_ref(*spot), shown, formula, 0, isinstance(shown, ErrorText))

    def get(self, ref: str) -> Cell | None:
        """The cell at an address."""
        return self.used.get(split_ref(ref))

    def number_at(self, ref: str) -> Decimal | None:
        """The number that a cell holds."""
        cell = self.get(ref)
        return cell.number if cell is not None else None

    def formula_at(self, ref: str) -> str | None:
        """The formula of a cell, None where it has none."""
        cell = self.get(ref)
        return cell.formula if cell is not None else None

    def cells(self) -> Iterator[Cell]:
        """Every used cell by row and column."""
        for spot in sorted(self.used):
            yield self.used[spot]

    def set(
        self,
        ref: str,
        value: CellValue | int | Keep,
        *,
        formula: str | Keep | None = KEEP,
        style: int | None = None,
    ) -> None:
        """The result that a formula should show, or a plain cell's content; kept only where the host shows another one."""
        if isinstance(value, Keep):
            return
        cell = self.get(ref)
        if formula is None:
            self.told[ref] = value if isinstance(value, str) or value is None else Decimal(value)
        elif same_value(cell.value if cell is not None else None, value):
            self.results.pop(ref, None)
        else:
            self.results[ref] = value


class Names(Protocol):
    """Workbook-wide names."""

    def get(self, name: str, /) -> tuple[str, str] | None:
        """(sheet, area) of a name, None where it is gone or no single area."""


class BookCopy(Workbook):
    """The workbook of a host. ``read`` reads a sheet by name, with its formulas where it is told so.

    ``key`` tells workbooks of one name apart, where a program may have two of them open.
    """

    names: Any

    def __init__(
        self,
        name: str,
        sheets: Sequence[str],
        names: Names,
        read: Callable[[str, bool], SheetCopy],
        *,
        key: str = "",
    ) -> None:
        self.name, self.names, self.key = name, names, key or name
        self._titles, self._read = list(sheets), read
        self._copied: dict[str, SheetCopy] = {}

    @property
    def sheet_names(self) -> list[str]:
        """Names of all sheets in tab order."""
        return self._titles

    def has(self, name: str) -> bool:
        """Whether there is a sheet of that name."""
        return name in self.sheet_names

    def sheet(self, name: str) -> SheetCopy:
        """A sheet, read on first use; formulas matter only in sheets that we have laid out."""
        return self.whole(name, formulas=name in FIXED_SHEETS)

    def whole(self, name: str, *, formulas: bool = True) -> SheetCopy:
        """A sheet with its formulas, whatever its name."""
        if name not in self._copied:
            self._copied[name] = self._read(name, formulas)
        return self._copied[name]

    @property
    def worksheets(self) -> list[str]:
        """All of them: those that hold no cells were left out."""
        return self._titles

    def formats(self) -> list[str]:
        """None are known: asking for them costs a call a cell."""
        return []

    def differing(self) -> list[SheetCopy]:
        """Sheets that show something else than what was scored."""
        return [sheet for sheet in self._copied.values() if sheet.results]

    def cut(self) -> list[SheetCopy]:
        """Sheets that are larger than what was read of them."""
        return [sheet for sheet in self._copied.values() if sheet.cut]


def within_reach(box: tuple[int, int, int, int]) -> tuple[tuple[int, int, int, int], bool]:
    """(top, left, bottom, right) of what is read of a sheet's used box, and whether that is less than all."""
    top, left, bottom, right = box
    columns = min(right - left + 1, MOST_COLUMNS)
    rows = min(bottom - top + 1, max(1, MOST_CELLS // columns))
    read = (top, left, top + rows - 1, left + columns - 1)
    return read, read != box


def content_of(cell: Cell | None) -> Content:
    """What a cell holds, to be put there again; a truth value is the formula that gives it."""
    if cell is None:
        return None
    if cell.formula is not None:
        return Formula(f"={cell.formula}")
    if isinstance(cell.value, bool):
        return Formula("=TRUE" if cell.value else "=FALSE")
    return cell.value


def same_content(one: Content, other: Content) -> bool:
    """Whether two contents are one; programs spell a formula their own way."""
    if isinstance(one, Formula) and isinstance(other, Formula):
        return _SPELLING.sub("", one).upper() == _SPELLING.sub("", other).upper()
    return same_value(one, other)


def same_value(shown: Any, wanted: Any) -> bool:
    """Whether a host shows a result: numbers to the last digit that a double keeps; blank is an empty text."""
    if shown in (None, "") and wanted in (None, ""):
        return True
    if isinstance(shown, bool) or isinstance(wanted, bool):
        return shown is wanted
    if isinstance(shown, (Decimal, int)) and isinstance(wanted, (Decimal, int)):
        return math.isclose(float(shown), float(wanted), rel_tol=1e-9, abs_tol=1e-9)
    return type(shown) is type(wanted) and bool(shown == wanted)
