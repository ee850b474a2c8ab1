"""Official table to rubric: criteria texts read, table layouts, lint, editing in Excel, difference of two tables."""

from __future__ import annotations

from jixiao.authoring.attaching import import_onto
from jixiao.authoring.criteria import Understood, as_data, read_criteria
from jixiao.authoring.diff import Change, diff
from jixiao.authoring.editing import export_rubric, import_edited, is_edited
from jixiao.authoring.lint import lint, lint_file, lint_table, lint_wording
from jixiao.authoring.official import (
    Imported,
    OfficialRow,
    OfficialTable,
    import_rubric,
    imported,
    read_table,
    read_tables,
)
from jixiao.authoring.official.footnotes import grades
from jixiao.authoring.official.formulas import expression, ratios_of
from jixiao.authoring.official.headings import Heading, headings, plain_word
from jixiao.authoring.official.importing import bonus
from jixiao.authoring.official.names import Vocabulary
from jixiao.authoring.official.rules import Rule, Subject, read_rule
from jixiao.authoring.official.table import Grid
from jixiao.authoring.official.tablerows import tables_of
from jixiao.authoring.official.textparts import cut
from jixiao.authoring.official.underway import UNPLACED, AnswerError
from jixiao.authoring.questions import Asked, Choice, answered, asked, same, together, tried, typed

__all__ = [
    "UNPLACED",
    "AnswerError",
    "Asked",
    "Change",
    "Choice",
    "Grid",
    "Heading",
    "Imported",
    "OfficialRow",
    "OfficialTable",
    "Rule",
    "Subject",
    "Understood",
    "Vocabulary",
    "answered",
    "as_data",
    "asked",
    "bonus",
    "cut",
    "diff",
    "export_rubric",
    "expression",
    "grades",
    "headings",
    "import_edited",
    "import_onto",
    "import_rubric",
    "imported",
    "is_edited",
    "lint",
    "lint_file",
    "lint_table",
    "lint_wording",
    "plain_word",
    "ratios_of",
    "read_criteria",
    "read_rule",
    "read_table",
    "read_tables",
    "same",
    "tables_of",
    "together",
    "tried",
    "typed",
]  # fmt: skip
