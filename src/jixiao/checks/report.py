"""Checked -> findings: a contradiction each, one for a common cause, tails one note a pair of documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from jixiao.checks.causes import FACTORS, Cause, causes
from jixiao.checks.checked import Checked, Outcome, Term
from jixiao.checks.same import SAME
from jixiao.checks.says import said
from jixiao.checks.wording import LISTED, amount, both, documents, few, listed, table
from jixiao.model import Finding, Findings, half_up, make, percent
from jixiao.text.numbers import AMOUNT_UNITS


def findings(checked: Sequence[Checked], common: Sequence[Cause] | None = None) -> Findings:
    """What a person has to know of the checks: common causes first, then single contradictions in the order given.

    ``common`` are the causes of these checks, where they have been looked for already.
    """
    made = Findings()
    grouped: set[int] = set()
    for cause in causes(checked) if common is None else common:
        if len(cause.checks) > 1:
            made.items.append(_caused(cause))
            grouped |= set(map(id, cause.checks))
    merged: dict[tuple[str, str, str], Finding] = {}
    for one in checked:
        if one.outcome is Outcome.FAILS and id(one) not in grouped:
            found = _advised(one, _failed(one))
            key = (one.id, found.code, found.message) if one.id != SAME else _same_key(one, found)
            merged[key] = _joined(merged[key], found) if key in merged else found
    made.extend(merged.values())
    _without_basis(made, [one for one in checked if _lacks_basis(one)])
    _tails(made, [one for one in checked if one.outcome is Outcome.TAIL])
    open_ones = [one for one in checked if one.outcome is Outcome.UNCHECKED and not one.absent]
    _unchecked(made, [one for one in open_ones if not _lacks_basis(one)])
    return made


def _same_key(one: Checked, found: Finding) -> tuple[str, str, str]:
    """The same two figures said by several documents are one contradiction with several places."""
    return one.left.terms[0].fact.name, found.code, f"{one.left.value}/{one.right.value}"


def _joined(first: Finding, other: Finding) -> Finding:
    return replace(first, sources=tuple(dict.fromkeys((*first.sources, *other.sources))))


def _advised(one: Checked, found: Finding) -> Finding:
    return replace(found, advice=one.advice) if one.advice else found


def _words(one: Checked) -> dict[str, str]:
    left, right = one.left.value or Decimal(0), one.right.value or Decimal(0)
    return {
        "id": one.id,
        "title": one.title,
        "name": one.left.terms[0].fact.name,
        "left": one.left.text,
        "right": one.right.text,
        "left_value": amount(left, one.unit),
        "right_value": amount(right, one.unit),
        "difference": _difference(abs(left - right), one.unit),
        "reference": one.reference,
        **said(one),
    }


def _difference(gap: Decimal, unit: str) -> str:
    """How far two figures are apart; rates by points, not by percent."""
    return f"{amount(gap * 100, '')}个百分点" if unit == "%" else amount(gap, unit)


def _failed(one: Checked) -> Finding:
    words, code = _words(one), "J201"
    if one.relation == ">":
        code, words["share"] = "J209", _share(one)
    elif one.relation == ">=":
        code = "J204" if one.right.constant is not None else "J205"
    elif factor := _factor(one.left.value or Decimal(0), one.right.value or Decimal(0)):
        code, words["factor"] = "J203", str(factor)
        words["left_unit"], words["right_unit"] = _printed(one.left.terms), _printed(one.right.terms)
    elif one.id == SAME or len(documents(one)) > 1 == len(one.left.terms) == len(one.right.terms):
        code = "J202"
        if one.id != SAME:
            words["left"], words["right"] = documents(one)
    return make(code, *both(one), level=one.level, **words)


def _share(one: Checked) -> str:
    """What the right side is of the figure that the limit is a part of: ``（30%）``."""
    whole = one.left.terms[0].fact.value
    if not isinstance(whole, Decimal) or not whole or len(one.left.terms) > 1 or one.right.value is None:
        return ""
    return f"（{percent(half_up(one.right.value / whole, 4))}）"


def _printed(terms: Sequence[Term]) -> str:
    units = dict.fromkeys(term.fact.unit for term in terms)
    return "、".join(unit for unit in units if unit) or "未写明"


def _factor(left: Decimal, right: Decimal) -> Decimal | None:
    """The factor of a mistaken unit between two figures of the same digits, to the cent of the smaller."""
    small, large = sorted((abs(left), abs(right)))
    if not small or (left < 0) != (right < 0):
        return None
    cent = Decimal("0.005")
    return next(
        (f for f in FACTORS if abs(large - small * f) <= min(f * cent, large / 1000)),
        None,
    )


def _caused(cause: Cause) -> Finding:
    """One finding for all the checks that a cause explains."""
    facts = [term.fact for one in cause.checks for term in (*one.left.terms, *one.right.terms)]
    sources = few([cause.fact.source, *(fact.source for fact in facts if fact.value)])
    words = {
        "table": table(cause.fact),
        "count": str(len(cause.checks)),
        "titles": listed(one.title for one in cause.checks),
        "name": cause.fact.name,
        "label": cause.fact.source.label or cause.fact.name,
    }
    if cause.kind == "unit":
        code = "J211" if cause.whole else "J212"
        return make(code, *sources, level=None, **words, **_units(cause))
    if cause.kind == "figure":
        unit = cause.checks[0].unit
        value = cause.fact.value if isinstance(cause.fact.value, Decimal) else Decimal(0)
        wanted = amount(cause.value or Decimal(0), unit)
        return make("J213", *sources, level=None, **words, value=amount(value, unit), wanted=wanted)
    if cause.kind == "columns":
        return make("J214", *sources, level=None, **words, first=cause.columns[0], second=cause.columns[1])
    return make("J215", *sources, level=None, **words, among=cause.among)


def _units(cause: Cause) -> dict[str, str]:
    """Which document has which unit, and which unit would fit."""
    own = cause.fact.unit
    worth = AMOUNT_UNITS[own] * cause.factor
    real = next((unit for unit, size in AMOUNT_UNITS.items() if size == worth), "")
    others = [
        term.fact
        for one in cause.checks
        for term in (*one.left.terms, *one.right.terms)
        if table(term.fact) != table(cause.fact) and term.fact.unit
    ]
    said = dict.fromkeys(f"{table(fact)}为{fact.unit}" for fact in others)
    factor = cause.factor if cause.factor > 1 else 1 / cause.factor
    return {
        "unit": own,
        "real": f"，这些数更像是{real}" if real else "",
        "factor": f"{factor.normalize():f}",
        "others": "、".join(list(said)[:LISTED]) or "同表其他数",
    }


def _lacks_basis(one: Checked) -> bool:
    return one.outcome is Outcome.UNCHECKED and one.basis and bool(one.left.terms)


def _without_basis(made: Findings, checked: list[Checked]) -> None:
    """What would have to rest on a paper that is not there: the figures are named, each with its place."""
    for one in checked:
        figures = "、".join(
            f"{fact.name}{amount(fact.value, one.unit)}"
            for fact in (*(term.fact for term in one.left.terms), *one.also)
            if isinstance(fact.value, Decimal)
        )
        words = {**_words(one), "missing": one.missing, "figures": figures}
        made.items.append(_advised(one, make("J208", *both(one), level=one.level, **words)))


def _tails(made: Findings, tails: list[Checked]) -> None:
    groups: dict[str, list[Checked]] = {}
    for one in tails:
        files = dict.fromkeys(t.fact.source.file for t in (*one.left.terms, *one.right.terms))
        groups.setdefault("与".join(documents(one)) or "与".join(files), []).append(one)
    for document, group in groups.items():
        largest = max(group, key=lambda one: abs(one.difference or Decimal(0)))
        made.add(
            "J206",
            *few(place for one in group[:LISTED] for place in both(one)),
            document=document,
            count=len(group),
            most=amount(abs(largest.difference or Decimal(0)), largest.unit),
            titles=listed(one.title for one in group),
        )


def _unchecked(made: Findings, group: list[Checked]) -> None:
    if group:
        said = [f"{one.title}（未找到{one.missing}）" for one in group]
        made.add("J207", count=len(group), titles=listed(said))
