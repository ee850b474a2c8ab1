"""财决附02 基本数字表: posts and people."""

from __future__ import annotations

from openpyxl import Workbook

from tables.case import Case
from tables.layout import COUNT, Form

SHEET = "F02 基本数字表(财决附02表)"
POSTS = ("小计", "行政编制", "参照公务员法管理事业编制", "其他事业编制")
PEOPLE = ("小计", "行政人员", "参照公务员法管理事业人员", "非参公事业人员")


def add(book: Workbook, case: Case) -> None:
    """Add the sheet; every post and person of the unit is an ordinary 事业 one."""
    form = Form(book, SHEET, [14.0, 24.0, 10.0, 10.0, *[11.0] * 8, 9.0, 9.0])
    form.title(1, "基本数字表")
    form.caption(2, "", "", "财决附02表", (3, 3))
    form.caption(3, f"编制单位：{case.unit}", f"{case.year}年度", "单位：个、人", (3, 3))
    form.head(4, 1, "项　　目", columns=2)
    form.head(5, 1, "支出功能分类\n科目编码", rows=2)
    form.head(5, 2, "科目名称", rows=2)
    form.head(4, 3, "独立编制机构数", rows=3)
    form.head(4, 4, "独立核算机构数", rows=3)
    form.head(4, 5, "编制人数", columns=4)
    form.head(4, 9, "年末实有人数", columns=6)
    for offset, name in enumerate(POSTS):
        form.head(5, 5 + offset, name, rows=2)
    form.head(5, 9, "在职人员", columns=4)
    for offset, name in enumerate(PEOPLE):
        form.head(6, 9 + offset, name)
    form.head(5, 13, "离休人员", rows=2)
    form.head(5, 14, "退休人员", rows=2)
    form.sheet.row_dimensions[6].height = 44
    form.head(7, 1, "栏　　次", columns=2)
    for number in range(1, 13):
        form.head(7, 2 + number, str(number))
    posts, people = int(case.wan("编制人数")), int(case.wan("在职人数"))
    figures = (1, 1, posts, None, None, posts, people, None, None, people, None, None)
    for row, code, name in ((8, "", "合计"), (9, "2011308", "招商引资")):
        form.label(row, 1, code, centred=True)
        form.label(row, 2, name, centred=not code)
        for offset, figure in enumerate(figures):
            form.value(row, 3 + offset, figure, COUNT)
    form.finish((4, 7), row_height=22)
