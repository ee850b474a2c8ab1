"""The lint of what people score: points that a person gives, with the reason, and those without one."""

from __future__ import annotations

from jixiao.authoring.lint.points import leaves, name
from jixiao.model import Findings
from jixiao.rubric import Part, Rubric, Spots

HUMAN = ("point", "grades", "level", "bonus")


def lint_people(rubric: Rubric, spots: Spots, findings: Findings) -> None:
    """Every item that a person scores because its text was not understood, and all that give points freely."""
    free: list[str] = []
    place = None
    for indicator, part in leaves(rubric):
        if part.kind in HUMAN and part.note:
            findings.add("J327", spots.rule(part, "note"), title=name(indicator, part), why=part.note)
        elif _free(part) and not part.requires:
            place = place or spots.rule(part, "graded" if part.kind == "point" else "grades")
            free.append(name(indicator, part))
    if place is not None:
        findings.add(
            "J328", place, count=len(free), titles="、".join(free[:5]) + ("等" if len(free) > 5 else "")
        )


def _free(part: Part) -> bool:
    """Whether a person gives points between none and all of them."""
    return part.kind in HUMAN and any(ask.field == "给分" for ask in part.asks)
