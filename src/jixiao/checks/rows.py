"""Rows of tables as facts: which rows a condition means, and a field of a row as a fact with its proof."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from jixiao.checks.identity import FIELD_WORDS, Test, Where
from jixiao.model import Fact, Record, Source
from jixiao.text.numbers import AMOUNT_UNITS

CREDIT = "贷"
SIDED = {"balance": "closing", "start": "opening"}
"""Balances of an account by the field that holds them without their side."""


def code(record: Record) -> str:
    """The row's code, an empty string where it has none."""
    return str(record["code"] or "")


class RowTable:
    """The rows of one table with their order of codes: which row stands directly above and below which."""

    def __init__(self, rows: Sequence[Record]) -> None:
        self.rows = list(rows)
        self.by_code: dict[str, list[Record]] = {}
        for row in self.rows:
            self.by_code.setdefault(code(row), []).append(row)
        self.parent: dict[str, str] = {}
        self.children: dict[str, list[Record]] = {}
        above: list[str] = []
        for lower in sorted(filter(None, self.by_code)):
            while above and not lower.startswith(above[-1]):
                above.pop()
            if above:
                self.parent[lower] = above[-1]
            above.append(lower)
        for row in self.rows:
            if code(row) in self.parent:
                self.children.setdefault(self.parent[code(row)], []).append(row)

    def doubled(self, rows: Sequence[Record] | None = None) -> str:
        """The first code that stands more than once (among ``rows``): such rows cannot be added up."""
        if rows is None:
            return next((key for key, group in self.by_code.items() if key and len(group) > 1), "")
        seen: set[str] = set()
        for row in rows:
            if code(row) in seen:
                return code(row)
            seen.add(code(row) or str(id(row)))
        return ""

    def select(self, where: Where, each: Record | None = None) -> list[Record]:
        """The rows that a condition means, in order; ``each`` is the row that a check stands for."""
        rows = self.rows
        if where.place in ("under", "same"):
            index = self.children if where.place == "under" else self.by_code
            rows = index.get(code(each), []) if each is not None and code(each) else []
        kept = [row for row in rows if all(_passes(row, test) for test in where.tests)]
        if where.place == "last":
            return [row for row in kept if code(row) not in self.children]
        if where.place == "top":
            codes = {code(row) for row in kept}
            return [row for row in kept if not any(upper in codes for upper in self._above(code(row)))]
        return kept

    def _above(self, lower: str) -> Iterator[str]:
        while lower in self.parent:
            lower = self.parent[lower]
            yield lower


def _passes(row: Record, test: Test) -> bool:
    value = row[test.field]
    text = "" if value is None else str(value)
    return text.startswith(test.values) if test.prefix else text in test.values


def amount(record: Record, field: str) -> Decimal | None:
    """A field as a number; ``balance`` and ``start`` of an account are positive on the debit side."""
    held = SIDED.get(field)
    if held is None:
        return record.amount(field)
    value = record.amount(held)
    return -value if value is not None and record[f"{held}_side"] == CREDIT else value


def facts_of_record(record: Record, field: str, printed: str, unit: str) -> Fact | None:
    """A field of a row as a fact in ``unit`` (元 or 万元), None where the row has no such figure.

    ``printed`` is the unit of the table as printed. Ledger rows hold 元, all others 万元.
    """
    value = amount(record, field)
    if value is None:
        return None
    held = "元" if record.kind == "ledger" else "万元"
    if held != unit:
        value = value * AMOUNT_UNITS[held] / AMOUNT_UNITS[unit]
    divisor = AMOUNT_UNITS[unit] / AMOUNT_UNITS[printed]
    source = record.sources.get(SIDED.get(field, field)) or _row_source(record)
    said = FIELD_WORDS.get(field, field)
    parts = (record.form or record.document, code(record), str(record["name"] or ""), said)
    return Fact(" ".join(part for part in parts if part), value, source, "", printed, divisor)


def counted(record: Record) -> Fact:
    """A row as one to be counted; its proof is its name."""
    source = record.sources.get("name") or _row_source(record)
    return Fact(str(record["name"] or code(record)), Decimal(1), source)


def _row_source(record: Record) -> Source:
    """The proof of a row whose fields have none of their own (typed in a facts file)."""
    return next(iter(record.sources.values()), None) or Source(
        "", label=f"{code(record)} {record['name'] or ''}".strip(), form=record.form, document=record.document
    )
