"""The inbox folder: which files are requests, who may take one, how it is answered, and what is swept away.

``X.req`` is a request; taking it renames it to ``X.claimed``, which only one of two takers can do; the answer is
``X.ans``. Files are published by renaming, so nobody reads half of one. Files that are not ours stay where they are.

A program that nobody can reach into (LibreOffice) tells the cells of its open workbook beside the request, unsaved edits
included: ``X.book``, as JSON; where the file itself is needed it leaves a copy, ``X.xlsx``. The service leaves ``X.cells``
(the cells to write and what was found, as JSON) and answers ``done``; the program writes them as one step.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import stat
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from jixiao.app.inbox.protocol import (
    MOST_BYTES,
    ButtonAnswer,
    ButtonRequest,
    Turned,
    is_ident,
    parse,
    parse_answer,
    render,
    render_answer,
)
from jixiao.model import CannotWrite, Refused, reason

LAPSE_SECONDS = (
    3.0  # the add-in waits 6: what is taken in time is answered in time, what is late never starts
)
KEEP_SECONDS = 120.0  # answers nobody fetched, and the halves that killed programs left
MOST_COPY = 200_000_000  # bytes of a copy
CERTIFICATE = Path("tls", "localhost.pem")  # of the service's folder: for https, where there is one
EXCEL_HOME = Path(
    "Library/Containers/com.microsoft.Excel/Data"
)  # where the Mac lets Excel write without asking
MOST_FILES = 1_000  # looked at in one round
_OURS = (".req", ".claimed", ".ans", ".part", ".xlsx", ".book", ".cells")


def home_folder(
    system: str = sys.platform, environ: Mapping[str, str] = os.environ, home: Path | None = None
) -> Path:
    """The folder that the service keeps its lock and inbox in; it need not exist."""
    own = home or Path.home()
    if system == "win32":
        local = environ.get("LOCALAPPDATA", "")
        return (Path(local) if local else own / "AppData" / "Local") / "Jixiao"
    if system == "darwin":
        return own / "Library" / "Application Support" / "Jixiao"
    data = environ.get("XDG_DATA_HOME", "")
    return (Path(data) if data.startswith("/") else own / ".local" / "share") / "jixiao"


def inboxes(
    system: str = sys.platform, environ: Mapping[str, str] = os.environ, home: Path | None = None
) -> tuple[Path, ...]:
    """The folders that requests may come into: the user's own first, on a Mac also the one inside Excel's container."""
    own = home or Path.home()
    main = home_folder(system, environ, own) / "inbox"
    if system == "darwin" and (own / EXCEL_HOME).is_dir():
        return main, own / EXCEL_HOME / "Jixiao" / "inbox"
    return (main,)


class Inbox:
    """One inbox folder. ``prepare`` makes it; all else expects it to be there and raises OSError where it is not."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def prepare(self) -> None:
        """Make the folder, for this user alone; CannotWrite where it is a link, somebody else's or not writable."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            found = self.folder.lstat()
            if not stat.S_ISDIR(found.st_mode):
                raise CannotWrite("J857", folder=self.folder, why="它不是文件夹")
            if sys.platform != "win32":
                if found.st_uid != os.geteuid():
                    raise CannotWrite("J857", folder=self.folder, why="它属于另一个用户")
                self.folder.chmod(0o700)
        except OSError as error:
            raise CannotWrite("J857", folder=self.folder, why=reason(error)) from error

    def waiting(self) -> list[str]:
        """The requests that lie there, oldest name first."""
        return sorted(
            name.removesuffix(".req")
            for name in self._names()
            if name.endswith(".req") and is_ident(name.removesuffix(".req"))
        )

    def _names(self) -> list[str]:
        with os.scandir(self.folder) as entries:
            return [entry.name for entry in itertools.islice(entries, MOST_FILES)]

    def claim(self, ident: str, now: float | None = None) -> ButtonRequest | None:
        """Take a request out of the inbox; None where another taker was first.

        Refused where it is no request of ours, or older than the add-in waits for: that button has already been told
        that nobody answered, so its work must not start now.
        """
        mine = self.folder / f"{ident}.claimed"
        try:
            os.rename(self.folder / f"{ident}.req", mine)  # noqa: PTH104 - fails where it is gone, on every system
        except OSError:
            return None
        try:
            data, age = _read(mine, time.time() if now is None else now)
        finally:
            with contextlib.suppress(OSError):
                mine.unlink()
        request = parse(ident, data)
        if not -LAPSE_SECONDS <= age <= LAPSE_SECONDS:
            raise Turned("late", "J855", seconds=round(abs(age)))
        return replace(request, folder=self.folder)

    def answer(self, ident: str, answer: ButtonAnswer) -> None:
        """Publish an answer; a later one takes the place of an earlier one.

        ``taken`` never does: the work may be finished before the watch comes to say that it was begun.
        """
        self._publish(f"{ident}.ans", render_answer(answer), first=answer.state == "taken")

    def put(self, request: ButtonRequest) -> None:
        """Ring: publish a request."""
        self._publish(f"{request.ident}.req", render(request))

    def withdraw(self, ident: str) -> None:
        """Take a request back that nobody took."""
        with contextlib.suppress(OSError):
            (self.folder / f"{ident}.req").unlink()

    def heard(self, ident: str) -> ButtonAnswer | None:
        """The answer to a request, None while there is none."""
        try:
            data, _ = _read(self.folder / f"{ident}.ans", 0.0)
        except (OSError, Refused):
            return None
        return parse_answer(data)

    def _publish(self, name: str, data: bytes, *, first: bool = False) -> None:
        """Give a finished file its name; with ``first`` only where nothing has that name yet."""
        part, target = self.folder / f"{name}.{os.getpid()}-{threading.get_ident()}.part", self.folder / name
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0)
        handle = os.open(part, flags | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        if first:
            try:
                os.link(part, target)
            except FileExistsError:
                pass
            except OSError:  # no second names on this file system
                if not os.path.lexists(target):
                    part.replace(target)
            part.unlink(missing_ok=True)
        else:
            part.replace(target)

    def clean(self, now: float | None = None) -> None:
        """Remove requests, answers and halves that nobody will fetch any more; anything not ours stays."""
        moment = time.time() if now is None else now
        for name in self._names():
            if name.endswith(_OURS) and is_ident(name.partition(".")[0]):
                path = self.folder / name
                with contextlib.suppress(OSError):
                    if moment - path.lstat().st_mtime > KEEP_SECONDS:
                        path.unlink()


def _read(path: Path, now: float) -> tuple[bytes, float]:
    """A small regular file of this user and its age in seconds; Refused where it is anything else."""
    if path.is_symlink():
        raise Refused("J850", why="是链接")
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    handle = os.open(path, flags | getattr(os, "O_BINARY", 0))
    with os.fdopen(handle, "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise Refused("J850", why="不是文件")
        if sys.platform != "win32" and found.st_uid != os.geteuid():
            raise Refused("J850", why="来自另一个用户")
        return file.read(MOST_BYTES + 1), now - found.st_mtime


def copy_of(request: ButtonRequest, ending: str = ".xlsx") -> Path:
    """The copy that came with a request; Refused where there is none, or it is a link, not this user's, or too large."""
    path = _beside(request, ending)
    try:
        found = path.lstat()
    except OSError as error:
        raise Refused("J858", why="没有副本") from error
    if not stat.S_ISREG(found.st_mode) or (sys.platform != "win32" and found.st_uid != os.geteuid()):
        raise Refused("J858", why="不是文件")
    if found.st_size > MOST_COPY:
        raise Refused("J858", why="过大")
    return path


def cells_of(request: ButtonRequest) -> Any:
    """The cells that were told with a request, as plain data; Refused as a copy is, or where they are no JSON."""
    try:
        return json.loads(copy_of(request, ".book").read_bytes())
    except (ValueError, RecursionError) as error:
        raise Refused("J858", why="写法不对") from error


def give(request: ButtonRequest, data: Mapping[str, Any]) -> None:
    """Leave what a program is to write and to show, before the answer ``done``."""
    path = _beside(request, ".cells")
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with os.fdopen(os.open(part, flags, 0o600), "w", encoding="utf-8") as file:
        json.dump(data, file, ensure_ascii=False)
    part.replace(path)


def _beside(request: ButtonRequest, ending: str) -> Path:
    assert request.folder is not None
    return request.folder / f"{request.ident}{ending}"
