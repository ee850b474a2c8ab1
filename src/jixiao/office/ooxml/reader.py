"""One pass over a worksheet part: every cell's content and the bytes it stands in."""

from __future__ import annotations

from collections.abc import Callable
from xml.parsers import expat

from jixiao.office.ooxml import spans
from jixiao.office.ooxml.cells import Grid, Row, Slot
from jixiao.office.ooxml.problems import limit, refuse
from jixiao.office.ooxml.refs import MAX_ROW, digits, join_ref, split_area, split_ref

TRANSITIONAL = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
MAX_CELLS = 500_000  # of one sheet held in memory, about 400 bytes each


class Reader:
    """The handlers of the pass; ``grid`` is what it leaves."""

    def __init__(self, data: bytes, sheet: str) -> None:
        self.data, self.sheet = data, sheet
        self.grid = Grid()
        self.slots = self.grid.slots
        self.row: Row | None = None
        self.slot: Slot | None = None
        self.pieces: list[str] = []
        self.phonetic = 0
        self.number = 0
        self.parser = expat.ParserCreate("utf-8", "\n")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.on_root
        self.parser.StartDoctypeDeclHandler = spans.refuse_doctype
        self.parser.CharacterDataHandler = self.pieces.append
        self.starts: dict[str, Callable[[dict[str, str]], None]] = {}
        self.ends: dict[str, Callable[[], None]] = {}

    def on_root(self, name: str, attrs: dict[str, str]) -> None:
        """Bind the handlers to the namespace of the part: transitional or strict."""
        space, _, local = name.rpartition("\n")
        if local != "worksheet" or space not in (TRANSITIONAL, STRICT):
            refuse("J520", sheet=self.sheet, name=self.sheet)
        begin = {
            "c": self.on_cell,
            "f": self.on_formula,
            "t": self.on_inline,
            "row": self.on_row,
            "rPh": self.on_phonetic,
            "sheetData": self.on_data,
            "mergeCell": self.on_merge,
            "col": self.on_column,
            "dimension": self.on_dimension,
        }
        finish = {
            "c": self.end_cell,
            "v": self.end_value,
            "f": self.end_formula,
            "t": self.end_inline,
            "row": self.end_row,
            "rPh": self.end_phonetic,
            "sheetData": self.end_data,
        }
        starts = self.starts = {f"{space}\n{key}": value for key, value in begin.items()}
        ends = self.ends = {f"{space}\n{key}": value for key, value in finish.items()}

        value, pieces = f"{space}\nv", self.pieces

        def on_start(name: str, attrs: dict[str, str]) -> None:
            if name == value:  # every second element of a sheet
                pieces.clear()
            elif name in starts:
                starts[name](attrs)

        def on_end(name: str) -> None:
            if name in ends:
                ends[name]()

        self.parser.StartElementHandler, self.parser.EndElementHandler = on_start, on_end

    def on_row(self, attrs: dict[str, str]) -> None:
        number = digits(attrs["r"]) if "r" in attrs else self.number + 1
        if number is None or not 1 <= number <= MAX_ROW:
            refuse("J521", sheet=self.sheet, cell=attrs.get("r", "")[:20])
        self.number = number
        self.row = Row(self.number, attrs, self.parser.CurrentByteIndex)

    def end_row(self) -> None:
        if self.row is not None:
            row = self.row
            row.close, row.end = self.closing(row.start)
            self.grid.rows.append(row)
            self.row = None

    def closing(self, start: int) -> tuple[int, int]:
        """(first, last + 1) byte of the end tag that the parser is at."""
        return spans.closing(self.data, spans.tag_end(self.data, start), self.parser.CurrentByteIndex)

    def on_cell(self, attrs: dict[str, str]) -> None:
        row = self.row
        if row is None:
            return
        ref = self.address(attrs.get("r"), row)
        style = digits(attrs["s"]) if "s" in attrs else 0
        if style is None:
            refuse("J521", sheet=self.sheet, cell=ref)
        self.slot = slot = Slot(ref, self.parser.CurrentByteIndex, attrs.get("t", "n"), style)
        if self.slots.setdefault(ref, slot) is not slot:
            refuse("J522", sheet=self.sheet, cell=ref)
        row.slots.append(slot)

    def address(self, ref: str | None, row: Row) -> str:
        """The cell's address; one that is missing follows the cell before it."""
        if ref is None:
            before = split_ref(row.slots[-1].ref)[1] if row.slots else 0
            try:
                return join_ref(row.number, before + 1)
            except ValueError:
                refuse("J521", sheet=self.sheet, cell=str(row.number))
        if ref.endswith(row.text):
            letters = ref[: -len(row.text)]
            in_grid = len(letters) < 3 or (len(letters) == 3 and letters.upper() <= "XFD")
            if in_grid and letters.isalpha() and letters.isascii():
                return ref if letters.isupper() else ref.upper()
        return refuse("J521", sheet=self.sheet, cell=ref[:20])

    def end_cell(self) -> None:
        slot = self.slot
        if slot is not None:
            if slot.value is None:
                slot.end = self.closing(slot.start)[1]
            else:  # a cell with content has an end tag: no need to look for the start tag's end
                slot.end = self.data.index(b">", self.parser.CurrentByteIndex) + 1
            self.slot = None
            if len(self.slots) > MAX_CELLS:
                limit("J515", sheet=self.sheet, name=self.sheet, most=MAX_CELLS)

    def end_value(self) -> None:
        if self.slot is not None:
            self.slot.value = "".join(self.pieces)

    def on_formula(self, attrs: dict[str, str]) -> None:
        self.pieces.clear()
        if self.slot is None:
            return
        self.slot.f_attrs = attrs
        kind = attrs.get("t")
        if kind == "shared":
            number = digits(attrs.get("si"))
            if number is None:
                refuse("J521", sheet=self.sheet, cell=self.slot.ref)
            self.grid.shared[number] = self.grid.shared.get(number, 0) + 1
        elif kind in ("array", "dataTable"):
            try:
                self.grid.arrays.append(split_area(attrs.get("ref", self.slot.ref)))
            except ValueError:
                refuse("J521", sheet=self.sheet, cell=self.slot.ref)

    def end_formula(self) -> None:
        if self.slot is not None:
            self.slot.formula = "".join(self.pieces)

    def on_inline(self, _: dict[str, str]) -> None:
        self.pieces.clear()

    def end_inline(self) -> None:
        if self.slot is not None and not self.phonetic:
            self.slot.plain = (self.slot.plain or "") + "".join(self.pieces)

    def on_phonetic(self, _: dict[str, str]) -> None:
        self.phonetic += 1

    def end_phonetic(self) -> None:
        self.phonetic -= 1

    def on_data(self, _: dict[str, str]) -> None:
        self.grid.data = (self.parser.CurrentByteIndex, 0, 0)

    def end_data(self) -> None:
        start = self.grid.data[0]
        self.grid.data = (start, *self.closing(start))

    def on_merge(self, attrs: dict[str, str]) -> None:
        self.grid.merged.append(attrs.get("ref", ""))

    def on_column(self, attrs: dict[str, str]) -> None:
        first, last, style = (digits(attrs.get(key, "0")) for key in ("min", "max", "style"))
        if first is not None and last is not None and style is not None:
            self.grid.columns.append((first, last, style))

    def on_dimension(self, attrs: dict[str, str]) -> None:
        self.grid.dimension = (self.parser.CurrentByteIndex, attrs.get("ref", ""))


def read_grid(data: bytes, sheet: str) -> Grid:
    """Parse a worksheet part (UTF-8); Refused when damaged, LimitReached when it has too many cells."""
    reader = Reader(data, sheet)
    spans.run(reader.parser, data, sheet)
    if reader.grid.data[2] == 0:
        refuse("J520", sheet=sheet, name=sheet)
    return reader.grid
