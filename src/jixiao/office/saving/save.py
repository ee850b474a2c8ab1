"""Saving that never loses anything: the old file or the new one, whole, whatever happens at whatever moment.

The new bytes go to a temporary file beside the target, reach the disk, are read back and checked; the
target must still be the file that was loaded; a backup is kept; only then is the name moved over, in one
step.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import stat
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jixiao.model import Busy, CannotWrite, Refused, Stop
from jixiao.office.saving import disk
from jixiao.office.saving.locks import lock_file, lock_holder, refuse_locked, saving

__all__ = ["Fingerprint", "check_writable", "load", "lock_file", "lock_holder", "save_new", "save_over"]

_REASONS = {
    errno.ENOSPC: "磁盘已满",
    errno.EFBIG: "文件过大",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "磁盘是只读的",
    errno.ENOENT: "文件夹不存在",
    errno.ENOTDIR: "文件夹不存在",
    errno.EISDIR: "同名的是文件夹",
    errno.ENAMETOOLONG: "文件名过长",
    errno.EIO: "磁盘读写出错",
}
_TURN = threading.Lock()  # threads of one process share its number, which names the temporary file
_TRIES, _PAUSE = 10, 0.05  # Windows: a virus scanner may hold the target for a moment


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What a file was when it was read: bytes, time of change in ns, SHA-256 in hex."""

    size: int
    mtime_ns: int
    sha256: str


def load(path: str | Path) -> tuple[bytes, Fingerprint]:
    """A file's bytes and fingerprint, links followed; Refused (exit 3) when it is no readable file."""
    target = Path(os.path.realpath(path))
    try:
        if not stat.S_ISREG(target.stat().st_mode):  # opening a pipe would wait for ever
            raise Refused("J559", file=target.name)
        with target.open("rb") as file:
            before = os.fstat(file.fileno())
            data = file.read()
    except OSError as error:
        raise Refused("J559", file=target.name) from error
    return data, Fingerprint(len(data), before.st_mtime_ns, hashlib.sha256(data).hexdigest())


def save_over(path: str | Path, data: bytes, was: Fingerprint, *, backup: bool = True) -> Path | None:
    """Replace a loaded workbook by ``data``; the backup's path, or None without one or when nothing changed.

    Busy (exit 4): open elsewhere, being saved by another process, or changed since loading (the new bytes
    are then kept beside it as ``NAME.new.xlsx``). CannotWrite (exit 6): read-only, disk full, or what was
    written reads back wrong; the old file is untouched.
    """
    check_writable(path)
    target = Path(os.path.realpath(path))
    if not target.exists():
        raise Busy("J552", file=target.name, kept=_rescue(target, data).name)
    with _TURN, _explained(target), saving(target):
        disk.sweep(target)
        old, now = load(target)
        if now == was and old == data:
            return None
        part = disk.part_name(target)
        try:
            disk.write(part, data, like=target)
            disk.read_back(part, data, old, target)
            if now != was or not _is_still(target, was):
                raise Busy("J552", file=target.name, kept=_keep_beside(part, target).name)
            kept = disk.back_up(target) if backup else None
            _replace(part, target)
        finally:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
        disk.sync_folder(target.parent)
    if kept is not None:
        disk.prune(target, kept)
    return kept


def save_new(path: str | Path, data: bytes, *, overwrite: bool = False) -> Path:
    """Write an output that must never exist half-written; returns its resolved path.

    CannotWrite (exit 6) when it exists already and ``overwrite`` is not set. Overwriting goes the way of
    ``save_over``: same checks, same backup.
    """
    target = Path(os.path.realpath(path))
    if os.path.lexists(target):
        if not overwrite:
            raise CannotWrite("J556", file=target.name)
        save_over(target, data, load(target)[1])
        return target
    refuse_locked(target)
    with _TURN, _explained(target):
        disk.sweep(target)
        part = disk.part_name(target)
        try:
            disk.write(part, data, like=None)
            disk.read_back(part, data, b"", target)
            _publish(part, target)
        finally:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
        disk.sync_folder(target.parent)
    return target


def check_writable(path: str | Path) -> None:
    """Stop before any work: the file is open elsewhere (Busy, exit 4) or read-only (CannotWrite, exit 6)."""
    given, target = Path(os.path.abspath(path)), Path(os.path.realpath(path))
    refuse_locked(*{given, target})
    # root may write everything: the mode says what the owner wanted
    if target.exists() and not (os.access(target, os.W_OK) and target.stat().st_mode & 0o222):
        raise CannotWrite("J554", file=target.name)


def _is_still(path: Path, was: Fingerprint) -> bool:
    try:
        return load(path)[1] == was
    except Stop:
        return False


def _keep_beside(part: Path, path: Path) -> Path:
    """Keep the finished new file as ``NAME.new.xlsx``, never over an earlier one nobody has looked at."""
    for number in range(1, 1000):
        again = f"-{number}" if number > 1 else ""
        kept = path.with_name(f"{disk.short(path.stem)}.new{again}{path.suffix}")
        if not os.path.lexists(kept):
            break
    os.replace(part, kept)
    disk.sync_folder(path.parent)
    return kept


def _rescue(path: Path, data: bytes) -> Path:
    """The target has vanished since loading: its new content is kept all the same."""
    with _TURN, _explained(path):
        part = disk.part_name(path)
        part.unlink(missing_ok=True)
        disk.write(part, data, like=None)
        return _keep_beside(part, path)


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


@contextlib.contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn errors of the operating system into CannotWrite."""
    try:
        yield
    except OSError as error:
        why = _REASONS.get(error.errno or 0, error.strerror or "未知错误")
        raise CannotWrite("J555", file=path.name, why=why) from error
