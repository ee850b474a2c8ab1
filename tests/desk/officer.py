"""An officer at a program of paper, with a workbook of their own open."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jixiao.app import exchange, hosts
from tests.desk.foreign_book import GOT, SAID, SHEET, row_of
from tests.desk.paper import PaperApp


class Desk:
    """A program with one workbook, and the cells of its 评分表."""

    def __init__(self, path: Path) -> None:
        self.app = PaperApp(path)
        self.memory = exchange.Memory()
        self.sheet = self.app.books[0][SHEET]

    def press(self, verb: str = "score", **more: Any) -> exchange.Answer:
        definitions = more.pop("definitions", ())
        request = exchange.Request(verb, sheet=more.pop("sheet", SHEET), **more)
        return hosts.press_in_program(self.app, request, memory=self.memory, definitions=definitions)

    def got(self, title: str) -> Any:
        return self.sheet.cells.get((row_of(title), GOT))

    def said(self, title: str) -> Any:
        return self.sheet.cells.get((row_of(title), SAID))

    def type(self, title: str, value: Any, column: int = GOT) -> None:
        self.sheet.cells[row_of(title), column] = value


def codes(answer: exchange.Answer) -> set[str]:
    return {finding["code"] for finding in answer.findings}
