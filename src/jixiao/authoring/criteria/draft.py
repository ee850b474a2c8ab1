"""A rule while it is put together: what was read, what it becomes, what is asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from jixiao.authoring.criteria.bands import COUNTED, Band
from jixiao.authoring.criteria.clauses import Reading
from jixiao.authoring.criteria.steps import Steps
from jixiao.model import percent, plain

YES, NO = "是", "否"


@dataclass(slots=True)
class Built:
    """A rule read from text.

    ``spec`` is the rule as a plain mapping (see rubric.kinds); ``questions`` are what a person has to settle,
    ``notes`` how an unwritten convention was read. ``answers`` are points for 是 and 否, ``unit`` what a value is
    written in. ``understood`` is false where the questions touch the points; ``closed`` where they touch all of them,
    so that no value has certain points. ``first`` are exceptions that go before the rule, ``assumed`` the values of
    the facts they read where only the quantity itself is told (no violation, evidence at hand).
    """

    spec: dict[str, Any] | None = None
    understood: bool = True
    questions: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    answers: dict[str, Decimal] = field(default_factory=dict)
    unit: str = ""
    names: tuple[str, ...] = ()
    parts: list[Built] = field(default_factory=list)
    full: Decimal = Decimal(0)
    closed: bool = False
    first: list[dict[str, Any]] = field(default_factory=list)
    assumed: dict[str, Decimal] = field(default_factory=dict)

    def ask(self, question: str) -> Built:
        """A question that leaves the whole rule without certain points."""
        self.closed = True
        return self.doubt(question)

    def doubt(self, question: str) -> Built:
        """A question about some values only: what the text settles beside it keeps its points."""
        self.understood = False
        if question not in self.questions:
            self.questions.append(question)
        return self


def shown(value: Decimal, unit: str) -> str:
    """A figure as the text writes it."""
    if unit == "%":
        return percent(value)
    return f"{plain(value)}{unit if unit != '名' else ''}"


def figure_text(value: Decimal, unit: str) -> Any:
    """A figure as a definition writes it: percentages as text."""
    return percent(value) if unit == "%" else value


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
