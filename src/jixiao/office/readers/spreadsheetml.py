"""SpreadsheetML 2003 (an XML file saved as .xls) -> Book, with the streaming parser of the standard library."""

from __future__ import annotations

from xml.parsers import expat

from jixiao.model import LimitReached, Refused
from jixiao.office.readers.encoding import text_of
from jixiao.office.sheet import Book, SourceCell, SourceSheet, Span, a1, nothing_hidden
from jixiao.text import from_machine

MAX_CELLS, MAX_ROW, MAX_COLUMN = 400_000, 1_048_576, 16_384
_SPACE = "urn:schemas-microsoft-com:office:spreadsheet "
_EXCEL = "urn:schemas-microsoft-com:office:excel "


class _Doctype(Exception):  # noqa: N818 - a signal of the parser's callback, not an error
    """The file declares a DTD, which no exported table needs."""


def read(data: bytes, file: str, sha256: str) -> Book:
    """Read a 2003 XML workbook; Refused when it is damaged or declares a DTD."""
    text = text_of(data, markup=True)
    if text is None:
        raise Refused("J101", file=file, why="不是已知编码的 XML")
    reader = _Reader(file, sha256)
    parser = expat.ParserCreate("utf-8", " ")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = reader.doctype
    try:
        parser.Parse(text.encode("utf-8"), True)
    except (expat.ExpatError, _Doctype) as error:
        raise Refused("J101", file=file, why="XML 内容已损坏") from error
    if not reader.sheets:
        raise Refused("J106", file=file, why="XML 中没有工作表")
    return Book(file, reader.sheets, reader.spans, nothing_hidden)


class _Reader:
    """Callbacks of the parser; rows and columns counted as ss:Index says."""

    def __init__(self, file: str, sha256: str) -> None:
        self.file, self.sha256 = file, sha256
        self.sheets: list[SourceSheet] = []
        self.spans: list[list[Span]] = []
        self.row = self.column = self.cells = 0
        self.span = (0, 0)
        self.kind = ""
        self.words: list[str] | None = None
        self.visible: list[str] | None = None

    def doctype(self, *_: object) -> None:
        """A DTD stops the reading."""
        raise _Doctype

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Open a sheet, row, cell or value."""
        if name == _SPACE + "Worksheet":
            self.sheets.append(SourceSheet(self.file, self.sha256, attributes.get(_SPACE + "Name", "")))
            self.spans.append([])
            self.row = 0
        elif name == _SPACE + "Row":
            self.row = self._index(attributes, self.row, MAX_ROW)
            self.column = 0
        elif name == _SPACE + "Cell" and self.sheets:
            self._cell(attributes)
        elif name == _SPACE + "Data":
            self.kind, self.words = attributes.get(_SPACE + "Type", "String"), []
        elif name == _EXCEL + "Visible":
            self.visible = []

    def end(self, name: str) -> None:
        """Close a value or a cell."""
        if name == _SPACE + "Data" and self.words is not None:
            made = _value(self.kind, "".join(self.words))
            if made is not None and self.sheets:
                self.sheets[-1].cells[self.row, self.column] = made
            self.words = None
        elif name == _SPACE + "Cell":
            self.column += self.span[1]
        elif name == _EXCEL + "Visible" and self.visible is not None and self.sheets:
            self.sheets[-1].hidden = "".join(self.visible).strip() in ("SheetHidden", "SheetVeryHidden")
            self.visible = None

    def text(self, data: str) -> None:
        """Characters of the open value."""
        if self.words is not None:
            self.words.append(data)
        elif self.visible is not None:
            self.visible.append(data)

    def _cell(self, attributes: dict[str, str]) -> None:
        self.column = self._index(attributes, self.column, MAX_COLUMN)
        self.cells += 1
        if self.cells > MAX_CELLS:
            raise LimitReached("J107", file=self.file, what="单元格过多")
        down, across = (_number(attributes.get(_SPACE + key)) for key in ("MergeDown", "MergeAcross"))
        self.span = (down, across)
        if down or across:
            area = (self.row, self.column, self.row + down, self.column + across)
            self.spans[-1].append(area)
            self.sheets[-1].merged.append(f"{a1(*area[:2])}:{a1(*area[2:])}")

    def _index(self, attributes: dict[str, str], current: int, limit: int) -> int:
        index = _number(attributes.get(_SPACE + "Index")) or current + 1
        if index > limit:
            raise LimitReached("J107", file=self.file, what="行列过多")
        return index


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() and len(text) < 8 else 0


def _value(kind: str, text: str) -> SourceCell | None:
    if not text.strip():
        return None
    if kind == "Number":
        number = from_machine(text)
        return SourceCell(text if number is None else number)
    if kind == "Boolean":
        return SourceCell(text.strip() == "1")
    return SourceCell(text)
