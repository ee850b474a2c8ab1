"""One press of 评分 on an open workbook, the service warm: ``python benchmarks/desk.py``. Needs LibreOffice.

Against a cold ``jixiao score`` of the same file in the same run, and, for information, against the bare reading of the
same sheets through xlwings: what is left is our own work. A press in LibreOffice itself, through the extension, is held
against LibreOffice storing the same workbook.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent)]

import samples  # noqa: E402 - the test helpers are found only after the line above
from run import show  # noqa: E402
from tests.app.addin.calc_office import Calc  # noqa: E402
from tests.app.addin.conftest import Lines  # noqa: E402
from tests.desk import foreign_book  # noqa: E402
from tests.desk.lo_engine import running, unavailable  # noqa: E402
from timing import Cost, Row, environment, in_turns  # noqa: E402

from jixiao.app import inbox as mailbox  # noqa: E402
from jixiao.app.exchange import Memory, Request, press, warm  # noqa: E402
from jixiao.app.hosts import Told, plain_writes, press_in_program  # noqa: E402

PRESSES = 15
GOAL = 0.5  # seconds a press, on the demo workbook
NAN = float("nan")


def main() -> None:
    """Print the table."""
    why = unavailable()
    if why:
        print(f"未运行：{why}")
        return
    with tempfile.TemporaryDirectory(prefix="jixiao-bench-") as name, tempfile.TemporaryDirectory() as cache:
        folder = Path(name)
        book = samples.filled(folder / "评分簿.xlsx")
        foreign = foreign_book.make(folder / "自评表.xlsx")
        cold = in_turns({"score": lambda: ["-m", "jixiao", "score", str(book)]}, environment(cache))["score"]
        warm()
        with running() as app:
            for path, title in ((book, "评分簿"), (foreign, "自带评分表的工作簿")):
                app.books.open(path)
                _press(app, title, cold)
        _calc(book, folder)


def _calc(book: Path, folder: Path) -> None:
    """The button in LibreOffice: cells told, scored, written; by parts."""
    calc = Calc(book, Lines)
    inbox = mailbox.Inbox(*mailbox.inboxes("linux", {"XDG_DATA_HOME": str(calc.data)}))
    inbox.prepare()
    parts: list[tuple[float, float, float]] = []
    memory, stop = Memory(), threading.Event()

    def work(request: mailbox.ButtonRequest) -> None:
        clocks = [time.perf_counter()]
        data = mailbox.cells_of(request)
        clocks.append(time.perf_counter())
        host = Told.read(data)
        press(host, Request(request.verb), memory=memory)
        clocks.append(time.perf_counter())
        mailbox.give(request, {"cells": plain_writes(host.written)})
        inbox.answer(request.ident, mailbox.done())  # without a text no dialog waits for somebody
        clocks.append(time.perf_counter())
        parts.append((clocks[1] - clocks[0], clocks[2] - clocks[1], clocks[3] - clocks[2]))

    def accept(request: mailbox.ButtonRequest) -> mailbox.ButtonAnswer:
        threading.Thread(target=work, args=[request]).start()
        return mailbox.taken()

    watching = threading.Thread(target=mailbox.watch, args=([inbox.folder], accept, stop))
    watching.start()
    try:
        calc("press", "score")
        made = _timed(lambda: calc("press", "score"))
        stored = _timed(lambda: calc("store", str(folder / "副本.xlsx")))
    finally:
        stop.set()
        watching.join()
        calc.close()
    read, scored, given = (median(part) for part in zip(*parts, strict=True))
    note = (
        f"一次 {made.wall:.3f} 秒（目标 {GOAL} 秒）：服务读入 {read:.3f}，评分 {scored:.3f}，交回 {given:.3f}"
    )
    note += f"，其余 {made.wall - read - scored - given:.3f} 是读出单元格、等待和写入"
    show(Row("LibreOffice 里按一次评分（评分簿）", "LibreOffice 另存同一本", made, stored, None, note))


def _press(app: Any, title: str, cold: Cost) -> None:
    memory = Memory()
    press_in_program(app, Request("score", sheet=""), memory=memory)
    app.impl.bridge.calls.clear()
    answer = press_in_program(app, Request("score"), memory=memory)
    calls = dict(app.impl.bridge.calls)
    once = _timed(lambda: press_in_program(app, Request("score"), memory=memory))
    bare = _timed(lambda: _read(app))
    most = max(count for sheet, count in calls.items() if sheet)
    note = f"{answer.message}；{len(calls) - 1} 张工作表，每张至多 {most} 次调用，共 {sum(calls.values())} 次"
    note += f"；一次 {once.wall:.3f} 秒（目标 {GOAL} 秒）"
    show(Row(f"按一次评分（{title}）", "冷启动 jixiao score", once, cold, None, note))
    show(Row(f"按一次评分（{title}）", "经 xlwings 只读同样的工作表", once, bare))


def _read(app: Any) -> None:
    for sheet in app.books.active.sheets:
        used = sheet.used_range
        used.raw_value  # noqa: B018 - the reading is the point
        used.formula  # noqa: B018


def _timed(run: Callable[[], object]) -> Cost:
    walls = []
    for _ in range(PRESSES):
        clock = time.perf_counter()
        run()
        walls.append(time.perf_counter() - clock)
    return Cost(median(walls), NAN)


if __name__ == "__main__":
    argparse.ArgumentParser(description="在打开的工作簿上按一次“评分”的时间（需要 LibreOffice）").parse_args()
    main()
