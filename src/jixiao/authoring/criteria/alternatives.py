"""Two quantities of which the better counts: 结转结余率≤9%得20分，或者变动率≤-30%得20分，择优计分."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from jixiao.authoring.criteria.built import Built
from jixiao.authoring.criteria.clauses import Reading
from jixiao.authoring.criteria.grouping import shared
from jixiao.authoring.criteria.numeric import numeric
from jixiao.authoring.criteria.phrases import Clause, Given
from jixiao.authoring.criteria.subjects import subject
from jixiao.authoring.criteria.worded import points_of

_BETTER = re.compile(
    r"(?:^|(?<=[,;。\n(]))(?:[^,;。\n\d()≥≤<>=]|\d(?=[种项者个类])){0,24}?(?:择优|择高|孰高|就高|取高|从高|"
    r"较高(?:者|的|分|得分|1项|值)|高者|最高(?:者|得分|的1项)|得分高的)"
    r"(?:[^,;。:\n\d()≥≤<>=]|1项){0,12}[,;:]?"
)


def take_better(text: str) -> tuple[str, bool]:
    """The text without the words that the better result counts, and whether they stood there."""
    found = _BETTER.search(text)
    if found is None:
        return text, False
    return text[: found.start()] + text[found.end() :], True


def better(
    reading: Reading, clauses: Sequence[Clause], groups: list[list[Clause]], full: Decimal, name: str
) -> Built:
    """The rule of alternatives, one of them worth the full points; else a question."""
    built = Built(full=full)
    rest = [c for c in clauses if all(c not in group for group in groups)]
    tops = [_top(group, full) for group in groups]
    plain = all(c.otherwise and isinstance(c.action, Given) for c in rest)
    if len(groups) < 2 or max(tops) != full or min(tops) <= 0 or not plain:
        return built.ask("几种计分办法怎样择优没有读懂")
    built.spec = {"kind": "better", "full": full, "parts": []}
    others = shared(clauses, groups)
    for number, (group, top, rest) in enumerate(zip(groups, tops, others, strict=True), 1):
        own = Reading(signs=reading.signs, clauses=[*group, *rest])
        called = re.sub(r"\W", "", subject(group[0]))
        part = numeric(own, own.clauses, top, called if called.isidentifier() else f"{name}{number}")
        built.closed = built.closed or part.closed or part.spec is None
        built.understood = built.understood and part.understood and part.spec is not None
        built.questions += part.questions
        built.parts.append(part)
        built.spec["parts"].append(part.spec)
    if reading.caps:
        built.ask("择优计分的上限怎样计算没有写明")
    if built.closed:
        built.spec = None
        built.ask("几种计分办法怎样择优没有读懂")
    return built


def _top(group: Sequence[Clause], full: Decimal) -> Decimal:
    given = [points_of(c.action, full) for c in group if isinstance(c.action, Given)]
    return max((p for p in given if p is not None), default=full)
