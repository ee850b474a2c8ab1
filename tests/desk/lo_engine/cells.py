"""The range of the engine: a box of a sheet; values and formulas as whole blocks."""

from __future__ import annotations

import datetime as dt
from typing import Any

from xlwings import base_classes

from jixiao.office import column_letter, split_area

Box = tuple[int, int, int, int]
_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - spreadsheet dates have no time zone


class Range(base_classes.Range):
    """Rows ``box[0]`` to ``box[2]`` and columns ``box[1]`` to ``box[3]``, from 1."""

    api: Any = True
    sheet: Any = None
    options: Any = None
    max_cells_per_read = None
    max_cells_per_write = None

    def __init__(self, sheet: Any, box: Any) -> None:
        self.sheet, self.box = sheet, tuple(box)

    @classmethod
    def of(cls, sheet: Any, arg1: Any, arg2: Any = None) -> Range:
        """The range of ``"A1:C3"``, of a (row, column), or of two of them."""
        if isinstance(arg1, str):
            return cls(sheet, split_area(arg1.replace("$", "")))
        first = arg1.box[:2] if isinstance(arg1, Range) else arg1
        last = first if arg2 is None else arg2.box[2:] if isinstance(arg2, Range) else arg2
        return cls(sheet, (*first, *last))

    def _count(self) -> None:
        self.sheet.book.app.bridge.count(self.sheet.known)

    @property
    def row(self) -> int:
        self._count()
        return int(self.box[0])

    @property
    def column(self) -> int:
        self._count()
        return int(self.box[1])

    @property
    def shape(self) -> tuple[int, int]:
        self._count()
        return self.box[2] - self.box[0] + 1, self.box[3] - self.box[1] + 1

    def __len__(self) -> int:
        rows, columns = self.shape
        return rows * columns

    def __call__(self, row: int, column: int | None = None) -> Range:
        if column is None:
            width = self.box[3] - self.box[1] + 1
            row, column = (row - 1) // width + 1, (row - 1) % width + 1
        top, left = self.box[0] + row - 1, self.box[1] + column - 1
        return Range(self.sheet, (top, left, top, left))

    @property
    def address(self) -> str:
        self._count()
        top, left, bottom, right = self.box
        first = f"${column_letter(left)}${top}"
        return first if (top, left) == (bottom, right) else f"{first}:${column_letter(right)}${bottom}"

    def get_address(self, row_absolute: bool, col_absolute: bool, external: bool) -> str:
        return self.address

    @property
    def raw_value(self) -> Any:
        found = self.sheet.call("values", self.box)
        rows = found["rows"]
        for row, column in found["dates"]:
            if isinstance(rows[row][column], float):
                rows[row][column] = _EPOCH + dt.timedelta(days=rows[row][column])
        for row, column, text in found["errors"]:
            rows[row][column] = text
        return rows[0][0] if len(rows) == len(rows[0]) == 1 else rows

    @raw_value.setter
    def raw_value(self, data: Any) -> None:
        rows = data if isinstance(data, (list, tuple)) else [[data]]
        self.sheet.call("write", self.box, [list(row) for row in rows])

    @property
    def formula(self) -> Any:
        rows = self.sheet.call("formulas", self.box)
        return rows[0][0] if len(rows) == len(rows[0]) == 1 else tuple(tuple(row) for row in rows)

    @formula.setter
    def formula(self, data: Any) -> None:
        self.raw_value = data

    formula2 = formula

    @property
    def has_array(self) -> bool:
        return False

    def clear_contents(self) -> None:
        rows, columns = self.shape
        self.raw_value = [[""] * columns for _ in range(rows)]

    def merge(self, across: bool = False) -> None:
        self.sheet.call("merge", self.box)

    def select(self) -> None:
        bridge = self.sheet.book.app.bridge
        bridge.call("selected", self.sheet.book.key, [self.sheet.known, self.box])
