"""Lint of what the rules and their sources say: criteria texts beside rules, references."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from jixiao.authoring.lint.wording import unit_of
from jixiao.authoring.official.importing import imported
from jixiao.authoring.official.table import OfficialRow, OfficialTable
from jixiao.authoring.official.underway import points_of
from jixiao.model import (
    PENDING,
    Concept,
    DefinitionError,
    ExprError,
    Findings,
    Refused,
    Source,
    Value,
    body_of,
    concepts,
    half_up,
    percent,
    plain,
)
from jixiao.rubric import KINDS, Context, Indicator, Part, Rubric, Spots, build, edges, named


def lint_sources(rubric: Rubric, spots: Spots, findings: Findings) -> None:
    """Findings about references, about names that nothing reads, and about outcomes that nobody stated."""
    _references(rubric, spots, findings)
    used = _used(rubric)
    for name in rubric.quantities:
        if name not in used:
            findings.add("J309", spots.at(spots.quantities.get(name), "name", name), name=name)
    idle = [name for name in rubric.facts if name not in used]
    if idle:
        findings.add("J310", spots.top("facts", ""), count=len(idle), names="、".join(idle))
    for ident, body in spots.data.get("concepts", {}).items():
        if body["name"] not in used and body["name"] not in rubric.facts:
            findings.add("J359", spots.at(body, "name", str(body["name"])), name=body["name"], ident=ident)
    _zeros(rubric, spots, used, findings)


def _references(rubric: Rubric, spots: Spots, findings: Findings) -> None:
    unchecked = []
    for indicator in rubric.indicators():
        if not indicator.reference.number and not indicator.reference.article:
            findings.add("J308", spots.body(indicator, "reference"), title=indicator.key)
        if not indicator.reference.checked:
            unchecked.append(indicator.key)
    if not rubric.grade_reference.checked:
        unchecked.append("等级")
    if unchecked:
        findings.add("J307", spots.top("reference", ""), count=len(unchecked), titles="、".join(unchecked))


def _used(rubric: Rubric) -> set[str]:
    """Names that a rule, a cap or a form reads, directly or through a quantity."""
    used: set[str] = set()
    waiting = [name for indicator in rubric.indicators() for name in indicator.rule.reads]
    waiting += [cap.x for cap in rubric.caps]
    waiting += [name for _, name in rubric.self_tables.figures]
    while waiting:
        name = waiting.pop()
        if name not in used:
            used.add(name)
            waiting += rubric.quantities[name].reads if name in rubric.quantities else ()
    return used


def _zeros(rubric: Rubric, spots: Spots, used: set[str], findings: Findings) -> None:
    """Ratios whose denominator may be zero without an exception or a decision that says what happens then."""
    settled = " ".join(f"{d.about}{d.says}{d.decided}" for d in rubric.decisions)
    answered = {
        read
        for indicator in rubric.indicators()
        for part in indicator.rule.leaves()
        if "first" in spots.specs.get(part.key, {})
        for read in part.reads
    }
    waiting = [
        name
        for name, body in spots.quantities.items()
        if body.get("zero") == PENDING and name in used and name not in answered and name not in settled
    ]
    best = [
        indicator.key
        for indicator in rubric.indicators()
        for part in indicator.rule.leaves()
        if "zero" in KINDS[part.kind].may and "zero" not in spots.specs.get(part.key, {"zero": 0})
    ]
    if waiting or best:
        names = "、".join(dict.fromkeys([*waiting, *best]))
        findings.add("J357", spots.top("quantities", ""), count=len(waiting) + len(best), names=names)


Spec = Mapping[str, Any]
SHARES = ("-0.2", "0", "0.333", "0.5", "0.666", "0.85", "0.999", "1", "1.001", "1.25")
PLAIN = ("0", "1", "2", "3", "4", "5", "6", "10", "33", "50", "85", "100", "150")
_SET_ASIDE = ("first", "applies", "shows", "note", "key", "title")
_FIGURES = [name for name, kind in KINDS.items() if kind.holding("figure") == ("x",)]
"""Kinds that rest on one figure alone: their rules can be compared value by value."""


def lint_agreement(rubric: Rubric, spots: Spots, findings: Findings) -> None:
    """A finding for every rule that gives other points than its text, with the first value at which it does."""
    texts = {i.key: spots.text(i) for i in rubric.indicators() if i.weight > 0}
    listed = [i for i in rubric.indicators() if texts.get(i.key)]
    rules, units = _read(listed, texts)
    for indicator in listed:
        told = rules.get(indicator.key)
        spec = spots.bodies[indicator.key]["rule"]
        if told is None:
            continue
        leaves, specs = _leaves(indicator.rule, spec), points_of(dict(told))
        if [own.get("full") for _, own in leaves] != [other.get("full") for other in specs]:
            continue  # other points than the text has: the reader may have cut it elsewhere
        for (part, own), other in zip(leaves, specs, strict=True):
            found = _apart(own, other, rubric, units)
            if found is not None:
                value, said, ruled = found
                findings.add(
                    "J329",
                    spots.rule(part),
                    title=named(indicator, part),
                    value=value,
                    told=plain(said),
                    points=plain(ruled),
                )


def _read(
    listed: Sequence[Indicator], texts: Mapping[str, str]
) -> tuple[Mapping[str, Spec], Mapping[str, str]]:
    """The rules of the texts that an import understands in full, by title, and the units of the names that they use."""
    told = [(i.key, i.weight, i.description, texts[i.key]) for i in listed]
    rest = Decimal(100) - sum((weight for _, weight, _, _ in told), Decimal(0))
    told += [("其余的分值", rest, "", "")] if rest > 0 else []
    rows = [
        OfficialRow("例", None, "例", None, title, weight, about, text, Source(""), n1=1, n2=n)
        for n, (title, weight, about, text) in enumerate(told)
    ]
    try:
        made = imported(OfficialTable("", "例", rows), "example", "例", 2000, {"title": "例"})
    except Refused:
        return {}, {}
    bodies = [b for first in made.data["levels"] for second in first["levels"] for b in second["indicators"]]
    units = {name: concept.unit for name, concept in concepts().items()}
    for body in (*made.data.get("quantities", []), *made.data.get("concepts", {}).values()):
        units[body["name"]] = str(body["unit"])
    return {body["title"]: body["rule"] for body in bodies if body["title"] in made.ruled}, units


def _leaves(part: Part, spec: Spec) -> list[tuple[Part, Spec]]:
    return list(zip(part.parts, spec["parts"], strict=True)) if part.kind == "sum" else [(part, spec)]


def _apart(
    own: Spec, told: Spec, rubric: Rubric, units: Mapping[str, str]
) -> tuple[str, Decimal, Decimal] | None:
    """The first value at which two rules differ: (value, points by the text, points by the rule)."""
    if own.get("kind") == told.get("kind") == "level":
        return _situations(own, told)
    if own.get("kind") not in _FIGURES or told.get("kind") not in _FIGURES:
        return None
    unit = unit_of(rubric, str(own["x"]))
    if (unit == "%") != (units.get(str(told["x"])) == "%"):
        return None  # the text counts something else
    one, other = _alone(own, unit), _alone(told, unit)
    if one is None or other is None:
        return None
    show = percent if unit == "%" else plain
    for value in _samples(one, other, shares=unit == "%"):
        ruled, said = _points(one, value), _points(other, value)
        if ruled is not None and said is not None and ruled != said:
            return f"{own['x']}为{show(value)}", said, ruled
    return None


def _situations(own: Spec, told: Spec) -> tuple[str, Decimal, Decimal] | None:
    """Situations in their order, where both have as many."""
    ours, theirs = own["options"], told["options"]
    if len(ours) != len(theirs):
        return None
    for (label, ruled), said in zip(ours.items(), theirs.values(), strict=True):
        if isinstance(ruled, Decimal) and isinstance(said, Decimal) and ruled != said:
            return f"“{label}”", said, ruled
    return None


def _alone(spec: Spec, unit: str) -> Part | None:
    """A rule over one figure by itself: without exceptions, moved points and the rest of its rubric."""
    body = {key: value for key, value in spec.items() if key not in _SET_ASIDE}
    body["x"] = "数值"
    known = {"数值": Concept("value", "数值", unit or "个")}
    try:
        return build(body_of(body, ""), "要点", Context(known, {}, frozenset(), {}))
    except DefinitionError:
        return None


def _samples(one: Part, other: Part, *, shares: bool) -> Iterator[Decimal]:
    """Values that matter: the edges of both rules, values between them, and plain ones."""
    step = Decimal("0.0001") if shares else Decimal("0.01")
    told: list[Decimal] = []
    for part in (one, other):
        for edge in edges(part.points, "数值"):
            told += [edge, edge - step, edge + step]
    told += [Decimal(text) for text in (SHARES if shares else PLAIN)]
    yield from dict.fromkeys(value for value in sorted(told) if value >= 0 or shares)


def _points(part: Part, value: Decimal) -> Decimal | None:
    def env(key: str) -> Value:
        return value if key == "数值" else None

    try:
        made = part.points.number(env)
    except (ExprError, ArithmeticError, KeyError):
        return None
    return half_up(made, 2) if isinstance(made, Decimal) else None
