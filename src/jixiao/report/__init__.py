"""Report. In: a verified workbook; out: the written report. Empty in this release."""
