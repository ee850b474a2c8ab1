"""Clauses over one figure -> a rule: its unit, what full points are, bands, steps, lines."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from jixiao.authoring.criteria.bandrules import named, named_points, specification
from jixiao.authoring.criteria.bands import CONTESTED, COUNTED, Band, Sorted, intervals, sort
from jixiao.authoring.criteria.clauses import Reading, subject
from jixiao.authoring.criteria.draft import NO, YES, Between, Built, Line, Rate, Work, shown
from jixiao.authoring.criteria.phrases import (
    Change,
    Clause,
    Every,
    Formula,
    Given,
    Mark,
    Node,
    Prop,
    Range,
    Sign,
)
from jixiao.authoring.criteria.provisos import BEYOND, absolute, exempt, first, own, veto
from jixiao.authoring.criteria.steps import Steps, stepped
from jixiao.authoring.criteria.unsaid import close_small_gaps, ends, gap, implied, ladder
from jixiao.text import denies

_FALLING = re.compile(r"^[,，]?(?:负增长|为负数?)")
_NO_GAIN = re.compile(r"^[,，]?(?:未|没有|无)(?:提高|增长|上升|增加|提升|改善|下降|降低|减少|压减)的?$")
_NONE_DONE = re.compile(
    r"^[,，]?(?:均|都)?(?:未|没有|没|无)(?:开展|组织|进行|完成|建立|举办|安排|召开|获得|实施)?的?$"
)
_NEGATIVE = ("未", "没", "无", "不", "否", "零")


def in_order(clause: Clause) -> bool:
    """What gives points comes before what takes all of them: a denial is known by what it denies."""
    none = isinstance(clause.action, Given) and clause.action.points == 0
    return none and not clause.ranges and not clause.otherwise


def apart(work: Work, clause: Clause, value: Any) -> bool:
    """Whether a clause in words is a matter of its own: a veto, or a penalty that the rule cannot hold."""
    action = clause.action
    if isinstance(value, Decimal) and _no_gain(work, clause, value):
        return True
    if isinstance(value, Decimal) and _falling(work, clause):
        work.bands.append(Band(None, Mark.SOFT, Decimal(0), Mark.OUT, value))
        return True
    if clause.unless and value != 0:
        work.built.ask(f"“{clause.text}”不满足时怎样扣分没有写明")
        return True
    none = isinstance(action, Given) and value == 0
    if clause.unless or (none and not own(work, clause)):
        veto(work, clause)
        return True
    if value == work.full and isinstance(action, Given) and exempt(work, clause):
        return True
    if isinstance(action, Sign) and action.what == "discretion" and clause.words and not own(work, clause):
        work.built.ask(f"“{clause.text}{action.text}”没有给出算法，由评价人核定")
        return True
    if isinstance(action, Change) and (action.sign > 0 or not own(work, clause, loosely=False)):
        work.built.ask(f"“{clause.text}”的加减分与数值的得分怎样合并没有写明")
        return True
    return False


def _no_gain(work: Work, clause: Clause, value: Decimal) -> bool:
    """未提高不得分 beside bands of what was gained: up to zero nothing was."""
    if work.counted and value == 0 and _NONE_DONE.match(clause.text) and work.bands and not work.steps:
        nothing = not any(b.strength(Decimal(0), counted=True) for b in work.bands)
        work.bands += [Band(Decimal(0), Mark.IN, Decimal(0), Mark.IN, value)] if nothing else []
        return nothing
    rising = work.unit == "%" and bool(work.bands) and not work.steps
    if not rising or value != 0 or not _NO_GAIN.match(clause.text):
        return False
    if any(v is not None and v < 0 for b in work.bands for v in (b.low, b.high)):
        return False
    for band in work.bands:
        if band.low is None and band.high is not None and band.high > 0:
            band.low, band.low_mark = Decimal(0), Mark.OUT
    work.bands.append(Band(None, Mark.SOFT, Decimal(0), Mark.IN, value))
    return True


def _falling(work: Work, clause: Clause) -> bool:
    """负增长不得分 beside bands of growth from zero on."""
    rising = bool(work.bands) and all(b.low is not None and b.low >= 0 for b in work.bands)
    return rising and work.unit == "%" and bool(_FALLING.search(clause.text))


def in_words(work: Work, clause: Clause, value: Any) -> None:
    """Points that words give: all of them, or none."""
    negative = any(sign in clause.text[:6] for sign in _NEGATIVE)
    if value == work.full and (work.said_full or full_band(work)) and not own(work, clause):
        work.built.ask(f"“{clause.text}”与数值的关系没有写明")
    elif value == work.full:
        work.said_full, work.full_words = True, clause.text
        work.full_first = clause is work.reading.clauses[0]
    elif value == 0:
        work.said_zero = True
        if work.rest is None and work.bands and not work.steps and BEYOND.search(clause.text):
            work.rest = value  # 达到90%得3分，未达到的不得分
        elif not negative:
            work.built.ask(f"“{clause.text}”与数值的关系没有写明")
    else:
        work.built.ask(f"“{clause.text}”与数值的关系没有写明")


def points_of(given: Given, full: Decimal) -> Decimal | None:
    """Points of an award; None where a person picks between two."""
    if given.most is not None:
        return None
    if given.share is not None:
        return full * given.share
    return given.points


def full_band(work: Work) -> Band | None:
    """The band that gives most."""
    values = [b for b in work.bands if isinstance(b.value, Decimal)]
    best = max((b.value for b in values), default=None)
    return next((b for b in values if b.value == best), None)


def whole_rate(work: Work, clauses: Sequence[Clause]) -> Sequence[Clause]:
    """100%得满分，每有1件未办结扣…: where single things are counted, the full rate says that there is none of them."""
    counts = {c.every.each.unit for c in clauses if c.every is not None}
    full = [c for c in clauses if c.ranges and isinstance(c.action, Given) and c.every is None]
    if (
        len(full) != 1
        or not counts
        or not counts <= set(COUNTED)
        or [r.unit for r in full[0].ranges] != ["%"]
    ):
        return clauses
    if full[0].ranges[0].low != 1 or _award(full[0], work.full) != work.full:
        return clauses
    full[0].words, full[0].ranges = [full[0].text], []
    return clauses


def _award(clause: Clause, full: Decimal) -> Decimal | None:
    return points_of(clause.action, full) if isinstance(clause.action, Given) else None


def unit_of(work: Work, clauses: Sequence[Clause]) -> str:
    """The unit of the figures; a question where they have several."""
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


_FULL = re.compile(
    r"(?:本|该|此)?(?:项|指标)?(?:满分)?(?:分值|权重|权重分|权重值|满分|标准分|分数|总分)(?:值)?"
)
_POINTS = re.compile(r"得分|分数|评分|[+\-]")
Linear = tuple[Decimal, Decimal, str]


def affine(node: Node, full: Decimal) -> tuple[Decimal, Decimal] | None:
    """``(a, b)`` of the formula, None where it has two unknowns or none."""
    line = _line(node, full)
    return (line[0], line[1]) if line is not None and line[2] else None


def unknown(node: Node, full: Decimal) -> str:
    """The name of the unknown: 执行率, or 已完成项目数/预算安排项目数."""
    line = _line(node, full)
    return line[2] if line else ""


def _line(node: Node, full: Decimal) -> Linear | None:
    if node.op == "full" or (node.op == "name" and _FULL.fullmatch(node.name)):
        return full, Decimal(0), ""
    if node.op == "number":
        return node.value or Decimal(0), Decimal(0), ""
    if node.op == "name":
        return Decimal(0), Decimal(1), node.name
    left, right = (_line(side, full) for side in node.sides)
    if left is None or right is None:
        return None
    if node.op in ("plus", "minus"):
        return _sum(left, right, 1 if node.op == "plus" else -1)
    return _product(left, right) if node.op == "times" else _quotient(left, right)


def _sum(left: Linear, right: Linear, sign: int) -> Linear | None:
    if left[2] and right[2] and left[2] != right[2]:
        if any(side[0] != 0 or side[1] != 1 for side in (left, right)):
            return None  # 甲率×60%+乙率×40% is no one unknown
        return Decimal(0), Decimal(1), f"{left[2]}{'+' if sign > 0 else '-'}{right[2]}"
    return left[0] + sign * right[0], left[1] + sign * right[1], left[2] or right[2]


def _quotient(left: Linear, right: Linear) -> Linear | None:
    if right[2]:
        whole = bool(left[2]) and left[0] == 0 and right[0] == 0
        return (Decimal(0), left[1] / right[1], f"{left[2]}/{right[2]}") if whole else None
    return (left[0] / right[0], left[1] / right[0], left[2]) if right[0] else None


def _product(left: Linear, right: Linear) -> Linear | None:
    if left[2] and right[2]:
        return None
    factor, line = (left[0], right) if right[2] else (right[0], left)
    return line[0] * factor, line[1] * factor, line[2]


def mix(node: Node, full: Decimal) -> dict[str, Decimal] | None:
    """``{name: points at 100%}`` of a weighted mix, (入库率×50%+开工率×50%)×分值; None where it is none."""
    if node.op == "plus":
        sides = [mix(side, full) for side in node.sides]
        if sides[0] is None or sides[1] is None or set(sides[0]) & set(sides[1]):
            return None
        return {**sides[0], **sides[1]}
    if node.op == "times":
        for side, other in (node.sides, node.sides[::-1]):
            line, inner = _line(other, full), mix(side, full)
            if inner is not None and line is not None and not line[2]:
                return {name: share * line[0] for name, share in inner.items()}
    line = _line(node, full)
    if line is None or not line[2] or line[0] or line[1] <= 0 or _POINTS.search(line[2]):
        return None
    return {line[2]: line[1]}


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
    none = bool(denies(work.full_words[:2]) or _LEVEL.search(work.full_words))
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
        turned = denies(work.full_words[:2]) and not work.full_first
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
