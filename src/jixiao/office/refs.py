"""Cell addresses: ``"B12"`` to (12, 2) and back, areas, and the limits of the grid."""

from __future__ import annotations

import functools
import re

MAX_ROW = 1_048_576
MAX_COLUMN = 16_384

_REF = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})")


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
