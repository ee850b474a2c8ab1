"""Next year's workbook from this year's: what is carried, what is not, and that it is proved like any other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from jixiao.master import open_scoring_book
from jixiao.scoring import REVIEWER, UNIT, YEAR, Keys

FACTS = """
unit: 例县招商局
year: "2022"
facts: {本年末国库集中支付存量资金: 12.34, 三公经费决算数: 2.24}
verdicts: {目标科学性_1: {verdict: 是}}
texts: {部门职能: 负责招商引资, 总体评价: 全年完成较好}
"""


@pytest.fixture
def last(tmp_path: Path, run: Any) -> Path:
    book, facts = tmp_path / "今年.xlsx", tmp_path / "数.yaml"
    facts.write_text(FACTS, "utf-8")
    assert run("new", "suixi-2022", "-o", book, "--unit", "例县招商局", "--year", "2022").code == 0
    assert run("fill", book, "--facts", facts).code == 0
    return book


def test_what_lasts_goes_over_and_what_was_judged_stays(last: Path, tmp_path: Path, run: Any) -> None:
    book = tmp_path / "明年.xlsx"
    ran = run("new", "--from", last, "-o", book)
    assert ran.code == 0
    said = "".join(ran.out.split())
    assert "沿用到2023年度：单位、部门职能职责、上年末国库集中支付存量资金" in said
    assert "没有沿用的：上年的判定、核定分、理由、目标和项目各行、总体评价" in said
    before, made = open_scoring_book(last), open_scoring_book(book)
    assert made.rubric.id == before.rubric.id
    assert [made.entries.get(key) for key in (UNIT, YEAR)] == ["例县招商局", "2023"]
    name = "上年末国库集中支付存量资金"
    assert made.entries[name] == before.entries["本年末国库集中支付存量资金"]
    seal = made.sealed()[name]
    place = before.plan.places["本年末国库集中支付存量资金"]
    assert (seal.source.file, seal.source.sheet, seal.source.cell) == ("今年.xlsx", place.sheet, place.ref)
    assert (
        made.entries.get("三公经费决算数") is None and made.entries.get("本年末国库集中支付存量资金") is None
    )
    judged = Keys("目标科学性_1").verdict
    assert before.entries.get(judged) and made.entries.get(judged) is None
    texts = {need.key: made.entries.get(need.entry) for need in made.rubric.texts}
    assert (texts["部门职能"], texts["总体评价"]) == ("负责招商引资", None)
    assert run("verify", book).code == 0


def test_another_rubric_and_year_may_be_named(last: Path, tmp_path: Path, run: Any) -> None:
    book = tmp_path / "后年.xlsx"
    assert run("new", "whole-2013", "--from", last, "-o", book, "--year", "2024").code == 0
    made = open_scoring_book(book)
    assert (made.rubric.id, made.entries[YEAR]) == ("whole-2013", "2024")
    assert made.entries.get(REVIEWER) is None


@pytest.mark.parametrize(
    ("words", "code", "line"),
    [
        (("--year", "2022"), 2, "不是 2022 年度的上年"),
        (("--unit", "别的局"), 2, "不是“别的局”的"),
        (("没有这张表",), 2, "没有编号为"),
    ],
)
def test_what_does_not_follow_is_refused(
    words: tuple[str, ...], code: int, line: str, last: Path, tmp_path: Path, run: Any
) -> None:
    ran = run("new", *words, "--from", last, "-o", tmp_path / "x.xlsx")
    assert (ran.code, line in ran.line) == (code, True), ran.line
    assert not (tmp_path / "x.xlsx").exists()


def test_a_rubric_or_a_workbook_is_needed(tmp_path: Path, run: Any) -> None:
    ran = run("new", "-o", tmp_path / "x.xlsx")
    assert ran.code == 2 and "评分表" in ran.line
    other = tmp_path / "别的.csv"
    other.write_text("a,b\n", "utf-8")
    assert run("new", "--from", other, "-o", tmp_path / "x.xlsx").code in (2, 3)
