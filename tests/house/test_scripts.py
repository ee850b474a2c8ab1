"""A script asked for help gives it and does nothing else: a word it does not know is no folder to write into."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import ROOT, SRC, imported, parsed, python_files, shown


def _is_script(file: Path) -> bool:
    """Runs by itself, in this interpreter: what imports ``uno`` is started by us in LibreOffice's."""
    body = parsed(file).body
    guarded = any("__main__" in file.read_text("utf-8").splitlines()[node.lineno - 1] for node in body)
    return guarded and not any(name == "uno" for name, _ in imported(file))


SCRIPTS = [file for file in python_files() if _is_script(file)]


def _kept(folder: Path) -> dict[str, int]:
    """Every file beside the script, and when it was written."""
    return {
        shown(file): file.stat().st_mtime_ns
        for file in folder.iterdir()
        if file.is_file() or file.name.startswith("-")
    }


def test_the_scripts_are_found() -> None:
    assert {"workbooks/build.py", "benchmarks/run.py", "docs/build.py"} <= {shown(file) for file in SCRIPTS}


@pytest.mark.parametrize(("word", "code"), [("--help", 0), ("--no-such-word", 2)])
@pytest.mark.parametrize("script", SCRIPTS, ids=shown)
def test_a_script_helps_and_writes_nothing(script: Path, word: str, code: int, tmp_path: Path) -> None:
    before = _kept(script.parent)
    done = subprocess.run(
        [sys.executable, "-B", str(script), word],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(SRC), str(ROOT)))},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    assert done.returncode == code, done.stderr
    assert (done.stdout if code == 0 else done.stderr).startswith("usage:")
    assert list(tmp_path.iterdir()) == []
    assert _kept(script.parent) == before
