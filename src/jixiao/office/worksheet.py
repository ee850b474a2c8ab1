"""One worksheet of a workbook: read cells exactly, change a few of them, leave every other byte alone."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from jixiao.office import markup
from jixiao.office.grid import (
    TRUE,
    Cell,
    ErrorText,
    Grid,
    Row,
    Slot,
    Value,
    decode,
    read_grid,
)
from jixiao.office.plain import Content, Line, Plain, read_plain
from jixiao.office.problems import refuse
from jixiao.office.refs import column_letter, digits, join_ref, split_area, split_ref
from jixiao.office.spelling import shifted

MAX_FORMULA = 8_192
# what nearly every cell looks like; anything else is taken apart by the parser
_USUAL = re.compile(rb"""(<c(?:\s+[\w:]+="[^"<>]*")*>)(<f>[^<>]*</f>)?(<v>[^<>]*</v>)?</c>""")
_ROW = re.compile(rb"""<(?:\w+:)?row\s(?:[^<>]*\s)?r="([0-9]{1,7})"[^<>]*>""")


class Keep(Enum):
    """``KEEP``: leave what the cell has."""

    KEEP = "keep"


KEEP = Keep.KEEP


@dataclass(slots=True)
class Change:
    """What a cell shall become; ``KEEP`` where it stays as the file has it."""

    value: Value | Keep = KEEP
    formula: str | Keep | None = KEEP
    style: int | Keep = KEEP


