"""Reports on workbooks that lack things: nothing at all, zero budgets, no project, sixty, indicators that do not apply."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from jixiao import pipeline
from jixiao.report import KINDS, Bars, Grid
from jixiao.rubric import shipped
from tests.report.report_reading import Draft, drafted, put, said, slips

Make = Callable[..., Draft]
BOTH = pytest.mark.parametrize("kind", ["核查", "自评"])


@BOTH
def test_an_empty_workbook_gives_a_draft_that_says_what_lacks(draft: Make, kind: str) -> None:
    report = draft("facts: {}\n", kind)
    text = said(report)
    assert slips(report) == []
    assert "〔待填写：" in text and "〔缺少数据：" in text
    assert "加减分" not in text and "转移支付资金0" not in text
    assert any(line.startswith("数据未取得：") and "支出" in line for line in report.pending)
    open_points = "30项指标待核定：" if kind == "核查" else "29项指标没有自评分："
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


FUNDS = """
projects:
  - name: 甲
    budget: 10
    adjusted: 10
    spent: 9
    fund: 一般公共预算
    indicators:
      - {group: 数量指标, name: 走访, target: ≥10次, done: 10次, points: 50}
      - &wide {group: 社会效益指标, name: 覆盖率, target: ≥90%, done: 95%, points: 30}
      - &glad {group: 服务对象满意度指标, name: 满意度, target: ≥90%, done: 95%, points: 10}
  - name: 乙
    budget: 30
    adjusted: 30
    spent: 30
    fund: 一般公共预算
    indicators: [{group: 数量指标, name: 走访, target: ≥10次, done: 7次, points: 50, reason: 人手不足}, *wide, *glad]
  - {name: 丙, budget: 5, adjusted: 5, spent: 5, fund: 政府性基金预算}
"""


def test_projects_by_fund_and_grade_add_up(tmp_path: Path) -> None:
    text = said(of_projects(tmp_path, FUNDS))
    assert "应评项目3个，已评2个，涉及预算资金40万元" in text
    assert "一般公共预算项目2个，共涉及资金40万元，占一般公共预算项目支出总额的100%" in text
    assert "政府性基金预算项目0个，共涉及资金0万元，占政府性基金预算项目支出总额的0%" in text
    assert "等级为“优”的项目1个、等级为“良”的项目1个，评优率为50%" in text
    assert "社会保险基金预算、国有资本经营预算无项目" in text
    assert "项目支出共计3个，年初预算安排45万元，年中未调整，预算数仍为45万元，决算数44万元" in text


def test_transfers_are_told_by_their_levels_and_are_no_projects_of_the_department(tmp_path: Path) -> None:
    path = tmp_path / "簿.xlsx"
    of_projects(tmp_path, FUNDS)
    put(path, {"项目[1].项目类别": "省级转移支付"})
    pipeline.score(path)
    text = said(drafted(path, "自评", draft=True))
    assert "对下转移支付资金10万元，共1项，其中：中央转移支付资金0万元、省级转移支付资金10万元" in text
    assert "等级为“优”的项目1个，评优率为100%" in text
    assert "项目支出共计2个，年初预算安排35万元" in text


def of_projects(folder: Path, facts: str) -> Draft:
    path = folder / "簿.xlsx"
    pipeline.new("changli-2023", path, unit="某局", year="2022", projects=3)
    (folder / "facts.yaml").write_text(facts, "utf-8")
    pipeline.fill(path, [], facts_file=folder / "facts.yaml")
    return drafted(path, "自评", draft=True)


def test_no_project_says_so_only_where_it_is_known(draft: Make) -> None:
    text = said(draft("facts: {项目支出预算数: 62.6, 项目支出决算数: 62.6}\n", "自评"))
    assert "转移支付资金0万元" not in text and "本级项目支出自评" not in text
    assert "项目支出年初预算安排62.60万元，决算数62.60万元" in text


def test_a_long_report_has_its_chart_once(suixi: Path) -> None:
    assert sum(isinstance(block, Bars) for block in drafted(suixi, "核查").blocks) == 1


@pytest.mark.parametrize("rubric", sorted(shipped()))
def test_every_shipped_rubric_gives_both_reports(draft: Make, rubric: str) -> None:
    for kind in KINDS:
        report = draft("facts: {}\n", kind, rubric)
        assert slips(report) == []
        assert report.blocks and report.annexes
