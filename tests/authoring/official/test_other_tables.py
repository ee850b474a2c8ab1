"""Tables with block headings, grades of the total, other orders of columns, and rules of more families."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from jixiao.authoring import Imported, grades, imported, read_table
from tests.authoring.official.test_tables import book

CITED = {"title": "例", "number": "例〔2024〕1号"}
NATIONAL = {"[90,)": "优", "[80,90)": "良", "[60,80)": "中", "(,60)": "差"}


def read(path: Path, rows: Sequence[Sequence[object]], merges: Sequence[str] = ()) -> Imported:
    return imported(read_table(book(path, rows, merges)), "read-2024", "例", 2024, CITED)


def rules(made: Imported) -> dict[str, Any]:
    levels = (second for first in made.data["levels"] for second in first["levels"])
    return {item["title"]: item["rule"] for second in levels for item in second["indicators"]}


BLOCKS = [
    ("部门整体支出绩效评价评分表",),
    ("指标名称", "分值", "评分标准", "得分"),
    ("一、投入（30分）",),
    ("编制合理性", 10, "编制合理的得10分，否则不得分"),
    ("人员控制率", 20, "≤100%得满分，每超过1个百分点扣1分，扣完为止"),
    ("二、产出（70分）",),
    ("任务完成率", 70, "得分=任务完成率×70"),
]


def test_block_headings_over_the_whole_table_name_the_top_level(tmp_path: Path) -> None:
    table = read_table(book(tmp_path / "a.xlsx", BLOCKS, ("A3:D3", "A6:D6")))
    read: list[tuple[object, ...]] = [(row.level1, row.w1, row.level3, row.w3) for row in table.rows]
    assert read == [
        ("投入", 30, "编制合理性", 10),
        ("投入", 30, "人员控制率", 20),
        ("产出", 70, "任务完成率", 70),
    ]


def test_blocks_with_their_weight_in_its_column_and_a_second_level(tmp_path: Path) -> None:
    rows = [
        ("评分表",),
        ("指标名称", "说明", "权重", "评分标准"),
        ("一、投入", "", 20),
        ("（一）预算配置", "", 20),
        ("人员控制率", "", 20, "≤100%得20分，每超1个百分点扣1分，扣完为止"),
        ("二、产出", "", 80),
        ("（一）职责履行", "", 50),
        ("任务完成率", "", 50, "按完成率×50计分"),
        ("（二）效益", "", 30),
        ("满意度", "", 30, "≥90%得30分，80%（含）-90%得20分，低于80%得0分"),
    ]
    merges = tuple(f"A{row}:B{row}" for row in (3, 4, 6, 7, 9))
    table = read_table(book(tmp_path / "a.xlsx", rows, merges))
    read: list[tuple[object, ...]] = [(r.level1, r.w1, r.level2, r.w2, r.level3) for r in table.rows]
    assert read == [
        ("投入", 20, "预算配置", 20, "人员控制率"),
        ("产出", 80, "职责履行", 50, "任务完成率"),
        ("产出", 80, "效益", 30, "满意度"),
    ]


def test_a_block_whose_weight_is_wrong_is_told(tmp_path: Path) -> None:
    rows = [*BLOCKS[:2], ("一、投入（35分）",), *BLOCKS[3:]]
    table = read_table(book(tmp_path / "a.xlsx", rows, ("A3:D3", "A6:D6")))
    assert "J343" in {finding.code for finding in table.findings}


def test_rules_of_more_families_in_another_order_of_columns(tmp_path: Path) -> None:
    rows = [
        ("评价指标体系",),
        ("序号", "一级指标", "评分标准", "三级指标", "满分", "指标解释"),
        (
            1,
            "效能",
            "优（90%-100%分值）、良（80%-90%分值）、中（60%-80%分值）、差（0-60%分值）",
            "社会效益",
            30,
            "",
        ),
        (2, "", "按时报送得20分；每迟报1天扣5分，每发现1处错误扣2分，扣完为止", "决算报送", 20, ""),
        (
            3,
            "",
            "1.合格率≥95%得20分，每低1个百分点扣1分，扣完为止；2.每缺少一份资料扣1分，每逾期一天扣0.5分，扣完为止，满分10分",
            "验收",
            30,
            "",
        ),
        (
            4,
            "",
            "执行率≥95%得20分，90%（含）-95%得15分，低于90%不得分。出现截留资金的，本项不得分。",
            "预算执行率",
            20,
            "",
        ),
        ("", "合计", "", "", 100, ""),
        ("评价结果：85分（含）以上为优，75（含）-85分为良，60（含）-75分为中，60分以下为差",),
    ]
    made = read(tmp_path / "a.xlsx", rows, ("A7:F7",))
    told = rules(made)
    assert made.human == []
    assert told["社会效益"]["kind"] == "grades"
    assert told["决算报送"]["kind"] == "deductions"
    assert [part["kind"] for part in told["验收"]["parts"]] == ["steps", "deductions"]
    (case,) = told["预算执行率"]["first"]
    assert case == {"when": "截留资金次数 > 0", "points": 0, "because": "出现截留资金"}
    assert made.data["grades"]["bands"] == {"[85,)": "优", "[75,85)": "良", "[60,75)": "中", "(,60)": "差"}
    assert "J351" not in {finding.code for finding in made.findings}


@pytest.mark.parametrize(
    "text",
    [
        "评价等级：总分90分（含）以上为优，80分（含）-90分为良，60分（含）-80分为中，60分以下为差。",
        "90-100分（含90分）为优、80-90分（含80分）为良、60-80分（含60分）为中、60分以下为差",
        "综合评价得分≥90分为优；80分≤得分<90分为良；60分≤得分<80分为中；得分<60分为差",
        "优（90分以上）、良（80-90分）、中（60-80分）、差（60分以下）",
    ],
)
def test_grades_of_the_total_are_read(text: str) -> None:
    assert grades(text) == NATIONAL


@pytest.mark.parametrize(
    "text",
    ["优（90-100分）、良（80-89分）、中（60-79分）、差（0-59分）", "满意度90%以上为优", "优良中差", ""],
)
def test_grades_with_gaps_or_without_bands_are_not(text: str) -> None:
    assert grades(text) == {}


@pytest.mark.parametrize("heading", ["评分依据", "评价依据", "指标解释", "评分标准"])
def test_the_only_column_of_texts_is_that_of_the_criteria(heading: str, tmp_path: Path) -> None:
    lines = [
        ("项目支出考评计分办法",),
        ("指标名称", "分值", heading, "实际得分"),
        ("一、资金到位", 60, "资金到位率≥100%得60分，每低1个百分点扣1分，扣完为止"),
        ("二、资金使用", 40, "每发现一处违规扣5分，扣完为止"),
    ]
    table = read_table(book(tmp_path / "a.xlsx", lines))
    assert [(row.level3, row.w3, row.criteria) for row in table.rows] == [
        ("资金到位", Decimal(60), lines[2][2]),
        ("资金使用", Decimal(40), lines[3][2]),
    ]
