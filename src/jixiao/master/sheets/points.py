"""要点核定: every scoring point, decided by a person (drop-down, reason, evidence) or by the figures."""

from __future__ import annotations

from jixiao.master.look import PENDING_FILL, row_height
from jixiao.master.plan import POINT_COLUMNS, POINT_FIRST, POINT_HEAD, POINTS
from jixiao.master.sheets.pen import A4, Pen, finish
from jixiao.model import PENDING, plain
from jixiao.office.ooxml.refs import column_letter
from jixiao.rubric import Indicator, Part

WIDTHS = (6, 18, 46, 7, 10, 9, 8, 24, 8, 9, 34, 26)
TITLES = (
    "序号",
    "三级指标",
    "评分要点",
    "满分",
    "核定方式",
    "是否适用",
    "前提材料",
    "判定",
    "部分给分",
    "得分",
    "理由",
    "佐证材料",
)


def write(pen: Pen) -> None:
    """The whole sheet."""
    sheet = pen.sheet(POINTS)
    for index, width in enumerate(WIDTHS):
        sheet.set_column(index, index, width)
    pen.merge(POINTS, (1, 1, 1, 12), "评分要点核定表", "title")
    sheet.set_row(0, 30)
    pen.merge(POINTS, (2, 1, 2, 12), HELP, "note")
    sheet.set_row(1, 30)
    for index, title in enumerate(TITLES, 1):
        pen.text(POINTS, POINT_HEAD, index, title, "head")
    sheet.set_row(POINT_HEAD - 1, 32)
    _rows(pen)
    last = POINT_FIRST + len(pen.plan.part_rows) - 1
    column = column_letter(POINT_COLUMNS["得分"])
    tint = pen.book.add_format({"bg_color": PENDING_FILL})
    waits = {"type": "formula", "criteria": f'=${column}{POINT_FIRST}="{PENDING}"', "format": tint}
    sheet.conditional_format(POINT_FIRST - 1, 7, last - 1, 9, waits)
    sheet.print_area(0, 0, last - 1, 11)
    finish(sheet, paper=A4, head=(POINT_HEAD, POINT_HEAD), columns=3)


HELP = (
    "填写浅黄色单元格：在“判定”列从下拉列表选择；判为“部分符合”的，在“部分给分”列填写分数；"
    "不适用的，在“是否适用”列选择“不适用”并写明理由。“自动”的要点由取数表的数据计算，无需填写。"
)


def _rows(pen: Pen) -> None:
    groups: dict[str, list[int]] = {}
    for number, (row, indicator, part) in enumerate(pen.plan.part_rows, 1):
        groups.setdefault(indicator.key, []).append(row)
        pen.text(POINTS, row, 1, str(number), "center")
        pen.text(POINTS, row, 3, title_of(indicator, part), "small")
        pen.item(f"{part.key}.满分", "points")
        pen.text(POINTS, row, 5, "人工" if part.judged else "自动", "center")
        _entries(pen, row, part)
        pen.item(f"{part.key}.得分", "points")
        pen.sheet(POINTS).set_row(
            row - 1, row_height([(title_of(indicator, part), 46.0), (indicator.key, 18.0)], least=32)
        )
    for key, rows in groups.items():
        pen.merge(POINTS, (rows[0], 2, rows[-1], 2), key, "center")


def _entries(pen: Pen, row: int, part: Part) -> None:
    for name in ("适用", "前提", "判定", "给分", "理由", "佐证"):
        key = f"{part.key}.{name}"
        style = "small" if name in ("理由", "佐证", "判定") else "center"
        if key in pen.plan.system.entries:
            pen.entry(key, style)
        else:
            pen.text(POINTS, row, POINT_COLUMNS[name], "", "center")


def title_of(indicator: Indicator, part: Part) -> str:
    """What the point says; a computed one states its rule."""
    if part.judged:
        return f"{part.title}（前提：{part.requires}）" if part.requires else part.title
    return (
        f"{part.title}：{part.criteria}"
        if part.title
        else f"{indicator.key}（{plain(part.full)}分）：{part.criteria}"
    )
