"""The bytes of changed cells: one edited ``<c>`` at a time, everything else in the part stays as it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from jixiao.office.ooxml import spans
from jixiao.office.ooxml.cells import ErrorText, Grid, Row, Slot, Value
from jixiao.office.ooxml.refs import column_letter, digits, join_ref, split_area, split_ref
from jixiao.office.ooxml.text import escape, format_number, markup

# what nearly every cell looks like; anything else is taken apart by the parser
_PLAIN = re.compile(rb"""(<c(?:\s+[\w:]+="[^"<>]*")*>)(<f>[^<>]*</f>)?(<v>[^<>]*</v>)?</c>""")


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


def typed(value: Value, *, formula: bool) -> tuple[bytes | None, bytes, bytes]:
    """(``t`` attribute, ``<v>`` text, ``<is>`` text) of a value; text is inline, under a formula ``str``."""
    if value is None:
        return None, b"", b""
    if isinstance(value, bool):
        return b"b", b"1" if value else b"0", b""
    if isinstance(value, (Decimal, int)):
        return None, format_number(value), b""
    if isinstance(value, ErrorText):
        return b"e", markup(value), b""
    if formula:
        return b"str", escape(value), b""
    return b"inlineStr", b"", escape(value)


def content(value: Value, head: bytes, *, formula: bool) -> tuple[bytes | None, bytes]:
    """(``t`` attribute, child elements) that hold a value; ``head`` is the element prefix."""
    kind, number, text = typed(value, formula=formula)
    if kind == b"inlineStr":
        return kind, b'<%sis><%st xml:space="preserve">%s</%st></%sis>' % (head, head, text, head, head)
    if value is None:
        return None, b""
    return kind, b"<%sv>%s</%sv>" % (head, number, head)


def new_cell(ref: str, change: Change, style: int, head: bytes) -> bytes:
    """A cell that the sheet did not have."""
    formula = change.formula if isinstance(change.formula, str) else None
    value = None if isinstance(change.value, Keep) else change.value
    kind, body = content(value, head, formula=formula is not None)
    tag = b'<%sc r="%s"' % (head, ref.encode("ascii"))
    if style:
        tag += b' s="%d"' % style
    if kind:
        tag += b' t="%s"' % kind
    if formula is not None:
        body = b"<%sf>%s</%sf>%s" % (head, markup(formula), head, body)
    return b"%s>%s</%sc>" % (tag, body, head) if body else tag + b"/>"


def changed_cell(old: bytes, slot: Slot, change: Change, head: bytes) -> bytes:
    """The cell ``old`` with the change made; unknown attributes and children keep their bytes."""
    tag, formula, body, rest = _taken_apart(old, slot)
    attributes: dict[bytes, bytes | None] = {}
    if not isinstance(change.formula, Keep):
        formula = b"" if change.formula is None else b"<%sf>%s</%sf>" % (head, markup(change.formula), head)
    if not isinstance(change.value, Keep):
        kind, body = content(change.value, head, formula=bool(formula))
        # vm points at a rich value (a picture in the cell, a data type): it belongs to the value that goes
        attributes = {b"t": kind, b"vm": None}
    if not isinstance(change.style, Keep):
        attributes[b"s"] = b"%d" % change.style
    tag = spans.with_attributes(tag, attributes)
    opened = tag[:-2].rstrip() if tag.endswith(b"/>") else tag[:-1]
    inner = formula + body + rest
    return b"%s>%s</%sc>" % (opened, inner, head) if inner else opened + b"/>"


