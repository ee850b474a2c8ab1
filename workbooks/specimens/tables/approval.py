"""预算批复.xlsx: 部门预算批复表 in three parts, amounts in 万元."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from openpyxl import Workbook

from tables.case import Case
from tables.layout import AMOUNT, COUNT, NOT_APPLICABLE, Form, Value, new_book, save

FILE = "预算批复.xlsx"
DOCUMENT = "遂财预[2022]3号"
ZERO = Decimal("0.00")


def build(case: Case, folder: Path) -> None:
    """Write the workbook into ``folder``."""
    book = new_book(f"关于批复{case.year}年度部门预算的通知附表", "遂溪县财政局")
    _totals(book, case)
    _projects(book, case)
    _matters(book, case)
    save(book, folder / FILE)


def _open(book: Workbook, case: Case, name: str, title: str, widths: list[float]) -> Form:
    form = Form(book, name, widths, size=11)
    form.title(1, title)
    form.caption(2, f"批复文号：{DOCUMENT}", "", f"{case.year}年", (2, 1))
    form.caption(3, f"单位名称：{case.unit}", "", "金额单位：万元", (2, 1))
    return form


def _totals(book: Workbook, case: Case) -> None:
    form = _open(book, case, "收支预算批复表", "部门预算批复表（一）收支预算", [40.0, 18.0, 40.0, 18.0])
    form.head(4, 1, "收　　入", columns=2)
    form.head(4, 3, "支　　出", columns=2)
    for column, text in enumerate(("项目", "预算数", "项目", "预算数"), start=1):
        form.head(5, column, text)
    total, basic = case.wan("收入预算数"), case.wan("基本支出预算数")
    office, project = case.wan("日常公用经费预算数"), case.wan("项目支出预算数")
    left: list[tuple[str, Value]] = [
        ("一、一般公共预算拨款", total),
        ("二、政府性基金预算拨款", ZERO),
        ("三、国有资本经营预算拨款", ZERO),
        ("四、财政专户管理资金", ZERO),
        ("五、其他资金", ZERO),
        ("收入总预算", total),
    ]
    right: list[tuple[str, Value]] = [
        ("一、基本支出", basic),
        ("　　其中：人员经费", basic - office),
        ("　　　　　日常公用经费", office),
        ("二、项目支出", project),
        ("", None),
        ("支出总预算", basic + project),
    ]
    for row, (income, spending) in enumerate(zip(left, right, strict=True), start=6):
        for column, (label, figure) in ((1, income), (3, spending)):
            form.label(row, column, label, centred=label.endswith("总预算"))
            form.value(row, column + 1, figure)
    form.finish((4, 5), row_height=24)


def _projects(book: Workbook, case: Case) -> None:
    widths = [8.0, 36.0, 18.0, 18.0, 22.0]
    form = _open(book, case, "项目支出预算批复表", "部门预算批复表（二）项目支出预算", widths)
    for column, text in enumerate(("序号", "项目名称", "资金性质", "预算数", "是否申报绩效目标"), start=1):
        form.head(4, column, text)
    row = 5
    declared = int(case.wan("已申报绩效目标项目数"))
    for number, project in enumerate(case.data["projects"], start=1):
        form.value(row, 1, number, COUNT, centred=True)
        form.label(row, 2, project["name"])
        form.label(row, 3, "一般公共预算", centred=True)
        form.value(row, 4, project["budget"])
        form.label(row, 5, "是" if number <= declared else "否", centred=True)
        row += 1
    form.label(row, 1, "合计", centred=True, columns=3)
    form.value(row, 4, case.wan("项目支出预算数"))
    form.label(row, 5, "")
    form.finish((4, 4), row_height=24)


def _matters(book: Workbook, case: Case) -> None:
    form = _open(book, case, "有关事项批复表", "部门预算批复表（三）有关事项", [52.0, 14.0, 18.0, 26.0])
    for column, text in enumerate(("事项", "计量单位", "批复数", "备注"), start=1):
        form.head(4, column, text)
    public = case.wan("三公经费预算数")
    rows: list[tuple[str, str, Value, str, str]] = [
        ("一、“三公”经费", "万元", public, AMOUNT, ""),
        ("　　1．因公出国（境）费", "万元", ZERO, AMOUNT, ""),
        ("　　2．公务用车购置及运行维护费", "万元", ZERO, AMOUNT, ""),
        ("　　3．公务接待费", "万元", public, AMOUNT, ""),
        ("二、日常公用经费", "万元", case.wan("日常公用经费预算数"), AMOUNT, ""),
        ("三、政府采购计划金额", "万元", case.wan("政府采购计划金额").quantize(ZERO), AMOUNT, ""),
        ("四、项目绩效目标", "", NOT_APPLICABLE, AMOUNT, ""),
        ("　　应申报绩效目标项目数", "个", int(case.wan("应申报绩效目标项目数")), COUNT, "招商引资经费"),
        ("　　已申报绩效目标项目数", "个", int(case.wan("已申报绩效目标项目数")), COUNT, "招商引资经费"),
    ]
    for row, (label, unit, figure, style, remark) in enumerate(rows, start=5):
        form.label(row, 1, label)
        form.label(row, 2, unit, centred=True)
        form.value(row, 3, figure, style)
        form.label(row, 4, remark, centred=True)
    form.finish((4, 4), row_height=24)
