"""The one primitive of rules: pieces over stretches of a value, each with points, a rate, steps or a line.

A node here is a calculation with a sentence of its own: what stands as 评分标准 is said by what is scored.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import NamedTuple

from jixiao.model.expr.base import PENDING, Cells, Code, Env, Expr, Value, Words, decimal, percent, plain
from jixiao.model.expr.conditions import Compare, If, Logic, guarded, guarded_for
from jixiao.model.expr.nodes import Arith, Call, Const, Ratio, Ref, Round, Whole

_INTERVAL = re.compile(r"([\[(])\s*(-?[0-9.]+%?)?\s*,\s*(-?[0-9.]+%?)?\s*([\])])")


def amount(text: str) -> Decimal:
    """``90%`` -> 0.9, ``-15%`` -> -0.15, ``3`` -> 3; anything else is a ValueError."""
    match = re.fullmatch(r"(-?[0-9]{1,15}(?:\.[0-9]{1,12})?)(%?)", text.strip())
    if not match:
        raise ValueError(f"“{text}”不是数字或百分数")
    value = Decimal(match[1])
    return value / 100 if match[2] else value


class Interval(NamedTuple):
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


class Meant(Expr):
    """A calculation (``does``) that says in words of its own what it does."""

    __slots__ = ("does",)

    def __init__(self, does: Expr) -> None:
        self.does = does

    @property
    def binds(self) -> int:  # type: ignore[override]
        """As the calculation."""
        return self.does.binds

    def number(self, env: Env) -> Value:
        return self.does.number(env)

    def code(self, to: Code) -> str:
        return self.does.code(to)

    def formula(self, cells: Cells) -> str:
        return self.does.formula(cells)

    def script(self, cells: Cells) -> str:
        return self.does.script(cells)

    def children(self) -> tuple[Expr, ...]:
        return (self.does,)


class Decided(Meant):
    """A calculation that chooses among others: what is changed are the numbers that it ends in."""

    __slots__ = ()

    def mapped(self, change: Callable[[Expr], Expr]) -> Expr:
        return self.does.mapped(change)


class Guarded(Decided):
    """A rule behind the guard that its references need; the guard goes without saying."""

    __slots__ = ("rule",)

    def __init__(self, rule: Expr) -> None:
        self.rule = rule
        super().__init__(guarded(rule))

    def sentence(self, words: Words) -> str:
        return self.rule.sentence(words)


class Pieces(Expr):
    """What the first stretch that ``x`` lies in gives; ``rest`` where it lies in none, 待核定 unless it is told."""

    __slots__ = ("as_percent", "pieces", "rest", "verb", "x")

    def __init__(
        self, x: Expr, pieces: Sequence[tuple[Interval, Expr]], rest: Expr | None = None, *,
        as_percent: bool = False, verb: str = "得",
    ) -> None:  # fmt: skip
        self.x = x if isinstance(x, (Ref, Round)) else Round(x)
        self.pieces, self.rest, self.as_percent, self.verb = tuple(pieces), rest, as_percent, verb

    def number(self, env: Env) -> Value:
        x = decimal(self.x.number(env), "piece")
        for interval, value in self.pieces:
            if interval.has(x):
                return value.number(env)
        return (self.rest or Const(PENDING)).number(env)

    def code(self, to: Code) -> str:
        x, made = to.passing(), (self.rest or Const(PENDING)).code(to)
        for interval, value in reversed(self.pieces):
            made = f"({value.code(to)} if {to.value(interval)}.has({x}) else {made})"
        return f"({made} if ({x} := {to.decimal(self.x)}) is not None else None)"

    def formula(self, cells: Cells) -> str:
        chain = self.rest or Const(PENDING)
        for interval, value in reversed(self.pieces):
            endless = interval.low is None and interval.high is None
            chain = value if endless else If(interval.test(self.x), value, chain)
        return chain.formula(cells)

    def script(self, cells: Cells) -> str:
        chain = self.rest or Const(PENDING)
        for interval, value in reversed(self.pieces):
            chain = If(interval.test(self.x), value, chain)
        return f"(num({self.x.script(cells)}),{chain.script(cells)})"

    def sentence(self, words: Words) -> str:
        name = self.x.sentence(words)
        said = [
            f"{interval.spoken(name, as_percent=self.as_percent)}，{self._given(value, words)}"
            for interval, value in self.pieces
        ]
        return "；".join(said + ([f"其余，{self._given(self.rest, words)}"] if self.rest else []))

    def _given(self, value: Expr, words: Words) -> str:
        if not isinstance(value, Const) or not isinstance(value.value, Decimal):
            return value.earned(words)
        # in a table of points, none is one of the points; beside a calculation it is said as tables say it
        others = [*(other for _, other in self.pieces), self.rest or value]
        calculated = any(not isinstance(other, Const) for other in others)
        return "不得分" if calculated and not value.value else f"{self.verb}{plain(value.value)}分"

    def children(self) -> tuple[Expr, ...]:
        return (self.x, *(value for _, value in self.pieces), *((self.rest,) if self.rest else ()))

    def mapped(self, change: Callable[[Expr], Expr]) -> Expr:
        made = [(interval, value.mapped(change)) for interval, value in self.pieces]
        rest = self.rest.mapped(change) if self.rest else None
        return Pieces(self.x, made, rest, as_percent=self.as_percent, verb=self.verb)


class Away(Meant):
    """How far a value lies from a centre, both ways."""

    __slots__ = ("as_percent", "centre", "x")

    def __init__(self, x: Ref, centre: Decimal, *, as_percent: bool) -> None:
        self.x, self.centre, self.as_percent = x, centre, as_percent
        super().__init__(Call("ABS", Arith("-", x, Const(centre)) if centre else x))

    def sentence(self, words: Words) -> str:
        if not self.centre:
            return self.does.sentence(words)
        return f"{self.x.sentence(words)}偏离{_shown(self.centre, as_percent=self.as_percent)}的幅度"


class Rate(Meant):
    """Full points in proportion to ``x ÷ over``, never below zero, at most ``cap`` times the full points.

    ``scale``: ``over`` is the top of the scale that the value is measured on, so that its limit goes without saying.
    """

    __slots__ = ("as_percent", "cap", "full", "over", "scale", "x")

    def __init__(
        self, x: Ref, full: Decimal, over: Decimal | Ref = Decimal(1), *,
        cap: Decimal = Decimal(1), as_percent: bool = True, scale: bool = False,
    ) -> None:  # fmt: skip
        self.x, self.full, self.over, self.cap, self.as_percent, self.scale = (
            x,
            full,
            over,
            cap,
            as_percent,
            scale,
        )
        if scale:
            assert isinstance(over, Decimal)
            rate: Expr = Ratio(Call("MAX", Const(0), Call("MIN", x, Const(over))), Const(over), Const(0))
        else:
            below = over if isinstance(over, Ref) else Const(over)
            share = x if over == 1 else Ratio(x, below, Const(0))
            rate = Call("MIN", Const(cap), Call("MAX", Const(0), share))
        super().__init__(Round(Arith("*", Const(full), rate)))

    def sentence(self, words: Words) -> str:
        if isinstance(self.over, Ref):
            over = f"÷{self.over.sentence(words)}"
        else:
            over = f"÷{_shown(self.over, as_percent=self.as_percent)}" if self.over != 1 else ""
        limit = "" if self.scale else f"，最高按{percent(self.cap)}计"
        return f"得分＝{self.x.sentence(words)}{over}×{plain(self.full)}分{limit}"


class Line(Meant):
    """``base`` points at ``origin`` and ``slope`` more for each unit beyond; between none and the full points."""

    __slots__ = ("as_percent", "base", "full", "origin", "slope", "x")

    def __init__(
        self, x: Ref, base: Decimal, slope: Decimal, origin: Decimal, full: Decimal, *, as_percent: bool
    ) -> None:
        self.x, self.base, self.slope, self.origin, self.full = x, base, slope, origin, full
        self.as_percent = as_percent
        beyond = Arith("-", x, Const(origin)) if origin else x
        line = Arith("+", Const(base), Arith("*", Const(slope), beyond))
        super().__init__(Round(Call("MIN", Const(full), Call("MAX", Const(0), line))))

    def sentence(self, words: Words) -> str:
        name = self.x.sentence(words)
        beyond = f"（{name}－{_shown(self.origin, as_percent=self.as_percent)}）" if self.origin else name
        sign = "－" if self.slope < 0 else "＋"
        head = f"{plain(self.base)}{sign}" if self.base or self.slope < 0 else ""
        return f"得分＝{head}{plain(abs(self.slope))}×{beyond}，最低0分，最高{plain(self.full)}分"


class Between(Meant):
    """A straight line from the points at one end of a stretch to those at the other."""

    __slots__ = ("ends",)

    def __init__(self, x: Ref, low: Decimal, high: Decimal, ends: tuple[Decimal, Decimal]) -> None:
        self.ends = ends
        way = Ratio(Arith("-", x, Const(low)), Const(high - low), Const(0))
        super().__init__(Round(Arith("+", Const(ends[0]), Arith("*", Const(ends[1] - ends[0]), way))))

    def sentence(self, words: Words) -> str:
        return f"在{plain(self.ends[0])}分与{plain(self.ends[1])}分之间按直线插值计分"


MODES = {"whole": "满一档才扣", "started": "不足一档按一档", "proportional": "按比例"}
WAYS = {"up": "高于", "down": "低于", "both": "高于或低于"}
_BEYOND = {"up": ("超过", "增加"), "down": ("低于", "降低"), "both": ("偏离", "变动")}


class Every(NamedTuple):
    """Steps of ``each`` beyond ``start``, upwards, downwards or both ways (``WAYS``).

    ``mode`` (``MODES``): ``whole`` (a begun step does not count), ``started`` (it counts), ``proportional``.
    ``inclusive`` says for whole steps whether reaching a step exactly counts, the （含） of the rule's text.
    """

    each: Decimal
    start: Decimal = Decimal(0)
    way: str = "up"
    mode: str = "whole"
    inclusive: bool = True

    def counted(self, x: Expr) -> Expr:
        """How many steps a value lies beyond the start; never below zero."""
        beyond = x
        if self.way == "down":
            beyond = Arith("-", Const(self.start), x)
        elif self.start or self.way == "both":
            beyond = Arith("-", x, Const(self.start))
        if self.way == "both":
            beyond = Call("ABS", beyond)
        steps: Expr = Ratio(beyond, Const(self.each), Const(0))
        if self.mode == "started":
            steps = Whole(steps, up=True)
        elif self.mode == "whole":
            steps = Whole(steps) if self.inclusive else Arith("-", Whole(steps, up=True), Const(1))
        return Call("MAX", Const(0), steps)

    def spoken(self, name: str, *, as_percent: bool) -> str:
        """``差异率超过10%的部分，每增加5%（含）``."""
        beyond, way = _BEYOND[self.way]
        edge = {"started": "（不足一档按一档计）", "whole": "（含）" if self.inclusive else "（不含）"}.get(
            self.mode, ""
        )
        far = self.start or self.way != "up"
        part = f"{beyond}{_shown(self.start, as_percent=as_percent)}的部分，" if far else ""
        return f"{name}{part}每{way}{_shown(self.each, as_percent=as_percent)}{edge}"


class Stepped(Meant):
    """``base`` points and ``change`` more (less, where negative) for each step, up to ``limit`` (down to it)."""

    __slots__ = ("as_percent", "base", "change", "every", "limit", "whole", "x")

    def __init__(
        self, x: Ref, every: Every, base: Decimal, change: Decimal, limit: Decimal = Decimal(0), *,
        as_percent: bool, whole: bool = False,
    ) -> None:  # fmt: skip
        self.x, self.every, self.base, self.change, self.limit = x, every, base, change, limit
        self.as_percent, self.whole = as_percent, whole
        moved = Arith("*", Const(abs(change)), every.counted(x))
        sign, bound = ("-", "MAX") if change < 0 else ("+", "MIN")
        super().__init__(Call(bound, Const(limit), Arith(sign, Const(base), moved)))

    def sentence(self, words: Words) -> str:
        head = f"满分{plain(self.base)}分" if self.whole else f"{plain(self.base)}分起"
        steps = self.every.spoken(self.x.sentence(words), as_percent=self.as_percent)
        how = "，按比例计算" if self.every.mode == "proportional" else ""
        verb, tail = "加", f"最多得{plain(self.limit)}分"
        if self.change < 0:
            verb, tail = "扣", f"最低得{plain(self.limit)}分" if self.limit else "扣完为止"
        return f"{head}，{steps}{verb}{plain(abs(self.change))}分{how}，{tail}"


class Met(Decided):
    """Points where a condition holds, other points where it does not."""

    __slots__ = ("full", "other", "test")

    def __init__(self, test: Expr, full: Decimal, other: Decimal) -> None:
        self.test, self.full, self.other = test, full, other
        super().__init__(If(test, Const(full), Const(other)))

    def sentence(self, words: Words) -> str:
        tail = f"得{plain(self.other)}分" if self.other else "不得分"
        return f"{self.test.sentence(words)}的，得{plain(self.full)}分，否则{tail}"


class Except(Decided):
    """A value where a condition holds, whatever else is missing; the rule in all other cases."""

    __slots__ = ("rule", "test", "value")

    def __init__(self, test: Expr, value: Const, rule: Expr) -> None:
        self.test, self.value, self.rule = test, value, rule
        # before the guard of the rule: the exception's own facts are enough
        super().__init__(guarded_for(test, If(test, value, rule)))

    def sentence(self, words: Words) -> str:
        text = self.value.value
        outcome = text if isinstance(text, str) else self.value.earned(words)
        return f"{self.test.sentence(words)}的，{outcome}；{self.rule.sentence(words)}"


class Each(Meant):
    """Points for every event counted."""

    __slots__ = ("points", "x")

    def __init__(self, x: Ref, points: Decimal) -> None:
        self.x, self.points = x, points
        super().__init__(Arith("*", Const(points), x))

    def sentence(self, words: Words) -> str:
        return f"{self.x.sentence(words)}每1项计{plain(self.points)}分"


class AtMost(Meant):
    """What events count for, up to a limit."""

    __slots__ = ("limit", "what")

    def __init__(self, limit: Decimal, what: Expr) -> None:
        self.limit, self.what = limit, what
        super().__init__(Call("MIN", Const(limit), what))

    def sentence(self, words: Words) -> str:
        return f"{self.what.sentence(words)}，累计最多{plain(self.limit)}分"


class Tally(Meant):
    """What several kinds of events count for together."""

    __slots__ = ("terms",)

    def __init__(self, terms: Sequence[Expr]) -> None:
        self.terms = tuple(terms)
        total = self.terms[0]
        for term in self.terms[1:]:
            total = Arith("+", total, term)
        super().__init__(total)

    def sentence(self, words: Words) -> str:
        return "；".join(term.sentence(words) for term in self.terms)


class Less(Meant):
    """Full points less what events cost, never below zero."""

    __slots__ = ("costs", "full")

    def __init__(self, full: Decimal, costs: Tally) -> None:
        self.full, self.costs = full, costs
        super().__init__(Call("MAX", Const(0), Arith("-", Const(full), costs)))

    def sentence(self, words: Words) -> str:
        head = f"满分{plain(self.full)}分，按下列各项扣分（计为扣分值），扣完为止："
        return head + self.costs.sentence(words)


class Balance(Meant):
    """Points beside the hundred: what awards count for less what accountabilities do; one of the two may be missing."""

    __slots__ = ("minus", "plus")

    def __init__(self, plus: Tally | None, minus: Tally | None) -> None:
        self.plus, self.minus = plus, minus
        super().__init__(plus if plus and not minus else Arith("-", plus or Const(0), minus or Const(0)))

    def sentence(self, words: Words) -> str:
        said = ((self.plus, "加分："), (self.minus, "减分（计为扣分值）："))
        return "。".join(head + tally.sentence(words) for tally, head in said if tally is not None)


def _shown(value: Decimal, *, as_percent: bool) -> str:
    return percent(value) if as_percent else plain(value)
