"""Page: one sheet prepared for locating: text rows, merged areas, heading rows and the path of headings above each column."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from jixiao.intake import labels
from jixiao.intake.definition import TOTALS, Column, Form, Keys
from jixiao.office import Book, Cell, Sheet, Span
from jixiao.text import NIL, State, label_key

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

    def figures(self, row: int) -> list[int]:
        """The columns of a row that hold a figure."""
        return [column for column, cell in self.rows.get(row, ()) if cell.quantity.state is State.NUMBER]

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
            elif cell.quantity.state in (State.NUMBER, State.DOUBTFUL):
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

    def is_remark(self, row: int) -> bool:
        """Whether a row below a table is a caption or sentence alone in its row: 会计期间：2024年1-6月."""
        cells = self.rows.get(row, [])
        text = cells[0][1].value if len(cells) == 1 else None
        return isinstance(text, str) and (
            bool(labels.periods(text)) or re.search("[:：。；]", text) is not None
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


MAX_HEADING_ROWS = 8
MAX_SEARCH = 400
"""Headings are looked for within so many rows from a title, or from the end of the table above."""
Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Header:
    """The heading rows of one table: rows top..bottom and the texts above each column, outermost first."""

    top: int
    bottom: int
    paths: dict[int, Path]

    def keys(self, column: int) -> Path:
        """The path of a column as keys."""
        return _as_keys(self.paths.get(column, ()))

    def shown(self, column: int) -> str:
        """The path of a column as a label for people."""
        return _as_label(self.paths.get(column, ()))


@functools.lru_cache(maxsize=4096)
def _as_keys(path: Path) -> Path:
    return tuple(labels.heading(text) for text in path)


@functools.lru_cache(maxsize=4096)
def _as_label(path: Path) -> str:
    return "/".join(labels.tidy(text) for text in path)


def find_header(page: Page, form: Form, top: int, bottom: int) -> Header | None:
    """The first heading rows for a form within top..bottom, None when there are none."""
    for row in range(top, min(bottom, top + MAX_SEARCH) + 1):
        if row in page.rows and page.is_header(row, form.vocabulary):
            return _read(page, form, row, bottom)
    return None


def _read(page: Page, form: Form, top: int, limit: int) -> Header:
    last = top
    while last < min(limit, top + MAX_HEADING_ROWS):
        reach = max(
            (b for t, _, b, _ in page.spans if top <= t <= last < b <= top + MAX_HEADING_ROWS), default=last
        )
        below = next((row for row in range(last + 1, min(last + 3, limit) + 1) if row in page.rows), last + 1)
        if page.is_header(below, form.vocabulary) or page.is_ruler(below):
            last = below
        elif (reach > last and not _has_figures(page, last + 1)) or _hangs(page, form, range(top, last + 1)):
            last += 1
        else:
            break
    rows = [row for row in range(top, last + 1) if not page.is_ruler(row)]
    return Header(top, last, _paths(page, rows))


def _has_figures(page: Page, row: int) -> bool:
    return any(not isinstance(cell.value, str) for _, cell in page.rows.get(row, ()))


def _hangs(page: Page, form: Form, rows: range) -> bool:
    """Whether the next row hangs below headings: only texts, a known word among them, nothing below a label column."""
    below = page.rows.get(rows[-1] + 1, [])
    if len(below) < 2 or any(not isinstance(cell.value, str) for _, cell in below):
        return False
    if not any(labels.heading(str(cell.value)) in form.vocabulary for _, cell in below):
        return False
    left = min(column for row in rows for column, _ in page.rows.get(row, [(1, None)]))
    named = {column for row in rows for column, key in _keys(page, row) if key in form.naming} | {left}
    return not any(column in named or cell.quantity.state is State.NUMBER for column, cell in below)


def _keys(page: Page, row: int) -> list[tuple[int, str]]:
    return [
        (c, labels.heading(cell.value)) for c, cell in page.rows.get(row, ()) if isinstance(cell.value, str)
    ]


def _paths(page: Page, rows: list[int]) -> dict[int, Path]:
    spans = [span for span in page.spans if span[0] <= rows[-1] and span[2] >= rows[0]]
    merged = any(right > left for _, left, _, right in spans)
    width = max((right for _, _, _, right in spans), default=0)
    width = max([width, *(cells[-1][0] for row in rows if (cells := page.rows.get(row)))])
    grid = [_spread(page, row, width, spans) for row in rows]
    if not merged:
        _fill_right(grid, width)
    paths: dict[int, Path] = {}
    for column in range(1, width + 1):
        path: list[str] = []
        for line in grid:
            text = line.get(column, "")
            if text and (not path or labels.heading(path[-1]) != labels.heading(text)):
                path.append(text)
        if path:
            paths[column] = tuple(path)
    return paths


def _spread(page: Page, row: int, width: int, spans: list[tuple[int, int, int, int]]) -> dict[int, str]:
    line = {column: cell.value for column, cell in page.rows.get(row, ()) if isinstance(cell.value, str)}
    for top, left, bottom, right in spans:
        if top <= row <= bottom:
            text = page.text(top, left)
            if text:
                line.update(dict.fromkeys(range(left, min(right, width) + 1), text))
    return line


def _fill_right(grid: list[dict[int, str]], width: int) -> None:
    """Without merged areas (.csv, pasted tables) a heading reaches right as far as its parent does."""
    for depth, line in enumerate(grid):
        for column in range(2, width + 1):
            if column in line or column - 1 not in line:
                continue
            above = [upper.get(column, "") for upper in grid[:depth]]
            left = [upper.get(column - 1, "") for upper in grid[:depth]]
            below = any(column in lower for lower in grid[depth + 1 :])
            if above == left and (below or not depth or any(above)):
                line[column] = line[column - 1]


def fits(keys: tuple[str, ...], column: Column, frame: Keys) -> bool:
    """Whether a heading path is exactly what a column asks for: every word met, nothing unexplained."""
    for spec in column.specs:
        used: set[str] = set()
        for words in spec:
            met = [key for key in keys if key in words]
            if not met:
                break
            used.update(met)
        else:
            rest = [key for key in keys if key and key not in used and key not in frame and key not in TOTALS]
            if not rest:
                return True
    return False


def locate(
    header: Header,
    columns: range,
    wanted: Column,
    frame: Keys,
    beside: list[int],
    filled: Callable[[int], bool],
) -> list[int]:
    """The sheet columns that fit a form's column; several are an ambiguity unless one plainly is meant.

    ``beside`` holds the columns that the wanted one stands next to; ``filled`` says whether a column holds anything.
    """
    found = [number for number in columns if fits(header.keys(number), wanted, frame)]
    if len(found) > 1 and wanted.beside and beside:
        nearest = min(abs(number - beside[0]) for number in found)
        found = [number for number in found if abs(number - beside[0]) == nearest]
    if len(found) > 1:
        # an empty column inside a merged heading has its parent's heading only
        found = [number for number in found if not any(_inside(header, number, other) for other in found)]
    if len(found) > 1:
        full = {_timed(header, number) for number in found if filled(number)}
        found = [n for n in found if filled(n) or _timed(header, n) not in full] or found[:1]
    return _exact(header, found, wanted)


def _timed(header: Header, column: int) -> tuple[str, ...]:
    """The periods that the headings above a column name."""
    return tuple(one.text for text in header.paths.get(column, ()) for one in labels.periods(text))


def _inside(header: Header, one: int, other: int) -> bool:
    """Whether the path of ``one`` is only the beginning of the path of ``other``."""
    short, long = header.keys(one), header.keys(other)
    return len(short) < len(long) and long[: len(short)] == short


def _exact(header: Header, found: list[int], wanted: Column) -> list[int]:
    """Of several fitting columns, those whose headings carry no total word beyond the ones asked for."""
    if len(found) < 2:
        return found
    asked = frozenset().union(*(words for spec in wanted.specs for words in spec))
    plain = [n for n in found if not any(k in TOTALS and k not in asked for k in header.keys(n))]
    return plain if len(plain) == 1 else found
