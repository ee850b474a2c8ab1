"""Workbooks of the two worked cases, made once, and the published reports that they are audited with."""

from __future__ import annotations

from pathlib import Path

import pytest

from jixiao import pipeline
from jixiao.app.specimens import CASES, specimens
from jixiao.audit.fromworkbook import truth_of
from jixiao.audit.truth import Truth
from tests.audit.mutations import DATA


def filled(name: str, path: Path) -> Path:
    """The workbook of a worked case at a path."""
    case = CASES[name]
    folder = specimens(case)
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
def suixi_truth(suixi_book: Path) -> Truth:
    return truth_of(suixi_book)


@pytest.fixture(scope="session")
def changli_truth(changli_book: Path) -> Truth:
    return truth_of(changli_book)


@pytest.fixture(scope="session")
def suixi_text() -> str:
    return (DATA / "suixi.txt").read_text("utf-8")


@pytest.fixture(scope="session")
def changli_text() -> str:
    return (DATA / "changli.txt").read_text("utf-8")
