"""Recomputation by the library ``formulas``: formulas compiled once, run with the figures of many workbooks.

The library's tokenizer reads a formula and its functions calculate it. Ours are the wiring between them (the
library's dispatcher takes a hundred times as long), the laziness of IF (the branch not taken cannot matter), and
what the library does unlike Excel in formulas that we write (``NUMERIC``, ``_round``). What it does unlike Excel
in others is listed as data in tests/verify/engine_cases.yaml. The library is imported when first used (a second and
more); it is optional.
"""

from __future__ import annotations

import functools
import importlib.util
import inspect
import math
from collections.abc import Callable, Mapping
from contextlib import suppress
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter
from operator import itemgetter
from typing import Any

from jixiao.model import half_up, make
from jixiao.office import join_ref
from jixiao.verify.engines import EngineFailure, EngineValue, ErrorValue, Place, Results
from jixiao.verify.vocabulary import bounded

MEMO_SIZE = 256
"""Results kept for each distinct formula; beyond that its memory starts anew."""
BY_RANGE = frozenset(
    (
        "AND",
        "COUNT",
        "COUNTA",
        "COUNTIF",
        "INDEX",
        "ISNUMBER",
        "MATCH",
        "MAX",
        "MIN",
        "OR",
        "SUM",
        "SUMPRODUCT",
    )
)
"""Functions that treat a cell otherwise than its value: a reference stays a range for them."""
NUMERIC = frozenset(("COUNT", "ISNUMBER", "MAX", "MIN", "SUM", "SUMPRODUCT"))
"""Those that pass over texts. The library takes a text that looks like a number for one; so they get blanks."""
FIGURES = (float, int)
PLAIN: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(
        ("+", "-", "*", "/", "U-", "%", "ROUND", "ABS", "INT", ">=", "<=", "<>", "<", ">", "="), FIGURES
    ),
    "TEXT": (float, int, str),
    "&": (str,),
}
"""Functions called below the library's wrappers, which are slow, where all arguments are of these types."""
CIRCULAR = "#CIRC!"
NO_SUCH = "#NAME?"
Input = Decimal | float | str | bool | ErrorValue | None
Flat = tuple[Any, ...]
Evaluate = Callable[[Flat], Any]
Tree = tuple[Any, ...]
"""("call", name, *trees) | ("cells", first slot, rows, columns) | ("constant", kind, value); hashable."""


def unavailable() -> str | None:
    """None where ``formulas`` is installed, else the reason in Chinese."""
    return None if importlib.util.find_spec("formulas") else "没有安装 Python 库 formulas"


class UnreadableError(ValueError):
    """The library cannot read a formula; ``str()`` says what, in Chinese."""


