"""The score sheet in the official layout, and the scoring points that a person decides."""

from __future__ import annotations

from collections.abc import Sequence

from jixiao.master.look import LOST_INK, PENDING_FILL, SMALL, WRONG_FILL, row_height
from jixiao.master.plan import (
    LIST_FIRST,
    LIST_HEAD,
    POINT_COLUMNS,
    POINT_TABLE,
    POINTS,
    SCORE_COLUMNS,
    SCORE_FIRST,
    SCORE_HEAD,
    SCORE_TABLE,
    SCORE_TOTAL,
    SCORES,
    WEIGHT_COLUMN,
)
from jixiao.master.sheets.pen import A3, A4, Pen, finish
from jixiao.model import NOT_APPLICABLE, PENDING, plain
from jixiao.office import column_letter
from jixiao.rubric import Indicator, Part
from jixiao.scoring import NO_REASON, Keys, keys


def write_points(pen: Pen) -> None:
    """The whole sheet."""
    sheet = pen.opened(POINTS, POINT_TABLE, "评分要点核定表", POINTS_HELP, head_height=32)
    _rows(pen)
    last = LIST_FIRST + len(pen.plan.part_rows) - 1
    waits = f'${column_letter(POINT_COLUMNS["得分"])}{LIST_FIRST}="{PENDING}"'
    area = (LIST_FIRST, POINT_COLUMNS["判定"], last, POINT_COLUMNS["得分"])
    pen.tint(POINTS, area, (waits, {"bg_color": PENDING_FILL}))
    sheet.print_area(0, 0, last - 1, len(POINT_TABLE) - 1)
    finish(sheet, paper=A4, head=(LIST_HEAD, LIST_HEAD), columns=3)


POINTS_HELP = (
    "填写浅黄色单元格：在“判定”列从下拉列表选择；判为“部分符合”的，在“部分给分”列填写分数；"
    "不适用的，在“是否适用”列选择“不适用”并写明理由。“自动”的要点由取数表的数据计算，无需填写。"
)


def _rows(pen: Pen) -> None:
    groups: dict[str, list[int]] = {}
    for number, (row, indicator, part) in enumerate(pen.plan.part_rows, 1):
        groups.setdefault(indicator.key, []).append(row)
        title = title_of(indicator, part)
        fixed = {"序号": str(number), "评分要点": title, "核定方式": "人工" if part.judged else "自动"}
        for index, column in enumerate(POINT_TABLE, 1):
            name = column.name or column.title
            key = Keys(part.key).cell(name)
            if name in fixed:
                pen.text(POINTS, row, index, fixed[name], column.style)
            elif key in pen.plan.net.entries:
                pen.entry(key, column.style)
            elif key in pen.plan.net.items:
                pen.item(key, column.style)
            elif name != "三级指标":
                pen.text(POINTS, row, index, "", "center")
        wide = [(title, POINT_TABLE[2].width), (indicator.key, POINT_TABLE[1].width)]
        pen.sheet(POINTS).set_row(row - 1, row_height(wide, least=32))
    for key, rows in groups.items():
        pen.merge(POINTS, (rows[0], 2, rows[-1], 2), key, "center")


def title_of(indicator: Indicator, part: Part) -> str:
    """What the point says; a computed one states its rule."""
    if part.judged:
        return f"{part.title}（前提：{part.requires}）" if part.requires else part.title
    return (
        f"{part.title}：{part.criteria}"
        if part.title
        else f"{indicator.key}（{plain(part.full)}分）：{part.criteria}"
    )


# an A3 landscape page in points at full size, less some for other fonts; fitting the width only makes more room
PAGE_HEIGHT = (11.69 - 1.2) * 72 - 30
HEAD_HEIGHT, FIRST_PAGE_TAKEN = 62.0, 150.0
RIGHT = range(SCORE_COLUMNS["自评分"], len(SCORE_TABLE) + 1)
"""The columns beside the official table: not printed, for those who review."""


