"""The readings agree: number, the two compiled engines, `formulas` and LibreOffice, over random and boundary cases.

Every engine gets the same cases of a kind, the slow ones fewer of them; JIXIAO_CASES gives all of them as many
(``make readings``: 3,000), JIXIAO_SEED others. An error in a cell is no number to us, and a finding; there the engines
are held against each other.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from jixiao.model import Value
from jixiao.office import open_workbook
from jixiao.verify import ENGINES, Compiled, ErrorValue, Put, Results, Session, loaded
from tests.properties import casebook
from tests.properties.casebook import RULES
from tests.properties.dice import Dice
from tests.properties.nets import ERRORS, OneSheet, Place, agree, save

LONG = int(os.environ.get("JIXIAO_CASES", "0"))
SEED = int(os.environ.get("JIXIAO_SEED", "2022"))
CASES = {"cellrune": 200, "formualizer": 200, "formulas": 60, "libreoffice": 40}
WHOLE = {
    "cellrune": 40,
    "formualizer": 40,
    "formulas": 10,
    "libreoffice": 4,
}  # a whole table is a thousand cells
BATCH = 100
KINDS = sorted((RULES / "cases").glob("*.yaml"))
Cells = dict[Place, Any]


@pytest.fixture(scope="module")
def office() -> Iterator[Session | None]:
    if ENGINES["libreoffice"]():
        yield None
    else:
        with Session(seconds=300) as session:
            yield session


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.stem)
def test_every_rule_of_a_kind_reads_alike(kind: Path, tmp_path: Path, office: Session | None) -> None:
    """A sheet for each rule; a case changes the entries of all of them."""
    nets = [OneSheet(net.net, f"网{n}") for n, net in enumerate(casebook.kinds(kind)[0].values())]
    most = {name: -(-(LONG or cases) // len(nets)) for name, cases in CASES.items()}
    assert _apart(nets, most, tmp_path / "网.xlsx", office) == []


def test_the_whole_table_reads_alike(tmp_path: Path, office: Session | None) -> None:
    most = {name: LONG // 10 or cases for name, cases in WHOLE.items()}
    assert _apart([casebook.suixi()], most, tmp_path / "表.xlsx", office) == []


def _apart(nets: Sequence[OneSheet], most: dict[str, int], path: Path, office: Session | None) -> list[str]:
    """What an engine gives otherwise than we do, or than the first engine where a cell holds an error."""
    dice = [Dice(net, SEED) for net in nets]
    cases = [[die.entries() for die in dice] for _ in range(max(most.values()))]
    cells = [_cells(nets, case) for case in cases]
    broken = {number: dice[0].broken(cells[number]) for number in range(7, len(cases), 8)}
    given = [broken.get(number, cell) for number, cell in enumerate(cells)]
    save(path, list(nets))
    known = [[net.numbers(one) for net, one in zip(nets, case, strict=True)] for case in cases]
    first: dict[int, Results] = {}
    found: list[str] = []
    for name, cases_of in most.items():
        if ENGINES[name]() is not None:
            continue
        for number, got in enumerate(_results(name, nets, path, given[:cases_of], office)):
            if number in broken:
                expected = first.setdefault(number, got)
                found += [
                    f"{name} {place}: {got[place]!r}, {expected[place]!r}\n  {net.formulas[place]}\n  {given[number]}"
                    for net in nets
                    for place in net.formulas
                    if not agree(expected[place], got[place])
                ]
            else:
                for net, entries, values in zip(nets, cases[number], known[number], strict=True):
                    found += [f"{name} {text}" for text in net.apart(entries, got, values)]
            if len(found) > 3:
                return found[:4]
    return found


def _cells(nets: Sequence[OneSheet], case: Sequence[dict[str, Value]]) -> Cells:
    """The cells that are filled in; every other entry is blank in the file."""
    return {
        place: value
        for net, entries in zip(nets, case, strict=True)
        for place, value in net.inputs(entries).items()
        if value is not None
    }


def _results(
    name: str, nets: Sequence[OneSheet], path: Path, cases: Sequence[Cells], office: Session | None
) -> Iterator[Results]:
    """What an engine gives for each case."""
    if name == "formulas":
        compiled = Compiled({place: text for net in nets for place, text in net.formulas.items()}, {})
        yield from map(compiled.run, cases)
    elif name == "libreoffice":
        assert office is not None
        for start in range(0, len(cases), BATCH):
            batch = cases[start : start + BATCH]
            got = office.recompute(save(path, nets, batch))
            for number in range(len(batch)):
                yield {
                    net.places[key]: got[net.lower(number).places[key]]
                    for net in nets
                    for key in net.net.items
                }
    else:
        witness, before = loaded(name, open_workbook(path.read_bytes())), Cells()
        for cells in cases:
            changed = {p: cells.get(p) for p in before.keys() | cells.keys() if cells.get(p) != before.get(p)}
            witness.put([_put(place, value) for place, value in changed.items()])
            yield dict(witness.results)
            before = cells


def _put(place: Place, value: Any) -> Put:
    if isinstance(value, ErrorValue):
        return Put(place, None, ERRORS[value.code])
    return Put(place, float(value) if isinstance(value, Decimal) else value)
