"""What is gathered about one quantity before it becomes a rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from jixiao.authoring.criteria import clauses
from jixiao.authoring.criteria.bands import Band, Line
from jixiao.authoring.criteria.built import Built
from jixiao.authoring.criteria.clauses import Node, Range
from jixiao.authoring.criteria.values import Steps, Value
from jixiao.authoring.criteria.wholetext import Text
from jixiao.text import COUNTED

ZERO, ONE = Decimal(0), Decimal(1)
TIMES = frozenset(("天", "日", "个工作日", "月", "个月", "小时", "周"))
SINGLES = COUNTED | TIMES
"""Units in which things that go wrong, and days beyond a deadline, are counted."""


@dataclass(slots=True)
class Sheet:
    """What is gathered about one quantity; ``singles``: things or days are counted.

    ``met`` is the fact that gives all points, ``rest`` what holds where no range does, ``beyond`` the side of it that its
    words name (1 above, -1 below, 0 both). ``absolute`` and ``around``: distances, both ways.
    """

    text: Text
    full: Decimal
    name: str
    built: Built
    unit: str = ""
    singles: bool = False
    bands: list[Band] = field(default_factory=list)
    steps: list[Steps] = field(default_factory=list)
    rest: Value | None = None
    met: str = ""
    met_goal: bool = False
    missed: bool = False
    absolute: bool = False
    around: bool = False
    base: Decimal | None = None
    target: Range | None = None
    caps: list[clauses.Cap] = field(default_factory=list)
    line: Line = field(default_factory=Line)

    @property
    def counted(self) -> bool:
        """Whether values are whole numbers."""
        return self.unit in COUNTED

    @property
    def started(self) -> bool:
        """Whether a begun step counts (不足1个百分点按1个百分点计)."""
        return any(cap.what == "started" for cap in self.caps)

    def top(self) -> Band | None:
        """The range that gives most."""
        held = [band for band in self.bands if isinstance(band.value, Decimal)]
        return max(held, key=lambda band: band.value, default=None)  # type: ignore[arg-type, return-value]


def ranges(found: list[Node]) -> Iterator[tuple[Node, Range]]:
    """Every range with the node that it stands in."""
    for node in found:
        if isinstance(node, (clauses.Rule, clauses.Step)):
            for way in node.ways:
                yield from ((node, cond) for cond in way if isinstance(cond, Range))
