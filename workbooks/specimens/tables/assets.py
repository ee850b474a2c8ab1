"""资产报表.xls: 固定资产和无形资产存量情况表 of the yearly 国有资产报表, a real BIFF8 file, amounts in 元."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import xlwt

from tables.case import Case

FILE = "资产报表.xls"
SHEET = "固定资产和无形资产存量情况表"
CLASSES = (
    "土地、房屋及构筑物", "通用设备", "专用设备", "文物和陈列品", "图书、档案", "家具、用具、装具及动植物",
)  # fmt: skip
STATES = ("在用", "出租出借", "闲置", "待处置（待报废、毁损等）")
WIDTHS = (34, 6, 9, 16, 16, 16, 9, 16, 9, 14, 9, 14, 9, 14)
ZERO = Decimal(0)
Figures = tuple[Decimal, Decimal, Decimal]  # 数量, 原值, 累计折旧（摊销）

_FONT = "font: name 宋体, height {size}{bold}; align: vert centre, horiz {side}, wrap {wrap}"
_BOX = "; borders: left thin, right thin, top thin, bottom thin"


def _style(side: str, size: int = 200, bold: bool = False, box: bool = True, form: str = "") -> xlwt.XFStyle:
    text = _FONT.format(size=size, bold=", bold on" if bold else "", side=side, wrap="on" if box else "off")
    return xlwt.easyxf(text + (_BOX if box else ""), num_format_str=form or "General")


def build(case: Case, folder: Path) -> None:
    """Write the file into ``folder``; ValueError when the classes do not add up to the published total."""
    rows = lines(case)
    if rows[1][1][1] != case.yuan("固定资产原值") or case.wan("固定资产原值") != case.wan("在用固定资产原值"):
        raise ValueError("the classes do not add up to the published 固定资产原值, all of it in use")
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet(SHEET)
    last = len(WIDTHS) - 1
    for column, width in enumerate(WIDTHS):
        sheet.col(column).width = width * 256
    sheet.write_merge(0, 0, 0, last, SHEET, _style("centre", 360, bold=True, box=False))
    year = f"《{case.year}年度行政事业性国有资产报表》"
    sheet.write_merge(1, 1, 0, last, year, _style("centre", box=False))
    sheet.write_merge(2, 2, 0, 2, f"编制单位：{case.unit}", _style("left", box=False))
    sheet.write_merge(2, 2, 3, 9, f"{case.year}年12月31日", _style("centre", box=False))
    sheet.write_merge(2, 2, 10, last, "金额单位：元", _style("right", box=False))
    _heads(sheet)
    amount, count = _style("right", form="#,##0.00"), _style("right", form="0")
    label, middle = _style("left"), _style("centre")
    for index, (name, figures) in enumerate(rows):
        row = 7 + index
        sheet.write(row, 0, name, label)
        sheet.write(row, 1, index + 1, middle)
        for column, figure in enumerate(_cells(figures), start=2):
            counted = column == 2 or (column >= 6 and column % 2 == 0)
            sheet.write(row, column, float(figure) if figure else "", count if counted else amount)
    _finish(sheet, 7 + len(rows))
    book.save(str(folder / FILE))


def lines(case: Case) -> list[tuple[str, Figures]]:
    """Row labels and figures in the order of the form; the split over classes is our own filling-in."""
    classes: list[tuple[str, Figures]] = []
    for number, name in enumerate(CLASSES):
        part = case.extra["assets"].get(name, {})
        figures = tuple(Decimal(part.get(key, ZERO)) for key in ("count", "original", "depreciation"))
        classes.append((f"　（{'一二三四五六'[number]}）{name}", (figures[0], figures[1], figures[2])))
    columns = list(zip(*(figures for _, figures in classes), strict=True))
    fixed = (sum(columns[0], ZERO), sum(columns[1], ZERO), sum(columns[2], ZERO))
    nothing = (ZERO, ZERO, ZERO)
    return [
        ("合　　计", fixed),
        ("一、固定资产", fixed),
        *classes,
        ("二、无形资产", nothing),
        ("　　其中：土地使用权", nothing),
        ("　　　　　计算机软件", nothing),
    ]


def _cells(figures: Figures) -> list[Decimal]:
    count, original, written_off = figures
    in_use = [count, original]
    return [count, original, written_off, original - written_off, *in_use, *[ZERO] * 6]


def _heads(sheet: xlwt.Worksheet) -> None:
    head = _style("centre", bold=True)
    sheet.write_merge(3, 5, 0, 0, "项　　目", head)
    sheet.write_merge(3, 5, 1, 1, "行次", head)
    sheet.write_merge(3, 5, 2, 2, "数量", head)
    sheet.write_merge(3, 3, 3, 5, "账面价值", head)
    for column, text in ((3, "原值"), (4, "累计折旧（摊销）"), (5, "净值")):
        sheet.write_merge(4, 5, column, column, text, head)
    sheet.write_merge(3, 3, 6, 13, "使用状况", head)
    for index, state in enumerate(STATES):
        column = 6 + 2 * index
        sheet.write_merge(4, 4, column, column + 1, state, head)
        sheet.write(5, column, "数量", head)
        sheet.write(5, column + 1, "原值", head)
    sheet.write(6, 0, "栏　　次", head)
    sheet.write(6, 1, "", head)
    for column in range(2, 14):
        sheet.write(6, column, str(column - 1), head)


def _finish(sheet: xlwt.Worksheet, end: int) -> None:
    for row in range(end):
        sheet.row(row).height_mismatch = True
        sheet.row(row).height = 640 if row == 0 else 420
    sheet.portrait = False
    sheet.paper_size_code = 9
    sheet.fit_num_pages = 1
    sheet.fit_width_to_pages, sheet.fit_height_to_pages = 1, 0
    sheet.header_str, sheet.footer_str = b"", b"&P / &N"  # the library takes only ASCII here
    sheet.print_centered_horz = True
    sheet.show_grid = False
