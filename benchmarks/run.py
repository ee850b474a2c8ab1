"""Speed as ratios against named commands of the same run: ``make bench``. Prints a table; nothing is asserted.

``python benchmarks/run.py [cold] [proof] [fill]`` runs only those named.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from itertools import count
from math import isnan
from pathlib import Path
from statistics import median
from typing import Any

import samples
from timing import ROUNDS, Cost, Row, environment, in_turns, once

from jixiao.verify import ENGINES, Session

HERE = Path(__file__).resolve().parent
PROVED = 50  # workbooks
LOADED = 2  # of them loaded afresh: each takes many seconds; the last one is the falsified one
READS = 9


def cold(folder: Path, env: Mapping[str, str]) -> Iterator[Row]:
    """The everyday button from a cold start, when nothing changed and when every score is to be written."""
    book = samples.filled(folder / "评分簿.xlsx")
    stale = samples.edited(book, folder / "改动.xlsx").read_bytes()
    numbers = count()

    def changed() -> list[str]:
        path = folder / f"冷{next(numbers)}.xlsx"
        path.write_bytes(stale)
        return ["-m", "jixiao", "score", str(path)]

    found = in_turns(
        {
            "openpyxl": lambda: ["-c", "import openpyxl"],
            "score": lambda: ["-m", "jixiao", "score", str(book)],
            "changed": changed,
        },
        env,
    )
    against = "python -c 'import openpyxl'"
    yield Row("冷启动 jixiao score（无改动）", against, found["score"], found["openpyxl"], 1.0)
    yield Row("冷启动 jixiao score（改了一处，写回）", against, found["changed"], found["openpyxl"], 1.0)


def proof(folder: Path, env: Mapping[str, str]) -> Iterator[Row]:
    """One workbook proved from a cold start; many in one process, against loading each afresh by other engines."""
    base = samples.filled(folder / "底本.xlsx")
    alone = ["-m", "jixiao", "verify", str(base)]
    found = in_turns({"openpyxl": lambda: ["-c", "import openpyxl"], "verify": lambda: alone}, env)
    yield Row(
        "冷启动 jixiao verify（一本）", "python -c 'import openpyxl'", found["verify"], found["openpyxl"], 3.0
    )
    books = samples.many(base, folder, PROVED)
    cost, told = _told(["-m", "jixiao", "verify", *map(str, books), "--format", "json"], env)
    each = Cost(cost.wall / len(books), cost.cpu / len(books))
    ours = {item["file"]: item["proved"] for item in json.loads(told)}
    _, lines = _told([str(HERE / "fresh.py"), *map(str, [*books[: LOADED - 1], books[-1]])], env)
    fresh = [json.loads(line) for line in lines.splitlines()]
    agree = all(ours[item["file"]] == item["proved"] for item in fresh)
    note = f"{sum(ours.values())} 本通过、{len(ours) - sum(ours.values())} 本不通过；重新载入的 {len(fresh)} 本，"
    note += "结论相同" if agree else "结论不同！"
    ours_each, nan = f"verify {PROVED} 本，平均每本", float("nan")
    yield Row(ours_each, "python -c 'import openpyxl'", each, found["openpyxl"], 0.36)
    theirs = Cost(median(item["wall"] for item in fresh), median(item["cpu"] for item in fresh))
    yield Row(ours_each, "用 formulas 重新载入一本", each, theirs, 0.05, note)
    if ENGINES["libreoffice"]() is None:
        with Session() as office:
            office.recompute(base)  # the office has started
            opened = _warm(lambda: office.recompute(base))
        yield Row(
            ours_each, "由已启动的 LibreOffice 打开并计算一本", Cost(each.wall, nan), Cost(opened.wall, nan)
        )


def _told(command: list[str], env: Mapping[str, str]) -> tuple[Cost, str]:
    """What a command costs and prints; its exit code may say that a workbook is not proved."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as told:
        cost = once(command, env, told)
        told.seek(0)
        return cost, told.read()


def fill(folder: Path, env: Mapping[str, str]) -> Iterator[Row]:
    """Finding the facts of one source, against the bare read of all its sheets by calamine; warm, for information."""
    from python_calamine import CalamineWorkbook

    from jixiao.intake import read

    def bare(path: Path) -> Any:
        book = CalamineWorkbook.from_path(str(path))
        return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]

    for name in samples.SOURCES:
        path = samples.SPECIMEN / name
        if path.suffix != ".csv":
            yield Row(
                f"取数 {name}",
                "calamine 读取同一文件",
                _warm(lambda p=path: read([p])),
                _warm(lambda p=path: bare(p)),
            )


def _warm(run: Any) -> Cost:
    run()
    walls, used = [], []
    for _ in range(READS):
        clock, cpu = time.perf_counter(), time.process_time()
        run()
        walls.append(time.perf_counter() - clock)
        used.append(time.process_time() - cpu)
    return Cost(median(walls), median(used))


def show(row: Row) -> None:
    """One comparison in two or three lines."""
    ratio, goal = row.ratio, "" if row.goal is None else f"目标 ≤ {row.goal:g}"
    told = (
        ratio.wall if isnan(ratio.cpu) else ratio.cpu
    )  # goals are of CPU: libraries start threads, machines are shared
    met = "" if row.goal is None else "达到" if told <= row.goal else "未达到"
    print(f"{row.title} ÷ {row.against}")
    cpu = "" if isnan(ratio.cpu) else f"   CPU {_ms(row.ours.cpu)} ÷ {_ms(row.theirs.cpu)} = {ratio.cpu:.3f}"
    print(
        f"    {_ms(row.ours.wall)} ÷ {_ms(row.theirs.wall)} = {ratio.wall:.3f}{cpu}   {goal} {met}".rstrip()
    )
    if row.note:
        print(f"    {row.note}")
    sys.stdout.flush()


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


PARTS = {"cold": cold, "proof": proof, "fill": fill}


def main(names: list[str]) -> None:
    print(f"冷启动各 {ROUNDS} 次、取数各 {READS} 次取中位数，轮流进行，预热一次不计")
    for name in names or PARTS:
        with (
            tempfile.TemporaryDirectory(prefix="jixiao-bench-") as folder,
            tempfile.TemporaryDirectory() as cache,
        ):
            for row in PARTS[name](Path(folder), environment(cache)):
                show(row)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="速度对照：与同一次运行中的另一命令相比")
    parser.add_argument(
        "parts", nargs="*", metavar="部分", help=f"只做其中一部分：{'、'.join(PARTS)}（默认全部）"
    )
    chosen = parser.parse_args().parts
    if unknown := [name for name in chosen if name not in PARTS]:
        parser.error(f"没有这一部分：{'、'.join(unknown)}")
    main(chosen)
