"""Heading rows -> the path of headings above each column (合并的多行表头)."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass

from jixiao.intake import labels
from jixiao.intake.definition import TOTALS, Column, Form, Keys
from jixiao.intake.page import Page
from jixiao.text import State, read_quantity

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


def find(page: Page, form: Form, top: int, bottom: int) -> Header | None:
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
    return not any(
        column in named or read_quantity(cell.value).state is State.NUMBER for column, cell in below
    )


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
        found = [number for number in found if filled(number)] or found[:1]
    return _exact(header, found, wanted)


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
