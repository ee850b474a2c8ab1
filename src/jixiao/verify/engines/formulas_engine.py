"""Recomputation with the library ``formulas``: a workbook afresh, or a compiled set of formulas many times.

The files ``formulas_*.py`` of this folder are the only importers of the library. It is imported when
first used (most of a second) and is optional: ``unavailable()`` says so where it is missing.
"""

from __future__ import annotations

import importlib.util
import math
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jixiao.model import make
from jixiao.verify.engines.places import Box, read_box
from jixiao.verify.engines.values import EngineFailure, EngineValue, ErrorValue, Place, Results

if TYPE_CHECKING:
    from jixiao.verify.engines.formulas_tree import Evaluate

MEMO_SIZE = 256
"""Results kept for each distinct callable; beyond that its memory starts anew."""

CIRCULAR = ErrorValue("#CIRC!")
Input = Decimal | float | str | bool | ErrorValue | None


def unavailable() -> str | None:
    """None where ``formulas`` is installed, else the reason in Chinese."""
    for module in ("formulas", "openpyxl"):
        if importlib.util.find_spec(module) is None:
            return f"没有安装 Python 库 {module}"
    return None


def _require() -> None:
    why = unavailable()
    if why:
        raise EngineFailure(make("J611", engine="formulas", why=why))


def recompute(path: Path) -> Results:
    """Every formula cell of a workbook, loaded and calculated afresh; cached values play no part.

    A cell that the library leaves out has an error (``#CIRC!`` for a circle, ``#NAME?`` for a
    formula it cannot read). No other workbook is opened. Raises ``EngineFailure`` where it cannot be loaded.
    """
    _require()
    from jixiao.verify.engines.formulas_model import calculate

    if not path.is_file():
        raise EngineFailure(make("J613", engine="formulas", file=path.name, why="没有这个文件"))
    with tempfile.TemporaryDirectory(prefix="jixiao-formulas-") as folder:
        copy = Path(folder) / f"book{path.suffix.lower()}"  # the library stumbles over brackets in file names
        copy.write_bytes(path.read_bytes())
        try:
            return calculate(copy)
        except Exception as error:
            why = f"{type(error).__name__}"
            raise EngineFailure(make("J613", engine="formulas", file=path.name, why=why)) from error


@dataclass(slots=True)
class _Step:
    """One formula cell: where its value goes, what it reads, and the callable it shares with its like."""

    index: int
    reads: Callable[[list[Any]], Any]
    single: bool
    evaluate: Evaluate
    memo: dict[Any, Any] = field(repr=False)


