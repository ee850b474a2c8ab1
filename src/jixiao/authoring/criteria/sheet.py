"""What is gathered about one quantity before it becomes a rule: which quantity, in which unit, its ranges and steps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from jixiao.authoring.criteria import clauses, phrases
from jixiao.authoring.criteria.bands import Band, Line, max_of
from jixiao.authoring.criteria.clauses import (
    Fact,
    Formula,
    Given,
    Node,
    Proportional,
    Range,
    Rule,
    Side,
    Step,
)
from jixiao.authoring.criteria.ranges import GOAL
from jixiao.authoring.criteria.understood import Built
from jixiao.authoring.criteria.values import ONE, Steps, Value, straight
from jixiao.authoring.criteria.wholetext import Text
from jixiao.text import COUNTED

TIMES = frozenset(("天", "日", "个工作日", "月", "个月", "小时", "周"))
SINGLES = COUNTED | TIMES
"""Units in which things that go wrong, and days beyond a deadline, are counted."""


@dataclass(slots=True)
class Sheet:
    """What is gathered about one quantity; ``singles``: things or days are counted.

    ``whole``: spans of time leave out what lies between whole ones. ``met`` is the fact that gives all points, ``rest``
    what holds where no range does. ``absolute`` and ``around``: distances, both ways.
    """

    text: Text
    full: Decimal
    name: str = ""
    built: Built = field(default_factory=Built)
    unit: str = ""
    singles: bool = False
    whole: bool = False
    bands: list[Band] = field(default_factory=list)
    steps: list[Steps] = field(default_factory=list)
    rest: Value | None = None
    met: str = ""
    met_goal: bool = False
    missed: bool = False
    absolute: bool = False
    around: bool = False
    base: Decimal | None = None
    target: Range | None = None
    caps: list[clauses.Cap] = field(default_factory=list)
    line: Line = field(default_factory=Line)

    def __post_init__(self) -> None:
        self.built.full = self.full

    @property
    def counted(self) -> bool:
        """Whether values are whole numbers: of things, of days told as 1-3天, 4-7天."""
        return self.unit in COUNTED or (self.unit in TIMES and self.whole)

    @property
    def started(self) -> bool:
        """Whether a begun step counts (不足1个百分点按1个百分点计)."""
        return any(cap.what == "started" for cap in self.caps)

    @property
    def top(self) -> Band | None:
        """The range that gives most."""
        return max_of(self.bands)

    @property
    def fixed(self) -> list[tuple[Band, Decimal]]:
        """The ranges that give points, with them."""
        return [(band, band.value) for band in self.bands if isinstance(band.value, Decimal)]

    def ask(self, node: Node, words: str) -> None:
        """Ask about a node; its words are quoted before ours."""
        self.built.ask(f"“{self.text.said(node)}”{words}")


def ranges(found: Iterable[Node]) -> Iterator[tuple[Rule | Step, Range]]:
    """Every range with the node that it stands in."""
    for node in found:
        if isinstance(node, (Rule, Step)):
            yield from ((node, one) for one in node.ranges)


def check_subjects(sheet: Sheet, found: list[Node]) -> None:
    """Ask where more than one quantity is named, or words stand beside a figure that may matter."""
    known: list[str] = []
    for number, node in enumerate(found):
        titled = isinstance(node, clauses.Heading) and not phrases.risky(node.text)
        if titled and any(one.subject for _, one in ranges(found[number + 1 : number + 2])):
            continue  # a title: what is scored is named behind it
        for said in _named(node, sheet):
            name = phrases.quantity(said)
            if phrases.risky(said) or phrases.several(name):
                sheet.built.ask(f"“{said}”怎样计分没有读懂")
            elif not phrases.same_quantity(name, known):
                sheet.built.ask(f"文中有几个不同的量（{max(known, key=len)}、{name}），不能确定按哪个计分")
            known.append(name)
    for node, one in ranges(found):
        of = one.of and not GOAL.fullmatch(one.of)
        of = of and (one.unit != "%" or (one.low is not None and one.low_side is Side.OUT))
        plain = phrases.NEUTRAL_TAILS.fullmatch(one.tail) or phrases.MET.fullmatch(one.tail)
        named = (
            one.unit == "%" and one.exact == ONE and not (one.subject or phrases.risky(one.tail))
        )  # 100%兑付
        if of or (one.tail and not sheet.singles and not plain and not named):
            sheet.ask(node, f"里的“{one.of if of else one.tail}”怎样影响得分没有读懂")
        sheet.absolute = sheet.absolute or one.absolute
        sheet.around = sheet.around or one.around


def _named(node: Node, sheet: Sheet) -> Iterator[str]:
    """The names of quantities in a node, as written."""
    match node:
        case clauses.Defined():
            yield node.name
        case clauses.Heading() if not phrases.changes_nothing(node.text, first=sheet.text.opens(node)):
            yield node.text
        case clauses.Words() if phrases.alias(node.text):
            yield phrases.alias(node.text)
        case clauses.Words() if sheet.text.opens(node) and measures(node.text):
            yield node.text
        case Rule() | Step():
            yield from (name for cond in node.conds if (name := _condition(node, cond, sheet)))
    effect = getattr(node, "effect", None)
    if isinstance(effect, Formula):
        line = straight(effect.sum, sheet.full)
        yield from [line.of] if line is not None and line.of and "/" not in line.of else []
    elif isinstance(effect, Proportional) and effect.of:
        yield effect.of.removesuffix("比例")


def _condition(node: Node, cond: Range | Fact, sheet: Sheet) -> str:
    """The quantity that a condition names; where single things are counted, all of its words say what is counted."""
    if isinstance(cond, Range):
        return cond.text if sheet.singles else cond.subject or (cond.tail if cond.exact == ONE else "")
    return cond.text if isinstance(node, Step) and not node.event and measures(cond.text) else ""


def introduces(sheet: Sheet, node: Node) -> bool:
    """Whether a phrase without points only leads to what follows: a way of telling, or the quantity named first."""
    said = sheet.text.said(node)
    first = (
        isinstance(node, clauses.Words)
        and sheet.text.opens(node)
        and measures(said)
        and not phrases.risky(said)
    )
    return first or phrases.changes_nothing(said, first=sheet.text.opens(node))


def measures(text: str) -> bool:
    """Whether a name is that of a figure."""
    return not text.endswith("制度") and text.endswith(
        ("率", "度", "数", "额", "量", "比例", "占比", "比重", "成本", "时间", "进度")
    )


def unit_of(sheet: Sheet, found: list[Node]) -> str:
    """The unit of the figures; a question where there are several."""
    told, steps = list(ranges(found)), {n.each.unit for n in found if isinstance(n, Step)}
    bases = {n.figure.unit for n in found if isinstance(n, clauses.Base)}
    units = {one.unit for _, one in told} | steps | bases
    named = units - {""}
    if any(unit.endswith("/期") for unit in named):
        sheet.built.ask("每期的次数与全年的次数怎样对应没有写明")
    if len(named) > 1:
        rates = [(node, one) for node, one in told if one.unit == "%"]
        if steps <= COUNTED and len(steps) == 1 and named == {"%", *steps} and len(rates) == 1:
            (node, one) = rates[
                0
            ]  # 100%得满分，每有1件未办结扣…: the full rate says that there is none of them
            if one.low == ONE and node.effect in (Given(points=sheet.full), Given(share=ONE)):
                return steps.pop()
        sheet.built.ask(f"文中用了不同的单位（{'、'.join(sorted(named))}），不能确定按哪个计量")
    loose = [end for _, one in told if not one.unit for end in one.ends]
    if "%" in named and any(abs(end) > 2 for end in loose):
        sheet.built.ask("百分数与没有单位的数混用，不能确定怎样对应")
    rate = any(isinstance(getattr(node, "effect", None), Proportional) for node in found)
    return min(named) if named else "%" if rate else ""
