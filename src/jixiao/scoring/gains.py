"""Gains: what an indicator lost or still waits for, and the smallest change of each input that wins points back.

Where to look comes from the expressions: every bound, condition and limit of a rule is an equation in the one input that
is changed, and between two of its roots what is earned only rises or only falls. What a change gives is reckoned by the
net itself. A change is a multiple of the unit in which the input is printed, so that the printed figure crosses the edge.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction
from math import isqrt
from typing import Any, NamedTuple

from jixiao.model import (
    COUNTS,
    MOST,
    PENDING,
    UNITS,
    Arith,
    Call,
    Compare,
    Const,
    Count,
    Expr,
    Pieces,
    Rate,
    Ratio,
    Ref,
    Scoped,
    Total,
    Value,
    figure,
    half_up,
    plain,
    style_in,
    unit_behind,
)
from jixiao.rubric import MAIN, Indicator, Part
from jixiao.rubric.keys import ALL, Keys
from jixiao.scoring.net import Net, Values, keeps_full
from jixiao.scoring.scorecard import json_number

CENT, ZERO, ONE = Decimal("0.01"), Decimal(0), Decimal(1)
KINDS = {"rate": "%", "date": "日期", "text": "文字"}
Poly = tuple[Fraction, ...]
Shape = tuple[Poly, Poly]
"""A quotient of two polynomials in the input that is changed."""
SETTLED = "已成事实，只说明差多少"
NOTHING, WAITS = "没有一个数单独改变就能得回分", "待核定，补齐所列材料后才能计算"
SHAPES, DEGREE = 24, 2
"""As many ways of one expression, and as high a power of the input, are looked at."""


class Step(NamedTuple):
    """One input changed, all else as it is: what it gives its indicator and the total.

    ``given`` are the entries so changed, ``through`` the quantities that move with them (name, unit, before, after).
    ``settled`` says of a figure of documents that nobody may change it to win points: it is how much was missing.
    """

    name: str
    unit: str
    old: Value
    new: Value
    points: Decimal
    total: Decimal
    given: Mapping[str, Value]
    through: tuple[tuple[str, str, Value, Value], ...] = ()
    settled: str = ""

    @property
    def difference(self) -> str:
        """``＋0.95万元``, ``－3天``, ``＋1.23个百分点``, no smaller than it is printed; empty of what is no figure."""
        if not isinstance(self.old, Decimal) or not isinstance(self.new, Decimal):
            return ""
        grid, unit = (
            printed_step(self.unit),
            {"%": "个百分点", "日期": "天", "文字": ""}.get(self.unit, self.unit),
        )
        far = (abs(self.new - self.old) / grid).to_integral_value(ROUND_CEILING) * grid
        return f"{'＋' if self.new > self.old else '－'}{plain(far * 100 if self.unit == '%' else far)}{unit}"

    @property
    def following(self) -> str:
        """``支出完成率93.40%→95%``: the quantities that move with it."""
        return "，".join(f"{name}{printed(a, unit)}→{printed(b, unit)}" for name, unit, a, b in self.through)

    def data(self) -> dict[str, Any]:
        """As plain data."""
        old, new = (json_number(v) if isinstance(v, Decimal) else v for v in (self.old, self.new))
        return {
            "name": self.name, "unit": self.unit, "old": old, "new": new, "points": json_number(self.points),
            "total": json_number(self.total), "settled": bool(self.settled),
        }  # fmt: skip


class Gain(NamedTuple):
    """An indicator, or a scoring point of one, that has not its full points.

    ``lost`` are the points, still open where ``pending``; ``clause`` is what the table says, ``figures`` what stands against
    it; ``needs`` says what has to be supplied by whom. Where there are no ``steps``, ``why`` says why.
    """

    indicator: str
    title: str
    full: Decimal
    lost: Decimal
    pending: bool
    clause: str
    figures: str
    steps: tuple[Step, ...]
    needs: tuple[str, ...]
    why: str = ""

    def data(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "indicator": self.indicator, "part": self.title, "full": json_number(self.full),
            "lost": json_number(self.lost), "pending": self.pending,
            "steps": [step.data() for step in self.steps], "why": self.why, "needs": list(self.needs),
        }  # fmt: skip


def printed(value: Value, unit: str) -> str:
    """A value as the sentence of its indicator prints it."""
    text = figure(value, style_in(unit), "空白")
    return f"{text}{unit_behind(unit)}" if isinstance(value, Decimal) else text


def printed_step(unit: str) -> Decimal:
    """The smallest step in which a figure of this unit is printed: what is counted one by one, and a day, is whole."""
    if unit in ("%", "日期", *COUNTS):
        return Decimal("0.0001") if unit == "%" else ONE
    if unit not in UNITS:  # of a place's own table
        from jixiao.text import COUNTED  # most workbooks are scored without it

        return ONE if unit in COUNTED else CENT
    return CENT


def gains(values: Values) -> list[Gain]:
    """Every indicator that lost points or waits, in the order of the table."""
    return [
        gain for indicator in values.net.rubric.indicators() for gain in _Search(values, indicator).gains()
    ]


class _Search:
    """One indicator of one unit."""

    def __init__(self, values: Values, indicator: Indicator) -> None:
        self.values, self.net, self.indicator = values, values.net, indicator
        self.own = Keys(indicator.key)
        self.points = self.own.rule_points

    def gains(self) -> Iterator[Gain]:
        """What it lost: of a sum point by point, else as a whole."""
        values, rule, own = self.values, self.indicator.rule, self.own
        got, ruled, full = values.points(own.points), values[own.rule_points], values.points(own.full) or ZERO
        if got is None and ruled != PENDING:
            return  # 不适用
        if got is not None and got >= full:
            return
        if got is not None and got != ruled:
            by_rule = f"，按规则为{plain(ruled)}分" if isinstance(ruled, Decimal) else ""
            needs = [need for leaf in rule.leaves() for need in self._evidence(leaf)]
            needs += [*self._lacking(_Reads(self.net, own.rule_points)), "补充依据后由评价人重新核定"]
            why = f"得分由评价人核定为{plain(got)}分{by_rule}，改变数据不影响得分"
            yield self._gain(rule, full - got, needs=needs, why=why)
        elif not rule.parts or keeps_full(rule):
            yield self._part(rule, full - (got or ZERO), pending=got is None)
        else:
            for part in rule.parts:
                most, earned = values.points(Keys(part.key).full) or ZERO, values[Keys(part.key).points]
                if earned == PENDING or (isinstance(earned, Decimal) and earned < most):
                    # while another point waits, the indicator itself has none
                    self.points = Keys(part.key).points if got is None else own.rule_points
                    lost = most - earned if isinstance(earned, Decimal) else most
                    yield self._part(part, lost, pending=earned == PENDING)

    def _part(self, part: Part, lost: Decimal, *, pending: bool) -> Gain:
        reads = _Reads(
            self.net, self.own.rule_points if part is self.indicator.rule else Keys(part.key).points
        )
        steps = [step for key in reads.inputs for step in self._figure(reads, key)]
        steps += [step for leaf in part.leaves() for step in self._verdicts(leaf)]
        needs = [need for leaf in part.leaves() for need in self._evidence(leaf)]
        needs += self._lacking(reads)
        told: dict[str, list[str]] = {}
        for step in steps:
            told.setdefault(step.settled, []).append(f"“{step.name}”")
        needs += ["、".join(dict.fromkeys(names)) + settled for settled, names in told.items() if settled]
        why = "" if steps else WAITS if pending else NOTHING
        return self._gain(part, lost, pending=pending, steps=steps, needs=needs, why=why)

    def _gain(
        self,
        part: Part,
        lost: Decimal,
        *,
        needs: Sequence[str],
        why: str,
        pending: bool = False,
        steps: Sequence[Step] = (),
    ) -> Gain:
        whole = part is self.indicator.rule
        clause = self.indicator.criteria if whole else part.criteria
        said = self.values[self.own.explanation] if whole else part.explain.number(self.values.__getitem__)
        title, wanted = "" if whole else part.title, tuple(dict.fromkeys(needs))
        full = self.values.points(self.own.full if whole else Keys(part.key).full) or ZERO
        lost = half_up(lost, 2)
        return Gain(
            self.indicator.key, title, full, lost, pending, clause, str(said), tuple(steps), wanted, why
        )

    def _worth(self, values: Values) -> Decimal:
        """What is earned with these values, as it is printed; nothing while it waits."""
        return half_up(values.points(self.points) or ZERO, 2)

    # ------------------------------------------------------------------------------------ what is judged

    def _verdicts(self, leaf: Part) -> Iterator[Step]:
        """The verdicts that give more than the one that stands there: the next and the best."""
        asks = {ask.field: ask for ask in leaf.asks}
        for field in asks.keys() & {"前提", "判定"}:
            own = Keys(leaf.key)
            key, better = own.cell(field), []
            waits = self.values[key] in (None, "") or self.values[own.points] == PENDING
            for choice in asks[field].choices if not waits else ():
                given: dict[str, Value] = {key: choice}
                if (
                    choice != self.values[key]
                    and "给分" in asks
                    and not self.values.with_entries(given).points(own.points)
                ):
                    given[own.given] = self._most_given(leaf, given)
                name = f"“{leaf.title}”{field}" if leaf.title else field
                step = self._step(name, "文字", key, choice, given)
                if step is not None and (own.given not in given or leaf.kind != "point"):
                    better.append(step)
            # of two that give the same, the one that is listed first
            ends = [choose(better, key=lambda step: step.points) for choose in (min, max) if better]
            yield from ends[:1] if len({step.points for step in ends}) == 1 else ends

    def _most_given(self, leaf: Part, given: Mapping[str, Value]) -> Decimal:
        """The most points that a person may give under a verdict."""
        key = Keys(leaf.key).given
        under = _Search(self.values.with_entries({**given, key: ZERO}), self.indicator)
        under.points = Keys(leaf.key).points
        return max(under._edges(_Reads(self.net, under.points), key, "分", 1, ZERO), default=ZERO)

    def _evidence(self, leaf: Part) -> Iterator[str]:
        """What a person has to see for points that are judged."""
        own = Keys(leaf.key)
        points = self.values[own.points if self.net.has_row(self.indicator) else self.own.rule_points]
        if not leaf.judged or (
            isinstance(points, Decimal) and points >= (self.values.points(own.full) or ZERO)
        ):
            return
        paper = f"{leaf.requires}，以及" if leaf.requires else ""
        yield f"单位提供{paper}能证明“{leaf.title or self.indicator.key}”的材料，由评价人判定"
        if leaf.note:
            yield leaf.note

    def _lacking(self, reads: _Reads) -> Iterator[str]:
        """The figures that nobody has supplied, and the rows of a form that are judged below their full share."""
        for key in reads.inputs:
            if key.endswith(_SHARE) and isinstance(share := self.values[key], Decimal) and share < ONE:
                row = self.values[Keys(key.removesuffix(_SHARE)).indicator]
                yield f"单位提供能证明“{row}”完成程度的材料，由评价人判定"
            if key in self.net.rubric.quantities and self.values[key] == PENDING:
                yield f"在“目标完成”表补齐“{key}”所需的各行"
            need = self.net.rubric.facts.get(key)
            if self.values[key] in (None, "") and need is not None and not need.optional:
                papers = f"（取自{'、'.join(need.documents)}）" if need.documents else ""
                yield f"单位提供“{key}”{papers}"

    # ------------------------------------------------------------------------------------ what figures decide

    def _figure(self, reads: _Reads, key: str) -> Iterator[Step]:
        """The nearest value that wins points, and the nearest that wins all that this figure can, each way."""
        entry, need = self.net.entries.get(key), self.net.rubric.facts.get(key)
        if key.endswith(_SHARE):
            yield from self._degree(key)
        if not isinstance(self.values[key], Decimal) or (entry is not None and not entry.fact):
            return
        unit = self.net.rubric.quantities[key].unit if entry is None else KINDS.get(entry.kind, entry.unit)
        if "[" in key and unit == "文字":  # a row of a form names its own unit
            row = Keys(key.rpartition(".")[0])
            said = self.values[row.cell("单位")]
            unit = str(said) if said and said != "%" else unit  # a percentage stands there as its bare number
        low = None if need is not None and need.concept.signed else ZERO
        name = key if "[" not in key else _row_name(self.values, key)
        for new in [value for way in (1, -1) for value in self._edges(reads, key, unit, way, low)]:
            if step := self._step(name, unit, key, new, {key: new}):
                yield step

    def _edges(self, reads: _Reads, key: str, unit: str, way: int, low: Decimal | None) -> list[Decimal]:
        """The first value on one side that earns more, and the first that earns most."""
        grid, old = printed_step(unit), self.values.points(key) or ZERO
        start = int((old / grid).to_integral_value(ROUND_FLOOR if way > 0 else ROUND_CEILING))
        most = reads.scale if unit == "分" and reads.scale is not None else MOST
        end = int(most / grid) if way > 0 else int(low / grid) if low is not None else -int(MOST / grid)
        looks = {n + d for n in reads.roots(self.values, key, grid) for d in (-1, 0, 1, 2)} | {
            start + way,
            end,
        }
        spots = sorted((n for n in looks if 0 < (n - start) * way <= (end - start) * way), reverse=way < 0)
        touched = self.net.after([key])

        def earned(n: int) -> Decimal:
            return self._worth(self.values.with_entries({key: n * grid}, touched))

        now, given = self._worth(self.values), [earned(n) for n in spots]
        made: list[Decimal] = []
        for more in (now + CENT, max(given)) if max(given, default=now) > now else ():
            at = next(n for n, points in enumerate(given) if points >= more)
            short, enough = spots[at - 1] if at else start, spots[at]
            while abs(enough - short) > 1:
                middle = (enough + short) // 2
                short, enough = (short, middle) if earned(middle) >= more else (middle, enough)
            made.append(enough * grid)
        return list(dict.fromkeys(made))

    def _degree(self, key: str) -> Iterator[Step]:
        """A row of a form that is judged by its degree: the degree that gives all its points."""
        row, form = Keys(key.removesuffix(_SHARE)), self.net.rubric.self_tables.main
        degree = row.cell("达成程度")
        best = next((label for label, inside in form.qualitative if inside.has(ONE)), "") if form else ""
        name = f"{_row_name(self.values, key)}（{best}）"
        if (
            best
            and self.values[degree]
            and (step := self._step(name, "%", key, ONE, {degree: best, key: ONE}))
        ):
            yield step

    def _step(self, name: str, unit: str, key: str, new: Value, given: Mapping[str, Value]) -> Step | None:
        """What a change gives; None where it wins the indicator nothing."""
        made, now = self.values.with_entries(given), self.values
        points = self._worth(made) - self._worth(now)
        if points <= 0:
            return None
        total = (made.points(ALL.points) or ZERO) - (now.points(ALL.points) or ZERO)
        through = tuple(
            (q, quantity.unit, now[q], made[q])
            for q in self.indicator.rule.reads
            if (quantity := self.net.rubric.quantities.get(q)) is not None and q != key and made[q] != now[q]
        )
        settled, need = "", self.net.rubric.facts.get(key)
        if need is not None:
            settled = f"以{need.documents[0]}为准，{SETTLED}" if need.documents else SETTLED
        elif key in self.net.rubric.quantities:
            settled = "由“目标完成”表各行得出"
        return Step(name, unit, now[key], new, points, total, given, through, settled)


def _row_name(values: Values, key: str) -> str:
    """``“签约额”完成值``."""
    row, _, column = key.rpartition(".")
    titles = (values.entries.get(title) for title in (Keys(row).indicator, Keys(row).name))
    return f"“{next(filter(None, titles), '未命名')}”{column}"


class _Reads:
    """What the points of a rule follow from: ``inputs`` in reading order, and the items on the way."""

    def __init__(self, net: Net, points: str) -> None:
        self.net, self.points = net, points
        self.inputs: list[str] = []
        self.items: list[str] = []
        others = {net.points_of(move.source) for move in net.rubric.moves}
        seen = {points, *others}
        open_ = [points]
        while open_:
            key = open_.pop(0)
            refs = list(net.items[key].refs()) if key in net.items else list(net.columns.get(key, ()))
            if key in net.entries or (
                key in net.rubric.quantities and any(ref in net.columns for ref in refs)
            ):
                self.inputs += [key] if _counts(key) else []
                continue
            self.items += [key] if key in net.items else []
            new = [ref for ref in dict.fromkeys(refs) if ref not in seen]
            seen.update(new)
            open_ = new + open_

    @property
    def scale(self) -> Decimal | None:
        """The top of the scale on which outside scores are given."""
        nodes = (node for item in self.items for node, _ in _nodes(self.net.items[item], ""))
        tops = (node.over for node in nodes if isinstance(node, Rate) and node.scale)
        return next((top for top in tops if isinstance(top, Decimal)), None)

    def roots(self, values: Values, key: str, grid: Decimal) -> set[int]:
        """The places, in steps of the grid at or below them, where a rule may turn as this input moves."""
        shapes = _Shapes(values, key)
        unit, found = Fraction(grid), set[int]()
        for item in self.items:
            if item in shapes.touched:
                for above, _ in shapes.turns(self.net.items[item]):
                    found.update(int(root // unit) for root in _roots(above))
        return found


_SHARE = ".给分比例"


def _counts(key: str) -> bool:
    """Of a row of a form only what was done is an input: its target and weight are not for winning points."""
    return not key.startswith(f"{MAIN}[") or key.endswith((".完成值", _SHARE))


class _Shapes:
    """Expressions as quotients of polynomials in one input, in every way in which their choices may fall out."""

    def __init__(self, values: Values, key: str) -> None:
        self.values, self.key = values, key
        self.touched = values.net.after([key])
        self._known: dict[str, list[Shape]] = {key: [((Fraction(0), Fraction(1)), _ONE)]}

    def of(self, node: Expr, prefix: str = "") -> list[Shape]:
        """The ways of a node; none where it is no number."""
        if isinstance(node, Scoped):
            return self.of(node.body, prefix + node.prefix)
        if not any(prefix + ref in self.touched for ref in node.refs()):
            return self._fixed(node, prefix)
        if isinstance(node, Ref):
            return self._named(prefix + node.key)
        if isinstance(node, Count):
            return self._fixed(node, prefix)
        if isinstance(node, Total):
            return _all(_plus, [self._named(prefix + key) for key in node.keys])
        if isinstance(node, Arith):
            does: Callable[[Shape, Shape], Shape] = {"+": _plus, "-": _minus, "*": _times}[node.op]
            return _all(does, [self.of(node.a, prefix), self.of(node.b, prefix)])
        if isinstance(node, Ratio):
            parts = [self.of(node.a, prefix), self.of(node.b, prefix)]
            return [*_all(_over, parts), *self.of(node.zero, prefix)][:SHAPES]
        if isinstance(node, Call) and node.name == "ABS":
            inner = self.of(node.args[0], prefix)
            return [*inner, *(_minus(_NONE, shape) for shape in inner)][:SHAPES]
        below = [self.of(child, prefix) for child in node.children() if not isinstance(child, Compare)]
        return list(dict.fromkeys(itertools.chain(*below)))[:SHAPES]

    def _fixed(self, node: Expr, prefix: str) -> list[Shape]:
        if isinstance(node, (Const, Ref, Arith, Ratio, Call, Total)):
            value = node.number(lambda key: self.values[prefix + key]) if self._sound(node, prefix) else None
            return [((Fraction(value),), _ONE)] if isinstance(value, Decimal) else []
        return list(itertools.chain(*(self._fixed(child, prefix) for child in node.children())))[:SHAPES]

    def _sound(self, node: Expr, prefix: str) -> bool:
        """Whether all figures that a node reads are there."""
        return all(isinstance(self.values[prefix + ref], (Decimal, tuple)) for ref in node.refs())

    def _named(self, key: str) -> list[Shape]:
        if key not in self._known:
            self._known[key] = []  # nothing leads back to itself
            item = self.values.net.items.get(key)
            self._known[key] = self.of(item) if item is not None else self._fixed(Ref(key), "")
        return self._known[key]

    def turns(self, expr: Expr) -> Iterator[Shape]:
        """What is zero where a choice of an expression falls out otherwise."""
        for node, prefix in _nodes(expr, ""):
            if isinstance(node, Compare):
                yield from _all(_minus, [self.of(node.a, prefix), self.of(node.b, prefix)])
            elif isinstance(node, Pieces):
                ends = {end for one, _ in node.pieces for end in (one.low, one.high) if end is not None}
                for end in ends:
                    yield from _all(_minus, [self.of(node.x, prefix), [((Fraction(end),), _ONE)]])
            elif isinstance(node, Ratio):
                yield from self.of(node.b, prefix)
            elif isinstance(node, Call):
                pairs = (
                    itertools.combinations(node.args, 2) if len(node.args) > 1 else [(node.args[0], Const(0))]
                )
                for one, other in pairs:
                    yield from _all(_minus, [self.of(one, prefix), self.of(other, prefix)])


def _nodes(node: Expr, prefix: str) -> Iterator[tuple[Expr, str]]:
    yield node, prefix
    inner = (node.body,) if isinstance(node, Scoped) else node.children()
    for child in inner:
        yield from _nodes(child, prefix + node.prefix if isinstance(node, Scoped) else prefix)


# ------------------------------------------------------------------------------------------- polynomials

_ONE: Poly = (Fraction(1),)
_NONE: Shape = ((Fraction(0),), _ONE)


def _add(a: Poly, b: Poly, sign: int = 1) -> Poly:
    return tuple(x + sign * y for x, y in itertools.zip_longest(a, b, fillvalue=Fraction(0)))


def _multiply(a: Poly, b: Poly) -> Poly:
    made = [Fraction(0)] * (len(a) + len(b) - 1)
    for (i, x), (j, y) in itertools.product(enumerate(a), enumerate(b)):
        made[i + j] += x * y
    return tuple(made)


def _plus(a: Shape, b: Shape, sign: int = 1) -> Shape:
    if a[1] == b[1]:
        return _add(a[0], b[0], sign), a[1]
    return _add(_multiply(a[0], b[1]), _multiply(b[0], a[1]), sign), _multiply(a[1], b[1])


def _minus(a: Shape, b: Shape) -> Shape:
    return _plus(a, b, -1)


def _times(a: Shape, b: Shape) -> Shape:
    return _multiply(a[0], b[0]), _multiply(a[1], b[1])


def _over(a: Shape, b: Shape) -> Shape:
    return _multiply(a[0], b[1]), _multiply(a[1], b[0])


def _all(does: Callable[[Shape, Shape], Shape], parts: Sequence[list[Shape]]) -> list[Shape]:
    """Two or more expressions joined, in every way of each."""
    made = list(parts[0])
    for part in parts[1:]:
        made = [does(one, other) for one in made for other in part][:SHAPES]
    return made


def _roots(poly: Poly) -> Iterator[Fraction]:
    """Where a polynomial is zero, as far as it is a line or a parabola."""
    terms = list(poly)
    while terms and not terms[-1]:
        terms.pop()
    if len(terms) == 2:
        yield -terms[0] / terms[1]
    elif len(terms) == DEGREE + 1:
        c, b, a = terms
        under = b * b - 4 * a * c
        if under >= 0:
            scale = 10**12
            root = Fraction(isqrt(int(under * scale * scale)), scale)
            yield from ((-b + root) / (2 * a), (-b - root) / (2 * a))
