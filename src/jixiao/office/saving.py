"""Saving that never loses anything: the old file or the new one, whole, whatever happens at whatever moment.

The new bytes go to a temporary file beside the target, reach the disk, are read back and checked; the
target must still be the file that was loaded; a backup is kept; only then do old and new change places, in
one step, and what came out is compared once more: where it is not what was loaded it goes back.
A workbook that Excel, WPS or LibreOffice has open, that another program has locked, or that another process is saving, is
left alone.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import stat
import struct
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from xml.parsers import expat

from jixiao.model import Busy, CannotWrite, LimitReached, Refused, Stop, read_regular, reason
from jixiao.office import package

MAX_FILE = 200_000_000
SOMEONE = "其他程序"
KEEP_BACKUPS = 3
_LONGEST = 180  # bytes of a name that we put a prefix and a suffix to; file systems allow 255
_TURN = threading.Lock()  # threads of one process share its number, which names the temporary file
_TRIES, _PAUSE = 10, 0.05  # Windows: a virus scanner may hold the target for a moment


class Fingerprint(NamedTuple):
    """What a file was when it was read: bytes, time of change in ns, SHA-256 in hex."""

    size: int
    mtime_ns: int
    sha256: str


def load(path: str | Path) -> tuple[bytes, Fingerprint]:
    """A file's bytes and fingerprint, links followed; Refused (exit 3) when it is no readable file."""
    target = Path(os.path.realpath(path))
    try:
        data, state = read_regular(target, MAX_FILE)
    except FileNotFoundError as error:
        raise Refused("J559", file=target.name) from error
    except OSError as error:
        raise Refused("J533", file=target.name, why=reason(error)) from error
    if len(data) > MAX_FILE:
        raise LimitReached(
            "J512", size=f"{state.st_size // 1_000_000} MB", most=f"{MAX_FILE // 1_000_000} MB"
        )
    return data, Fingerprint(len(data), state.st_mtime_ns, hashlib.sha256(data).hexdigest())


def save_over(path: str | Path, data: bytes, was: Fingerprint, *, backup: bool = True) -> Path | None:
    """Replace a loaded workbook by ``data``; the backup's path, or None without one or when nothing changed.

    Busy (exit 4): open elsewhere, being saved by another process, or changed since loading (the new bytes
    are then kept beside it as ``NAME.new.xlsx``). CannotWrite (exit 6): read-only, disk full, or what was
    written reads back wrong; the old file is untouched.
    """
    check_writable(path)
    target = Path(os.path.realpath(path))
    with _TURN, _explained(target), _saving(target, data):
        _sweep(target)
        try:
            old, now = load(target)
        except Refused:
            raise _vanished(target, data) from None
        if now == was and old == data:
            return None
        part = _part_name(target)
        try:
            _write(part, data, like=target)
            _read_back(part, data, old, target)
            if now != was or not _is_still(target, was):
                raise _changed(target, _keep_beside(part, target))
            kept = _back_up(target) if backup else None
            fresh = _free_name(target)
            os.replace(part, fresh)
            _swap(fresh, target, was)
        finally:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
        _sync_folder(target.parent)
    if kept is not None:
        _prune(target, kept)
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
    _refuse_locked(target)
    with _TURN, _explained(target):
        _sweep(target)
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
    """Stop before any work: the file is open elsewhere (Busy, exit 4) or read-only (CannotWrite, exit 6)."""
    given, target = Path(os.path.abspath(path)), Path(os.path.realpath(path))
    _refuse_locked(*{given, target})
    # root may write everything: the mode says what the owner wanted
    if target.exists() and not (os.access(target, os.W_OK) and target.stat().st_mode & 0o222):
        raise CannotWrite("J554", file=target.name)


def _is_still(path: Path, was: Fingerprint) -> bool:
    try:
        return load(path)[1] == was
    except Stop:
        return False


def _free_name(path: Path) -> Path:
    """``NAME.new.xlsx``, or with a number, never that of an earlier one nobody has looked at."""
    for number in range(1, 1000):
        again = f"-{number}" if number > 1 else ""
        kept = path.with_name(f"{_short(path.stem)}.new{again}{path.suffix}")
        if not os.path.lexists(kept):
            break
    return kept


def _keep_beside(part: Path, path: Path) -> Path:
    """Keep the finished new file under a free name beside the target."""
    kept = _free_name(path)
    os.replace(part, kept)
    _sync_folder(path.parent)
    return kept


def _changed(path: Path, kept: Path) -> Busy:
    """The stop for a target that is not what was loaded; ``kept`` holds the new result."""
    what = "改动" if os.path.lexists(path) else "删除或移走"
    return Busy("J552", file=path.name, what=what, kept=kept.name if kept.parent == path.parent else kept)


