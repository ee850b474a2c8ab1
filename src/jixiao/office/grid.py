"""What a worksheet part holds: its cells with the bytes they stand in, as the parser reads it. ``plain`` is its quick side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Literal
from xml.parsers import expat

from jixiao.office import markup
from jixiao.office.formats import format_kind, shown_by
from jixiao.office.problems import limit, refuse
from jixiao.office.refs import MAX_ROW, column_number, digits, join_ref, split_area, split_ref

if TYPE_CHECKING:
    from jixiao.text import Quantity

TRANSITIONAL = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
TRUE = ("1", "true")
MAX_CELLS = 500_000  # of one sheet held in memory, about 400 bytes each
MAX_SEEN = 2_000_000  # of one sheet, empty ones that only have a format among them
MAX_AREA = 20_000_000  # cells of the box from A1 to the last one, which other readers allocate


class ErrorText(str):
    """An error value of a cell, ``#REF!`` and its kin: written as an error, never as text."""

    __slots__ = ()


class Unread(Enum):
    """``UNREAD``: nobody has asked yet what a cell means."""

    UNREAD = "unread"


Value = Decimal | str | bool | None
CellKind = Literal["blank", "number", "percent", "date", "text", "truth", "error"]


@dataclass(slots=True)
class Cell:
    """One cell as it stands in a file, whatever the file is.

    ``value`` is an exact decimal (dates are serial numbers), text, truth value, or None when empty or not
    calculated; errors are an ``ErrorText`` and set ``error``. ``formula`` is None for a plain cell, else
    its text without ``=``; it is ``""`` where the text stands in the first cell of a shared formula,
    which ``shared`` numbers and ``master`` marks. ``style`` is an index into the cell formats, ``format`` the
    number format that a typed sheet gives.
    ``meant`` is the exact number of a text cell that stands where a table has numbers.
    """

    ref: str
    value: Value
    formula: str | None = None
    style: int = 0
    error: bool = False
    shared: int | None = None
    master: bool = False
    format: str = ""
    meant: Decimal | None = None

    @property
    def kind(self) -> CellKind:
        """What the cell holds; a number is a percent or a date where its format shows it so."""
        if self.error or self.value is None:
            return "error" if self.error else "blank"
        if isinstance(self.value, Decimal):
            return format_kind(self.format)
        return "text" if isinstance(self.value, str) else "truth"

    @property
    def number(self) -> Decimal | None:
        """The number as a person typed it (Excel may store 0.29 as 0.28999999999999998), else None."""
        return markup.as_typed(self.value) if isinstance(self.value, Decimal) else None

    @property
    def quantity(self) -> Quantity:
        """What the cell says as a quantity: by its text, or by its number and what the number format makes of it."""
        from jixiao.text import read_quantity  # not loaded to score

        if isinstance(self.value, Decimal):
            shown, unit = shown_by(self.format)
            return read_quantity(self.value, shown=shown, unit=unit)
        return read_quantity(self.value)


@dataclass(slots=True)
class Slot:
    """What the part holds of one cell, undecoded, and where (bytes ``start`` to ``end``)."""

    ref: str
    start: int
    kind: str
    style: int
    end: int = 0
    f_attrs: dict[str, str] | None = None
    formula: str | None = None
    value: str | None = None
    plain: str | None = None
    known: Value | Unread = Unread.UNREAD


@dataclass(slots=True)
class Row:
    """One ``<row>``: its number, attributes and first byte, then its cells in order and its end."""

    number: int
    attrs: dict[str, str]
    start: int
    text: str
    slots: list[Slot] = field(default_factory=list)
    close: int = 0
    end: int = 0


@dataclass(slots=True)
class Aside:
    """An element beside the cells: its name (its namespace in front where it is another one), attributes and text."""

    name: str
    attrs: dict[str, str]
    text: str = ""


@dataclass(slots=True)
class Grid:
    """A parsed worksheet part. ``columns`` are the attributes of each ``<col>``, ``asides`` what else is beside the cells."""

    rows: list[Row] = field(default_factory=list)
    slots: dict[str, Slot] = field(default_factory=dict)
    merged: list[str] = field(default_factory=list)
    arrays: list[tuple[int, int, int, int]] = field(default_factory=list)
    columns: list[dict[str, str]] = field(default_factory=list)
    dimension: tuple[int, str] | None = None  # byte of the tag, area
    data: tuple[int, int, int] = (0, 0, 0)  # sheetData: start, byte of the end tag, end
    shared: dict[int, int] = field(default_factory=dict)  # shared formula: how many cells use it
    asides: list[Aside] = field(default_factory=list)


