"""How an imported table looks: its cells at their own addresses, with a title, ruled headings and a ruled body."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.model import Value
from jixiao.office.ooxml import split_area

if TYPE_CHECKING:  # the readers of source files are not needed to score
    from jixiao.intake import SourceSheet

LARGEST_BOX = 20_000  # blank cells of a larger table are not ruled
COUNTING = Decimal(1000)  # a column of whole numbers below this is 行次 or 数量, not money

Dressed = dict[tuple[int, int], tuple[Value, str]]


def dressed(sheet: SourceSheet) -> Dressed:
    """(row, column) -> value and kept style; text that means a number arrives as the number."""
    values: dict[tuple[int, int], Value] = {
        place: cell.number if cell.number is not None else cell.value for place, cell in sheet.cells.items()
    }
    if not values:
        return {}
    body = _body(values)
    counting = _counting(values, body)
    made: Dressed = {}
    for (row, column), value in values.items():
        if row < body:
            alone = sum(1 for place in values if place[0] == row) == 1
            made[row, column] = (value, _above(row, alone=alone))
        elif isinstance(value, Decimal):
            made[row, column] = (value, "count" if column in counting else "table_amount")
        else:
            made[row, column] = (value, "table_text")
    _rule(made, values, body, sheet.merged)
    return made


def _above(row: int, *, alone: bool) -> str:
    if alone:
        return "table_title" if row == 1 else "note"
    return "table_head"


def _body(values: dict[tuple[int, int], Value]) -> int:
    """First row of the body: the first with a number that is not alone; a table without numbers has only a body."""
    rows: dict[int, int] = {}
    for row, _ in values:
        rows[row] = rows.get(row, 0) + 1
    numeric = {row for (row, _), value in values.items() if isinstance(value, Decimal)}
    full = [row for row in sorted(numeric) if rows[row] > 1]
    return full[0] if full else min(rows)


def _counting(values: dict[tuple[int, int], Value], body: int) -> set[int]:
    columns: dict[int, bool] = {}
    for (row, column), value in values.items():
        if row >= body and isinstance(value, Decimal):
            whole = value == value.to_integral_value() and abs(value) < COUNTING
            columns[column] = columns.get(column, True) and whole
    return {column for column, whole in columns.items() if whole}


def _rule(made: Dressed, values: dict[tuple[int, int], Value], body: int, merged: list[str]) -> None:
    """Blank cells inside the table get its lines, so that it prints as a table."""
    heads = [row for row in {r for r, _ in values} if made_style(made, row) == "table_head"]
    top, bottom = min([*heads, body]), max(row for row, _ in values)
    left, right = min(c for _, c in values), max(c for _, c in values)
    if (bottom - top + 1) * (right - left + 1) > LARGEST_BOX:
        return
    for row in range(top, bottom + 1):
        style = "table_head" if row < body else "table_text"
        for column in range(left, right + 1):
            made.setdefault((row, column), (None, style))
    for area in merged:
        first_row, first_column, last_row, last_column = split_area(area)
        if first_row < top or (last_row - first_row + 1) * (last_column - first_column + 1) > LARGEST_BOX:
            continue
        style = made.get((first_row, first_column), (None, "table_text"))[1]
        for row in range(first_row, last_row + 1):
            for column in range(first_column, last_column + 1):
                made.setdefault((row, column), (None, style))


def made_style(made: Dressed, row: int) -> str:
    """The style of a row's first cell, or an empty text."""
    return next((style for (r, _), (_, style) in made.items() if r == row), "")
