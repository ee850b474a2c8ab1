"""What is doubtful in a rubric: gaps, overlaps, points out of reach or leading nowhere, names no cell can have."""

from __future__ import annotations

from jixiao.model.finding import Findings
from jixiao.model.source import Source
from jixiao.rubric.lint_names import lint_names
from jixiao.rubric.lint_points import lint_points
from jixiao.rubric.nouns import Rubric


def lint(rubric: Rubric) -> Findings:
    """Findings about a definition that loads: errors to be put right, warnings, and the rubric's own decisions."""
    findings = Findings()
    lint_points(rubric, findings)
    lint_names(rubric, findings)
    _references(rubric, findings)
    _unused(rubric, findings)
    for decision in rubric.decisions:
        place = Source("", label=decision.about)
        findings.add(
            "J318",
            place,
            about=decision.about,
            says=decision.says,
            decided=decision.decided,
            reason=decision.reason,
        )
    return findings


def _references(rubric: Rubric, findings: Findings) -> None:
    unchecked = []
    for indicator in rubric.indicators():
        if not indicator.reference.number and not indicator.reference.article:
            findings.add("J308", Source("", label=indicator.key), title=indicator.key)
        if not indicator.reference.checked:
            unchecked.append(indicator.key)
    if not rubric.grade_reference.checked:
        unchecked.append("等级")
    if unchecked:
        findings.add("J307", count=len(unchecked), titles="、".join(unchecked))


def _unused(rubric: Rubric, findings: Findings) -> None:
    """Names that no rule reads, directly or through a quantity."""
    used: set[str] = set()
    waiting = [name for indicator in rubric.indicators() for name in indicator.rule.reads]
    while waiting:
        name = waiting.pop()
        if name not in used:
            used.add(name)
            waiting += rubric.quantities[name].reads if name in rubric.quantities else ()
    for name in rubric.quantities:
        if name not in used:
            findings.add("J309", Source("", label=name), name=name)
    idle = [name for name in rubric.facts if name not in used]
    if idle:
        findings.add("J310", count=len(idle), names="、".join(idle))


__all__ = ["lint"]
