"""Self-evaluation and review side by side."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

import jixiao
from jixiao import pipeline
from jixiao.audit import compare
from jixiao.master import open_scoring_book
from jixiao.model import UsageStop


@pytest.fixture(scope="module")
def own_book(suixi_book: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same workbook as its department scored it: one indicator better, one fact another."""
    folder = tmp_path_factory.mktemp("own")
    path = Path(shutil.copy(suixi_book, folder / "自评.xlsx"))
    book = open_scoring_book(path)
    for key, value in (("项目监管.核定分", Decimal(5)), ("非统一政策预算调整事项数", Decimal(1))):
        place = book.plan.places[key]
        book.sheet(place.sheet).set(place.ref, value)
    path.write_bytes(book.book.to_bytes())
    return path


def test_what_the_review_changed_is_listed_with_its_reason(own_book: Path, suixi_book: Path) -> None:
    made = compare(own_book, suixi_book)
    moved = [change for change in made.changes if change.difference]
    assert [(change.title, change.difference) for change in moved] == [("项目监管", Decimal(-1))]
    assert "检查底稿" in moved[0].why()
    assert [fact.line() for fact in made.facts] == ["非统一政策预算调整事项数由1件变为0件"]


def test_the_sentence_for_the_report(own_book: Path, suixi_book: Path) -> None:
    assert (
        compare(own_book, suixi_book).summary()
        == "自评83.27分，核查82.27分，核减1分，其中：预算执行情况核减1分（项目监管核减1分）。"
    )
    assert compare(suixi_book, suixi_book).summary() == "自评82.27分，核查82.27分，无增减。"


def test_the_json_of_a_comparison(own_book: Path, suixi_book: Path) -> None:
    data = compare(own_book, suixi_book).data()
    assert (data["before"]["total"], data["after"]["total"], data["difference"]) == (83.27, 82.27, -1)
    assert len(data["indicators"]) == 30
    assert [item["title"] for item in data["indicators"] if item["changed"]] == [
        "预算编制准确性",
        "项目监管",
    ]


def test_the_points_of_one_workbook_are_compared_with_what_was_awarded(
    suixi_book: Path, tmp_path: Path
) -> None:
    path = Path(shutil.copy(suixi_book, tmp_path / "评分簿.xlsx"))
    with pytest.raises(UsageStop) as stop:
        compare(path)
    assert stop.value.finding.code == "J778"
    pipeline.fill(path, [], own=True)
    assert compare(path).summary() == "自评82.27分，核查82.27分，无增减。"
    set_cells(path, {"项目监管.自评分": Decimal(5), "支出完成率.自评分": Decimal(7)})
    made = compare(path)
    moved = [change for change in made.changes if change.changed]
    assert [(change.title, change.difference) for change in moved] == [("项目监管", Decimal(-1))]
    assert "检查底稿" in moved[0].why()
    assert made.summary().startswith("自评83.27分，核查82.27分，核减1分，其中：")
    set_cells(path, {"项目监管.自评分": None})
    assert "自评已定78.27分（1项没有自评分），核查82.27分，不能比较总分；没有自评分或待核定：项目监管。" in (
        compare(path).summary()
    )


def set_cells(path: Path, values: dict[str, Decimal | None]) -> None:
    book = open_scoring_book(path)
    for key, value in values.items():
        place = book.plan.places[key]
        book.sheet(place.sheet).set(place.ref, value)
    path.write_bytes(book.book.to_bytes())


def test_other_rubrics_are_refused_and_other_years_noted(
    suixi_book: Path, changli_book: Path, tmp_path: Path
) -> None:
    with pytest.raises(UsageStop) as stop:
        compare(suixi_book, changli_book)
    assert stop.value.finding.code == "J770"
    other = jixiao.new("suixi-2022", tmp_path / "空.xlsx", year="2023")
    assert [finding.code for finding in compare(suixi_book, other).findings] == ["J771"]


@pytest.mark.parametrize(
    ("unit", "refused"),
    [("某县教育局", True), ("遂溪县招商局（本级）", False), ("遂溪县 招商局", False), ("", False)],
)
def test_another_unit_is_refused(suixi_book: Path, tmp_path: Path, unit: str, refused: bool) -> None:
    other = jixiao.new("suixi-2022", tmp_path / "空.xlsx", unit=unit, year="2022")
    if refused:
        with pytest.raises(UsageStop) as stop:
            compare(other, suixi_book)
        assert stop.value.finding.code == "J777" and "某县教育局" in stop.value.finding.message
    else:
        assert len(compare(other, suixi_book).findings) == 0


def test_an_empty_workbook_has_reasons_too(suixi_book: Path, tmp_path: Path) -> None:
    empty = jixiao.new("suixi-2022", tmp_path / "空.xlsx")
    made = compare(empty, suixi_book)
    assert all(change.why() for change in made.changes if change.changed)
    assert made.summary().startswith(
        "自评已定0.00分（30项待核定），核查82.27分，不能比较总分；待核定：预算编制合理性、"
    )


def test_open_points_are_not_zero(own_book: Path, suixi_book: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(suixi_book, tmp_path / "未完.xlsx"))
    book = open_scoring_book(path)
    for key in ("财务合规性.核定分", "财务合规性.核定理由"):
        place = book.plan.places[key]
        book.sheet(place.sheet).set(place.ref, None)
    path.write_bytes(book.book.to_bytes())
    made = compare(own_book, path)
    open_one = next(change for change in made.changes if change.title == "财务合规性")
    assert open_one.pending and open_one.difference == 0 and open_one.data()["difference"] is None
    text = made.summary()
    assert "不能比较总分；待核定：财务合规性。" in text and "1项待核定" in text
    assert "财务合规性核" not in text and text.endswith(
        "其余指标中，预算执行情况核减1分（项目监管核减1分）。"
    )
    data = made.data()
    assert (data["difference"], data["pending"], data["after"]["pending"]) == (None, ["财务合规性"], 1)
