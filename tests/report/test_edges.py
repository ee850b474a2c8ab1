"""Reports on workbooks that lack things: nothing at all, zero budgets, no project, sixty, indicators that do not apply."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from jixiao.master.book.rescore import scored
from jixiao.master.book.scoringbook import open_scoring_book
from jixiao.report.blocks import Bars, Grid
from jixiao.report.compose import compose
from jixiao.report.figures import compared
from jixiao.report.material import Material, gather
from jixiao.report.outline import KINDS
from jixiao.report.rollup import ProjectRow, RollUp, Transfer, excellent
from jixiao.report.wording import clean, listed, number_of, numbered, paragraphs, written
from jixiao.rubric import shipped
from tests.report.report_reading import Draft, said, slips

Make = Callable[..., Draft]
D = Decimal
BOTH = pytest.mark.parametrize("kind", ["核查", "自评"])


@BOTH
def test_an_empty_workbook_gives_a_draft_that_says_what_lacks(draft: Make, kind: str) -> None:
    report = draft("facts: {}\n", kind)
    text = said(report)
    assert slips(report) == []
    assert "〔待填写：" in text and "〔缺少数据：" in text
    assert "加减分" not in text and "转移支付资金0" not in text
    assert any(line.startswith("数据未取得：") and "支出" in line for line in report.pending)
    open_points = "29项指标待核定：" if kind == "核查" else "29项指标没有自评分："
    assert f"{open_points}预算编制合理性、" in report.pending[0]
    assert "未发现" not in text
    assert "100%" not in text and "0%" not in text


STAFF = "截至2022年末，某局在职人员9人。"


@pytest.mark.parametrize(
    ("facts", "said_of_posts"),
    [
        ("在职人数: 9", "〔缺少数据：编制人数〕"),
        ("在职人数: 9, 编制人数: 0", "核定编制0人。"),
        ("在职人数: 9, 编制人数: 9", "核定编制9人，编制已满。"),
        ("在职人数: 9, 编制人数: 8", "核定编制8人，超编1人。"),
    ],
)
def test_posts_are_full_only_where_they_are_counted(draft: Make, facts: str, said_of_posts: str) -> None:
    assert f"{STAFF}{said_of_posts}" in said(draft(f"facts: {{{facts}}}\n"))
    assert "编制已满" not in said(draft("facts: {在职人数: 9}\n", "核查", "changli-2023"))


def test_an_empty_department_form_tells_of_no_transfers(draft: Make) -> None:
    text = said(draft("facts: {}\n", "自评", "changli-2023"))
    assert "转移支付" not in text.replace("转移支付资金自评", "")


ZERO = """
facts: {收入预算数: 0, 收入决算数: 12.5, 支出预算数: 0, 财政下达预算数: 0, 年度支出决算数: 12.5, 三公经费预算数: 0, 三公经费决算数: 0,
  日常公用经费预算数: 0, 日常公用经费决算数: 3, 政府采购计划金额: 0, 政府采购实际金额: 0, 固定资产原值: 0, 在用固定资产原值: 0,
  基本支出决算数: 0, 人员经费决算数: 0, 项目支出决算数: 0}
