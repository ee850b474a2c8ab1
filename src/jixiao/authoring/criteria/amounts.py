"""Tokens of figures, comparisons and （含） -> amounts and the ends of ranges."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from jixiao.authoring.criteria.phrases import Amount, Mark
from jixiao.text.lexing import Token

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
_SCALE = {"万元": ("元", 10000), "亿元": ("元", 100000000), "万人": ("人", 10000), "工作日": ("个工作日", 1)}


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
    base, scale = _SCALE.get(unit, (unit, 1))
    return Amount(number * scale, base)


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
