"""What people fill: an entry of the net with its limits, a row of a table, and the points that a person awards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from jixiao.model import Arith, Const, Expr, If, Is, IsNumber, Logic, Scoped, Show
from jixiao.rubric import Column
from jixiao.rubric.keys import Keys

KINDS = {"文字": "text", "比例": "rate"}


class Entry(NamedTuple):
    """A cell that people or sources fill. ``kind``: number, rate, date, choice or text.

    ``fact`` says that documents tell what belongs there; anything else is for people to judge or to write.
    """

    key: str
    kind: str
    unit: str = ""
    choices: tuple[str, ...] = ()
    low: Expr | None = None
    high: Expr | None = None
    fact: bool = False


class Award(NamedTuple):
    """Points that a person awards instead of the rule's. The one place that says when they count: only with a reason.

    ``also`` are further conditions: the full points of a row have to be there.
    """

    points: str
    reason: str
    also: tuple[Expr, ...] = ()

    @classmethod
    def of(cls, owner: Keys) -> Award:
        """The award for an indicator."""
        return cls(owner.awarded, owner.reason)

    @property
    def counts(self) -> Expr:
        """Whether they count."""
        return Logic("AND", IsNumber(self.points), *self.also, Logic("NOT", Is(self.reason, "")))

    @property
    def unreasoned(self) -> Expr:
        """Whether points stand there that do not count, because nothing says why."""
        return Logic("AND", IsNumber(self.points), Is(self.reason, ""))

    @property
    def said(self) -> tuple[Expr | str, ...]:
        """``核定得3分（理由）``, for a sentence."""
        return "核定得", Show(self.points, "plain"), "分（", Show(self.reason, "text"), "）"


def row_cells(
    owner: Keys, columns: Sequence[Column], most: Mapping[str, Expr] | None = None
) -> Iterator[tuple[str, Entry | Expr]]:
    """Every cell of one row of a table: an entry, or the column's expression read for this row.

    ``most`` are upper limits by column that lie outside the row.
    """
    start = owner.cell("")
    for column in columns:
        key = start + column.name
        if column.expr is not None:
            yield key, Scoped(start, column.expr)
            continue
        kind = "choice" if column.choices else KINDS.get(column.unit, "number")
        low, high = (limit and Scoped(start, limit) for limit in (column.low, column.high))
        high = (most or {}).get(column.name, high)
        unit = column.unit if kind == "number" else ""
        yield key, Entry(key, kind, unit, column.choices, low, high, fact=not column.judged)


def count_of(tests: Sequence[Expr]) -> Expr:
    """How many of the conditions hold."""
    total: Expr = If(tests[0], Const(1), Const(0))
    for test in tests[1:]:
        total = Arith("+", total, If(test, Const(1), Const(0)))
    return total
