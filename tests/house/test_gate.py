"""The gate: what `import jixiao` offers is what it says it offers, and no more than a handful."""

from __future__ import annotations

import importlib
import inspect
import os
import pkgutil
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.house.tree import PACKAGE, ROOT, SRC, project

HANDFUL = 21


@pytest.fixture(scope="module")
def gate() -> ModuleType:
    assert (PACKAGE / "__init__.py").is_file(), "the package has no gate"
    return importlib.import_module("jixiao")


def test_the_exported_names_are_the_public_names(gate: ModuleType) -> None:
    rooms = {module.name for module in pkgutil.iter_modules(gate.__path__)}
    visible = {name for name in vars(gate) if not name.startswith("_")} - rooms - {"annotations"}
    imported_for_itself = {name for name in visible if isinstance(getattr(gate, name), ModuleType)}
    assert visible - imported_for_itself <= set(gate.__all__)
    assert imported_for_itself == set(), "import modules under a private name"


def test_every_exported_name_is_there_and_documented(gate: ModuleType) -> None:
    exported = {name: getattr(gate, name) for name in gate.__all__}
    silent = [
        name
        for name, thing in exported.items()
        if (inspect.isclass(thing) or inspect.isroutine(thing)) and not inspect.getdoc(thing)
    ]
    assert silent == []


def test_the_gate_is_a_handful_in_order(gate: ModuleType) -> None:
    assert len(gate.__all__) <= HANDFUL
    assert len(set(gate.__all__)) == len(gate.__all__)


def test_there_is_one_version(gate: ModuleType) -> None:
    """Wherever a number is written or told: the newest entry of the changelog, the papers of the buttons, the doors."""
    told = subprocess.run(
        [sys.executable, "-m", "jixiao", "--version"],
        env={**os.environ, "PYTHONPATH": str(SRC)},
        capture_output=True,
        text=True,
        check=True,
    )
    numbers = {
        "pyproject.toml": project()["project"]["version"],
        "jixiao.__version__": gate.__version__,
        "jixiao --version": told.stdout.removeprefix("jixiao ").strip(),
        "CHANGELOG.md": _first(r"^## ([\d.]+)", ROOT / "CHANGELOG.md"),
        "addin/office/manifest.xml": _first(
            r"<Version>([\d.]+)\.0</Version>", ROOT / "addin" / "office" / "manifest.xml"
        ),
    }
    assert set(numbers.values()) == {gate.__version__}, numbers


def _first(pattern: str, file: Path) -> str:
    found = re.search(pattern, file.read_text("utf-8"), re.MULTILINE)
    return found[1] if found else ""
