"""Small wrongs put into the code that scores, one at a time: do the tests notice? ``python -m tests.mutants [--sample N]``.

First every test runs once and coverage writes down which line it comes by; then a wrong is shown to the tests that come
by its line, the narrowest first. What lives on is printed with its place. A wrong that changes nothing that anybody can
see lives on rightly. As a plugin of pytest this module names the running test to coverage.
"""

from __future__ import annotations

import argparse
import ast
import copy
import itertools
import os
import queue
import random
import shutil
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import coverage
import pytest

ROOT = Path(__file__).resolve().parents[1]
PLACES = ("model/expr", "rubric/kinds", "scoring")
TESTS = ("tests/model/expr", "tests/rubric", "tests/scoring", "tests/conformance")
WIDER = (
    "tests/house/test_masters.py",
    *(f"tests/recordings/cases/{name}.yaml" for name in ("suixi", "changli", "kinds", "rubrics")),
)
"""What those do not notice may still show in a workbook or in what is printed."""
GUARDS = ("strict", "repr", "compare")
FIRST = 150  # so many tests go first, spread over all that come by the line: most wrongs are noticed by them
FAILED = (1, 2)  # a test failed, or could not be loaded; a name that pytest does not find is no failure
SECONDS = 900.0  # a wrong that takes longer never ends, which is noticed
SWAPS: dict[type[ast.AST], Any] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
}  # fmt: skip


def wrong(node: ast.AST) -> bool:
    """Make a node wrong; False where there is nothing to make wrong."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in SWAPS:
        node.ops[0] = SWAPS[type(node.ops[0])]()
    elif isinstance(node, ast.BoolOp | ast.BinOp) and type(node.op) in SWAPS:
        node.op = SWAPS[type(node.op)]()
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        node.op = ast.UAdd()
        node.operand = ast.Call(ast.Name("bool", ast.Load()), [node.operand], [])
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        node.value = not node.value
    elif isinstance(node, ast.Constant) and type(node.value) is int:
        node.value += 1
    else:
        return False
    return True


def mutants() -> Iterator[tuple[Path, int, int]]:
    """Every wrong: the file below src, the line, and which node of its tree.

    How a class is stored is no result, nor is a guard.
    """
    for place in PLACES:
        for file in sorted((ROOT / "src" / "jixiao" / place).rglob("*.py")):
            nodes = list(ast.walk(ast.parse(file.read_text("utf-8"))))
            aside = [one for node in nodes for one in getattr(node, "decorator_list", ())]
            aside += [node for node in nodes if isinstance(node, ast.keyword) and node.arg in GUARDS]
            stored = {id(part) for one in aside for part in ast.walk(one)}
            for number, node in enumerate(nodes):
                if id(node) not in stored and wrong(copy.deepcopy(node)):
                    yield file.relative_to(ROOT / "src"), getattr(node, "lineno", 0), number


def text_with(file: Path, number: int) -> str:
    """The whole text of a file below src with that node made wrong."""
    tree = ast.parse((ROOT / "src" / file).read_text("utf-8"))
    wrong(next(itertools.islice(ast.walk(tree), number, None)))
    return ast.unparse(ast.fix_missing_locations(tree))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> None:
    """Coverage is told the name of the test that runs."""
    if (measuring := coverage.Coverage.current()) is not None:
        measuring.switch_context(item.nodeid)


def ran(source: Path, words: Sequence[str], tests: Sequence[str], folder: Path) -> int:
    """The exit code of pytest over these tests with this copy of src; a run that does not end counts as failed."""
    env = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join((str(source), str(ROOT))),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    names = folder / "tests.txt"
    names.write_text("\n".join(tests), "utf-8")
    command = [sys.executable, *words, "-x", "-q", "-p", "no:cacheprovider", f"@{names}"]
    try:
        return subprocess.run(
            command, cwd=ROOT, env=env, capture_output=True, check=False, timeout=SECONDS
        ).returncode
    except subprocess.TimeoutExpired:
        return 1


def who_comes_by(source: Path, folder: Path) -> dict[tuple[str, int], list[str]] | None:
    """For each file below src and line the tests that run it, the ones with the fewest lines first; None: a test fails."""
    data = folder / "lines"
    setting = folder / "coverage.ini"
    places = "".join(f"\n    {source}/jixiao/{place}/*" for place in PLACES)
    setting.write_text(f"[run]\ndata_file = {data}\ninclude ={places}\n", "utf-8")
    words = ["-m", "coverage", "run", f"--rcfile={setting}", "-m", "pytest", "-p", "tests.mutants"]
    if ran(source, words, TESTS, folder):
        return None
    seen = coverage.CoverageData(basename=str(data))
    seen.read()
    by_line: dict[tuple[str, int], list[str]] = {}
    wide: Counter[str] = Counter()
    for file in seen.measured_files():
        for line, tests in seen.contexts_by_lineno(file).items():
            # what runs while a module is loaded has no test of its own: every test comes by
            by_line[Path(file).relative_to(source).as_posix(), line] = [] if "" in tests else tests
            wide.update(tests)
    for tests in by_line.values():
        tests.sort(key=lambda test: (wide[test], test))
    return by_line


def noticed(source: Path, tests: Sequence[str], folder: Path, alone: threading.Lock) -> bool:
    """Whether a test fails with this copy of src: those that come by first, all at last, since what one made others may use."""
    step = -(-len(tests) // FIRST) or 1
    if tests and ran(source, ("-m", "pytest"), tests[::step], folder) in FAILED:
        return True
    with alone:  # recordings that differ are written to one place
        wider = ran(source, ("-m", "pytest"), WIDER, folder)
    return wider != 0 or ran(source, ("-m", "pytest"), TESTS, folder) != 0


def main() -> int:
    """Try a sample; 1 where fewer than 85 % are noticed."""
    parser = argparse.ArgumentParser(description="在评分的代码里逐个放入小错，看测试能不能发现")
    parser.add_argument("--sample", type=int, default=100, help="试多少个（默认 %(default)s）")
    parser.add_argument("--seed", type=int, default=1, help="换一组")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="同时试几个")
    given = parser.parse_args()
    every = list(mutants())
    chosen = random.Random(given.seed).sample(every, min(given.sample, len(every)))
    with tempfile.TemporaryDirectory() as folder:
        copies: queue.SimpleQueue[Path] = queue.SimpleQueue()
        alone = threading.Lock()
        for number in range(given.jobs):
            skipped = shutil.ignore_patterns("__pycache__")
            copies.put(Path(shutil.copytree(ROOT / "src", Path(folder, str(number), "src"), ignore=skipped)))
        first = copies.get()
        if (by_line := who_comes_by(first, first.parent)) is None:
            print("测试本来就没有通过")
            return 2
        copies.put(first)

        def tried(one: tuple[Path, int, int]) -> bool:
            file, line, number = one
            source = copies.get()
            whole = (source / file).read_text("utf-8")
            (source / file).write_text(text_with(file, number), "utf-8")
            seen = noticed(source, by_line.get((file.as_posix(), line), ()), source.parent, alone)
            (source / file).write_text(whole, "utf-8")
            copies.put(source)
            if not seen:
                print(f"没有发现：{file}:{line}", flush=True)
            return seen

        with ThreadPoolExecutor(given.jobs) as pool:
            found = sum(pool.map(tried, chosen))
    print(
        f"共 {len(every)} 处可错，试了 {len(chosen)} 处，发现 {found} 处（{found / max(len(chosen), 1):.0%}）"
    )
    return 0 if found >= 0.85 * len(chosen) else 1


if __name__ == "__main__":
    sys.exit(main())
