"""One statement of a criteria text -> tokens -> tree -> phrases: amounts, ranges, points, steps, formulas."""

from __future__ import annotations

import functools
import re
from dataclasses import replace
from decimal import Decimal
from importlib import resources
from typing import Any

from jixiao.authoring.criteria.phrases import (
    Amount,
    Cap,
    Change,
    Compared,
    Every,
    Formula,
    Given,
    Mark,
    Node,
    Phrase,
    Prop,
    Range,
    Sign,
    Words,
)
from jixiao.text import UNITS, Sort, unit_pattern, units_of
from jixiao.text.lexing import Joiner, Lark, LarkError, Token


def _pieces() -> dict[str, str]:
    """Pieces that several tokens of the grammar share; the longer ones stand before the pieces they hold."""
    rates = (Sort.RATE, Sort.POINTS)
    counted = (unit for unit in units_of() if UNITS[unit].sort not in rates and unit not in ("倍", "号"))
    return {
        # 不足1个百分点的部分: what is less than a step
        "SHORT": "(?:不足|不满|未满|不到)(?:的)?(?:1|%NUMBER%)?(?:个)?(?:百分点|%|项|天|日|次|档|个|步)?(?:的)?(?:部分)?,?",
        # 本项指标的权重分值: what the item is worth
        "WORTH": "(?:本|该|此|其|指标|相应|对应|全部|单项|所有)*(?:项|指标)?的?"
        "(?:权重分值|权重分|权重|分值|标准分|基本分|总分值|总分|满分|全分|分数|指标分值|指标分)值?",
        "UNITS": unit_pattern(counted, guarded=True),
        "LAST": "".join(sorted({unit[-1] for unit in UNITS if not unit[-1].isascii()})),
        "NUMBER": r"\d+(?:\.\d+)?",
    }


@functools.cache
def parser() -> Lark:
    """The parser of one statement."""
    text = resources.files("jixiao.authoring.criteria").joinpath("grammar.lark").read_text("utf-8")
    for name, pattern in _pieces().items():
        text = text.replace(f"%{name}%", pattern)
    return Lark(
        text,
        parser="lalr",
        lexer="basic",
        postlex=Joiner(),
        propagate_positions=True,
        maybe_placeholders=False,
    )


_FIGURE = re.compile(r"[-+]?\d+(?:\.\d+)?")
SYMBOL = {"GE": "≥", "LE": "≤", "GT": ">", "LT": "<", "EQ": "=", "OVER": ">", "UNDER": "<"}
MIRROR = {"≥": "≤", "≤": "≥", ">": "<", "<": ">", "=": "="}
SUFFIX = {
    "SUF_GE_IN": ("≥", Mark.IN),
    "SUF_GE": ("≥", Mark.LAW),
    "SUF_LE_IN": ("≤", Mark.IN),
    "SUF_LE": ("≤", Mark.LAW),
    "SUF_OUT": (">", Mark.OUT),
}


def figure(text: str) -> Decimal:
    """The first number in a token."""
    found = _FIGURE.search(text)
    return Decimal(found[0]) if found else Decimal(1)


def amount(token: Token) -> Amount:
    """A value token as an amount; percentages and 倍 are fractions of one."""
    number, kind = figure(token), token.type
    if kind in ("PCT", "PP"):
        return Amount(number / 100, "%", step=kind == "PP")
    if kind == "TIMES_":
        return Amount(number, "%")
    if kind == "NUM":
        return Amount(number)
    if kind == "POINTS":
        return Amount(number, "分")
    if kind == "RANK":
        return Amount(number, "名")
    unit = _FIGURE.sub("", token, count=1)
    known = UNITS.get(unit)
    if known is None or known.sort is Sort.TIMES:
        return Amount(number, unit)
    return Amount(number * known.worth, known.base)


def same_unit(values: list[Amount]) -> list[Amount]:
    """80-90% : the first figure takes the unit of the second."""
    units = [value.unit for value in values]
    if units[0] == units[1] or "" not in units:
        return values
    unit = units[0] or units[1]
    return [
        value if value.unit else Amount(value.value / 100 if unit == "%" else value.value, unit)
        for value in values
    ]


