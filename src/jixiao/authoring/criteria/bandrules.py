"""Sorted stretches with their values -> the simplest rule kind that says the same."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from jixiao.authoring.criteria.bands import CONTESTED, Band, Sorted, written
from jixiao.authoring.criteria.draft import Between, Built, Line, Rate, Work, best, figure_text
from jixiao.authoring.criteria.phrases import Cap
from jixiao.authoring.criteria.steps import Steps
from jixiao.model import Interval, half_up, plain

Stretches = list[tuple[Interval, Any]]


def specification(work: Work, made: Sorted, stretches: Stretches) -> None:
    """Set ``spec`` of the work's result; a rule that cannot give its full points, or gives more, is asked about."""
    built, full = work.built, work.full
    _limits(work, stretches)
    top = max((best(value, full) for _, value in stretches), default=Decimal(0))
    if top > full:
        built.ask(f"文中最高得{plain(top)}分，超过本项满分{plain(full)}分，可能沿用了旧的权重")
        return
    if top < full:
        built.ask(f"文中最高得{plain(top)}分，得不到本项满分{plain(full)}分")
        return
    if any(isinstance(v, Line) for _, v in stretches) and _mixed_scale(work, stretches):
        built.ask("算式按比率计算，档次却不是比率，不能确定两处的数怎样对应")
        return
    if any(not _fits(work, value) for _, value in stretches):
        built.ask(f"算式的满分与本项满分{plain(full)}分不符，可能沿用了旧的权重")
        return
    if work.around:
        built.spec = _both_ways(work, stretches)
        if built.spec is None:
            built.ask("向两个方向计算的写法没有读懂")
        return
    built.spec = _simple(work, stretches) or _pieces(work, stretches)
    if built.spec["kind"] in ("steps", "proportional", "score"):
        built.notes = [note for note in built.notes if not note.endswith("此时由评价人核定")]


def _mixed_scale(work: Work, stretches: Stretches) -> bool:
    """Whether a formula over a rate stands beside bands over figures such as 60 points."""
    lines = [v for _, v in stretches if isinstance(v, Line)]
    rate = any(half_up(v.a + v.b, 6) == work.full for v in lines)
    figures = [v for b in work.bands for v in (b.low, b.high) if v is not None]
    return rate and work.unit != "%" and any(abs(v) > 2 for v in figures)


def _fits(work: Work, value: Any) -> bool:
    """Whether a formula reaches the full points at 1, 10, 100 or 1000, at 0, or where a band takes over."""
    if not isinstance(value, Line):
        return True
    tops = [value.a, *(value.a + value.b * scale for scale in (1, 10, 100, 1000))]
    tops += [
        value.a + value.b * v
        for b in work.bands
        if b.value == work.full
        for v in (b.low, b.high)
        if v is not None
    ]
    return any(half_up(top, 6) == work.full for top in tops)


def _both_ways(work: Work, stretches: Stretches) -> dict[str, Any] | None:
    """±5%以内: bands over the distance from zero, or steps beyond it on both sides."""
    held = [(i, v) for i, v in stretches if i.low is not None]
    if all(isinstance(v, Decimal) or v == CONTESTED for _, v in held):
        bands = {written(i, work.unit): v for i, v in held}
        return {"kind": "deviation", "full": work.full, "x": work.name, "bands": bands}
    steps = [v for _, v in held if isinstance(v, Steps)]
    if len(held) != 2 or len(steps) != 1 or held[0][1] != work.full:
        return None
    inner, step = held[0][0], steps[0]
    assert inner.high is not None
    middle = Interval(-inner.high, inner.high_closed, inner.high, inner.high_closed)
    up = _piece(work, step, held)
    down = {**up, "start": figure_text(-inner.high, work.unit), "way": "down"}
    sides = {
        written(Interval(None, False, -inner.high, not inner.high_closed), work.unit): down,
        written(middle, work.unit): work.full,
        written(Interval(inner.high, not inner.high_closed, None, False), work.unit): up,
    }
    return {"kind": "pieces", "full": work.full, "x": work.name, "pieces": sides}


def _limits(work: Work, stretches: Stretches) -> None:
    """Bring 最高, 最多 and 累计 limits into the steps; a limit that fits nothing is asked about."""
    for cap in work.reading.caps:
        if cap.most is None or cap.what in ("rate", "total"):
            continue
        gains = [v for _, v in stretches if isinstance(v, Steps) and v.gains]
        losses = [v for _, v in stretches if isinstance(v, Steps) and not v.gains]
        for value in gains:
            most = cap.most if value.base == 0 or cap.most == work.full else value.base + cap.most
            value.most = min(work.full, most)
        if cap.what == "deducted":
            for value in losses:
                value.most_lost = cap.most
        if not gains and not (losses and cap.what == "deducted") and not _harmless(work, cap, stretches):
            work.built.ask(f"“最多{plain(cap.most)}分”与本项满分{plain(work.full)}分的关系没有写明")


def _harmless(work: Work, cap: Cap, stretches: Stretches) -> bool:
    """A limit that the rule keeps anyway."""
    if cap.what == "points":
        return cap.most == work.full
    lowest = min((v for _, v in stretches if isinstance(v, Decimal)), default=Decimal(0))
    return cap.most is not None and lowest >= work.full - cap.most


def least(value: Steps) -> Decimal:
    """What remains at least, where the deduction has its own limit."""
    return Decimal(0) if value.most_lost is None else max(Decimal(0), value.base - value.most_lost)


