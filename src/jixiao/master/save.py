"""Saving that never loses anything: the old file or the new one, whole, whatever happens at whatever moment.

The new bytes go to a temporary file beside the target, reach the disk, are read back and checked; the
target must still be the file that was loaded; a backup is kept; only then is the name moved over, in one
step.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import stat
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

from jixiao.master.locks import lock_file, lock_holder, refuse_locked, saving
from jixiao.model.finding import Busy, CannotWrite, Refused, Stop
from jixiao.model.ooxml import archive

__all__ = ["Loaded", "load", "lock_file", "lock_holder", "save_new", "save_over", "sweep"]

KEEP_BACKUPS = 3
_TRIES, _PAUSE = 10, 0.05  # Windows: a virus scanner may hold the target for a moment
_LONGEST = 180  # bytes of a name that we put a prefix and a suffix to; file systems allow 255


@dataclass(frozen=True, slots=True)
class Loaded:
    """A file as it was read: its resolved path, its bytes, and the fingerprint that tells whether it changed."""

    path: Path
    data: bytes
    size: int
    mtime_ns: int
    sha256: str


def load(path: str | Path) -> Loaded:
    """Read a file and its fingerprint, symbolic links resolved; Refused (exit 3) when it is not there."""
    target = Path(os.path.realpath(path))
    try:
        with target.open("rb") as file:
            before = os.fstat(file.fileno())
            if not stat.S_ISREG(before.st_mode):
                raise Refused("J559", file=target.name)
            data = file.read()
    except OSError as error:
        raise Refused("J559", file=target.name) from error
    return Loaded(target, data, len(data), before.st_mtime_ns, hashlib.sha256(data).hexdigest())


def save_over(was: Loaded, data: bytes, *, backup: bool = True) -> Path | None:
    """Replace a loaded workbook by ``data``; returns the backup's path, None without one or when nothing changed.

    Busy (exit 4): open elsewhere, being saved by another process, or changed since loading (the new bytes
    are then kept beside it as ``NAME.new.xlsx``). CannotWrite (exit 6): read-only, disk full, or what was
    written reads back wrong; the old file is untouched.
    """
    path = was.path
    check_writable(path)
    if data == was.data:
        return None
    with _explained(path), saving(path):
        sweep(path)
        part = _part_name(path)
        try:
            _write(part, data, like=path)
            _read_back(part, data, was.data, path)
            if not _is_still(was):
                raise Busy("J552", file=path.name, kept=_keep_beside(part, path).name)
            kept = _back_up(was) if backup else None
            _replace(part, path)
        finally:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
        _sync_folder(path.parent)
    _prune(path)
    return kept


def save_new(path: str | Path, data: bytes, *, overwrite: bool = False) -> Path:
    """Write an output that must never exist half-written; returns its resolved path.

    CannotWrite (exit 6) when it exists already and ``overwrite`` is not set. Overwriting is
    ``save_over``: same checks, same backup.
    """
    target = Path(os.path.realpath(path))
    if target.exists():
        if not overwrite:
            raise CannotWrite("J556", file=target.name)
        save_over(load(target), data)
        return target
    refuse_locked(target)
    with _explained(target):
        sweep(target)
        part = _part_name(target)
        try:
            _write(part, data, like=None)
            _read_back(part, data, b"", target)
            _publish(part, target)
        finally:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
        _sync_folder(target.parent)
    return target


def check_writable(path: str | Path) -> None:
    """Refuse a workbook that is open elsewhere (Busy, exit 4) or read-only (CannotWrite, exit 6), before any work."""
    given, target = Path(os.path.abspath(path)), Path(os.path.realpath(path))
    refuse_locked(*{given, target})
    # root may write everything: the mode says what the owner wanted
    if target.exists() and not (os.access(target, os.W_OK) and target.stat().st_mode & 0o222):
        raise CannotWrite("J554", file=target.name)


def sweep(path: Path) -> None:
    """Remove the temporary files that killed processes left beside a target."""
    pattern = re.compile(re.escape(f".{_short(path.name)}.") + r"(\d+)\.part")
    for beside in path.parent.iterdir():
        match = pattern.fullmatch(beside.name)
        if match is not None and not _alive(int(match[1])):
            with contextlib.suppress(OSError):  # on Windows the file of a living process cannot be removed
                beside.unlink()


def _alive(pid: int) -> bool:
    """Whether another process of that number runs; our own number on a file we have not made is a dead one's."""
    if sys.platform == "win32" or pid == os.getpid():
        return False
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def _short(name: str) -> str:
    """The name, or a shorter one that is as unique, so that a prefix and a suffix still fit the file system."""
    if len(os.fsencode(name)) <= _LONGEST:
        return name
    return hashlib.sha256(os.fsencode(name)).hexdigest()[:32]


