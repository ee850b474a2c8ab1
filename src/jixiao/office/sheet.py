"""What was read, as it stood: SourceCell, SourceSheet and Book (all sheets of one file)."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from jixiao.model import Found, Source

Value = str | Decimal | bool | None
Place = tuple[int, int]
Span = tuple[int, int, int, int]

UNCALCULATED = "未计算"
"""What the second look says of a formula without a cached result; any other text there is an error value."""


@dataclass(slots=True)
class SourceCell:
    """One non-blank cell.

    ``value`` is what the reader gave (numbers as exact decimals, dates as Excel serial numbers with ``is_date``).
    ``number`` is the exact number of a cell that holds it as text and stands in a value column of a recognised table.
    """

    value: Value
    number: Decimal | None = None
    is_date: bool = False


@dataclass(slots=True)
class SourceSheet:
    """One sheet: ``cells`` by (row, column), both from 1; ``merged`` as A1 ranges; ``widths`` by column, in characters.

    ``form``, ``title`` and ``unit`` are those of the first table recognised on it; ``used`` says whether a fact or
    a record comes from the sheet.
    """

    file: str
    sha256: str
    name: str
    hidden: bool = False
    cells: dict[Place, SourceCell] = field(default_factory=dict)
    merged: list[str] = field(default_factory=list)
    widths: dict[int, float] | None = None
    form: str = ""
    title: str = ""
    unit: str = ""
    used: bool = False

    def source(self, row: int, column: int, label: str = "", form: str = "", document: str = "") -> Source:
        """The proof that points at one cell of this sheet."""
        return Source(self.file, self.name, a1(row, column), label, form, document, self.sha256, Found.LABEL)


@dataclass(slots=True)
class Book:
    """All sheets of one file.

    ``spans`` holds the merged areas of each sheet as numbers. ``look`` is the second look at one sheet, by its
    position: every cell that arrives blank although it holds an error value or an uncalculated formula.
    ``typed`` is False where every value is text by nature (.csv, HTML).
    """

    file: str
    sheets: list[SourceSheet]
    spans: list[list[Span]]
    look: Callable[[int], dict[Place, str]]
    widths: Callable[[int], dict[int, float] | None] = lambda index: None
    typed: bool = True
    macros: bool = False


def nothing_hidden(index: int) -> dict[Place, str]:
    """The second look of formats whose reader shows error values itself."""
    return {}


def a1(row: int, column: int) -> str:
    """The A1 address of a cell, row and column from 1."""
    return f"{letters(column)}{row}"


@functools.lru_cache(maxsize=1024)
def letters(column: int) -> str:
    """The letters of a column, from 1."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def place(address: str) -> Place:
    """(row, column) of an A1 address without ``$``; (0, 0) when it is none."""
    head = address.rstrip("0123456789")
    column = 0
    for letter in head.upper():
        if not "A" <= letter <= "Z":
            return (0, 0)
        column = column * 26 + ord(letter) - 64
    tail = address[len(head) :]
    return (int(tail), column) if head and tail and len(tail) < 8 else (0, 0)
