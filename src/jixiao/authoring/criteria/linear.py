"""A formula of the text as a line: points = a + b·x in its one unknown."""

from __future__ import annotations

import re
from decimal import Decimal

from jixiao.authoring.criteria.phrases import Node

_FULL = re.compile(
    r"(?:本|该|此)?(?:项|指标)?(?:满分)?(?:分值|权重|权重分|权重值|满分|标准分|分数|总分)(?:值)?"
)
_POINTS = re.compile(r"得分|分数|评分|[+\-]")
Line = tuple[Decimal, Decimal, str]


def affine(node: Node, full: Decimal) -> tuple[Decimal, Decimal] | None:
    """``(a, b)`` of the formula, None where it has two unknowns or none."""
    line = _line(node, full)
    return (line[0], line[1]) if line is not None and line[2] else None


def unknown(node: Node, full: Decimal) -> str:
    """The name of the unknown: 执行率, or 已完成项目数/预算安排项目数."""
    line = _line(node, full)
    return line[2] if line else ""


def _line(node: Node, full: Decimal) -> Line | None:
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


def _sum(left: Line, right: Line, sign: int) -> Line | None:
    if left[2] and right[2] and left[2] != right[2]:
        if any(side[0] != 0 or side[1] != 1 for side in (left, right)):
            return None  # 甲率×60%+乙率×40% is no one unknown
        return Decimal(0), Decimal(1), f"{left[2]}{'+' if sign > 0 else '-'}{right[2]}"
    return left[0] + sign * right[0], left[1] + sign * right[1], left[2] or right[2]


def _quotient(left: Line, right: Line) -> Line | None:
    if right[2]:
        whole = bool(left[2]) and left[0] == 0 and right[0] == 0
        return (Decimal(0), left[1] / right[1], f"{left[2]}/{right[2]}") if whole else None
    return (left[0] / right[0], left[1] / right[0], left[2]) if right[0] else None


def _product(left: Line, right: Line) -> Line | None:
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
