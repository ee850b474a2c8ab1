"""A filled workbook of the worked case, made once, and a way to run commands as a user does."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from jixiao import pipeline
from jixiao.app import demo, main


@dataclass(frozen=True)
class Ran:
    """What a command left: exit code, standard output, error output."""

    code: int
    out: str
    err: str

    @property
    def line(self) -> str:
        """The one line of an error."""
        assert self.err.count("\n") == 1, self.err
        return self.err.strip()

    @property
    def data(self) -> Any:
        """The JSON on the standard output."""
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture(scope="session")
def master(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook of the worked case, filled and scored; to be copied, never changed."""
    path = tmp_path_factory.mktemp("master") / "评分簿.xlsx"
    case = demo.specimen_folder()
    pipeline.new("suixi-2022", path)
    pipeline.fill(path, [case / name for name in demo.SOURCES], facts_file=case / demo.JUDGEMENTS)
    return path


@pytest.fixture
def book(master: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the filled workbook, alone in the working folder."""
    monkeypatch.chdir(tmp_path)
    return Path(shutil.copy(master, tmp_path / "评分簿.xlsx"))


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in this process on a terminal of 100 columns."""
    monkeypatch.setenv("COLUMNS", "100")

    def call(*words: object, columns: int = 100) -> Ran:
        monkeypatch.setenv("COLUMNS", str(columns))
        capsys.readouterr()
        code = main([str(word) for word in words])
        out, err = capsys.readouterr()
        return Ran(code, out, err)

    return call


def state(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Everything in a folder: names, times, bytes."""
    return {
        file.relative_to(folder).as_posix(): (file.stat().st_mtime_ns, file.read_bytes())
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


@pytest.fixture
def folder_state() -> Callable[[Path], dict[str, tuple[int, bytes]]]:
    """The state of a folder, to be compared with its state after a command."""
    return state
