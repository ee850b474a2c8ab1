"""The requests of spreadsheet buttons, queued and carried out one after the other: on the open workbook, or on its copy."""

from __future__ import annotations

import functools
import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from jixiao import pipeline
from jixiao.app.exchange import Answer, CellWrite, Memory, Request, press
from jixiao.app.hosts import StatusBar, Told, bare_name, plain_writes, press_in_program, running_program
from jixiao.app.inbox import (
    STOP,
    ButtonAnswer,
    ButtonRequest,
    Inbox,
    cells_of,
    copy_of,
    done,
    failed,
    give,
    refused,
    taken,
)
from jixiao.model import Busy, Finding, Stop, UsageStop, make

WAITING = 3  # presses that may wait; more are told that the service is busy
PRESS_SECONDS = 120.0  # a press on the page waits so long
PATIENCE = 3.0  # seconds until the button must have been told that its request is taken
PAGE_VERBS = frozenset(("new", "fill", "report"))  # they need files and choices, which the page asks for
ON_PAGE = "请在打开的网页中继续"
TITLES = {"wps": "WPS 表格", "libreoffice": "LibreOffice", "cli": "命令行"}

Find = Callable[[ButtonRequest], Any]
Act = Callable[..., Answer]
Job = Callable[[threading.Event], None]


def find_app(request: ButtonRequest) -> Any:
    """The running program that a button was pressed in, as an xlwings App; UsageStop (J883, J884) where it is out of reach."""
    if request.host != "excel":
        raise UsageStop("J883", host=TITLES.get(request.host, request.host))
    try:
        return running_program(request.window)
    except Stop:
        raise
    except ImportError as error:
        raise UsageStop("J884", why="没有安装 xlwings") from error
    except Exception as error:
        raise UsageStop("J884", why=type(error).__name__) from error


class Answering:
    """Takes requests from the watch (``accept``, any thread) and carries them out where ``work`` is called.

    ``show_page`` opens the page; given a name and bytes, with that workbook in it.

    ``work`` belongs to one thread for good: Excel is spoken to from the thread that first did.
    """

    def __init__(
        self,
        show_page: Callable[..., None],
        *,
        find: Find = find_app,
        act: Act = press_in_program,
        definitions: Sequence[Path] = (),
        dialogs: bool = True,
        trouble: Callable[[BaseException], None] | None = None,
    ) -> None:
        self._show, self._find, self._act = show_page, find, act
        self._definitions, self._dialogs = tuple(definitions), dialogs
        self._memory = Memory()
        self._queue: queue.Queue[Job] = queue.Queue(WAITING)
        self._trouble = trouble or (lambda _: None)

    def accept(self, request: ButtonRequest) -> ButtonAnswer:
        """Queue a request; at once whether it is taken."""
        try:
            self._queue.put_nowait(functools.partial(self._carry, request))
        except queue.Full:
            return refused("busy", "上一次操作还没有完成，请稍等片刻再点")
        return taken()

    def press(self, verb: str, words: Mapping[str, str]) -> Answer:
        """A press on the page instead of in the program: done on the open workbook, waited for.

        UsageStop (J883, J884) where no program is in reach, Busy (J830) where earlier presses take too long.
        """
        results: queue.Queue[Answer | Exception] = queue.Queue(1)

        def job(_: threading.Event) -> None:
            try:
                app = self._find(ButtonRequest("", verb, host="excel"))
                asked = Request(verb, words=words)
                results.put(self._done(app, asked, dialogs=False))
            except Exception as error:  # noqa: BLE001 - raised again in the thread that waits
                results.put(error)

        try:
            self._queue.put_nowait(job)
            found = results.get(timeout=PRESS_SECONDS)
        except (queue.Full, queue.Empty):
            raise Busy("J830") from None
        if isinstance(found, Exception):
            raise found
        return found

    def _done(self, app: Any, asked: Request, *, dialogs: bool) -> Answer:
        screen = StatusBar(app, dialogs=dialogs)
        return self._act(app, asked, screen=screen, memory=self._memory, definitions=self._definitions)

    def work(self, stop: threading.Event) -> None:
        """Carry out what is queued until ``stop`` is set."""
        while not stop.is_set():
            try:
                job = self._queue.get(timeout=0.2)
            except queue.Empty:
                continue
            try:
                job(stop)
            except Exception as error:  # noqa: BLE001 - one press may not end the service
                self._trouble(error)

    def _carry(self, request: ButtonRequest, stop: threading.Event) -> None:
        assert request.folder is not None
        inbox, end = Inbox(request.folder), time.monotonic() + PATIENCE
        # the program is free to be talked to only after the first answer
        while inbox.heard(request.ident) is None:
            if time.monotonic() > end or stop.is_set():
                return  # the button never heard that its request was taken, so nothing may happen
            time.sleep(0.01)
        if request.verb == STOP:
            stop.set()
            inbox.answer(request.ident, done("服务结束"))
            return
        try:
            answer = self._answer(request)
        except Stop as stopped:
            answer = failed(_line(stopped.finding))
        except Exception as error:  # noqa: BLE001 - whatever it is, the button is told
            self._trouble(error)
            answer = failed(_line(make("J884", why=type(error).__name__)))
        inbox.answer(request.ident, answer)

    def _answer(self, request: ButtonRequest) -> ButtonAnswer:
        if request.verb == "help":
            self._show()
            return done("已打开网页")
        if request.host == "libreoffice":
            return self._on_copy(request)
        try:
            app = self._find(request)
        except Stop:
            self._show()  # the page can do what the button could not
            raise
        asked = Request(request.verb, book=request.book, sheet=request.sheet)
        made = self._done(app, asked, dialogs=self._dialogs)
        if made.need:  # what is still wanted (files, a rubric, a place) is chosen on the page
            path = Path(made.path) if made.path else None
            self._show(*((path.name, path.read_bytes()) if path is not None else ()))
            return done(f"{made.text()}\n{ON_PAGE}")
        return done(made.text()) if made.ok else failed(made.text())

    def _on_copy(self, request: ButtonRequest) -> ButtonAnswer:
        """LibreOffice tells its cells, or hands over a copy, and writes the cells that come back."""
        if request.verb in PAGE_VERBS:
            name = Path(bare_name(request.book)).stem
            self._show(*((f"{name or '工作簿'}.xlsx", copy_of(request).read_bytes()) if request.book else ()))
            return done(ON_PAGE)
        if request.verb == "verify":
            return _verified(copy_of(request), self._definitions)
        answer, writes = self.told(cells_of(request), Request(request.verb, sheet=request.sheet))
        if not answer.ok:
            return failed(answer.text())
        give(request, {"cells": plain_writes(writes), "findings": answer.shown()})
        return done(answer.message)

    def told(self, data: Any, asked: Request) -> tuple[Answer, list[CellWrite]]:
        """A press on a workbook whose cells were told: the answer, and the cells to write."""
        host = Told.read(data)
        answer = press(host, asked, memory=self._memory, definitions=self._definitions)
        return answer, host.written


def _line(finding: Finding) -> str:
    return f"{finding.message}：{finding.advice}"


def _verified(path: Path, definitions: Sequence[Path]) -> ButtonAnswer:
    made = pipeline.verify([path], definitions=definitions)[0]
    ran = "、".join(run.engine for run in made.engines if run.ran) or "没有可用的复算引擎"
    if made.proved:
        return done(f"核验通过（{ran}）")
    why = "；".join(finding.message for finding in made.findings.errors[:3])
    return failed(f"核验未通过（{ran}）：{why}")
