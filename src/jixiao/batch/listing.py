"""What there is to score: a folder, a zip, a list of files, an object store, or single workbooks -> items in order, in blocks.

An item is brought to this disk while it is read, wherever it lies. A block is cut after a name whose hash says so, so
that a file more or less moves no other block: what was scored of them before can be used again.
"""

from __future__ import annotations

import contextlib
import datetime
import functools
import hashlib
import os
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from jixiao.model import Refused, Source, UsageStop, reason
from jixiao.office import MAX_FILE

BOOKS = (".xlsx", ".xlsm", ".xls", ".et", ".ods")
"""What people send in as a workbook; each is opened by its content and scored, or named with the reason why not."""
BACKUP = ".bak"  # as saving names what it keeps beside a workbook
LIST, PACKED = ".txt", ".zip"
INSIDE, ELSEWHERE = "::", "://"
"""What parts a packed workbook from its zip in the path of an item, and what an address of an object store has."""
MOST_PACKED = 200_000
OFTEN, MOST = 128, 400
"""Of so many files one ends a block; the most that a block holds."""


class Item(NamedTuple):
    """One file: where it is, the name it is told by (below what was asked for, with ``/``), bytes, time of change in ns.

    One in a zip is at ``a.zip::folder/b.xlsx``, with its checksum for the time; one in an object store at its address.

    ``why`` says why it cannot even be listed; empty where it can.
    """

    path: str
    name: str
    size: int = 0
    mtime: int = 0
    why: str = ""


def items_of(place: Path | str) -> list[Item]:
    """Every workbook below a folder, in a zip, at an address, or those that a list (.txt, one a line) names, sorted by name.

    UsageStop where there is no such place or nothing in it. A folder that cannot be read is an item with its reason.
    """
    if ELSEWHERE in str(place):
        return _sorted(_stored(str(place)), PurePosixPath(str(place)))
    place = Path(place)
    if place.is_dir():
        found = list(_walked(place))
    elif place.suffix.lower() == PACKED and place.is_file():
        found = list(_packed(place, ""))
    elif place.suffix.lower() == LIST and place.is_file():
        lines = place.read_text("utf-8-sig", "replace").splitlines()
        found = [_listed(place.parent, line.strip()) for line in lines if line.strip()]
    elif place.is_file():
        found = [_item(place, place.name)]
    else:
        raise UsageStop("J901", Source(place.name), name=str(place))
    return _sorted(found, place)


def folders_of(place: Path) -> list[Item]:
    """Every folder directly below a place that holds files, sorted by name: the sources of one unit each."""
    if not place.is_dir():
        raise UsageStop("J901", Source(place.name), name=str(place))
    found = []
    for folder in place.iterdir():
        files = [path.stat() for path in sources_in(folder)]
        if files:
            changed = max(state.st_mtime_ns for state in files)
            found.append(Item(str(folder), folder.name, sum(state.st_size for state in files), changed))
    return _sorted(found, place)


def sources_in(folder: Path) -> list[Path]:
    """The files below a folder, but for hidden ones and those that are open in a program."""
    if not folder.is_dir() or folder.name.startswith("."):
        return []
    return sorted(
        path for path in folder.rglob("*") if path.is_file() and not path.name.startswith((".", "~$"))
    )


def _sorted(found: Iterable[Item], place: Path | PurePosixPath) -> list[Item]:
    items = sorted({item.name: item for item in found}.values(), key=lambda item: item.name)
    if not items:
        raise UsageStop("J902", Source(place.name), name=str(place), kinds="、".join(BOOKS))
    return items


def _wanted(name: PurePosixPath | Path) -> bool:
    kept = name.name.startswith((".", "~$")) or name.stem.endswith(BACKUP)
    return name.suffix.lower() in BOOKS and not kept


def _walked(place: Path) -> Iterator[Item]:
    closed: list[OSError] = []
    for folder, below, files in os.walk(place, onerror=closed.append):
        below[:] = [name for name in below if not name.startswith(".")]
        for name in files:
            path = Path(folder, name)
            if path.suffix.lower() == PACKED:
                yield from _packed(path, path.relative_to(place).as_posix() + "/")
            elif _wanted(path):
                yield _item(path, path.relative_to(place).as_posix())
    for error in closed:
        path = Path(error.filename or place)
        yield Item(str(path), path.relative_to(place).as_posix() + "/", why=reason(error))


