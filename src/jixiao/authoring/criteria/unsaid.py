"""What the words around figures leave unsaid: a thing told once, a deadline, nothing gone wrong, a goal met."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from decimal import Decimal

from jixiao.authoring.criteria import clauses, phrases
from jixiao.authoring.criteria.bands import Band
from jixiao.authoring.criteria.clauses import Change, Fact, Given, Node, Side
from jixiao.authoring.criteria.sheet import ONE, SINGLES, TIMES, ZERO, Sheet, ranges
from jixiao.authoring.criteria.values import Value
from jixiao.text import affirmed, goes_wrong


def single_steps(found: list[Node]) -> list[Node]:
    """发现1起扣1分: one thing that costs points, told once, is told of each of them; told of 1, 2 and 3 they are bands."""
    exact = [
        (node, one)
        for node, one in ranges(found)
        if isinstance(node, clauses.Rule) and one.exact and one.unit in SINGLES
    ]
    capped = any(isinstance(node, clauses.Cap) and node.what == "given" for node in found)
    if len(exact) != 1 or exact[0][1].exact != 1 or any(isinstance(n, clauses.Step) for n in found):
        return found
    rule, one = exact[0]
    assert isinstance(rule, clauses.Rule)
    effect = rule.effect
    if (
        not isinstance(effect, (Change, Given))
        or (isinstance(effect, Given) and not capped)
        or rule.ways != ((one,),)
    ):
        return found
    event, each = one.subject + one.tail, clauses.Figure(ONE, one.unit)
    step = clauses.Step(rule.start, rule.end, (), 0, each, None, None, "", event, "每", effect)
    return [step if node is rule else node for node in found]


def deadlines(sheet: Sheet, found: list[Node]) -> list[Node]:
    """20日内公开得满分，每逾期1日扣…: what is counted are the days beyond, and the deadline is words."""
    late = [
        n
        for n in found
        if isinstance(n, clauses.Step) and sheet.unit in TIMES and phrases.LATE.search(n.verb + n.event)
    ]
    made: list[Node] = []
    for told in found:
        node = told
        inner = [one for _, one in ranges([node])]
        deadline = (
            isinstance(node, clauses.Rule)
            and len(inner) == 1
            and inner[0].low is None
            and bool(inner[0].subject + inner[0].tail)
        )
        if late and deadline and isinstance(node, clauses.Rule):
            node = clauses.Rule(node.start, node.end, ((Fact(sheet.text.said(node)),),), node.effect)
            sheet.built.notes.append(f"“{late[0].verb}”按超过期限的{sheet.unit}数计算")
        made.append(node)
    return made


def beside_steps(sheet: Sheet, found: list[Node]) -> list[Node]:
    """Without the words that only say what a counted step counts: the points listed, or in which case it counts.

    评价要点：①…；②…。每符合一项得1分; 未按时完成，每逾期1天扣0.5分. They are noted; where the points listed do not make up the
    full ones, nothing is taken away and they are asked about.
    """
    steps = [node for node in found if isinstance(node, clauses.Step) and node.each.unit in SINGLES]
    listed = [
        b
        for a, b in itertools.pairwise(found)
        if isinstance(a, clauses.Item) and isinstance(b, clauses.Words)
    ]
    items = sum(isinstance(node, clauses.Item) for node in found)
    adds_up = (
        steps and len(listed) == items and all(_share(sheet, step) * items == sheet.full for step in steps)
    )
    case = [
        a for a, b in itertools.pairwise(found)
        if isinstance(a, clauses.Words) and b in steps and b.way >= 0 and goes_wrong(a.text) and not phrases.risky(a.text)
    ]  # fmt: skip
    taken = [node for node in [*(listed if adds_up else ()), *case] if isinstance(node, clauses.Words)]
    for node in taken:
        sheet.built.notes.append(f"计数的内容：{sheet.text.said(node)}")
    return [node for node in found if node not in taken]


def _share(sheet: Sheet, step: clauses.Step) -> Decimal:
    change = step.change
    return (
        change.points if change.points is not None else sheet.full * (change.share or ZERO)
    ) / step.each.value


def none_of_it(sheet: Sheet) -> None:
    """全部达标得满分，1项不达标得3分: the fact is that nothing went wrong; 逾期10天以内扣1分: up to zero nothing is late."""
    held = sorted((b for b in sheet.bands if isinstance(b.value, Decimal)), key=lambda b: b.low or ZERO)
    if sheet.steps or not held or sheet.unit == "名" or held[0].value == sheet.full:
        return
    falling = all(a.value >= b.value for a, b in itertools.pairwise(held))  # type: ignore[operator]
    over = any(phrases.OVERRUN.search(one.subject) for _, one in ranges(sheet.text.nodes))
    effects = [n.effect for n in sheet.text.nodes if isinstance(n, clauses.Rule)]
    costs = over and all(isinstance(e, Change) or e == Given(points=ZERO) for e in effects)
    nothing_said = all((v is None or v > 0) for b in held for v in (b.low, b.high))
    if not falling or not nothing_said or not (costs or (sheet.met and (over or sheet.counted))):
        return
    edge, side = ZERO, Side.OUT
    for band in sorted((b for b in held if b.low is None), key=lambda b: b.high or ZERO):
        band.low, band.low_side = edge, side  # 延期10天以内, 延期30天以内
        edge, side = band.high or ZERO, Side.OUT if band.high_side is not Side.OUT else Side.IN
    sheet.bands.append(Band(None if over else ZERO, Side.IN, ZERO, Side.IN, sheet.full, sheet.met))


def none_told(sheet: Sheet, fact: str, value: Value, said: str) -> Band | None:
    """未组织, 未压减, 未开工 of what is counted, or of a change or a rate: zero of it; 负增长: below zero."""
    told = "".join(one.subject + one.tail for _, one in ranges(sheet.text.nodes))
    core = re.sub("^[都均一项]*|的$", "", affirmed(fact))
    held = [b for b in sheet.bands if isinstance(b.value, Decimal)]
    if not held or any(b.value < value for b in held if isinstance(value, Decimal)):  # type: ignore[operator]
        return None
    if sheet.unit == "%" and phrases.BELOW_ZERO.fullmatch(fact) and phrases.moves(told):
        return Band(None, Side.END, ZERO, Side.OUT, value, said)
    if core == fact or not (phrases.within(core, told) or (sheet.counted and core in phrases.DOING)):
        return None
    if sheet.counted and all(b.low is not None and b.low > 0 for b in held):
        return Band(None, Side.END, ZERO, Side.IN, value, said)
    if sheet.unit == "%" and phrases.moves(core):
        for band in held:
            if band.low is None:
                band.low, band.low_side = ZERO, Side.OUT  # 压减5%以下 is a cut
        return Band(None, Side.END, ZERO, Side.IN, value, said)
    rate = sheet.unit == "%" and re.search(rf"{re.escape(core)}(?:完成)?[率比]", told) is not None
    return Band(None, Side.END, ZERO, Side.IN, value, said) if rate else None


def aimed(found: list[Node]) -> list[Node]:
    """Words about a goal that the text tells (指标值：≥12座。完成指标值得满分，未完成不得分) as its range and the rest."""
    goals = [node.range for node in found if isinstance(node, clauses.Target)]
    if len(goals) != 1 or goals[0].exact is not None:
        return found
    made: list[Node] = []
    for node in found:
        facts = (
            [one for way in getattr(node, "ways", ()) for one in way]
            if isinstance(node, clauses.Rule)
            else []
        )
        fact = facts[0].text.removesuffix("的") if len(facts) == 1 and isinstance(facts[0], Fact) else ""
        if not isinstance(node, clauses.Rule) or not fact:
            made.append(node)
        elif phrases.MET.fullmatch(fact) or phrases.KEPT_TO.fullmatch(fact):
            made.append(replace(node, ways=((goals[0],),)))
        elif phrases.MISSED.fullmatch(fact) or (phrases.PASSED.fullmatch(fact) and goals[0].low is None):
            made.append(clauses.Otherwise(node.start, node.end, node.effect))
        else:
            made.append(node)
    return made


def goal_met(sheet: Sheet) -> None:
    """完成目标得满分 beside lower rates: the goal is 100%."""
    held = [b for b in sheet.bands if isinstance(b.value, Decimal)]
    below = all(b.low is None or b.low < 1 for b in held) and all(b.value != sheet.full for b in held)
    if (
        sheet.met_goal
        and sheet.unit == "%"
        and below
        and not sheet.steps
        and (held or sheet.rest is not None)
    ):
        sheet.bands.append(Band(ONE, Side.IN, None, Side.END, sheet.full, sheet.met))
        sheet.built.notes.append("“完成”按达到100%理解")
