"""What the words around figures leave unsaid: a thing told once, a deadline, nothing gone wrong, a goal met."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from decimal import Decimal

from jixiao.authoring.criteria import clauses, phrases
from jixiao.authoring.criteria.bands import Band
from jixiao.authoring.criteria.clauses import Change, Fact, Given, Node, Rule, Side, Step
from jixiao.authoring.criteria.sheet import SINGLES, TIMES, Sheet, ranges
from jixiao.authoring.criteria.values import ONE, ZERO, Value
from jixiao.text import affirmed, goes_wrong


def single_steps(found: list[Node]) -> list[Node]:
    """发现1起扣1分: one thing that costs points, told once, is told of each of them; told of 1, 2 and 3 they are bands."""
    exact = [
        (node, one, node.effect)
        for node, one in ranges(found)
        if isinstance(node, Rule) and one.exact and one.unit in SINGLES
    ]
    if len(exact) != 1 or any(isinstance(n, Step) for n in found):
        return found
    rule, one, effect = exact[0]
    capped = any(isinstance(node, clauses.Cap) and node.what == "given" for node in found)
    counts = isinstance(effect, Change) or (isinstance(effect, Given) and capped)
    if one.exact != 1 or not counts or rule.ways != ((one,),) or not isinstance(effect, (Change, Given)):
        return found
    step = Step(rule.start, rule.end, (), 0, clauses.Figure(ONE, one.unit), effect, event=one.text)
    return [step if node is rule else node for node in found]


def deadlines(sheet: Sheet, found: list[Node]) -> list[Node]:
    """20日内公开得满分，每逾期1日扣…: what is counted are the days beyond, and the deadline is words."""
    late = [n for n in found if isinstance(n, Step) and phrases.LATE.search(n.verb + n.event)]
    if not late or sheet.unit not in TIMES:
        return found
    made: list[Node] = []
    for node in found:
        inner = node.ranges if isinstance(node, Rule) else []
        deadline = len(inner) == 1 and inner[0].low is None and bool(inner[0].text)
        if isinstance(node, Rule) and deadline:
            made.append(Rule(node.start, node.end, ((Fact(sheet.text.said(node)),),), node.effect))
            sheet.built.notes.append(f"“{late[0].verb}”按超过期限的{sheet.unit}数计算")
        else:
            made.append(node)
    return made


def beside_steps(sheet: Sheet, found: list[Node]) -> list[Node]:
    """Without the words that only say what a counted step counts: the points listed, or in which case it counts.

    评价要点：①…；②…。每符合一项得1分; 未按时完成，每逾期1天扣0.5分. They are noted; where the points listed do not make up the
    full ones, nothing is taken away and they are asked about.
    """
    steps = [node for node in found if isinstance(node, Step) and node.each.unit in SINGLES]
    pairs = [(a, b) for a, b in itertools.pairwise([None, *found]) if isinstance(b, clauses.Words)]
    listed = [words for before, words in pairs if isinstance(before, clauses.Item)]
    items = sum(isinstance(node, clauses.Item) for node in found)
    shares = {step.effect.worth(sheet.full) * items / step.each.value for step in steps}
    taken = listed if len(listed) == items and shares == {sheet.full} else []
    for words, step in itertools.pairwise(found):
        if isinstance(words, clauses.Words) and step in steps and goes_wrong(words.text):
            counts = isinstance(step, Step) and step.way >= 0 and not phrases.risky(words.text)
            taken += [words] if counts else []
    for node in taken:
        sheet.built.notes.append(f"计数的内容：{sheet.text.said(node)}")
    return [node for node in found if node not in taken]


def costs_only(sheet: Sheet) -> bool:
    """Whether the rules of a text only take points."""
    effects = [n.effect for n in sheet.text.nodes if isinstance(n, Rule)]
    costs = any(isinstance(e, Change) for e in effects)
    return costs and all(isinstance(e, Change) or e == Given(points=ZERO) for e in effects)


def none_of_it(sheet: Sheet) -> None:
    """全部达标得满分，1项不达标得3分: the fact is that nothing went wrong; 逾期10天以内扣1分: up to zero nothing is late."""
    held = [band for band, _ in sorted(sheet.fixed, key=lambda pair: pair[0].low or ZERO)]
    if sheet.steps or not held or sheet.unit == "名" or held[0].value == sheet.full:
        return
    points = [value for _, value in sorted(sheet.fixed, key=lambda pair: pair[0].low or ZERO)]
    falling = all(a >= b for a, b in itertools.pairwise(points))
    over = any(phrases.OVERRUN.search(one.subject) for _, one in ranges(sheet.text.nodes))
    nothing_said = all(end > 0 for band in held for end in band.ends)
    told = (over and costs_only(sheet)) or (sheet.met and (over or sheet.counted))
    if not falling or not nothing_said or not told:
        return
    edge, side = ZERO, Side.OUT
    for band in sorted((b for b in held if b.low is None), key=lambda b: b.high or ZERO):
        band.low, band.low_side = edge, side  # 延期10天以内, 延期30天以内
        edge, side = band.high or ZERO, Side.OUT if band.high_side is not Side.OUT else Side.IN
    sheet.bands.append(Band(None if over else ZERO, Side.IN, ZERO, Side.IN, sheet.full, sheet.met))


def none_told(sheet: Sheet, fact: str, value: Value, said: str) -> Band | None:
    """未组织, 未压减, 未开工 of what is counted, or of a change or a rate: zero of it; 负增长: below zero."""
    told = "".join(one.text for _, one in ranges(sheet.text.nodes))
    core = re.sub("^[都均一项]*|的$", "", affirmed(fact))
    held = [band for band, _ in sheet.fixed]
    if not held or any(points < value for _, points in sheet.fixed if isinstance(value, Decimal)):
        return None
    if sheet.unit == "%" and phrases.BELOW_ZERO.fullmatch(fact) and phrases.moves(told):
        return Band(None, Side.END, ZERO, Side.OUT, value, said)
    if core == fact or not (phrases.within(core, told) or (sheet.counted and core in phrases.DOING)):
        return None
    none = sheet.counted and all(b.low is not None and b.low > 0 for b in held)
    if not none and sheet.unit == "%" and phrases.moves(core):
        for band in held:
            if band.low is None:
                band.low, band.low_side = ZERO, Side.OUT  # 压减5%以下 is a cut
        none = True
    rate = sheet.unit == "%" and re.search(rf"{re.escape(core)}(?:完成)?[率比]", told) is not None
    return Band(None, Side.END, ZERO, Side.IN, value, said) if none or rate else None


def aimed(found: list[Node]) -> list[Node]:
    """Words about a goal that the text tells (指标值：≥12座。完成指标值得满分，未完成不得分) as its range and the rest."""
    goals = [node.range for node in found if isinstance(node, clauses.Target)]
    if len(goals) != 1 or goals[0].exact is not None:
        return found
    made: list[Node] = []
    for node in found:
        fact = node.fact if isinstance(node, Rule) and len(node.conds) == len(node.facts) == 1 else ""
        over = phrases.PASSED.fullmatch(fact) and goals[0].low is None
        if isinstance(node, Rule) and (phrases.MET.fullmatch(fact) or phrases.KEPT_TO.fullmatch(fact)):
            made.append(replace(node, ways=((goals[0],),)))
        elif isinstance(node, Rule) and (phrases.MISSED.fullmatch(fact) or over):
            made.append(clauses.Otherwise(node.start, node.end, node.effect))
        else:
            made.append(node)
    return made


def goal_met(sheet: Sheet) -> None:
    """完成目标得满分 beside lower rates: the goal is 100%."""
    lower = all((b.low is None or b.low < 1) and value != sheet.full for b, value in sheet.fixed)
    told = bool(sheet.fixed) or sheet.rest is not None
    if sheet.met_goal and sheet.unit == "%" and lower and told and not sheet.steps:
        sheet.bands.append(Band(ONE, Side.IN, None, Side.END, sheet.full, sheet.met))
        sheet.built.notes.append("“完成”按达到100%理解")
