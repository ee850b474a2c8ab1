"""The watch over the inboxes, one service a user, and the bell itself for programs of ours that ring it."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from jixiao.app.inbox.folder import Inbox, home_folder
from jixiao.app.inbox.protocol import HELLO, ButtonAnswer, ButtonRequest, refusal, refused, taken
from jixiao.model import Busy, CannotWrite, Stop, reason

Accept = Callable[[ButtonRequest], ButtonAnswer]
Trouble = Callable[[BaseException], None]
PAUSE_SECONDS = 0.05
CLEAN_SECONDS = 30.0
_LOCKED_BYTE = 1 << 20  # beyond the text, which others may read


def _quiet(_: BaseException) -> None:
    """Nobody is told."""


def watch(
    folders: Sequence[Path],
    accept: Accept,
    stop: threading.Event,
    *,
    pause: float = PAUSE_SECONDS,
    trouble: Trouble = _quiet,
) -> None:
    """ButtonAnswer every request of these inboxes until ``stop`` is set.

    ``accept`` is called in this thread and must return at once. Where it raises, the button is told so, ``trouble`` is
    given the error, and the watch goes on. CannotWrite at the start where an inbox cannot be made.
    """
    watched = [Inbox(folder) for folder in folders]
    for inbox in watched:
        inbox.prepare()
    cleaned = -CLEAN_SECONDS
    while not stop.is_set():
        due = time.monotonic() - cleaned >= CLEAN_SECONDS
        for inbox in watched:
            try:
                for ident in inbox.waiting():
                    _serve(inbox, ident, accept, trouble)
                if due:
                    inbox.clean()
            except OSError as error:  # the folder was removed under our feet
                trouble(error)
                with contextlib.suppress(CannotWrite):
                    inbox.prepare()
        if due:
            cleaned = time.monotonic()
        stop.wait(pause)


def _serve(inbox: Inbox, ident: str, accept: Accept, trouble: Trouble) -> None:
    """Take one request and answer it."""
    try:
        request = inbox.claim(ident)
        if request is None:
            return
        answer = taken() if request.verb == HELLO else accept(request)
    except Stop as stop:
        answer = refusal(stop)
    except Exception as error:  # noqa: BLE001 - one request may not end the watch over all others
        trouble(error)
        answer = refused("refused")
    inbox.answer(ident, answer)


def new_ident() -> str:
    """The name of a new request: the time, and a random number."""
    return f"{time.strftime('%Y%m%d%H%M%S')}-{secrets.randbelow(900_000_000) + 100_000_000}"


def ring(
    folder: Path,
    verb: str,
    *,
    patience: float = 6.0,
    until: Sequence[str] = ("taken", "done", "failed", "refused"),
    **about: Any,
) -> ButtonAnswer | None:
    """Ring at an inbox and wait at most ``patience`` seconds; the answer in a state of ``until``, None without one.

    ``about`` are fields of ButtonRequest (host, addin, window, book, sheet). OSError where the inbox cannot be written.
    """
    inbox, request = Inbox(folder), ButtonRequest(new_ident(), verb, **about)
    inbox.put(request)
    end = time.monotonic() + patience
    while time.monotonic() < end:
        answer = inbox.heard(request.ident)
        if answer is not None and answer.state in until:
            return answer
        time.sleep(PAUSE_SECONDS / 2)
    inbox.withdraw(request.ident)
    return None


class AlreadyRunning(Busy):
    """This user's service runs already."""


class Instance:
    """The right to be this user's one service, held in a ``with``. It ends with the process, however that ends.

    ``about`` (version, port, …) is written for ``running`` to read. Busy where another one runs already.
    """

    def __init__(self, version: str, folder: Path | None = None, **about: str) -> None:
        self.path = _lock_path(folder)
        self.about = {"pid": str(os.getpid()), "version": version, "python": sys.executable, **about}
        self._handle = -1

    def __enter__(self) -> Self:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(
                self.path,
                os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0),
                0o600,
            )
        except OSError as error:
            raise CannotWrite("J857", folder=self.path.parent, why=reason(error)) from error
        if not _lock_soon(handle):
            os.close(handle)
            known = _about(self.path)
            raise AlreadyRunning("J856", version=known.get("version", "?"), pid=known.get("pid", "?"))
        os.ftruncate(handle, 0)
        os.write(handle, json.dumps(self.about, ensure_ascii=False).encode("utf-8"))
        self._handle = handle
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._handle >= 0:
            os.close(self._handle)  # the file stays: removing it would let two services hold two locks
            self._handle = -1


def running(folder: Path | None = None) -> dict[str, str] | None:
    """What the running service wrote about itself (version, pid, python), None where none runs."""
    path = _lock_path(folder)
    try:
        handle = os.open(path, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        return None
    try:
        return None if _lock(handle) else _about(path)
    finally:
        os.close(handle)


def _lock_path(folder: Path | None) -> Path:
    return (folder or home_folder()) / "serve.lock"


def _about(path: Path) -> dict[str, str]:
    try:
        with path.open("rb") as file:
            known = json.loads(file.read(4096))
    except (OSError, ValueError):
        return {}
    return {str(key): str(value) for key, value in known.items()} if isinstance(known, dict) else {}


def _lock_soon(handle: int) -> bool:
    """Lock a file, waiting out somebody who only asks whether a service runs."""
    for _ in range(4):
        if _lock(handle):
            return True
        time.sleep(PAUSE_SECONDS)
    return False


def _lock(handle: int) -> bool:
    """Lock a file for as long as it is open here; False where another has it."""
    if sys.platform == "win32":
        import msvcrt

        try:
            os.lseek(handle, _LOCKED_BYTE, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
            os.lseek(handle, 0, os.SEEK_SET)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
