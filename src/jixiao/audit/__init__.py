"""Audit room: a written report held against a scoring workbook, figure by figure, and two workbooks held side by side."""

from jixiao.audit.claims import Claim
from jixiao.audit.compare import Change, Comparison, compare
from jixiao.audit.document import Report, read_report, report_of
from jixiao.audit.figures import Sort
from jixiao.audit.hold import audit
from jixiao.audit.known import KnownValues, known_values
from jixiao.audit.pieces import plain
from jixiao.audit.result import Audit
from jixiao.audit.statement import Outcome, Statement

__all__ = [
    "Audit", "Change", "Claim", "Comparison", "KnownValues", "Outcome", "Report", "Sort", "Statement", "audit",
    "compare", "known_values", "plain", "read_report", "report_of",
]  # fmt: skip
