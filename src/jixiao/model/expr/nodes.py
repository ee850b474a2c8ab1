"""Leaves, arithmetic, and sums over several keys or over one column of a row table."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import ClassVar

from jixiao.model.expr.base import (
    ATOM,
    JOIN,
    LONGEST_LITERAL,
    PENDING,
    PRODUCT,
    SUM,
    Cells,
    Code,
    Env,
    Expr,
    ExprError,
    Value,
    Words,
    decimal,
    floor,
    half_up,
    literal,
    plain,
    quote,
)

_BREAKS = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
PLACES = 6  # every quotient is rounded here before anything is compared with it


class Const(Expr):
    """A number or a text written in the rule."""

    __slots__ = ("value",)

    def __init__(self, value: Decimal | str | int) -> None:
        if isinstance(value, str):
            value = _BREAKS.sub(" ", value)  # an engine drops line breaks inside a formula without a word
        self.value: Decimal | str = Decimal(value) if isinstance(value, int) else value

    @property
    def binds(self) -> int:  # type: ignore[override]  # a negative number needs brackets, a long text is joined
        """A leading minus or a joined text binds weakly."""
        if isinstance(self.value, Decimal):
            return SUM if self.value < 0 else ATOM
        return ATOM if len(self.value) <= LONGEST_LITERAL else JOIN

    @property
    def is_number(self) -> bool:  # type: ignore[override]
        """Whether it is no text."""
        return isinstance(self.value, Decimal)

    @property
    def says(self) -> int:  # type: ignore[override]
        """A leading minus binds weakly."""
        return SUM if isinstance(self.value, Decimal) and self.value < 0 else ATOM

    def number(self, env: Env) -> Value:
        return self.value

    def code(self, to: Code) -> str:
        return repr(self.value) if isinstance(self.value, str) else to.value(self.value)

    def formula(self, cells: Cells) -> str:
        return plain(self.value) if isinstance(self.value, Decimal) else quote(self.value)

    def script(self, cells: Cells) -> str:
        return f'D("{plain(self.value)}")' if isinstance(self.value, Decimal) else literal(self.value)

    def sentence(self, words: Words) -> str:
        return plain(self.value) if isinstance(self.value, Decimal) else self.value

    def earned(self, words: Words) -> str:
        if isinstance(self.value, Decimal):
            return f"得{plain(self.value)}分"
        return f"由评价人核定（{PENDING}）" if self.value == PENDING else self.value

    def mapped(self, change: Callable[[Expr], Expr]) -> Expr:
        return change(self) if isinstance(self.value, Decimal) else self


class Ref(Expr):
    """The value that stands under a key: a fact, a quantity, a person's entry."""

    __slots__ = ("key",)

    def __init__(self, key: str) -> None:
        self.key = key

    def number(self, env: Env) -> Value:
        return env(self.key)

    def code(self, to: Code) -> str:
        return to.cells(self.key)

    def formula(self, cells: Cells) -> str:
        return cells(self.key)

    def script(self, cells: Cells) -> str:
        return cells(self.key)

    def sentence(self, words: Words) -> str:
        return words(self.key)

    def refs(self) -> Iterator[str]:
        yield self.key


class Scoped(Expr):
    """An expression over the columns of a row table, read for one row: local names get the row's prefix."""

    __slots__ = ("body", "prefix")

    def __init__(self, prefix: str, body: Expr) -> None:
        self.prefix, self.body = prefix, body

    @property
    def says(self) -> int:  # type: ignore[override]
        """As the body."""
        return self.body.says

    def number(self, env: Env) -> Value:
        return self.body.number(lambda key: env(self.prefix + key))

    def code(self, to: Code) -> str:
        return self.body.code(to.within(self.prefix))

    def formula(self, cells: Cells) -> str:
        return self.body.formula(lambda key: cells(self.prefix + key))

    def script(self, cells: Cells) -> str:
        return self.body.script(lambda key: cells(self.prefix + key))

    def sentence(self, words: Words) -> str:
        return self.body.sentence(words)

    def refs(self) -> Iterator[str]:
        for key in self.body.refs():
            yield self.prefix + key


