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
    """One side of a check: what it is in words, and the facts that add up to it (empty: not located).

    ``constant`` is set only where a side is a fixed number, the 0 of a balance that may not be negative.
    """

    text: str
    terms: tuple[Term, ...]
    constant: Decimal | None = None

    @property
    def value(self) -> Decimal | None:
        """The sum, in the facts' own unit; None when nothing is located or a fact is not a number."""
        total = self.constant or Decimal(0)
        for term in self.terms:
            if not isinstance(term.fact.value, Decimal):
                return None
            total += term.sign * term.fact.value
        return total if self.terms or self.constant is not None else None


@dataclass(frozen=True, slots=True)
class Checked:
    """One check carried out. ``relation`` is ``=`` or ``>=`` (left at least right: a balance not negative).

    ``tolerance`` is in the unit of the sides; ``missing`` names what was not located; ``reference`` the legal
    basis; ``absent`` names the tables that were not there at all.
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
    absent: str = ""

    @property
    def difference(self) -> Decimal | None:
        """Left minus right, None when not checked."""
        left, right = self.left.value, self.right.value
        return left - right if left is not None and right is not None else None
