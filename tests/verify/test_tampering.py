"""Every kind of tampering is named by its place; what people may do is not."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

import jixiao
from jixiao import pipeline
from jixiao.model import Level
from jixiao.verify import Verified, as_text
from tests.verify.conftest import SPECIMENS as SUIXI
from tests.verify.random_edits import Edits
from tests.verify.raw_edits import Parts, edited

SPECIMENS = SUIXI.parent
SOFFICE = shutil.which("soffice")
EDITS, SEED = int(os.environ.get("JIXIAO_EDITS", "12")), int(os.environ.get("JIXIAO_SEED", "7"))

CASES: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    Path(__file__).with_name("tampering.yaml").read_text("utf-8")
)
KINDS = [
    pytest.param(case, id=f"{group}: {case['kind']}") for group, cases in CASES.items() for case in cases
]


def named(made: Verified, before: set[str]) -> dict[str, Level]:
    """What the findings that were not there before name, each with its highest level: cells, sheets, messages."""
    found: dict[str, Level] = {}
    for finding in made.findings:
        if finding.line() in before:
            continue
        for place in [f"{s.sheet}!{s.cell}" if s.cell else s.sheet for s in finding.sources] + [
            finding.message
        ]:
            if place not in found or finding.level is Level.ERROR:
                found[place] = finding.level
    return found


def says(found: dict[str, Level], places: set[str]) -> bool:
    """Whether one of the places is named: a cell as such, a sheet or a word somewhere."""
    return any(place == name or ("!" not in place and place in name) for place in places for name in found)


def lines(made: Verified) -> set[str]:
    return {finding.line() for finding in made.findings}


@pytest.fixture(scope="module")
def tampered(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Verified]:
    """Every case verified, all in one go; by the engines too where results are what was tampered with."""
    folder = tmp_path_factory.mktemp("改动")
    made: dict[str, Verified] = {}
    for engines, groups in ((("fast",), {"formulas"}), ((), CASES.keys() - {"formulas"})):
        paths = {"": filled}
        for case in (case for group in sorted(groups) for case in CASES[group]):
            path = folder / f"{len(made)}-{len(paths)}" / filled.name
            path.parent.mkdir()
            paths[case["kind"]] = edited(Parts(filled), case["edit"]).save(path)
        made |= dict(zip(paths, jixiao.verify(*paths.values(), engines=engines), strict=True))
    return made


@pytest.mark.parametrize("case", KINDS)
def test_a_kind_is_named_by_its_place(case: dict[str, Any], tampered: dict[str, Verified]) -> None:
    made = tampered[case["kind"]]
    found = named(made, lines(tampered[""]))
    if "named" not in case:
        assert found == {}, as_text([made])
        return
    assert says(found, {case["named"]}), as_text([made])
    if case.get("level") == "note":
        assert set(found.values()) <= {Level.NOTE}, as_text([made])


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The other case, filled from its forms."""
    path, case = tmp_path_factory.mktemp("昌黎") / "评分簿.xlsx", SPECIMENS / "changli-2023"
    pipeline.new("changli-2023", path, unit="昌黎县某局")
    pipeline.fill(path, [file for file in case.iterdir() if file.suffix in (".xlsx", ".xls")])
    return path


@pytest.mark.parametrize("case", ["filled", "second"])
def test_whatever_is_changed_at_random_is_named(
    case: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """``make tamper`` tries 500 a case."""
    base: Path = request.getfixturevalue(case)
    edits, wanted, paths = Edits(base, SEED), [], [base]
    for number in range(EDITS):
        parts = Parts(base)
        wanted.append(edits.one(parts))
        path = tmp_path / str(number) / base.name
        path.parent.mkdir()
        paths.append(parts.save(path))
    # results that are stale are for the engines to tell
    stale = [number for number, (kind, _) in enumerate(wanted, 1) if kind == "stale"]
    made = dict(zip(paths, jixiao.verify(*paths, engines=()), strict=True))
    made |= {path: proved for path in (paths[n] for n in stale) for proved in jixiao.verify(path)}
    before = lines(made[base]) | lines(jixiao.verify(base)[0])
    missed = [
        (kind, places, path.parent.name)
        for (kind, places), path in zip(wanted, paths[1:], strict=True)
        if not says(named(made[path], before), places)
    ]
    assert missed == []


@pytest.mark.parametrize("case", ["filled", "second"])
def test_a_workbook_filled_again_is_as_prescribed(
    case: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    path = tmp_path / "评分簿.xlsx"
    shutil.copy(request.getfixturevalue(case), path)
    before = lines(jixiao.verify(path, engines=())[0])
    folder = SPECIMENS / ("suixi-2022" if case == "filled" else "changli-2023")
    pipeline.fill(
        path, [file for file in sorted(folder.iterdir()) if file.suffix in (".xlsx", ".xls", ".csv")][:2]
    )
    pipeline.score(path)
    (made,) = jixiao.verify(path, engines=())
    assert {f.line() for f in made.findings if f.level is Level.ERROR} <= before, as_text([made])


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_the_second_case_saved_by_another_program_is_proved(second: Path, tmp_path: Path) -> None:
    command = [
        str(SOFFICE),
        "--headless",
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--convert-to",
        "xlsx",
    ]
    subprocess.run(
        [*command, "--outdir", str(tmp_path), str(second)], check=True, capture_output=True, timeout=240
    )
    (made,) = jixiao.verify(tmp_path / second.name)
    assert made.proved and lines(made) == lines(jixiao.verify(second)[0]), as_text([made])
