"""评分表 as officers lay them out: headings of one to three rows anywhere, other words, missing and further columns."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from jixiao.app import exchange, hosts
from tests.desk import foreign_book
from tests.desk.foreign_book import SHEET
from tests.desk.paper import PaperApp

TITLES = {"支出完成率": 4, "结转结余率": 3, "公用经费控制率": 4}
Heading = Sequence[Sequence[str]]

THREE = [
    ["评价指标", "", "", "", "", "", "评分标准", "评分说明", "得分"],
    ["一级指标", "", "二级指标", "", "三级指标", "", "", "", ""],
    ["名称", "权重（%）", "名称", "权重（%）", "名称", "权重（%）", "", "", ""],
]
ONE = [["一级指标", "分值", "二级指标", "分值", "三级指标", "分值", "评分标准", "扣分原因", "自评得分"]]
NUMBERED = [
    ["序号", "一级指标", "", "二级指标", "", "三级指标", "分值", "评分标准", "得分", "得分说明", "备注"]
]
REVIEWED = [
    ["一级指标", "权重", "二级指标", "权重", "三级指标", "权重", "评分标准", "自评", "", "核查", ""],
    ["", "", "", "", "", "", "", "自评得分", "评分说明", "核查得分", "核查情况"],
]
PLAIN = [["一级指标", "二级指标", "三级指标", "分值", "得分"]]
FIELDS = {
    "THREE": (THREE, "aAbBcCsrg"),
    "ONE": (ONE, "aAbBcCsrg"),
    "NUMBERED": (NUMBERED, "#a.b.cCsgr."),
    "REVIEWED": (REVIEWED, "aAbBcCsgr.."),
    "PLAIN": (PLAIN, "abcCg"),
}


class Sheet:
    """The sheet written anew in a layout; ``got`` and ``said`` are its columns by name."""

    def __init__(
        self, path: Path, heading: Heading, fields: str, *, top: int, left: int, pages: int = 1
    ) -> None:
        self.app = PaperApp(path)
        self.sheet = self.app.books[0][SHEET]
        self.sheet.cells.clear()
        self.rows: dict[str, int] = {}
        self.got = left + fields.index("g")
        self.said = left + fields.index("r") if "r" in fields else 0
        self.left, self.fields, self.row = left, fields, top
        rows = self._indicators()
        size = -(-len(rows) // pages)
        for page in range(pages):
            self._put(heading)
            for line in rows[page * size : (page + 1) * size]:
                self.rows[str(line["c"])] = self.row
                self._put([[line.get(field, "") for field in fields]])

    def _put(self, lines: Sequence[Sequence[Any]]) -> None:
        for line in lines:
            for offset, value in enumerate(line):
                if value != "":
                    self.sheet.cells[self.row, self.left + offset] = value
            self.row += 1

    def _indicators(self) -> list[dict[str, Any]]:
        made: list[dict[str, Any]] = []
        for first in foreign_book.rubric().firsts:
            for second in first.seconds:
                for indicator in second.indicators:
                    line = {"#": len(made) + 1, "c": indicator.key, "C": float(indicator.weight)}
                    line |= {"s": indicator.criteria}
                    if indicator is second.indicators[0]:
                        line |= {"b": second.title, "B": float(second.weight)}
                    if second is first.seconds[0] and "b" in line:
                        line |= {"a": first.title, "A": float(first.weight)}
                    made.append(line)
        return made

    def press(self) -> exchange.Answer:
        # which rubric it is, is told: a layout without place and year may be that of several
        words = {"rubric": foreign_book.rubric().id}
        wish = exchange.Request("score", sheet=SHEET, words=words)
        return hosts.press_in_program(self.app, wish, memory=exchange.Memory())

    def points(self) -> dict[str, Any]:
        return {title: self.sheet.cells.get((self.rows[title], self.got)) for title in TITLES}


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize(("top", "left"), [(1, 1), (9, 4)])
def test_the_table_is_found_wherever_it_stands(foreign: Path, name: str, top: int, left: int) -> None:
    heading, fields = FIELDS[name]
    sheet = Sheet(foreign, heading, fields, top=top, left=left)
    before = dict(sheet.sheet.cells)
    answer = sheet.press()
    assert answer.ok, answer.text()
    assert sheet.points() == TITLES
    columns = {
        column
        for spot, value in sheet.sheet.cells.items()
        if before.get(spot) != value
        for column in spot[1:]
    }
    assert columns == {sheet.got, sheet.said} - {0}


def test_a_table_over_two_pages_is_one(foreign: Path) -> None:
    sheet = Sheet(foreign, ONE, "aAbBcCsrg", top=2, left=1, pages=2)
    answer = sheet.press()
    assert answer.ok, answer.text()
    assert sheet.points() == TITLES


def test_words_of_another_width_and_blanks_inside_are_the_same(foreign: Path) -> None:
    heading = [
        [
            "一 级 指 标",
            "分值（分）",
            "二级\n指标",
            "分值",
            "三级指标：",
            "分值",
            "评分标准",
            "评分说明",
            "得　分",
        ]
    ]
    sheet = Sheet(foreign, heading, "aAbBcCsrg", top=3, left=2)
    for title, row in sheet.rows.items():
        sheet.sheet.cells[row, 6] = f" {title[:2]} {title[2:]}\n"
    answer = sheet.press()
    assert answer.ok, answer.text()
    assert sheet.points() == TITLES
