"""The rules of filling an officer's own sheet, on a program of paper: what is filled, what is left alone, what is said."""

from __future__ import annotations

from pathlib import Path

import pytest

import jixiao
from jixiao.app import exchange
from tests.desk import foreign_book
from tests.desk.foreign_book import GOT, SAID, SHEET, row_of
from tests.desk.officer import Desk, codes

FILLED = {
    "支出完成率": 4,
    "结转结余率": 3,
    "政府采购执行率": 0,
    "公用经费控制率": 4,
    "绩效目标完成效率": 3.5,
}


@pytest.fixture
def desk(foreign: Path) -> Desk:
    return Desk(foreign)


def test_computed_indicators_are_filled_and_nothing_else_changes(desk: Desk) -> None:
    before = dict(desk.sheet.cells)
    answer = desk.press()
    assert answer.ok, answer.text()
    assert {title: desk.got(title) for title in FILLED} == FILLED
    assert all("，得" in str(desk.said(title)) and str(desk.said(title)).endswith("分") for title in FILLED)
    ours = {(row_of(title), column) for title in FILLED for column in (GOT, SAID)}
    assert {spot: v for spot, v in desk.sheet.cells.items() if spot not in ours} == before
    assert answer.changed == len(ours)
    assert {sheet for sheet, _ in desk.app.written} == {SHEET}


def test_points_are_not_given_for_figures_that_are_nowhere(desk: Desk) -> None:
    answer = desk.press()
    assert desk.got("工作表现加减分") is None  # 0 of 0 would be points for a blank
    assert "J841" in codes(answer)
    assert "固定资产利用率" in answer.text()


def test_a_second_press_writes_nothing(desk: Desk) -> None:
    desk.press()
    before = dict(desk.sheet.cells)
    desk.app.written.clear()
    answer = desk.press()
    assert (answer.changed, desk.app.written, desk.sheet.cells) == (0, [], before)


@pytest.mark.parametrize("typed", [3.5, "3.5", "=4-0.5", "待定"])
def test_typed_points_that_differ_stay_and_are_named(desk: Desk, typed: object) -> None:
    desk.type("支出完成率", typed)
    answer = desk.press()
    assert desk.got("支出完成率") == typed
    assert desk.said("支出完成率") is None
    assert "J838" in codes(answer)


def test_typed_points_that_agree_stay_without_a_word(desk: Desk) -> None:
    desk.type("支出完成率", "４分")
    desk.type("结转结余率", 3)
    answer = desk.press()
    assert (desk.got("支出完成率"), desk.got("结转结余率")) == ("４分", 3)
    assert codes(answer) & {"J838", "J839"} == set()
    assert desk.said("结转结余率").endswith("得3分")


def test_overwriting_on_request_is_said(desk: Desk) -> None:
    desk.type("支出完成率", 3.5)
    answer = desk.press(words={"overwrite": "yes"})
    assert (desk.got("支出完成率"), codes(answer) & {"J838", "J839"}) == (4, {"J839"})


def test_a_typed_reason_stays(desk: Desk) -> None:
    desk.type("支出完成率", "全部支出完成", SAID)
    desk.press()
    assert (desk.got("支出完成率"), desk.said("支出完成率")) == (4, "全部支出完成")


def test_points_of_ours_follow_the_figures(desk: Desk) -> None:
    desk.press()
    budget = desk.app.books[0]["Z01_1 财政拨款收入支出决算总表(财决01-1表)"]
    spots = [spot for spot, value in budget.cells.items() if value == 30600]
    assert spots
    for spot in spots:
        budget.cells[spot] = 60000
    desk.memory = exchange.Memory()  # as after a restart of the service
    answer = desk.press()
    assert (desk.got("公用经费控制率"), codes(answer) & {"J838", "J839"}) == (2, {"J839"})
    assert "日常公用经费决算数6" in desk.said("公用经费控制率")


