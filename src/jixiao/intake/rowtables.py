"""Rows kept whole: account balances, projects, targets, and the functions and economic classes of a table."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from jixiao.intake import labels
from jixiao.intake.definition import Block, Column, Rows
from jixiao.intake.measure import Measure
from jixiao.intake.reading import Record
from jixiao.intake.table import Group, Part, Table
from jixiao.model import Source

LEVELS = {3: 1, 5: 2, 7: 3}
TOTAL_KEYS = frozenset(("合计", "总计", "小计", "共计"))
UNIT_OF_KIND = {"ledger": "元", "targets": ""}
"""Unit of the amounts of a kind; 万元 unless said, targets as they stand."""


def records_of(table: Table, block: Block, measure: Measure) -> list[Record]:
    """The records of one block, in the order of its rows."""
    rows = block.rows
    if rows is None:
        return []
    found: list[Record] = []
    for part, group, row in table.walk(block):
        record = _record(table, measure, rows, (part, group, row))
        if record is not None:
            found.append(record)
            part.page.sheet.used = True
    return found


def _record(table: Table, measure: Measure, rows: Rows, at: tuple[Part, Group, int]) -> Record | None:
    part, group, row = at
    text = group.label(part.page, row)
    key = labels.row(text) if text else ""
    code = group.code(part.page, row)
    if rows.take == "listed":
        code = code or group.block.listed.get(key, "")
        if key not in group.block.listed and code not in group.block.listed.values():
            return None
    elif (rows.take == "coded" and not code) or (rows.take == "named" and not key):
        return None
    if key in rows.skip or key in TOTAL_KEYS:
        return None
    record = Record(rows.kind, {"code": code, "name": labels.tidy(text)}, {}, table.form.id, table.document)
    record.block, record.line = group.block.name, row
    if rows.kind in ("functions", "economics"):
        record.values["name"] = key
        record.values["level"] = Decimal(LEVELS[len(code)]) if len(code) in LEVELS else None
    record.sources["name"] = measure.source_at(
        part, (row, (group.labels or group.codes)[0]), labels.tidy(text)
    )
    for name, column in rows.fields:
        _field(measure, record, (part, group, row), name, group.block.column(column))
    if rows.kind == "ledger":
        _net(record)
    return record


def _field(measure: Measure, record: Record, at: tuple[Part, Group, int], name: str, column: Column) -> None:
    part, group, row = at
    places = group.columns.get(column.name, [])
    if not places:
        record.values.setdefault(name, None)
        return
    if len(places) > 1:
        measure.doubled(part, group, column.name)
    place = (row, places[0])
    label = f"{labels.tidy(str(record.values['name']))} · {part.shown(places[0])}"
    source: Source = measure.source_at(part, place, label)
    record.sources[name] = source
    if column.text:
        record.values[name] = labels.tidy(part.page.text(*place)) or None
        return
    target = UNIT_OF_KIND.get(record.kind, "万元")
    unit = measure.unit_at(part, group, place, label) if target else ""
    amount = measure.read(
        part, group, place, column.name, source, (unit, target), name=str(record.values["name"])
    )
    record.values[name] = amount.value if amount else None


def _net(record: Record) -> None:
    """The year's turnover instead of the month's; balances in two columns, 借方 and 贷方, as one amount and its side."""
    for name in ("debit", "credit"):
        whole, proof = record.values.pop(f"year_{name}", None), record.sources.pop(f"year_{name}", None)
        if whole is not None and proof is not None:
            record.values[name], record.sources[name] = whole, proof
    for name in ("opening", "closing"):
        debit, credit = record.values.pop(f"{name}_debit", None), record.values.pop(f"{name}_credit", None)
        sources = [record.sources.pop(f"{name}_{side}", None) for side in ("debit", "credit")]
        if not isinstance(debit, Decimal) and not isinstance(credit, Decimal):
            record.values.setdefault(name, None)
            continue
        left = debit if isinstance(debit, Decimal) else Decimal(0)
        right = credit if isinstance(credit, Decimal) else Decimal(0)
        on_credit = bool(right) and (not left or right > left)
        record.values[name] = right - left if on_credit else left - right
        record.values[f"{name}_side"] = "贷" if on_credit else "借" if left else ""
        source = sources[1] if on_credit else sources[0]
        if source is not None:
            record.sources[name] = source


def kinds(records: list[Record]) -> Iterator[tuple[str, list[Record]]]:
    """Records by kind, in the order found."""
    for kind in dict.fromkeys(record.kind for record in records):
        yield kind, [record for record in records if record.kind == kind]
