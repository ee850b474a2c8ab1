"""What the reader of one quantity works with: its ranges, steps, proportions and lines, and what each can give."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from jixiao.authoring.criteria.bandsort import COUNTED, Band
from jixiao.authoring.criteria.built import Built
from jixiao.authoring.criteria.clauses import Reading
from jixiao.authoring.criteria.stepping import Steps


@dataclass(slots=True)
class Line:
    """Points along a line: ``a + b·x``."""

    a: Decimal
    b: Decimal


@dataclass(slots=True)
class Rate:
    """Full points in proportion: x ÷ over."""

    over: Decimal = Decimal(1)


@dataclass(slots=True)
class Between:
    """A straight line between the points at both ends of the stretch."""

    low: Decimal = Decimal(0)
    high: Decimal = Decimal(0)


@dataclass(slots=True)
class Work:
    """What is being put together."""

    reading: Reading
    full: Decimal
    name: str
    built: Built
    unit: str = ""
    bands: list[Band] = field(default_factory=list)
    steps: list[Steps] = field(default_factory=list)
    rest: Any = None
    said_full: bool = False
    full_words: str = ""
    full_first: bool = False
    said_zero: bool = False
    around: bool = False

    @property
    def counted(self) -> bool:
        """Whether values are whole numbers."""
        return self.unit in COUNTED


def best(value: Any, full: Decimal) -> Decimal:
    """The most that a value can give."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, Steps):
        return value.most
    if isinstance(value, (Line, Rate)):
        return full
    if isinstance(value, Between):
        return max(value.low, value.high)
    return full
