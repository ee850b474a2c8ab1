"""What a definition must be as a whole, and where its things stand: names, moves, stretches, what a rule can reach.

``Spots`` finds the mapping of every indicator, rule and quantity, with file and line. ``check`` refuses what contradicts
itself. ``lines`` lists stretches that no band covers and values that two bands claim: a definition with either is refused
where it is loaded (``check_lines``), unless it says what falls there: a band of its own, ``其余``, or 待核定. Where the
official wording stands beside the rule and only leaves open what lies beyond its last band, a person decides and the lint
says so. ``most``, ``outcomes`` and ``edges`` try the values that matter.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from jixiao.model import (
    COUNTS,
    Arith,
    Body,
    Call,
    Concept,
    Const,
    Count,
    Expr,
    ExprError,
    Interval,
    Pieces,
    Ref,
    Source,
    Stepped,
    Value,
    gaps,
    meant,
    overlap,
    plain,
)
from jixiao.rubric.keys import Keys
from jixiao.rubric.kinds import KINDS, REST, FormBlock, Part
from jixiao.rubric.kinds.declared import BANDS, ITEMS, PIECES
from jixiao.rubric.nouns import Indicator, Rubric
from jixiao.rubric.selftable import EXECUTION


class Spots:
    """The mappings of a definition by the names that findings use; ``instead`` are places that go before its lines."""

    def __init__(self, rubric: Rubric, instead: Mapping[str, Source] | None = None) -> None:
        self.data: Body = rubric.data["rubric"]
        self.instead = dict(instead or {})
        self.bodies = dict(zip((i.key for i in rubric.indicators()), bodies(self.data), strict=True))
        self.specs: dict[str, Body] = {}
        self.owners: dict[str, str] = {}
        for indicator in rubric.indicators():
            for part, spec in _parts(indicator.rule, self.bodies[indicator.key]["rule"]):
                self.specs[part.key] = spec
                self.owners[part.key] = indicator.key
        self.quantities = _named(self.data.get("quantities"))
        self.facts = _named(self.data.get("facts"))

    def body(self, indicator: Indicator, key: str = "", label: str = "") -> Source:
        """The place of an indicator, or of one of its keys."""
        return self.at(self.bodies[indicator.key], key, label or indicator.key, indicator.key)

    def rule(self, part: Part, key: str = "", label: str = "") -> Source:
        """The place of a part's rule, or of one of its parameters."""
        owner = self.owners.get(part.key, "")
        return self.at(self.specs.get(part.key), key, label or owner or part.key, owner)

    def text(self, indicator: Indicator) -> str:
        """The criteria text that the definition holds for an indicator, empty where its rule words itself."""
        said = self.bodies[indicator.key].get("criteria", "")
        return said if isinstance(said, str) else ""

    def at(self, record: Body | None, key: str, label: str, owner: str = "") -> Source:
        """File and line of a key; another file's cell where one is known for the indicator ``owner``."""
        if owner in self.instead:
            return self.instead[owner]
        if record is None or not record.where:
            return Source(self.data.where, label=label)
        line = record.lines.get(key, record.line)
        return Source(record.where, cell=f"第{line}行" if line else "", label=label)

    def top(self, key: str, label: str) -> Source:
        """The place of a section of the definition."""
        return self.at(self.data, key, label)


def bodies(data: Mapping[str, Any]) -> Iterator[Any]:
    """The mappings of all indicators in their order, the bonus items last."""
    for first in data["levels"]:
        for second in first["levels"]:
            yield from second["indicators"]
    yield from data.get("extras", {}).get("indicators", [])


def _parts(part: Part, spec: Body) -> Iterator[tuple[Part, Body]]:
    yield part, spec
    for inner, body in zip(part.parts, spec.get("parts", []), strict=False):
        yield from _parts(inner, body)


def _named(items: Any) -> dict[str, Body]:
    return {str(item.get("name")): item for item in items or [] if isinstance(item, Body)}


def named(indicator: Indicator, part: Part) -> str:
    """What a message calls a part: its indicator, and its own title where it has one."""
    return f"{indicator.key}：{part.title}" if part.title and part.key != indicator.key else indicator.key


