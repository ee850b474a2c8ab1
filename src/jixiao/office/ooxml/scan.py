"""How large a worksheet part really is, by patterns over its bytes: ten times as fast as parsing it.

The patterns see at least what a parser sees (a comment may count too): a bound they confirm holds for any
reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from jixiao.office.ooxml.problems import limit, refuse
from jixiao.office.ooxml.refs import MAX_COLUMN, MAX_ROW, column_number, split_area

MAX_AREA = 20_000_000  # cells of the box from A1 to the last one, which dense readers allocate
MAX_CELLS = 2_000_000
_TAIL = 65_536  # a tag cut by the end of a piece is carried over up to this length

_PLACE = re.compile(rb"""r(?<=\sr)\s*=\s*["']([A-Za-z]*)(\d*)(&?)""")
_CELL = re.compile(rb"<c[\s/>]")
_PREFIXED = re.compile(rb"<[\w.-]+:c[\s/>]")
_MERGE = re.compile(rb"<(?:[\w.-]+:)?mergeCell\s([^<]*)")
_MERGED = re.compile(rb"""\bref\s*=\s*["']([^"']*)""")
_NOT_NUMBER = re.compile(rb"<v>\s*[-+]?(?i:nan|inf(?:inity)?)\s*</v>")
_NEGATIVE = re.compile(rb"<v>-")
_REF = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{1,3}\d{1,7})["']""")
_TYPE = re.compile(rb"""\st\s*=\s*["'](\w+)""")
_BACK = 2_000  # bytes to look back for the tag a value belongs to


class Extent:
    """What a worksheet holds: number of cells, last row and column, area of its merged ranges in cells."""

    __slots__ = ("cells", "column", "merged", "name", "row")

    def __init__(self, name: str) -> None:
        self.name = name
        self.cells = self.row = self.column = self.merged = 0

    @property
    def area(self) -> int:
        """Cells of the box from A1 to the last row and column."""
        return self.row * self.column

    def feed(self, data: bytes) -> None:
        """Count one piece of the part; Refused or LimitReached as soon as a bound is passed."""
        self.cells += len(_CELL.findall(data))
        if b":c" in data:
            self.cells += len(_PREFIXED.findall(data))
        places = _PLACE.findall(data)
        if places:
            letters, rows, entities = map(set, zip(*places, strict=True))
            if b"&" in entities:
                refuse("J521", sheet=self.name, cell="&")
            self._extend(letters - {b""}, rows - {b""})
        for tag in _MERGE.findall(data):
            for area in _MERGED.findall(tag):
                self._merge(area.decode("ascii", "replace"))
        self._content(data)
        self.check()

    def take(self, cells: int, row: int, column: int, merged: Iterable[str]) -> Extent:
        """Note what a reader has counted; Refused or LimitReached when a bound is passed."""
        self.cells, self.row, self.column = cells, row, column
        for area in merged:
            self._merge(area)
        self.check()
        return self

    def _extend(self, letters: set[bytes], rows: set[bytes]) -> None:
        for text in (*letters, *rows):
            if len(text) > (3 if text.isalpha() else 7):
                refuse("J521", sheet=self.name, cell=text[:20].decode("ascii"))
        columns = [self.column, *(column_number(text.decode("ascii")) for text in letters)]
        numbers = [int(text) for text in rows]
        self.column, self.row = max(columns), max([self.row, *numbers])
        if self.column > MAX_COLUMN or self.row > MAX_ROW or 0 in numbers:
            refuse("J521", sheet=self.name, cell=str(0 if 0 in numbers else self.row))

    def _merge(self, text: str) -> None:
        try:
            top, left, bottom, right = split_area(text)
        except ValueError:
            refuse("J521", sheet=self.name, cell=text[:20])
        self.merged += (bottom - top + 1) * (right - left + 1)

    def _content(self, data: bytes) -> None:
        """Content that the fast readers turn into something else without a word."""
        for match in _NEGATIVE.finditer(data):
            ref, kind = _cell_before(data, match.start())
            if kind == "s":
                refuse("J524", sheet=self.name, cell=ref)
        small = data.lower()
        if b"nan" not in small and b"inf" not in small:
            return
        for match in _NOT_NUMBER.finditer(data):
            ref, kind = _cell_before(data, match.start())
            if kind == "n":
                refuse("J523", sheet=self.name, cell=ref, text=match[0][3:-4].decode("ascii"))

    def check(self) -> None:
        """LimitReached when there is more than any reader should hold."""
        if self.cells > MAX_CELLS:
            limit("J515", sheet=self.name, name=self.name, most=MAX_CELLS)
        if self.area > MAX_AREA:
            limit("J517", sheet=self.name, name=self.name, area=self.area, most=MAX_AREA)
        if self.merged > MAX_AREA:
            limit("J518", sheet=self.name, name=self.name, area=self.merged, most=MAX_AREA)


def _cell_before(data: bytes, at: int) -> tuple[str, str]:
    """(address, type) in the cell tag that a value at this byte belongs to."""
    start = data.rfind(b"<c ", max(at - _BACK, 0), at)
    tag = data[start:at] if start >= 0 else b""
    ref, kind = _REF.search(tag), _TYPE.search(tag)
    return (ref[1].decode("ascii") if ref else "?"), (kind[1].decode("ascii", "replace") if kind else "n")


def measure(chunks: Iterable[bytes], name: str) -> Extent:
    """The extent of a worksheet part that comes in pieces."""
    extent, tail = Extent(name), b""
    for chunk in chunks:
        window = tail + chunk
        cut = window.rfind(b"<")
        if len(window) - cut > _TAIL:
            cut = len(window) - 64
        extent.feed(window[:cut])
        tail = window[cut:]
    extent.feed(tail)
    return extent
