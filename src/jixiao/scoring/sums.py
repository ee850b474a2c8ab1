"""Sums that the net needs: full points after moves, how many of some conditions hold."""

from __future__ import annotations

from decimal import Decimal

from jixiao.model.expr import NOT_APPLICABLE, Arith, Const, Expr, If, Is
from jixiao.rubric import Indicator, Rubric


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
    sources = {move.source for move in rubric.moves}
    fulls = _part_fulls(rubric)
    for part in indicator.rule.leaves() if indicator.rule.kind in SHRINKING or not indicator.rule.parts else ():
        if part.key in sources or any(ask.field == "适用" for ask in part.asks):
            gone = Is(fulls[part.key][0], NOT_APPLICABLE)
            full = Arith("-", full, If(gone, Const(part.full), Const(0)))
    for key in dict.fromkeys([indicator.key, *(part.key for part in indicator.rule.leaves())]):
        moved = received(rubric, key)
        if moved is not None:
            full = Arith("+", full, moved)
    return full
