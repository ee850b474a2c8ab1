"""Clauses over one quantity -> a rule: bands, steps, proportions and lines on one number line.

In order: which quantity (``check_subjects``), in which unit (``unit_of``), what each node gives (``_take``), where steps begin
(``steps.place``), what holds where nothing else does, and the line of it all (``bands.laid_out``, ``rules.settle``).
"""

from __future__ import annotations

from decimal import Decimal

from jixiao.authoring.criteria import clauses, phrases, provisos
from jixiao.authoring.criteria.bands import Band, close_small_gaps, ladder, laid_out, shown
from jixiao.authoring.criteria.built import NO, YES, Built
from jixiao.authoring.criteria.clauses import (
    Change,
    Fact,
    Formula,
    Given,
    Judged,
    Kept,
    Linear,
    Node,
    Proportional,
    Range,
    Side,
)
from jixiao.authoring.criteria.levels import label
from jixiao.authoring.criteria.settled import interpolated, settle
from jixiao.authoring.criteria.sheet import ONE, SINGLES, ZERO, Sheet, ranges
from jixiao.authoring.criteria.steps import place, stepped
from jixiao.authoring.criteria.straight import straight
from jixiao.authoring.criteria.subjects import check_subjects, introduces, measures, unit_of
from jixiao.authoring.criteria.unsaid import (
    beside_steps,
    deadlines,
    goal_met,
    none_of_it,
    none_told,
    single_steps,
)
from jixiao.authoring.criteria.values import PENDING, Affine, Between, Rate, Value
from jixiao.authoring.criteria.wholetext import Text
from jixiao.text import COUNTED, affirmed


def figures(text: Text, found: list[Node], full: Decimal, name: str) -> Built:
    """The rule of nodes that speak about one quantity; what they leave open is asked."""
    sheet = Sheet(text, full, name, Built(full=full))
    found = _asides(sheet, single_steps(found))
    sheet.unit = sheet.built.unit = unit_of(sheet, found)
    sheet.singles = sheet.unit in SINGLES
    check_subjects(sheet, found)
    found = beside_steps(sheet, deadlines(sheet, found))
    for node in found:
        _take(sheet, node)
    if sheet.missed and sheet.steps and isinstance(sheet.rest, Decimal) and sheet.rest:
        sheet.built.ask(f"未达到时得多少分与“{sheet.steps[0].told}”怎样合并没有写明")
    plain = not sheet.met or sheet.met_goal or phrases.NOTHING.search(sheet.met)
    if not plain and any(band.value == full for band in sheet.bands):
        sheet.built.ask(f"“{sheet.met}”与数值的关系没有写明")
    if sheet.built.closed:
        return sheet.built
    if interpolated(sheet):
        return sheet.built
    close_small_gaps(sheet.bands, sheet.unit)
    if sheet.rest is None and not sheet.steps:
        ladder(sheet.bands)
    goal_met(sheet)
    none_of_it(sheet)
    _start(sheet)
    if sheet.built.closed:
        return sheet.built
    sheet.line = laid_out(sheet.bands, [s.start for s in sheet.steps], counted=sheet.counted, unit=sheet.unit)
    _fill(sheet)
    _answers(sheet)
    settle(sheet)
    provisos.written(sheet.built)
    return sheet.built


def _asides(sheet: Sheet, found: list[Node]) -> list[Node]:
    """The nodes without exceptions over other figures of the table (预算数为0的得满分), which go before the rule."""
    own = {
        name for node in found if isinstance(node, clauses.Defined) and node.sum for name in node.sum.names()
    }

    def other(cond: Range | Fact) -> bool:
        name = provisos.figure(cond)
        return bool(name) and name != sheet.name and (name in own or sheet.text.known(name))

    return [
        node
        for node in found
        if not (
            isinstance(node, clauses.Rule)
            and isinstance(node.effect, Given)
            and len(found) > 1
            and all(other(cond) for way in node.ways for cond in way)
            and provisos.compared(
                sheet.built, node, value_of(sheet, node, node.effect), label(sheet.text, node)
            )
        )
    ]


