"""A facts file never writes over what a reviewer typed; its own earlier values it may correct."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from jixiao import pipeline
from jixiao.master import open_scoring_book
from jixiao.model import Value


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "评分簿.xlsx"
    pipeline.new("suixi-2022", path)
    return path


def typed(path: Path, key: str, value: Value) -> None:
    """As a person leaves it in the spreadsheet."""
    made = open_scoring_book(path)
    place = made.plan.places[key]
    made.sheet(place.sheet).set(place.ref, value)
    path.write_bytes(made.book.to_bytes())


def fill(path: Path, text: str) -> pipeline.FillResult:
    file = path.parent / "判定.yaml"
    file.write_text(text, "utf-8")
    return pipeline.fill(path, [], facts_file=file)


def test_typed_points_and_their_reason_stay(book: Path) -> None:
    typed(book, "财务合规性.核定分", Decimal(5))
    typed(book, "财务合规性.核定理由", "我的依据")
    done = fill(book, "awarded: {财务合规性: 4}")
    assert [finding.code for finding in done.findings].count("J570") == 1
    entries = open_scoring_book(book).entries
    assert (entries["财务合规性.核定分"], entries["财务合规性.核定理由"]) == (5, "我的依据")


def test_a_typed_verdict_stays(book: Path) -> None:
    typed(book, "项目监管_1.判定", "不符合")
    done = fill(book, "verdicts: {项目监管: {verdict: 符合, premise: 有}}")
    assert "J570" in {finding.code for finding in done.findings}
    entries = open_scoring_book(book).entries
    assert (entries["项目监管_1.判定"], entries["项目监管_1.前提"]) == ("不符合", "有")


def test_a_corrected_file_replaces_its_own_values(book: Path) -> None:
    fill(book, "awarded: {财务合规性: {value: 4, reason: 初稿}}")
    done = fill(book, "awarded: {财务合规性: {value: 4.5, reason: 定稿}}")
    assert "J570" not in {finding.code for finding in done.findings}
    entries = open_scoring_book(book).entries
    assert (entries["财务合规性.核定分"], entries["财务合规性.核定理由"]) == (Decimal("4.5"), "定稿")


def test_what_a_person_changed_after_a_fill_stays(book: Path) -> None:
    fill(book, "awarded: {财务合规性: {value: 4, reason: 初稿}}")
    typed(book, "财务合规性.核定分", Decimal(3))
    fill(book, "awarded: {财务合规性: {value: 4.5, reason: 定稿}}")
    entries = open_scoring_book(book).entries
    assert (entries["财务合规性.核定分"], entries["财务合规性.核定理由"]) == (3, "初稿")
