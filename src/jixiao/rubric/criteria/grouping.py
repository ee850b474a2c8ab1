"""Clauses before they are read as a rule: which belong together, what is a step, what is a whole set."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from jixiao.rubric.criteria.clauses import same_subject, subject
from jixiao.rubric.criteria.phrases import Amount, Change, Clause, Every


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


def subjects(figures: Sequence[Clause]) -> list[list[Clause]]:
    """Clauses by the quantity they speak about; one without a subject belongs to the one before."""
    groups: list[list[Clause]] = []
    for clause in figures:
        name = subject(clause)
        if clause.every is not None and not clause.ranges:
            name = ""
        for group in groups:
            if not name or any(same_subject(name, subject(other)) for other in group):
                group.append(clause)
                break
        else:
            groups.append([clause])
    return groups
