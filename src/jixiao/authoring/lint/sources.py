"""The lint of what a definition refers to: legal basis, facts, quantities, zero denominators."""

from __future__ import annotations

from jixiao.model import PENDING, Findings
from jixiao.rubric import KINDS, Rubric, Spots


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
