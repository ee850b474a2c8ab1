"""The workbook's values by their frames, and what a frame is worth: by the workbook, else by what the report says of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product

from jixiao.audit.frames import ADJUSTED, LAST, NOTHING, OWN, Frame, Framer, Reading, Tie
from jixiao.audit.known import ACCOUNT, BY_FUNCTION, Known, KnownValues, same_unit
from jixiao.audit.lexicon import Lexicon, Rate, Role, has
from jixiao.audit.statement import (
    Outcome,
    Statement,
    equal,
    in_unit,
    shown,
)
from jixiao.text import AMOUNT_UNITS, UNITS, Sort

FISCAL = "财政拨款"
WIDE = frozenset(("收入", "支出", "收支总计", "基本支出", "项目支出", "人员经费", "公用经费", "结转结余"))
"""Items that are meant of one fund or another: a value that names none is of 财政拨款."""
_COMMON = ("", FISCAL, "部门", "一般公共预算")
"""Funds that may be meant where none is said."""
_STAGES = {
    ("项目", "budget"): "预算",
    ("项目", "adjusted"): "全年",
    ("项目", "spent"): "决算",
    (BY_FUNCTION, "budget"): "预算",
    (BY_FUNCTION, "adjusted"): "全年",
    ("目标", "planned"): "计划",
    ("目标", "done"): "决算",
    ("产出", "planned"): "计划",
    ("产出", "done"): "决算",
}
_WITHIN = {
    "部门": (FISCAL, "一般公共预算", "政府性基金", "国有资本经营"),
    FISCAL: ("一般公共预算", "政府性基金", "国有资本经营"),
}
"""Funds inside another: a figure of one may be the other's, where nothing else is there."""
NO_VALUE, LEFT_OVER, NO_BASE, ONLY_PLANNED = (
    "评分簿没有这个数",
    "主语前另有限定，可能说的是别的内容",
    "没有写与什么相比，或所比的数不在评分簿中",
    "只与计划（预算）数相同，没有写说的是计划还是结果",
)


@dataclass(frozen=True, slots=True)
class Operand:
    """A value that a calculation may take: ``give`` is half of its last digit, 0 where it is exact."""

    value: Decimal
    give: Decimal
    unit: str
    text: str
    known: Known | None = None
    statement: Statement | None = None

    def beside(self, other: Operand) -> bool:
        """Whether it can be reckoned with another: money with money, and never with itself."""
        one = self.known or self.statement
        return one is not (other.known or other.statement) and same_unit(self.unit, other.unit)

    def ends(self, unit: str) -> tuple[Decimal, Decimal]:
        """The interval in a unit."""
        low, high = self.value - self.give, self.value + self.give
        return in_unit(low, self.unit, unit), in_unit(high, self.unit, unit)


