"""HTML tables saved as .xls -> Book: all tables of the page one below another on one sheet, as Excel shows them."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import PurePath

from jixiao.model import LimitReached, Refused
from jixiao.office.readers.encoding import text_of
from jixiao.office.sheet import Book, SourceCell, SourceSheet, Span, a1, nothing_hidden
from jixiao.text import from_machine

MAX_CELLS, MAX_SPAN, MAX_DEPTH = 400_000, 1_000, 40
_SKIPPED = ("script", "style", "title", "xml")
_BREAKS = ("br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "caption")


def read(data: bytes, file: str, sha256: str) -> Book:
    """Read an HTML page; Refused when it holds no table, LimitReached when it is too large."""
    text = text_of(data, markup=True)
    if text is None:
        raise Refused("J101", file=file, why="不是已知编码的网页")
    page = _Page(file)
    page.feed(text)
    page.close()
    page.paragraph()
    if not page.tables:
        raise Refused("J106", file=file, why="网页中没有表格")
    sheet = SourceSheet(file, sha256, PurePath(file).stem[:31], cells=page.cells)
    sheet.merged = [f"{a1(top, left)}:{a1(bottom, right)}" for top, left, bottom, right in page.spans]
    return Book(file, [sheet], [page.spans], nothing_hidden, typed=False)


class _Table:
    """One open table: the row being filled and the places covered by row spans."""

    def __init__(self, top: int) -> None:
        self.row, self.column = top - 1, 0
        self.covered: set[tuple[int, int]] = set()
        self.last = top - 1


class _Page(HTMLParser):
    """Collects cells by place; text outside tables becomes a row of its own."""

    def __init__(self, file: str) -> None:
        super().__init__(convert_charrefs=True)
        self.file = file
        self.cells: dict[tuple[int, int], SourceCell] = {}
        self.spans: list[Span] = []
        self.tables = 0
        self.bottom = 0
        self.open: list[_Table] = []
        self.cell: Span | None = None
        self.number: str | None = None
        self.words: list[str] = []
        self.skipping = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
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
            self._cell(dict(attrs))
        elif tag in _BREAKS and self.cell is not None:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
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

    def handle_data(self, data: str) -> None:
        """Keep the text of the open cell, or of the paragraph between tables."""
        if not self.skipping and (self.cell is not None or not self.open):
            self.words.append(data)

    def paragraph(self) -> None:
        """Text between tables takes a row of its own, so that titles and units there are seen."""
        text, self.words = "".join(self.words).strip(), []
        if text:
            self.bottom += 1
            self.cells[self.bottom, 1] = SourceCell(text)

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

    def _cell(self, attributes: dict[str, str | None]) -> None:
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
        if len(self.cells) + len(table.covered) > MAX_CELLS:
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
            self.cells[top, left] = SourceCell(text if exact is None else exact)
        if (bottom, right) != (top, left):
            self.spans.append(self.cell)
        self.cell, self.number, self.words = None, None, []


def _count(text: str | None) -> int:
    return min(int(text), MAX_SPAN) if text and text.isdigit() and len(text) < 6 and int(text) > 0 else 1
