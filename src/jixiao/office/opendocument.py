"""OpenDocument tables (.ods) -> Book. A repeat count makes few bytes stand for billions of cells: it is counted first."""

from __future__ import annotations

from xml.parsers import expat

from jixiao.model import LimitReached
from jixiao.office import markup
from jixiao.office.book import MAX_BOOK_CELLS, Book, Sheet, serial_of
from jixiao.office.formats import DATE, PERCENT, TIME
from jixiao.office.grid import MAX_AREA, ErrorText, Value
from jixiao.office.package import Package
from jixiao.office.problems import limit, refuse
from jixiao.office.refs import MAX_COLUMN, MAX_ROW, digits
from jixiao.text import from_float

_CELLS = ("table-cell", "covered-table-cell")
_FORMATS = {"date": DATE, "time": TIME, "percentage": PERCENT}
_BLANKS = {"s": " ", "tab": "\t", "line-break": "\n"}
_UNSEEN = ("collapse", "filter")


def read(package: Package, file: str, sha256: str) -> Book:
    """The tables of a package; Refused when it is encrypted, no table or damaged, LimitReached when it is too large."""
    manifest = package.find("META-INF/manifest.xml")
    if manifest is not None and any(b"encryption-data" in piece for piece in package.pieces(manifest)):
        refuse("J505")
    kind = package.find("mimetype")
    if kind is not None and b"spreadsheet" not in package.read(kind)[:100]:
        refuse("J501", why="内容不是表格")
    for part in package.names:
        package.beginning(part)
    tables = _Tables(file, sha256)
    parser = expat.ParserCreate("utf-8", "\n")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = tables.on_start, tables.on_end
    parser.CharacterDataHandler = tables.on_text
    markup.run(parser, package.read("content.xml"), "content.xml")
    return Book(file, tables.sheets)