def test_counts_that_nobody_registered_give_no_points(desk: Desk) -> None:
    answer = desk.press()
    (found,) = [one for one in answer.findings if one["code"] == "J841"]
    assert desk.got("预算编制准确性") is None
    assert "非统一政策预算调整事项数" in found["message"]


def test_undo_puts_back_what_was_there_but_not_over_later_edits(desk: Desk) -> None:
    desk.type("支出完成率", "见附件", SAID)
    before = dict(desk.sheet.cells)
    desk.press()
    desk.type("结转结余率", 2)
    answer = desk.press("undo")
    assert "J846" in codes(answer)
    assert desk.sheet.cells == {**before, (row_of("结转结余率"), GOT): 2}
    again = desk.press("undo")
    assert (again.ok, codes(again)) == (False, {"J845"})


def test_a_weight_or_a_rule_of_another_year_is_not_scored_by_this_one(desk: Desk) -> None:
    desk.type("支出完成率", 5, 7)
    desk.type("结转结余率", "结转结余率≤10%的，得3分；每超过1%扣0.5分。", 9)
    answer = desk.press()
    assert (desk.got("支出完成率"), desk.got("结转结余率")) == (None, None)
    assert {"J836", "J837"} <= codes(answer)


def test_an_indicator_that_does_not_apply_is_left_alone(desk: Desk) -> None:
    desk.type("支出完成率", "不适用")
    desk.press()
    assert desk.got("支出完成率") == "不适用"


def test_points_of_what_does_not_apply_are_moved_as_the_rubric_says(desk: Desk) -> None:
    desk.type("资金下达合法性", "不适用：无转移支付", SAID)
    assert desk.press().ok
    assert desk.got("资金下达合法性") is None
    assert desk.got("支出完成率") > FILLED["支出完成率"]
    assert "转移支付" in desk.said("支出完成率")


class Editing(Exception):  # noqa: N818 - as Excel answers while a cell is being edited
    hresult = -2147418111


LOCKED = RuntimeError("the sheet is protected")


@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_sheet_that_refuses_is_left_as_it_is(desk: Desk, at: int) -> None:
    desk.type("目标科学性", "人工评分", SAID)  # so that there are several areas to write
    desk.type("财务合规性", "人工评分", SAID)
    desk.type("结转结余率", "人工评分", SAID)
    desk.sheet.refusals = [*[None] * at, LOCKED]
    before = dict(desk.sheet.cells)
    answer = desk.press()
    assert (answer.ok, codes(answer), desk.sheet.cells) == (False, {"J840"}, before)
    assert desk.press("undo").ok is False, "nothing was done, so there is nothing to take back"


def test_a_program_busy_for_a_moment_while_writing_is_waited_for(desk: Desk) -> None:
    desk.sheet.refusals = [Editing(), Editing()]
    assert desk.press().ok
    assert desk.got("支出完成率") == 4


def test_a_cell_that_takes_nothing_undoes_the_whole_press(desk: Desk) -> None:
    desk.sheet.swallowed.add((row_of("支出完成率"), GOT))
    before = dict(desk.sheet.cells)
    answer = desk.press()
    assert (answer.ok, codes(answer), desk.sheet.cells) == (False, {"J840"}, before)


def test_a_sheet_without_a_table_is_said(desk: Desk) -> None:
    answer = desk.press(sheet="基础信息表")
    assert (answer.ok, codes(answer)) == (False, {"J833"})
    assert codes(desk.press(sheet="没有这张表")) == {"J832"}


def test_a_table_without_a_column_for_points_is_said(desk: Desk) -> None:
    del desk.sheet.cells[foreign_book.TOP, GOT]
    answer = desk.press()
    assert (answer.ok, codes(answer)) == (False, {"J849"})


def copied(folder: Path, name: str, *changes: tuple[str, str]) -> None:
    """A copy of the shipped rubric among a user's own."""
    twin = folder / "rubrics" / "suixi" / f"{name}.yaml"
    twin.parent.mkdir(parents=True, exist_ok=True)
    text = (Path(jixiao.__file__).parent / "rubric" / "rubrics" / "suixi" / "2022.yaml").read_text("utf-8")
    for old, new in (("id: suixi-2022", f"id: suixi-{name}"), *changes):
        assert old in text
        text = text.replace(old, new, 1)
    twin.write_text(text, "utf-8")


