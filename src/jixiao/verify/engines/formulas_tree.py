"""Formulas parsed by ``formulas`` into callables, without the library's dispatcher (which makes it slow).

The library's parser reads the formula and the library's functions calculate; ours are the wiring between
them and the laziness of IF (the branch not taken cannot matter). A callable takes the values of its cells
as one flat tuple.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from formulas.errors import BaseError, FoundError
from formulas.functions import Array
from formulas.parser import Parser
from formulas.tokens.function import Function, Lambda
from formulas.tokens.operand import Empty, Error, Operand, Range, XlError
from formulas.tokens.operator import Operator

from jixiao.verify.engines.formulas_shim import CHOOSE, EMPTY, FUNCTIONS, SCALARS, VALUE, apply_scalar
from jixiao.verify.engines.places import Box, read_box

Flat = tuple[Any, ...]
Evaluate = Callable[[Flat], Any]
_POOLED = frozenset(("SUM", "COUNT", "COUNTA", "MIN", "MAX", "AND", "OR"))
_BY_RANGE = frozenset(("SUMPRODUCT", "COUNTIF", "INDEX", "MATCH"))


class UnreadableError(ValueError):
    """The library cannot read a formula; ``str()`` says what, in Chinese."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A reference: where its cells start in the flat tuple, and their shape."""

    start: int
    rows: int
    columns: int


Tree = tuple[Any, ...]
"""("call", name, *trees) | ("leaf", Leaf) | ("constant", kind, value) | ("error", code); hashable."""


class _TreeBuilder:
    """Takes the place of the library's AstBuilder: keeps (token, trees) instead of building a dispatcher."""

    def __init__(self, match: Any = None) -> None:
        self.match = match
        self.stack: list[tuple[Any, list[Any]]] = []

    def __len__(self) -> int:
        return len(self.stack)

    def append(self, token: Any) -> None:
        """A token in postfix order."""
        parts: list[Any] = []
        if isinstance(token, Operator | Function):
            count = token.get_n_args
            if count > len(self.stack):
                raise UnreadableError("括号或参数不配对")
            if count:
                self.stack, parts = self.stack[:-count], self.stack[-count:]
        self.stack.append((token, parts))

    def finish(self) -> None:
        """The library calls this at the end."""


class _TreeParser(Parser):  # type: ignore[misc]
    ast_builder = _TreeBuilder


_PARSER = _TreeParser()


class Reader:
    """Reads formulas of a workbook into trees and the boxes of cells they need."""

    def __init__(self, names: Mapping[str, Box], sheets: Mapping[str, str]) -> None:
        """``names``: defined names (casefolded) to boxes; ``sheets``: casefolded to written sheet names."""
        self._names, self._sheets = names, sheets

    def read(self, formula: str, sheet: str) -> tuple[Tree, list[Box]]:
        """(tree, boxes in order of appearance); ``UnreadableError`` where the library cannot parse it."""
        try:
            builder = _PARSER.ast(formula)[1]
        except (BaseError, RecursionError) as error:
            raise UnreadableError("公式无法解析") from error
        boxes: dict[Box, int] = {}
        return self._tree(builder.stack[0], sheet, boxes), list(boxes)

    def _tree(self, node: tuple[Any, list[Any]], sheet: str, boxes: dict[Box, int]) -> Tree:
        token, parts = node
        if isinstance(token, Range):
            return self._leaf(token, sheet, boxes)
        if isinstance(token, Error):
            return ("error", token.name.upper())
        if isinstance(token, Empty):
            return ("constant", "blank", None)
        if isinstance(token, Operand):
            value = token.compile()
            return ("constant", type(value).__name__, value)
        name = token.name.upper()
        if isinstance(token, Lambda) or (isinstance(token, Operator) and name in (":", " ", ",", "@")):
            raise UnreadableError(f"不支持的写法“{name}”")
        return ("call", name, *(self._tree(part, sheet, boxes) for part in parts))

    def _leaf(self, token: Any, sheet: str, boxes: dict[Box, int]) -> Tree:
        box = self._box(token.attr, sheet)
        if isinstance(box, str):
            return ("error", box)
        if box not in boxes:
            last = next(reversed(boxes.items()), None)
            boxes[box] = last[1] + last[0].size if last else 0
        return ("leaf", Leaf(boxes[box], box.rows, box.columns))

    def _box(self, attr: Mapping[str, Any], sheet: str) -> Box | str:
        """The cells a reference means, or the error it amounts to."""
        if attr.get("filename") or attr.get("excel_id") or attr.get("anchor"):
            return "#REF!"
        if attr.get("is_reference"):
            return self._names.get(str(attr["ref"]).casefold(), "#NAME?")
        where = sheet
        if attr.get("sheet"):
            written = str(attr["sheet"]).replace("''", "'")
            where = self._sheets.get(written.casefold(), written)  # a plain table is in no list of ours
        return read_box(where, str(attr["ref"])) or "#REF!"