def with_marks(parts: list[tuple[str, Any]], ends: list[tuple[Amount, str, Mark]]) -> None:
    """（含） and （不含） onto the end that they name, else the one that they follow."""
    seen = -1
    for kind, token in parts:
        if kind == "value":
            seen += 1
        elif kind == "mark":
            named = _FIGURE.search(token)
            target = max(seen, 0)
            if named:
                number = Decimal(named[0]) / (100 if "%" in token else 1)
                target = next((i for i, e in enumerate(ends) if e[0].value == number), target)
            value, sign, _ = ends[target]
            ends[target] = (value, sign, mark_of(token, Mark.SOFT))
            if re.search(r"均|本数", token):
                ends[:] = [(v, s, mark_of(token, Mark.SOFT)) for v, s, _ in ends]


def parts_of(tree: Any) -> list[tuple[str, Any]]:
    """Children as (kind, token): an inner op, value, mark or suffix is its one token."""
    made = []
    for child in tree.children:
        if isinstance(child, Token):
            made.append((child.type, child))
        else:
            made.append((child.data, child.children[0]))
    return made


def text_of(tree: Any) -> str:
    """The words of a tree, joined."""
    return "".join(c if isinstance(c, Token) else text_of(c) for c in tree.children)


def ends_at(value: Amount, op: str, mark: Mark) -> tuple[Decimal | None, Mark, Decimal | None, Mark]:
    """Low end, its mark, high end, its mark of a range told by one figure."""
    if op == "=":
        return value.value, Mark.IN, value.value, Mark.IN
    if op in ("≥", ">"):
        return value.value, mark, None, Mark.SOFT
    return None, Mark.SOFT, value.value, mark


def mark_of(token: Token | None, default: Mark) -> Mark:
    """What （含） or （不含） says, else the default."""
    if token is None:
        return default
    return Mark.IN if token.type == "INCL" else Mark.OUT


def told_at(op: Token, token: Token) -> tuple[Amount, str]:
    """The figure and its sign; 超过目标30% is beyond 130% of the target."""
    value, sign = amount(token), SYMBOL[op.type]
    if value.unit == "%" and op.type == "OVER" and value.value < 1:
        value = Amount(1 + value.value, "%")
    if value.unit == "%" and op.type == "UNDER" and value.value <= Decimal("0.5") and not op.endswith("的"):
        value = Amount(1 - value.value, "%")
    return value, sign


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


def phrases(statement: str) -> list[Phrase] | None:
    """The phrases of one statement, in order; None where it does not fit the grammar."""
    if not statement.strip():
        return []
    try:
        tree = parser().parse(statement)
    except LarkError:
        return None
    try:
        return _typed(tree)
    except ValueError:
        return None  # the words fit the grammar, but not each other


def _typed(tree: Any) -> list[Phrase]:
    made: list[Phrase] = []
    for child in tree.children:
        reader = getattr(_Reader, child.data, None)
        if reader is None:
            made.append(
                Sign(child.meta.start_pos, child.meta.end_pos, child.data.removeprefix("s_"), text_of(child))
            )
        else:
            made.append(reader(child, child.meta.start_pos, child.meta.end_pos))
    return made


