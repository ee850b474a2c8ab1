"""The kind whose value lies in one of several stretches, each with its own small rule (families T, P, S, L together).

A stretch gives fixed points, a proportion (``rate``), steps (``each``), a line (``line``), or a straight line between
the points at its two ends (``between``). Bands, steps and proportions that stand alone have plainer kinds of their own.
"""

from __future__ import annotations

from decimal import Decimal

from jixiao.model import (
    NOT_APPLICABLE,
    PENDING,
    Arith,
    Bands,
    Body,
    Call,
    Const,
    Expr,
    Given,
    Interval,
    Ratio,
    Ref,
    Round,
    Whole,
    gaps,
    percent,
    plain,
)
from jixiao.rubric.kinds.computed import COMMON, REST, finish, number, quantity
from jixiao.rubric.kinds.part import Context, Part

STEP_KEYS = ("each", "start", "from", "way", "mode", "inclusive", "deduct", "least", "add", "most")
WAYS = ("up", "down", "both")
MODES = ("whole", "started", "proportional")


def pieces(spec: Body, key: str, context: Context) -> Part:
    """One rule for each stretch of the value; outside all of them the outcome is 待核定."""
    spec.only(("kind", "full", "x", "pieces"), COMMON)
    x, full = quantity(spec, context), number(spec, "full")
    body = spec["pieces"]
    if not isinstance(body, Body) or not body:
        raise spec.fail("应为“区间: 规则”", "pieces")
    shares = context.unit(x.key) == "%"
    made: list[tuple[Interval, Expr]] = []
    said: list[str] = []
    for text, interval in _stretches(body):
        rule, words = _piece(body, text, x, full, interval, shares=shares)
        made.append((interval, rule))
        said.append(f"{interval.spoken(_name(x), as_percent=shares)}，{words}")
    rule = Given([x.key], Bands(x, made, as_percent=shares))
    return finish(spec, key, context, rule, "；".join(said), [x.key])


def _stretches(body: Body) -> list[tuple[str, Interval]]:
    """The stretches by their keys; 其余 stands for each one that no other covers."""
    made: list[tuple[str, Interval]] = []
    for text in body:
        if text == REST:
            continue
        try:
            made.append((text, Interval.parse(text)))
        except ValueError as error:
            raise body.fail(str(error), text) from error
    if REST in body:
        made += [(REST, gap) for gap in gaps([interval for _, interval in made], None, None)]
    return made


def _name(x: Ref) -> str:
    return x.key.rsplit(".", maxsplit=1)[-1]


def _piece(
    body: Body, text: str, x: Ref, full: Decimal, interval: Interval, *, shares: bool
) -> tuple[Expr, str]:
    value = body[text]
    if isinstance(value, Decimal):
        return Const(value), f"得{plain(value)}分" if value else "不得分"
    if value in (PENDING, NOT_APPLICABLE):
        return Const(str(value)), "由评价人核定" if value == PENDING else str(value)
    if not isinstance(value, Body):
        raise body.fail(f"应为分值、规则或“{PENDING}”", text)
    if "rate" in value:
        return _rate(value, x, full, shares=shares)
    if "each" in value:
        return _steps(value, x, full, shares=shares)
    if "line" in value:
        return _line(value, x, full)
    if "between" in value:
        return _between(value, x, interval)
    raise value.fail("应写明 rate、each、line 或 between 之一")


def _show(value: Decimal, *, shares: bool) -> str:
    return percent(value) if shares else plain(value)


def _rate(value: Body, x: Ref, full: Decimal, *, shares: bool) -> tuple[Expr, str]:
    value.only(("rate",))
    over = number(value, "rate")
    if over <= 0:
        raise value.fail("rate 应大于0", "rate")
    rate: Expr = x if over == 1 else Ratio(x, Const(over), Const(0))
    points = Round(Arith("*", Const(full), Call("MIN", Const(1), Call("MAX", Const(0), rate))))
    tail = "" if over == 1 else f"÷{_show(over, shares=shares)}"
    return points, f"得分＝{_name(x)}{tail}×{plain(full)}分"


