"""Frames held against the workbook, against each other and inside their sentence.

A figure has an interval, from the digits that are written; a value of the workbook is exact. What is off by the last digit
alone is a note: published texts cut digits off. A value of the workbook goes before one of the text, and a figure that is
known to be wrong tells nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import product

from jixiao.audit.frames import ALL_FUNDS, BUDGETED, NOTHING, Frame, Reading, Tie
from jixiao.audit.known import BY_FUNCTION, same_unit
from jixiao.audit.named import fits
from jixiao.audit.operands import FISCAL, LEFT_OVER, NO_BASE, NO_VALUE, ONLY_PLANNED, WIDE, Operand, Values
from jixiao.audit.statement import (
    UNDEFINED,
    Conflict,
    Inside,
    Outcome,
    Statement,
    conflict,
    equal,
    in_unit,
    known_text,
    shown,
)
from jixiao.model import half_up

Result = tuple[Decimal, Decimal, str, tuple[Statement, ...]]
"""Low and high end, how it was reckoned, and the figures of the report that it rests on."""
LOOSE = Decimal("1.5")  # last digits by which a figure may be off and be called cut off
MAX_VALUES = 3
HUNDRED = Decimal(100)


class Holder:
    """Settles the readings of one report."""

    def __init__(self, values: Values) -> None:
        self.values = values
        self.conflicts: list[Conflict] = []
        self.readings: Sequence[Reading] = ()
        self.shared: set[tuple[object, ...]] = set()  # of what the shares of a paragraph were seen to be

    def settle(self, readings: Sequence[Reading]) -> None:
        """Plain figures by the workbook first, then what hangs together."""
        self.readings = readings
        for reading in readings:
            reading.statement.about = (*reading.frame.items, reading.frame.fund, reading.frame.own)
        for reading in readings:
            if reading.statement.open and reading.tie in (Tie.PLAIN, Tie.BASE):
                self._plain(reading)
        by_tie = {
            Tie.SUM: self._sum, Tie.EACH: self._each, Tie.CHANGE: self._change, Tie.EITHER: self._either, Tie.SHARE: self._share,
            Tie.DONE: self._done, Tie.RATE: self._rate, Tie.MEAN: self._mean,
        }  # fmt: skip
        for tie, settle in (
            *by_tie.items(),
            (Tie.SHARE, self._share),
        ):  # shares once more: by what the others are of
            for reading in readings:
                if reading.statement.open and reading.tie is tie:
                    settle(reading)

    # ---- one figure

    def _plain(self, reading: Reading) -> None:
        item, frame = reading.statement, reading.frame
        # a figure of another year has that in its scope; a slip of the year is found by the figures that agree
        for asked in dict.fromkeys((frame, replace(frame, time="") if frame.away else frame)):
            sure, loose = self.values.of(asked, item.figure.unit)
            sure, loose = ([value for value in part if fits(item.figure, value)] for part in (sure, loose))
            if sure:
                break
        item.subject = frame.text()
        same = [v for v in sure or loose if equal(item.figure, v.value, v.unit)]
        said = next((v for v in same if self.values.done(v)), same[0] if same else None)
        done = [v for v in sure if said is not None and v.owner == said.owner and self.values.done(v)]
        if said is not None and said.owner and done and not self.values.done(said) and not frame.stages:
            item.leaves(item.subject, ONLY_PLANNED)
        elif said is not None:
            item.agrees(said.owner or said.name, known_text(said, item.figure), said.place(), said)
            item.quantity = "" if said.owner else said.name
            meant = self.values.frames.get(id(said), NOTHING).items[:1]
            if len(frame.items) > 1 and meant and meant[0] in frame.items:
                self.values.seen[item.figure.at, frame.items] = meant[0]
        elif not sure:
            self._unpaid(item, frame)
        elif frame.weak:
            item.leaves(item.subject, LEFT_OVER)
        else:
            texts = dict.fromkeys(known_text(value, item.figure) for value in sure)
            item.disagrees(
                sure[0].owner or sure[0].name, "或".join(list(texts)[:MAX_VALUES]), sure[0].place()
            )
            if not item.open and len({value.value for value in sure}) == 1:
                item.known = sure[0]

    def _unpaid(self, item: Statement, frame: Frame) -> None:
        """购置公务用车1辆: none where nothing was paid for it; else the workbook does not know."""
        money = self.values.words.unpaid.get(frame.items[0], "") if frame.items else ""
        paid = self.values.of(Frame((money,), stage="决算"), "万元")[0] if money and not frame.away else []
        if paid and not any(value.value for value in paid) and item.figure.value and not frame.weak:
            item.disagrees(item.subject, f"0{item.figure.unit}", paid[0].place(), f"{money}为0")
        else:
            item.leaves(item.subject, NO_VALUE)

    def _judge(self, reading: Reading, subject: str, results: Sequence[Result], sure: bool) -> None:
        """Hold a figure against what may be reckoned: (low, high, how, whether all of it is the workbook's)."""
        item = reading.statement
        figure = item.figure
        if not results and reading.tie in (Tie.DONE, Tie.RATE):
            results, sure = self._planned(reading), False
        if not results:
            item.leaves(subject, item.why or NO_BASE)
            return
        off = next((result for result in results if figure.holds(*result[:2])), None)
        low, high, how, rests = results[0]
        value = half_up((low + high) / 2, figure.digits)
        said = f"{shown(value)}{figure.unit}"
        if off is not None:
            low, high, how, rests = off
            item.agrees(subject, f"{shown(half_up((low + high) / 2, figure.digits))}{figure.unit}", how)
        elif not sure or item.scope:
            item.leaves(subject, item.scope or LEFT_OVER)
        elif not figure.worded and any(figure.holds(*result[:2], LOOSE) for result in results):
            words = {"subject": subject, "said": figure.shown, "value": said, "how": how}
            self.conflicts.append(conflict("J775", (item,), Inside.TAIL, words))
        elif not rests:
            item.disagrees(subject, said, how)
        elif not any(each.open for each in rests):
            item.disagrees(subject, said, how, Inside.RECKONED)
        else:
            words = {"subject": subject, "said": figure.shown, "value": said, "how": how}
            self.conflicts.append(
                conflict("J774", (item, *rests), f"{Inside.RECKONED}，不能判定哪个有误", words)
            )

    def _planned(self, reading: Reading) -> list[Result]:
        """任务75亿元…76.92亿元，完成全年任务102.56%: the amount before over the last one of its paragraph that was planned."""
        done = reading.before
        plans = [
            self.values.stated(each) for each in self.readings
            if done is not None and each.frame.stage == "计划" and each.figure.unit == done.figure.unit
            and each.figure.at == reading.figure.at and each.figure.start < done.figure.start
        ]  # fmt: skip
        over = self.values.stated(done) if done is not None else None
        return [each for two in plans[-1:] if over and two for each in _ratio(over, two)]

    # ---- relations

    def _operands(self, frame: Frame, reading: Reading) -> list[Operand]:
        return self.values.operands(frame, reading)

    def _ratios(self, ones: Sequence[Operand], twos: Sequence[Operand]) -> list[Result]:
        return [each for one, two in self.values.pairs(ones, twos) for each in _ratio(one, two)]

    @staticmethod
    def _void(item: Statement, name: str, twos: Sequence[Operand], why: str) -> bool:
        """Whether all that a rate may rest on is nothing."""
        if not twos or any(two.value for two in twos):
            return False
        item.disagrees(name, UNDEFINED, "", f"{why}为0，无法计算")
        return True

    def _change(self, reading: Reading) -> None:
        """比预算增加5万元，增长5%: the difference, its direction and its rate, each from the two sides or in its sentence."""
        item, figure, sign = reading.statement, reading.figure, reading.sign
        if figure.value < 0 < sign:
            item.disagrees(figure.clause[-8:], shown(abs(figure.value)), "", "增长写成了负数")
            return
        one, two, ones, twos = self._sides(reading)
        if not sign:
            sign = reading.sign = 1 if ones and twos and ones[0].value >= twos[0].value else -1
        sides = (reading.frame, reading.base) if reading.rate else (one, two)
        name = "比".join(side.text() or "所比的数" for side in sides)
        names = self.values.rate_names(reading.rate, one, figure.text[: figure.start]) if reading.rate else ()
        own = next((v for v in self.values.known.of(names) if equal(figure, v.value, v.unit)), None)
        if own is not None:
            item.agrees(own.name, known_text(own, figure), own.place(), own)
            return
        if not (reading.base.said or reading.rate):
            self._unbased(reading, name)
        elif not _sure(reading, *ones, *twos):
            item.leaves(name, LEFT_OVER)
        elif reading.rate is not None and not figure.value and ones and twos:
            moved = ones[0].value - twos[0].value
            right = moved * (sign or 1) <= 0
            item.holds(right, name, "0" if right else shown(abs(moved)), "")
        elif not self._turned(reading, name):
            rate = figure.unit == "%"
            if rate and self._void(item, name, twos, "所比的数"):
                return
            results = (self._rates if rate else self._moved)(reading, ones, twos)
            if results and all(high < 0 for _, high, *_ in results):
                low, high, how, _ = results[0]
                value = half_up(-(low + high) / 2, figure.digits)
                way = "减少" if sign > 0 else "增加"
                item.disagrees(name, f"{way}{shown(value)}{figure.unit}", how, "增减方向相反")
            else:
                self._judge(reading, name, results, True)

    def _unbased(self, reading: Reading, name: str) -> None:
        """压缩12万元，压缩8.45%: no base is named; the rate has to follow from the difference, whatever the base is."""
        change, frame = reading.change, reading.frame
        moved = self.values.stated(change) if change is not None else None
        if moved is None or change is None or not frame.items:
            reading.statement.leaves(name, NO_BASE)
            return
        stages = (replace(frame, stage=stage, time="") for stage in ("决算", *BUDGETED))
        results: list[Result] = []
        for one in (one for stage in stages for one in self._operands(stage, reading)):
            before = replace(one, value=one.value - reading.sign * in_unit(moved.value, moved.unit, one.unit))
            results += [each for base in (before, one) for each in _ratio(moved, base)]
        self._judge(reading, name, results, not frame.weak and change.sign == reading.sign)

    def _sides(self, reading: Reading) -> tuple[Frame, Frame, list[Operand], list[Operand]]:
        """What is compared and with what: the frames and what they are worth."""
        one = replace(reading.frame, stage=reading.frame.stage or "决算")
        two = other_side(one, reading.base)
        ones = self._operands(one, reading)
        if two.items == one.items and ones:  # 三公经费…支出: the other side is of the same one
            two = replace(two, items=self.values.item_of(ones[0], one))
        return one, two, ones, self._operands(two, reading)

    def _turned(self, reading: Reading, name: str) -> bool:
        """减少12万元，增长6%: the difference and its rate go in two directions."""
        change, item = reading.change, reading.statement
        if change is None or change.sign != -reading.sign or change.base != reading.base:
            return False
        if change.frame.items != reading.frame.items:
            return False
        value = f"与“{change.figure.shown}”同方向"
        words = {"subject": name, "said": item.figure.shown, "value": value, "how": "增减额"}
        self.conflicts.append(conflict("J774", (item, change.statement), Inside.RECKONED, words))
        return True

    def _rates(self, reading: Reading, ones: Sequence[Operand], twos: Sequence[Operand]) -> list[Result]:
        pairs = self.values.pairs(ones, twos or self._without(reading, ones))
        return [each for one, two in pairs for each in _rate_of(one, two, reading.sign)]

    def _moved(self, reading: Reading, ones: Sequence[Operand], twos: Sequence[Operand]) -> list[Result]:
        """The difference of every pair, in the unit of the figure."""
        made: list[Result] = []
        for one, two in self.values.pairs(ones, twos):
            if not same_unit(one.unit, reading.figure.unit):
                continue
            (a, b), (c, d) = (each.ends(reading.figure.unit) for each in (one, two))
            low, high = sorted((reading.sign * (a - d), reading.sign * (b - c)))
            made.append((low, high, f"{one.text}与{two.text}", _from(one, two)))
        return made

    def _without(self, reading: Reading, ones: Sequence[Operand]) -> list[Operand]:
        """The base that follows from the value and its difference in the same sentence: 792.22 - 189.25."""
        change = reading.change
        made = self.values.stated(change) if change is not None and change.sign == reading.sign else None
        if made is None or change is None or change.figure.unit == "%":
            return []
        return [
            Operand(
                one.value - reading.sign * in_unit(made.value, made.unit, one.unit),
                one.give + in_unit(made.give, made.unit, one.unit), one.unit,
                f"{one.text}{'-' if reading.sign > 0 else '+'}{made.text}", statement=change.statement,
            )
            for one in ones
        ]  # fmt: skip

    def _either(self, reading: Reading) -> None:
        """超预算1.30万元, 超过预算12万元: the difference or what it is compared with."""
        one, two, ones, twos = self._sides(reading)
        moved = self._moved(reading, ones, twos)
        unit = reading.figure.unit
        compared: list[Result] = [(*each.ends(unit), each.text, _from(each)) for each in twos]
        sure = bool(moved) and _sure(reading, *ones, *twos) and not any(rests for *_, rests in moved)
        self._judge(reading, f"{one.text()}与{two.text()}", [*moved, *compared], sure)

    def _share(self, reading: Reading) -> None:
        """占60%; 各占一半: every one of several has to; 两项合计占80%: their sum."""
        if reading.parts and not reading.sign:
            self._each(reading)
        else:
            self._share_of(reading)

    def _share_of(self, reading: Reading) -> None:
        item, before = reading.statement, reading.before
        if self._told(item, self.values.share_names(reading.base)):
            return
        parts: list[Operand] = []
        weak = False
        if reading.parts:
            parts, weak = list(self._added(reading)), any(frame.weak for frame in reading.parts)
            reading.frame = reading.parts[0]
        elif reading.frame.items:
            parts, weak = self._operands(reading.frame, reading), reading.frame.weak
        elif before is not None and before.figure.block is item.figure.block:
            parts = self.values.meant(before)
        wholes = self._wholes(reading)
        pairs = self.values.pairs(parts, wholes)
        if not reading.base.fund and item.figure.value != HUNDRED:  # a part is less than its whole
            pairs = [(a, b) for a, b in product(parts, wholes) if a.value != b.value and a.beside(b)] or pairs
        staged = [(a, b) for a, b in pairs if None in (a.known, b.known) or self.values.one_stage(a, b)]
        results = [each for one, two in staged or pairs for each in _ratio(one, two)]
        frame = reading.base
        base = frame.text() or (reading.parent.frame.text() if reading.parent else "合计")
        if parts and self._void(item, f"占{base}", wholes, "合计"):
            return
        own = reading.frame if reading.frame.items or before is None else before.frame
        bare = frame.stage and not (frame.items or frame.fund)
        told = (
            own.items
            if bare
            else frame.items or reading.parent is not None or (wholes and not self._halves(own))
        )
        weak |= frame.weak or (own.weak and bool(bare))
        weak |= any(low > HUNDRED for low, *_ in results[:1])  # no part is more than its whole
        of = (item.figure.at, *self._halves(own)[:1])
        self._judge(reading, f"占{base}", results, (bool(told) or of in self.shared) and not weak)
        if item.outcome is Outcome.AGREES and not told:
            self.shared.add(of)

    def _wholes(self, reading: Reading) -> list[Operand]:
        frame, before = reading.base, reading.before
        own = reading.frame if reading.frame.items else before.frame if before is not None else NOTHING
        if frame.stages and not (frame.items or frame.fund):
            of = (Frame(items, own.fund, frame.stage) for items in (own.items[:1], ("支出",)))
            return [each for asked in of if asked.items for each in self._operands(asked, reading)]
        if frame.said and (frame.items or frame.fund):
            if not frame.items:
                frame = replace(frame, items=("支出", "收入"))
            stage = frame.stage or own.stage
            asked = Frame(frame.items, frame.fund, stage, frame.time)
            made = self._operands(asked, reading) or self._operands(replace(asked, stage=""), reading)
            return [
                *made,
                *(self._operands(replace(asked, fund=FISCAL), reading) if frame.fund == ALL_FUNDS else ()),
            ]
        parent = reading.parent
        if parent is not None and (parent is not before or reading.frame.items):
            whole = self.values.stated(parent)
            more = [Frame((w,), own.fund, own.stage) for w in self._halves(own) if w != parent.frame.key]
            found = [
                each for frame in more for each in self._operands(frame, reading)
            ]  # or of the whole of both
            return [whole, *found] if whole is not None else found
        rows = [
            value
            for item in own.items
            for _, value in self.values.by_item.get(item, ())
            if value.name == BY_FUNCTION
        ]
        whole_of = [Frame(("支出",), row.fund, "决算") for row in rows[:1]] or [
            Frame((whole,), own.fund, own.stage) for whole in self._halves(own)
        ]
        kin = self.values.kin(own) if not whole_of else None
        whole_of = [kin[0]] if kin is not None else whole_of
        return [each for frame in whole_of for each in self._operands(frame, reading)]

    def _halves(self, own: Frame) -> list[str]:
        """What a part may be a share of, where no whole is named."""
        words = self.values.words
        made = words.made_of(own.key)
        made += [words.wholes[own.key]] if own.key in words.wholes else []
        return made + (["项目支出"] if own.key in self.values.projects else [])

    def _done(self, reading: Reading) -> None:
        item = reading.statement
        over, under = self._operands(reading.frame, reading), self._operands(reading.base, reading)
        name = f"{reading.frame.text()}占{reading.base.text()}"
        sure = _sure(reading, *over, *under)
        if sure and self._void(item, name, under, "预算数"):
            return
        before = self.values.stated(reading.before) if reading.before and reading.before.sign else None
        over += [before] if before is not None else []  # 超收5万元，为预算的105%, 调减5万元，为预算的5%
        self._judge(reading, name, self._ratios(over, under), sure)

    def _rate(self, reading: Reading) -> None:
        rate, item, frame = reading.rate, reading.statement, reading.frame
        if rate is None:
            return
        values = self.values
        spoken = frame.items or ((rate.item,) if rate.item else ())
        names = values.rate_names(rate, frame, item.figure.text[: item.figure.start])
        found = values.known.of(names)
        if not found and self._told(item, names):
            return
        results: list[Result] = [(v.value, v.value, v.place(), ()) for v in found]
        # a budget may have been adjusted to what is not known
        adjusted = (
            bool(found) or "全年" not in rate.under or not {*spoken[:1]} & {*WIDE, *values.words.generic}
        )
        for fund in dict.fromkeys((frame.fund, "")) if rate.over or rate.whole else ():
            if len(results) > len(found):
                break
            items = spoken or (() if frame.own else ("支出",))
            over = self._operands(Frame(items, fund, rate.over or "决算", frame.time, own=frame.own), reading)
            items = values.item_of(over[0], Frame(items)) if over else items
            for stage in rate.under or ("决算",):
                asked = Frame((rate.whole,) if rate.whole else items, fund, stage, frame.time, own=frame.own)
                results += self._ratios(over, self._operands(asked, reading))
                here = any(each.figure.at == item.figure.at for *_, rests in results for each in rests)
                adjusted |= bool(results) and (stage == "全年" or here)
        item.quantity = found[0].name if found else ""
        subject = found[0].name if found else "".join(frame.items[:1]) + rate.words[0]
        sure = not frame.weak or (bool(frame.own) and all(rests for *_, rests in results))
        self._judge(reading, subject, results, sure and adjusted)

    def _told(self, item: Statement, names: Sequence[str]) -> bool:
        """Whether one of the workbook's own rates settles a figure: its value, or that it has none."""
        known = self.values.known
        value = next(iter(known.of(names)), None)
        without = next((name for name in names if name in known.undefined), "")
        if value is not None:
            right = equal(item.figure, value.value, value.unit)
            item.holds(right, value.name, known_text(value, item.figure), value.place())
        elif without:
            item.disagrees(without, UNDEFINED, "", known.undefined[without])
        item.quantity = value.name if value is not None else without
        return bool(item.quantity)

    def _sum(self, reading: Reading) -> None:
        """人员经费与公用经费两项共76.80万元."""
        unit = reading.figure.unit
        results = [
            (*each.ends(unit), each.text, _from(each))
            for each in self._added(reading)
            if same_unit(each.unit, unit)
        ]
        subject = "、".join(frame.items[0] for frame in reading.parts)
        self._judge(reading, subject, results, not any(frame.weak for frame in reading.parts))

    def _added(self, reading: Reading) -> Iterator[Operand]:
        """The sums of several things, for each way in which they may be meant."""
        for parts in product(*(self._operands(frame, reading) for frame in reading.parts)):
            unit = parts[0].unit
            if all(same_unit(part.unit, unit) for part in parts):
                value, give = (
                    sum((in_unit(n, p.unit, unit) for p, n in own), Decimal(0))
                    for own in ([(p, p.value) for p in parts], [(p, p.give) for p in parts])
                )
                said = next((part.statement for part in parts if part.statement is not None), None)
                yield Operand(value, give, unit, "+".join(part.text for part in parts), statement=said)

    def _mean(self, reading: Reading) -> None:
        """人均125元: the amount before over the count before."""
        money, count = (
            self.values.stated(each) if each is not None else None
            for each in (reading.before, reading.change)
        )
        unit = reading.figure.unit
        results: list[Result] = []
        if money is not None and count is not None and count.value:
            (low, high) = money.ends(unit)
            results = [
                (low / count.value, high / count.value, f"{money.text}÷{count.text}", _from(money, count))
            ]
        self._judge(reading, "平均", results, True)

    def _each(self, reading: Reading) -> None:
        """收入总计、支出总计均为100万元, 各占一半: every one of them."""
        for frame in reading.parts:
            if reading.statement.outcome is not Outcome.DISAGREES:
                settle = self._plain if reading.tie is Tie.EACH else self._share_of
                settle(replace(reading, frame=frame, parts=()))


def _from(*operands: Operand) -> tuple[Statement, ...]:
    """The figures of the report that a result rests on."""
    return tuple(each.statement for each in operands if each.statement is not None)


def _ratio(one: Operand, two: Operand) -> Iterator[Result]:
    (a, b), (c, d) = one.ends(one.unit), two.ends(one.unit)
    if c > 0:
        yield a / d * 100, b / c * 100, f"{one.text}÷{two.text}", _from(one, two)


def _rate_of(one: Operand, two: Operand, sign: int) -> Iterator[Result]:
    for low, high, how, rests in _ratio(one, two):
        ends = sorted((sign * (low - 100), sign * (high - 100)))
        yield ends[0], ends[1], how, rests


def _sure(reading: Reading, *operands: Operand) -> bool:
    """Whether the subject is certain, or one of its own of which the report itself tells all that is needed."""
    frame = reading.frame
    inside = bool(frame.own) and all(each.statement is not None for each in operands)
    return inside or not (frame.weak or reading.base.weak)


def other_side(subject: Frame, base: Frame) -> Frame:
    """What a subject is compared with: its own slots where the base says nothing else."""
    if base.time == "年初" and not base.stage and set(subject.stages) & set(BUDGETED):
        base = replace(base, time="", stage="预算")  # 调整预算…，较年初增加
    made = replace(base, weak=False).under(subject)
    return replace(made, weak=False)
