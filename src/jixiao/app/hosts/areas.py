"""Areas of a running program's sheet: read whole in a handful of calls, written as few blocks, and only what changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from jixiao.app.exchange import (
    CellWrite,
    Content,
    Formula,
    SheetCopy,
    Spot,
    content_of,
    same_value,
    within_reach,
)
from jixiao.office import MAX_COLUMN, MAX_ROW, CellValue, ErrorText, column_letter, column_number, split_area
from jixiao.text import from_float, read_quantity, serial

Clean = Callable[..., Sequence[Sequence[Any]]]
"""What the engine of the program makes of its raw values."""
Box = tuple[int, int, int, int]
BRIDGE = 200  # cells between two written ones that are written again as they are, rather than a call more
_ERRORS = frozenset(
    (
        "#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA", "#SPILL!", "#CALC!",
        "#BLOCKED!", "#CONNECT!", "#FIELD!", "#UNKNOWN!",
    )
)  # fmt: skip


def read_sheet(sheet: Any, name: str, clean: Clean, *, formulas: bool = True) -> SheetCopy:
    """The used range of a sheet, read with one call for values and one for formulas."""
    used = sheet.used_range
    box, cut = within_reach(box_of(used.address))
    top, left, bottom, right = box
    made = SheetCopy(name, bottom, right, cut=cut)
    area = sheet.range(area_of(box)) if cut else used
    texts = grid_of(area.formula) if formulas else []
    for r, line in enumerate(_values(area, clean)):
        written = texts[r] if texts else ()
        for c, value in enumerate(line):
            spot = (top + r, left + c)
            text = written[c] if written else None
            # a text that begins with = has no other value than itself; a formula has
            live = isinstance(text, str) and text.startswith("=") and len(text) > 1 and text != value
            made.put(spot, typed_value(value), text[1:] if live and text is not None else None)
            if isinstance(value, dt.date):
                made.dates.add(spot)
    return made


def _values(area: Any, clean: Clean) -> Sequence[Sequence[Any]]:
    """The values of a range in one call: ``Range.value`` would ask for sheet, book and program each time."""
    raw = grid_of(area.options(err_to_str=True).raw_value)
    return clean(raw, dt.datetime, None, None, True)


def box_of(address: str) -> Box:
    """(top, left, bottom, right) of ``$A$1:$C$3``; whole rows ``$1:$9`` and whole columns ``$A:$C`` reach to the edge."""
    first, _, last = address.replace("$", "").partition(":")
    last = last or first
    if first.isdecimal():
        return int(first), 1, int(last), MAX_COLUMN
    if first.isalpha():
        return 1, column_number(first), MAX_ROW, column_number(last)
    return split_area(f"{first}:{last}")


def area_of(box: Box) -> str:
    """``A1:C3``: an area by text is one call, by two cells it would be five."""
    top, left, bottom, right = box
    return f"{column_letter(left)}{top}:{column_letter(right)}{bottom}"


def grid_of(found: Any) -> Sequence[Sequence[Any]]:
    """What a program answers for an area, as rows: one cell comes as a plain value."""
    if not isinstance(found, (list, tuple)):
        return [[found]]
    return found if not found or isinstance(found[0], (list, tuple)) else [found]


def typed_value(value: Any) -> CellValue:
    """A value as the program gave it -> exact decimal (dates as serial numbers), text, truth value or None."""
    if value is None or isinstance(value, (bool, Decimal)):
        return value
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        return from_float(value)
    if isinstance(value, dt.datetime):
        passed = value.hour * 3600 + value.minute * 60 + value.second
        part = (Decimal(passed) / 86400).quantize(Decimal("0.0000000001")) if passed else 0
        return serial(value.date()) + Decimal(part)
    if isinstance(value, dt.date):
        return Decimal(serial(value))
    text = str(value)
    return ErrorText(text) if text in _ERRORS else text


def raw_content(content: Content) -> float | str:
    """What is given to the program for a content. A text that it would read as a number, a date or a formula gets a mark."""
    if content is None:
        return ""
    if isinstance(content, Decimal):
        return float(content)
    head = content.lstrip()[:1]
    risky = (
        head in "=+-@'" or head.isdecimal() or head in "(（.￥$％%" or content.upper() in ("TRUE", "FALSE")
    )
    return f"'{content}" if head and risky and not isinstance(content, Formula) else str(content)


def rows_of(sheet: SheetCopy, box: Box, wanted: dict[Spot, Content]) -> list[list[float | str]]:
    """What is given to the program for an area: the wanted contents, every other cell as it is."""
    top, left, bottom, right = box

    def raw(spot: Spot) -> float | str:
        return raw_content(wanted[spot] if spot in wanted else content_of(sheet.used.get(spot)))

    return [[raw((row, column)) for column in range(left, right + 1)] for row in range(top, bottom + 1)]


def boxes(sheet: SheetCopy, spots: Sequence[Spot]) -> list[Box]:
    """The areas to write, as few as may be: side by side columns together where that takes fewer of them."""
    columns = sorted({column for _, column in spots})
    single = [(column, column) for column in columns]
    rows, taken = {row for row, _ in spots}, set(spots)
    beside = [(row, column) for row in rows for column in columns if (row, column) not in taken]
    if columns and columns[-1] - columns[0] == len(columns) - 1 and all(_harmless(sheet, s) for s in beside):
        together = _areas(sheet, spots, [(columns[0], columns[-1])])
        return min(together, _areas(sheet, spots, single), key=len)
    return _areas(sheet, spots, single)


def _areas(sheet: SheetCopy, spots: Sequence[Spot], groups: Sequence[Spot]) -> list[Box]:
    """The areas over each group of columns: rows whose other cells may be written along are bridged."""
    wanted, made = set(spots), list[Box]()
    for left, right in groups:
        mine = sorted({row for row, column in spots if left <= column <= right})
        top = last = 0
        for row in mine:
            free = [
                (r, c)
                for r in range(last + 1 if top else row, row + 1)
                for c in range(left, right + 1)
                if (r, c) not in wanted
            ]
            bridged = top and row - last <= BRIDGE and all(_harmless(sheet, spot) for spot in free)
            if top and not bridged:
                made.append((top, left, last, right))
            if not bridged:
                top = row
            last = row
        if top:
            made.append((top, left, last, right))
    return made


def _harmless(sheet: SheetCopy, spot: Spot) -> bool:
    cell = sheet.used.get(spot)
    if cell is None:
        return True
    return cell.formula is None and isinstance(cell.value, Decimal) and spot not in sheet.dates


def landed(sheet: Any, clean: Clean, writes: Sequence[CellWrite]) -> bool:
    """Whether the cells hold what was written: a cell inside a merged area swallows it without a word."""
    rows, columns = [w.spot[0] for w in writes], [w.spot[1] for w in writes]
    top, left = min(rows), min(columns)
    found = _values(sheet.range(area_of((top, left, max(rows), max(columns)))), clean)
    return all(
        _holds(typed_value(found[write.spot[0] - top][write.spot[1] - left]), write.content)
        for write in writes
        if not isinstance(write.content, Formula)
    )


def _holds(value: Any, wanted: Content) -> bool:
    if isinstance(wanted, Decimal) and isinstance(value, str):
        return read_quantity(value).value == wanted  # a cell of the format text keeps a number as one
    return same_value(value, wanted)
