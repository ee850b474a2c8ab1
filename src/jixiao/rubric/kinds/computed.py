"""Kinds that figures decide: bands, proportional, steps, condition, score.

Each reads its declared parameters and returns a Part; the three readings follow from the one expression.
"""

from __future__ import annotations

from collections.abc import Sequence
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
    If,
    Interval,
    Ratio,
    Ref,
    Round,
    Say,
    Steps,
    amount,
    gaps,
    guarded,
    guarded_for,
    mapped,
    plain,
    share,
)
from jixiao.rubric.kinds.part import APPLIES, Ask, Context, Part, facts_said, got, if_applies

COMMON = ("kind", "full", "title", "first", "applies", "note", "key", "shows")
REST = "其余"
"""The band that takes every value which no other band of the rule covers."""


def number(spec: Body, key: str, default: Decimal | None = None) -> Decimal:
    """A number or percentage of the definition as an exact decimal."""
    value = spec.get(key, default)
    if isinstance(value, Decimal):
        return value
    if value is None:
        raise spec.fail(f"缺少键“{key}”", key)
    try:
        return amount(str(value))
    except ValueError as error:
        raise spec.fail(str(error), key) from error


def positive(spec: Body, part: Part) -> None:
    """Refuse full points of zero or less; a bonus stands beside the hundred and has none."""
    if part.full <= 0 and part.kind != "bonus":
        raise spec.fail("full 应大于0", "full")


def quantity(spec: Body, context: Context, key: str = "x") -> Ref:
    """The named quantity or fact that a rule looks at."""
    made = context.expression(spec, key)
    if not isinstance(made, Ref):
        raise spec.fail("应为一个名称；请先在 quantities 中给这个算式起名", key)
    return made


def finish(spec: Body, key: str, context: Context, points: Expr, criteria: str, reads: Sequence[str]) -> Part:
    """What all computed kinds share: exceptions first, moved points, applicability, explanation."""
    full = number(spec, "full")
    body, said_first = _exceptions(spec, context, points)
    because = _because(spec, context)
    asks = [Ask(key, "适用", APPLIES)] if spec.flag("applies", False) else []
    whole = body
    if key in context.receivers:
        whole = mapped(body, lambda points: context.moved(key, points, full))
    if asks:
        whole = if_applies(key, whole)
    shows = spec.texts("shows", [])
    for name in shows:
        context.check_names(Ref(name), spec, "shows")
    reads = tuple(dict.fromkeys([*reads, *shows]))
    return Part(
        key=key,
        title=spec.text("title", ""),
        full=full,
        points=whole,
        explain=Say(facts_said(context, tuple(r for r in reads if context.known(r))), *because),
        criteria="；".join([*said_first, criteria]) if said_first else criteria,
        kind=spec.text("kind"),
        asks=asks,
        reads=reads,
        note=spec.text("note", ""),
    )


def _exceptions(spec: Body, context: Context, points: Expr) -> tuple[Expr, list[str]]:
    said: list[str] = []
    made = points
    for case in reversed(spec.parts("first", [])):
        case.only(("when", "points"), ("because",))
        test = context.condition(case, "when")
        value = _band_value(case, "points")
        made = guarded_for(
            test, If(test, value, made)
        )  # before the guard of the rest: its own facts are enough
        outcome = f"得{value.sentence(_same)}分" if isinstance(value.value, Decimal) else str(value.value)
        said.insert(0, f"{test.sentence(words)}的，{outcome}")
    return made, said


def _because(spec: Body, context: Context) -> list[Expr]:
    """The reason of the exception that is met, the first of them."""
    made: Expr | None = None
    for case in reversed(spec.parts("first", [])):
        test = context.condition(case, "when")
        because = f"，{case.text('because')}" if "because" in case else ""
        met = If(test, Const(because), made or Const(""))
        made = guarded_for(test, met, Const(""))
    return [made] if made is not None else []


def words(key: str) -> str:
    """A key as criteria name it: without the table it stands in."""
    return key.rsplit(".", maxsplit=1)[-1]


def _same(key: str) -> str:
    return key


def _band_value(spec: Body, key: str) -> Const:
    value = spec[key]
    if isinstance(value, Decimal):
        return Const(value)
    if value in (PENDING, NOT_APPLICABLE):
        return Const(str(value))
    raise spec.fail(f"应为分值、“{PENDING}”或“{NOT_APPLICABLE}”", key)


