"""A supposition about cells (another unit, another figure), and what it would make of a check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from jixiao.checks.checked import Checked, Term
from jixiao.checks.same import Place, place
from jixiao.model import Fact
from jixiao.text.numbers import AMOUNT_UNITS

FAR, NEAR = Decimal("0.9"), Decimal("0.5")
"""A gap that nearly was the whole figure and under a supposition is less than half of it belongs to the cause."""
Table = tuple[str, str]


@dataclass(frozen=True, slots=True)
class New:
    """What a cell is supposed to hold: its figure ``times`` something, or ``raw``, as it would be printed."""

    times: Decimal = Decimal(1)
    raw: Decimal | None = None

    def value(self, fact: Fact) -> Decimal:
        """The figure of a fact of this cell; one cell may take part in 万元 here and in 元 or as a credit there."""
        return number_of(fact) * self.times if self.raw is None else self.raw / fact.divisor


Change = Mapping[Place, New]


def table_of(fact: Fact) -> Table:
    """The table that a fact stands in: file and sheet, or what was typed under which document."""
    return fact.source.file, fact.source.sheet or fact.source.document


def file_of(fact: Fact) -> Table:
    """All tables of a file; what was typed in a facts file is apart by document."""
    return (fact.source.file, "") if fact.source.cell else table_of(fact)


def terms(one: Checked) -> tuple[Term, ...]:
    """All terms of a check, left first."""
    return one.left.terms + one.right.terms


def number_of(fact: Fact) -> Decimal:
    """The value, 0 where it is no number."""
    return fact.value if isinstance(fact.value, Decimal) else Decimal(0)


def is_amount(fact: Fact) -> bool:
    """Whether it is money."""
    return fact.unit in AMOUNT_UNITS and isinstance(fact.value, Decimal)


def touches(one: Checked, change: Change) -> bool:
    """Whether a supposed figure takes part."""
    return any(place(term.fact) in change for term in terms(one))


def has_other(one: Checked, change: Change) -> bool:
    """Whether figures inside and outside of the supposition take part: in one unit throughout nothing can be seen."""
    seen = {place(term.fact) in change for term in terms(one) if term.fact.value}
    return len(seen) == 2


def printed_of(fact: Fact) -> Decimal:
    """The figure as it stands in the cell."""
    return number_of(fact) * fact.divisor


def gap_of(one: Checked, change: Change) -> tuple[Decimal, Decimal]:
    """Left minus right with the supposed figures, and how large the figures are together."""
    gap, size = Decimal(0), Decimal(0)
    for side, terms_of in ((1, one.left.terms), (-1, one.right.terms)):
        for term in terms_of:
            spot = place(term.fact)
            value = change[spot].value(term.fact) if spot in change else number_of(term.fact)
            gap += side * term.sign * term.factor * value
            size += abs(value)
    return gap + (one.left.constant or Decimal(0)) - (one.right.constant or Decimal(0)), size


def agrees(one: Checked, change: Change) -> bool:
    """Whether the check would hold with these values; figures in another unit are only as exact as a cent of 万元."""
    gap, size = gap_of(one, change)
    cent = Decimal(0)
    if one.unit in AMOUNT_UNITS:
        cent = Decimal("0.005") * len(terms(one)) * AMOUNT_UNITS["万元"] / AMOUNT_UNITS[one.unit]
    tolerance = max(one.tolerance, min(cent, size / 1000))
    if one.relation == ">":
        return gap > 0
    return abs(gap) <= tolerance if one.relation == "=" else gap >= -tolerance


def nears(one: Checked, change: Change) -> bool:
    """Whether the check fails mainly for the supposed reason, though another difference would be left."""
    if one.relation != "=" or not touches(one, change) or not has_other(one, change):
        return False
    (now, size), (then, left) = gap_of(one, {}), gap_of(one, change)
    return bool(size and left) and abs(now) > FAR * size and abs(then) < NEAR * left


def fitting(one: Checked, spot: Place) -> New | None:
    """What the cell must hold for an equation to hold; None where it stands on both sides."""
    own = [(1, t) for t in one.left.terms if place(t.fact) == spot]
    own += [(-1, t) for t in one.right.terms if place(t.fact) == spot]
    weight = sum(side * t.sign * t.factor for side, t in own)
    gap, fact = one.difference, own[0][1].fact
    if not weight or gap is None:
        return None
    value = number_of(fact) - gap / weight
    return New(value / number_of(fact)) if fact.value else New(raw=value * fact.divisor)


def crosses(one: Checked) -> bool:
    """Whether figures of several files take part."""
    return len({table_of(term.fact)[0] for term in terms(one)}) > 1


def says_much(one: Checked) -> bool:
    """Zeros agree with every unit's tables."""
    return bool(one.left.value or one.right.value)
