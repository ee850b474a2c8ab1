"""Ranges with their points -> intervals that meet exactly; what two ranges claim or none covers is told, not guessed.

The number line is cut at every figure of the text into atoms: single figures and the open stretches between them.
Each atom gets the value of the range that covers it. At a figure where ranges meet, what the text says outright
(≥, 低于, （含）) goes before 以上 and 以内, which hold the figure itself, and these before an unmarked end.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from jixiao.authoring.criteria.phrases import Mark
from jixiao.model import Interval, percent, plain

_STRENGTH = {Mark.IN: 4, Mark.LAW: 3, Mark.SOFT: 2, Mark.HALF: 1, Mark.OUT: 0}
COUNTED = (
    "人次",
    "条次",
    "点",
    "所",
    "项",
    "个",
    "次",
    "处",
    "件",
    "起",
    "例",
    "条",
    "人",
    "名",
    "位",
    "户",
    "家",
    "笔",
    "份",
    "种",
    "类",
    "辆",
    "台",
    "套",
    "批",
    "期",
    "宗",
    "场",
    "篇",
    "本",
    "栋",
    "册",
    "张",
    "轮",
    "届",
    "门",
    "队",
)


@dataclass(slots=True)
class Band:
    """One range of the text and its value."""

    low: Decimal | None
    low_mark: Mark
    high: Decimal | None
    high_mark: Mark
    value: Any

    def over(self, a: Decimal | None, b: Decimal | None) -> bool:
        """Whether the open stretch between two figures lies inside."""
        return (self.low is None or (a is not None and a >= self.low)) and (
            self.high is None or (b is not None and b <= self.high)
        )

    def strength(self, v: Decimal, *, counted: bool) -> int:
        """How strongly the band claims a figure: 5 inside, 0 not at all."""
        marks = []
        if self.low is not None:
            if v < self.low:
                return 0
            if v == self.low:
                marks.append(self.low_mark)
        if self.high is not None:
            if v > self.high:
                return 0
            if v == self.high:
                marks.append(self.high_mark)
        if not marks:
            return 5
        if counted and Mark.OUT not in marks:
            return 4
        return min(_STRENGTH[mark] for mark in marks)

    @property
    def wide(self) -> bool:
        """Whether it has two ends that are not the same figure."""
        return self.low is not None and self.high is not None and self.low != self.high

    def inside(self, other: Band) -> bool:
        """Whether this range is a part of another."""
        low = other.low is None or (self.low is not None and self.low >= other.low)
        high = other.high is None or (self.high is not None and self.high <= other.high)
        return low and high


@dataclass(slots=True)
class Sorted:
    """Atoms in order with their values; what is contested, overlapping or open."""

    atoms: list[tuple[Decimal | None, Decimal | None, Any]] = field(default_factory=list)
    contested: list[Decimal] = field(default_factory=list)
    overlaps: list[str] = field(default_factory=list)
    gaps: list[tuple[Decimal | None, Decimal | None]] = field(default_factory=list)
    nested: bool = False


CONTESTED = "待核定"


def sort(bands: list[Band], extra: list[Decimal], *, counted: bool, show: str) -> Sorted:
    """Cut the line and give each atom its value (None where no band covers it)."""
    part_at_shared_figures(bands)
    _listed_whole(bands)
    cuts = sorted({v for band in bands for v in (band.low, band.high) if v is not None} | set(extra))
    made = Sorted()
    below: Decimal | None = None
    for cut in [*cuts, None]:
        made.atoms.append((below, cut, _stretch(bands, below, cut, made, show)))
        if cut is not None:
            made.atoms.append((cut, cut, _figure(bands, cut, made, counted=counted)))
        below = cut
    _above_best(bands, made)
    _outer(bands, made)
    return made


def _above_best(bands: list[Band], made: Sorted) -> None:
    """=100%得10分，≥90%得8分: what lies beyond 100% is not meant to earn less."""
    exact = [b for b in bands if b.low is not None and b.low == b.high and isinstance(b.value, Decimal)]
    best = max(exact, key=lambda b: b.value, default=None)
    if best is None or any(b.value > best.value for b in bands if isinstance(b.value, Decimal)):
        return
    for place, (a, b, value) in enumerate(made.atoms):
        own = next((band for band in bands if band.value is value), None)
        beyond = a is not None and best.low is not None and a >= best.low and a != b
        if beyond and own is not None and own.low is not None and best.low is not None and own.low < best.low:
            made.atoms[place] = (a, b, CONTESTED)


def _narrowest(owners: list[Band], made: Sorted) -> Band | None:
    """Of nested thresholds (90%以上, 80%以上, …) the strictest one that is met; of a figure and a range, the figure."""
    for band in owners:
        if all(band.inside(other) for other in owners):
            shapes = {(other.low is None, other.high is None) for other in owners}
            if len(shapes) == 1 and (True, True) not in shapes and (False, False) not in shapes:
                made.nested = True
                return band
            if band.low == band.high:
                return band
    return None


def part_at_shared_figures(bands: list[Band]) -> None:
    """达到100%得4分，超过100%不得分: the first is meant for the figure itself."""
    for one, other in itertools.permutations(bands, 2):
        rising = one.high is None and other.high is None and one.low is not None and one.low == other.low
        if rising and one.low_mark is not Mark.OUT and other.low_mark is Mark.OUT:
            one.high, one.high_mark = one.low, Mark.IN
        falling = one.low is None and other.low is None and one.high is not None and one.high == other.high
        if falling and one.high_mark is not Mark.OUT and other.high_mark is Mark.OUT:
            one.low, one.low_mark = one.high, Mark.IN


def _listed_whole(bands: list[Band]) -> None:
    """20~29个, 10~19个, 10个以下: ranges told by whole figures hold both ends, so that 10 is no longer 以下."""
    wide = [b for b in bands if b.wide and b.low_mark is Mark.SOFT and b.high_mark is Mark.SOFT]
    for one, other in itertools.permutations(wide, 2):
        if _apart(one.low, other.high) not in (Decimal(1), Decimal("0.01")):
            continue
        for band in bands:
            if band.low is None and band.high_mark is Mark.LAW and band.high in (one.low, other.low):
                band.high_mark = Mark.OUT
            if band.high is None and band.low_mark is Mark.LAW and band.low in (one.high, other.high):
                band.low_mark = Mark.OUT


def _apart(low: Decimal | None, high: Decimal | None) -> Decimal | None:
    return None if low is None or high is None else low - high


def _stretch(bands: list[Band], a: Decimal | None, b: Decimal | None, made: Sorted, show: str) -> Any:
    owners = [band for band in bands if band.over(a, b)]
    if not owners:
        return None
    if len(owners) == 1 or len({repr(band.value) for band in owners}) == 1:
        return owners[0].value
    best = _narrowest(owners, made)
    if best is not None:
        return best.value
    made.overlaps.append(f"{_said(a, show)}至{_said(b, show)}")
    return CONTESTED


def _figure(bands: list[Band], v: Decimal, made: Sorted, *, counted: bool) -> Any:
    claims = [(band.strength(v, counted=counted), band) for band in bands]
    best = max((s for s, _ in claims), default=0)
    if best == 0:
        return None
    owners = [band for s, band in claims if s == best or (best == 5 and s)]
    exact = [band for band in owners if band.low == band.high]
    if len(exact) == 1:
        return exact[0].value
    if len(owners) == 1:
        band = owners[0]
        rivals = [b for s, b in claims if 2 <= s < best and b is not band]
        if best == 3 and band.high == v and any(b.low == v for b in rivals):
            made.contested.append(v)  # 80%以下 holds 80%, and so may 80%-90%
            return CONTESTED
        return band.value
    if len({repr(band.value) for band in owners}) == 1:
        return owners[0].value
    narrow = _narrowest(owners, made)
    if narrow is not None:
        return narrow.value
    made.contested.append(v)
    if best >= 4:
        made.overlaps.append(str(v))
    return CONTESTED


def _outer(bands: list[Band], made: Sorted) -> None:
    """Stretches without a value between two that have one."""
    held = [i for i, atom in enumerate(made.atoms) if atom[2] is not None]
    if not held:
        return
    for a, b, value in made.atoms[held[0] : held[-1] + 1]:
        if value is None:
            made.gaps.append((a, b))


def _said(v: Decimal | None, show: str) -> str:
    if v is None:
        return "…"
    return percent(v) if show == "%" else plain(v)


def intervals(made: Sorted) -> list[tuple[Interval, Any]]:
    """Neighbouring atoms with one value as one interval; atoms without a value are left out."""
    merged: list[list[Any]] = []
    for a, b, value in made.atoms:
        point = a is not None and a == b
        if merged and merged[-1][4] is value and value is not None:
            merged[-1][2], merged[-1][3] = b, point
        else:
            merged.append([a, point, b, point, value])
    return [(Interval(a, ac, b, bc), value) for a, ac, b, bc, value in merged if value is not None]


def written(interval: Interval, show: str) -> str:
    """An interval in the notation of definitions: [90%,100%)."""
    tell = percent if show == "%" else plain
    low = "" if interval.low is None else tell(interval.low)
    high = "" if interval.high is None else tell(interval.high)
    return f"{'[' if interval.low_closed else '('}{low},{high}{']' if interval.high_closed else ')'}"