def _line(value: Body, x: Ref, full: Decimal) -> tuple[Expr, str]:
    value.only(("line",))
    ends = _two(value, "line")
    line = Arith("+", Const(ends[0]), Arith("*", Const(ends[1]), x))
    points = Round(Call("MIN", Const(full), Call("MAX", Const(0), line)))
    sign = "－" if ends[1] < 0 else "＋"
    head = f"{plain(ends[0])}{sign}" if ends[0] or ends[1] < 0 else ""
    words = f"得分＝{head}{plain(abs(ends[1]))}×{_name(x)}"
    return points, f"{words}，最低0分，最高{plain(full)}分"


def _between(value: Body, x: Ref, interval: Interval) -> tuple[Expr, str]:
    value.only(("between",))
    ends = _two(value, "between")
    if interval.low is None or interval.high is None or interval.low == interval.high:
        raise value.fail("between 须用在两端都有界的区间", "between")
    part = Ratio(Arith("-", x, Const(interval.low)), Const(interval.high - interval.low), Const(0))
    points = Round(Arith("+", Const(ends[0]), Arith("*", Const(ends[1] - ends[0]), part)))
    return points, f"在{plain(ends[0])}分与{plain(ends[1])}分之间按直线插值计分"


def _two(value: Body, key: str) -> tuple[Decimal, Decimal]:
    ends = value[key]
    if not isinstance(ends, list) or len(ends) != 2 or not all(isinstance(end, Decimal) for end in ends):
        raise value.fail("应为两个数", key)
    return ends[0], ends[1]


def _steps(value: Body, x: Ref, full: Decimal, *, shares: bool) -> tuple[Expr, str]:
    value.only(("each", "start", "from"), STEP_KEYS)
    start, each, base = (number(value, name) for name in ("start", "each", "from"))
    way, mode = value.text("way", "up"), value.text("mode", "whole")
    if way not in WAYS or mode not in MODES or each <= 0 or ("add" in value) == ("deduct" in value):
        raise value.fail("步长应大于0，way 为 up、down 或 both，且只写 deduct 与 add 之一", "each")
    inclusive = value.flag("inclusive", True)
    steps = counted(x, start, each, way=way, mode=mode, inclusive=inclusive)
    beyond = {"up": "超过", "down": "低于", "both": "偏离"}[way]
    edge = (
        "（不含）"
        if mode == "whole" and not inclusive
        else "（不足一档按一档计）"
        if mode == "started"
        else ""
    )
    head = f"{beyond}{_show(start, shares=shares)}每{_show(each, shares=shares)}{edge}"
    tail = "，按比例计算" if mode == "proportional" else ""
    if "add" in value:
        add, most = number(value, "add"), number(value, "most", full)
        points: Expr = Call("MIN", Const(most), Arith("+", Const(base), Arith("*", Const(add), steps)))
        return Round(points), f"{plain(base)}分起，{head}加{plain(add)}分{tail}，最多得{plain(most)}分"
    deduct, least = number(value, "deduct"), number(value, "least", Decimal(0))
    points = Call("MAX", Const(least), Arith("-", Const(base), Arith("*", Const(deduct), steps)))
    floor = f"，最低得{plain(least)}分" if least else "，扣完为止"
    return Round(points), f"{plain(base)}分起，{head}扣{plain(deduct)}分{tail}{floor}"


def counted(x: Expr, start: Decimal, each: Decimal, *, way: str, mode: str, inclusive: bool) -> Expr:
    """How many steps of ``each`` the value lies beyond ``start``; never below zero."""
    beyond: Expr = x
    if way == "down":
        beyond = Arith("-", Const(start), x)
    elif start or way == "both":
        beyond = Arith("-", x, Const(start))
    if way == "both":
        beyond = Call("ABS", beyond)
    steps: Expr = Ratio(beyond, Const(each), Const(0))
    if mode == "started":
        steps = Whole(steps, up=True)
    elif mode == "whole":
        steps = Whole(steps) if inclusive else Arith("-", Whole(steps, up=True), Const(1))
    return Call("MAX", Const(0), steps)
