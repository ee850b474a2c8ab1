"""Identities x what was read -> Checked, each with one of the outcomes; never a silent pass."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from jixiao.checks import rows, terms
from jixiao.checks.checked import Checked, Outcome, Side, Term
from jixiao.checks.identity import Identity, Operand
from jixiao.checks.operands import Bundle, Found, Scene, find, together
from jixiao.checks.same import place
from jixiao.checks.tables import Tables
from jixiao.checks.tolerance import allowed
from jixiao.model import Fact, Record

NAMED_MISSING = 3
ZERO = Decimal(0)


def evaluate(identity: Identity, tables: Tables) -> Iterator[Checked]:
    """Every check that the identity means for these tables; none where it does not apply."""
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
    return any(o.table == table and o.key not in identity.optional for o in identity.operands)


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
            elif any(term.fact.value for term in (*checked.left.terms, *checked.right.terms)):
                called = _called(row)
                yield replace(checked, title=f"{identity.title}（{called}）", row=called)
    if missing:
        yield _unchecked(identity, list(dict.fromkeys(missing)))


def _called(row: Record) -> str:
    return f"{rows.code(row)} {row['name'] or ''}".strip()


def _one(identity: Identity, tables: Tables, scene: Scene) -> Iterator[Checked]:
    asked = _asked(identity, tables, scene)
    for made in _compared(identity, tables, scene) if asked is not None else ():
        used = {place(term.fact) for term in (*made.left.terms, *made.right.terms)}
        yield replace(made, also=tuple(fact for fact in asked or () if place(fact) not in used))


def _compared(identity: Identity, tables: Tables, scene: Scene) -> Iterator[Checked]:
    found = [(operand, find(tables, identity, operand, scene)) for operand in identity.operands]
    if _not_printed(identity, found):
        return
    missing = [candidates.missing for _, candidates in found if candidates.missing]
    there = [(operand, candidates) for operand, candidates in found if candidates.candidates]
    if missing:
        made = _half(identity, found, _unchecked(identity, missing))
        if not identity.basis or made.left.value:
            yield made
        return
    if not there or not _both_sides(identity, found):
        return
    used = [operand for operand, _ in there]
    for combination in together([candidates.candidates for _, candidates in there]):
        yield _checked(identity, list(zip(used, combination, strict=True)))


def _asked(identity: Identity, tables: Tables, scene: Scene) -> list[Fact] | None:
    """The figures that make the condition of the identity true; None where it is false or they are not there."""
    if identity.when is None:
        return []
    known: dict[str, Fact] = {}
    for key in identity.when.refs():
        candidates = find(tables, identity, terms.operand(Decimal(1), key, {}), scene).candidates
        if not candidates:
            return None
        known[key] = candidates[0][0]
    return list(known.values()) if identity.when.number(lambda key: known[key].value) is True else None


def _half(identity: Identity, found: list[tuple[Operand, Found]], bare: Checked) -> Checked:
    """A check that was not made, with the figures of a side that was located as a whole."""
    sides = []
    for operands, side in ((identity.left, bare.left), (identity.right, bare.right)):
        own = [(o, f.candidates) for o, f in found if any(o is one for one in operands)]
        own = [(o, there) for o, there in own if there or o.key not in identity.optional]
        if not own or not all(candidates for _, candidates in own):
            sides.append(side)
            continue
        first = together([candidates for _, candidates in own])[0]
        sides.append(_side(operands, list(zip([o for o, _ in own], first, strict=True))))
    return replace(bare, left=sides[0], right=sides[1])


def _not_printed(identity: Identity, found: list[tuple[Operand, Found]]) -> bool:
    """Whether this table does not print what the check is about: none of the figures that come together."""
    linked = [candidates for operand, candidates in found if operand.key in identity.together]
    return bool(linked) and not any(candidates.candidates for candidates in linked)


def _both_sides(identity: Identity, found: list[tuple[Operand, Found]]) -> bool:
    """Whether each side has something to add up; a side that is the number 0 needs nothing."""
    count = len(identity.left)
    left, right = found[:count], found[count:]
    return all(not side or any(f.candidates for _, f in side) for side in (left, right))


def _unchecked(identity: Identity, missing: list[str], absent: str = "") -> Checked:
    said = "、".join(missing[:NAMED_MISSING])
    if len(missing) > NAMED_MISSING:
        said += f"等 {len(missing)} 项"
    left, right = Side(terms.words(identity.left), ()), Side(terms.words(identity.right), ())
    return _made(identity, left, right, ZERO, Outcome.UNCHECKED, said or f"没有{absent}", absent)


def _checked(identity: Identity, combination: list[tuple[Operand, Bundle]]) -> Checked:
    sides = [_side(identity.left, combination), _side(identity.right, combination)]
    left, right = sides
    tolerance = allowed(identity.tolerance, left.terms, right.terms, identity.unit)
    gap = (left.value or ZERO) - (right.value or ZERO)
    over = {"=": gap == 0, ">=": gap >= 0, ">": gap > 0}[identity.relation]
    tail = abs(gap) <= tolerance and identity.relation != ">"
    outcome = Outcome.HOLDS if over else Outcome.TAIL if tail else Outcome.FAILS
    return _made(identity, left, right, tolerance, outcome)


def _side(operands: tuple[Operand, ...], combination: list[tuple[Operand, Bundle]]) -> Side:
    used = [(operand, bundle) for operand, bundle in combination if any(operand is one for one in operands)]
    made = tuple(Term(operand.sign, fact, operand.factor) for operand, bundle in used for fact in bundle)
    return Side(terms.words(tuple(operand for operand, _ in used)), made, None if operands else ZERO)


def _made(
    identity: Identity,
    left: Side,
    right: Side,
    tolerance: Decimal,
    outcome: Outcome,
    missing: str = "",
    absent: str = "",
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
        missing=missing,
        reference=identity.reference.line() if identity.reference else "",
        absent=absent,
        basis=identity.basis,
        advice=identity.advice,
        says=identity.says,
        group=identity.group,
    )
