"""Every figure of a report with the words around it: its clause, its sentence, what follows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from jixiao.audit.blocks import Block, Place, Report
from jixiao.model import LimitReached
from jixiao.text import Kind, find_quantities

MAX_FIGURES = 20_000
BEFORE, BEHIND, CLAUSE = 600, 300, 60  # characters around a figure that tell what it is
_STOP = re.compile(r"[。；;！？!?\n]")
_CLAUSE = re.compile(r"[。；;！？!?\n，,、：:()]")
MEASURED = (Kind.AMOUNT, Kind.RATE, Kind.COUNT, Kind.POINTS, Kind.SIZE)
"""Kinds that measure something; the others name a year, a day, a paper, a place in a list."""


@dataclass(slots=True)
class Figure:
    """One figure. ``value`` is the number as written in ``unit``; ``digits`` the decimals written.

    ``left`` is the text of the sentence up to the figure, ``clause`` its last clause, ``right`` what follows up to
    the next stop; ``sentence`` the whole sentence.
    """

    block: Block
    cell: int
    start: int
    end: int
    written: str
    value: Decimal
    digits: int
    unit: str
    kind: Kind
    left: str
    clause: str
    right: str
    sentence: str
    title: str = ""  # the indicator of the table row it stands in
    column: str = ""  # what the cell of the table is: 权重, 得分, 说明, 标准

    @property
    def shown(self) -> str:
        """The figure with its unit."""
        return f"{self.written}{self.unit}"

    @property
    def ulp(self) -> Decimal:
        """One unit of the last digit written."""
        return Decimal(1).scaleb(-self.digits)

    @property
    def text(self) -> str:
        """The paragraph or cell it stands in."""
        return self.block.cells[self.cell]

    @property
    def behind(self) -> str:
        """Everything behind it in its paragraph or cell."""
        return self.text[self.end :]

    @property
    def at(self) -> tuple[int, int]:
        """Which paragraph or cell it stands in."""
        return self.block.number, self.cell

    @property
    def place(self) -> Place:
        """Where it stands, for a reader."""
        return self.block.place(self.cell)


def figures(report: Report) -> list[Figure]:
    """All figures of a report in their order, the contents list left out."""
    made: list[Figure] = []
    for block, cell, _ in report.texts():
        made += _in_cell(block, cell)
        if len(made) > MAX_FIGURES:
            raise LimitReached("J751", file=report.name, most=f"{MAX_FIGURES}个数字")
    return made


def in_text(text: str) -> list[Figure]:
    """The figures of a single text, already in the form of ``plain``."""
    return list(_in_cell(Block(0, (text,)), 0))


def _in_cell(block: Block, cell: int) -> Iterator[Figure]:
    text = block.cells[cell]
    for found in find_quantities(text):
        # 139.40万 leaves out 元: the words before say what it is, and how large it is by what they name
        unit = "" if found.unit in ("万", "亿") else found.unit
        end = found.end - len(found.unit) + len(unit)
        before = text[max(0, found.start - BEFORE) : found.start]
        left = before[max((m.end() for m in _STOP.finditer(before)), default=0) :]
        clause = left[max((m.end() for m in _CLAUSE.finditer(left)), default=0) :]
        rest = text[end : end + BEHIND]
        sentence = left + text[found.start : end] + _STOP.split(rest, maxsplit=1)[0]
        yield Figure(
            block, cell, found.start, end, found.figure, found.value, found.digits, unit, found.kind,
            left, clause[-CLAUSE:], _CLAUSE.split(rest, maxsplit=1)[0][:CLAUSE], sentence,
        )  # fmt: skip
