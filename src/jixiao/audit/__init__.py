"""Audit room: a written report held against a scoring workbook, figure by figure, and two workbooks held side by side.

In the order in which to read it:

``blocks``      the report as blocks with places (``reportfile``: read from the file)
``figure``      its figures, each with the words around it
``known``       the values that the workbook holds
``statement``   a figure with what was found out about it
``scope``       words that take a figure out of what the workbook holds
``lexicon``     words (``words.yaml``) and a text taken apart into them
``frames``      what a figure measures, and how it relates to another
``framing``     a paragraph read into frames
``relations``   frames held against the workbook, each other and their sentence
``named``       figures of what has a name of its own: accounts, targets, outputs, the total
``tablecells``  cells of tables -> known values
``hold``        the audit: the order in which figures are settled, and what leaves
``scorepoints``, ``arithmetic``, ``days``, ``repeats``, ``listnumbers``   what settles the figures that stay open
``claims``      claims in words
``markedpage``  the report as a page with its figures marked
``comparison``  two workbooks; knows nothing of the others
"""

from jixiao.audit.blocks import Report, read_report, report_of
from jixiao.audit.claims import Claim
from jixiao.audit.comparison import Change, Comparison, compare
from jixiao.audit.hold import Audit, audit
from jixiao.audit.known import Known, KnownValues, known_values
from jixiao.audit.lexicon import WORDS, lexicon
from jixiao.audit.reportfile import plain
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
