"""The review: 草稿 → 已复核 → 定稿 and back, who signed what, and what was changed afterwards, through the doors."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

import jixiao
from jixiao.app import main
from jixiao.master import ScoringBook, open_scoring_book
from jixiao.model import Refused, UsageStop
from jixiao.scoring import UNIT


def edit(path: Path, change: Callable[[ScoringBook], None]) -> None:
    """What somebody does in the spreadsheet and saves."""
    book = open_scoring_book(path)
    change(book)
    path.write_bytes(book.book.to_bytes())


def typed(key: str, value: Decimal | str | None) -> Callable[[ScoringBook], None]:
    """A content typed at the place of a key."""

    def change(book: ScoringBook) -> None:
        place = book.plan.places[key]
        book.sheet(place.sheet).set(place.ref, value, formula=None)

    return change


def at(sheet: str, ref: str, value: str) -> Callable[[ScoringBook], None]:
    """A content typed into a cell."""
    return lambda book: book.sheet(sheet).set(ref, value, formula=None)


def codes(path: Path) -> set[str]:
    """What of the review is found by ``score``, ``check`` and ``verify``, which must say the same."""
    doors = (
        jixiao.score(path).findings,
        jixiao.check(path),
        jixiao.verify(path, engines=["cellrune"])[0].findings,
    )
    said = [{one.code for one in findings if one.code.startswith("J66")} for findings in doors]
    assert said[0] == said[1] == said[2]
    return said[0]


@pytest.fixture
def final(workbook: Path) -> Path:
    """A workbook that 张三 reviewed and 李四 made final."""
    jixiao.review(workbook, who="张三")
    jixiao.review(workbook, "定稿", who="李四")
    return workbook


def test_a_draft_is_reviewed_made_final_and_taken_back(workbook: Path) -> None:
    assert jixiao.review(workbook).steps == []
    assert codes(workbook) == set()
    before = jixiao.seal(workbook)
    with pytest.raises(Refused, match="还没有复核"):
        jixiao.review(workbook, "定稿", who="李四")
    with pytest.raises(Refused, match="还是草稿"):
        jixiao.review(workbook, "草稿", who="李四", why="更正")
    jixiao.review(workbook, who="张三")
    (step, last) = jixiao.review(workbook, "定稿", who="李四").steps
    assert (step.state, step.who, last.state, last.who) == ("已复核", "张三", "定稿", "李四")
    assert step.seal == last.seal == before.short == jixiao.seal(workbook).short, (
        "signing changes nothing that is signed"
    )
    assert codes(workbook) == {"J661"}
    assert jixiao.verify(workbook)[0].proved
    with pytest.raises(UsageStop, match="理由"):
        jixiao.review(workbook, "草稿", who="李四")
    with pytest.raises(UsageStop, match="姓名"):
        jixiao.review(workbook, "草稿", why="更正")
    back = jixiao.review(workbook, "草稿", who="李四", why="支出决算数有误").steps[-1]
    assert back.said.startswith("退回草稿：李四，") and back.said.endswith("理由：支出决算数有误")
    cover = openpyxl.load_workbook(workbook)["封面"]
    assert (cover["B12"].value, cover["C12"].value.split("\n")[1]) == ("复核状态：", "理由：支出决算数有误")
    jixiao.score(workbook)


CHANGES: dict[str, tuple[Callable[[ScoringBook], None], str]] = {
    "a figure": (typed("编制人数", Decimal(16)), "数据与定稿时不同：“编制人数”15→16"),
    "a figure that moves points": (typed("年度支出决算数", Decimal(120)), "“总分”82.27→"),
    "awarded points": (typed("财务合规性.核定分", Decimal(5)), "“财务合规性.核定分”"),
    "a verdict's ground": (typed("财务合规性.核定理由", "另有理由"), "“财务合规性.核定理由”"),
    "the unit": (typed(UNIT, "另一局"), "→另一局"),
    "a printed word": (at("评分表", "H9", "另一种标准"), "印出与定稿时不同"),
    "points typed over their formula": (at("评分表", "J9", "5"), "印出与定稿时不同"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_was_changed_after_it_was_final_is_named(name: str, final: Path) -> None:
    change, said = CHANGES[name]
    edit(final, change)
    before = final.read_bytes()
    (found,) = [one for one in jixiao.score(final).findings if one.code == "J662"]
    assert said in found.message
    assert final.read_bytes() == before, "a final workbook is not written into"
    assert codes(final) == {"J661", "J662"}
    assert not jixiao.verify(final, engines=["cellrune"])[0].proved


def test_a_final_workbook_takes_nothing_in(final: Path) -> None:
    before = final.read_bytes()
    with pytest.raises(Refused, match="J664"):
        jixiao.fill(final, [], none=["全部"])
    for state in ("", "已复核", "定稿"):
        with pytest.raises(Refused, match="J664"):
            jixiao.review(final, state, who="王五")
    assert final.read_bytes() == before
    jixiao.review(final, "草稿", who="王五", why="补充来源")
    jixiao.fill(final, [], none=["全部"])


def test_what_changed_after_the_review_is_reviewed_again(workbook: Path) -> None:
    jixiao.review(workbook, who="张三")
    edit(workbook, typed("编制人数", Decimal(16)))
    assert codes(workbook) == {"J661", "J663"}
    with pytest.raises(Refused, match="须重新复核"):
        jixiao.review(workbook, "定稿", who="李四")
    jixiao.review(workbook, who="张三")
    assert codes(workbook) == {"J661"}
    jixiao.review(workbook, "定稿", who="李四")


def test_what_is_not_decided_or_not_proved_is_not_signed(workbook: Path) -> None:
    edit(workbook, typed("财务合规性.核定理由", None))
    with pytest.raises(Refused, match=r"核验未通过|待核定"):
        jixiao.review(workbook, who="张三")
    assert jixiao.review(workbook).steps == []


def test_a_cover_that_says_another_state_is_named(final: Path) -> None:
    edit(final, at("封面", "C12", "定稿：王五，2026-01-01 08:00\n封存摘要 无"))
    assert any(one.code == "J630" for one in jixiao.verify(final, engines=["cellrune"])[0].findings)


def test_records_that_cannot_be_read_are_one_line(final: Path) -> None:
    edit(final, at("_jixiao", "K2", '[["定了","甲"]]'))
    for verb in ("score", "check", "verify", "review"):
        assert main([verb, str(final)]) == 3


def test_the_command_shows_the_steps(workbook: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["review", str(workbook)]) == 0
    assert "草稿，还没有人复核" in capsys.readouterr().out
    assert main(["review", str(workbook), "--state", "定稿"]) == 2
    assert main(["review", str(workbook), "--as", "张三"]) == 0
    assert "1. 已复核：张三" in capsys.readouterr().out
    assert main(["review", str(workbook), "--as", "张三", "--state", "定了"]) == 2
    edit(workbook, typed("编制人数", Decimal(16)))
    assert main(["review", str(workbook), "--json"]) == 0
    assert '"state": "已复核"' in capsys.readouterr().out