def _simple(work: Work, stretches: Stretches) -> dict[str, Any] | None:
    values = [value for _, value in stretches]
    spec: dict[str, Any] = {"full": work.full, "x": work.name}
    if all(isinstance(v, Decimal) or v == CONTESTED for v in values):
        bands = {written(i, work.unit): v for i, v in stretches}
        return {"kind": "bands", **spec, "bands": bands}
    return _as_steps(work, stretches, spec) or _as_rate(work, stretches, spec)


def _as_steps(work: Work, stretches: Stretches, spec: dict[str, Any]) -> dict[str, Any] | None:
    steps = [v for _, v in stretches if isinstance(v, Steps)]
    others = [(i, v) for i, v in stretches if not isinstance(v, Steps)]
    if (
        len(steps) != 1
        or steps[0].gains
        or steps[0].way == 2
        or least(steps[0])
        or steps[0].base != work.full
    ):
        return None
    step = steps[0]
    if any(v != work.full for _, v in others) or not _beyond(step, others):
        return None
    own = next(i for i, v in stretches if v is step)
    if (own.high if step.way > 0 else own.low) is not None:
        return None
    return {
        "kind": "steps", **spec, "start": figure_text(step.start, work.unit), "each": figure_text(step.each, work.unit),
        "deduct": -step.change, "mode": mode(work), "inclusive": step.inclusive is not False, "downward": step.way < 0,
    }  # fmt: skip


def _beyond(step: Steps, others: Stretches) -> bool:
    """Whether the full points stand on the other side of the start, all the way out."""
    if not others:
        return step.start == 0 and step.way > 0
    if len(others) > 1:
        return False
    low, high = others[0][0].low, others[0][0].high
    point = low is not None and low == high == step.start
    return point or (low is None if step.way > 0 else high is None)


def mode(work: Work) -> str:
    """How a begun step counts."""
    return "started" if "started" in work.reading.signs else "whole"


def _as_rate(work: Work, stretches: Stretches, spec: dict[str, Any]) -> dict[str, Any] | None:
    if len(stretches) > 2:
        return None
    rates = [v for _, v in stretches if isinstance(v, (Rate, Line))]
    if len(rates) != 1:
        return None
    rate, full = rates[0], work.full
    over = rate.over if isinstance(rate, Rate) else None
    if isinstance(rate, Line):
        if rate.a or rate.b <= 0:
            return None
        over = full / rate.b
    assert over is not None
    for interval, value in stretches:
        if not isinstance(value, (Rate, Line)) and not (
            value == full and interval.low == over and interval.high in (None, over)
        ):
            return None
    if over == 1:
        return {"kind": "proportional", **spec}
    if over in (10, 100, 1000) and isinstance(rate, Line):
        return {"kind": "score", **spec, "of": over}
    return (
        {"kind": "proportional", **spec, "over": figure_text(over, "%")} if work.unit in ("%", "") else None
    )


def _pieces(work: Work, stretches: Stretches) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for interval, value in stretches:
        made[written(interval, work.unit)] = _piece(work, value, stretches)
    return {"kind": "pieces", "full": work.full, "x": work.name, "pieces": made}


def _piece(work: Work, value: Any, stretches: Stretches) -> Any:
    if isinstance(value, Steps):
        made = {
            "from": value.base,
            "start": figure_text(value.start, work.unit),
            "each": figure_text(value.each, work.unit),
            "mode": mode(work),
            "inclusive": value.inclusive is not False,
            "way": {1: "up", -1: "down", 2: "both"}[value.way],
        }
        if value.gains:
            return {**made, "add": value.change, "most": value.most}
        return {**made, "deduct": -value.change, "least": least(value)}
    if isinstance(value, Rate):
        return {"rate": figure_text(value.over, work.unit)}
    if isinstance(value, Line):
        return {"line": [value.a, value.b]}
    if isinstance(value, Between):
        return {"between": _ends_of(value, stretches)}
    return value


def _ends_of(value: Any, stretches: Stretches) -> list[Decimal]:
    place = next(n for n, (_, v) in enumerate(stretches) if v is value)
    sides = []
    for near in (place - 1, place + 1):
        other = stretches[near][1] if 0 <= near < len(stretches) else None
        sides.append(other if isinstance(other, Decimal) else Decimal(0))
    return sides


def named(bands: Sequence[Band]) -> bool:
    """Whether every band is told by one figure, the last of them 达到90% at most."""
    figures = [b.low if b.low is not None else b.high for b in bands]
    highest = max((v for v in figures if v is not None), default=None)
    points = all(b.low == b.high or (b.high is None and b.low == highest) for b in bands)
    return len(bands) > 1 and points and any(b.low == b.high for b in bands)


def named_points(work: Work) -> Built:
    """60%得0分，100%得满分，中间按插值: points at named figures."""
    points = {str(figure_text(b.low, work.unit)): b.value for b in work.bands if b.low is not None}
    if len(points) < len(work.bands) or not all(isinstance(v, Decimal) for v in points.values()):
        return work.built.ask("插值的各点没有读全")
    if max(points.values()) != work.full:
        return work.built.ask(f"插值各点的最高分与本项满分{plain(work.full)}分不符")
    work.built.spec = {"kind": "interpolate", "full": work.full, "x": work.name, "points": points}
    return work.built
