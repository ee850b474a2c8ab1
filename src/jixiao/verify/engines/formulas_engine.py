"""Recomputation by the library ``formulas``: its tokenizer reads the formulas, its functions calculate them.

Ours are the wiring between the two (the library's dispatcher takes a hundred times as long), the laziness of IF (the
branch not taken cannot matter), and what the library does unlike Excel in formulas that we write (``NUMERIC``,
``_round``). What it does unlike Excel in others is listed as data in tests/verify/engine_cases.yaml. The library is
imported when first used (a second and more); it is optional.
"""

from __future__ import annotations

import functools
import importlib.util
import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter
from typing import Any

from jixiao.model import half_up, make
from jixiao.office import join_ref
from jixiao.verify.engines import EngineFailure, EngineValue, ErrorValue, Place, Results
from jixiao.verify.vocabulary import bounded, offences

NUMERIC = ("COUNT", "ISNUMBER", "MAX", "MIN", "SUM", "SUMPRODUCT")
"""They pass over texts. The library takes a text that looks like a number for one; so they get blanks."""
MOST_READ = 2_000_000  # cells, by all formulas together
MOST_LETTERS = 32_767  # in a cell, as in Excel: texts may grow from cell to cell
Input = Decimal | float | str | bool | ErrorValue | None
Evaluate = Callable[[Mapping[Place, Any]], Any]
Node = tuple[Any, list[Any]]
"""A token of the library, and the nodes of its arguments."""


def unavailable() -> str | None:
    """None where ``formulas`` is installed, else the reason in Chinese."""
    return None if importlib.util.find_spec("formulas") else "没有安装 Python 库 formulas"


class Compiled:
    """Formulas, read once and run with the figures of many workbooks; one that cannot be read gives ``#NAME?``.

    ``formulas``: {(sheet, A1): formula text with its ``=``}; ``names``: {defined name: (sheet, A1 or A1:B9)}.
    """

    def __init__(self, formulas: Mapping[Place, str], names: Mapping[str, Place]) -> None:
        if why := unavailable():
            raise EngineFailure(make("J611", engine="formulas", why=why))
        self._known = {name.casefold(): place for name, place in names.items()}
        self._sheets = {sheet.casefold(): sheet for sheet, _ in [*formulas, *names.values()]}
        self._evaluate: dict[Place, Evaluate] = {}
        self._size = 0
        reads: dict[Place, list[Place]] = {place: [] for place in formulas}
        for place, text in formulas.items():
            self._evaluate[place] = _constant(_error("#NAME?"))
            with suppress(Exception):  # the library raises what it likes, and the formula may be anything
                if not offences(text):  # nothing else of the library is let loose on a file
                    self._evaluate[place] = self._read(_parsed(text), place[0], reads[place])
        if self._size > MOST_READ:
            raise EngineFailure(make("J613", engine="formulas", file="", why="公式读取的单元格过多"))
        self._order = _ordered(reads)
        self._reads = {place: frozenset(cells) for place, cells in reads.items()}
        self._before: Mapping[Place, Any] = {}

    def run(self, values: Mapping[Place, Input]) -> Results:
        """{formula cell: value} of a workbook whose other cells hold ``values``.

        None is a blank cell, as is one not given; a text stays text. A value of a formula cell is ignored. Only what
        reads a cell that is another one than in the run before is calculated: our functions know no time and no chance.
        """
        cells = {place: _inward(value) for place, value in values.items() if value is not None}
        cells |= dict.fromkeys(self._evaluate, _error("#CIRC!"))  # unless its turn comes
        before = self._before
        given = (before.keys() | cells.keys()) - self._evaluate.keys()
        moved = {place for place in given if not _one(before.get(place), cells.get(place))}
        for place in self._order:
            cells[place] = known = before.get(place)
            if known is None or not moved.isdisjoint(self._reads[place]):
                cells[place] = _outcome(self._evaluate[place], cells)
                if not _one(known, cells[place]):
                    moved.add(place)
        self._before = cells
        return {place: _outward(cells[place]) for place in self._evaluate}

    def _read(self, node: Node, sheet: str, reads: list[Place], function: str = "") -> Evaluate:
        """What calculates a node, an argument of ``function``; the cells that it reads are appended to ``reads``."""
        kinds, (token, parts) = _library(), node
        if isinstance(token, kinds.Range):
            return self._cells(token.attr, sheet, reads, numeric=function in NUMERIC)
        if isinstance(token, kinds.Error):
            return _constant(_error(token.name.upper()))
        if isinstance(token, kinds.Operand):
            return _constant(token.compile())
        name = token.name.upper()
        inner = [self._read(part, sheet, reads, name) for part in parts]
        return _if(*inner) if name == "IF" else inner[0] if name == "U+" else _call(name, inner)

    def _cells(self, attr: Mapping[str, Any], sheet: str, reads: list[Place], *, numeric: bool) -> Evaluate:
        """The cells that a reference means, or the error it amounts to."""
        where, area = str(attr.get("sheet") or sheet).replace("''", "'"), str(attr["ref"])
        if attr.get("is_reference"):
            if area.casefold() not in self._known:
                return _constant(_error("#NAME?"))
            where, area = self._known[area.casefold()]
        where, box = self._sheets.get(where.casefold(), where), bounded(area)
        if box is None:
            return _constant(_error("#REF!"))
        rows, columns = range(box[0], box[2] + 1), range(box[1], box[3] + 1)
        self._size += len(rows) * len(columns)
        if self._size > MOST_READ:
            raise ValueError
        places = [(where, join_ref(row, column)) for row in rows for column in columns]
        reads += places
        return _values(places, len(rows), numeric=numeric)


