"""The OLE compound file (MS-CFB version 3) that a VBA project lives in: streams by name -> bytes.

Excel deletes the macros of a file whose directory is not a proper red-black tree, so the tree is built
balanced: sorted by length and upper-case name, split at the middle, the lowest level red.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

SECTOR, MINI = 512, 64
CUTOFF = 4096  # smaller streams lie in the mini stream
END, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
NONE = 0xFFFFFFFF  # no sibling, no child
ROOT, STORAGE, STREAM = 5, 1, 2
RED, BLACK = 0, 1
LONGEST_NAME = 31
FAT_IN_HEADER = 109


@dataclass(slots=True)
class Entry:
    """One record of the directory."""

    name: str
    kind: int
    data: bytes = b""
    children: list[int] = field(default_factory=list)
    left: int = NONE
    right: int = NONE
    child: int = NONE
    colour: int = BLACK
    start: int = END


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A compound file. Names are ``STREAM`` or ``STORAGE/STREAM``; the same streams give the same bytes.

    ValueError: a name too long for the format, or more than the 7 MB that need no second table.
    """
    entries = _entries(streams)
    for entry in entries:
        if entry.kind != STREAM:
            entry.child = _tree(entries, _sorted(entries, entry.children), 0, _height(len(entry.children)))
    sectors: list[bytes] = []
    table: list[int] = []
    mini, mini_table = _mini_stream(entries)
    for entry in entries:
        if entry.kind == STREAM and len(entry.data) >= CUTOFF:
            entry.start = _add(sectors, table, entry.data)
    entries[0].data, entries[0].start = mini, _add(sectors, table, mini)
    first_mini = _add(sectors, table, struct.pack(f"<{len(mini_table)}L", *mini_table), b"\xff")
    first_directory = _add(sectors, table, b"".join(map(_record, entries)), pad=_record(Entry("", 0)))
    fat = _fat(table)
    mini_sectors = -(-len(mini_table) * 4 // SECTOR)
    header = _header(len(fat) // SECTOR, len(table), first_directory, first_mini, mini_sectors)
    return header + b"".join(sectors) + fat


def _entries(streams: Mapping[str, bytes]) -> list[Entry]:
    """The root, then each storage and stream; ``children`` hold positions in this list."""
    made = [Entry("Root Entry", ROOT)]
    folders = {"": 0}
    for path, data in streams.items():
        folder, _, name = path.rpartition("/")
        if len(name) > LONGEST_NAME or len(folder) > LONGEST_NAME:
            raise ValueError(f"name too long: {path}")
        if folder not in folders:
            folders[folder] = len(made)
            made[0].children.append(len(made))
            made.append(Entry(folder, STORAGE))
        made[folders[folder]].children.append(len(made))
        made.append(Entry(name, STREAM, data))
    return made


def _sorted(entries: Sequence[Entry], numbers: Sequence[int]) -> list[int]:
    return sorted(numbers, key=lambda n: (len(entries[n].name), entries[n].name.upper()))


def _height(count: int) -> int:
    return count.bit_length() - 1


def _tree(entries: list[Entry], numbers: Sequence[int], depth: int, lowest: int) -> int:
    """Hang sorted entries below their middle one; its number."""
    if not numbers:
        return NONE
    middle = len(numbers) // 2
    top = entries[numbers[middle]]
    top.left = _tree(entries, numbers[:middle], depth + 1, lowest)
    top.right = _tree(entries, numbers[middle + 1 :], depth + 1, lowest)
    top.colour = RED if depth == lowest and depth else BLACK
    return numbers[middle]


def _mini_stream(entries: Sequence[Entry]) -> tuple[bytes, list[int]]:
    """The small streams one behind the other in pieces of 64 bytes, and the chains of those pieces."""
    pieces: list[bytes] = []
    chains: list[int] = []
    for entry in entries:
        if entry.kind == STREAM and 0 < len(entry.data) < CUTOFF:
            entry.start = _add(pieces, chains, entry.data, size=MINI)
    return b"".join(pieces), chains


def _add(
    sectors: list[bytes], table: list[int], data: bytes, pad: bytes = b"\x00", *, size: int = SECTOR
) -> int:
    """Append data in whole sectors with their chain; the number of the first one."""
    if not data:
        return END
    first = len(sectors)
    missing = -len(data) % size
    data += pad * (missing // len(pad))
    count = len(data) // size
    sectors += [data[at : at + size] for at in range(0, len(data), size)]
    table += [*range(first + 1, first + count), END]
    return first


def _fat(table: list[int]) -> bytes:
    """The table of chains, which counts its own sectors too."""
    count = 1
    while len(table) + count > count * SECTOR // 4:
        count += 1
    if count > FAT_IN_HEADER:
        raise ValueError("too large for a table that lies in the header")
    full = [*table, *[FAT] * count]
    full += [FREE] * (count * SECTOR // 4 - len(full))
    return struct.pack(f"<{len(full)}L", *full)


def _record(entry: Entry) -> bytes:
    name = entry.name.encode("utf-16-le")
    return struct.pack(
        "<64sHBBLLL16sLQQLQ",
        name,
        len(name) + 2 if name else 0,
        entry.kind,
        entry.colour if entry.kind else 0,
        entry.left,
        entry.right,
        entry.child,
        bytes(16),
        0,
        0,
        0,
        entry.start if entry.kind in (ROOT, STREAM) else 0,
        len(entry.data),
    )


def _header(fats: int, first_fat: int, directory: int, mini: int, mini_sectors: int) -> bytes:
    places = [first_fat + n for n in range(fats)]
    places += [FREE] * (FAT_IN_HEADER - fats)
    head = struct.pack(
        "<8s16sHHHHH6sLLLLLLLLL",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        bytes(16),
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        bytes(6),
        0,
        fats,
        directory,
        0,
        CUTOFF,
        mini,
        mini_sectors,
        END,
        0,
    )
    return head + struct.pack(f"<{FAT_IN_HEADER}L", *places)
