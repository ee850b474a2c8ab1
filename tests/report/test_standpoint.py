"""Whose points a report tells: the reviewer's, the unit's own, those of one project."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from jixiao import pipeline
from jixiao.model import Refused
from tests.report.report_reading import Draft, drafted, put, put_own_scores, said, slips

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


def test_full_marks_come_without_problems_that_the_unit_did_not_name(book: Path) -> None:
    put_own_scores(book)
    put(book, {"文字.问题补充": None, "文字.整改措施": None})
    text = said(drafted(book, "自评"))
    assert "部门整体绩效自评得分100分，各项指标均得满分，评价结论为“优”。" in text
    assert "不一致" not in text and "（1）" not in text and "采取以下" not in text
    put(book, {"文字.问题补充": "绩效目标由财务人员编写。", "文字.整改措施": "由业务股室提出目标。"})
    text = said(drafted(book, "自评"))
    assert "（1）绩效目标由财务人员编写。\n以上问题没有涉及扣分，部门整体绩效自评得分100分，" in text
    assert "针对绩效自评中发现的1项问题，采取以下整改措施：\n1.由业务股室提出目标。" in text
    assert "均得满分" not in text


def test_what_papers_contradict_is_told_to_the_unit_before_it_signs(book: Path, tmp_path: Path) -> None:
    put_own_scores(book)
    made = pipeline.report(book, tmp_path / "自评.docx", kind="自评")
    assert any("固定资产原值" in finding.message for finding in made.open)
    assert "固定资产原值在两份资料中不一致" not in said(drafted(book, "自评"))
    assert "固定资产原值在两份资料中不一致" in said(drafted(book, "核查"))


def test_the_points_of_the_unit_are_noted_down_at_once_and_stay(book: Path) -> None:
    put(book, {"项目监管.自评分": 5})
    done = pipeline.fill(book, [], own=True)
    told = [finding.message for finding in done.findings if finding.code == "J550"]
    assert told == ["1项指标已有自评分，与现在的得分不同，没有改动：项目监管"]
    put(book, {"支出完成率.核定分": 5, "支出完成率.核定理由": "调整没有批复"})
    pipeline.score(book)
    text = said(drafted(book, "自评"))
    assert "部门整体绩效自评得分83.27分" in text and "调整没有批复" not in text
    assert "政府采购执行率扣2分：" in text


def test_a_conclusion_gives_way_to_the_reason_of_a_person(book: Path) -> None:
    def concluded() -> str:
        text = said(drafted(book, "核查"))
        return text[text.index("二、评价结论") : text.index("三、绩效指标分析")]

    assert "“三公”经费未超预算" in concluded()
    put(book, {"公用经费控制率.核定分": 2, "公用经费控制率.核定理由": "公务接待超出批复的分项预算"})
    pipeline.score(book)
    assert "未超预算" not in concluded() and "支出决算比年初预算增加" in concluded()
    assert "核定2分，理由为：公务接待超出批复的分项预算。" in said(drafted(book, "核查"))


def test_a_document_is_named_where_the_figure_was_read_from_one(book: Path, draft: Make) -> None:
    assert "根据2022年部门预算批复，遂溪县招商局收入总预算131.83万元" in said(drafted(book, "核查"))
    put(book, {"收入预算数": 130})
    pipeline.score(book)
    text = said(drafted(book, "核查"))
    assert "遂溪县招商局2022年收入总预算130万元" in text and "批复，遂溪县招商局收入总预算" not in text
    typed = said(draft("facts: {收入预算数: 100, 收入决算数: 90, 固定资产原值: 3, 在用固定资产原值: 3}\n"))
    assert "某局2022年收入总预算100万元" in typed and "2022年度某局预算收入决算数90万元" in typed
    assert "根据20" not in typed


def test_a_self_evaluation_is_no_review(changli: Path, tmp_path: Path) -> None:
    with pytest.raises(Refused) as stop:
        pipeline.report(changli, tmp_path / "核查.docx", kind="核查")
    assert stop.value.finding.code == "J708"
    text = said(drafted(changli, "核查", draft=True))
    assert "自评得分为98分" in text and "核查得分" not in text