class Worksheet:
    """A worksheet part. ``strings`` gives the workbook's shared strings, called when a cell needs one.

    A plain part is taken apart only where somebody asks for all of its cells or adds one.
    """

    def __init__(self, data: bytes, name: str = "", strings: Callable[[], Sequence[str]] = tuple) -> None:
        self.name = name
        self._original = data
        self._data = markup.utf8(data, name)
        self._plain = read_plain(self._data, name)
        self._parsed = None if self._plain is not None else read_grid(self._data, name)
        self._strings = strings
        self._changes: dict[str, Change] = {}
        self.heights: dict[int, float] = {}
        """Rows that shall be as tall as this, in points."""
        self._contents: Mapping[str, Content] | None = None
        self._numbers: dict[str, Decimal | None] = {}

    @property
    def held(self) -> int:
        """How many of its cells stand in memory already."""
        return len(self._parsed.slots) if self._parsed is not None else 0

    @property
    def merged(self) -> list[str]:
        """Merged areas as the file lists them, ``A1:C3``."""
        return self.outline.merged

    def differing(self, other: Worksheet, refs: AbstractSet[str] | None, *, texts: bool) -> set[str] | None:
        """Cells of two files that may hold something else: those of ``refs``, of all without, and formulas in any case.

        ``texts``: shared texts are numbered otherwise there. None where cells are not spelled as programs do.
        """
        one, two = self._plain, other._plain
        return one.differing(two, refs, texts=texts) if one is not None and two is not None else None

    def result_at(self, ref: str) -> tuple[Value] | None:
        """What the formula of a cell gave when it was last calculated; None where there is no formula."""
        if self.plain is not None and (known := self.plain.results.get(ref)) is not None:
            return (known,)
        cell = self.get(ref)
        return (cell.value,) if cell is not None and cell.formula is not None else None

    @property
    def changed(self) -> bool:
        """Whether any byte would differ."""
        return bool(self._changes or self.heights)

    @property
    def formulas_changed(self) -> bool:
        """Whether a formula was written or taken away, so that the calculation chain no longer holds."""
        return any(not isinstance(change.formula, Keep) for change in self._changes.values())

    def get(self, ref: str) -> Cell | None:
        """The cell at an address (``B12``, ``$B$12``), changes included; None when there is none."""
        slot = self._slot(ref)
        key = ref if slot is not None else _key(ref)
        slot = slot or self._slot(key)
        cell = None if slot is None else decode(slot, self._strings, self.name)
        change = self._changes.get(key)
        return _changed(cell, key, change) if change is not None else cell

    def number_at(self, ref: str) -> Decimal | None:
        """The number that a cell holds, as a person typed it: cheaper than the cell where many are added up."""
        if not self._changes:
            if ref in self._numbers:
                return self._numbers[ref]
            if self._plain is not None and (number := self._plain.number(ref)) is not None:
                self._numbers[ref] = number
                return number
        cell = self.get(ref)
        self._numbers[ref] = cell.number if cell is not None else None
        return self._numbers[ref]

    def cells(self) -> Iterator[Cell]:
        """Every cell: those of the file in its order, then those added, by row and column."""
        seen = set()
        for slot in self._slots():
            seen.add(slot.ref)
            change = self._changes.get(slot.ref)
            cell = decode(slot, self._strings, self.name)
            yield _changed(cell, slot.ref, change) if change is not None else cell
        for key in sorted(self._changes.keys() - seen, key=split_ref):
            yield _changed(None, key, self._changes[key])

    def _slots(self) -> Iterable[Slot]:
        if self._plain is None or self._parsed is not None:
            return self._grid.slots.values()
        found = map(self._plain.slot, self._plain.shape.slots)
        return (slot for slot in found if slot is not None)

    def contents(self) -> Mapping[str, Content]:
        """Every cell of the file that holds something, by its address."""
        if self._contents is None:
            made: dict[str, Content] = {}
            for line in self.lines():
                made |= line.contents
            self._contents = made
        return self._contents

    def lines(self) -> Sequence[Line]:
        """The rows of a plain part. Another part is one row without bytes."""
        if self._plain is not None:
            return self._plain.lines
        whole = Line(b"")
        whole.contents = {slot.ref: _content_of(slot) for slot in self._grid.slots.values()}
        return [whole]

    def row_marks(self) -> Iterator[tuple[int, Mapping[str, str]]]:
        """The rows of the file that say something of themselves, by number, with their attributes."""
        if self._plain is None:
            yield from ((row.number, row.attrs) for row in self._grid.rows)
            return
        for line in self._plain.lines:
            if "ht" in line.attributes or "hidden" in line.attributes:
                yield int(line.attributes["r"]), line.attributes

    @property
    def outline(self) -> Grid:
        """What stands around the cells."""
        return self._plain.outline if self._plain is not None else self._grid

    def pieces(self) -> Iterator[tuple[str, bytes]]:
        """The cells whose own text is made of pieces with looks, as bytes."""
        if self._plain is None and b"rPr" in self._data:
            for slot in self._grid.slots.values():
                data = self._data[slot.start : slot.end]
                if slot.kind == "inlineStr" and b"rPr" in data:
                    yield slot.ref, data

    def formula(self, cell: Cell) -> str:
        """A cell's formula; one that shares another's reads as from its own place. Empty where it has none."""
        if cell.formula or cell.shared is None:
            return cell.formula or ""
        first = next((other for other in self.cells() if other.master and other.shared == cell.shared), None)
        if first is None:
            return ""
        (row, column), (top, left) = split_ref(cell.ref), split_ref(first.ref)
        return shifted(first.formula or "", row - top, column - left)

    def formula_at(self, ref: str) -> str | None:
        """The formula of a cell by its address, None where it has none: cheaper than the cell where only that is asked."""
        change, slot = self._changes.get(ref), self._slot(ref)
        if slot is None or change is not None or (slot.f_attrs or {}).get("t") == "shared":
            cell = self.get(ref)
            return self.formula(cell) if cell is not None and cell.formula is not None else None
        return slot.formula

    @property
    def plain(self) -> Plain | None:
        """The part as it was read, where it is a plain one and nothing was changed."""
        return self._plain if not self._changes else None

    @property
    def formulas_mark(self) -> bytes | None:
        """What stands for all formulas and where they are, nothing for none; None where only a look at each cell tells."""
        return self._plain.shape.formulas if self._plain is not None and not self._changes else None

    @property
    def blank(self) -> AbstractSet[str]:
        """Cells that hold nothing, as far as that is known without a look at each."""
        return self._plain.shape.blank if self._plain is not None and not self._changes else frozenset()

    @functools.cached_property
    def digest(self) -> str:
        """Hash of the part as it was read."""
        return hashlib.sha256(self._original).hexdigest()

    def set(
        self,
        ref: str,
        value: Decimal | int | str | bool | Keep | None,
        *,
        formula: str | Keep | None = KEEP,
        style: int | None = None,
    ) -> None:
        """Change one cell; nothing happens when it already holds exactly that.

        ``value`` becomes the content, or the cached result when the cell has a formula; ``KEEP`` leaves
        it. ``formula``: KEEP leaves it, text (with or without ``=``) writes it, None makes a plain cell.
        ``style`` is a cell format index. Text stays text whatever it begins with; characters XML cannot
        hold are dropped; an ``ErrorText`` is an error. Refused: text too long, a formula over part of an
        array formula or over the first cell of a formula that others share. ValueError for what is no
        address, TypeError for a float.
        """
        key = ref if self._slot(ref) is not None else _key(ref)
        old = self._changes.get(key)
        if old is None and isinstance(formula, Keep) and style is None and self._holds(key, value):
            return
        old = old or Change()
        change = Change(
            old.value if isinstance(value, Keep) else self._checked(key, value),
            old.formula if isinstance(formula, Keep) else self._formula(key, formula),
            old.style if style is None else style,
        )
        self._reduce(key, change)
        if change == Change():
            self._changes.pop(key, None)
        else:
            self._changes[key] = change

    def to_bytes(self) -> bytes:
        """The part: the very bytes that were read, except the changed cells.

        Beside them only the hints ``<dimension>`` and a row's ``spans`` change, where a new cell is outside.
        """
        if self.heights:
            return _heightened(self._changed_part(), self.heights)
        return self._changed_part() if self._changes else self._original

    def _changed_part(self) -> bytes:
        if self._plain is not None and self._parsed is None:
            known = self._plain.placed(self._changes)
            if len(known) == len(self._changes):
                return markup.splice(self._data, _replacements(self._data, known, self._changes, b""))
        return _applied(self._data, self._grid, self._changes)

    def grid(self) -> Grid:
        """What the file holds: every cell that holds something, and its bytes."""
        return self._parsed if self._parsed is not None else read_grid(self._data, self.name, lean=True)

    @property
    def _grid(self) -> Grid:
        """Every cell with its bytes."""
        if self._parsed is None:
            self._parsed = read_grid(self._data, self.name)
        return self._parsed

    def _slot(self, key: str) -> Slot | None:
        if self._parsed is None and self._plain is not None:
            return self._plain.slot(key)
        return self._grid.slots.get(key)

    def _holds(self, key: str, value: Value | int | Keep) -> bool:
        """Whether the cell's own text is that of a result already: most cells of a scored workbook."""
        slot = self._slot(key)
        if slot is None or slot.value is None:
            return False
        if slot.kind == "str":
            return (
                type(value) is str
                and slot.value == value
                and "_x" not in value
                and len(value) < markup.MAX_TEXT // 2
            )
        exact = slot.kind == "n" and type(value) is Decimal and value.is_finite() and value.adjusted() < 300
        return exact and markup.parse_number(slot.value) == value

    def _reduce(self, key: str, change: Change) -> None:
        """Turn the wishes that the stored cell already fulfils into KEEP."""
        slot = self._slot(key)
        cell = None if slot is None else decode(slot, self._strings, self.name)
        value, formula, style = (cell.value, cell.formula, cell.style) if cell else (None, None, 0)
        if not isinstance(change.formula, Keep) and change.formula == formula:
            change.formula = KEEP
        elif not isinstance(change.formula, Keep):
            self._check_formula(key, cell)
        # text is stored one way under a formula and another way without: it is written anew when that changes
        retyped = not isinstance(change.formula, Keep) and isinstance(value, str)
        if retyped and isinstance(change.value, Keep):
            change.value = value
        elif not retyped and not isinstance(change.value, Keep) and _same(value, change.value):
            change.value = KEEP
        if cell is not None and change.style == style:
            change.style = KEEP

    def _checked(self, key: str, value: Decimal | int | str | bool | None) -> Value:
        if value is None or isinstance(value, (bool, ErrorText)):
            return value
        if isinstance(value, (Decimal, int)):
            number = Decimal(value)
            try:
                markup.format_number(number)
            except ValueError:
                refuse("J525", sheet=self.name, cell=key)
            return number
        if not isinstance(value, str):
            raise TypeError(f"a cell holds Decimal, int, str, bool or None, not {type(value).__name__}")
        text = markup.clean(value)
        if (
            len(text.encode("utf-16-le")) // 2 > markup.MAX_TEXT
        ):  # the limit counts UTF-16 units, an emoji is two
            refuse("J526", sheet=self.name, cell=key, most=markup.MAX_TEXT)
        return text

    def _formula(self, key: str, formula: str | None) -> str | None:
        if formula is None:
            return None
        text = markup.clean(formula.removeprefix("="))
        if not text:
            raise ValueError("an empty formula; None makes a plain cell")
        if len(text) > MAX_FORMULA:
            refuse("J526", sheet=self.name, cell=key, most=MAX_FORMULA)
        return text

    def _check_formula(self, key: str, cell: Cell | None) -> None:
        if cell is not None and cell.master and self._grid.shared.get(cell.shared or 0, 0) > 1:
            refuse("J527", sheet=self.name, cell=key)
        if self._plain is None and self._grid.arrays:  # a plain part has no array formulas
            row, column = split_ref(key)
            for top, left, bottom, right in self._grid.arrays:
                if top <= row <= bottom and left <= column <= right:
                    refuse("J528", sheet=self.name, cell=key)


