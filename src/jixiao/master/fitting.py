"""Rows of the workbook as tall as the texts that they show now."""

from __future__ import annotations

from collections.abc import Mapping

from jixiao.master.look import SMALL, row_height
from jixiao.master.plan import COVER, ROLLUP, SCORES, TARGETS
from jixiao.office import Worksheet, digits, measure, split_area

WIDEST = 100  # columns that are looked at
ROOM = {COVER: 0.75, ROLLUP: 1.0, TARGETS: 1.0, SCORES: SMALL}
"""The sheets whose rows hold live texts, and how much more or less than the body font a column holds of theirs."""
SHORT = 12  # letters; a text as short fits anywhere


def fit(sheet: Worksheet, texts: Mapping[tuple[int, int], str], room: float) -> None:
    """Make rows taller that are too low for their texts; none is made lower."""
    if not texts:
        return
    widths = {
        column: measure(attrs.get("width"), 9)
        for attrs in sheet.outline.columns
        for column in range(digits(attrs.get("min")) or 1, min(digits(attrs.get("max")) or 0, WIDEST) + 1)
    }
    spans = {(top, left): (bottom, right) for top, left, bottom, right in map(split_area, sheet.merged)}
    tall = {row: measure(attrs.get("ht"), 15) for row, attrs in sheet.row_marks()}
    for (row, column), text in texts.items():
        bottom, right = spans.get((row, column), (row, column))
        width = sum(widths.get(one, 9.0) for one in range(column, right + 1)) * room
        needed = row_height([(text, width)], line=13.5 / min(room, 1.0))
        if bottom == row and needed > max(tall.get(row, 15.0), sheet.heights.get(row, 0)):
            sheet.heights[row] = needed
