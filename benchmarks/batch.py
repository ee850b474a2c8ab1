"""Many workbooks: what ``jixiao batch`` takes a workbook, beside what else reads or scores the same files, in one run.

    python benchmarks/batch.py [NUMBER]        # 300 by default; 2000 is the size of the plan

Every workbook is another one: so many sets of source tables whose every amount is another, with awarded points of their own,
and each unit under its own name. CPU seconds, so that what else the machine does counts little; books a second are by the clock.
"""

from __future__ import annotations

import argparse
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import openpyxl
import pandas as pd
import python_calamine
from tests.batch import books

import jixiao
from jixiao import pipeline
from jixiao.batch import Standing

KINDS, NAME = 24, "某省某县单位{:06}局"
YEARS = range(1990, 2100)
SAMPLE, COMMANDS = 60, 8
SHEETS = ("封面", "评分表", "要点核定", "取数", "目标完成", "勾稽", "_jixiao")


def sources(folder: Path, times: int) -> list[Path]:
    """The source tables of the specimen with every amount and count so many times as large; they agree as before."""
    made = []
    for name in books.SOURCES:
        path = folder / name
        shutil.copy(books.SPECIMENS / name, path)
        if path.suffix == ".xlsx":
            book = openpyxl.load_workbook(path)
            for cell in (cell for sheet in book for row in sheet.iter_rows() for cell in row):
                kept = isinstance(cell.value, bool) or "%" in cell.number_format or cell.value in YEARS
                if isinstance(cell.value, int | float) and not kept:
                    cell.value = round(cell.value * times, 6)
            book.save(path)
        elif path.suffix == ".csv":
            text = path.read_text("gb18030")
            path.write_text(re.sub(r"-?\d+\.\d+", lambda n: str(Decimal(n[0]) * times), text), "gb18030")
        made.append(path)
    return made


def make(folder: Path, number: int) -> list[Path]:
    """So many workbooks; what differs is packed anew, quickly."""
    place = folder / "评分簿"
    place.mkdir()
    kinds: list[bytes] = []
    for seed in range(min(KINDS, number)):
        base = folder / f"底稿{seed}.xlsx"
        pipeline.new("suixi-2022", base, unit="某局", year="2022")
        pipeline.fill(base, sources(folder, seed + 1), facts_file=books.SPECIMENS / "judgements.yaml")
        kinds.append(books.sound(base, NAME.format(0), seed))
    made = []
    for n in range(number):
        path = place / f"{n:06}.xlsx"
        path.write_bytes(books.renamed(kinds[n % KINDS], NAME.format(0), NAME.format(n + 1)))
        made.append(path)
    return made


def each(run: Callable[[Path], object], paths: Iterable[Path]) -> float:
    """CPU milliseconds a file, after as many that do not count as there are kinds."""
    paths = list(paths)
    for path in paths[:KINDS]:
        run(path)
    begun = time.process_time()
    for path in paths:
        run(path)
    return (time.process_time() - begun) / len(paths) * 1000


def with_calamine(path: Path) -> None:
    """The cells of the sheets that scoring needs, and of the tables they link to, bare."""
    book = python_calamine.CalamineWorkbook.from_path(path)
    for name in book.sheet_names:
        if name in SHEETS or name not in ("图表", "改动", "文字"):
            book.get_sheet_by_name(name).to_python()


def with_pandas(path: Path) -> None:
    """The same cells by what a data team would write first."""
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    for name in book.sheetnames:
        if name in SHEETS or name not in ("图表", "改动", "文字"):
            pd.DataFrame(book[name].iter_rows(values_only=True))


def by_command(paths: list[Path]) -> float:
    """CPU milliseconds a file of a loop over the command."""
    begun = cpu()
    for path in paths:
        subprocess.run([sys.executable, "-m", "jixiao", "score", str(path)], check=True, capture_output=True)
    return (cpu() - begun) / len(paths) * 1000


def cpu() -> float:
    """Seconds that this process and the workers that ended have worked."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def batch(
    place: Path, out: Path, *, workers: int, prove: str = "none", scheduler: str = ""
) -> tuple[float, float, list[int]]:
    """CPU milliseconds a book, books a second, and the memory held by this process at each step (kB)."""
    held: list[int] = []

    def said(_: str) -> None:
        held.append(int(Path("/proc/self/statm").read_text("ascii").split()[1]) * 4)

    shutil.rmtree(out, ignore_errors=True)
    clock, worked = time.monotonic(), cpu()
    made = pipeline.batch(place, out, workers=workers, prove=prove, scheduler=scheduler, say=said)
    seconds, files = time.monotonic() - clock, len(made.summary.units)
    assert made.summary.count(Standing.RANKED) == files
    assert prove == "none" or {unit["proof"] for unit in made.summary.units} == {"proved"}
    return (cpu() - worked) / files * 1000, files / seconds, held


def main() -> None:
    asked = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asked.add_argument("number", type=int, nargs="?", default=300, help="how many workbooks")
    asked.add_argument("--scheduler", default="", help="Dask besides: an address, or local")
    options = asked.parse_args()
    number = options.number
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = make(folder, number)
        some = paths[: min(SAMPLE, number)]
        few = folder / "抽取"
        few.mkdir()
        for path in some:
            shutil.copy(path, few)
        calamine, pandas, score = (
            each(with_calamine, some),
            each(with_pandas, some[:10]),
            each(jixiao.score, [few / path.name for path in some]),
        )
        told = by_command([few / path.name for path in some[:COMMANDS]])
        reading = each(scored_alone(), some)
        one, pace, held = batch(folder / "评分簿", folder / "一", workers=1)
        _, twice, _ = batch(folder / "评分簿", folder / "二", workers=2)
        dask = (
            batch(folder / "评分簿", folder / "四", workers=2, scheduler=options.scheduler)[1]
            if options.scheduler
            else 0
        )
        shutil.rmtree(few)
        few.mkdir()
        for path in some:
            shutil.copy(path, few)
        proved, _, _ = batch(few, folder / "三", workers=1, prove="all")
    print(f"{number} 本，每本 CPU 毫秒；倍数以 calamine 读同样的工作表为 1")
    for what, value in (
        ("calamine 读", calamine), ("pandas + openpyxl 读", pandas), ("jixiao.score 逐本", score), ("命令 jixiao score 逐本", told),
        ("读、评分和全部核对", reading), ("batch（连同存储和汇总）", one), ("batch --prove all", proved),
    ):  # fmt: skip
        print(f"  {what:24}{value:8.1f}{value / calamine:8.2f}")
    print(f"比命令 jixiao score 逐本快 {told / one:.1f} 倍，比 pandas + openpyxl 读快 {pandas / one:.1f} 倍")
    print(
        f"每秒本数：1 个进程 {pace:.0f}，2 个进程 {twice:.0f}（{twice / pace:.2f} 倍）"
        + (f"，Dask {dask:.0f}" if dask else "")
    )
    tenth = max(1, len(held) // 10)
    print(f"内存：前十分之一 {held[tenth] // 1024} MB，最后 {held[-3] // 1024} MB")


def scored_alone() -> Callable[[Path], object]:
    """What a batch does with each file, without the store and the summary; its process is warm, as those of a long run."""
    from jixiao.batch.listing import items_of
    from jixiao.batch.scoring import Options, read
    from jixiao.verify import Prover

    prover = Prover()
    return lambda path: read(items_of(path)[0], Options(), prover)


if __name__ == "__main__":
    main()
