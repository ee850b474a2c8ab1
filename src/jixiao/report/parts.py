"""What a report consists of before it is Word: headings, paragraphs, grids, charts, annexes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from jixiao.rubric import TextNeed


class Heading(NamedTuple):
    """A heading with its number: level 1 一、, 2 （一）, 3 1.; one that begins a page has none."""

    level: int
    text: str
    new_page: bool = False


class Paragraph(NamedTuple):
    """A paragraph; ``lead`` begins it and stands out. ``look``: body, basis (small), missing (only in a draft).

    ``gaps`` are the pieces of the text that say what is missing in it, in their order.
    """

    text: str
    lead: str = ""
    look: str = "body"
    gaps: tuple[str, ...] = ()


class Cell(NamedTuple):
    """A cell of a grid with the rows and columns that it covers; ``align``: left, center, right."""

    text: str
    rows: int = 1
    columns: int = 1
    align: str = "center"
    bold: bool = False


class Grid(NamedTuple):
    """A table. ``widths`` are shares of the text width; ``head`` rows repeat on every page; ``points`` is the font size.

    A row lists only the cells that begin in it; those covered from above are left out, as in HTML.
    """

    widths: tuple[int, ...]
    head: tuple[tuple[Cell, ...], ...]
    body: tuple[tuple[Cell, ...], ...]
    caption: str = ""
    note: str = ""
    points: float = 10.5


class Bars(NamedTuple):
    """A bar chart of rates (fractions) by title."""

    caption: str
    series: str
    titles: tuple[str, ...]
    rates: tuple[Decimal, ...]


Block = Heading | Paragraph | Grid | Bars


@dataclass(slots=True)
class Chapter:
    """A heading before it is numbered, the blocks under it, and the chapters below."""

    title: str
    blocks: list[Block] = field(default_factory=list)
    below: list[Chapter] = field(default_factory=list)


@dataclass(slots=True)
class Made:
    """What fills a chapter: blocks, and chapters below them."""

    blocks: list[Block] = field(default_factory=list)
    below: list[Chapter] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.blocks or self.below)


class Annex(NamedTuple):
    """An annex on landscape pages of its own: label 附件1, title, what is in it."""

    label: str
    title: str
    line: str
    blocks: tuple[Block, ...]


@dataclass(slots=True)
class Report:
    """A report ready to be written; ``cover`` are labelled lines, ``pending`` what a draft still lacks.

    ``unwritten`` are the texts that nobody wrote and it needs; a ``letter`` has neither cover nor contents.
    """

    title: str
    cover: list[tuple[str, str]]
    draft: bool = False
    pending: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    annexes: list[Annex] = field(default_factory=list)
    keywords: str = ""
    unwritten: list[TextNeed] = field(default_factory=list)
    letter: bool = False

    def text(self) -> str:
        """Everything that can be read, a paragraph or table row a line."""
        lines = [self.title, *(f"{label}{text}" for label, text in self.cover), *self.pending]
        lines += _lines(self.blocks)
        for annex in self.annexes:
            lines += [annex.label, annex.title, annex.line, *_lines(annex.blocks)]
        return "\n".join(line for line in lines if line)


def _lines(blocks: Sequence[Block]) -> list[str]:
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, Heading):
            lines.append(block.text)
        elif isinstance(block, Paragraph):
            lines.append(f"{block.lead}{block.text}")
        elif isinstance(block, Bars):
            lines.append(block.caption)
        else:
            rows = ("\t".join(cell.text for cell in row) for row in (*block.head, *block.body))
            lines += [block.caption, *rows, block.note]
    return lines
