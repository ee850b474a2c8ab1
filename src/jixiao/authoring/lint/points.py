"""Lint of the points and names of a rubric: what can be won, what people decide, names that cannot be used."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from jixiao.model import (
    NOT_APPLICABLE,
    Arith,
    Const,
    Expr,
    Findings,
    If,
    Interval,
    Level,
    Pieces,
    Ratio,
    Source,
    gaps,
    plain,
)
from jixiao.rubric import KINDS, Indicator, Line, Part, Rubric, Spots, lines, most, named, nodes, outcomes
from jixiao.text import label_key


def lint_points(rubric: Rubric, spots: Spots, findings: Findings) -> None:
    """Findings about the points of every part and about the grades."""
    for line in lines(rubric, spots):
        _line(line, spots, findings)
    for indicator, part in leaves(rubric):
        title = named(indicator, part)
        _reach(part, title, rubric, spots, findings)
        _labels(part, title, spots, findings)
        _skipped(part, title, spots, findings)
        _ranges(part, title, spots, findings)
        stays = part.key not in {move.source for move in rubric.moves} and _may_not_apply(part, rubric)
        if stays and (indicator.rule.kind == "sum" or not indicator.rule.parts):
            findings.add("J316", spots.rule(part), title=title, full=plain(part.full))
    parts = {part.key: (indicator, part) for indicator, part in leaves(rubric)}
    for number, move in enumerate(rubric.moves):
        indicator, part = parts[move.source]
        if not (part.reads or KINDS[part.kind].by == "form" or _may_not_apply(part, rubric)):
            place = spots.at(spots.data["moves"][number], "from", indicator.key)
            findings.add("J317", place, title=named(indicator, part))


def leaves(rubric: Rubric) -> Iterator[tuple[Indicator, Part]]:
    """Every scoring point with its indicator."""
    for indicator in rubric.indicators():
        for part in indicator.rule.leaves():
            yield indicator, part


def _line(line: Line, spots: Spots, findings: Findings) -> None:
    """Gaps and overlaps of one line; a gap that only the official wording leaves open is a doubt, not an error."""
    quoted = bool(line.indicator) and "criteria" in spots.bodies[line.indicator]
    place = spots.at(line.body, "", line.indicator or line.part, line.indicator)
    for gap, inner in line.gaps:
        level = Level.ERROR if inner or not quoted else Level.WARNING
        findings.add("J301", place, level=level, title=line.part, gap=line.said(gap))
    for both, one, other in line.overlaps:
        findings.add(
            "J302", place, title=line.part, common=line.said(both), one=line.said(one), other=line.said(other)
        )


def _skipped(part: Part, title: str, spots: Spots, findings: Findings) -> None:
    """Points that go down evenly but for one step that is twice as wide: 3, 1, 0 has no band of 2."""
    if not KINDS[part.kind].holding("bands", "options"):
        return
    told = sorted({value for value in _endings(part) if value >= 0}, reverse=True)
    steps = [high - low for high, low in itertools.pairwise(told)]
    for place, step in enumerate(steps[:-1]):
        if step == 2 * min(steps) and steps.count(step) == 1 and set(steps) == {step, min(steps)}:
            missing = plain(told[place] - min(steps))
            findings.add(
                "J370", spots.rule(part, KINDS[part.kind].points_at), title=title, missing=missing,
                above=plain(told[place]), below=plain(told[place + 1]),
            )  # fmt: skip


def _ranges(part: Part, title: str, spots: Spots, findings: Findings) -> None:
    """Points that lie in the range of no grade, so that nobody can give them."""
    key = next(iter(KINDS[part.kind].holding("ranges")), "")
    body = spots.specs[part.key].get(key) if part.key in spots.specs else None
    if not isinstance(body, dict):
        return
    ranges = [Interval.parse(str(text)) for text in body.values()]
    top = max((one.high for one in ranges if one.high is not None), default=Decimal(0))
    shares = any("%" in str(text) for text in body.values())
    for gap in gaps(ranges, Decimal(0), top):
        said = gap.spoken("分值", as_percent=shares)
        findings.add("J371", spots.rule(part, key), title=title, gap=said)


def _reach(part: Part, title: str, rubric: Rubric, spots: Spots, findings: Findings) -> None:
    """Full points that no value gives, points above full."""
    place, full = spots.rule(part, KINDS[part.kind].points_at), plain(part.full)
    kind, values = KINDS[part.kind], _endings(part)
    fixed = kind.holding("bands", "options", "condition")
    if fixed and any(value > part.full for value in values):
        findings.add("J306", place, title=title, points=plain(max(values)), full=full)
    if kind.holding("bands") and part.full not in values:
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
    if isinstance(node, Pieces):
        yield from (value for _, value in node.pieces)
    elif isinstance(node, If):
        yield from (node.yes, node.no)


def _declared(node: Expr) -> Decimal | None:
    """Points as declared, also where moved points scale them: (points × full) ÷ declared full."""
    if isinstance(node, Ratio) and isinstance(node.a, Arith):
        node = node.a.a
    return node.value if isinstance(node, Const) and isinstance(node.value, Decimal) else None


def _labels(part: Part, title: str, spots: Spots, findings: Findings) -> None:
    for ask in part.asks:
        seen: dict[str, str] = {}
        for label in ask.choices:
            same = label_key(label).lower()
            if same in seen:
                findings.add("J304", spots.rule(part, "options"), title=title, one=seen[same], other=label)
            seen.setdefault(same, label)


def _may_not_apply(part: Part, rubric: Rubric) -> bool:
    """Whether the part can be 不适用 by a person's choice or by its figures, not only by a fact that says so."""
    return part.optional or NOT_APPLICABLE in outcomes(part, rubric)


