"""What a worksheet part holds: its cells with the bytes they stand in. The only reader of such parts.

``read_plain`` looks whether the part is *plain*: every byte of its ``<sheetData>`` is one of the spellings that
programs write, checked by patterns, and everything around it satisfies the parser. A plain part costs a tenth, and a
cell that nobody asks for costs nothing. Nothing is guessed: one comment, CDATA section, rich text, blank between tags,
missing address, doubled cell or attribute out of order, and the whole part goes to the parser, which reads (or
refuses) it. So both ways see the same cells.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Literal, NamedTuple
from xml.parsers import expat

from jixiao.model import Stop
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
MAX_PLAIN = 8_000_000  # bytes; a plain part is held whole, with the places of its rows


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
    _check_extent(sheet, reader.last, reader.letters, grid.merged)
    return grid


def _check_extent(sheet: str, row: int, letters: Iterable[str], merged: Iterable[str]) -> None:
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


_START, _END = b"<sheetData>", b"</sheetData>"
_ANY = rb'="[^"<&\x00-\x1f]*+"'  # an attribute's value
# character data: no markup, nothing that XML forbids or turns into something else (CR), the five named entities
_TEXT = rb"(?:[^<>&\x00-\x08\x0b-\x1f]++|&(?:amp|lt|gt|quot|apos);)*+"
_ROW_ATTRIBUTES = b"".join(
    b"(?: %s%s)?+" % (name, _ANY)
    for name in (
        b"spans", b"s", b"customFormat", b"ht", b"hidden", b"customHeight", b"outlineLevel", b"collapsed", b"thickTop",
        b"thickBot", b"ph", b"x14ac:dyDescent",
    )
)  # fmt: skip
_COLUMN = rb"(?:[A-Z]{1,2}|[A-W][A-Z]{2}|X[A-E][A-Z]|XF[A-D])"
_FORMULA = (
    rb'<f(?: t="shared"(?: ref="[A-Z0-9:]++")?+ si="\d{1,9}")?+(?: aca="(?:0|1|false|true)")?+(?:/>|>'
    + _TEXT
    + rb"</f>)"
)
_INLINE = rb'<is><t(?: xml:space="preserve")?+>' + _TEXT + rb"</t></is>"
_KINDS = b"|".join(
    (
        rb' t="s"(?:/>|><v>\d{1,9}</v></c>)',
        rb' t="inlineStr"(?:/>|>' + _INLINE + b"</c>)",
        rb' t="(?:str|b|e|d)"(?:/>|>(?:' + _FORMULA + b")?+(?:<v>" + _TEXT + b"</v>)?+</c>)",
        rb'(?: t="n")?+(?:/>|>(?:' + _FORMULA + rb")?+(?:<v>[-+.\deE]*+</v>)?+</c>)",
    )
)
_ROW = re.compile(
    rb'<row r="([1-9]\d{0,6})"' + _ROW_ATTRIBUTES + rb'(?:/>|>(?:<c r="' + _COLUMN + rb'\1"(?: s="\d{1,10}")?+(?:' + _KINDS
    + b"))*+</row>)"
)  # fmt: skip
_COLUMNS = re.compile(rb'<c r="([A-Z]++)')
# a value or a text that a cell holds; rows that differ only in such are looked at once. The first is fast, and right
# where nothing is held that the second leaves in the row
_HELD = re.compile(rb">([^<]++)</(?=[vt]>)")
_HELD_TEXT = re.compile(rb">((?:[^<>&\x00-\x08\x0b-\x1f]++|&(?:amp|lt|gt|quot|apos);)++)</(?=[vt]>)")
_LEFT, _NO_ENTITY = b">" + bytes(set(range(32)) - set(b"\t\n")), re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)")
_CUT, _BARE = b"\x00", b">\x00</"
"""Stands in the shape of a row where the row holds something."""
_CELL = re.compile(
    rb'<c r="([A-Z0-9]++)"(?: s="(\d++)")?+(?: t="(\w++)")?+'
    rb"(?:/>|>(?:<f([^<>]*+)>(?:([^<]*+)</f>)?+)?+(?:<v>([^<]*+)</v>|<is><t[^<>]*+>([^<]*+)</t></is>)?+</c>)"
)
_ATTRIBUTE = re.compile(r'(\w++)="([^"]*+)"')


@dataclass(slots=True)
class Shape:
    """What rows, or parts, have in common that differ only in what their cells hold.

    ``number`` (``text``) is that of a row, 0 in no known spelling. ``slots`` are the cells by address, ``holds`` says which
    of the texts held is that of a cell, ``blank`` are those that hold nothing; ``formulas`` are all, with their addresses.
    """

    number: int = 0
    text: str = ""
    columns: frozenset[bytes] = frozenset()
    slots: dict[str, Slot] = field(default_factory=dict)
    holds: dict[str, int] = field(default_factory=dict)
    blank: set[str] = field(default_factory=set)
    formulas: bytes = b""


class PlainRow(NamedTuple):
    """A row in one of the known spellings: its first byte, its bytes, its shape and what its cells hold."""

    start: int
    data: bytes
    shape: Shape
    held: list[bytes]

    def placed(self, slot: Slot) -> Slot:
        """A cell of the row with its bytes, counted from the beginning of the part."""
        match = _CELL.match(self.data, self.data.index(b'<c r="%s"' % slot.ref.encode("ascii")))
        assert match is not None  # the whole row is of such cells
        return replace(slot, start=self.start + match.start(), end=self.start + match.end())


def _slot(match: re.Match[bytes]) -> Slot:
    ref, style, kind, attributes, formula, value, inline = [
        None if piece is None else plain_text(piece) for piece in match.groups()
    ]
    slot = Slot(ref or "", 0, kind or "n", int(style or 0), 0, value=value, plain=inline)
    if attributes is not None:
        slot.f_attrs, slot.formula = dict(_ATTRIBUTE.findall(attributes)), formula or ""
    return slot


@dataclass(slots=True)
class Plain:
    """A plain part: ``outline`` is what stands around the cells, ``held`` what the cells of the shape hold."""

    data: bytes
    outline: Grid
    shape: Shape
    held: list[bytes]
    _rows: dict[str, PlainRow] | None = None
    _known: dict[str, Slot] = field(default_factory=dict)

    @property
    def rows(self) -> dict[str, PlainRow]:
        """Its rows by number."""
        if self._rows is None:
            self._rows = _rows(self.data)
        assert self._rows is not None  # else it would not be plain
        return self._rows

    def slot(self, ref: str) -> Slot | None:
        """What the part holds of the cell at an address (``B12``), or None; where its bytes are says ``placed``."""
        at = self.shape.holds.get(ref)
        if at is None:
            return self.shape.slots.get(ref)
        if ref not in self._known:
            bare, text = self.shape.slots[ref], plain_text(self.held[at])
            value, plain = (None, text) if bare.plain is not None else (text, None)
            self._known[ref] = Slot(
                ref, 0, bare.kind, bare.style, 0, bare.f_attrs, bare.formula, value, plain
            )
        return self._known[ref]

    def placed(self, refs: Iterable[str]) -> dict[str, Slot]:
        """Those of some cells that the part holds, with their bytes counted from its beginning."""
        found = ((self.slot(ref), ref.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) for ref in refs)
        return {slot.ref: self.rows[row].placed(slot) for slot, row in found if slot is not None}


def plain_text(data: bytes) -> str:
    """What the bytes of a plain part say as text."""
    text = data.decode("utf-8")
    return markup.resolved(text) if "&" in text else text


def read_plain(data: bytes, sheet: str) -> Plain | None:
    """The part as a plain one, or None where only the parser may say what it holds."""
    start = data.find(_START)
    if start < 0 or len(data) > MAX_PLAIN or _CUT in data:
        return None
    pieces, texts = _split(data)
    if not _is_text(b"\n".join(texts)):
        return None
    known = _parts.pop((sheet, len(pieces)), [])
    found = next((one for one in known if one[0] == pieces), None)
    if found is None:
        rows = _rows(data)
        if rows is None or sum(len(row.held) for row in rows.values()) != len(texts):
            return None  # the second: something around the cells looks like what a cell holds
        outline = _outline(data, rows, sheet)
        if outline is None:
            return None
        found = pieces, outline, _together(rows.values())
    _parts[sheet, len(pieces)] = [found, *(one for one in known if one is not found)][:ALIKE]
    while len(_parts) > PARTS:
        del _parts[next(iter(_parts))]
    return Plain(data, found[1], found[2], texts)


ALIKE, PARTS = 8, 64
"""Of so many shapes of one part, and of so many parts, the structure is remembered: workbooks of one rubric share it."""
_parts: dict[tuple[str, int], list[tuple[list[bytes], Grid, Shape]]] = {}


def _split(data: bytes) -> tuple[list[bytes], list[bytes]]:
    """What stands around that which cells hold, and what they hold."""
    pieces = _HELD.split(data)
    texts = b"\n".join(pieces[1::2])
    if len(texts.translate(None, _LEFT)) != len(texts) or _NO_ENTITY.search(texts):
        pieces = _HELD_TEXT.split(data)
    return pieces[::2], pieces[1::2]


def _together(rows: Iterable[PlainRow]) -> Shape:
    made, formulas, held = Shape(), hashlib.sha256(), 0
    for row in rows:
        made.slots |= row.shape.slots
        made.holds |= {ref: held + at for ref, at in row.shape.holds.items()}
        made.blank |= row.shape.blank
        formulas.update(row.shape.formulas)
        held += len(row.held)
    made.formulas = formulas.digest()
    return made


def _rows(data: bytes) -> dict[str, PlainRow] | None:
    """The rows of a plain part, by number; None where one is in another spelling, or where there are too many."""
    rows: dict[str, PlainRow] = {}
    cells, last, at = 0, 0, data.find(_START) + len(_START)
    while data.startswith(b"<row ", at):
        text = data[at : _row_end(data, at)]
        pieces, held = _split(text)
        shape = _shape(_BARE.join(pieces))
        if not last < shape.number <= MAX_ROW:  # a row that stands twice is the parser's to refuse
            return None
        rows[shape.text] = PlainRow(at, text, shape, held)
        cells += len(shape.slots)
        last, at = shape.number, at + len(text)
    return rows if data.startswith(_END, at) and cells <= MAX_CELLS else None


def _row_end(data: bytes, at: int) -> int:
    """Where the row that begins at a byte ends, if it is one."""
    tag = data.find(b">", at)
    return tag + 1 if data[tag - 1 : tag] == b"/" else data.find(b"</row>", tag) + len(b"</row>")


@markup.remembered(4096, 16_000)
def _shape(data: bytes) -> Shape:
    match = _ROW.fullmatch(data.replace(_CUT, b"0"))
    if match is None or not _is_text(data):
        return Shape()
    made, cut, formulas = Shape(int(match[1]), match[1].decode("ascii")), 0, list[bytes]()
    for cell in _CELL.finditer(data):
        slot = _slot(cell)
        if slot.ref in made.slots:
            return Shape()  # the parser's to refuse
        made.slots[slot.ref] = slot
        if _CUT in cell[0]:
            made.holds[slot.ref], cut = cut, cut + 1
        if slot.value is slot.formula is slot.plain is None:
            made.blank.add(slot.ref)
        if slot.formula is not None:
            formulas.append(b"<%s%s>%s" % (cell[1], cell[4], cell[5] or b""))
    made.columns, made.formulas = frozenset(_COLUMNS.findall(data)), b"".join(formulas)
    return made


def _is_text(data: bytes) -> bool:
    """Whether the bytes are UTF-8 without the two non-characters that XML excludes."""
    if data.isascii():
        return True
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\xef\xbf\xbe" not in data and b"\xef\xbf\xbf" not in data


def _outline(data: bytes, rows: dict[str, PlainRow], sheet: str) -> Grid | None:
    """The part without its cells, read by the parser: well-formed, and the one sheetData where it was found."""
    start = data.find(_START)
    end = start + len(_START) + sum(len(row.data) for row in rows.values()) + len(_END)
    # the attribute makes the parser check that the one prefix that rows may use is declared
    probe = b' x14ac:dyDescent="0"/>' if b" x14ac:" in data[start:end] else b"/>"
    try:
        outline = _around(b"%s<sheetData%s%s" % (data[:start], probe, data[end:]))
    except Stop:
        return None  # the parser says of the whole part what is wrong, and where
    if outline.data[0] != start or outline.slots or outline.rows:
        return None
    columns = frozenset[bytes]().union(*{row.shape.columns for row in rows.values()})
    letters = [column.decode("ascii") for column in columns]
    _check_extent(sheet, int(next(reversed(rows), "0")), letters, ())
    return outline


@markup.remembered(64, 128_000)
def _around(data: bytes) -> Grid:
    return read_grid(data, "")
