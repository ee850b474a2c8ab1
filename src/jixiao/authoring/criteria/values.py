"""What holds on a stretch of the line: points, a proportion, a straight line, steps, or a person's decision."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

PENDING = "待核定"


@dataclass(slots=True, eq=False)
class Affine:
    """``a + b·x`` points."""

    a: Decimal
    b: Decimal


@dataclass(slots=True, eq=False)
class Rate:
    """The full points in proportion to x ÷ ``over``."""

    over: Decimal = Decimal(1)


@dataclass(slots=True, eq=False)
class Between:
    """A straight line between the points at both ends of the stretch."""

    low: Decimal = Decimal(0)
    high: Decimal = Decimal(0)


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
    start: Decimal = Decimal(0)
    base: Decimal = Decimal(0)
    low: Decimal | None = None
    high: Decimal | None = None
    most: Decimal = Decimal(0)
    least: Decimal = Decimal(0)

    @property
    def gains(self) -> bool:
        """Whether the steps add points."""
        return self.change > 0

    def covers(self, a: Decimal | None, b: Decimal | None) -> bool:
        """Whether a stretch or a figure lies on the side of the steps."""
        if (self.low is not None and (a is None or a < self.low)) or (
            self.high is not None and (b is None or b > self.high)
        ):
            return False
        above, below = a is not None and a >= self.start, b is not None and b <= self.start
        return above or below if self.way == 2 else above if self.way > 0 else below


Value = Decimal | str | Affine | Rate | Between | Steps
"""``str`` is PENDING."""


def best(value: Value, full: Decimal) -> Decimal:
    """The most that a value can give."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, Steps):
        return value.most if value.gains else value.base
    if isinstance(value, Between):
        return max(value.low, value.high)
    return full
