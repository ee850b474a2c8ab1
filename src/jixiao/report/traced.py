"""Figures that remember what they are: a number of the net with its expression, and marks around what is written of it.

A number leads back to the net through what was reckoned from it (sums, differences, shares). While a page is written
(``marking``), every figure and every sentence of a template stands between marks; a Word report has none.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping, Sequence
from contextvars import ContextVar
from decimal import Decimal
from typing import NamedTuple, Self, TypeVar

from jixiao.model import (
    NOT_APPLICABLE,
    Arith,
    Call,
    Cells,
    Const,
    Env,
    Expr,
    Ratio,
    Ref,
    Source,
    Value,
    Words,
)
from jixiao.scoring import Step, count_of

FIRST, END = 0xF0000, "\U0010fffd"
"""A mark begins with its number as a private sign of plane 15 and ends with the last private sign of all."""
_MARKS = re.compile("[\U000f0000-\U000ffffd\U0010fffd]")
T = TypeVar("T")


class Traced(Decimal):
    """A number with its expression over the names of the net; sums, differences and shares of it have theirs."""

    expr: Expr

    def __new__(cls, value: Decimal, expr: Expr) -> Self:
        """The number as it is."""
        made = super().__new__(cls, value)
        made.expr = expr
        return made

    def __add__(self, other: Decimal) -> Traced:  # type: ignore[override]  # amounts are only added to amounts
        return Traced(Decimal.__add__(self, other), Arith("+", self.expr, traced(other)))

    def __radd__(self, other: Decimal) -> Traced:  # type: ignore[override]
        return Traced(Decimal.__add__(other, self), Arith("+", traced(other), self.expr)) if other else self

    def __sub__(self, other: Decimal) -> Traced:  # type: ignore[override]
        return Traced(Decimal.__sub__(self, other), Arith("-", self.expr, traced(other)))

    def __rsub__(self, other: Decimal) -> Traced:  # type: ignore[override]
        return Traced(Decimal.__sub__(other, self), Arith("-", traced(other), self.expr))

    def __truediv__(self, other: Decimal) -> Traced:  # type: ignore[override]
        return _share(self, other)

    def __rtruediv__(self, other: Decimal) -> Traced:  # type: ignore[override]
        return _share(other, self)

    def __neg__(self) -> Traced:
        return Traced(Decimal.__neg__(self), Arith("-", Const(0), self.expr))

    def __abs__(self) -> Traced:
        return Traced(Decimal.__abs__(self), Call("ABS", self.expr))


def _share(part: Decimal, whole: Decimal) -> Traced:
    """A quotient as the rules have it: rounded to six places."""
    bare = Ratio(Const(Decimal(part)), Const(Decimal(whole)), Const(0)).number(lambda _: None)
    assert isinstance(bare, Decimal)
    return Traced(bare, Ratio(traced(part), traced(whole), Const(NOT_APPLICABLE)))


class Worded(str):
    """A text of the net (a grade, an indicator value) with its expression."""

    __slots__ = ("expr",)
    expr: Expr

    def __new__(cls, text: str, expr: Expr) -> Self:
        """The text as it is."""
        made = super().__new__(cls, text)
        made.expr = expr
        return made


class Telling(str):
    """Words that the report put together itself, with the marks of their figures."""

    __slots__ = ()


class Within(Expr):
    """An expression over the names of an environment, as one over those of the net."""

    __slots__ = ("body", "env")

    def __init__(self, body: Expr, env: Env) -> None:
        self.body, self.env = body, env

    def number(self, env: Env) -> Value:
        """Its value there."""
        return self.body.number(self.env)

    def sentence(self, words: Words) -> str:
        """In the words of the net."""
        return self.body.sentence(lambda name: traced(self.env(name)).spoken(words, self.body.says))

    def script(self, cells: Cells) -> str:
        """Over the cells of the net."""
        return self.body.script(lambda name: traced(self.env(name)).script(cells))

    def refs(self) -> Iterator[str]:
        """The keys of the net."""
        for name in self.body.refs():
            yield from traced(self.env(name)).refs()


def traced(value: Value) -> Expr:
    """The expression of a value; a constant where it has none."""
    if isinstance(value, (Traced, Worded)):
        return value.expr
    return Const(value if isinstance(value, (Decimal, str)) else "")


def of_net(values: Mapping[str, T]) -> dict[str, T]:
    """Values by key of the net, the numbers with their keys."""
    return {key: known(value, key) for key, value in values.items()}


def known(value: T, key: str) -> T:
    """A value of the net; a number remembers its key, or what it is reckoned from."""
    fresh = isinstance(value, Decimal) and not isinstance(value, Traced)
    return Traced(value, Ref(key)) if fresh else value  # type: ignore[arg-type, return-value]  # it is a number


def counted(tests: Sequence[Expr], count: int) -> Decimal:
    """How many of the conditions hold, which is known."""
    return Traced(Decimal(count), count_of(tests)) if tests else Decimal(count)


class Mark(NamedTuple):
    """A figure as it is written: its expression, and the unit or form of ``phrasing.written``."""

    expr: Expr
    form: str


class Cited(NamedTuple):
    """A sentence that a check said: the places of its figures, and how they were held against each other."""

    sources: tuple[Source, ...]
    how: str = ""


class Typed(NamedTuple):
    """Words that a person typed into a cell of the net."""

    key: str


class Won(NamedTuple):
    """A change that wins points back, beside the indicator that it wins them for."""

    indicator: str
    step: Step


_open: ContextVar[list[object] | None] = ContextVar("marks", default=None)


@contextlib.contextmanager
def marking(marks: list[object]) -> Iterator[None]:
    """What is written meanwhile stands between marks; the list is told what each of them is."""
    token = _open.set(marks)
    try:
        yield
    finally:
        _open.reset(token)


def marked(text: str, what: object) -> str:
    """The text between marks where a page is being written."""
    marks = _open.get()
    if marks is None or len(marks) >= 0xFFFE:
        return text
    marks.append(what)
    return f"{chr(FIRST + len(marks) - 1)}{text}{END}"


def figure(text: str, value: Value, form: str) -> str:
    """The text of a value that remembers what it is, between marks."""
    return marked(text, Mark(value.expr, form)) if isinstance(value, (Traced, Worded)) else text


def unmarked(text: str) -> str:
    """The text without marks, whoever put them there."""
    return _MARKS.sub("", text)
