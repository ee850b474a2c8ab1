"""A cross-check as data: two sides of signed operands, what they are taken from, and how they must compare."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from jixiao.model.finding import Level
from jixiao.model.reference import Reference

TYPED = "按名称录入"
"""Stands for a form id where records were typed in a facts file instead of being read from a table."""
RELATIONS = ("=", ">=")
APPLIES = ("any", "all")
KINDS: dict[str, str] = {"functions": "万元", "economics": "万元", "projects": "万元", "ledger": "元"}
"""Kinds of records that can be summed, and the unit of their amounts."""
FIELD_WORDS = {
    "opening": "期初余额",
    "debit": "借方发生额",
    "credit": "贷方发生额",
    "closing": "期末余额",
    "balance": "期末余额",
    "budget": "预算数",
    "adjusted": "调整后预算",
    "spent": "支出数",
}
"""Fields with an English name, as a person reads them; ``balance`` is the closing balance, positive on the debit side."""


@dataclass(frozen=True, slots=True)
class Test:
    """One condition on a row: a field is one of the texts, or (``prefix``) begins with one of them."""

    field: str
    values: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Where:
    """Which rows of a table: ``tests`` on fields, then ``place`` among the codes.

    ``top`` has no row above it, ``last`` none below; ``under`` is directly below the row that the check stands
    for, ``same`` has its code.
    """

    tests: tuple[Test, ...] = ()
    place: str = ""


@dataclass(frozen=True, slots=True)
class Operand:
    """A signed member of a side: a concept of a table, a concept wherever it stands (no ``table``), or rows.

    With ``kind`` it is the sum of ``name`` over the rows ``where``; with ``own`` the ``name`` of the row itself.
    """

    sign: int
    name: str
    table: str = ""
    kind: str = ""
    where: Where = Where()
    own: bool = False
    text: str = ""

    @property
    def key(self) -> str:
        """How the definition writes it, for ``optional`` and ``unless``."""
        return self.text


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows that a check is made for, one check each."""

    table: str
    kind: str
    where: Where


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far two sides may differ by rounding: per summed figure ``step`` of the printed unit, ``most`` at most.

    Figures printed in 元 have no tolerance. With ``percent`` the tolerance is that share of the larger side instead.
    """

    step: Decimal
    most: Decimal
    percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """One cross-check. ``tables`` are the ids of the forms that each short name stands for, the first present counts.

    ``applies`` any: at least one of the tables has to be there; all: all of them. ``unless`` is a concept, with the
    ids of its forms, whose presence makes the check superfluous.
    """

    id: str
    title: str
    left: tuple[Operand, ...]
    right: tuple[Operand, ...]
    relation: str
    tolerance: Tolerance
    level: Level
    unit: str
    tables: dict[str, tuple[str, ...]]
    applies: str = "any"
    optional: frozenset[str] = frozenset()
    unless: tuple[str, tuple[str, ...]] | None = None
    each: Rows | None = None
    reference: Reference | None = None

    @property
    def operands(self) -> tuple[Operand, ...]:
        """Both sides, left first."""
        return self.left + self.right
