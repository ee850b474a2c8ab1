"""The score sheet in the official layout, and the scoring points that a person decides."""

from __future__ import annotations

from jixiao.master.look import LOST_INK, PENDING_FILL, WRONG_FILL, row_height
from jixiao.master.plan import (
    POINT_COLUMNS,
    POINT_FIRST,
    POINT_HEAD,
    POINTS,
    SCORE_COLUMNS,
    SCORE_FIRST,
    SCORE_HEAD,
    SCORE_TOTAL,
    SCORES,
)
from jixiao.master.sheets.pen import A3, A4, Pen, finish
from jixiao.model import NOT_APPLICABLE, PENDING, plain
from jixiao.office import column_letter
from jixiao.rubric import Indicator, Part
from jixiao.scoring import NO_REASON, Keys, keys

POINTS_WIDTHS = (6, 18, 46, 7, 10, 9, 8, 24, 8, 9, 34, 26)
POINTS_TITLES = (
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


def write_points(pen: Pen) -> None:
    """The whole sheet."""
    sheet = pen.sheet(POINTS)
    for index, width in enumerate(POINTS_WIDTHS):
        sheet.set_column(index, index, width)
    pen.merge(POINTS, (1, 1, 1, 12), "评分要点核定表", "title")
    sheet.set_row(0, 30)
    pen.merge(POINTS, (2, 1, 2, 12), POINTS_HELP, "note")
    sheet.set_row(1, 30)
    for index, title in enumerate(POINTS_TITLES, 1):
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


POINTS_HELP = (
    "填写浅黄色单元格：在“判定”列从下拉列表选择；判为“部分符合”的，在“部分给分”列填写分数；"
    "不适用的，在“是否适用”列选择“不适用”并写明理由。“自动”的要点由取数表的数据计算，无需填写。"
)


def _rows(pen: Pen) -> None:
    groups: dict[str, list[int]] = {}
    for number, (row, indicator, part) in enumerate(pen.plan.part_rows, 1):
        groups.setdefault(indicator.key, []).append(row)
        pen.text(POINTS, row, 1, str(number), "center")
        pen.text(POINTS, row, 3, title_of(indicator, part), "small")
        pen.item(Keys(part.key).full, "points")
        pen.text(POINTS, row, 5, "人工" if part.judged else "自动", "center")
        _entries(pen, row, part)
        pen.item(Keys(part.key).points, "points")
        pen.sheet(POINTS).set_row(
            row - 1, row_height([(title_of(indicator, part), 46.0), (indicator.key, 18.0)], least=32)
        )
    for key, rows in groups.items():
        pen.merge(POINTS, (rows[0], 2, rows[-1], 2), key, "center")


def _entries(pen: Pen, row: int, part: Part) -> None:
    for name in ("适用", "前提", "判定", "给分", "理由", "佐证"):
        key = Keys(part.key).cell(name)
        style = "small" if name in ("理由", "佐证", "判定") else "center"
        if key in pen.plan.net.entries:
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


SCORES_WIDTHS = (9, 6, 9, 6, 14, 6, 30, 62, 42, 8, 2, 9, 9, 9, 30, 11, 22, 9, 8)
# an A3 landscape page in points at full size, less some for other fonts; fitting the width only makes more room
PAGE_HEIGHT = (11.69 - 1.2) * 72 - 30
HEAD_HEIGHT, FIRST_PAGE_TAKEN = 62.0, 150.0
RIGHT = {
    "自评分": "自评分",
    "规则分": "规则分",
    "核定分": "核定分",
    "核定理由": "核定理由",
    "状态": "状态",
    "佐证材料": "佐证材料",
    "满分": "实际满分",
    "失分": "失分",
}


def write_scores(pen: Pen) -> None:
    """The whole sheet."""
    sheet, rubric = pen.sheet(SCORES), pen.plan.net.rubric
    for index, width in enumerate(SCORES_WIDTHS):
        sheet.set_column(index, index, width)
    last = SCORE_FIRST + len(pen.plan.score_rows) - 1
    _head(pen)
    _total(pen)
    row = SCORE_FIRST
    for first in rubric.firsts:
        top = row
        for second in first.seconds:
            start = row
            for indicator in second.indicators:
                _row(pen, indicator, row)
                row += 1
            pen.merge(SCORES, (start, 3, row - 1, 3), second.title, "center")
            pen.merge(SCORES, (start, 4, row - 1, 4), plain(second.weight), "center")
        pen.merge(SCORES, (top, 1, row - 1, 1), first.title, "center")
        pen.merge(SCORES, (top, 2, row - 1, 2), plain(first.weight), "center")
    for indicator in rubric.extras:
        pen.merge(SCORES, (row, 1, row, 2), "", "center")
        pen.merge(SCORES, (row, 3, row, 4), rubric.extra_title, "center")
        _row(pen, indicator, row)
        row += 1
    sheet.merge_range(last, 0, last, 9, "", pen.format("note"))
    pen.text(SCORES, last + 1, 1, f"注：{rubric.footnote}" if rubric.footnote else "", "note")
    _print_setup(pen, last)
    _marks(pen, last)


def _head(pen: Pen) -> None:
    sheet, rubric = pen.sheet(SCORES), pen.plan.net.rubric
    pen.text(SCORES, 1, 1, rubric.annex, "subtitle")
    pen.merge(SCORES, (2, 1, 2, 10), rubric.title, "title")
    sheet.set_row(1, 30)
    sheet.merge_range(2, 0, 2, 9, "", pen.format("subtitle"))
    pen.item(keys.SHEET_UNIT, "subtitle")
    top = SCORE_HEAD
    pen.merge(SCORES, (top, 1, top, 6), "评价指标", "head")
    for column, title in ((1, "一级指标"), (3, "二级指标"), (5, "三级指标")):
        pen.merge(SCORES, (top + 1, column, top + 1, column + 1), title, "head")
        pen.text(SCORES, top + 2, column, "名称", "head")
        pen.text(SCORES, top + 2, column + 1, "权重(%)", "head")
    for column, title in ((7, "指标说明"), (8, "评分标准"), (9, "评分说明"), (10, "得分")):
        pen.merge(SCORES, (top, column, top + 2, column), title, "head")
    sheet.merge_range(2, 11, 2, 18, "", pen.format("note"))
    pen.text(
        SCORES, 3, 12, "以下各栏供核定使用，不打印；浅黄色单元格可以填写。填了核定分必须写核定理由。", "note"
    )
    for name, title in RIGHT.items():
        pen.merge(SCORES, (top, SCORE_COLUMNS[name], top + 2, SCORE_COLUMNS[name]), title, "head")
    sheet.set_row(top + 1, 30)


def _total(pen: Pen) -> None:
    row = SCORE_TOTAL
    pen.text(SCORES, row, 1, "合计", "total_text")
    for column in (2, 4, 6):
        pen.number(SCORES, row, column, 100, "total")
    for column in (3, 5, 7, 8, 9):
        pen.text(SCORES, row, column, "", "total_text")
    for name in RIGHT:
        pen.text(SCORES, row, SCORE_COLUMNS[name], "", "total_text")
    pen.item(keys.SHEET_TOTAL, "total")
    pen.item(keys.SHEET_RULE_TOTAL, "total")
    pen.sheet(SCORES).set_row(row - 1, 24)


def _row(pen: Pen, indicator: Indicator, row: int) -> None:
    key = indicator.key
    bonus = indicator.number.startswith("+")
    pen.text(SCORES, row, 5, key, "center")
    pen.text(SCORES, row, 6, "" if bonus else plain(indicator.weight), "center")
    pen.text(SCORES, row, 7, indicator.description, "small")
    pen.text(SCORES, row, 8, listed(indicator.criteria), "small")
    own = Keys(key)
    pen.item(own.explanation, "small")
    for computed in (own.points, own.rule_points, own.full, own.lost):
        pen.item(computed, "points")
    pen.item(own.status, "center")
    for entry, style in (
        (own.own_points, "points"),
        (own.awarded, "points"),
        (own.reason, "small"),
        (own.evidence, "small"),
    ):
        pen.entry(entry, style)
    pen.sheet(SCORES).set_row(row - 1, _height(pen, indicator))


def _height(pen: Pen, indicator: Indicator) -> float:
    """Room for the longest text of a row; the explanation is live, so some more than what it says now."""
    said = [(indicator.description, 30.0), (listed(indicator.criteria), 62.0), (indicator.key, 14.0)]
    said.append((str(pen.values[Keys(indicator.key).explanation]) + "　" * 12, 42.0))
    return row_height(said, line=13, least=30)


def _breaks(pen: Pen) -> list[int]:
    """Rows after which a page ends: always between two 二级指标, so that no merged label is cut."""
    breaks: list[int] = []
    row, used = SCORE_FIRST, FIRST_PAGE_TAKEN
    for first in pen.plan.net.rubric.firsts:
        for second in first.seconds:
            height = sum(_height(pen, indicator) for indicator in second.indicators)
            if used + height > PAGE_HEIGHT and row > SCORE_FIRST:
                breaks.append(row - 1)
                used = HEAD_HEIGHT
            used += height
            row += len(second.indicators)
    return breaks


def listed(criteria: str) -> str:
    """Numbered points, each on a line of its own."""
    text = criteria
    for number in range(2, 12):
        text = text.replace(f"；{number}.", f"；\n{number}.")
    return text


def _print_setup(pen: Pen, last: int) -> None:
    sheet = pen.sheet(SCORES)
    finish(sheet, paper=A3, head=(SCORE_HEAD, SCORE_HEAD + 2), columns=6)
    sheet.set_h_pagebreaks(_breaks(pen))
    sheet.print_area(0, 0, last, 9)
    sheet.center_horizontally()
    sheet.freeze_panes(SCORE_TOTAL, 6)  # the total stays in view as well
    sheet.set_zoom(90)


def _marks(pen: Pen, last: int) -> None:
    sheet, book = pen.sheet(SCORES), pen.book
    got, state = column_letter(SCORE_COLUMNS["得分"]), column_letter(SCORE_COLUMNS["状态"])
    lost, first = column_letter(SCORE_COLUMNS["失分"]), SCORE_FIRST
    area = (first - 1, 8, last - 1, 9)
    rules = (
        (f'=${state}{first}="{NO_REASON}"', {"bg_color": WRONG_FILL}),
        (f'=${state}{first}="{PENDING}"', {"bg_color": PENDING_FILL}),
        (f'=${state}{first}="{NOT_APPLICABLE}"', {"font_color": "#7B8794"}),
        (f"=AND(ISNUMBER(${got}{first}),${lost}{first}>0)", {"font_color": LOST_INK}),
    )
    for test, look in rules:
        spec = {"type": "formula", "criteria": test, "format": book.add_format(look)}
        sheet.conditional_format(*area, spec)
    right = (first - 1, SCORE_COLUMNS["核定分"] - 1, last - 1, SCORE_COLUMNS["状态"] - 1)
    for test, look in rules[:2]:
        spec = {"type": "formula", "criteria": test, "format": book.add_format(look)}
        sheet.conditional_format(*right, spec)
