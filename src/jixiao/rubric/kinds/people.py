"""Kinds that a person decides, kinds that join other rules, and the block of a self-evaluation form.

A verdict and the points that a person gives are nodes of the expression, so that the entries of 要点核定 come from it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal

from jixiao.model import (
    NOT_APPLICABLE,
    PENDING,
    Arith,
    Cells,
    Compare,
    Const,
    Count,
    Decided,
    Expr,
    If,
    Interval,
    Is,
    IsNumber,
    Logic,
    Ratio,
    Ref,
    Round,
    Say,
    Show,
    Total,
    Words,
    overlap,
    plain,
)
from jixiao.rubric.keys import Keys
from jixiao.rubric.kinds.declared import Kind, Terms
from jixiao.rubric.kinds.part import Ask, Part
from jixiao.rubric.selftable import EXECUTION, MAIN

MET, PARTLY, NOT_MET = "符合", "部分符合", "不符合"
YES, NO = "有", "无"


class Choice(Decided):
    """What the label gives that a person picks; 待核定 until one is picked. ``said`` words the labels, "" leaves one out."""

    __slots__ = ("ask", "between", "options", "said")

    def __init__(
        self,
        key: str,
        field: str,
        options: Sequence[tuple[str, Expr]],
        said: Sequence[str],
        between: str = "；",
    ) -> None:
        self.options, self.said, self.between = tuple(options), tuple(said), between
        self.ask = Ask(key, field, tuple(label for label, _ in options))
        chain: Expr = Const(PENDING)
        for label, value in reversed(self.options):
            chain = If(Is(f"{key}.{field}", label), value, chain)
        super().__init__(chain)

    def sentence(self, words: Words) -> str:
        """The labels with what each gives."""
        pairs = zip(self.said, self.options, strict=True)
        return self.between.join(f"{said}{value.earned(words)}" for said, (_, value) in pairs if said)


class Needs(Decided):
    """A rule that gives nothing without a piece of evidence."""

    __slots__ = ("ask", "rule", "what")

    def __init__(self, key: str, what: str, rule: Expr) -> None:
        self.what, self.rule, self.ask = what, rule, Ask(key, "前提", (YES, NO))
        missing = If(Is(Keys(key).premise, NO), Const(0), Const(PENDING))
        super().__init__(If(Is(Keys(key).premise, YES), rule, missing))

    def sentence(self, words: Words) -> str:
        """The rule, and what it needs."""
        return f"{self.rule.sentence(words)}；无{self.what}的不得分"


class Award(Decided):
    """Points that a person gives; 待核定 where they are missing or do not lie ``inside``."""

    __slots__ = ("ask", "how")

    def __init__(self, key: str, inside: Callable[[Expr], Expr], how: str, most: Expr) -> None:
        given = Ref(Keys(key).given)
        self.how, self.ask = how, Ask(key, "给分", low=Const(0), high=most)
        fits = If(inside(given), given, Const(PENDING))
        super().__init__(If(IsNumber(given.key), fits, Const(PENDING)))

    def sentence(self, words: Words) -> str:
        """How the points are given."""
        return self.how


class Full(Decided):
    """The full points of a part: as declared, or the cell that adds what was moved here."""

    __slots__ = ("base",)

    def __init__(self, base: Decimal, now: Expr) -> None:
        self.base = base
        super().__init__(now)

    def sentence(self, words: Words) -> str:
        """As declared."""
        return plain(self.base)

    def earned(self, words: Words) -> str:
        """As declared."""
        return f"得{plain(self.base)}分"


def _point(terms: Terms) -> Expr:
    """One scoring point: met, not met, or, where the table lets the person weigh it, partly met with points.

    ``graded`` allows 部分符合, with points between zero and the full points that the person enters.
    ``requires`` names evidence without which the point gives nothing (precondition).
    """
    key, base, context = terms.key, terms.full, terms.context
    scaled = key in context.receivers - context.adders
    full = Full(base, Ref(Keys(key).full) if scaled else Const(base))
    options: list[tuple[str, Expr]] = [(MET, full), (NOT_MET, Const(0))]
    said = [f"{terms.text('title')}，", ""]
    if terms.flag("graded"):
        award = Award(
            key,
            lambda given: Logic("AND", Compare(">=", given, Const(0)), Compare("<=", given, full.does)),
            "酌情给分",
            full.does,
        )
        options.insert(1, (PARTLY, award))
        said.insert(1, "不完全符合的")
    rule: Expr = Choice(key, "判定", options, said, "，")
    return Needs(key, terms.text("requires"), rule) if terms.has("requires") else rule


def _level(terms: Terms) -> Expr:
    """One of several described levels, each with its points; the person picks, the table gives the points."""
    body = terms.mapping("options", "options 应为至少两个“情形: 分值”", 2)
    options = [(label, Const(body.number(label))) for label in body]
    if max(body.number(label) for label in body) != terms.full:
        raise terms.fail("没有一个情形能得满分", "options")
    return Choice(terms.key, "判定", options, [f"{label}，" for label in body])


def _grades(terms: Terms) -> Expr:
    """``{"达成预期指标": "[80%,100%]", "部分达成": "[60%,80%)", …}``: shares of the full points, or points (Q).

    Points outside the range of the grade that was picked count as not entered. Ranges may not overlap.
    """
    key, most = terms.key, Const(terms.full)
    ranges = _ranges(terms)
    options = [
        (label, Award(key, inside.test, f"在{_said(inside)}之间给分", most)) for label, inside in ranges
    ]
    return Choice(key, "判定", options, [f"{label}的，" for label, _ in ranges])


def _ranges(terms: Terms) -> list[tuple[str, Interval]]:
    body, full = terms.mapping("grades", "grades 应为至少两个“档次: 区间”", 2), terms.full
    made: list[tuple[str, Interval]] = []
    for label in body:
        text = str(body[label])
        try:
            inside = Interval.parse(text)
        except ValueError as error:
            raise body.fail(str(error), label) from error
        if inside.low is None or inside.high is None:
            raise body.fail("区间两端都要写明", label)
        scale = full if "%" in text else Decimal(1)
        low, high = inside.low * scale, inside.high * scale
        if low < 0 or high > full:
            raise body.fail("区间超出0至满分", label)
        made.append((label, Interval(low, inside.low_closed, high, inside.high_closed)))
    for (one, first), (other, second) in itertools.combinations(made, 2):
        if overlap(first, second) is not None:
            raise terms.fail(f"“{one}”与“{other}”两档重叠", "grades")
    if max(inside.high or Decimal(0) for _, inside in made) != full:
        raise terms.fail("没有一档能得满分", "grades")
    return made


def _said(inside: Interval) -> str:
    ends = ((inside.low, inside.low_closed), (inside.high, inside.high_closed))
    return "至".join(
        f"{plain(end or Decimal(0))}分{'（含）' if closed else '（不含）'}" for end, closed in ends
    )


class Best(Total):
    """The largest of several keys that hold numbers; texts count for nothing, as in MAX."""

    __slots__ = ()

    @staticmethod
    def over(values: Iterable[object]) -> Decimal:
        """The largest number, 0 where there is none."""
        return max((value for value in values if isinstance(value, Decimal)), default=Decimal(0))

    def formula(self, cells: Cells) -> str:
        """MAX over the cells, which passes over texts in every engine."""
        return f"MAX({','.join(cells(key) for key in self.keys)})"

    def script(self, cells: Cells) -> str:
        """The largest of those that are numbers."""
        return f"best([{','.join(map(cells, self.keys))}])"

    def sentence(self, words: Words) -> str:
        """In Chinese."""
        return "、".join(words(key) for key in self.keys) + "中的最高者"


class Joined(Decided):
    """What separately ruled parts give together: 待核定 while one is, 不适用 where none applies."""

    __slots__ = ("head", "parts")

    def __init__(self, head: str, parts: Sequence[Part], together: Expr) -> None:
        self.head, self.parts = head, tuple(parts)
        keys = points_of(parts)
        pending = [Is(key, PENDING) for key in keys]
        waits: Expr = pending[0] if len(pending) == 1 else Logic("OR", *pending)
        none = Compare("=", Count(keys), Const(0))
        super().__init__(If(waits, Const(PENDING), If(none, Const(NOT_APPLICABLE), Round(together, 2))))

    def sentence(self, words: Words) -> str:
        """The rules of the parts, numbered."""
        said = (f"{number}.{part.sentence(words)}" for number, part in enumerate(self.parts, 1))
        return f"{self.head}{'；'.join(said)}。"


def points_of(parts: Sequence[Part]) -> list[str]:
    """The keys of what the parts give."""
    return [Keys(part.key).points for part in parts]


def _sum(terms: Terms) -> Expr:
    """Parts with their own kinds whose full points add to the indicator's; one that does not apply is left out (M)."""
    full, total = terms.full, _total(terms)
    if total != full:
        raise terms.fail(f"各要点满分合计{plain(total)}分，与指标权重{plain(full)}分不符", "parts")
    return Joined("", terms.parts, Total(points_of(terms.parts)))


