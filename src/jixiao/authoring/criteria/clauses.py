"""Phrases -> clauses: what has to be, about which quantity, what it gives; clauses of one quantity together."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from jixiao.authoring.criteria.phrases import (
    Amount,
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

FILLER = re.compile(
    r"(?:部分|为|情况|情形|区间|水平|要求|标准|档次|条件|范围|左右|以上情况|期间|状态|处理|予|计算|得分|按|标准值|目标|项目|及|本项|该项|指标|问题|"
    r"完成|达标|到位|,|(?:评|评定|定|确定|认定)?为?(?:优秀|良好|中等|合格|及格|较差|优|良|中|差)(?:等级?|等次)?|"
    r"现象|不合规|不合规现象|不符合|不规范|违规|违规问题|情况的|的情况|偏差|内容|事项|资料|材料|制度)*"
)
_QUANTITY = re.compile(
    r"(?:率|比|比例|数|数量|金额|额|度|得分|分数|成绩|结果|比重|时间|指标|值|占比|规模|人次|[xX]|幅度|偏差|进度|排名|名次|"
    r"收入|支出|经费|成本|差异|变动|天|情况|调查|评价|检查|抽查|测评|考核)(?:达到?|在|为|控制)?$|^(?:根据|按照?|依据|对照|参照|以|对|通过|截[至止]|该|本|其中|若|如|当|主要)"
)
_EMPTY = re.compile(
    r"^(?:若|如果|如|当|其中|发现|出现|发生|查出|对于|凡|实际|年度|本年度|全年|指标|本指标|该指标|其|则)*|(?:完成|实际|达到?|在|为|控制|处于|保持|的)*$"
)
_STEM = re.compile(r"(?:值|率|数|量|数量|情况|比例)$")
_GENERAL = {
    "",
    "结果",
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


def adds_up(node: Node) -> bool:
    """总得分=甲部分得分+乙部分得分: only says that the parts are added."""
    if node.op == "plus":
        return all(adds_up(side) for side in node.sides)
    return node.op == "name" and node.name.endswith(("得分", "部分"))


def is_filler(words: Iterable[str]) -> bool:
    """Whether words say nothing that changes the rule."""
    return all(FILLER.fullmatch(word) for word in words)


def is_figures(clause: Clause) -> bool:
    """Whether the clause is decided by a figure alone: one quantity, its ranges, nothing else."""
    order = clause.joined[-1] if clause.joined else ""
    if clause.split and _either(order, clause):
        order = order.split("|")[0]
    if clause.compared or "|" in order or not clause.ranges or not is_filler(clause.after):
        return False
    lead = order.split("r", maxsplit=1)[0]
    if "&" in lead or "e" in lead:
        return False
    return lead.count("w") <= 1 or all(_QUANTITY.search(word) for word in clause.words[:-1])


def _either(order: str, clause: Clause) -> bool:
    """Whether 或 joins two ranges of one quantity: 低于60%或高于100%."""
    sides = order.removesuffix("a").replace(",", "").removesuffix("e").split("|")
    if len(sides) != 2 or len(clause.words) > 2 or not all(re.fullmatch("w?r+", side) for side in sides):
        return False
    return len(clause.words) < 2 or same_subject(clause.words[0], clause.words[1])


def subject(clause: Clause) -> str:
    """The quantity that a clause talks about, without small words."""
    word = clause.words[-1] if clause.words else ""
    return _EMPTY.sub("", word.split(",")[-1])


def _shortened(short: str, long: str) -> bool:
    """偏差度 for 预决算偏差程度: the same letters in their order, ending alike."""
    return len(short) > 2 and re.search("[程的实际]*".join(map(re.escape, short)) + "$", long) is not None


def same_subject(one: str, other: str) -> bool:
    """Whether two wordings name one quantity: a short form, the same letters in another order, or nearly the same."""
    if one in _GENERAL or other in _GENERAL or one in other or other in one or sorted(one) == sorted(other):
        return True
    if _STEM.sub("", one) == _STEM.sub("", other) != "":
        return True  # 完成值, 完成率
    if _shortened(one, other) or _shortened(other, one):
        return True
    return difflib.SequenceMatcher(None, one, other).ratio() >= 0.85


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


def heading(clause: Clause) -> bool:
    """Whether a clause is words alone."""
    return clause.action is None and not clause.ranges and not clause.every and not clause.compared


def paired(clauses: Sequence[Clause]) -> list[Clause]:
    """Words without points that stand before a clause without words belong to it."""
    made: list[Clause] = []
    for clause in clauses:
        last = made[-1] if made else None
        if (
            last is not None
            and heading(last)
            and last.words
            and not clause.words
            and clause.action is not None
        ):
            if not clause.otherwise:
                clause.words, clause.text = last.words, f"{last.text},{clause.text}".strip(",")
            elif last.place == clause.place:
                clause.words, clause.text = last.words, last.text
                clause.otherwise, clause.unless = False, True
            made.pop()
        made.append(clause)
    return made


def single_counts(clauses: Sequence[Clause]) -> None:
    """缺1项扣1分, 发现1处扣0.5分: one counted thing that costs points is a step, without the word 每."""
    for clause in clauses:
        action = clause.action
        if clause.every is not None or not isinstance(action, Change) or len(clause.ranges) != 1:
            continue
        found = clause.ranges[0]
        lead = clause.words[-1] if clause.words else ""
        steps = (found.step or found.point == 1) if found.bare else False
        others = [c for c in clauses if c is not clause and isinstance(c.action, Change) and c.every is None]
        if any(r.unit == found.unit and r.bare and r.point != 1 for c in others for r in c.ranges):
            continue  # 1项扣2分，2项扣4分: told one by one
        if not steps or (found.unit == "%" and not re.search(r"[低高超少多]$|下降$|增加$|减少$", lead)):
            continue
        way = -1 if re.search(r"[低少缺差]失?$|下降$|减少$|未达到?$", lead) else 1 if found.unit == "%" else 0
        assert found.low is not None
        each = Amount(found.low, found.unit, found.step)
        clause.every = Every(found.start, found.end, way, each, None, words=lead)
        clause.ranges = []


def whole_sets(clauses: Sequence[Clause]) -> None:
    """4项全部符合得4分，每缺1项扣1分: the number of things counts downward; where faults are counted, it is no figure."""
    steps = [c.every for c in clauses if c.every is not None]
    for clause in clauses:
        if clause.every is None and len(clause.ranges) == 1 and clause.ranges[0].bare:
            same = [every for every in steps if every.each.unit == clause.ranges[0].unit]
            if same and same[0].direction == -1:
                clause.after = []
            elif same and clause.after:
                clause.words, clause.ranges = [clause.text], []


def same_tail(clauses: Sequence[Clause]) -> None:
    """1项不达标…，2项不达标…: words that follow every range alike belong to the quantity, not to the condition."""
    tails = Counter(tuple(c.after) for c in clauses if c.after)
    for clause in clauses:
        if clause.after and tails[tuple(clause.after)] > 1:
            clause.after = []


def shared(clauses: Sequence[Clause], groups: Sequence[list[Clause]]) -> list[list[Clause]]:
    """其他…得1分 to the quantity it stands behind; a single one at the end belongs to every quantity."""
    rest = [c for c in clauses if c.otherwise and all(c not in group for group in groups)]
    if len(rest) < 2 and (not rest or rest[0] is clauses[-1]) and len({c.place for c in clauses}) == 1:
        return [list(rest) for _ in groups]
    made: list[list[Clause]] = [[] for _ in groups]
    place = 0
    for clause in clauses:
        place = next((n for n, group in enumerate(groups) if clause in group), place)
        if clause in rest:
            made[place].append(clause)
    return made


def _named(clause: Clause) -> str:
    return "" if clause.every is not None and not clause.ranges else subject(clause)


def subjects(figures: Sequence[Clause]) -> list[list[Clause]]:
    """Clauses by the quantity they speak about; one without a subject belongs to the one before."""
    groups: list[list[Clause]] = []
    last: list[Clause] | None = None
    for clause in figures:
        name = _named(clause)
        for group in [last] if last is not None and not name else groups:
            named = [other for other in map(_named, group) if other]
            if not name or not named or any(same_subject(name, other) for other in named):
                group.append(clause)
                last = group
                break
        else:
            groups.append([clause])
            last = groups[-1]
    return groups
