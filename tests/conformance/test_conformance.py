"""The open suite, held against jixiao as any other program is: nothing is wrong, and what is asked too much is declared."""

from __future__ import annotations

import json
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from conformance import run

SUITE = run.suite()
COMMAND = [sys.executable, "-m", "conformance.answers"]
DECLARED = frozenset((run.HERE / "deviations.txt").read_text("utf-8").splitlines())


@pytest.fixture(scope="module")
def verdicts() -> dict[str, tuple[str, list[str]]]:
    answers = run.ask(COMMAND, SUITE)
    return {case.name: run.judge(case, answer) for case, answer in zip(SUITE, answers, strict=True)}


def test_the_suite_is_wide_and_every_case_has_a_name_of_its_own() -> None:
    kinds = Counter(case.kind for case in SUITE)
    assert set(kinds) == set(run.KINDS) and kinds.total() > 2000 and min(kinds.values()) >= 8
    assert [name for name, count in Counter(case.name for case in SUITE).items() if count > 1] == []
    assert all(case.wanted for case in SUITE)


def test_nothing_is_wrong(verdicts: dict[str, tuple[str, list[str]]]) -> None:
    assert {name: told for name, (verdict, told) in verdicts.items() if verdict == run.WRONG} == {}


def test_what_is_asked_too_much_is_declared_and_nothing_else(
    verdicts: dict[str, tuple[str, list[str]]],
) -> None:
    assert {name for name, (verdict, _) in verdicts.items() if verdict == run.ASKED} == DECLARED


RIGHT = {"asked": False, "points": [3, 0, None]}
CASE = run.Case(
    "criteria",
    "甲",
    {},
    ((("asked",), False), (("points", 0), 3), (("points", 1), 0), (("points", 2), None)),
)


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (RIGHT, run.RIGHT),
        (RIGHT | {"points": [Decimal("3.00"), 0, "待核定"]}, run.RIGHT),
        (RIGHT | {"points": [None, 0, None]}, run.ASKED),
        (RIGHT | {"asked": True}, run.ASKED),
        (RIGHT | {"points": [2, 0, None]}, run.WRONG),
        (RIGHT | {"points": [3, 0, 1]}, run.WRONG),
        (RIGHT | {"points": [None, 1, None]}, run.WRONG),
        (RIGHT | {"points": [True, 0, None]}, run.WRONG),
        ({"points": []}, run.WRONG),
        (None, run.WRONG),
    ],
)
def test_an_answer_is_judged(answer: object, verdict: str) -> None:
    assert run.judge(CASE, answer)[0] == verdict


def test_not_asking_where_a_person_decides_is_wrong() -> None:
    case = run.Case("criteria", "乙", {}, ((("asked",), True),))
    assert [run.judge(case, {"asked": asked})[0] for asked in (True, False, None)] == [
        run.RIGHT,
        run.WRONG,
        run.WRONG,
    ]


def test_any_program_may_be_held_against_it(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    script = tmp_path / "别的程序.py"
    script.write_text(
        "import json, sys\nfor line in sys.stdin:\n    print(json.dumps({'points': [0] * 9, 'asked': False}))\n",
        "utf-8",
    )
    cases = [case for case in SUITE if case.kind == "criteria"][:50]
    code = run.report(cases, run.ask([sys.executable, str(script)], cases), frozenset())
    told = capfd.readouterr().out
    assert code == 1 and "不正确｜criteria" in told and "共 50 例" in told
    assert json.dumps(cases[0].request, ensure_ascii=False)


def test_a_program_that_says_nothing_is_wrong_everywhere() -> None:
    cases = SUITE[:3]
    answers = list(run.ask([sys.executable, "-c", "pass"], cases))
    assert answers == [None] * 3
