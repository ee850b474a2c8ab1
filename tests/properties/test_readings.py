"""The readings agree: number, script, the two compiled engines, `formulas` and LibreOffice, over random and boundary cases.

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

from jixiao.model import Value, plain, script_functions
from jixiao.office import open_workbook
from jixiao.verify import ENGINES, Compiled, ErrorValue, Put, Results, Session, loaded
from tests.app.serve.conftest import chromium as chromium  # noqa: PLC0414 - a fixture handed on
from tests.properties import casebook
from tests.properties.casebook import RULES
from tests.properties.dice import Dice
from tests.properties.nets import ERRORS, OneSheet, Place, agree, save

LONG = int(os.environ.get("JIXIAO_CASES", "0"))
SEED = int(os.environ.get("JIXIAO_SEED", "2022"))
CASES = {"cellrune": 120, "formualizer": 120, "formulas": 30, "libreoffice": 40}
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


SCRIPTED = 60
RUN = """async cases => cases.map(entries => {
  given = entries.map(x => Array.isArray(x) ? D(x[0]) : x);
  memo = [];
  return ITEMS.map(i => word(v(i)));
})"""


@pytest.mark.parametrize("kind", [*KINDS, None], ids=lambda kind: kind.stem if kind else "whole")
def test_a_page_reckons_what_we_do(kind: Path | None, chromium: Any) -> None:
    """The script reading, to the last digit: nothing there is a float."""
    nets = list(casebook.kinds(kind)[0].values()) if kind else [casebook.suixi()]
    page = chromium.new_page()
    for net in nets:
        number = {key: at for at, key in enumerate((*net.net.entries, *net.net.items, *net.net.columns))}
        items = {key: expr.script(lambda key: f"v({number[key]})") for key, expr in net.net.items.items()}  # noqa: B023
        items |= {
            key: f"[{','.join(f'v({number[cell]})' for cell in cells)}]"
            for key, cells in net.net.columns.items()
        }
        asked = [number[key] for key in net.net.items]
        text = "".join(f"items[{number[key]}]=()=>{script};\n" for key, script in items.items())
        die = Dice(net, SEED)
        cases = [die.entries() for _ in range(-(-(LONG or SCRIPTED) // len(nets)) if kind else 15)]
        given = [
            [[format(x, "f")] if isinstance(x := case.get(key), Decimal) else x for key in net.net.entries]
            for case in cases
        ]
        page.goto("about:blank")
        page.add_script_tag(content=f"{script_functions()}\nconst ITEMS={asked};\n{text}")
        for case, got in zip(cases, page.evaluate(RUN, given), strict=True):
            known = {key: _word(value) for key, value in net.numbers(case).items()}
            assert dict(zip(net.net.items, got, strict=True)) == known, case
    page.close()


def _word(value: Value) -> str:
    return plain(value) if isinstance(value, Decimal) else "" if value is None else str(value)