def _part_name(path: Path) -> Path:
    return path.with_name(f".{_short(path.name)}.{os.getpid()}.part")


def _write(part: Path, data: bytes, like: Path | None) -> None:
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
    os.chmod(part, stat.S_IMODE(old.st_mode))
    if sys.platform != "win32" and os.geteuid() == 0:
        os.fchown(handle, old.st_uid, old.st_gid)


def _read_back(part: Path, data: bytes, old: bytes, path: Path) -> None:
    """The file on disk is what was meant, and a workbook is whole: checksums right, changed XML well-formed."""
    if part.read_bytes() != data:
        raise CannotWrite("J557", file=path.name)
    if not data.startswith(b"PK"):
        return
    try:
        members, _ = archive.read_directory(data)
        known = _known(old)
        for member in members:
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


def _is_still(was: Loaded) -> bool:
    try:
        now = load(was.path)
    except Stop:
        return False
    return (now.size, now.mtime_ns, now.sha256) == (was.size, was.mtime_ns, was.sha256)


def _keep_beside(part: Path, path: Path) -> Path:
    kept = path.with_name(f"{_short(path.stem)}.new{path.suffix}")
    os.replace(part, kept)
    _sync_folder(path.parent)
    return kept


def _back_up(was: Loaded) -> Path:
    """A second name for the old file, or a copy where the file system has no second names."""
    path = was.path
    stamp = time.strftime("%Y%m%d-%H%M%S")
    for number in range(1, 1000):
        again = f"-{number}" if number > 1 else ""
        backup = path.with_name(f"{_short(path.stem)}.{stamp}{again}.bak{path.suffix}")
        if backup.exists():
            continue
        try:
            os.link(path, backup)
        except FileExistsError:
            continue
        except OSError:
            half = path.with_name(f".{_short(path.name)}.bak.{os.getpid()}.part")
            half.unlink(missing_ok=True)
            _write(half, was.data, like=path)
            os.replace(half, backup)
        return backup
    raise CannotWrite("J555", file=path.name, why="备份文件过多")


def _prune(path: Path) -> None:
    """Keep the last backups of this workbook; a failure here is no failure of the save."""
    pattern = re.compile(
        re.escape(_short(path.stem)) + r"\.(\d{8}-\d{6})(?:-(\d+))?\.bak" + re.escape(path.suffix)
    )
    found: list[tuple[str, int, Path]] = []
    with contextlib.suppress(OSError):
        for beside in path.parent.iterdir():
            match = pattern.fullmatch(beside.name)
            if match is not None:
                found.append((match[1], int(match[2] or 1), beside))
        for _, _, backup in sorted(found)[:-KEEP_BACKUPS]:
            backup.unlink()


def _replace(part: Path, path: Path) -> None:
    for attempt in range(_TRIES):
        try:
            os.replace(part, path)
            return
        except PermissionError:
            if sys.platform != "win32":
                raise
            if attempt + 1 < _TRIES:
                time.sleep(_PAUSE)
    raise Busy("J558", file=path.name, kept=_keep_beside(part, path).name)


def _publish(part: Path, path: Path) -> None:
    """Give a finished new file its name, which somebody may have taken meanwhile."""
    try:
        os.link(part, path)
    except FileExistsError:
        raise CannotWrite("J556", file=path.name) from None
    except OSError:  # no second names on this file system
        if path.exists():
            raise CannotWrite("J556", file=path.name) from None
        os.replace(part, path)


def _sync_folder(folder: Path) -> None:
    """Make the new name itself durable; only POSIX can, and some file systems there cannot."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):
            os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn errors of the operating system into CannotWrite."""
    try:
        yield
    except OSError as error:
        raise CannotWrite("J555", file=path.name, why=error.strerror or "未知错误") from error
