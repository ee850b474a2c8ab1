"""Phrases: what the grammar finds in a sentence, typed; positions refer to the normalised text."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class Mark(StrEnum):
    """How an end of a range says whether it belongs to the range."""

    IN = "in"  # said: ≥, （含）, 及以上
    OUT = "out"  # said: >, 低于, （不含）
    LAW = "law"  # 以上, 以下, 以内 hold the figure itself (民法典 第1259条)
    SOFT = "soft"  # 90%—95% without a word
    HALF = "half"  # the other end is marked （含） and this one is not: read as left out


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure with its unit; a percentage is a fraction with unit ``%``. ``step`` tells a percentage point."""

    value: Decimal
    unit: str = ""
    step: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Start and end of what was read."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Words(Phrase):
    """Words without figures."""

    text: str


@dataclass(frozen=True, slots=True)
class Range(Phrase):
    """A range of the quantity; ``bare``: a single figure with nothing beside it; ``step``: a percentage point."""

    low: Decimal | None
    low_mark: Mark
    high: Decimal | None
    high_mark: Mark
    unit: str
    bare: bool = False
    step: bool = False
    suffix: str = ""

    @property
    def point(self) -> Decimal | None:
        """The one figure that the range consists of."""
        return self.low if self.low is not None and self.low == self.high else None


@dataclass(frozen=True, slots=True)
class Compared(Phrase):
    """A comparison with a named figure: ≤预算数."""

    op: str
    other: str


@dataclass(frozen=True, slots=True)
class Given(Phrase):
    """Points that are given: ``points``, a ``share`` of the full ones (1 for 满分), or from ``points`` to ``most``."""

    points: Decimal | None = None
    share: Decimal | None = None
    most: Decimal | None = None
    verb: bool = True
    named: bool = True  # 满分, 全分 leave no doubt; 权重分 beside a percentage may be a share of it


@dataclass(frozen=True, slots=True)
class Change(Phrase):
    """Points taken off (sign -1) or added (+1): an amount or a share of the full points."""

    sign: int
    points: Decimal | None = None
    share: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Every(Phrase):
    """每…: the size of a step and its direction (1 up, -1 down, 2 both ways, 0 not said)."""

    direction: int
    each: Amount
    inclusive: bool | None
    start_at: Amount | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Prop(Phrase):
    """按比例计分, or 按比例扣分."""

    deducts: bool
    text: str


@dataclass(frozen=True, slots=True)
class Cap(Phrase):
    """A limit: what (``points`` given, ``deducted``, ``rate``, ``total``), and how much (None: the full points)."""

    what: str
    most: Decimal | None


@dataclass(frozen=True, slots=True)
class Sign(Phrase):
    """A word that joins or says how: else, and, or, comma, colon, discretion, linear, floor, started, whole, from."""

    what: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """A formula: ``op`` with its sides, a name, a figure, or the full points."""

    op: str
    sides: tuple[Node, ...] = ()
    name: str = ""
    value: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Formula(Phrase):
    """得分=…, or a definition of a named ratio."""

    node: Node
    scores: bool


@dataclass(slots=True)
class Clause:
    """A condition or situation and what it gives."""

    text: str = ""
    words: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    ranges: list[Range] = field(default_factory=list)
    split: int = 0  # ranges before 或: 低于60%或高于100%
    place: int = 0  # which statement of the item it stands in
    compared: list[Compared] = field(default_factory=list)
    every: Every | None = None
    otherwise: bool = False
    unless: bool = False  # 须经集体决策，否则…: its words are what has to hold
    alternative: bool = False  # begins with 或者
    joined: list[str] = field(default_factory=list)
    action: Phrase | None = None
    label: Decimal | None = None
