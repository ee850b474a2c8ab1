"""What a definition becomes: Rubric > First > Second > Indicator with its rule, and what stands beside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from jixiao.model import Concept, Interval, Reference
from jixiao.rubric.kinds import Part, Quantity
from jixiao.rubric.rowtable import RowTable
from jixiao.rubric.selftable import SelfTables
from jixiao.rubric.textneed import TextNeed
from jixiao.rubric.total import TotalCap


@dataclass(frozen=True, slots=True)
class FactNeed:
    """A fact of this rubric: its concept, and the kinds of document it may come from, best first."""

    concept: Concept
    documents: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Indicator:
    """A 三级指标 with its rule. ``key`` is its title, unique in the rubric."""

    id: str
    number: str
    key: str
    weight: Decimal
    description: str
    criteria: str
    reference: Reference
    rule: Part


@dataclass(frozen=True, slots=True)
class Second:
    """A 二级指标."""

    title: str
    weight: Decimal
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True, slots=True)
class First:
    """A 一级指标."""

    title: str
    weight: Decimal
    seconds: tuple[Second, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """Points of a part that does not apply go to other parts, equally.

    ``scale``: the parts' full points grow and what they earn grows in proportion; ``add``: the moved points are
    earned in full on top.
    """

    source: str
    targets: tuple[str, ...]
    reason: str
    mode: str = "scale"


@dataclass(frozen=True, slots=True)
class Decision:
    """A defect of the official text, what it says, how it is read here and why."""

    about: str
    says: str
    decided: str
    reason: str


@dataclass(slots=True)
class Rubric:
    """One place's table for one year, ready to be scored, laid out and explained.

    ``standing``: a frame that holds until it is replaced; ``year`` is then that of the document, not of the
    evaluation. ``annex`` is what stands in the corner of the official table (附件1).
    """

    id: str
    title: str
    name: str
    jurisdiction: str
    year: int
    reference: Reference
    facts: dict[str, FactNeed]
    quantities: dict[str, Quantity]
    tables: dict[str, RowTable]
    firsts: tuple[First, ...]
    extras: tuple[Indicator, ...]
    extra_title: str
    moves: tuple[Move, ...]
    grades: tuple[tuple[Interval, str], ...]
    grade_reference: Reference
    cap: Decimal
    caps: tuple[TotalCap, ...]
    decisions: tuple[Decision, ...]
    footnote: str
    texts: tuple[TextNeed, ...]
    data: dict[str, Any]
    self_tables: SelfTables = field(default_factory=SelfTables)
    annex: str = ""
    standing: bool = False

    def indicators(self) -> Iterator[Indicator]:
        """All 三级指标 in the official order, then the bonus items."""
        for first in self.firsts:
            for second in first.seconds:
                yield from second.indicators
        yield from self.extras


def own_year(rubric: Rubric) -> str | None:
    """The year that an empty workbook shows: the table's own, nothing for a standing frame."""
    return None if rubric.standing else str(rubric.year)