def _taken_apart(old: bytes, slot: Slot) -> tuple[bytes, bytes, bytes, bytes]:
    """(start tag, ``<f>``, ``<v>`` or ``<is>``, other children) of a cell, as they stand in the file."""
    plain = _PLAIN.fullmatch(old)
    if plain is not None:
        return plain[1], plain[2] or b"", plain[3] or b"", b""
    found = spans.elements(old, slot.ref, namespaces=False)
    children = [element for element in found if element.parent == 0]
    formula = b"".join(old[e.start : e.end] for e in children if e.name == "f")
    body = b"".join(old[e.start : e.end] for e in children if e.name in ("v", "is"))
    rest = b"".join(old[e.start : e.end] for e in children if e.name not in ("f", "v", "is"))
    return old[: found[0].open_end], formula, body, rest


def apply(data: bytes, grid: Grid, changes: dict[str, Change]) -> bytes:
    """The worksheet part with the changes made."""
    element = spans.Element("sheetData", "", {}, grid.data[0], spans.tag_end(data, grid.data[0]), -1)
    head = spans.prefix(data, element)
    missing: dict[int, list[tuple[int, str, Change]]] = {}
    for ref, change in changes.items():
        if ref not in grid.slots:
            row, column = split_ref(ref)
            missing.setdefault(row, []).append((column, ref, change))
    edits = _replacements(data, grid.slots, changes, head)
    if missing:
        edits += _insertions(data, grid, missing, head)
        edits += _dimension(data, grid, missing)
    return spans.splice(data, edits)


def replaced(data: bytes, slots: Mapping[str, Slot], changes: Mapping[str, Change]) -> bytes:
    """A part whose elements have no prefix, with cells changed that it has."""
    return spans.splice(data, _replacements(data, slots, changes, b""))


def _replacements(
    data: bytes, slots: Mapping[str, Slot], changes: Mapping[str, Change], head: bytes
) -> list[spans.Edit]:
    found = ((slots[ref], change) for ref, change in changes.items() if ref in slots)
    return [(s.start, s.end, changed_cell(data[s.start : s.end], s, change, head)) for s, change in found]


def _insertions(
    data: bytes, grid: Grid, missing: dict[int, list[tuple[int, str, Change]]], head: bytes
) -> list[spans.Edit]:
    rows = {row.number: row for row in grid.rows}
    fresh: list[tuple[int, bytes]] = []
    edits: list[spans.Edit] = []
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
    if row is not None and row.attrs.get("customFormat") in ("1", "true"):
        return digits(row.attrs.get("s")) or 0
    return next((style for first, last, style in grid.columns if first <= column <= last), 0)


def _into_row(data: bytes, row: Row, cells: list[tuple[int, bytes]], head: bytes) -> list[spans.Edit]:
    open_end = spans.tag_end(data, row.start)
    tag = data[row.start : open_end]
    edits: list[spans.Edit] = []
    if _outside(row.attrs.get("spans"), cells):
        tag = spans.with_attributes(tag, {b"spans": None})  # a hint that would now be wrong
    if row.close == row.end:
        body = b"".join(cell for _, cell in cells)
        opened = tag[:-2].rstrip() + b">"
        return [(row.start, row.end, b"%s%s</%srow>" % (opened, body, head))]
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


def _fresh_rows(data: bytes, grid: Grid, fresh: list[tuple[int, bytes]], head: bytes) -> list[spans.Edit]:
    start, close, end = grid.data
    if close == end and fresh:  # <sheetData/>
        opened = data[start:end][:-2].rstrip() + b">"
        body = b"".join(row for _, row in fresh)
        return [(start, end, b"%s%s</%ssheetData>" % (opened, body, head))]
    edits: list[spans.Edit] = []
    for number, row in fresh:
        at = next((other.start for other in grid.rows if other.number > number), close)
        edits.append((at, at, row))
    return edits


def _dimension(
    data: bytes, grid: Grid, missing: dict[int, list[tuple[int, str, Change]]]
) -> list[spans.Edit]:
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
    tag = data[start : spans.tag_end(data, start)]
    ref = f"{join_ref(wide[0], wide[1])}:{column_letter(wide[3])}{wide[2]}".encode("ascii")
    return [(start, start + len(tag), spans.with_attributes(tag, {b"ref": ref}))]
