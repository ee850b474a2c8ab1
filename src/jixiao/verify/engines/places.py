"""Boxes of cells: what a reference or a defined name means, bounded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from jixiao.verify.engines.values import Place

MAX_CELLS = 20_000
_BOX = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9]\d{0,6})(?::\$?([A-Za-z]{1,3})\$?([1-9]\d{0,6}))?")


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
            (self.sheet, f"{column_name(c)}{r}")
            for r in range(self.top, self.bottom + 1)
            for c in range(self.left, self.right + 1)
        ]


@lru_cache(2048)
def column_name(number: int) -> str:
    """1 -> A, 27 -> AA."""
    text = ""
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text


@lru_cache(2048)
def column_number(name: str) -> int:
    """A -> 1, AA -> 27."""
    number = 0
    for letter in name.upper():
        number = number * 26 + ord(letter) - 64
    return number


def read_box(sheet: str, reference: str) -> Box | None:
    """``A1``, ``$A$1`` or ``A1:B9`` as a box; None for anything else, over-large ranges included."""
    match = _BOX.fullmatch(reference.strip())
    if match is None:
        return None
    left, top = column_number(match[1]), int(match[2])
    right, bottom = (column_number(match[3]), int(match[4])) if match[3] else (left, top)
    box = Box(sheet, min(top, bottom), min(left, right), max(top, bottom), max(left, right))
    inside = box.bottom <= 1_048_576 and box.right <= 16_384
    return box if inside and box.size <= MAX_CELLS else None