def _better(terms: Terms) -> Expr:
    """The part that gives most counts; each part can reach at most the full points, and one of them does (A)."""
    if len(terms.parts) < 2 or max(part.full for part in terms.parts) != terms.full:
        raise terms.fail("至少两个备选要点，其中分值最高的应等于满分", "parts")
    return Joined("下列各项取得分最高的一项：", terms.parts, Best(points_of(terms.parts)))


def _shared(terms: Terms) -> Expr:
    """Chosen items share the weight equally: the mean of the parts that apply, each ruled on the full points (A)."""
    if len(terms.parts) < 2 or any(part.full != terms.full for part in terms.parts):
        raise terms.fail("可选要点应至少两个，每个的满分都写成本项满分，由选用的各项平均分担", "parts")
    keys = points_of(terms.parts)
    mean = Ratio(Total(keys), Count(keys), Const(NOT_APPLICABLE))
    return Joined("选用的各项平均分担本项分值：", terms.parts, mean)


def _weighted(terms: Terms) -> Expr:
    """Points inside a block add to ``base`` (100), the block has its own weight: sum × weight ÷ base (W).

    Where parts may not apply, ``rescale: true`` has to say that the base shrinks with them.
    """
    full, base, total = terms.full, terms.number("base"), _total(terms)
    if total != base:
        raise terms.fail(f"各要点合计{plain(total)}分，应为{plain(base)}分", "parts")
    rescale = terms.flag("rescale")
    if any(part.optional for part in terms.parts) and not rescale:
        raise terms.fail("有不适用的要点时，须写明 rescale: true（按适用的分值折算）", "parts")
    below: Expr = Const(base)
    for part in terms.parts if rescale else ():
        gone = If(Is(Keys(part.key).points, NOT_APPLICABLE), Const(part.full), Const(0))
        below = Arith("-", below, gone)
    above = Arith("*", Total(points_of(terms.parts)), Const(full))
    head = f"各要点合计{plain(base)}分，按权重{plain(full)}分折算："
    return Joined(head, terms.parts, Ratio(above, below, Const(NOT_APPLICABLE)))