def write_scores(pen: Pen) -> None:
    """The whole sheet."""
    sheet, rubric = pen.sheet(SCORES), pen.plan.net.rubric
    for index, column in enumerate(SCORE_TABLE):
        sheet.set_column(index, index, column.width)
    last = SCORE_FIRST + len(pen.plan.score_rows) - 1
    _head(pen)
    _total(pen)
    breaks = _breaks(pen)
    row = SCORE_FIRST
    for first in rubric.firsts:
        top = row
        for second in first.seconds:
            start = row
            for indicator in second.indicators:
                _row(pen, indicator, row)
                row += 1
            _group(pen, (start, row - 1, 3), second.title, plain(second.weight), breaks)
        _group(pen, (top, row - 1, 1), first.title, plain(first.weight), breaks)
    for indicator in rubric.extras:
        pen.merge(SCORES, (row, 1, row, 2), "", "center")
        pen.merge(SCORES, (row, 3, row, 4), rubric.extra_title, "center")
        _row(pen, indicator, row)
        row += 1
    sheet.merge_range(last, 0, last, 9, "", pen.format("note"))
    pen.text(SCORES, last + 1, 1, f"注：{rubric.footnote}" if rubric.footnote else "", "note")
    _print_setup(pen, last, breaks)
    _marks(pen, last)


def _group(pen: Pen, rows: tuple[int, int, int], title: str, weight: str, breaks: Sequence[int]) -> None:
    """A 一级指标 or 二级指标 over its rows (first, last, column), named again on every page that it goes on to."""
    top, last, column = rows
    ends = [row for row in breaks if top <= row < last] + [last]
    for start, end in zip([top, *(row + 1 for row in ends)], ends, strict=False):
        pen.merge(SCORES, (start, column, end, column), title if start == top else f"{title}（续）", "center")
        pen.merge(SCORES, (start, column + 1, end, column + 1), weight if start == top else "", "center")


def _head(pen: Pen) -> None:
    sheet, rubric = pen.sheet(SCORES), pen.plan.net.rubric
    pen.text(SCORES, 1, 1, rubric.annex, "subtitle")
    pen.merge(SCORES, (2, 1, 2, 10), rubric.title, "title")
    sheet.set_row(1, 30)
    sheet.merge_range(2, 0, 2, 9, "", pen.format("subtitle"))
    pen.item(keys.SHEET_UNIT, "subtitle")
    top = SCORE_HEAD
    pen.merge(SCORES, (top, 1, top, 6), "评价指标", "head")
    for column in (1, 3, 5):
        pen.merge(SCORES, (top + 1, column, top + 1, column + 1), SCORE_TABLE[column - 1].title, "head")
        pen.text(SCORES, top + 2, column, "名称", "head")
        pen.text(SCORES, top + 2, column + 1, SCORE_TABLE[column].title, "head")
    for column in range(7, 11):
        pen.merge(SCORES, (top, column, top + 2, column), SCORE_TABLE[column - 1].title, "head")
    sheet.merge_range(2, 11, 2, 18, "", pen.format("note"))
    pen.text(
        SCORES, 3, 12, "以下各栏供核定使用，不打印；浅黄色单元格可以填写。填了核定分必须写核定理由。", "note"
    )
    for column in RIGHT:
        pen.merge(SCORES, (top, column, top + 2, column), SCORE_TABLE[column - 1].title, "head")
    sheet.set_row(top + 1, 30)


def _total(pen: Pen) -> None:
    sheet, row = pen.sheet(SCORES), SCORE_TOTAL
    pen.text(SCORES, row, 1, "合计", "total_text")
    for column in (2, 4, 6):
        sheet.write_number(row - 1, column - 1, 100, pen.format("total"))
    for column in (3, 5, 7, 8, 9, *RIGHT):
        pen.text(SCORES, row, column, "", "total_text")
    pen.item(keys.SHEET_TOTAL, "total")
    pen.item(keys.SHEET_RULE_TOTAL, "total")
    sheet.set_row(row - 1, 24)


