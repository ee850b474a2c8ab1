"""Workbooks of the two worked cases, made once, and the published reports that they are audited with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from jixiao import pipeline
from jixiao.app import demo, main
from jixiao.audit import KnownValues, known_values, report_of
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
    known = known_values(suixi_book)
    text = (DATA / "suixi.txt").read_text("utf-8")
    known.quote("评分表.docx", official_texts(text, [row.title for row in known.judged]))
    return known


def official_texts(text: str, titles: list[str]) -> dict[str, list[str]]:
    """The official table as the annex of a report prints it: title of an indicator -> its description and criteria."""
    made: dict[str, list[str]] = {}
    for block in report_of("附表.txt", text).rows():
        at = max(
            (number for number, cell in enumerate(block.cells[:8]) if cell.removesuffix("指标") in titles),
            default=-1,
        )
        texts = [cell for cell in block.cells[at + 1 :] if cell and not cell.replace(".", "").isdigit()]
        if at >= 0:
            made.setdefault(block.cells[at].removesuffix("指标"), texts[:2])
    return made


@pytest.fixture(scope="session")
def changli_known(changli_book: Path) -> KnownValues:
    return known_values(changli_book)


@pytest.fixture(scope="session")
def suixi_text() -> str:
    return (DATA / "suixi.txt").read_text("utf-8")


@pytest.fixture(scope="session")
def changli_text() -> str:
    return (DATA / "changli.txt").read_text("utf-8")