class Compiled:
    """Formulas that many workbooks have in common, compiled once and run with the figures of each workbook.

    ``formulas``: {(sheet, A1): formula text with its ``=``}; ``names``: {defined name: (sheet, A1 or A1:B9)}.
    Formulas that differ only in the cells they read share one callable, and the results of a callable are
    remembered by the values it was given. Instances are not safe to share between threads.
    """

    def __init__(self, formulas: Mapping[Place, str], names: Mapping[str, Place]) -> None:
        _require()
        self.unreadable: dict[Place, str] = {}
        """Formulas that could not be read, with the reason in Chinese; their value is ``#NAME?``."""
        self._index: dict[Place, int] = {}
        self._formulas = dict(formulas)
        self._distinct: dict[Any, tuple[Evaluate, dict[Any, Any]]] = {}
        boxes: dict[str, Box] = {}
        for name, (sheet, reference) in names.items():
            box = read_box(sheet, reference)
            if box is not None:
                boxes[name.casefold()] = box
        sheets = {sheet.casefold(): sheet for sheet, _ in [*formulas, *names.values()]}
        self._prepare(boxes, sheets)

    @property
    def distinct(self) -> int:
        """Number of distinct callables."""
        return len(self._distinct)

    def _prepare(self, names: Mapping[str, Box], sheets: dict[str, str]) -> None:
        from jixiao.verify.engines.formulas_tree import Reader, UnreadableError, compiled

        reader = Reader(names, sheets)
        slots: dict[Place, list[int]] = {}
        shared: dict[Place, tuple[Evaluate, dict[Any, Any]]] = {}
        for place, text in self._formulas.items():
            self._number(place)
            try:
                tree, read = reader.read(text, place[0])
                if tree not in self._distinct:
                    self._distinct[tree] = (compiled(tree), {})
                shared[place] = self._distinct[tree]
            except UnreadableError as problem:
                self.unreadable[place] = str(problem)
                continue
            slots[place] = [self._number(cell) for box in read for cell in box.places()]
        self._steps = []
        order, self._circular = _ordered({self._index[p]: s for p, s in slots.items()})
        by_index = {self._index[place]: place for place in slots}
        for index in order:
            evaluate, memo = shared[by_index[index]]
            self._steps.append(_step(index, slots[by_index[index]], evaluate, memo))

    def _number(self, place: Place) -> int:
        return self._index.setdefault(place, len(self._index))

    def run(self, values: Mapping[Place, Input]) -> Results:
        """{formula cell: value} of a workbook whose other cells hold ``values``.

        Exact decimals become floats, None is a blank cell, "" a text of no length, and a text stays text
        whatever it looks like. A value given for a formula cell is ignored (it may be the cached one), as
        are cells no formula reads; a cell that is not given is blank.
        """
        from formulas.tokens.operand import Error

        from jixiao.verify.engines.formulas_shim import EMPTY

        cells: list[Any] = [EMPTY] * len(self._index)
        typed = False
        for place, value in values.items():
            index = self._index.get(place)
            if index is not None and value is not None:
                cells[index] = _inward(value, Error.errors)
                typed = typed or isinstance(value, bool)
        for place in self._formulas:
            cells[self._index[place]] = EMPTY
        self._fill_errors(cells, Error.errors)
        self._calculate(cells, typed)
        return {place: _outward(cells[self._index[place]]) for place in self._formulas}

    def _fill_errors(self, cells: list[Any], errors: Mapping[str, Any]) -> None:
        from formulas.tokens.operand import XlError

        for place in self.unreadable:
            cells[self._index[place]] = errors["#NAME?"]
        circle = XlError(CIRCULAR.code)
        for index in self._circular:
            cells[index] = circle

    def _calculate(self, cells: list[Any], typed: bool) -> None:
        """Fill in every formula cell, in order; ``typed``: TRUE is about, so it must not pass for 1."""
        from jixiao.verify.engines.formulas_tree import outcome

        for step in self._steps:
            flat = step.reads(cells)
            if step.single:
                flat = (flat,)
            key = tuple([(type(v), v) for v in flat]) if typed else flat
            memo = step.memo
            if key in memo:
                value = memo[key]
            else:
                if len(memo) >= MEMO_SIZE:
                    memo.clear()
                value = memo[key] = outcome(step.evaluate, flat)
            typed = typed or value is True or value is False
            cells[step.index] = value


def _step(index: int, slots: list[int], evaluate: Evaluate, memo: dict[Any, Any]) -> _Step:
    if not slots:
        return _Step(index, lambda cells: (), False, evaluate, memo)
    return _Step(index, itemgetter(*slots), len(slots) == 1, evaluate, memo)


def _ordered(reads: Mapping[int, list[int]]) -> tuple[list[int], list[int]]:
    """(cells in an order in which each comes after what it reads, cells in or behind a circle)."""
    waiting: dict[int, int] = {}
    readers: dict[int, list[int]] = {}
    for cell, slots in reads.items():
        needed = {slot for slot in slots if slot in reads}
        waiting[cell] = len(needed)
        for slot in needed:
            readers.setdefault(slot, []).append(cell)
    ready = [cell for cell, count in waiting.items() if not count]
    for cell in ready:  # grows while it is walked
        for reader in readers.get(cell, ()):
            waiting[reader] -= 1
            if not waiting[reader]:
                ready.append(reader)
    done = set(ready)
    return ready, [cell for cell in reads if cell not in done]


def _inward(value: Input, errors: Mapping[str, Any]) -> Any:
    """A value of ours as the library holds it."""
    if isinstance(value, bool | str):
        return value
    if isinstance(value, ErrorValue):
        return errors.get(value.code, errors["#VALUE!"])
    number = float(value or 0)
    return number + 0.0 if math.isfinite(number) else errors["#NUM!"]


def _outward(value: Any) -> EngineValue:
    """A value of the library as ours."""
    from formulas.tokens.operand import XlError

    if isinstance(value, XlError):
        return ErrorValue(str(value))
    if isinstance(value, bool):
        return value
    return str(value) if isinstance(value, str) else float(value)


class FormulasEngine:
    """``formulas`` behind the common protocol of ``values.Engine``."""

    name = "formulas"

    def unavailable(self) -> str | None:
        """None, or why the library cannot be used here."""
        return unavailable()

    def recompute(self, path: Path) -> Results:
        """Every formula cell of one workbook, loaded afresh."""
        return recompute(path)
