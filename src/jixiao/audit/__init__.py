"""Audit room: a written report held against a scoring workbook, figure by figure, and two workbooks held side by side.

In the order in which to read it:

``blocks``      the report as blocks with places, read from the file
``known``       the values that the workbook holds
``statement``   its figures with the words around them, and what was found out about each
``scope``       words that take a figure out of what the workbook holds
``lexicon``     words (``words.yaml``) and a text taken apart into them
``frames``      what a figure measures, and how it relates to another; words read into frames
``sentence``    what a clause says beside its figures: its subject, what it compares and claims
``readings``    a paragraph read: what each figure measures
``operands``    the workbook's values by their frames
``relations``   frames held against the workbook, each other and their sentence
``tablecells``  cells of tables -> known values
``named``       figures of what has a name of its own: accounts, targets, outputs, scores, quoted criteria
``within``      what the report says of itself: sums and parts, the same words twice, text against annex
``unmeasured``  figures that measure nothing: dates, list numbers, the contents list
``claims``      claims in words
``hold``        the audit: the order in which figures are settled, what leaves, and the marked page
``comparison``  two workbooks; knows nothing of the others
"""

from jixiao.audit.blocks import Report, plain, read_report, report_of
from jixiao.audit.claims import Claim
from jixiao.audit.comparison import Change, Comparison, compare
from jixiao.audit.hold import Audit, audit
from jixiao.audit.known import Known, KnownValues, known_values
from jixiao.audit.lexicon import WORDS, lexicon
from jixiao.audit.statement import Outcome, Statement

__all__ = [
    "WORDS",
    "Audit",
    "Change",
    "Claim",
    "Comparison",
    "Known",
    "KnownValues",
    "Outcome",
    "Report",
    "Statement",
    "audit",
    "compare",
    "known_values",
    "lexicon",
    "plain",
    "read_report",
    "report_of",
]  # fmt: skip
