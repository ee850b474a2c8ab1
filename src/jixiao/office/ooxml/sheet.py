"""One worksheet: read cells exactly, change a few of them, leave every other byte alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from jixiao.office.ooxml import splice
from jixiao.office.ooxml.cells import Cell, ErrorText, Grid, Slot, Value, decode
from jixiao.office.ooxml.plain import Plain, read_plain
from jixiao.office.ooxml.problems import refuse
from jixiao.office.ooxml.reader import read_grid
from jixiao.office.ooxml.refs import split_ref
from jixiao.office.ooxml.spans import utf8
from jixiao.office.ooxml.splice import KEEP, Change, Keep
from jixiao.office.ooxml.text import MAX_TEXT, clean, format_number, parse_number

MAX_FORMULA = 8_192


class Sheet:
    """A worksheet part. ``strings`` gives the workbook's shared strings, called when a cell needs one.

    ``plain`` is the part read as a plain one, where the caller has done that already. A plain part is taken
    apart only where somebody asks for all of its cells or adds one.
    """

    def __init__(
        self,
        data: bytes,
        name: str = "",
        strings: Callable[[], Sequence[str]] = tuple,
        plain: Plain | None = None,
    ) -> None:
        self.name = name
        self._original = data
        self._data = utf8(data, name)
        self._plain = plain or read_plain(self._data, name)
        self._parsed = None if self._plain is not None else read_grid(self._data, name)
        self._strings = strings
        self._changes: dict[str, Change] = {}

    @property
    def merged(self) -> list[str]:
        """Merged areas as the file lists them, ``A1:C3``."""
        return (self._plain.outline if self._plain is not None else self._grid).merged

    @property
    def changed(self) -> bool:
        """Whether any byte would differ."""
        return bool(self._changes)

    @property
    def formulas_changed(self) -> bool:
        """Whether a formula was written or taken away, so that the calculation chain no longer holds."""
        return any(not isinstance(change.formula, Keep) for change in self._changes.values())

    def get(self, ref: str) -> Cell | None:
        """The cell at an address (``B12``, ``$B$12``), changes included; None when there is none."""
        key = ref if self._slot(ref) is not None else _key(ref)
        cell = self._stored(key)
        change = self._changes.get(key)
        return _changed(cell, key, change) if change is not None else cell

    def cells(self) -> Iterator[Cell]:
        """Every cell: those of the file in its order, then those added, by row and column."""
        for key, slot in self._grid.slots.items():
            change = self._changes.get(key)
            cell = decode(slot, self._strings, self.name)
            yield _changed(cell, key, change) if change is not None else cell
        for key in sorted(self._changes.keys() - self._grid.slots.keys(), key=split_ref):
            yield _changed(None, key, self._changes[key])

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
        if not self._changes:
            return self._original
        if self._plain is not None and self._parsed is None:
            slots = {key: self._plain.slot(key) for key in self._changes}
            known = {key: slot for key, slot in slots.items() if slot is not None}
            if len(known) == len(slots):
                return splice.replaced(self._data, known, self._changes)
        return splice.apply(self._data, self._grid, self._changes)

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

    def _stored(self, key: str) -> Cell | None:
        slot = self._slot(key)
        return None if slot is None else decode(slot, self._strings, self.name)

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
                and len(value) < MAX_TEXT // 2
            )
        exact = slot.kind == "n" and type(value) is Decimal and value.is_finite() and value.adjusted() < 300
        return exact and parse_number(slot.value) == value

    def _reduce(self, key: str, change: Change) -> None:
        """Turn the wishes that the stored cell already fulfils into KEEP."""
        cell = self._stored(key)
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
                format_number(number)
            except ValueError:
                refuse("J525", sheet=self.name, cell=key)
            return number
        if not isinstance(value, str):
            raise TypeError(f"a cell holds Decimal, int, str, bool or None, not {type(value).__name__}")
        text = clean(value)
        if len(text.encode("utf-16-le")) // 2 > MAX_TEXT:  # the limit counts UTF-16 units, an emoji is two
            refuse("J526", sheet=self.name, cell=key, most=MAX_TEXT)
        return text

    def _formula(self, key: str, formula: str | None) -> str | None:
        if formula is None:
            return None
        text = clean(formula.removeprefix("="))
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
