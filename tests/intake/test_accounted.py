"""Everything of a recognised source is a fact, declared as not needed, or said; a title that is known is never "no table"."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import jixiao
from jixiao.intake import Reading, read
from jixiao.model import Refused
from tests.intake.grids import Grid, rows, xlsx
from tests.office import hostile_files

D = Decimal
PROJECTS: list[list[Any]] = [
    ["项目支出预算执行情况表"],
    ["填报单位：某局", "", "", "", "单位：万元"],
    ["序号", "项目名称", "年初预算数", "调整后预算数", "实际支出数", "执行率"],
    [D(1), "甲", D(20), D(25), D(18), D("0.9")],
    [D(2), "乙（已取消）", D(50), D(0), D(0), ""],
    ["", "合计", D(70), D(25), D(18), ""],
]


def said(folder: Path, *sheets: Grid, code: str = "") -> list[str]:
    path = folder / "源.xlsx"
    path.write_bytes(xlsx(*sheets))
    return [finding.message for finding in read([path]).findings if not code or finding.code == code]


def test_a_table_that_is_used_up_has_nothing_to_say(tmp_path: Path) -> None:
    assert said(tmp_path, rows("项目", [*PROJECTS[:5], [*PROJECTS[5][:3], "", D(18)]])) == []


def test_figures_that_are_nothing_are_counted_in_one_line(tmp_path: Path) -> None:
    more = [
        [*row, "截至6月支出" if number == 2 else D(7) if number > 2 else ""]
        for number, row in enumerate(PROJECTS)
    ]
    (line,) = said(tmp_path, rows("项目", [*more, [], ["", "另：上年", D(3)]]), code="J137")
    assert "5 个数" in line and "项目支出预算执行情况表" in line


@pytest.mark.parametrize(
    ("note", "heard"),
    [
        ("注：乙项目已于6月取消，资金收回。", True),
        ("注：本表反映部门本年度项目支出情况。", False),
        ("注：1.本表依据财决表进行批复。", False),
    ],
)
def test_a_remark_below_a_table_is_said(note: str, heard: bool, tmp_path: Path) -> None:
    found = said(tmp_path, rows("项目", [*PROJECTS, [note]]), code="J138")
    assert bool(found) is heard and all("取消" in line for line in found)


def test_the_unit_may_stand_in_the_remark(tmp_path: Path) -> None:
    lines = [[cell for cell in row if cell != "单位：万元"] for row in PROJECTS]
    path = tmp_path / "源.xlsx"
    path.write_bytes(xlsx(rows("项目", [*lines, ["注：本表以“元”为金额单位（保留两位小数）。"]])))
    assert read([path]).facts.of("项目支出预算数")[0].value == D("0.007")
    path.write_bytes(xlsx(rows("项目", [*PROJECTS, ["注：本表以“元”为金额单位。"]])))
    assert [finding.code for finding in read([path]).findings if finding.code == "J114"] == ["J114"]


def hidden(folder: Path, how: str) -> Reading:
    """The table with a row and a column that nobody sees, in one of the ways that programs have for it."""
    path = folder / "源.xlsx"
    path.write_bytes(xlsx(rows("项目", PROJECTS)))
    book = openpyxl.load_workbook(path)
    sheet = book["项目"]
    row, column = sheet.row_dimensions[5], sheet.column_dimensions["D"]
    if how == "hidden":
        row.hidden = column.hidden = True
    elif how == "height":
        row.height, column.width = 77, 77
    elif how == "outline":
        row.outlineLevel, row.hidden, column.hidden = 1, True, True
    elif how == "filter":
        sheet.auto_filter.ref, row.hidden, column.hidden = "A3:F6", True, True
    book.save(path)
    if how == "height":
        squeezed = {b'ht="77"': b'ht="0"', b'width="77"': b'width="0"'}
        path.write_bytes(hostile_files.edited(path.read_bytes(), "xl/worksheets/sheet1.xml", squeezed))
    return read([path])


@pytest.mark.parametrize("how", ["hidden", "height", "outline", "filter"])
def test_what_nobody_sees_in_a_table_is_said(how: str, tmp_path: Path) -> None:
    (line,) = (finding.message for finding in hidden(tmp_path, how).findings if finding.code == "J130")
    assert "第5行（乙（已取消））" in line and "D列（调整后预算数）" in line


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"实际支出数": "花了多少"}, "没有找到“年度支出”一列"),
        ({"项目名称": "内容"}, "没有找到“项目名称”一列"),
        (
            {"序号": "一", "项目名称": "二", "年初预算数": "三", "调整后预算数": "四", "实际支出数": "五"},
            "没有找到表头",
        ),
    ],
)
def test_a_known_title_is_told_with_the_heading_that_failed(
    change: dict[str, str], why: str, tmp_path: Path
) -> None:
    path = tmp_path / "源.xlsx"
    lines = [[change.get(cell, cell) if isinstance(cell, str) else cell for cell in row] for row in PROJECTS]
    path.write_bytes(xlsx(rows("项目", lines)))
    codes = [finding.code for finding in read([path]).findings]
    assert codes == ["J129"]
    book = jixiao.new("suixi-2022", tmp_path / "簿.xlsx")
    with pytest.raises(Refused, match=why) as stop:
        jixiao.fill(book, [path])
    assert "项目支出预算执行情况表" in str(stop.value) and "没有认出任何表" not in str(stop.value)


def test_a_list_of_contents_is_no_table_that_was_not_understood(tmp_path: Path) -> None:
    contents: list[list[Any]] = [
        ["目录"],
        ["收入支出决算总表", D(3)],
        ["收入决算表", D(5)],
        ["支出决算表", D(8)],
        ["项目支出预算执行情况表", D(9)],
    ]
    assert said(tmp_path, rows("目录", contents), rows("项目", PROJECTS), code="J129") == []


def test_a_table_printed_on_two_pages_side_by_side(tmp_path: Path) -> None:
    left: list[list[Any]] = [
        ["收入支"],
        [],
        ["收入"],
        ["项目", "行次", "金额"],
        ["本年收入合计", D(1), D(50000)],
        ["总计", D(2), D(50000)],
    ]
    right: list[list[Any]] = [
        ["出决算总表"],
        ["金额单位：元"],
        ["支出"],
        ["项目", "行次", "金额"],
        ["本年支出合计", D(3), D(48000)],
    ]
    right += [["年末结转和结余", D(4), D(2000)], ["总计", D(5), D(50000)]]
    path = tmp_path / "源.xlsx"
    path.write_bytes(xlsx(rows("Page 1", left), rows("Page 2", right)))
    facts = read([path]).facts
    assert [facts.of(name)[0].value for name in ("本年收入合计", "本年支出合计", "年末结转和结余")] == [
        D(5),
        D("4.8"),
        D("0.2"),
    ]
    assert facts.of("本年支出合计")[0].source.sheet == "Page 2"
    path.write_bytes(xlsx(rows("Page 1", left), rows("Page 2", [["别的"], *right[1:3]])))
    assert not len(read([path]).facts)


def test_columns_of_two_years_are_told_apart_by_the_title(tmp_path: Path) -> None:
    lines: list[list[Any]] = [
        ["2024年度收入支出决算总表"],
        ["单位：万元"],
        ["收入", "", "", "支出"],
        ["项目", "2023年决算数", "2024年决算数", "项目", "2023年决算数", "2024年决算数"],
        ["本年收入合计", D(90), D(100), "本年支出合计", D(90), D(100)],
    ]
    path = tmp_path / "源.xlsx"
    path.write_bytes(xlsx(rows("表", lines)))
    reading = read([path])
    assert [fact.value for fact in reading.facts.of("本年收入合计")] == [100]
    assert "J121" not in [finding.code for finding in reading.findings]
    only = [[cell for place, cell in enumerate(row) if place not in (2, 5)] for row in lines]
    path.write_bytes(xlsx(rows("表", only)))
    assert not read([path]).facts.of("本年收入合计")


def test_units_of_row_and_column_that_contradict_each_other(tmp_path: Path) -> None:
    lines: list[list[Any]] = [
        ["整体绩效自评基础信息表"],
        ["项目", "预算数（万元）", "决算数（元）"],
        ["基本支出（万元）", D(10), D(9)],
        ["项目支出", D(20), D(190000)],
        ["在职人员", D(15), "12人"],
    ]
    path = tmp_path / "源.xlsx"
    path.write_bytes(xlsx(rows("表", lines)))
    reading = read([path])
    found: dict[str, Any] = {fact.name: fact.value for fact in reading.facts}
    assert (found["基本支出预算数"], found["项目支出预算数"], found["项目支出决算数"], found["在职人数"]) == (
        10,
        20,
        19,
        12,
    )
    assert "基本支出决算数" not in found
    assert [f.sources[0].cell for f in reading.findings if f.code == "J140"] == ["C3"]


def test_targets_keep_one_unit(tmp_path: Path) -> None:
    lines: list[list[Any]] = [
        ["整体绩效目标完成情况表"],
        ["绩效目标", "年度目标值", "实际完成值", "计量单位"],
        ["引资", "3亿元", "35000万元", ""],
        ["培训", D(100), "120人", "人"],
        ["合格率", "95%", "百分之九十八", ""],
        ["投资", D(200), "3000000元", "万元"],
        ["用地", D(5), "8人", "亩"],
    ]
    path = tmp_path / "源.xlsx"
    path.write_bytes(xlsx(rows("表", lines)))
    reading = read([path])
    made: list[Any] = [(r["name"], r["unit"], r["planned"], r["done"]) for r in reading.records["targets"]]
    assert made == [
        ("引资", "亿元", 3, D("3.5")), ("培训", "人", 100, 120), ("合格率", "%", 95, 98), ("投资", "万元", 200, 300),
        ("用地", "亩", 5, None),
    ]  # fmt: skip
    assert [f.sources[0].cell for f in reading.findings if f.code == "J133"] == ["C7"]
