"""The number reading of a whole net: entries in, every value out, each computed once."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, localcontext

from jixiao.model import PENDING, Expr, ExprError, Value
from jixiao.scoring.system import System

PRECISION = 28


class Values:
    """All values of a net for one set of entries; ``crashed`` lists items whose rule failed (our own bug)."""

    def __init__(self, system: System, entries: Mapping[str, Value]) -> None:
        self.system, self.entries = system, entries
        self.known: dict[str, Value] = {}
        self.crashed: dict[str, str] = {}
        self._open: set[str] = set()

    def __getitem__(self, key: str) -> Value:
        if key in self.known:
            return self.known[key]
        expr = self.system.items.get(key)
        if expr is None:
            if key in self.system.entries:
                return self.entries.get(key)
            return self._column(key)
        return self._compute(key, expr)

    def _column(self, key: str) -> Value:
        if key not in self.system.columns:
            raise ExprError(f"{key}: no such cell")
        made = tuple(self[cell] for cell in self.system.columns[key])
        self.known[key] = made  # type: ignore[assignment]  # Total and Count read a column as its values
        return self.known[key]

    def _compute(self, key: str, expr: Expr) -> Value:
        if key in self._open:
            raise ExprError(f"{key}: circular")
        self._open.add(key)
        try:
            value = expr.number(self.__getitem__)
        except (ExprError, ArithmeticError) as error:
            # one broken rule must not stop the others; it is reported and shown as 待核定
            self.crashed[key] = str(error)
            value = PENDING
        self._open.discard(key)
        self.known[key] = value
        return value

    def all(self) -> dict[str, Value]:
        """Every item's value, in the net's order."""
        with localcontext() as context:
            context.prec = PRECISION
            return {key: self[key] for key in self.system.items}

    def points(self, key: str) -> Decimal | None:
        """The value as points, or None for an outcome."""
        value = self[key]
        return value if isinstance(value, Decimal) else None
