"""How long the way from a door to the end is: ``python benchmarks/walk.py [--names]``.

Each verb runs once to warm up and once watched, on the filled workbook of the worked case. Counted are the functions of
``src/jixiao`` that were called, each once by its file and qualified name, and the files that hold them. Left out is
what is no function of its own: module and class bodies, comprehensions, generator expressions and lambdas, and what a
library generates (the methods of dataclasses). It is the same on every machine.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import samples

import jixiao
from jixiao import pipeline

SOURCES = [samples.SPECIMEN / name for name in samples.SOURCES]
FACTS = samples.SPECIMEN / "judgements.yaml"
GOALS = {"score": (140, 25), "new, fill": (550, None), "report": (400, None)}
HOUSE = Path(jixiao.__file__).parent.as_posix()


def main() -> None:
    """Print the table, and with ``--names`` the functions of each verb."""
    parser = argparse.ArgumentParser(
        description="从入口到结束调用了多少个函数、走过多少个文件（演示评分簿，已预热）。"
    )
    parser.add_argument("verb", nargs="*", help="只看这些动词，如 score、report")
    parser.add_argument("--names", action="store_true", help="列出调用的函数，按文件")
    parser.add_argument("--rooms", action="store_true", help="列出每个房间的函数个数")
    given = parser.parse_args()
    print(f"{'':<12}{'函数':>6}{'目标':>5}{'文件':>6}{'目标':>5}")
    with tempfile.TemporaryDirectory(prefix="jixiao-bench-") as name:
        for verb, walk in verbs(Path(name)).items():
            if given.verb and verb not in given.verb:
                continue
            walk()
            _show(verb, called(walk), given)


def verbs(folder: Path) -> dict[str, Callable[[], Any]]:
    """The verbs by name; each can run again and again."""
    book = samples.filled(folder / "评分簿.xlsx")
    empty = jixiao.new("suixi-2022", folder / "空白.xlsx")
    audited = folder / "报告.docx"
    jixiao.report(book, audited, draft=True)

    def fill() -> None:
        jixiao.fill(shutil.copy(empty, folder / "填.xlsx"), SOURCES, facts=FACTS)

    def new_and_fill() -> None:
        (folder / "新.xlsx").unlink(missing_ok=True)
        jixiao.fill(jixiao.new("suixi-2022", folder / "新.xlsx"), SOURCES, facts=FACTS)

    def report() -> None:
        (folder / "另.docx").unlink(missing_ok=True)
        jixiao.report(book, folder / "另.docx", draft=True)

    return {
        "score": lambda: pipeline.score(book),  # with the writing, as the button does it
        "fill": fill,
        "new, fill": new_and_fill,
        "check": lambda: jixiao.check(book),
        "report": report,
        "audit": lambda: jixiao.audit(audited, book),
    }


def called(walk: Callable[[], Any]) -> dict[tuple[str, str], int]:
    """Functions of the house that are called during a walk, by file and qualified name, and how often."""
    seen: Counter[CodeType] = Counter()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            seen[frame.f_code] += 1

    sys.setprofile(note)
    try:
        walk()
    finally:
        sys.setprofile(None)
    found: Counter[tuple[str, str]] = Counter()
    for code, times in seen.items():
        file = Path(code.co_filename).as_posix()
        if file.startswith(f"{HOUSE}/") and not code.co_name.startswith("<") and _is_function(code):
            found[file.removeprefix(f"{HOUSE}/"), code.co_qualname] += times
    return found


def _is_function(code: CodeType) -> bool:
    """Whether a code object is a function's: a class body has locals of its own that are no fast ones."""
    return bool(code.co_flags & 0x1)  # CO_OPTIMIZED


def _show(verb: str, found: dict[tuple[str, str], int], given: argparse.Namespace) -> None:
    functions, files = GOALS.get(verb, (None, None))
    counted = len({file for file, _ in found})
    print(f"{verb:<12}{len(found):>8}{functions or '':>7}{counted:>8}{files or '':>7}")
    if given.rooms:
        for room, count in Counter(file.partition("/")[0] for file, _ in found).most_common():
            print(f"    {count:>5}  {room}")
    if given.names:
        for (file, name), times in sorted(found.items()):
            print(f"    {times:>7}  {file}  {name}")


if __name__ == "__main__":
    main()
