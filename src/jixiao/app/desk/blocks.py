"""A sheet of the open workbook as one block: read whole, in a handful of calls, every cell exact and typed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from jixiao.office.ooxml import Cell, ErrorText, column_letter, column_number, join_ref, split_area
from jixiao.office.ooxml.cells import Value
from jixiao.office.ooxml.refs import MAX_COLUMN, MAX_ROW
from jixiao.text import numbers

Spot = tuple[int, int]
Clean = Callable[..., Sequence[Sequence[Any]]]
MOST_CELLS = 400_000
MOST_COLUMNS = 300
_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - spreadsheet dates have no time zone
_ERRORS = frozenset(
    (
        "#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA", "#SPILL!", "#CALC!",
        "#BLOCKED!", "#CONNECT!", "#FIELD!", "#UNKNOWN!",
    )
)  # fmt: skip


@dataclass(slots=True)
class Block:
    """The used cells of a sheet by (row, column) from 1; ``dates`` are those that the program shows as dates.

    ``cut`` says that the sheet is larger than what was read.
    """

    cells: dict[Spot, Cell] = field(default_factory=dict)
    dates: set[Spot] = field(default_factory=set)
    rows: int = 0
    columns: int = 0
    cut: bool = False


def read_block(sheet: Any, clean: Clean, *, formulas: bool = True) -> Block:
    """The used range of a sheet, read with one call for values and one for formulas.

    ``clean`` is what the engine of the program makes of its raw values.
    """
    used = sheet.used_range
    top, left, bottom, right = box_of(used.address)
    columns = min(right - left + 1, MOST_COLUMNS)
    rows = min(bottom - top + 1, max(1, MOST_CELLS // columns))
    block = Block(rows=top + rows - 1, columns=left + columns - 1)
    block.cut = rows < bottom - top + 1 or columns < right - left + 1
    area = sheet.range(area_of(top, left, block.rows, block.columns)) if block.cut else used
    values = values_of(area, clean)
    texts = grid_of(area.formula) if formulas else []
    for r, line in enumerate(values):
        written = texts[r] if texts else ()
        for c, value in enumerate(line):
            spot = (top + r, left + c)
            cell = _cell(spot, value, written[c] if written else None)
            if cell is not None:
                block.cells[spot] = cell
                if isinstance(value, (dt.datetime, dt.date)):
                    block.dates.add(spot)
    return block


def values_of(area: Any, clean: Clean) -> Sequence[Sequence[Any]]:
    """The values of a range in one call: ``Range.value`` would ask for sheet, book and program each time."""
    raw = grid_of(area.options(err_to_str=True).raw_value)
    return clean(raw, dt.datetime, None, None, True)


def box_of(address: str) -> tuple[int, int, int, int]:
    """(top, left, bottom, right) of ``$A$1:$C$3``; whole rows ``$1:$9`` and whole columns ``$A:$C`` reach to the edge."""
    first, _, last = address.replace("$", "").partition(":")
    last = last or first
    if first.isdecimal():
        return int(first), 1, int(last), MAX_COLUMN
    if first.isalpha():
        return 1, column_number(first), MAX_ROW, column_number(last)
    return split_area(f"{first}:{last}")


def area_of(top: int, left: int, bottom: int, right: int) -> str:
    """``A1:C3``: an area by text is one call, by two cells it would be five."""
    return f"{column_letter(left)}{top}:{column_letter(right)}{bottom}"


def grid_of(found: Any) -> Sequence[Sequence[Any]]:
    """What a program answers for an area, as rows: one cell comes as a plain value."""
    if not isinstance(found, (list, tuple)):
        return [[found]]
    return found if not found or isinstance(found[0], (list, tuple)) else [found]


def _cell(spot: Spot, value: Any, written: Any) -> Cell | None:
    typed = typed_value(value)
    # a text that begins with = has no other value than itself; a formula has
    live = isinstance(written, str) and written.startswith("=") and len(written) > 1 and written != value
    if live:
        kept: Value = "" if typed is None else typed
        return Cell(join_ref(*spot), kept, written[1:], 0, isinstance(kept, ErrorText))
    if typed is None:
        return None
    return Cell(join_ref(*spot), typed, None, 0, isinstance(typed, ErrorText))


def typed_value(value: Any) -> Value:
    """A value as the program gave it -> exact decimal (dates as serial numbers), text, truth value or None."""
    if value is None or isinstance(value, (bool, Decimal)):
        return value
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        return numbers.from_float(value)
    if isinstance(value, dt.datetime):
        return _serial(value.replace(tzinfo=None) - _EPOCH)
    if isinstance(value, dt.date):
        return Decimal((value - _EPOCH.date()).days)
    text = str(value)
    return ErrorText(text) if text in _ERRORS else text


def _serial(passed: dt.timedelta) -> Decimal:
    whole = Decimal(passed.days)
    return (
        whole + (Decimal(passed.seconds) / 86400).quantize(Decimal("0.0000000001"))
        if passed.seconds
        else whole
    )