def _take(sheet: Sheet, node: Node) -> None:
    """What a node says, brought into the sheet."""
    said = sheet.text.said(node)
    match node:
        case clauses.Rule():
            _take_rule(sheet, node)
        case clauses.Otherwise():
            _rest(sheet, node, value_of(sheet, node, node.effect))
        case clauses.Step():
            sheet.steps += stepped(sheet, node)
        case clauses.Cap():
            sheet.caps.append(node)
        case clauses.Base() | clauses.Target():
            sheet.base, sheet.target = _from(sheet, node)
        case clauses.Note() | clauses.Need():
            provisos.noted(sheet.built, node, said)
        case clauses.Whole() if node.points != sheet.full:
            sheet.built.ask(f"“{said}”与本项满分不符，可能沿用了旧的权重")
        case clauses.Words() if phrases.goal_base(node.text) and sheet.unit == "%":
            sheet.base = ONE
        case clauses.Words() | clauses.Either() | clauses.Unread() | clauses.Ceiling() if not introduces(
            sheet, node
        ):
            sheet.built.ask(f"没有读懂：“{said}”")


def _from(sheet: Sheet, node: clauses.Base | clauses.Target) -> tuple[Decimal | None, Range | None]:
    """The figure that steps begin at, and the goal."""
    if isinstance(node, clauses.Base):
        return node.figure.value, sheet.target
    return sheet.base, node.range


def _take_rule(sheet: Sheet, node: clauses.Rule) -> None:
    value = value_of(sheet, node, node.effect)
    facts = [cond.text for way in node.ways for cond in way if isinstance(cond, Fact)]
    computed = (
        isinstance(node.effect, Formula)
        and len(node.ways) == 1
        and len(facts) == 1
        and (measures(facts[0]) or phrases.changes_nothing(facts[0], first=not node.start))
    )
    if not node.ways or computed:
        _rest(sheet, node, value)
    elif facts and len(facts) == sum(len(way) for way in node.ways):
        _take_facts(sheet, node, value)
    elif facts:
        sheet.built.ask(f"“{sheet.text.said(node)}”里不止一个条件，不能只按数值计分")
    else:
        if isinstance(value, (Affine, Rate)) and any(one.bare for _, one in ranges([node])):
            sheet.built.ask(f"“{sheet.text.said(node)}”里的数怎样影响得分没有读懂")
        made = [_band(sheet, node, [c for c in way if isinstance(c, Range)], value) for way in node.ways]
        if sheet.unit in COUNTED and any(one.unit == "%" for _, one in ranges([node])):
            sheet.met = sheet.met or sheet.text.said(node)
            return
        if isinstance(node.effect, Kept) and node.effect.gain:
            return  # 超过100%不加分: the rule beside it goes on, and nothing is added
        sheet.bands += [band for band in made if band is not None]
        if sheet.counted and isinstance(value, Decimal) and any(one.exact for _, one in ranges([node])):
            sheet.built.answers[label(sheet.text, node)] = value


def _take_facts(sheet: Sheet, node: clauses.Rule, value: Value) -> None:
    fact = joined(node).removesuffix("的")
    if provisos.compared(sheet.built, node, value, label(sheet.text, node)):
        return
    if provisos.applies_not(fact):
        provisos.except_(sheet.built, fact, node.effect, value, sheet.text.said(node), sheet.text.known)
    elif not (measures(fact) and sheet.text.between(node.told, node.end)[:1] in ("（", "(")):
        _fact(sheet, node, fact, value)  # 开工率（2分），… is a title with its points


def _band(sheet: Sheet, node: Node, held: list[Range], value: Value) -> Band | None:
    """All of the ranges at once, as one; a question where nothing is left of them."""
    band = Band(None, Side.END, None, Side.END, value, sheet.text.said(node))
    if len(held) > 1 and any(one.bare for one in held):
        sheet.built.ask(f"“{sheet.text.said(node)}”里的几个数怎样合用没有读懂")
    for one in held:
        if one.low is not None and (band.low is None or one.low > band.low):
            band.low, band.low_side = one.low, one.low_side
        if one.high is not None and (band.high is None or one.high < band.high):
            band.high, band.high_side = one.high, one.high_side
    if (
        band.low is not None
        and band.high is not None
        and (band.low > band.high or (band.low == band.high and Side.OUT in (band.low_side, band.high_side)))
    ):
        sheet.built.ask(f"“{sheet.text.said(node)}”的界限前后矛盾")
        return None
    return band


