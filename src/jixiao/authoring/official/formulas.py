"""Ratios defined in official texts: 支出完成率=部门（单位）年度实际支出/财政下达预算数×100% -> names and an expression.

A small grammar of its own, read by descent: sums, products, brackets, |…|, percentages. A bracket is part of a name
(因公出国（境）费) unless it holds an operator. What does not fit the grammar is no formula.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from jixiao.model import plain
from jixiao.text import letter_by_letter

_SIGNS = str.maketrans({
    "＝": "=", "÷": "/", "∕": "/", "⁄": "/", "×": "*", "✕": "*", "＊": "*", "—": "-", "－": "-", "–": "-", "−": "-",
    "【": "(", "】": ")", "[": "(", "]": ")", "｛": "(", "｝": ")", "“": "", "”": "", '"': "", "‘": "", "’": "",
    "〔": "(", "〕": ")",
})  # fmt: skip
_NAME = re.compile(r"[\u4e00-\u9fffA-Za-z、·][\u4e00-\u9fffA-Za-z0-9、·]*")
_FIGURE = re.compile(r"\d{1,12}(?:\.\d{1,6})?%?")
_LEFT = re.compile(r"(?:[\u4e00-\u9fffA-Za-z、]|\([\u4e00-\u9fff、]{1,12}\))+$")
_SCORE = re.compile(r"(?:得分|计分|评分|分数|分值)$")
_RATIO = re.compile(r"(?:率|度|比|比例|比重|占比|比值|系数|幅度|指数|偏差|程度)$")
_LEAD = re.compile(
    r"^(?:其中|公式为?|计算公式为?|即|式中|注|公式|具体为|计算方法为?|指标|本指标|该指标|考核|反映)[:,]?"
)
_ABSOLUTE = re.compile(r"\s*[,，]?\(?(?:结果)?取绝对值\)?")
_FULL = re.compile(
    r"(?:本|该|此)?(?:项|指标)?(?:指标)?(?:满分)?(?:分值|权重分?|权重分值|满分|标准分|总分)(?:值)?|分"
)


@dataclass(frozen=True, slots=True)
class Node:
    """``op``: name, number, +, -, *, /, abs."""

    op: str
    sides: tuple[Node, ...] = ()
    name: str = ""
    value: Decimal = Decimal(0)

    def names(self) -> Iterator[str]:
        """All quantities, in the order of the text."""
        if self.op == "name":
            yield self.name
        for side in self.sides:
            yield from side.names()

    def divides(self) -> bool:
        """Whether a named quantity is divided by a named one."""
        own = self.op == "/" and any(True for _ in self.sides[1].names())
        return own or any(side.divides() for side in self.sides)


@dataclass(frozen=True, slots=True)
class Formula:
    """``name`` = ``node``, found at ``start`` to ``end`` of the text; ``percent``: told ×100%."""

    name: str
    node: Node
    start: int
    end: int
    percent: bool
    scores: bool


def narrow(text: str) -> str:
    """The text with one sign for each operation, letter by letter, so that places stay what they are."""
    return letter_by_letter(text).translate({k: v or "\u200b" for k, v in _SIGNS.items()}).replace("~", "～")


def formulas(text: str) -> list[Formula]:
    """The formulas of a text: ratios with a name of their own, and 得分=… (``scores``)."""
    plain, found, at = narrow(text), [], 0
    while (at := plain.find("=", at)) >= 0:
        made = _formula(plain, at)
        at = made.end if made else at + 1
        if made is not None:
            found.append(made)
    return found


def _formula(plain: str, at: int) -> Formula | None:
    left = plain[:at].rstrip(" \u200b")
    if plain[at - 1 : at] in ("<", ">") or plain[at + 1 : at + 2] == "=":
        return None
    named = _LEFT.search(left.replace("\u200b", ""))
    start = _start(plain, at, named[0]) if named else at
    name = _LEAD.sub("", named[0]) if named else ""
    if not name:
        return None
    reader = _Reader(plain, at + 1)
    try:
        node = reader.sum()
    except ValueError:
        return None
    end = reader.at
    tail = _ABSOLUTE.match(plain, end)
    if tail:
        node, end = Node("abs", (node,)), tail.end()
    node, percent = _percent(node)
    mean = "平均" in name and node.op == "/" and node.sides[1].op == "number"
    scores = bool(_SCORE.search(name)) and not mean
    if mean:
        return Formula(name, node, start, end, percent, scores)
    if not node.divides() or not (scores or percent or _RATIO.search(name)):
        return None
    return Formula(name, node, start, end, percent or not scores, scores)


def _start(plain: str, at: int, name: str) -> int:
    """Where the name begins: as many letters back as it has, signs that were dropped not counted."""
    place, left = at, len(name)
    while left and place:
        place -= 1
        left -= plain[place] not in " \u200b"
    return place


def _percent(node: Node) -> tuple[Node, bool]:
    """The formula without its ×100%, and whether it had one."""
    if node.op == "*":
        for own, other in (node.sides, node.sides[::-1]):
            if other.op == "number" and other.value in (1, 100) and other.name == "%":
                return own, True
            if other.op == "number" and other.value == 100 and own.divides():
                return own, True
    if node.op == "abs":
        inner, percent = _percent(node.sides[0])
        return Node("abs", (inner,)), percent
    return node, False


class _Reader:
    def __init__(self, text: str, at: int) -> None:
        self.text, self.at, self.depth = text, at, 0

    def peek(self) -> str:
        while self.text[self.at : self.at + 1] in (" ", "\u200b", "\u3000", "\n") and self.at < len(
            self.text
        ):
            if self.text[self.at] == "\n" and not re.match(r"\s*[-+*/()=]", self.text[self.at :]):
                return ""
            self.at += 1
        return self.text[self.at : self.at + 1]

    def sum(self) -> Node:
        return self._chain("+-", self.product)

    def product(self) -> Node:
        return self._chain("*/", self.atom)

    def _chain(self, signs: str, inner: Callable[[], Node]) -> Node:
        made = inner()
        while (sign := self.peek()) and sign in signs:
            back, self.at = self.at, self.at + 1
            try:
                right = inner()
            except ValueError:
                self.at = back
                break
            made = Node(sign, (made, right))
        return made

    def atom(self) -> Node:
        sign = self.peek()
        figure = _FIGURE.match(self.text, self.at)
        if figure and not _NAME.match(self.text, figure.end()):
            self.at = figure.end()
            return _number(figure[0])
        if figure and re.match(r"分(?:值)?(?![\u4e00-\u9fff])", self.text[figure.end() :]):
            self.at = figure.end() + 1
            return _number(figure[0])
        if sign == "|":
            self.at += 1
            inner = self.sum()
            self._close("|")
            return Node("abs", (inner,))
        if sign == "(" and self._operates():
            self.at += 1
            self.depth += 1
            if self.depth > 10:
                raise ValueError
            inner = self.sum()
            self._close(")")
            self.depth -= 1
            return inner
        return self._name()

    def _close(self, sign: str) -> None:
        if self.peek() != sign:
            raise ValueError(sign)
        self.at += 1

    def _operates(self) -> bool:
        """Whether the bracket that begins here is calculated: it holds an operator, or stands before one."""
        end = _matching(self.text, self.at)
        return end > 0 and any(sign in self.text[self.at + 1 : end] for sign in "+-*/|")

    def _name(self) -> Node:
        pieces = []
        while True:
            while self.text[self.at : self.at + 1] == "\u200b":
                self.at += 1
            found = _NAME.match(self.text, self.at)
            if found:
                pieces.append(found[0])
                self.at = found.end()
            elif self.text[self.at : self.at + 1] == "(" and not self._operates():
                end = _matching(self.text, self.at)
                if end < 0 or end - self.at > 40 or _ABSOLUTE.match(self.text, self.at) or self._remark(end):
                    break
                pieces.append(self.text[self.at : end + 1])
                self.at = end + 1
            else:
                break
        name = "".join(pieces).strip("、")
        if not name or (len(pieces) == 1 and name.startswith("(")):
            raise ValueError
        return Node("name", name=name)

    def _remark(self, end: int) -> bool:
        """A bracket at the end that explains: no letters or operator follow it."""
        inside = self.text[self.at + 1 : end]
        return bool(re.search(r"[,;。:，；：]|取自|见|详|数据|\d", inside))


def _matching(text: str, at: int) -> int:
    depth = 0
    for place in range(at, min(len(text), at + 300)):
        depth += (text[place] == "(") - (text[place] == ")")
        if depth == 0:
            return place
    return -1


def _number(text: str) -> Node:
    value = Decimal(text.rstrip("%"))
    return Node(
        "number", value=value / 100 if text.endswith("%") else value, name="%" if text.endswith("%") else ""
    )


def is_full(name: str) -> bool:
    """Whether a name in 得分=… stands for the full points."""
    return _FULL.fullmatch(name) is not None


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
