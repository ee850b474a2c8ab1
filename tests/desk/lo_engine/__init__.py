"""An xlwings engine over a running LibreOffice, so that the unmodified desk code drives a real spreadsheet program.

    with running(folder) as app:                  # app is an xlwings App
        book = app.books.open("评分簿.xlsx")

``calls`` counts what would be calls across the border of the program, by sheet.
"""

from __future__ import annotations

from tests.desk.lo_engine.bridge import Bridge, ProgramError, unavailable
from tests.desk.lo_engine.engine import LibreOffice, running

__all__ = ["Bridge", "LibreOffice", "ProgramError", "running", "unavailable"]
