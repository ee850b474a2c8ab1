"""The lint of criteria texts as they are issued: numbering, points that the weight does not hold, edges, percentages.

Everything here looks at the words as the grammar reads them, and at no rule that comes of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from jixiao.authoring.criteria.bands import shown
from jixiao.authoring.criteria.clauses import Cap, Given, Item, Linear, Need, Rule, Side, Step, Unread
from jixiao.authoring.criteria.sheet import ranges
from jixiao.authoring.criteria.wholetext import Text, read_text
from jixiao.authoring.official.textparts import numbered_points
from jixiao.model import Findings, Level, Source, plain
from jixiao.rubric import Indicator, Rubric
from jixiao.text import Mark, mark_at, numbered

MOST = 20
_SCALE = Decimal(100)
_GIVES = frozenset(("GET", "FULL", "MOST", "BY"))
_EACH_OF = re.compile("各|类推|权重|分值|满分")


def lint_wording(text: str, weight: Decimal, title: str, place: Source, findings: Findings) -> None:
    """Findings about one criteria text for ``weight`` points; a text beside the hundred (weight 0) has no limit."""
    told = read_text(text)
    items = [
        mark for n in told.nodes if isinstance(n, Item) and (mark := mark_at(told.quoted([n]))) is not None
    ]
    for number, count in _doubled(items):
        findings.add("J319", place, title=title, number=number, count=count)
    met = list(contested(told))
    if met:
        _, one, other, _ = met[0]
        level = Level.WARNING if any(is_open for *_, is_open in met) else Level.NOTE
        values = "、".join(value for value, *_ in met)
        findings.add("J325", place, level=level, title=title, value=values, one=one, other=other)
    if weight > 0:
        _stale(told, weight, title, place, findings, listed=len(items) > 1)
        tops = numbered_points(told)
        total, most = sum(filter(None, tops), Decimal(0)), max(filter(None, tops), default=weight)
        if len(tops) > 1 and all(tops) and weight not in (total, most) and most < weight:
            findings.add("J322", place, title=title, total=plain(total), weight=plain(weight))


def contested(told: Text) -> Iterator[tuple[str, str, str, bool]]:
    """Figures at which two ranges meet and neither end leaves the figure to the other: (figure, one, other, open).

    At least one of the ends does not say whether it holds the figure (90%—95% beside 95%以上). Not ``open``: the other
    end of its range does (90%（含）—95%), so that it is usually read as left out.
    """
    below: dict[tuple[Decimal, str], list[tuple[Side, Rule | Step]]] = {}
    above: dict[tuple[Decimal, str], list[tuple[Side, Rule | Step]]] = {}
    for node, one in ranges(told.nodes):
        if one.exact is None and not isinstance(node.effect, Linear):
            for end, side, held in ((one.low, one.low_side, above), (one.high, one.high_side, below)):
                if end is not None:
                    held.setdefault((end, one.unit), []).append((side, node))
    for (value, unit), ends in sorted(below.items(), key=lambda item: item[0]):
        pairs = [
            ((side, other), (node, rival))
            for side, node in ends[:MOST]
            for other, rival in above.get((value, unit), ())[:MOST]
            if node is not rival and Side.OUT not in (side, other) and {side, other} & {Side.END, Side.HALF}
        ]
        if pairs:
            first, second = sorted(pairs[0][1], key=lambda node: node.start)
            is_open = any(Side.HALF not in sides for sides, _ in pairs)
            yield shown(value, unit), _condition(told, first), _condition(told, second), is_open


def _condition(told: Text, node: Rule | Step) -> str:
    return told.label(node) if isinstance(node, Rule) else told.said(node)


def _doubled(items: list[Mark]) -> Iterator[tuple[str, int]]:
    """Numbers that stand more than once in one list, with how often; a list inside an item counts anew."""
    seen: dict[str, dict[int, int]] = {}
    order: list[str] = []
    found: dict[tuple[str, int, int], int] = {}
    run = 0
    for style, number in ((mark.style, mark.number) for mark in items):
        if style in order:
            for inner in order[order.index(style) + 1 :]:
                seen.pop(inner, None)
            order = order[: order.index(style) + 1]
        else:
            order.append(style)
        counts = seen.setdefault(style, {})
        if number == 1 and max(counts, default=0) > 1:
            counts.clear()  # another list of the same style
            run += 1
        counts[number] = counts.get(number, 0) + 1
        if counts[number] > 1:
            found[(style, number, run)] = counts[number]
    for (style, number, _), count in found.items():
        yield numbered(style, number), count


def _stale(
    told: Text, weight: Decimal, title: str, place: Source, findings: Findings, *, listed: bool
) -> None:
    """Points of the text that the weight cannot hold, and a named maximum that is not the weight."""
    awards = list(_awards(told))
    stale = [words for words, points, named in awards if not named and weight < points < _SCALE]
    if stale:
        findings.add(
            "J320", place, title=title, words="”“".join(dict.fromkeys(stale[:5])), weight=plain(weight)
        )
    for words, points, named in awards:
        smaller = 0 < points < weight and not listed and named == "FULL"
        if named and points != _SCALE and (points > weight or smaller):
            findings.add("J321", place, title=title, words=words, weight=plain(weight))
    effects = [getattr(node, "effect", None) for node in told.nodes if getattr(node, "effect", None)]
    given = [effect.points or Decimal(0) for effect in effects if isinstance(effect, Given)]
    fixed = not any(isinstance(node, Step | Need | Cap | Unread) for node in told.nodes)
    whole = fixed and len(given) == len(effects) and not _EACH_OF.search(told.issued)
    if whole and not listed and 0 < sum(given) < weight:
        findings.add("J326", place, title=title, most=plain(sum(given, Decimal(0))), weight=plain(weight))


def _awards(told: Text) -> Iterator[tuple[str, Decimal, str]]:
    """Points that are given, as written, with MOST or FULL where they are called the most or the full ones."""
    kinds = ["", *(token.kind for token in told.tokens), ""]
    for n, token in enumerate(told.tokens):
        first = n
        while kinds[first] in _GIVES:
            first -= 1
        named = next((kind for kind in ("FULL", "MOST") if kind in kinds[first + 1 : n + 1]), "")
        first = kinds.index(named, first + 1) - 1 if named else first
        label = (kinds[n], kinds[n + 2]) == ("LB", "RB")
        if token.kind == "PTS" and token.value is not None and (first < n or label):
            yield told.between(first, n + 1), token.value, named


def lint_steps(text: str, rubric: Rubric, indicator: Indicator, place: Source, findings: Findings) -> None:
    """每1% of a rate (percent or point?), 每1个百分点 or 每1% of what is no rate."""
    reads = [read for part in indicator.rule.leaves() for read in part.reads]
    units = {unit_of(rubric, read) for read in reads}
    told = read_text(text)
    for step in told.nodes:
        if not isinstance(step, Step) or step.each.unit != "%":
            continue
        each = next(n for n in range(step.start, step.end) if told.tokens[n].kind.startswith("EACH"))
        figure = next(n for n in range(each, step.end) if told.tokens[n].value is not None)
        words = told.between(each, figure + 1)
        if not step.each.point and "%" in units:
            findings.add("J323", place, title=indicator.key, words=words)
        elif reads and "%" not in units:
            names = "、".join(dict.fromkeys(reads))
            findings.add("J324", place, title=indicator.key, words=words, names=names)


def unit_of(rubric: Rubric, name: str) -> str:
    """The unit of a figure of a rubric; empty where it has none of that name."""
    if name in rubric.quantities:
        return rubric.quantities[name].unit
    return rubric.facts[name].concept.unit if name in rubric.facts else ""
