"""Situations told in words, each with its points or its range of points -> a level or graded rule: one of them holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from jixiao.authoring.criteria import clauses, phrases, provisos
from jixiao.authoring.criteria.clauses import Change, Fact, Given, Judged, Kept, Node, Range, Rule, Side, Step
from jixiao.authoring.criteria.sheet import Sheet
from jixiao.authoring.criteria.understood import NO, YES, Built
from jixiao.authoring.criteria.wholetext import Text
from jixiao.model import percent, plain
from jixiao.text import COUNTED, goes_wrong

_SCALE = re.compile(
    r"部分|基本|较|一般|不完全|不够|有所|大致|[优良中差]$|优秀|良好|合格|[一二三四]等|[A-EＡ-Ｅ][级档等]"
)
_EXEMPT = re.compile(
    r"^(?:如|若|当年|本年度?)|^(?:没有|无|不涉及|未涉及|不存在|未安排)[^,]{2,14}(?:事项|业务|任务|项目|资金|情形)$"
)
REST = "其他情形"
Told = list[tuple[str, clauses.Effect]]
"""Each situation as issued, and what it gives."""


def outcomes(text: Text, found: Sequence[Node]) -> Told | None:
    """The situations of a text; None where anything else gives or takes points."""
    made: Told = []
    for node in found:
        match node:
            case Rule() if node.ways and all(map(_worded, node.conds)):
                made.append((text.label(node), node.effect))
            case clauses.Otherwise():
                made.append((REST, node.effect))
            case clauses.Ruled() | clauses.Base() | clauses.Target() | clauses.Defined() | clauses.Unread():
                return None
    return made


def _worded(cond: Fact | Range) -> bool:
    """Words, or words with a count inside them (预算或决算一项有问题)."""
    return isinstance(cond, Fact) or (cond.bare and cond.exact is not None and cond.unit in COUNTED)


def mostly_words(found: Sequence[Node]) -> bool:
    """Whether the situations are told in words, a count in some of them being a word too."""
    conds = [cond for node in found if isinstance(node, Rule) for cond in node.conds]
    facts = sum(isinstance(cond, Fact) for cond in conds)
    costs = any(isinstance(n, Step) or isinstance(getattr(n, "effect", None), Change) for n in found)
    return all(map(_worded, conds)) and facts > len(conds) - facts and not costs


def scaled(told: Told) -> bool:
    """Whether the situations are steps of one scale (优良中差, 部分, 基本): they exclude each other."""
    return any(_SCALE.search(words) for words, _ in told[1:]) or bool(told and _SCALE.fullmatch(told[0][0]))


def levels(text: Text, full: Decimal) -> Built | None:
    """The rule of three situations or more, or of ranges of points; None where the text is something else."""
    found, told = text.nodes, outcomes(text, text.nodes)
    if told is None or len(told) < 2 or len({name for name, _ in told}) < len(told):
        return None
    built = _beside(text, full)
    for name, _ in told:
        if phrases.risky(name) or re.fullmatch("[共合总]计?", name):
            built.ask(f"“{name}”与其他情形怎样合用没有写明")
    if all(isinstance(effect, Judged) for _, effect in told):
        return _graded(built, told)
    points = {name: _points(effect, full) for name, effect in told if not isinstance(effect, Judged)}
    for name, effect in told:
        if isinstance(effect, Judged):
            how = "没有给出算法" if effect.most is None else "的得分是一个范围"
            built.doubt(f"“{name}”{how}，由评价人核定")
    if len(points) < 2:
        return built.ask("情形之间怎样计分没有写全") if len(told) > 2 else None
    if (len(told) == 2 and set(points.values()) == {full, Decimal(0)}) or None in points.values():
        return None
    changes = [name for name, effect in told if isinstance(effect, Change)]
    others = {p for name, p in list(points.items())[1:] if name not in changes}
    one_statement = not any(isinstance(node, (clauses.Stop, clauses.Item)) for node in found[:-1])
    one_change = (
        one_statement and others == {Decimal(0)} and changes[1:] == [] and changes[:1] != [told[0][0]]
    )
    from_full = all(_SCALE.search(name) for name, _ in told) and isinstance(told[0][1], Kept | Given)
    if changes and not (one_change or from_full):
        return built.ask(f"“{changes[0]}”从哪个分数中扣除没有写明")
    return _options(built, {name: p for name, p in points.items() if p is not None})


def _beside(text: Text, full: Decimal) -> Built:
    """What stands beside the situations."""
    sheet, first = Sheet(text, full), True
    for node in text.nodes:
        rules = isinstance(node, Rule | clauses.Otherwise)
        graded = isinstance(node, clauses.Heading) and _SCALE.fullmatch(node.text)
        if graded or not (rules or provisos.beside(sheet, node, first=first)):
            sheet.built.ask(f"没有读懂：“{text.said(node)}”")
        first = first and not rules
    return sheet.built


def _points(effect: clauses.Effect, full: Decimal) -> Decimal | None:
    if isinstance(effect, Given):
        return effect.worth(full)
    if isinstance(effect, Change) and effect.sign < 0:
        return max(Decimal(0), full - effect.worth(full))
    return full if isinstance(effect, Kept) and not effect.gain else None


def _options(built: Built, points: dict[str, Decimal]) -> Built:
    full, most = built.full, max(points.values())
    if most > full:
        return built.ask(f"文中得{plain(most)}分，超过本项满分{plain(full)}分，可能沿用了旧的权重")
    if most < full:
        return built.ask(f"文中只写了得{plain(most)}分的情形，得不到本项满分{plain(full)}分")
    best = [name for name, p in points.items() if p == full and not _EXEMPT.match(name)]
    if len(best) == 1 and not goes_wrong(best[0][:2]):
        built.answers[YES] = full
    worst = [name for name, p in points.items() if not p]
    if len(worst) == 1 and (worst[0] == REST or (goes_wrong(worst[0]) and not _SCALE.search(worst[0]))):
        built.answers[NO] = Decimal(0)
    return built.written({"kind": "level", "full": full, "title": "按情形计分", "options": points})


def _graded(built: Built, told: Told) -> Built:
    """Grades with ranges of points; where two meet, the figure is the higher one's unless the text marks it."""
    made: dict[str, str] = {}
    above: Judged | None = None
    for name, effect in told:
        assert isinstance(effect, Judged)
        if effect.least is None or effect.most is None:
            return built.ask(f"“{name}”没有给出算法，由评价人核定")
        (low, high), meets = effect.sides, above is not None and above.least == effect.most
        both = above is not None and meets and above.sides[0] is high is Side.IN
        if both or (above is not None and effect.most > (above.least or 0)):
            return built.ask(f"“{name}”与前一档的分值区间有重叠或次序不清")
        open_ = high is Side.OUT or (meets and high is not Side.IN)
        ends = [percent(end) if effect.share else plain(end) for end in (effect.least, effect.most)]
        made[name] = f"{'(' if low is Side.OUT else '['}{ends[0]},{ends[1]}{')' if open_ else ']'}"
        above = effect
    top = told[0][1]
    assert isinstance(top, Judged)
    if top.most != (Decimal(1) if top.share else built.full):
        return built.ask("各档的分值区间得不到本项满分")
    return built.written(
        {"kind": "grades", "full": built.full, "title": "按完成程度分档给分", "grades": made}
    )
