"""The Python gate: its examples run, importing it is cheap, and what it hands out reads well."""

from __future__ import annotations

import doctest
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import jixiao
from jixiao.app import demo


def test_the_examples_run(book: Path) -> None:
    for library in ("pandas", "duckdb", "pyarrow"):
        pytest.importorskip(library)
    (book.parent / "评分簿").mkdir()
    shutil.copy(book, book.parent / "评分簿")
    sources = book.parent / "来源"
    sources.mkdir()
    for name in demo.SOURCES:
        shutil.copy(demo.specimen_folder() / name, sources / name)
    before = book.read_bytes()
    assert {name for name in jixiao.__all__ if callable(getattr(jixiao, name))} >= {"score", "verify"}
    finder = doctest.DocTestFinder(recurse=True)
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    tests = [test for test in finder.find(jixiao, "jixiao") if test.examples]
    for test in sorted(tests, key=lambda test: test.lineno or 0):
        test.globs["jixiao"] = jixiao
        runner.run(test)
    assert len(tests) == 14 and runner.summarize(verbose=False).failed == 0
    assert book.read_bytes() == before  # scoring from Python does not write


def test_every_public_name_is_there_and_documented() -> None:
    for name in jixiao.__all__:
        value = getattr(jixiao, name)
        assert isinstance(value, str) or value.__doc__, name
    with pytest.raises(AttributeError):
        # an ignore that is not needed fails `make check`: a checker of types must know that the name is not there
        jixiao.nothing  # type: ignore[attr-defined]  # noqa: B018 - the access is the test


def test_a_room_of_the_same_name_does_not_hide_the_function() -> None:
    import jixiao.verify.proof  # binds jixiao.verify, in any other package

    assert callable(jixiao.verify)


def test_importing_costs_nothing() -> None:
    script = "import sys, typing, __future__; old = set(sys.modules); import jixiao; print(*sorted(set(sys.modules) - old))"
    done = subprocess.run(
        [sys.executable, "-c", script], env=dict(os.environ), capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["jixiao"]


def test_what_comes_back_reads_well(book: Path) -> None:
    facts, findings = jixiao.read(book), jixiao.check(book)
    assert repr(facts).startswith(f"<FactSet {len(facts)} facts from ") and "年度支出决算数 = 139.4" in repr(
        facts
    )
    assert repr(findings).startswith(f"<Findings {len(findings)}>") and "[J223]" in repr(findings)
    assert len(facts.to_frame()) == len(facts) and set(facts.to_frame()["unit"]) >= {"万元", "人"}
    assert list(findings.to_frame().columns) == ["code", "level", "message", "advice", "place"]


def test_without_pandas_a_table_says_what_to_install(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    for made in (jixiao.score(book), jixiao.check(book), jixiao.read(book)):
        with pytest.raises(jixiao.UsageStop, match=r"pip install jixiao\[frame\]"):
            made.to_frame()


STOPS = {"UsageStop": 2, "Refused": 3, "Busy": 4, "LimitReached": 5, "CannotWrite": 6}


def test_what_stops_a_verb_can_be_caught_by_name(tmp_path: Path) -> None:
    assert {name: getattr(jixiao, name).exit_code for name in STOPS} == STOPS
    (tmp_path / "簿.xlsx").write_bytes(b"")
    with pytest.raises(jixiao.Refused):
        jixiao.score(tmp_path / "簿.xlsx")
    with pytest.raises(jixiao.UsageStop):
        jixiao.new("没有", tmp_path / "新.xlsx")
