"""OfficialTable: an official 评分表 as data: its rows with their weights, texts and places, and findings."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from jixiao.model import Findings, Source


@dataclass(slots=True)
class OfficialRow:
    """One 三级指标: its titles and weights at every level, and its texts as they are issued.

    A weight is None where the table prints none; ``w1`` and ``w2`` are then what the rows below add to. ``bonus``: it
    stands beside the hundred (加减分项). ``place`` is the cell of its title. ``n1`` and ``n2`` number the level cells:
    two rows of the same cell have the same number.
    """

    level1: str
    w1: Decimal | None
    level2: str
    w2: Decimal | None
    level3: str
    w3: Decimal | None
    description: str
    criteria: str
    place: Source
    bonus: bool = False
    n1: int = 0
    n2: int = 0


@dataclass(slots=True)
class OfficialTable:
    """One official table: its rows in their order; ``findings`` say what does not add up or is missing.

    ``grading`` is the sentence that states the grades of the total, where the table holds one.
    """

    file: str
    title: str
    rows: list[OfficialRow] = field(default_factory=list)
    footnote: str = ""
    grading: str = ""
    findings: Findings = field(default_factory=Findings)
    total: Decimal | None = None

    @property
    def full(self) -> Decimal:
        """What the weights of the ordinary rows add to."""
        return sum((row.w3 for row in self.rows if row.w3 is not None and not row.bonus), Decimal(0))
