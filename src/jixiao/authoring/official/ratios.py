"""Formula trees -> expressions over names: a single division outermost, so that a zero denominator has one outcome."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from jixiao.authoring.official.formulas import Node
from jixiao.model import plain

Named = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Fraction:
    """Above ÷ below; below is empty where nothing named is divided by."""

    above: str
    below: str = ""


def expression(node: Node, named: Named) -> str:
    """The expression text of a formula; empty where it takes more than one division by a named quantity."""
    made = _fraction(node, named)
    if made is None:
        return ""
    if not made.below:
        return made.above
    return f"{_held(made.above)} / {_held(made.below)}"


def average(node: Node, named: Named) -> str:
    """``mean(a, b)`` where the formula is the sum of n names divided by n, else empty."""
    if node.op != "/" or node.sides[1].op != "number":
        return ""
    names = _summands(node.sides[0])
    if len(names) < 2 or node.sides[1].value != len(names):
        return ""
    return f"mean({', '.join(named(name) for name in names)})"


def _summands(node: Node) -> list[str]:
    if node.op == "name":
        return [node.name]
    if node.op != "+":
        return []
    left, right = (_summands(side) for side in node.sides)
    return [*left, *right] if left and right else []


def _fraction(node: Node, named: Named) -> Fraction | None:
    if node.op == "name":
        return Fraction(named(node.name))
    if node.op == "number":
        return Fraction(plain(node.value))
    sides = [_fraction(side, named) for side in node.sides]
    if any(side is None for side in sides):
        return None
    first = sides[0]
    assert first is not None
    if node.op == "abs":
        return Fraction(f"abs({first.above})", first.below)
    second = sides[1]
    assert second is not None
    if node.op == "/":
        return _over(first, second, number=node.sides[1].op == "number")
    if node.op == "*":
        return _times(first, second)
    return _joined(node.op, first, second)


def _over(above: Fraction, below: Fraction, *, number: bool) -> Fraction | None:
    if below.below:
        return None
    if number:
        return Fraction(f"{_held(above.above)} / {below.above}", above.below) if not above.below else None
    return None if above.below else Fraction(above.above, below.above)


def _times(left: Fraction, right: Fraction) -> Fraction | None:
    if left.below and right.below:
        return None
    return Fraction(f"{_held(left.above)} * {_held(right.above)}", left.below or right.below)


def _joined(sign: str, left: Fraction, right: Fraction) -> Fraction | None:
    """A sum of which one side at most is divided: a/b - 1 is (a - b)/b."""
    if left.below and right.below and left.below != right.below:
        return None
    below = left.below or right.below
    above = left.above if left.below or not below else _scaled(left.above, below)
    other = right.above if right.below or not below else _scaled(right.above, below)
    return Fraction(f"{above} {sign} {_held(other) if sign == '-' else other}", below)


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