LONGEST_LIST = 255
LONGEST_FORMULA = 8000
DEEPEST = 60
_LITERAL = re.compile(r'"(?:[^"]|"")*"')


def lint_formulas(rubric: Rubric, spots: Spots, findings: Findings) -> None:
    """Findings about drop-downs and formulas. A name may be any text: the workbook makes a safe one of it."""
    for indicator, part in leaves(rubric):
        title, place = named(indicator, part), spots.rule(part)
        for ask in part.asks:
            _list(title, ask.choices, spots.rule(part, "options"), findings)
        _formula(title, "得分", part.points, place, findings)
        _formula(title, "说明", part.explain, place, findings)
    for indicator in rubric.indicators():
        if indicator.rule.parts:
            place = spots.rule(indicator.rule)
            _formula(indicator.key, "得分", indicator.rule.points, place, findings)
            _formula(indicator.key, "说明", indicator.rule.explain, place, findings)
    for quantity in rubric.quantities.values():
        place = spots.at(spots.quantities.get(quantity.name), "value", quantity.name)
        _formula(quantity.name, "计算", quantity.expr, place, findings)
    for table in rubric.tables.values():
        for column in table.columns:
            _list(f"{table.name}.{column.name}", column.choices, Source("", label=table.name), findings)


def _list(title: str, choices: Iterable[str], place: Source, findings: Findings) -> None:
    labels = list(choices)
    for label in labels:
        if "," in label:
            findings.add("J311", place, title=title, label=label)
    length = len(",".join(labels))
    if length > LONGEST_LIST:
        findings.add("J312", place, title=title, length=length)


def _formula(title: str, what: str, expr: Expr, place: Source, findings: Findings) -> None:
    """Length and depth of a formula over the names that stand in the definition."""
    text = expr.formula(lambda key: key)
    if len(text) > LONGEST_FORMULA:
        findings.add("J313", place, title=title, what=what, length=len(text))
    depth = _depth(text)
    if depth > DEEPEST:
        findings.add("J314", place, title=title, what=what, depth=depth)


def _depth(formula: str) -> int:
    depth = deepest = 0
    for letter in _LITERAL.sub("", formula):
        depth += (letter == "(") - (letter == ")")
        deepest = max(deepest, depth)
    return deepest


def lint_people(rubric: Rubric, spots: Spots, findings: Findings) -> None:
    """Every item that a person scores because its text was not understood, and all that give points freely."""
    free: list[str] = []
    place = None
    for indicator, part in leaves(rubric):
        if _people(part) and part.note:
            findings.add("J327", spots.rule(part, "note"), title=named(indicator, part), why=part.note)
        elif _people(part) and any(ask.field == "给分" for ask in part.asks) and not part.requires:
            place = place or spots.rule(part, KINDS[part.kind].points_at or "graded")
            free.append(named(indicator, part))
    if place is not None:
        findings.add(
            "J328", place, count=len(free), titles="、".join(free[:5]) + ("等" if len(free) > 5 else "")
        )


def _people(part: Part) -> bool:
    """Whether people decide, or count what stands beside the hundred."""
    kind = KINDS[part.kind]
    return kind.by == "person" or kind.extra
