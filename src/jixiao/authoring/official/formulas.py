"""Ratios defined in official texts: 支出完成率=部门（单位）年度实际支出/财政下达预算数×100% -> names and an expression."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from jixiao.authoring.criteria.clauses import Defined, Node, Sum
from jixiao.authoring.criteria.wholetext import Text, read_text
from jixiao.model import plain

_RATIO = re.compile(r"(?:率|度|比|比例|比重|占比|比值|系数|幅度|指数|偏差|程度)$")
_LEAD = re.compile(
    r"^(?:其中|公式为?|计算公式为?|即|式中|注|公式|具体为|计算方法为?|指标|本指标|该指标|考核|反映)"
)


@dataclass(frozen=True, slots=True)
class Ratio:
    """``name`` is ``sum``, told by a node of a text."""

    name: str
    sum: Sum
    node: Node


def ratios(text: Text) -> list[Ratio]:
    """The quantities that a text defines: one named quantity by another, or the mean of some."""
    made = []
    for node in text.nodes:
        if isinstance(node, Defined) and node.sum is not None:
            inner, told = _percent(node.sum)
            name = _LEAD.sub("", node.name)
            share = inner.divides() and (told or _RATIO.search(name) is not None)
            if name and (share or ("平均" in name and average(inner, str))):
                made.append(Ratio(name, inner, node))
    return made


def ratios_of(text: str) -> list[Ratio]:
    """Those of a text as issued."""
    return ratios(read_text(text))


def _percent(node: Sum) -> tuple[Sum, bool]:
    """A formula without its ×100%, and whether it had one."""
    if node.op == "times":
        for own, other in (node.sides, node.sides[::-1]):
            whole = other.value == 1 if other.name == "%" else other.value == 100 and own.divides()
            if other.op == "number" and whole:
                return own, True
    if node.op == "abs":
        inner, told = _percent(node.sides[0])
        return Sum("abs", (inner,)), told
    return node, False


Named = Callable[[str], str]
Fraction = tuple[str, str]
"""Above ÷ below; below is empty where nothing named is divided by."""


def written_out(node: Sum, named: Named) -> str:
    """A mean or any other formula as the text of an expression."""
    return average(node, named) or expression(node, named)


def expression(node: Sum, named: Named) -> str:
    """The expression text of a formula; empty where it takes more than one division by a named quantity."""
    made = _fraction(node, named)
    if made is None:
        return ""
    above, below = made
    return f"{_held(above)} / {_held(below)}" if below else above


def average(node: Sum, named: Named) -> str:
    """``mean(a, b)`` where the formula is the sum of n names divided by n, else empty."""
    if node.op != "over" or node.sides[1].op != "number":
        return ""
    names = _summands(node.sides[0])
    if len(names) < 2 or node.sides[1].value != len(names):
        return ""
    return f"mean({', '.join(named(name) for name in names)})"


def _summands(node: Sum) -> list[str]:
    if node.op == "name":
        return [node.name]
    if node.op != "plus":
        return []
    left, right = (_summands(side) for side in node.sides)
    return [*left, *right] if left and right else []


def _fraction(node: Sum, named: Named) -> Fraction | None:
    if node.op == "name":
        return named(node.name), ""
    if node.op == "number" and node.value is not None:
        return plain(node.value), ""
    sides = [made for side in node.sides if (made := _fraction(side, named)) is not None]
    if not sides or len(sides) < len(node.sides):
        return None
    (a, b), (c, d) = sides[0], sides[-1]
    match node.op:
        case "abs":
            return f"abs({a})", b
        case "over" if b or d:
            return None
        case "over":
            return (a, c) if any(node.sides[1].names()) else (f"{_held(a)} / {c}", "")
        case "times":
            return None if b and d else (f"{_held(a)} * {_held(c)}", b or d)
    return _joined("+" if node.op == "plus" else "-", (a, b), (c, d))


def _joined(sign: str, left: Fraction, right: Fraction) -> Fraction | None:
    """A sum of which one side at most is divided: a/b - 1 is (a - b)/b."""
    if left[1] and right[1] and left[1] != right[1]:
        return None
    below = left[1] or right[1]
    above, other = (side[0] if side[1] or not below else _scaled(side[0], below) for side in (left, right))
    return f"{above} {sign} {_held(other) if sign == '-' else other}", below


def _scaled(factor: str, below: str) -> str:
    return _held(below) if factor == "1" else f"{_held(factor)} * {_held(below)}"


def _held(text: str) -> str:
    """Brackets around a sum."""
    depth = 0
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        if depth == 0 and letter in "+- *":
            return f"({text})"
    return text
