"""Boxes of cells: what a reference or a defined name means, bounded."""

from __future__ import annotations

from dataclasses import dataclass

from jixiao.office import join_ref, split_area
from jixiao.verify.engines.values import Place

MAX_CELLS = 20_000


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of cells on a sheet; rows and columns count from 1, ends included."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int

    @property
    def rows(self) -> int:
        """Number of rows."""
        return self.bottom - self.top + 1

    @property
    def columns(self) -> int:
        """Number of columns."""
        return self.right - self.left + 1

    @property
    def size(self) -> int:
        """Number of cells."""
        return self.rows * self.columns

    def places(self) -> list[Place]:
        """Every cell, row by row."""
        return [
            (self.sheet, join_ref(r, c))
            for r in range(self.top, self.bottom + 1)
            for c in range(self.left, self.right + 1)
        ]


def read_box(sheet: str, reference: str) -> Box | None:
    """``A1``, ``$A$1`` or ``A1:B9`` as a box; None for anything else, over-large ranges included."""
    try:
        box = Box(sheet, *split_area(reference.strip()))
    except ValueError:
        return None
    return box if box.size <= MAX_CELLS else None
