"""Ranges with their values -> stretches that meet exactly; what two ranges claim or none covers is told, not guessed.

The number line is cut at every figure of the text into atoms: single figures and the open stretches between them. Each
atom gets the value of the range that covers it. At a figure where ranges meet, the stronger word wins (``clauses.Side``).
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from jixiao.authoring.criteria.clauses import Side
from jixiao.authoring.criteria.values import PENDING, Value
from jixiao.model import Interval, percent
from jixiao.model import plain as plain_number


@dataclass(slots=True, eq=False)
class Band:
    """One range of the text and its value."""

    low: Decimal | None
    low_side: Side
    high: Decimal | None
    high_side: Side
    value: Value
    told: str = ""

    @property
    def exact(self) -> bool:
        """Whether it is a single figure."""
        return self.low is not None and self.low == self.high

    @property
    def wide(self) -> bool:
        """Whether it has two ends that are not the same figure."""
        return None not in (self.low, self.high) and self.low != self.high

    @property
    def ends(self) -> list[Decimal]:
        """The figures at its ends."""
        return [end for end in (self.low, self.high) if end is not None]

    def over(self, a: Decimal | None, b: Decimal | None) -> bool:
        """Whether the open stretch between two figures lies inside."""
        low = self.low is None or (a is not None and a >= self.low)
        return low and (self.high is None or (b is not None and b <= self.high))

    def claim(self, v: Decimal, *, counted: bool) -> int:
        """How strongly it claims a figure: 6 inside, 1 to 5 at an end by its word, 0 not at all."""
        sides = [side for end, side in ((self.low, self.low_side), (self.high, self.high_side)) if v == end]
        outside = (self.low is not None and v < self.low) or (self.high is not None and v > self.high)
        if outside or Side.OUT in sides:
            return 0
        return 6 if not sides else int(Side.IN) + 1 if counted else int(min(sides)) + 1

    def inside(self, other: Band) -> bool:
        """Whether this range is a part of another."""
        low = other.low is None or (self.low is not None and self.low >= other.low)
        return low and (other.high is None or (self.high is not None and self.high <= other.high))


def max_of(bands: Sequence[Band]) -> Band | None:
    """The first of those that give the most points."""
    held = [(band.value, -n) for n, band in enumerate(bands) if isinstance(band.value, Decimal)]
    return bands[-max(held)[1]] if held else None


Atom = tuple[Decimal | None, Decimal | None, Value | None]
"""From one figure to the next, open (or the figure itself), and its value; None where the text is silent."""


@dataclass(slots=True)
class Line:
    """The number line: atoms in order, figures that two ranges claim, stretches where they differ."""

    atoms: list[Atom] = field(default_factory=list)
    contested: list[Decimal] = field(default_factory=list)
    overlaps: list[str] = field(default_factory=list)
    nested: bool = False


def laid_out(bands: Sequence[Band], cuts: Sequence[Decimal], *, counted: bool, unit: str) -> Line:
    """The line of some ranges, cut at further figures too."""
    _exact_beside_more(bands)
    _listed_whole(bands)
    ends = sorted({v for band in bands for v in band.ends} | set(cuts))
    made = Line()
    below: Decimal | None = None
    for end in [*ends, None]:
        owners = [band for band in bands if band.over(below, end)]
        value = _agreed(owners, made)
        if value is None and owners:
            value = PENDING
            made.overlaps.append(f"{shown_end(below, unit)}至{shown_end(end, unit)}")
        made.atoms.append((below, end, value))
        if end is not None:
            made.atoms.append((end, end, _at(bands, end, made, counted=counted)))
        below = end
    _beyond_best(bands, made)
    return made


def _agreed(owners: Sequence[Band], made: Line) -> Value | None:
    """The one value of ranges over one place: they say the same, or one is the strictest of a ladder."""
    if not owners:
        return None
    if len({repr(band.value) for band in owners}) == 1:
        return owners[0].value
    best = _strictest(owners)
    if best is None:
        return None
    made.nested = made.nested or not best.exact
    return best.value


def _strictest(owners: Sequence[Band]) -> Band | None:
    """90%以上, 80%以上, …: of nested thresholds the strictest, where points go one way; of a figure and a range, the figure."""
    best = next((band for band in owners if all(band.inside(other) for other in owners)), None)
    if best is None or best.exact:
        return best
    if best.value == 0 and not any(isinstance(b.value, (Decimal, str)) for b in owners if b is not best):
        return best  # 按比例计分，低于60%不得分
    shapes = {(band.low is None, band.high is None) for band in owners}
    points = [band.value for band in sorted(owners, key=lambda b: (b.low or 0, -(b.high or 0)))]
    numbers = [p for p in points if isinstance(p, Decimal)]
    if len(shapes) > 1 or shapes & {(True, True), (False, False)} or len(numbers) < len(points):
        return None
    pairs = list(itertools.pairwise(numbers))
    return best if all(a < b for a, b in pairs) or all(a > b for a, b in pairs) else None


def _at(bands: Sequence[Band], v: Decimal, made: Line, *, counted: bool) -> Value | None:
    """Who holds a figure."""
    claims = [(band.claim(v, counted=counted), band) for band in bands]
    best = max((strength for strength, _ in claims), default=0)
    if not best:
        return None
    owners = [band for strength, band in claims if strength == best or (best == 6 and strength)]
    exact = [band for band in owners if band.exact]
    if len(exact) == 1:
        return exact[0].value
    law = int(Side.LAW) + 1
    if best == law and len(owners) == 1 and owners[0].high == v:
        # 80%以下 holds 80%, and so may 80%—90%
        rivals = [b for strength, b in claims if int(Side.END) < strength < best and b.low == v]
        owners += rivals
    value = _agreed(owners, made)
    if value is None:
        made.contested.append(v)
        if counted or best > law:
            made.overlaps.append(plain_number(v))
        return PENDING
    return value


def _exact_beside_more(bands: Sequence[Band]) -> None:
    """达到100%得4分，超过100%不得分: the first is meant for the figure itself."""
    for one, other in itertools.permutations(bands, 2):
        rising = one.high is None and other.high is None and one.low is not None and one.low == other.low
        if rising and one.low_side is not Side.OUT and other.low_side is Side.OUT:
            one.high, one.high_side = one.low, Side.IN


def _listed_whole(bands: Sequence[Band]) -> None:
    """20~29个, 10~19个, 10个以下: ranges told by whole figures hold both ends, so that 10 is no longer 以下."""
    wide = [b for b in bands if b.wide and b.low_side is Side.END and b.high_side is Side.END]
    for one, other in itertools.permutations(wide, 2):
        if one.low is None or other.high is None or one.low - other.high not in (Decimal(1), Decimal("0.01")):
            continue
        for band in bands:
            if band.low is None and band.high_side is Side.LAW and band.high in (one.low, other.low):
                band.high_side = Side.OUT
            if band.high is None and band.low_side is Side.LAW and band.low in (one.high, other.high):
                band.low_side = Side.OUT


def ladder(bands: Sequence[Band]) -> None:
    """达到90%得5分，80%得4分，70%得3分，70%以下不得分: the figures between are rungs, each held from there upward."""
    held = sorted((b for b in bands if b.low is not None), key=lambda b: b.low or Decimal(0), reverse=True)
    rungs, below = held[1:], [b for b in bands if b.low is None]
    if not rungs or not all(b.exact for b in rungs) or held[0].high is not None:
        return
    if len(below) != 1 or below[0].high != rungs[-1].low:
        return
    values = [b.value for b in (*held, *below) if isinstance(b.value, Decimal)]
    if len(values) == len(held) + 1 and all(a > b for a, b in itertools.pairwise(values)):
        for rung in rungs:
            rung.high, rung.high_side = None, Side.END
        below[0].high_side = Side.OUT


def close_small_gaps(bands: Sequence[Band], unit: str, *, lower: bool = False) -> None:
    """95%—99.99%: the last figure before the next band, written out; the band ends where that one begins.

    ``lower``: the text says that each range holds its lower end and not its upper one.
    """
    for band in bands if lower else ():
        band.low_side, band.high_side = Side.IN, band.high_side if band.exact else Side.OUT
    small = {"%": Decimal("0.0001"), "分": Decimal("0.01"), "": Decimal("0.01")}.get(unit)
    lows = {band.low for band in bands if band.low is not None}
    for band in bands:
        high = band.high
        if small is None or high is None or high in lows or (high / small) % 10 != 9:
            continue
        near = next((low for low in lows if 0 < low - high <= small), None)
        if near is not None:
            band.high, band.high_side = near, Side.OUT


def _beyond_best(bands: Sequence[Band], made: Line) -> None:
    """=100%得10分，≥90%得8分: what lies beyond 100% is not meant to earn less."""
    exact = [b for b in bands if b.exact]
    best = max_of(exact)
    if best is None or best is not max_of([best, *bands]):
        return
    for place, (a, b, value) in enumerate(made.atoms):
        own = next((band for band in bands if band.value is value), None)
        if a == b or own is None or best.low is None:
            continue
        above = a is not None and own.low is not None and a >= best.low > own.low
        below = b is not None and own.high is not None and b <= best.low < own.high
        if above or below:
            made.atoms[place] = (a, b, PENDING)


def shown_end(value: Decimal | None, unit: str) -> str:
    """A figure as the text writes it; … for no end."""
    return "…" if value is None else shown(value, unit)


def shown(value: Decimal, unit: str) -> str:
    """A figure as the text writes it."""
    return percent(value) if unit == "%" else f"{plain_number(value)}{unit if unit != '名' else ''}"


def intervals(line: Line) -> list[tuple[Interval, Value]]:
    """Neighbouring atoms with one value as one interval; atoms without a value are left out."""
    merged: list[tuple[Interval, Value | None]] = []
    for a, b, value in line.atoms:
        point = a is not None and a == b
        if merged and merged[-1][1] is value and value is not None:
            first = merged[-1][0]
            merged[-1] = (Interval(first.low, first.low_closed, b, point), value)
        else:
            merged.append((Interval(a, point, b, point), value))
    return [(interval, value) for interval, value in merged if value is not None]


def written(interval: Interval, unit: str) -> str:
    """An interval in the notation of definitions: [90%,100%)."""
    tell = percent if unit == "%" else plain_number
    low = "" if interval.low is None else tell(interval.low)
    high = "" if interval.high is None else tell(interval.high)
    return f"{'[' if interval.low_closed else '('}{low},{high}{']' if interval.high_closed else ')'}"