class _Tables:
    """Handlers of the parser. Cells of a row wait until its repeat count is checked; empty ones count for nothing."""

    def __init__(self, file: str, sha256: str) -> None:
        self.file, self.sha256 = file, sha256
        self.sheets: list[Sheet] = []
        self.open: list[str] = []
        self.unseen: set[str] = set()  # styles of tables that are not shown
        self.style = ""
        self.row = self.column = self.row_repeat = self.filled = 0
        self.line: list[tuple[int, int, Value, str, str | None]] = []
        self.attrs: dict[str, str] = {}
        self.words: list[str] | None = None
        self.asides = 0  # open elements of a note or a picture, whose words are none of the cell

    def on_start(self, name: str, attributes: dict[str, str]) -> None:
        """Open a style, table, row, cell or paragraph."""
        local = name.rpartition("\n")[2]
        attrs = {key.rpartition("\n")[2]: value for key, value in attributes.items()}
        if local == "style":
            self.style = attrs.get("name", "")
        elif local == "table-properties" and attrs.get("display") == "false":
            self.unseen.add(self.style)
        elif local == "table":
            self._table(attrs)
        elif len(self.open) == 1 and (self.asides or _is_aside(name)):
            self.asides += 1
        elif len(self.open) == 1:
            self._inside(local, attrs)

    def _inside(self, local: str, attrs: dict[str, str]) -> None:
        if local == "table-column":
            self._columns(attrs)
        elif local == "table-row":
            self.row_repeat, self.column, self.line = _count(attrs, "number-rows-repeated"), 0, []
            if attrs.get("visibility") in _UNSEEN:
                rows = range(self.row + 1, self.row + min(self.row_repeat, MAX_COLUMN) + 1)
                self.sheets[-1].hidden_rows.update(rows)
        elif local in _CELLS:
            self.attrs, self.words = attrs, None
        elif local == "p":
            self.words = [] if self.words is None else [*self.words, "\n"]
        elif self.words is not None:
            self.words.append(_BLANKS.get(local, "") * min(digits(attrs.get("c", "1")) or 1, 1000))

    def on_text(self, text: str) -> None:
        """Keep the text of a cell."""
        if self.words is not None and not self.asides and len(self.open) == 1:
            self.words.append(text)

    def on_end(self, name: str) -> None:
        """Close a table, row or cell."""
        local = name.rpartition("\n")[2]
        if local == "table":
            self.open.pop()
        elif len(self.open) != 1:
            return
        elif self.asides:
            self.asides -= 1
        elif local in _CELLS:
            self._cell(_count(self.attrs, "number-columns-repeated"))
        elif local == "table-row":
            self._row()

    def _table(self, attrs: dict[str, str]) -> None:
        name = attrs.get("name", "")
        self.open.append(name)
        if len(self.open) > 1:  # a table inside a cell is none of ours
            return
        if name.lower() in (sheet.name.lower() for sheet in self.sheets):
            refuse("J516", name=name)
        self.sheets.append(Sheet(self.file, self.sha256, name, attrs.get("style-name", "") in self.unseen))
        self.row = self.column = 0

    def _columns(self, attrs: dict[str, str]) -> None:
        count = _count(attrs, "number-columns-repeated")
        if attrs.get("visibility") in _UNSEEN:
            columns = range(self.column + 1, min(self.column + count, MAX_COLUMN) + 1)
            self.sheets[-1].hidden_columns.update(columns)
        self.column += count

    def _cell(self, repeat: int) -> None:
        sheet, attrs = self.sheets[-1], self.attrs
        down, across = (digits(attrs.get(f"number-{what}-spanned", "1")) or 1 for what in ("rows", "columns"))
        if down > 1 or across > 1:
            row, column = self.row + 1, self.column + 1
            sheet.spans.append((row, column, row + down - 1, column + across - 1))
        value, formula = _value(attrs, self.words), attrs.get("formula")
        if value is not None or formula is not None or attrs.get("value-type"):
            kind = attrs.get("value-type", "")
            self.line.append((self.column + 1, repeat, value, _FORMATS.get(kind, ""), formula))
        self.column += repeat
        self.words = None

    def _row(self) -> None:
        sheet, first = self.sheets[-1], self.row + 1
        self.row += self.row_repeat
        if not self.line:
            return
        last = self.line[-1][0] + self.line[-1][1] - 1
        if self.row > MAX_ROW or last > MAX_COLUMN:
            raise LimitReached("J107", file=self.file, what="行列过多")
        if self.row * last > MAX_AREA:
            limit("J532", name=sheet.name, area=self.row * last, most=MAX_AREA)
        self.filled += sum(repeat for _, repeat, *_ in self.line) * self.row_repeat
        if self.filled > MAX_BOOK_CELLS:
            raise LimitReached("J107", file=self.file, what=f"单元格超过 {MAX_BOOK_CELLS} 个")
        for row in range(first, self.row + 1):
            for start, repeat, value, code, formula in self.line:
                for column in range(start, start + repeat):
                    if value is not None:
                        sheet.put(row, column, value, code, formula)


def _is_aside(name: str) -> bool:
    return name.endswith("\nannotation") or ":drawing:" in name


def _count(attrs: dict[str, str], key: str) -> int:
    count = digits(attrs.get(key, "1"))
    if not count:
        refuse("J510", part="content.xml", why="重复次数不正确")
    return count


def _value(attrs: dict[str, str], words: list[str] | None) -> Value:
    """What a cell holds: its value as the file tells it, else its text; None when it is empty."""
    kind, text = attrs.get("value-type", ""), "".join(words or ())
    if text.startswith(("#", "Err:")):
        return ErrorText(text)
    if kind in ("float", "percentage", "currency"):
        number = markup.parse_number(attrs.get("value", ""))
        return None if number is None else from_float(float(number))
    if kind in ("date", "time"):
        return serial_of(attrs.get(f"{kind}-value", ""))
    if kind == "boolean":
        return attrs.get("boolean-value") == "true"
    return text or attrs.get("string-value") or None
