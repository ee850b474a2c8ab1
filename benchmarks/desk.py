"""One press of 评分 on an open workbook, the service warm: ``python benchmarks/desk.py``. Needs LibreOffice.

Against a cold ``jixiao score`` of the same file in the same run, and, for information, against the bare reading of the
same sheets through xlwings: what is left is our own work.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent)]

import samples  # noqa: E402 - the test helpers are found only after the line above
from run import show  # noqa: E402
from tests.desk import foreign_book  # noqa: E402
from tests.desk.lo_engine import running, unavailable  # noqa: E402
from timing import Cost, Row, environment, in_turns  # noqa: E402

from jixiao.app.exchange import Memory, Request, warm  # noqa: E402
from jixiao.app.hosts import press_in_program  # noqa: E402

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


def _press(app: Any, title: str, cold: Cost) -> None:
    memory = Memory()
    press_in_program(app, Request("score", sheet=""), memory=memory)
    app.impl.bridge.calls.clear()
    answer = press_in_program(app, Request("score"), memory=memory)
    calls = dict(app.impl.bridge.calls)
    press = _timed(lambda: press_in_program(app, Request("score"), memory=memory))
    bare = _timed(lambda: _read(app))
    most = max(count for sheet, count in calls.items() if sheet)
    note = f"{answer.message}；{len(calls) - 1} 张工作表，每张至多 {most} 次调用，共 {sum(calls.values())} 次"
    note += f"；一次 {press.wall:.3f} 秒（目标 {GOAL} 秒）"
    show(Row(f"按一次评分（{title}）", "冷启动 jixiao score", press, cold, None, note))
    show(Row(f"按一次评分（{title}）", "经 xlwings 只读同样的工作表", press, bare))


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