def _ordered(reads: Mapping[Place, list[Place]]) -> list[Place]:
    """The formulas, each after what it reads; those in or behind a circle are left out."""
    sorter = TopologicalSorter({place: [c for c in cells if c in reads] for place, cells in reads.items()})
    with suppress(CycleError):
        sorter.prepare()
    order: list[Place] = []
    while ready := sorter.get_ready():
        order += ready
        sorter.done(*ready)
    return order


@functools.cache
def _library() -> Any:
    """The library as far as it is used, with our ROUND, and a parser that keeps (token, arguments) as they are."""
    from types import SimpleNamespace

    import formulas
    import numpy
    from formulas.functions import Array, wrap_ufunc
    from formulas.functions.operators import OPERATORS
    from formulas.parser import Parser
    from formulas.tokens.function import Function
    from formulas.tokens.operand import Error, Operand, Range, XlError
    from formulas.tokens.operator import Operator
    from schedula import EMPTY

    class Builder(list[Node]):
        def __init__(self, match: Any = None) -> None:
            super().__init__()
            self.match = match

        def append(self, token: Any) -> None:
            count = token.get_n_args if isinstance(token, Operator | Function) else 0
            super().append((token, [self.pop() for _ in range(count)][::-1]))

        def finish(self) -> None:
            """The library calls this at the end."""

    class TreeParser(Parser):  # type: ignore[misc]
        ast_builder = Builder

    functions = {**formulas.get_functions(), **OPERATORS, "ROUND": wrap_ufunc(_round)}
    return SimpleNamespace(
        Array=Array, EMPTY=EMPTY, Error=Error, Operand=Operand, Range=Range,
        XlError=XlError, errors=Error.errors, functions=functions, numpy=numpy, parser=TreeParser(),
    )  # fmt: skip


@functools.lru_cache(8192)
def _parsed(formula: str) -> Any:
    return _library().parser.ast(formula)[1][0]


def _round(value: float, places: float) -> float:
    """ROUND on the 15 digits that Excel keeps, half away from zero: the library rounds the binary number."""
    return float(half_up(Decimal(format(value, ".15g")), int(places)))


def _constant(value: Any) -> Evaluate:
    return lambda cells: value


def _values(places: Sequence[Place], rows: int, *, numeric: bool) -> Evaluate:
    """What cells hold, as the array that the library takes for a range."""
    kinds = _library()

    def values(cells: Mapping[Place, Any]) -> Any:
        made = kinds.numpy.empty(len(places), object)
        for at, place in enumerate(places):
            value = cells.get(place, kinds.EMPTY)
            passed = numeric and isinstance(value, str) and not isinstance(value, kinds.XlError)
            made[at] = kinds.EMPTY if passed else value
        return made.reshape(rows, -1).view(kinds.Array)

    return values


def _call(name: str, arguments: Sequence[Evaluate]) -> Evaluate:
    """A function or operator of the library over its arguments; LookupError where it has none."""
    entry = _library().functions[name]
    if isinstance(entry, dict):  # the one extra input of INDEX tells whether it is being compiled
        entry = functools.partial(entry["function"], False) if name == "INDEX" else entry["function"]
    return lambda cells: entry(*[argument(cells) for argument in arguments])


def _if(condition: Evaluate, yes: Evaluate, no: Evaluate | None = None) -> Evaluate:
    """The library's IF picks the branch, then only that branch is calculated."""
    library, no = _library(), no or _constant(False)
    choose = inspect.unwrap(library.functions["IF"]["function"])

    def picked(cells: Mapping[Place, Any]) -> Any:
        test = _plain(condition(cells))
        if isinstance(test, library.XlError):
            return test
        branch = choose(0 if test is library.EMPTY else test, yes, no)
        made = _plain(branch(cells)) if callable(branch) else branch
        return 0.0 if made is library.EMPTY else made

    return picked


def _plain(value: Any) -> Any:
    """A one-cell array as its value, numpy's scalars as Python's."""
    if isinstance(value, _library().numpy.ndarray) and value.size == 1:
        value = value.ravel()[0]
    return value.item() if isinstance(value, _library().numpy.generic) else value


def _one(value: Any, other: Any) -> bool:
    """Whether two cells hold the same: TRUE is not 1."""
    return type(value) is type(other) and bool(value == other)


def _outcome(evaluate: Evaluate, cells: Mapping[Place, Any]) -> Any:
    """The value a cell takes: a blank becomes 0, an array or an exception #VALUE!."""
    library = _library()
    try:
        value = _plain(evaluate(cells))
    except Exception as error:  # noqa: BLE001 - whatever it raises, the cell has no value
        return getattr(error, "err", _error("#VALUE!"))
    if isinstance(value, library.numpy.ndarray) or (isinstance(value, str) and len(value) > MOST_LETTERS):
        return _error("#VALUE!")
    infinite = isinstance(value, float) and not math.isfinite(value)
    return _error("#NUM!") if infinite else 0.0 if value is library.EMPTY else value


def _error(code: str) -> Any:
    """An error as the library holds it; ``#CIRC!`` is ours."""
    library = _library()
    return library.XlError(code) if code == "#CIRC!" else library.errors.get(code, library.errors["#VALUE!"])


def _inward(value: Input) -> Any:
    """A value of ours as the library holds it."""
    if isinstance(value, bool | str):
        return value
    if isinstance(value, ErrorValue):
        return _error(value.code)
    return float(value or 0) + 0.0


def _outward(value: Any) -> EngineValue:
    """A value of the library as ours."""
    if isinstance(value, _library().XlError):
        return ErrorValue(str(value))
    return value if isinstance(value, bool) else str(value) if isinstance(value, str) else float(value)
