"""What intake hands on: Reading (facts, sheets, records, findings)."""

from __future__ import annotations

from dataclasses import dataclass, field

from jixiao.model import FactSet, Findings, Record
from jixiao.office import Sheet


@dataclass(slots=True)
class Reading:
    """The result of reading source files; ``recognised`` is False when no table of any known form was found."""

    facts: FactSet = field(default_factory=FactSet)
    sheets: list[Sheet] = field(default_factory=list)
    records: dict[str, list[Record]] = field(default_factory=dict)
    findings: Findings = field(default_factory=Findings)
    recognised: bool = False


__all__ = ["Reading", "Record"]
