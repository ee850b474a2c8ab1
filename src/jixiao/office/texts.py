"""Tables that are text by nature -> Book: .csv and .txt, HTML, MHTML and XML of 2003 saved as .xls.

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
from jixiao.office.book import Book, Sheet, Span, serial_of
from jixiao.office.formats import DATE, PERCENT, TIME
from jixiao.office.grid import ErrorText
from jixiao.office.refs import MAX_COLUMN, MAX_ROW
from jixiao.text import from_machine, read_date

DELIMITERS = ("\t", ",", ";", "|", "，")
MAX_ROWS, MAX_COLUMNS, MAX_CELL = 300_000, 2_000, 100_000  # of a text table
MAX_CELLS, MAX_SPAN, MAX_DEPTH = 400_000, 1_000, 40  # of a page
MAX_HEAD, MAX_PARTS = 65_536, 2_000  # of a page saved with its parts
SPREADSHEET_ENDINGS = (".xlsx", ".xlsm", ".xlsb", ".xltx", ".ods", ".et")
"""Excel itself refuses text under these names: the file is then something else than it claims to be."""
_DECLARED = re.compile(rb"(?:encoding|charset)\s*=\s*[\"']?\s*([A-Za-z0-9_\-]{2,20})", re.IGNORECASE)
_CHINESE = ("gb2312", "gbk", "gb18030", "cp936", "x-gbk", "gb_2312-80", "936")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\ufffe\uffff]")
_SKIPPED = ("script", "style", "title", "xml")
_BREAKS = ("br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "caption")
_DRESSED = ("td", "th", "tr", "col", "table")  # their attributes matter
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
_BOUNDARY = re.compile(rb"boundary\s*=\s*\"?([^\s\";]{1,200})", re.IGNORECASE)
_FIELD = re.compile(rb"(?m)^([A-Za-z-]+):[ \t]*([^\r\n]*)")
_SHEET_NAME = re.compile(
    r"<x:Name>([^<>]{1,200})</x:Name>\s*(?:<x:(?!Name)[^<>]*>\s*){0,9}<x:WorksheetSource[^<>]*HRef=\"([^\"<>]{1,400})\""
)
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)", re.IGNORECASE)
_NO_CHARACTER = re.compile(r"&#(?:[xX][0-9a-fA-F]{7,}|[0-9]{8,});?")
_SPACE = "urn:schemas-microsoft-com:office:spreadsheet "
_EXCEL = "urn:schemas-microsoft-com:office:excel "


def text_of(data: bytes, *, markup: bool = False, declared: bytes = b"") -> str | None:
    """The text of a file, or None when it is not text in any of the known encodings.

    ``markup`` makes a declared encoding (charset, encoding=) count, before the guesses; ``declared`` is one from outside.
    """
    for encoding in _candidates(data, markup, declared):
        try:
            text = data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        text = text.removeprefix("\ufeff")
        return None if _CONTROL.search(text) else text
    return None


def _candidates(data: bytes, markup: bool, outside: bytes) -> list[str]:
    if data.startswith(codecs.BOM_UTF8):
        return ["utf-8-sig"]
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ["utf-16"]
    head = data[:400]
    if head.count(0) > len(head) // 8:
        return ["utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be"]
    guesses = ["utf-8", "gb18030"]
    declared = _DECLARED.search(b"charset=" + outside if outside else data[:2000]) if markup else None
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
                sheet.put(number, column, value)


def read_html(data: bytes, file: str, sha256: str) -> Book:
    """Read an HTML page; Refused when it holds no table, LimitReached when it is too large."""
    text = text_of(data, markup=True)
    if text is None:
        raise Refused("J101", file=file, why="不是已知编码的网页")
    sheet = _read_page(text, file, sha256, PurePath(file).stem)
    if sheet is None:
        raise Refused("J106", file=file, why="网页中没有表格")
    return Book(file, [sheet], typed=False)


def _read_page(text: str, file: str, sha256: str, name: str) -> Sheet | None:
    page = _Page(Sheet(file, sha256, name[:31]))
    _walk(text, page)
    page.paragraph()
    return page.sheet if page.tables else None


def read_archive(data: bytes, file: str, sha256: str) -> Book:
    """Read a page saved with its parts (MHTML), a sheet for each page of tables; Refused when it has none."""
    boundaries, pages, names = set(_BOUNDARY.findall(data[:MAX_HEAD])), [], dict[str, str]()
    for _ in range(MAX_DEPTH):
        marks = b"|".join(map(re.escape, sorted(boundaries))) or b"(?!)"
        parts = re.split(rb"(?m)^--(?:" + marks + rb")(?:--)?[ \t]*\r?$", data)
        inner = {mark for part in parts for mark in _BOUNDARY.findall(_headed(part)[0])}
        if len(parts) > MAX_PARTS or len(inner) > MAX_DEPTH:
            raise LimitReached("J107", file=file, what="网页的部分过多")
        if inner <= boundaries:
            break
        boundaries |= inner
    for head, body in map(_headed, parts):
        fields = {name.lower(): value for name, value in _FIELD.findall(re.sub(rb"\r?\n[ \t]+", b" ", head))}
        if b"html" not in fields.get(b"content-type", b"").lower():
            continue
        page = _decoded(body, fields.get(b"content-transfer-encoding", b"").strip().lower())
        charset = _DECLARED.search(fields[b"content-type"])
        text = text_of(page, markup=True, declared=charset[1] if charset else b"")
        if text is None:
            raise Refused("J101", file=file, why="不是已知编码的网页")
        names.update(
            (place.rpartition("/")[2], _characters(name)) for name, place in _SHEET_NAME.findall(text)
        )
        place = fields.get(b"content-location", b"").decode("latin-1").strip().rpartition("/")[2]
        pages.append((text, place))
    sheets = [
        _read_page(text, file, sha256, names.get(place) or place or PurePath(file).stem)
        for text, place in pages
    ]
    found = [sheet for sheet in sheets if sheet is not None]
    if not found:
        raise Refused("J106", file=file, why="网页中没有表格")
    return Book(file, found, typed=False)


def _headed(part: bytes) -> tuple[bytes, bytes]:
    """The head of a part, up to its first blank line, and what stands below."""
    part = part.lstrip(b"\r\n")
    blank = re.search(rb"\r?\n[ \t]*\r?\n", part[:MAX_HEAD])
    return (part[: blank.start()], part[blank.end() :]) if blank else (part[:MAX_HEAD], b"")


def _decoded(body: bytes, encoding: bytes) -> bytes:
    import binascii

    try:
        if encoding == b"base64":
            return binascii.a2b_base64(body)
    except binascii.Error:
        return body
    return binascii.a2b_qp(body) if encoding == b"quoted-printable" else body


class _Table:
    """One open table: the row being filled and the places covered by row spans."""

    def __init__(self, top: int) -> None:
        self.row, self.column, self.columns = top - 1, 0, 0
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
            page.start(name, _attributes(found["rest"]) if name in _DRESSED else {})
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
            if "hidden" in attributes or _UNSEEN.search(attributes.get("style", "")):
                self.sheet.hidden_rows.add(
                    max(self.open[-1].row, self.bottom + 1 if len(self.open) == 1 else 1)
                )
        elif tag == "col" and self.open:
            first, wide = self.open[-1].columns + 1, _count(attributes.get("span"))
            self.open[-1].columns += wide
            if "hidden" in attributes or _UNSEEN.search(attributes.get("style", "")):
                self.sheet.hidden_columns.update(range(first, first + wide))
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
            code = PERCENT if text.endswith("%") else DATE if read_date(text) else ""
            self.sheet.put(top, left, text if exact is None else exact, "" if exact is None else code)
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
        self.style, self.last, self.code = "", 0, ""
        self.formats: dict[str, str] = {}

    def doctype(self, *_: object) -> None:
        """A DTD stops the reading."""
        raise _Doctype

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Open a sheet, row, cell or value."""
        if name == _EXCEL + "Visible":
            self.visible = []
        elif name.startswith(_SPACE):
            local = name.removeprefix(_SPACE)
            self._open(local, {key.removeprefix(_SPACE): value for key, value in attributes.items()})

    def _open(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Worksheet":
            self.sheets.append(Sheet(self.file, self.sha256, attributes.get("Name", "")))
            self.row = self.last = 0
        elif name == "Style":
            self.style = attributes.get("ID", "")
        elif name == "NumberFormat":
            self.formats[self.style] = _named_format(attributes.get("Format", ""))
        elif name == "Data":
            self.kind, self.words = attributes.get("Type", "String"), []
        elif name == "Cell" and self.sheets:
            self._cell(attributes)
        elif name in ("Row", "Column") and self.sheets:
            self._line(name == "Row", attributes)

    def _line(self, is_row: bool, attributes: dict[str, str]) -> None:
        """A row, or the form of a column; ``Span`` repeats it."""
        first = self._index(attributes, self.row if is_row else self.last, MAX_ROW if is_row else MAX_COLUMN)
        last = min(first + _number(attributes.get("Span")), MAX_ROW if is_row else MAX_COLUMN)
        unseen = self.sheets[-1].hidden_rows if is_row else self.sheets[-1].hidden_columns
        if attributes.get("Hidden") == "1":
            unseen.update(range(first, last + 1))
        if is_row:
            self.row, self.column = last, 0
        else:
            self.last = last

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
        self.code = self.formats.get(attributes.get("StyleID", ""), "")
        self.column = self._index(attributes, self.column, MAX_COLUMN)
        self.cells += 1
        if self.cells > MAX_CELLS:
            raise LimitReached("J107", file=self.file, what="单元格过多")
        down, across = (_number(attributes.get(key)) for key in ("MergeDown", "MergeAcross"))
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
            sheet.put(row, column, text if number is None else number, self.code)
        elif self.kind == "DateTime":
            serial = serial_of(text.strip())
            sheet.put(
                row, column, text if serial is None else serial, "" if serial is None else self.code or DATE
            )
        elif self.kind == "Error":
            sheet.put(row, column, ErrorText(text.strip()))
        elif self.kind == "Boolean":
            sheet.put(row, column, text.strip() == "1")
        else:
            sheet.put(row, column, text)

    def _index(self, attributes: dict[str, str], current: int, limit: int) -> int:
        index = _number(attributes.get("Index")) or current + 1
        if index > limit:
            raise LimitReached("J107", file=self.file, what="行列过多")
        return index


def _named_format(name: str) -> str:
    """A number format of an XML workbook, which has names for the usual ones."""
    if name == "Percent":
        return PERCENT
    return DATE if name.endswith("Date") else TIME if name.endswith("Time") else name


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() and len(text) < 8 else 0
