"""The lint of what people score: points that a person gives, with the reason, and those without one."""

from __future__ import annotations

from jixiao.authoring.lint.points import leaves
from jixiao.model import Findings
from jixiao.rubric import KINDS, Part, Rubric, Spots, named


def lint_people(rubric: Rubric, spots: Spots, findings: Findings) -> None:
    """Every item that a person scores because its text was not understood, and all that give points freely."""
    free: list[str] = []
    place = None
    for indicator, part in leaves(rubric):
        if _people(part) and part.note:
            findings.add("J327", spots.rule(part, "note"), title=named(indicator, part), why=part.note)
        elif _free(part) and not part.requires:
            place = place or spots.rule(part, KINDS[part.kind].points_at or "graded")
            free.append(named(indicator, part))
    if place is not None:
        findings.add(
            "J328", place, count=len(free), titles="、".join(free[:5]) + ("等" if len(free) > 5 else "")
        )


def _free(part: Part) -> bool:
    """Whether a person gives points between none and all of them."""
    return _people(part) and any(ask.field == "给分" for ask in part.asks)


def _people(part: Part) -> bool:
    """Whether people decide, or count what stands beside the hundred."""
    kind = KINDS[part.kind]
    return kind.by == "person" or kind.extra
