"""A formula of the points -> a straight line over its one unknown."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from jixiao.authoring.criteria.clauses import Sum

ZERO, ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True, slots=True)
class Straight:
    """``a + b·x``; ``of`` names x, empty where there is no unknown."""

    a: Decimal
    b: Decimal
    of: str


def straight(node: Sum, full: Decimal) -> Straight | None:
    """The formula as a line; None where it has two unknowns, or one that is not in proportion."""
    if node.op == "full":
        return Straight(full, ZERO, "")
    if node.op == "number":
        return Straight(node.value or ZERO, ZERO, "")
    if node.op == "name":
        return Straight(ZERO, ONE, node.name)
    if node.op == "abs":
        return straight(node.sides[0], full)
    left, right = (straight(side, full) for side in node.sides)
    if left is None or right is None:
        return None
    if node.op in ("plus", "minus"):
        return _added(left, right, 1 if node.op == "plus" else -1)
    return _times(left, right) if node.op == "times" else _over(left, right)


def _added(left: Straight, right: Straight, sign: int) -> Straight | None:
    if left.of and right.of and left.of != right.of:
        if any((side.a, side.b) != (ZERO, ONE) for side in (left, right)):
            return None  # 甲率×60%+乙率×40% is no one unknown
        return Straight(ZERO, ONE, f"{left.of}{'+' if sign > 0 else '-'}{right.of}")
    return Straight(left.a + sign * right.a, left.b + sign * right.b, left.of or right.of)


def _times(left: Straight, right: Straight) -> Straight | None:
    if left.of and right.of:
        return None
    line, factor = (left, right.a) if left.of else (right, left.a)
    return Straight(line.a * factor, line.b * factor, line.of)


def _over(left: Straight, right: Straight) -> Straight | None:
    if right.of:
        return (
            Straight(ZERO, left.b / right.b, f"{left.of}/{right.of}")
            if left.of and left.a == right.a == 0
            else None
        )
    return Straight(left.a / right.a, left.b / right.a, left.of) if right.a else None