class _Reader(Ranges):
    """One function a rule of the grammar."""

    @staticmethod
    def words(tree: Any, start: int, end: int) -> Phrase:
        return Words(start, end, text_of(tree))

    @staticmethod
    def given_points(tree: Any, start: int, end: int) -> Phrase:
        return Given(start, end, points=figure(tree.children[-1]))

    @staticmethod
    def given_share(tree: Any, start: int, end: int) -> Phrase:
        share = next(t for t in tree.children if t.type == "PCT")
        return Given(start, end, share=figure(share) / 100)

    @staticmethod
    def given_full(tree: Any, start: int, end: int) -> Phrase:
        told = re.search(r"(\d+(?:\.\d+)?)分", str(tree.children[-1]))
        if told:
            return Given(start, end, points=Decimal(told[1]))
        named = bool(re.search(r"[满全]", str(tree.children[-1])))
        return Given(start, end, share=Decimal(1), verb=len(tree.children) > 1, named=named)

    @staticmethod
    def given_range(tree: Any, start: int, end: int) -> Phrase:
        figures = sorted(figure(t) for t in tree.children if t.type in ("POINTS", "NUM"))
        return Given(start, end, points=figures[0], most=figures[1])

    @staticmethod
    def given_none(tree: Any, start: int, end: int) -> Phrase:
        return Given(start, end, points=Decimal(0))

    @staticmethod
    def given_kept(tree: Any, start: int, end: int) -> Phrase:
        return Given(start, end, share=Decimal(1))

    @staticmethod
    def changed(tree: Any, start: int, end: int) -> Phrase:
        return Change(start, end, -1, points=figure(tree.children[-1]))

    @staticmethod
    def changed_share(tree: Any, start: int, end: int) -> Phrase:
        share = next(t for t in tree.children if t.type == "PCT")
        return Change(start, end, -1, share=figure(share) / 100)

    @staticmethod
    def added(tree: Any, start: int, end: int) -> Phrase:
        return Change(start, end, 1, points=figure(tree.children[-1]))

    @staticmethod
    def stepped(tree: Any, start: int, end: int) -> Phrase:
        parts = dict(parts_of(tree))
        value = amount(parts["value"]) if "value" in parts else Amount(Decimal(1))
        return _every(parts, value, start, end)

    @staticmethod
    def stepped_from(tree: Any, start: int, end: int) -> Phrase:
        values = [amount(token) for kind, token in parts_of(tree) if kind == "value"]
        return _every(dict(parts_of(tree)), values[1], start, end, values[0])

    @staticmethod
    def stepped_unit(tree: Any, start: int, end: int) -> Phrase:
        token = tree.children[0].children[0]
        return Every(start, end, 0, Amount(Decimal(1), token.removeprefix("每")), None)

    @staticmethod
    def prop_less(tree: Any, start: int, end: int) -> Phrase:
        return Prop(start, end, True, text_of(tree))

    @staticmethod
    def prop_gives(tree: Any, start: int, end: int) -> Phrase:
        return Prop(start, end, False, text_of(tree))

    @staticmethod
    def cap(tree: Any, start: int, end: int) -> Phrase:
        token = tree.children[0]
        what = {"CAP_LESS": "deducted", "CAP_RATE": "rate"}.get(token.type, "points")
        if what == "points" and "总分" in token:
            what = "total"
        told = re.search(r"(\d+(?:\.\d+)?)分", token)
        return Cap(start, end, what, Decimal(told[1]) if told and what != "rate" else None)

    @staticmethod
    def s_base(tree: Any, start: int, end: int) -> Phrase:
        value = amount(tree.children[1].children[0])
        return Range(start, end, value.value, Mark.IN, value.value, Mark.IN, value.unit, suffix="基准")

    @staticmethod
    def scored(tree: Any, start: int, end: int) -> Phrase:
        return Formula(start, end, _node(tree.children[1]), scores=True)

    @staticmethod
    def calculated(tree: Any, start: int, end: int) -> Phrase:
        return Formula(start, end, _node(tree.children[0]), scores=True)

    @staticmethod
    def bracketed(tree: Any, start: int, end: int) -> Phrase:
        return Formula(start, end, _node(tree.children[1]), scores=True)

    @staticmethod
    def defined(tree: Any, start: int, end: int) -> Phrase:
        inner = next(c for c in tree.children[1:] if not isinstance(c, Token))
        node, op = _node(inner), tree.children[0].children[0]
        if op.type == "EQ":
            return Formula(start, end, node, scores=False)
        shares = [side.value for side in node.sides if side.op == "number"]
        if node.op != "times" or len(shares) != 1 or shares[0] is None:
            raise ValueError("低于目标值÷2")
        value = Amount(shares[0], "%")  # 低于目标值×90%: a share of the target
        sign = SYMBOL[op.type]
        return Range(start, end, *ends_at(value, sign, Mark.IN if sign in "≥≤" else Mark.OUT), "%")


def _every(parts: dict[str, Any], value: Amount, start: int, end: int, at: Amount | None = None) -> Every:
    kind = parts["each"].type
    direction = {"EVERY_UP": 1, "EVERY_DOWN": -1, "EVERY_BOTH": 2}.get(kind, 0)
    mark = parts.get("mark")
    inclusive = None if mark is None else mark.type == "INCL"
    return Every(start, end, direction, value, inclusive, at, f"{parts['each']}{parts.get('WORDS', '')}")


def _node(tree: Any) -> Node:
    """A formula tree as nodes."""
    if isinstance(tree, Token):
        return Node("name", name=str(tree))
    kind = tree.data
    if kind in ("plus", "minus", "times", "over"):
        sides = [
            c
            for c in tree.children
            if not (isinstance(c, Token) and c.type in ("PLUS", "MINUS", "MUL", "DIV"))
        ]
        return Node(kind, (_node(sides[0]), _node(sides[-1])))
    if kind == "number":
        value = amount(tree.children[0])
        return Node("number", value=value.value, name=value.unit)
    if kind == "full":
        return Node("full")
    inner = [c for c in tree.children if not (isinstance(c, Token) and c.type in ("LPAR", "RPAR"))]
    if kind == "name":
        return Node("name", name=str(inner[0]))
    return _node(inner[0])
