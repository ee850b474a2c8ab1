"""Identities x what was read -> Checked, each with one of the outcomes; never a silent pass."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from jixiao.checks.checked import Checked, Outcome, Side, Term
from jixiao.checks.identity import FIELD_WORDS, Identity, Operand, named, words
from jixiao.checks.same import allowed, place
from jixiao.checks.sourcetables import Tables, called, counted, fact_of
from jixiao.model import Fact, Record

NAMED_MISSING = 3
ZERO = Decimal(0)
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

    operand: Operand
    candidates: list[Bundle] = field(default_factory=list)
    missing: str = ""


def evaluate(identity: Identity, tables: Tables) -> Iterator[Checked]:
    """Every check that the identity means for these tables; none where it does not apply."""
    for made in _every(identity, tables):
        if made.outcome is Outcome.FAILS or not identity.quiet:
            yield made


def _every(identity: Identity, tables: Tables) -> Iterator[Checked]:
    forms = {name: tables.present(ids) for name, ids in identity.tables.items()}
    absent = [name for name, form in forms.items() if not form]
    if absent and (len(absent) == len(forms) or identity.applies == "all"):
        return
    if identity.unless and tables.has(*identity.unless):
        return
    if needed := [name for name in absent if _needs(identity, name)]:
        yield _unchecked(identity, [], "、".join(needed))
        return
    for scene in _scenes(identity, tables, forms):
        yield from _rows(identity, tables, scene) if identity.each else _one(identity, tables, scene)


def _needs(identity: Identity, table: str) -> bool:
    if identity.each and identity.each.table == table:
        return True
    return any(o.table == table and o.text not in identity.optional for o in identity.operands)


def _scenes(identity: Identity, tables: Tables, forms: dict[str, str]) -> Iterator[Scene]:
    """One for each file of an identity within one table; between tables, one with the first file of each."""
    files = {name: tables.files(form) or [""] for name, form in forms.items()}
    if len(set(forms.values())) == 1:
        for file in next(iter(files.values())):
            yield Scene(forms, dict.fromkeys(forms, file))
    else:
        yield Scene(forms, {name: found[0] for name, found in files.items()})


def _rows(identity: Identity, tables: Tables, scene: Scene) -> Iterator[Checked]:
    """A check for each row; rows of nothing but zeros say nothing, and unchecked ones are said together."""
    each = identity.each
    if each is None:
        return
    whole = tables.rows(scene.forms[each.table], each.kind, scene.files[each.table])
    missing: list[str] = []
    for row in whole.select(each.where):
        here = replace(scene, each=row, kind=each.kind, table=each.table)
        for checked in _one(identity, tables, here):
            if checked.outcome is Outcome.UNCHECKED:
                missing += checked.missing.split("、")
            elif any(term.fact.value for term in checked.terms):
                yield replace(checked, title=f"{identity.title}（{called(row)}）", row=called(row))
    if missing:
        yield _unchecked(identity, list(dict.fromkeys(missing)))


def _one(identity: Identity, tables: Tables, scene: Scene) -> Iterator[Checked]:
    asked = _asked(identity, tables, scene)
    for made in _compared(identity, tables, scene) if asked is not None else ():
        used = {place(term.fact) for term in made.terms}
        yield replace(made, also=tuple(fact for fact in asked or () if place(fact) not in used))


def _asked(identity: Identity, tables: Tables, scene: Scene) -> list[Fact] | None:
    """The figures that make the condition of the identity true; None where it is false or they are not there."""
    if identity.when is None:
        return []
    known: dict[str, Fact] = {}
    for key in identity.when.refs():
        candidates = _found(tables, identity, named(key), scene).candidates
        if not candidates:
            return None
        known[key] = candidates[0][0]
    return list(known.values()) if identity.when.number(lambda key: known[key].value) is True else None


def _compared(identity: Identity, tables: Tables, scene: Scene) -> Iterator[Checked]:
    found = [_found(tables, identity, operand, scene) for operand in identity.operands]
    linked = [one for one in found if one.operand.text in identity.together]
    if linked and not any(one.candidates for one in linked):
        return  # this table does not print what the check is about: none of the figures that come together
    left, right = found[: len(identity.left)], found[len(identity.left) :]
    if missing := [one.missing for one in found if one.missing]:
        bare = _unchecked(identity, missing)
        made = replace(bare, left=_half(identity, left, bare.left), right=_half(identity, right, bare.right))
        if not identity.basis or made.left.value:
            yield made
        return
    there = [one for one in found if one.candidates and not one.operand.fixed]
    if not there or not all(not side or any(one.candidates for one in side) for side in (left, right)):
        return  # a side that is the number 0 needs nothing; any other has something to add up
    for combination in _together([one.candidates for one in there]):
        chosen = {id(one): bundle for one, bundle in zip(there, combination, strict=True)}
        yield _checked(identity, _side(left, chosen), _side(right, chosen))


def _half(identity: Identity, found: list[Found], bare: Side) -> Side:
    """A side of a check that was not made: its figures where it was located as a whole."""
    asked = [one for one in found if one.candidates or one.operand.text not in identity.optional]
    if not asked or not all(one.candidates for one in asked):
        return bare
    first = _together([one.candidates for one in asked])[0]
    return _side(found, {id(one): bundle for one, bundle in zip(asked, first, strict=True)})


def _side(found: list[Found], chosen: dict[int, Bundle]) -> Side:
    used = [(one.operand, chosen[id(one)]) for one in found if id(one) in chosen]
    terms = tuple(Term(operand.sign, fact, operand.factor) for operand, bundle in used for fact in bundle)
    if fixed := [one.operand for one in found if one.operand.fixed]:
        return Side(words(tuple(fixed)), (), fixed[0].sign * fixed[0].factor)
    return Side(words(tuple(operand for operand, _ in used)), terms, None if found else ZERO)


def _unchecked(identity: Identity, missing: list[str], absent: str = "") -> Checked:
    said = "、".join(missing[:NAMED_MISSING])
    if len(missing) > NAMED_MISSING:
        said += f"等 {len(missing)} 项"
    left, right = Side(words(identity.left), ()), Side(words(identity.right), ())
    return _made(
        identity, left, right, ZERO, Outcome.UNCHECKED, missing=said or f"没有{absent}", absent=absent
    )


def _checked(identity: Identity, left: Side, right: Side) -> Checked:
    tolerance = allowed(identity.tolerance, left.terms, right.terms, identity.unit)
    gap = (left.value or ZERO) - (right.value or ZERO)
    over = {"=": gap == 0, ">=": gap >= 0, ">": gap > 0}[identity.relation]
    tail = abs(gap) <= tolerance and identity.relation != ">"
    outcome = Outcome.HOLDS if over else Outcome.TAIL if tail else Outcome.FAILS
    return _made(identity, left, right, tolerance, outcome)


def _made(
    identity: Identity, left: Side, right: Side, tolerance: Decimal, outcome: Outcome, **more: Any
) -> Checked:
    return Checked(
        id=identity.id,
        title=identity.title,
        left=left,
        right=right,
        relation=identity.relation,
        tolerance=tolerance,
        unit=identity.unit,
        level=identity.level,
        outcome=outcome,
        reference=identity.reference.line(),
        basis=identity.basis,
        advice=identity.advice,
        says=identity.says,
        group=identity.group,
        **more,
    )


def _found(tables: Tables, identity: Identity, operand: Operand, scene: Scene) -> Found:
    """The candidates of an operand. An optional one that is not there is not missing."""
    if operand.fixed:
        found = Found(operand, [()])
    elif operand.own:
        found = _of_rows(tables, identity, operand, scene, [scene.each] if scene.each else [], scene.table)
    elif operand.kind:
        found = _of_table(tables, identity, operand, scene)
    else:
        found = _of_concept(tables, operand, scene)
    if found.missing and operand.text in identity.optional:
        return Found(operand)
    return found


def _of_concept(tables: Tables, operand: Operand, scene: Scene) -> Found:
    if operand.table:
        facts = tables.facts(scene.forms[operand.table], operand.name, scene.files[operand.table])
    else:
        facts = tables.anywhere(operand.name)
    said = f"{operand.table}：{operand.name}" if operand.table else operand.name
    return Found(operand, [(fact,) for fact in facts], "" if facts else said)


def _of_table(tables: Tables, identity: Identity, operand: Operand, scene: Scene) -> Found:
    whole = tables.rows(scene.forms[operand.table], operand.kind, scene.files[operand.table])
    if not whole.rows:
        return Found(operand, missing=words((operand,)))
    chosen = whole.select(operand.where, scene.each)
    if not operand.name:
        return Found(operand, [tuple(counted(row) for row in chosen)])
    if twice := whole.doubled(None if operand.where.place in ("top", "last") else chosen):
        return Found(operand, missing=f"{operand.table}：科目编码 {twice} 重复，无法汇总")
    return _of_rows(tables, identity, operand, scene, chosen, operand.table)


def _of_rows(
    tables: Tables, identity: Identity, operand: Operand, scene: Scene, chosen: Sequence[Record], table: str
) -> Found:
    printed = tables.printed(scene.forms[table], operand.kind or scene.kind, scene.files[table])
    made: list[Fact] = []
    for row in chosen:
        fact = fact_of(row, operand.name, printed, identity.unit)
        if fact is None:
            said = FIELD_WORDS.get(operand.name, operand.name)
            return Found(operand, missing=f"{table}：{called(row)} {said}")
        made.append(fact)
    return Found(operand, [tuple(made)] if made else [])


def _together(found: Sequence[Sequence[Bundle]]) -> list[list[Bundle]]:
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
