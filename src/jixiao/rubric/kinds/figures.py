"""Kinds that figures decide: each turns its parameters into pieces of one value, or into a count of events.

The letters are the families of the official tables: T bands, P proportions, S steps, B conditions, E outside scores, L lines,
K comparisons with others, V deviations, X points beside the hundred.
"""

from __future__ import annotations

import itertools
from decimal import Decimal

from jixiao.model import (
    NOT_APPLICABLE,
    PENDING,
    AtMost,
    Away,
    Balance,
    Between,
    Body,
    Const,
    Each,
    Every,
    Expr,
    Guarded,
    Interval,
    Less,
    Line,
    Met,
    Pieces,
    Rate,
    Ref,
    Round,
    Stepped,
    Tally,
    amount,
    gaps,
)
from jixiao.rubric.kinds.declared import Kind, Terms, outcome, stretches

ZERO, ONE = Decimal(0), Decimal(1)
_STEPS = {"each": None, "start": None, "from": None, "way": "up", "mode": "whole", "inclusive": True}
_ENDS = {"deduct": None, "least": ZERO, "add": None, "most": None}


def _bands(terms: Terms) -> Expr:
    """The value falls into one interval, the interval has its points (T)."""
    x = terms.figure()
    return terms.given(Pieces(x, terms.bands(), as_percent=terms.shares(x)))


def _proportional(terms: Terms) -> Expr:
    """Full points × a rate, at most ``cap`` times the full points; ``over`` is the rate at which they are reached (P)."""
    x = terms.figure()
    over, cap = terms.number("over"), terms.number("cap")
    return terms.given(Rate(x, terms.full, over, cap=cap))


def _steps(terms: Terms) -> Expr:
    """Full points less a deduction for each step beyond a start, never below zero (S)."""
    every, deduct = _every(terms, "down" if terms.flag("downward") else "up"), terms.number("deduct")
    x = _counted(terms, every)
    return terms.given(Stepped(x, every, terms.full, -deduct, as_percent=terms.shares(x), whole=True))


def _weight_steps(terms: Terms) -> Expr:
    """Each step beyond ``start`` costs a share of the full points, never below zero (S)."""
    full = terms.full
    every, cost = _every(terms, terms.word("way")), full * terms.number("share")
    x = _counted(terms, every)
    return terms.given(Round(Stepped(x, every, full, -cost, as_percent=terms.shares(x), whole=True)))


def _counted(terms: Terms, every: Every) -> Ref:
    """What the steps are counted of: 每出现1例 counts events."""
    return terms.events() if every.start == 0 and every.way == "up" else terms.figure()


def _every(terms: Terms, way: str) -> Every:
    return Every(
        terms.number("each"), terms.number("start"), way, terms.word("mode"), terms.flag("inclusive")
    )


def _condition(terms: Terms) -> Expr:
    """Full points where a condition over figures holds, else ``otherwise`` points (B)."""
    return Guarded(Met(terms.condition(), terms.full, terms.number("otherwise")))


def _score(terms: Terms) -> Expr:
    """An outside score on a scale of ``of`` turned into points (E)."""
    x = terms.figure()
    return terms.given(Rate(x, terms.full, terms.number("of"), as_percent=False, scale=True))


def _passmark(terms: Terms) -> Expr:
    """In proportion from a pass mark on, below it ``otherwise`` points; ``over`` is the rate of full points (P)."""
    x, mark, over = terms.figure(), terms.number("pass"), terms.number("over")
    if mark > over:
        raise terms.fail("及格线应大于0，且不超过满分标准", "pass")
    shares = terms.shares(x)
    passed = (Interval(mark, True, None, False), Rate(x, terms.full, over, as_percent=shares))
    return terms.given(Pieces(x, [passed], Const(terms.number("otherwise")), as_percent=shares))


def _overfulfil(terms: Terms) -> Expr:
    """In proportion up to the target, less ``deduct`` where the rate reaches ``over`` (130%) or more (V)."""
    x, full, over, deduct = terms.figure(), terms.full, terms.number("over"), terms.number("deduct")
    if over <= 1 or deduct > full:
        raise terms.fail("over 应大于100%，扣分应在0与满分之间", "over")
    beyond = (Interval(over, terms.flag("inclusive"), None, False), Const(full - deduct))
    return terms.given(Pieces(x, [beyond], Rate(x, full), as_percent=True))


