"""Clauses before they are read as a rule: which belong together, what is a step, what is a whole set."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from jixiao.authoring.criteria.phrases import Amount, Change, Clause, Every
from jixiao.authoring.criteria.subjects import same_subject, subject


def heading(clause: Clause) -> bool:
    """Whether a clause is words alone."""
    return clause.action is None and not clause.ranges and not clause.every and not clause.compared


def paired(clauses: Sequence[Clause]) -> list[Clause]:
    """Words without points that stand before a clause without words belong to it."""
    made: list[Clause] = []
    for clause in clauses:
        last = made[-1] if made else None
        if (
            last is not None
            and heading(last)
            and last.words
            and not clause.words
            and clause.action is not None
        ):
            if not clause.otherwise:
                clause.words, clause.text = last.words, f"{last.text},{clause.text}".strip(",")
            elif last.place == clause.place:
                clause.words, clause.text = last.words, last.text
                clause.otherwise, clause.unless = False, True
            made.pop()
        made.append(clause)
    return made


def single_counts(clauses: Sequence[Clause]) -> None:
    """缺1项扣1分, 发现1处扣0.5分: one counted thing that costs points is a step, without the word 每."""
    for clause in clauses:
        action = clause.action
        if clause.every is not None or not isinstance(action, Change) or len(clause.ranges) != 1:
            continue
        found = clause.ranges[0]
        lead = clause.words[-1] if clause.words else ""
        steps = (found.step or found.point == 1) if found.bare else False
        others = [c for c in clauses if c is not clause and isinstance(c.action, Change) and c.every is None]
        if any(r.unit == found.unit and r.bare and r.point != 1 for c in others for r in c.ranges):
            continue  # 1项扣2分，2项扣4分: told one by one
        if not steps or (found.unit == "%" and not re.search(r"[低高超少多]$|下降$|增加$|减少$", lead)):
            continue
        way = -1 if re.search(r"[低少缺差]失?$|下降$|减少$|未达到?$", lead) else 1 if found.unit == "%" else 0
        assert found.low is not None
        each = Amount(found.low, found.unit, found.step)
        clause.every = Every(found.start, found.end, way, each, None, words=lead)
        clause.ranges = []


def whole_sets(clauses: Sequence[Clause]) -> None:
    """4项全部符合得4分，每缺1项扣1分: the number of things counts downward; where faults are counted, it is no figure."""
    steps = [c.every for c in clauses if c.every is not None]
    for clause in clauses:
        if clause.every is None and len(clause.ranges) == 1 and clause.ranges[0].bare:
            same = [every for every in steps if every.each.unit == clause.ranges[0].unit]
            if same and same[0].direction == -1:
                clause.after = []
            elif same and clause.after:
                clause.words, clause.ranges = [clause.text], []


def same_tail(clauses: Sequence[Clause]) -> None:
    """1项不达标…，2项不达标…: words that follow every range alike belong to the quantity, not to the condition."""
    tails = Counter(tuple(c.after) for c in clauses if c.after)
    for clause in clauses:
        if clause.after and tails[tuple(clause.after)] > 1:
            clause.after = []


def shared(clauses: Sequence[Clause], groups: Sequence[list[Clause]]) -> list[list[Clause]]:
    """其他…得1分 to the quantity it stands behind; a single one at the end belongs to every quantity."""
    rest = [c for c in clauses if c.otherwise and all(c not in group for group in groups)]
    if len(rest) < 2 and (not rest or rest[0] is clauses[-1]) and len({c.place for c in clauses}) == 1:
        return [list(rest) for _ in groups]
    made: list[list[Clause]] = [[] for _ in groups]
    place = 0
    for clause in clauses:
        place = next((n for n, group in enumerate(groups) if clause in group), place)
        if clause in rest:
            made[place].append(clause)
    return made


def _named(clause: Clause) -> str:
    return "" if clause.every is not None and not clause.ranges else subject(clause)


def subjects(figures: Sequence[Clause]) -> list[list[Clause]]:
    """Clauses by the quantity they speak about; one without a subject belongs to the one before."""
    groups: list[list[Clause]] = []
    last: list[Clause] | None = None
    for clause in figures:
        name = _named(clause)
        for group in [last] if last is not None and not name else groups:
            named = [other for other in map(_named, group) if other]
            if not name or not named or any(same_subject(name, other) for other in named):
                group.append(clause)
                last = group
                break
        else:
            groups.append([clause])
            last = groups[-1]
    return groups
