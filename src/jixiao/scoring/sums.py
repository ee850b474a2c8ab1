"""Sums that the net needs: full points after moves, how many of some conditions hold."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from jixiao.model import NOT_APPLICABLE, Arith, Const, Expr, If, Is
from jixiao.rubric import Indicator, Part, Rubric


def count_of(tests: list[Expr]) -> Expr:
    """How many of the conditions hold."""
    total: Expr = If(tests[0], Const(1), Const(0))
    for test in tests[1:]:
        total = Arith("+", total, If(test, Const(1), Const(0)))
    return total


def _part_fulls(rubric: Rubric) -> dict[str, tuple[str, Decimal]]:
    """Part key -> (key of its points, declared full points)."""
    made: dict[str, tuple[str, Decimal]] = {}
    for indicator in rubric.indicators():
        made[indicator.key] = (f"{indicator.key}.规则分", indicator.weight)
        for part in indicator.rule.leaves():
            if part.key != indicator.key:
                made[part.key] = (f"{part.key}.得分", part.full)
    return made


def received(rubric: Rubric, key: str) -> Expr | None:
    """Points that others move to this part while they do not apply; None where no move names it."""
    total: Expr | None = None
    moves = [move for move in rubric.moves if key in move.targets]
    fulls = _part_fulls(rubric) if moves else {}
    for move in moves:
        points, full = fulls[move.source]
        moved: Expr = If(Is(points, NOT_APPLICABLE), Const(full / len(move.targets)), Const(0))
        total = moved if total is None else Arith("+", total, moved)
    return total


def effective_full(rubric: Rubric, indicator: Indicator) -> Expr:
    """Full points of an indicator: its weight, less parts that do not apply, plus what was moved to it."""
    full: Expr = Const(indicator.weight)
    for points, lost in _leaving(rubric, indicator):
        full = Arith("-", full, If(Is(points, NOT_APPLICABLE), Const(lost), Const(0)))
    for key in dict.fromkeys([indicator.key, *(part.key for part in indicator.rule.leaves())]):
        moved = received(rubric, key)
        if moved is not None:
            full = Arith("+", full, moved)
    return full


def _leaving(rubric: Rubric, indicator: Indicator) -> Iterator[tuple[str, Decimal]]:
    """(key of points that may be 不适用, full points that then leave the indicator)."""
    rule, whole = indicator.rule, f"{indicator.key}.规则分"
    sources = {move.source for move in rubric.moves}
    leaving = [p for p in rule.leaves() if p.key in sources or any(ask.field == "适用" for ask in p.asks)]
    if keeps_full(rule):
        yield from [(whole, indicator.weight)] if leaving else []
        return
    for part in leaving:
        yield (whole if part.key == indicator.key else f"{part.key}.得分"), part.full


def keeps_full(rule: Part) -> bool:
    """Whether a rule says itself what happens when a part does not apply: alternatives, shares, a rescaled block."""
    return bool(rule.parts) and rule.kind != "sum"
