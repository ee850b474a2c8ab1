"""Official 评分表 as they are issued: .xlsx or .docx -> OfficialTable -> a rubric definition as YAML text.

``read_table`` reads the table and judges nothing; ``import_rubric`` turns its texts into rules, and what it does not
understand into items that a person scores, with the reason.
"""

from __future__ import annotations

from jixiao.authoring.official.importing import Imported, import_rubric, imported
from jixiao.authoring.official.table import OfficialRow, OfficialTable
from jixiao.authoring.official.tablefiles import read_table, read_tables

__all__ = [
    "Imported",
    "OfficialRow",
    "OfficialTable",
    "import_rubric",
    "imported",
    "read_table",
    "read_tables",
]
