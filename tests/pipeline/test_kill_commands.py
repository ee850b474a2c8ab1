"""kill -9 at any moment of fill and score: the old workbook or the new one, whole, and the next run succeeds.

JIXIAO_KILLS sets the number of kills (``make kill``: 300).
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from jixiao import pipeline
from jixiao.master import open_scoring_book
from jixiao.office import check_package

pytestmark = pytest.mark.skipif(os.name != "posix", reason="SIGKILL is a POSIX signal")
SPECIMENS = Path(__file__).parents[2] / "workbooks" / "specimens" / "suixi-2022"
KILLS = int(os.environ.get("JIXIAO_KILLS", "12"))
FILL = (
    "import sys; from pathlib import Path; from jixiao import pipeline; print('ready', flush=True);"
    "pipeline.fill(Path(sys.argv[1]), [Path(a) for a in sys.argv[2:-1]], facts_file=Path(sys.argv[-1]))"
)
SCORE = (
    "import sys; from pathlib import Path; from jixiao import pipeline; print('ready', flush=True);"
    "pipeline.score(Path(sys.argv[1]))"
)


def start(code: str, *arguments: Path) -> subprocess.Popen[bytes]:
    child = subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)], stdout=subprocess.PIPE, start_new_session=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"ready\n"
    return child


def end(child: subprocess.Popen[bytes]) -> None:
    child.kill()
    child.wait()
    if child.stdout is not None:
        child.stdout.close()


def whole(path: Path, old: bytes) -> bool:
    """Whether the workbook is the old one; a new one must open, be complete and score."""
    data = path.read_bytes()
    check_package(data)
    book = open_scoring_book(path)
    assert len(book.entries) > 0
    return data == old


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "评分簿.xlsx"
    pipeline.new("suixi-2022", path)
    return path


def spent(code: str, *arguments: Path) -> float:
    """Seconds that an undisturbed run takes after it is ready."""
    child = start(code, *arguments)
    began = time.monotonic()
    child.wait()
    end(child)
    return time.monotonic() - began


def test_fill_killed_at_any_moment(book: Path) -> None:
    old = book.read_bytes()
    arguments = (SPECIMENS / "决算报表.xlsx", SPECIMENS / "预算批复.xlsx", SPECIMENS / "judgements.yaml")
    whole_run = spent(FILL, book, *arguments)
    outcomes = []
    chance = random.Random(20221231)
    for number in range(KILLS):
        book.write_bytes(old)
        child = start(FILL, book, *arguments)
        # half over the whole run, half around its end, where the file is written
        low = 0.0 if number % 2 else 0.8
        time.sleep(whole_run * chance.uniform(low, 1.05))
        end(child)
        outcomes.append(whole(book, old))
    pipeline.fill(book, list(arguments[:-1]), facts_file=arguments[-1])
    assert not whole(book, old)
    assert len(outcomes) == KILLS


def test_score_killed_at_any_moment(book: Path) -> None:
    from decimal import Decimal

    filled = open_scoring_book(book)
    place = filled.plan.places["年度支出决算数"]
    filled.sheet(place.sheet).set(place.ref, Decimal(90))
    budget = filled.plan.places["财政下达预算数"]
    filled.sheet(budget.sheet).set(budget.ref, Decimal(100))
    old = filled.book.to_bytes()
    book.write_bytes(old)
    whole_run = spent(SCORE, book)
    chance = random.Random(59)
    for number in range(KILLS):
        book.write_bytes(old)
        child = start(SCORE, book)
        time.sleep(whole_run * chance.uniform(0.0 if number % 2 else 0.7, 1.05))
        end(child)
        whole(book, old)
    book.write_bytes(old)
    assert pipeline.score(book)["支出完成率"].points == 3
    assert not whole(book, old)
