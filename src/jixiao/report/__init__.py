"""Report room: a verified workbook -> a Word report in the structure and typography of a Chinese public document.

In: a scoring workbook; out: 核查报告 or 自评报告 (.docx, .pdf). Sentences are data: outline.yaml names the sections,
sections/*.yaml hold their templates, figures.yaml the names that they may use; house.docx is the paper.
"""

from __future__ import annotations

from jixiao.report.outline import KINDS
from jixiao.report.parts import Annex, Bars, Block, Cell, Grid, Heading, Paragraph, Report
from jixiao.report.pdf import to_pdf
from jixiao.report.publish import Published, as_docx, names_for, publish, report_of
from jixiao.report.template_file import Name

__all__ = [
    "KINDS", "Annex", "Bars", "Block", "Cell", "Grid", "Heading", "Name", "Paragraph", "Published", "Report", "as_docx",
    "names_for", "publish", "report_of", "to_pdf",
]  # fmt: skip
