"""What every expression node is: one rule read four ways, the first of them also at once for many units.

``number`` reads it as an exact value, ``formula`` as a formula that every engine computes alike, ``sentence`` as
Chinese, ``script`` as JavaScript for a page that reckons by itself. ``code`` is the number reading written out, for a
net that is computed thousands of times. Values are ``Decimal``, text, ``bool`` (conditions only) and ``None`` for a
blank cell. ``不适用`` and ``待核定`` are texts that stand for an outcome; arithmetic never sees them, because ``Given``
stands before it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from copy import copy
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal

NOT_APPLICABLE = "不适用"
PENDING = "待核定"
OUTCOMES = (NOT_APPLICABLE, PENDING)
NONE_HAPPENED = "取数.均未发生"
"""The entry by which a person confirms at once that none of the events without a count happened."""
CONFIRMED = "是"

Value = Decimal | str | bool | None
Env = Callable[[str], Value]  # key -> value; a column key answers through ``column``
Cells = Callable[[str], str]  # key -> defined name or address
Words = Callable[[str], str]  # key -> the 中文 name a person reads

# binding strength, weakest first: comparison, text joining, sum, product, sign, call or literal
COMPARE, JOIN, SUM, PRODUCT, ATOM = 1, 2, 3, 4, 9
ANY, ALL = -1, 0  # 或 and 且 in sentences; formulas write them as functions

DIGITS = 15  # what a spreadsheet keeps of a number
_FIFTEEN = Context(prec=DIGITS, rounding=ROUND_HALF_UP)
MOST = Decimal(10) ** 13
"""An amount of so many 元, or as large a figure of another kind, is beyond every budget of the country: no fact."""
_UNITS = {places: Decimal(1).scaleb(-places) for places in range(7)}
_ANY = Context(prec=400)  # a number of 308 digits, which a cell may hold, rounds as any other
LONGEST_LITERAL = 250  # a text literal in a formula may hold 255 characters


class Code:
    """What the written number reading of a net is made of: cells under plain names, constants, names for passing values."""

    def __init__(self, cells: Cells) -> None:
        self.cells = cells
        self.known: dict[str, object] = {}
        self._names: dict[str, str] = {}

    def within(self, prefix: str) -> Code:
        """The same where keys are read within the row of a table."""
        made = copy(self)
        made.cells = lambda key: self.cells(prefix + key)
        return made

    def value(self, value: object) -> str:
        """The name of a constant, or of a function that does a step."""
        name = self._names.setdefault(repr(value), f"k{len(self._names)}")
        self.known[name] = value
        return name

    def decimal(self, node: Expr) -> str:
        """What a node gives, as a number; anything else means that a guard is missing."""
        return node.code(self) if node.is_number else f"{self.value(decimal)}({node.code(self)})"

    def passing(self) -> str:
        """A name for a value that is read more than once."""
        return self._names.setdefault(f"passing {len(self._names)}", f"t{len(self._names)}")


class ExprError(Exception):
    """A rule met a value that it was not guarded against: our own bug, never the user's."""


class Expr:
    """One node. Subclasses give the readings and their children."""

    __slots__ = ()
    binds = ATOM  # how strongly the formula holds together
    says = ATOM  # how strongly the sentence does
    is_number = False  # whether the number reading never gives anything else

    def number(self, env: Env) -> Value:
        """The exact value for these facts."""
        raise ExprError(type(self).__name__)

    def code(self, to: Code) -> str:
        """The number reading as an expression of Python: what it gives, and where it stops, is what ``number`` does."""
        raise ExprError(type(self).__name__)

    def formula(self, cells: Cells) -> str:
        """The formula text, without the leading ``=``."""
        raise ExprError(type(self).__name__)

    def script(self, cells: Cells) -> str:
        """The same in JavaScript, over the functions of ``script.js``; ``cells`` writes what reads a key."""
        raise ExprError(type(self).__name__)

    def sentence(self, words: Words) -> str:
        """The same in Chinese."""
        raise ExprError(type(self).__name__)

    def children(self) -> tuple[Expr, ...]:
        """The nodes directly below."""
        return ()

    def walk(self) -> Iterator[Expr]:
        """The node and all below it."""
        yield self
        for child in self.children():
            yield from child.walk()

    def earned(self, words: Words) -> str:
        """The sentence where it says what a rule gives: ``得3分`` for a number."""
        return self.sentence(words)

    def mapped(self, change: Callable[[Expr], Expr]) -> Expr:
        """The same decisions with every number they end in changed; outcomes stay outcomes."""
        return change(self)

    def taken(self, env: Env) -> Expr:
        """Of a choice the branch that gives the value for these facts; anything else is itself."""
        return self

    def refs(self) -> Iterator[str]:
        """Every key that this expression reads, in reading order, repeats included."""
        for child in self.children():
            yield from child.refs()

    def inner(self, cells: Cells, at_least: int) -> str:
        """The formula, in brackets where it binds more weakly than its surroundings."""
        text = self.formula(cells)
        return text if self.binds >= at_least else f"({text})"

    def spoken(self, words: Words, at_least: int) -> str:
        """The sentence, in brackets where it would be misread among its surroundings."""
        text = self.sentence(words)
        return text if self.says >= at_least else f"（{text}）"


def decimal(value: Value, who: str = "") -> Decimal:
    """The value as a number; anything else means that a guard is missing."""
    if isinstance(value, Decimal):
        return value
    raise ExprError(f"{who}: {value!r} is not a number")


def half_up(value: Decimal, places: int) -> Decimal:
    """Round half away from zero, as Excel's ROUND does; a zero never carries a minus sign.

    What is rounded is first cut to the 15 digits that a spreadsheet keeps: 0.28499999999999998 is 0.285 there.
    """
    rounded = _FIFTEEN.plus(value).quantize(
        _UNITS.get(places) or Decimal(1).scaleb(-places), ROUND_HALF_UP, _ANY
    )
    return rounded or rounded.copy_abs()


def floor(value: Decimal) -> Decimal:
    """The whole number at or below, as Excel's INT."""
    return value.to_integral_value(ROUND_FLOOR)


def plain(value: Decimal) -> str:
    """A decimal without exponent and without trailing zeros: 0.9, 100, -15."""
    text = format(value or value.copy_abs(), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(value: Decimal) -> str:
    """A fraction as people write it: 0.9 -> 90%."""
    return plain(value * 100) + "%"


def quote(text: str) -> str:
    """A text literal of a formula; long ones are joined from pieces that every engine accepts."""
    pieces = [text[i : i + LONGEST_LITERAL] for i in range(0, len(text), LONGEST_LITERAL)] or [""]
    return "&".join('"' + piece.replace('"', '""') + '"' for piece in pieces)


def literal(text: str) -> str:
    """A text literal of a script, safe inside a page: no tag can begin in it."""
    return json.dumps(text, ensure_ascii=True).replace("<", "\\u003c")
