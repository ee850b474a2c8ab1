"""Ranges of the parse tree -> Range, Compared: what the quantity has to be."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from jixiao.authoring.criteria.amounts import (
    MIRROR,
    SUFFIX,
    SYMBOL,
    amount,
    ends_at,
    mark_of,
    parts_of,
    same_unit,
    text_of,
    told_at,
    with_marks,
)
from jixiao.authoring.criteria.phrases import Compared, Mark, Phrase, Range, Words


class Ranges:
    """One function a rule of the grammar."""

    @staticmethod
    def told(tree: Any, start: int, end: int) -> Phrase:
        parts = dict(parts_of(tree))
        value, sign = told_at(parts["op"], parts["value"])
        ends = ends_at(value, sign, mark_of(parts.get("mark"), Mark.IN if sign in "≥≤=" else Mark.OUT))
        return Range(start, end, *ends, value.unit, step=value.step)

    @staticmethod
    def told_of(tree: Any, start: int, end: int) -> Phrase:
        parts = dict(parts_of(tree))
        of_it = parts["value"].start_pos > parts["WORDS"].end_pos  # 低于规定数的85%: a 的 stood between
        if SYMBOL[parts["op"].type] not in "≥≤=" and not of_it:
            raise ValueError("超过预算5%")  # by 5%, or above 5% of it
        return Ranges.told(tree, start, end)

    @staticmethod
    def told_suffix(tree: Any, start: int, end: int) -> Phrase:
        parts = dict(parts_of(tree))
        value, sign = told_at(parts["op"], parts["value"])
        beyond = SUFFIX[parts["suffix"].type][0]
        if sign in "<≤" and beyond in "≥>":
            raise ValueError("低于…以上")  # the shortfall is meant, of what is not said
        if sign == "=" or (sign in ">≥" and beyond == "≤"):
            sign = beyond  # 超出1%以内: at most 1% beyond
            default = SUFFIX[parts["suffix"].type][1]
        else:
            default = Mark.SOFT if sign in "<>" else Mark.IN
        ends = ends_at(value, sign, mark_of(parts.get("mark"), default))
        return Range(start, end, *ends, value.unit, step=value.step, suffix=str(parts["suffix"]))

    @staticmethod
    def suffixed(tree: Any, start: int, end: int) -> Phrase:
        parts = dict(parts_of(tree))
        value = amount(parts["value"])
        sign, default = SUFFIX[parts["suffix"].type]
        ends = ends_at(value, sign, mark_of(parts.get("mark"), default))
        return Range(start, end, *ends, value.unit, step=value.step, suffix=str(parts["suffix"]))

    @staticmethod
    def flipped(tree: Any, start: int, end: int) -> Phrase:
        parts = dict(parts_of(tree))
        value, sign = amount(parts["value"]), MIRROR[SYMBOL[parts["op"].type]]
        ends = ends_at(value, sign, mark_of(parts.get("mark"), Mark.IN if sign in "≥≤=" else Mark.OUT))
        return Range(start, end, *ends, value.unit, step=value.step)

    @staticmethod
    def between(tree: Any, start: int, end: int) -> Phrase:
        parts = parts_of(tree)
        values = [amount(token) for kind, token in parts if kind == "value"]
        signs = [SYMBOL[token.type] for kind, token in parts if kind == "op"]
        signs[0] = MIRROR[signs[0]]
        ends = []
        for value, sign in zip(same_unit(values), signs, strict=True):
            ends.append((value, sign, Mark.IN if sign in "≥≤=" else Mark.OUT))
        with_marks(parts, ends)
        low = next((e for e in ends if e[1] in ("≥", ">")), None)
        high = next((e for e in ends if e[1] in ("≤", "<")), None)
        if low is None or high is None:
            return Words(start, end, text_of(tree))
        return Range(start, end, low[0].value, low[2], high[0].value, high[2], low[0].unit or high[0].unit)

    @staticmethod
    def span(tree: Any, start: int, end: int) -> Phrase:
        parts = parts_of(tree)
        values = same_unit([amount(token) for kind, token in parts if kind == "value"])
        ends = [(value, "", Mark.SOFT) for value in values]
        with_marks(parts, ends)
        ends.sort(key=lambda e: e[0].value)
        marks = [e[2] for e in ends]
        if marks.count(Mark.IN) == 1:
            marks = [Mark.HALF if mark is Mark.SOFT else mark for mark in marks]
        elif marks.count(Mark.OUT) == 1:
            marks = [Mark.IN if mark is Mark.SOFT else mark for mark in marks]
        (low, _, _), (high, _, _) = ends
        return Range(start, end, low.value, marks[0], high.value, marks[1], low.unit or high.unit)

    @staticmethod
    def around(tree: Any, start: int, end: int) -> Phrase:
        parts = dict(parts_of(tree))
        value = amount(parts["value"])
        mark = mark_of(parts.get("mark"), Mark.LAW)
        if "suffix" in parts and parts["suffix"].type in ("SUF_OUT", "SUF_GE", "SUF_GE_IN"):
            beyond = mark if "mark" in parts or parts["suffix"].type != "SUF_OUT" else Mark.OUT
            return Range(start, end, value.value, beyond, None, Mark.SOFT, value.unit, suffix="±")
        return Range(start, end, Decimal(0), Mark.IN, value.value, mark, value.unit, suffix="±")

    @staticmethod
    def around_told(tree: Any, start: int, end: int) -> Phrase:
        parts = dict(parts_of(tree))
        value, sign = amount(parts["value"]), SYMBOL[parts["op"].type]
        if "suffix" in parts and SUFFIX[parts["suffix"].type][0] != sign:
            raise ValueError("超出±10%以内")
        low, low_mark, high, high_mark = ends_at(
            value, sign, mark_of(parts.get("mark"), Mark.IN if sign in "≥≤=" else Mark.OUT)
        )
        if low is None:
            low, low_mark = Decimal(0), Mark.IN
        return Range(start, end, low, low_mark, high, high_mark, value.unit, suffix="±")

    @staticmethod
    def ring(tree: Any, start: int, end: int) -> Phrase:
        made = Ranges.span(tree, start, end)
        assert isinstance(made, Range)
        return replace(made, suffix="±")

    @staticmethod
    def ahead(tree: Any, start: int, end: int) -> Phrase:
        value = amount(dict(parts_of(tree))["value"])
        return Range(start, end, None, Mark.SOFT, value.value, Mark.IN, value.unit or "名", suffix="前")

    @staticmethod
    def bare(tree: Any, start: int, end: int) -> Phrase:
        value = amount(dict(parts_of(tree))["value"])
        return Range(
            start, end, value.value, Mark.IN, value.value, Mark.IN, value.unit, bare=True, step=value.step
        )

    @staticmethod
    def compared(tree: Any, start: int, end: int) -> Phrase:
        parts = dict(parts_of(tree))
        return Compared(start, end, SYMBOL[parts["op"].type], str(parts["WORDS"]))
