"""The two worked cases filled, and workbooks made of a few facts, for the tests of reports."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from jixiao import pipeline
from jixiao.app import demo
from tests.report.report_reading import CHANGLI, Draft, drafted, specimen

TEXTS = """\
texts:
  委托单位: 某县财政局
  评价机构: 某会计师事务所
  报告日期: 2023年12月15日
  部门职能: 负责全县招商引资服务工作。
  机构设置: 内设4个股室
  总体评价: |
    第一段
    第二段。
  问题补充: 存在提取现金的情况
  建议补充: 在自评报告中分析项目资金
  自评组织: 成立自评小组，按时报送。
  工作成效: 招商工作有序开展。
  项目完成情况: 项目按计划完成。
  整体目标质量: 整体目标与职责相符。
  项目目标质量: 项目目标能够量化。
  结果公开: 在门户网站公开。
"""


@pytest.fixture(scope="session")
def suixi(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The 2022 review, with texts; to be copied, never changed."""
    folder = tmp_path_factory.mktemp("suixi")
    path, case = folder / "评分簿.xlsx", specimen("suixi-2022")
    pipeline.new("suixi-2022", path)
    pipeline.fill(path, [case / name for name in demo.SOURCES], facts_file=case / demo.JUDGEMENTS)
    (folder / "texts.yaml").write_text(TEXTS, "utf-8")
    pipeline.fill(path, [], facts_file=folder / "texts.yaml")
    return path


@pytest.fixture(scope="session")
def changli(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The 2023 self-evaluation; to be copied, never changed."""
    path = tmp_path_factory.mktemp("changli") / "评分簿.xlsx"
    pipeline.new(CHANGLI, path, projects=1)
    pipeline.fill(path, [], facts_file=specimen(CHANGLI) / "facts.yaml")
    return path


@pytest.fixture
def book(suixi: Path, tmp_path: Path) -> Path:
    """A copy of the 2022 review."""
    return Path(shutil.copy(suixi, tmp_path / "评分簿.xlsx"))


@pytest.fixture
def draft(tmp_path: Path) -> Callable[..., Draft]:
    """A draft of a workbook that holds nothing but the facts given (YAML)."""

    made = itertools.count()

    def make(facts: str, kind: str = "核查", rubric: str = "suixi-2022") -> Draft:
        path = tmp_path / f"簿{next(made)}.xlsx"
        pipeline.new(rubric, path, unit="某局", year="2022")
        (tmp_path / "facts.yaml").write_text(facts, "utf-8")
        pipeline.fill(path, [], facts_file=tmp_path / "facts.yaml")
        return drafted(path, kind, draft=True)

    return make