def compiled(tree: Tree) -> Evaluate:
    """A callable that calculates a tree; it takes the flat tuple and gives a plain value or an array."""
    kind = tree[0]
    if kind == "leaf":
        return _leaf_of(tree[1])
    if kind == "error":
        error = Error.errors.get(tree[1], Error.errors["#NAME?"])
        return lambda flat: error
    if kind == "constant":
        constant = EMPTY if tree[1] == "blank" else tree[2]
        return lambda flat: constant
    name, parts = tree[1], tree[2:]
    if name == "IF":
        return _if_of(parts)
    if name == "U+":
        return compiled(parts[0])
    if name == "ISNUMBER" or name in _BY_RANGE:
        return _general_of(name, parts)
    if name in _POOLED:
        return _pooled_of(name, parts)
    if name in SCALARS:
        return _scalar_of(name, parts)
    return _general_of(name, parts)


def _leaf_of(leaf: Leaf) -> Evaluate:
    start, stop, rows, columns = leaf.start, leaf.start + leaf.rows * leaf.columns, leaf.rows, leaf.columns
    if stop - start == 1:
        return lambda flat: flat[start]

    def cells(flat: Flat) -> Any:
        values = np.empty(stop - start, object)
        values[:] = flat[start:stop]
        return values.reshape(rows, columns).view(Array)

    return cells


def _if_of(parts: tuple[Tree, ...]) -> Evaluate:
    """IF: the library's IF picks the branch, then only that branch is calculated."""
    condition, branches = compiled(parts[0]), [compiled(part) for part in parts[1:]]
    if len(branches) == 1:
        branches.append(lambda flat: False)
    yes, no = branches

    def choose(flat: Flat) -> Any:
        test = condition(flat)
        if isinstance(test, np.ndarray):
            return VALUE
        if isinstance(test, XlError):
            return test
        branch = CHOOSE(0 if test is EMPTY else test, yes, no)
        if isinstance(branch, XlError):
            return branch
        result = branch(flat)
        return 0.0 if result is EMPTY else result

    return choose


def _scalar_of(name: str, parts: tuple[Tree, ...]) -> Evaluate:
    """An element-wise function: straight on plain values, through the library's wrapper on ranges."""
    entry, arguments, whole = SCALARS[name], [compiled(part) for part in parts], _function(name)

    def call(flat: Flat) -> Any:
        values = tuple([argument(flat) for argument in arguments])
        for value in values:
            if isinstance(value, np.ndarray):
                return whole(*values)
        return apply_scalar(entry, values)

    return call


def _pooled_of(name: str, parts: tuple[Tree, ...]) -> Evaluate:
    """SUM and its like: references are pooled into one range (its text is passed over)."""
    slots = [i for part in parts if part[0] == "leaf" for i in _slots(part[1])]
    rest = [compiled(part) for part in parts if part[0] != "leaf"]
    function = _function(name)

    def call(flat: Flat) -> Any:
        values = [argument(flat) for argument in rest]
        if slots:
            pool = np.empty(len(slots), object)
            pool[:] = [flat[i] for i in slots]
            values.append(pool)
        return _plain(function(*values))

    return call


def _general_of(name: str, parts: tuple[Tree, ...]) -> Evaluate:
    """Any other function of the library, called as the library would."""
    arguments, function = [compiled(part) for part in parts], _function(name)

    def call(flat: Flat) -> Any:
        return _plain(function(*(argument(flat) for argument in arguments)))

    return call


def _slots(leaf: Leaf) -> range:
    return range(leaf.start, leaf.start + leaf.rows * leaf.columns)


def _function(name: str) -> Callable[..., Any]:
    """The library's function or operator; ``UnreadableError`` if unknown or tied to the dispatcher."""
    from formulas.functions.operators import OPERATORS

    entry = OPERATORS[name] if name in OPERATORS else FUNCTIONS.get(name)
    if entry is None:
        raise UnreadableError(f"未知函数 {name}")
    if isinstance(entry, dict):
        function: Callable[..., Any] = entry["function"]
        if name == "INDEX":  # its one extra input tells whether it is being compiled
            return lambda *values: function(False, *values)
        if entry.get("extra_inputs"):
            raise UnreadableError(f"不支持的函数 {name}")
        return function
    result: Callable[..., Any] = entry
    return result


def _plain(value: Any) -> Any:
    """A one-cell array as its value, numpy's scalars as Python's."""
    if isinstance(value, np.ndarray):
        if value.size != 1:
            return value
        value = value.ravel()[0]
    if isinstance(value, np.generic):
        value = value.item()
    return value


def outcome(evaluate: Evaluate, flat: Flat) -> Any:
    """The value a cell takes: a blank becomes 0, an array #VALUE!, an exception of the library its error."""
    try:
        value = _plain(evaluate(flat))
    except FoundError as found:
        return found.err
    except (BaseError, ValueError, TypeError, ArithmeticError, IndexError, RecursionError):
        return VALUE
    if value is EMPTY:
        return 0.0
    return VALUE if isinstance(value, np.ndarray) else value
