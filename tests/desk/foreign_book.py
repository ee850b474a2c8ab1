"""An officer's own workbook: a 评分表 of official columns beside the 决算 tables, made with another library."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import openpyxl

from jixiao import pipeline
from jixiao.rubric import Rubric

ROOT = Path(__file__).parents[2]
SPECIMEN = ROOT / "workbooks" / "specimens" / "suixi-2022"
TABLES = ("决算报表.xlsx", "预算批复.xlsx", "自评基础信息表.xlsx")
SHEET = "绩效评分"
TOP = 6  # row of the heading, somewhere down the sheet
SAID, GOT = 10, 11  # columns of 评分说明 and 得分


@functools.cache
def rubric() -> Rubric:
    """The rubric that the table follows."""
    return pipeline.rubric("suixi-2022")


def first_row() -> int:
    """Row of the first indicator."""
    return TOP + 3


def row_of(title: str) -> int:
    """Row of an indicator."""
    return first_row() + [indicator.key for indicator in rubric().indicators()].index(title)


def make(path: Path, *, more: int = 0, tables: bool = True) -> Path:
    """Write the workbook; ``more`` unrelated sheets stand between the others."""
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = SHEET
    _heading(sheet)
    _rows(sheet)
    for number in range(more):
        other: Any = book.create_sheet(f"台账{number + 1}")
        for row in range(1, 40):
            other.append([f"第{row}笔", row * 1.5, f"=B{row}*2", "备注"])
    for name in TABLES if tables else ():
        _copy(SPECIMEN / name, book)
    book.active = 0
    book.save(path)
    return path


def _heading(sheet: Any) -> None:
    sheet["B2"] = "2022年度部门整体支出绩效自评表"
    sheet["B3"] = "单位：遂溪县招商局"
    sheet.cell(TOP, 2, "评价指标")
    sheet.merge_cells(start_row=TOP, start_column=2, end_row=TOP, end_column=7)
    for column, title in ((2, "一级指标"), (4, "二级指标"), (6, "三级指标")):
        sheet.cell(TOP + 1, column, title)
        sheet.merge_cells(start_row=TOP + 1, start_column=column, end_row=TOP + 1, end_column=column + 1)
        sheet.cell(TOP + 2, column, "名称")
        sheet.cell(TOP + 2, column + 1, "权重（%）")
    for column, title in ((8, "指标说明"), (9, "评分标准"), (SAID, "评分说明"), (GOT, "得分")):
        sheet.cell(TOP, column, title)
        sheet.merge_cells(start_row=TOP, start_column=column, end_row=TOP + 2, end_column=column)


def _rows(sheet: Any) -> None:
    row, made = first_row(), rubric()
    for first in made.firsts:
        top = row
        sheet.cell(row, 2, first.title)
        sheet.cell(row, 3, float(first.weight))
        for second in first.seconds:
            start = row
            sheet.cell(row, 4, second.title)
            sheet.cell(row, 5, float(second.weight))
            for indicator in second.indicators:
                sheet.cell(row, 6, indicator.key)
                sheet.cell(row, 7, float(indicator.weight))
                sheet.cell(row, 8, indicator.description)
                sheet.cell(row, 9, indicator.criteria)
                row += 1
            for column in (4, 5):
                sheet.merge_cells(start_row=start, start_column=column, end_row=row - 1, end_column=column)
        for column in (2, 3):
            sheet.merge_cells(start_row=top, start_column=column, end_row=row - 1, end_column=column)
    for indicator in made.extras:
        sheet.cell(row, 4, made.extra_title)
        sheet.cell(row, 6, indicator.key)
        row += 1
    sheet.cell(row, 2, "合计")
    sheet.cell(row, GOT, f"=SUM(K{first_row()}:K{row - 1})")


def _copy(source: Path, book: Any) -> None:
    for one in openpyxl.load_workbook(source).worksheets:
        sheet = book.create_sheet(one.title)
        for line in one.iter_rows():
            for cell in line:
                if cell.value is not None:
                    made = sheet.cell(cell.row, cell.column, cell.value)
                    made.number_format = cell.number_format
        for area in one.merged_cells.ranges:
            sheet.merge_cells(str(area))
