"""决算报表.xlsx: 财决01-1, 财决附02 and 财决附03 in 元."""

from __future__ import annotations

from pathlib import Path

from tables import appropriation, running, staff
from tables.case import Case
from tables.layout import new_book, save

FILE = "决算报表.xlsx"


def build(case: Case, folder: Path) -> None:
    """Write the workbook with its three sheets into ``folder``."""
    book = new_book(f"{case.year}年度部门决算报表", case.unit)
    appropriation.add(book, case)
    staff.add(book, case)
    running.add(book, case)
    save(book, folder / FILE)
