"""Small wrongs put into the code that scores, one at a time: do the tests notice? ``python -m tests.mutants [--sample N]``.

What lives on is printed with its place. A wrong that changes nothing that anybody can see lives on rightly.
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
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
# every place with the tests that notice most there, which go first
PLACES = {
    "model/expr": ("tests/model/expr", "tests/rubric/test_kinds.py"),
    "rubric/kinds": ("tests/rubric/test_kinds.py",),
    "scoring": ("tests/scoring",),
}
TESTS = ("tests/model/expr", "tests/rubric", "tests/scoring", "tests/conformance")
LONGER = 4  # a wrong may make the tests so many times slower before it counts as one that never ends
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
    """Every wrong: the file below src, the line, and which node of its tree."""
    for place in PLACES:
        for file in sorted((ROOT / "src" / "jixiao" / place).rglob("*.py")):
            for number, node in enumerate(ast.walk(ast.parse(file.read_text("utf-8")))):
                if wrong(copy.deepcopy(node)):
                    yield file.relative_to(ROOT / "src"), getattr(node, "lineno", 0), number


def text_with(file: Path, number: int) -> str:
    """The whole text of a file below src with that node made wrong."""
    tree = ast.parse((ROOT / "src" / file).read_text("utf-8"))
    wrong(next(itertools.islice(ast.walk(tree), number, None)))
    return ast.unparse(ast.fix_missing_locations(tree))


def noticed(source: Path, first: Sequence[str] = (), seconds: float | None = None) -> bool:
    """Whether a test fails with this copy of src."""
    env = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join((str(source), str(ROOT))),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    words = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *first, *TESTS]
    try:
        return (
            subprocess.run(
                words, cwd=ROOT, env=env, capture_output=True, check=False, timeout=seconds
            ).returncode
            != 0
        )
    except subprocess.TimeoutExpired:
        return True


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
        for number in range(given.jobs):
            skipped = shutil.ignore_patterns("__pycache__")
            copies.put(Path(shutil.copytree(ROOT / "src", Path(folder, str(number), "src"), ignore=skipped)))
        started = time.monotonic()
        first = copies.get()
        if noticed(first):
            print("测试本来就没有通过")
            return 2
        copies.put(first)
        seconds = LONGER * (time.monotonic() - started)

        def tried(one: tuple[Path, int, int]) -> bool:
            file, line, number = one
            source = copies.get()
            whole = (source / file).read_text("utf-8")
            (source / file).write_text(text_with(file, number), "utf-8")
            tests = next(tests for place, tests in PLACES.items() if f"/{place}/" in file.as_posix())
            seen = noticed(source, tests, seconds)
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
