"""The masters under workbooks/ are those that the code makes now: rebuilt, and compared part by part."""

from __future__ import annotations

import importlib.util
import zipfile
from pathlib import Path

import pytest

from tests.house.tree import ROOT

MASTERS = ROOT / "workbooks" / "masters"

# parts of the package that may differ between machines, and why
IGNORED: dict[str, str] = {}


def parts(path: Path) -> dict[str, bytes]:
    """Part name -> content; how a part is compressed depends on the zlib at hand and is not compared."""
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist() if name not in IGNORED}


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("masters")
    spec = importlib.util.spec_from_file_location("masters_build", ROOT / "workbooks" / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.build(out)
    return out


def test_every_shipped_rubric_has_its_master(rebuilt: Path) -> None:
    assert {file.name for file in MASTERS.glob("*.xlsx")} == {file.name for file in rebuilt.iterdir()}


def test_the_masters_are_what_the_code_makes(rebuilt: Path) -> None:
    for file in sorted(rebuilt.iterdir()):
        kept, made = parts(MASTERS / file.name), parts(file)
        assert kept.keys() == made.keys(), f"{file.name}; run: make masters"
        changed = [name for name in made if kept[name] != made[name]]
        assert changed == [], f"{file.name}; run: make masters"
