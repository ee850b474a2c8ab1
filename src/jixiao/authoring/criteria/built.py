"""A rule read from text: the rule itself, what is asked, what a convention was read as."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from jixiao.rubric import Part

YES, NO = "是", "否"


@dataclass(slots=True)
class Built:
    """What came of a text.

    ``spec`` is the rule as a plain mapping (see rubric.kinds); ``questions`` are what a person has to settle,
    ``notes`` how an unwritten convention was read. ``answers`` are points for 是 and 否, ``unit`` what a value is
    written in. ``understood`` is false where the questions touch the points; ``closed`` where they touch all of them,
    so that no value has certain points. ``first`` are exceptions that go before the rule, ``assumed`` the values of
    the counts they read where only the quantity itself is told (no violation, evidence at hand), ``compared`` those of
    the figures they compare, so that none holds. ``part`` is the rule as
    it was built.
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
    compared: dict[str, Decimal] = field(default_factory=dict)
    part: Part | None = None

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
