"""What values a rule's figures and points can take: by sign, and by trying the values that matter."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

from jixiao.model import Arith, Bands, Call, Const, Count, Expr, ExprError, Interval, Ref, Steps, Value
from jixiao.rubric.kinds import Part
from jixiao.rubric.nouns import Rubric

MOST_TRIES = 20_000
PLAIN = (Decimal(0), Decimal(1), Decimal(100), Decimal(10**9))
Read = Callable[[str], Value]


def nodes(node: Expr) -> Iterator[Expr]:
    """A node and all below it."""
    yield node
    for child in node.children():
        yield from nodes(child)


def never_negative(node: Expr, rubric: Rubric) -> bool:
    """Whether a figure is zero or more as long as the facts are."""
    if isinstance(node, Ref):
        quantity = rubric.quantities.get(node.key)
        return quantity is None or never_negative(quantity.expr, rubric)
    if isinstance(node, Const):
        return not isinstance(node.value, Decimal) or node.value >= 0
    if isinstance(node, Count) or (isinstance(node, Call) and node.name == "ABS"):
        return True
    if isinstance(node, Arith) and node.op == "-":
        return False
    signs = [never_negative(child, rubric) for child in node.children()]
    return any(signs) if isinstance(node, Call) and node.name == "MAX" else all(signs)


def most(part: Part, rubric: Rubric) -> Decimal | None:
    """The most points that figures can give a part, each figure taken by itself; None where there are too many."""
    keys = list(dict.fromkeys(part.points.refs()))
    choices = [_values(key, part, rubric) for key in keys]
    found = [value for value in _tried(part.points, keys, choices) if isinstance(value, Decimal)]
    return max(found, default=None)


def outcomes(part: Part, rubric: Rubric) -> set[Value]:
    """What else than numbers a part can give although all its facts are numbers: 不适用, 待核定."""
    facts: dict[str, Sequence[Value]] = {}

    def gather(expr: Expr) -> None:
        for key in expr.refs():
            quantity = rubric.quantities.get(key)
            if quantity is not None and not any("." in read for read in quantity.reads):
                gather(quantity.expr)
            else:
                facts.setdefault(key, _values(key, part, rubric)[:3])

    gather(part.points)
    through = _Through(rubric, facts)
    return {value for value in through.tried(part.points) if isinstance(value, str)}


class _Through:
    """Expressions read through the quantities they name, down to the facts."""

    def __init__(self, rubric: Rubric, facts: Mapping[str, Sequence[Value]]) -> None:
        self.rubric, self.facts = rubric, facts

    def tried(self, expr: Expr) -> Iterator[Value]:
        """The expression for the values of the facts, as far as they are not too many."""
        keys = list(self.facts)
        for values in itertools.islice(itertools.product(*self.facts.values()), MOST_TRIES):
            known = dict(zip(keys, values, strict=True))
            yield self.read(expr, known)

    def read(self, expr: Expr, known: dict[str, Value]) -> Value:
        """The value of an expression for these facts; None where it cannot be read."""

        def env(key: str) -> Value:
            if key not in known:
                known[key] = self.read(self.rubric.quantities[key].expr, known)
            return known[key]

        try:
            return expr.number(env)
        except (ExprError, ArithmeticError, KeyError):
            return None


def _tried(expr: Expr, keys: list[str], choices: list[Sequence[Value]]) -> Iterator[Value]:
    for values in itertools.islice(itertools.product(*choices), MOST_TRIES):
        known = dict(zip(keys, values, strict=True))
        try:
            yield expr.number(known.__getitem__)
        except (ExprError, ArithmeticError):
            continue


def _values(key: str, part: Part, rubric: Rubric) -> Sequence[Value]:
    """The values of a key that matter: the edges of the rule, and plain ones."""
    for ask in part.asks:
        if key == f"{ask.key}.{ask.field}":
            return (*ask.choices, Decimal(0)) if ask.choices else (part.full, Decimal(0))
    if key == f"{part.key}.满分":
        return (part.full,)
    made = [*PLAIN, *edges(part.points, key)]
    return list(dict.fromkeys(v for v in made if v >= 0 or not never_negative(Ref(key), rubric)))


def edges(points: Expr, key: str) -> Iterator[Decimal]:
    """Where a rule over the figure ``key`` changes, and a value inside each of its stretches."""
    for node in nodes(points):
        if isinstance(node, Bands) and node.x.key == key:
            for interval, _ in node.bands:
                yield from (end for end in (interval.low, interval.high) if end is not None)
                yield _inside(interval)
        elif isinstance(node, Steps) and node.x.key == key:
            yield node.start


def _inside(interval: Interval) -> Decimal:
    if interval.low is not None and interval.high is not None:
        return (interval.low + interval.high) / 2
    if interval.low is not None:
        return interval.low + 1
    return interval.high - 1 if interval.high is not None else Decimal(0)
