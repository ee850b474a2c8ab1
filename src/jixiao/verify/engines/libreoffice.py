"""Recalculation by LibreOffice: one office of our own, many workbooks, time-outs, nothing left behind.

The office is driven by ``uno_worker.py`` in the interpreter that ``uno`` is installed for. It opens a
copy of each workbook, with links and macros off, and only ever as an Excel workbook (never a CSV).
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from jixiao.model import make
from jixiao.office import find_office
from jixiao.verify.engines import EngineFailure, EngineValue, ErrorValue, Results

START_SECONDS = 90.0
BOOK_SECONDS = 60.0
_WORKER = Path(__file__).with_name("uno_worker.py")
_SUFFIXES = (".xlsx", ".xlsm")


@functools.cache
def find_python() -> str | None:
    """An interpreter that can import ``uno``: the office's own, the system's, or this one."""
    office = find_office()
    if not office:
        return None
    program = Path(office).resolve().parent
    beside = [program / "python", program / "python.exe", program.parent / "Resources" / "python"]
    candidates = [str(path) for path in beside if path.exists()]
    candidates += ["/usr/bin/python3", shutil.which("python3") or "", sys.executable]
    return next((path for path in candidates if path and _imports_uno(path)), None)


def _imports_uno(python: str) -> bool:
    try:
        done = subprocess.run(
            [python, "-I", "-c", "import uno"],
            capture_output=True,
            timeout=30,
            env=_environment(),
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _environment() -> dict[str, str]:
    """Our environment without what would bend another interpreter."""
    return {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))}


class Session:
    """A running office. Use it in a ``with``; it is started on entry and killed, group and all, on exit."""

    def __init__(self, *, seconds: float = BOOK_SECONDS) -> None:
        self.seconds = seconds
        self._process: subprocess.Popen[str] | None = None
        self._profile = ""
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._reader: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _start(self) -> None:
        office, python = find_office(), find_python()
        if office is None or python is None:
            raise EngineFailure(make("J611", engine="LibreOffice", why=unavailable() or ""))
        self._profile = tempfile.mkdtemp(prefix="jixiao-office-")
        self._lines = queue.Queue()
        self._process = subprocess.Popen(
            [python, "-I", str(_WORKER), office, self._profile],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            env=_environment(),
            start_new_session=os.name == "posix",
        )
        self._reader = threading.Thread(target=_pump, args=(self._process, self._lines), daemon=True)
        self._reader.start()
        if "ready" not in self._answer(START_SECONDS, "LibreOffice"):
            self.close()
            raise EngineFailure(make("J613", engine="LibreOffice", file="（启动）", why="没有启动起来"))

    def _answer(self, seconds: float, file: str) -> dict[str, Any]:
        """The next answer of the worker; a silent or dead worker is killed and reported."""
        try:
            line = self._lines.get(timeout=seconds)
        except queue.Empty:
            self.close(patience=0.2)
            raise EngineFailure(
                make("J612", engine="LibreOffice", file=file, seconds=round(seconds))
            ) from None
        if line is None:
            self.close()
            raise EngineFailure(make("J613", engine="LibreOffice", file=file, why="中途退出"))
        answer: dict[str, Any] = json.loads(line)
        return answer

    def recompute(self, path: Path) -> Results:
        """Every formula cell of one workbook, calculated afresh; the file itself is not touched."""
        if path.suffix.lower() not in _SUFFIXES or not path.is_file():
            raise EngineFailure(
                make("J613", engine="LibreOffice", file=path.name, why="不是 .xlsx 或 .xlsm 工作簿")
            )
        if self._process is None:  # the last workbook killed the office; the next one gets a new one
            self._start()
        process = self._process
        assert process is not None
        assert process.stdin is not None
        try:
            process.stdin.write(json.dumps({"path": str(path.resolve())}) + "\n")
            process.stdin.flush()
        except OSError:
            self.close()
            raise EngineFailure(make("J613", engine="LibreOffice", file=path.name, why="中途退出")) from None
        answer = self._answer(self.seconds, path.name)
        if "failed" in answer:
            raise EngineFailure(make("J613", engine="LibreOffice", file=path.name, why=answer["failed"]))
        return {(sheet, cell): _value(value) for sheet, cell, value in answer["results"]}

    def close(self, *, patience: float = 8.0) -> None:
        """End the worker and its office, with the whole process group, and remove the profile."""
        process, self._process = self._process, None
        if process is not None:
            _end(process, patience)
            if self._reader is not None:
                self._reader.join(patience)
        if self._profile:
            shutil.rmtree(self._profile, ignore_errors=True)
            self._profile = ""


def _pump(process: subprocess.Popen[str], lines: queue.Queue[str | None]) -> None:
    """Carry the worker's lines to the queue; None marks its end."""
    assert process.stdout is not None
    with process.stdout as answers:  # closed here: the thread may be inside a read when the session ends
        for line in answers:
            lines.put(line)
    lines.put(None)


def _end(process: subprocess.Popen[str], patience: float) -> None:
    """Close stdin (the polite end), wait for some seconds, then kill whatever is left of the group."""
    try:
        if process.stdin is not None:
            process.stdin.close()
        process.wait(patience)
    except (OSError, subprocess.TimeoutExpired):
        process.kill()
    if os.name == "posix":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)  # the group is the worker's own: start_new_session
    process.wait()


def _value(value: Any) -> EngineValue:
    if isinstance(value, dict):
        return ErrorValue(value["error"])
    return value if isinstance(value, str) or value is None else float(value)


def unavailable() -> str | None:
    """None where LibreOffice can be driven here, else the reason in Chinese."""
    if find_office() is None:
        return "没有安装 LibreOffice"
    if find_python() is None:
        return "LibreOffice 缺少 Python 接口（Debian/Ubuntu 请安装 python3-uno）"
    return None


def recompute(path: Path) -> Results:
    """Every formula cell of one workbook, by an office of its own."""
    with Session() as session:
        return session.recompute(path)
