"""Grid: one table of a file, cell by cell, with merged cells told by the place they begin at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from jixiao.model import Source

Spot = tuple[int, int]
MOST_ROWS, MOST_COLUMNS = 5_000, 200


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