class OrZero(Ref):
    """A count of events: none where nothing is entered; the guard lets that pass only where a person confirmed it."""

    __slots__ = ()
    is_number = True

    def number(self, env: Env) -> Value:
        value = env(self.key)
        return value if isinstance(value, Decimal) else Decimal(0)

    def code(self, to: Code) -> str:
        cell = to.cells(self.key)
        return f"({cell} if isinstance({cell}, {to.value(Decimal)}) else {to.value(Decimal(0))})"

    def formula(self, cells: Cells) -> str:
        cell = cells(self.key)
        return f"IF(ISNUMBER({cell}),{cell},0)"

    def script(self, cells: Cells) -> str:
        return f"orZero({cells(self.key)})"


class Arith(Expr):
    """``a + b``, ``a - b``, ``a * b``; division is ``Ratio``, because a zero denominator has a declared outcome."""

    __slots__ = ("a", "b", "op")
    is_number = True

    def __init__(self, op: str, a: Expr, b: Expr) -> None:
        if op not in "+-*":
            raise ExprError(f"operator {op}")
        self.op, self.a, self.b = op, a, b

    @property
    def binds(self) -> int:  # type: ignore[override]
        """Products bind before sums."""
        return PRODUCT if self.op == "*" else SUM

    @property
    def says(self) -> int:  # type: ignore[override]
        """As the formula."""
        return self.binds

    def number(self, env: Env) -> Value:
        a, b = decimal(self.a.number(env), "left"), decimal(self.b.number(env), "right")
        return a + b if self.op == "+" else a - b if self.op == "-" else a * b

    def code(self, to: Code) -> str:
        return f"({to.decimal(self.a)} {self.op} {to.decimal(self.b)})"

    def formula(self, cells: Cells) -> str:
        right = self.binds + (self.op != "+" or _negative(self.b))
        return f"{self.a.inner(cells, self.binds)}{self.op}{self.b.inner(cells, right)}"

    def script(self, cells: Cells) -> str:
        name = {"+": "plus", "-": "minus", "*": "times"}[self.op]
        return f"{name}({self.a.script(cells)},{self.b.script(cells)})"

    def sentence(self, words: Words) -> str:
        sign = {"+": "＋", "-": "－", "*": "×"}[self.op]
        right = self.binds + (self.op != "+" or _negative(self.b))
        return f"{self.a.spoken(words, self.binds)}{sign}{self.b.spoken(words, right)}"

    def children(self) -> tuple[Expr, ...]:
        return (self.a, self.b)


class Call(Expr):
    """A function whose number and formula reading are the same operation: ABS, MIN, MAX."""

    __slots__ = ("args", "name")
    is_number = True
    SPOKEN: ClassVar = {"ABS": "{0}的绝对值", "MIN": "{0}中的较小者", "MAX": "{0}中的较大者"}

    def __init__(self, name: str, *args: Expr) -> None:
        if name not in self.SPOKEN or not args or (name == "ABS" and len(args) != 1):
            raise ExprError(f"function {name}/{len(args)}")
        self.name, self.args = name, args

    @property
    def says(self) -> int:  # type: ignore[override]
        """Several arguments are a list, which must not run into its surroundings."""
        return ATOM if self.name == "ABS" else JOIN

    def number(self, env: Env) -> Value:
        values = [decimal(arg.number(env), self.name) for arg in self.args]
        return abs(values[0]) if self.name == "ABS" else min(values) if self.name == "MIN" else max(values)

    def code(self, to: Code) -> str:
        values = ", ".join(to.decimal(arg) for arg in self.args)
        return f"{self.name.lower()}({values})" if self.name == "ABS" else f"{self.name.lower()}(({values},))"

    def formula(self, cells: Cells) -> str:
        return f"{self.name}({','.join(arg.formula(cells) for arg in self.args)})"

    def script(self, cells: Cells) -> str:
        return f"{self.name.lower()}({','.join(arg.script(cells) for arg in self.args)})"

    def sentence(self, words: Words) -> str:
        return self.SPOKEN[self.name].format("与".join(arg.spoken(words, ATOM) for arg in self.args))

    def children(self) -> tuple[Expr, ...]:
        return self.args