def decode(slot: Slot, strings: Callable[[], Sequence[str]], sheet: str) -> Cell:
    """The cell a slot means; Refused when its content is not what its type announces."""
    value = slot.known
    if isinstance(value, Unread):
        value = _value(slot, strings, sheet)
        if slot.kind != "s":  # a shared string is another one in another workbook
            slot.known = value
    cell = Cell(slot.ref, value, slot.formula, slot.style, isinstance(value, ErrorText))
    attrs = slot.f_attrs
    if attrs and attrs.get("t") == "shared":
        cell.shared, cell.master = int(attrs["si"]), "ref" in attrs
    return cell


def _value(slot: Slot, strings: Callable[[], Sequence[str]], sheet: str) -> Value:
    kind, text = slot.kind, slot.value
    if kind == "inlineStr":
        return markup.unescape(slot.plain) if slot.plain is not None else None
    if text is None or (text == "" and kind != "str"):
        return None
    if kind == "s":
        table = strings()
        if not text.strip().isdecimal() or int(text) >= len(table):
            refuse("J524", sheet=sheet, cell=slot.ref)
        return table[int(text)]
    if kind in ("str", "d"):
        return markup.unescape(text)
    if kind == "e":
        return ErrorText(text)
    if kind == "b":
        if text.strip() not in ("0", "1", "true", "false"):
            refuse("J523", sheet=sheet, cell=slot.ref, text=text[:40])
        return text.strip() in ("1", "true")
    number = markup.parse_number(text) if kind == "n" else None
    if number is None:
        refuse("J523", sheet=sheet, cell=slot.ref, text=text[:40])
    return number


def is_worksheet(head: bytes) -> bool:
    """Whether a part that begins so is a worksheet; chart sheets are none."""
    return b"worksheet" in head[:4096].replace(b"\x00", b"")


def read_grid(data: bytes, sheet: str, *, lean: bool = False) -> Grid:
    """A worksheet part (UTF-8) with every cell; ``lean`` leaves out cells and rows that hold nothing.

    Refused when damaged, LimitReached when it holds more than any reader should.
    """
    reader = _Reader(data, sheet, lean)
    markup.run(reader.parser, data, sheet)
    grid = reader.grid
    if grid.data[2] == 0:
        refuse("J520", sheet=sheet, name=sheet)
    check_extent(sheet, reader.last, reader.letters, grid.merged)
    return grid


def check_extent(sheet: str, row: int, letters: Iterable[str], merged: Iterable[str]) -> None:
    """LimitReached for cells too far apart or merged areas too large; Refused for an area that is none."""
    column = max(map(column_number, letters), default=0)
    if row * column > MAX_AREA:
        limit("J517", sheet=sheet, name=sheet, area=row * column, most=MAX_AREA)
    covered = 0
    for text in merged:
        try:
            top, left, bottom, right = split_area(text)
        except ValueError:
            refuse("J521", sheet=sheet, cell=text[:20])
        covered += (bottom - top + 1) * (right - left + 1)
    if covered > MAX_AREA:
        limit("J518", sheet=sheet, name=sheet, area=covered, most=MAX_AREA)


