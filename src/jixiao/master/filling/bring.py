"""Imported tables: brought into the workbook as they came, dressed for print, their cells linked to."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from jixiao.master.kept import Link, imported_data
from jixiao.master.look import lines_needed, text_width
from jixiao.master.plan import FIXED_SHEETS, HIDDEN
from jixiao.master.scoringbook import ScoringBook
from jixiao.model import Source, Value
from jixiao.office import Cell, Sheet, join_ref, sheet_xml, split_area, split_ref

LARGEST_BOX = 20_000  # blank cells of a larger table are not ruled
COUNTING = Decimal(1000)  # a column of whole numbers below this is 行次 or 数量, not money

Place = tuple[str, str]
"""A file and a sheet of it."""
Dressed = dict[tuple[int, int], tuple[Value, str]]


def dressed(sheet: Sheet) -> Dressed:
    """(row, column) -> value and kept style; text that means a number arrives as the number."""
    values: dict[tuple[int, int], Value] = {
        place: cell.meant if cell.meant is not None else cell.value for place, cell in sheet.cells.items()
    }
    if not values:
        return {}
    filled = Counter(row for row, _ in values)
    numbers = {place: value for place, value in values.items() if isinstance(value, Decimal)}
    # the body begins with the first number that is not alone in its row; a table without numbers has only a body
    body = min((row for row, _ in numbers if filled[row] > 1), default=min(filled))
    money = {column for (row, column), value in numbers.items() if row >= body and not _counts(value)}
    whole = {place for place in numbers if _shown_whole(sheet.cells[place])}
    made: Dressed = {}
    for (row, column), value in values.items():
        if row < body:
            style = "table_head" if filled[row] > 1 else "table_title" if row == 1 else "note"
        elif isinstance(value, Decimal):
            style = "table_amount" if column in money and (row, column) not in whole else "count"
        else:
            style = "table_text"
        made[row, column] = (value, style)
    top = min((row for row in filled if row < body and filled[row] > 1), default=body)
    _rule(made, top, body, sheet.merged)
    return made


def _shown_whole(cell: Cell) -> bool:
    """Whether a whole number below that stands without decimals where it comes from: vehicles among money."""
    if isinstance(cell.value, str):
        return "." not in cell.value and cell.meant is not None and _counts(cell.meant)
    return isinstance(cell.value, Decimal) and "." not in cell.format and _counts(cell.value)


def _counts(value: Decimal) -> bool:
    return value == value.to_integral_value() and abs(value) < COUNTING


def _rule(made: Dressed, top: int, body: int, merged: list[str]) -> None:
    """Blank cells inside the table get its lines, so that it prints as a table."""
    columns = [column for _, column in made]
    places = _places((top, min(columns), max(row for row, _ in made), max(columns)))
    for row, column in places:
        made.setdefault((row, column), (None, "table_head" if row < body else "table_text"))
    for area in map(split_area, merged) if places else ():
        if area[0] >= top:
            style = made.get(area[:2], (None, "table_text"))[1]
            for place in _places(area):
                made.setdefault(place, (None, style))


def _places(area: tuple[int, int, int, int]) -> list[tuple[int, int]]:
    """All cells of an area; none of one too large to be ruled."""
    top, left, bottom, right = area
    if (bottom - top + 1) * (right - left + 1) > LARGEST_BOX:
        return []
    return list(itertools.product(range(top, bottom + 1), range(left, right + 1)))


LONGEST_NAME = 31
TALLEST_HEAD = 10  # rows; more would leave a small screen no room for the table
LINE_HEIGHT = 16.0
DIVISORS = (Decimal(1), Decimal(10000), Decimal(10), Decimal(100), Decimal("0.0001"))
_ILLEGAL = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")


@dataclass(slots=True)
class Copies:
    """Which sheet of the workbook holds which source sheet: (file, sheet) -> name here.

    ``rows`` tell of each what it was and the hash of the part that was written, ``sealed`` its cells as they came.
    """

    names: dict[tuple[str, str], str] = field(default_factory=dict)
    rows: list[list[str]] = field(default_factory=list)
    sealed: dict[str, Any] = field(default_factory=dict)

    def of(self, source: Source) -> str:
        """The sheet here that holds a source, or an empty text."""
        return self.names.get((source.file, source.sheet), "")


def copies_of(book: ScoringBook) -> Copies:
    """What earlier fills brought in, from the hidden sheet."""
    made = Copies()
    for row in book.kept("sources"):
        file, _, sheet, name, *_ = row
        if name in book.book.sheet_names:
            made.names[file, sheet] = name
        if not name or name in book.book.sheet_names:  # a facts file has no sheet here
            made.rows.append(list(row))
    return made


def bring_in(book: ScoringBook, sheets: Iterable[Sheet], when: str, gone: Collection[Place] = ()) -> Copies:
    """Add the recognised sheets before the hidden one; a file brought in again replaces its own sheets.

    ``gone`` are sheets of other files that these correct.
    """
    copies = copies_of(book)
    copies.sealed = {name: cells for name, cells in book.kept("tables") if name in book.book.sheet_names}
    coming = [sheet for sheet in sheets if sheet.form or sheet.used]
    files = {sheet.file for sheet in coming}
    present = {(sheet.file, sheet.name) for sheet in coming}
    for key, name in list(copies.names.items()):
        if key in gone or (key[0] in files and key not in present):
            book.book.remove_sheet(name)
            del copies.names[key]
            copies.sealed.pop(name, None)
    copies.rows = [row for row in copies.rows if row[0] not in files and (row[0], row[2]) not in gone]
    for sheet in coming:
        key = (sheet.file, sheet.name)
        cells = dressed(sheet)
        xml = _xml(sheet, cells, book.styles)
        if key in copies.names:
            book.book.replace_sheet(copies.names[key], xml)
        else:
            name = _free_name(sheet, book.book.sheet_names)
            book.book.add_sheet(name, xml, before=HIDDEN)
            copies.names[key] = name
        name = copies.names[key]
        written = book.sheet(name)
        row = [sheet.file, sheet.sha256, sheet.name, name, sheet.title, when, written.digest]
        copies.rows.append(row)
        copies.sealed[name] = imported_data(
            {c.ref: (cells[split_ref(c.ref)][1], c.value) for c in written.cells() if c.value is not None}
        )
    return copies


def _free_name(sheet: Sheet, taken: list[str]) -> str:
    """A legal, free sheet name: the sheet's own, the table's title where that says more, cut at 31 characters."""
    own = _ILLEGAL.sub("", sheet.name).strip()
    plain = not own or re.fullmatch(r"(?i)(sheet|工作表|表|第)?\s*\d*页?", own) is not None
    base = (_ILLEGAL.sub("", sheet.title).strip() if plain and sheet.title else own) or "表"
    used = {name.casefold() for name in (*taken, *FIXED_SHEETS, HIDDEN)}
    name, number = base[:LONGEST_NAME].strip(), 1
    while name.casefold() in used or name.casefold() == "history":
        number += 1
        tail = f"({number})"
        name = base[: LONGEST_NAME - len(tail)].strip() + tail
    return name


def _xml(sheet: Sheet, cells: Dressed, styles: Mapping[str, int]) -> bytes:
    rows = {place: (value, styles.get(style)) for place, (value, style) in cells.items()}
    widths = sheet.widths or _widths(sheet)
    heights = _heights(sheet, widths)
    head = max((row for (row, _), (_, style) in cells.items() if style == "table_head"), default=0)
    view = head if head <= TALLEST_HEAD else 0
    return sheet_xml(rows, merged=sheet.merged, widths=widths, heights=heights, one_page_wide=True, head=view)


def _widths(sheet: Sheet) -> dict[int, float]:
    merged_first = {area.split(":")[0] for area in sheet.merged}
    widths: dict[int, float] = {}
    for (row, column), cell in sheet.cells.items():
        if join_ref(row, column) in merged_first or cell.value is None:
            continue
        longest = max((text_width(line) for line in str(cell.value).split("\n")), default=0)
        if longest <= 60:
            widths[column] = max(widths.get(column, 9.0), min(44.0, longest + 3))
    return widths


def _heights(sheet: Sheet, widths: Mapping[int, float]) -> dict[int, float]:
    """Room for the text of each row; a text in a merged area has the width of the whole area."""
    spans = {(box[0], box[1]): box for box in map(split_area, sheet.merged)}
    heights = dict.fromkeys((row for row, _ in sheet.cells), LINE_HEIGHT)
    for (row, column), cell in sheet.cells.items():
        top, left, bottom, right = spans.get((row, column), (row, column, row, column))
        if not isinstance(cell.value, str) or right - left > 200:
            continue
        width = sum(widths.get(c, 9.0) for c in range(left, right + 1))
        lines = lines_needed(cell.value, width) / (bottom - top + 1)
        if lines > 1:
            heights[row] = max(heights[row], min(409.0, lines * 13.5 + 4))
    return heights


def proved_link(
    book: ScoringBook, copies: Copies, source: Source, value: object, hint: Decimal | None = None
) -> Link | None:
    """The link that gives exactly this value, or None: not in this workbook, or not provable."""
    name = copies.of(source)
    if not name or not source.cell or not isinstance(value, Decimal):
        return None
    cell = book.sheet(name).get(source.cell)
    blank = cell is None or cell.value is None or cell.value == ""
    for divisor in dict.fromkeys([*([hint] if hint is not None else []), *DIVISORS]):
        link = Link(name, source.cell, divisor, blank)
        if link.value(cell) == value:
            return link
    return None