class Round(Expr):
    """Half away from zero; a node, so that rounding stands in the rule and happens before a comparison."""

    __slots__ = ("a", "places")
    is_number = True

    def __init__(self, a: Expr, places: int = PLACES) -> None:
        self.a, self.places = a, places

    @property
    def says(self) -> int:  # type: ignore[override]
        """As what is rounded."""
        return self.a.says

    def number(self, env: Env) -> Value:
        return half_up(decimal(self.a.number(env), "ROUND"), self.places)

    def code(self, to: Code) -> str:
        return f"{to.value(half_up)}({to.decimal(self.a)}, {self.places})"

    def formula(self, cells: Cells) -> str:
        return f"ROUND({self.a.formula(cells)},{self.places})"

    def script(self, cells: Cells) -> str:
        return f"round({self.a.script(cells)},{self.places})"

    def sentence(self, words: Words) -> str:
        return self.a.sentence(words)

    def children(self) -> tuple[Expr, ...]:
        return (self.a,)


class Whole(Expr):
    """Whole steps: down (a begun step does not count) or up (a begun step counts)."""

    __slots__ = ("a", "up")
    is_number = True

    def __init__(self, a: Expr, *, up: bool = False) -> None:
        self.a, self.up = Round(a), up

    @property
    def binds(self) -> int:  # type: ignore[override]
        """Rounding up is written with leading minus signs."""
        return SUM if self.up else ATOM

    def number(self, env: Env) -> Value:
        value = decimal(self.a.number(env), "INT")
        return -floor(-value) if self.up else floor(value)

    def code(self, to: Code) -> str:
        sign = "-" if self.up else ""
        return f"({sign}{to.value(floor)}({sign}{to.decimal(self.a)}))"

    def formula(self, cells: Cells) -> str:
        inner = self.a.formula(cells)
        return f"0-INT(0-{inner})" if self.up else f"INT({inner})"

    def script(self, cells: Cells) -> str:
        return f"{'ceil' if self.up else 'floor'}({self.a.script(cells)})"

    def sentence(self, words: Words) -> str:
        return f"{self.a.spoken(words, ATOM)}{'进位' if self.up else ''}取整"

    def children(self) -> tuple[Expr, ...]:
        return (self.a,)


class Ratio(Expr):
    """``a / b`` rounded to six places; ``zero`` is what a zero denominator gives (an outcome or a number).

    What is computed is rounded before it is divided (``above``, ``below``), so that binary noise can neither hide a
    zero nor turn a half: 0.900001 - 0.900002 is not quite -0.000001 in a spreadsheet.
    """

    __slots__ = ("a", "above", "b", "below", "zero")
    says = PRODUCT

    def __init__(self, a: Expr, b: Expr, zero: Expr) -> None:
        self.a, self.b, self.zero = a, b, zero
        self.above, self.below = (s if isinstance(s, (Ref, Const, Round)) else Round(s) for s in (a, b))

    def number(self, env: Env) -> Value:
        below = decimal(self.below.number(env), "denominator")
        if below == 0:
            return self.zero.number(env)
        return half_up(decimal(self.above.number(env), "numerator") / below, PLACES)

    def code(self, to: Code) -> str:
        below = to.passing()
        quotient = f"{to.value(half_up)}({to.decimal(self.above)} / {below}, {PLACES})"
        return f"({self.zero.code(to)} if not ({below} := {to.decimal(self.below)}) else {quotient})"

    def formula(self, cells: Cells) -> str:
        below = self.below
        quotient = f"ROUND({self.above.inner(cells, PRODUCT)}/{below.inner(cells, PRODUCT + 1)},{PLACES})"
        if isinstance(below, Const):
            return quotient if below.value else self.zero.formula(cells)
        return f"IF({below.formula(cells)}=0,{self.zero.formula(cells)},{quotient})"

    def script(self, cells: Cells) -> str:
        return (
            f"ratio({self.below.script(cells)},()=>{self.above.script(cells)},()=>{self.zero.script(cells)})"
        )

    def sentence(self, words: Words) -> str:
        return f"{self.a.spoken(words, PRODUCT)}÷{self.b.spoken(words, PRODUCT + 1)}"

    def children(self) -> tuple[Expr, ...]:
        return (self.a, self.b, self.zero)


