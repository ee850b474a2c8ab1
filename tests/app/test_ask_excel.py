"""What no answer of Excel is known of is put to an Excel, and what comes back is held against what we say."""

from __future__ import annotations

import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from jixiao.office import ErrorText, find_office, open_workbook, split_ref
from jixiao.verify import ASKED, FIRST
from tests.verify import shapes


@pytest.fixture
def asked(run: Any, tmp_path: Path) -> Path:
    """The workbook as it is sent out."""
    path = tmp_path / "请Excel回答.xlsx"
    ran = run("verify", "--ask-excel", "-o", path)
    assert (ran.code, ran.err) == (0, "") and "--answers 请Excel回答.xlsx" in ran.out
    return path


def answered(path: Path, others: dict[int, Any] | None = None) -> Path:
    """The workbook as an Excel would save it: every answer is the value that stands beside, but for ``others`` by row."""
    book = open_workbook(path.read_bytes())
    sheet = book.sheet(ASKED)
    for row, value in (held(path) | (others or {})).items():
        text = isinstance(value, str) and value.startswith("#")
        sheet.set(f"C{row}", ErrorText(value) if text else value)
    path.write_bytes(book.to_bytes())
    return path


def held(path: Path) -> dict[int, Any]:
    """What we hold, by row."""
    sheet = open_workbook(path.read_bytes()).sheet(ASKED)
    rows = [split_ref(cell.ref)[0] for cell in sheet.cells() if cell.ref.startswith("B")]
    return {row: sheet.get(f"D{row}").value for row in rows if row >= FIRST}  # type: ignore[union-attr]


def test_what_agrees_is_closed_and_asked_no_more(asked: Path, run: Any) -> None:
    rows = held(asked)
    ran = run("verify", "--answers", answered(asked), "--format", "json")
    assert (ran.code, ran.data["findings"], ran.data["asked"]) == (0, [], len(rows))
    closed = {shapes.key(formula, shapes.content) for formula in ran.data["closed"]}
    assert len(closed) == len(rows) and shapes.returned(asked.parent) == closed


def test_a_wrong_answer_is_named_with_what_the_others_give(asked: Path, run: Any) -> None:
    rows = held(asked)
    number = next(row for row, value in rows.items() if isinstance(value, Decimal))
    error = next(row for row, value in rows.items() if value == "#DIV/0!")
    truth = next(row for row, value in rows.items() if value is True)
    ran = run(
        "verify", "--answers", answered(asked, {number: Decimal("0.5"), error: Decimal(0), truth: "TRUE"})
    )
    assert ran.code == 1 and f"可以销去 {len(rows) - 3} 项" in ran.out
    lines = [line for line in ran.out.replace("\n  ", "").splitlines() if "J673" in line]
    assert len(lines) == 3
    assert all(f"C{row}" in text for row, text in zip(sorted((number, error, truth)), lines, strict=True))
    assert all(name in ran.out for name in ("本软件得", "formualizer得", "cellrune得"))


def test_what_was_not_calculated_is_told_and_closes_nothing(asked: Path, run: Any) -> None:
    ran = run("verify", "--answers", asked, "--format", "json")
    assert ran.code == 1 and ran.data["closed"] == []
    assert [finding["code"] for finding in ran.data["findings"]] == ["J672"]


RECALCULATES = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


@pytest.mark.skipif(find_office() is None, reason="LibreOffice not installed")
def test_the_answers_of_another_program_are_compared_and_close_nothing(
    asked: Path, run: Any, tmp_path: Path
) -> None:
    out, settings = tmp_path / "另存", tmp_path / "profile" / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(RECALCULATES, "utf-8")
    command = [str(find_office()), f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", "xlsx", "--outdir", str(out), str(asked)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    ran = run("verify", "--answers", out / asked.name, "--format", "json")
    assert "LibreOffice" in ran.data["program"] and ran.data["closed"] == []
    codes = [finding["code"] for finding in ran.data["findings"]]
    assert set(codes) == {"J673", "J674"} and codes.count("J673") < ran.data["asked"] / 10


def test_another_workbook_is_refused_and_so_are_other_questions(
    asked: Path, run: Any, tmp_path: Path
) -> None:
    book = tmp_path / "评分簿.xlsx"
    run("new", "suixi-2022", "-o", book)
    ran = run("verify", "--answers", book)
    assert ran.code == 3 and "J670" in ran.line
    changed = open_workbook(asked.read_bytes())
    changed.sheet(ASKED).set(f"C{FIRST}", Decimal(1), formula="1+1")
    asked.write_bytes(changed.to_bytes())
    ran = run("verify", "--answers", asked)
    assert ran.code == 3 and "J671" in ran.line


@pytest.mark.parametrize(
    "words",
    [("--ask-excel",), ("甲.xlsx", "--answers", "乙.xlsx"), ("--ask-excel", "--answers", "甲.xlsx"),
     ("--answers", "甲.xlsx", "-o", "乙.xlsx")],
)  # fmt: skip
def test_options_that_do_not_go_together(words: tuple[str, ...], run: Any) -> None:
    ran = run("verify", *words)
    assert ran.code == 2 and "J829" in ran.line


def test_verify_wants_a_workbook(run: Any) -> None:
    ran = run("verify")
    assert ran.code == 2 and "J810" in ran.line
