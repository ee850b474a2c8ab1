"""Characters and lines of a printed page -> ruled tables of cells, and which cells can be read in two ways.

Lines are drawn as strips, dashes or dots, cell by cell, and some are lost; figures touch, cross a line, are drawn twice or
broken in two. What is not plain is doubted: a question mark stands before it, and no reader of numbers or labels takes it.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from jixiao.office.book import DOUBT
from jixiao.office.problems import TooMuch
from jixiao.text import narrow

NEAR_X, NEAR_Y = 5.0, 2.5  # points: lines so near are one, drawn anew in each row
DOT, HAIR = (
    3.5,
    0.3,
)  # points: shorter pieces are the dots of a line; what is that far over a line has crossed it
INDENT = 6.0  # points: a label begins so near the left side of its cell
UNKNOWN = "\ufffd"
Box = tuple[float, float, float, float]
_FIGURE = re.compile(r"[-−+△▲(（¥￥]*[\d,.，．\s]*\d[\d,.，．\s]*[%％)）]?(?:[万亿]?元)?")
_WHOLE = re.compile(r"[-−(（]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?[)）]?")
_MONEY = re.compile(r"[-−]?\d{1,3}(?:(?:,\d{3})*|\d*)\.\d\d")
_DIGITS = frozenset("0123456789,.０１２３４５６７８９，．")
_WORD = re.compile(r"[A-Za-z0-9]")


class Char(NamedTuple):
    """A character: its ink, where its advance begins and ends, the line that it stands on and its height.

    ``run`` is what was drawn with it at once; ``flaw``: the digit that is seen may be another one.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    begin: float
    end: float
    foot: float
    size: float
    run: int
    flaw: int

    @property
    def centre(self) -> tuple[float, float]:
        """The middle of its ink."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2


def level(chars: Iterable[Char]) -> list[list[Char]]:
    """Characters by the lines that they stand on, from left to right; what is drawn twice for boldness counts once."""
    made: list[list[Char]] = []
    for char in sorted(chars, key=lambda c: (c.foot, c.begin)):
        if made and abs(char.foot - made[-1][0].foot) < 0.35 * min(char.size, made[-1][0].size):
            made[-1].append(char)
        else:
            made.append([char])
    return [_once(sorted(line, key=lambda c: c.begin)) for line in made]


def _once(line: list[Char]) -> list[Char]:
    kept: list[Char] = []
    for char in line:
        near = (other for other in kept[-3:] if char.begin - other.begin < 0.25 * char.size)
        if not any(other.text == char.text for other in near):
            kept.append(char)
    return kept


def spelled(line: Sequence[Char]) -> str:
    """The text of a line. A gap stays a blank, unless all characters are set apart alike, or a point stands before it."""
    gaps = [after.begin - before.end for before, after in pairwise(line)]
    spread = min(gaps) if len(gaps) > 2 else 0.0
    made = [line[0].text]
    for char, gap in zip(line[1:], gaps, strict=True):
        alike = spread > 0 and gap < min(1.5 * spread, 0.7 * char.size)
        pointed = made[-1] in ".," and char.text in _DIGITS and gap < 0.7 * char.size
        if gap > 0.2 * char.size and not alike and not pointed:
            made.append("　" if gap > 1.5 * char.size else " ")
        made.append(char.text)
    return "".join(made).strip()


def is_figure(text: str) -> bool:
    """Whether a text is written like a number, well or not."""
    return _FIGURE.fullmatch(text.strip()) is not None


def _one_figure(parts: Sequence[str]) -> bool:
    """Whether lines are one number broken by the width of its cell: none but the whole is well written."""
    left = narrow(parts[0])
    for part in map(narrow, parts[1:]):
        if _WHOLE.fullmatch(left) and _WHOLE.fullmatch(part):
            return False
        left += part
    return _WHOLE.fullmatch(left) is not None


def _overprinted(line: Sequence[Char]) -> bool:
    return any(
        {one.text, two.text} <= _DIGITS and two.begin - one.begin < 0.5 * (one.end - one.begin)
        for one, two in pairwise(line)
    )


Piece = tuple[float, float, float]
"""Of a line: its place across, where it starts and ends along."""


@dataclass(slots=True)
class Rule:
    """One line of a table, of the pieces it was drawn with, from its start to its end."""

    at: float
    pieces: list[Piece] = field(default_factory=list)

    def covers(self, start: float, end: float) -> bool:
        """Whether at least half of a side is drawn."""
        first = max(0, bisect.bisect_left(self.pieces, start, key=lambda piece: piece[1]) - 1)
        drawn, reached = 0.0, start
        for _, begin, stop in self.pieces[first:]:
            if begin >= end:
                break
            drawn += max(0.0, min(stop, end) - max(begin, reached))
            reached = max(reached, stop)
        return drawn * 2 >= end - start

    def near(self, level: float) -> float:
        """Where it stands beside a row: rows of one table are not always drawn below each other."""
        at, _, end = self.pieces[
            max(0, bisect.bisect_right(self.pieces, level, key=lambda piece: piece[1]) - 1)
        ]
        return at if level <= end else self.at


def _rules(pieces: Iterable[Piece], near: float) -> list[Rule]:
    """Pieces by the line that they belong to; those that go on at the same place are one."""
    groups: list[list[Piece]] = []
    for piece in sorted(pieces):
        if groups and piece[0] - groups[-1][-1][0] <= near:
            groups[-1].append(piece)
        else:
            groups.append([piece])
    made: list[Rule] = []
    for group in groups:
        joined: list[Piece] = []
        for at, start, end in sorted(group, key=lambda piece: piece[1]):
            last = joined[-1] if joined else (0.0, 0.0, start - 100)
            if start <= last[2] + NEAR_Y and abs(at - last[0]) <= 1:
                joined[-1] = (last[0], last[1], max(last[2], end))
            elif end > last[2]:
                joined.append((at, start, end))
        made.append(Rule(sum(at for at, _, _ in joined) / len(joined), joined))
    return made


class Groups:
    """Which of many things hang together."""

    def __init__(self, count: int) -> None:
        self._above = list(range(count))

    def of(self, one: int) -> int:
        """The thing that stands for all that hang together with one."""
        while self._above[one] != one:
            self._above[one] = self._above[self._above[one]]
            one = self._above[one]
        return one

    def join(self, one: int, two: int) -> None:
        """These two hang together."""
        self._above[self.of(one)] = self.of(two)


def _words(chars: Iterable[Char]) -> Iterator[list[Char]]:
    """Characters that were drawn at once and without a gap."""
    word: list[Char] = []
    for char in chars:
        last = word[-1] if word else char
        near = abs(char.foot - last.foot) < 1 and -0.5 < (char.begin - last.end) / char.size < 0.25
        if word and (char.run != last.run or not near):
            yield word
            word = []
        word.append(char)
    if word:
        yield word


class Region:
    """A cell of a table, over one or more of its smallest places; ``torn`` where they are no rectangle."""

    def __init__(self, places: list[tuple[int, int]]) -> None:
        rows, columns = [row for row, _ in places], [column for _, column in places]
        self.top, self.left, self.bottom, self.right = min(rows), min(columns), max(rows), max(columns)
        self.torn = (self.bottom - self.top + 1) * (self.right - self.left + 1) != len(places)
        self.places, self.chars, self.doubtful = places, list[Char](), False
        self.lines, self.parts, self.figure = list[list[Char]](), list[str](), False
        self.box: Box = (0.0, 0.0, 0.0, 0.0)

    def settle(self, box: Box) -> None:
        """All characters are there: what they spell, and what speaks against it within the cell, whose sides are ``box``."""
        self.box, self.lines = box, level(self.chars)
        self.parts = [part for part in map(spelled, self.lines) if part]
        self.figure = bool(self.parts) and all(map(is_figure, self.parts))
        doubt = (self.torn and self.parts) or any(UNKNOWN in part for part in self.parts)
        if self.figure:
            doubt = doubt or len(self.places) > 1 or any(char.flaw for char in self.chars)
            doubt = doubt or any(map(_overprinted, self.lines))
            doubt = doubt or (len(self.parts) > 1 and not _one_figure(self.parts))
        self.doubtful = self.doubtful or bool(doubt)

    def beside(self, down: int, along: int) -> list[tuple[int, int]]:
        """The places behind one of its sides: (0, 1) is the right one."""
        rows, columns = range(self.top, self.bottom + 1), range(self.left, self.right + 1)
        if along:
            return [(row, self.right + 1 if along > 0 else self.left - 1) for row in rows]
        return [(self.bottom + 1 if down > 0 else self.top - 1, column) for column in columns]

    def text(self) -> str:
        """What stands in it, on one line; a question mark before what can be read in two ways."""
        if self.figure:
            return DOUBT + " ".join(self.parts) if self.doubtful else "".join(self.parts)
        joined = DOUBT if self.doubtful else ""
        for part in self.parts:
            joined += (" " if _WORD.match(joined[-1:]) and _WORD.match(part) else "") + part
        return joined


class Table:
    """A ruled table: its lines, and the cells between them. ``columns``, ``rows``: the lines from left to right, down."""

    def __init__(self, across: list[Piece], down: list[Piece]) -> None:
        self.columns, self.rows = _rules(down, NEAR_X), _rules(across, NEAR_Y)
        _close(self.columns, across, NEAR_X)
        _close(self.rows, down, NEAR_X)
        self.cells: dict[tuple[int, int], Region] = {}
        self.regions: list[Region] = []

    def __len__(self) -> int:
        """How many places it has; none where it is no table."""
        return max(0, len(self.columns) - 1) * max(0, len(self.rows) - 1)

    @property
    def box(self) -> Box:
        """Its outer sides."""
        return self.columns[0].at, self.rows[0].at, self.columns[-1].at, self.rows[-1].at

    def divide(self) -> None:
        """Find the cells: places with no line between them are one."""
        width, height = len(self.columns) - 1, len(self.rows) - 1
        groups = Groups(width * height)
        edges, levels = [rule.at for rule in self.columns], [rule.at for rule in self.rows]
        for row in range(height):
            for column in range(width):
                here = row * width + column
                if column + 1 < width and not self.columns[column + 1].covers(levels[row], levels[row + 1]):
                    groups.join(here, here + 1)
                if row + 1 < height and not self.rows[row + 1].covers(edges[column], edges[column + 1]):
                    groups.join(here, here + width)
        found: dict[int, list[tuple[int, int]]] = {}
        for here in range(width * height):
            found.setdefault(groups.of(here), []).append(divmod(here, width))
        self.regions = [Region(places) for places in found.values()]
        self.cells = {place: region for region in self.regions for place in region.places}

    def edges(self, row: int) -> list[float]:
        """Where its columns stand in a row."""
        level = (self.rows[row].at + self.rows[row + 1].at) / 2
        return sorted(rule.near(level) for rule in self.columns)

    def take(self, chars: Iterable[Char]) -> list[Char]:
        """Put characters into the cells; those that stand elsewhere are left."""
        left: list[Char] = []
        levels, edges = (
            [rule.at for rule in self.rows],
            [self.edges(row) for row in range(len(self.rows) - 1)],
        )
        for word in _words(chars):
            cells: list[Region | None] = []
            for char in word:
                x, y = char.centre
                row = bisect.bisect_right(levels, y) - 1
                column = bisect.bisect_right(edges[row], x) - 1 if 0 <= row < len(edges) else -1
                cells.append(self.cells.get((row, column)))
            first = cells[0]
            parted = any(cell is not first for cell in cells)
            if parted and not is_figure("".join(char.text for char in word)):
                if first is not None and word[0].begin - edges[first.top][first.left] < INDENT:
                    cells = [first] * len(cells)  # a label that is longer than its cell
                else:
                    self._doubt(place for cell in cells if cell is not None for place in cell.places[:1])
            for char, cell in zip(word, cells, strict=True):
                (left if cell is None else cell.chars).append(char)
        for cell in self.regions:
            sides = edges[cell.top][cell.left], levels[cell.top], edges[cell.bottom][cell.right + 1]
            cell.settle((*sides, levels[cell.bottom + 1]))
        self._look()
        return left

    def _doubt(self, places: Iterable[tuple[int, int]]) -> None:
        for place in places:
            if place in self.cells:
                self.cells[place].doubtful = True

    def _look(self) -> None:
        """Doubt the cells whose figures a line cuts or which go on across it, and labels that are cut or have fallen."""
        figures = {row for region in self.regions if region.figure for row, _ in region.places}
        for region in self.regions:
            if region.figure:
                for char in region.chars:
                    self._cut(region, char)
            elif region.parts:
                ends = max(line[-1].right for line in region.lines) > region.box[2] + HAIR
                if ends and any(
                    self.cells[place].chars for place in region.beside(0, 1) if place in self.cells
                ):
                    region.doubtful = True  # the next cell holds something: the rest of it is not printed
                if not figures.isdisjoint(row for row, _ in region.places) and self._fallen(region):
                    region.doubtful = True
        owner = {id(char): region for region in self.regions for char in region.chars if char.text in _DIGITS}
        for line in level(char for region in self.regions for char in region.chars):
            for at, (one, two) in enumerate(pairwise(line), 1):
                here, there = owner.get(id(one)), owner.get(id(two))
                apart = here is there or two.begin - one.end >= 0.25 * one.size
                if here is not None and there is not None and not apart and not _two_figures(line, at):
                    here.doubtful = there.doubtful = True

    def _fallen(self, region: Region) -> bool:
        """Whether words stand in a lower row of a high cell, and not in its middle: then the line above them is lost."""
        top, bottom = min(char.top for char in region.chars), max(char.bottom for char in region.chars)
        centred = abs(top + bottom - region.box[1] - region.box[3]) < region.chars[0].size
        return region.bottom > region.top and top > self.rows[region.top + 1].at and not centred

    def _cut(self, region: Region, char: Char) -> None:
        """A figure that stands on a side of its cell may belong to the cell behind it."""
        wide, high = 0.15 * (char.right - char.left), 0.25 * (char.bottom - char.top)
        left, top, right, bottom = region.box
        for over, side in (
            (char.left < left - wide, (0, -1)),
            (char.right > right + wide, (0, 1)),
            (char.top < top - high, (-1, 0)),
            (char.bottom > bottom + high, (1, 0)),
        ):
            if over:
                self._doubt([region.places[0], *region.beside(*side)])

    def place(self, region: Region) -> tuple[int, ...]:
        """The box of a cell in whole points."""
        left, right = self.columns[region.left].at, self.columns[region.right + 1].at
        return tuple(map(round, (left, self.rows[region.top].at, right, self.rows[region.bottom + 1].at)))


def _close(rules: list[Rule], other: list[Piece], near: float) -> None:
    """A table without lines at its sides, as statistics print them, ends where its other lines end."""
    if not other:
        return
    start, end = min(piece[1] for piece in other), max(piece[2] for piece in other)
    if not rules or start < rules[0].at - near:
        rules.insert(0, Rule(start, [(start, -1e9, 1e9)]))
    if end > rules[-1].at + near:
        rules.append(Rule(end, [(end, -1e9, 1e9)]))


def _two_figures(line: Sequence[Char], at: int) -> bool:
    """Whether two numbers stand side by side, each filling its cell, and not one that is cut by a line.

    Both are well written, and drawn apart; where every letter is drawn apart, or both at once, both have cents.
    """
    before, behind = at, at
    while before and line[before - 1].text in _DIGITS:
        before -= 1
    while behind < len(line) and line[behind].text in _DIGITS:
        behind += 1
    left, right = line[before:at], line[at:behind]
    figures = [narrow("".join(char.text for char in part)) for part in (left, right)]
    runs = [char.run for char in (*left, *right)]
    apart = left[-1].run != right[0].run and max(runs.count(left[-1].run), runs.count(right[0].run)) > 1
    return all(map(_WHOLE.fullmatch if apart else _MONEY.fullmatch, figures))


Part = tuple[list[Piece], list[Piece]]
"""Pieces of lines across and down."""


def _pieces(lines: Iterable[Box]) -> Part:
    """Lines across and down, put together of whatever they were drawn with: strips, dashes, dots."""
    flat, steep = list[Piece](), list[Piece]()
    for left, top, right, bottom in lines:
        long, high = right - left, bottom - top
        if long >= high or long <= DOT:
            flat.append(((top + bottom) / 2, left, right))
        if high > long or high <= DOT:
            steep.append(((left + right) / 2, top, bottom))
    flat, steep = (
        [piece for rule in _rules(pieces, 1.0) for piece in rule.pieces if piece[2] - piece[1] > DOT]
        for pieces in (flat, steep)
    )
    return flat, steep


def tables_of(lines: Iterable[Box], room: list[int]) -> list[Table]:
    """The tables that lines make; ``room`` is how many pairs of lines and places of tables a file has left."""
    across, down = _pieces(lines)
    room[0] -= len(across) * len(down)
    if room[0] < 0:
        raise TooMuch("线条数量")
    groups = Groups(len(across) + len(down))
    for here, (y, left, right) in enumerate(across):
        for there, (x, top, bottom) in enumerate(down, len(across)):
            if left - NEAR_X <= x <= right + NEAR_X and top - NEAR_X <= y <= bottom + NEAR_X:
                groups.join(here, there)
    parts: dict[int, Part] = {}
    for here, piece in enumerate((*across, *down)):
        parts.setdefault(groups.of(here), ([], []))[here >= len(across)].append(piece)
    tables = [table for part in _beside(parts.values()) if len((table := Table(*part)).columns) > 2]
    for table in tables:
        room[1] -= len(table)
        if room[1] < 0:
            raise TooMuch("单元格数量")
        table.divide()
    return tables


def _beside(parts: Iterable[Part]) -> list[Part]:
    """Tables that stand side by side are read as one: income on the left, spending on the right."""
    made: list[tuple[Part, Box]] = []
    for part in parts:
        if not (table := Table(*part)):
            continue
        left, top, right, bottom = table.box
        for number, (other, (a, b, c, d)) in enumerate(made):
            if min(bottom, d) - max(top, b) > NEAR_X and (right < a or c < left):
                both = other[0] + part[0], other[1] + part[1]
                made[number] = both, (min(a, left), min(b, top), max(c, right), max(d, bottom))
                break
        else:
            made.append((part, table.box))
    return [part for part, _ in made]
