"""Two writers at once, and a kill at any moment: the old or the new file, whole, and the retry succeeds."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from decimal import Decimal
from pathlib import Path

import pytest

from jixiao.model import Busy
from jixiao.office import load, save_over
from tests.office import saving_child
from tests.office.save_helpers import POSIX, beside, code, counts, workbook

KILLS = int(os.environ.get("JIXIAO_KILLS", "25"))


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "评分簿.xlsx"
    path.write_bytes(workbook())
    return path


@POSIX
@pytest.mark.parametrize(
    ("lock", "number"),
    [
        ("fcntl.flock(file, fcntl.LOCK_EX)", "J553"),
        ("fcntl.lockf(file, fcntl.LOCK_EX)", "J569"),
        ("fcntl.lockf(file, fcntl.LOCK_SH)", "J569"),
        ("fcntl.lockf(file, fcntl.LOCK_EX, 1, 1 << 30)", "J569"),
    ],
)
def test_a_second_process_is_told_to_wait(book: Path, lock: str, number: str) -> None:
    code_text = (
        "import fcntl, sys, time\n"
        "with open(sys.argv[1], 'r+b') as file:\n"
        f"    {lock}\n"
        "    print('held', flush=True); time.sleep(30)"
    )
    holder = subprocess.Popen([sys.executable, "-c", code_text, str(book)], stdout=subprocess.PIPE)
    try:
        assert holder.stdout is not None and holder.stdout.readline() == b"held\n"
        with pytest.raises(Busy) as stop:
            save_over(book, workbook(1), load(book)[1])
        assert code(stop) in ((number, 4), ("J553", 4))
    finally:
        holder.kill()
        holder.wait()
        if holder.stdout is not None:
            holder.stdout.close()
    save_over(book, workbook(1), load(book)[1])


def test_of_many_writers_one_wins(book: Path) -> None:
    data, fingerprint = load(book)
    results: list[str] = []

    def run(number: int) -> None:
        try:
            save_over(book, workbook(number), fingerprint)
            results.append("saved")
        except Busy:
            results.append("busy")

    threads = [threading.Thread(target=run, args=(number,)) for number in range(1, 7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["busy"] * 5 + ["saved"]
    assert book.read_bytes() != data
    save_over(book, workbook(9), load(book)[1])


def kill_while_saving(book: Path, wait: float, *, from_first_change: bool) -> None:
    """Start the child, kill it ``wait`` seconds after it is ready or after the folder first changes."""
    command = [sys.executable, saving_child.__file__, str(book), "4"]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True)
    assert child.stdout is not None
    child.stdout.readline()
    if from_first_change:
        before, deadline = beside(book), time.monotonic() + 5
        while beside(book) == before and time.monotonic() < deadline and child.poll() is None:
            pass
    time.sleep(wait)
    child.kill()
    child.wait()
    child.stdout.close()


@POSIX
def test_a_kill_leaves_the_old_or_the_new_file_whole(tmp_path: Path) -> None:
    """SIGKILL at random moments; JIXIAO_KILLS sets how often. Half of them just after the folder changes."""
    book, chance = tmp_path / "评分簿.xlsx", random.Random(20221231)
    book.write_bytes(workbook(300_000))
    last = Decimal(0)
    for number in range(KILLS):
        kill_while_saving(book, chance.random() * 0.06, from_first_change=number % 2 == 1)
        (count,) = counts(book.read_bytes())
        assert isinstance(count, Decimal)
        assert last <= count <= last + 4
        saving_child.once(str(book))  # the retry
        assert counts(book.read_bytes()) == {count + 1}
        assert not [name for name in beside(book) if name.endswith(".part")]
        assert len([name for name in beside(book) if ".bak." in name]) <= 3
        last = count + 1
