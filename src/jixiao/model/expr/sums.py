"""Sums and counts over several keys, or over one column of a row table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from jixiao.model.expr.base import ATOM, JOIN, Cells, Env, Expr, ExprError, Value, Words, quote


class Total(Expr):
    """Sum over keys or over one column of a row table; blanks and texts count for nothing, as in SUM.

    Single facts among the keys are guarded by ``guarded``; ``optional`` names those whose blank counts as none.
    """

    __slots__ = ("keys", "optional")

    def __init__(self, keys: Sequence[str], optional: Sequence[str] = ()) -> None:
        self.keys, self.optional = tuple(keys), tuple(optional)

    @property
    def says(self) -> int:  # type: ignore[override]
        """Several keys are a list, which must not run into its surroundings."""
        return ATOM if len(self.keys) == 1 else JOIN

    def number(self, env: Env) -> Value:
        return sum((v for v in _values(self.keys, env) if isinstance(v, Decimal)), Decimal(0))

    def formula(self, cells: Cells) -> str:
        return f"SUM({','.join(cells(key) for key in self.keys)})"

    def sentence(self, words: Words) -> str:
        return "、".join(words(key) for key in self.keys) + "合计"

    def refs(self) -> Iterator[str]:
        yield from self.keys


class Count(Total):
    """How many of the keys, or of a column's rows, hold a number."""

    __slots__ = ()

    def number(self, env: Env) -> Value:
        return Decimal(sum(isinstance(v, Decimal) for v in _values(self.keys, env)))

    def formula(self, cells: Cells) -> str:
        return f"COUNT({','.join(cells(key) for key in self.keys)})"

    def sentence(self, words: Words) -> str:
        return "、".join(words(key) for key in self.keys) + "个数"


class Where(Expr):
    """Sum of one column of a row table over the rows whose other column holds a text; both are whole columns.

    The summed column holds numbers only: engines differ in what SUMPRODUCT does with a text.
    """

    __slots__ = ("column", "test", "text")

    def __init__(self, column: str, test: str, text: str) -> None:
        self.column, self.test, self.text = column, test, text

    def number(self, env: Env) -> Value:
        tests: object = env(self.test)
        values: object = env(self.column)
        if not isinstance(tests, tuple) or not isinstance(values, tuple):
            raise ExprError(f"{self.test}: not a column")
        pairs = zip(tests, values, strict=True)
        return sum((v for t, v in pairs if t == self.text and isinstance(v, Decimal)), Decimal(0))

    def formula(self, cells: Cells) -> str:
        return f"SUMPRODUCT(({cells(self.test)}={quote(self.text)})*1,{cells(self.column)})"

    def sentence(self, words: Words) -> str:
        return f"{words(self.test)}为“{self.text}”的{words(self.column)}合计"

    def refs(self) -> Iterator[str]:
        yield from (self.test, self.column)


def _values(keys: Sequence[str], env: Env) -> Iterator[object]:
    for key in keys:
        value: object = env(key)
        if isinstance(value, (list, tuple)):
            yield from value
        else:
            yield value