def _content_of(slot: Slot) -> Content:
    parts = (str(slot.style), slot.kind if slot.kind != "n" else "")
    live = "" if slot.f_attrs is None else f'<f t="{slot.f_attrs.get("t", "")}">'
    texts = (markup.markup(text or "").decode("utf-8") for text in (slot.formula, slot.value, slot.plain))
    return Content(slot.ref, *parts, live, *texts)


def _key(ref: str) -> str:
    """The address as the index spells it; ValueError when it is none."""
    key = ref.replace("$", "").upper()
    split_ref(key)
    return key


def _same(old: Value, new: Value) -> bool:
    """Whether a cell holds exactly that: same type, and for numbers the same double, all that Excel keeps."""
    if isinstance(old, Decimal) and isinstance(new, Decimal):
        return old == new or float(old) == float(new)
    return type(old) is type(new) and old == new


def _heightened(data: bytes, heights: Mapping[int, float]) -> bytes:
    """The part with other heights of its rows."""

    def tag(found: re.Match[bytes]) -> bytes:
        tall = heights.get(int(found[1]))
        return (
            found[0]
            if tall is None
            else markup.with_attributes(found[0], {b"ht": b"%g" % tall, b"customHeight": b"1"})
        )

    return _ROW.sub(tag, data)


def _changed(cell: Cell | None, key: str, change: Change) -> Cell:
    cell = cell or Cell(key, None, None, 0, False)
    if not isinstance(change.value, Keep):
        cell.value = change.value
        cell.error = isinstance(change.value, ErrorText)
    if not isinstance(change.formula, Keep):
        cell.formula, cell.shared, cell.master = change.formula, None, False
    if not isinstance(change.style, Keep):
        cell.style = change.style
    return cell


