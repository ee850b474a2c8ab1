"""Phrases -> clauses: a condition or situation with what it gives, and the limits said beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from jixiao.authoring.criteria.phrases import (
    Cap,
    Change,
    Clause,
    Compared,
    Every,
    Formula,
    Given,
    Phrase,
    Prop,
    Range,
    Sign,
    Words,
)
from jixiao.authoring.criteria.subjects import FILLER, adds_up

ACTIONS = (Given, Change, Prop, Formula)
_NAMED_TARGET = re.compile(r"(?:目标|指标|计划|标准|基准)值?$")


@dataclass(slots=True)
class Reading:
    """All clauses of one item, with limits, linking signs and what was left over."""

    clauses: list[Clause] = field(default_factory=list)
    caps: list[Cap] = field(default_factory=list)
    signs: set[str] = field(default_factory=set)
    base: Range | None = None
    target: Range | None = None
    defined: list[str] = field(default_factory=list)
    labels: list[Decimal] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    better: bool = False


def gather(statement: str, found: Iterable[Phrase], reading: Reading) -> None:
    """Add the clauses of one statement to the reading."""
    builder = _Builder(statement, reading)
    listed = list(found)
    for place, phrase in enumerate(listed):
        builder.take(phrase, listed[place + 1] if place + 1 < len(listed) else None)
    builder.close()


class _Builder:
    def __init__(self, statement: str, reading: Reading) -> None:
        self.statement, self.reading = statement, reading
        self.clause, self.start, self.order = Clause(), 0, ""
        self.led = False  # the points came first: 3分：≥95%
        self.target = False
        self.place = 1 + max((c.place for c in reading.clauses), default=0)

    def close(self, at: int | None = None) -> None:
        clause = self.clause
        told = self.target and clause.action is None and not clause.every
        self.target = False
        if told or (self.order == "wr" and clause.action is None and _NAMED_TARGET.search(clause.words[-1])):
            self.targets(clause)
            self.clause, self.order, self.start = Clause(), "", at if at is not None else len(self.statement)
            return  # 指标值：≤5%: told for the reader
        if (
            clause.action is not None
            or clause.ranges
            or clause.words
            or clause.every
            or clause.otherwise
            or clause.compared
        ):
            end = clause.action.start if clause.action is not None and not self.led else at
            clause.text = self.statement[self.start : end].strip(",:的、 ")
            clause.joined.append(self.order)
            clause.place = self.place
            self.reading.clauses.append(clause)
        self.clause, self.order, self.led = Clause(), "", False
        self.start = at if at is not None else len(self.statement)

    def targets(self, clause: Clause) -> None:
        """Keep the target, for steps that do not say where they begin: 达到目标值得满分，每低1个百分点扣…."""
        if self.reading.target is None and len(clause.ranges) == 1 and clause.ranges[0].unit == "%":
            self.reading.target = clause.ranges[0]

    def fresh(self, phrase: Phrase) -> None:
        """A new clause begins where one already has its points."""
        if self.clause.action is not None and not self.led:
            self.close(phrase.start)

    def take(self, phrase: Phrase, after: Phrase | None) -> None:
        if isinstance(phrase, Cap):
            self.reading.caps.append(phrase)
        elif isinstance(phrase, Sign):
            self.sign(phrase, after)
        elif isinstance(phrase, Words):
            if self.clause.action is not None and FILLER.fullmatch(phrase.text):
                return
            self.fresh(phrase)
            if phrase.text.strip("、"):
                self.word(phrase.text)
        elif isinstance(phrase, Range):
            self.range(phrase, after)
        elif isinstance(phrase, Compared):
            self.fresh(phrase)
            self.clause.compared.append(phrase)
            self.order += "c"
        elif isinstance(phrase, Every):
            self.fresh(phrase)
            self.clause.every = phrase
            self.order += "e"
        elif isinstance(phrase, Formula):
            self.formula(phrase, after)
        else:
            self.act(phrase)

    def formula(self, phrase: Formula, after: Phrase | None) -> None:
        if isinstance(after, Range) and not after.bare:
            self.fresh(phrase)
            self.word("比值")  # 完成值÷目标值≥90%: the quantity, told as what it is computed from
        elif not phrase.scores or adds_up(phrase.node):
            self.reading.defined.append(self.statement[: phrase.end])
            self.clause, self.order, self.start = Clause(), "", phrase.end
        else:
            self.act(phrase)

    def word(self, text: str) -> None:
        """Words before the ranges name the quantity, words behind them belong to the condition."""
        behind = (self.clause.ranges or self.clause.compared) and not self.order.endswith("|")
        (self.clause.after if behind else self.clause.words).append(text.lstrip("、"))
        self.order += "w"

    def act(self, phrase: Phrase) -> None:
        if self.clause.action is not None:
            self.close(phrase.start)
        if isinstance(phrase, Given) and not phrase.verb and phrase.share == 1 and not self.order:
            return  # a heading: 分值
        bare = isinstance(phrase, Given) and phrase.share == 1 and not phrase.verb and not phrase.named
        if bare and self.clause.words and re.search(r"[扣减加得计给]", self.clause.words[-1]):
            self.reading.left.append(self.clause.words[-1])
            return  # 扣三分之一权重分
        if bare and self.clause.ranges and self.clause.ranges[-1].unit == "%":
            self.reading.left.append(self.statement[self.clause.ranges[-1].start : phrase.end])
            return  # 90%—100%权重分: a share of the points, or full points at that rate
        self.clause.action = phrase
        self.order += "a"

    @staticmethod
    def _gives(after: Phrase | None) -> bool:
        return isinstance(after, ACTIONS) or (isinstance(after, Range) and after.bare and after.unit == "分")

    def sign(self, sign: Sign, after: Phrase | None) -> None:
        if sign.what in ("discretion", "linear", "floor", "started", "whole", "onward", "except"):
            self.remark(sign)
        elif sign.what == "from":
            self.fresh(sign)
            found = re.search(r"\d+(?:\.\d+)?", sign.text)
            self.clause.label = Decimal(found[0]) if found else None
        elif sign.what == "colon":
            self.colon(sign, after)
        elif sign.what == "comma":
            self.comma(sign)
        elif sign.what == "else":
            if self.order:
                self.close(sign.start)
            self.clause.otherwise = True
            self.start = sign.start
        else:
            self.join(sign)

    def comma(self, sign: Sign) -> None:
        if self.clause.action is not None:
            self.close(sign.end)
        elif self.order == "wr" and _NAMED_TARGET.search(self.clause.words[-1]):
            self.targets(self.clause)
            self.clause, self.order, self.start = Clause(), "", sign.end  # 目标值为95%: told for the reader
        elif self.order:
            self.order += ","

    def join(self, sign: Sign) -> None:
        """且, 或: between ranges of one clause, or 或者 before another way to earn the points."""
        self.fresh(sign)
        if sign.what == "or" and not self.order and self.reading.clauses:
            self.clause.alternative = True
            return
        self.order += "&" if sign.what == "and" else "|"
        if sign.what == "or" and self.clause.ranges and not self.clause.split:
            self.clause.split = len(self.clause.ranges)

    def remark(self, sign: Sign) -> None:
        self.reading.signs.add(sign.what)
        if sign.what in ("discretion", "linear"):
            if self.clause.action is None:
                self.act(sign)
        elif sign.what == "except":
            self.reading.left.append(sign.text)

    def heads(self) -> bool:
        """Whether what was read up to a colon is a heading: words, at most with a number of things (由两部分组成：)."""
        counts = all(r.bare and r.unit in ("", "个", "项", "类", "种") for r in self.clause.ranges)
        return set(self.order) <= set("w,") or (
            set(self.order) <= set("wr,") and counts and self.order[0] == "w"
        )

    def colon(self, sign: Sign, after: Phrase | None) -> None:
        if self.order == "a" and isinstance(self.clause.action, Prop) and not self._gives(after):
            self.clause, self.order, self.start = Clause(), "", sign.end  # 按准确率计分：a heading
        elif self.order == "a":
            self.led = True
        elif self.order and self.heads() and not self._gives(after):
            self.target = bool(self.clause.words and _NAMED_TARGET.search(self.clause.words[-1]))
            self.clause, self.order, self.start = Clause(), "", sign.end  # a heading
        elif self.clause.action is not None:
            self.close(sign.end)

    def range(self, found: Range, after: Phrase | None) -> None:
        ends = after is None or (isinstance(after, Sign) and after.what in ("comma", "floor"))
        if found.suffix == "基准":
            self.reading.base = found
            return
        if found.bare and found.unit == "分":
            if (self.order.strip(",") or self.clause.otherwise) and ends and self.clause.action is None:
                self.act(Given(found.start, found.end, points=found.low, verb=False))
                return
            if not self.order and isinstance(after, Sign) and after.what == "colon":
                self.act(Given(found.start, found.end, points=found.low, verb=False))
                return
            if not self.order and ends:
                self.clause.label = found.low
                if found.low is not None:
                    self.reading.labels.append(found.low)
                return
        self.fresh(found)
        self.clause.ranges.append(found)
        self.order += "r"
