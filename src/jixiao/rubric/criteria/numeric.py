"""Clauses over one quantity -> bands, steps, proportions, or pieces of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from jixiao.model.expr import plain
from jixiao.rubric.criteria.bandsort import CONTESTED, COUNTED, Band, Sorted, intervals, sort, written
from jixiao.rubric.criteria.built import NO, YES, Built, figure_text, shown
from jixiao.rubric.criteria.clauses import Reading, subject
from jixiao.rubric.criteria.linear import affine
from jixiao.rubric.criteria.phrases import Change, Clause, Every, Formula, Given, Mark, Prop, Range, Sign
from jixiao.rubric.criteria.stepping import Steps, stepped

_DENIED = re.compile(r"未|没|无|不")
_IN_TIME = re.compile(r"及时|按时|按期|准时|如期|在规定时间")
_DONE = re.compile(r"完成|达到|达成|实现|目标|达标")
_NEGATIVE = ("未", "没", "无", "不", "否", "零")


@dataclass(slots=True)
class Line:
    """Points along a line: ``a + b·x``."""

    a: Decimal
    b: Decimal


@dataclass(slots=True)
class Rate:
    """Full points in proportion: x ÷ over."""

    over: Decimal = Decimal(1)


@dataclass(slots=True)
class Between:
    """A straight line between the points at both ends of the stretch."""

    low: Decimal = Decimal(0)
    high: Decimal = Decimal(0)


@dataclass(slots=True)
class Work:
    """What is being put together."""

    reading: Reading
    full: Decimal
    name: str
    built: Built
    unit: str = ""
    bands: list[Band] = field(default_factory=list)
    steps: list[Steps] = field(default_factory=list)
    rest: Any = None
    said_full: bool = False
    full_words: str = ""
    full_first: bool = False
    said_zero: bool = False
    around: bool = False

    @property
    def counted(self) -> bool:
        """Whether values are whole numbers."""
        return self.unit in COUNTED


def numeric(reading: Reading, clauses: Sequence[Clause], full: Decimal, name: str) -> Built:
    """The rule of clauses that speak about one quantity."""
    built = Built(full=full)
    work = Work(reading, full, name, built)
    work.unit = built.unit = _unit(work, clauses)
    work.around = any(r.suffix == "±" for c in clauses for r in c.ranges)
    for clause in clauses:
        _clause(work, clause)
    _implied(work)
    made = _sorted(work)
    if not built.understood and built.spec is None and not made.atoms:
        return built
    _answers(work)
    return _finish(work, made)


def _implied(work: Work) -> None:
    """What words say about the figure: 完成目标 is 100%, 未完成 of counted things is none."""
    held = [b for b in work.bands if isinstance(b.value, Decimal)]
    below = [b for b in held if b.value != work.full and (b.low is None or b.low < 1)]
    if _DENIED.search(work.full_words) or (work.unit != "%" and _IN_TIME.search(work.full_words)):
        _none_of_it(work, held)
    elif _DONE.search(work.full_words) and work.unit == "%" and held and len(below) == len(held) and not work.steps:
        work.bands.append(Band(Decimal(1), Mark.IN, None, Mark.SOFT, work.full))
        work.built.notes.append("“完成”按达到100%理解")
    if work.said_zero and work.counted and held and all(not b.strength(Decimal(0), counted=True) for b in held):
        work.bands.append(Band(Decimal(0), Mark.IN, Decimal(0), Mark.IN, Decimal(0)))


def _none_of_it(work: Work, held: list[Band]) -> None:
    """未超支不扣分: the first band begins above zero, and up to zero the points are full."""
    first = next((b for b in held if b.low is None and b.value != work.full), None)
    if first is not None and first.high is not None and first.high > 0 and not work.steps:
        first.low, first.low_mark = Decimal(0), Mark.OUT
        work.bands.append(Band(None, Mark.SOFT, Decimal(0), Mark.IN, work.full))
        work.built.notes.append(f"“{work.full_words}”按不超过0理解")


def _unit(work: Work, clauses: Sequence[Clause]) -> str:
    found = [r.unit for c in clauses for r in c.ranges if not (c.every and r.step)]
    found += [c.every.each.unit for c in clauses if c.every]
    named = {unit for unit in found if unit}
    if len(named) > 1:
        work.built.ask(f"文中用了不同的单位（{'、'.join(sorted(named))}），不能确定按哪个计量")
    if "" in found and "%" in named:
        loose = [r for c in clauses for r in c.ranges if not r.unit]
        if any(abs(v) > 2 for r in loose for v in (r.low, r.high) if v is not None):
            work.built.ask("有的数带“%”，有的不带，不能确定是否都是百分数")
    return next(iter(sorted(named)), "")


def points_of(given: Given, full: Decimal) -> Decimal | None:
    """Points of an award; None where a person picks between two."""
    if given.most is not None:
        return None
    if given.share is not None:
        return full * given.share
    return given.points


def _clause(work: Work, clause: Clause) -> None:
    action = clause.action
    if isinstance(action, (Given, Change)) and clause.every is not None:
        _step(work, clause, action)
    elif action is None:
        if clause.ranges and not work.reading.base and all(r.point is not None for r in clause.ranges):
            work.reading.base = clause.ranges[0]  # 以此为起点: a figure without points of its own
        elif clause.ranges or clause.every:
            work.built.ask(f"“{clause.text}”没有写明得多少分")
    else:
        value = _value(work, clause)
        if value is None:
            return
        if clause.ranges:
            work.bands.append(_band(clause, value))
        elif clause.otherwise or not isinstance(action, Given):
            work.rest = value
        else:
            _in_words(work, clause, value)


def _value(work: Work, clause: Clause) -> Any:
    action = clause.action
    if isinstance(action, Given):
        points = points_of(action, work.full)
        if points is None:
            work.built.ask(f"“{clause.text}”的得分是一个范围，由评价人在范围内核定")
            return CONTESTED
        return points
    if isinstance(action, Change):
        less = action.points if action.points is not None else work.full * (action.share or Decimal(0))
        if action.sign > 0:
            return less
        return max(Decimal(0), work.full - less)
    if isinstance(action, Prop):
        return Rate()
    if isinstance(action, Formula):
        line = affine(action.node, work.full)
        if line is None:
            work.built.ask(f"算式“{clause.text}”含有不止一个未知数，不能确定怎样计算")
            return CONTESTED
        return Line(*line)
    if isinstance(action, Sign) and action.what == "linear":
        return Between()
    work.built.ask(f"“{action.text if isinstance(action, Sign) else clause.text}”没有给出算法，由评价人核定")
    return CONTESTED


def _band(clause: Clause, value: Any) -> Band:
    band = Band(None, Mark.SOFT, None, Mark.SOFT, value)
    for found in clause.ranges:
        if found.low is not None:
            band.low, band.low_mark = found.low, found.low_mark
        if found.high is not None:
            band.high, band.high_mark = found.high, found.high_mark
    return band


def _in_words(work: Work, clause: Clause, value: Any) -> None:
    negative = any(sign in clause.text[:6] for sign in _NEGATIVE)
    if value == work.full:
        work.said_full, work.full_words = True, clause.text
        work.full_first = clause is work.reading.clauses[0]
    elif value == 0:
        work.said_zero = True
        if not negative:
            work.built.ask(f"“{clause.text}”与数值的关系没有写明")
    else:
        work.built.ask(f"“{clause.text}”与数值的关系没有写明")


def _step(work: Work, clause: Clause, action: Given | Change) -> None:
    assert isinstance(clause.every, Every)
    work.steps.append(stepped(clause, action, work.full, subject(clause)))


def _full_band(work: Work) -> Band | None:
    values = [b for b in work.bands if isinstance(b.value, Decimal)]
    best = max((b.value for b in values), default=None)
    return next((b for b in values if b.value == best), None)


def _sorted(work: Work) -> Sorted:
    top = _full_band(work)
    for step in work.steps:
        problem = step.place(top, work.reading.base, said_full=work.said_full, full=work.full)
        if problem:
            work.built.ask(problem)
            return Sorted()
    starts = [s.start for s in work.steps]
    made = sort(work.bands, starts, counted=work.counted, show=work.unit)
    _rates(work, top)
    atoms = []
    for a, b, value in made.atoms:
        atoms.append((a, b, value if value is not None else _open_value(work, a, b)))
    made.atoms = atoms
    made.gaps = []
    held = [i for i, atom in enumerate(atoms) if atom[2] is not None]
    for a, b, value in atoms[held[0] : held[-1] + 1] if held else ():
        if value is None:
            made.gaps.append((a, b))
    return made


def _rates(work: Work, top: Band | None) -> None:
    """A proportion is taken of the figure that gives full points: 90% for a target of 90%."""
    rated = any(isinstance(v, Rate) for v in [*(b.value for b in work.bands), work.rest])
    if rated and top is not None and top.value == work.full and top.low is None and top.high is not None:
        work.built.ask("数值越小越好时，“按比例”怎样计算没有写明")
    target = top.low if top is not None and top.value == work.full and top.low else None
    for holder in [b.value for b in work.bands] + [work.rest]:
        if isinstance(holder, Rate) and target is not None and work.unit == "%":
            holder.over = target
        elif isinstance(holder, Rate) and target is not None:
            holder.over = target
    if any(isinstance(b.value, Rate) for b in work.bands) or isinstance(work.rest, Rate):
        over = target if target is not None else Decimal(1)
        if over != 1:
            work.built.notes.append(f"“按比例”按实际值与满分标准{shown(over, work.unit)}之比计算")


def _open_value(work: Work, a: Decimal | None, b: Decimal | None) -> Any:
    for step in work.steps:
        if step.covers(a, b):
            return step
    if work.rest is not None:
        return work.rest
    downs = [c for c in work.reading.clauses if isinstance(c.action, Change) and c.action.sign < 0]
    if downs and len(downs) == len([c for c in work.reading.clauses if c.action is not None]) and not work.steps:
        return work.full  # only deductions are told: the rest keeps full points
    return work.full if work.said_full and work.steps else None


def _answers(work: Work) -> None:
    if work.said_full:
        turned = bool(_DENIED.search(work.full_words[:2])) and not work.full_first
        work.built.answers[NO if turned else YES] = work.full
    if work.said_zero:
        work.built.answers[NO] = Decimal(0)
    values = [*(b.value for b in work.bands), work.rest]
    given = {v for v in values if isinstance(v, Decimal)}
    decided = all(v is None or isinstance(v, Decimal) for v in values)
    if decided and given == {work.full, Decimal(0)} and len(work.bands) < 3 and not work.steps:
        work.built.answers.update({YES: work.full, NO: Decimal(0)})


def _finish(work: Work, made: Sorted) -> Built:
    from jixiao.rubric.criteria.pieces import specification

    built, unit = work.built, work.unit
    for text in made.overlaps:
        built.ask(f"有两档重叠（{text}），不能确定按哪一档计分")
    for v in made.contested:
        built.questions.append(f"{shown(v, unit)}同时落在相邻两档，文中没有写明归哪一档，此时由评价人核定")
    if made.nested:
        built.notes.append("同时达到几个标准的，按其中最高的一档计分")
    for a, b in made.gaps:
        _gap(work, a, b)
    _ends(work, made)
    if not any(value is not None for _, _, value in made.atoms):
        return built.ask("没有读出得分与数值的关系")
    if isinstance(work.rest, Between) and len(work.bands) > 1 and all(b.low == b.high for b in work.bands):
        return _named_points(work)
    specification(work, made, intervals(made))
    return built


def _named_points(work: Work) -> Built:
    """60%得0分，100%得满分，中间按插值: points at named figures."""
    points = {str(figure_text(b.low, work.unit)): b.value for b in work.bands if b.low is not None}
    if len(points) < len(work.bands) or not all(isinstance(v, Decimal) for v in points.values()):
        return work.built.ask("插值的各点没有读全")
    if max(points.values()) != work.full:
        return work.built.ask(f"插值各点的最高分与本项满分{plain(work.full)}分不符")
    work.built.spec = {"kind": "interpolate", "full": work.full, "x": work.name, "points": points}
    return work.built


def _gap(work: Work, a: Decimal | None, b: Decimal | None) -> None:
    if work.counted and a != b and a is not None and b is not None and b - a <= 1:
        return
    if a == b and a is not None:
        work.built.questions.append(f"{shown(a, work.unit)}不在任何一档内，此时由评价人核定")
        return
    low = "" if a is None else shown(a, work.unit)
    high = "" if b is None else shown(b, work.unit)
    work.built.ask(f"{low}至{high}之间没有写明得分，档次之间有空档")


def _ends(work: Work, made: Sorted) -> None:
    """What lies below and above everything the text speaks of."""
    first, last = made.atoms[0], made.atoms[-1]
    low, high = first[1], last[0]
    if first[2] is None and low is not None and low > 0 and not (work.counted and low <= 1):
        work.built.questions.append(f"低于{shown(low, work.unit)}时的得分没有写明，此时由评价人核定")
    if last[2] is None and high is not None:
        natural = work.unit == "%" and high == 1
        text = f"超过{shown(high, work.unit)}时的得分没有写明，此时由评价人核定"
        (work.built.notes if natural else work.built.questions).append(text)


def best(value: Any, full: Decimal) -> Decimal:
    """The most that a value can give."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, Steps):
        return value.most
    if isinstance(value, (Line, Rate)):
        return full
    if isinstance(value, Between):
        return max(value.low, value.high)
    return full


__all__ = [
    "Between", "Formula", "Line", "Mark", "Range", "Rate", "Work", "best", "figure_text", "numeric", "plain", "points_of", "written",
]  # fmt: skip
