"""Cells of an edited workbook as records: every key of a record remembers the cell that it was read from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from jixiao.authoring.editing import layout
from jixiao.authoring.editing.layout import HEAD_ROW, Column
from jixiao.model import Body, DefinitionError, Refused, Source
from jixiao.office.ooxml.refs import join_ref, split_ref
from jixiao.office.ooxml.sheet import Sheet

MOST_ROWS = 5_000
_KEY = re.compile(r"(?<![A-Za-z0-9_-])[a-z_]{2,}(?![A-Za-z0-9_-])")


class Places:
    """Numbers for cells. A record of an edited workbook has such a number where one of a file has a line."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.known: list[Source] = []

    def number(self, sheet: str, row: int, column: int) -> int:
        """The number of a cell; columns count from 0."""
        self.known.append(Source(self.file, sheet, join_ref(row, column + 1)))
        return len(self.known)

    def source(self, number: int) -> Source:
        """The cell of a number; the file alone where it is none."""
        return self.known[number - 1] if 0 < number <= len(self.known) else Source(self.file)

    def refusal(self, error: DefinitionError) -> Refused:
        """What is wrong with the definition, at its cell and in the words of the headings."""
        place = self.source(error.line)
        words = layout.titles(place.sheet)
        return Refused("J362", place, why=_KEY.sub(lambda m: words.get(m[0], m[0]), error.problem))

    def record(self, pairs: Iterable[tuple[str, Any, int]], line: int) -> Body:
        """A record of (key, value, number of its cell); values inside it belong to the same cell."""
        made = Body()
        made.where, made.line, made.lines = self.file, line, {}
        for key, value, cell in pairs:
            made[key] = self.held(value, cell)
            made.lines[key] = cell
        return made

    def held(self, value: Any, cell: int) -> Any:
        """A value read from one cell, its mappings as records."""
        if isinstance(value, Body) and value.where == self.file:
            return value
        if isinstance(value, Mapping):
            return self.record(((str(key), item, cell) for key, item in value.items()), cell)
        return [self.held(item, cell) for item in value] if isinstance(value, list) else value


class Page:
    """A sheet as rows of cells, by number."""

    def __init__(self, sheet: Sheet, places: Places) -> None:
        self.places, self.name = places, sheet.name
        self.rows: dict[int, dict[int, Any]] = {}
        for cell in sheet.cells():
            row, column = split_ref(cell.ref)
            value = cell.number if cell.number is not None else cell.value
            if value is not None and value != "" and HEAD_ROW <= row <= MOST_ROWS:
                self.rows.setdefault(row, {})[column - 1] = value

    def cell(self, row: int, at: int) -> int:
        """The number of a cell of this sheet."""
        return self.places.number(self.name, row, at)

    def fail(self, row: int, at: int, why: str) -> Refused:
        """A cell that cannot be read."""
        return Refused("J361", self.places.source(self.cell(row, at)), why=why)

    def fail_at(self, number: int, why: str) -> Refused:
        """The same for a cell that has its number."""
        return Refused("J361", self.places.source(number), why=why)

    def read(self, row: int, at: int, column: Column) -> Any:
        """The value of a cell, None where it is empty."""
        cell = self.rows.get(row, {}).get(at)
        if cell is None:
            return None
        try:
            return layout.read(cell, column.sort)
        except ValueError as error:
            why = error.problem if isinstance(error, DefinitionError) else str(error)
            raise self.fail(row, at, f"“{column.title}”{why}") from error

    def columns(self, wanted: tuple[Column, ...]) -> dict[int, Column]:
        """Columns by their place: found by heading, so that they may stand in another order."""
        head = {str(text).strip(): at for at, text in self.rows.get(HEAD_ROW, {}).items()}
        places: dict[int, Column] = {}
        for column in wanted:
            if column.title not in head:
                raise self.fail(HEAD_ROW, 0, f"缺少“{column.title}”一列")
            places[head[column.title]] = column
        return places

    def bodies(self, wanted: tuple[Column, ...]) -> Iterator[tuple[int, Body]]:
        """The rows below the heading; empty cells are left out, but have their place. Keys of a rule begin with ``rule.``."""
        columns = self.columns(wanted)
        for row in sorted(self.rows):
            if row <= HEAD_ROW:
                continue
            read = [(_key(c), self.read(row, at, c), self.cell(row, at)) for at, c in columns.items()]
            if any(value is not None for _, value, _ in read):
                body = self.places.record(
                    ((key, value, cell) for key, value, cell in read if value is not None),
                    self.cell(row, min(self.rows[row])),
                )
                body.lines.update({key: cell for key, _, cell in read})
                yield row, body


def _key(column: Column) -> str:
    return f"rule.{column.key}" if column.rule else column.key
