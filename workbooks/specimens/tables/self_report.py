"""自评基础信息表.xlsx: the unit's own 整体绩效自评基础信息表, targets and projects, in 万元."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from openpyxl import Workbook

from tables.case import Case
from tables.layout import AMOUNT, COUNT, NOT_APPLICABLE, RATE, Form, Value, new_book, save

FILE = "自评基础信息表.xlsx"
TITLE = "整体绩效自评基础信息表"
DASH = NOT_APPLICABLE

Row = tuple[str, str, Value, Value, Value]


def build(case: Case, folder: Path) -> None:
    """Write the workbook into ``folder``."""
    book = new_book(f"{case.year}年度{TITLE}", case.unit)
    _basics(book, case)
    _targets(book, case)
    _projects(book, case)
    save(book, folder / FILE)


def percent(part: Decimal, whole: Decimal) -> Decimal:
    """part/whole in percent, two decimals, half up."""
    return (part / whole * 100).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _open(book: Workbook, case: Case, name: str, title: str, widths: list[float], right: str) -> Form:
    form = Form(book, name, widths, size=11)
    form.title(1, title)
    form.caption(2, f"填报单位：{case.unit}", f"{case.year}年度", right, (2, 2))
    return form


def _basics(book: Workbook, case: Case) -> None:
    widths = [40.0, 7.0, 11.0, 19.0, 19.0, 14.0, 24.0]
    form = _open(book, case, "基础信息表", TITLE, widths, "金额单位：万元")
    heads = ("项目", "行次", "计量单位", "预算数（编制数）", "决算数（实有数）", "比率（%）", "备注")
    for column, text in enumerate(heads, start=1):
        form.head(3, column, text)
    for row, (label, unit, planned, actual, rate) in enumerate(_rows(case), start=4):
        style = AMOUNT if unit == "万元" else COUNT
        form.label(row, 1, label)
        form.value(row, 2, row - 3, COUNT, centred=True)
        form.label(row, 3, unit, centred=True)
        form.value(row, 4, planned, style)
        form.value(row, 5, actual, style)
        form.value(row, 6, rate, "0.00")
        form.label(row, 7, "")
    form.note(form.sheet.max_row + 1, "填表人：　　　　　　　　财务负责人：　　　　　　　　单位负责人：")
    form.finish((3, 3), row_height=22)


def _rows(case: Case) -> list[Row]:
    def money(label: str, planned: str, actual: str, rated: bool = True) -> Row:
        budget, final = case.wan(planned), case.wan(actual)
        rate: Value = percent(final, budget) if rated and budget else DASH
        return label, "万元", budget.quantize(Decimal("0.01")), final, rate

    posts, people = case.wan("编制人数"), case.wan("在职人数")
    declared = case.wan("应申报绩效目标项目数"), case.wan("已申报绩效目标项目数")
    asset = case.second("固定资产原值", TITLE)
    return [
        ("一、人员情况", "", DASH, DASH, DASH),
        ("　　在职人员", "人", int(posts), int(people), percent(people, posts)),
        ("二、收支情况", "", DASH, DASH, DASH),
        money("　　收入合计", "收入预算数", "收入决算数", rated=False),
        money("　　基本支出", "基本支出预算数", "基本支出决算数"),
        money("　　项目支出", "项目支出预算数", "项目支出决算数"),
        ("三、经费控制情况", "", DASH, DASH, DASH),
        money("　　“三公”经费", "三公经费预算数", "三公经费决算数"),
        money("　　日常公用经费", "日常公用经费预算数", "日常公用经费决算数"),
        ("四、政府采购情况", "", DASH, DASH, DASH),
        money("　　政府采购", "政府采购计划金额", "政府采购实际金额"),
        ("五、资产情况", "", DASH, DASH, DASH),
        ("　　固定资产原值", "万元", DASH, asset, DASH),
        ("六、绩效目标申报情况", "", DASH, DASH, DASH),
        ("　　应申报绩效目标项目数", "个", DASH, int(declared[0]), DASH),
        ("　　已申报绩效目标项目数", "个", DASH, int(declared[1]), DASH),
    ]


def _targets(book: Workbook, case: Case) -> None:
    widths = [7.0, 40.0, 12.0, 16.0, 16.0, 14.0, 30.0]
    form = _open(book, case, "绩效目标完成情况表", "整体绩效目标完成情况表", widths, "")
    heads = ("序号", "绩效目标", "计量单位", "年度目标值", "实际完成值", "完成率", "备注")
    for column, text in enumerate(heads, start=1):
        form.head(3, column, text)
    for row, target in enumerate(case.data["targets"], start=4):
        planned, done = target["planned"], target["done"]
        form.value(row, 1, row - 3, COUNT, centred=True)
        form.label(row, 2, target["name"])
        form.label(row, 3, target["unit"], centred=True)
        form.value(row, 4, planned, "General")
        form.value(row, 5, done, "General")
        form.value(row, 6, percent(done, planned) / 100, RATE)
        form.label(row, 7, "")
    form.finish((3, 3), row_height=24)


def _projects(book: Workbook, case: Case) -> None:
    widths = [7.0, 40.0, 18.0, 18.0, 18.0, 14.0]
    form = _open(book, case, "项目支出情况表", "项目支出预算执行情况表", widths, "金额单位：万元")
    heads = ("序号", "项目名称", "年初预算", "调整后预算", "年度支出", "使用率")
    for column, text in enumerate(heads, start=1):
        form.head(3, column, text)
    projects = case.data["projects"]
    row = 4
    for project in projects:
        # 调整后预算 is not published; 使用率 100% of the year's budget is, so it repeats the opening budget
        _project(form, row, project["name"], project["budget"], project["spent"])
        form.value(row, 1, row - 3, COUNT, centred=True)
        row += 1
    totals = sum(p["budget"] for p in projects), sum(p["spent"] for p in projects)
    form.label(row, 1, "")
    _project(form, row, "合计", *totals)
    form.finish((3, 3), row_height=24)


def _project(form: Form, row: int, name: str, budget: Decimal, spent: Decimal) -> None:
    form.label(row, 2, name, centred=name == "合计")
    for column, figure in ((3, budget), (4, budget), (5, spent)):
        form.value(row, column, figure)
    form.value(row, 6, f"{percent(spent, budget).normalize():f}%")
