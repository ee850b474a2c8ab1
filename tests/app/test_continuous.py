"""Continuous integration: the hook and the action that we offer, and the JUnit XML that they leave, in any language."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

import jixiao

ROOT = Path(__file__).parents[2]
SPEECHES = {
    "utf-8": {"PYTHONUTF8": "1"},
    "gbk": {"PYTHONUTF8": "0", "PYTHONIOENCODING": "gbk"},
    "c": {"LC_ALL": "C"},
}


@pytest.fixture
def command(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the PATH with our command in it, as an installation puts it there."""
    file = tmp_path_factory.mktemp("bin") / "jixiao"
    file.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m jixiao "$@"\n')
    file.chmod(0o755)
    return file.parent


@pytest.fixture
def folder(book: Path) -> Path:
    """A proved workbook, one whose total was typed over, and one that is none, with names that a shell stumbles over."""
    folder = book.parent / "2022 年度 $(x)"
    folder.mkdir()
    shutil.move(book, folder / "评分簿 一.xlsx")
    (folder / "二.xlsx").write_bytes(b"x")
    return folder


def run(words: list[str], folder: Path, command: Path, **speech: str) -> subprocess.CompletedProcess[bytes]:
    path = os.pathsep.join((str(command), os.environ["PATH"]))
    source = str(Path(jixiao.__file__).parents[1])
    env = {"PATH": path, "PYTHONPATH": source, "HOME": str(folder), **speech}
    return subprocess.run(words, cwd=folder, env=env, capture_output=True, check=False)


def suites(xml: bytes) -> dict[str | None, str | None]:
    """Workbook -> how many cases failed."""
    return {suite.get("name"): suite.get("failures") for suite in ElementTree.fromstring(xml)}  # noqa: S314


@pytest.mark.parametrize("speech", SPEECHES)
def test_junit_is_xml_in_every_language(folder: Path, command: Path, speech: str) -> None:
    words = ["jixiao", "verify", "评分簿 一.xlsx", "二.xlsx", "--format", "junit"]
    wanted = {"评分簿 一.xlsx": "0", "二.xlsx": "1"}
    printed = run(words, folder, command, **SPEECHES[speech])
    assert (printed.returncode, suites(printed.stdout)) == (3, wanted), printed.stderr
    (folder / "结果.xml").write_text("上一次的", "utf-8")  # is replaced
    written = run([*words, "-o", "结果.xml"], folder, command, **SPEECHES[speech])
    assert written.returncode == 3 and b"<" not in written.stdout
    assert (folder / "结果.xml").read_bytes() == printed.stdout


@pytest.mark.parametrize("shape", ["text", "json"])
def test_the_other_shapes_go_to_a_file_too(folder: Path, command: Path, shape: str) -> None:
    words = ["jixiao", "verify", "评分簿 一.xlsx", "--format", shape]
    printed = run(words, folder, command, COLUMNS="200")
    run([*words, "-o", "结果"], folder, command, **SPEECHES["gbk"])
    assert (folder / "结果").read_text("utf-8").split() == printed.stdout.decode().split()


def test_a_workbook_is_no_place_for_its_result(folder: Path, command: Path) -> None:
    before = (folder / "评分簿 一.xlsx").read_bytes()
    done = run(["jixiao", "verify", "评分簿 一.xlsx", "-o", "./评分簿 一.xlsx"], folder, command)
    assert done.returncode == 2 and "不能是要核验的评分簿" in done.stderr.decode()
    assert (folder / "评分簿 一.xlsx").read_bytes() == before and len(list(folder.glob("评分簿*"))) == 1


def test_workbooks_of_one_name_are_told_apart(book: Path, command: Path) -> None:
    for year in ("2023", "2024"):
        (book.parent / year).mkdir()
        shutil.copy(book, book.parent / year)
    names = ["2023/评分簿.xlsx", "2024/评分簿.xlsx"]
    for shape in ("text", "json", "junit"):
        done = run(["jixiao", "verify", *names, "--format", shape], book.parent, command)
        assert done.returncode == 0 and all(name in done.stdout.decode() for name in names)


def test_the_hook_proves_what_it_is_given(folder: Path, command: Path) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    names = [file.name for file in folder.iterdir() if re.search(hook["files"], file.name)]
    assert (
        len(names) == 2 and hook["language"] == "python" and hook["additional_dependencies"] == [".[verify]"]
    )
    one = run([*shlex.split(hook["entry"]), "评分簿 一.xlsx"], folder, command)
    assert one.returncode == 0, one.stderr
    for speech in SPEECHES.values():
        assert run([*shlex.split(hook["entry"]), *names], folder, command, **speech).returncode == 3


def steps() -> list[dict[str, Any]]:
    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    inputs = {name: given.get("default", "") for name, given in action["inputs"].items()}
    made = action["runs"]["steps"]
    for step in made:
        for name, text in step.get("env", {}).items():
            if asked := re.fullmatch(r"\$\{\{ inputs\.([\w-]+) \}\}", text):
                step["env"][name] = inputs[asked[1]]
    return list(made)


@pytest.mark.parametrize(
    ("books", "code", "failing"),
    [
        ("2022*/评分簿*.xlsx", 0, {"评分簿 一.xlsx": "0"}),
        ("**/*.xlsx", 3, {"评分簿 一.xlsx": "0", "二.xlsx": "1"}),
        (
            "2022 年度 $(x)/二.xlsx\n2022 年度 $(x)/评分簿 一.xlsx\n",
            3,
            {"评分簿 一.xlsx": "0", "二.xlsx": "1"},
        ),
        ("没有/*.xlsx", 2, None),
        ("$(touch 坏)", 3, {"$(touch 坏)": "1"}),
    ],
)
def test_the_action_proves_what_it_is_given(
    folder: Path, command: Path, books: str, code: int, failing: dict[str, str] | None
) -> None:
    *_, step = steps()
    assert "${{" not in step["run"]
    env = step["env"] | {"BOOKS": books}
    done = run(["bash", "-e", "-o", "pipefail", "-c", step["run"]], folder.parent, command, **env)
    assert done.returncode == code, done.stderr
    xml = folder.parent / "复核结果.xml"
    assert (suites(xml.read_bytes()) if xml.exists() else None) == failing
    assert not (folder.parent / "坏").exists()
