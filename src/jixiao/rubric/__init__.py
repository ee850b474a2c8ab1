"""Rubric room: definitions -> Rubric. In: a rubric id, a file, or the data inside a workbook; out: rules as expressions."""

from jixiao.rubric.kinds import KINDS, Ask, Context, Part, Quantity, build, explained, needs_row
from jixiao.rubric.kinds.choices import COMPOSED
from jixiao.rubric.kinds.judged import MET, NOT_MET
from jixiao.rubric.kinds.part import got
from jixiao.rubric.nouns import Decision, FactNeed, First, Indicator, Move, Rubric, Second, own_year
from jixiao.rubric.rowtable import RowTable, read_tables
from jixiao.rubric.schema import read_rubric
from jixiao.rubric.selftable import EXECUTION, FIGURES, MAIN, MOST_PROJECTS, PROJECT, SelfTable, SelfTables
from jixiao.rubric.shelf import digest, from_data, load, read_data, read_text, shipped, to_json
from jixiao.rubric.spots import Spots
from jixiao.rubric.textneed import REPORTS
from jixiao.rubric.yamltext import to_yaml

__all__ = [
    "COMPOSED", "EXECUTION", "FIGURES", "KINDS", "MAIN", "MET", "MOST_PROJECTS", "NOT_MET", "PROJECT", "REPORTS",
    "Ask", "Context", "Decision", "FactNeed", "First", "Indicator", "Move", "Part", "Quantity", "RowTable",
    "Rubric", "Second", "SelfTable", "SelfTables", "Spots", "build", "digest", "explained", "from_data", "got",
    "load", "needs_row", "own_year", "read_data", "read_rubric", "read_tables", "read_text", "shipped", "to_json",
    "to_yaml",
]  # fmt: skip
