"""The quick reader of worksheet parts.

It looks whether the part is *plain*: every byte of its ``<sheetData>`` is one of the spellings that programs write,
checked by patterns, and everything around it satisfies the parser. A plain part costs a tenth, a cell that nobody asks
for costs nothing, and parts that differ only in what their cells hold are taken apart once. Nothing is guessed: one
comment, CDATA section, rich text, blank between tags, missing address, doubled cell or attribute out of order, and the
whole part goes to the parser, which reads (or refuses) it. So both ways see the same cells.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import NamedTuple

from jixiao.model import Stop, Value
from jixiao.office import markup
from jixiao.office.grid import MAX_CELLS, Grid, Slot, check_extent, read_grid
from jixiao.office.refs import MAX_ROW

MAX_PLAIN = 8_000_000  # bytes; a plain part is held whole
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


@dataclass(eq=False)
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

    @functools.cached_property
    def live(self) -> dict[str, list[tuple[str, int]]]:
        """The cells whose formula gave something, with which of the texts that is, by their kind."""
        made: dict[str, list[tuple[str, int]]] = {"n": [], "str": []}
        for ref, at in self.holds.items():
            if self.slots[ref].formula is not None:
                made.setdefault(self.slots[ref].kind, []).append((ref, at))
        return made


class PlainRow(NamedTuple):
    """A row in one of the known spellings: its first byte, its bytes, its shape and what its cells hold."""

    start: int
    data: bytes
    shape: Shape
    held: list[bytes]

    @property
    def line(self) -> Line:
        """What it says."""
        return _line(self.data)

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


# each cell of a row that holds something: address, style, kind, whether by a formula, formula, value, own text
_EACH = re.compile(
    r'<c r="([A-Z]+\d+)"(?: s="(\d+)")?(?: t="(\w+)")?>(<f[^<>]*>)?(?:([^<]*)</f>)?'
    r"(?:<v>([^<]*)</v>|<is><t[^<>]*>([^<]*)</t></is>)?</c>"
)
_RESULT = re.compile(rb"(<f[^<>]*/>|</f>)<v>[^<]*</v>")


class Content(NamedTuple):
    """A cell that holds something, as its part writes it, entities and all: cheap where thousands are looked at.

    ``style`` is empty for the first one; ``kind`` as in the file (``s``: ``value`` numbers a shared text); ``live`` is the
    tag of its formula, empty for a plain cell; ``own`` a text that stands in the cell.
    """

    ref: str
    style: str
    kind: str
    live: str
    formula: str
    value: str
    own: str


class Line:
    """A row of a plain part by its bytes; what it says is found once for all workbooks that have it."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    @functools.cached_property
    def contents(self) -> dict[str, Content]:
        """Its cells that hold something, by their address."""
        return {found[0]: Content._make(found) for found in _EACH.findall(self.data.decode("utf-8"))}

    @functools.cached_property
    def bare(self) -> bytes:
        """Its bytes without what formulas gave when they were last calculated."""
        return _RESULT.sub(rb"\1", self.data)

    @functools.cached_property
    def attributes(self) -> dict[str, str]:
        """What it says of itself."""
        return dict(_ATTRIBUTE.findall(self.data[: self.data.index(b">")].decode("utf-8")))


_line = markup.remembered(2048, 16_000)(Line)


