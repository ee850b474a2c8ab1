"""Clauses over one quantity -> bands, steps, proportions, or pieces of them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from jixiao.authoring.criteria.bandsort import CONTESTED, Band, Sorted, intervals, sort
from jixiao.authoring.criteria.beside import absolute, first
from jixiao.authoring.criteria.built import NO, YES, Built, shown
from jixiao.authoring.criteria.clauses import Reading
from jixiao.authoring.criteria.implied import DENIED, close_small_gaps, ends, gap, implied, ladder
from jixiao.authoring.criteria.linear import affine, unknown
from jixiao.authoring.criteria.phrases import Change, Clause, Every, Formula, Given, Mark, Prop, Range, Sign
from jixiao.authoring.criteria.pieces import named, named_points, specification
from jixiao.authoring.criteria.stepping import Steps, stepped
from jixiao.authoring.criteria.subjects import subject
from jixiao.authoring.criteria.units import unit_of, whole_rate
from jixiao.authoring.criteria.worded import apart, full_band, in_order, in_words, points_of
from jixiao.authoring.criteria.work import Between, Line, Rate, Work

_OF_TARGET = re.compile(r"/(?:年度|年初|预期|绩效|设定)*(?:目标|指标|计划|标准|基准)值?$")
_LEVEL = re.compile(r"^零|持平|不变|下降|零增长|未增|不增|[比较](?:上年|去年|上1年|同期).{0,6}(?:减|降)")


def numeric(reading: Reading, clauses: Sequence[Clause], full: Decimal, name: str) -> Built:
    """The rule of clauses that speak about one quantity."""
    built = Built(full=full)
    work = Work(reading, full, name, built)
    clauses = whole_rate(work, clauses)
    work.unit = built.unit = unit_of(work, clauses)
    work.around = any(r.suffix == "±" for c in clauses for r in c.ranges)
    for clause in sorted(clauses, key=in_order):
        _clause(work, clause)
    implied(work)
    close_small_gaps(work.bands, work.unit)
    if work.rest is None and not work.steps:
        ladder(work.bands)
    made = _sorted(work)
    if not built.understood and built.spec is None and not made.atoms:
        return built
    _answers(work)
    told = [c.action for c in clauses if c.ranges]
    settled = work.said_full and (isinstance(work.rest, Decimal) or work.said_zero)
    if settled and told and all(isinstance(a, Change) for a in told):
        return built.ask(f"“{next(c.text for c in clauses if c.ranges)}”与其他写法怎样合并没有写明")
    return _finish(work, made)


def _clause(work: Work, clause: Clause) -> None:
    action = clause.action
    if isinstance(action, (Given, Change)) and clause.every is not None:
        _step(work, clause, action)
    elif action is None:
        _unpaid(work, clause)
    else:
        value = _value(work, clause)
        if value is None:
            return
        if not clause.ranges and not clause.otherwise and apart(work, clause, value):
            return
        if clause.ranges:
            work.bands += _bands(clause, value)
        elif clause.otherwise or not isinstance(action, Given):
            _rest(work, clause, value)
        else:
            in_words(work, clause, value)


def _unpaid(work: Work, clause: Clause) -> None:
    """A clause without points of its own."""
    steps = {c.every.each.unit for c in work.reading.clauses if c.every is not None}
    point = all(r.point is not None and r.unit in steps for r in clause.ranges)
    if clause.ranges and not work.reading.base and point:
        work.reading.base = clause.ranges[0]  # 以此为起点: a figure without points of its own
    elif clause.ranges or clause.every:
        work.built.ask(f"“{clause.text}”没有写明得多少分")


def _rest(work: Work, clause: Clause, value: Any) -> None:
    """What holds wherever no range does."""
    lines = isinstance(work.rest, (Rate, Line)) and isinstance(value, (Rate, Line))
    if lines and isinstance(value, Rate):
        return  # 按比例计分 beside its formula: the formula says how
    if work.rest is not None and repr(work.rest) != repr(value) and not isinstance(work.rest, Rate):
        work.built.ask(f"“{clause.text}”与前面的写法怎样合并没有写明")
    work.rest = value


def _value(work: Work, clause: Clause) -> Any:
    action = clause.action
    if isinstance(action, Given):
        points = points_of(action, work.full)
        if points is None:
            work.built.doubt(f"“{clause.text}”的得分是一个范围，由评价人在范围内核定")
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
        target = work.reading.target
        if (
            line is not None
            and target is not None
            and target.low
            and _OF_TARGET.search(unknown(action.node, work.full))
        ):
            return Rate(target.low)  # 指标值≥90%，按实际值/指标值×分值: the actual value is what is told
        if line is None:
            work.built.ask(f"算式“{clause.text}”含有不止一个未知数，不能确定怎样计算")
            return CONTESTED
        return Line(*line)
    if isinstance(action, Sign) and action.what == "linear":
        return Between()
    work.built.doubt(
        f"“{action.text if isinstance(action, Sign) else clause.text}”没有给出算法，由评价人核定"
    )
    return CONTESTED


def _bands(clause: Clause, value: Any) -> list[Band]:
    if clause.split:
        return [_band(side, value) for side in (clause.ranges[: clause.split], clause.ranges[clause.split :])]
    return [_band(clause.ranges, value)]


def _band(ranges: Sequence[Range], value: Any) -> Band:
    band = Band(None, Mark.SOFT, None, Mark.SOFT, value)
    for found in ranges:
        if found.low is not None:
            band.low, band.low_mark = found.low, found.low_mark
        if found.high is not None:
            band.high, band.high_mark = found.high, found.high_mark
    return band


def _step(work: Work, clause: Clause, action: Given | Change) -> None:
    assert isinstance(clause.every, Every)
    made = stepped(clause, action, work.full, subject(clause))
    top = full_band(work)
    if made.way == 2 and (clause.split or (top is not None and top.wide)):
        work.steps += made.outwards(top)  # 低于90%或高于110%每偏离1个百分点: from both edges
    else:
        work.steps.append(made)


def _sorted(work: Work) -> Sorted:
    top = full_band(work)
    none = bool(DENIED.search(work.full_words[:2]) or _LEVEL.search(work.full_words))
    for step in work.steps:
        step.target = _edge(work.reading.target, step.way)
        problem = step.place(top, work.reading.base, said_full=work.said_full, none=none, full=work.full)
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
    _base_told(work, atoms)
    made.gaps = []
    held = [i for i, atom in enumerate(atoms) if atom[2] is not None]
    for a, b, value in atoms[held[0] : held[-1] + 1] if held else ():
        if value is None:
            made.gaps.append((a, b))
    return made


def _edge(target: Range | None, way: int) -> Decimal | None:
    """The figure of a target on whose wrong side the steps lie."""
    if target is None:
        return None
    return target.low if way < 0 else target.high if way > 0 else None


def _base_told(work: Work, atoms: Sequence[tuple[Decimal | None, Decimal | None, Any]]) -> None:
    """Steps that go on from a band with other points than their own: from which points they count has to be said."""
    for (_, _, one), (_, _, other) in itertools.pairwise(atoms):
        for step, near in ((one, other), (other, one)):
            if isinstance(step, Steps) and isinstance(near, Decimal) and step.base_told is None:
                at_start = step.start in (
                    atoms[0][1],
                    *(a for a, _, v in atoms if v is near),
                    *(b for _, b, v in atoms if v is near),
                )
                if at_start and near not in (step.base, Decimal(0)) and not step.gains:
                    work.built.ask(f"“{step.told}”从几分起计算没有写明")


def _rates(work: Work, top: Band | None) -> None:
    """A proportion is taken of the figure that gives full points: 90% for a target of 90%."""
    rated = any(isinstance(v, Rate) for v in [*(b.value for b in work.bands), work.rest])
    if rated and top is not None and top.value == work.full and top.low is None and top.high is not None:
        work.built.doubt("数值越小越好时，“按比例”怎样计算没有写明")
        work.rest = CONTESTED if isinstance(work.rest, Rate) else work.rest
        for band in work.bands:
            band.value = CONTESTED if isinstance(band.value, Rate) else band.value
    target = top.low if top is not None and top.value == work.full and top.low else None
    for holder in [b.value for b in work.bands] + [work.rest]:
        if isinstance(holder, Rate) and target is not None and work.unit == "%":
            holder.over = target
        elif isinstance(holder, Rate) and target is not None:
            holder.over = target
    if rated and target is None and work.unit not in ("%", ""):
        work.built.ask(f"“按比例”与按{work.unit}计的数怎样合并没有写明")
    if any(isinstance(b.value, Rate) for b in work.bands) or isinstance(work.rest, Rate):
        over = target if target is not None else Decimal(1)
        if over != 1:
            work.built.notes.append(f"“按比例”按实际值与满分标准{shown(over, work.unit)}之比计算")


def _open_value(work: Work, a: Decimal | None, b: Decimal | None) -> Any:
    covering = [step for step in work.steps if step.covers(a, b)]
    if len(covering) > 1:
        told = "”与“".join(step.told for step in covering)
        work.built.ask(f"“{told}”怎样合并计算没有写明")
        return CONTESTED
    if covering:
        return covering[0]
    if work.rest is not None:
        return work.rest
    base = work.reading.base.low if work.reading.base is not None else None
    if base is not None and base < 1 and work.unit == "%" and a is not None and a >= base:
        return work.full  # 以90%为基准，每低1个百分点扣…: only a shortfall costs points
    acting = [c for c in work.reading.clauses if c.action is not None]
    downs = [c for c in acting if isinstance(c.action, Change) and c.action.sign < 0]
    none = [c for c in acting if isinstance(c.action, Given) and c.action.points == 0]
    if downs and len(downs) + len(none) == len(acting) and not (work.steps and none == []):
        return work.full  # only deductions are told: the rest keeps full points
    return work.full if work.said_full and work.steps else None


def _answers(work: Work) -> None:
    if work.said_full:
        turned = bool(DENIED.search(work.full_words[:2])) and not work.full_first
        work.built.answers[NO if turned else YES] = work.full
        work.built.answers[work.full_words] = work.full
    if work.said_zero:
        work.built.answers[NO] = Decimal(0)
    for clause in work.reading.clauses:
        points = points_of(clause.action, work.full) if isinstance(clause.action, Given) else None
        counted = all(r.bare for r in clause.ranges) and clause.words
        if points is not None and counted and not clause.otherwise and clause.every is None:
            work.built.answers.setdefault(clause.text, points)
    values = [*(b.value for b in work.bands), work.rest]
    given = {v for v in values if isinstance(v, Decimal)}
    decided = all(v is None or isinstance(v, Decimal) for v in values)
    if decided and given == {work.full, Decimal(0)} and len(work.bands) < 3 and not work.steps:
        work.built.answers.update({YES: work.full, NO: Decimal(0)})
    elif decided and given == {work.full} and len(work.bands) == 1 and not work.steps:
        work.built.answers.setdefault(YES, work.full)


def _finish(work: Work, made: Sorted) -> Built:
    built, unit = work.built, work.unit
    for text in made.overlaps:
        built.doubt(f"有两档重叠（{text}），不能确定按哪一档计分")
    for v in made.contested:
        built.questions.append(f"{shown(v, unit)}同时落在相邻两档，文中没有写明归哪一档，此时由评价人核定")
    if made.nested:
        built.notes.append("同时达到几个标准的，按其中最高的一档计分")
    for a, b in made.gaps:
        gap(work, a, b)
    ends(work, made)
    if not any(value is not None for _, _, value in made.atoms):
        return built.ask("没有读出得分与数值的关系")
    if isinstance(work.rest, Between) and named(work.bands):
        return named_points(work)
    _unused(work, made)
    specification(work, made, intervals(made))
    absolute(work)
    first(built)
    return built


def _unused(work: Work, made: Sorted) -> None:
    """A band or step that decides nothing has been misread, or the text contradicts itself."""
    decided = [repr(value) for _, _, value in made.atoms]
    if isinstance(work.rest, (Line, Rate)) and repr(work.rest) not in decided:
        work.built.ask("文中的算式没有用到，各条之间可能矛盾")
    for value in [*(b.value for b in work.bands), *work.steps]:
        if repr(value) not in decided and CONTESTED not in (value, *(v for _, _, v in made.atoms)):
            work.built.ask("文中有一条不起作用，各条之间可能矛盾")
