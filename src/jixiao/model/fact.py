"""Fact: one figure with proof; FactSet: all facts of one unit and year, candidates kept apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from jixiao.model.source import Source

Value = Decimal | str
FRAME = ("name", "value", "unit", "file", "sheet", "cell", "label", "document", "form")
SHOWN = 20  # facts in a repr


@dataclass(frozen=True, slots=True)
class Fact:
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
        """A pandas table, one row a fact; ``unit`` is the one that ``value`` is in."""
        import pandas as pd  # only where a table is asked for

        from jixiao.model.concept import concepts

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
        return pd.DataFrame(rows, columns=list(FRAME))

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
