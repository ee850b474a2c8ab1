"""Filled 绩效自评表 as units hand them in: other headings, column orders, merged cells, units; and no others."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from jixiao.intake import Reading, read
from jixiao.model import DefinitionError

NATIONAL: list[list[Any]] = [
    ["项目支出绩效自评表"],
    ["（2022年度）", "", "", "", "", "", "", "", "单位：万元"],
    ["项目名称", "", "村级公益项目"],
    ["主管部门", "", "县财政局", "", "", "", "实施单位", "某镇人民政府"],
    ["项目资金", "", "", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
    ["", "", "年度资金总额：", 60, 50, "45.5", 10, "91%", 9.1],
    ["", "", "其中：本年财政拨款", 60, 50, 45.5, "—", "", "—"],
    ["年度总体目标", "预期目标", "", "", "", "实际完成情况"],
    ["", "建成道路3公里", "", "", "", "建成2.7公里"],
    [
        "",
        "一级指标",
        "二级指标",
        "三级指标",
        "年度指标值",
        "实际完成值",
        "分值",
        "得分",
        "偏差原因分析及改进措施",
    ],
    ["", "产出指标（50分）", "数量指标", "指标1：道路里程", "≥3公里", "2.7公里", 30, 30, "雨季停工"],
    ["", "", "", "指标2："],
    ["", "", "质量指标", "验收合格率", "100%", "100%", 20, 20],
    ["", "", "", "……"],
    ["", "效益指标\n(30分)", "社会效益\n指标", "受益人口", "≥500人", 520, 30, 30],
    ["", "满意度指标", "满意度指标", "群众满意度", "≥90%", "92%", 10, 10],
    ["总分", "", "", "", "", "", 100, 99.1],
    ["注", "", "", "不是指标", "1", "1", 1],
]
SPLIT: list[list[Any]] = [
    ["部门预算项目支出绩效自评表（2023年）"],
    ["项目名称", "人员经费", "", "", "", "", "金额单位：元"],
    ["", "年初预算", "调整后预算数", "预算执行数"],
    ["总额", 2389300, 2518900, 2518900],
    [
        "一级指标",
        "二级指标",
        "三级指标",
        "指标性质",
        "指标值",
        "度量单位",
        "完成值",
        "权重",
        "自评得分",
        "未完成原因分析",
    ],
    ["产出指标", "数量指标", "发放覆盖率", "＝", 100, "%", 100, 60, 60],
    ["效益指标", "社会效益指标", "足额保障率", "≥", 100, "%", 98, 30, 29.4, "缺编"],
    ["合计", "", "", "", "", "", "", 100],
]


def written(
    rows: list[list[Any]], folder: Path, *, merged: tuple[str, ...] = (), definitions: Sequence[Path] = ()
) -> Reading:
    """The reading of a workbook with these rows."""
    book = openpyxl.Workbook()
    sheet = book["Sheet"]
    for row in rows:
        sheet.append([None if value == "" else value for value in row])
    for area in merged:
        sheet.merge_cells(area)
    path = folder / "自评.xlsx"
    book.save(path)
    return read([path], definitions=definitions)


def test_the_national_form(tmp_path: Path) -> None:
    reading = written(NATIONAL, tmp_path, merged=("B11:B14", "A10:A16"))
    (project,) = reading.records["projects"]
    assert project.values == {
        "name": "村级公益项目", "budget": Decimal(60), "adjusted": Decimal(50), "spent": Decimal("45.5"),
    }  # fmt: skip
    assert project.sources["spent"].cell == "F6"
    (head,) = reading.records["goal_heads"]
    assert (head["department"], head["body"], head["goal"]) == ("县财政局", "某镇人民政府", "建成道路3公里")
    goals = reading.records["goals"]
    expected: list[tuple[object, ...]] = [
        ("数量指标", "道路里程", "≥3公里", "2.7公里", 30, 30),
        ("质量指标", "验收合格率", "100%", "100%", 20, 20),
        ("社会效益指标", "受益人口", "≥500人", "520", 30, 30),
        ("满意度指标", "群众满意度", "≥90%", "92%", 10, 10),
    ]
    fields = ("group", "name", "target", "done", "points", "scored")
    assert [tuple(goal[field] for field in fields) for goal in goals] == expected
    assert goals[0].sources["done"].cell == "F11"
    assert goals[0]["reason"] == "雨季停工"
    assert reading.recognised


def test_sign_and_unit_in_columns_of_their_own_and_money_in_yuan(tmp_path: Path) -> None:
    reading = written(SPLIT, tmp_path)
    (project,) = reading.records["projects"]
    assert (project["budget"], project["spent"]) == (Decimal("238.93"), Decimal("251.89"))
    first, second = reading.records["goals"]
    assert (first["target"], first["done"]) == ("＝100%", "100%")
    assert (second["target"], second["done"], second["reason"]) == ("≥100%", "98%", "缺编")


OTHER = """
id: 某省绩效运行监控表
title: 监控表
layout: sheet
beside: {name: [监控项目]}
below: {}
money: {budget: [年初安排], spent: [截至年底支出]}
totals: [合计]
rows: {name: [监控指标], target: [计划], done: [实际], points: [权重分]}
needed: [name, target, done]
ends: [合计]
"""


def test_a_form_of_the_users_own_needs_no_code(tmp_path: Path) -> None:
    folder = tmp_path / "forms" / "某省" / "2024"
    folder.mkdir(parents=True)
    (folder / "01.yaml").write_text(OTHER, "utf-8")
    rows: list[list[Any]] = [
        ["某省绩效运行监控表"],
        ["监控项目：村道", "", "单位：元"],
        ["", "年初安排", "截至年底支出"],
        ["合计", 30000, 20000],
        ["监控指标", "计划", "实际"],
        ["里程", "≥3公里", "2公里"],
        ["合计", "", ""],
    ]
    reading = written(rows, tmp_path, definitions=[tmp_path])
    assert reading.records["projects"][0].values == {
        "name": "村道", "budget": Decimal(3), "spent": Decimal(2),
    }  # fmt: skip
    (goal,) = reading.records["goals"]
    assert (goal["table"], goal["name"], goal["target"], goal["done"]) == ("村道", "里程", "≥3公里", "2公里")
    (folder / "01.yaml").write_text(OTHER.replace("spent:", "spend:"), "utf-8")
    with pytest.raises(DefinitionError, match="未知的键“spend”"):
        written(rows, tmp_path, definitions=[tmp_path])


def test_money_without_a_unit_is_not_taken(tmp_path: Path) -> None:
    rows = [[cell for cell in row if cell != "金额单位：元"] for row in SPLIT]
    reading = written(rows, tmp_path)
    assert reading.records["projects"][0].amount("budget") is None
    assert "J113" in {finding.code for finding in reading.findings}


def test_a_formula_that_was_never_calculated_is_named(tmp_path: Path) -> None:
    rows = [list(row) for row in NATIONAL]
    rows[10][5] = "=1+1"
    reading = written(rows, tmp_path)
    assert reading.records["goals"][0]["done"] is None
    assert ("J123", "F11") in {(f.code, f.sources[0].cell) for f in reading.findings if f.sources}


@pytest.mark.parametrize("missing", ["三级指标", "年度指标值", "实际完成值", "分值"])
def test_without_its_headings_it_is_no_form(missing: str, tmp_path: Path) -> None:
    rows = [["别的" if cell == missing else cell for cell in row] for row in NATIONAL]
    # 分值 stands in the money block as well; there it is no heading of the list
    assert "goals" not in written(rows, tmp_path).records


def test_two_forms_below_each_other_are_both_read(tmp_path: Path) -> None:
    second = [[cell if cell != "人员经费" else "公用经费" for cell in row] for row in SPLIT]
    reading = written([*SPLIT, [], *second], tmp_path)
    assert [project["name"] for project in reading.records["projects"]] == ["人员经费", "公用经费"]
    assert [goal["table"] for goal in reading.records["goals"]] == ["人员经费"] * 2 + ["公用经费"] * 2


def test_a_name_in_one_cell_with_its_label(tmp_path: Path) -> None:
    rows = [["项目名称：校车补贴", "", "单位：万元"] if row[:1] == ["项目名称"] else row for row in NATIONAL]
    reading = written(rows, tmp_path)
    assert reading.records["projects"][0]["name"] == "校车补贴"
    assert {goal["table"] for goal in reading.records["goals"]} == {"校车补贴"}


def test_a_project_without_a_name_never_becomes_the_units_own_form(tmp_path: Path) -> None:
    reading = written([row for row in NATIONAL if row[:1] != ["项目名称"]], tmp_path)
    assert "goals" not in reading.records
    assert "J142" in {finding.code for finding in reading.findings}


def test_money_under_other_headings_and_rows_without_a_name(tmp_path: Path) -> None:
    names = {"年初预算数": "年初预算", "全年预算数": "调整后预算", "全年执行数": "实际支出"}
    rows = [[names.get(cell, cell) for cell in row] for row in NATIONAL]
    reading = written(rows, tmp_path)
    assert reading.records["projects"][0].amount("spent") == Decimal("45.5")
    odd = [[{"全年执行数": "花掉的钱"}.get(cell, cell) for cell in row] for row in NATIONAL]
    assert "J141" in {finding.code for finding in written(odd, tmp_path).findings}
    nameless = [["", "", "", "", "≥1处", "1处", 5] if row[3:4] == ["指标2："] else row for row in NATIONAL]
    assert "J143" in {finding.code for finding in written(nameless, tmp_path).findings}


def test_the_year_of_a_form_is_noted(tmp_path: Path) -> None:
    assert written(NATIONAL, tmp_path).records["goal_heads"][0]["year"] == "2022"
