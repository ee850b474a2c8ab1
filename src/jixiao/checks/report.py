"""Checked -> findings: a contradiction each, tails one note a document, what was not checked one note."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from jixiao.checks.checked import Checked, Outcome, Side
from jixiao.checks.same import SAME
from jixiao.model.expr.base import plain
from jixiao.model.fact import Fact
from jixiao.model.finding import Finding, Findings, make
from jixiao.model.numbers import AMOUNT_UNITS
from jixiao.model.source import Source

FACTORS = (Decimal(10000), Decimal(1000))
"""元 against 万元, 元 against 千元."""
PLACES_A_SIDE = 3
LISTED = 5


def findings(checked: Sequence[Checked]) -> Findings:
    """What a person has to know of the checks, contradictions first, in the order given."""
    made = Findings()
    merged: dict[tuple[str, str, str], Finding] = {}
    for one in checked:
        if one.outcome is Outcome.FAILS:
            found = _failed(one)
            key = (one.id, found.code, found.message) if one.id != SAME else _same_key(one, found)
            merged[key] = _joined(merged[key], found) if key in merged else found
    made.extend(merged.values())
    _tails(made, [one for one in checked if one.outcome is Outcome.TAIL])
    _unchecked(made, [one for one in checked if one.outcome is Outcome.UNCHECKED and not one.absent])
    return made


def _same_key(one: Checked, found: Finding) -> tuple[str, str, str]:
    """The same two figures said by several documents are one contradiction with several places."""
    return one.left.terms[0].fact.name, found.code, f"{one.left.value}/{one.right.value}"


def _joined(first: Finding, other: Finding) -> Finding:
    sources = tuple(dict.fromkeys((*first.sources, *other.sources)))
    return Finding(first.code, first.level, first.message, first.advice, sources, first.args)


def _failed(one: Checked) -> Finding:
    left, right = one.left.value or Decimal(0), one.right.value or Decimal(0)
    words = {
        "id": one.id,
        "title": one.title,
        "name": one.left.terms[0].fact.name,
        "left": one.left.text,
        "right": one.right.text,
        "left_value": _amount(left, one.unit),
        "right_value": _amount(right, one.unit),
        "difference": _amount(abs(left - right), one.unit),
        "reference": one.reference,
    }
    code = "J201"
    if one.relation == ">=":
        code = "J204" if one.right.constant is not None else "J205"
    elif factor := _factor(left, right):
        code, words["factor"] = "J203", str(factor)
    elif one.id == SAME or len(_documents(one)) > 1 == len(one.left.terms) == len(one.right.terms):
        code = "J202"
        if one.id != SAME:
            words["left"], words["right"] = _documents(one)
    return make(code, *_sources(one.left), *_sources(one.right), level=one.level, **words)


def _documents(one: Checked) -> list[str]:
    """The kinds of documents that the figures stand in, left first."""
    return list(dict.fromkeys(term.fact.source.document for term in (*one.left.terms, *one.right.terms)))


def _factor(left: Decimal, right: Decimal) -> Decimal | None:
    """The factor of a mistaken unit between two figures of the same digits, to the cent of the smaller."""
    small, large = sorted((abs(left), abs(right)))
    if not small or (left < 0) != (right < 0):
        return None
    cent = Decimal("0.005")
    return next((factor for factor in FACTORS if abs(large - small * factor) <= factor * cent), None)


def _sources(side: Side) -> list[Source]:
    """The places of a side: a few, figures before zeros."""
    facts = [term.fact for term in side.terms]
    facts = [fact for fact in facts if fact.value] or facts
    return [fact.source for fact in facts[:PLACES_A_SIDE]]


def _amount(value: Decimal, unit: str) -> str:
    """A figure with its unit; money with two decimals at least."""
    shown = plain(value)
    if unit in AMOUNT_UNITS:
        whole, _, cents = shown.partition(".")
        shown = f"{whole}.{cents:0<2}"
    return f"{shown}{unit}"


def _tails(made: Findings, tails: list[Checked]) -> None:
    groups: dict[str, list[Checked]] = {}
    for one in tails:
        groups.setdefault(_document(one), []).append(one)
    for document, group in groups.items():
        largest = max(group, key=lambda one: abs(one.difference or Decimal(0)))
        made.add(
            "J206",
            *dict.fromkeys(one.left.terms[0].fact.source for one in group[:LISTED]),
            document=document,
            count=len(group),
            most=_amount(abs(largest.difference or Decimal(0)), largest.unit),
            titles=_listed([one.title for one in group]),
        )


def _document(one: Checked) -> str:
    fact: Fact = one.left.terms[0].fact
    return fact.source.document or fact.source.file


def _unchecked(made: Findings, group: list[Checked]) -> None:
    if group:
        said = [f"{one.title}（未找到{one.missing}）" for one in group]
        made.add("J207", count=len(group), titles=_listed(said))


def _listed(items: list[str]) -> str:
    unique = list(dict.fromkeys(items))
    return "；".join(unique[:LISTED]) + (f"；等 {len(unique)} 项" if len(unique) > LISTED else "")
