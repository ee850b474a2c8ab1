"""Pen: drafts the sheets from the net's values, in the terms of XlsxWriter.

Every formula is written with its computed value beside it, so that a phone, a previewer or pandas shows the scores
without recalculating.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from jixiao.master.look import ENTRY, KIND_STYLES, STYLES
from jixiao.master.plan import LIST_HEAD, Column, Plan
from jixiao.master.sheets.draft import Draft, Format
from jixiao.model import Value


class Pen:
    """One workbook being written. Rows and columns count from 1, as people count them."""

    def __init__(self, plan: Plan, values: Mapping[str, Value], entries: Mapping[str, Value]) -> None:
        self.plan, self.values, self.entries = plan, values, entries
        self.book = Draft()
        self._formats: dict[tuple[str, bool], Format] = {}

    def sheet(self, name: str) -> Any:
        """The worksheet of this name, added at the end the first time it is asked for."""
        return self.book.add_worksheet(name)

    def format(self, style: str, *, entry: bool = False) -> Format:
        """A cell format by its name in look.py; an entry cell is unlocked and tinted."""
        if (style, entry) not in self._formats:
            spec = STYLES[style]
            if entry:
                spec = {"bg_color": ENTRY} | spec | {"locked": False}
            self._formats[style, entry] = self.book.add_format(spec)
        return self._formats[style, entry]

    def text(self, sheet: str, row: int, column: int, text: str, style: str = "text") -> None:
        """A fixed text; never read as a formula or link."""
        self.sheet(sheet).write_string(row - 1, column - 1, text, self.format(style))

    def merge(self, sheet: str, box: tuple[int, int, int, int], text: str, style: str) -> None:
        """A merged fixed text: first row, first column, last row, last column."""
        top, left, bottom, right = box
        if (top, left) != (bottom, right):
            self.sheet(sheet).merge_range(top - 1, left - 1, bottom - 1, right - 1, "", self.format(style))
        self.text(sheet, top, left, text, style)

    def head(self, sheet: str, row: int, titles: Iterable[str], style: str = "head") -> None:
        """Titles from the first column on; where one is empty nothing is written."""
        for column, title in enumerate(titles, 1):
            if title:
                self.text(sheet, row, column, title, style)

    def opened(
        self,
        sheet: str,
        columns: Sequence[Column],
        title: str,
        note: str,
        *,
        note_height: int = 30,
        head_height: int = 22,
    ) -> Any:
        """A sheet that is a list, with its title, how to fill it, and the head of its columns."""
        made = self.sheet(sheet)
        for index, column in enumerate(columns):
            made.set_column(index, index, column.width)
        for row, text, style, height in ((1, title, "title", 30), (2, note, "note", note_height)):
            self.merge(sheet, (row, 1, row, len(columns)), text, style)
            made.set_row(row - 1, height)
        self.head(sheet, LIST_HEAD, [column.title for column in columns])
        made.set_row(LIST_HEAD - 1, head_height)
        return made

    def tint(self, sheet: str, area: tuple[int, int, int, int], *rules: tuple[str, dict[str, str]]) -> None:
        """Looks under a condition: first row, first column, last row, last column; (formula, look) pairs."""
        top, left, bottom, right = area
        for test, look in rules:
            spec = {"type": "formula", "criteria": f"={test}", "format": self.book.add_format(look)}
            self.sheet(sheet).conditional_format(top - 1, left - 1, bottom - 1, right - 1, spec)

    def item(self, key: str, style: str) -> None:
        """A computed value: its formula with the value computed here."""
        place, value = self.plan.places[key], self.values[key]
        cached: Any = float(value) if isinstance(value, Decimal) else ("" if value is None else value)
        self.sheet(place.sheet).write_formula(
            place.row - 1, place.column - 1, "=" + self.plan.formula(key), self.format(style), cached
        )

    def entry(self, key: str, style: str = "") -> None:
        """A cell that people fill: unlocked, with a drop-down or a range where the rule gives one."""
        entry, place = self.plan.net.entries[key], self.plan.places[key]
        style = style or KIND_STYLES[entry.kind]
        cell_format = self.format(style, entry=True)
        sheet, row, column = self.sheet(place.sheet), place.row - 1, place.column - 1
        value = self.entries.get(key)
        if isinstance(value, Decimal):
            sheet.write_number(row, column, float(value), cell_format)
        elif value:
            sheet.write_string(row, column, str(value), cell_format)
        else:
            sheet.write_blank(row, column, None, cell_format)
        if entry.choices:
            sheet.data_validation(row, column, row, column, _list(entry.choices))
        elif entry.low is not None and entry.high is not None:
            cells = self.plan.cells(place.sheet)
            low, high = entry.low.formula(cells), entry.high.formula(cells)
            sheet.data_validation(row, column, row, column, _between(low, high))


def _list(choices: tuple[str, ...]) -> dict[str, Any]:
    return {
        "validate": "list",
        "source": list(choices),
        "error_title": "请从列表选择",
        "error_message": "可选：" + "、".join(choices)[:200],
    }


def _between(low: str, high: str) -> dict[str, Any]:
    return {
        "validate": "decimal",
        "criteria": "between",
        "minimum": f"={low}",
        "maximum": f"={high}",
        "ignore_blank": True,
        "error_title": "分数超出范围",
        "error_message": "请填写0至满分之间的分数",
    }


A3, A4 = 8, 9


def finish(sheet: Any, *, paper: int, head: tuple[int, int], columns: int, protected: bool = True) -> None:
    """What every working sheet shares: landscape, one page wide, repeated head, page numbers, protection.

    ``head`` are the first and last repeated rows, from 1; the last and ``columns`` columns stay in view.
    """
    sheet.set_paper(paper)
    sheet.set_landscape()
    sheet.set_margins(0.4, 0.4, 0.6, 0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(head[0] - 1, head[1] - 1)
    sheet.set_footer("&C第 &P 页，共 &N 页&R&A")
    sheet.freeze_panes(head[1], columns)
    if protected:
        sheet.protect("", PROTECTION)


PROTECTION = {
    "select_locked_cells": True,
    "select_unlocked_cells": True,
    "format_cells": True,
    "format_columns": True,
    "format_rows": True,
    "autofilter": True,
    "sort": True,
}
