"""Rubric room: definitions -> Rubric. In: a rubric id, a file, or the data inside a workbook; out: rules as expressions."""

from jixiao.rubric import keys
from jixiao.rubric.checking import Line, Spots, bodies, edges, lines, most, named, nodes, outcomes
from jixiao.rubric.kinds import (
    KINDS,
    MET,
    NOT_MET,
    PARAMETERS,
    REST,
    Ask,
    Context,
    Kind,
    Param,
    Part,
    Quantity,
    build,
    explained,
    got,
    needs_row,
)
from jixiao.rubric.nouns import (
    ASKS,
    BUDGETS,
    FUNDS,
    GRADES,
    REPORTS,
    SHORT_FUNDS,
    TRANSFER_LEVELS,
    WRITTEN,
    Decision,
    FactNeed,
    First,
    Indicator,
    Move,
    Question,
    Rubric,
    Second,
    TextNeed,
    own_year,
    speaks_against,
)
from jixiao.rubric.rowtable import Column, RowTable, read_tables
from jixiao.rubric.schema import read_rubric
from jixiao.rubric.selftable import EXECUTION, FIGURES, MAIN, MOST_PROJECTS, PROJECT, SelfTable, SelfTables
from jixiao.rubric.shelf import digest, forms, from_data, load, read_data, read_text, shipped, to_json

__all__ = [
    "ASKS", "BUDGETS", "EXECUTION", "FIGURES", "FUNDS", "GRADES", "KINDS", "MAIN", "MET", "MOST_PROJECTS", "NOT_MET",
    "PARAMETERS", "PROJECT", "REPORTS", "REST", "SHORT_FUNDS", "TRANSFER_LEVELS", "WRITTEN", "Ask", "Column",
    "Context", "Decision", "FactNeed", "First", "Indicator", "Kind", "Line", "Move", "Param", "Part", "Quantity",
    "Question", "RowTable", "Rubric", "Second", "SelfTable", "SelfTables", "Spots", "TextNeed", "bodies", "build",
    "digest", "edges", "explained", "forms", "from_data", "got", "keys", "lines", "load", "most", "named",
    "needs_row", "nodes", "outcomes", "own_year", "read_data", "read_rubric", "read_tables", "read_text", "shipped",
    "speaks_against", "to_json",
]  # fmt: skip