def _content(value: Value, head: bytes, *, formula: bool) -> tuple[bytes | None, bytes]:
    """(``t`` attribute, child elements) that hold a value; text is inline, under a formula ``str``."""
    kind: bytes | None = None
    if value is None:
        return None, b""
    if isinstance(value, bool):
        kind, text = b"b", b"1" if value else b"0"
    elif isinstance(value, (Decimal, int)):
        text = markup.format_number(value)
    elif isinstance(value, ErrorText):
        kind, text = b"e", markup.markup(value)
    elif formula:
        kind, text = b"str", markup.escape(value)
    else:
        said = markup.escape(value)
        return b"inlineStr", b'<%sis><%st xml:space="preserve">%s</%st></%sis>' % (
            head,
            head,
            said,
            head,
            head,
        )
    return kind, b"<%sv>%s</%sv>" % (head, text, head)


def new_cell(ref: str, change: Change, style: int, head: bytes) -> bytes:
    """A cell that the sheet did not have; ``head`` is the element prefix."""
    formula = change.formula if isinstance(change.formula, str) else None
    value = None if isinstance(change.value, Keep) else change.value
    kind, body = _content(value, head, formula=formula is not None)
    tag = b'<%sc r="%s"' % (head, ref.encode("ascii"))
    if style:
        tag += b' s="%d"' % style
    if kind:
        tag += b' t="%s"' % kind
    if formula is not None:
        body = b"<%sf>%s</%sf>%s" % (head, markup.markup(formula), head, body)
    return b"%s>%s</%sc>" % (tag, body, head) if body else tag + b"/>"


