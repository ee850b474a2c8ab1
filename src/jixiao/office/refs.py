"""Cell addresses: ``"B12"`` to (12, 2) and back, areas, and the limits of the grid."""

from __future__ import annotations

import bisect
import functools
import heapq
import re
from collections.abc import Iterable

MAX_ROW = 1_048_576
MAX_COLUMN = 16_384

_REF = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})")


def measure(text: str | None, other: float) -> float:
    """A width or height as a file has it; ``other`` where it has none that is a number."""
    try:
        return float(text) if text else other
    except ValueError:
        return other


def digits(text: str | None) -> int | None:
    """A count or index as XML attributes hold it, or None; never a number too long to be one."""
    if text is None or not (0 < len(text) <= 10 and text.isascii() and text.isdigit()):
        return None
    return int(text)


@functools.lru_cache(maxsize=1024)
def column_letter(number: int) -> str:
    """The letters of a column counted from 1: 1 is A, 28 is AB; ValueError outside the grid."""
    if not 1 <= number <= MAX_COLUMN:
        raise ValueError(f"column {number} is outside the grid")
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@functools.lru_cache(maxsize=1024)
def column_number(letters: str) -> int:
    """The number of a column from its letters: A is 1."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


@functools.lru_cache(maxsize=16_384)
def split_ref(ref: str) -> tuple[int, int]:
    """(row, column), both from 1, of an address such as ``B12`` or ``$B$12``; ValueError otherwise."""
    match = _REF.fullmatch(ref)
    if match is not None:
        row, column = int(match[2]), column_number(match[1])
        if row <= MAX_ROW and column <= MAX_COLUMN:
            return row, column
    raise ValueError(f"not a cell address: {ref[:40]!r}")


def join_ref(row: int, column: int) -> str:
    """The address of a cell: (12, 2) is B12."""
    return f"{column_letter(column)}{row}"


def split_area(area: str) -> tuple[int, int, int, int]:
    """(first row, first column, last row, last column) of ``A1:C3``, or of one cell; ValueError otherwise."""
    first, colon, last = area.partition(":")
    row, column = split_ref(first)
    bottom, right = split_ref(last) if colon else (row, column)
    return min(row, bottom), min(column, right), max(row, bottom), max(column, right)


def shown_area(span: tuple[int, int, int, int]) -> str:
    """``A1:C3`` of (first row, first column, last row, last column), drawn in to the edge of the grid."""
    top, left, bottom, right = (
        min(max(n, 1), most) for n, most in zip(span, (MAX_ROW, MAX_COLUMN) * 2, strict=True)
    )
    return f"{join_ref(top, left)}:{join_ref(bottom, right)}"


def disjoint(spans: Iterable[tuple[int, int, int, int]]) -> tuple[list[tuple[int, int, int, int]], list[int]]:
    """The areas of some that a sheet can hold as merged, in their order, and the places in the list of all others.

    None outside the grid or over another one: of two that overlap the one that begins further up, or
    further left, stays. Time n log n.
    """
    boxes = list(spans)
    kept: set[int] = set()
    rows: list[tuple[int, int]] = []  # (last row, left column) of those that reach further down
    columns: list[tuple[int, int]] = []  # (left, right) of the same, from left to right
    for place in sorted(range(len(boxes)), key=boxes.__getitem__):
        top, left, bottom, right = boxes[place]
        if not (1 <= top <= bottom <= MAX_ROW and 1 <= left <= right <= MAX_COLUMN):
            continue
        while rows and rows[0][0] < top:
            _, gone = heapq.heappop(rows)
            del columns[bisect.bisect_left(columns, (gone, 0))]
        behind = bisect.bisect_left(columns, (left, 0))
        over = behind < len(columns) and columns[behind][0] <= right
        if over or (behind and columns[behind - 1][1] >= left):
            continue
        heapq.heappush(rows, (bottom, left))
        columns.insert(behind, (left, right))
        kept.add(place)
    return [boxes[n] for n in sorted(kept)], [n for n in range(len(boxes)) if n not in kept]
