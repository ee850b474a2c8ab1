"""Tables that are text by nature -> Book: .csv and .txt, HTML and XML of 2003 saved as .xls.

Encodings and delimiters are found out from the content. All tables of a page stand one below another on one sheet, as
Excel shows them.
"""

from __future__ import annotations

import codecs
import csv
import html
import io
import re
from collections.abc import Iterable
from pathlib import PurePath
from xml.parsers import expat

from jixiao.model import LimitReached, Refused
from jixiao.office.book import Book, Sheet, Span
from jixiao.office.refs import MAX_COLUMN, MAX_ROW
from jixiao.text import from_machine, uncoded

DELIMITERS = ("\t", ",", ";", "|", "，")
MAX_ROWS, MAX_COLUMNS, MAX_CELL = 300_000, 2_000, 100_000  # of a text table
MAX_CELLS, MAX_SPAN, MAX_DEPTH = 400_000, 1_000, 40  # of a page
SPREADSHEET_ENDINGS = (".xlsx", ".xlsm", ".xlsb", ".xltx", ".ods", ".et")
"""Excel itself refuses text under these names: the file is then something else than it claims to be."""
_DECLARED = re.compile(rb"(?:encoding|charset)\s*=\s*[\"']?\s*([A-Za-z0-9_\-]{2,20})", re.IGNORECASE)
_CHINESE = ("gb2312", "gbk", "gb18030", "cp936", "x-gbk", "gb_2312-80", "936")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\ufffe\uffff]")
_SKIPPED = ("script", "style", "title", "xml")
_BREAKS = ("br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "caption")
_RAW = ("script", "style")  # what stands inside is no markup
_MARK = re.compile(r"<(?=[a-zA-Z/!?])")
_TAG = re.compile(
    r"<!--(?:-?>|.*?--\s*+>)"
    r"|<(?!!--)(?:[!?]|/(?![a-zA-Z]))[^>]*+>"
    r"|<(?P<end>/?)(?P<name>[a-zA-Z][^\s/>]*+)"
    r"(?P<rest>(?:[^>=]++|=(?:\s*+(?:\"[^\"]*+\"|'[^']*+'))?+)*+)>",  # a quote means something behind = only
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"([^\s=/]++)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|(\S*+)))?+")
_NO_CHARACTER = re.compile(r"&#(?:[xX][0-9a-fA-F]{7,}|[0-9]{8,});?")
_SPACE = "urn:schemas-microsoft-com:office:spreadsheet "
_EXCEL = "urn:schemas-microsoft-com:office:excel "


def text_of(data: bytes, *, markup: bool = False) -> str | None:
    """The text of a file, or None when it is not text in any of the known encodings.

    ``markup`` makes a declared encoding (charset, encoding=) count, before the guesses.
    """
    for encoding in _candidates(data, markup):
        try:
            text = data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        text = text.removeprefix("\ufeff")
        return None if _CONTROL.search(text) else text
    return None


def _candidates(data: bytes, markup: bool) -> list[str]:
    if data.startswith(codecs.BOM_UTF8):
        return ["utf-8-sig"]
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ["utf-16"]
    head = data[:400]
    if head.count(0) > len(head) // 8:
        return ["utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be"]
    guesses = ["utf-8", "gb18030"]
    declared = _DECLARED.search(data[:2000]) if markup else None
    if declared:
        name = declared[1].decode("ascii").lower()
        guesses.insert(0, "gb18030" if name in _CHINESE else name)
    return guesses


def read_lines(data: bytes, file: str, sha256: str) -> Book:
    """Read a text table; Refused when the text is no table, LimitReached when it is too long."""
    if file.lower().endswith(SPREADSHEET_ENDINGS):
        raise Refused("J106", file=file, why="内容是普通文字，不是工作簿")
    text = text_of(data)
    if text is None:
        raise Refused("J101", file=file, why="不是已知编码的文字（UTF-8、UTF-16、GB18030）")
    delimiter = _delimiter_of(text)
    if not delimiter:
        raise Refused("J106", file=file, why="内容是普通文字，没有表格")
    sheet = Sheet(file, sha256, PurePath(file).stem[:31])
    try:
        _fill(sheet, csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise Refused("J101", file=file, why="分隔符或引号不成对") from error
    return Book(file, [sheet], typed=False)


def _delimiter_of(text: str) -> str:
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


def _fill(sheet: Sheet, rows: Iterable[list[str]]) -> None:
    for number, row in enumerate(rows, 1):
        if number > MAX_ROWS or len(row) > MAX_COLUMNS:
            raise LimitReached("J107", file=sheet.file, what="行列过多")
        for column, value in enumerate(row, 1):
            if value.strip():
                if len(value) > MAX_CELL:
                    raise LimitReached("J107", file=sheet.file, what="单元格文字过长")
                sheet.put(number, column, uncoded(value))


def read_html(data: bytes, file: str, sha256: str) -> Book:
    """Read an HTML page; Refused when it holds no table, LimitReached when it is too large."""
    text = text_of(data, markup=True)
    if text is None:
        raise Refused("J101", file=file, why="不是已知编码的网页")
    page = _Page(Sheet(file, sha256, PurePath(file).stem[:31]))
    _walk(text, page)
    page.paragraph()
    if not page.tables:
        raise Refused("J106", file=file, why="网页中没有表格")
    return Book(file, [page.sheet], typed=False)


class _Table:
    """One open table: the row being filled and the places covered by row spans."""

    def __init__(self, top: int) -> None:
        self.row, self.column = top - 1, 0
        self.covered: set[tuple[int, int]] = set()
        self.last = top - 1


def _walk(text: str, page: _Page) -> None:
    """Tell the page its tags and its text, parted as browsers do; Refused where a tag, quote or comment never ends.

    The parser of the standard library needs the square of the length for those. Here every pattern goes forward only, and
    the first one that finds no end is the last one tried.
    """
    at = 0
    while (mark := _MARK.search(text, at)) is not None:
        page.data(_characters(text[at : mark.start()]))
        found = _TAG.match(text, mark.start())
        if found is None:
            raise Refused("J101", file=page.file, why="网页不完整，有标记、引号或注释没有结束")
        at, name = found.end(), (found["name"] or "").lower()
        if found["end"]:
            page.end(name)
        elif name:
            page.start(name, _attributes(found["rest"]) if name in ("td", "th") else {})
            if found["rest"].endswith("/"):
                page.end(name)
            elif name in _RAW:
                behind = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(text, at)
                at = behind.start() if behind else len(text)
    page.data(_characters(text[at:]))


def _characters(text: str) -> str:
    """Text with its references resolved; numbers that stand for no character are not computed."""
    return html.unescape(_NO_CHARACTER.sub("\ufffd", text)) if "&" in text else text


def _attributes(text: str) -> dict[str, str]:
    return {
        found[1].lower(): _characters(found[2] or found[3] or found[4] or "")
        for found in _ATTRIBUTE.finditer(text)
    }


class _Page:
    """Collects cells by place; text outside tables becomes a row of its own."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet, self.file = sheet, sheet.file
        self.tables = 0
        self.bottom = 0
        self.open: list[_Table] = []
        self.cell: Span | None = None
        self.number: str | None = None
        self.words: list[str] = []
        self.skipping = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Open a table, row or cell."""
        if tag in _SKIPPED:
            self.skipping += 1
        elif tag == "table":
            self._table()
        elif tag == "tr" and self.open:
            self._close_cell()
            self.open[-1].row += 1
            self.open[-1].column = 0
        elif tag in ("td", "th") and self.open:
            self._close_cell()
            self._cell(attributes)
        elif tag in _BREAKS and self.cell is not None:
            self.words.append("\n")

    def end(self, tag: str) -> None:
        """Close what a tag closes."""
        if tag in _SKIPPED:
            self.skipping = max(0, self.skipping - 1)
        elif tag in ("td", "th", "tr"):
            self._close_cell()
        elif tag == "table" and self.open:
            self._close_cell()
            self.bottom = max(self.bottom, self.open.pop().last)
        elif tag in _BREAKS and not self.open:
            self.paragraph()

    def data(self, data: str) -> None:
        """Keep the text of the open cell, or of the paragraph between tables."""
        if not self.skipping and (self.cell is not None or not self.open):
            self.words.append(data)

    def paragraph(self) -> None:
        """Text between tables takes a row of its own, so that titles and units there are seen."""
        text, self.words = "".join(self.words).strip(), []
        if text:
            self.bottom += 1
            self.sheet.put(self.bottom, 1, text)

    def _table(self) -> None:
        if len(self.open) >= MAX_DEPTH:
            raise LimitReached("J107", file=self.file, what="表格嵌套过深")
        if self.open:
            self._close_cell()
            self.bottom = max(self.bottom, self.open[-1].last)
        else:
            self.paragraph()
        self.tables += 1
        self.open.append(_Table(self.bottom + 1))

    def _cell(self, attributes: dict[str, str]) -> None:
        table = self.open[-1]
        if table.row <= self.bottom and len(self.open) == 1 and table.last < self.bottom:
            table.row = self.bottom + 1
        column = table.column + 1
        while (table.row, column) in table.covered:
            column += 1
        wide, high = _count(attributes.get("colspan")), _count(attributes.get("rowspan"))
        table.column = column + wide - 1
        table.last = max(table.last, table.row)
        if high > 1:
            below = (
                (r, c) for r in range(table.row + 1, table.row + high) for c in range(column, column + wide)
            )
            table.covered.update(below)
        beyond = table.row >= MAX_ROW - high or table.column > MAX_COLUMN
        if beyond or len(self.sheet.cells) + len(table.covered) > MAX_CELLS:
            raise LimitReached("J107", file=self.file, what="表格过大")
        self.cell = (max(table.row, 1), column, max(table.row, 1) + high - 1, column + wide - 1)
        self.number = attributes.get("x:num")
        self.words = []

    def _close_cell(self) -> None:
        if self.cell is None:
            return
        top, left, bottom, right = self.cell
        text = "".join(self.words).strip()
        exact = from_machine(self.number) if self.number else None
        if exact is not None or text:
            self.sheet.put(top, left, text if exact is None else exact)
        if (bottom, right) != (top, left):
            self.sheet.spans.append(self.cell)
        self.cell, self.number, self.words = None, None, []


def _count(text: str | None) -> int:
    return min(int(text), MAX_SPAN) if text and text.isdigit() and len(text) < 6 and int(text) > 0 else 1


class _Doctype(Exception):  # noqa: N818 - a signal of the parser's callback, not an error
    """The file declares a DTD, which no exported table needs."""


def read_xml(data: bytes, file: str, sha256: str) -> Book:
    """Read a 2003 XML workbook; Refused when it is damaged or declares a DTD."""
    text = text_of(data, markup=True)
    if text is None:
        raise Refused("J101", file=file, why="不是已知编码的 XML")
    reader = _Cells(file, sha256)
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
    return Book(file, reader.sheets)


class _Cells:
    """Callbacks of the parser; rows and columns counted as ss:Index says."""

    def __init__(self, file: str, sha256: str) -> None:
        self.file, self.sha256 = file, sha256
        self.sheets: list[Sheet] = []
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
            self.sheets.append(Sheet(self.file, self.sha256, attributes.get(_SPACE + "Name", "")))
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
            if self.sheets:
                self._note("".join(self.words))
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
            self.sheets[-1].spans.append((self.row, self.column, self.row + down, self.column + across))

    def _note(self, text: str) -> None:
        """Put down the value of a cell, as its type says."""
        sheet, row, column = self.sheets[-1], self.row, self.column
        if not text.strip():
            return
        if self.kind == "Number":
            number = from_machine(text)
            sheet.put(row, column, text if number is None else number)
        elif self.kind == "Boolean":
            sheet.put(row, column, text.strip() == "1")
        else:
            sheet.put(row, column, text)

    def _index(self, attributes: dict[str, str], current: int, limit: int) -> int:
        index = _number(attributes.get(_SPACE + "Index")) or current + 1
        if index > limit:
            raise LimitReached("J107", file=self.file, what="行列过多")
        return index


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() and len(text) < 8 else 0
