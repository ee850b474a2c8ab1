"""Whose points a report tells: the reviewer's, the unit's own, those of one project."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from jixiao import pipeline
from jixiao.model import Refused
from tests.report.report_reading import Draft, drafted, put_own_scores, said, slips

Make = Callable[..., Draft]

PROJECT = """
projects:
  - {name: 社区保障项目, budget: 100, adjusted: 80, spent: 80, fund: 一般公共预算}
main_table:
  indicators:
    - {group: 数量指标, name: 走访, target: ≥50次, done: 40次, points: 25, reason: 人手不足}
    - {group: 质量指标, name: 合格率, target: ≥90%, done: 45%, points: 25, reason: 培训不够}
    - {group: 社会效益指标, name: 覆盖率, target: ＝100%, done: 100%, points: 30}
    - {group: 服务对象满意度指标, name: 满意度, target: ≥90分, done: 92分, points: 10}
"""


@pytest.fixture
def project(draft: Make) -> Draft:
    return draft(PROJECT, "自评", "project-2020")


def test_a_workbook_of_one_project_reports_on_that_project(project: Draft) -> None:
    text = said(project)
    assert slips(project) == []
    assert project.title == "某局\n2022年度项目支出绩效自评报告"
    assert project.cover[0] == ("项目名称：", "社区保障项目")
    assert "社区保障项目年初预算100万元，调整后预算80万元，决算数80万元，支出率100%。" in text
    assert (
        "本部门" not in text and "部门整体" not in text and "应评项目" not in text and "项目项目" not in text
    )
    assert "项目名称\t社区保障项目" in project.text() and "部门（单位）名称" not in project.text()


def test_the_lost_points_that_are_counted_are_those_in_the_list(project: Draft) -> None:
    text = said(project)
    assert text.count("”扣") == 2
    assert "项目支出绩效自评得分82.5分，2项指标有扣分，合计扣17.5分" in text


def test_the_reviewers_score_is_never_told_as_the_units_own(book: Path, tmp_path: Path) -> None:
    with pytest.raises(Refused) as stop:
        pipeline.report(book, tmp_path / "自评.docx", kind="自评")
    assert stop.value.finding.code == "J707" and not (tmp_path / "自评.docx").exists()
    text = drafted(book, "自评", draft=True).text()
    assert "82.27" not in text and "28项指标没有自评分" in text


def test_the_units_own_points_make_its_own_report(book: Path, tmp_path: Path) -> None:
    put_own_scores(book, 项目监管=1)
    made = pipeline.report(book, tmp_path / "自评.docx", kind="自评")
    text = said(drafted(book, "自评"))
    assert made.pending == []
    assert "部门整体绩效自评得分99分，评价等级为“优”" in text and "82.27" not in text
    assert "1项指标有扣分，合计扣1分" in text and "预算执行情况39分（满分40分）" in text
    assert "核查得分为82.27分" in said(drafted(book, "核查"))  # the other report is not touched


def test_a_self_evaluation_is_no_review(changli: Path, tmp_path: Path) -> None:
    with pytest.raises(Refused) as stop:
        pipeline.report(changli, tmp_path / "核查.docx", kind="核查")
    assert stop.value.finding.code == "J708"
    text = said(drafted(changli, "核查", draft=True))
    assert "自评得分为98分" in text and "核查得分" not in text