def _row(pen: Pen, indicator: Indicator, row: int) -> None:
    key = indicator.key
    bonus = indicator.number.startswith("+")
    words = (key, "" if bonus else plain(indicator.weight), indicator.description, listed(indicator.criteria))
    for column, text in enumerate(words, 5):
        pen.text(SCORES, row, column, text, SCORE_TABLE[column - 1].style)
    if Keys(key).shown_weight in pen.plan.net.items:
        pen.item(Keys(key).shown_weight, SCORE_TABLE[WEIGHT_COLUMN - 1].style)
    for name, column in SCORE_COLUMNS.items():
        cell = Keys(key).cell(name)
        write = pen.entry if cell in pen.plan.net.entries else pen.item
        write(cell, SCORE_TABLE[column - 1].style)
    pen.sheet(SCORES).set_row(row - 1, _height(pen, indicator))


def _height(pen: Pen, indicator: Indicator) -> float:
    """Room for the longest text of a row; the explanation is live: for its figures, whatever they are, and a reason."""
    quantities, names = pen.plan.net.rubric.quantities, list(indicator.rule.reads)
    names += [read for name in names if name in quantities for read in quantities[name].reads]
    said = "，".join(f"{name}1234.56万元" for name in dict.fromkeys(names)) + "　" * 12
    texts = (indicator.key, "", indicator.description, listed(indicator.criteria), said)
    widths = (column.width * (SMALL if column.style == "small" else 1) for column in SCORE_TABLE[4:9])
    return row_height(list(zip(texts, widths, strict=True)), line=13, least=30)


def _breaks(pen: Pen) -> list[int]:
    """Rows after which a page ends, so that as few pages as can be are about equally full."""
    heights = [_height(pen, indicator) for indicator in pen.plan.net.rubric.indicators()]
    room = PAGE_HEIGHT
    best = _pages(heights, room)
    while len(fewer := _pages(heights, room - 10)) == len(best) and room > max(heights) + FIRST_PAGE_TAKEN:
        best, room = fewer, room - 10
    return best


def _pages(heights: list[float], room: float) -> list[int]:
    """Rows after which a page of this height ends: each takes what it has room for."""
    breaks: list[int] = []
    used = FIRST_PAGE_TAKEN
    for row, height in enumerate(heights, SCORE_FIRST):
        if used + height > room and row > SCORE_FIRST:
            breaks.append(row - 1)
            used = HEAD_HEIGHT
        used += height
    return breaks


def listed(criteria: str) -> str:
    """Numbered points, each on a line of its own."""
    text = criteria
    for number in range(2, 12):
        text = text.replace(f"；{number}.", f"；\n{number}.")
    return text


def _print_setup(pen: Pen, last: int, breaks: list[int]) -> None:
    sheet = pen.sheet(SCORES)
    finish(sheet, paper=A3, head=(SCORE_HEAD, SCORE_HEAD + 2), columns=6)
    sheet.set_h_pagebreaks(breaks)
    sheet.print_area(0, 0, last, 9)
    sheet.center_horizontally()
    # The total stays in view as well; a small screen opens at what is filled in, beside the names that stay.
    sheet.freeze_panes(SCORE_TOTAL, 6, SCORE_TOTAL, SCORE_COLUMNS["说明"] - 1)
    sheet.set_zoom(90)


def _marks(pen: Pen, last: int) -> None:
    got, state, lost = (f"${column_letter(SCORE_COLUMNS[n])}{SCORE_FIRST}" for n in ("得分", "状态", "失分"))
    waiting = (
        (f'{state}="{NO_REASON}"', {"bg_color": WRONG_FILL}),
        (f'{state}="{PENDING}"', {"bg_color": PENDING_FILL}),
    )
    decided = (
        (f'{state}="{NOT_APPLICABLE}"', {"font_color": "#7B8794"}),
        (f"AND(ISNUMBER({got}),{lost}>0)", {"font_color": LOST_INK}),
    )
    pen.tint(SCORES, (SCORE_FIRST, SCORE_COLUMNS["说明"], last, SCORE_COLUMNS["得分"]), *waiting, *decided)
    pen.tint(SCORES, (SCORE_FIRST, SCORE_COLUMNS["核定分"], last, SCORE_COLUMNS["状态"]), *waiting)
