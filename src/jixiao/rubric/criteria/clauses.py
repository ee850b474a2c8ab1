"""Phrases -> clauses: a condition or situation with what it gives, and the limits said beside them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from jixiao.rubric.criteria.phrases import (
    Cap,
    Change,
    Clause,
    Compared,
    Every,
    Formula,
    Given,
    Node,
    Phrase,
    Prop,
    Range,
    Sign,
    Words,
)

ACTIONS = (Given, Change, Prop, Formula)
_FILLER = re.compile(
    r"(?:部分|情况|情形|区间|水平|要求|标准|档次|条件|范围|左右|以上情况|期间|状态|处理|予|计算|得分|按|标准值|目标|项目|及|本项|该项|指标|问题|"
    r"完成|达标|到位|为?(?:优秀|良好|中等|合格|及格|优|良|中|差)|现象|不合规|不合规现象|不符合|不规范|违规|违规问题|情况的|的情况|偏差|内容|事项|资料|材料|制度)*"
)
_QUANTITY = re.compile(
    r"(?:率|比|比例|数|数量|金额|额|度|得分|分数|成绩|结果|比重|时间|指标|值|占比|规模|人次|[xX]|幅度|偏差|进度|排名|名次|"
    r"收入|支出|经费|成本|差异|变动|天|情况)(?:达到?|在|为|控制)?$|^(?:根据|按照|依据|以|该|本|其中|若|如|当|主要)"
)
_EMPTY = re.compile(
    r"^(?:若|如果|如|当|其中|对于|凡|实际|年度|本年度|全年|指标|本指标|该指标|其|则)*|(?:完成|实际|达到?|在|为|控制|处于|保持|的)*$"
)
_NAMED_TARGET = re.compile(r"(?:目标|指标|计划|标准)值?$")
_GENERAL = {
    "",
    "结果",
    "完成率",
    "比率",
    "比例",
    "比值",
    "x",
    "X",
    "数值",
    "指标",
    "完成",
    "完成情况",
    "实际",
    "达到",
    "得分",
    "部分",
}


@dataclass(slots=True)
class Reading:
    """All clauses of one item, with limits, linking signs and what was left over."""

    clauses: list[Clause] = field(default_factory=list)
    caps: list[Cap] = field(default_factory=list)
    signs: set[str] = field(default_factory=set)
    base: Range | None = None
    defined: list[str] = field(default_factory=list)
    labels: list[Decimal] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


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

    def close(self, at: int | None = None) -> None:
        clause = self.clause
        if (
            clause.action is not None
            or clause.ranges
            or clause.words
            or clause.every
            or clause.otherwise
            or clause.compared
        ):
            end = clause.action.start if clause.action is not None and not self.led else at
            clause.text = self.statement[self.start : end].strip(",:的 ")
            clause.joined.append(self.order)
            self.reading.clauses.append(clause)
        self.clause, self.order, self.led = Clause(), "", False
        self.start = at if at is not None else len(self.statement)

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
            if self.clause.action is not None and _FILLER.fullmatch(phrase.text):
                return
            self.fresh(phrase)
            (self.clause.after if self.clause.ranges or self.clause.compared else self.clause.words).append(
                phrase.text
            )
            self.order += "w"
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
        elif isinstance(phrase, Formula) and (not phrase.scores or adds_up(phrase.node)):
            self.reading.defined.append(self.statement[: phrase.end])
            self.clause, self.order, self.start = Clause(), "", phrase.end
        else:
            self.act(phrase)

    def act(self, phrase: Phrase) -> None:
        if self.clause.action is not None:
            self.close(phrase.start)
        if isinstance(phrase, Given) and not phrase.verb and phrase.share == 1 and not self.order:
            return  # a heading: 分值
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
            if self.clause.action is not None:
                self.close(sign.end)
            elif self.order == "wr" and _NAMED_TARGET.search(self.clause.words[-1]):
                self.clause, self.order, self.start = (
                    Clause(),
                    "",
                    sign.end,
                )  # 目标值为95%: told for the reader
            elif self.order:
                self.order += ","
        elif sign.what == "else":
            if self.order:
                self.close(sign.start)
            self.clause.otherwise = True
            self.start = sign.start
        else:
            self.fresh(sign)
            self.order += "&" if sign.what == "and" else "|"

    def remark(self, sign: Sign) -> None:
        self.reading.signs.add(sign.what)
        if sign.what in ("discretion", "linear"):
            if self.clause.action is None:
                self.act(sign)
        elif sign.what == "except":
            self.reading.left.append(sign.text)

    def colon(self, sign: Sign, after: Phrase | None) -> None:
        if self.order == "a":
            self.led = True
        elif self.order and set(self.order) <= set("w,") and not self._gives(after):
            self.clause, self.order, self.start = Clause(), "", sign.end  # a heading
        elif self.clause.action is not None:
            self.close(sign.end)

    def range(self, found: Range, after: Phrase | None) -> None:
        ends = after is None or (isinstance(after, Sign) and after.what in ("comma", "floor"))
        if found.suffix == "基准":
            self.reading.base = found
            return
        if found.bare and found.unit == "分":
            if self.order.strip(",") and ends and self.clause.action is None:
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


def adds_up(node: Node) -> bool:
    """总得分=甲部分得分+乙部分得分: only says that the parts are added."""
    if node.op == "plus":
        return all(adds_up(side) for side in node.sides)
    return node.op == "name" and node.name.endswith(("得分", "部分"))


def is_filler(words: Iterable[str]) -> bool:
    """Whether words say nothing that changes the rule."""
    return all(_FILLER.fullmatch(word) for word in words)


def is_figures(clause: Clause) -> bool:
    """Whether the clause is decided by a figure alone: one quantity, its ranges, nothing else."""
    order = clause.joined[-1] if clause.joined else ""
    if clause.compared or "|" in order or not clause.ranges or not is_filler(clause.after):
        return False
    lead = order.split("r", maxsplit=1)[0]
    if "&" in lead or "e" in lead:
        return False
    return lead.count("w") <= 1 or all(_QUANTITY.search(word) for word in clause.words[:-1])


def subject(clause: Clause) -> str:
    """The quantity that a clause talks about, without small words."""
    word = clause.words[-1] if clause.words else ""
    return _EMPTY.sub("", word.split(",")[-1])


def same_subject(one: str, other: str) -> bool:
    """Whether two wordings name one quantity: a short form, the same letters in another order, or nearly the same."""
    if one in _GENERAL or other in _GENERAL or one in other or other in one or sorted(one) == sorted(other):
        return True
    return difflib.SequenceMatcher(None, one, other).ratio() >= 0.85
