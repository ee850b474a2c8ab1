"""Comparisons with figures: 比年初预算增加7.57万元，增长5.74% — direction, difference and rate."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from jixiao.audit.binding import trimmed
from jixiao.audit.figures import Figure, Sort
from jixiao.audit.known import Known, KnownValues
from jixiao.audit.statement import Statement, in_unit, shown
from jixiao.audit.subjects import vocabulary

_UP = ("增加", "增长", "上升", "多", "超出", "超过", "提高")
_DOWN = ("减少", "下降", "降低", "少", "节约", "结余")
_AGAINST = re.compile(
    rf"(?P<what>.*?)比(?P<base>[^比，,]{{2,12}}?)(?P<word>{'|'.join((*_UP, *_DOWN))})(?:了|数额为|金额为)?$"
)
_RATE = re.compile(rf"^(?:增幅|降幅)?(?P<word>{'|'.join((*_UP, *_DOWN))})(?:了|率为|幅度为)?$")
_WRITTEN = re.compile(r"(?<=[数算])\d+(?:\.\d+)?(?:亿|万)?元(?=\D)")  # 比年初预算131.83万元增加
_BUDGET = ("年初预算", "预算", "年初预算数", "预算数")


def settle(statements: Sequence[Statement], truth: KnownValues) -> None:
    """Settle open differences and rates of change, and name a growth that is written as a negative figure."""
    pair: tuple[Figure, Known, Known] | None = None
    for index, item in enumerate(statements):
        figure = item.figure
        if figure.sort not in (Sort.AMOUNT, Sort.PERCENT):
            continue
        if item.open and figure.value < 0 and figure.clause.endswith(_UP):
            item.disagrees(figure.clause[-8:], shown(abs(figure.value)), "", "增长写成了负数")
            continue
        found = _AGAINST.search(_WRITTEN.sub("", trimmed(figure.clause, ("为",))))
        if found is not None:
            sides = _sides(found["what"], found["base"], statements[:index], figure, truth)
            pair = (figure, *sides) if sides is not None else None
            if pair is not None and item.open:
                _difference(item, found["word"], pair[1], pair[2])
            continue
        again = _RATE.search(figure.clause)
        if again is not None and pair is not None and pair[0].sentence == figure.sentence and item.open:
            _difference(item, again["word"], pair[1], pair[2])


def _sides(
    what: str, base: str, before: Sequence[Statement], figure: Figure, truth: KnownValues
) -> tuple[Known, Known] | None:
    """The value compared and the one it is compared with, where both are certain."""
    name = _named(what, truth) or _last(before, figure)
    if not name:
        return None
    other = (
        vocabulary().budgets.get(name, f"{name.removesuffix('决算数')}预算数") if base in _BUDGET else base
    )
    one, two = truth.of([name]), truth.of([other])
    return (one[0], two[0]) if one and two and one[0].name != two[0].name else None


def _named(what: str, truth: KnownValues) -> str:
    """The settled amount that the words before 比 end with."""
    best, size = "", 0
    for subject in vocabulary().subjects:
        longest = max((len(phrase) for phrase in subject.phrases if what.endswith(phrase)), default=0)
        name = next((n for n in subject.names if n.endswith("决算数") and truth.of([n])), "")
        if longest > size and name:
            best, size = name, longest
    return best


def _last(before: Sequence[Statement], figure: Figure) -> str:
    """The last settled amount that the sentence has confirmed."""
    for item in reversed(before):
        if item.figure.sentence != figure.sentence or item.figure.block is not figure.block:
            return ""
        if item.known is not None and item.known.name.endswith("决算数"):
            return item.known.name
    return ""


def _difference(item: Statement, word: str, one: Known, two: Known) -> None:
    moved = in_unit(one.value, one.unit, two.unit) - two.value
    if item.figure.unit == "%":
        if not two.value:
            return
        value, unit = moved / two.value * 100, "%"
    else:
        value, unit = in_unit(moved, two.unit, item.figure.unit), item.figure.unit
    value = value.quantize(Decimal(1).scaleb(-max(item.figure.digits, 0)), rounding=ROUND_HALF_UP)
    up = any(word == known for known in _UP)
    subject = f"{one.name}比{two.name}{word}"
    source = f"{shown(one.value.normalize())}与{shown(two.value.normalize())}（{one.place()}）"
    if abs(value) == item.figure.value and (value >= 0) == up:
        item.agrees(subject, f"{shown(abs(value))}{unit}", source)
    elif (value >= 0) == up:
        item.disagrees(subject, f"{shown(abs(value))}{unit}", source)
    else:
        item.disagrees(
            subject, f"{'增加' if value > 0 else '减少'}{shown(abs(value))}{unit}", source, "增减方向相反"
        )
