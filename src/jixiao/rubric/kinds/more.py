"""Kinds for one figure beyond bands, steps and proportions: interpolation, rank, pass mark, deviation, over-fulfilment.

Domain families L, K and V, satisfaction and proportion with a pass mark, and steps that cost a share of the weight.
"""

from __future__ import annotations

import itertools
from decimal import Decimal

from jixiao.model import (
    PENDING,
    Arith,
    Bands,
    Body,
    Call,
    Compare,
    Const,
    Expr,
    Given,
    If,
    Interval,
    Ratio,
    Ref,
    Round,
    amount,
    guarded,
    percent,
    plain,
)
from jixiao.rubric.kinds.computed import COMMON, finish, number, quantity, read_bands
from jixiao.rubric.kinds.part import Context, Part
from jixiao.rubric.kinds.pieces import MODES, WAYS, counted


def _name(x: Ref) -> str:
    return x.key.rsplit(".", maxsplit=1)[-1]


def _shown(context: Context, x: Ref, value: Decimal) -> str:
    return percent(value) if context.unit(x.key) == "%" else plain(value)


def _full(x: Expr, full: Decimal) -> Expr:
    return Round(Call("MIN", Const(full), Call("MAX", Const(0), x)))


def interpolated(spec: Body, key: str, context: Context) -> Part:
    """Points at named values, a straight line between neighbours (family L).

    ``points``: ``{"60%": 0, "100%": 5}``. Outside, the nearest named points hold; ``below`` and ``above`` may give the
    points per unit that the line goes on with (never under zero, never over the full points).
    """
    spec.only(("kind", "full", "x", "points"), (*COMMON, "below", "above"))
    x, full = quantity(spec, context), number(spec, "full")
    named = _named(spec, full)
    stretches: list[tuple[Interval, Expr]] = []
    first, last = named[0], named[-1]
    stretches.append((Interval(None, False, first[0], False), _beyond(spec, "below", x, first, full)))
    for (low, a), (high, b) in itertools.pairwise(named):
        part = Ratio(Arith("-", x, Const(low)), Const(high - low), Const(0))
        rise = Round(Arith("+", Const(a), Arith("*", Const(b - a), part)))
        stretches.append((Interval(low, True, high, False), rise))
    stretches.append((Interval(last[0], True, None, False), _beyond(spec, "above", x, last, full)))
    said = "，".join(f"{_name(x)}为{_shown(context, x, v)}得{plain(p)}分" for v, p in named)
    criteria = f"{said}，中间按直线插值计分{_outside(spec)}"
    return finish(spec, key, context, Given([x.key], Bands(x, stretches)), criteria, [x.key])


def _named(spec: Body, full: Decimal) -> list[tuple[Decimal, Decimal]]:
    body = spec["points"]
    if not isinstance(body, Body) or len(body) < 2:
        raise spec.fail("points 应为至少两个“数值: 分值”", "points")
    made = []
    for text in body:
        try:
            made.append((amount(text), number(body, text)))
        except ValueError as error:
            raise body.fail(str(error), text) from error
    made.sort()
    if len({value for value, _ in made}) != len(made):
        raise body.fail("同一数值出现了两次")
    if max(points for _, points in made) > full or min(points for _, points in made) < 0:
        raise spec.fail("分值应在0与满分之间", "points")
    return made


def _beyond(spec: Body, side: str, x: Ref, named: tuple[Decimal, Decimal], full: Decimal) -> Expr:
    value, points = named
    if side not in spec:
        return Const(points)
    slope = number(spec, side)
    line = Arith("+", Const(points), Arith("*", Const(slope), Arith("-", x, Const(value))))
    return _full(line, full)


def _outside(spec: Body) -> str:
    said = [
        f"{word}每1个单位变动{plain(number(spec, side))}分"
        for side, word in (("below", "低于最小值的"), ("above", "高于最大值的"))
        if side in spec
    ]
    return "；" + "；".join(said) if said else "，两端以外按最近的分值计"


def ranked(spec: Body, key: str, context: Context) -> Part:
    """Points by place: ``list`` for the first places, ``rest`` for all others (family K)."""
    spec.only(("kind", "full", "x", "list"), (*COMMON, "rest"))
    x = quantity(spec, context)
    places = spec["list"]
    if not isinstance(places, list) or not places or not all(isinstance(p, Decimal) for p in places):
        raise spec.fail("list 应为依名次排列的分值", "list")
    if max(places) != number(spec, "full"):
        raise spec.fail("名次得分的最高分与满分不符", "list")
    rest: Expr = Const(number(spec, "rest")) if "rest" in spec else Const(PENDING)
    chain = rest
    for place in range(len(places), 0, -1):
        chain = If(Compare("=", x, Const(place)), Const(places[place - 1]), chain)
    rule = If(Compare(">=", x, Const(1)), chain, Const(PENDING))
    said = "，".join(f"第{place}名得{plain(points)}分" for place, points in enumerate(places, 1))
    tail = f"，其余得{plain(number(spec, 'rest'))}分" if "rest" in spec else "，其余由评价人核定"
    return finish(spec, key, context, Given([x.key], rule), f"按{_name(x)}：{said}{tail}", [x.key])


