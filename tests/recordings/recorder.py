"""What the product does, through its doors only: a case is a list of steps, its recording the text that they leave.

A step is a command line as a user types it after ``jixiao``, or a mapping with one key:

    show: FILE          what a file holds, as text (workbook, Word file, text); ``sheets``: those in full, the others
                        by a digest
    brief: COMMAND      a command whose output is long and told elsewhere: a digest of it
    facts: [FILE, …]    the facts, records and findings that the intake reads, each with its place; ``short``: true
                        leaves out what proves the place
    parse: FILE         every criteria sentence of a file of the test data, one line each

``JIXIAO_RECORD=1`` (``make recordings``) writes the recordings instead of comparing. A recorded text never holds a
time, a version or a path of this machine.
"""

from __future__ import annotations

import contextlib
import difflib
import io
import json
import os
import re
import runpy
import shlex
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import yaml

from tests.recordings.dumps import KEPT, ROOT, dump, json_text, steady, whole

HERE = Path(__file__).parent
RECORDED = HERE / "recorded"
FULL = ROOT / "build" / "recordings"  # what a digest stands for, written where it differs
RECORDING = os.environ.get("JIXIAO_RECORD") == "1"
SHOWN = 60  # lines of a difference


class DifferenceError(AssertionError):
    """A recording is not what the product does now."""


@dataclass(frozen=True)
class Ran:
    """What a command left."""

    code: int
    out: str
    err: str


def run(words: list[str]) -> Ran:
    """``jixiao WORDS`` in this process, by the module that ``python -m`` starts, on a terminal of 100 columns."""
    out, err = io.StringIO(), io.StringIO()
    code: object = 0
    with (
        mock.patch.object(sys, "argv", ["jixiao", *words]),
        mock.patch.dict(os.environ, {"COLUMNS": "100"}),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        warnings.catch_warnings(),
    ):
        try:
            runpy.run_module("jixiao", run_name="__main__")
        except SystemExit as stop:
            code = stop.code
    return Ran(code if isinstance(code, int) else 0, out.getvalue(), err.getvalue())


def record(steps: list[Any], folder: Path) -> str:
    """The text that the steps leave, run one after the other in a folder."""
    KEPT.clear()
    with contextlib.chdir(folder):
        return steady("\n".join(_step(step) for step in steps))


def _step(step: Any) -> str:
    if isinstance(step, str):
        return "\n".join(_command(step))
    if "show" in step:
        if not Path(step["show"]).exists():
            return f"# {step['show']}: none"
        return f"# {step['show']}\n{dump(Path(step['show']), step.get('sheets'))}"
    if "brief" in step:
        head, *text = _command(step["brief"])
        return f"{head}\n{whole(head, text)}"
    if "facts" in step:
        from tests.recordings.readings import reading_text

        files = [Path(name) for name in step["facts"]]
        return f"# facts {' '.join(step['facts'])}\n{reading_text(files, short=step.get('short', False))}"
    if "parse" in step:
        return "\n".join(_sentences(ROOT / step["parse"]))
    raise ValueError(f"no such step: {step}")


def _command(line: str) -> Iterator[str]:
    ran = run(shlex.split(line))
    yield f"$ jixiao {line}"
    text = ran.out
    if text[:1] in "{[" and text:
        text = json_text(text)
    yield from text.splitlines()
    yield from (f"! {told}" for told in ran.err.splitlines())
    if ran.code:
        yield f"= {ran.code}"


def _sentences(file: Path) -> Iterator[str]:
    for family, bodies in yaml.safe_load(file.read_text("utf-8")).items():
        yield f"# {family}"
        for body in bodies:
            if "full" not in body:
                continue
            values = [word for value in body.get("at", {}) for word in ("--at", str(value))]
            ran = run(["rubric", "parse", str(body["text"]), "--full", str(body["full"]), *values, "--json"])
            read = json.loads(ran.out)
            rule = {key: value for key, value in (read["parameters"] or {}).items() if key != "kind"}
            yield f"{_short(body['text'])} {body['full']}"
            yield f"    {'' if read['understood'] else 'asked '}{read['kind']} {_short(rule)} {_short(read['points'])}"
            told = [f"= {read['sentence']}" if read["sentence"] else ""]
            told += [f"? {text}" for text in read["questions"]] + [f"! {text}" for text in read["notes"]]
            yield from (f"    {text}" for text in told if text)


def _short(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def hold(name: str, text: str) -> None:
    """Compare a text with the recording of this name, or write it; DifferenceError with the lines that are not the same."""
    file = RECORDED / f"{name}.txt"
    if RECORDING:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
        return
    if not file.exists():
        raise DifferenceError(f"{name} has no recording; run: make recordings")
    kept = file.read_text("utf-8")
    if kept != text:
        lines = list(difflib.unified_diff(kept.splitlines(), text.splitlines(), "recorded", "now", "", "", 1))
        more = [f"… {len(lines) - SHOWN} more lines"] if len(lines) > SHOWN else []
        raise DifferenceError("\n".join([f"{name}: not as recorded", *lines[:SHOWN], *more, *_kept(name)]))


def _kept(name: str) -> Iterator[str]:
    """Write out what the digests stand for, so that two checkouts can be compared; the folder, where there are any."""
    folder = FULL / name
    for title, text in KEPT.items():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{re.sub(r'[^0-9A-Za-z一-鿿.]+', '-', title)}.txt").write_text(text, "utf-8")
    if KEPT:
        yield f"what the digests stand for: {folder}"
