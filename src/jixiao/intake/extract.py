"""A recognised table -> facts and records, every value with its cell; what is missing or doubtful is a finding."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

from jixiao.intake import labels
from jixiao.intake.definition import Block, Line
from jixiao.intake.measure import Amount, Measure
from jixiao.intake.reading import Record
from jixiao.intake.rowtables import records_of
from jixiao.intake.table import Group, Part, Table
from jixiao.model import Concept, Fact, Findings, Found, concepts


@dataclass(slots=True)
class Extract:
    """What one table gives."""

    table: Table
    facts: list[Fact] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    unitless: list[tuple[str, Decimal]] = field(default_factory=list)


def extract(table: Table, findings: Findings) -> Extract:
    """Read all lines and rows of a table; findings are added to ``findings``."""
    result = Extract(table)
    measure = Measure(table, findings, result.unitless)
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
    for part, group, row, line, text in matches(table, block):
        found.add(line.label)
        if line.codes and text and labels.row(text) not in line.labels and not text.isdigit():
            measure.findings.add("J125", part.page.sheet.source(row, 1, labels.tidy(text)), label=line.label)
            continue
        for column, name in line.facts:
            yield from _facts(measure, part, group, (row, line, column), name, labels.tidy(text))
    missing += [
        line.label for line in block.lines if line.label not in found and not line.optional and line.facts
    ]


def _facts(
    measure: Measure, part: Part, group: Group, at: tuple[int, Line, str], name: str, label: str
) -> Iterator[Fact]:
    row, line, column = at
    places = group.columns.get(column, [])
    if len(places) > 1:
        measure.doubled(part, group, column)
    for place in _reached(part, group, row, column) or places:
        shown = part.shown(place)
        full = f"{label} · {shown}" if label and shown else label or shown
        concept = concepts()[name]
        amount = measure.fact(part, group, (row, place), column, concept, full, line.blank)
        if amount is not None:
            yield _fact(concept, amount, bool(line.codes and group.codes))


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
    source = replace(amount.source, found=Found.CODE) if coded else amount.source
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