def to_best(spec: Body, key: str, context: Context) -> Part:
    """Full points × own value ÷ best value, or best ÷ own where smaller is better (family K)."""
    spec.only(("kind", "full", "x", "best"), (*COMMON, "smaller", "zero"))
    x, best, full = quantity(spec, context), quantity(spec, context, "best"), number(spec, "full")
    zero = str(spec.get("zero", PENDING))
    if zero != PENDING and not isinstance(spec["zero"], Decimal):
        raise spec.fail(f"zero 应为分值或“{PENDING}”", "zero")
    top, below = (best, x) if spec.flag("smaller", False) else (x, best)
    points = _full(Arith("*", Const(full), Ratio(top, below, Const(0))), full)
    outcome: Expr = Const(spec["zero"]) if zero != PENDING else Const(PENDING)
    rule = guarded(If(Compare("=", below, Const(0)), outcome, points))
    criteria = f"得分＝{_name(top)}÷{_name(below)}×{plain(full)}分，最高{plain(full)}分"
    return finish(spec, key, context, rule, criteria, [x.key, best.key])


def passmark(spec: Body, key: str, context: Context) -> Part:
    """In proportion from a pass mark on, below it ``otherwise`` points; ``over`` is the rate of full points."""
    spec.only(("kind", "full", "x", "pass"), (*COMMON, "over", "otherwise"))
    x, full, mark = quantity(spec, context), number(spec, "full"), number(spec, "pass")
    over, other = number(spec, "over", Decimal(1)), number(spec, "otherwise", Decimal(0))
    if not 0 < mark <= over:
        raise spec.fail("及格线应大于0，且不超过满分标准", "pass")
    points = _full(Arith("*", Const(full), Ratio(x, Const(over), Const(0))), full)
    rule = Given([x.key], If(Compare(">=", x, Const(mark)), points, Const(other)))
    show = _shown(context, x, mark)
    part = "" if over == 1 else f"÷{_shown(context, x, over)}"
    low = f"得{plain(other)}分" if other else "不得分"
    criteria = f"{_name(x)}低于{show}的，{low}；达到{show}的，得分＝{_name(x)}{part}×{plain(full)}分，最高{plain(full)}分"
    return finish(spec, key, context, rule, criteria, [x.key])


def deviation(spec: Body, key: str, context: Context) -> Part:
    """Bands over the distance of a value from ``centre``, both ways (family V): ``{"[0,10%]": 5, …}``."""
    spec.only(("kind", "full", "x", "bands"), (*COMMON, "centre"))
    x, centre = quantity(spec, context), number(spec, "centre", Decimal(0))
    bands = read_bands(spec, "bands", Decimal(0))
    if any(interval.low is None or interval.low < 0 for interval, _ in bands):
        raise spec.fail("偏差没有方向，区间应从0起", "bands")
    rule: Expr = Const(PENDING)
    away: Expr = Call("ABS", Arith("-", x, Const(centre)) if centre else x)
    said: list[str] = []
    shares = context.unit(x.key) == "%"
    name = f"{_name(x)}偏离{_shown(context, x, centre)}的幅度" if centre else f"{_name(x)}的绝对值"
    for interval, value in reversed(bands):
        rule = If(interval.test(away), value, rule)
        outcome = f"得{plain(value.value)}分" if isinstance(value.value, Decimal) else "由评价人核定"
        said.insert(0, f"{interval.spoken(name, as_percent=shares)}，{outcome}")
    return finish(spec, key, context, Given([x.key], rule), "；".join(said), [x.key])


def overfulfilled(spec: Body, key: str, context: Context) -> Part:
    """In proportion up to the target, less ``deduct`` where the rate reaches ``over`` (130%) or more (family V)."""
    spec.only(("kind", "full", "x", "over", "deduct"), (*COMMON, "inclusive"))
    x, full = quantity(spec, context), number(spec, "full")
    over, deduct = number(spec, "over"), number(spec, "deduct")
    if over <= 1 or not 0 < deduct <= full:
        raise spec.fail("over 应大于100%，扣分应在0与满分之间", "over")
    sign = ">=" if spec.flag("inclusive", True) else ">"
    met = _full(Arith("*", Const(full), x), full)
    rule = Given([x.key], If(Compare(sign, x, Const(over)), Const(full - deduct), met))
    edge = "达到" if sign == ">=" else "超过"
    criteria = f"完成目标得{plain(full)}分，未完成的按{_name(x)}计分；{_name(x)}{edge}{percent(over)}的，扣{plain(deduct)}分"
    return finish(spec, key, context, rule, criteria, [x.key])


def weight_steps(spec: Body, key: str, context: Context) -> Part:
    """Each step beyond ``start`` costs ``share`` (10%) of the full points, never below zero (family S)."""
    spec.only(("kind", "full", "x", "each", "share"), (*COMMON, "start", "mode", "inclusive", "way"))
    x, full = quantity(spec, context), number(spec, "full")
    start, each, share = number(spec, "start", Decimal(0)), number(spec, "each"), number(spec, "share")
    way, mode = spec.text("way", "up"), spec.text("mode", "whole")
    if way not in WAYS or mode not in MODES or each <= 0 or not 0 < share <= 1:
        raise spec.fail("步长应大于0，share 在0与100%之间，way 为 up、down 或 both", "each")
    steps = counted(x, start, each, way=way, mode=mode, inclusive=spec.flag("inclusive", True))
    left = Round(Call("MAX", Const(0), Arith("-", Const(full), Arith("*", Const(full * share), steps))))
    beyond = {"up": "超过", "down": "低于", "both": "偏离"}[way]
    criteria = (
        f"满分{plain(full)}分，{_name(x)}{beyond}{_shown(context, x, start)}的部分，每{_shown(context, x, each)}"
        f"扣满分的{percent(share)}，扣完为止"
    )
    return finish(spec, key, context, Given([x.key], left), criteria, [x.key])
