"""A long table cut into one table a page, so that a merged label is printed again on every page that it covers."""

from __future__ import annotations

import math
from dataclasses import replace

from jixiao.report.blocks import Cell, Grid
from jixiao.report.word.grid import PADDING, line_height

Spot = tuple[int, Cell]  # first row and cell


def paged(grid: Grid, width: int, first: float, other: float) -> list[Grid]:
    """Pieces whose reckoned heights fit the room of the first page and of the others (points)."""
    columns, titles = (_placed(rows, len(grid.widths)) for rows in (grid.body, grid.head))
    heights = [_height(grid, width, columns, row) for row in range(len(grid.body))]
    taken = sum(_height(grid, width, titles, row) for row in range(len(grid.head)))
    starts, used, room = [0], taken, first
    for row, tall in enumerate(heights):
        if used + tall > room and row > starts[-1]:
            starts.append(row)
            used, room = taken, other
        used += tall
    ends = [*starts[1:], len(grid.body)]
    return [_piece(grid, columns, start, end) for start, end in zip(starts, ends, strict=True)]


def _placed(body: tuple[tuple[Cell, ...], ...], count: int) -> list[dict[int, Spot]]:
    """For each row: first column -> the cell that stands there, with the row it begins in."""
    made: list[dict[int, Spot]] = []
    for number, row in enumerate(body):
        waiting, spots, column = list(row), {}, 0
        while column < count:
            above = made[-1].get(column) if made else None
            if above is not None and above[0] + above[1].rows > number:
                spots[column] = above
            elif waiting:
                spots[column] = (number, waiting.pop(0))
            else:
                spots[column] = (number, Cell(""))
            column += spots[column][1].columns
        made.append(spots)
    return made


def _height(grid: Grid, width: int, columns: list[dict[int, Spot]], row: int) -> float:
    tallest = 1
    for column, (_, cell) in columns[row].items():
        if cell.rows == 1:
            share = sum(grid.widths[column : column + cell.columns]) / sum(grid.widths)
            tallest = max(tallest, _lines(cell.text, width * share, grid.points))
    return tallest * line_height(grid.points) + 2 * PADDING / 20 + 0.5


def _lines(text: str, width: float, points: float) -> int:
    """Lines of a text in a cell (twips); Latin characters are taken a little wider than half, for safety."""
    room = max(1.0, math.floor((width / 20 - 6.5) / points))
    return sum(
        max(1, math.ceil(sum(1.0 if ord(ch) > 0x2000 else 0.58 for ch in line) / room))
        for line in text.split("\n")
    )


def _piece(grid: Grid, columns: list[dict[int, Spot]], start: int, end: int) -> Grid:
    rows = []
    for number in range(start, end):
        cells = []
        for begin, cell in columns[number].values():
            if begin == number or (number == start and begin < start):
                left = min(begin + cell.rows, end) - number
                cells.append(replace(cell, rows=left))
        rows.append(tuple(cells))
    return replace(grid, body=tuple(rows))
