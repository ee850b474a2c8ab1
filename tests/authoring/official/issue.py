"""A rubric as the plain official table that a county would issue: .xlsx and .docx, official columns, merged level cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jixiao.model import plain
from tests.authoring.official.wording import Writer

HEAD = ("评价指标", "", "", "", "", "", "指标说明", "评分标准", "评分说明", "得分")
SUB = ("一级指标", "", "二级指标", "", "三级指标", "", "", "", "", "")
LOW = ("名称", "权重(%)", "名称", "权重(%)", "名称", "权重(%)", "", "", "", "")
WIDTH = len(HEAD)


@dataclass(frozen=True)
class Line:
    """A row of the table: its ten texts, and the merged level cells that begin in it (column -> rows)."""

    texts: tuple[str, ...]
    spans: dict[int, int]


def lines(data: Any, seed: int = 0) -> Iterator[Line]:
    """The rows of a rubric's table below the heading."""
    writer = Writer(data, seed)
    yield Line(("合计", "100", "", "100", "", "100", "", "", "", ""), {})
    for first in data["levels"]:
        rows = sum(len(second["indicators"]) for second in first["levels"])
        begins = True
        for second in first["levels"]:
            for number, item in enumerate(second["indicators"]):
                spans = {2: len(second["indicators"]), 3: len(second["indicators"])} if number == 0 else {}
                texts = [""] * 4
                if number == 0:
                    texts[2:] = [second["title"], plain(second["weight"])]
                if begins:
                    texts[:2] = [first["title"], plain(first["weight"])]
                    spans.update({0: rows, 1: rows})
                begins = False
                yield Line((*texts, *_own(writer, item)), spans)
    for item in data.get("extras", {}).get("indicators", []):
        yield Line(("", "", data["extras"]["title"], "", *_own(writer, item, weight="")), {})


def _own(writer: Writer, item: Any, weight: str | None = None) -> tuple[str, ...]:
    said = plain(item["weight"]) if weight is None else weight
    return item["title"], said, item["description"], writer.rule(item["rule"], item["title"]), "", ""


def save_xlsx(path: Path, data: Any, seed: int = 0, *, page: int = 0) -> Path:
    """As a workbook: cells merged over their rows, or with ``page`` rows a page, headings repeated and no merges."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "附件1"
    sheet.append(["附件1"])
    sheet.append([data["title"]])
    _head(sheet)
    listed = list(lines(data, seed))
    for number, line in enumerate(listed):
        if page and number and number % page == 0:
            sheet.append([data["title"]])
            _head(sheet)
        sheet.append([_cell(text) for text in line.texts])
        for column, rows in line.spans.items():
            if not page and rows > 1:
                at = sheet.max_row
                sheet.merge_cells(
                    start_row=at, end_row=at + rows - 1, start_column=column + 1, end_column=column + 1
                )
    sheet.append([f"注：{data['footnote']}"])
    sheet.merge_cells(start_row=sheet.max_row, end_row=sheet.max_row, start_column=1, end_column=WIDTH)
    book.save(path)
    return path


def _cell(text: str) -> str | float | None:
    return float(text) if text.replace(".", "", 1).isdecimal() else text or None


def _head(sheet: Any) -> None:
    for row in (HEAD, SUB, LOW):
        sheet.append([text or None for text in row])
    top = sheet.max_row - 2
    sheet.merge_cells(start_row=top, end_row=top, start_column=1, end_column=6)
    for column in (1, 3, 5):
        sheet.merge_cells(start_row=top + 1, end_row=top + 1, start_column=column, end_column=column + 1)
    for column in (7, 8, 9, 10):
        sheet.merge_cells(start_row=top, end_row=top + 2, start_column=column, end_column=column)


def save_docx(path: Path, data: Any, seed: int = 0, *, tables: int = 1) -> Path:
    """As a Word file; ``tables`` > 1 splits it into tables that repeat the heading, each level cell where its page begins."""
    import docx

    document = docx.Document()
    document.add_paragraph("附件1")
    document.add_paragraph(data["title"])
    listed = list(lines(data, seed))
    size = -(-len(listed) // tables)
    for start in range(0, len(listed), size):
        _table(document, listed[start : start + size])
        document.add_paragraph("")
    document.add_paragraph(f"注：{data['footnote']}")
    document.save(str(path))
    return path


def _table(document: Any, listed: list[Line]) -> None:
    rows = [Line(texts, {}) for texts in (HEAD, SUB, LOW)] + listed
    table = document.add_table(rows=len(rows), cols=WIDTH)
    cells = [list(row.cells) for row in table.rows]
    for number, line in enumerate(rows):
        for column, text in enumerate(line.texts):
            if text:
                cells[number][column].text = text
        for column, height in line.spans.items():
            last = min(number + height, len(rows)) - 1
            if last > number:
                cells[number][column].merge(cells[last][column])
    for column in (6, 7, 8, 9):
        cells[0][column].merge(cells[2][column])
    cells[0][0].merge(cells[0][5])
    for column in (0, 2, 4):
        cells[1][column].merge(cells[1][column + 1])
