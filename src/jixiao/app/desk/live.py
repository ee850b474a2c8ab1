"""The open workbook in the shape that the scoring rooms know: sheets are read once, whole, when they are asked for.

What the rooms write are results of formulas; here they are only held against what the program shows.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal
from pathlib import PurePath
from typing import Any

from jixiao.app.desk.blocks import Block, Clean, read_block
from jixiao.app.desk.busy import is_busy
from jixiao.master.plan import FIXED_SHEETS, Plan
from jixiao.office.ooxml import KEEP, Book, Cell, Keep, Sheet, split_ref
from jixiao.office.ooxml.parts import single_area


class LiveSheet(Sheet):
    """One sheet of the open workbook; ``results`` are the values wanted where it shows others."""

    def __init__(self, sheet: Any, name: str, block: Block, clean: Clean) -> None:
        self.name, self.sheet, self.block, self.clean = name, sheet, block, clean
        self.results: dict[str, Decimal | int | str | bool | None] = {}

    @property
    def merged(self) -> list[str]:
        """Unknown: asking a running program costs a call a cell."""
        return []

    def get(self, ref: str) -> Cell | None:
        """The cell at an address as the program shows it."""
        return self.block.cells.get(split_ref(ref))

    def cells(self) -> Iterator[Cell]:
        """Every used cell by row and column."""
        for spot in sorted(self.block.cells):
            yield self.block.cells[spot]

    def set(
        self,
        ref: str,
        value: Decimal | int | str | bool | Keep | None,
        *,
        formula: str | Keep | None = KEEP,
        style: int | None = None,
    ) -> None:
        """The result that a formula should show; kept only where the program shows another one."""
        if isinstance(value, Keep):
            return
        cell = self.get(ref)
        if same_value(cell.value if cell is not None else None, value):
            self.results.pop(ref, None)
        else:
            self.results[ref] = value


class LiveBook(Book):
    """The open workbook: names and sheets, each sheet read at most once."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.name = PurePath(book.name).name
        self.handles = {sheet.name: sheet for sheet in book.sheets}
        self.names = _Names(book)
        self._clean: Clean = book.app.engine.impl.clean_value_data
        self._live: dict[str, LiveSheet] = {}

    @property
    def sheet_names(self) -> list[str]:
        """Names of all sheets in tab order."""
        return list(self.handles)

    def sheet(self, name: str) -> LiveSheet:
        """A sheet by name, read on first use."""
        return self._read(name, formulas=name in FIXED_SHEETS)

    def whole(self, name: str) -> LiveSheet:
        """A sheet with its formulas, whatever its name."""
        return self._read(name, formulas=True)

    def _read(self, name: str, *, formulas: bool) -> LiveSheet:
        if name not in self._live:
            handle = self.handles[name]
            block = read_block(handle, self._clean, formulas=formulas)
            self._live[name] = LiveSheet(handle, name, block, self._clean)
        return self._live[name]

    def differing(self) -> Iterator[LiveSheet]:
        """Sheets that show something else than what was scored."""
        return (sheet for sheet in self._live.values() if sheet.results)

    def cut(self) -> Iterator[LiveSheet]:
        """Sheets that are larger than what was read of them."""
        return (sheet for sheet in self._live.values() if sheet.block.cut)

    def forget(self) -> None:
        """Read the sheets again when they are asked for."""
        self._live.clear()


class _Names(dict[str, tuple[str, str]]):
    """Workbook-wide names, each looked up when asked for."""

    def __init__(self, book: Any) -> None:
        super().__init__()
        self._book = book

    def get(self, name: str, default: Any = None) -> Any:
        """(sheet, area) of a name, or the default where it is gone or no single area."""
        if name not in self:
            try:
                refers_to = self._book.names[name].refers_to or ""
            except Exception as error:
                if is_busy(error):
                    raise
                return default
            found = single_area(refers_to.removeprefix("="))
            if found is None:
                return default
            self[name] = found
        return self[name]


def anchors(plan: Plan) -> list[str]:
    """Of every sheet the named cells farthest down and farthest right: they have moved if any row or column has."""
    far: dict[tuple[str, bool], str] = {}
    for key in plan.names:
        place = plan.places.get(key)
        if place is None:
            continue
        for down in (True, False):
            known = far.get((place.sheet, down))
            other = plan.places[known] if known else None
            if other is None or (place.row > other.row if down else place.column > other.column):
                far[place.sheet, down] = key
    return list(dict.fromkeys(far.values()))


def same_value(shown: Any, wanted: Any) -> bool:
    """Whether a program shows a result: numbers to the last digit that a double keeps; blank is an empty text."""
    if shown in (None, "") and wanted in (None, ""):
        return True
    if isinstance(shown, bool) or isinstance(wanted, bool):
        return shown is wanted
    if isinstance(shown, (Decimal, int)) and isinstance(wanted, (Decimal, int)):
        return math.isclose(float(shown), float(wanted), rel_tol=1e-9, abs_tol=1e-9)
    return type(shown) is type(wanted) and bool(shown == wanted)
