"""A bound of time and memory around a reader that is not ours and is written in Python, in whatever thread it runs.

A second thread looks on and, past a bound, raises ``Overrun`` inside the first: between two steps of the interpreter, so
the library ends as by any error. A process of its own would bound more (one endless call of compiled code), at the price
of a start of the interpreter for each file; the readers kept in here make no such calls.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

Made = TypeVar("Made")

SECONDS = 8  # the largest sound .xls takes two
MEMORY = 1 << 30  # bytes that the process may grow by meanwhile
_GLANCE = 0.05
_PAGES = Path("/proc/self/statm")  # the second number: pages held
_PAGE = 4096


class Overrun(Exception):  # noqa: N818 - as Stop: the reading cannot go on
    """A reader went past a bound; the text names it, in Chinese."""


class _Stopped(BaseException):
    """What is raised inside the reader: no Exception, because libraries swallow those."""


def bounded(read: Callable[[], Made], seconds: float = SECONDS, memory: int = MEMORY) -> Made:
    """What ``read`` returns; Overrun where its thread worked longer than that, or the process grew by more bytes."""
    import ctypes  # not on the path of a workbook of ours

    left, over = threading.Event(), [""]
    lock, thread = threading.Lock(), threading.get_ident()
    number, raise_in = ctypes.c_ulong(thread), ctypes.pythonapi.PyThreadState_SetAsyncExc

    def look(worked: Callable[[], float], start: float, held: int) -> None:
        while not left.wait(_GLANCE):
            if worked() - start > seconds:
                over[0] = f"{seconds:g}秒的读取时间"
            elif _held() - held > memory:
                over[0] = f"{memory // 1_000_000} MB 的内存"
            with lock:
                if over[0] and not left.is_set():  # again at each glance, should a library swallow it
                    raise_in(number, ctypes.py_object(_Stopped))

    worked = _clock(thread)
    looking = threading.Thread(target=look, args=(worked, worked(), _held()), daemon=True)
    looking.start()
    try:
        try:
            return read()
        finally:
            # it may still be raised in here, at the latest on entering ``set``. It is not taken back: asked to, the
            # interpreter looks for it at every call from then on, and a tracer would never get past the first one
            while not left.is_set():
                with contextlib.suppress(_Stopped), lock:
                    left.set()
    except _Stopped as error:
        raise Overrun(over[0]) from error
    finally:
        looking.join()


def _clock(thread: int) -> Callable[[], float]:
    """The seconds that a thread has worked, where the system counts them; those that went by elsewhere."""
    if hasattr(time, "pthread_getcpuclockid"):
        clock = time.pthread_getcpuclockid(thread)
        return lambda: time.clock_gettime(clock)
    return time.monotonic


def _held() -> int:
    """The bytes of memory that the process holds; 0 where the system does not tell."""
    try:
        return int(_PAGES.read_bytes().split()[1]) * _PAGE
    except (OSError, ValueError, IndexError):
        return 0
