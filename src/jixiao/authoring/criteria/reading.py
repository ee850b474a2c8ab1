"""Parse tree -> typed phrases. In: one normalised statement; out: its phrases, or None where the grammar fails."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from jixiao.authoring.criteria.amounts import SYMBOL, amount, ends_at, figure, parts_of, text_of
from jixiao.authoring.criteria.lexing import parser
from jixiao.authoring.criteria.phrases import (
    Amount,
    Cap,
    Change,
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
from jixiao.authoring.criteria.spans import Ranges
from jixiao.text.lexing import LarkError, Token


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
