"""Rows of tables as facts: which rows a condition means, and a field of a row as a fact with its proof."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from jixiao.checks.identity import FIELD_WORDS, Where
from jixiao.model.fact import Fact
from jixiao.model.numbers import AMOUNT_UNITS
from jixiao.model.record import Record
from jixiao.model.source import Source

DEBIT, CREDIT = "借", "贷"


def code(record: Record) -> str:
    """The row's code, an empty string where it has none."""
    return str(record["code"] or "")


def select(rows: Sequence[Record], where: Where, each: Record | None = None) -> list[Record]:
    """The rows that a condition means, in the order of the table. ``rows`` is the whole table."""
    kept = [row for row in rows if all(_passes(row, test.field, test.values, test.prefix) for test in where.tests)]
    if not where.place:
        return kept
    if where.place == "same":
        return [row for row in kept if each is not None and code(row) == code(each)]
    if where.place == "under":
        return _under(kept, code(each)) if each is not None else []
    codes = {code(row) for row in (rows if where.place == "last" else kept)}
    if where.place == "last":
        return [row for row in kept if not any(_below(code(row), other) for other in codes)]
    return [row for row in kept if not any(_below(other, code(row)) for other in codes)]


def _passes(row: Record, field: str, values: tuple[str, ...], prefix: bool) -> bool:
    value = row[field]
    text = "" if value is None else str(value)
    return text.startswith(values) if prefix else text in values


def _below(upper: str, lower: str) -> bool:
    return bool(upper) and len(lower) > len(upper) and lower.startswith(upper)


def _under(rows: Sequence[Record], upper: str) -> list[Record]:
    """The rows directly below a code: no other row of the table stands between."""
    below = [row for row in rows if _below(upper, code(row))]
    return [row for row in below if not any(_below(code(other), code(row)) for other in below)]


def doubled(rows: Sequence[Record]) -> list[str]:
    """Codes that stand more than once: their rows cannot be added up."""
    seen: set[str] = set()
    twice: dict[str, None] = {}
    for row in rows:
        if code(row) and code(row) in seen:
            twice[code(row)] = None
        seen.add(code(row))
    return list(twice)


def amount(record: Record, field: str) -> Decimal | None:
    """A field as a number; ``balance`` of an account is its closing balance, positive on the debit side."""
    if field != "balance":
        return record.amount(field)
    closing = record.amount("closing")
    return -closing if closing is not None and record["closing_side"] == CREDIT else closing


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
    source = record.sources.get("closing" if field == "balance" else field) or _row_source(record)
    parts = (record.form or record.document, code(record), str(record["name"] or ""), FIELD_WORDS.get(field, field))
    return Fact(" ".join(part for part in parts if part), value, source, "", printed, divisor)


def _row_source(record: Record) -> Source:
    """The proof of a row whose fields have none of their own (typed in a facts file)."""
    return next(iter(record.sources.values()), None) or Source(
        "", label=f"{code(record)} {record['name'] or ''}".strip(), form=record.form, document=record.document
    )
