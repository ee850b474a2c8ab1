"""The scoring workbook as built: sheets, names, protection, print set-up, formulas that every engine computes."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import openpyxl
import pytest

from jixiao import pipeline
from jixiao.master import FIXED_SHEETS, HIDDEN, build, make_plan
from jixiao.office import check_package
from jixiao.scoring import build_net
from jixiao.verify import offences


@pytest.fixture(scope="module")
def data() -> bytes:
    return build(pipeline.rubric("suixi-2022"))


@pytest.fixture(scope="module")
def book(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def test_two_builds_are_the_same_bytes(data: bytes) -> None:
    assert build(pipeline.rubric("suixi-2022")) == data
    check_package(data)


def test_sheets_stand_in_the_order_of_the_plan(book: openpyxl.Workbook) -> None:
    assert book.sheetnames == [*FIXED_SHEETS, HIDDEN]
    assert book[HIDDEN].sheet_state == "hidden"


def test_the_official_columns_and_merged_cells(book: openpyxl.Workbook) -> None:
    sheet = book["评分表"]
    assert [sheet.cell(6, column).value for column in range(1, 7)] == ["名称", "权重(%)"] * 3
    titles = {sheet["A4"].value, sheet["G4"].value, sheet["H4"].value, sheet["I4"].value, sheet["J4"].value}
    assert titles == {"评价指标", "指标说明", "评分标准", "评分说明", "得分"}
    assert {"A4:F4", "A5:B5", "C5:D5", "E5:F5", "G4:G6", "J4:J6"} <= {
        str(area) for area in sheet.merged_cells.ranges
    }
    assert [sheet.cell(7, column).value for column in (1, 2, 4, 6)] == ["合计", 100, 100, 100]


def test_every_sheet_is_protected_and_only_entries_are_unlocked(book: openpyxl.Workbook) -> None:
    plan = make_plan(build_net(pipeline.rubric("suixi-2022")))
    proof = {"F", "G", "H", "I", "J", "K"}  # 取数: where a person says where a figure comes from
    entries = {(p.sheet, p.ref) for key, p in plan.places.items() if key in plan.net.entries}
    # a button in a running program writes there, into 改动 what was changed, into 提分; the kept style of a reason
    others = {("封面", "C19"), ("_jixiao", "D16"), *(("封面", f"C{row}") for row in (21, 22, 23))}
    others |= {("提分", f"{letter}3") for letter in "GHIL"}
    for sheet in book:
        assert sheet.protection.sheet or sheet.title in ("改动", "提分"), sheet.title
        for row in sheet.iter_rows():
            for cell in row:
                if not cell.protection.locked:
                    own_proof = sheet.title == "取数" and cell.coordinate[0] in proof
                    assert (sheet.title, cell.coordinate) in entries | others or own_proof, cell.coordinate
    for name, ref in entries:
        assert not book[name][ref].protection.locked, (name, ref)


def test_it_prints_with_repeated_heads_and_page_numbers(book: openpyxl.Workbook) -> None:
    for name in FIXED_SHEETS[1:]:
        sheet = book[name]
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr is not None
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.oddFooter is not None
        assert "&P" in str(sheet.oddFooter.center.text)
    breaks = [item.id for item in book["评分表"].row_breaks.brk]
    assert len(breaks) == 2
    for row in breaks:
        again = [book["评分表"].cell(row + 1, column).value for column in (1, 3)]
        assert all(again) and str(again[0]).endswith("（续）"), "a page that goes on says with what"
    heights = [float(book["评分表"].row_dimensions[row].height or 0) for row in range(8, 38)]
    pages = [
        sum(heights[a - 8 : b - 7]) for a, b in zip([8, *(r + 1 for r in breaks)], [*breaks, 37], strict=True)
    ]
    assert min(pages) > 0.6 * max(pages), "no page is nearly empty"
    assert book["评分表"].print_title_rows == "$4:$6"
    assert book["评分表"].print_area == f"'评分表'!$A$1:$J${8 + 30}"


def test_names_are_chinese_and_each_is_one_bounded_area(book: openpyxl.Workbook) -> None:
    names = book.defined_names
    for name in (
        "支出完成率",
        "年度支出决算数",
        "三公经费控制率",
        "合计_得分",
        "预算编制准确性_规则分",
        "目标_完成值",
    ):
        assert name in names
        assert "$" in names[name].attr_text


def test_every_formula_is_of_the_allowed_vocabulary(book: openpyxl.Workbook) -> None:
    count = 0
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    count += 1
                    assert offences(str(cell.value)) == [], (sheet.title, cell.coordinate)
    assert count > 900


def test_a_previewer_sees_the_values_without_calculating(data: bytes) -> None:
    cached = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    assert cached["封面"]["C14"].value == 0
    assert cached["封面"]["C15"].value == "待核定"
    assert cached["评分表"]["J8"].value == "待核定"


def test_points_that_are_not_decided_are_a_third_colour_and_not_lost(data: bytes) -> None:
    """The figures that the charts draw: what a person has not decided yet was neither won nor lost."""
    sheet = openpyxl.load_workbook(io.BytesIO(data), data_only=True)["图表"]
    rows: list[list[Any]] = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4, max_col=7)]
    heads = [row for row in rows if row[2] == "得分"]
    places = [row.index("待核定") for row in heads]
    assert [row[3] for row in heads] == ["失分"] * 3 and places == [6, 6, 4]
    figures = [row for row in rows if str(row[0]).replace(".", "").isdigit()]
    assert all(row[3] == 0 for row in figures)
    firsts = sum(row[6] for row in figures if row[6] and "." not in row[0])
    seconds = sum(row[6] for row in figures if row[6] and "." in row[0])
    thirds = sum(row[4] for row in figures if row[2] == "待核定" and row[1] != "工作表现加减分")
    assert (firsts, seconds, thirds) == (100, 100, 100)
    package = zipfile.ZipFile(io.BytesIO(data))
    charts = [package.read(name).decode("utf-8") for name in package.namelist() if "charts/chart" in name]
    drawn = [re.findall(r"<c:v>(得分|失分|待核定)</c:v>", chart) for chart in charts]
    assert drawn == [["得分", "失分", "待核定"], ["失分", "待核定"]]
