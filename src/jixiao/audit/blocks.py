"""A written report as blocks: paragraphs and table rows in their order, with headings, places and contents list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from jixiao.audit.reportfile import Piece, heading_level, of_text, pieces_of, plain
from jixiao.text import narrow

_NUMBERED = re.compile(r"[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]{1,3}\)|附件|附表")
_CONTENTS = re.compile(r"(.{2,60}?)(?:[\t.…·—]|\s{2,})+-?\s?(\d{1,4})\s?-?$")
PROBLEMS = "存在问题"  # the heading under which a report tells what it found wanting itself
LONGEST = 6_000  # characters of a paragraph or cell


@dataclass(frozen=True, slots=True)
class Place:
    """Where a statement stands: paragraph number, or table, row and cell (all from 1); page where it is known."""

    paragraph: int
    table: int = 0
    row: int = 0
    cell: int = 0
    page: int = 0
    heading: str = ""

    def shown(self) -> str:
        """The place in Chinese, as a reader would look for it."""
        page = f"第{self.page}页" if self.page else ""
        if self.table:
            return f"{page}表{self.table}第{self.row}行第{self.cell}格"
        where = f"{page}第{self.paragraph}段"
        return f"{where}（{self.heading}）" if self.heading else where


@dataclass(slots=True)
class Block:
    """A paragraph (one text) or a table row (several cells), already in the form of ``plain``."""

    number: int
    cells: tuple[str, ...]
    table: int = 0
    row: int = 0
    page: int = 0
    level: int = 0  # 1, 2, 3 for a heading
    path: tuple[str, ...] = ()  # headings above, and the block itself where it is one
    loose: bool = False  # words of a table that lost its cells: nothing of it is held against anything

    @property
    def text(self) -> str:
        """The whole block as one text."""
        return "\t".join(self.cells)

    def place(self, cell: int = 0) -> Place:
        """The place of a cell."""
        heading = self.path[-1] if self.path else ""
        return Place(self.number, self.table, self.row, cell + 1 if self.table else 0, self.page, heading)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the contents list."""

    title: str
    page: int | None
    number: int


@dataclass(slots=True)
class Report:
    """A whole report."""

    name: str
    blocks: list[Block] = field(default_factory=list)
    contents: list[Entry] = field(default_factory=list)

    def paragraphs(self) -> Iterator[Block]:
        """The blocks outside tables."""
        return (block for block in self.blocks if not block.table)

    def rows(self) -> Iterator[Block]:
        """The rows of tables."""
        return (block for block in self.blocks if block.table)

    def texts(self) -> Iterator[tuple[Block, int, str]]:
        """Every paragraph and every cell of a table: block, number of the cell, text."""
        return ((block, cell, text) for block in self.blocks for cell, text in enumerate(block.cells))

    def section(self, title: str) -> list[Block]:
        """The paragraphs under the first heading whose words contain a title."""
        return [
            block
            for block in self.paragraphs()
            if any(title in heading for heading in block.path) and not block.level
        ]


def read_report(path: Path) -> Report:
    """A .docx, .txt or .pdf as a report. Refused: not one of them; LimitReached: too large."""
    return _built(path.name, pieces_of(path))


def report_of(name: str, text: str) -> Report:
    """A plain text as a report: lines are paragraphs, lines with tabs rows of a table."""
    return _built(name, of_text(text))


def _built(name: str, pieces: list[Piece]) -> Report:
    """Contents list taken out, headings found, every block numbered."""
    report = Report(name)
    path: list[str] = []
    rows: dict[int, int] = {}
    in_contents = False
    for number, piece in enumerate(_bounded(pieces), 1):
        texts = tuple(plain(cell) for cell in piece.cells)
        if not any(texts):
            continue
        if not piece.table and texts[0] in ("目录", "目次", "contents"):
            in_contents = True
            continue
        entry = _entry(piece, number) if in_contents else None
        if entry is not None:
            report.contents.append(entry)
            continue
        in_contents = in_contents and not report.contents
        block = Block(number, texts, piece.table, page=piece.page, loose=piece.loose)
        if piece.table:
            rows[piece.table] = block.row = rows.get(piece.table, 0) + 1
        else:
            _place_heading(block, path, piece.level)
        block.path = tuple(path)
        report.blocks.append(block)
    return report


def _bounded(pieces: list[Piece]) -> Iterator[Piece]:
    """Pieces whose paragraphs are cut and whose cells end at a length that no office writes."""
    for piece in pieces:
        if piece.table:
            yield replace(piece, cells=tuple(cell[:LONGEST] for cell in piece.cells))
            continue
        text = piece.cells[0]
        for at in range(0, max(len(text), 1), LONGEST):
            yield replace(piece, cells=(text[at : at + LONGEST],))


def _entry(piece: Piece, number: int) -> Entry | None:
    raw = narrow("\t".join(piece.cells)).strip()
    found = _CONTENTS.fullmatch(raw)
    if found is not None:
        return Entry(plain(found[1]), int(found[2]), number)
    title = plain(raw)
    return Entry(title, None, number) if _NUMBERED.match(title) and "\t" in piece.cells[0] else None


def _place_heading(block: Block, path: list[str], told: int) -> None:
    level = heading_level(block.cells[0]) or told
    if level:
        path[level - 1 :] = [*("" for _ in range(level - 1 - len(path))), block.cells[0]]
        block.level = level
