"""What SECURITY.md promises, in figures: kills, changes, damaged input, hostile files. ``python -m tests.figures [--part N]``.

The figures are written into SECURITY.md with the version they are of. ``--part 10`` tries a tenth; how often is said there.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from jixiao import __version__

ROOT = Path(__file__).resolve().parents[1]
PAPER = ROOT / "SECURITY.md"
PLACE = re.compile(r"(?<=## 数字\n\n).*?(?=\n## )", re.DOTALL)


class Trial(NamedTuple):
    """Tests that try something ``times`` each, as often as the variable says; without one a test is one case."""

    title: str
    files: tuple[str, ...]
    only: str = ""
    variable: str = ""
    times: int = 1


KILLING = ("office/test_kill.py", "pipeline/test_kill_commands.py", "batch/test_running.py")
HOSTILE = (
    "office/test_guard.py",
    "audit/test_hostile_reports.py",
    "authoring/criteria/test_hostile.py",
    "app/test_wrong_input.py",
)
TRIALS = (
    Trial("保存途中强制结束", KILLING, "killed or leaves_the_old_or_the_new", "JIXIAO_KILLS", 300),
    Trial("随机改动评分簿", ("verify/test_tampering.py",), "random", "JIXIAO_EDITS", 500),
    Trial("损坏和拼凑的输入", ("fuzz",), "", "JIXIAO_FUZZ", 5000),
    Trial("故意做坏的文件和条文", HOSTILE),
)


def tried(trial: Trial, part: int) -> str:
    """One row: how often, how often not as promised, seconds of the longest test and of all, most memory of a process."""
    times = max(1, trial.times // part)
    env = {**os.environ, trial.variable: str(times)} if trial.variable else dict(os.environ)
    with tempfile.TemporaryDirectory() as folder:
        paper, began = Path(folder, "junit.xml"), time.monotonic()
        words = [sys.executable, "-m", "pytest", "-q", "-n0", "-o", "faulthandler_timeout=0"]
        words += [f"--junitxml={paper}", "-k", trial.only]
        words += [f"tests/{file}" for file in trial.files]
        done = subprocess.Popen(words, cwd=ROOT, env=env, stdout=subprocess.DEVNULL)
        _, _, spent = os.wait4(done.pid, 0)
        took = time.monotonic() - began
        cases = list(ElementTree.parse(paper).iter("testcase"))  # noqa: S314 - pytest wrote it
    ran = [case for case in cases if case.find("skipped") is None]
    wrong = [case for case in ran if {child.tag for child in case} & {"failure", "error"}]
    longest = max(float(case.get("time", 0)) for case in ran) / times
    memory = spent.ru_maxrss / 1024
    count = f"{len(ran) * times:,}"
    return f"| {trial.title} | {count} | {len(wrong)} | {longest:.2f} | {took:.0f} | {memory:.0f} |"


def main() -> int:
    """Try all and write the table; 1 where something was not as promised."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--part", type=int, default=1, metavar="N", help="try one in N")
    part = parser.parse_args().part
    rows = [tried(trial, part) for trial in TRIALS]
    head = (
        f"版本 {__version__}，{date.today().isoformat()}，Python {sys.version.split()[0]}，{os.cpu_count()} 个处理器。"  # noqa: DTZ011
        "内存是测试进程的最大值，连同测试自己的。\n\n"
        "| 试什么 | 次数 | 没有守住的测试 | 一次平均最长（秒） | 共用（秒） | 内存（MiB） |\n|---|---|---|---|---|---|\n"
    )
    PAPER.write_text(PLACE.sub(head + "\n".join(rows) + "\n", PAPER.read_text("utf-8")), "utf-8")
    sys.stdout.write(head + "\n".join(rows) + "\n")
    return int(any(row.split(" | ")[2] != "0" for row in rows))


if __name__ == "__main__":
    sys.exit(main())
