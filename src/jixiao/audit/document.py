"""A written report as blocks: paragraphs and table rows in their order, with headings, places and contents list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0x2212: "-"}
_KEPT_WIDE = "，：；！？"
for _letter in _KEPT_WIDE:
    _NARROW.pop(ord(_letter), None)
_QUOTES = str.maketrans("", "", "“”‘’\"'「」『』")
_BLANK = re.compile(r"[\s\u00a0\u200b\ufeff]+")
_FIRST = re.compile(r"[一二三四五六七八九十]{1,3}、")
_SECOND = re.compile(r"\([一二三四五六七八九十]{1,3}\)")
_THIRD = re.compile(r"(?:0\.)?\d{1,5}[.、](?=\D)")
_CONTENTS = re.compile(r"(.{2,60}?)(?:[\t.…·—]|\s{2,})+-?\s?(\d{1,4})\s?-?$")
LONGEST = 6_000  # characters of a paragraph or cell
HEADING = 40  # characters; a longer line is a paragraph
SHORT = 10  # characters of a numbered line that may end in a stop and still be a heading


def plain(text: str) -> str:
    """Text as it is compared: narrow digits and brackets, no blanks, no quotation marks."""
    return _BLANK.sub("", text.translate(_NARROW)).translate(_QUOTES)


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
        inside = cell + 1 if self.table else 0
        return Place(self.number, self.table, self.row, inside, self.page, heading)


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

    def section(self, title: str) -> list[Block]:
        """The paragraphs under the first heading whose words contain a title."""
        return [
            block
            for block in self.blocks
            if not block.table and any(title in heading for heading in block.path) and not block.level
        ]


@dataclass(frozen=True, slots=True)
class Piece:
    """What a reader hands over: the cells of a row or one paragraph, raw; ``table`` counts tables from 1."""

    cells: tuple[str, ...]
    table: int = 0
    page: int = 0
    level: int = 0  # of a heading, where the file itself tells
    loose: bool = False  # words of a table that lost its cells


def build(name: str, pieces: list[Piece]) -> Report:
    """Raw pieces -> a report: contents list taken out, headings found, every block numbered."""
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
        in_contents = False if in_contents and report.contents else in_contents
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
        if all(len(cell) <= LONGEST for cell in piece.cells):
            yield piece
        elif piece.table:
            yield replace(piece, cells=tuple(cell[:LONGEST] for cell in piece.cells))
        else:
            text = piece.cells[0]
            yield from (
                replace(piece, cells=(text[at : at + LONGEST],)) for at in range(0, len(text), LONGEST)
            )


def _entry(piece: Piece, number: int) -> Entry | None:
    raw = "\t".join(piece.cells).translate(_NARROW).strip()
    found = _CONTENTS.fullmatch(raw)
    if found is not None:
        return Entry(plain(found[1]), int(found[2]), number)
    title = plain(raw)
    begins = _FIRST.match(title) or _SECOND.match(title) or title.startswith(("附件", "附表"))
    return Entry(title, None, number) if begins and "\t" in piece.cells[0] else None


def heading_level(text: str) -> int:
    """1 for 一、 2 for （一） 3 for 1. where the line is short and no sentence; 0 for anything else."""
    ended = text.removesuffix("。") if not _THIRD.match(text) or len(text) <= SHORT else text
    if len(text) > HEADING or ended.endswith(("；", "，", ";", ",")) or "。" in ended:
        return 0
    for level, shape in ((1, _FIRST), (2, _SECOND), (3, _THIRD)):
        if shape.match(text):
            return level
    return 0


def _place_heading(block: Block, path: list[str], told: int) -> None:
    level = heading_level(block.cells[0]) or told
    if level:
        del path[level - 1 :]
        path.extend("" for _ in range(level - 1 - len(path)))
        path.append(block.cells[0])
        block.level = level