def check(data: Body, rubric: Rubric, concepts: Mapping[str, Concept]) -> None:
    """``DefinitionError`` where names are doubled, a move cannot be, or a form's block or figure is not there."""
    names: set[str] = set()
    for indicator, body in zip(rubric.indicators(), bodies(data), strict=True):
        for name, key in ((indicator.key, "title"), (indicator.id, "id")):
            if name in names:
                raise body.fail(f"指标名称或编号“{name}”重复", key)
            names.add(name)
    parts: dict[str, Decimal] = {}
    for indicator in rubric.indicators():
        for part in indicator.rule.leaves():
            if part.key in parts or (part.key in names and part.key != indicator.key):
                raise data.fail(f"要点名称“{part.key}”重复", "levels")
            parts[part.key] = part.full
    # alternatives and shares say themselves what happens to points that do not apply
    joined = [i.rule for i in rubric.indicators() if i.rule.parts and i.rule.kind != "sum"]
    for part in (part for rule in joined for part in rule.leaves()):
        del parts[part.key]
    _moves(data, rubric, parts)
    _blocks(data, rubric)
    _figures(data, rubric, concepts)


def _moves(data: Body, rubric: Rubric, parts: Mapping[str, Decimal]) -> None:
    sources = [move.source for move in rubric.moves]
    for item, move in zip(data.parts("moves", []), rubric.moves, strict=True):
        for key in (move.source, *move.targets):
            if key not in parts:
                raise item.fail(f"没有名为“{key}”的要点{meant(key, parts)}", "from")
        if sources.count(move.source) > 1:
            raise item.fail(f"“{move.source}”的分值移出了不止一次", "from")
        if not move.targets or len(set(move.targets)) != len(move.targets):
            raise item.fail("to 应为不重复的要点", "to")
        for key in set(move.targets) & set(sources):
            raise item.fail(f"“{key}”自己也可能移出分值，不能接收", "to")
        share = parts[move.source] / len(move.targets)
        if share * len(move.targets) != parts[move.source]:
            raise item.fail(f"{plain(parts[move.source])}分不能由{len(move.targets)}个要点平均", "to")


def _figures(data: Body, rubric: Rubric, concepts: Mapping[str, Concept]) -> None:
    """The figures of the rubric's own form are amounts that the vocabulary knows."""
    for figure, name in rubric.self_tables.figures:
        body = data.part("main").part("figures")
        if name not in concepts:
            raise body.fail(f"未知的名称“{name}”{meant(name, concepts)}", figure)
        if concepts[name].unit != "万元":
            raise body.fail(f"“{name}”的单位是{concepts[name].unit}，{figure}应为万元", figure)


def _blocks(data: Body, rubric: Rubric) -> None:
    """Indicators that stand for a block of the rubric's own form: the block is there and has as many points."""
    form = rubric.self_tables.main
    fulls = {block.title: block.full for block in form.blocks} | {EXECUTION: form.execution} if form else {}
    for indicator in rubric.indicators():
        if not isinstance(indicator.rule.rule, FormBlock):
            continue
        of = indicator.rule.rule.of
        if of not in fulls:
            known = "、".join(fulls) or "（评分表没有 main）"
            raise data.fail(
                f"“{indicator.key}”所指的“{of}”不在自评表中{meant(of, fulls)}，可用：{known}", "levels"
            )
        if fulls[of] != indicator.weight:
            says = f"“{indicator.key}”的权重{plain(indicator.weight)}与自评表“{of}”的{plain(fulls[of])}分不符"
            raise data.fail(says, "levels")


class Line(NamedTuple):
    """A figure's bands as they are declared: ``name`` of the figure, whether it is a share, and where they stand.

    ``gaps``: stretches without a band, with whether bands lie on both sides; ``overlaps``: (common, one, other).
    """

    part: str
    indicator: str
    name: str
    shares: bool
    body: Body
    gaps: tuple[tuple[Interval, bool], ...]
    overlaps: tuple[tuple[Interval, Interval, Interval], ...]

    def said(self, interval: Interval) -> str:
        """An interval as a message says it."""
        return interval.spoken("数值", as_percent=self.shares)


