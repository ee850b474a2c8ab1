"""What holds on a stretch of the line: points, a proportion, a straight line, steps, or a person's decision."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from jixiao.authoring.criteria.clauses import Sum

ZERO, ONE = Decimal(0), Decimal(1)
PENDING = "待核定"


@dataclass(slots=True, eq=False)
class Affine:
    """``a + b·x`` points; ``of`` names x in a formula, empty where it has no unknown."""

    a: Decimal
    b: Decimal
    of: str = ""


@dataclass(slots=True, eq=False)
class Rate:
    """The full points in proportion to x ÷ ``over``."""

    over: Decimal = ONE


@dataclass(slots=True, eq=False)
class Between:
    """A straight line between the points at both ends of the stretch."""


@dataclass(slots=True, eq=False)
class Steps:
    """``base`` points at ``start``, ``change`` more for each step in a way (1 up, -1 down, 2 both), inside ``low`` to ``high``.

    ``most`` and ``least`` bound the points; ``inclusive`` says whether a step just reached counts.
    """

    way: int
    each: Decimal
    change: Decimal
    inclusive: bool
    told: str
    start: Decimal = ZERO
    base: Decimal = ZERO
    low: Decimal | None = None
    high: Decimal | None = None
    most: Decimal = ZERO
    least: Decimal = ZERO

    @property
    def gains(self) -> bool:
        """Whether the steps add points."""
        return self.change > 0

    def covers(self, a: Decimal | None, b: Decimal | None) -> bool:
        """Whether a stretch or a figure lies on the side of the steps."""
        low = self.low is None or (a is not None and a >= self.low)
        high = self.high is None or (b is not None and b <= self.high)
        above, below = a is not None and a >= self.start, b is not None and b <= self.start
        return low and high and (above or below if self.way == 2 else above if self.way > 0 else below)


Value = Decimal | str | Affine | Rate | Between | Steps
"""``str`` is PENDING."""


def best(value: Value, full: Decimal) -> Decimal:
    """The most that a value can give."""
    if isinstance(value, Steps):
        return value.most if value.gains else value.base
    return value if isinstance(value, Decimal) else ZERO if isinstance(value, Between) else full


def straight(node: Sum, full: Decimal) -> Affine | None:
    """A formula as a line; None where it has two unknowns, or one that is not in proportion."""
    if node.op in ("full", "number"):
        return Affine(full if node.op == "full" else node.value or ZERO, ZERO)
    if node.op == "name":
        return Affine(ZERO, ONE, node.name)
    sides = [straight(side, full) for side in node.sides]
    left, right = sides[0], sides[-1]
    if left is None or right is None or node.op == "abs":
        return left
    match node.op:
        case "plus" | "minus":
            return _added(left, right, 1 if node.op == "plus" else -1)
        case "times" if not (left.of and right.of):
            line, factor = (left, right.a) if left.of else (right, left.a)
            return Affine(line.a * factor, line.b * factor, line.of)
        case "over" if right.of:
            alone = left.of and left.a == right.a == 0
            return Affine(ZERO, left.b / right.b, f"{left.of}/{right.of}") if alone else None
        case "over" if right.a:
            return Affine(left.a / right.a, left.b / right.a, left.of)
    return None


def _added(left: Affine, right: Affine, sign: int) -> Affine | None:
    if left.of and right.of and left.of != right.of:
        if any((side.a, side.b) != (ZERO, ONE) for side in (left, right)):
            return None  # 甲率×60%+乙率×40% is no one unknown
        return Affine(ZERO, ONE, f"{left.of}{'+' if sign > 0 else '-'}{right.of}")
    return Affine(left.a + sign * right.a, left.b + sign * right.b, left.of or right.of)
