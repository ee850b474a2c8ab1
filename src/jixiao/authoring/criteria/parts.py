"""Several quantities, or points of their own, in one text: parts of a sum."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from jixiao.authoring.criteria.bandsort import COUNTED
from jixiao.authoring.criteria.built import NO, YES, Built
from jixiao.authoring.criteria.clauses import Reading
from jixiao.authoring.criteria.grouping import shared
from jixiao.authoring.criteria.linear import mix
from jixiao.authoring.criteria.numeric import numeric
from jixiao.authoring.criteria.phrases import Clause, Given, Node
from jixiao.authoring.criteria.subjects import subject
from jixiao.authoring.criteria.worded import points_of


def several(
    reading: Reading, clauses: Sequence[Clause], groups: list[list[Clause]], full: Decimal, name: str
) -> Built:
    """Two quantities in one text: parts of their own where their points add up."""
    tops = []
    for group in groups:
        given = [points_of(c.action, full) for c in group if isinstance(c.action, Given)]
        tops.append(max((p for p in given if p is not None), default=Decimal(0)))
    named = "、".join(subject(group[0]) or name for group in groups)
    shares = [c for c in clauses if isinstance(c.action, Given) and c.action.share]
    if sum(tops) != full or shares:
        return Built(full=full).ask(f"文中有几个不同的量（{named}），不能确定按哪个计分")
    steps = [c for c in clauses if c.every is not None and not c.ranges]
    if any(c.every is not None and c.every.each.unit in COUNTED for c in steps):
        return Built(full=full).ask(f"“{steps[-1].text}”对各要点怎样适用没有写明")
    whole = Built(full=full, spec={"kind": "sum", "full": full, "parts": []})
    loose = [c for c in clauses if not c.otherwise and all(c not in group for group in groups)]
    for group, top, rest in zip(groups, tops, shared(clauses, groups), strict=True):
        own = Reading(caps=reading.caps, signs=reading.signs, base=reading.base)
        own.clauses = [*group, *rest]
        part = numeric(own, own.clauses, top, called(subject(group[0])) or name)
        adopt(whole, part)
    loose_clauses(whole, [c for c in loose if c.action is not None])
    return whole


def called(words: str) -> str:
    """Words as the name of a quantity."""
    made = re.sub(r"\W", "", words)
    return made if not made or made.isidentifier() else f"截至{made}"


def adopt(whole: Built, part: Built) -> None:
    """A part into the sum."""
    whole.parts.append(part)
    whole.notes += [n for n in part.notes if n not in whole.notes]
    whole.questions += [q for q in part.questions if q not in whole.questions]
    whole.closed = whole.closed or part.closed
    whole.understood = whole.understood and part.understood and part.spec is not None
    if whole.spec is not None and part.spec is not None:
        whole.spec["parts"].append(part.spec)
    for answer in (YES, NO):
        if all(answer in p.answers for p in whole.parts):
            whole.answers[answer] = sum((p.answers[answer] for p in whole.parts), Decimal(0))
        else:
            whole.answers.pop(answer, None)


def loose_clauses(whole: Built, clauses: Sequence[Clause]) -> None:
    """Ask about clauses beside the parts, other than one that gives all points."""
    for clause in clauses:
        points = points_of(clause.action, whole.full) if isinstance(clause.action, Given) else None
        if points == whole.full:
            continue
        whole.ask(f"“{clause.text or '总述'}”对各要点怎样适用没有写明")


def weighted(node: Node, full: Decimal) -> Built | None:
    """A mix of several rates, each with its own share of the points; None where the formula is something else."""
    shares = mix(node, full) or {}
    names = [called(name) for name in shares]
    if len(shares) < 2 or len(set(names)) != len(names) or "" in names or sum(shares.values()) != full:
        return None
    whole = Built(full=full, spec={"kind": "sum", "full": full, "parts": []})
    for name, points in zip(names, shares.values(), strict=True):
        spec = {"kind": "proportional", "full": points, "x": name}
        adopt(whole, Built(spec, full=points, unit="%"))
    return whole
