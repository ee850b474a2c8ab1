"""The text of a formula that shares another cell's: relative references move with the cell."""

from __future__ import annotations

import re

from jixiao.office import Cell, Worksheet, column_letter, column_number, split_ref

_TOKEN = re.compile(
    r'"(?:[^"]|"")*"|\'(?:[^\']|\'\')*\'|(\$?)([A-Z]{1,3})(\$?)([1-9]\d*)(?![\w(!])|[^\W\d][\w.]*|.',
    re.DOTALL,
)


def translated(sheet: Worksheet, cell: Cell) -> str:
    """The formula of the group's first cell, moved to this cell; an empty text where the group has none."""
    for other in sheet.cells():
        if other.master and other.shared == cell.shared:
            row, column = split_ref(cell.ref)
            first_row, first_column = split_ref(other.ref)
            return _moved(other.formula or "", row - first_row, column - first_column)
    return ""


def _moved(formula: str, rows: int, columns: int) -> str:
    def move(match: re.Match[str]) -> str:
        if match[2] is None:
            return match[0]
        letters = match[2] if match[1] else column_letter(column_number(match[2]) + columns)
        digits = match[4] if match[3] else str(int(match[4]) + rows)
        return f"{match[1]}{letters}{match[3]}{digits}"

    return _TOKEN.sub(move, formula)
