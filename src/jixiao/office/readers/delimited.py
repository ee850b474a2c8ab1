"""Text tables (.csv, .txt) -> Book: encodings and delimiters found out from the content, every cell kept as text."""

from __future__ import annotations

import csv
import io
from pathlib import PurePath

from jixiao.model import LimitReached, Refused
from jixiao.office.readers.encoding import text_of
from jixiao.office.sheet import Book, SourceCell, SourceSheet, nothing_hidden

DELIMITERS = ("\t", ",", ";", "|", "，")
MAX_ROWS, MAX_COLUMNS, MAX_CELL = 300_000, 2_000, 100_000
SPREADSHEET_ENDINGS = (".xlsx", ".xlsm", ".xlsb", ".xltx", ".ods", ".et")
"""Excel itself refuses text under these names: the file is then something else than it claims to be."""


def read(data: bytes, file: str, sha256: str) -> Book:
    """Read a text table; Refused when the text is no table, LimitReached when it is too long."""
    if file.lower().endswith(SPREADSHEET_ENDINGS):
        raise Refused("J106", file=file, why="内容是普通文字，不是工作簿")
    text = text_of(data)
    if text is None:
        raise Refused("J101", file=file, why="不是已知编码的文字（UTF-8、UTF-16、GB18030）")
    delimiter = delimiter_of(text)
    if not delimiter:
        raise Refused("J106", file=file, why="内容是普通文字，没有表格")
    sheet = SourceSheet(file, sha256, PurePath(file).stem[:31])
    try:
        _fill(sheet, csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise Refused("J101", file=file, why="分隔符或引号不成对") from error
    return Book(file, [sheet], [[]], nothing_hidden, typed=False)


def delimiter_of(text: str) -> str:
    """The delimiter that splits most lines, and most evenly; an empty string when none makes a table."""
    lines = [line for line in text[:60_000].splitlines()[:80] if line.strip()]
    best, best_score = "", 0.0
    for delimiter in DELIMITERS:
        try:
            rows = list(csv.reader(lines, delimiter=delimiter))
        except csv.Error:
            continue
        widths = [len(row) for row in rows if len(row) > 1]
        if len(widths) < 2 or len(widths) * 2 < len(rows):
            continue
        common = max(set(widths), key=widths.count)
        score = widths.count(common) / len(rows) + min(common, 12) / 100
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _fill(sheet: SourceSheet, rows: object) -> None:
    for number, row in enumerate(rows, 1):  # type: ignore[arg-type, var-annotated]
        if number > MAX_ROWS or len(row) > MAX_COLUMNS:
            raise LimitReached("J107", file=sheet.file, what="行列过多")
        for column, value in enumerate(row, 1):
            if value.strip():
                if len(value) > MAX_CELL:
                    raise LimitReached("J107", file=sheet.file, what="单元格文字过长")
                sheet.cells[number, column] = SourceCell(value)
