"""Workbooks of the two worked cases, made once, and the published reports that they are audited with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from jixiao import pipeline
from jixiao.app import demo, main
from jixiao.audit import KnownValues, known_values
from tests.audit.mutations import DATA

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """What runs a command line: exit code and both outputs."""

    def command(*words: object) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main([str(word) for word in words])
        out, err = capsys.readouterr()
        return code, out, err

    return command


def filled(name: str, path: Path) -> Path:
    """The workbook of a worked case at a path."""
    case = demo.CASES[name]
    folder = demo.specimen_folder(case)
    pipeline.new(case.rubric, path)
    pipeline.fill(path, [folder / source for source in case.sources], facts_file=folder / case.facts)
    return path


@pytest.fixture(scope="session")
def suixi_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filled("suixi", tmp_path_factory.mktemp("suixi") / "评分簿.xlsx")


@pytest.fixture(scope="session")
def changli_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filled("changli", tmp_path_factory.mktemp("changli") / "评分簿.xlsx")


@pytest.fixture(scope="session")
def suixi_known(suixi_book: Path) -> KnownValues:
    return known_values(suixi_book)


@pytest.fixture(scope="session")
def changli_known(changli_book: Path) -> KnownValues:
    return known_values(changli_book)


@pytest.fixture(scope="session")
def suixi_text() -> str:
    return (DATA / "suixi.txt").read_text("utf-8")


@pytest.fixture(scope="session")
def changli_text() -> str:
    return (DATA / "changli.txt").read_text("utf-8")
