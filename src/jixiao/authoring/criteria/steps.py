"""每…扣…: which way the steps go, where they begin, what they cost."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from jixiao.authoring.criteria import phrases
from jixiao.authoring.criteria.bands import Band
from jixiao.authoring.criteria.clauses import Change, Given, Range, Side, Step
from jixiao.authoring.criteria.ranges import GOAL
from jixiao.authoring.criteria.sheet import SINGLES, TIMES, Sheet
from jixiao.authoring.criteria.values import ONE, ZERO, Steps
from jixiao.text import COUNTED, goes_wrong

_FROM_ZERO = re.compile(
    r"变动|差异|增长|偏差|偏离|误差|上年|去年|同期|减少率|下降率|增幅|降幅|超支|投诉率|失败率"
)


def stepped(sheet: Sheet, node: Step) -> list[Steps]:
    """The steps of a node, one for each way that they go; a question where it does not say what they cost."""
    change = node.effect
    if isinstance(change, Given) and (node.way or change.share is not None):
        sheet.ask(node, "是得分还是加分没有写明")
        return []
    cost, told = change.worth(sheet.full), sheet.text.said(node)
    sign = change.sign if isinstance(change, Change) else 1
    made = Steps(node.way, node.each.value, sign * cost, node.edge is not Side.OUT, told)
    if node.origin is not None:
        _onward(made, node.origin.value)
    elif node.beside and not _beside(sheet, node, made):
        sheet.ask(node, f"里的“{node.beside}”是多少没有写明")
    if not all(_plain_fact(sheet, node, cond.text) for cond in node.facts):
        sheet.ask(node, "与数值的关系没有写明")
    spans = node.ranges
    if not node.way and phrases.LACKS.match(node.event) and [one.unit for one in spans] == [node.each.unit]:
        made.way = -1  # 应报送24篇，每缺1篇: how many there are is told, and the figure falls from it
    elif not node.way and all(span.exact and span.unit in COUNTED for span in spans):
        whole = all(span.exact == sheet.full / cost for span in spans if cost)
        if goes_wrong(node.event) or whole:
            spans = []  # 抽查10个项目，每有1个不合格; 共6个要点，每符合1个得1分: how many there are is known
    if len(node.ways) == 2 and len(spans) == 2:
        return _both_sides(sheet, node, made, spans)
    if len(spans) > 1 or len(node.ways) > 1 or not _within(made, spans):
        sheet.ask(node, "的条件与方向没有读懂")
    return [made]


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
    same = (phrases.AGAINST, phrases.MISSED, phrases.PASSED)
    return (
        any(shape.fullmatch(fact) for shape in same)
        or (bool(stem) and stem in fact)  # 增长的，每增长1个百分点
        or fact.endswith(("率", "度", "数", "额", "比例", "比重", "占比", "进度"))
    )


def _within(made: Steps, spans: list[Range]) -> bool:
    """Bring the condition of a step into it; whether it fits the way that the steps go."""
    for span in spans:
        if span.exact is not None:
            _onward(made, span.exact)
            return made.way != 0
        made.low = span.low if span.low is not None else made.low
        made.high = span.high if span.high is not None else made.high
        edge = made.low if made.way > 0 else made.high
        if edge is None:
            return False
        made.start = edge
    return True


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
    if not step.way and sheet.counted and top is not None and top.low == top.high == ZERO:
        step.way = 1  # 事故数为0得满分，每发生1起扣1分
    if step.low is not None or step.high is not None:
        return _checked(sheet, step, sheet.top)
    if step.way == 2 and step.start:
        return ""
    if sheet.base is not None:
        step.start = sheet.base
    elif top is not None and top.told:
        return _from_band(sheet, step, top, nowhere) if step.way else no_way
    elif sheet.target is not None and sheet.met:
        edge = sheet.target.low if step.way < 0 else sheet.target.high
        if edge is None:
            return nowhere
        step.start = edge
    else:
        return "" if _from_nothing(sheet, step) else nowhere
    return "" if step.way else no_way


def _checked(sheet: Sheet, step: Steps, top: Band | None) -> str:
    """A start of its own has to be where another range ends, or nothing else is told."""
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
    counted = (sheet.unit in COUNTED or sheet.unit in TIMES) and step.way in (0, 1)
    rising = sheet.unit == "%" and step.way == 1 and (none or _FROM_ZERO.search(step.told))
    if counted or rising:
        step.start, step.way = ZERO, 1
    return bool(counted or rising)
