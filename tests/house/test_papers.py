"""README, CONTRIBUTING, CHANGELOG and docs/ say what is there."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import PACKAGE, ROOT, SRC, shown

PAPERS = sorted(
    {
        *ROOT.glob("*.md"),
        *ROOT.glob("*/README.md"),
        *ROOT.glob("workbooks/*/README.md"),
        ROOT / "docs" / "findings.md",  # the other pages are a site: tests/docs builds it
    }
)


@pytest.mark.parametrize("paper", PAPERS, ids=shown)
def test_every_link_leads_somewhere(paper: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", paper.read_text("utf-8"))
    dead = [link for link in links if "://" not in link and not (paper.parent / link).exists()]
    assert dead == []


@pytest.mark.parametrize("paper", ["README.md", "CONTRIBUTING.md"])
def test_every_address_given_exists(paper: str) -> None:
    """Paths in the papers' code spans, as far as they name no pattern."""
    text = (ROOT / paper).read_text("utf-8")
    spans = re.findall(r"`((?:src|tests|workbooks|benchmarks|addin|docs)/[^`<>*{}\s]*)`", text)
    assert spans
    assert [span for span in spans if not (ROOT / span).exists()] == []


def test_what_is_decided_is_decided_there() -> None:
    """Every row of 哪里决定 names a file and something that this file defines."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    rows = re.findall(r"^\| [^|]+ \| `(src/[^`]+)` \| `(\w+)` \|$", text, re.MULTILINE)
    assert len(rows) >= 20
    defined = r"^\s*(?:(?:async )?(?:def|class) {0}\b|{0}\b[^=\n]*=|(?:- )?\{{?{0}:)"
    lost = [
        (file, name)
        for file, name in rows
        if not re.search(defined.format(name), (ROOT / file).read_text("utf-8"), re.MULTILINE)
    ]
    assert lost == []


def test_the_readme_lists_the_verbs_that_exist() -> None:
    listed = set(re.findall(r"^\| `jixiao ([a-z]+)", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE))
    assert listed
    done = subprocess.run(
        [sys.executable, "-c", "from jixiao.app import main; main()", "--help"],
        env={**os.environ, "PYTHONPATH": str(SRC), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    offered = set(re.findall(r"^[^\w\n-]*([a-z]+)\b", done.stdout, re.MULTILINE)) - {"jixiao", "usage"}
    assert listed == offered


def test_every_room_is_on_the_floor_plan() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    rooms = [f.name for f in PACKAGE.iterdir() if f.is_dir() and f.name != "__pycache__"]
    assert [room for room in rooms if f"{room}/" not in text] == []


def test_the_generated_pages_are_those_of_the_catalogue(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("docs_build", ROOT / "docs" / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.build(tmp_path)
    for page in tmp_path.iterdir():
        kept = ROOT / "docs" / page.name
        assert kept.is_file(), f"run: make docs ({page.name})"
        assert kept.read_text("utf-8") == page.read_text("utf-8"), f"run: make docs ({page.name})"
