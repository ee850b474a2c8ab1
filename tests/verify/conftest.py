"""A filled workbook of the worked case, made once a session."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from jixiao import pipeline

SPECIMENS = Path(__file__).parents[2] / "workbooks" / "specimens" / "suixi-2022"
SOURCES = ("决算报表.xlsx", "资产报表.xls", "预算批复.xlsx", "科目余额表.csv", "自评基础信息表.xlsx")


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """评分簿.xlsx, filled from the specimen sources and the judgements."""
    path = tmp_path_factory.mktemp("filled") / "评分簿.xlsx"
    pipeline.new("suixi-2022", path, unit="遂溪县招商局", year="2022")
    pipeline.fill(path, [SPECIMENS / name for name in SOURCES], facts_file=SPECIMENS / "judgements.yaml")
    return path


@pytest.fixture
def workbook(filled: Path, tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    copy = tmp_path / "评分簿.xlsx"
    shutil.copy(filled, copy)
    return copy
