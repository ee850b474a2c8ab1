"""A recognised table -> facts and records, every value with its cell; what is missing or doubtful is a finding."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

from jixiao.intake import labels
from jixiao.intake.definition import SIDES, Block, Column, Line, Rows
from jixiao.intake.matching import Group, Part, Table
from jixiao.intake.measure import Amount, Measure
from jixiao.model import Concept, Fact, Findings, Found, Record, Source, concepts

LEVELS = {3: 1, 5: 2, 7: 3}
MAX_RAW = 200
TOTALS = frozenset(("合计", "总计", "共计"))
TOTAL_KEYS = TOTALS | {"小计"}
UNIT_OF_KIND = {"ledger": "元", "targets": ""}
"""Unit of the amounts of a kind; 万元 unless said, targets as they stand."""


def records_of(table: Table, block: Block, measure: Measure) -> list[Record]:
    """The records of one block, in the order of its rows."""
    rows = block.rows
    if rows is None:
        return []
    found: list[Record] = []
    for part, group, row in table.walk(block):
        if rows.take == "named" and found and labels.row(group.label(part.page, row)) in TOTALS:
            break  # what stands below the total is no row of the list
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
    if key in rows.skip or key in TOTAL_KEYS or (rows.take == "named" and key.endswith(("小计", "合计"))):
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
    places = measure.timely(part, group, column.name)
    if not places:
        record.values.setdefault(name, None)
        return
    if len(places) > 1:
        measure.doubled(part, group, column.name, places)
    place = (row, places[0])
    label = f"{labels.tidy(str(record.values['name']))} · {part.shown(places[0])}"
    source: Source = measure.source_at(part, place, label)
    record.sources[name] = source
    if column.text:
        record.values[name] = labels.tidy(part.page.text(*place)) or None
        return
    target = UNIT_OF_KIND.get(record.kind, "万元")
    unit = measure.unit_at(part, group, place, label) if target else str(record["unit"] or "")
    amount = measure.read(
        part, group, place, column.name, source, (unit, target), name=str(record.values["name"])
    )
    record.values[name] = amount.value if amount else None
    if amount and amount.unit and not target:
        record.values["unit"] = record["unit"] or amount.unit
    if amount and amount.side:
        record.values[f"{name}_side"] = amount.side


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


@dataclass(slots=True)
class Extract:
    """What one table gives; ``taken`` are the cells that it was read from, by sheet and address."""

    table: Table
    facts: list[Fact] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    unitless: list[tuple[str, Decimal]] = field(default_factory=list)
    taken: set[tuple[str, str]] = field(default_factory=set)


def extract(table: Table, findings: Findings) -> Extract:
    """Read all lines and rows of a table; findings are added to ``findings``."""
    result = Extract(table)
    measure = Measure(table, findings, result.unitless, result.taken)
    if not measure.has_figures:
        source = table.parts[0].page.sheet.source(table.top, 1, table.title)
        findings.add("J122", source, title=table.title or table.form.title)
        return result
    reader = {"rows": _rows, "columns": _columns}[table.form.layout]
    missing: list[str] = []
    for block in table.form.blocks:
        result.facts += reader(table, block, measure, missing)
        if block.rows is not None:
            result.records += records_of(table, block, measure)
    measure.finish()
    if missing:
        source = table.parts[0].page.sheet.source(table.top, 1, table.title)
        findings.add(
            "J112", source, title=table.title or table.form.title, lines="、".join(dict.fromkeys(missing))
        )
    return result


def matches(table: Table, block: Block) -> Iterator[tuple[Part, Group, int, Line, str]]:
    """The rows of a block that are lines of its form: (part, group, row, line, label as printed)."""
    seen: set[str] = set()
    for part, group, row in table.walk(block):
        text = group.label(part.page, row)
        key = labels.row(text) if text else ""
        code = group.code(part.page, row) if block.by_code else ""
        candidates = block.by_code.get(code) or block.by_label.get(key, ())
        for line in candidates:
            if (line.after and not line.after & seen) or line.before & seen:
                continue
            if code and line.codes and code not in line.codes:
                continue
            yield part, group, row, line, text or code
        if key:
            seen.add(key)


def _rows(table: Table, block: Block, measure: Measure, missing: list[str]) -> Iterator[Fact]:
    found: set[str] = set()
    _begun(table, block)
    for part, group, row, line, text in matches(table, block):
        found.add(line.label)
        if line.codes and text and labels.row(text) not in line.labels and not text.isdigit():
            measure.findings.add("J125", part.page.sheet.source(row, 1, labels.tidy(text)), label=line.label)
            continue
        for column, name in line.facts:
            yield from _facts(measure, part, group, (row, line, column), name, labels.tidy(text))
    for line in block.lines:
        if line.codes and line.label not in found and (leaves := _leaves(table, block, line)):
            found.add(line.label)
            yield from _summed(measure, leaves, line)
    had = {name for line in block.lines if line.label in found for _, name in line.facts}
    missing += [
        line.label
        for line in block.lines
        if line.label not in found and not line.optional and any(name not in had for _, name in line.facts)
    ]


def _facts(
    measure: Measure, part: Part, group: Group, at: tuple[int, Line, str], name: str, label: str
) -> Iterator[Fact]:
    row, line, column = at
    places = measure.timely(part, group, column)
    if len(places) > 1:
        measure.doubled(part, group, column, places)
    concept, found = concepts()[name], list[Amount]()
    for place in _reached(part, group, row, column) or places:
        shown = part.shown(place)
        full = f"{label} · {shown}" if label and shown else label or shown
        amount = measure.fact(part, group, (row, place), column, concept, full, line.blank)
        if amount is not None and line.side:
            amount = _on_its_side(measure, part, group, at, amount, concept)
        if amount is not None:
            found.append(amount)
        elif len(places) > 1 and part.page.cell(row, place):
            return  # of two columns that fit, the one that cannot be read may be the one that is meant
    for amount in found:
        yield _fact(concept, amount, bool(line.codes and group.codes))


def _on_its_side(
    measure: Measure, part: Part, group: Group, at: tuple[int, Line, str], amount: Amount, concept: Concept
) -> Amount:
    """A balance with its sign: negative where it stands on the side that the account does not normally have."""
    row, line, name = at
    column = group.block.column(name)
    other = measure.timely(part, group, column.against) if column.against else []
    side = column.side if column.side in SIDES else amount.side
    for place in () if side else measure.timely(part, group, column.side):
        side = next((one for one in SIDES if one in part.page.text(row, place)), "")
    against = (
        measure.fact(part, group, (row, other[0]), column.against, concept, line.label, None)
        if other
        else None
    )
    if against is not None and against.value:
        left = amount.value - against.value
        amount = replace(amount, value=left) if amount.value else replace(against, value=left)
    elif side and side != line.side:
        amount = replace(amount, value=-amount.value)
    if amount.value < 0 and (against is not None or side not in ("", line.side)):
        measure.findings.add("J145", amount.source, label=line.label, side=line.side)
    return amount


def _begun(table: Table, block: Block) -> None:
    """When the turnover of a ledger begins, by the opening balances of income and expense accounts.

    2022年12月 above a ledger often means up to December: it does where no such account had a balance to begin with.
    """
    opening = [column.name for column in block.columns if column.at == "start" and not column.text]
    flows = 0
    for part, group, row in table.walk(block) if block.flows else ():
        if not group.code(part.page, row).startswith(block.flows):
            continue
        for place in (place for name in opening for place in group.columns.get(name, ())):
            flows, cell = flows + 1, part.page.cell(row, place)
            if cell is not None and cell.quantity.value:
                table.late = f"{part.page.sheet.name}!{cell.ref}"
                return
    if flows and table.period is not None and table.period.single:
        table.period = table.period._replace(start=(1, 1))


def _leaves(table: Table, block: Block, line: Line) -> list[tuple[Part, Group, int]]:
    """The rows of the lowest accounts below an account that a ledger does not print itself."""
    rows = [(group.code(part.page, row), (part, group, row)) for part, group, row in table.walk(block)]
    below = [(code, at) for code, at in rows if code.startswith(tuple(line.codes))]
    return [
        at for code, at in below if not any(other != code and other.startswith(code) for other, _ in below)
    ]


def _summed(measure: Measure, leaves: list[tuple[Part, Group, int]], line: Line) -> Iterator[Fact]:
    """The facts of an account as the sum of its lowest accounts; none where one of them has no figure."""
    for column, name in line.facts:
        label = f"{line.label}（{len(leaves)}个明细科目合计）"
        rows = [
            list(_facts(measure, part, group, (row, line, column), name, label))
            for part, group, row in leaves
        ]
        if all(len(row) == 1 for row in rows):
            first = rows[0][0]
            total = sum((fact.value for (fact,) in rows if isinstance(fact.value, Decimal)), Decimal(0))
            source = first.source._replace(found=Found.COMPUTED)
            raw = "+".join(fact.raw for (fact,) in rows)
            yield first._replace(value=total, source=source, raw=raw[:MAX_RAW], divisor=first.divisor)


def _reached(part: Part, group: Group, row: int, column: str) -> list[int]:
    """Where a label reaches over the lists to its right: 公用经费合计 is printed once, its figure in the last list."""
    if not group.block.repeat or any(part.page.cell(row, place) for place in group.columns.get(column, ())):
        return []
    found: list[int] = []
    for other in part.groups[part.groups.index(group) + 1 :]:
        if other.label(part.page, row) or other.code(part.page, row):
            break
        found += [place for place in other.columns.get(column, ()) if part.page.cell(row, place)]
    return found


def _fact(concept: Concept, amount: Amount, coded: bool) -> Fact:
    source = amount.source._replace(found=Found.CODE) if coded else amount.source
    return Fact(concept.name, amount.value, source, amount.raw, amount.unit, amount.divisor, amount.note)


def _columns(table: Table, block: Block, measure: Measure, missing: list[str]) -> Iterator[Fact]:
    """Layout ``columns``: one row of figures; of several, the one labelled as the total."""
    line = block.lines[0]
    part = table.parts[0]
    group = part.groups[0]
    rows = [row for row in part.rows if _figures(part, group, row)]
    if len(rows) > 1:
        totals = [
            row for row in rows if any(labels.row(t) in line.labels for _, _, t in part.page.texts(row, row))
        ]
        if len(totals) != 1:
            measure.findings.add(
                "J128", part.page.sheet.source(rows[0], 1, table.title), title=table.form.title
            )
            return
        rows = totals
    for column, name in line.facts:
        if not group.columns.get(column):
            if not block.column(column).optional:
                missing.append(name)
            continue
        yield from _facts(measure, part, group, (rows[0], line, column), name, "")


def _figures(part: Part, group: Group, row: int) -> bool:
    places = {place for columns in group.columns.values() for place in columns}
    return any(part.page.cell(row, place) for place in places)
