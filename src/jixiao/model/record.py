"""Record: one row of a table kept whole (a ledger account, a project, a yearly target, a functional class)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from jixiao.model.source import Source


@dataclass(slots=True)
class Record:
    """One row of a table: ``values`` by field, each with its proof in ``sources``.

    Kinds and fields (amounts in 万元 unless said):
    ``ledger``     code, name, opening, debit, credit, closing in 元; opening_side, closing_side 借 or 贷, or blank
    ``projects``   name, budget, adjusted, spent, declared
    ``targets``    name, unit, planned, done
    ``functions``  code, name, level (1 类, 2 款, 3 项) and the table's amounts, by the names of its form
    ``economics``  code, name, level (1 类, 2 款) and the table's amounts
    A value that is not there is None, never 0 unless the form says that a blank is zero. ``level`` is a Decimal.
    """

    kind: str
    values: dict[str, Decimal | str | None]
    sources: dict[str, Source]
    form: str = ""
    document: str = ""
    block: str = ""
    line: int = 0

    def __getitem__(self, name: str) -> Decimal | str | None:
        return self.values.get(name)

    def amount(self, name: str) -> Decimal | None:
        """A field as a number, None when it is absent or text."""
        value = self.values.get(name)
        return value if isinstance(value, Decimal) else None
