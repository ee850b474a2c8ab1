"""Who imports what: rooms one way, one importer for each outside library, nothing heavy on the officer's path."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import PurePosixPath

import pytest

from tests.house.tree import ROOT, SRC, imported, project, python_files, shown, source_files

# a distribution whose module has another name
MODULES = {
    "pyyaml": "yaml",
    "xlsxwriter": "xlsxwriter",
    "python-docx": "docx",
}
# declared though nothing in src imports it, and why
UNSEEN = {
    "openpyxl": "`formulas` loads workbooks with it",
    "defusedxml": "openpyxl parses with it where it is installed",
}
# more than one folder imports it, and why
SPREAD = {
    "cryptography": "a seal is signed by a key, the task pane's certificate is made: two rooms, two ends of the library",
    "xlsxwriter": "the master and the editable rubric are two formats of two rooms",
}
# imported from outside this interpreter's packages, and why
ELSEWHERE = {
    "uno": "LibreOffice's own interpreter brings it",
    "com": "LibreOffice's own interpreter brings it",
}
HEAVY = (
    "cellrune", "duckdb", "formualizer", "formulas", "numpy", "openpyxl", "pandas", "pyarrow", "python_calamine",
    "rich", "schedula", "starlette", "uvicorn", "xlrd", "xlsxwriter", "xlwings", "yaml",
)  # fmt: skip


def outside() -> dict[str, set[str]]:
    """Outside library -> the files of src that import it."""
    found: dict[str, set[str]] = defaultdict(set)
    for file in source_files():
        for name, _ in imported(file):
            top = name.partition(".")[0]
            if top != "jixiao" and top not in sys.stdlib_module_names:
                found[top].add(file.relative_to(SRC).as_posix())
    return dict(found)


def declared(*extras: str) -> set[str]:
    """The modules that the declared dependencies bring."""
    about = project()["project"]
    lists = [about["dependencies"], *(about["optional-dependencies"][extra] for extra in extras)]
    names = (re.split(r"[<>=!~;\[ ]", line, maxsplit=1)[0].lower() for each in lists for line in each)
    return {MODULES.get(name, name) for name in names}


def test_the_import_contracts_hold() -> None:
    script = "import sys; from importlinter.cli import lint_imports_command as run; run(sys.argv[1:])"
    done = subprocess.run(
        [sys.executable, "-c", script, "--no-cache", "--no-logo"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(SRC), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_outside_library_has_a_contract() -> None:
    contracts = project()["tool"]["importlinter"]["contracts"]
    ruled = {module for contract in contracts for module in contract.get("forbidden_modules", ())}
    assert outside().keys() - ruled == set()


def test_every_outside_library_has_one_importer() -> None:
    spread = {}
    for library, files in outside().items():
        folders = {PurePosixPath(file).parts[: 4 if "engines" in file else 3] for file in files}
        if len({folder[:-1] if folder[-1].endswith(".py") else folder for folder in folders}) > 1:
            spread[library] = sorted(files)
    assert spread.keys() - SPREAD.keys() == set(), spread


def test_what_is_imported_is_declared_and_what_is_declared_is_used() -> None:
    used = outside().keys() - ELSEWHERE.keys()
    known = declared(
        "verify", "frame", "pdf", "serve", "sign", "template", "batch", "cloud", "cluster", "bundle"
    )
    assert used - known == set(), "imported and not declared"
    assert known - used - UNSEEN.keys() == set(), "declared and not imported"


def test_each_dependency_has_a_lower_bound_and_a_cap() -> None:
    about = project()["project"]
    lines = [
        *about["dependencies"],
        *about["optional-dependencies"]["verify"],
        *about["optional-dependencies"]["frame"],
        *about["optional-dependencies"]["pdf"],
        *about["optional-dependencies"]["serve"],
        *about["optional-dependencies"]["sign"],
        *about["optional-dependencies"]["template"],
        *about["optional-dependencies"]["batch"],
        *about["optional-dependencies"]["bundle"],
    ]
    assert [line for line in lines if not re.search(r">=[\d.]+,<[\d.]+$", line.partition(";")[0])] == []


@pytest.mark.parametrize("module", ["jixiao", "jixiao.app.cli"])
def test_nothing_heavy_is_loaded_before_it_is_needed(module: str) -> None:
    script = f"import sys, {module}; print(*sorted(set({HEAVY!r}) & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": str(SRC)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.split()) == (0, []), done.stderr


def test_the_paid_part_of_xlwings_is_never_imported() -> None:
    pro = [
        f"{shown(file)}:{line}"
        for file in python_files()
        for name, line in imported(file)
        if name.startswith("xlwings.pro")
    ]
    assert pro == []