"""


@BOTH
def test_zero_budgets_give_no_rates(draft: Make, kind: str) -> None:
    report = draft(ZERO, kind)
    text = said(report)
    assert slips(report) == []
    if kind == "核查":
        assert "收入决算比年初预算增加12.50万元。" in text
        assert "当年没有采购事项，执行率不适用" in text
        assert "没有安排和发生“三公”经费，未超预算" in text
        assert "日常公用经费预算数0万元，决算数3万元，超预算3万元" in text
        assert "固定资产利用率" not in text.replace("固定资产利用率（满分", "")
    else:
        assert "2022年本部门没有项目支出" in text


PROJECTS = "projects:\n" + "".join(
    f"  - {{name: 项目{n}, budget: {n}, adjusted: {n}, spent: {n - 1}, fund: 一般公共预算}}\n"
    for n in range(1, 61)
)


@BOTH
def test_sixty_projects_fit(draft: Make, kind: str) -> None:
    report = draft(PROJECTS, kind)
    text = said(report)
    assert slips(report) == []
    if kind == "自评":
        assert (
            "项目支出共计60个，年初预算安排1830万元，年中未调整，预算数仍为1830万元，决算数1770万元" in text
        )
        assert "项目0个" not in text and "已评0个" in text  # none has a score yet
        grid = next(block for block in report.blocks if isinstance(block, Grid))
        assert len(grid.body) == 61
    else:
        assert "等60个项目" in text


CUT = "facts: {收入预算数: 100, 收入决算数: 80, 支出预算数: 100, 财政下达预算数: 80, 年度支出决算数: 72}\n"


def test_a_fall_is_a_fall(draft: Make) -> None:
    text = said(draft(CUT, "自评"))
    assert "年中调整后预算数为80万元，决算数72万元，年度实际支出率为90%" in text
    assert (
        "调整后预算比年初预算减少20万元，下降20%；支出率按调整后预算数计算，整体支出占年初预算的72%" in text
    )
    assert "收入决算比年初预算减少20万元，下降20%。" in said(draft(CUT))


def test_an_indicator_that_does_not_apply_says_where_its_points_went(draft: Make) -> None:
    text = said(draft("not_applicable: {资金下达合法性: 无转移支付}\n"))
    assert "资金下达合法性（满分3分，不适用）" in text
    assert "分值调整至“支出完成率”" in text
    assert "支出完成率（满分7分，待核定）" in text


@BOTH
def test_hostile_text_stays_text(draft: Make, kind: str) -> None:
    evil = '"a\\x07b\\u202Ec {收入预算数} <w:t> & =1+1\\u0000"'
    facts = f"texts: {{机构设置: {evil}, 问题补充: {evil}, 整改措施: {evil}}}\nprojects:\n  - {{name: {evil}, budget: 1, spent: 1}}\n"
    report = draft(facts, kind)
    text = report.text()
    assert "abc {收入预算数} <w:t> & =1+1" in text
    assert not {ch for ch in text if ch < " " and ch not in "\n\t"} and "\u202e" not in text


def test_amounts_rates_and_changes_read_as_people_write_them() -> None:
    cases = [
        ("139.4", "万元", "139.40万元"), ("60", "万元", "60万元"), ("0", "万元", "0万元"), ("30.629", "万元", "30.629万元"),
        ("-291.96", "元", "-291.96元"), ("0.0574", "%", "5.74%"), ("1", "%", "100%"), ("0.514", "%", "51.40%"), ("8", "人", "8人"),
        ("2.5", "分", "2.5分"), ("76.92", "数", "76.92"), ("45044", "日期", "2023年4月28日"),
    ]  # fmt: skip
    assert [written(D(value), unit) for value, unit, _ in cases] == [text for _, _, text in cases]
    assert compared(D(5), D(4), "上年") == "比上年增加1万元，增长25%"
    assert compared(D(3), D(4), "上年") == "比上年减少1万元，下降25%"
    assert compared(D(4), D(4), "上年") == "与上年持平"
    assert compared(D(4), D(0), "上年") == "比上年增加4万元"
    assert [numbered(level, 12) for level in (1, 2, 3, 4)] == ["十二、", "（十二）", "12.", "（12）"]
    assert listed(["甲", "乙", "丙"], 2) == "甲、乙等3项"
    assert paragraphs(" 一 \r\n\r\n二。") == ["一。", "二。"]
    assert (number_of("9.5"), number_of("≥9")) == (D("9.5"), None)
    assert clean("a\u200fb\x1b[0m") == "ab[0m"


def rolled(material: Material, *projects: ProjectRow, transfers: tuple[Transfer, ...] = ()) -> str:
    material.rollup = RollUp(projects=list(projects), transfers=list(transfers))
    return said(compose(material, "自评"))


@pytest.fixture
def material(suixi: Path) -> Material:
    book = open_scoring_book(suixi)
    return gather(book, scored(book))


def test_projects_by_fund_and_grade_add_up(material: Material) -> None:
    general, fund = "一般公共预算", "政府性基金预算"
    text = rolled(
        material,
        ProjectRow("甲", general, D(10), D(10), D(9), D(95), "优"),
        ProjectRow("乙", general, D(30), D(30), D(30), D(85), "良"),
        ProjectRow("丙", fund, D(5), D(5), D(5)),
    )
    assert "应评项目3个，已评2个，涉及预算资金40万元" in text
    assert "一般公共预算项目2个，共涉及资金40万元，占一般公共预算项目支出总额的100%" in text
    assert "政府性基金预算项目0个，共涉及资金0万元，占政府性基金预算项目支出总额的0%" in text
    assert "等级为“优”的项目1个、等级为“良”的项目1个，评优率为50%" in text
    assert "社会保险基金预算、国有资本经营预算无项目" in text


def test_no_project_and_no_transfer_say_so_only_where_it_is_known(material: Material) -> None:
    text = rolled(material)
    assert "转移支付资金0万元" not in text and "本级项目支出自评" not in text
    assert "项目支出年初预算安排62.60万元，决算数62.60万元" in text
    text = rolled(material, transfers=(Transfer("中央"), Transfer("省级", D(8), 2, (("优", 1), ("中", 1)))))
    assert "对下转移支付资金8万元，其中：中央转移支付资金0万元、省级转移支付资金8万元" in text
    assert "等级为“优”的项目1个、等级为“中”的项目1个，评优率为50%" in text


def test_nothing_of_nothing_has_no_rate() -> None:
    assert (
        excellent(()) is None
        and excellent((("良", 2),)) == 0
        and excellent((("优", 1), ("良", 3))) == D("0.25")
    )


def test_a_long_report_has_its_chart_once(material: Material) -> None:
    assert sum(isinstance(block, Bars) for block in compose(material, "核查").blocks) == 1


@pytest.mark.parametrize("rubric", sorted(shipped()))
def test_every_shipped_rubric_gives_both_reports(draft: Make, rubric: str) -> None:
    for kind in KINDS:
        report = draft("facts: {}\n", kind, rubric)
        assert slips(report) == []
        assert report.blocks and report.annexes
