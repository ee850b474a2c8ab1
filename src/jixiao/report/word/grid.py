"""Grid -> Word table: merged cells, heading rows repeated on every page, rows that are never split."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from jixiao.report.blocks import Cell, Grid
from jixiao.report.word.nodes import node, paragraph, run

RULE = {"val": "single", "sz": 4, "space": 0, "color": "000000"}
SHADE = "F2F2F2"
PADDING = 20  # twips above and below the text of a cell


def line_height(points: float) -> float:
    """Height of a line of a table in points."""
    return round(points * 1.3 * 2) / 2


def table(grid: Grid, width: int) -> Any:
    """The table, as wide as the text (twips)."""
    widths = columns(grid.widths, width)
    rules = (node(f"w:{side}", **RULE) for side in ("top", "left", "bottom", "right", "insideH", "insideV"))
    made = node(
        "w:tbl",
        node(
            "w:tblPr",
            node("w:tblW", w=sum(widths), type="dxa"),
            node("w:jc", val="center"),
            node("w:tblBorders", *rules),
            node("w:tblLayout", type="fixed"),
            _margins(),
        ),
        node("w:tblGrid", *(node("w:gridCol", w=size) for size in widths)),
    )
    rows = [(row, True) for row in grid.head] + [(row, False) for row in grid.body]
    open_until: dict[int, tuple[int, int]] = {}  # column -> (last row covered, columns of the cell)
    for number, (row, heading) in enumerate(rows):
        properties = node("w:trPr", node("w:cantSplit"), node("w:tblHeader") if heading else None)
        cells = _row(row, number, open_until, widths, (grid.points, heading))
        made.append(node("w:tr", properties, *cells))
    return made


def _margins() -> Any:
    sides = (("top", PADDING), ("left", 60), ("bottom", PADDING), ("right", 60))
    return node("w:tblCellMar", *(node(f"w:{side}", w=size, type="dxa") for side, size in sides))


def columns(shares: Sequence[int], width: int) -> list[int]:
    """Column widths that add up to the whole."""
    edges = [round(width * sum(shares[:n]) / sum(shares)) for n in range(len(shares) + 1)]
    return [right - left for left, right in pairwise(edges)]


def _row(
    row: Sequence[Cell],
    number: int,
    open_until: dict[int, tuple[int, int]],
    widths: Sequence[int],
    look: tuple[float, bool],
) -> list[Any]:
    made, waiting, column = [], list(row), 0
    while column < len(widths):
        last, span = open_until.get(column, (-1, 1))
        if last >= number:
            made.append(_cell(Cell(""), widths[column : column + span], look, merge="continue"))
        elif waiting:
            cell = waiting.pop(0)
            span = cell.columns
            if cell.rows > 1:
                open_until[column] = (number + cell.rows - 1, span)
            merge = "restart" if cell.rows > 1 else ""
            made.append(_cell(cell, widths[column : column + span], look, merge=merge))
        else:
            span = 1
            made.append(_cell(Cell(""), widths[column : column + 1], look))
        column += span
    return made


def _cell(cell: Cell, widths: Sequence[int], look: tuple[float, bool], merge: str = "") -> Any:
    points, heading = look
    properties = node(
        "w:tcPr",
        node("w:tcW", w=sum(widths), type="dxa"),
        node("w:gridSpan", val=len(widths)) if len(widths) > 1 else None,
        node("w:vMerge", val=merge) if merge else None,
        node("w:shd", val="clear", color="auto", fill=SHADE) if heading else None,
        node("w:vAlign", val="center"),
    )
    size = (node("w:sz", val=round(points * 2)), node("w:szCs", val=round(points * 2)))
    marks = (node("w:rFonts", hint="eastAsia"), node("w:b") if cell.bold or heading else None, *size)
    lines = cell.text.split("\n") if cell.text else [""]
    kept = node("w:keepNext") if heading else None
    tall = round(line_height(points) * 20)
    body = []
    for line in lines:
        words = [run(line, *(mark for mark in marks if mark is not None))] if line else []
        gap, side = node("w:spacing", line=tall, lineRule="exact"), node("w:jc", val=cell.align)
        body.append(paragraph("Cell", *words, keep=kept, gap=gap, jc=side))
    return node("w:tc", properties, *body)
