"""What a file of tables holds, whatever the file is: Book and its Sheets of typed cells, read by content, never by name."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from jixiao.model import Finding, Found, Source
from jixiao.office.grid import Cell, ErrorText, Value
from jixiao.office.refs import join_ref, shown_area

MAX_BOOK_CELLS = 400_000
MAX_ALIKE = 256  # columns of one entry that are told apart: more than that are the rest of the grid
UNCALCULATED = "未计算"
"""The fault of a formula without a cached result; any other fault is an error value."""
DOUBT = "？"
"""Stands before what a cell of a printed page may hold, where it can be read in two ways: no number, no label."""
_DURATION = re.compile(r"PT(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6}(?:\.\d{1,9})?)S)?")

Place = tuple[int, int]
Span = tuple[int, int, int, int]


@dataclass(slots=True)
class Sheet:
    """One sheet: ``cells`` that hold a value by (row, column), both from 1.

    ``spans`` are its merged areas as numbers, ``overlaps`` those that a file has besides, over others or outside the
    grid, which no sheet can hold. ``faults`` are the cells that hold an error value, or a formula without a result;
    ``widths`` are those of its columns, in characters. ``form``, ``title`` and ``unit`` are those of the first table
    that intake recognised on it; ``used`` says whether a fact or a record comes from the sheet.
    ``boxes`` are the places of cells on a printed page, as ``Source.box`` has them.
    """

    file: str
    sha256: str
    name: str
    hidden: bool = False
    cells: dict[Place, Cell] = field(default_factory=dict)
    faults: dict[Place, str] = field(default_factory=dict)
    spans: list[Span] = field(default_factory=list)
    overlaps: list[str] = field(default_factory=list)
    widths: dict[int, float] | None = None
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    boxes: dict[Place, tuple[int, ...]] = field(default_factory=dict)
    form: str = ""
    title: str = ""
    unit: str = ""
    used: bool = False

    def put(self, row: int, column: int, value: Value, code: str = "", formula: str | None = None) -> None:
        """Note what a cell holds, its number format and formula; an error becomes a fault."""
        if isinstance(value, str) and value.startswith(("=", "'")):
            from jixiao.text import uncoded  # not loaded to score

            value = uncoded(value)
        if isinstance(value, ErrorText):
            self.faults[row, column] = value or "#ERROR"
        else:
            self.cells[row, column] = Cell(join_ref(row, column), value, formula, format=code)

    def doubt(self, row: int, column: int) -> None:
        """Whatever stands in a cell is not to be taken for sure."""
        cell = self.cells.get((row, column))
        self.put(row, column, f"{DOUBT}{'' if cell is None else cell.value}")

    @property
    def merged(self) -> list[str]:
        """Its merged areas, ``A1:C3``."""
        return [shown_area(span) for span in self.spans]

    def source(self, row: int, column: int, label: str = "", form: str = "", document: str = "") -> Source:
        """The proof that points at one cell of this sheet."""
        ref = join_ref(row, column)
        box = self.boxes.get((row, column), ())
        return Source(self.file, self.name, ref, label, form, document, self.sha256, Found.LABEL, box)


@dataclass(slots=True)
class Book:
    """All sheets of one file. ``typed`` is False where every value is text by nature (.csv, HTML, PDF).

    ``paged``: its sheets are pages, with and without tables. ``findings`` say what of the file could not be read for sure.
    """

    file: str
    sheets: list[Sheet]
    typed: bool = True
    macros: bool = False
    paged: bool = False
    findings: list[Finding] = field(default_factory=list)


def serial_of(text: str) -> Decimal | None:
    """A date, time or duration in ISO form as an Excel serial number; None when it is none."""
    import datetime as dt

    from jixiao.text import EPOCH

    lasting = _DURATION.fullmatch(text)
    if lasting is not None:
        hours, minutes, seconds = (Decimal(part or 0) for part in lasting.groups())
        return (hours * 3600 + minutes * 60 + seconds) / 86400
    try:
        day = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    seconds = Decimal((day.hour * 60 + day.minute) * 60 + day.second)
    return Decimal((day.date() - EPOCH).days) + (seconds / 86400).quantize(Decimal("0.0000000001"))
