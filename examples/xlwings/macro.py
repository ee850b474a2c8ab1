"""The macro way: ``RunPython "import macro; macro.score()"`` in the workbook lists what is lost on a sheet of its own."""

from __future__ import annotations

import xlwings as xw

import jixiao

SHEET = "我的失分"


def score(book: xw.Book | None = None) -> None:
    """Save the scoring workbook, score it, and list every indicator that lost points."""
    book = book or xw.Book.caller()
    book.save()
    card = jixiao.score(book.fullname)
    sheet = book.sheets[SHEET] if SHEET in [one.name for one in book.sheets] else book.sheets.add(SHEET)
    sheet.used_range.clear_contents()
    lost = [one for one in card.indicators if one.points is not None and one.points < one.full]
    rows = [[one.title, float(one.full), float(one.points or 0), one.explanation] for one in lost]
    sheet["A1"].value = [
        ["指标", "满分", "得分", "说明"],
        *rows,
        ["合计", None, float(card.total), card.grade],
    ]
