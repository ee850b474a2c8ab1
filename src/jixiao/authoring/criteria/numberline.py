"""Clauses over one quantity -> a rule: bands, steps, proportions and lines on one number line.

In order: which quantity (``check_subjects``), in which unit (``unit_of``), what each node gives (``_take``), where steps begin
(``place``), what holds where nothing else does, and the line of it all (``bands.laid_out``, ``settled.settle``).
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from jixiao.authoring.criteria import clauses, phrases, provisos
from jixiao.authoring.criteria.bands import Band, close_small_gaps, ladder, laid_out, shown
from jixiao.authoring.criteria.clauses import (
    Change,
    Formula,
    Given,
    Judged,
    Kept,
    Node,
    Range,
    Rule,
    Side,
    Step,
)
from jixiao.authoring.criteria.ranges import GOAL
from jixiao.authoring.criteria.settled import interpolated, settle
from jixiao.authoring.criteria.sheet import (
    SINGLES,
    TIMES,
    Sheet,
    check_subjects,
    introduces,
    measures,
    ranges,
    unit_of,
)
from jixiao.authoring.criteria.understood import NO, YES, Built
from jixiao.authoring.criteria.unsaid import (
    all_there,
    beside_steps,
    costs_only,
    deadlines,
    goal_met,
    met_first,
    none_of_it,
    none_told,
    short_of_goal,
    single_steps,
)
from jixiao.authoring.criteria.values import ONE, PENDING, ZERO, Affine, Between, Rate, Steps, Value, straight
from jixiao.authoring.criteria.wholetext import Text
from jixiao.text import COUNTED, affirmed, goes_wrong

_UNRELATED = "与数值的关系没有写明"
_UNCLEAR = "与其他写法怎样合并没有写明"


def figures(text: Text, found: list[Node], full: Decimal, name: str) -> Built:
    """The rule of nodes that speak about one quantity; what they leave open is asked."""
    sheet = Sheet(text, full, name)
    built = sheet.built
    found = [node for node in all_there(single_steps(found)) if not _aside(sheet, node, found)]
    sheet.unit = built.unit = unit_of(sheet, found)
    sheet.singles = sheet.unit in SINGLES
    ends = [(one.low, one.high) for _, one in ranges(found)]  # 1-3天, 4-7天 leave out what lies between
    sheet.whole = any(low is not None and high == low - 1 for low, _ in ends for _, high in ends)
    check_subjects(sheet, found)
    for node in met_first(beside_steps(sheet, deadlines(sheet, found))):
        _take(sheet, node)
    if sheet.missed and sheet.steps and isinstance(sheet.rest, Decimal) and sheet.rest:
        built.ask(f"未达到时得多少分与“{sheet.steps[0].told}”怎样合并没有写明")
    plain = not sheet.met or sheet.met_goal or phrases.NOTHING.search(sheet.met)
    if not plain and any(band.value == full for band in sheet.bands):
        built.ask(f"“{sheet.met}”{_UNRELATED}")
    if built.closed or interpolated(sheet):
        return built
    close_small_gaps(sheet.bands, sheet.unit, lower=any(cap.what == "edges" for cap in sheet.caps))
    if sheet.rest is None and not sheet.steps:
        ladder(sheet.bands)
    goal_met(sheet)
    none_of_it(sheet)
    for problem in filter(None, (place(sheet, step) for step in sheet.steps)):
        built.ask(problem)
    if built.closed:
        return built
    sheet.line = laid_out(sheet.bands, [s.start for s in sheet.steps], counted=sheet.counted, unit=sheet.unit)
    for value in (*(band.value for band in sheet.bands), sheet.rest):
        if isinstance(value, Rate):
            _rate(sheet, value)
    sheet.line.atoms = [(a, b, _open(sheet, a, b) if v is None else v) for a, b, v in sheet.line.atoms]
    _answers(sheet)
    settle(sheet)
    return built


def _aside(sheet: Sheet, node: Node, found: list[Node]) -> bool:
    """Whether a node is an exception over other figures of the table (预算数为0的得满分), which goes before the rule."""
    if not isinstance(node, Rule) or not isinstance(node.effect, Given) or len(found) < 2:
        return False
    told = [one.sum for one in found if isinstance(one, clauses.Defined) and one.sum]
    own = {name for formula in told for name in formula.names()}
    names = [provisos.figure(cond) for cond in node.conds]
    if not all(n and n != sheet.name and (n in own or sheet.text.known(n)) for n in names):
        return False
    return provisos.compared(sheet, node, value_of(sheet, node, node.effect))


def _take(sheet: Sheet, node: Node) -> None:
    """What a node says, brought into the sheet."""
    match node:
        case Rule():
            _take_rule(sheet, node)
        case clauses.Otherwise():
            _rest(sheet, node, value_of(sheet, node, node.effect))
        case Step():
            sheet.steps += stepped(sheet, node)
        case clauses.Cap():
            sheet.caps.append(node)
        case clauses.Base():
            sheet.base = node.figure.value
        case clauses.Target():
            sheet.target = node.range
        case clauses.Words() | clauses.Either() | clauses.Unread() | clauses.Ceiling() | clauses.Preface():
            if not (introduces(sheet, node) or _applies(sheet, sheet.text.said(node))):
                sheet.built.ask(f"没有读懂：“{sheet.text.said(node)}”")
        case _:
            provisos.beside(sheet, node, first=True)  # what a title names is a quantity, and was looked at


def _applies(sheet: Sheet, words: str) -> bool:
    """有新增项目的, beside 无新增项目的按满分计: where the rule applies."""
    exempt = [case["because"] for case in sheet.built.first if re.search("[无没]", case["because"])]
    return words.startswith("有") and any(words[1:].removesuffix("的") in told for told in exempt)


def _take_rule(sheet: Sheet, node: Rule) -> None:
    node = short_of_goal(node)
    value, facts, told = value_of(sheet, node, node.effect), node.facts, node.ranges
    computed = (
        isinstance(node.effect, Formula | clauses.Proportional) and len(node.ways) == 1 and len(facts) == 1
    )
    words = facts[0].text if facts else ""
    if not node.ways or (
        computed
        and not phrases.risky(words)
        and (
            measures(words)
            or _applies(sheet, words)
            or phrases.changes_nothing(words, first=sheet.text.opens(node))
        )
    ):
        _rest(sheet, node, value)
    elif facts and not told:
        _take_facts(sheet, node, value)
    elif facts:
        sheet.ask(node, "里不止一个条件，不能只按数值计分")
    else:
        beyond = isinstance(value, Rate) and any(one.low is not None and one.low >= 1 for one in told)
        if beyond or (isinstance(value, (Affine, Rate)) and any(one.bare for one in told)):
            sheet.ask(node, "里的数怎样影响得分没有读懂")
        made = [_band(sheet, node, [c for c in way if isinstance(c, Range)], value) for way in node.ways]
        if sheet.unit in COUNTED and any(one.unit == "%" for one in told):
            sheet.met = sheet.met or sheet.text.said(node)
            return
        if isinstance(node.effect, Kept) and node.effect.gain:
            return  # 超过100%不加分: the rule beside it goes on, and nothing is added
        sheet.bands += [band for band in made if band is not None]
        if sheet.counted and isinstance(value, Decimal) and any(one.exact for one in told):
            sheet.built.answers[sheet.text.label(node)] = value


def _take_facts(sheet: Sheet, node: Rule, value: Value) -> None:
    if provisos.compared(sheet, node, value):
        return
    if provisos.applies_not(node.fact):
        provisos.except_(sheet, node, node.fact, value, exempt=True)
    elif not (measures(node.fact) and sheet.text.between(node.told, node.end)[:1] in ("（", "(")):
        _fact(sheet, node, value)
    elif value != sheet.full:  # 开工率（2分），… is a title with its points
        sheet.ask(node, provisos.STALE)


def _band(sheet: Sheet, node: Node, held: list[Range], value: Value) -> Band | None:
    """All of the ranges at once, as one; a question where nothing is left of them."""
    band = Band(None, Side.END, None, Side.END, value, sheet.text.said(node))
    if len(held) > 1 and any(one.bare for one in held):
        sheet.ask(node, "里的几个数怎样合用没有读懂")
    for one in held:
        if one.low is not None and (band.low is None or one.low > band.low):
            band.low, band.low_side = one.low, one.low_side
        if one.high is not None and (band.high is None or one.high < band.high):
            band.high, band.high_side = one.high, one.high_side
    empty = band.exact and Side.OUT in (band.low_side, band.high_side)
    if empty or (band.low is not None and band.high is not None and band.low > band.high):
        sheet.ask(node, "的界限前后矛盾")
        return None
    return band


def _fact(sheet: Sheet, node: Rule, value: Value) -> None:
    """Words that give points beside figures: the goal met, missed or passed, nothing of what is counted, or a case of its own."""
    fact = phrases.SUBJECT.sub("", node.fact)
    goal = (phrases.MET, phrases.MISSED, phrases.PASSED)
    met, missed, passed = (shape.fullmatch(fact) is not None for shape in goal)
    said = sheet.text.said(node)
    gives = value == sheet.full and isinstance(node.effect, (Given, Kept))
    none = phrases.NOTHING.search(fact) is not None and all(b.value != sheet.full for b in sheet.bands)
    alone = met or none or not (sheet.bands or isinstance(node.effect, Kept))
    denied = sheet.met and fact != sheet.met and affirmed(fact) in affirmed(sheet.met)
    plain = not (met or missed or passed or phrases.moves(fact) or phrases.DENIAL.fullmatch(fact))
    if phrases.risky(fact.removeprefix("情节")) or said.startswith("因"):
        sheet.ask(node, _UNRELATED)
    elif gives and not sheet.met and alone and not (missed or passed or phrases.faulty(fact)):
        sheet.met, sheet.met_goal = fact, met
        sheet.built.notes += [f"“{fact}”：都做到才是满分"] if "，" in fact else []
    elif (missed or passed) and sheet.rest is None and _complement(sheet, 1 if passed else -1):
        sheet.rest, sheet.missed = value, missed
    elif value == ZERO and denied and not sheet.steps:
        sheet.rest = value
    elif told := none_told(sheet, fact, value, said):
        sheet.bands += told
        if isinstance(value, Decimal):
            sheet.built.answers[fact] = value
    elif value == ZERO and isinstance(node.effect, Given) and plain:
        provisos.except_(sheet, node, fact, value)
    else:
        sheet.ask(node, _UNRELATED)


def _complement(sheet: Sheet, way: int) -> bool:
    """Whether 未达到的 or 超过的 can only mean the other side of what was just told."""
    if not sheet.bands:
        return bool(sheet.met) and sheet.met_goal and way < 0
    band = sheet.bands[0]
    if len(sheet.bands) > 1 or sheet.steps:
        return False
    return way > 0 if band.wide else band.exact or (band.high if way < 0 else band.low) is None


def _rest(sheet: Sheet, node: Node, value: Value) -> None:
    """What holds wherever no range does."""
    if sheet.rest is not None and not (isinstance(sheet.rest, Rate) and isinstance(value, Affine)):
        sheet.ask(node, "与前面的写法怎样合并没有写明")
    if isinstance(node, Rule) and isinstance(value, Decimal):
        sheet.ask(node, "在什么情况下没有写明")
    sheet.rest = value


def value_of(sheet: Sheet, node: Node, effect: clauses.Effect) -> Value:
    """What an effect gives; what it does not settle is asked."""
    full = sheet.full
    match effect:
        case Given():
            return effect.worth(full)
        case Change():
            if effect.sign > 0 or effect.worth(full) > full:
                sheet.ask(node, "的加减分与其他得分怎样合并没有写明")
            return max(ZERO, full - effect.worth(full))
        case Kept():
            return full
        case clauses.Linear():
            return Between()
        case clauses.Proportional() if not effect.deducts or _of_goal(sheet):
            return Rate()
        case Formula():
            return _line(sheet, node, effect)
        case Judged(most=Decimal()):
            sheet.built.doubt(f"“{sheet.text.said(node)}”的得分是一个范围，由评价人在范围内核定")
        case _:
            sheet.built.doubt(f"“{sheet.text.said(node)}”没有给出算法，由评价人核定")
    return PENDING


def _of_goal(sheet: Sheet) -> bool:
    """Whether all is earned at 100%, or at the goal: what is missing of it costs its share (未达到的按比例扣分)."""
    top = sheet.top
    full = top is not None and top.value == sheet.full and top.low == ONE and sheet.unit == "%"
    return full or (sheet.met_goal and not sheet.bands)


def _line(sheet: Sheet, node: Node, effect: Formula) -> Value:
    line = straight(effect.sum, sheet.full)
    target = sheet.target.low if sheet.target is not None else None
    if line is None or not line.of:
        sheet.built.ask(f"算式“{sheet.text.said(node)}”含有不止一个未知数，不能确定怎样计算")
        return PENDING
    if target and "/" in line.of and not line.a and line.b == sheet.full:
        return Rate(target)  # 指标值：≥90%, 得分=实际值/指标值×分值: the actual value is what is told
    return line


def _rate(sheet: Sheet, rate: Rate) -> None:
    """A proportion under a full band at 95% may be taken of 95% or of 100%: asked; where smaller is better, too."""
    top = sheet.top
    full = top if top is not None and top.value == sheet.full else None
    goal = sheet.target.low if sheet.target is not None and sheet.unit != "%" else None
    if goal and full is not None and full.low == goal:
        rate.over = goal  # 指标值：≥8000人。达到得满分，未达到按完成比例计分
    elif sheet.unit not in ("%", "") or (full is not None and full.low is None):
        sheet.built.ask(f"“按比例”{_UNCLEAR}")
    elif full is not None and full.low != ONE:
        share = shown(full.low or ZERO, sheet.unit)
        sheet.built.doubt(f"“按比例”按100%还是按{share}折算没有写明")
        sheet.line.atoms = [(a, b, PENDING if value is rate else value) for a, b, value in sheet.line.atoms]
        sheet.rest = PENDING if sheet.rest is rate else sheet.rest


def _open(sheet: Sheet, a: Decimal | None, b: Decimal | None) -> Value | None:
    """What holds on a stretch that no range covers: steps, the rest, or the full points where only losses are told."""
    if sheet.counted and a != b and b is not None and (sheet.unit == "名" if a is None else b - a <= 1):
        return None  # no whole number lies there
    covering = [step for step in sheet.steps if step.covers(a, b)]
    if len(covering) > 1:
        sheet.built.ask(f"“{'”与“'.join(step.told for step in covering)}”怎样合并计算没有写明")
        return PENDING
    if covering:
        return covering[0]
    if sheet.rest is not None:
        return None if _passes(sheet, a, b) else sheet.rest
    losses = bool(sheet.steps) and not any(step.gains for step in sheet.steps)
    if (losses and (sheet.top is None or sheet.top.value == ZERO)) or costs_only(sheet):
        return sheet.full  # only what is lost is told
    return None


def _passes(sheet: Sheet, a: Decimal | None, b: Decimal | None) -> bool:
    """Whether a stretch goes beyond the one figure that earns most (=100%得5分，否则不得分).

    An equality says which figure is wanted and 否则 what falls short of it; whether more than it is better or worse is
    the quantity's nature, not the text's: a person says it. Less than none of something is beyond it too. Where figures
    beyond it are told (第一名得5分，第二名得4分，其他得1分), more of it is known to be worse.
    """
    top = sheet.top
    if top is None or not top.exact or top.value != sheet.full or not isinstance(sheet.rest, Decimal):
        return False
    edge = top.low or ZERO
    if edge == 0:
        return not sheet.singles and b is not None and b <= 0
    return a is not None and a >= edge and all(end <= edge for band in sheet.bands for end in band.ends)


def _answers(sheet: Sheet) -> None:
    """Points for 是 and 否."""
    answers = sheet.built.answers
    if sheet.met:
        fault = not sheet.met_goal and sheet.bands and phrases.OVERRUN.search(affirmed(sheet.met))
        answers[NO if fault else YES] = answers[sheet.met] = sheet.full
    given = [value for value in (*(b.value for b in sheet.bands), sheet.rest) if value is not None]
    if given and all(isinstance(v, Decimal) for v in given) and not sheet.steps:
        if set(given) == {sheet.full, ZERO} and len(sheet.bands) < 3:
            answers.update({YES: sheet.full, NO: ZERO})
        elif set(given) == {sheet.full} and len(sheet.bands) == 1:
            answers.setdefault(YES, sheet.full)


# ---- 每…扣…: which way the steps go, where they begin, what they cost

_LACKING = re.compile("每?(?:短?[缺少]|欠|漏)")
_BESIDES = re.compile("[另倒]再?[扣减]")
_FROM_ZERO = re.compile(
    r"变动|差异|增长|偏差|偏离|误差|上年|去年|同期|减少率|下降率|增幅|降幅|超支|投诉率|失败率"
)


def stepped(sheet: Sheet, node: Step) -> list[Steps]:
    """The steps of a node, one for each way that they go; a question where it does not say what they cost."""
    change = node.effect
    if isinstance(change, Given) and (not _earns(sheet, node) if node.way else change.share is not None):
        sheet.ask(node, "是得分还是加分没有写明")
        return []
    cost, told = change.worth(sheet.full), sheet.text.said(node)
    _check_counted(sheet, node)
    sign = change.sign if isinstance(change, Change) else 1
    late = phrases.LATE.search(node.verb) and node.each.unit in COUNTED  # 每迟报1次: how often it happened
    made = Steps(0 if late else node.way, node.each.value, sign * cost, node.edge is not Side.OUT, told)
    if node.origin is not None:
        _onward(made, node.origin.value)
    elif node.beside and not _beside(sheet, node, made):
        sheet.ask(node, f"里的“{node.beside}”是多少没有写明")
    if not all(_plain_fact(sheet, node, cond.text) for cond in node.facts):
        sheet.ask(node, "与数值的关系没有写明")
    spans = node.ranges
    if (
        not node.way
        and phrases.LACKS.match(node.event)
        and [n.unit for n in spans if n.subject] == [node.each.unit]
    ):
        made.way = -1  # 应报送24篇，每缺1篇: how many there are is told, and the figure falls from it
    elif not node.way and all(span.exact and span.unit in COUNTED for span in spans):
        whole = all(span.exact == sheet.full / cost for span in spans if cost)
        if goes_wrong(node.event) or whole:
            spans = []  # 抽查10个项目，每有1个不合格; 共6个要点，每符合1个得1分: how many there are is known
    if len(node.ways) == 2 and len(spans) == 2:
        return _both_sides(sheet, node, made, spans)
    if len(spans) > 1 or len(node.ways) > 1 or not all(_within(made, span) for span in spans):
        sheet.ask(node, "的条件与方向没有读懂")
    return [made]


def _earns(sheet: Sheet, node: Step) -> bool:
    """每增长1个百分点得0.5分, where nothing else earns any: from nothing on."""
    others = [one for one in sheet.text.nodes if isinstance(one, Rule) and one.effect != Given(points=ZERO)]
    return node.way > 0 and not others and not node.ways and _FROM_ZERO.search(node.verb) is not None


def _check_counted(sheet: Sheet, node: Step) -> None:
    """每项另扣0.2分 behind a fact that earned all points: of what, and beside what else."""
    untold = sheet.met and not (node.event or node.ways or node.beside or node.way)
    if untold or _BESIDES.search(sheet.text.said(node)):
        sheet.ask(node, "计的是什么、与其他得分怎样合并没有写明")


def _onward(made: Steps, start: Decimal) -> None:
    """They begin at a figure and hold on their side of it."""
    made.start = start
    made.low, made.high = (start if made.way == 1 else None), (start if made.way == -1 else None)


def _beside(sheet: Sheet, node: Step, made: Steps) -> bool:
    """Words between the direction and the figure: a goal, a base told elsewhere, or what there is too much or too little of."""
    if GOAL.fullmatch(node.beside):
        if node.each.unit != "%" or node.each.point:
            return sheet.unit == "%" and (sheet.base or sheet.target) is not None
        _onward(made, ONE)  # 每低于目标值1%: the goal is 100%
        return True
    if node.beside in ("基准", "标准", "基准值", "标准值"):
        return sheet.base is not None
    if node.way < 0 and phrases.moves(node.beside) and any(node.beside in b.told for b in sheet.bands):
        return True  # 下降10%以上得4分，每少下降1个百分点
    if node.way == 2 or (node.way < 0 and sheet.unit not in SINGLES):
        return False
    goals = [one.subject for one in node.ranges if one.exact is not None]
    if goals:  # 应开展检查12次，每少开展1次: the number of them is told before, and the figure falls from it
        return node.beside in phrases.DOING or any(phrases.within(node.beside, goal) for goal in goals)
    made.way, made.start, made.low = 1, ZERO, ZERO  # 每超编1人, 每少完成1项: what is told is how many
    return True


def _plain_fact(sheet: Sheet, node: Step, fact: str) -> bool:
    """Words before the steps that only say what they are about, or deny what earned all points."""
    if phrases.risky(fact):
        return False
    if (node.event or node.each.unit in SINGLES) and not node.ranges:
        return True  # beside a figure, words are a condition of their own
    stem = node.verb.removeprefix("每")
    if sheet.met and fact != sheet.met and affirmed(fact).removesuffix("的") in affirmed(sheet.met):
        return True  # 数据一致得2分，不一致的每差1%扣…
    same = (phrases.AGAINST, phrases.MISSED, phrases.PASSED)
    return (
        any(shape.fullmatch(fact) for shape in same)
        or (bool(stem) and stem in fact)  # 增长的，每增长1个百分点
        or (
            sheet.text.opens(node)
            and re.search("(?:支出|经费|费用|费|收入|成本|余额)(?:总额)?$", fact) is not None
        )
        or fact.endswith(("率", "度", "数", "额", "比例", "比重", "占比", "进度"))
    )


def _within(made: Steps, span: Range) -> bool:
    """Bring the condition of a step into it; whether it fits the way that the steps go."""
    if span.exact is not None:
        _onward(made, span.exact)
        return made.way != 0
    target = span.low if made.way < 0 else span.high if made.way else None
    if target is not None and None in (span.low, span.high):  # 编发12期以上，每少一期
        _onward(made, target)
        return True
    made.low, made.high = span.low, span.high
    edge = made.low if made.way > 0 else made.high
    made.start = made.start if edge is None else edge
    return edge is not None


def _both_sides(sheet: Sheet, node: Step, made: Steps, spans: list[Range]) -> list[Steps]:
    """低于90%或高于110%的，每偏离1个百分点."""
    lower, upper = sorted(spans, key=lambda span: span.low is not None)
    apart = lower.low is None and upper.high is None
    if made.way != 2 or lower.high is None or upper.low is None or not apart:
        sheet.ask(node, "的条件与方向没有读懂")
    return [
        replace(made, way=-1, start=lower.high or ZERO, high=lower.high),
        replace(made, way=1, start=upper.low or ZERO, low=upper.low),
    ]


def place(sheet: Sheet, step: Steps) -> str:
    """Settle where steps begin and from which points; a Chinese question where the text does not say."""
    top = sheet.top
    if top is not None and top.value == ZERO:
        top = None  # 每缺一项扣1分，缺3项不得分: the band says where nothing is left
    points = ZERO if step.gains else sheet.full
    step.base = top.value if top is not None and isinstance(top.value, Decimal) else points
    step.most = sheet.full
    nowhere, no_way = f"“{step.told}”从哪个数起计算没有写明", f"“{step.told}”没有写明是超过还是低于时计算"
    if not step.way and top is not None and top.exact and top.low and _LACKING.match(step.told):
        step.way = -1  # 四本预算全公开得6分，每缺1本扣1.5分
    if not step.way and top is not None and (top.low == top.high == ZERO or sheet.unit == "名"):
        step.way = 1  # 事故数为0得满分，每发生1起扣1分; 第1名得满分，每后移1个名次
    if step.low is not None or step.high is not None:
        return _checked(sheet, step, sheet.top)
    if step.way == 2 and step.start:
        return ""
    if sheet.base is not None:
        step.start = sheet.base
    elif top is not None and top.told:
        return _from_band(sheet, step, top, nowhere) if step.way else no_way
    elif sheet.target is not None:
        edge = sheet.target.low if step.way < 0 else sheet.target.high
        if edge is None:
            return nowhere
        step.start = edge
    else:
        return "" if _from_nothing(sheet, step) else nowhere
    return "" if step.way else no_way


def _checked(sheet: Sheet, step: Steps, top: Band | None) -> str:
    """A start of its own has to be where another range ends, or nothing else is told."""
    further = [value for band, value in sheet.fixed if "再" in step.told and step.start == band.low]
    if len(further) == 1 and not step.gains:
        step.base = further[0]  # 90%以上得4分，每低于90%一个百分点再扣1分
        return ""
    joins = top is None or step.start in (top.low, top.high)
    if not joins and not any(step.start in band.ends for band in sheet.bands):
        return f"“{step.told}”与其他各条从哪个数起衔接没有写明"
    return "" if joins else f"“{step.told}”从几分起计算没有写明"


def _from_band(sheet: Sheet, step: Steps, band: Band, nowhere: str) -> str:
    if sheet.unit == "名" and step.way == -1:
        step.way = 1  # a lower place has a higher number
    if step.way == 2:
        if band.exact:
            step.start = band.low or ZERO
        elif band.wide:
            sheet.steps.remove(step)
            sheet.steps += [
                replace(step, way=1, start=band.high or ZERO, low=band.high),
                replace(step, way=-1, start=band.low or ZERO, high=band.low),
            ]
        else:
            return f"“{step.told}”向两个方向计算，但没有写明从哪个数起"
        return ""
    if step.gains and step.way > 0 and band.high is None and band.low is not None:
        band.high, band.high_side = (
            band.low,
            Side.IN,
        )  # the award holds at its own figure, from there on it grows
    edge = band.high if step.way > 0 else band.low
    step.start = step.start if edge is None else edge
    return nowhere if edge is None else ""


def _from_nothing(sheet: Sheet, step: Steps) -> bool:
    """No figure to begin at: things that go wrong are counted from none, a deviation from zero."""
    none = sheet.met and phrases.NOTHING.search(sheet.met)
    lacking = sheet.unit in COUNTED and step.told.startswith(("每少", "每短少", "每缺"))
    counted = lacking or ((sheet.unit in COUNTED or sheet.unit in TIMES) and step.way in (0, 1))
    apart = none and re.match("[^每]*每差", step.told)  # 一致得2分，每差1%扣…
    rising = sheet.unit == "%" and (step.way == 1 or apart) and (none or _FROM_ZERO.search(step.told))
    if counted or rising:
        step.start, step.way = ZERO, 1
    return bool(counted or rising)
