"""A line on the terminal that says what is going on, once a command takes longer than a second."""

from __future__ import annotations

import sys
import threading
import time
from types import TracebackType
from typing import Self

from jixiao.app.columns import padded, terminal_width, width, wrap

AFTER, EVERY = 1.0, 0.25
MARKS = "|/-\\"


class Progress:
    """``with Progress() as say:`` … ``say("读取3个文件")``; silent where stderr is no terminal."""

    def __init__(self) -> None:
        self.text, self.started = "", time.monotonic()
        self.drawn, self.over = 0, threading.Event()
        self.shown = sys.stderr.isatty()
        self.thread = threading.Thread(target=self._draw, daemon=True)

    def __enter__(self) -> Self:
        if self.shown:
            self.thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.over.set()
        if self.shown:
            self.thread.join()
            if self.drawn:
                self._put("")
                sys.stderr.write("\r")
                sys.stderr.flush()

    def __call__(self, text: str) -> None:
        """What is being done now."""
        self.text = text

    def _draw(self) -> None:
        pause = AFTER
        while not self.over.wait(pause):
            pause = EVERY
            seconds = time.monotonic() - self.started
            mark = MARKS[int(seconds / EVERY) % len(MARKS)]
            self._put(f"{mark} {self.text or '处理中'}（{seconds:.0f} 秒）")

    def _put(self, text: str) -> None:
        line = wrap(text, terminal_width(sys.stderr) - 1)[0]
        sys.stderr.write("\r" + padded(line, self.drawn))
        sys.stderr.flush()
        self.drawn = width(line)