def _vanished(path: Path, data: bytes) -> Busy:
    """The target has vanished since loading: its new content is kept, in the temporary folder if need be; the stop."""
    part = _part_name(path)
    try:
        part.unlink(missing_ok=True)
        _write(part, data, like=None)
        return _changed(path, _keep_beside(part, path))
    except OSError:  # the folder has vanished with it
        import tempfile  # hardly ever, and slow to load

        handle, name = tempfile.mkstemp(prefix="jixiao-", suffix=path.suffix)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        return _changed(path, Path(name))


def _swap(new: Path, path: Path, was: Fingerprint) -> None:
    """Put a finished file in the target's place; Busy (exit 4) where what comes out is not what was loaded.

    Between the last look at a target and a plain rename somebody may replace it, and would lose his file. So the two
    change places, and who came in between gets his place back. ``new`` has a name that no later save sweeps away:
    killed in between, nothing is lost. Where the system cannot exchange (Windows, some network drives) that moment stays.
    """
    if _exchange(new, path):
        if not _is_still(new, was):
            _exchange(new, path)
            _sync_folder(path.parent)
            raise _changed(path, new)
        new.unlink()
    elif not _is_still(path, was):
        raise _changed(path, new)
    else:
        try:
            _replace(new, path)
        except OSError:
            new.unlink(missing_ok=True)
            raise


def _exchange(one: Path, other: Path) -> bool:
    """Let two files change names in one step; False where one is gone or the system cannot."""
    import ctypes

    names = os.fsencode(one), os.fsencode(other)
    try:
        system = ctypes.CDLL(None)
        if sys.platform == "darwin":
            return bool(system.renamex_np(*names, 2) == 0)  # RENAME_SWAP
        here = -100  # AT_FDCWD
        return bool(system.renameat2(here, names[0], here, names[1], 2) == 0)  # RENAME_EXCHANGE
    except (AttributeError, OSError, TypeError):
        return False


def _replace(new: Path, path: Path) -> None:
    for attempt in range(_TRIES):
        try:
            os.replace(new, path)
            return
        except PermissionError:
            if sys.platform != "win32":
                raise
            if attempt + 1 < _TRIES:
                time.sleep(_PAUSE)
    raise Busy("J558", file=path.name, kept=new.name)


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
        raise CannotWrite("J555", file=path.name, why=reason(error)) from error


def _holder(lock: Path) -> str:
    """Who has a workbook open by the owner file beside it; ``其他程序`` when that does not say."""
    try:
        with lock.open("rb") as file:
            data = file.read(1024)
    except OSError:
        return SOMEONE
    name = _libreoffice_user(data) if lock.name.startswith(".") else _excel_user(data)
    name = "".join(letter for letter in name if letter.isprintable()).strip()
    return f"“{name[:40]}”" if name else SOMEONE


def _excel_user(data: bytes) -> str:
    """The name in ``~$NAME``: length and text in the local code page, then both again in UTF-16 from byte 54."""
    if len(data) >= 56:
        length = int.from_bytes(data[54:56], "little")
        if 0 < length <= 54 and 56 + 2 * length <= len(data):
            return data[56 : 56 + 2 * length].decode("utf-16-le", "ignore")
    return data[1 : 1 + data[0]].decode("gb18030", "ignore") if data else ""


def _libreoffice_user(data: bytes) -> str:
    """The name in ``.~lock.NAME#``: user, login, computer, time, profile, separated by commas."""
    fields = data.decode("utf-8", "ignore").split(",")
    return next((field for field in fields[:3] if field.strip()), "")


def _refuse_locked(*paths: Path) -> None:
    """Stop with Busy (exit 4), naming the holder, when one of these workbooks is open somewhere.

    Excel and WPS leave ``~$NAME`` beside it, LibreOffice ``.~lock.NAME#``.
    """
    for path in paths:
        for name in (f"~${path.name}", f".~lock.{path.name}#"):
            lock = path.with_name(name)
            if os.path.lexists(lock):
                raise Busy("J551", file=path.name, who=_holder(lock), lock=name)


