"""An official table: its grid of cells as the file has it, and the rows that it means."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from jixiao.model import Findings, Source

_TITLE = re.compile("表|.{4}(?:指标体系|(?:评分|评价|计分|考核)(?:标准|指标|细则|办法))")
Spot = tuple[int, int]
MOST_ROWS, MOST_COLUMNS = 5_000, 200


def titled(line: str) -> bool:
    """Whether a line above a table is its title."""
    return 4 <= len(line) <= 60 and _TITLE.search(line) is not None


@dataclass(slots=True)
class Grid:
    """Texts by (row, column) from 0; ``begins`` gives for a merged cell the place where its text stands.

    ``title`` is the text that stands before the table, ``named`` what a place of it is called.
    """

    rows: int
    columns: int
    texts: dict[Spot, str]
    begins: dict[Spot, Spot]
    named: Callable[[int, int], Source]
    title: str = ""
    notes: list[str] = field(default_factory=list)

    def begin(self, row: int, column: int) -> Spot:
        """Where the cell that covers this place begins."""
        return self.begins.get((row, column), (row, column))

    def text(self, row: int, column: int) -> str:
        """The text of the cell that covers this place."""
        return self.texts.get(self.begin(row, column), "")

    def width(self, row: int, column: int) -> int:
        """How many columns of this row the cell covers."""
        own = self.begin(row, column)
        return sum(1 for other in range(self.columns) if self.begin(row, other) == own)

    def source(self, row: int, column: int, label: str = "") -> Source:
        """The place of the cell that covers this place, for a finding."""
        found = self.named(*self.begin(row, column))
        return Source(found.file, found.sheet, found.cell, label)


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

    ``notes`` are the texts under the table, each with its place.
    """

    file: str
    title: str
    rows: list[OfficialRow] = field(default_factory=list)
    notes: list[tuple[str, Source]] = field(default_factory=list)
    findings: Findings = field(default_factory=Findings)
    total: Decimal | None = None

    @property
    def footnote(self) -> str:
        """What is printed under the table."""
        return "\n".join(dict.fromkeys(text for text, _ in self.notes))

    @property
    def full(self) -> Decimal:
        """What the weights of the ordinary rows add to."""
        return sum((row.w3 for row in self.rows if row.w3 is not None and not row.bonus), Decimal(0))
