"""Facts and rows written down by hand, for checks without any reading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from jixiao.checks import LAST, TYPED, load
from jixiao.model import Fact, FactSet, Record, Source, concepts
from jixiao.text import AMOUNT_UNITS

IN_YUAN = ("财决01-1", "财决附03", "国有资产报表-固定资产和无形资产", "科目余额表")


@dataclass
class Written:
    """Tables by the short names of the identity files: ``facts`` 总表.收入总计, ``rows`` 支出表.functions."""

    facts: FactSet = field(default_factory=FactSet)
    records: list[Record] = field(default_factory=list)
    used: int = 0

    def fact(
        self, form: str, name: str, value: object, *, document: str = "", cell: str = "", unit: str = ""
    ) -> Fact:
        self.used += 1
        yuan = form.removeprefix(LAST) in IN_YUAN
        printed = unit or ("元" if yuan else concepts()[name].unit)
        divisor = Decimal(1)
        if concepts()[name].unit in AMOUNT_UNITS and printed in AMOUNT_UNITS:
            divisor = AMOUNT_UNITS[concepts()[name].unit] / AMOUNT_UNITS[printed]
        kind = document or form or "手填表"
        source = Source(f"{kind}.xlsx", "表", cell or f"B{self.used}", name, form, kind)
        made = Fact(name, Decimal(str(value)), source, str(value), printed, divisor)
        self.facts.add([made])
        return made

    def row(self, form: str, kind: str, values: Mapping[str, Any], *, document: str = "") -> Record:
        self.used += 1
        known = {k: v if isinstance(v, str) or v is None else Decimal(str(v)) for k, v in values.items()}
        file = f"{document or form or '手填表'}.xlsx"
        sources = {
            k: Source(file, "表", f"{chr(67 + i)}{self.used}", k, form, document or form)
            for i, k in enumerate(known)
        }
        made = Record(kind, known, sources, "" if form == TYPED else form, form)
        self.records.append(made)
        return made


def short_names() -> dict[str, dict[str, str]]:
    """Identity id -> short name -> the first form it stands for."""
    return {one.id: {name: ids[0] for name, ids in one.tables.items()} for one in load().identities}
