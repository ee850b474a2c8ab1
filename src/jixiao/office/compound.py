"""Compound files (the OLE container of .xls, .et, .doc and .wps): one stream cut out, every chain of sectors bounded.

A sector names the next one in a table that the file brings along, so a chain may run in a circle for ever. Here no sector
is taken twice in one chain, and no chain is longer than the file: the reader of the stream follows none itself.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

_LAST = 0xFFFFFFFA  # from here on a number is a mark (end, free, table) and no sector
_END = 0xFFFFFFFE
_IN_HEADER = 109  # sectors of the table that the header names itself
_ENTRY = 128  # bytes of an entry of the directory
_STREAM, _ROOT = 2, 5
_WORD_CLASS = bytes.fromhex(
    "0609020000000000c000000000000046"
)  # the class that Word writes into the root entry


def holds_words(data: bytes) -> bool:
    """Whether a compound file is a Word document: one that holds a workbook as well is what its root entry says it is."""
    names = {name: name.encode("utf-16-le") in data for name in ("WordDocument", "Workbook", "Book")}
    if not names["WordDocument"] or not (names["Workbook"] or names["Book"]):
        return names["WordDocument"]
    return _WORD_CLASS in data


def read_stream(data: bytes, names: Sequence[str]) -> bytes:
    """The first of these streams that a compound file holds; ValueError where it has none or is damaged."""
    if len(data) < 512 or data[28:30] != b"\xfe\xff":
        raise ValueError("no header")
    shift, small_shift = struct.unpack_from("<2H", data, 30)
    if shift not in (9, 12) or small_shift != 6:
        raise ValueError("odd sectors")
    file = _Sectors(data[1 << shift if shift == 12 else 512 :], 1 << shift)
    directory, cutoff, small_first = (struct.unpack_from("<I", data, at)[0] for at in (48, 56, 60))
    file.table = _table(data, file)
    entries = _entries(file.chain(directory))
    streams = [entries[name] for name in names if name in entries and entries[name][0] == _STREAM]
    if not streams:
        raise ValueError("no such stream")
    _, first, size = streams[0]
    if size >= cutoff:
        return file.chain(first)[:size]
    root = next((entry for entry in entries.values() if entry[0] == _ROOT), None)
    if root is None:
        raise ValueError("no root")
    small = _Sectors(file.chain(root[1]), 1 << small_shift)
    small.table = _numbers(file.chain(small_first))
    return small.chain(first)[:size]


class _Sectors:
    """Sectors of one size, and the table that names for each the next one of its chain."""

    def __init__(self, data: bytes, size: int) -> None:
        self.data, self.size = data, size
        self.count = -(-len(data) // size)  # the last one may be cut short: some programs write it so
        self.table: Sequence[int] = ()

    def sector(self, number: int) -> bytes:
        """One sector; ValueError outside the file."""
        if number >= self.count:
            raise ValueError("a sector outside the file")
        return self.data[number * self.size : (number + 1) * self.size]

    def chain(self, first: int) -> bytes:
        """The bytes of a whole chain; ValueError where it runs in a circle or out of the file."""
        pieces, seen, number = [], bytearray(self.count), first
        while number < _LAST:
            piece = self.sector(number)
            if seen[number]:
                raise ValueError("a chain in a circle")
            if number >= len(self.table):
                raise ValueError("a sector outside the table")
            seen[number] = 1
            pieces.append(piece)
            number = self.table[number]
        return b"".join(pieces)


def _table(data: bytes, file: _Sectors) -> Sequence[int]:
    """The table of the file's sectors: its own sectors are named in the header, and beyond in a chain of their own."""
    named = list(struct.unpack_from(f"<{_IN_HEADER}I", data, 76))
    (following,) = struct.unpack_from("<I", data, 68)
    seen: set[int] = set()
    while following < _LAST and (following or struct.unpack_from("<I", data, 72)[0]):
        if following in seen:
            raise ValueError("a chain in a circle")
        seen.add(following)
        more = _numbers(file.sector(following))
        named += more[:-1]
        following = more[-1] if more else _END
    own = [number for number in named if number < _LAST]
    if len(set(own)) != len(own):
        raise ValueError("a chain in a circle")
    return _numbers(b"".join(file.sector(number) for number in own))


def _entries(data: bytes) -> dict[str, tuple[int, int, int]]:
    """Name -> kind, first sector and size of each entry; the first of a name counts."""
    found: dict[str, tuple[int, int, int]] = {}
    for at in range(0, len(data) - _ENTRY + 1, _ENTRY):
        length, kind = struct.unpack_from("<HB", data, at + 64)
        if kind and 2 <= length <= 64:
            name = data[at : at + length - 2].decode("utf-16-le", "replace")
            found.setdefault(name, (kind, *struct.unpack_from("<2I", data, at + 116)))
    return found


def _numbers(data: bytes) -> Sequence[int]:
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])
