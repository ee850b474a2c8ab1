"""Checked -> findings: a contradiction each, one for a common cause, tails one note a pair of documents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from jixiao.checks.causes import FACTORS, Cause, causes
from jixiao.checks.checked import Checked, Outcome, Term, amount
from jixiao.checks.same import SAME
from jixiao.model import Fact, Finding, Findings, Source, make
from jixiao.text import AMOUNT_UNITS

LISTED = 5


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
            key = (one.id, found.code, found.message)
            if (
                one.id == SAME
            ):  # the same two figures said by several documents: one contradiction with several places
                key = (one.left.terms[0].fact.name, found.code, f"{one.left.value}/{one.right.value}")
            first = merged.get(key, found)
            merged[key] = first._replace(sources=tuple(dict.fromkeys((*first.sources, *found.sources))))
    made.extend(merged.values())
    open_ones = [one for one in checked if one.outcome is Outcome.UNCHECKED]
    made.extend(_without_basis(one) for one in open_ones if _lacks_basis(one))
    made.extend(_tails([one for one in checked if one.outcome is Outcome.TAIL]))
    waiting = [one for one in open_ones if not one.absent and not _lacks_basis(one)]
    if said := [f"{one.title}（未找到{one.missing}）" for one in waiting]:
        made.add("J207", count=len(said), titles=listed(said))
    return made


def _advised(one: Checked, found: Finding) -> Finding:
    return found._replace(advice=one.advice) if one.advice else found


def _failed(one: Checked) -> Finding:
    words, code = {**one.words(), **one.said()}, "J201"
    if one.relation == ">":  # how much the right side is of the figure that the limit is a part of
        code, words["share"] = (
            "J209",
            f"（{words['share']}）" if len(one.left.terms) == 1 and words["share"] else "",
        )
    elif one.relation == ">=":
        code = "J204" if one.right.constant is not None else "J205"
    elif factor := _factor(one.left.value or Decimal(0), one.right.value or Decimal(0)):
        code, words["factor"] = "J203", str(factor)
        words["left_unit"], words["right_unit"] = _printed(one.left.terms), _printed(one.right.terms)
    elif one.id == SAME or len(one.documents) > 1 == len(one.left.terms) == len(one.right.terms):
        code = "J202"
        if one.id != SAME:
            words["left"], words["right"] = one.documents
    return make(code, *one.places, level=one.level, **words)


def _printed(terms: Sequence[Term]) -> str:
    units = dict.fromkeys(term.fact.unit for term in terms)
    return "、".join(unit for unit in units if unit) or "未写明"


def _factor(left: Decimal, right: Decimal) -> Decimal | None:
    """The factor of a mistaken unit between two figures of the same digits, to the cent of the smaller."""
    small, large = sorted((abs(left), abs(right)))
    if not small or (left < 0) != (right < 0):
        return None
    cent = Decimal("0.005")
    return next((f for f in FACTORS if abs(large - small * f) <= min(f * cent, large / 1000)), None)


def _caused(cause: Cause) -> Finding:
    """One finding for all the checks that a cause explains."""
    facts = [term.fact for one in cause.checks for term in one.terms]
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
        return make(code, *sources, level=None, **words, **_units(cause, facts))
    if cause.kind == "figure":
        unit = cause.checks[0].unit
        value = cause.fact.value if isinstance(cause.fact.value, Decimal) else Decimal(0)
        wanted = amount(cause.value or Decimal(0), unit)
        return make("J213", *sources, level=None, **words, value=amount(value, unit), wanted=wanted)
    if cause.kind == "columns":
        return make("J214", *sources, level=None, **words, first=cause.columns[0], second=cause.columns[1])
    return make("J215", *sources, level=None, **words, among=cause.among)


def _units(cause: Cause, facts: Sequence[Fact]) -> dict[str, str]:
    """Which document has which unit, and which unit would fit."""
    own = cause.fact.unit
    worth = AMOUNT_UNITS[own] * cause.factor
    real = next((unit for unit, size in AMOUNT_UNITS.items() if size == worth), "")
    others = [fact for fact in facts if table(fact) != table(cause.fact) and fact.unit]
    said = dict.fromkeys(f"{table(fact)}为{fact.unit}" for fact in others)
    factor = cause.factor if cause.factor > 1 else 1 / cause.factor
    return {
        "unit": own,
        "real": f"，这些数更像是{real}" if real else "",
        "factor": f"{factor.normalize():f}",
        "others": "、".join(list(said)[:LISTED]) or "同表其他数",
    }


def _lacks_basis(one: Checked) -> bool:
    return one.basis and bool(one.left.terms)


def _without_basis(one: Checked) -> Finding:
    """What would have to rest on a paper that is not there: the figures are named, each with its place."""
    figures = "、".join(
        f"{fact.name}{amount(fact.value, one.unit)}"
        for fact in (*(term.fact for term in one.left.terms), *one.also)
        if isinstance(fact.value, Decimal)
    )
    words = {**one.words(), **one.said(), "missing": one.missing, "figures": figures}
    return _advised(one, make("J208", *one.places, level=one.level, **words))


def _tails(tails: Sequence[Checked]) -> Iterable[Finding]:
    """One note a pair of documents."""
    groups: dict[str, list[Checked]] = {}
    for one in tails:
        files = dict.fromkeys(term.fact.source.file for term in one.terms)
        groups.setdefault("与".join(one.documents) or "与".join(files), []).append(one)
    for document, group in groups.items():
        largest = max(group, key=lambda one: abs(one.difference or Decimal(0)))
        yield make(
            "J206",
            *few(place for one in group[:LISTED] for place in one.places),
            document=document,
            count=len(group),
            most=amount(abs(largest.difference or Decimal(0)), largest.unit),
            titles=listed(one.title for one in group),
        )


def table(fact: Fact) -> str:
    """The table of a fact as a person calls it: the document, and the file that it stands in."""
    source = fact.source
    return " ".join(dict.fromkeys(part for part in (source.document or source.form, source.file) if part))


def listed(items: Iterable[str]) -> str:
    """The first few of some texts, and how many there are."""
    unique = list(dict.fromkeys(items))
    return "；".join(unique[:LISTED]) + (f"；等 {len(unique)} 项" if len(unique) > LISTED else "")


def few(places: Iterable[Source]) -> Sequence[Source]:
    """The first few places, each once."""
    return list(dict.fromkeys(places))[: 2 * LISTED]