def _changed_cell(old: bytes, slot: Slot, change: Change, head: bytes) -> bytes:
    """The cell ``old`` with the change made; unknown attributes and children keep their bytes."""
    tag, formula, body, rest = _taken_apart(old, slot)
    attributes: dict[bytes, bytes | None] = {}
    if not isinstance(change.formula, Keep):
        formula = (
            b"" if change.formula is None else b"<%sf>%s</%sf>" % (head, markup.markup(change.formula), head)
        )
    if not isinstance(change.value, Keep):
        kind, body = _content(change.value, head, formula=bool(formula))
        # vm points at a rich value (a picture in the cell, a data type): it belongs to the value that goes
        attributes = {b"t": kind, b"vm": None}
    if not isinstance(change.style, Keep):
        attributes[b"s"] = b"%d" % change.style
    tag = markup.opened(markup.with_attributes(tag, attributes))
    inner = formula + body + rest
    return b"%s%s</%sc>" % (tag, inner, head) if inner else tag[:-1] + b"/>"


def _taken_apart(old: bytes, slot: Slot) -> tuple[bytes, bytes, bytes, bytes]:
    """(start tag, ``<f>``, ``<v>`` or ``<is>``, other children) of a cell, as they stand in the file."""
    usual = _USUAL.fullmatch(old)
    if usual is not None:
        return usual[1], usual[2] or b"", usual[3] or b"", b""
    found = markup.elements(old, slot.ref, namespaces=False)
    pieces = {"f": b"", "v": b"", "": b""}
    for element in found:
        if element.parent == 0:
            kind = {"f": "f", "v": "v", "is": "v"}.get(element.name, "")
            pieces[kind] += old[element.start : element.end]
    return old[: found[0].open_end], pieces["f"], pieces["v"], pieces[""]


def _applied(data: bytes, grid: Grid, changes: dict[str, Change]) -> bytes:
    """The worksheet part with the changes made, cells that it does not have among them."""
    element = markup.Element("sheetData", "", {}, grid.data[0], markup.tag_end(data, grid.data[0]), -1)
    head = markup.prefix(data, element)
    missing: dict[int, list[tuple[int, str, Change]]] = {}
    for ref, change in changes.items():
        if ref not in grid.slots:
            row, column = split_ref(ref)
            missing.setdefault(row, []).append((column, ref, change))
    edits = _replacements(data, grid.slots, changes, head)
    if missing:
        edits += _insertions(data, grid, missing, head)
        edits += _dimension(data, grid, missing)
    return markup.splice(data, edits)


def _replacements(
    data: bytes, slots: Mapping[str, Slot], changes: Mapping[str, Change], head: bytes
) -> list[markup.Edit]:
    found = ((slots[ref], change) for ref, change in changes.items() if ref in slots)
    return [(s.start, s.end, _changed_cell(data[s.start : s.end], s, change, head)) for s, change in found]


