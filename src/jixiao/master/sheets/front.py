"""The sheets read first: cover, charts, and the texts that only a person can write."""

from __future__ import annotations

from typing import Any

from jixiao.master.changes import said_of_changes
from jixiao.master.look import row_height
from jixiao.master.plan import (
    CHART_COLUMNS,
    CHART_FIRST,
    CHARTS,
    COVER,
    COVER_CHANGES,
    COVER_ENTRIES,
    COVER_RESULTS,
    LIST_FIRST,
    LIST_HEAD,
    TEXT_TABLE,
    TEXTS,
    chart_groups,
)
from jixiao.master.sheets.pen import A4, PROTECTION, Pen, finish
from jixiao.scoring import Keys, keys

STEPS = (
    "1. 用“导入决算”（命令行 jixiao fill）带入部门决算、预算批复、资产报表等表格，核对“取数”表的数值和出处。",
    "2. 在“取数”表补齐未取得的数据，在“目标完成”表填写年度目标和项目。",
    "3. 在“要点核定”表逐项判定；需要另行核定分数的，在“评分表”右侧填写核定分和核定理由。",
    "4. 查看“勾稽”表，逐条处理不一致的数据。",
    "5. 用“评分”（jixiao score）更新得分和评分说明，再用“核验”（jixiao verify）确认无误后打印、报送。",
)

SIGNATURES = ("填报人（签字）：", "单位负责人（签字、盖章）：", "评价机构（盖章）：")
SIGNED = 21
"""The first row of 封面 that somebody signs in."""


def write_cover(pen: Pen) -> None:
    """The whole sheet."""
    sheet, rubric = pen.sheet(COVER), pen.plan.net.rubric
    for index, width in enumerate((6, 26, 62, 6, 3, 96)):
        sheet.set_column(index, index, width)
    pen.merge(COVER, (2, 1, 2, 4), "预算绩效评分簿", "cover_title")
    pen.sheet(COVER).merge_range(3, 0, 3, 3, "", pen.format("cover_sub"))
    pen.item(keys.TITLE, "cover_sub")
    pen.merge(COVER, (5, 1, 5, 4), rubric.name, "cover_sub")
    basis = f"依据：{rubric.reference.line()}"
    pen.merge(COVER, (6, 1, 6, 4), basis, "cover_sub")
    sheet.set_row(1, 60)
    for row in (3, 4):
        sheet.set_row(row, 26)
    sheet.set_row(5, row_height([(basis, 66.0)], line=20, least=26))
    for key, row, title in COVER_ENTRIES:
        pen.text(COVER, row, 2, title, "cover_label")
        pen.entry(key, "cover_value")
        sheet.set_row(row - 1, 26)
    pen.text(COVER, 13, 2, "评价结果", "section")
    for key, row, title in COVER_RESULTS:
        pen.text(COVER, row, 2, title, "cover_label")
        pen.item(key, "cover_big" if row < 16 else "cover_value")
        sheet.set_row(row - 1, 30 if row < 16 else 24)
    pen.text(COVER, COVER_CHANGES, 2, "手工改动的数：", "cover_label")
    pen.text(COVER, COVER_CHANGES, 3, said_of_changes(), "cover_told")
    sheet.set_row(COVER_CHANGES - 1, 24)
    pen.text(COVER, 20, 3, f"等级依据：{rubric.grade_reference.line()}", "note")
    sheet.set_row(19, 28)
    for row, title in enumerate(SIGNATURES, SIGNED):
        pen.text(COVER, row, 2, title, "cover_label")
        pen.text(COVER, row, 3, "", "cover_sign")
        sheet.set_row(row - 1, 40)
    pen.text(COVER, SIGNED + len(SIGNATURES), 3, "（签字、盖章）", "note")
    pen.text(COVER, 2, 6, "下一步", "section")  # beside the page: for the screen, not for paper
    for row, step in enumerate(STEPS, 3):
        pen.text(COVER, row, 6, step, "step")
    sheet.set_paper(9)
    sheet.set_portrait()
    sheet.fit_to_pages(1, 1)
    sheet.center_horizontally()
    sheet.print_area(0, 0, SIGNED + len(SIGNATURES) - 1, 3)
    sheet.hide_gridlines(2)
    sheet.set_footer("&C&A")
    sheet.protect("", PROTECTION)


TEXTS_HELP = (
    "撰写报告时用到、只能由人写的文字，填在浅黄色单元格；另起一段按 Alt+Enter。空白的（选填的除外），正式报告不能写出，草稿标出待填写。"
    "重新撰写报告时这里的文字不变。"
)
HEIGHT = 60


