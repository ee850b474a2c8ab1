"""The pipe to the worker that drives LibreOffice: one call, one answer; nothing is left running."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import shutil
import signal
import subprocess
import tempfile
import threading
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jixiao.office import find_office
from jixiao.verify.engines import libreoffice

WORKER = Path(__file__).with_name("worker.py")
OFFICE = Path(libreoffice.__file__).with_name("uno_worker.py")
SCODE = -2146827284  # what Excel says of a cell that cannot be written
START_SECONDS, CALL_SECONDS = 90.0, 60.0


def unavailable() -> str | None:
    """None where LibreOffice can be driven here, else the reason."""
    return libreoffice.unavailable()


class ProgramError(Exception):
    """What the program refused, as pywin32 would hand it over: ``hresult`` and an ``excepinfo``."""

    def __init__(self, text: str, hresult: int = -2147352567) -> None:
        super().__init__(hresult, text, (0, "LibreOffice", text, None, 0, SCODE), None)
        self.hresult = hresult


class Bridge:
    """A running office of our own; ``macros`` lets an add-in run, ``environ`` is what it sees beside our own.

    ``calls`` counts calls by sheet ("" for those that concern none).

    ``rejections``: so many of the next calls are answered as a busy Excel does (a cell is being edited).
    """

    def __init__(self, *, macros: bool = False, environ: Mapping[str, str] | None = None) -> None:
        self.calls: Counter[str] = Counter()
        self.rejections = 0
        self._turn = threading.Lock()
        self._profile = tempfile.mkdtemp(prefix="jixiao-desk-")
        self._answers: queue.Queue[str | None] = queue.Queue()
        office, python = find_office(), libreoffice.find_python()
        assert office is not None
        assert python is not None
        self._process = subprocess.Popen(
            [python, "-I", str(WORKER), str(OFFICE), office, self._profile, *(["macros"] if macros else [])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            env={**libreoffice._environment(), **(environ or {})},
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._pump, daemon=True)
        self._reader.start()
        self.pid = int(self._answer(START_SECONDS))

    def _pump(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                self._answers.put(line)
        self._answers.put(None)

    def _answer(self, seconds: float) -> Any:
        line = self._answers.get(timeout=seconds)
        if line is None:
            raise ProgramError("the office has ended")
        answer = json.loads(line)
        if "error" in answer:
            raise ProgramError(answer["error"])
        return answer["ok"]

    def count(self, sheet: str = "") -> None:
        """One call across the border that needs no answer from the worker (a range object, an address)."""
        self.calls[sheet] += 1
        if self.rejections > 0:
            self.rejections -= 1
            raise ProgramError("Call was rejected by callee.", -2147418111)

    def call(self, operation: str, *arguments: Any, sheet: str = "") -> Any:
        """Do something in the office; ``ProgramError`` where it does not."""
        self.count(sheet)
        assert self._process.stdin is not None
        with self._turn:  # a macro that runs keeps the program busy
            self._process.stdin.write(json.dumps([operation, *arguments]) + "\n")
            self._process.stdin.flush()
            return self._answer(CALL_SECONDS)

    def close(self) -> None:
        """End the office with its whole process group, and remove the profile."""
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            assert self._process.stdin is not None
            self._process.stdin.close()
            self._process.wait(10)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)  # the group is the worker's own
        self._process.wait()
        self._reader.join(5)
        shutil.rmtree(self._profile, ignore_errors=True)
