"""A workbook loaded whole by ``formulas``; no other file is opened, a bad formula stops nothing."""

from __future__ import annotations

import contextlib
import io
import logging
from pathlib import Path
from typing import Any

import formulas
import numpy as np
from formulas.errors import FormulaError
from formulas.ranges import Ranges
from formulas.tokens.operand import XlError

from jixiao.verify import vocabulary
from jixiao.verify.engines.formulas_shim import EMPTY
from jixiao.verify.engines.values import EngineValue, ErrorValue, Place, Results


class _Model(formulas.ExcelModel):  # type: ignore[misc]
    """The library's model, closed against other workbooks, over-large ranges and unreadable formulas."""

    def __init__(self) -> None:
        super().__init__()
        self.replaced: dict[Place, ErrorValue] = {}
        self.formulas: list[Place] = []
        self._own: tuple[Any, ...] = ()

    def add_book(self, book: Any = None, context: Any = None, data_only: bool = False) -> Any:
        """Only the first workbook; a link to another one gives #REF!."""
        if self._own and book not in self._own:
            raise ValueError("external workbook")
        if not self._own:
            self._own = (book, Path(str(book)).name)
        return super().add_book(book, context, data_only)

    def compile_cell(self, cell: Any, context: Any, references: Any, formula_references: Any) -> Any:
        """A cell; a formula that cannot or must not be read becomes an error."""
        if cell.data_type != "f":
            return super().compile_cell(cell, context, references, formula_references)
        place = (cell.parent.title, cell.coordinate)
        self.formulas.append(place)
        text = cell.value if isinstance(cell.value, str) else cell.value.text
        if vocabulary.unbounded(text):
            return self._replaced(cell, place, "#REF!", context, references, formula_references)
        try:
            return super().compile_cell(cell, context, references, formula_references)
        except (FormulaError, RecursionError):
            return self._replaced(cell, place, "#NAME?", context, references, formula_references)

    def _replaced(self, cell: Any, place: Place, code: str, *rest: Any) -> Any:
        self.replaced[place] = ErrorValue(code)
        cell.value = f"={code}"
        return super().compile_cell(cell, *rest)


def calculate(path: Path) -> Results:
    """Every formula cell of the workbook; a cell without a result is in a circle and has ``#CIRC!``."""
    model = _Model()
    logger = logging.getLogger("formulas")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        with contextlib.redirect_stderr(io.StringIO()):  # a progress bar is written there
            model.loads(str(path.resolve())).finish()
            solution = model.calculate()
    finally:
        logger.setLevel(level)
    found: Results = {}
    for sheet, cell in model.formulas:
        context = {"sheet": sheet.upper(), "filename": path.name, "directory": ""}
        key = Ranges.get_range(cell, context)["name"]
        found[sheet, cell] = _value(solution[key]) if key in solution else ErrorValue("#CIRC!")
    return found | model.replaced


def _value(ranges: Any) -> EngineValue:
    value = np.ravel(ranges.value)[0]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, XlError):
        return ErrorValue(str(value))
    if value is EMPTY:
        return 0.0
    if isinstance(value, bool):
        return value
    return str(value) if isinstance(value, str) else float(value)
