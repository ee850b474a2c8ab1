"""The workbook of ``engine_cases.yaml``: every case is a formula on the sheet 算."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from jixiao.verify import ErrorValue, same

Place = tuple[str, str]
SHEET = "算"
ERRORS = {"#DIV/0!": "=1/0"}
"""How an error in a cell comes about."""


@dataclass(frozen=True)
class Case:
    """A formula, what Excel gives, and engines known to differ."""

    formula: str
    excel: Any
    differs: dict[str, Any]

    def right(self, engine: str, got: Any) -> bool:
        """Whether an engine's value is Excel's, or the known other one."""
        expected = self.differs.get(engine, self.excel)
        if isinstance(expected, str) and expected.startswith("#"):
            return isinstance(got, ErrorValue) and str(got) == expected
        if isinstance(expected, int | float) and not isinstance(expected, bool):
            expected = Decimal(str(expected))
        return same(expected, got)


@dataclass
class Book:
    """Formulas, names and plain cells, as ``Compiled`` takes them."""

    cases: dict[Place, Case] = field(default_factory=dict)
    formulas: dict[Place, str] = field(default_factory=dict)
    names: dict[str, Place] = field(default_factory=dict)
    values: dict[Place, Any] = field(default_factory=dict)


def read() -> Book:
    """The definition file as a book."""
    data = yaml.safe_load(Path(__file__).with_name("engine_cases.yaml").read_text("utf-8"))
    book = Book()
    for sheet, cells in data["cells"].items():
        for cell, value in cells.items():
            _cell(book, (sheet, cell), value)
    for name, target in data["names"].items():
        sheet, _, cell = target.rpartition("!")
        book.names[name] = (sheet.strip("'"), cell)
    rows = [case for group in data["cases"].values() for case in group]
    for row, (formula, excel, *rest) in enumerate(rows, 1):
        place = (SHEET, f"A{row}")
        book.cases[place] = Case(formula, excel, rest[0] if rest else {})
        book.formulas[place] = "=" + formula
    return book


def _cell(book: Book, place: Place, value: Any) -> None:
    if isinstance(value, str) and value.startswith("formula "):
        book.formulas[place] = value.removeprefix("formula ")
    else:
        book.values[place] = value.removeprefix("text ") if isinstance(value, str) else value


def save(path: Path, formulas: dict[Place, str], names: dict[str, Place], values: dict[Place, Any]) -> Path:
    """Write a workbook of these formulas, names and figures; text stays text."""
    import openpyxl
    from openpyxl.utils import absolute_coordinate, quote_sheetname
    from openpyxl.workbook.defined_name import DefinedName

    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for (sheet, cell), value in {**values, **formulas}.items():
        page = book[sheet] if sheet in book.sheetnames else book.create_sheet(sheet)
        page[cell].value = float(value) if isinstance(value, Decimal) else ERRORS.get(str(value), value)
    for name, (sheet, cell) in names.items():
        target = f"{quote_sheetname(sheet)}!{absolute_coordinate(cell)}"
        book.defined_names[name] = DefinedName(name, attr_text=target)
    book.save(path)
    return path
