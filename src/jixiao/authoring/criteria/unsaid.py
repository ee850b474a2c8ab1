"""What the words around figures leave unsaid: a thing told once, a deadline, nothing gone wrong, a goal met."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from decimal import Decimal

from jixiao.authoring.criteria import clauses, phrases
from jixiao.authoring.criteria.bands import Band
from jixiao.authoring.criteria.clauses import Change, Fact, Given, Node, Range, Rule, Side, Step
from jixiao.authoring.criteria.sheet import SINGLES, TIMES, Sheet, ranges
from jixiao.authoring.criteria.values import ONE, PENDING, ZERO, Value
from jixiao.text import affirmed, goes_wrong

_WHOLE = re.compile("齐全|健全|完整|完善|全|均|都|有")


def _each(node: Node, unit: str, effect: Given | Change, event: str) -> Step:
    """What one thing of a unit gives or costs."""
    return Step(node.start, node.end, (), 0, clauses.Figure(ONE, unit), effect, event=event)


def single_steps(found: list[Node]) -> list[Node]:
    """发现1起扣1分: one thing that costs points, told once, is told of each of them; told of 1, 2 and 3 they are bands."""
    exact = [
        (node, one, node.effect)
        for node, one in ranges(found)
        if isinstance(node, Rule) and one.exact and one.unit in SINGLES
    ]
    lack = [
        e for e in exact if e[1].exact == 1 and phrases.LACKS.match(e[1].text) and isinstance(e[2], Change)
    ]
    counted = [one for _, one in ranges(found) if one.unit in SINGLES]
    if len(lack) == 1 and len(exact) == len(counted) == 2:
        exact = lack  # 三项制度全部建立得3分，少一项扣1分
    apart = len({one.text for _, one, _ in exact}) == len(exact)
    capped = len(exact) == 1 and any(isinstance(n, clauses.Cap) and n.what == "given" for n in found)
    told = {
        id(rule): _each(rule, one.unit, effect, one.text)
        for rule, one, effect in exact
        if one.exact == 1 and rule.ways == ((one,),)
        if isinstance(effect, Change) or (isinstance(effect, Given) and capped)
    }
    if not apart or len(told) < len(exact) or any(isinstance(n, Step) for n in found):
        return found
    return [told.get(id(node), node) for node in found]


def all_there(found: list[Node]) -> list[Node]:
    """四项制度齐全的得4分，每少一项扣1分; 各率均达到100%得6分，有一项未达到扣3分: all is as it should be, and faults are counted."""
    counted = [n for n in found if isinstance(n, Step) and isinstance(n.effect, Change) and not n.ranges]
    costs = [n for n in counted if n.way <= 0 and getattr(n.effect, "sign", 1) < 0]
    counts = {n.each.unit for n in costs} & SINGLES
    alone = sum(one.unit in counts for _, one in ranges(found)) == 1  # 缺三项以上不得分 is of what lacks
    lacking = alone and any(n.way < 0 or phrases.LACKS.match(n.event) for n in counted)
    made = list(found)
    for place, node in enumerate(found):
        one = node.ranges[0] if isinstance(node, Rule) and len(node.conds) == len(node.ranges) == 1 else None
        if one is None or not isinstance(node, Rule) or not isinstance(node.effect, Given) or not counts:
            continue
        several = one.low is not None and phrases.several(one.subject)
        if one.unit in counts and (one.exact or 0) > 1 and _WHOLE.search(one.text):
            held = replace(one, subject="", tail="") if lacking else Fact(one.text)
            made[place] = replace(node, ways=((held,),))
        elif several and one.unit not in counts:
            made[place] = replace(node, ways=((Fact(one.text),),))
    return made


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
    first = pairs[0][1] if pairs and not items else None
    several = Decimal(first.text.count("、") + 1) if first is not None else ONE
    if first is not None and {step.effect.worth(sheet.full) * several for step in steps} == {sheet.full}:
        taken = [first]  # 内控手册、采购制度、资产制度，每有一项得1分
    for words, step in itertools.pairwise(found):
        lacks = isinstance(step, Step) and (phrases.LACKS.match(step.event) or step.verb == "每少")
        if isinstance(words, clauses.Words) and step in steps and (goes_wrong(words.text) or lacks):
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


def prefaced(found: list[Node], full: Decimal) -> list[Node]:
    """共5项，每项1分: what each is worth, told before what happens; of things listed each is a rule of its own."""
    told = [node for node in found if isinstance(node, clauses.Preface)]
    pairs = itertools.pairwise([None, *found])
    listed = [b for a, b in pairs if isinstance(a, clauses.Item) and isinstance(b, clauses.Words)]
    costs = {n.effect.points for n in found if isinstance(n, Rule | Step) and isinstance(n.effect, Change)}
    several = (told[0].several or Decimal(len(listed))) if told else ZERO
    worth = full / several if several else ZERO
    if len(told) != 1 or not worth or told[0].points not in (worth, None) or costs - {worth}:
        return found
    each, left = Given(points=worth), [node for node in found if node is not told[0]]
    earned = _earned(left, listed)
    rules = [node for node in left if isinstance(node, Rule | Step) and node not in earned]
    if len(listed) == several and not rules:
        own = {id(n): Rule(n.start, n.end, ((Fact(n.text),),), each, n.end) for n in listed}
        return [own.get(id(n), n) for n in left if n not in earned]
    if earned and not rules:
        first = earned[0]
        step = _each(first, "项", each, "符合")
        return [step if n is first else n for n in left if n is first or n not in earned]
    counts = [
        (n, one) for n, one in ranges(left) if isinstance(n, Rule) and one.exact == 1 and n.effect == each
    ]
    steps = {id(n): _each(n, one.unit, each, one.text) for n, one in counts}
    if len(counts) == 1:
        return [steps.get(id(node), node) for node in left]
    return left if costs or any(isinstance(n, Step) for n in left) else found


def _earned(found: list[Node], listed: list[clauses.Words]) -> list[Node]:
    """符合得分，不符合不得分 of each of them; empty where no such two are told."""
    told = [n for n in found if isinstance(n, Rule | clauses.Words) and n not in listed]
    texts = [re.sub("^[则均]|的$", "", n.fact if isinstance(n, Rule) else n.text) for n in told]
    pairs = zip(itertools.pairwise(told), itertools.pairwise(texts), strict=True)
    for (one, other), (yes, no) in pairs:
        nothing = isinstance(other, Rule) and other.effect == Given(points=ZERO) and not other.ranges
        if nothing and yes == affirmed(no) != no and len(yes) <= 4:
            return [one, other]
    return []


def met_first(found: list[Node]) -> list[Node]:
    """未完成的按比例计分；完成的得满分: what the goal is comes before what misses it."""
    rules = [node for node in found if isinstance(node, Rule)]
    missed: list[Node] = [n for n in rules if not n.ranges and phrases.MISSED.fullmatch(n.fact)]
    return [node for node in found if node not in missed] + missed if rules[:1] == missed[:1] else found


def none_of_it(sheet: Sheet) -> None:
    """全部达标得满分，1项不达标得3分: the fact is that nothing went wrong; 逾期10天以内扣1分: up to zero nothing is late."""
    ordered = sorted(sheet.fixed, key=lambda pair: pair[0].low or ZERO)
    held, points = [band for band, _ in ordered], [value for _, value in ordered]
    if sheet.steps or not held or sheet.unit == "名" or held[0].value == sheet.full:
        return
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


def none_told(sheet: Sheet, fact: str, value: Value, said: str) -> list[Band]:
    """未组织, 未压减, 未开工 of what is counted, or of a change or a rate: zero of it; 负增长: below zero."""
    told = "".join(one.text for _, one in ranges(sheet.text.nodes))
    moved = phrases.moved(fact, told + "".join(step.told for step in sheet.steps))
    if (
        moved is not None
        and sheet.unit in ("%", "元")
        and not any(end < 0 for b in sheet.bands for end in b.ends)
    ):
        return _other_ways(sheet, moved, value, said, fallen=phrases.falls(told))
    core = re.sub("^[都均一项]*|的$", "", affirmed(fact))
    held = [band for band, _ in sheet.fixed]
    if not held or any(points < value for _, points in sheet.fixed if isinstance(value, Decimal)):
        return []
    if core == fact or not (phrases.within(core, told) or (sheet.counted and core in phrases.DOING)):
        return []
    none = sheet.counted and all(b.low is not None and b.low > 0 for b in held)
    if not none and sheet.unit == "%" and phrases.moves(core):
        for band in held:
            if band.low is None:
                band.low, band.low_side = ZERO, Side.OUT  # 压减5%以下 is a cut
        none = True
    rate = sheet.unit == "%" and re.search(rf"{re.escape(core)}(?:完成)?[率比]", told) is not None
    return [Band(None, Side.END, ZERO, Side.IN, value, said)] if none or rate else []


def _other_ways(
    sheet: Sheet, moved: tuple[bool, bool, bool], value: Value, said: str, *, fallen: bool
) -> list[Band]:
    """持平或增加 beside 减少10%以上; what a fall below zero would be, a person says: its sign may be the other one."""
    below, even, beyond = moved
    for band in sheet.bands if moved != (False, True, False) else ():
        if band.low is None and band.high is not None and band.high > 0:
            band.low, band.low_side = ZERO, Side.OUT  # 减少10%以内 is a cut
    made, edge = list[Band](), Side.IN if even else Side.OUT
    if below and fallen:
        sheet.built.questions.append(f"“{said}”：降幅为负数时由评价人核定")
        made, below = [Band(None, Side.END, ZERO, Side.OUT, PENDING, said)], False
    low, high = None if below else ZERO, None if beyond else ZERO
    return made if low == high and not even else [*made, Band(low, edge, high, edge, value, said)]


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


def short_of_goal(node: Rule) -> Rule:
    """未达到目标值但达到目标值80%以上: what misses the goal lies below 100%."""
    facts = [fact.text for fact in node.facts]
    missed = bool(facts) and all(
        phrases.MISSED.fullmatch(f) or re.fullmatch("部分(?:达到|完成|达成|实现)", f) for f in facts
    )
    rates = len(node.ways) == 1 and bool(node.ranges) and all(one.unit == "%" for one in node.ranges)
    below = Range(None, Side.END, ONE, Side.OUT, "%")
    return replace(node, ways=((*node.ranges, below),)) if missed and rates else node


def goal_met(sheet: Sheet) -> None:
    """完成目标得满分 beside lower rates: the goal is 100%."""
    lower = all((b.low is None or b.low < 1) and value != sheet.full for b, value in sheet.fixed)
    told = bool(sheet.fixed) or sheet.rest is not None
    if sheet.met_goal and sheet.unit == "%" and lower and told and not sheet.steps:
        sheet.bands.append(Band(ONE, Side.IN, None, Side.END, sheet.full, sheet.met))
        sheet.built.notes.append("“完成”按达到100%理解")