class Values:
    """The frames of the workbook's values, and those of the readings that were settled or stand alone."""

    def __init__(self, known: KnownValues, words: Lexicon, readings: Sequence[Reading]) -> None:
        self.known, self.words, self.readings = known, words, readings
        self.projects = known.owners("项目")
        self.frames: dict[int, Frame] = {}  # of the values
        self.by_item: dict[str, list[tuple[Frame, Known]]] = {}
        for value in sorted(known.items, key=lambda each: not each.chosen):
            frame = self.frames[id(value)] = self._framed(value)
            for item in frame.items:
                self.by_item.setdefault(item, []).append((frame, value))
        self._left()
        names = dict.fromkeys((*(value.name for value in known.items if not value.owner), *known.undefined))
        read = ((words.tokens(name), name) for name in names)
        self.rates = [
            (tokens, name)
            for tokens, name in read
            if all(t.role not in (Role.OTHER, Role.NOTHING) for t in tokens)
        ]
        # which of several that a frame may mean its paragraph was seen to mean
        self.seen: dict[tuple[tuple[int, int], tuple[str, ...]], str] = {}
        self.said: dict[str, list[Reading]] = {}
        for reading in readings:
            frame = reading.frame
            if reading.tie in (Tie.PLAIN, Tie.BASE) and (frame.own or (frame.items and not frame.weak)):
                self.said.setdefault(frame.key, []).append(reading)

    def _framed(self, value: Known) -> Frame:
        if value.owner and value.name != ACCOUNT:
            known = "决算" if value.name == BY_FUNCTION else ""
            stage = _STAGES.get((value.name, value.field), known)
            return Frame((value.owner,), value.fund, stage) if stage else NOTHING
        told = self.words.names.get(value.field if value.name == ACCOUNT else value.name)
        if told is not None:
            frame = Frame(
                (told["item"],), told.get("fund", ""), told.get("stage", "决算"), told.get("time", "")
            )
        elif value.name == ACCOUNT:
            return NOTHING
        else:
            tokens = self.words.tokens(value.name)
            frame = Framer(self.words, "").frame(tokens)
            if has(tokens, Role.OTHER, Role.RATE) or value.unit in ("%", "分"):
                return NOTHING
            special = [token.value for token in tokens if token.role is Role.ITEM]
            if (
                len(special) > 1
                and special[0] not in self.words.generic
                and special[-1] not in self.words.generic
            ):
                return NOTHING
            stage = (
                frame.stage if frame.stage not in ("", "预算或全年") else "预算" if frame.stage else "决算"
            )
            frame = replace(frame, stage=stage, weak=False)
        fund = frame.fund or (FISCAL if frame.items and frame.items[0] in WIDE else "")
        return replace(frame, fund=fund)

    def of(self, frame: Frame, unit: str = "") -> tuple[list[Known], list[Known]]:
        """(values that a frame means, values of another fund that may only agree), those of its likeliest item first."""
        counted = UNITS[unit].sort is Sort.COUNT if unit in UNITS else False
        more = self.words.counted if counted else self.words.money
        items = dict.fromkeys((*frame.items, *(more[item] for item in frame.items if item in more)))
        found = [self._of_item(item, frame) for item in items]
        sure, loose = ([value for each in found for value in each[side]] for side in (0, 1))
        named = [value for value in sure if unit and unit in value.name]
        return named or [value for value in sure if value.unit == unit] or sure, loose

    def _of_item(self, item: str, frame: Frame) -> tuple[list[Known], list[Known]]:
        sure: list[Known] = []
        loose: list[Known] = []
        for own, value in self.by_item.get(item, ()):
            staged = (
                frame.stages and own.stage and (value.unit in AMOUNT_UNITS or value.name in ("目标", "产出"))
            )
            if (staged and own.stage not in frame.stages) or not _same_time(own.time, frame.time):
                continue
            if own.fund in (_COMMON if not frame.fund else ("", frame.fund)):
                sure.append(value)
            elif own.fund in _WITHIN.get(frame.fund, ()) or frame.fund in _WITHIN.get(own.fund, ()):
                loose.append(value)
        if frame.stage == ADJUSTED and not any(self.frames[id(v)].stage == "全年" for v in sure):
            return [], [*sure, *loose]  # what was spent alone tells no adjusted budget
        named = {_sort(value) for value in sure if self._fund(value) == frame.fund}
        return [
            value for value in sure if self._fund(value) == frame.fund or _sort(value) not in named
        ], loose

    def meant(self, reading: Reading) -> list[Operand]:
        """What a reading says as operands: the workbook's values that it agrees with, else the figure itself."""
        item = reading.statement
        if item.outcome is Outcome.AGREES:
            own = [
                each
                for each in self.operands(reading.frame)
                if each.known and equal(item.figure, each.value, each.unit)
            ]
            if own:
                return own
        if item.outcome is Outcome.DISAGREES:
            return [each for each in self.operands(reading.frame) if each.known]
        made = self.stated(reading)
        return [made] if made is not None else []

    def one_stage(self, one: Operand, two: Operand) -> bool:
        """Whether two values of the workbook are of one stage."""
        stages = [
            self.frames.get(id(each.known), NOTHING).stage for each in (one, two) if each.known is not None
        ]
        return len(stages) == 2 and stages[0] == stages[1]

    def done(self, value: Known) -> bool:
        """Whether a value of the workbook is what came of a thing, and no plan or budget of it."""
        return self.frames.get(id(value), NOTHING).stage == "决算"

    def _fund(self, value: Known) -> str:
        return self.frames.get(id(value), NOTHING).fund

    def pairs(self, ones: Sequence[Operand], twos: Sequence[Operand]) -> list[tuple[Operand, Operand]]:
        """Two sides of a calculation: of one fund, where the workbook has such."""
        made = [(one, two) for one, two in product(ones, twos) if one.beside(two)]
        alike = [
            (one, two) for one, two in made
            if one.known is None or two.known is None or self._fund(one.known) == self._fund(two.known)
        ]  # fmt: skip
        return alike or made

    def rate_names(self, rate: Rate, frame: Frame, before: str) -> list[str]:
        """Names of the workbook's own rates of this kind, of the item spoken of; that which the text before names goes first."""
        words = self.words
        plural = (*words.generic, *words.money, *words.counted)
        made: dict[int, list[str]] = {}
        for tokens, name in self.rates:
            own = next((words.rates[t.value] for t in tokens if t.role is Role.RATE), None)
            items = [token.value for token in tokens if token.role is Role.ITEM]
            meant = not items or items[0] in (*frame.items, rate.item) or items[0] in before
            wide = (
                bool(items) or bool(rate.item) or not rate.over or not frame.items or frame.items[0] in plural
            )
            if own == rate and meant and wide:
                rank = 0 if not items or items[0] not in before else 1 if items[0] in plural else 2
                made.setdefault(rank, []).append(name)
        return made[max(made)] if made else []

    def share_names(self, base: Frame) -> list[str]:
        """Names of the workbook's own shares of a whole (项目占比)."""
        names = []
        for tokens, name in self.rates:
            items = {token.value for token in tokens if token.role is Role.ITEM}
            items |= {self.words.money[item] for item in items if item in self.words.money}
            funds = {token.value for token in tokens if token.role is Role.FUND}
            if tokens[-1].role is Role.SHARE and base.fund in funds and items & set(base.items):
                names.append(name)
        return names

    def operands(self, frame: Frame, beside: Reading | None = None) -> list[Operand]:
        """What a frame is worth: by the workbook, else by what the report says of the same frame."""
        seen = self.seen.get((beside.figure.at, frame.items)) if beside is not None else None
        frame = replace(frame, items=(seen,)) if seen else frame
        said = self._same(frame, beside)
        for item in frame.items if not (frame.own and said) else ():
            amounts = [value for value in self.of(replace(frame, items=(item,)))[0] if value.unit != "%"]
            if amounts:
                exact = Decimal(0)
                return [
                    Operand(v.value, exact, v.unit, f"{v.name}{shown(v.value)}{v.unit}", v) for v in amounts
                ]
        return [made for made in map(self.stated, said) if made is not None][:1]

    def _left(self) -> None:
        """What is left of a whole without one part: 逾期 is what was not done in time."""
        words = self.words
        for rest, part in words.rest.items():
            own = words.wholes[rest]
            wholes = [v for item in (own, words.wholes.get(own, "")) for v in self.by_item.get(item, [])[:1]]
            for frame, one in self.by_item.get(part, [])[:1] if rest not in self.by_item else ():
                self.by_item[rest] = [
                    (replace(frame, items=(rest,)), replace(one, name=rest, value=whole.value - one.value))
                    for _, whole in wholes
                ]

    def alike(self, frame: Frame) -> list[Frame]:
        """What a thing is ranked among: the projects, the rows by function of its level, the parts of its whole."""
        key, words = frame.key, self.words
        if key in self.projects:
            return [Frame((name,)) for name in self.projects]
        rows = self.known.owned(BY_FUNCTION)
        level = next((len(row.field) for row in rows if row.owner == key), 0)
        if level:
            return [Frame((row.owner,)) for row in rows if len(row.field) == level]
        if (own := self.kin(frame)) is not None:
            return own[1]
        parts = [part for whole in words.made_of(key)[:1] for part in words.parts[whole]]
        leaves = (
            words.parts.get(part, (part,)) if part != key and part not in self.by_item else (part,)
            for part in parts
        )
        return [Frame((leaf,), frame.fund) for each in leaves for leaf in each]

    def kin(self, frame: Frame) -> tuple[Frame, list[Frame]] | None:
        """The whole of which a thing is a part, and its parts, where these need not be all of it."""
        framer = Framer(self.words, "")
        for whole, names in self.words.kin.items():
            one, *parts = (framer.frame(self.words.tokens(name)) for name in (whole, *names))
            if any(
                (each.items, each.fund) == (frame.items[:1], frame.fund)
                or each.items == frame.items[:1] != one.items
                for each in parts
            ):
                return one, parts
        return None

    def item_of(self, operand: Operand, frame: Frame) -> tuple[str, ...]:
        """Which of the alternatives of a frame an operand is of."""
        own = self.frames.get(id(operand.known), NOTHING).items
        return own[:1] if own and own[0] in frame.items else frame.items

    def _same(self, frame: Frame, beside: Reading | None) -> list[Reading]:
        """Readings of the same frame, those of the same paragraph first, the nearest before it first."""
        time, stages = _now(frame.time), {*frame.stages}
        found = [
            each for key in ((frame.own,) if frame.own else frame.items) for each in self.said.get(key, ())
            if each is not beside and each.frame.fund == frame.fund and _now(each.frame.time) == time
            and (not stages or stages & {*(each.frame.stages or ("决算",))})
        ]  # fmt: skip
        if beside is None:
            return found
        own = beside.figure
        here = [each for each in found if each.figure.at == own.at]
        return sorted(here, key=lambda each: abs(each.figure.start - own.start)) or found

    def stated(self, reading: Reading) -> Operand | None:
        """A figure of the report as an operand; what it should be where the workbook says so."""
        item = reading.statement
        figure = item.figure
        if item.outcome is Outcome.DISAGREES:
            return self._right(item)
        return Operand(figure.value, figure.ulp / 2, figure.unit, figure.shown, statement=item)

    @staticmethod
    def _right(item: Statement) -> Operand | None:
        known = item.known
        return (
            None
            if known is None
            else Operand(known.value, Decimal(0), known.unit, f"{shown(known.value)}{known.unit}", known)
        )


def _sort(value: Known) -> Sort | None:
    """What a value measures: one that names the fund spoken of goes before others of its sort."""
    return UNITS[value.unit].sort if value.unit in UNITS else None


def _same_time(own: str, said: str) -> bool:
    """Whether a value of one time may be meant by another: a stock is that of the year's end, and starts with last year's."""
    if own in ("", "年末"):
        return said in ("", OWN, "年末")
    return said in (("", OWN, own, LAST) if own == "年初" else (own,))


def _now(time: str) -> str:
    """A time as it tells two figures of one thing apart: this year's, and that of its end, is none."""
    return "" if time in (OWN, "年末") else time