def lines(rubric: Rubric, spots: Spots) -> Iterator[Line]:
    """Every figure that is banded: rules, counted items, and the grades."""
    for indicator in rubric.indicators():
        for part in indicator.rule.leaves():
            spec = spots.specs.get(part.key)
            if spec is None:
                continue
            title = named(indicator, part)
            kind = KINDS[part.kind]
            for key in kind.holding(BANDS, PIECES):
                yield _ruled(rubric, spec, key, title, indicator.key)
            for item in (i for key in kind.holding(ITEMS) for i in spec.get(key, ()) if "bands" in i):
                yield _ruled(rubric, item, "bands", title, indicator.key)
    grades = [interval for interval, _ in rubric.grades]
    body = rubric.data["rubric"]["grades"]["bands"]
    yield _line("等级", "", "得分", body, grades, Decimal(0), rubric.cap, shares=False, counted=False)


def _ruled(rubric: Rubric, spec: Body, key: str, title: str, owner: str) -> Line:
    name, body = str(spec["x"]), spec[key]
    unit = _unit(rubric, name)
    distance = "centre" in KINDS[str(spec["kind"])].may if "kind" in spec else False
    low = Decimal(0) if distance or never_negative(Ref(name), rubric) else None
    covered = [Interval.parse(text) for text in body if text != REST]
    return _line(title, owner, name, body, covered, low, None, shares=unit == "%", counted=unit in COUNTS)


def _unit(rubric: Rubric, name: str) -> str:
    if name in rubric.quantities:
        return rubric.quantities[name].unit
    return rubric.facts[name].concept.unit if name in rubric.facts else ""


def _line(
    title: str, owner: str, name: str, body: Body, covered: Sequence[Interval], low: Decimal | None,
    high: Decimal | None, *, shares: bool, counted: bool,
) -> Line:  # fmt: skip
    open_ = [] if REST in body else gaps(covered, low, high)
    left = [gap for gap in open_ if not (counted and _between_counts(gap))]
    common = ((overlap(one, other), one, other) for one, other in itertools.combinations(covered, 2))
    return Line(
        title, owner, name, shares, body,
        tuple((gap, _inner(gap, covered)) for gap in left),
        tuple((both, one, other) for both, one, other in common if both is not None),
    )  # fmt: skip


def _inner(gap: Interval, covered: Sequence[Interval]) -> bool:
    """Whether bands lie on both sides of a gap."""
    below = gap.low is not None and any(one.high is not None and one.high <= gap.low for one in covered)
    above = gap.high is not None and any(one.low is not None and one.low >= gap.high for one in covered)
    return below and above


def _between_counts(gap: Interval) -> bool:
    """Whether no whole number lies in a gap: 1–2件, 3–5件 leave nothing out."""
    if gap.low is None or gap.high is None or gap.high - gap.low > 1:
        return False
    first = gap.low.to_integral_value(rounding="ROUND_CEILING")
    return not any(gap.has(number) for number in (first, first + 1))


def check_lines(rubric: Rubric) -> None:
    """``DefinitionError`` with file and line at the first gap or overlap that the definition does not settle."""
    spots = Spots(rubric)
    for line in lines(rubric, spots):
        for both, one, other in line.overlaps:
            raise line.body.fail(
                f"“{line.part}”的两档都包括{line.said(both)}（{line.said(one)}与{line.said(other)}），请改成不重叠",
                _key_of(line, other),
            )
        quoted = bool(line.indicator) and "criteria" in spots.bodies[line.indicator]
        for gap, inner in line.gaps:
            if inner or not quoted:
                raise line.body.fail(
                    f"“{line.part}”的档次没有包括{line.said(gap)}，请补上这一档；不能确定的写“待核定”"
                )


def _key_of(line: Line, interval: Interval) -> str:
    return next((text for text in line.body if text != REST and Interval.parse(text) == interval), "")


MOST_TRIES = 20_000
PLAIN = (Decimal(0), Decimal(1), Decimal(100), Decimal(10**9))
Read = Callable[[str], Value]


def nodes(node: Expr) -> Iterator[Expr]:
    """A node and all below it."""
    yield node
    for child in node.children():
        yield from nodes(child)


