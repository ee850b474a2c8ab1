"""Sessions: each a private folder with one workbook and its sources, bounded in number and size, removed in the end.

Names of uploaded files are shown to people and written into workbooks, so they are only letters that say what they are.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import sys
import threading
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from jixiao.model import Busy, CannotWrite, Findings, LimitReached, Refused, reason

if TYPE_CHECKING:
    from jixiao.scoring import Scorecard

MOST_SESSIONS = 8
MOST_FILES = 40
MOST_BYTES = 120 * 1_000_000  # of one session
IDLE_SECONDS = 600.0  # a session that nobody used for so long gives way to a new one
STALE_SECONDS = 7200.0  # and is removed after so long in any case
BOOK, REPORT = "评分簿.xlsx", "报告.docx"
LONGEST = 100  # letters; 300 bytes of Chinese would be too long for some file systems
LONGEST_BYTES = 200
TABLES = frozenset((".xlsx", ".xlsm", ".xls", ".et", ".ods", ".csv", ".txt", ".html", ".htm", ".xml", ".pdf"))
FACTS = frozenset((".yaml", ".yml", ".json"))
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)
_UNSAFE = re.compile(r'[<>:"|?*\x00-\x1f\x7f]')


class NoSession(Refused):
    """There is no session of that name (any more)."""


@dataclass(slots=True)
class Session:
    """One scoring. ``book`` is the uploaded workbook's name, empty where one is made; the files lie in ``folder``.

    ``tables`` are sources that hold a 评分表 of the officer's own, ``filled`` is the one that was filled last.
    """

    ident: str
    folder: Path
    used: float
    book: str = ""
    facts: str = ""
    sources: list[str] = field(default_factory=list)
    changed: bool = True
    made_for: tuple[str, ...] = ()
    card: Scorecard | None = None
    findings: Findings = field(default_factory=Findings)
    report: str = ""
    tables: set[str] = field(default_factory=set)
    filled: str = ""

    @property
    def given(self) -> Path:
        """The folder of uploaded files, each as it came."""
        return self.folder / "given"

    @property
    def work(self) -> Path:
        """The workbook that is scored."""
        return self.folder / "work" / (self.book or BOOK)

    @property
    def written(self) -> Path:
        """The report."""
        return self.folder / "work" / REPORT

    def names(self) -> list[str]:
        """Every uploaded file."""
        return [name for name in (self.book, self.facts, *self.sources) if name]

    def put(self, name: str, role: str, data: bytes) -> None:
        """Keep a file; one of the same name, or another workbook or facts file, gives way. LimitReached, CannotWrite."""
        others = [old for old in self.names() if old != name and old != getattr(self, role, None)]
        size = sum((self.given / old).stat().st_size for old in others)
        if len(others) >= MOST_FILES or size + len(data) > MOST_BYTES:
            raise LimitReached("J877", count=MOST_FILES, limit=MOST_BYTES // 1_000_000)
        self.drop(name)
        if role != "sources":
            self.drop(getattr(self, role))
        try:
            keep_private(self.given / name, data)
        except OSError as error:
            raise CannotWrite("J885", folder=self.given, why=reason(error)) from error
        if role == "sources":
            self.sources.append(name)
        else:
            setattr(self, role, name)
        self.changed = True

    def drop(self, name: str) -> None:
        """Forget a file, where there is one of that name."""
        if not name or name not in self.names():
            return
        self.book = "" if self.book == name else self.book
        self.facts = "" if self.facts == name else self.facts
        self.sources = [old for old in self.sources if old != name]
        self.tables.discard(name)
        (self.given / name).unlink(missing_ok=True)
        self.changed, self.card, self.report = True, None, ""

    def keep_filled(self, name: str, data: bytes) -> None:
        """Keep an officer's own workbook, filled."""
        folder = self.folder / "own"
        if not folder.is_dir():
            private_folder(folder)
        keep_private(folder / name, data)
        self.filled = name

    def fresh_work(self) -> Path:
        """An empty place for the workbook that is scored."""
        shutil.rmtree(self.work.parent, ignore_errors=True)
        private_folder(self.work.parent)
        self.card, self.report = None, ""
        return self.work


