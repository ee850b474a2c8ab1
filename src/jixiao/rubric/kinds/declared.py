"""The parameters of rule kinds, each declared once: what it is called, what it holds, its bounds, its column.

The loader, the editor's columns, ``diff``, the lint and the messages read this table; a kind only names what it takes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from jixiao.model import (
    COUNTS,
    MODES,
    NOT_APPLICABLE,
    PENDING,
    WAYS,
    Body,
    Const,
    Expr,
    Guarded,
    Interval,
    OrZero,
    Ref,
    amount,
    gaps,
)
from jixiao.rubric.kinds.part import Context, Part

REST = "其余"
"""The stretch that takes every value which no other stretch of the rule covers."""

NUMBER, FLAG, WORD, TEXT, NAMES = "number", "flag", "word", "text", "names"
FIGURE, CONDITION = "figure", "condition"
BANDS, PIECES, OPTIONS, RANGES, NAMED, PLACES = "bands", "pieces", "options", "ranges", "named", "places"
ITEMS, CASES, PARTS, TWO = "items", "cases", "parts", "two"
POINTED = (BANDS, PIECES, OPTIONS, RANGES, NAMED, PLACES)
"""Sorts that hold the points of a rule."""


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter: its key and sort, what people call it, and its bounds.

    ``width``: it has a column of its own in the editable workbook (0: it stands in 其他参数), under ``head`` with ``about``
    as its comment. ``words``: what a WORD may be, each with its Chinese. ``above`` and ``most`` bound a NUMBER.
    """

    key: str
    sort: str
    label: str
    width: int = 0
    head: str = ""
    about: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    above: Decimal | None = None
    most: Decimal | None = None


_NAME = "“计算”或“取数”中的名称"
_ZERO = Decimal(0)
_LISTED = (
    Param("full", NUMBER, "满分", 7),
    Param("title", TEXT, "名称", 36, "要点"),
    Param("x", FIGURE, "计分依据", 26, about=_NAME),
    Param("bands", BANDS, "档次", 24, "区间：分值", "每行一档，如 [90%,100%)：3"),
    Param("options", OPTIONS, "情形", 36, "情形：分值", "每行一个情形"),
    Param("each", NUMBER, "每档", 8, above=_ZERO),
    Param("deduct", NUMBER, "扣分", 8, above=_ZERO),
    Param("start", NUMBER, "起点", 8),
    Param("mode", WORD, "不足一档的处理", 14, "不足一档", words=MODES),
    Param("inclusive", FLAG, "是否含端点", 8, "含端点"),
    Param("downward", FLAG, "扣分方向", 10, "低于起点扣"),
    Param("way", WORD, "扣分方向", 12, words=WAYS),
    Param("share", NUMBER, "每档扣满分的比例", 10, "每档扣满分的", above=_ZERO, most=Decimal(1)),
    Param("over", NUMBER, "满分标准", 9, above=_ZERO),
    Param("pass", NUMBER, "及格线", 8, above=_ZERO),
    Param("centre", NUMBER, "中心值", 8),
    Param("points", NAMED, "得分", 20, "数值：分值", "插值：每行一个数值及其分值"),
    Param("grades", RANGES, "等次", 28, "等次：给分区间", "每行一个等次，如 达成预期：[80%,100%]"),
    Param("best", FIGURE, "最优值", 20, about=_NAME),
    Param("cap", NUMBER, "上限", 9, "上限倍数", above=_ZERO),
    Param("of", NUMBER, "满分制", 8, above=_ZERO),
    Param("when", CONDITION, "条件", 36),
    Param("otherwise", NUMBER, "否则得分", 9),
    Param("graded", FLAG, "可否部分给分", 10, "可部分给分"),
    Param("requires", TEXT, "前提材料", 20),
    Param("applies", FLAG, "可否不适用", 9, "可不适用"),
    Param("first", CASES, "例外情形", 40),
    Param("items", ITEMS, "计数项", 40, "扣分或加分项"),
    Param("penalties", ITEMS, "减分项", 30),
    Param("shows", NAMES, "列示", 20, "同时列示"),
    Param("note", TEXT, "附注", 30),
    Param("key", TEXT, "要点编号"),
    Param("parts", PARTS, "要点"),
    Param("pieces", PIECES, "分段"),
    Param("list", PLACES, "名次得分"),
    Param("rest", NUMBER, "其余"),
    Param("base", NUMBER, "要点合计", above=_ZERO),
    Param("rescale", FLAG, "按适用分值折算"),
    Param("smaller", FLAG, "越小越好"),
    Param("zero", NUMBER, "分母为0时"),
    Param("below", NUMBER, "低于最小值每单位"),
    Param("above", NUMBER, "高于最大值每单位"),
    Param("rate", NUMBER, "按比例，满分标准", above=_ZERO),
    Param("from", NUMBER, "起始分值"),
    Param("least", NUMBER, "最低分"),
    Param("add", NUMBER, "加分", above=_ZERO),
    Param("most", NUMBER, "最高分"),
    Param("line", TWO, "直线"),
    Param("between", TWO, "两端分值"),
    Param("because", TEXT, "说明"),
)
PARAMETERS: dict[str, Param] = {param.key: param for param in _LISTED}
COMMON = ("title", "first", "applies", "note", "key", "shows")


