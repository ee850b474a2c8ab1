"""The contents: a field that Word can update, with entries and page numbers that stand there from the start.

The page numbers are reckoned: lines of fixed height and characters of one width make pages predictable.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from jixiao.report.blocks import Bars, Block, Grid, Heading, Paragraph
from jixiao.report.word import chart
from jixiao.report.word.grid import PADDING, line_height
from jixiao.report.word.nodes import MM, field, node, paragraph, run

LINES = 22  # of 28 points in 225 mm
POINTS = 28.0
CHARACTERS = 27.6  # of 16 points in 156 mm
BASIS_POINTS, BASIS_CHARACTERS = 20.0, 36.8
LEVELS = 2


def pages(blocks: Sequence[Block]) -> list[int]:
    """The page of every heading, from 1, in order."""
    made: list[int] = []
    page, used, whole = 1, 0.0, LINES * POINTS
    for number, block in enumerate(blocks):
        for tall in _heights(block):
            # a heading stays with the line after it
            needed = tall + (POINTS * _kept(blocks, number) if isinstance(block, Heading) else 0.0)
            if used + needed > whole + 0.5:
                page, used = page + 1, 0.0
            if isinstance(block, Heading) and tall:
                made.append(page)
            used += tall
    return made


def _kept(blocks: Sequence[Block], number: int) -> int:
    """How many lines after a heading must stand on its page."""
    after = 1
    for block in blocks[number + 1 :]:
        if not isinstance(block, Heading):
            break
        after += 1
    return after


def _heights(block: Block) -> list[float]:
    """Heights in points of the pieces of a block that are not split."""
    if isinstance(block, Heading):
        return [POINTS]
    if isinstance(block, Paragraph):
        small = block.look == "basis"
        count = lines(block.lead + block.text, BASIS_CHARACTERS if small else CHARACTERS, 2)
        return [BASIS_POINTS if small else POINTS] * count
    if isinstance(block, Bars):
        return [chart.height(block) * MM / 20 + 6 + 24]
    rows = [_row(block, row) for row in (*block.head, *block.body)]
    return [(24.0 if block.caption else 0) + (18.0 if block.note else 0) + rows[0], *rows[1:]]


def _row(grid: Grid, row: Sequence[Any]) -> float:
    shares, total, place = grid.widths, sum(grid.widths), 0
    tallest = 1
    for cell in row:
        width = sum(shares[place : place + cell.columns]) / total * 442 - 6
        tallest = max(tallest, lines(cell.text, width / grid.points, 0))
        place += cell.columns
    return tallest * line_height(grid.points) + 2 * PADDING / 20 + 0.5


def lines(text: str, characters: float, indent: int) -> int:
    """Lines that a text takes: Chinese characters count one, others half."""
    width = indent + sum(1.0 if ord(ch) > 0x2000 else 0.5 for ch in text)
    return max(1, math.ceil(width / math.floor(characters)))


def contents(blocks: Sequence[Block], annexes: Sequence[tuple[str, int]]) -> list[Any]:
    """The paragraphs of the contents page; ``annexes`` come with their pages."""
    where = iter(pages(blocks))
    entries: list[tuple[int, str, int, str]] = []
    for number, block in enumerate(block for block in blocks if isinstance(block, Heading)):
        page = next(where)
        if block.level <= LEVELS:
            entries.append((block.level, block.text, page, mark(number)))
    entries += [(1, title, page, annex_mark(number)) for number, (title, page) in enumerate(annexes)]
    return [paragraph("ContentsTitle", run("目　　录")), *_entries(entries)]


def mark(number: int) -> str:
    """The bookmark of a heading."""
    return f"_Toc{900000001 + number}"


def annex_mark(number: int) -> str:
    """The bookmark of an annex."""
    return f"_Toc{980000001 + number}"


def _entries(entries: Sequence[tuple[int, str, int, str]]) -> list[Any]:
    made = []
    for number, (level, title, page, target) in enumerate(entries):
        reference = field(f"PAGEREF {target} \\h", str(page))
        link = node(
            "w:hyperlink", run(title), node("w:r", node("w:tab")), *reference, anchor=target, history=1
        )
        parts = [*_opening(), link] if number == 0 else [link]
        if number == len(entries) - 1:
            parts.append(node("w:r", node("w:fldChar", fldCharType="end")))
        made.append(paragraph(f"toc{level}", *parts))
    return made


def _opening() -> list[Any]:
    return field(f'TOC \\o "1-{LEVELS}" \\h \\z \\u', "")[:3]


def total_pages(blocks: Sequence[Block]) -> int:
    """How many pages the blocks take."""
    return pages([*blocks, Heading(1, "")])[-1] if blocks else 1