def _packed(path: Path, below: str) -> Iterator[Item]:
    """The workbooks in a zip."""
    try:
        members = _members(path, path.stat().st_mtime_ns)
    except (OSError, zipfile.BadZipFile) as error:
        why = reason(error) if isinstance(error, OSError) else "不是完整的压缩包"
        yield Item(str(path), below or path.name, why=why)
        return
    for name, member in members.items():
        if _wanted(PurePosixPath(name)):
            yield Item(f"{path}{INSIDE}{name}", below + name, member.file_size, member.CRC)


@functools.lru_cache(maxsize=2)
def _members(path: Path, mtime: int) -> dict[str, zipfile.ZipInfo]:
    """The files of a zip by their names, which Windows writes in its own letters."""
    with zipfile.ZipFile(path) as packed:
        made = {}
        for member in packed.infolist()[:MOST_PACKED]:
            name = member.filename
            with contextlib.suppress(UnicodeError):
                name = name if member.flag_bits & 0x800 else name.encode("cp437").decode("gb18030")
            if not member.is_dir():
                made[name] = member
        return made


def _listed(folder: Path, line: str) -> Item:
    if ELSEWHERE in line:
        return next(iter(_stored(line)), Item(line, line, why="没有这个文件"))
    return _item(folder / line, line)


def _stored(address: str) -> Iterator[Item]:
    """The workbooks of an object store below an address."""
    system, root = _system(address)
    try:
        found = system.find(root, detail=True)
    except OSError as error:
        yield Item(address, address, why=reason(error))
        return
    for path, about in found.items():
        name = path.removeprefix(root).lstrip("/") or PurePosixPath(path).name
        if _wanted(PurePosixPath(name)):
            when = next((about[key] for key in ("LastModified", "mtime", "created") if about.get(key)), None)
            yield Item(system.unstrip_protocol(path), name, int(about.get("size") or 0), _when(when))


def _when(when: object) -> int:
    """A time of change in ns, 0 where there is none."""
    if isinstance(when, datetime.datetime):
        return int(when.timestamp() * 1e9)
    return int(when * 1e9) if isinstance(when, (int, float)) else 0


def _system(address: str) -> tuple[Any, str]:
    """The file system of an address and the path there; UsageStop where what reads it is not installed."""
    try:
        from fsspec.core import url_to_fs  # only where files lie elsewhere

        system, path = url_to_fs(address)
    except ImportError as error:
        what = "jixiao[cloud]" if error.name == "fsspec" else str(error)
        raise UsageStop("J923", name=address, what=what) from error
    except ValueError as error:  # no such kind of store
        raise UsageStop("J901", name=address) from error
    return system, str(path)


@contextlib.contextmanager
def at_hand(item: Item) -> Iterator[Path]:
    """The file on this disk, under its own name, while it is read. Refused: it cannot be brought here."""
    packed, inside, name = item.path.partition(INSIDE)
    if item.why:
        raise Refused("J903", name=item.name, why=item.why)
    if not inside and ELSEWHERE not in item.path:
        yield Path(item.path)
        return
    with tempfile.TemporaryDirectory(prefix="jixiao-") as folder:
        path = Path(folder, PurePosixPath(item.name).name)
        try:
            path.write_bytes(_unpacked(Path(packed), name) if inside else _fetched(item.path))
        except (OSError, KeyError, RuntimeError, zipfile.BadZipFile) as error:
            why = reason(error) if isinstance(error, OSError) else "压缩包已损坏、有密码或内容变了"
            raise Refused("J903", name=item.name, why=why) from error
        yield path


def _unpacked(path: Path, name: str) -> bytes:
    member = _members(path, path.stat().st_mtime_ns)[name]
    with zipfile.ZipFile(path) as packed, packed.open(member) as file:
        return file.read(MAX_FILE + 1)


def _fetched(address: str) -> bytes:
    system, path = _system(address)
    with system.open(path, "rb") as file:
        data: bytes = file.read(MAX_FILE + 1)
        return data


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