class Kind(NamedTuple):
    """A rule kind: what people call it, the parameters that it needs and may have, and its expression.

    ``may`` holds the default of each (None: it has none). ``by``: ``figures``, ``person``, ``parts`` (it joins other rules) or
    ``form`` (rows of a self-evaluation form) decide. ``extra``: it stands beside the hundred, with full points of zero.
    """

    name: str
    title: str
    needs: tuple[str, ...]
    may: Mapping[str, Any]
    rule: Callable[[Terms], Expr]
    by: str = "figures"
    extra: bool = False

    @property
    def params(self) -> tuple[Param, ...]:
        """Its own parameters, without those that every kind has."""
        return tuple(PARAMETERS[key] for key in (*self.needs, *self.may))

    def holding(self, *sorts: str) -> tuple[str, ...]:
        """Keys of the parameters of some sorts."""
        return tuple(param.key for param in self.params if param.sort in sorts)

    @property
    def points_at(self) -> str:
        """The parameter that holds its points; empty where there is none."""
        return next(iter(self.holding(*POINTED)), "")


class Terms:
    """One mapping of a definition read by the declaration of its kind; remembers the names that were read.

    ``parts``: the rules that a kind joins, each with its key and full points.
    """

    def __init__(
        self, spec: Body, key: str, context: Context, defaults: Mapping[str, Any] | None = None
    ) -> None:
        self.spec, self.key, self.context = spec, key, context
        self.defaults = defaults or {}
        self.reads: list[str] = []
        self.parts: list[Part] = []

    def fail(self, problem: str, key: str) -> Exception:
        """An error at a parameter, to be raised by the caller."""
        return self.spec.fail(problem, key)

    def inside(self, spec: Body, needs: Sequence[str], may: Mapping[str, Any]) -> Terms:
        """A mapping inside this one: an item, a stretch, an exception."""
        spec.only(needs, may)
        made = Terms(spec, self.key, self.context, may)
        made.reads = self.reads
        return made

    def has(self, key: str) -> bool:
        """Whether the definition gives a parameter."""
        return key in self.spec

    @property
    def full(self) -> Decimal:
        """The full points."""
        return self.number("full")

    def number(self, key: str) -> Decimal:
        """A number or percentage as an exact decimal, within the bounds declared."""
        param, value = PARAMETERS[key], self.spec.get(key, self.defaults.get(key))
        if value is None:
            raise self.fail(f"缺少键“{key}”", key)
        if not isinstance(value, Decimal):
            try:
                value = amount(str(value))
            except ValueError as error:
                raise self.fail(str(error), key) from error
        if param.above is not None and value <= param.above:
            raise self.fail(f"{key} 应大于{param.above}", key)
        if param.most is not None and value > param.most:
            raise self.fail(f"{key} 应不大于{param.most}", key)
        return value

    def flag(self, key: str) -> bool:
        """Whether a thing is so."""
        return self.spec.flag(key, bool(self.defaults.get(key, False)))

    def text(self, key: str) -> str:
        """A text."""
        return self.spec.text(key, self.defaults.get(key))

    def word(self, key: str) -> str:
        """One of the words declared."""
        value, words = self.text(key), PARAMETERS[key].words
        if value not in words:
            raise self.fail(f"{key} 应为 {'、'.join(words)}", key)
        return value

    def figure(self, key: str = "x") -> Ref:
        """The named quantity or fact that a rule looks at."""
        made = self.context.expression(self.spec, key)
        if not isinstance(made, Ref):
            raise self.fail("应为一个名称；请先在 quantities 中给这个算式起名", key)
        self.reads.append(made.key)
        return made

    def events(self) -> Ref:
        """The figure that a rule counts up from nothing; as a count of facts nobody is to take for 0 unasked (``OrZero``)."""
        x = self.figure()
        concept = self.context.concepts.get(x.key)
        return OrZero(x.key) if concept is not None and concept.unit in COUNTS else x

    def shares(self, x: Ref) -> bool:
        """Whether a figure is a percentage."""
        return self.context.unit(x.key) == "%"

    def condition(self, key: str = "when") -> Expr:
        """A condition over figures."""
        made = self.context.condition(self.spec, key)
        self.reads += made.refs()
        return made

    def given(self, rule: Expr) -> Expr:
        """The rule where every figure read is there; 待核定 or 不适用 else."""
        return Guarded(rule)

    def outcome(self, key: str) -> Const:
        """Points, or an outcome in their place."""
        return outcome(self.spec, key)

    def mapping(self, key: str, what: str, least: int = 1) -> Body:
        """A mapping with at least so many entries."""
        body = self.spec[key]
        if not isinstance(body, Body) or len(body) < least:
            raise self.fail(what, key)
        return body

    def bands(self, key: str = "bands", low: Decimal | None = None) -> list[tuple[Interval, Const]]:
        """``{"[90%,100%)": 3, …, 其余: 0}`` as intervals with their points; ``low`` is the least that the figure can be."""
        body = self.mapping(key, "应为“区间: 分值”")
        return [(interval, outcome(body, text)) for text, interval in stretches(body, low)]


def outcome(body: Body, key: str) -> Const:
    """Points under a key, or an outcome in their place."""
    value = body[key]
    if isinstance(value, Decimal):
        return Const(value)
    if value in (PENDING, NOT_APPLICABLE):
        return Const(str(value))
    raise body.fail(f"应为分值、“{PENDING}”或“{NOT_APPLICABLE}”", key)


def stretches(body: Body, low: Decimal | None = None) -> list[tuple[str, Interval]]:
    """The stretches of a mapping by their keys; 其余 stands, at the end, for each one from ``low`` on that no other covers."""
    made: list[tuple[str, Interval]] = []
    for text in body:
        if text != REST:
            try:
                made.append((text, Interval.parse(text)))
            except ValueError as error:
                raise body.fail(str(error), text) from error
    if REST in body:
        made += [(REST, gap) for gap in gaps([interval for _, interval in made], low, None)]
    return made
