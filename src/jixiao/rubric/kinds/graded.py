"""Qualitative grades mapped to ranges of the points (family Q): a person picks one and enters points inside it."""

from __future__ import annotations

import itertools
from decimal import Decimal

from jixiao.model import PENDING, Body, Const, Expr, If, Interval, Is, IsNumber, Ref, plain
from jixiao.rubric.kinds.computed import COMMON, number
from jixiao.rubric.kinds.judged import finished
from jixiao.rubric.kinds.part import Ask, Context, Part


def grades(spec: Body, key: str, context: Context) -> Part:
    """``grades``: ``{"达成预期指标": "[80%,100%]", "部分达成": "[60%,80%)", …}``, shares of the full points, or points.

    Points outside the range of the grade that was picked count as not entered. Ranges may not overlap.
    """
    spec.only(("kind", "full", "title", "grades"), COMMON)
    full = number(spec, "full")
    ranges = _ranges(spec, full)
    verdict, given = f"{key}.判定", f"{key}.给分"
    points: Expr = Const(PENDING)
    for label, inside in reversed(ranges):
        fits = If(inside.test(Ref(given)), Ref(given), Const(PENDING))
        points = If(Is(verdict, label), If(IsNumber(given), fits, Const(PENDING)), points)
    asks = [
        Ask(key, "判定", tuple(label for label, _ in ranges)),
        Ask(key, "给分", low=Const(0), high=Const(full)),
    ]
    said = "；".join(f"{label}的，在{_said(inside)}之间给分" for label, inside in ranges)
    return finished(spec, key, full, points, asks, said)


def _ranges(spec: Body, full: Decimal) -> list[tuple[str, Interval]]:
    body = spec["grades"]
    if not isinstance(body, Body) or len(body) < 2:
        raise spec.fail("grades 应为至少两个“档次: 区间”", "grades")
    made: list[tuple[str, Interval]] = []
    for label in body:
        text = str(body[label])
        try:
            inside = Interval.parse(text)
        except ValueError as error:
            raise body.fail(str(error), label) from error
        if inside.low is None or inside.high is None:
            raise body.fail("区间两端都要写明", label)
        if "%" in text:
            inside = Interval(inside.low * full, inside.low_closed, inside.high * full, inside.high_closed)
        assert inside.low is not None
        assert inside.high is not None
        if inside.low < 0 or inside.high > full:
            raise body.fail("区间超出0至满分", label)
        made.append((label, inside))
    _apart(spec, made)
    if max(inside.high or Decimal(0) for _, inside in made) != full:
        raise spec.fail("没有一档能得满分", "grades")
    return made


def _apart(spec: Body, made: list[tuple[str, Interval]]) -> None:
    ordered = sorted(made, key=lambda item: (item[1].low or Decimal(0), item[1].high or Decimal(0)))
    for (one, low), (other, high) in itertools.pairwise(ordered):
        assert low.high is not None
        assert high.low is not None
        if low.high > high.low or (low.high == high.low and low.high_closed and high.low_closed):
            raise spec.fail(f"“{one}”与“{other}”两档重叠", "grades")


def _said(inside: Interval) -> str:
    assert inside.low is not None
    assert inside.high is not None
    low, high = ("（含）" if closed else "（不含）" for closed in (inside.low_closed, inside.high_closed))
    return f"{plain(inside.low)}分{low}至{plain(inside.high)}分{high}"
