"""The look of the workbook: fonts, colours, borders, number formats, in one place; only the writer library's terms."""

from __future__ import annotations

from typing import Any

BODY_FONT, TITLE_FONT = "宋体", "黑体"
INK, LINE, HEAD, ENTRY, SOFT = "#1F2933", "#8A94A6", "#E8EEF7", "#FFFBE6", "#F5F7FA"
PENDING_FILL, WRONG_FILL, LOST_INK, MISSING_FILL = "#FFF2CC", "#F8CBAD", "#7A3E00", "#FCE4D6"

NUMBER_FORMATS = {
    "amount": "#,##0.00",
    "rate": "0.00%",
    "count": "General",  # a format with places that may be empty leaves a bare point behind a whole number in Excel
    "date": "yyyy-mm-dd",
}

_BASE: dict[str, Any] = {"font_name": BODY_FONT, "font_size": 10, "valign": "vcenter", "font_color": INK}
_CELL = _BASE | {"border": 1, "border_color": LINE, "text_wrap": True}


def _cell(align: str, **more: Any) -> dict[str, Any]:
    return _CELL | {"align": align} | more


def _figure(unit: str, **more: Any) -> dict[str, Any]:
    """A figure stays in one line; where the column is too narrow it is shown smaller."""
    return _cell("right", num_format=NUMBER_FORMATS[unit], shrink=True) | more


_HEAD = _cell("center", bold=True, bg_color=HEAD)
_SUM: dict[str, Any] = {"bold": True, "bg_color": SOFT}
_ONE_LINE: dict[str, Any] = {"text_wrap": False}
_BIG = {"font_name": TITLE_FONT, "align": "center"}

STYLES: dict[str, dict[str, Any]] = {
    "title": _BASE | _BIG | {"font_size": 18},
    "cover_title": _BASE | _BIG | {"font_size": 26, "text_wrap": True},
    "cover_sub": _BASE | {"font_size": 14, "align": "center", "text_wrap": True},
    "subtitle": _BASE | {"font_size": 11},
    "subtitle_right": _BASE | {"font_size": 11, "align": "right"},
    "section": _BASE | {"font_name": TITLE_FONT, "font_size": 12},
    "note": _BASE | {"font_size": 9, "text_wrap": True, "valign": "top", "font_color": "#52606D"},
    "head": _HEAD,
    "text": _cell("left"),
    "center": _cell("center"),
    "small": _cell("left", font_size=9),
    "typed": _cell("left", font_size=9, bg_color=ENTRY, locked=False),
    "points": _cell("center", num_format="General"),
    "total": _cell("center", num_format="General", **_SUM),
    "total_text": _cell("center", **_SUM),
    "total_count": _cell("left", num_format='"共"0"个项目"', **_SUM),
    "total_amount": _figure("amount", **_SUM),
    "total_rate": _figure("rate", **_SUM),
    "total_mean": _cell("center", num_format='"平均"0.00', **_SUM),
    "amount": _figure("amount", **_ONE_LINE),
    "rate": _figure("rate", **_ONE_LINE),
    "count": _figure("count", **_ONE_LINE),
    "date": _cell("center", num_format=NUMBER_FORMATS["date"], **_ONE_LINE),
    "cover_label": _BASE | {"font_size": 13, "align": "right", "bold": True},
    "cover_value": _BASE
    | {"font_size": 13, "align": "left", "bottom": 1, "bottom_color": LINE, "text_wrap": True},
    "cover_big": _BASE | {"font_size": 20, "bold": True, "align": "left", "bottom": 1, "bottom_color": LINE},
    "cover_told": _BASE
    | {
        "font_size": 13,
        "align": "left",
        "bottom": 1,
        "bottom_color": LINE,
        "text_wrap": True,
        "locked": False,
    },
    "cover_sign": _BASE
    | {"font_size": 13, "align": "left", "bottom": 1, "bottom_color": LINE, "locked": False},
    "step": _BASE | {"font_size": 11, "text_wrap": True},
    "table_text": _cell("left"),
    "table_amount": _cell("right", num_format=NUMBER_FORMATS["amount"], **_ONE_LINE),
    "table_head": _HEAD,
    "table_title": _BASE | _BIG | {"font_size": 16},
}
KIND_STYLES = {"number": "count", "rate": "rate", "date": "date", "choice": "center", "text": "small"}


def style_of(unit: str) -> str:
    """The cell style of a figure in this unit."""
    if unit.endswith("元"):
        return "amount"
    return {"%": "rate", "日期": "date", "文字": "text", "分": "points"}.get(unit, "count")


def text_width(text: str) -> float:
    """Width of a text in half-width characters: a 汉字 counts two."""
    return sum(2.0 if ord(ch) > 0x2E7F else 1.0 for ch in text)


def lines_needed(text: str, width: float) -> int:
    """Lines that a wrapped text takes in a column of this width."""
    usable = max(width - 1.5, 2)
    return sum(max(1, -(-int(text_width(line)) // int(usable))) for line in text.split("\n")) if text else 1


SMALL = 1.1
"""A column holds so many more letters of the small styles; a 汉字 of them is narrower than two digits of the body font."""


def row_height(cells: list[tuple[str, float]], *, line: float = 13.5, least: float = 20) -> float:
    """Height of a row so that no wrapped text is cut off; Excel allows 409 points."""
    tallest = max((lines_needed(text, width) for text, width in cells), default=1)
    return min(409.0, max(least, tallest * line + 6))