def _interpolate(terms: Terms) -> Expr:
    """Points at named values, a straight line between neighbours (L).

    Outside, the nearest named points hold; ``below`` and ``above`` may give the points per unit that the line goes on with,
    never under zero, never over the full points.
    """
    x, named = terms.figure(), _named(terms)
    first, last = named[0][0], named[-1][0]
    made: list[tuple[Interval, Expr]] = [
        (Interval(None, False, first, False), _beyond(terms, "below", x, *named[0]))
    ]
    for (low, a), (high, b) in itertools.pairwise(named):
        made.append((Interval(low, True, high, False), Between(x, low, high, (a, b))))
    made.append((Interval(last, True, None, False), _beyond(terms, "above", x, *named[-1])))
    return terms.given(Pieces(x, made, as_percent=terms.shares(x)))


def _named(terms: Terms) -> list[tuple[Decimal, Decimal]]:
    body = terms.mapping("points", "points 应为至少两个“数值: 分值”", 2)
    made = []
    for text in body:
        try:
            made.append((amount(text), amount(str(body[text]))))
        except ValueError as error:
            raise body.fail(str(error), text) from error
    made.sort()
    if len({value for value, _ in made}) != len(made):
        raise body.fail("同一数值出现了两次")
    if max(points for _, points in made) > terms.full or min(points for _, points in made) < 0:
        raise terms.fail("分值应在0与满分之间", "points")
    return made


def _beyond(terms: Terms, side: str, x: Ref, value: Decimal, points: Decimal) -> Expr:
    if not terms.has(side):
        return Const(points)
    return Line(x, points, terms.number(side), value, terms.full, as_percent=terms.shares(x))


def _rank(terms: Terms) -> Expr:
    """Points by place: ``list`` for the first places, ``rest`` for all others (K)."""
    x, places = terms.figure(), terms.spec["list"]
    if not isinstance(places, list) or not places or not all(isinstance(p, Decimal) for p in places):
        raise terms.fail("list 应为依名次排列的分值", "list")
    if max(places) != terms.full:
        raise terms.fail("名次得分的最高分与满分不符", "list")
    made: list[tuple[Interval, Expr]] = []
    for place, points in enumerate(map(Const, places), 1):
        made.append((Interval(Decimal(place), True, Decimal(place), True), points))
    if not terms.has("rest"):
        return terms.given(Pieces(x, made, Const(PENDING)))
    no_place = (Interval(None, False, ONE, False), Const(PENDING))
    return terms.given(Pieces(x, [no_place, *made], Const(terms.number("rest"))))


def _to_best(terms: Terms) -> Expr:
    """Full points × own value ÷ best value, or best ÷ own where smaller is better (K)."""
    x, best = terms.figure(), terms.figure("best")
    zero = outcome(terms.spec, "zero") if terms.has("zero") else Const(PENDING)
    if zero.value == NOT_APPLICABLE:
        raise terms.fail(f"zero 应为分值或“{PENDING}”", "zero")
    top, below = (best, x) if terms.flag("smaller") else (x, best)
    nothing = (Interval(ZERO, True, ZERO, True), zero)
    return Guarded(Pieces(below, [nothing], Rate(top, terms.full, below)))


def _deviation(terms: Terms) -> Expr:
    """Bands over the distance of a value from ``centre``, both ways (V): ``{"[0,10%]": 5, …}``."""
    x, bands = terms.figure(), terms.bands(low=ZERO)
    shares = terms.shares(x)
    if any(interval.low is None or interval.low < 0 for interval, _ in bands):
        raise terms.fail("偏差没有方向，区间应从0起", "bands")
    return terms.given(Pieces(Away(x, terms.number("centre"), as_percent=shares), bands, as_percent=shares))


def _pieces(terms: Terms) -> Expr:
    """One rule for each stretch of the value (T, P, S, L together); outside all of them the outcome is 待核定.

    A stretch gives fixed points, a proportion (``rate``), steps (``each``), a line (``line``), or a straight line between the
    points at its two ends (``between``).
    """
    x, body = terms.figure(), terms.mapping("pieces", "应为“区间: 规则”")
    shares = terms.shares(x)
    made = [(interval, _piece(terms, body, text, x, interval)) for text, interval in stretches(body)]
    return terms.given(Pieces(x, made, as_percent=shares))


def _piece(terms: Terms, body: Body, text: str, x: Ref, interval: Interval) -> Expr:
    value = body[text]
    if not isinstance(value, Body):
        return outcome(body, text)
    shares = terms.shares(x)
    if "rate" in value:
        return Rate(x, terms.full, terms.inside(value, ("rate",), {}).number("rate"), as_percent=shares)
    if "each" in value:
        return _stepping(
            terms.inside(value, ("each", "start", "from"), {**_STEPS, **_ENDS}), x, terms.full, shares=shares
        )
    if "line" in value:
        base, slope = _two(terms.inside(value, ("line",), {}), "line")
        return Line(x, base, slope, ZERO, terms.full, as_percent=shares)
    if "between" in value:
        ends = _two(terms.inside(value, ("between",), {}), "between")
        if interval.low is None or interval.high is None or interval.low == interval.high:
            raise value.fail("between 须用在两端都有界的区间", "between")
        return Between(x, interval.low, interval.high, ends)
    raise value.fail("应写明 rate、each、line 或 between 之一")


