"""A process that patches a workbook and saves it over and over, to be killed by the test."""

from __future__ import annotations

import argparse
from decimal import Decimal

from jixiao.office import load, open_workbook, save_over


def once(path: str) -> None:
    """Count cell A1 up by one and write the same figure into every row of column B."""
    data, fingerprint = load(path)
    book = open_workbook(data)
    sheet = book.sheet(book.sheet_names[0])
    cell = sheet.get("A1")
    count = (cell.number if cell is not None else None) or Decimal(0)
    sheet.set("A1", count + 1)
    for row in range(1, 41):
        sheet.set(f"B{row}", count + 1)
    save_over(path, book.to_bytes(), fingerprint)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("book")
    parser.add_argument("rounds", type=int)
    arguments = parser.parse_args()
    print("ready", flush=True)
    for _ in range(arguments.rounds):
        once(arguments.book)
