"""Project tables in a department's workbook: as many as asked for, proved like everything else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.mark.parametrize("rubric", ["suixi-2022", "changli-2023"])
def test_as_many_as_asked_for(rubric: str, tmp_path: Path, run: Any) -> None:
    from openpyxl import load_workbook

    book = tmp_path / "评分簿.xlsx"
    assert run("new", rubric, "-o", book, "--projects", "3", "--project-form", "project-cost-2021").code == 0
    names = load_workbook(book, read_only=True).sheetnames
    assert [name for name in names if name.startswith("项目")] == [
        "项目汇总",
        *(f"项目自评{n}" for n in (1, 2, 3)),
    ]
    ran = run("verify", book, "--format", "json")
    assert ran.code == 0, ran.out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--projects", "201"), 2),
        (("--projects", "-1"), 2),
        (("--project-form", "没有"), 2),
        (("--projects", "x"), 2),
    ],
)
def test_what_cannot_be_made_is_refused_in_one_line(
    words: tuple[str, ...], code: int, tmp_path: Path, run: Any
) -> None:
    ran = run("new", "suixi-2022", "-o", tmp_path / "x.xlsx", *words)
    assert ran.code == code and ran.line
    assert not (tmp_path / "x.xlsx").exists()


def test_a_single_project_carries_no_further_tables(tmp_path: Path, run: Any) -> None:
    ran = run("new", "project-2020", "-o", tmp_path / "x.xlsx", "--projects", "2")
    assert ran.code == 2 and "单个项目" in ran.line


def _sichuan(path: Path) -> None:
    """Two forms on one sheet, 90 points shared freely, money of other kinds, a result in words."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    money = ("年初预算", "调整后预算数", "预算执行数", "预算执行率", "权重", "得分")
    head = ("一级指标", "二级指标", "三级指标", "指标性质", "指标值", "度量单位", "完成值", "权重", "得分")
    forms = (
        ("修缮项目", (30, 40, 35), ("经济成本指标", "成本控制数", "≤", "30", "万元", "完成", 90)),
        ("采购项目", (0, 4, 3), ("数量指标", "购置台数", "≥", "13", "台", "13", 90)),
    )
    for name, (budget, adjusted, spent), (second, title, sign, target, unit, done, points) in forms:
        sheet.append(("部门预算项目支出绩效自评表（2023年度）",))
        sheet.append(("项目名称", name))
        sheet.append(("预算执行情况（10分）", "年度预算数（万元）", *money))
        sheet.append(("", "总额", budget, adjusted, spent, "", 10, 10))
        sheet.append(("", "其中：财政资金", budget, adjusted - 3, spent - 3, "", "/", "/"))
        sheet.append(("", "财政专户管理资金", 0, 1, 1, "", "/", "/"))
        sheet.append(("", "单位资金", 0, 2, 2, "", "/", "/"))
        sheet.append(("", "其他资金", 0, 0, 0, "", "/", "/"))
        sheet.append(("绩效指标（90分）", *head))
        sheet.append(("", "产出指标", second, title, sign, target, unit, done, points, points))
        sheet.append(("合计", "", "", "", "", "", "", "", "", 100))
    book.save(path)


@pytest.mark.parametrize(
    ("form", "others"),
    [("project-shared-90", {2: 1, 3: 2, 4: 0}), ("project-2020", {3: 3})],
    ids=["its own rows of money", "all in 其他资金"],
)
def test_a_form_that_shares_90_points_freely(
    form: str, others: dict[int, int], tmp_path: Path, run: Any
) -> None:
    from jixiao.master import open_scoring_book
    from jixiao.scoring import Keys

    book, source = tmp_path / "评分簿.xlsx", tmp_path / "自评表.xlsx"
    _sichuan(source)
    words = ("--projects", "2", "--project-form", form, "--year", "2023")
    assert run("new", "changli-2023", "-o", book, *words).code == 0
    ran = run("fill", book, source)
    assert ran.code == 0 and "J578" not in ran.out, ran.out
    said = "".join(ran.out.split())
    assert "完成值“完成”与指标值“" in said and "不能相比" in said
    entries = open_scoring_book(book).entries
    for number, (adjusted, spent) in ((1, (40, 35)), (2, (4, 3))):
        own = Keys(f"项目自评{number}")
        assert entries[own.fund(2).cell("全年预算数")] == adjusted - 3
        assert entries[own.fund(2).cell("全年执行数")] == spent - 3
        assert {row: entries[own.fund(row + 1).cell("全年执行数")] for row in others} == others
    if form == "project-shared-90":
        scored = "".join(run("score", book).out.split())
        assert "应为50" not in scored and "项目自评1”1项指标待核定：成本控制数" in scored
