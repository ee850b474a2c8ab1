"""图表: points won and lost by 一级指标 and by indicator, drawn from live cells."""

from __future__ import annotations

from typing import Any

from jixiao.master.plan import CHART_FIRST, CHARTS
from jixiao.master.sheets.pen import PROTECTION, Pen

WON, LOST = "#2F6DB5", "#E07B39"


def write(pen: Pen) -> None:
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
    rubric = pen.plan.system.rubric
    pen.text(CHARTS, CHART_FIRST - 2, 1, "按一级指标", "section")
    _head(pen, CHART_FIRST - 1, ("序号", "一级指标", "得分", "失分", "满分", "得分率"))
    for i, first in enumerate(rubric.firsts, 1):
        row = CHART_FIRST + i - 1
        pen.text(CHARTS, row, 1, str(i), "center")
        pen.text(CHARTS, row, 2, first.title, "text")
        for name in ("得分", "失分", "满分"):
            pen.item(f"一级[{i}].{name}", "points")
        pen.item(f"一级[{i}].得分率", "rate")
    last = CHART_FIRST + len(rubric.firsts) - 1
    chart = pen.book.add_chart({"type": "bar", "subtype": "stacked"})
    for column, title, colour in ((2, "得分", WON), (3, "失分", LOST)):
        chart.add_series(_series(title, CHART_FIRST, last, column, colour))
    _dress(chart, "一级指标得分与失分", {"width": 760, "height": 320})
    pen.sheet(CHARTS).insert_chart(CHART_FIRST - 2, 7, chart, {"description": "一级指标得分与失分条形图"})


def _seconds(pen: Pen) -> None:
    rubric = pen.plan.system.rubric
    top = CHART_FIRST + len(rubric.firsts) + 1
    _head(pen, top, ("序号", "二级指标", "得分", "失分", "满分"))
    row = top + 1
    for i, first in enumerate(rubric.firsts, 1):
        for j, second in enumerate(first.seconds, 1):
            pen.text(CHARTS, row, 1, f"{i}.{j}", "center")
            pen.text(CHARTS, row, 2, second.title, "text")
            for name in ("得分", "失分", "满分"):
                pen.item(f"二级[{i}.{j}].{name}", "points")
            row += 1


def _indicators(pen: Pen) -> None:
    rubric, top = pen.plan.system.rubric, pen.plan.indicator_chart
    pen.text(CHARTS, top - 1, 1, "按三级指标", "section")
    _head(pen, top, ("序号", "三级指标", "得分", "失分"))
    row = top + 1
    for number, indicator in enumerate(rubric.indicators(), 1):
        pen.text(CHARTS, row, 1, str(number), "center")
        pen.text(CHARTS, row, 2, indicator.key, "text")
        pen.item(f"图表得分.{indicator.key}", "points")
        pen.item(f"图表失分.{indicator.key}", "points")
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
