"""Which quantity the clauses speak of, and in which unit: one of each, or a question."""

from __future__ import annotations

from collections.abc import Iterator

from jixiao.authoring.criteria import clauses, phrases
from jixiao.authoring.criteria.clauses import Fact, Formula, Given, Node, Proportional, Range, Side
from jixiao.authoring.criteria.ranges import GOAL
from jixiao.authoring.criteria.sheet import ONE, Sheet, ranges
from jixiao.authoring.criteria.straight import straight
from jixiao.text import COUNTED


def check_subjects(sheet: Sheet, found: list[Node]) -> None:
    """Ask where more than one quantity is named, or words stand beside a figure that may matter."""
    known: list[str] = []
    for number, node in enumerate(found):
        after = found[number + 1 : number + 2]
        titled = isinstance(node, clauses.Heading) and not phrases.risky(node.text)
        if titled and any(one.subject for _, one in ranges(after)):
            continue  # a title: what is scored is named behind it
        for said in _named(node, sheet):
            name = phrases.quantity(said)
            if phrases.risky(said) or phrases.several(name):
                sheet.built.ask(f"“{said}”怎样计分没有读懂")
            elif not phrases.same_quantity(name, known):
                sheet.built.ask(f"文中有几个不同的量（{max(known, key=len)}、{name}），不能确定按哪个计分")
            known.append(name)
    for node, one in ranges(found):
        of = (
            one.of
            and not GOAL.fullmatch(one.of)
            and (one.unit != "%" or (one.low is not None and one.low_side is Side.OUT))
        )
        plain = phrases.NEUTRAL_TAILS.fullmatch(one.tail) or phrases.MET.fullmatch(one.tail)
        if of or (one.tail and not sheet.singles and not plain):
            sheet.built.ask(
                f"“{sheet.text.said(node)}”里的“{one.of if of else one.tail}”怎样影响得分没有读懂"
            )
        sheet.absolute = sheet.absolute or one.absolute
        sheet.around = sheet.around or one.around


def _named(node: Node, sheet: Sheet) -> Iterator[str]:
    """The names of quantities in a node, as written."""
    match node:
        case clauses.Defined():
            yield node.name
        case clauses.Heading() if not phrases.changes_nothing(node.text, first=not node.start):
            yield node.text
        case clauses.Words() if phrases.alias(node.text):
            yield phrases.alias(node.text)
        case clauses.Words() if not node.start and measures(node.text):
            yield node.text
        case clauses.Rule() | clauses.Step():
            yield from (name for way in node.ways for cond in way if (name := _condition(node, cond, sheet)))
    effect = getattr(node, "effect", None)
    if isinstance(effect, Formula):
        line = straight(effect.sum, sheet.full)
        yield from [line.of] if line is not None and line.of and "/" not in line.of else []
    elif isinstance(effect, Proportional) and effect.of:
        yield effect.of.removesuffix("比例")


def _condition(node: Node, cond: Range | Fact, sheet: Sheet) -> str:
    """The quantity that a condition names; where single things are counted, all of its words say what is counted."""
    if isinstance(cond, Range):
        return cond.subject + cond.tail if sheet.singles else cond.subject
    plain = isinstance(node, clauses.Step) and not node.event and measures(cond.text)
    return cond.text if plain else ""


def introduces(sheet: Sheet, node: Node) -> bool:
    """Whether a phrase without points only leads to what follows: a way of telling, or the quantity named first."""
    said = sheet.text.said(node)
    if phrases.changes_nothing(said, first=not node.start):
        return True
    return isinstance(node, clauses.Words) and not node.start and measures(said) and not phrases.risky(said)


def measures(text: str) -> bool:
    """Whether a name is that of a figure."""
    return text.endswith(("率", "度", "数", "额", "量", "比例", "占比", "比重", "成本", "时间", "进度"))


def unit_of(sheet: Sheet, found: list[Node]) -> str:
    """The unit of the figures; a question where there are several."""
    units = [one.unit for _, one in ranges(found)] + [
        n.each.unit for n in found if isinstance(n, clauses.Step)
    ]
    units += [n.figure.unit for n in found if isinstance(n, clauses.Base)]
    named = {unit for unit in units if unit}
    if len(named) > 1:
        counts = {n.each.unit for n in found if isinstance(n, clauses.Step)}
        rates = [(node, one) for node, one in ranges(found) if one.unit == "%"]
        if counts <= COUNTED and len(counts) == 1 and named == {"%", *counts} and _all_of_it(sheet, rates):
            return counts.pop()
        sheet.built.ask(f"文中用了不同的单位（{'、'.join(sorted(named))}），不能确定按哪个计量")
    if "%" in named and "" in units:
        loose = [v for _, one in ranges(found) if not one.unit for v in (one.low, one.high) if v is not None]
        if any(abs(v) > 2 for v in loose):
            sheet.built.ask("百分数与没有单位的数混用，不能确定怎样对应")
    return min(named) if named else "%" if any(_of_a_rate(n) for n in found) else ""


def _all_of_it(sheet: Sheet, rates: list[tuple[Node, Range]]) -> bool:
    """100%得满分，每有1件未办结扣…: where single things are counted, the full rate says that there is none of them."""
    full = [
        isinstance(n, clauses.Rule) and n.effect in (Given(points=sheet.full), Given(share=ONE))
        for n, _ in rates
    ]
    return len(rates) == 1 and full == [True] and rates[0][1].low == ONE


def _of_a_rate(node: Node) -> bool:
    effect = getattr(node, "effect", None)
    return isinstance(effect, Proportional) or (isinstance(node, clauses.Step) and node.each.unit == "%")
