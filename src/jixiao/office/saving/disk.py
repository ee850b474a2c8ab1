"""The steps of a safe save on disk: temporary files, reading back, backups, and what killed processes left."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import stat
import sys
import time
from pathlib import Path
from xml.parsers import expat

from jixiao.model import CannotWrite, Stop
from jixiao.office.ooxml import archive

KEEP_BACKUPS = 3
_LONGEST = 180  # bytes of a name that we put a prefix and a suffix to; file systems allow 255


def sweep(path: Path) -> None:
    """Remove the temporary files that killed processes left beside a target."""
    pattern = re.compile(re.escape(f".{short(path.name)}.") + r"(?:bak\.)?(\d+)\.part")
    for beside in path.parent.iterdir():
        match = pattern.fullmatch(beside.name)
        if match is not None and not _alive(int(match[1])):
            with contextlib.suppress(OSError):  # on Windows the file of a living process cannot be removed
                beside.unlink()


def _alive(pid: int) -> bool:
    """Whether another process of that number runs; our own number on a file not made yet is a dead one's."""
    if sys.platform == "win32" or pid == os.getpid():
        return False
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def short(name: str) -> str:
    """The name, or a shorter one that is as unique, so that a prefix and a suffix still fit the file system."""
    if len(os.fsencode(name)) <= _LONGEST:
        return name
    return hashlib.sha256(os.fsencode(name)).hexdigest()[:32]


def part_name(path: Path) -> Path:
    """The temporary file of this process for a target, in the same folder, so that a rename can publish it."""
    return path.with_name(f".{short(path.name)}.{os.getpid()}.part")


def write(part: Path, data: bytes, like: Path | None) -> None:
    """Write a new file down to the disk, with the mode (and for root the owner) of ``like``; OSError."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
    handle = os.open(part, flags, 0o666)
    try:
        if like is not None:
            _copy_mode(handle, part, like)
        view = memoryview(data)
        while view:
            view = view[os.write(handle, view[: 1 << 24]) :]
        os.fsync(handle)
    finally:
        os.close(handle)


def _copy_mode(handle: int, part: Path, like: Path) -> None:
    old = like.stat()
    if sys.platform != "win32" and os.geteuid() == 0:
        os.fchown(handle, old.st_uid, old.st_gid)
    os.chmod(part, stat.S_IMODE(old.st_mode))


def read_back(part: Path, data: bytes, old: bytes, path: Path) -> None:
    """Make sure the file on disk is what was meant, and a workbook is whole; CannotWrite (exit 6) otherwise.

    Every checksum is verified, and every XML part that is not one of the old file's is parsed.
    """
    if part.read_bytes() != data:
        raise CannotWrite("J557", file=path.name)
    if not data.startswith(b"PK"):
        return
    try:
        known = _known(old)
        for member in archive.read_directory(data)[0]:
            content = archive.inflate(data, member)
            same = (member.name, member.crc, member.size) in known
            if not same and member.name.lower().endswith((".xml", ".rels")):
                expat.ParserCreate().Parse(content, True)
    except (Stop, expat.ExpatError, LookupError) as error:
        raise CannotWrite("J557", file=path.name) from error


def _known(old: bytes) -> set[tuple[str, int, int]]:
    """Parts of the old file: those that stay as they were need no second look."""
    if not old.startswith(b"PK"):
        return set()
    try:
        return {(member.name, member.crc, member.size) for member in archive.read_directory(old)[0]}
    except Stop:
        return set()


def back_up(path: Path) -> Path:
    """A second name for the file, or a copy where the file system has no second names; OSError."""
    stamp = time.strftime("%Y%m%d-%H%M%S")
    # a number that was used and pruned within this second must not come back: it would sort as the oldest
    number = max((count for when, count, _ in backups(path) if when == stamp), default=0) + 1
    again = f"-{number}" if number > 1 else ""
    backup = path.with_name(f"{short(path.stem)}.{stamp}{again}.bak{path.suffix}")
    try:
        os.link(path, backup)
    except FileExistsError:
        raise
    except OSError:
        half = path.with_name(f".{short(path.name)}.bak.{os.getpid()}.part")
        half.unlink(missing_ok=True)
        write(half, path.read_bytes(), like=path)
        os.replace(half, backup)
    return backup


def backups(path: Path) -> list[tuple[str, int, Path]]:
    """The backups of a workbook, oldest first: time, number within that second, path."""
    ending = r"\.(\d{8}-\d{6})(?:-(\d+))?\.bak" + re.escape(path.suffix)
    pattern = re.compile(re.escape(short(path.stem)) + ending)
    matches = ((pattern.fullmatch(beside.name), beside) for beside in path.parent.iterdir())
    return sorted((match[1], int(match[2] or 1), beside) for match, beside in matches if match is not None)


def prune(path: Path, latest: Path) -> None:
    """Keep the last backups, ``latest`` among them whatever the clock says; failing is no failure of the save."""
    with contextlib.suppress(OSError):
        older = [backup for _, _, backup in backups(path) if backup != latest]
        for backup in older[: max(0, len(older) - KEEP_BACKUPS + 1)]:
            backup.unlink()


def sync_folder(folder: Path) -> None:
    """Make a new name itself durable; only POSIX can, and some file systems there cannot."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):
            os.fsync(handle)
    finally:
        os.close(handle)
