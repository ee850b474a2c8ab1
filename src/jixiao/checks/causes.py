"""Failing checks -> their common causes: one wrong unit, one wrong figure, two columns exchanged, a foreign table.

A cause is a supposition about cells (another unit, another figure) that is tried out on every check: it counts only
if it makes failing checks agree and breaks hardly any that agreed. The checks themselves keep failing; only their
findings are put together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from jixiao.checks.checked import Checked, Outcome
from jixiao.checks.same import Place, place
from jixiao.model import Fact, half_up
from jixiao.text import AMOUNT_UNITS

FACTORS = (Decimal(10000), Decimal(1000))
"""元 against 万元, 元 against 千元."""
TEN = Decimal(10)
"""千元 against 万元: only where a whole table says so, a single shifted digit is a slip of the pen."""
ENOUGH = 2  # failing checks with one cause
MANY = 3
MOST_CAUSES = 12
PLACES = 6
FEW_ENOUGH = 200  # failing checks: with more only whole tables are looked at, not every cell
FOREIGN = "foreign"
FOREIGN_LEAST, FOREIGN_SHARE = 5, Decimal("0.7")


@dataclass(frozen=True, slots=True)
class Cause:
    """What explains several failing checks: ``kind`` is unit, figure, columns or foreign.

    ``fact`` is the figure to look at first, ``value`` what would fit in its place (in the concept's unit); ``factor``
    the factor of a wrong unit, below 1 where the figures are too large; ``columns`` the letters of exchanged columns;
    ``among`` how many checks the table takes part in.
    """

    kind: str
    checks: tuple[Checked, ...]
    fact: Fact
    value: Decimal | None = None
    factor: Decimal = Decimal(1)
    columns: tuple[str, str] = ("", "")
    among: int = 0
    whole: bool = False


def causes(checked: Sequence[Checked]) -> list[Cause]:
    """The causes of failing checks, the ones that explain most first; no check belongs to two of them."""
    found: list[Cause] = []
    scene = _Scene(checked)
    while scene.failing and len(found) < MOST_CAUSES:
        supposed = list(scene.suppositions())
        exact = max((c for c in supposed if c.kind != FOREIGN), key=lambda c: len(c.checks), default=None)
        vague = max((c for c in supposed if c.kind == FOREIGN), key=lambda c: len(c.checks), default=None)
        best = exact or vague
        if exact and vague and 2 * len(exact.checks) < len(vague.checks):
            best = vague
        if best is None:
            break
        found.append(best)
        scene.settle(best.checks)
    return found


class _Scene:
    """The checks by the cells they contain."""

    def __init__(self, checked: Sequence[Checked]) -> None:
        self.failing = [one for one in checked if one.outcome is Outcome.FAILS]
        self.open = {id(one): number for number, one in enumerate(self.failing)}
        self.facts: dict[Place, Fact] = {}
        self.of: dict[Place, list[Checked]] = {}
        self.agreeing: set[int] = set()
        if self.failing:
            for one in checked:
                self._keep(one)

    def _keep(self, one: Checked) -> None:
        if one.outcome is Outcome.UNCHECKED:
            return
        if one.outcome is not Outcome.FAILS:
            self.agreeing.add(id(one))
        for term in one.terms:
            spot = place(term.fact)
            self.facts.setdefault(spot, term.fact)
            listed = self.of.setdefault(spot, [])
            if not listed or listed[-1] is not one:
                listed.append(one)

    def settle(self, checks: Sequence[Checked]) -> None:
        """These checks have their cause."""
        for one in checks:
            self.open.pop(id(one), None)
        self.failing = [one for one in self.failing if id(one) in self.open]

    def suppositions(self) -> Iterator[Cause]:
        """Every cause that fits the failing checks that are left; of equal ones the likelier comes first."""
        spots = list(dict.fromkeys(place(t.fact) for one in self.failing for t in one.terms))
        spots.reverse()  # the right side is the document of less authority: suspected first
        for within in (file_of, table_of):
            for group in dict.fromkeys(within(self.facts[spot]) for spot in spots):
                members = [spot for spot, fact in self.facts.items() if within(fact) == group]
                yield from self._units(members, (*FACTORS, TEN))
        for spot in spots if len(self.failing) <= FEW_ENOUGH else ():
            yield from self._units([spot], FACTORS)
            yield from self._figure(spot)
        for table in dict.fromkeys(table_of(self.facts[spot]) for spot in spots):
            yield from self._columns(table)
        for file in dict.fromkeys(file_of(self.facts[spot]) for spot in spots):
            yield from self._foreign(file)

    def _units(self, group: list[Place], factors: Sequence[Decimal]) -> Iterator[Cause]:
        amounts = [spot for spot in group if is_amount(self.facts[spot])]
        for factor in (*factors, *(1 / factor for factor in factors)):
            change = {spot: New(factor) for spot in amounts}
            good = [one for one in self._explained(change) if has_other(one, change)]
            least = MANY if factor in (TEN, 1 / TEN) else 1
            # any factor makes one side of an inequality the larger one: only figures that agree tell of a unit
            shown = sum(one.relation == "=" for one in good)
            if shown >= least and 2 * self._broken(change) < len(good):
                one = next(t.fact for t in good[0].terms if place(t.fact) in change and t.fact.value)
                done = set(map(id, good))
                whole = good + [left for left in self.failing if id(left) not in done and nears(left, change)]
                yield Cause("unit", tuple(whole), one, factor=factor, whole=len(amounts) > 1)

    def _figure(self, spot: Place) -> Iterator[Cause]:
        """One value in this cell that makes all its checks agree."""
        fact = self.facts[spot]
        own = [one for one in self.of[spot] if one.relation == "=" and id(one) in self.open]
        if len(own) < ENOUGH or any(
            id(one) in self.agreeing and one.relation == "=" for one in self.of[spot]
        ):
            return
        wanted = fitting(own[0], spot)
        if wanted is not None:
            change = {spot: wanted}
            good = self._explained(change)
            if len(good) == len(own) and not self._broken(change):
                yield Cause("figure", tuple(good), fact, value=half_up(wanted.value(fact), PLACES))

    def _columns(self, table: Table) -> Iterator[Cause]:
        rows: dict[str, dict[str, Place]] = {}
        for spot, fact in self.facts.items():
            if table_of(fact) == table and fact.source.cell and isinstance(fact.value, Decimal):
                letters = fact.source.cell.rstrip("0123456789")
                rows.setdefault(fact.source.cell[len(letters) :], {})[letters] = spot
        columns = sorted({letters for row in rows.values() for letters in row}, key=lambda c: (len(c), c))
        for at, first in enumerate(columns):
            for second in columns[at + 1 :]:
                pairs = [(r[first], r[second]) for r in rows.values() if first in r and second in r]
                yield from self._exchanged(pairs, (first, second))

    def _exchanged(self, pairs: list[tuple[Place, Place]], columns: tuple[str, str]) -> Iterator[Cause]:
        change: dict[Place, New] = {}
        for one, other in pairs:
            change[one] = New(raw=printed_of(self.facts[other]))
            change[other] = New(raw=printed_of(self.facts[one]))
        good = self._explained(change)
        touched = {place(t.fact) for check in good for t in check.terms} & change.keys()
        rows = sum(one in touched or other in touched for one, other in pairs)
        if rows >= ENOUGH and len(good) >= ENOUGH and not self._broken(change):
            fact = self.facts[next(spot for spot in change if spot in touched)]
            yield Cause("columns", tuple(good), fact, columns=columns)

    def _foreign(self, file: Table) -> Iterator[Cause]:
        """A file most of whose figures agree with no other file."""
        own = [spot for spot, fact in self.facts.items() if file_of(fact) == file]
        between = {id(one): one for spot in own for one in self.of[spot] if crosses(one) and says_much(one)}
        bad = [one for one in self.failing if id(one) in between]
        if len(bad) >= FOREIGN_LEAST and len(bad) >= FOREIGN_SHARE * len(between):
            fact = next(t.fact for t in bad[0].terms if file_of(t.fact) == file)
            yield Cause(FOREIGN, tuple(bad), fact, among=len(between))

    def _explained(self, change: Change) -> list[Checked]:
        near = {id(one): one for spot in change for one in self.of[spot] if id(one) in self.open}
        good = [one for one in near.values() if agrees(one, change) and not agrees(one, {})]
        return sorted(good, key=lambda one: self.open[id(one)])

    def _broken(self, change: Change) -> int:
        seen = {id(one): one for spot in change for one in self.of[spot] if id(one) in self.agreeing}
        return sum(1 for one in seen.values() if one.relation == "=" and not agrees(one, change))


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


def number_of(fact: Fact) -> Decimal:
    """The value, 0 where it is no number."""
    return fact.value if isinstance(fact.value, Decimal) else Decimal(0)


def is_amount(fact: Fact) -> bool:
    """Whether it is money."""
    return fact.unit in AMOUNT_UNITS and isinstance(fact.value, Decimal)


def touches(one: Checked, change: Change) -> bool:
    """Whether a supposed figure takes part."""
    return any(place(term.fact) in change for term in one.terms)


def has_other(one: Checked, change: Change) -> bool:
    """Whether figures inside and outside of the supposition take part: in one unit throughout nothing can be seen."""
    seen = {place(term.fact) in change for term in one.terms if term.fact.value}
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
        cent = Decimal("0.005") * len(one.terms) * AMOUNT_UNITS["万元"] / AMOUNT_UNITS[one.unit]
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
    return len({table_of(term.fact)[0] for term in one.terms}) > 1


def says_much(one: Checked) -> bool:
    """Zeros agree with every unit's tables."""
    return bool(one.left.value or one.right.value)
