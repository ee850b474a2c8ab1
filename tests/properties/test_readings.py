"""The readings agree: number, `formulas` and LibreOffice, over random and boundary cases for every rule kind.

JIXIAO_CASES and JIXIAO_LO_CASES say how many cases; JIXIAO_SEED gives others.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jixiao.model import Value
from jixiao.verify import ENGINES, Session
from tests.properties import casebook
from tests.properties.casebook import RULES
from tests.properties.dice import Dice
from tests.properties.nets import OneSheet, Place, save

CASES = int(os.environ.get("JIXIAO_CASES", "300"))
OFFICE_CASES = int(os.environ.get("JIXIAO_LO_CASES", "60"))
SEED = int(os.environ.get("JIXIAO_SEED", "2022"))
WHOLE = CASES if "JIXIAO_CASES" in os.environ else 40  # a whole table is a thousand cells
BATCH = 10
KINDS = sorted((RULES / "cases").glob("*.yaml"))


def _nets() -> Iterator[tuple[str, OneSheet]]:
    for file in KINDS:
        for rule, net in casebook.kinds(file)[0].items():
            yield f"{file.stem}：{rule}", net


NETS = dict(_nets())
needs_formulas = pytest.mark.skipif(ENGINES["formulas"]() is not None, reason="没有安装 formulas")


def _of(kind: str) -> list[OneSheet]:
    return [net for name, net in NETS.items() if name.startswith(f"{kind}：")]


def _apart(net: OneSheet, cases: int) -> list[str]:
    dice, found = Dice(net, SEED), []
    for _ in range(cases):
        found += net.checked(dice.entries())
        if len(found) > 3:
            break
    return found


@needs_formulas
@pytest.mark.parametrize("kind", [file.stem for file in KINDS])
def test_every_rule_of_a_kind_reads_alike(kind: str) -> None:
    nets = _of(kind)
    for net in nets:
        assert _apart(net, -(-CASES // len(nets))) == []


@needs_formulas
def test_the_whole_table_reads_alike() -> None:
    assert _apart(casebook.suixi(), WHOLE) == []


@pytest.fixture(scope="module")
def office() -> Iterator[Session]:
    why = ENGINES["libreoffice"]()
    if why or OFFICE_CASES == 0:
        pytest.skip(why or "JIXIAO_LO_CASES=0")
    with Session(seconds=300) as session:
        yield session


@pytest.mark.parametrize("kind", [file.stem for file in KINDS])
def test_every_rule_of_a_kind_reads_alike_in_libreoffice(kind: str, office: Session, tmp_path: Path) -> None:
    """A sheet for each rule; a variant changes the entries of all of them."""
    nets = [OneSheet(net.net, f"网{n}") for n, net in enumerate(_of(kind))]
    _in_office(office, tmp_path / f"{kind}.xlsx", nets, -(-OFFICE_CASES // 30))


def test_the_whole_table_reads_alike_in_libreoffice(office: Session, tmp_path: Path) -> None:
    _in_office(office, tmp_path / "表.xlsx", [casebook.suixi()], max(2, OFFICE_CASES // 50))


def _in_office(office: Session, path: Path, nets: list[OneSheet], cases: int) -> None:
    save(path, nets)
    dice = [Dice(net, SEED + 1) for net in nets]
    for start in range(0, cases, BATCH):
        drawn = [[die.entries() for die in dice] for _ in range(min(BATCH, cases - start))]
        changes = [_changes(nets, case) for case in drawn]
        found: list[str] = []
        for case, got in zip(drawn, office.what_if(path, changes), strict=True):
            for net, entries in zip(nets, case, strict=True):
                found += net.apart(entries, got)
        assert found[:3] == []


def _changes(nets: list[OneSheet], case: list[dict[str, Value]]) -> dict[Place, Any]:
    """The cells that are filled in; every other entry is blank in the file."""
    return {
        place: value
        for net, entries in zip(nets, case, strict=True)
        for place, value in net.inputs(entries).items()
        if value is not None
    }
