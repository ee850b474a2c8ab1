"""The two worked cases: every figure of the published reports' computed sentences, in sentences that read well."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from jixiao.master import open_scoring_book
from jixiao.model import Body, load_yaml
from jixiao.report import Bars, Grid, Heading, Paragraph, Report
from jixiao.text import shown
from tests.report.report_reading import drafted, said, slips

FIGURES = load_yaml(Path(__file__).with_name("figures.yaml"))
SUIXI, CHANGLI = FIGURES.part("suixi-2022"), FIGURES.part("changli-2023")


def headings(report: Report, level: int) -> list[str]:
    return [block.text for block in report.blocks if isinstance(block, Heading) and block.level == level]


@pytest.fixture(scope="module")
def review(suixi: Path) -> str:
    return said(drafted(suixi, "核查"))


@pytest.fixture(scope="module")
def self_report(changli: Path) -> str:
    return said(drafted(changli, "自评"))


@pytest.mark.parametrize("text", SUIXI.texts("says"))
def test_the_review_states_the_published_figure(review: str, text: str) -> None:
    assert text in review


@pytest.mark.parametrize("text", CHANGLI.texts("says"))
def test_the_self_report_states_the_published_figure(self_report: str, text: str) -> None:
    assert text in self_report


@pytest.mark.parametrize("item", SUIXI.parts("differs"), ids=lambda item: item["ours"])
def test_the_review_says_better(review: str, item: Body) -> None:
    assert item["ours"] in review and item["published"] not in review


@pytest.mark.parametrize("item", CHANGLI.parts("differs"), ids=lambda item: item["ours"])
def test_the_self_report_says_better(self_report: str, item: Body) -> None:
    assert item["ours"] in self_report and item["published"] not in self_report


def test_the_review_has_the_official_structure(suixi: Path) -> None:
    report = drafted(suixi, "核查")
    assert slips(report) == []
    assert headings(report, 1) == [
        "一、评价部门概要", "二、评价结论", "三、绩效指标分析", "四、主要绩效", "五、存在问题", "六、相关建议", "七、附件",
        "评价人员和签章",
    ]  # fmt: skip
    assert [text for text in headings(report, 2) if text[3:] in ("预算编制情况", "加减分项")] == [
        "（一）预算编制情况", "（五）加减分项",
    ]  # fmt: skip
    assert [type(block) for block in report.blocks if isinstance(block, (Grid, Bars))] == [
        Grid,
        Bars,
        Grid,
        Grid,
        Grid,
    ]
    assert [annex.title for annex in report.annexes] == ["整体支出绩效指标核查评分表", "数据来源表"]


def test_cells_stand_in_the_annex_of_sources_and_nowhere_else(suixi: Path) -> None:
    report, book = drafted(suixi, "核查"), open_scoring_book(suixi)
    table = report.annexes[-1].blocks[0]
    assert isinstance(table, Grid)
    rows = [[cell.text for cell in row] for row in table.body]
    sealed = {
        name: seal for name, seal in book.sealed().items() if name in book.rubric.facts and seal.source.cell
    }
    assert [row[0] for row in rows] == [name for name in book.rubric.facts if name in sealed]
    for name, value, file, _, cell, label in rows:
        assert (file, cell, label) == (
            sealed[name].source.file,
            sealed[name].source.cell,
            sealed[name].source.label,
        )
        number = book.entries[name]
        assert isinstance(number, Decimal) and value == shown(number, book.rubric.facts[name].concept.unit)
    body = "\n".join(block.text for block in report.blocks if isinstance(block, Paragraph))
    assert "依据：《决算报表.xlsx》" in body
    assert not re.search(r"[^A-Z0-9][A-Z]{1,2}[1-9]\d{0,3}[^\dA-Z]", body)


def test_the_self_report_has_the_official_structure(changli: Path) -> None:
    report = drafted(changli, "自评")
    assert slips(report) == []
    assert headings(report, 1) == [
        "一、绩效自评工作开展情况", "二、绩效目标实现情况", "三、绩效目标设定质量情况", "四、整改措施及结果应用", "五、附件",
        "自评人员和签章",
    ]  # fmt: skip
    assert [annex.title for annex in report.annexes] == ["部门整体支出绩效自评表", "项目支出绩效自评表"]


@pytest.mark.parametrize("kind", ["核查", "自评"])
def test_either_kind_can_be_written_of_either_workbook(suixi: Path, changli: Path, kind: str) -> None:
    for path in (suixi, changli):
        for draft in (False, True):
            assert slips(drafted(path, kind, draft=draft)) == []


def test_every_problem_has_its_basis_and_every_suggestion_its_problems(suixi: Path) -> None:
    lines = said(drafted(suixi, "核查")).splitlines()
    problems = lines[lines.index("五、存在问题") : lines.index("六、相关建议")]
    found = [n for n, line in enumerate(problems) if line[:1].isdigit() and "提取现金" not in line]
    assert len(found) > 10
    assert [problems[n] for n in found if not problems[n + 1].startswith("依据：")] == []
    suggestions = lines[lines.index("六、相关建议") + 1 : lines.index("七、附件")]
    alone = [line.partition(".")[2] for line in suggestions if "针对存在问题" not in line]
    assert alone == ["在自评报告中分析项目资金。"]


def test_texts_of_people_become_paragraphs(review: str) -> None:
    assert "\n第一段。\n第二段。\n" in review
    assert "\n1.存在提取现金的情况。\n" in review