class Sessions:
    """All sessions of one start, in one private folder that is emptied at the start and removed in the end."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self.folder, self._clock, self._lock = folder, clock, threading.Lock()
        self._sessions: dict[str, Session] = {}

    def prepare(self) -> None:
        """Make the folder, for this user alone and empty; CannotWrite where it is a link or somebody else's."""
        try:
            if self.folder.is_symlink():
                raise CannotWrite("J885", folder=self.folder, why="它是链接")
            if self.folder.exists():
                shutil.rmtree(self.folder)  # a killed service left it; the lock says that no other one runs
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            private_folder(self.folder)
            if sys.platform != "win32" and self.folder.lstat().st_uid != os.geteuid():
                raise CannotWrite("J885", folder=self.folder, why="它属于另一个用户")
        except OSError as error:
            raise CannotWrite("J885", folder=self.folder, why=reason(error)) from error

    def close(self) -> None:
        """Remove everything."""
        with self._lock:
            self._sessions.clear()
        shutil.rmtree(self.folder, ignore_errors=True)

    def new(self) -> Session:
        """A new session; Busy (J876) where there are too many in use."""
        with self._lock:
            self._sweep()
            now, ident = self._clock(), secrets.token_urlsafe(16)
            session = Session(ident, self.folder / secrets.token_hex(8), now)
            try:
                private_folder(session.folder)
                private_folder(session.given)
            except OSError as error:
                raise CannotWrite("J885", folder=self.folder, why=reason(error)) from error
            self._sessions[ident] = session
            return session

    def _sweep(self) -> None:
        now = self._clock()
        for old in [s for s in self._sessions.values() if now - s.used > STALE_SECONDS]:
            self._end(old)
        if len(self._sessions) >= MOST_SESSIONS:
            oldest = min(self._sessions.values(), key=lambda s: s.used)
            if now - oldest.used <= IDLE_SECONDS:
                raise Busy("J876", count=len(self._sessions))
            self._end(oldest)

    def get(self, ident: str) -> Session:
        """A session in use; NoSession (J875) where there is none."""
        with self._lock:
            session = self._sessions.get(ident)
            if session is None:
                raise NoSession("J875")
            session.used = self._clock()
            return session

    def gone(self, ident: str) -> bool:
        """Whether a session has ended, or somebody has removed its folder."""
        with self._lock:
            session = self._sessions.get(ident)
            if session is not None and not session.given.is_dir():
                self._end(session)
            return ident not in self._sessions

    def end(self, ident: str) -> None:
        """Remove a session and its files."""
        with self._lock:
            session = self._sessions.get(ident)
            if session is not None:
                self._end(session)

    def _end(self, session: Session) -> None:
        del self._sessions[session.ident]
        with contextlib.suppress(OSError):
            shutil.rmtree(session.folder)

    def __len__(self) -> int:
        return len(self._sessions)


def private_folder(path: Path) -> None:
    """Make a folder for this user alone, whatever the umask is."""
    path.mkdir(mode=0o700)
    path.chmod(0o700)


def keep_private(path: Path, data: bytes) -> None:
    """Write a file that this user alone may read, whatever the umask is, in the place of an older one."""
    path.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
        path.chmod(0o600)
        file.write(data)


def clean_name(given: str) -> str:
    """A bare file name from whatever a browser calls a file; Refused (J878) where its kind is not one we read."""
    bare = re.split(r"[\\/]", unicodedata.normalize("NFC", given))[-1]
    shown = "".join(letter for letter in bare if unicodedata.category(letter)[0] != "C" or letter == " ")
    shown = _UNSAFE.sub("_", shown).strip(" .")
    stem, suffix = PurePosixPath(shown).stem, PurePosixPath(shown).suffix.lower()
    if suffix not in TABLES | FACTS:
        raise Refused("J878", file=shown[:LONGEST] or "（没有名称）")
    stem = stem[: LONGEST - len(suffix)]
    while len(f"{stem}{suffix}".encode()) > LONGEST_BYTES:
        stem = stem[:-1]
    name = f"{stem.strip(' .') or '文件'}{suffix}"
    return f"_{name}" if _DEVICE.fullmatch(name) else name


def is_facts(name: str) -> bool:
    """Whether a file of this name holds named facts."""
    return PurePosixPath(name).suffix in FACTS
