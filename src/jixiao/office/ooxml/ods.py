"""How large the tables of an .ods package are: a repeat count makes few bytes stand for billions of cells."""

from __future__ import annotations

from collections.abc import Iterable
from xml.parsers import expat

from jixiao.office.ooxml.problems import limit, refuse
from jixiao.office.ooxml.refs import digits
from jixiao.office.ooxml.scan import MAX_AREA, MAX_CELLS, Extent
from jixiao.office.ooxml.spans import read_along

_CELLS = ("table-cell", "covered-table-cell")


class Tables:
    """Handlers that measure the tables of content.xml; empty cells repeated at the end count for nothing."""

    def __init__(self) -> None:
        self.extents: list[Extent] = []
        self.open: list[Extent] = []
        self.names: set[str] = set()
        self.row = self.row_repeat = self.column = self.last = self.filled = 0
        self.cell_repeat, self.has_value = 0, False

    def on_start(self, name: str, attrs: dict[str, str]) -> None:
        """Expat: an element begins."""
        local = name.rpartition("\n")[2]
        short = {key.rpartition("\n")[2]: value for key, value in attrs.items()}
        if local == "table":
            self._table(short.get("name", ""))
        elif local == "table-row":
            self.row_repeat = self._count(short, "number-rows-repeated")
            self.column = self.last = self.filled = 0
        elif local in _CELLS:
            self.cell_repeat = self._count(short, "number-columns-repeated")
            self.has_value = "value-type" in short or "formula" in short
        elif local == "p":
            self.has_value = True

    def _table(self, name: str) -> None:
        if len(self.open) == 0:
            if name.lower() in self.names:
                refuse("J516", name=name)
            self.names.add(name.lower())
        self.open.append(Extent(name))
        self.row = 0

    def _count(self, attrs: dict[str, str], key: str) -> int:
        count = digits(attrs.get(key, "1"))
        if not count:
            refuse("J510", part="content.xml", why="重复次数不正确")
        return count

    def on_end(self, name: str) -> None:
        """Expat: an element ends."""
        local = name.rpartition("\n")[2]
        if local in _CELLS:
            self.column += self.cell_repeat
            if self.has_value:
                self.last, self.filled = self.column, self.filled + self.cell_repeat
            self.has_value = False
        elif local == "table-row" and self.open:
            extent = self.open[-1]
            self.row += self.row_repeat
            if self.last:
                extent.row, extent.column = self.row, max(extent.column, self.last)
                extent.cells += self.filled * self.row_repeat
                self._check(extent)
        elif local == "table" and self.open:
            self.extents.append(self.open.pop())

    def _check(self, extent: Extent) -> None:
        if extent.area > MAX_AREA:
            limit("J532", name=extent.name, area=extent.area, most=MAX_AREA)
        if extent.cells > MAX_CELLS:
            limit("J515", name=extent.name, most=MAX_CELLS)


def measure_tables(chunks: Iterable[bytes]) -> list[Extent]:
    """The extent of every table of content.xml, which comes in pieces; Refused when it is not well-formed."""
    tables = Tables()
    parser = expat.ParserCreate("utf-8", "\n")
    parser.StartElementHandler, parser.EndElementHandler = tables.on_start, tables.on_end
    for _ in read_along(parser, chunks, "content.xml"):
        pass
    return tables.extents
