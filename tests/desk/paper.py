"""A program on paper: the few members of xlwings that the desk uses, over plain dictionaries. Formulas have no results."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl

from jixiao.office import column_letter, split_area


class PaperRange:
    """A box of a sheet."""

    def __init__(self, sheet: PaperSheet, box: tuple[int, int, int, int]) -> None:
        self.sheet, self.box = sheet, box

    def options(self, **options: Any) -> PaperRange:
        return self

    @property
    def address(self) -> str:
        top, left, bottom, right = self.box
        return f"${column_letter(left)}${top}:${column_letter(right)}${bottom}"

    def _rows(self) -> list[list[Any]]:
        top, left, bottom, right = self.box
        return [
            [self.sheet.cells.get((r, c)) for c in range(left, right + 1)] for r in range(top, bottom + 1)
        ]

    @property
    def formula(self) -> Any:
        return [["" if value is None else str(value) for value in row] for row in self._rows()]

    @property
    def raw_value(self) -> Any:
        return [[_result(value) for value in row] for row in self._rows()]

    @raw_value.setter
    def raw_value(self, rows: Any) -> None:
        if self.sheet.refusals:
            error = self.sheet.refusals.pop(0)
            if error is not None:
                raise error
        self.sheet.book.app.written.append((self.sheet.name, self.address))
        top, left = self.box[:2]
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if value == "":
                    self.sheet.cells.pop((top + r, left + c), None)
                elif (top + r, left + c) not in self.sheet.swallowed:
                    text = value[1:] if isinstance(value, str) and value.startswith("'") else value
                    self.sheet.cells[top + r, left + c] = text


def _result(value: Any) -> Any:
    return None if isinstance(value, str) and value.startswith("=") else value


class PaperSheet:
    """A sheet: contents by (row, column).

    ``swallowed`` are cells that take nothing, as inside a merged area; ``refusals`` what the next writes raise.
    """

    def __init__(self, book: PaperBook, name: str) -> None:
        self.book, self.name = book, name
        self.cells: dict[tuple[int, int], Any] = {}
        self.swallowed: set[tuple[int, int]] = set()
        self.refusals: list[Exception | None] = []

    @property
    def used_range(self) -> PaperRange:
        rows, columns = [r for r, _ in self.cells] or [1], [c for _, c in self.cells] or [1]
        return PaperRange(self, (min(rows), min(columns), max(rows), max(columns)))

    def range(self, area: str) -> PaperRange:
        return PaperRange(self, split_area(area))


class _Sheets(list[PaperSheet]):
    @property
    def active(self) -> PaperSheet:
        return self[0]


class _Name:
    def __init__(self, refers_to: str) -> None:
        self.refers_to = refers_to


class PaperBook:
    """A workbook read from a file."""

    def __init__(self, app: PaperApp, path: Path) -> None:
        self.app, self.name, self.api = app, path.name, True
        self.fullname, self.saved = str(path), 0
        self.sheets = _Sheets()
        source = openpyxl.load_workbook(path)
        self.names = {name: _Name(f"={defined.value}") for name, defined in source.defined_names.items()}
        for one in source.worksheets:
            sheet = PaperSheet(self, one.title)
            sheet.cells = {
                (c.row, c.column): c.value for row in one.iter_rows() for c in row if c.value is not None
            }
            self.sheets.append(sheet)

    def save(self) -> None:
        self.saved += 1
        if self.saved > self.app.saves:
            raise OSError("read-only")

    def __getitem__(self, name: str) -> PaperSheet:
        return next(sheet for sheet in self.sheets if sheet.name == name)


class _Books(list[PaperBook]):
    @property
    def active(self) -> PaperBook:
        return self[-1]


class PaperApp:
    """The program. ``written`` are the areas that were written."""

    calculation = "automatic"
    screen_updating = True
    status_bar: Any = False
    saves = 1_000

    def __init__(self, *paths: Path) -> None:
        self.written: list[tuple[str, str]] = []
        self.alerts: list[str] = []
        self.books = _Books(PaperBook(self, path) for path in paths)
        self.engine = self
        self.impl = self

    @staticmethod
    def clean_value_data(data: Any, dates: Any, empty: Any, number: Any, errors: bool) -> Any:
        return data

    def calculate(self) -> None:
        """Nothing is calculated on paper."""

    def alert(self, prompt: str, title: str, buttons: str, mode: Any) -> None:
        self.alerts.append(prompt)