@contextlib.contextmanager
def _saving(path: Path, data: bytes) -> Iterator[None]:
    """Hold the right to replace a workbook by ``data``; Busy (exit 4) at once when another process has a lock on it.

    The lock dies with the process. It is advisory: what it cannot see, the comparison of fingerprints does.
    """
    if sys.platform == "win32":
        # an open target cannot be replaced there, so a file that vanishes with its handle is the lock
        flags = os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_TEMPORARY | os.O_NOINHERIT
        name = path.with_name(f".{path.name}.saving")
        try:
            handle = os.open(name, flags)
        except (FileExistsError, PermissionError):
            raise Busy("J553", file=path.name) from None
    else:
        import fcntl

        try:
            handle = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            raise _vanished(path, data) from None
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            raise Busy("J553", file=path.name) from None
        except OSError:
            pass  # a file system without locks: the fingerprint still guards
        if not _lock_whole(handle):
            os.close(handle)
            raise Busy("J569", file=path.name)
    try:
        yield
    finally:
        os.close(handle)


def _lock_whole(handle: int) -> bool:
    """Lock every byte as fcntl and lockf do, until the handle is closed; False where another program has locked one.

    Only Linux keeps these locks apart from flock's; elsewhere flock has met them already.
    """
    import fcntl

    command = getattr(fcntl, "F_OFD_SETLK", None)
    if command is None:
        return True
    try:
        # type, whence, start, length (0: to the end), process (0: the lock belongs to the handle)
        fcntl.fcntl(handle, command, struct.pack("hhllhh", fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0, 0))
    except OSError as error:
        return error.errno not in (errno.EAGAIN, errno.EACCES)
    return True


def _sweep(path: Path) -> None:
    """Remove the temporary files that killed processes left beside a target."""
    pattern = re.compile(re.escape(f".{_short(path.name)}.") + r"(?:bak\.)?(\d+)\.part")
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


def _short(name: str) -> str:
    """The name, or a shorter one that is as unique, so that a prefix and a suffix still fit the file system."""
    if len(os.fsencode(name)) <= _LONGEST:
        return name
    return hashlib.sha256(os.fsencode(name)).hexdigest()[:32]


def _part_name(path: Path) -> Path:
    """The temporary file of this process for a target, in the same folder, so that a rename can publish it."""
    return path.with_name(f".{_short(path.name)}.{os.getpid()}.part")


def _write(part: Path, data: bytes, like: Path | None) -> None:
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


def _read_back(part: Path, data: bytes, old: bytes, path: Path) -> None:
    """Make sure the file on disk is what was meant, and a workbook is whole; CannotWrite (exit 6) otherwise.

    Every checksum is verified, and every XML part that is not one of the old file's is parsed.
    """
    if part.read_bytes() != data:
        raise CannotWrite("J557", file=path.name)
    if not data.startswith(b"PK"):
        return
    try:
        known = _known(old)
        for member in package.read_directory(data)[0]:
            content = package.inflate(data, member)
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
        return {(member.name, member.crc, member.size) for member in package.read_directory(old)[0]}
    except Stop:
        return set()


def _back_up(path: Path) -> Path:
    """A second name for the file, or a copy where the file system has no second names; OSError."""
    stamp = time.strftime("%Y%m%d-%H%M%S")
    # a number that was used and pruned within this second must not come back: it would sort as the oldest
    number = max((count for when, count, _ in _backups(path) if when == stamp), default=0) + 1
    again = f"-{number}" if number > 1 else ""
    backup = path.with_name(f"{_short(path.stem)}.{stamp}{again}.bak{path.suffix}")
    try:
        os.link(path, backup)
    except FileExistsError:
        raise
    except OSError:
        half = path.with_name(f".{_short(path.name)}.bak.{os.getpid()}.part")
        half.unlink(missing_ok=True)
        _write(half, path.read_bytes(), like=path)
        os.replace(half, backup)
    return backup


def _backups(path: Path) -> list[tuple[str, int, Path]]:
    """The backups of a workbook, oldest first: time, number within that second, path."""
    ending = r"\.(\d{8}-\d{6})(?:-(\d+))?\.bak" + re.escape(path.suffix)
    pattern = re.compile(re.escape(_short(path.stem)) + ending)
    matches = ((pattern.fullmatch(beside.name), beside) for beside in path.parent.iterdir())
    return sorted((match[1], int(match[2] or 1), beside) for match, beside in matches if match is not None)


def _prune(path: Path, latest: Path) -> None:
    """Keep the last backups, ``latest`` among them whatever the clock says; failing is no failure of the save."""
    with contextlib.suppress(OSError):
        older = [backup for _, _, backup in _backups(path) if backup != latest]
        for backup in older[: max(0, len(older) - KEEP_BACKUPS + 1)]:
            backup.unlink()


def _sync_folder(folder: Path) -> None:
    """Make a new name itself durable; only POSIX can, and some file systems there cannot."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):
            os.fsync(handle)
    finally:
        os.close(handle)
