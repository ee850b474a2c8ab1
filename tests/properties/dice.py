"""Random entries for a net: ordinary figures, and the ones that break rules: exact thresholds, zeros, blanks, texts."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from jixiao.model import Call, Const, Expr, Interval, Pieces, Ratio, Ref, Stepped, Value
from jixiao.scoring import Entry
from jixiao.verify import ErrorValue
from tests.properties.nets import OneSheet, Place

OUTCOMES = ("不适用", "待核定")
COARSE = ("0", "0.005", "-0.005")  # beside huge figures, of which a millionth makes quotients of 16 digits
NEAR = ("0", "0", "0.000001", "-0.000001", "0.005", "-0.005")
NEARER = (
    *NEAR,
    "0.0000005",
    "-0.0000005",
    "0.0000004",
    "-0.0000006",
)  # a figure has six decimals, a ratio more
REASONS = ("依据充分", '写着"已公开"', "=1+1", "，；、", "甲" * 300, "00123", "a" * 20, " 两边有空格 ")
DAYS = (45043, 45044, 45045, 61, 60, 1, 0, -1, 2958465, 2958466, 20230427)
STEPS_SHOWN = 40
ERROR_CODES = ("#DIV/0!", "#VALUE!", "#N/A")


class Dice:
    """Entries of a net, the same for the same seed."""

    def __init__(self, net: OneSheet, seed: int) -> None:
        self.sheet, self.net, self.random = net, net.net, random.Random(seed)
        nodes = [node for expr in self.net.items.values() for node in walk(expr)]
        self.edges = sorted({edge for node in nodes for edge in _edges(node)} | {Decimal(0), Decimal(1)})
        self.ratios = [
            (
                node,
                [
                    e
                    for rule in nodes
                    if isinstance(rule, (Pieces, Stepped)) and isinstance(rule.x, Ref) and rule.x.key == key
                    for e in _edges(rule)
                ],
            )
            for key, expr in self.net.items.items()
            for node in walk(expr)
            if isinstance(node, Ratio) and not isinstance(node.b, Const)
        ]
        self.scale = ""
        self.rows = {key.rsplit("[", 1)[0]: 0 for keys in self.net.columns.values() for key in keys}

    def entries(self) -> dict[str, Value]:
        """One set of entries."""
        self.rows = {table: self.random.choice((0, 1, 1, 2, 3, 4)) for table in self.rows}
        self.scale = self.random.choice(("", "", "huge", "vast", "tiny"))
        plain = (
            self.random.random() < 0.5
        )  # half of the cases without gaps, so that rules get as far as points
        made = {key: self.value(entry, plain=plain) for key, entry in self.net.entries.items()}
        for ratio, own in self.ratios:
            if self.random.random() < 0.6 and self.scale != "vast":
                self.aim(ratio, own, made)
        return made

    def value(self, entry: Entry, *, plain: bool) -> Value:
        """A value for one entry."""
        if (
            "[" in entry.key
            and int(entry.key.split("[")[1].split("]")[0]) > self.rows[entry.key.split("[")[0]]
        ):
            return None
        if not plain and self.random.random() < 0.12:
            return self.random.choice((None, None, *OUTCOMES, "约3", "", "12"))
        if entry.kind == "choice":
            return self.random.choice((*entry.choices, *entry.choices, None, "其他"))
        if entry.kind == "text":
            return self.random.choice((None, None, *REASONS, self.amount()))
        if entry.kind == "date":
            return self.random.choice((*map(Decimal, DAYS), Decimal("45044.5")))
        if entry.key.endswith(("核定分", "自评分")):
            return self.random.choice((None, None, None, self.points(10)))
        if entry.high is not None:
            return self.points(2)
        if entry.unit in ("件", "个", "人"):
            return Decimal(self.random.choice((0, 0, 1, 2, 3, 4, 5, 6, 9, 100)))
        if self.scale == "vast":
            return self.amount()
        return self.random.choice((self.amount(), self.edge(COARSE if self.scale == "huge" else NEAR)))

    def broken(self, cells: dict[Place, Any]) -> dict[Place, Any]:
        """The cells of a case with an error in some of them: one kind of error, which of two comes first nobody says."""
        spots = self.random.sample(sorted(cells), min(len(cells), self.random.choice((1, 1, 2, 5))))
        return cells | dict.fromkeys(spots, ErrorValue(self.random.choice(ERROR_CODES)))

    def edge(self, near: Sequence[str] = NEAR, own: Sequence[Decimal] = ()) -> Decimal:
        """A threshold of the rules, of the figure's ``own`` where there are any, or just beside one."""
        edges = own if own and self.random.random() < 0.8 else self.edges
        return self.random.choice(edges) + Decimal(self.random.choice(near))

    def points(self, most: int) -> Decimal:
        """Points that a person enters, some out of range."""
        return (
            Decimal(
                self.random.choice((0, most * 100, most * 100 + 1, -1, self.random.randint(0, most * 100)))
            )
            / 100
        )

    def amount(self) -> Decimal:
        """An amount: cents, six decimals, zero, negative; in some cases tiny ones, in others huge ones, or whole ones to 1e12.

        Never both at once: a quotient or a sum of the two would need more than the 15 digits that a spreadsheet has.
        """
        roll, dice = self.random.random(), self.random
        if self.scale == "vast":
            return Decimal(dice.choice((0, 10**12, 10**12 - 1, dice.randint(1, 10**12), -(10**12))))
        if roll < 0.5:
            return Decimal(dice.randint(0, 10**6)) / 100
        if roll < 0.65:
            return Decimal(dice.choice((0, 0, 1, 100)))
        if roll < 0.72:
            return Decimal(-dice.randint(1, 10**6)) / 100
        if self.scale == "huge":
            return Decimal(dice.randint(10**9, 10**10)) / 100
        if self.scale == "tiny":
            return Decimal(dice.randint(1, 9)) / 10**6
        return Decimal(dice.randint(0, 10**10)) / 10**6

    def aim(self, ratio: Ratio, own: Sequence[Decimal], made: dict[str, Value]) -> None:
        """Change one figure of a ratio so that it lies on a threshold, or beside it by less than rounding shows."""
        if self.random.random() < 0.3:  # a round denominator leaves room for the finest of distances
            made.update({key: Decimal(10**5) for key in ratio.b.refs() if key in made})
        keys = [key for key in ratio.a.refs() if key in made]
        if not keys or not all(
            isinstance(made.get(key), Decimal) for key in (*ratio.a.refs(), *ratio.b.refs())
        ):
            return
        key, above = self.random.choice(keys), _signed(ratio.a)

        def at(value: Decimal, node: Expr) -> Decimal:
            got = node.number({**made, key: value}.__getitem__)
            assert isinstance(got, Decimal)
            return got

        fixed, slope = at(Decimal(0), above), at(Decimal(1), above) - at(Decimal(0), above)
        below = at(Decimal(0), ratio.b)
        if slope == 0 or at(Decimal(1), ratio.b) != below or abs(below) > 10**9:
            return
        wanted = (self.edge(NEARER, own) * self.random.choice((1, 1, 1, -1)) * below - fixed) / slope
        shown = wanted.quantize(Decimal(1).scaleb(-6))
        if shown == wanted and abs(wanted) < 10**8 and len(shown.normalize().as_tuple().digits) <= 15:
            made[key] = shown


def walk(node: Expr) -> Iterator[Expr]:
    """A node and all below."""
    yield node
    for child in node.children():
        yield from walk(child)


def _signed(node: Expr) -> Expr:
    return _signed(node.args[0]) if isinstance(node, Call) and node.name == "ABS" else node


def _edges(node: Expr) -> Iterator[Decimal]:
    if isinstance(node, Pieces):
        for interval, _ in node.pieces:
            yield from _ends(interval)
    if isinstance(node, Stepped):
        sign = -1 if node.every.way == "down" else 1
        for step in range(STEPS_SHOWN):
            yield node.every.start + sign * node.every.each * step
    if isinstance(node, Const) and isinstance(node.value, Decimal):
        yield node.value


def _ends(interval: Interval) -> Iterator[Decimal]:
    for end in (interval.low, interval.high):
        if end is not None:
            yield end
