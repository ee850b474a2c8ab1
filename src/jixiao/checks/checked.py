"""What a cross-check leaves: two sides with the facts they are made of, and one of three outcomes."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from jixiao.model.fact import Fact
from jixiao.model.finding import Level


class Outcome(StrEnum):
    """The text is what the 勾稽 sheet shows; a rounding tail holds, but is said."""

    HOLDS = "一致"
    TAIL = "尾差"
    FAILS = "不一致"
    UNCHECKED = "未核对"


@dataclass(frozen=True, slots=True)
class Term:
    """A fact with its sign (+1 or -1) in a sum."""

    sign: int
    fact: Fact


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a check: what it is in words, and the facts that add up to it (empty: not located)."""

    text: str
    terms: tuple[Term, ...]

    @property
    def value(self) -> Decimal | None:
        """The sum, in the facts' own unit; None when nothing is located or a fact is not a number."""
        total = Decimal(0)
        for term in self.terms:
            if not isinstance(term.fact.value, Decimal):
                return None
            total += term.sign * term.fact.value
        return total if self.terms else None


@dataclass(frozen=True, slots=True)
class Checked:
    """One check carried out. ``relation`` is ``=`` or ``>=`` (left at least right: a balance that may not be negative).

    ``tolerance`` is in the unit of the sides; ``missing`` names what was not located; ``reference`` the legal basis.
    """

    id: str
    title: str
    left: Side
    right: Side
    relation: str
    tolerance: Decimal
    unit: str
    level: Level
    outcome: Outcome
    missing: str = ""
    reference: str = ""

    @property
    def difference(self) -> Decimal | None:
        """Left minus right, None when not checked."""
        left, right = self.left.value, self.right.value
        return left - right if left is not None and right is not None else None