class Compiled:
    """Formulas that many workbooks have in common, compiled once and run with the figures of each workbook.

    ``formulas``: {(sheet, A1): formula text with its ``=``}; ``names``: {defined name: (sheet, A1 or A1:B9)}.
    Formulas that differ only in the cells they read share one callable, and the results of a callable are
    remembered by the values it was given. Instances are not safe to share between threads.
    """

    def __init__(self, formulas: Mapping[Place, str], names: Mapping[str, Place]) -> None:
        if why := unavailable():
            raise EngineFailure(make("J611", engine="formulas", why=why))
        self.unreadable: dict[Place, str] = {}
        """Formulas that could not be read, with the reason in Chinese; their value is ``#NAME?``."""
        self._known = {name.casefold(): place for name, place in names.items()}
        self._sheets = {sheet.casefold(): sheet for sheet, _ in [*formulas, *names.values()]}
        self._callables: dict[Tree, tuple[Evaluate, dict[Any, Any]]] = {}
        reads: dict[Place, list[Place]] = {}
        trees: dict[Place, Tree] = {}
        for place, text in formulas.items():
            cells: list[Place] = []
            try:
                trees[place] = self._tree(_parsed(text), place[0], cells)
                if trees[place] not in self._callables:
                    self._callables[trees[place]] = (_compiled(trees[place]), {})
            except UnreadableError as problem:
                self.unreadable[place] = str(problem)
            else:
                reads[place] = cells
        self._steps = [
            (place, _getter(reads[place]), *self._callables[trees[place]]) for place in _ordered(reads)
        ]
        done = {place for place, *_ in self._steps}
        self._circular = [place for place in reads if place not in done]
        self._read = {cell for cells in reads.values() for cell in cells}
        self._formulas = list(formulas)

    @property
    def distinct(self) -> int:
        """Number of distinct callables."""
        return len(self._callables)

    def run(self, values: Mapping[Place, Input]) -> Results:
        """{formula cell: value} of a workbook whose other cells hold ``values``.

        Exact decimals become floats, None is a blank cell, "" a text of no length, and a text stays text
        whatever it looks like. A value given for a formula cell is ignored (it may be the cached one), as
        are cells no formula reads; a cell that is not given is blank.
        """
        cells: dict[Place, Any] = dict.fromkeys(self._read, _library().EMPTY)
        cells |= {
            place: _inward(value) for place, value in values.items() if value is not None and place in cells
        }
        cells |= dict.fromkeys(self._formulas, _library().EMPTY)
        cells |= dict.fromkeys(self.unreadable, _error(NO_SUCH))
        cells |= dict.fromkeys(self._circular, _error(CIRCULAR))
        typed = any(isinstance(value, bool) for value in cells.values())
        for place, reads, evaluate, memo in self._steps:
            flat = reads(cells)
            key = (
                tuple([(type(value), value) for value in flat]) if typed else flat
            )  # TRUE must not pass for 1
            if key not in memo:
                if len(memo) >= MEMO_SIZE:
                    memo.clear()
                memo[key] = _outcome(evaluate, flat)
            cells[place] = memo[key]
            typed = typed or isinstance(cells[place], bool)
        return {place: _outward(cells[place]) for place in self._formulas}

    def _tree(self, node: tuple[Any, list[Any]], sheet: str, cells: list[Place]) -> Tree:
        """A node of the library's tree as ours; the cells that it reads are appended to ``cells``."""
        kinds = _library()
        token, parts = node
        if isinstance(token, kinds.Range):
            return self._cells(token.attr, sheet, cells)
        if isinstance(token, kinds.Empty):
            return ("constant", "blank", kinds.EMPTY)
        if isinstance(token, kinds.Error):
            return ("constant", "error", _error(token.name.upper()))
        if isinstance(token, kinds.Operand):
            value = token.compile()
            return ("constant", type(value).__name__, value)
        name = token.name.upper()
        if isinstance(token, kinds.Lambda) or (
            isinstance(token, kinds.Operator) and name in (":", " ", ",", "@")
        ):
            raise UnreadableError(f"不支持的写法“{name}”")
        return ("call", name, *(self._tree(part, sheet, cells) for part in parts))

    def _cells(self, attr: Mapping[str, Any], sheet: str, cells: list[Place]) -> Tree:
        """The cells that a reference means, or the error it amounts to; another workbook is not looked at."""
        if attr.get("filename") or attr.get("excel_id") or attr.get("anchor"):
            return ("constant", "error", _error("#REF!"))
        where, area = str(attr.get("sheet") or sheet).replace("''", "'"), str(attr["ref"])
        if attr.get("is_reference"):
            if area.casefold() not in self._known:
                return ("constant", "error", _error(NO_SUCH))
            where, area = self._known[area.casefold()]
        where, box, first = self._sheets.get(where.casefold(), where), bounded(area), len(cells)
        if box is None:
            return ("constant", "error", _error("#REF!"))
        rows, columns = range(box[0], box[2] + 1), range(box[1], box[3] + 1)
        cells += [(where, join_ref(row, column)) for row in rows for column in columns]
        return ("cells", first, len(rows), len(columns))


def _getter(cells: list[Place]) -> Callable[[Mapping[Place, Any]], Flat]:
    if len(cells) == 1:
        only = cells[0]
        return lambda values: (values[only],)
    return itemgetter(*cells) if cells else lambda values: ()


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
    """The library as far as it is used, and the tables of its functions with ours in them."""
    from types import SimpleNamespace

    import formulas
    import numpy
    from formulas.errors import BaseError
    from formulas.functions import Array, wrap_ufunc
    from formulas.functions.operators import OPERATORS
    from formulas.tokens.function import Function, Lambda
    from formulas.tokens.operand import Empty, Error, Operand, Range, XlError
    from formulas.tokens.operator import Operator
    from schedula import EMPTY

    functions = {**formulas.get_functions(), **OPERATORS}
    return SimpleNamespace(
        Array=Array, BaseError=BaseError, EMPTY=EMPTY, Empty=Empty, Error=Error, Lambda=Lambda, Operand=Operand,
        Operator=Operator, Range=Range, XlError=XlError, numpy=numpy, errors=Error.errors,
        functions={**functions, "ROUND": wrap_ufunc(_round)}, parser=_parser(Operator | Function),
    )  # fmt: skip


def _parser(taking: Any) -> Any:
    """The library's parser with a builder that keeps (token, parts) instead of building a dispatcher.

    ``taking`` are the kinds of tokens that take parts.
    """
    from formulas.parser import Parser

    class Builder(list[Any]):
        def __init__(self, match: Any = None) -> None:
            super().__init__()
            self.match = match

        def append(self, token: Any) -> None:
            count = token.get_n_args if isinstance(token, taking) else 0
            if count > len(self):
                raise UnreadableError("括号或参数不配对")
            parts = [self.pop() for _ in range(count)][::-1]
            super().append((token, parts))

        def finish(self) -> None:
            """The library calls this at the end."""

    class TreeParser(Parser):  # type: ignore[misc]
        ast_builder = Builder

    return TreeParser()


