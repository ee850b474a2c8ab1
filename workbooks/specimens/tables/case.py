"""The data of a specimen: published figures (case.yaml) and our own filling-in (supplement.yaml)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from jixiao.model import load_yaml

WAN = Decimal(10000)


@dataclass(frozen=True, slots=True)
class Case:
    """``data`` is case.yaml, ``extra`` supplement.yaml; amounts of ``data`` are 万元, of ``extra`` 元."""

    data: dict[str, Any]
    extra: dict[str, Any]

    @property
    def unit(self) -> str:
        """Name of the reporting unit."""
        return str(self.data["unit"])

    @property
    def year(self) -> int:
        """Budget year."""
        return int(self.data["year"])

    def wan(self, name: str) -> Decimal:
        """A fact as published (万元, or its own unit); KeyError when the case has no such fact."""
        return Decimal(self.data["facts"][name]["value"])

    def yuan(self, name: str) -> Decimal:
        """A fact of money in 元, two decimals."""
        return (self.wan(name) * WAN).quantize(Decimal("0.01"))

    def second(self, name: str, document: str) -> Decimal:
        """The contradicting figure that ``document`` gives for a fact; KeyError when there is none."""
        for entry in self.data["second_sources"]:
            if entry["fact"] == name and str(entry["from"]).startswith(document):
                return Decimal(entry["value"])
        raise KeyError((name, document))


def load(folder: Path) -> Case:
    """Read case.yaml and supplement.yaml of a specimen folder."""
    return Case(load_yaml(folder / "case.yaml"), load_yaml(folder / "supplement.yaml"))