def read_bands(spec: Body, key: str, low: Decimal | None = None) -> list[tuple[Interval, Const]]:
    """``{"[90%,100%)": 3, …, 其余: 0}`` as intervals with their points; ``low`` is the least that the figure can be."""
    body = spec[key]
    if not isinstance(body, Body) or not body:
        raise spec.fail("应为“区间: 分值”", key)
    made = []
    for text in body:
        if text == REST:
            continue
        try:
            interval = Interval.parse(text)
        except ValueError as error:
            raise body.fail(str(error), text) from error
        made.append((interval, _band_value(body, text)))
    if REST in body:
        rest = _band_value(body, REST)
        made += [(gap, rest) for gap in gaps([interval for interval, _ in made], low, None)]
    return made


def bands(spec: Body, key: str, context: Context) -> Part:
    """The value falls into one interval, the interval has its points (domain family T)."""
    spec.only(("kind", "full", "x", "bands"), COMMON)
    x = quantity(spec, context)
    rule = Bands(x, read_bands(spec, "bands"), as_percent=context.unit(x.key) == "%")
    return finish(spec, key, context, Given([x.key], rule), rule.sentence(words), [x.key])


def proportional(spec: Body, key: str, context: Context) -> Part:
    """Full points × a rate, at most ``cap`` times the full points (domain family P).

    ``over``: the rate at which full points are reached (90% for a target of 90%); the rate is divided by it.
    """
    spec.only(("kind", "full", "x"), (*COMMON, "cap", "over"))
    x, full, cap = quantity(spec, context), number(spec, "full"), number(spec, "cap", Decimal(1))
    target = number(spec, "over", Decimal(1))
    if target <= 0:
        raise spec.fail("over 应大于0", "over")
    rate: Expr = x if target == 1 else Ratio(x, Const(target), Const(0))
    rule = (
        share(x, Const(full), cap)
        if target == 1
        else Round(Arith("*", Const(full), Call("MIN", Const(cap), Call("MAX", Const(0), rate))))
    )
    name = words(x.key)
    over = f"÷{plain(target * 100)}%" if target != 1 else ""
    limit = f"，最高按{plain(cap * 100)}%计" if cap else ""
    criteria = f"得分＝{name}{over}×{plain(full)}分{limit}"
    return finish(spec, key, context, Given([x.key], rule), criteria, [x.key])


def steps(spec: Body, key: str, context: Context) -> Part:
    """Full points less a deduction for each step beyond a start, never below zero (domain family S)."""
    spec.only(("kind", "full", "x", "each", "deduct"), (*COMMON, "start", "mode", "inclusive", "downward"))
    x, full = quantity(spec, context), number(spec, "full")
    try:
        rule = Steps(
            x,
            start=number(spec, "start", Decimal(0)),
            each=number(spec, "each"),
            deduct=number(spec, "deduct"),
            mode=spec.text("mode", "whole"),
            inclusive=spec.flag("inclusive", True),
            downward=spec.flag("downward", False),
            as_percent=context.unit(x.key) == "%",
        )
    except ValueError as error:
        raise spec.fail(str(error), "mode") from error
    left = Call("MAX", Const(0), Arith("-", Const(full), rule))
    criteria = f"满分{plain(full)}分，{rule.sentence(words)}，扣完为止"
    return finish(spec, key, context, Given([x.key], left), criteria, [x.key])


def condition(spec: Body, key: str, context: Context) -> Part:
    """Full points where a condition over figures holds, else ``otherwise`` points (domain family B)."""
    spec.only(("kind", "full", "when"), (*COMMON, "otherwise"))
    test, full = context.condition(spec, "when"), number(spec, "full")
    other = number(spec, "otherwise", Decimal(0))
    rule = guarded(If(test, Const(full), Const(other)))
    tail = f"得{plain(other)}分" if other else "不得分"
    criteria = f"{test.sentence(words)}的，得{plain(full)}分，否则{tail}"
    return finish(spec, key, context, rule, criteria, list(test.refs()))


def score(spec: Body, key: str, context: Context) -> Part:
    """An outside score on a scale of ``of`` turned into points (domain family E)."""
    spec.only(("kind", "full", "x"), (*COMMON, "of"))
    x, full, scale = quantity(spec, context), number(spec, "full"), number(spec, "of", Decimal(100))
    if scale <= 0:
        raise spec.fail("of 应大于0", "of")
    rate = Ratio(Call("MAX", Const(0), Call("MIN", x, Const(scale))), Const(scale), Const(0))
    rule = Round(Arith("*", Const(full), rate))
    criteria = f"得分＝{words(x.key)}÷{plain(scale)}×{plain(full)}分"
    return finish(spec, key, context, Given([x.key], rule), criteria, [x.key])


def explained(part: Part, points_key: str) -> Expr:
    """The explanation of a computed part with its result at the end."""
    return Say(part.explain, "，", got(points_key))