def joined(node: clauses.Rule) -> str:
    """The facts of a condition in one: A且B或C."""
    return "或".join("且".join(cond.text for cond in way if isinstance(cond, Fact)) for way in node.ways)


def _fact(sheet: Sheet, node: clauses.Rule, fact: str, value: Value) -> None:
    """Words that give points beside figures: the goal met, missed or passed, nothing of what is counted, or a case of its own."""
    if not node.start and not sheet.bands:
        fact = phrases.without_subject(fact)
    met, missed, passed = (
        shape.fullmatch(fact) is not None for shape in (phrases.MET, phrases.MISSED, phrases.PASSED)
    )
    said = sheet.text.said(node)
    gives = value == sheet.full and isinstance(node.effect, (Given, Kept))
    none = phrases.NOTHING.search(fact) is not None and all(b.value != sheet.full for b in sheet.bands)
    if phrases.risky(fact.removeprefix("情节")) or said.startswith("因"):
        sheet.built.ask(f"“{said}”与数值的关系没有写明")
    elif (
        gives
        and not sheet.met
        and (met or none or not (sheet.bands or isinstance(node.effect, Kept)))
        and not (missed or passed or phrases.faulty(fact))
    ):
        sheet.met, sheet.met_goal = fact, met
    elif passed and gives and isinstance(sheet.rest, Affine | Rate):
        sheet.built.notes.append(f"“{said}”：得分以满分为限")
    elif (missed or passed) and sheet.rest is None and _complement(sheet, 1 if passed else -1):
        sheet.rest = value
        sheet.missed = missed
    elif (
        value == ZERO
        and sheet.met
        and affirmed(fact) in affirmed(sheet.met)
        and fact != sheet.met
        and not sheet.steps
    ):
        sheet.rest = value
    elif (band := none_told(sheet, fact, value, said)) is not None:
        sheet.bands.append(band)
        if isinstance(value, Decimal):
            sheet.built.answers[fact] = value
    elif (
        value == ZERO
        and isinstance(node.effect, Given)
        and not (met or missed or passed)
        and not (phrases.moves(fact) or phrases.DENIAL.fullmatch(fact))
    ):
        provisos.except_(sheet.built, fact, node.effect, value, said)
    else:
        sheet.built.ask(f"“{said}”与数值的关系没有写明")


def _complement(sheet: Sheet, way: int) -> bool:
    """Whether 未达到的 or 超过的 can only mean the other side of what was just told."""
    if not sheet.bands:
        return bool(sheet.met) and sheet.met_goal and way < 0
    if len(sheet.bands) > 1 or sheet.steps:
        return False
    band = sheet.bands[0]
    if band.wide:
        return way > 0
    return band.exact or (band.high is None if way < 0 else band.low is None)


def _rest(sheet: Sheet, node: Node, value: Value) -> None:
    """What holds wherever no range does."""
    if isinstance(value, Rate) and isinstance(sheet.rest, Affine):
        return  # 按比例计分 beside its formula: the formula says how
    if sheet.rest is not None and not (isinstance(sheet.rest, Rate) and isinstance(value, Affine)):
        sheet.built.ask(f"“{sheet.text.said(node)}”与前面的写法怎样合并没有写明")
    if isinstance(node, clauses.Rule) and isinstance(value, Decimal):
        sheet.built.ask(f"“{sheet.text.said(node)}”在什么情况下没有写明")
    sheet.rest = value


def value_of(sheet: Sheet, node: Node, effect: clauses.Effect) -> Value:
    """What an effect gives; what it does not settle is asked."""
    full = sheet.full
    if isinstance(effect, Given):
        return effect.points if effect.points is not None else full * (effect.share or ZERO)
    if isinstance(effect, Change):
        points = effect.points if effect.points is not None else full * (effect.share or ZERO)
        if effect.sign > 0 or points > full:
            sheet.built.ask(f"“{sheet.text.said(node)}”的加减分与其他得分怎样合并没有写明")
        return max(ZERO, full - points)
    if isinstance(effect, Kept):
        return full
    if isinstance(effect, Linear):
        return Between()
    if isinstance(effect, Proportional) and not effect.deducts:
        return Rate()
    if isinstance(effect, Formula):
        line = straight(effect.sum, full)
        if line is not None and line.of:
            return _scaled(sheet, Affine(line.a, line.b), line.of)
        sheet.built.ask(f"算式“{sheet.text.said(node)}”含有不止一个未知数，不能确定怎样计算")
        return PENDING
    if isinstance(effect, Judged) and effect.most is not None:
        sheet.built.doubt(f"“{sheet.text.said(node)}”的得分是一个范围，由评价人在范围内核定")
    else:
        sheet.built.doubt(f"“{sheet.text.said(node)}”没有给出算法，由评价人核定")
    return PENDING