def _insertions(
    data: bytes, grid: Grid, missing: dict[int, list[tuple[int, str, Change]]], head: bytes
) -> list[markup.Edit]:
    rows = {row.number: row for row in grid.rows}
    fresh: list[tuple[int, bytes]] = []
    edits: list[markup.Edit] = []
    for number in sorted(missing):
        row = rows.get(number)
        cells = [
            (column, new_cell(ref, change, _style(change, grid, row, column), head))
            for column, ref, change in sorted(missing[number], key=lambda item: item[0])
        ]
        if row is None:
            body = b"".join(cell for _, cell in cells)
            fresh.append((number, b'<%srow r="%d">%s</%srow>' % (head, number, body, head)))
        else:
            edits += _into_row(data, row, cells, head)
    return edits + _fresh_rows(data, grid, fresh, head)


def _style(change: Change, grid: Grid, row: Row | None, column: int) -> int:
    """Style of a new cell: the one asked for, else the row's, else the column's, as Excel does."""
    if not isinstance(change.style, Keep):
        return change.style
    if row is not None and row.attrs.get("customFormat") in TRUE:
        return digits(row.attrs.get("s")) or 0
    for attrs in grid.columns:
        if (digits(attrs.get("min")) or 0) <= column <= (digits(attrs.get("max")) or 0):
            return digits(attrs.get("style")) or 0
    return 0


def _into_row(data: bytes, row: Row, cells: list[tuple[int, bytes]], head: bytes) -> list[markup.Edit]:
    open_end = markup.tag_end(data, row.start)
    tag = data[row.start : open_end]
    edits: list[markup.Edit] = []
    if _outside(row.attrs.get("spans"), cells):
        tag = markup.with_attributes(tag, {b"spans": None})  # a hint that would now be wrong
    if row.close == row.end:
        body = b"".join(cell for _, cell in cells)
        return [(row.start, row.end, b"%s%s</%srow>" % (markup.opened(tag), body, head))]
    if tag != data[row.start : open_end]:
        edits.append((row.start, open_end, tag))
    places = [(split_ref(slot.ref)[1], slot.start) for slot in row.slots]
    for column, cell in cells:
        at = next((start for other, start in places if other > column), row.close)
        edits.append((at, at, cell))
    return edits


def _outside(hint: str | None, cells: list[tuple[int, bytes]]) -> bool:
    if hint is None:
        return False
    parts = (part.partition(":") for part in hint.split())
    known = [(digits(first) or 0, digits(last) or 0) for first, _, last in parts]
    return any(not any(first <= column <= last for first, last in known) for column, _ in cells)


def _fresh_rows(data: bytes, grid: Grid, fresh: list[tuple[int, bytes]], head: bytes) -> list[markup.Edit]:
    start, close, end = grid.data
    if close == end and fresh:  # <sheetData/>
        body = b"".join(row for _, row in fresh)
        return [(start, end, b"%s%s</%ssheetData>" % (markup.opened(data[start:end]), body, head))]
    edits: list[markup.Edit] = []
    for number, row in fresh:
        at = next((other.start for other in grid.rows if other.number > number), close)
        edits.append((at, at, row))
    return edits


def _dimension(
    data: bytes, grid: Grid, missing: dict[int, list[tuple[int, str, Change]]]
) -> list[markup.Edit]:
    """Widen ``<dimension>``: some readers believe it and would not see the new cells."""
    if grid.dimension is None:
        return []
    start, area = grid.dimension
    try:
        top, left, bottom, right = split_area(area)
    except ValueError:
        return []
    columns = [column for cells in missing.values() for column, _, _ in cells]
    wide = (min(top, *missing), min(left, *columns), max(bottom, *missing), max(right, *columns))
    if wide == (top, left, bottom, right):
        return []
    tag = data[start : markup.tag_end(data, start)]
    ref = f"{join_ref(wide[0], wide[1])}:{column_letter(wide[3])}{wide[2]}".encode("ascii")
    return [(start, start + len(tag), markup.with_attributes(tag, {b"ref": ref}))]
