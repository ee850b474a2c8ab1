"""Who has a workbook open: the owner files of Excel, WPS and LibreOffice, and our own lock while saving."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from jixiao.model import Busy

SOMEONE = "其他程序"


def lock_file(path: Path) -> Path | None:
    """The owner file beside a workbook, or None: ``~$NAME`` (Excel, WPS) or ``.~lock.NAME#`` (LibreOffice)."""
    for name in (f"~${path.name}", f".~lock.{path.name}#"):
        beside = path.with_name(name)
        if beside.exists() or beside.is_symlink():
            return beside
    return None


def lock_holder(path: Path) -> str | None:
    """Who has the workbook open, ``其他程序`` when the owner file does not say, None when nobody has."""
    beside = lock_file(path)
    if beside is None:
        return None
    try:
        with beside.open("rb") as file:
            data = file.read(1024)
    except OSError:
        return SOMEONE
    name = _libreoffice_user(data) if beside.name.startswith(".") else _excel_user(data)
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


def refuse_locked(*paths: Path) -> None:
    """Stop with Busy (exit 4), naming the holder, when one of these workbooks is open somewhere."""
    for path in paths:
        holder, beside = lock_holder(path), lock_file(path)
        if holder is not None and beside is not None:
            raise Busy("J551", file=path.name, who=holder, lock=beside.name)


@contextlib.contextmanager
def saving(path: Path) -> Iterator[None]:
    """Hold the right to replace a workbook; Busy (exit 4) at once when another process is replacing it.

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

        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            raise Busy("J553", file=path.name) from None
        except OSError:
            pass  # a file system without locks: the fingerprint still guards
    try:
        yield
    finally:
        os.close(handle)
