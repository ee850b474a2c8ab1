"""The script way: ``python script.py`` while the scoring workbook is open; what contradicts what goes on a sheet of its own."""

from __future__ import annotations

import argparse

import xlwings as xw

import jixiao

SHEET = "对不上的"


def listed(book: xw.Book) -> int:
    """Write each contradiction with its places on a new sheet behind the others; how many there are."""
    book.save()
    errors = jixiao.check(book.fullname).errors
    rows = [
        [error.code, error.message, "；".join(s.place() for s in error.sources), error.advice]
        for error in errors
    ]
    sheet = book.sheets.add(SHEET, after=book.sheets[-1])
    sheet["A1"].value = [["编号", "对不上的", "在哪里", "怎么办"], *rows]
    return len(rows)


if __name__ == "__main__":
    argparse.ArgumentParser(description="列出打开的评分簿里对不上的数").parse_args()
    print(f"列出 {listed(xw.books.active)} 处")
