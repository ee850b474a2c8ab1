"""Kinds that a person decides: a scoring point, a choice of one level. First-class, with reason and evidence."""

from __future__ import annotations

from decimal import Decimal

from jixiao.model import (
    PENDING,
    Body,
    Compare,
    Const,
    Expr,
    If,
    Is,
    IsNumber,
    Logic,
    Ref,
    Say,
    Show,
    mapped,
    plain,
)
from jixiao.rubric.kinds.computed import COMMON, number
from jixiao.rubric.kinds.part import APPLIES, Ask, Context, Part, got, if_applies

MET, PARTLY, NOT_MET = "符合", "部分符合", "不符合"


def point(spec: Body, key: str, context: Context) -> Part:
    """One scoring point: met, not met, or, where the table lets the person weigh it, partly met with points.

    ``graded`` allows 部分符合, with points between zero and the full points that the person enters.
    ``requires`` names evidence without which the point gives nothing (precondition).
    """
    spec.only(("kind", "full", "title"), (*COMMON, "graded", "requires"))
    base = number(spec, "full")
    full = context.full(key, base)
    graded = spec.flag("graded", False)
    verdict, given = f"{key}.判定", f"{key}.给分"
    asks = [Ask(key, "判定", (MET, PARTLY, NOT_MET) if graded else (MET, NOT_MET))]
    points: Expr = If(Is(verdict, NOT_MET), Const(0), Const(PENDING))
    if graded:
        asks.append(Ask(key, "给分", low=Const(0), high=full))
        fits = Logic("AND", Compare(">=", Ref(given), Const(0)), Compare("<=", Ref(given), full))
        partly = If(IsNumber(given), If(fits, Ref(given), Const(PENDING)), Const(PENDING))
        points = If(Is(verdict, PARTLY), partly, points)
    points = If(Is(verdict, MET), full, points)
    if key in context.adders:
        points = mapped(points, lambda value: context.moved(key, value, base))
    title, tail = spec.text("title"), ""
    if graded:
        tail = "，不完全符合的酌情给分"
    if "requires" in spec:
        points = _needs(key, points)
        asks.insert(0, Ask(key, "前提", ("有", "无")))
        tail += f"；无{spec.text('requires')}的不得分"
    return _finish(spec, key, base, points, asks, f"{title}，得{plain(base)}分{tail}")


def _needs(key: str, points: Expr) -> Expr:
    missing = If(Is(f"{key}.前提", "无"), Const(0), Const(PENDING))
    return If(Is(f"{key}.前提", "有"), points, missing)


def level(spec: Body, key: str, context: Context) -> Part:
    """One of several described levels, each with its points; the person picks, the table gives the points."""
    spec.only(("kind", "full", "title", "options"), COMMON)
    options = spec["options"]
    if not isinstance(options, Body) or len(options) < 2:
        raise spec.fail("options 应为至少两个“情形: 分值”", "options")
    base = number(spec, "full")
    points: Expr = Const(PENDING)
    for label in reversed(list(options)):
        value = context.moved(key, Const(number(options, label)), base)
        points = If(Is(f"{key}.判定", label), value, points)
    if max(number(options, label) for label in options) != base:
        raise spec.fail("没有一个情形能得满分", "options")
    said = "；".join(f"{label}，得{plain(number(options, label))}分" for label in options)
    return _finish(spec, key, base, points, [Ask(key, "判定", tuple(options))], said)


def _finish(spec: Body, key: str, base: Decimal, points: Expr, asks: list[Ask], criteria: str) -> Part:
    if spec.flag("applies", False):
        asks.append(Ask(key, "适用", APPLIES))
        points = if_applies(key, points)
    pieces: list[Expr | str] = [Show(f"{key}.判定", "text", blank="待判定"), "，", got(f"{key}.得分")]
    reason = If(Is(f"{key}.理由", ""), Const(""), Say("（", Show(f"{key}.理由", "text"), "）"))
    return Part(
        key=key,
        title=spec.text("title"),
        full=base,
        points=points,
        explain=Say(*pieces, reason),
        criteria=criteria,
        kind=spec.text("kind"),
        asks=asks,
        note=spec.text("note", ""),
        requires=spec.text("requires", ""),
    )


finished = _finish  # graded.py closes its parts the same way
