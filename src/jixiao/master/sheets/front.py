"""The sheets read first: cover, charts, and the texts that only a person can write."""

from __future__ import annotations

from typing import Any

from jixiao.master.look import row_height
from jixiao.master.plan import CHART_FIRST, CHARTS, COVER, TEXT_FIRST, TEXT_HEAD, TEXTS
from jixiao.master.sheets.pen import A4, PROTECTION, Pen, finish
from jixiao.scoring import REVIEWED_ON, REVIEWER, UNIT, YEAR, keys

STEPS = (
    "1. 用“导入决算”（命令行 jixiao fill）带入部门决算、预算批复、资产报表等表格，核对“取数”表的数值和出处。",
    "2. 在“取数”表补齐未取得的数据，在“目标完成”表填写年度目标和项目。",
    "3. 在“要点核定”表逐项判定；需要另行核定分数的，在“评分表”右侧填写核定分和核定理由。",
    "4. 查看“勾稽”表，逐条处理不一致的数据。",
    "5. 用“评分”（jixiao score）更新得分和评分说明，再用“核验”（jixiao verify）确认无误后打印、报送。",
)


def write_cover(pen: Pen) -> None:
    """The whole sheet."""
    sheet, rubric = pen.sheet(COVER), pen.plan.net.rubric
    for index, width in enumerate((6, 24, 64, 6)):
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
    for key, row, title in (
        (UNIT, 8, "单位名称："),
        (YEAR, 9, "评价年度："),
        (REVIEWER, 10, "评价人："),
        (REVIEWED_ON, 11, "评价日期："),
    ):
        pen.text(COVER, row, 2, title, "cover_label")
        pen.entry(key, "cover_value")
        sheet.set_row(row - 1, 26)
    pen.text(COVER, 13, 2, "评价结果", "section")
    titles = ("总分：", "等级：", "按规则应得总分：", "待核定指标：", "缺核定理由的指标：")
    shown = (keys.ALL.points, keys.ALL.grade, keys.ALL.rule_points, keys.ALL.waiting, keys.ALL.unreasoned)
    for row, (title, key) in enumerate(zip(titles, shown, strict=True), 14):
        pen.text(COVER, row, 2, title, "cover_label")
        pen.item(key, "cover_big" if row < 16 else "cover_value")
        sheet.set_row(row - 1, 30 if row < 16 else 24)
    pen.text(COVER, 19, 2, "", "note")
    pen.text(COVER, 20, 3, f"等级依据：{rubric.grade_reference.line()}", "note")
    sheet.set_row(19, 28)
    pen.text(COVER, 22, 2, "下一步", "section")
    for row, step in enumerate(STEPS, 23):
        pen.merge(COVER, (row, 2, row, 3), step, "step")
        sheet.set_row(row - 1, 34)
    sheet.set_paper(9)
    sheet.set_portrait()
    sheet.fit_to_pages(1, 1)
    sheet.center_horizontally()
    sheet.print_area(0, 0, 22 + len(STEPS), 3)
    sheet.hide_gridlines(2)
    sheet.set_footer("&C&A")
    sheet.protect("", PROTECTION)


TEXTS_WIDTHS = (6, 22, 12, 34, 78)
TEXTS_TITLES = ("序号", "名称", "用于报告", "填写要求", "内容")
TEXTS_HELP = (
    "撰写报告时用到、只能由人写的文字，填在浅黄色单元格；另起一段按 Alt+Enter。空白的，正式报告略去该部分，草稿标出待填写。"
    "重新撰写报告时这里的文字不变。"
)
HEIGHT, SHORT = 92, 30


def write_texts(pen: Pen) -> None:
    """The whole sheet."""
    sheet = pen.sheet(TEXTS)
    for index, width in enumerate(TEXTS_WIDTHS):
        sheet.set_column(index, index, width)
    pen.merge(TEXTS, (1, 1, 1, len(TEXTS_WIDTHS)), "报告文字", "title")
    sheet.set_row(0, 30)
    pen.merge(TEXTS, (2, 1, 2, len(TEXTS_WIDTHS)), TEXTS_HELP, "note")
    sheet.set_row(1, 30)
    for column, title in enumerate(TEXTS_TITLES, 1):
        pen.text(TEXTS, TEXT_HEAD, column, title, "head")
    sheet.set_row(TEXT_HEAD - 1, 22)
    for row, need in enumerate(pen.plan.net.rubric.texts, TEXT_FIRST):
        pen.text(TEXTS, row, 1, str(row - TEXT_FIRST + 1), "center")
        pen.text(TEXTS, row, 2, need.title, "text")
        pen.text(TEXTS, row, 3, "、".join(need.reports), "center")
        pen.text(TEXTS, row, 4, need.hint, "small")
        pen.entry(need.entry, "text")
        sheet.set_row(row - 1, SHORT if "印在封面" in need.hint or "日期" in need.title else HEIGHT)
    last = TEXT_FIRST + max(len(pen.plan.net.rubric.texts), 1) - 1
    sheet.print_area(0, 0, last - 1, len(TEXTS_WIDTHS) - 1)
    finish(sheet, paper=A4, head=(TEXT_HEAD, TEXT_HEAD), columns=2)


