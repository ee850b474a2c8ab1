"""Page: one sheet prepared for locating (text rows, merged areas), and the plain questions asked of its rows."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from jixiao.intake import labels
from jixiao.intake.definition import Keys
from jixiao.office import Book, Cell, Sheet, Span
from jixiao.text import NIL, State, label_key, read_quantity

_RULER = frozenset(("栏次", "行次", "栏次行次", "行次栏次", "栏次/行次"))
MAX_DIGITS = 40
_CODE = re.compile(r"\d{1,20}")
_NOTE = re.compile(r"注[::]|说明[::]|备注[::]|填表说明|填报说明")
_TITLE = re.compile(r".{3,60}表(?:\(.{0,20}\))?|附件\d*.{0,40}")
_FORM_NUMBER = re.compile(r"(?:[(]?(?:财决|公开|部决|预算|批复|附)?[附补]?\d{1,3}(?:[-_]\d{1,2})?附?表[)]?)")


class Page:
    """A sheet by rows: ``rows[r]`` is a list of (column, cell) from left to right."""

    def __init__(self, book: Book, index: int) -> None:
        self.book, self.index = book, index
        self.sheet: Sheet = book.sheets[index]
        self.spans: list[Span] = self.sheet.spans
        self.rows: dict[int, list[tuple[int, Cell]]] = {}
        for (row, column), cell in sorted(self.sheet.cells.items()):
            self.rows.setdefault(row, []).append((column, cell))
        self.last = max(self.rows, default=0)
        self.first = min(self.rows, default=1)

    @property
    def faults(self) -> dict[tuple[int, int], str]:
        """Cells that hold an error value or an uncalculated formula."""
        return self.sheet.faults

    def texts(self, top: int, bottom: int) -> Iterator[tuple[int, int, str]]:
        """Text cells of the rows top..bottom in reading order: (row, column, text)."""
        for row in range(top, bottom + 1):
            for column, cell in self.rows.get(row, ()):
                if isinstance(cell.value, str):
                    yield row, column, cell.value

    def cell(self, row: int, column: int) -> Cell | None:
        """The cell at a place, None when blank."""
        return self.sheet.cells.get((row, column))

    def text(self, row: int, column: int) -> str:
        """The text at a place; a whole number as its digits; otherwise empty."""
        cell = self.sheet.cells.get((row, column))
        return text_of(cell) if cell else ""

    def is_header(self, row: int, vocabulary: Keys) -> bool:
        """Whether a row consists of column headings: known words, no figures; half of its texts known."""
        known = others = 0
        for _, cell in self.rows.get(row, ()):
            if not isinstance(cell.value, str):
                return False
            key = labels.heading(cell.value)
            if not key:
                continue
            if key in vocabulary:
                known += 1
            elif read_quantity(cell.value).state in (State.NUMBER, State.DOUBTFUL):
                return False
            else:
                others += 1
        return known > 0 and known >= others

    def is_ruler(self, row: int) -> bool:
        """Whether a row only counts the columns (栏次 1 2 3 …)."""
        count, named, ordered, previous = 0, False, True, 0
        for _, cell in self.rows.get(row, ()):
            text = label_key(text_of(cell))
            if text in _RULER:
                named = True
            elif text.isdigit() and 0 < int(text) < 200:
                ordered = ordered and int(text) > previous
                count, previous = count + 1, int(text)
            elif text not in NIL and text:
                return False
        return count > 0 and (named or (ordered and count > 2 and previous == count))

    def is_note(self, row: int) -> bool:
        """Whether a row is a remark below a table."""
        cells = self.rows.get(row, [])
        return (
            bool(cells)
            and isinstance(cells[0][1].value, str)
            and bool(_NOTE.match(label_key(cells[0][1].value)))
        )

    def is_titlelike(self, row: int) -> bool:
        """Whether a row is a single text that reads like the title of a table."""
        cells = self.rows.get(row, [])
        if len(cells) != 1 or not isinstance(cells[0][1].value, str):
            return False
        key = label_key(cells[0][1].value)
        return bool(_TITLE.fullmatch(key)) and not _FORM_NUMBER.fullmatch(key)


def text_of(cell: Cell) -> str:
    """A cell as a label or code: text as it is, a whole number as digits."""
    if isinstance(cell.value, str):
        return cell.value
    if isinstance(cell.value, bool) or cell.value is None:
        return ""
    value = cell.value
    whole = value.is_finite() and value.adjusted() < MAX_DIGITS and value == value.to_integral_value()
    return str(int(value)) if whole else str(value)


@functools.lru_cache(maxsize=16384)
def code_of(text: str) -> str:
    """An account code without dots, dashes and blanks; empty when the text is none."""
    key = label_key(text).replace(".", "").replace("-", "").replace("_", "")
    return key if _CODE.fullmatch(key) else ""
