"""Official tables of other shapes: weights in the same cell, blank continuation cells, two levels, several tables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from jixiao.authoring import read_table, read_tables
from jixiao.model import LimitReached, Refused, UsageStop

HEAD = ("一级指标", "二级指标", "三级指标", "分值", "指标解释", "评价标准", "得分")


def book(path: Path, rows: Sequence[Sequence[object]], merges: Sequence[str] = ()) -> Path:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    for area in merges:
        sheet.merge_cells(area)
    made.save(path)
    return path


def rows_of(path: Path) -> list[tuple[object, ...]]:
    return [(row.level1, row.level2, row.level3, row.w3) for row in read_table(path).rows]


def test_weights_may_stand_in_the_title_cells(tmp_path: Path) -> None:
    file = book(
        tmp_path / "a.xlsx",
        [
            ("部门整体支出绩效评价评分表",),
            ("一级指标", "二级指标", "三级指标", "指标说明", "计分办法"),
            ("一、投入（40分）", "预算编制（40分）", "1.编制合理（15分）", "看合理", "合理的，得15分"),
            ("", "", "2.编制规范（25分）", "看规范", "规范的，得25分"),
            ("二、产出（60分）", "履职(60)", "任务完成率(60分)", "完成率", "得分=任务完成率×60分"),
        ],
    )
    table = read_table(file)
    told: list[object] = [(r.level1, r.w1, r.level2, r.w2, r.level3, r.w3) for r in table.rows]
    assert told == [
        ("投入", 40, "预算编制", 40, "编制合理", 15),
        ("投入", 40, "预算编制", 40, "编制规范", 25),
        ("产出", 60, "履职", 60, "任务完成率", 60),
    ]
    assert {f.code for f in table.findings} == {"J334"}  # no column of weights


def test_a_single_weight_column_is_that_of_the_lowest_level(tmp_path: Path) -> None:
    file = book(
        tmp_path / "a.xlsx",
        [
            HEAD,
            ("投入", "预算", "甲", 40, "说明", "标准"),
            ("", "", "乙", 20, "", "标准"),
            ("产出", "数量", "丙", 40, "", ""),
        ],
    )
    assert rows_of(file) == [
        ("投入", "预算", "甲", 40),
        ("投入", "预算", "乙", 20),
        ("产出", "数量", "丙", 40),
    ]


def test_criteria_on_rows_of_their_own_belong_to_the_merged_indicator(tmp_path: Path) -> None:
    rows = [
        HEAD,
        ("投入", "预算", "甲", 100, "说明", "1.有制度，得60分"),
        ("", "", "", "", "", "2.执行好，得40分"),
    ]
    merges = ("A2:A3", "B2:B3", "C2:C3", "D2:D3", "E2:E3")
    (row,) = read_table(book(tmp_path / "a.xlsx", rows, merges)).rows
    assert row.w3 == 100
    assert row.criteria == "1.有制度，得60分\n2.执行好，得40分"


def test_points_on_rows_of_their_own_add_to_the_indicator(tmp_path: Path) -> None:
    rows = [HEAD, ("投入", "预算", "甲", 60, "", "1.有制度"), ("", "", "", 40, "", "2.执行好")]
    (row,) = read_table(book(tmp_path / "a.xlsx", rows, ("C2:C3",))).rows
    assert row.w3 == 100


def test_weights_as_percentages_are_points(tmp_path: Path) -> None:
    table = read_table(
        book(tmp_path / "a.xlsx", [HEAD, ("投", "预", "甲", 0.4, "", "x"), ("产", "数", "乙", 0.6, "", "x")])
    )
    assert [row.w3 for row in table.rows] == [40, 60]
    assert "J338" in {f.code for f in table.findings}


def test_two_levels_are_enough(tmp_path: Path) -> None:
    file = book(
        tmp_path / "a.xlsx",
        [
            ("评价指标", "", "分值", "评分标准"),
            ("一级", "二级", "", ""),
            ("投入", "甲", 50, "x"),
            ("", "乙", 50, "x"),
        ],
        ("A1:B1", "C1:C2", "D1:D2"),
    )
    assert rows_of(file) == [("投入", "投入", "甲", 50), ("投入", "投入", "乙", 50)]
    assert "J335" in {f.code for f in read_table(file).findings}


def test_labels_in_the_middle_of_their_rows_are_placed_by_the_weights(tmp_path: Path) -> None:
    head = ("一级指标", "权重", "二级指标", "权重", "三级指标", "权重", "指标说明", "评分标准")
    file = book(
        tmp_path / "a.xlsx",
        [
            head,
            ("投入", 100, "预算", 30, "甲", 10, "", "x"),
            ("", "", "", "", "乙", 20, "", "x"),
            ("", "", "", "", "丙", 30, "", "x"),
            ("", "", "管理", 70, "丁", 40, "", "x"),
        ],
    )
    table = read_table(file)
    assert [row.level2 for row in table.rows] == ["预算", "预算", "管理", "管理"]
    assert [f.code for f in table.findings] == ["J342"]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([("投", "预", "甲", 40, "", "x"), ("产", "数", "乙", 50, "", "x")], "J375"),
        ([("投", "预", "甲", 40, "", "x"), ("产", "数", "乙", 59, "", "x")], "J344"),
        ([("投", "预", "甲", 40, "", "x"), ("产", "数", "甲", 60, "", "x")], "J339"),
        ([("投", "预", "甲", "四十", "", "x"), ("产", "数", "乙", 60, "", "x")], "J337"),
        ([("投", "预", "甲", "", "", "x"), ("产", "数", "乙", 60, "", "x")], "J341"),
        (
            [("投", "预", "甲", 40, "", "x"), ("产", "数", "乙", 60, "", "x"), ("合计", "", "", 99, "", "")],
            "J345",
        ),
        ([("投", "预（50分）", "甲", 40, "", "x"), ("产", "数", "乙", 60, "", "x")], "J343"),
    ],
)
def test_what_does_not_add_up_is_said_with_its_cell(
    tmp_path: Path, rows: list[tuple[object, ...]], code: str
) -> None:
    found = [f for f in read_table(book(tmp_path / "a.xlsx", [HEAD, *rows])).findings if f.code == code]
    assert found
    assert all(source.cell for finding in found for source in finding.sources)


def test_a_missing_column_and_an_unknown_one_are_said(tmp_path: Path) -> None:
    head = ("一级指标", "二级指标", "三级指标", "分值", "考评口径")
    table = read_table(book(tmp_path / "a.xlsx", [head, ("投", "预", "甲", 100, "x")]))
    assert {(f.code, f.args) for f in table.findings if f.code in ("J334", "J336")} == {
        ("J334", (("column", "评分标准"),)),
        ("J334", (("column", "指标说明"),)),
        ("J336", (("name", "考评口径"),)),
    }


def test_two_complete_tables_are_asked_about(tmp_path: Path) -> None:
    rows = [
        ("部门整体评分表",),
        HEAD,
        ("投", "预", "甲", 100, "", "x"),
        ("项目支出评分表",),
        HEAD,
        ("产", "数", "乙", 100, "", "x"),
    ]
    file = book(tmp_path / "a.xlsx", rows)
    assert [table.title for table in read_tables(file)] == ["部门整体评分表", "项目支出评分表"]
    assert read_table(file, "项目").rows[0].level3 == "乙"
    with pytest.raises(UsageStop) as stop:
        read_table(file)
    assert stop.value.finding.code == "J333"


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4", b"PK\x03\x04broken", "一级指标,二级指标".encode()])
def test_a_file_that_is_none_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(content)
    with pytest.raises(Refused):
        read_table(file)


def test_a_workbook_without_a_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused) as stop:
        read_table(book(tmp_path / "a.xlsx", [("姓名", "年龄"), ("甲", 3)]))
    assert stop.value.finding.code == "J332"


def test_an_endless_table_is_a_limit(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    assert made.active is not None
    made.active["A6000"] = "x"
    made.save(tmp_path / "a.xlsx")
    with pytest.raises(LimitReached):
        read_table(tmp_path / "a.xlsx")