class _Reader:
    """The handlers of the parser; ``grid`` is what they leave, ``last`` and ``letters`` how far it reaches."""

    def __init__(self, data: bytes, sheet: str, lean: bool) -> None:
        self.data, self.sheet, self.lean = data, sheet, lean
        self.grid = Grid()
        self.slots = self.grid.slots
        self.row: Row | None = None
        self.slot: Slot | None = None
        self.pieces: list[str] = []
        self.letters: set[str] = set()
        self.phonetic = self.number = self.last = self.seen = 0
        self.parser = expat.ParserCreate("utf-8", "\n")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.on_root
        self.parser.CharacterDataHandler = self.pieces.append

    def on_root(self, name: str, attrs: dict[str, str]) -> None:
        """Bind the handlers to the namespace of the part: transitional or strict."""
        space, _, local = name.rpartition("\n")
        if local != "worksheet" or space not in (TRANSITIONAL, STRICT):
            refuse("J520", sheet=self.sheet, name=self.sheet)
        self.space = f"{space}\n"
        self.parser.StartElementHandler, self.parser.EndElementHandler = self.on_start, self.on_end

    def on_start(self, name: str, attrs: dict[str, str]) -> None:
        match name.removeprefix(self.space):
            case "c":
                self.on_cell(attrs)
            case "v" | "t":
                self.pieces.clear()
            case "f":
                self.on_formula(attrs)
            case "row":
                self.on_row(attrs)
            case "rPh":
                self.phonetic += 1
            case "sheetData":
                self.grid.data = (self.parser.CurrentByteIndex, 0, 0)
            case aside if self.row is None:
                self.on_aside(aside, attrs)

    def on_aside(self, name: str, attrs: dict[str, str]) -> None:
        match name:
            case "mergeCell":
                self.grid.merged.append(attrs.get("ref", ""))
            case "col":
                self.grid.columns.append(attrs)
            case "dimension":
                self.grid.dimension = (self.parser.CurrentByteIndex, attrs.get("ref", ""))
            case _:
                self.pieces.clear()
                self.grid.asides.append(Aside(name, attrs))

    def on_end(self, name: str) -> None:
        slot = self.slot
        match name.removeprefix(self.space):
            case "c" if slot is not None:
                self.end_cell(slot)
            case "v" if slot is not None:
                slot.value = "".join(self.pieces)
            case "f" if slot is not None:
                slot.formula = "".join(self.pieces)
            case "t" if slot is not None and not self.phonetic:
                slot.plain = (slot.plain or "") + "".join(self.pieces)
            case "row" if self.row is not None:
                self.end_row(self.row)
            case "rPh":
                self.phonetic -= 1
            case "sheetData":
                start = self.grid.data[0]
                self.grid.data = (start, *self.closing(start))
            case aside if self.row is None and self.grid.asides and self.grid.asides[-1].name == aside:
                self.grid.asides[-1].text = "".join(self.pieces)

    def on_row(self, attrs: dict[str, str]) -> None:
        number = digits(attrs["r"]) if "r" in attrs else self.number + 1
        if number is None or not 1 <= number <= MAX_ROW:
            refuse("J521", sheet=self.sheet, cell=attrs.get("r", "")[:20])
        self.number, self.last = number, max(number, self.last)
        self.row = Row(number, attrs, self.parser.CurrentByteIndex, str(number))
        if len(self.grid.rows) > MAX_ROW:
            limit("J515", sheet=self.sheet, name=self.sheet, most=MAX_ROW)

    def end_row(self, row: Row) -> None:
        self.row = None
        if row.slots or "hidden" in row.attrs or not self.lean:
            row.close, row.end = self.closing(row.start)
            self.grid.rows.append(row)

    def closing(self, start: int) -> tuple[int, int]:
        """(first, last + 1) byte of the end tag that the parser is at."""
        return markup.closing(self.data, markup.tag_end(self.data, start), self.parser.CurrentByteIndex)

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
                ref = join_ref(row.number, before + 1)
            except ValueError:
                refuse("J521", sheet=self.sheet, cell=str(row.number))
        if ref.endswith(row.text):
            letters = ref[: -len(row.text)].upper()
            in_grid = len(letters) < 3 or (len(letters) == 3 and letters <= "XFD")
            if in_grid and letters.isalpha() and letters.isascii():
                self.letters.add(letters)
                return letters + row.text
        return refuse("J521", sheet=self.sheet, cell=ref[:20])

    def end_cell(self, slot: Slot) -> None:
        if slot.value is None:
            slot.end = self.closing(slot.start)[1]
        else:  # a cell with content has an end tag: no need to look for the start tag's end
            slot.end = self.data.index(b">", self.parser.CurrentByteIndex) + 1
        self.slot = None
        self.seen += 1
        if self.lean and slot.value is None and slot.formula is None and slot.plain is None and self.row:
            del self.slots[slot.ref]
            self.row.slots.pop()
        if len(self.slots) > MAX_CELLS or self.seen > MAX_SEEN:
            most = MAX_SEEN if self.seen > MAX_SEEN else MAX_CELLS
            limit("J515", sheet=self.sheet, name=self.sheet, most=most)

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
