"""A facts file never writes over what a reviewer typed; its own earlier values it may correct."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from jixiao import pipeline
from jixiao.master import open_scoring_book
from jixiao.model import CONFIRMED, NONE_HAPPENED, UsageStop, Value


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


COUNTS = ("非统一政策预算调整事项数", "受表彰工作项数", "被问责问题数")


@pytest.mark.parametrize(
    ("none", "expected", "waiting"),
    [
        ((), (None, None, None), "、".join(COUNTS)),
        (("受表彰工作项数",), (None, 0, None), "非统一政策预算调整事项数、被问责问题数"),
        (("全部",), (0, 0, 0), ""),
    ],
)
def test_counts_are_0_only_where_a_person_confirms_them(
    book: Path, none: tuple[str, ...], expected: tuple[Value, ...], waiting: str
) -> None:
    card = pipeline.fill(book, [], none=none).card
    assert card is not None
    entries = open_scoring_book(book).entries
    assert tuple(entries[name] for name in COUNTS) == expected
    assert [dict(one.args)["names"] for one in card.findings if one.code == "J412"] == (
        [waiting] if waiting else []
    )


def test_one_choice_in_the_sheet_confirms_every_count_without_a_number(book: Path) -> None:
    typed(book, NONE_HAPPENED, CONFIRMED)
    typed(book, "受表彰工作项数", Decimal(2))
    card = pipeline.score(book)
    assert card["工作表现加减分"].points == 2
    assert "受表彰工作项数2件，被问责问题数确认为0件，得2分" in card["工作表现加减分"].explanation
    assert "J412" not in {finding.code for finding in card.findings}
    assert {finding.code for finding in pipeline.check(book)[1]}.isdisjoint({"J412", "J226"})


def test_a_count_that_was_entered_is_not_confirmed_away(book: Path) -> None:
    typed(book, "受表彰工作项数", Decimal(2))
    done = pipeline.fill(book, [], none=["受表彰工作项数", "被问责问题数"])
    assert [finding.code for finding in done.findings].count("J570") == 1
    entries = open_scoring_book(book).entries
    assert (entries["受表彰工作项数"], entries["被问责问题数"]) == (2, 0)


def test_what_cannot_be_confirmed_is_refused_with_the_nearest_name(book: Path) -> None:
    before = book.read_bytes()
    with pytest.raises(UsageStop, match="受表彰工作项数"):
        pipeline.fill(book, [], none=["受表彰工作数"])
    with pytest.raises(UsageStop):
        pipeline.fill(book, [], none=["收入决算数"])
    assert book.read_bytes() == before
