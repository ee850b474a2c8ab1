"""A program at the other end of two pipes that is asked and answers in lines of JSON, and never outlives its test."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

SECONDS = 240.0  # after that, whatever hangs is killed, and the test fails instead of waiting


class Lines:
    """A running worker. ``first`` is its first line."""

    def __init__(self, words: Sequence[str], env: Mapping[str, str]) -> None:
        self.process = subprocess.Popen(
            words,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            env=dict(env),
            start_new_session=os.name == "posix",
        )
        self.guard = threading.Timer(SECONDS, self.kill)
        self.guard.daemon = True
        self.guard.start()
        self.first = self._line()

    def ask(self, *words: Any) -> Any:
        """The answer to a question."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(words) + "\n")
        self.process.stdin.flush()
        return self._line()

    def _line(self) -> Any:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the worker has ended"
        return json.loads(line)

    def kill(self) -> None:
        """End the worker and everything that it started: the group is its own."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if os.name == "posix":
                os.killpg(self.process.pid, signal.SIGKILL)
            else:
                self.process.kill()

    def close(self) -> None:
        """The polite end, then the other one."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        with contextlib.suppress(OSError):
            self.process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(30)
        self.guard.cancel()
        self.kill()
        self.process.wait(10)
        self.process.stdout.close()


@pytest.fixture(scope="session")
def start_worker() -> Callable[[Sequence[str], Mapping[str, str]], Lines]:
    """Start a worker; whoever starts it closes it."""
    return Lines


@pytest.fixture(scope="session")
def own_table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook of an officer's own: a 评分表 beside the 决算 tables."""
    from tests.desk import foreign_book

    return foreign_book.make(tmp_path_factory.mktemp("own") / "自评 表.xlsx")