def write_texts(pen: Pen) -> None:
    """The whole sheet."""
    sheet = pen.opened(TEXTS, TEXT_TABLE, "报告文字", TEXTS_HELP)
    for row, need in enumerate(pen.plan.net.rubric.texts, LIST_FIRST):
        words = (str(row - LIST_FIRST + 1), need.title, "、".join(need.reports), need.guide)
        for column, text in enumerate(words, 1):
            pen.text(TEXTS, row, column, text, TEXT_TABLE[column - 1].style)
        pen.entry(need.entry, TEXT_TABLE[-1].style)
        sheet.set_row(row - 1, row_height([(need.guide, TEXT_TABLE[3].width)], least=HEIGHT))
    last = LIST_FIRST + max(len(pen.plan.net.rubric.texts), 1) - 1
    sheet.print_area(0, 0, last - 1, len(TEXT_TABLE) - 1)
    finish(sheet, paper=A4, head=(LIST_HEAD, LIST_HEAD), columns=2)


WON, LOST, OPEN = "#2F6DB5", "#E07B39", "#B8BEC8"


def write_charts(pen: Pen) -> None:
    """The tables of figures and the two charts beside them."""
    sheet = pen.sheet(CHARTS)
    for index, width in enumerate((6, 36, 12, 12, 12, 12, 12, 3)):
        sheet.set_column(index, index, width)
    sheet.set_column(8, 21, 9)
    pen.merge(CHARTS, (1, 1, 1, 21), "得分、失分与待核定", "title")
    sheet.set_row(0, 30)
    rubric, top = pen.plan.net.rubric, CHART_FIRST
    firsts, seconds = chart_groups(rubric)
    pen.text(CHARTS, top - 2, 1, "按一级指标", "section")
    _figures(pen, top - 1, "一级指标", [(n, title, _keys(own)) for n, title, own in firsts])
    won = pen.book.add_chart({"type": "bar", "subtype": "stacked"})
    for name, colour in (("得分", WON), ("失分", LOST), ("待核定", OPEN)):
        won.add_series(_series(name, top, len(firsts), colour, CHART_COLUMNS[name]))
    _dress(won, "一级指标得分、失分与待核定", {"width": 760, "height": 320})
    sheet.insert_chart(top - 2, 8, won, {"description": "一级指标得分、失分与待核定条形图"})
    _figures(pen, top + len(firsts) + 1, "二级指标", [(n, title, _keys(own)) for n, title, own in seconds])
    _indicators(pen)
    sheet.set_paper(8)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 1)
    sheet.set_footer("&C第 &P 页，共 &N 页&R&A")
    sheet.protect("", PROTECTION)


def _keys(own: Keys) -> dict[str, str]:
    return {name: own.cell(name) for name in CHART_COLUMNS}


def _figures(pen: Pen, top: int, title: str, rows: list[tuple[str, str, dict[str, str]]]) -> None:
    """A table of figures with its head in row ``top``; a row is its number, its title, and keys by column."""
    pen.head(CHARTS, top, ("序号", title, *rows[0][2]))
    for row, (number, name, shown) in enumerate(rows, top + 1):
        pen.text(CHARTS, row, 1, number, "center")
        pen.text(CHARTS, row, 2, name, "text")
        for column, key in shown.items():
            pen.item(key, "rate" if column == "得分率" else "points")


def _indicators(pen: Pen) -> None:
    top = pen.plan.indicator_chart
    pen.text(CHARTS, top - 1, 1, "按三级指标", "section")
    rows = [
        (str(number), one.key, keys.charted(one.key))
        for number, one in enumerate(pen.plan.net.rubric.indicators(), 1)
    ]
    _figures(pen, top, "三级指标", rows)
    chart = pen.book.add_chart({"type": "bar", "subtype": "stacked"})
    shown = list(keys.charted(""))
    for name, colour in (("失分", LOST), ("待核定", OPEN)):
        column = CHART_COLUMNS["得分"] + shown.index(name)
        chart.add_series(_series(name, top + 1, len(rows), colour, column))
    _dress(chart, "三级指标失分与待核定", {"width": 760, "height": min(860, 200 + 26 * len(rows))})
    description = {"description": "三级指标失分与待核定条形图"}
    pen.sheet(CHARTS).insert_chart(CHART_FIRST + 16, 8, chart, description)


def _series(title: str, first: int, count: int, colour: str, column: int) -> dict[str, Any]:
    last = first + count - 2
    return {
        "name": title,
        "categories": [CHARTS, first - 1, 1, last, 1],
        "values": [CHARTS, first - 1, column - 1, last, column - 1],
        "fill": {"color": colour},
        "data_labels": {"value": True, "num_format": "General;;", "font": {"size": 9}},
        "gap": 60,
    }


def _dress(chart: Any, title: str, size: dict[str, int]) -> None:
    chart.set_title(
        {"name": title, "name_font": {"size": 13, "name": "黑体", "bold": False}, "overlay": False}
    )
    chart.set_y_axis({"reverse": True, "num_font": {"size": 9}})
    chart.set_x_axis(
        {"major_gridlines": {"visible": True, "line": {"color": "#D9DEE5"}}, "num_font": {"size": 9}}
    )
    chart.set_legend({"position": "bottom"})
    chart.set_size(size)
