"""What a cross-check leaves: two sides with the facts they are made of, and one of three outcomes."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from jixiao.model import Fact, Level


class Outcome(StrEnum):
    """The text is what the 勾稽 sheet shows; a rounding tail holds, but is said."""

    HOLDS = "一致"
    TAIL = "尾差"
    FAILS = "不一致"
    UNCHECKED = "未核对"


@dataclass(frozen=True, slots=True)
class Term:
    """A fact with its sign (+1 or -1) in a sum, and the fixed factor that it is taken times."""

    sign: int
    fact: Fact
    factor: Decimal = Decimal(1)

    @property
    def amount(self) -> Decimal | None:
        """What it adds to its side; None where the fact is not a number."""
        value = self.fact.value
        return self.sign * self.factor * value if isinstance(value, Decimal) else None


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
            amount = term.amount
            if amount is None:
                return None
            total += amount
        return total if self.terms or self.constant is not None else None


@dataclass(frozen=True, slots=True)
class Checked:
    """One check carried out. ``relation`` is ``=``, ``>=`` (left at least right: a balance not negative) or ``>``.

    ``tolerance`` is in the unit of the sides; ``missing`` names what was not located; ``reference`` the legal
    basis; ``absent`` names the tables that were not there at all. ``basis``: what is missing is the paper that the
    left side needs. ``advice`` is empty where the general advice fits. ``also`` are further figures of its condition.
    ``says`` and ``group`` are the sentences of its identity, ``row`` the row that it was made for.
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
    basis: bool = False
    advice: str = ""
    also: tuple[Fact, ...] = ()
    says: str = ""
    group: str = ""
    row: str = ""

    @property
    def difference(self) -> Decimal | None:
        """Left minus right, None when not checked."""
        left, right = self.left.value, self.right.value
        return left - right if left is not None and right is not None else None
