"""What is doubtful in a rubric: bands, points, names, references, the wording of its criteria against its rules.

``lint`` looks at a definition that can be read; one file a concern. ``lint_wording`` looks at a text alone, for an
official table that is not a rubric yet.
"""

from __future__ import annotations

from collections.abc import Mapping

from jixiao.authoring.lint.agreement import lint_agreement, lint_sources
from jixiao.authoring.lint.points import lint_names, lint_people, lint_points
from jixiao.authoring.lint.wording import lint_steps, lint_wording
from jixiao.model import Findings, Source
from jixiao.rubric import Rubric, Spots


def lint(rubric: Rubric, places: Mapping[str, Source] | None = None, *, compare: bool = True) -> Findings:
    """Findings about a definition that can be read: errors to be put right, doubts, and its own decisions.

    Every finding has file and line of the definition; ``places`` are the cells of an official table, by indicator, that
    the definition was read from. ``compare``: rules are held against their texts, which costs the reading of every text.
    """
    findings = Findings()
    spots = Spots(rubric, places)
    lint_points(rubric, spots, findings)
    lint_names(rubric, spots, findings)
    for indicator in rubric.indicators():
        text = spots.text(indicator)
        if text:
            place = spots.body(indicator, "criteria")
            lint_wording(text, indicator.weight, indicator.key, place, findings)
            lint_steps(text, rubric, indicator, place, findings)
    if compare:
        lint_agreement(rubric, spots, findings)
    lint_people(rubric, spots, findings)
    lint_sources(rubric, spots, findings)
    for number, decision in enumerate(rubric.decisions):
        findings.add(
            "J318",
            spots.at(spots.data["decisions"][number], "about", decision.about),
            about=decision.about,
            says=decision.says,
            decided=decision.decided,
            reason=decision.reason,
        )
    return findings


__all__ = ["lint", "lint_wording"]
