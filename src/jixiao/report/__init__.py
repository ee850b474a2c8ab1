"""Report room: a verified workbook -> a Word report in the structure and typography of a Chinese public document.

In: a scoring workbook; out: 核查报告 or 自评报告 (.docx, .pdf). Sentences are data: outline.yaml names the sections,
sections/*.yaml hold their templates, figures.yaml the figures that only reports need.
"""

from __future__ import annotations
