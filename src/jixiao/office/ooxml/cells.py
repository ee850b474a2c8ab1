"""What a worksheet part holds: cells, rows and their places in bytes; decoding of one cell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from jixiao.office.ooxml.problems import refuse
from jixiao.office.ooxml.text import as_typed, parse_number, unescape


class ErrorText(str):
    """An error value of a cell, ``#REF!`` and its kin: written as an error, never as text."""

    __slots__ = ()


Value = Decimal | str | bool | None


@dataclass(slots=True)
class Cell:
    """One cell as it stands in the file.

    ``value`` is an exact decimal (dates are serial numbers), text, truth value, or None when empty or not
    calculated; errors are an ``ErrorText`` and set ``error``. ``formula`` is None for a plain cell, else
    its text without ``=``; it is ``""`` where the text stands in the first cell of a shared formula,
    which ``shared`` numbers and ``master`` marks. ``array`` is the area of an array formula that begins
    here. ``style`` is an index into the cell formats.
    """

    ref: str
    value: Value
    formula: str | None
    style: int
    error: bool
    shared: int | None = None
    master: bool = False
    array: str | None = None

    @property
    def number(self) -> Decimal | None:
        """The number as a person typed it (Excel may store 0.29 as 0.28999999999999998), else None."""
        return as_typed(self.value) if isinstance(self.value, Decimal) else None


class Slot:
    """What the part holds of one cell, undecoded, and where (bytes ``start`` to ``end``)."""

    __slots__ = ("end", "f_attrs", "formula", "kind", "plain", "ref", "start", "style", "value")

    def __init__(self, ref: str, start: int, kind: str, style: int) -> None:
        self.ref, self.start, self.kind, self.style = ref, start, kind, style
        self.end = 0
        self.f_attrs: dict[str, str] | None = None
        self.formula: str | None = None
        self.value: str | None = None
        self.plain: str | None = None


class Row:
    """One ``<row>``: its number, attributes, cells in order, and its bytes."""

    __slots__ = ("attrs", "close", "end", "number", "slots", "start", "text")

    def __init__(self, number: int, attrs: dict[str, str], start: int) -> None:
        self.number, self.attrs, self.start = number, attrs, start
        self.text = str(number)
        self.close = self.end = 0
        self.slots: list[Slot] = []


class Grid:
    """A parsed worksheet part."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.slots: dict[str, Slot] = {}
        self.merged: list[str] = []
        self.arrays: list[tuple[int, int, int, int]] = []
        self.columns: list[tuple[int, int, int]] = []  # first, last, style
        self.dimension: tuple[int, str] | None = None  # byte of the tag, area
        self.data: tuple[int, int, int] = (0, 0, 0)  # sheetData: start, byte of the end tag, end
        self.shared: dict[int, int] = {}  # shared formula: how many cells use it


def decode(slot: Slot, strings: Callable[[], Sequence[str]], sheet: str) -> Cell:
    """The cell a slot means; Refused when its content is not what its type announces."""
    attrs = slot.f_attrs or {}
    shared = int(attrs["si"]) if attrs.get("t") == "shared" else None
    array = attrs.get("ref", slot.ref) if attrs.get("t") in ("array", "dataTable") else None
    value = _value(slot, strings, sheet)
    return Cell(
        slot.ref,
        value,
        slot.formula,
        slot.style,
        isinstance(value, ErrorText),
        shared,
        shared is not None and "ref" in attrs,
        array,
    )


def _value(slot: Slot, strings: Callable[[], Sequence[str]], sheet: str) -> Value:
    kind, text = slot.kind, slot.value
    if kind == "inlineStr":
        return unescape(slot.plain) if slot.plain is not None else None
    if text is None or (text == "" and kind != "str"):
        return None
    if kind == "s":
        table = strings()
        if not text.strip().isdecimal() or int(text) >= len(table):
            refuse("J524", sheet=sheet, cell=slot.ref)
        return table[int(text)]
    if kind in ("str", "d"):
        return unescape(text)
    if kind == "e":
        return ErrorText(text)
    if kind == "b":
        if text.strip() not in ("0", "1", "true", "false"):
            refuse("J523", sheet=sheet, cell=slot.ref, text=text[:40])
        return text.strip() in ("1", "true")
    number = parse_number(text) if kind == "n" else None
    if number is None:
        refuse("J523", sheet=sheet, cell=slot.ref, text=text[:40])
    return number
