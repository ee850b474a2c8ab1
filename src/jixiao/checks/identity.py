"""A cross-check as data: two sides of signed operands, where they come from, how they must compare."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from jixiao.model import Expr, Level, Reference

TYPED = "按名称录入"
"""Stands for a form id where records were typed in a facts file instead of being read from a table."""
LAST = "上年:"
"""Stands before a form id for that table of the year before; ``上年:*`` is any document of that year."""
RELATIONS = ("=", ">=", ">")
APPLIES = ("any", "all")
KINDS: dict[str, str] = {"functions": "万元", "economics": "万元", "projects": "万元", "ledger": "元"}
"""Kinds of records that can be summed, and the unit of their amounts."""
COUNTED = "个"
"""The unit of ``count(…)``."""
FIELD_WORDS = {
    "opening": "期初余额",
    "debit": "借方发生额",
    "credit": "贷方发生额",
    "closing": "期末余额",
    "balance": "期末余额",
    "start": "期初余额",
    "budget": "预算数",
    "adjusted": "调整后预算",
    "spent": "支出数",
}
"""Fields with an English name, as a person reads them; ``balance`` and ``start`` are debit positive."""


@dataclass(frozen=True, slots=True)
class Test:
    """One condition on a row: a field is one of the texts, or (``prefix``) begins with one of them."""

    field: str
    values: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Where:
    """Which rows of a table: ``tests`` on fields, then ``place`` among the codes.

    ``top`` has no row above it, ``last`` none below; ``under`` is directly below the row that the check
    stands for, ``same`` has its code.
    """

    tests: tuple[Test, ...] = ()
    place: str = ""


@dataclass(frozen=True, slots=True)
class Operand:
    """A signed member of a side: a concept of a table, a concept wherever it stands (no ``table``), or rows.

    With ``kind`` it is the sum of ``name`` over the rows ``where`` (no ``name``: how many rows); with ``own`` the
    row's own ``name``. ``factor`` multiplies it: 0.2 for a fifth of the budget.
    """

    sign: int
    name: str
    table: str = ""
    kind: str = ""
    where: Where = Where()
    own: bool = False
    text: str = ""
    factor: Decimal = Decimal(1)

    @property
    def key(self) -> str:
        """How the definition writes it, for ``optional`` and ``together``."""
        return self.text


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows that a check is made for, one check each."""

    table: str
    kind: str
    where: Where


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far two sides may differ by rounding: ``step`` of the printed unit per figure, ``most`` at most.

    Figures printed in 元 have no tolerance. With ``percent`` it is that share of the larger side instead.
    """

    step: Decimal
    most: Decimal
    percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """One cross-check.

    ``tables``: the ids of the forms that each short name stands for; the first present counts.
    ``optional``: operands that a form may lack; absent, not missing.
    ``together``: operands that are printed all or none; with none there is nothing to check.
    ``applies``: any, at least one of the tables has to be there; all, every one of them.
    ``unless``: a concept, with the ids of its forms, whose presence makes the check superfluous.
    ``when``: a condition over the same names; where it is false or cannot be decided there is nothing to check.
    ``basis``: the right side is the paper that the left side needs; without it the left side is still shown.
    ``advice``: what to do, where the catalogue's advice is too general.
    ``says``: what a report says where it fails (see says.py); ``group``: what it says of many rows that fail.
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
    together: frozenset[str] = frozenset()
    unless: tuple[str, tuple[str, ...]] | None = None
    each: Rows | None = None
    reference: Reference | None = None
    when: Expr | None = None
    basis: bool = False
    advice: str = ""
    says: str = ""
    group: str = ""

    @property
    def operands(self) -> tuple[Operand, ...]:
        """Both sides, left first."""
        return self.left + self.right