@dataclass
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

    @functools.cached_property
    def lines(self) -> list[Line]:
        """Its rows as they stand."""
        made, at = list[Line](), self.data.find(_START) + len(_START)
        while self.data.startswith(b"<row ", at):
            made.append(_line(self.data[at : _row_end(self.data, at)]))
            at += len(made[-1].data)
        return made

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

    def number(self, ref: str) -> Decimal | None:
        """The number that a cell holds, as a person typed it, where that is plain to see; else None, and its slot tells."""
        at = self.shape.holds.get(ref)
        return _typed(self.held[at]) if at is not None and self.shape.slots[ref].kind == "n" else None

    @functools.cached_property
    def results(self) -> dict[str, Decimal | str | None]:
        """What formulas gave when they were last calculated, numbers and texts, where that is plain to see."""
        held = self.held
        numbers = {ref: _typed(held[at]) for ref, at in self.shape.live["n"]}
        texts = {ref: plain_text(held[at]) for ref, at in self.shape.live["str"] if b"_x" not in held[at]}
        return numbers | texts

    def says(self, told: Mapping[str, Value]) -> bool:
        """Whether cells without a formula hold just that, as far as it is plain to see."""
        holds, slots, held = self.shape.holds, self.shape.slots, self.held
        for ref, value in told.items():
            at, slot = holds.get(ref), slots.get(ref)
            if slot is None or at is None:
                empty = slot is None or (slot.formula is None and not slot.value and not slot.plain)
                same = empty and value in (None, "")
            elif isinstance(value, str):
                text = slot.plain is not None and (
                    held[at] == value.encode() or plain_text(held[at]) == value
                )
                same = text and "_x" not in value
            else:
                number = self.number(ref) if slot.formula is None else None
                same = isinstance(value, Decimal) and number == markup.as_typed(value)
            if not same:
                return False
        return True

    def differing(self, other: Plain, refs: AbstractSet[str] | None, *, texts: bool) -> set[str]:
        """Cells of two parts that may hold something else: those of ``refs``, of all without, and formulas in any case.

        ``texts``: shared texts are numbered otherwise there. Where the formulas are the same, they are left out.
        """
        if refs is None or self.shape.formulas != other.shape.formulas:
            before, now = ({line.bare for line in plain.lines} for plain in (self, other))
            cells = _cells(now - before) ^ _cells(before - now)
            if texts:
                cells |= {cell for cell in _cells(now | before) if b' t="s"' in cell}
            places = ((cell[3 : cell.index(b'"', 3)].decode("ascii"), b"<f" in cell) for cell in cells)
            return {ref for ref, live in places if refs is None or live or ref in refs}
        if self.shape is other.shape:
            known, mine, its = self.shape.holds, self.held, other.held
            held = ((ref, known[ref]) for ref in refs & known.keys())
            found = {ref for ref, at in held if mine[at] != its[at]}
        else:
            found = {ref for ref in refs if self.slot(ref) != other.slot(ref)}
        if texts:
            shared = (plain.shape.slots.get(ref) for plain in (self, other) for ref in refs)
            found |= {slot.ref for slot in shared if slot is not None and slot.kind == "s"}
        return {ref for ref in found if (slot := self.shape.slots.get(ref)) is None or slot.formula is None}

    def placed(self, refs: Iterable[str]) -> dict[str, Slot]:
        """Those of some cells that the part holds, with their bytes counted from its beginning."""
        found = ((self.slot(ref), ref.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) for ref in refs)
        return {slot.ref: self.rows[row].placed(slot) for slot, row in found if slot is not None}


def _cells(rows: Iterable[bytes]) -> set[bytes]:
    return {cell for row in rows for cell in row.split(b"<c ")[1:]}


@functools.lru_cache(maxsize=16_384)  # the figures of one unit stand in many of its tables
def _typed(data: bytes) -> Decimal | None:
    number = markup.parse_number(data.decode("utf-8"))
    return None if number is None else markup.as_typed(number)


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
        if sum(map(len, pieces)) > LONGEST:
            return Plain(data, outline, found[2], texts)
    most = ALIKE + ROOM // (len(data) + 1)
    _parts[sheet, len(pieces)] = [found, *(one for one in known if one is not found)][:most]
    for old in list(_parts)[:-PARTS]:  # in one step each: others may read at the same time
        _parts.pop(old, None)
    return Plain(data, found[1], found[2], texts)


ALIKE, PARTS, LONGEST, ROOM = 4, 64, 300_000, 500_000
"""Of so many shapes of one part, and of so many parts, the structure is remembered where it has no more bytes than that.

Workbooks of one rubric share it. Of a small part there are more shapes, as many as have so many bytes together.
"""
_parts: dict[tuple[str, int], list[tuple[list[bytes], Grid, Shape]]] = {}


def _split(data: bytes) -> tuple[list[bytes], list[bytes]]:
    """What stands around that which cells hold, and what they hold."""
    pieces = _HELD.split(data)
    texts = b"\n".join(pieces[1::2])
    if len(texts.translate(None, _LEFT)) != len(texts) or _NO_ENTITY.search(texts):
        pieces = _HELD_TEXT.split(data)
    return pieces[::2], pieces[1::2]


def _together(rows: Collection[PlainRow]) -> Shape:
    made, formulas, held = Shape(), hashlib.sha256(), 0
    for row in rows:
        made.slots |= row.shape.slots
        made.holds |= {ref: held + at for ref, at in row.shape.holds.items()}
        made.blank |= row.shape.blank
        formulas.update(row.shape.formulas)
        held += len(row.held)
    made.formulas = formulas.digest() if any(row.shape.formulas for row in rows) else b""
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
    check_extent(sheet, int(next(reversed(rows), "0")), letters, ())
    return outline


@markup.remembered(64, 128_000)
def _around(data: bytes) -> Grid:
    return read_grid(data, "")