def _scaled(sheet: Sheet, line: Affine, of: str) -> Value:
    """指标值：≥90%, 得分=实际值/指标值×分值: the actual value is what is told."""
    target = sheet.target.low if sheet.target is not None else None
    if target and "/" in of and not line.a and line.b == sheet.full:
        return Rate(target)
    return line


def _start(sheet: Sheet) -> None:
    for step in sheet.steps:
        problem = place(sheet, step)
        if problem:
            sheet.built.ask(problem)


def _fill(sheet: Sheet) -> None:
    """Steps, the rest and what the steps begin from, where no range says otherwise."""
    rates = [v for v in (*(b.value for b in sheet.bands), sheet.rest) if isinstance(v, Rate)]
    top = sheet.top()
    for rate in rates:
        _rate(sheet, rate, top)
    atoms = []
    for a, b, value in sheet.line.atoms:
        atoms.append((a, b, value if value is not None else _open(sheet, a, b)))
    sheet.line.atoms = atoms


def _rate(sheet: Sheet, rate: Rate, top: Band | None) -> None:
    """A proportion under a full band at 95% may be taken of 95% or of 100%: asked; where smaller is better, too."""
    full = top if top is not None and top.value == sheet.full else None
    goal = sheet.target.low if sheet.target is not None and sheet.unit != "%" else None
    if goal and full is not None and full.low == goal:
        rate.over = goal  # 指标值：≥8000人。达到得满分，未达到按完成比例计分
        return
    if sheet.unit not in ("%", "") or (full is not None and full.low is None):
        sheet.built.ask("“按比例”与其他写法怎样合并没有写明")
    elif full is not None and full.low != ONE:
        share = shown(full.low or ZERO, sheet.unit)
        sheet.built.ask(f"“按比例”按100%还是按{share}折算没有写明")


def _open(sheet: Sheet, a: Decimal | None, b: Decimal | None) -> Value | None:
    if (
        sheet.counted
        and a != b
        and b is not None
        and ((a is None and sheet.unit == "名") or (a is not None and b - a <= 1))
    ):
        return None  # no whole number lies there
    covering = [step for step in sheet.steps if step.covers(a, b)]
    if len(covering) > 1:
        sheet.built.ask(f"“{'”与“'.join(step.told for step in covering)}”怎样合并计算没有写明")
        return PENDING
    if covering:
        return covering[0]
    if sheet.rest is not None:
        return sheet.rest
    top = sheet.top()
    if sheet.steps and (top is None or top.value == ZERO) and not any(step.gains for step in sheet.steps):
        return sheet.full  # only what is lost is told
    changes = [n.effect for n in sheet.text.nodes if isinstance(n, clauses.Rule)]
    if (
        changes
        and all(isinstance(e, Change) or e == Given(points=ZERO) for e in changes)
        and any(isinstance(e, Change) for e in changes)
    ):
        return sheet.full
    return None


def _answers(sheet: Sheet) -> None:
    """Points for 是 and 否."""
    answers = sheet.built.answers
    if sheet.met:
        fault = not sheet.met_goal and sheet.bands and phrases.OVERRUN.search(affirmed(sheet.met))
        answers[NO if fault else YES] = answers[sheet.met] = sheet.full
    if sheet.missed and sheet.rest == ZERO:
        answers[NO] = ZERO
    given = [value for value in (*(b.value for b in sheet.bands), sheet.rest) if value is not None]
    if given and all(isinstance(v, Decimal) for v in given) and not sheet.steps:
        if set(given) == {sheet.full, ZERO} and len(sheet.bands) < 3:
            answers.update({YES: sheet.full, NO: ZERO})
        elif set(given) == {sheet.full} and len(sheet.bands) == 1:
            answers.setdefault(YES, sheet.full)
