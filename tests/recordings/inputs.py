"""The files of a case: copied from the project, written as text or as rows, or made by a builder of the tests."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docx
import openpyxl
from openpyxl.utils import coordinate_to_tuple

from tests.intake.variants import apply
from tests.recordings.broken import BROKEN

ROOT = Path(__file__).resolve().parents[2]


def expanded(cases: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The cases, one for each combination of the values that a case lists under ``each`` (``$name`` in its texts)."""
    for case in cases:
        each = case.get("each", {})
        for values in itertools.product(*each.values()):
            yield _filled(case, dict(zip(each, values, strict=True))) if each else case


def _filled(data: Any, values: dict[str, Any]) -> Any:
    if isinstance(data, dict):
        return {_filled(key, values): _filled(item, values) for key, item in data.items() if key != "each"}
    if isinstance(data, list):
        return [_filled(item, values) for item in data]
    if isinstance(data, str):
        for name, value in values.items():
            if data == f"${name}":
                return value
            data = data.replace(f"${name}", str(value))
    return data


def put(files: dict[str, Any], folder: Path) -> None:
    """Put the files of a case into its folder."""
    for name, made in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(made, str):
            shutil.copy(ROOT / made, target)
        else:
            ((kind, body),) = made.items()
            WRITERS[kind](target, body)


def _text(target: Path, body: str) -> None:
    target.write_text(body, "utf-8")


def _encoded(target: Path, body: dict[str, str]) -> None:
    """A text in another encoding, with another delimiter in place of the tab, with other line ends."""
    text = body["text"].replace("\t", body.get("delimiter", "\t"))
    target.write_bytes(text.replace("\n", body.get("end", "\n")).encode(body["encoding"]))


def _edited(target: Path, body: dict[str, Any]) -> None:
    """A text of the project with passages replaced, each of which stands in it once."""
    text = (ROOT / body["of"]).read_text("utf-8")
    for old, new in body["replace"]:
        if text.count(old) != 1:
            raise ValueError(f"{old!r} stands {text.count(old)} times in {body['of']}")
        text = text.replace(old, new)
    target.write_text(text, "utf-8")


def _xlsx(target: Path, body: dict[str, Any]) -> None:
    """Sheets by name, each with its rows (a blank is ''), merged areas, number formats, hidden rows and columns."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, about in body.items():
        sheet = book.create_sheet(name)
        for row in about["rows"]:
            sheet.append([None if value == "" else value for value in row])
        for area in about.get("merged", []):
            sheet.merge_cells(area)
        for place, code in about.get("formats", {}).items():
            sheet[place].number_format = code
        for row in about.get("hidden_rows", []):
            sheet.row_dimensions[row].hidden = True
        for column in about.get("hidden_columns", []):
            sheet.column_dimensions[column].hidden = True
        if about.get("hidden"):
            sheet.sheet_state = "hidden"
    book.save(target)


def _docx(target: Path, body: list[Any]) -> None:
    """Paragraphs (texts) and tables (rows and merged areas, as in a sheet)."""
    document = docx.Document()
    for block in body:
        if isinstance(block, str):
            document.add_paragraph(block)
            continue
        rows = block["rows"]
        table = document.add_table(rows=len(rows), cols=max(map(len, rows)))
        cells = [list(row.cells) for row in table.rows]
        for line, row in zip(cells, rows, strict=True):
            for cell, text in zip(line, row, strict=False):
                if text:
                    cell.text = text
        for area in block.get("merged", []):
            (row, column), (last, end) = (coordinate_to_tuple(corner) for corner in area.split(":"))
            cells[row - 1][column - 1].merge(cells[last - 1][end - 1])
    document.save(str(target))


def _variant(target: Path, body: dict[str, Any]) -> None:
    """A workbook of the project as another office would hand it over."""
    apply(body["names"], ROOT / body["of"], target, body.get("seed", 0))


def _broken(target: Path, body: str) -> None:
    target.write_bytes(BROKEN[body]())


WRITERS: dict[str, Callable[[Path, Any], None]] = {
    "broken": _broken,
    "docx": _docx,
    "edited": _edited,
    "encoded": _encoded,
    "text": _text,
    "variant": _variant,
    "xlsx": _xlsx,
}
