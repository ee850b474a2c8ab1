"""A running LibreOffice for the whole session, and workbooks to open in it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jixiao import pipeline
from jixiao.app import exchange
from tests.desk import foreign_book

SOURCES = ("决算报表.xlsx", "资产报表.xls", "预算批复.xlsx", "科目余额表.csv", "自评基础信息表.xlsx")


@pytest.fixture(scope="session")
def office() -> Iterator[Any]:
    """An xlwings App over LibreOffice; skipped with the reason where it is not there."""
    pytest.importorskip("xlwings")
    from tests.desk.lo_engine import running, unavailable

    why = unavailable()
    if why:
        pytest.skip(f"LibreOffice：{why}")
    with running() as app:
        yield app


@pytest.fixture
def app(office: Any) -> Iterator[Any]:
    """The program with no workbook open, and none left open."""
    yield office
    for book in list(office.books):
        book.close()
    office.impl.in_front = None
    office.impl.alerts.clear()


@pytest.fixture
def memory() -> exchange.Memory:
    """What one test writes and takes back."""
    return exchange.Memory()


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The worked case as a scoring workbook."""
    path = tmp_path_factory.mktemp("filled") / "评分簿.xlsx"
    pipeline.new("suixi-2022", path, unit="遂溪县招商局", year="2022")
    case = foreign_book.SPECIMEN
    pipeline.fill(path, [case / name for name in SOURCES], facts_file=case / "judgements.yaml")
    return path


@pytest.fixture
def own(filled: Path, tmp_path: Path) -> Path:
    """A copy of it under a path with Chinese and blanks."""
    folder = tmp_path / "财务 科 2022"
    folder.mkdir()
    return Path(shutil.copy(filled, folder / "评分 簿 终稿.xlsx"))


@pytest.fixture(scope="session")
def foreign_source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An officer's own workbook."""
    return foreign_book.make(tmp_path_factory.mktemp("own") / "自评.xlsx")


@pytest.fixture
def foreign(foreign_source: Path, tmp_path: Path) -> Path:
    """A copy of it under a path with Chinese and blanks."""
    folder = tmp_path / "绩效 自评"
    folder.mkdir()
    return Path(shutil.copy(foreign_source, folder / "自评 表（招商局）.xlsx"))