WON, LOST = "#2F6DB5", "#E07B39"


def write_charts(pen: Pen) -> None:
    """The tables of figures and the two charts beside them."""
    sheet = pen.sheet(CHARTS)
    for index, width in enumerate((6, 36, 12, 12, 12, 12, 3)):
        sheet.set_column(index, index, width)
    sheet.set_column(7, 20, 9)
    pen.merge(CHARTS, (1, 1, 1, 20), "得分与失分", "title")
    sheet.set_row(0, 30)
    _firsts(pen)
    _seconds(pen)
    _indicators(pen)
    sheet.set_paper(8)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 1)
    sheet.set_footer("&C第 &P 页，共 &N 页&R&A")
    sheet.protect("", PROTECTION)


def _head(pen: Pen, row: int, titles: tuple[str, ...]) -> None:
    for column, title in enumerate(titles, 1):
        pen.text(CHARTS, row, column, title, "head")


def _firsts(pen: Pen) -> None:
    rubric = pen.plan.net.rubric
    pen.text(CHARTS, CHART_FIRST - 2, 1, "按一级指标", "section")
    _head(pen, CHART_FIRST - 1, ("序号", "一级指标", "得分", "失分", "满分", "得分率"))
    for i, first in enumerate(rubric.firsts, 1):
        row = CHART_FIRST + i - 1
        pen.text(CHARTS, row, 1, str(i), "center")
        pen.text(CHARTS, row, 2, first.title, "text")
        own = keys.first(i)
        for key in (own.points, own.lost, own.full):
            pen.item(key, "points")
        pen.item(own.rate, "rate")
    last = CHART_FIRST + len(rubric.firsts) - 1
    chart = pen.book.add_chart({"type": "bar", "subtype": "stacked"})
    for column, title, colour in ((2, "得分", WON), (3, "失分", LOST)):
        chart.add_series(_series(title, CHART_FIRST, last, column, colour))
    _dress(chart, "一级指标得分与失分", {"width": 760, "height": 320})
    pen.sheet(CHARTS).insert_chart(CHART_FIRST - 2, 7, chart, {"description": "一级指标得分与失分条形图"})


def _seconds(pen: Pen) -> None:
    rubric = pen.plan.net.rubric
    top = CHART_FIRST + len(rubric.firsts) + 1
    _head(pen, top, ("序号", "二级指标", "得分", "失分", "满分"))
    row = top + 1
    for i, first in enumerate(rubric.firsts, 1):
        for j, second in enumerate(first.seconds, 1):
            pen.text(CHARTS, row, 1, f"{i}.{j}", "center")
            pen.text(CHARTS, row, 2, second.title, "text")
            own = keys.second(i, j)
            for key in (own.points, own.lost, own.full):
                pen.item(key, "points")
            row += 1


def _indicators(pen: Pen) -> None:
    rubric, top = pen.plan.net.rubric, pen.plan.indicator_chart
    pen.text(CHARTS, top - 1, 1, "按三级指标", "section")
    _head(pen, top, ("序号", "三级指标", "得分", "失分"))
    row = top + 1
    for number, indicator in enumerate(rubric.indicators(), 1):
        pen.text(CHARTS, row, 1, str(number), "center")
        pen.text(CHARTS, row, 2, indicator.key, "text")
        pen.item(keys.chart_points(indicator.key), "points")
        pen.item(keys.chart_lost(indicator.key), "points")
        row += 1
    chart = pen.book.add_chart({"type": "bar"})
    chart.add_series(_series("失分", top + 1, row - 1, 3, LOST))
    _dress(chart, "三级指标失分", {"width": 760, "height": 860})
    pen.sheet(CHARTS).insert_chart(CHART_FIRST + 16, 7, chart, {"description": "三级指标失分条形图"})


def _series(title: str, first: int, last: int, column: int, colour: str) -> dict[str, Any]:
    return {
        "name": title,
        "categories": [CHARTS, first - 1, 1, last - 1, 1],
        "values": [CHARTS, first - 1, column, last - 1, column],
        "fill": {"color": colour},
        "data_labels": {"value": True, "num_format": "0.##;;", "font": {"size": 9}},
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
