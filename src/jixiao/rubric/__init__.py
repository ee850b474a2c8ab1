"""Rubric room: definitions -> Rubric. In: a rubric id, a file, or the data inside a workbook; out: rules as expressions."""

from __future__ import annotations

from jixiao.rubric.kinds import Ask, Part, Quantity
from jixiao.rubric.nouns import Decision, Indicator, Move, Rubric
from jixiao.rubric.shelf import from_data, load, shipped

__all__ = [
    "Ask",
    "Decision",
    "Indicator",
    "Move",
    "Part",
    "Quantity",
    "Rubric",
    "from_data",
    "load",
    "shipped",
]