def _negative(node: Expr) -> bool:
    return isinstance(node, Const) and isinstance(node.value, Decimal) and node.value < 0


def numbers(values: Iterable[object]) -> Iterator[Decimal]:
    """The numbers among values and columns of values."""
    for value in values:
        if isinstance(value, Decimal):
            yield value
        elif isinstance(value, (list, tuple)):
            yield from numbers(value)


def where(text: str, tests: object, values: object) -> Decimal:
    """The sum of the numbers of a column in the rows whose other column holds a text."""
    if not isinstance(tests, tuple) or not isinstance(values, tuple):
        raise ExprError("not a column")
    pairs = zip(tests, values, strict=True)
    return sum((v for t, v in pairs if t == text and isinstance(v, Decimal)), Decimal(0))


class Total(Expr):
    """Sum over keys or over one column of a row table; blanks and texts count for nothing, as in SUM.

    Single facts among the keys are guarded by ``guarded``.
    """

    __slots__ = ("keys",)
    is_number = True

    def __init__(self, keys: Sequence[str]) -> None:
        self.keys = tuple(keys)

    @property
    def says(self) -> int:  # type: ignore[override]
        """Several keys are a list, which must not run into its surroundings."""
        return ATOM if len(self.keys) == 1 else JOIN

    @staticmethod
    def over(values: Iterable[object]) -> Decimal:
        """What the values of the keys give."""
        return sum(numbers(values), Decimal(0))

    def number(self, env: Env) -> Value:
        return self.over(env(key) for key in self.keys)

    def code(self, to: Code) -> str:
        return f"{to.value(self.over)}(({', '.join(map(to.cells, self.keys))},))"

    def formula(self, cells: Cells) -> str:
        return f"SUM({','.join(cells(key) for key in self.keys)})"

    def script(self, cells: Cells) -> str:
        return f"total([{','.join(map(cells, self.keys))}])"

    def sentence(self, words: Words) -> str:
        return "、".join(words(key) for key in self.keys) + "合计"

    def refs(self) -> Iterator[str]:
        yield from self.keys


class Count(Total):
    """How many of the keys, or of a column's rows, hold a number."""

    __slots__ = ()

    @staticmethod
    def over(values: Iterable[object]) -> Decimal:
        return Decimal(sum(1 for _ in numbers(values)))

    def formula(self, cells: Cells) -> str:
        return f"COUNT({','.join(cells(key) for key in self.keys)})"

    def script(self, cells: Cells) -> str:
        return f"count([{','.join(map(cells, self.keys))}])"

    def sentence(self, words: Words) -> str:
        return "、".join(words(key) for key in self.keys) + "个数"


class Where(Expr):
    """Sum of one column of a row table over the rows whose other column holds a text; both are whole columns.

    The summed column holds numbers only: engines differ in what SUMPRODUCT does with a text.
    """

    __slots__ = ("column", "test", "text")
    is_number = True

    def __init__(self, column: str, test: str, text: str) -> None:
        self.column, self.test, self.text = column, test, text

    def number(self, env: Env) -> Value:
        return where(self.text, env(self.test), env(self.column))

    def code(self, to: Code) -> str:
        return f"{to.value(where)}({self.text!r}, {to.cells(self.test)}, {to.cells(self.column)})"

    def formula(self, cells: Cells) -> str:
        return f"SUMPRODUCT(({cells(self.test)}={quote(self.text)})*1,{cells(self.column)})"

    def script(self, cells: Cells) -> str:
        return f"where({cells(self.test)},{literal(self.text)},{cells(self.column)})"

    def sentence(self, words: Words) -> str:
        return f"{words(self.test)}为“{self.text}”的{words(self.column)}合计"

    def refs(self) -> Iterator[str]:
        yield from (self.test, self.column)
