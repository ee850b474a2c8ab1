"""An operand of an identity -> the facts it may stand for; of several cells, those that belong together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from jixiao.checks import rows, terms
from jixiao.checks.identity import FIELD_WORDS, Identity, Operand
from jixiao.checks.tables import Tables
from jixiao.model import Fact, Record

Bundle = tuple[Fact, ...]
"""The facts that one operand adds up: one, or those of many rows."""
Column = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Scene:
    """Where an identity is looked up: form and file behind each table's short name, and the row, if one."""

    forms: dict[str, str]
    files: dict[str, str]
    each: Record | None = None
    kind: str = ""
    table: str = ""


@dataclass(slots=True)
class Found:
    """What one operand may stand for: candidates, or why there are none (``missing``; empty: not there)."""

    candidates: list[Bundle] = field(default_factory=list)
    missing: str = ""


def find(tables: Tables, identity: Identity, operand: Operand, scene: Scene) -> Found:
    """The candidates of an operand. An optional one that is not there is not missing."""
    if operand.own:
        found = _of_rows(tables, identity, operand, scene, [scene.each] if scene.each else [], scene.table)
    elif operand.kind:
        found = _of_table(tables, identity, operand, scene)
    else:
        found = _of_concept(tables, operand, scene)
    if found.missing and operand.key in identity.optional:
        return Found()
    return found


def _of_concept(tables: Tables, operand: Operand, scene: Scene) -> Found:
    if operand.table:
        facts = tables.facts(scene.forms[operand.table], operand.name, scene.files[operand.table])
    else:
        facts = tables.anywhere(operand.name)
    said = f"{operand.table}：{operand.name}" if operand.table else operand.name
    return Found([(fact,) for fact in facts]) if facts else Found(missing=said)


def _of_table(tables: Tables, identity: Identity, operand: Operand, scene: Scene) -> Found:
    whole = tables.rows(scene.forms[operand.table], operand.kind, scene.files[operand.table])
    if not whole.rows:
        return Found(missing=terms.words((operand,)))
    chosen = whole.select(operand.where, scene.each)
    if not operand.name:
        return Found([tuple(rows.counted(row) for row in chosen)])
    if twice := whole.doubled(None if operand.where.place in ("top", "last") else chosen):
        return Found(missing=f"{operand.table}：科目编码 {twice} 重复，无法汇总")
    return _of_rows(tables, identity, operand, scene, chosen, operand.table)


def _of_rows(
    tables: Tables, identity: Identity, operand: Operand, scene: Scene, chosen: Sequence[Record], table: str
) -> Found:
    kind = operand.kind or scene.kind
    printed = tables.printed(scene.forms[table], kind, scene.files[table])
    made: list[Fact] = []
    for row in chosen:
        fact = rows.facts_of_record(row, operand.name, printed, identity.unit)
        if fact is None:
            name = " ".join(part for part in (rows.code(row), str(row["name"] or "")) if part)
            return Found(missing=f"{table}：{name} {FIELD_WORDS.get(operand.name, operand.name)}")
        made.append(fact)
    return Found([tuple(made)] if made else [])


def together(found: Sequence[Sequence[Bundle]]) -> list[list[Bundle]]:
    """The combinations to be checked, where an operand has several cells in one table.

    Cells of one column belong together; so do cells counted off in order when every operand has equally many;
    else the cell whose column most of the others share counts, or the first.
    """
    if all(len(candidates) == 1 for candidates in found):
        return [[candidates[0] for candidates in found]]
    columns = [[_column(bundle) for bundle in candidates] for candidates in found]
    common = [one for one in columns[0] if one and all(one in others for others in columns)]
    if common:
        return [[c[cols.index(one)] for c, cols in zip(found, columns, strict=True)] for one in common]
    if len({len(candidates) for candidates in found}) == 1:
        return [list(combination) for combination in zip(*found, strict=True)]
    votes = Counter(cols[0] for cols in columns if len(cols) == 1)
    return [[_voted(c, cols, votes) for c, cols in zip(found, columns, strict=True)]]


def _voted(
    candidates: Sequence[Bundle], columns: list[Column | None], votes: Counter[Column | None]
) -> Bundle:
    shared = [votes[column] if column else 0 for column in columns]
    return candidates[shared.index(max(shared))]


def _column(bundle: Bundle) -> Column | None:
    """The one column that the cells of a bundle stand in, None where they stand in several or in none."""
    found = {(fact.source.sheet, re.sub(r"\d+$", "", fact.source.cell)) for fact in bundle}
    only = found.pop()
    return only if not found and only[1] else None
