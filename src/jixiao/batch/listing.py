"""What there is to score: a folder, a list of files, or single workbooks -> items in order, cut into blocks.

A block is cut after a name whose hash says so, so that a file more or less moves no other block: what was scored of them
before can be used again.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from jixiao.model import Source, UsageStop, reason

BOOKS = (".xlsx", ".xlsm", ".xls", ".et", ".ods")
"""What people send in as a workbook; each is opened by its content and scored, or named with the reason why not."""
BACKUP = ".bak"  # as saving names what it keeps beside a workbook
LIST = ".txt"
OFTEN, MOST = 128, 400
"""Of so many files one ends a block; the most that a block holds."""


class Item(NamedTuple):
    """One file: where it is, the name it is told by (below what was asked for, with ``/``), bytes, time of change in ns.

    ``why`` says why it cannot even be listed; empty where it can.
    """

    path: str
    name: str
    size: int = 0
    mtime: int = 0
    why: str = ""


def items_of(place: Path) -> list[Item]:
    """Every workbook below a folder, or those that a list (.txt, one path a line) names, sorted by name.

    UsageStop where there is no such place or nothing in it. A folder that cannot be read is an item with its reason.
    """
    if place.is_dir():
        found = list(_walked(place))
    elif place.suffix.lower() == LIST and place.is_file():
        lines = place.read_text("utf-8-sig", "replace").splitlines()
        found = [_item(place.parent / line.strip(), line.strip()) for line in lines if line.strip()]
    elif place.is_file():
        found = [_item(place, place.name)]
    else:
        raise UsageStop("J901", Source(place.name), name=str(place))
    if not found:
        raise UsageStop("J902", Source(place.name), name=str(place), kinds="、".join(BOOKS))
    return sorted({item.name: item for item in found}.values(), key=lambda item: item.name)


def _walked(place: Path) -> Iterator[Item]:
    closed: list[OSError] = []
    for folder, below, files in os.walk(place, onerror=closed.append):
        below[:] = [name for name in below if not name.startswith(".")]
        for name in files:
            path = Path(folder, name)
            kept = name.startswith((".", "~$")) or path.stem.endswith(BACKUP)
            if path.suffix.lower() in BOOKS and not kept:
                yield _item(path, path.relative_to(place).as_posix())
    for error in closed:
        path = Path(error.filename or place)
        yield Item(str(path), path.relative_to(place).as_posix() + "/", why=reason(error))


def _item(path: Path, name: str) -> Item:
    try:
        state = path.stat()
    except OSError as error:
        return Item(str(path), name, why=reason(error))
    return Item(str(path), name, state.st_size, state.st_mtime_ns)


def blocks_of(items: Iterable[Item]) -> Iterator[list[Item]]:
    """The items in blocks, each cut by the names in it alone."""
    block: list[Item] = []
    for item in items:
        block.append(item)
        if len(block) == MOST or hashlib.sha256(item.name.encode()).digest()[0] % OFTEN == 0:
            yield block
            block = []
    if block:
        yield block