NEXT = ("year: 2022", "year: 2023")


def test_a_copy_for_next_year_does_not_confuse_the_table_that_names_its_place_and_year(
    desk: Desk, tmp_path: Path
) -> None:
    copied(tmp_path, "2023", NEXT)
    answer = desk.press(definitions=[tmp_path])
    assert answer.ok, answer.text()
    assert desk.got("支出完成率") == 4


def test_a_table_that_names_no_year_is_a_question_where_there_are_two(desk: Desk, tmp_path: Path) -> None:
    copied(tmp_path, "2023", NEXT)
    desk.sheet.cells[2, 2] = "部门整体支出绩效自评表"
    answer = desk.press(definitions=[tmp_path])
    assert (answer.ok, answer.need, codes(answer)) == (False, "rubric", {"J834"})


def test_two_rubrics_that_fit_alike_are_a_question(desk: Desk, tmp_path: Path) -> None:
    copied(tmp_path, "2022b")
    answer = desk.press(definitions=[tmp_path])
    assert (answer.ok, answer.need, codes(answer)) == (False, "rubric", {"J834"})
    assert set(answer.options) == {"suixi-2022", "suixi-2022b"}
    chosen = desk.press(definitions=[tmp_path], words={"rubric": "suixi-2022b"})
    assert chosen.ok, chosen.text()
    assert desk.got("支出完成率") == 4


def test_a_wrong_definition_of_the_users_is_named(desk: Desk, tmp_path: Path) -> None:
    own = tmp_path / "rubrics" / "here" / "2022.yaml"
    own.parent.mkdir(parents=True)
    own.write_text("id: here-2022\ntitel: 评分表\n", "utf-8")
    assert codes(desk.press(definitions=[tmp_path])) == {"J802"}


def test_a_table_of_somebody_else_is_a_question(desk: Desk) -> None:
    for row in range(foreign_book.first_row(), foreign_book.first_row() + 25):
        desk.sheet.cells[row, 6] = f"别的指标{row}"
    answer = desk.press()
    assert (answer.ok, answer.need) == (False, "rubric")


def test_what_two_tables_say_differently_is_not_chosen(desk: Desk) -> None:
    book = desk.app.books[0]
    copy = type(desk.sheet)(book, "决算总表（报送稿）")
    source = book["Z01_1 财政拨款收入支出决算总表(财决01-1表)"]
    copy.cells = {spot: 1500000 if value == 1394000 else value for spot, value in source.cells.items()}
    book.sheets.append(copy)
    answer = desk.press()
    assert desk.got("支出完成率") is None
    assert "J571" in codes(answer)


def test_a_sheet_too_large_is_read_as_far_as_it_goes_and_said(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jixiao.app.exchange.copied.MOST_CELLS", 2000)
    desk.app.books[0]["基础信息表"].cells[900_000, 9] = "遗留"
    answer = desk.press()
    assert answer.ok, answer.text()
    assert "J843" in codes(answer)
    assert desk.got("支出完成率") == 4


def test_more_sheets_than_can_be_read_are_said(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jixiao.app.exchange.filling.MOST_CELLS", 1)
    answer = desk.press()
    assert answer.ok and {"J841", "J843"} <= codes(answer)


def test_an_error_value_is_no_figure(desk: Desk) -> None:
    table = desk.app.books[0]["Z01_1 财政拨款收入支出决算总表(财决01-1表)"]
    for spot in [spot for spot, value in table.cells.items() if value == 1394000]:
        table.cells[spot] = "#REF!"
    desk.press()
    assert desk.got("支出完成率") is None


def test_what_the_first_press_needs_can_be_read_before(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    exchange.warm()
    monkeypatch.setattr("jixiao.app.exchange.recognising.load", lambda *a: 1 // 0)
    assert desk.press().ok
