"""The lint of points: bands, options, what can be reached, and where points go that do not apply."""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Iterator, Sequence
from decimal import Decimal

from jixiao.model.expr import (
    NOT_APPLICABLE,
    Arith,
    Bands,
    Const,
    Expr,
    If,
    Interval,
    Ratio,
    gaps,
    overlap,
    plain,
)
from jixiao.model.finding import Findings
from jixiao.model.source import Source
from jixiao.rubric.kinds import Part
from jixiao.rubric.nouns import Indicator, Rubric
from jixiao.rubric.ranges import most, never_negative, nodes, outcomes


def lint_points(rubric: Rubric, findings: Findings) -> None:
    """Findings about the points of every part and about the grades."""
    for indicator, part in leaves(rubric):
        title = name(indicator, part)
        for node in nodes(part.points):
            if isinstance(node, Bands):
                as_percent = node.as_percent
                low = Decimal(0) if never_negative(node.x, rubric) else None
                _line([i for i, _ in node.bands], low, None, title, findings, as_percent=as_percent)
        _reach(part, title, rubric, findings)
        _labels(part, title, findings)
        if indicator.rule.kind == "sum" or not indicator.rule.parts:
            _unmoved(part, title, rubric, findings)
    cap = rubric.cap
    _line([i for i, _ in rubric.grades], Decimal(0), cap, "等级", findings, as_percent=False)
    parts = {part.key: (indicator, part) for indicator, part in leaves(rubric)}
    for move in rubric.moves:
        indicator, part = parts[move.source]
        if not (part.reads or _may_not_apply(part, rubric)):
            findings.add("J317", Source("", label=indicator.key), title=name(indicator, part))


def leaves(rubric: Rubric) -> Iterator[tuple[Indicator, Part]]:
    """Every scoring point with its indicator."""
    for indicator in rubric.indicators():
        for part in indicator.rule.leaves():
            yield indicator, part


def name(indicator: Indicator, part: Part) -> str:
    """What a finding calls a part: its indicator, and its own title where it has one."""
    return f"{indicator.key}：{part.title}" if part.title and part.key != indicator.key else indicator.key


def _line(
    intervals: Sequence[Interval],
    low: Decimal | None,
    high: Decimal | None,
    title: str,
    findings: Findings,
    *,
    as_percent: bool,
) -> None:
    place = Source("", label=title)

    def said(interval: Interval) -> str:
        return interval.spoken("数值", as_percent=as_percent)

    for gap in gaps(intervals, low, high):
        findings.add("J301", place, title=title, gap=said(gap))
    for one, other in itertools.combinations(intervals, 2):
        common = overlap(one, other)
        if common is not None:
            findings.add("J302", place, title=title, common=said(common), one=said(one), other=said(other))


def _reach(part: Part, title: str, rubric: Rubric, findings: Findings) -> None:
    """Full points that no value gives, points above full."""
    place, full = Source("", label=title), plain(part.full)
    values = _endings(part)
    if part.kind in ("bands", "level", "condition") and any(value > part.full for value in values):
        findings.add("J306", place, title=title, points=plain(max(values)), full=full)
    if part.kind == "bands" and part.full not in values:
        findings.add("J303", place, title=title, full=full)
        return
    reached = most(part, rubric)
    if reached is not None and reached < part.full:
        findings.add("J305", place, title=title, most=plain(reached), full=full)


def _endings(part: Part) -> list[Decimal]:
    """The declared points that a rule of fixed points can end in."""
    ends = [_declared(value) for node in nodes(part.points) for value in _branches(node)]
    return [value for value in ends if value is not None]


def _branches(node: Expr) -> Iterator[Expr]:
    if isinstance(node, Bands):
        yield from (value for _, value in node.bands)
    elif isinstance(node, If):
        yield from (node.yes, node.no)


def _declared(node: Expr) -> Decimal | None:
    """Points as declared, also where moved points scale them: (points × full) ÷ declared full."""
    if isinstance(node, Ratio) and isinstance(node.a, Arith):
        node = node.a.a
    return node.value if isinstance(node, Const) and isinstance(node.value, Decimal) else None


def _labels(part: Part, title: str, findings: Findings) -> None:
    for ask in part.asks:
        seen: dict[str, str] = {}
        for label in ask.choices:
            same = "".join(unicodedata.normalize("NFKC", label).split()).lower()
            if same in seen:
                findings.add("J304", Source("", label=title), title=title, one=seen[same], other=label)
            seen.setdefault(same, label)


def _may_not_apply(part: Part, rubric: Rubric) -> bool:
    """Whether the part can be 不适用 by a person's choice or by its figures, not only by a fact that says so."""
    return any(ask.field == "适用" for ask in part.asks) or NOT_APPLICABLE in outcomes(part, rubric)


def _unmoved(part: Part, title: str, rubric: Rubric, findings: Findings) -> None:
    if part.key not in {move.source for move in rubric.moves} and _may_not_apply(part, rubric):
        findings.add("J316", Source("", label=title), title=title, full=plain(part.full))