def _two(terms: Terms, key: str) -> tuple[Decimal, Decimal]:
    ends = terms.spec[key]
    if not isinstance(ends, list) or len(ends) != 2 or not all(isinstance(end, Decimal) for end in ends):
        raise terms.fail("应为两个数", key)
    return ends[0], ends[1]


def _stepping(terms: Terms, x: Ref, full: Decimal, *, shares: bool) -> Expr:
    if terms.has("add") == terms.has("deduct"):
        raise terms.fail("只写 deduct 与 add 之一", "each")
    every, base = _every(terms, terms.word("way")), terms.number("from")
    if terms.has("add"):
        most = terms.number("most") if terms.has("most") else full
        return Round(Stepped(x, every, base, terms.number("add"), most, as_percent=shares))
    return Round(Stepped(x, every, base, -terms.number("deduct"), terms.number("least"), as_percent=shares))


def _deductions(terms: Terms) -> Expr:
    """Full points less what counted events cost, never below zero; an item counts ``each`` or by ``bands``."""
    return Guarded(Less(terms.full, _tally(terms, "items")))


def _bonus(terms: Terms) -> Expr:
    """Points beside the hundred: counted awards less counted accountabilities, each with its cap (X)."""
    plus, minus = (_tally(terms, key) if terms.has(key) else None for key in ("items", "penalties"))
    if plus is None and minus is None:
        raise terms.fail("items 与 penalties 至少写一个", "kind")
    return Guarded(Balance(plus, minus))


def _tally(terms: Terms, key: str) -> Tally:
    if not terms.spec.parts(key):
        raise terms.fail(f"“{key}”至少要有一项", key)
    return Tally([_item(terms, item) for item in terms.spec.parts(key)])


def _item(terms: Terms, body: Body) -> Expr:
    item = terms.inside(body, ("x",), {"each": None, "bands": None, "cap": None})
    if item.has("each") == item.has("bands"):
        raise item.fail("each 与 bands 应当且只能写一个", "x")
    x = item.events()
    if item.has("each"):
        rule: Expr = Each(x, item.number("each"))
    else:
        bands = item.bands()
        if any(not isinstance(value.value, Decimal) for _, value in bands):
            raise item.fail("计分档次只能是分值", "bands")
        if gaps([interval for interval, _ in bands], None, None):
            raise item.fail("计分档次应覆盖全部取值，最低一档写成“(,3)”，最高一档写成“[5,)”", "bands")
        rule = Pieces(x, bands, verb="计")
    return AtMost(item.number("cap"), rule) if item.has("cap") else rule


_STEP = {"start": ZERO, "mode": "whole", "inclusive": True}
KINDS = (
    Kind("bands", "分档", ("x", "bands"), {}, _bands),
    Kind("proportional", "按比例", ("x",), {"cap": ONE, "over": ONE}, _proportional),
    Kind("steps", "逐档扣分", ("x", "each", "deduct"), {**_STEP, "downward": False}, _steps),
    Kind("condition", "达标得分", ("when",), {"otherwise": ZERO}, _condition),
    Kind("score", "考核得分折算", ("x",), {"of": Decimal(100)}, _score),
    Kind("deductions", "计数扣分", ("items",), {}, _deductions),
    Kind("bonus", "加减分", (), {"items": None, "penalties": None}, _bonus, extra=True),
    Kind("pieces", "分段规则", ("x", "pieces"), {}, _pieces),
    Kind("interpolate", "插值", ("x", "points"), {"below": None, "above": None}, _interpolate),
    Kind("rank", "名次", ("x", "list"), {"rest": None}, _rank),
    Kind("to_best", "与最优值比", ("x", "best"), {"smaller": False, "zero": None}, _to_best),
    Kind("passmark", "及格线", ("x", "pass"), {"over": ONE, "otherwise": ZERO}, _passmark),
    Kind("deviation", "偏离度", ("x", "bands"), {"centre": ZERO}, _deviation),
    Kind("overfulfil", "超额完成", ("x", "over", "deduct"), {"inclusive": True}, _overfulfil),
    Kind("weight_steps", "按权重逐档扣分", ("x", "each", "share"), {**_STEP, "way": "up"}, _weight_steps),
)