def _parsed(formula: str) -> Any:
    try:
        return _library().parser.ast(formula)[1][0]
    except (_library().BaseError, RecursionError, IndexError) as error:
        raise UnreadableError("公式无法解析") from error


def _round(value: float, places: float) -> float:
    """ROUND on the 15 digits that Excel keeps, half away from zero: the library rounds the binary number."""
    return float(half_up(Decimal(format(value, ".15g")), int(places)))


def _compiled(tree: Tree, by_range: str = "") -> Evaluate:
    """A callable that calculates a tree; it takes the flat tuple and gives a plain value or an array."""
    if tree[0] == "constant":
        return lambda flat: tree[2]
    if tree[0] == "cells":
        return _cells(tree[1], tree[2], tree[3], by_range)
    name, parts = tree[1], tree[2:]
    if name == "IF":
        return _if(*map(_compiled, parts))
    if name == "U+":
        return _compiled(parts[0])
    function, plain = _function(name), PLAIN.get(name, ())
    inner = inspect.unwrap(function)
    arguments = [_compiled(part, name if name in BY_RANGE else "") for part in parts]

    def call(flat: Flat) -> Any:
        values = [argument(flat) for argument in arguments]
        for value in values:
            if type(value) not in plain:
                return _plain(function(*values))
        made = inner(*values)
        return made if type(made) is not float or math.isfinite(made) else _error("#NUM!")

    return call


def _cells(first: int, rows: int, columns: int, by_range: str) -> Evaluate:
    numpy, array, empty, token = _library().numpy, _library().Array, _library().EMPTY, _library().XlError
    if rows == columns == 1 and by_range in (
        "",
        "SUMPRODUCT",
    ):  # beside a condition on one cell, which is one value
        return itemgetter(first)
    last, numeric = first + rows * columns, by_range in NUMERIC

    def values(flat: Flat) -> Any:
        made = numpy.empty(last - first, object)
        made[:] = [
            empty if numeric and isinstance(value, str) and not isinstance(value, token) else value
            for value in flat[first:last]
        ]
        return made.reshape(rows, columns).view(array)

    return values


def _if(condition: Evaluate, yes: Evaluate, no: Evaluate = lambda flat: False) -> Evaluate:
    """The library's IF picks the branch, then only that branch is calculated."""
    library = _library()
    choose = inspect.unwrap(library.functions["IF"]["function"])

    def picked(flat: Flat) -> Any:
        test = condition(flat)
        if isinstance(test, library.XlError):
            return test
        branch = choose(0 if test is library.EMPTY else test, yes, no)
        made = branch(flat) if callable(branch) else branch
        return 0.0 if made is library.EMPTY else made

    return picked


def _function(name: str) -> Callable[..., Any]:
    """The library's function or operator; ``UnreadableError`` if unknown or tied to the dispatcher."""
    entry = _library().functions.get(name)
    if entry is None:
        raise UnreadableError(f"未知函数 {name}")
    if not isinstance(entry, dict):
        return entry  # type: ignore[no-any-return]
    if name == "INDEX":  # its one extra input tells whether it is being compiled
        return functools.partial(entry["function"], False)
    if entry.get("extra_inputs"):
        raise UnreadableError(f"不支持的函数 {name}")
    return entry["function"]  # type: ignore[no-any-return]


def _plain(value: Any) -> Any:
    """A one-cell array as its value, numpy's scalars as Python's."""
    numpy = _library().numpy
    if isinstance(value, numpy.ndarray):
        if value.size != 1:
            return value
        value = value.ravel()[0]
    return value.item() if isinstance(value, numpy.generic) else value


def _outcome(evaluate: Evaluate, flat: Flat) -> Any:
    """The value a cell takes: a blank becomes 0, an array or an exception #VALUE!."""
    library = _library()
    try:
        value = _plain(evaluate(flat))
    except (library.BaseError, ValueError, TypeError, ArithmeticError, IndexError, RecursionError) as error:
        return getattr(error, "err", _error("#VALUE!"))
    if value is library.EMPTY:
        return 0.0
    return _error("#VALUE!") if isinstance(value, library.numpy.ndarray) else value


def _error(code: str) -> Any:
    """An error as the library holds it; ``#CIRC!`` is ours."""
    library = _library()
    return library.XlError(code) if code == CIRCULAR else library.errors.get(code, library.errors["#VALUE!"])


def _inward(value: Input) -> Any:
    """A value of ours as the library holds it."""
    if isinstance(value, bool | str):
        return value
    if isinstance(value, ErrorValue):
        return _error(value.code)
    number = float(value or 0)
    return number + 0.0 if math.isfinite(number) else _error("#NUM!")


def _outward(value: Any) -> EngineValue:
    """A value of the library as ours."""
    if isinstance(value, _library().XlError):
        return ErrorValue(str(value))
    if isinstance(value, bool):
        return value
    return str(value) if isinstance(value, str) else float(value)