def never_negative(node: Expr, rubric: Rubric) -> bool:
    """Whether a figure is zero or more as long as the facts are."""
    if isinstance(node, Ref):
        quantity = rubric.quantities.get(node.key)
        return quantity is None or never_negative(quantity.expr, rubric)
    if isinstance(node, Const):
        return not isinstance(node.value, Decimal) or node.value >= 0
    if isinstance(node, Count) or (isinstance(node, Call) and node.name == "ABS"):
        return True
    if isinstance(node, Arith) and node.op == "-":
        return False
    signs = [never_negative(child, rubric) for child in node.children()]
    return any(signs) if isinstance(node, Call) and node.name == "MAX" else all(signs)


def most(part: Part, rubric: Rubric) -> Decimal | None:
    """The most points that figures can give a part, each figure taken by itself; None where there are too many."""
    keys = list(dict.fromkeys(part.points.refs()))
    choices = [_values(key, part, rubric) for key in keys]
    found = [value for value in _tried(part.points, keys, choices) if isinstance(value, Decimal)]
    return max(found, default=None)


def outcomes(part: Part, rubric: Rubric) -> set[Value]:
    """What else than numbers a part can give although all its facts are numbers: 不适用, 待核定."""
    facts: dict[str, Sequence[Value]] = {}

    def gather(expr: Expr) -> None:
        for key in expr.refs():
            quantity = rubric.quantities.get(key)
            if quantity is not None and not any("." in read for read in quantity.reads):
                gather(quantity.expr)
            else:
                facts.setdefault(key, _values(key, part, rubric)[:3])

    gather(part.points)
    through = _Through(rubric, facts)
    return {value for value in through.tried(part.points) if isinstance(value, str)}


class _Through:
    """Expressions read through the quantities they name, down to the facts."""

    def __init__(self, rubric: Rubric, facts: Mapping[str, Sequence[Value]]) -> None:
        self.rubric, self.facts = rubric, facts

    def tried(self, expr: Expr) -> Iterator[Value]:
        """The expression for the values of the facts, as far as they are not too many."""
        keys = list(self.facts)
        for values in itertools.islice(itertools.product(*self.facts.values()), MOST_TRIES):
            known = dict(zip(keys, values, strict=True))
            yield self.read(expr, known)

    def read(self, expr: Expr, known: dict[str, Value]) -> Value:
        """The value of an expression for these facts; None where it cannot be read."""

        def env(key: str) -> Value:
            if key not in known:
                known[key] = self.read(self.rubric.quantities[key].expr, known)
            return known[key]

        try:
            return expr.number(env)
        except (ExprError, ArithmeticError, KeyError):
            return None


def _tried(expr: Expr, keys: list[str], choices: list[Sequence[Value]]) -> Iterator[Value]:
    for values in itertools.islice(itertools.product(*choices), MOST_TRIES):
        known = dict(zip(keys, values, strict=True))
        try:
            yield expr.number(known.__getitem__)
        except (ExprError, ArithmeticError):
            continue


def _values(key: str, part: Part, rubric: Rubric) -> Sequence[Value]:
    """The values of a key that matter: the edges of the rule, and plain ones."""
    for ask in part.asks:
        if key == f"{ask.key}.{ask.field}":
            return (*ask.choices, Decimal(0)) if ask.choices else (part.full, Decimal(0))
    if key == Keys(part.key).full:
        return (part.full,)
    made = [*PLAIN, *edges(part.points, key)]
    return list(dict.fromkeys(v for v in made if v >= 0 or not never_negative(Ref(key), rubric)))


def edges(points: Expr, key: str) -> Iterator[Decimal]:
    """Where a rule over the figure ``key`` changes, and a value inside each of its stretches."""
    for node in nodes(points):
        if isinstance(node, Pieces) and isinstance(node.x, Ref) and node.x.key == key:
            for interval, _ in node.pieces:
                yield from (end for end in (interval.low, interval.high) if end is not None)
                yield _inside(interval)
        elif isinstance(node, Stepped) and node.x.key == key:
            yield node.every.start


def _inside(interval: Interval) -> Decimal:
    if interval.low is not None and interval.high is not None:
        return (interval.low + interval.high) / 2
    if interval.low is not None:
        return interval.low + 1
    return interval.high - 1 if interval.high is not None else Decimal(0)
