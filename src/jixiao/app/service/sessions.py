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
from typing import TYPE_CHECKING, Any

from jixiao.model import Busy, CannotWrite, Findings, LimitReached, Refused, reason

if TYPE_CHECKING:
    from jixiao.scoring import Scorecard

MOST_SESSIONS = 8
MOST_FILES = 40
MOST_BYTES = 120 * 1_000_000  # of one session
IDLE_SECONDS = 600.0  # a session that nobody used for so long gives way to a new one
LEFT_SECONDS = 300.0  # a page that was left may be a page that is loaded again
STALE_SECONDS = 7200.0  # and is removed after so long in any case
BOOK, REPORT = "评分簿.xlsx", "报告.docx"
LONGEST = 100  # letters; 300 bytes of Chinese would be too long for some file systems
LONGEST_BYTES = 200
TABLES = frozenset((".xlsx", ".xlsm", ".xls", ".et", ".ods", ".csv", ".txt", ".html", ".htm", ".xml", ".pdf"))
FACTS = frozenset((".yaml", ".yml", ".json"))
OFFICIAL = TABLES - {".pdf", ".txt"} | {".docx", ".doc"}
"""What an official 评分表 comes as."""
_DEFINITION = re.compile(rb"^levels:", re.MULTILINE)
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)
_UNSAFE = re.compile(r'[<>:"|?*\x00-\x1f\x7f]')


class NoSession(Refused):
    """There is no session of that name (any more)."""


@dataclass(slots=True)
class Session:
    """One scoring. ``book`` is that of the uploaded workbooks which is scored, empty where one is made.

    ``definition`` is a rubric of the officer's own, ``before`` what it was before each answer to its questions. ``tables``
    are sources that hold a 评分表 of the officer's own, ``filled`` is the one that was filled last. ``told`` is what each
    verb said last, for a page that is loaded again.
    """

    ident: str
    folder: Path
    used: float
    book: str = ""
    books: list[str] = field(default_factory=list)
    facts: str = ""
    definition: str = ""
    before: list[bytes] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    changed: bool = True
    made_for: tuple[str, ...] = ()
    card: Scorecard | None = None
    findings: Findings = field(default_factory=Findings)
    report: str = ""
    tables: set[str] = field(default_factory=set)
    filled: str = ""
    told: dict[str, Any] = field(default_factory=dict)
    left: float | None = None

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
        return [name for name in (*self.books, self.definition, self.facts, *self.sources) if name]

    def put(self, name: str, role: str, data: bytes) -> None:
        """Keep a file; one of the same name, or another facts file or definition, gives way. LimitReached, CannotWrite."""
        lists = {"book": self.books, "source": self.sources}
        only = "" if role in lists else getattr(self, role)
        others = [old for old in self.names() if old not in (name, only)]
        size = sum((self.given / old).stat().st_size for old in others)
        if len(others) >= MOST_FILES or size + len(data) > MOST_BYTES:
            raise LimitReached("J877", count=MOST_FILES, limit=MOST_BYTES // 1_000_000)
        self.drop(name)
        self.drop(only)
        try:
            keep_private(self.given / name, data)
        except OSError as error:
            raise CannotWrite("J885", folder=self.given, why=reason(error)) from error
        if role in lists:
            lists[role].append(name)
        else:
            setattr(self, role, name)
        if role == "book":
            self.choose(name)
        self.changed = True

    def choose(self, name: str) -> None:
        """Score another of the uploaded workbooks."""
        if name in self.books and name != self.book:
            self.book, self.changed, self.card, self.report = name, True, None, ""

    def drop(self, name: str) -> None:
        """Forget a file, where there is one of that name."""
        if not name or name not in self.names():
            return
        self.books[:] = [old for old in self.books if old != name]
        self.book = self.book if self.book in self.books else self.books[-1] if self.books else ""
        self.facts = "" if self.facts == name else self.facts
        self.sources[:] = [old for old in self.sources if old != name]
        if self.definition == name:
            self.definition, self.before = "", []
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

    def fresh(self, name: str) -> Path:
        """An empty folder of the session."""
        folder = self.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        private_folder(folder)
        return folder

    def fresh_work(self) -> Path:
        """An empty place for the workbook that is scored."""
        self.fresh("work")
        self.card, self.report = None, ""
        for verb in ("verify", "report"):
            self.told.pop(verb, None)
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
            self._make_room()
            now, ident = self._clock(), secrets.token_urlsafe(16)
            session = Session(ident, self.folder / secrets.token_hex(8), now)
            try:
                private_folder(session.folder)
                private_folder(session.given)
            except OSError as error:
                raise CannotWrite("J885", folder=self.folder, why=reason(error)) from error
            self._sessions[ident] = session
            return session

    def leave(self, ident: str) -> None:
        """The page of a session went: it ends too, unless the page comes back before long."""
        session = self._sessions.get(ident)
        if session is not None:
            session.left = self._clock()
            later = threading.Timer(LEFT_SECONDS, self.sweep)
            later.daemon = True
            later.start()

    def sweep(self) -> None:
        """End the sessions that were left, or that nobody used for long."""
        with self._lock:
            self._sweep()

    def _sweep(self) -> None:
        now = self._clock()
        for old in list(self._sessions.values()):
            if now - old.used > STALE_SECONDS or (old.left is not None and now - old.left >= LEFT_SECONDS):
                self._end(old)

    def _make_room(self) -> None:
        if len(self._sessions) >= MOST_SESSIONS:
            oldest = min(self._sessions.values(), key=lambda s: (s.left is None, s.used))
            if oldest.left is None and self._clock() - oldest.used <= IDLE_SECONDS:
                raise Busy("J876", count=len(self._sessions))
            self._end(oldest)

    def get(self, ident: str) -> Session:
        """A session in use; NoSession (J875) where there is none."""
        with self._lock:
            session = self._sessions.get(ident)
            if session is None:
                raise NoSession("J875")
            session.used, session.left = self._clock(), None
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


def clean_name(given: str, kinds: frozenset[str] = TABLES | FACTS) -> str:
    """A bare file name from whatever a browser calls a file; Refused (J878) where its kind is not one we read."""
    bare = re.split(r"[\\/]", unicodedata.normalize("NFC", given))[-1]
    shown = "".join(letter for letter in bare if unicodedata.category(letter)[0] != "C" or letter == " ")
    shown = _UNSAFE.sub("_", shown).strip(" .")
    stem, suffix = PurePosixPath(shown).stem, PurePosixPath(shown).suffix.lower()
    if suffix not in kinds:
        raise Refused("J878", file=shown[:LONGEST] or "（没有名称）")
    stem = stem[: LONGEST - len(suffix)]
    while len(f"{stem}{suffix}".encode()) > LONGEST_BYTES:
        stem = stem[:-1]
    name = f"{stem.strip(' .') or '文件'}{suffix}"
    return f"_{name}" if _DEVICE.fullmatch(name) else name


def is_facts(name: str) -> bool:
    """Whether a file of this name holds named facts, or a definition of a 评分表."""
    return PurePosixPath(name).suffix in FACTS


def is_definition(data: bytes) -> bool:
    """Whether the text of such a file defines a 评分表."""
    return _DEFINITION.search(data) is not None
