"""The rows of 勾稽 in an existing workbook: what they were made on, and what they give now."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.master.kept import FAILS, CheckRow, bare_checks
from jixiao.master.plan import CHECK_LETTERS, CHECKS, LIST_FIRST
from jixiao.model import Value
from jixiao.office import as_typed

if TYPE_CHECKING:
    from jixiao.master.scoringbook import ScoringBook


def checked_on(book: ScoringBook) -> str:
    """What cross-checks are made on: the facts as they are now, and the imported tables where those have bytes."""
    entries = ((key, book.entries.get(key)) for key, entry in book.net.entries.items() if entry.fact)
    facts = [
        (k, str(as_typed(v).normalize()) if isinstance(v, Decimal) else v)
        for k, v in entries
        if v is not None
    ]
    named = [row[3] for row in book.kept("sources") if row[3] in book.book.sheet_names]
    tables = [book.sheet(name).digest for name in named]
    parts = [part for part in (facts, tables if all(tables) else []) if part]
    return " ".join(hashlib.sha256(json.dumps(part).encode()).hexdigest() for part in parts)


def check_rows(book: ScoringBook) -> list[CheckRow]:
    """The rows of 勾稽, without what their sides were: so workbooks with the same tables have the same rows."""
    if book.moves:
        return [CheckRow.of(data) for data in book.kept("checks")]
    book.checks = book.checks or bare_checks(book.text("checks"))
    return book.checks


def verdicts(book: ScoringBook) -> Iterator[tuple[int, list[tuple[str, bool, Decimal | None]], Value, str]]:
    """Every row of 勾稽: both sides, difference, verdict. A side: its cell, whether that is linked, its figure now."""
    for row, check in enumerate(check_rows(book), LIST_FIRST):
        left, right = check.left.stands(row, book.book), check.right.stands(row, book.book, "右方数值")
        yield row, [left, right], *check.verdict(left[2], right[2])


def refresh_checks(book: ScoringBook) -> int:
    """Renew the cached values of the rows from what the imported cells hold now; how many do not agree."""
    sheet, count = book.sheet(CHECKS), 0
    for row, sides, difference, outcome in verdicts(book):
        for ref, linked, value in sides:
            if linked:
                sheet.set(ref, "" if value is None else value)
        sheet.set(f"{CHECK_LETTERS['差额']}{row}", difference)
        sheet.set(f"{CHECK_LETTERS['结论']}{row}", outcome)
        count += outcome == FAILS
    return count


def failing(book: ScoringBook) -> int:
    """How many rows do not agree now; nothing is written."""
    return sum(outcome == FAILS for *_, outcome in verdicts(book))