def _total(terms: Terms) -> Decimal:
    return sum((part.full for part in terms.parts), Decimal(0))


class FormBlock(Decided):
    """What the rows of a block of the rubric's own self-evaluation form earn; a block not filled in full is 待核定."""

    __slots__ = ("full", "of")

    def __init__(self, of: str, full: Decimal) -> None:
        self.of, self.full = of, full
        points = Keys(MAIN).of(of).points
        other = If(Is(points, NOT_APPLICABLE), Const(NOT_APPLICABLE), Const(PENDING))
        super().__init__(If(IsNumber(points), Ref(points), other))

    def sentence(self, words: Words) -> str:
        """In Chinese."""
        if self.of == EXECUTION:
            return f"满分{plain(self.full)}分，按执行率（全年执行数÷全年预算数）计分，最高得满分"
        return f"“自评表”中{self.of}各项得分之和，各项分值合计应为{plain(self.full)}分"

    def explained(self) -> Expr:
        """The figures of the form that it rests on."""
        if self.of == EXECUTION:
            return Say("执行率", Show(Keys(MAIN).executed, "rate"))
        filled = Show(Keys(MAIN).of(self.of).weight, "plain")
        listed = Say(f"{self.of}所填指标分值合计", filled, "分，未完成和待定情况逐项见“自评表”")
        return If(Is(Keys(MAIN).of(self.of).points, NOT_APPLICABLE), Const(f"未设置{self.of}"), listed)


def _block(terms: Terms) -> Expr:
    """``{kind: block, full: 50, of: 产出指标}``: what the rows of that block earn; ``of: 预算执行率`` is the money block."""
    return FormBlock(terms.text("of"), terms.full)


def asks(rule: Expr) -> Iterator[Ask]:
    """The entries of 要点核定 that a rule reads, each once."""
    seen: set[str] = set()
    for node in rule.walk():
        if isinstance(node, (Choice, Needs, Award)) and node.ask.field not in seen:
            seen.add(node.ask.field)
            yield node.ask


JOINING = (
    Kind("sum", "要点合计", ("parts",), {}, _sum, by="parts"),
    Kind("better", "择优", ("parts",), {}, _better, by="parts"),
    Kind("shared", "平均分担", ("parts",), {}, _shared, by="parts"),
    Kind("weighted", "折算合计", ("parts",), {"base": Decimal(100), "rescale": False}, _weighted, by="parts"),
)
JUDGED = (
    Kind("point", "要点核定", ("title",), {"graded": False, "requires": None}, _point, by="person"),
    Kind("level", "情形选择", ("title", "options"), {}, _level, by="person"),
    Kind("grades", "等次给分", ("title", "grades"), {}, _grades, by="person"),
    Kind("block", "自评表得分", ("of",), {}, _block, by="form"),
)
