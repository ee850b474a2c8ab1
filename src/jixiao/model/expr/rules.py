"""The nodes that rules of 评分表 are made of: intervals with their own open and closed sides, and steps."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from jixiao.model.expr.base import PENDING, Cells, Env, Expr, Value, Words, decimal, percent, plain
from jixiao.model.expr.conditions import Compare, Given, If, Logic
from jixiao.model.expr.nodes import Arith, Call, Const, Ratio, Ref, Round, Whole

_INTERVAL = re.compile(r"([\[(])\s*(-?[0-9.]+%?)?\s*,\s*(-?[0-9.]+%?)?\s*([\])])")


def amount(text: str) -> Decimal:
    """``90%`` -> 0.9, ``-15%`` -> -0.15, ``3`` -> 3; anything else is a ValueError."""
    match = re.fullmatch(r"(-?[0-9]{1,15}(?:\.[0-9]{1,12})?)(%?)", text.strip())
    if not match:
        raise ValueError(f"“{text}”不是数字或百分数")
    value = Decimal(match[1])
    return value / 100 if match[2] else value


@dataclass(frozen=True, slots=True)
class Interval:
    """A range of a quantity; each side has its own bound (None: unbounded) and may be closed or open."""

    low: Decimal | None
    low_closed: bool
    high: Decimal | None
    high_closed: bool

    @classmethod
    def parse(cls, text: str) -> Interval:
        """``[90%,100%)`` in the usual notation; ValueError in Chinese where it is not one."""
        match = _INTERVAL.fullmatch(text.strip())
        if not match:
            raise ValueError(f"“{text}”不是区间，应写成 [90%,100%) 的形式")
        low = amount(match[2]) if match[2] else None
        high = amount(match[3]) if match[3] else None
        left, right = match[1] == "[", match[4] == "]"
        if low is not None and high is not None and (low > high or (low == high and not (left and right))):
            raise ValueError(f"区间“{text}”为空")
        return cls(low, left, high, right)

    def has(self, value: Decimal) -> bool:
        """Whether the value lies inside."""
        above = self.low is None or value > self.low or (self.low_closed and value == self.low)
        below = self.high is None or value < self.high or (self.high_closed and value == self.high)
        return above and below

    def test(self, x: Expr) -> Expr:
        """The condition that ``x`` lies inside, as an expression."""
        if self.low is not None and self.low == self.high:
            return Compare("=", x, Const(self.low))
        sides: list[Expr] = []
        if self.low is not None:
            sides.append(Compare(">=" if self.low_closed else ">", x, Const(self.low)))
        if self.high is not None:
            sides.append(Compare("<=" if self.high_closed else "<", x, Const(self.high)))
        if not sides:
            return Compare("=", Const(0), Const(0))
        return sides[0] if len(sides) == 1 else Logic("AND", *sides)

    def spoken(self, name: str, *, as_percent: bool) -> str:
        """``90%≤支出完成率＜100%``."""
        show = percent if as_percent else plain
        if self.low is not None and self.low == self.high:
            return f"{name}＝{show(self.low)}"
        if self.low is None and self.high is None:
            return f"{name}为任意值"
        if self.low is None and self.high is not None:
            return f"{name}{'≤' if self.high_closed else '＜'}{show(self.high)}"
        if self.high is None and self.low is not None:
            return f"{name}{'≥' if self.low_closed else '＞'}{show(self.low)}"
        assert self.low is not None  # both sides stand: the cases above took the others
        assert self.high is not None
        left, right = "≤" if self.low_closed else "＜", "≤" if self.high_closed else "＜"
        return f"{show(self.low)}{left}{name}{right}{show(self.high)}"


def gaps(intervals: Sequence[Interval], low: Decimal | None, high: Decimal | None) -> list[Interval]:
    """The stretches between ``low`` and ``high`` (both included; None: endless) that no interval covers."""
    left: list[Interval] = [Interval(low, low is not None, high, high is not None)]
    for one in intervals:
        left = [piece for rest in left for piece in _without(rest, one)]
    return left


def _without(rest: Interval, one: Interval) -> list[Interval]:
    pieces = []
    if one.low is not None:
        pieces.append(overlap(rest, Interval(None, False, one.low, not one.low_closed)))
    if one.high is not None:
        pieces.append(overlap(rest, Interval(one.high, not one.high_closed, None, False)))
    return [piece for piece in pieces if piece is not None]


def overlap(a: Interval, b: Interval) -> Interval | None:
    """What two intervals have in common, or None."""
    low, low_closed = a.low, a.low_closed
    if b.low is not None and (low is None or b.low > low or (b.low == low and not b.low_closed)):
        low, low_closed = b.low, b.low_closed
    high, high_closed = a.high, a.high_closed
    if b.high is not None and (high is None or b.high < high or (b.high == high and not b.high_closed)):
        high, high_closed = b.high, b.high_closed
    if (
        low is not None
        and high is not None
        and (low > high or (low == high and not (low_closed and high_closed)))
    ):
        return None
    return Interval(low, low_closed, high, high_closed)


class Bands(Expr):
    """The value of the one interval that ``x`` lies in; outside all of them the outcome is 待核定."""

    __slots__ = ("as_percent", "bands", "verb", "x")

    def __init__(
        self, x: Ref, bands: Sequence[tuple[Interval, Expr]], *, as_percent: bool = False, verb: str = "得"
    ) -> None:
        self.x, self.bands, self.as_percent, self.verb = x, tuple(bands), as_percent, verb

    def _chain(self) -> Expr:
        chain: Expr = Const(PENDING)
        for interval, value in reversed(self.bands):
            chain = If(interval.test(self.x), value, chain)
        return chain

    def number(self, env: Env) -> Value:
        x = decimal(self.x.number(env), "band")
        for interval, value in self.bands:
            if interval.has(x):
                return value.number(env)
        return PENDING

    def formula(self, cells: Cells) -> str:
        return self._chain().formula(cells)

    def sentence(self, words: Words) -> str:
        name = self.x.sentence(words)
        said = []
        for interval, value in self.bands:
            text = value.sentence(words)
            result = f"，由评价人核定（{text}）" if text == PENDING else f"，{self.verb}{text}分"
            said.append(interval.spoken(name, as_percent=self.as_percent) + result)
        return "；".join(said)

    def children(self) -> tuple[Expr, ...]:
        return (self.x, *(value for _, value in self.bands))


class Steps(Expr):
    """How much is taken off: ``deduct`` for each step of ``each`` beyond ``start``; never below zero.

    ``mode``: ``whole`` (a begun step does not count), ``started`` (it counts), ``proportional``. ``inclusive`` says
    for whole steps whether reaching the step exactly counts, the （含） of the rule's text. ``downward`` counts steps
    below ``start`` instead of above.
    """

    __slots__ = ("as_percent", "deduct", "downward", "each", "inclusive", "mode", "start", "x")

    def __init__(
        self,
        x: Ref,
        *,
        start: Decimal,
        each: Decimal,
        deduct: Decimal,
        mode: str = "whole",
        inclusive: bool = True,
        downward: bool = False,
        as_percent: bool = False,
    ) -> None:
        if mode not in ("whole", "started", "proportional") or each <= 0 or deduct <= 0:
            raise ValueError("扣分步长与扣分值应大于0，方式应为 whole、started 或 proportional")
        self.x, self.start, self.each, self.deduct = x, start, each, deduct
        self.mode, self.inclusive, self.downward = mode, inclusive, downward
        self.as_percent = as_percent

    def _inner(self) -> Expr:
        start = Const(self.start)
        beyond: Expr = self.x
        if self.start or self.downward:
            beyond = Arith("-", start, self.x) if self.downward else Arith("-", self.x, start)
        steps: Expr = Ratio(beyond, Const(self.each), Const(0))
        if self.mode == "whole" and self.inclusive:
            steps = Whole(steps)
        elif self.mode == "whole":
            steps = Arith("-", Whole(steps, up=True), Const(1))
        elif self.mode == "started":
            steps = Whole(steps, up=True)
        return Arith("*", Const(self.deduct), Call("MAX", Const(0), steps))

    def number(self, env: Env) -> Value:
        return self._inner().number(env)

    def formula(self, cells: Cells) -> str:
        return self._inner().formula(cells)

    def sentence(self, words: Words) -> str:
        name = self.x.sentence(words)
        show = percent if self.as_percent else plain
        how = {"whole": "" if self.inclusive else "（不含）", "started": "（不足一档按一档计）"}
        kind = "，按比例计算" if self.mode == "proportional" else ""
        edge = "（含）" if self.mode == "whole" and self.inclusive else how.get(self.mode, "")
        beyond = ("低于" if self.downward else "超过") + show(self.start) + "的部分，" if self.start else ""
        way = "降低" if self.downward else "增加"
        return f"{name}{beyond}每{way}{show(self.each)}{edge}扣{plain(self.deduct)}分{kind}"

    def children(self) -> tuple[Expr, ...]:
        return (self.x,)


def mapped(node: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """The same decisions with every number they end in changed; outcomes stay outcomes."""
    if isinstance(node, Given):
        return Given(node.keys, mapped(node.body, change), node.otherwise)
    if isinstance(node, If):
        return If(node.test, mapped(node.yes, change), mapped(node.no, change))
    if isinstance(node, Bands):
        bands = [(interval, mapped(value, change)) for interval, value in node.bands]
        return Bands(node.x, bands, as_percent=node.as_percent, verb=node.verb)
    if isinstance(node, Const) and not isinstance(node.value, Decimal):
        return node
    return change(node)


def share(x: Ref, full: Expr, cap: Decimal | None = Decimal(1)) -> Expr:
    """``full × x``: in proportion to a rate, never below zero, at most ``cap`` times the full points."""
    rate: Expr = Call("MAX", Const(0), x)
    if cap is not None:
        rate = Call("MIN", Const(cap), rate)
    return Round(Arith("*", full, rate))
