"""Fact: one figure with proof; FactSet: all facts of one unit and year; Record: one row of a table kept whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

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


Value = Decimal | str
FRAME = ("name", "value", "unit", "file", "sheet", "cell", "label", "document", "form")
SHOWN = 20  # facts in a repr


class Fact(NamedTuple):
    """A value of a concept, in the concept's own unit, with the place that proves it.

    ``name`` is the concept's 中文 name. ``value`` is an exact decimal (dates are Excel serial numbers) or text.
    ``raw`` is what stood in the cell, ``unit`` the unit read there and ``divisor`` the exact number that the raw
    figure was divided by to reach the concept's unit (元 to 万元: 10000).
    """

    name: str
    value: Value
    source: Source
    raw: str = ""
    unit: str = ""
    divisor: Decimal = Decimal(1)
    note: str = ""


@dataclass(slots=True)
class FactSet:
    """Every located fact; one concept may have several candidates, which are never merged silently."""

    facts: list[Fact] = field(default_factory=list)

    def add(self, facts: Iterable[Fact]) -> None:
        """Append candidates in the order found."""
        self.facts.extend(facts)

    def of(self, name: str, *, form: str = "", document: str = "") -> list[Fact]:
        """All candidates of a concept, narrowed to a form id or a kind of document."""
        return [
            fact
            for fact in self.facts
            if fact.name == name
            and (not form or fact.source.form == form)
            and (not document or fact.source.document == document)
        ]

    def to_frame(self) -> Any:
        """A pandas table, one row a fact; ``unit`` is the one that ``value`` is in. UsageStop where pandas is not installed."""
        from jixiao.model.concept import concepts
        from jixiao.model.finding import framed

        known = concepts()
        rows = [
            {
                "name": fact.name,
                "value": fact.value,
                "unit": known[fact.name].unit if fact.name in known else fact.unit,
                **{name: getattr(fact.source, name) for name in FRAME[3:]},
            }
            for fact in self.facts
        ]
        return framed(rows, FRAME)

    def __repr__(self) -> str:
        files = dict.fromkeys(fact.source.file for fact in self.facts)
        lines = [f"<FactSet {len(self.facts)} facts from {len(files)} files>"]
        lines += [f"  {fact.name} = {fact.value}  {fact.source.place()}" for fact in self.facts[:SHOWN]]
        if len(self.facts) > SHOWN:
            lines.append(f"  … {len(self.facts) - SHOWN} more")
        return "\n".join(lines)

    def __iter__(self) -> Iterator[Fact]:
        return iter(self.facts)

    def __len__(self) -> int:
        return len(self.facts)
