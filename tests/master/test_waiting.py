"""待填: the facts in the order in which one gathers them; what is typed there goes into 取数 with its source, by every door."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from jixiao import pipeline
from jixiao.app import main
from jixiao.master import gaps, open_scoring_book
from jixiao.model import Found, Value
from jixiao.office import save_over
from jixiao.scoring import Keys


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return pipeline.new("suixi-2022", tmp_path / "簿.xlsx")


def typed(path: Path, **given: tuple[Value, str] | Value) -> None:
    """Type into 填写 and 来源 of some facts, as a person does."""
    book = open_scoring_book(path)
    for name, told in given.items():
        value, source = told if isinstance(told, tuple) else (told, "")
        for key, text in ((Keys(name).typed, value), (Keys(name).typed_from, source)):
            place = book.plan.places[key]
            book.sheet(place.sheet).set(place.ref, None if text == "" else text)
    save_over(path, book.to_bytes(), book.fingerprint)


def fact(path: Path, name: str) -> tuple[Value, str, str]:
    """Value, how it was found, document."""
    book = open_scoring_book(path)
    seal = book.sealed().get(name)
    found = seal.source.found.value if seal else ""
    return book.entries.get(name), found, seal.source.document if seal else ""


def test_the_order_is_that_of_the_documents_and_what_no_document_tells_comes_last(book: Path) -> None:
    first = [need.documents[0] if need.documents else "" for need, _, _ in gaps(open_scoring_book(book))]
    runs = [document for n, document in enumerate(first) if n == 0 or document != first[n - 1]]
    assert len(runs) == len(set(runs))
    assert runs[-1] == ""


def test_period_unit_and_optional_facts(book: Path) -> None:
    told = {one.need.concept.name: one for one in gaps(open_scoring_book(book))}
    assert told["年初财政拨款结转和结余"].period == "本年年初"
    assert told["年度支出决算数"].period == "本年度"
    assert told["受表彰工作项数"].event
    assert "收入全年预算数" not in told  # counts only where it is entered


@pytest.mark.parametrize(
    ("name", "value", "taken"),
    [
        ("年度支出决算数", Decimal("139.4"), Decimal("139.4")),
        ("年度支出决算数", "15万元", Decimal(15)),
        ("年度支出决算数", "150000元", Decimal(15)),
        ("年度支出决算数", "不适用", "不适用"),
        ("编制人数", Decimal(0), Decimal(0)),
        ("一般性转移支付提前下达比例", "92.5%", Decimal("0.925")),
        ("自评材料报送日期", "2023-04-28", Decimal(45044)),
    ],
)
def test_what_is_typed_becomes_the_fact_with_its_source(
    book: Path, name: str, value: Value, taken: Value
) -> None:
    typed(book, **{name: (value, "财务科台账")})
    pipeline.score(book)
    assert fact(book, name) == (taken, Found.TYPED.value, "财务科台账")
    assert not pipeline.typed(open_scoring_book(book))
    assert not pipeline.verify([book])[0].findings.errors
    assert not pipeline.score(book).changes  # its source is told, it is no change behind anybody's back


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("年度支出决算数", "三元钱"),
        ("编制人数", "15万元"),
        ("满意度得分", "95%"),
        ("自评材料报送日期", "春天"),
    ],
)
def test_what_is_no_figure_of_the_unit_stays_and_is_said(book: Path, name: str, value: str) -> None:
    typed(book, **{name: value})
    said = [finding for finding in pipeline.score(book).findings if finding.code == "J599"]
    assert [finding.sources[0].sheet for finding in said] == ["待填"]
    assert open_scoring_book(book).entries[Keys(name).typed] == value
    assert fact(book, name)[0] is None


def test_a_second_round_keeps_the_first_and_replaces_what_is_typed_again(book: Path) -> None:
    typed(book, 年度支出决算数=Decimal(1), 编制人数=Decimal(3))
    pipeline.score(book)
    typed(book, 年度支出决算数=Decimal(2))
    pipeline.score(book)
    assert fact(book, "年度支出决算数")[0] == 2
    assert fact(book, "编制人数")[0] == 3


def test_a_document_brought_in_later_goes_before_what_was_typed(tmp_path: Path) -> None:
    from jixiao.app import demo

    case = demo.specimen_folder()
    book = pipeline.new("suixi-2022", tmp_path / "簿.xlsx")
    typed(book, 固定资产原值=Decimal(1))
    pipeline.fill(book, [case / "资产报表.xls"])
    assert fact(book, "固定资产原值")[1] == Found.LABEL.value
    typed(book, 固定资产原值=Decimal(1))
    done = pipeline.fill(book, [])
    assert fact(book, "固定资产原值")[1] == Found.LABEL.value
    assert done.findings is not None


def test_typing_does_not_touch_judgements_of_a_facts_file(tmp_path: Path) -> None:
    from jixiao.app import demo

    case = demo.specimen_folder()
    book = pipeline.new("suixi-2022", tmp_path / "簿.xlsx")
    pipeline.fill(book, [case / name for name in demo.SOURCES], facts_file=case / demo.JUDGEMENTS)
    before = dict(open_scoring_book(book).entries)
    typed(book, 满意度得分=Decimal(0))
    pipeline.score(book)
    after = open_scoring_book(book).entries
    assert {key for key in after if before.get(key) != after[key]} == {"满意度得分"}


def test_a_workbook_without_the_sheet_is_scored_all_the_same(book: Path) -> None:
    data = open_scoring_book(book)
    gone = data.plan.without("待填")
    assert "待填" not in gone.sheets
    assert all(place.sheet != "待填" for place in gone.places.values())


def test_the_terminal_asks_in_the_same_order(
    book: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines: Any = iter(["12.5", "批复", "b", "13", "批复", "乱写", "", "q"])
    monkeypatch.setattr("builtins.input", lambda _="": next(lines))
    names = [one.need.concept.name for one in gaps(open_scoring_book(book))]
    assert main(["fill", str(book), "--ask"]) == 0
    out = capsys.readouterr().out
    assert f"1/{len(names)}｜{names[0]}（万元，本年度）" in out
    assert "用不上" in out
    assert fact(book, names[0]) == (Decimal(13), Found.TYPED.value, "批复")
    assert fact(book, names[1])[0] is None


def test_what_was_typed_before_an_interrupt_is_kept(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines: Any = iter(["7", ""])

    def read(_: str = "") -> str:
        line = next(lines, None)
        if line is None:
            raise KeyboardInterrupt
        return str(line)

    monkeypatch.setattr("builtins.input", read)
    name = gaps(open_scoring_book(book))[0].need.concept.name
    assert main(["fill", str(book), "--ask"]) == 0
    assert fact(book, name)[0] == 7
