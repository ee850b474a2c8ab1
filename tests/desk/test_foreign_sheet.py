"""An officer's own workbook open in a real spreadsheet program: a 评分表 of official columns, not made by us."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from jixiao.app import exchange, hosts
from jixiao.office import column_letter
from tests.desk import foreign_book
from tests.desk.foreign_book import GOT, SAID, SHEET, SPECIMEN, first_row, row_of

POINTS = {
    "支出完成率": 4,
    "结转结余率": 3,
    "公用经费控制率": 4,
    "绩效目标完成效率": 3.5,
}
CALLS = 10


def at(sheet: Any, title: str, column: int = GOT) -> Any:
    """The cell of an indicator."""
    return sheet.range(f"{column_letter(column)}{row_of(title)}")


def total(sheet: Any) -> Any:
    """The cell of 合计, which holds the officer's own formula."""
    return sheet.range(f"{column_letter(GOT)}{first_row() + len(list(foreign_book.rubric().indicators()))}")


def contents(book: Any) -> dict[str, Any]:
    return {sheet.name: sheet.used_range.formula for sheet in book.sheets}


def test_the_sheet_is_filled_and_its_own_total_follows(
    app: Any, foreign: Path, memory: exchange.Memory
) -> None:
    book = app.books.open(foreign)
    sheet = book.sheets[SHEET]
    others = {name: text for name, text in contents(book).items() if name != SHEET}
    answer = hosts.press_in_program(app, exchange.Request("score"), memory=memory)
    assert answer.ok, answer.text()
    assert {title: at(sheet, title).value for title in POINTS} == POINTS
    assert "支出完成率100%" in at(sheet, "支出完成率", SAID).value
    assert total(sheet).value == sum(POINTS.values())
    assert {name: text for name, text in contents(book).items() if name != SHEET} == others
    book.save()


def test_no_sheet_costs_more_than_ten_calls(app: Any, foreign: Path, memory: exchange.Memory) -> None:
    app.books.open(foreign)
    calls = app.impl.bridge.calls
    for _ in range(2):
        calls.clear()
        answer = hosts.press_in_program(app, exchange.Request("score", sheet=SHEET), memory=memory)
        assert answer.ok, answer.text()
        assert max(count for name, count in calls.items() if name) <= CALLS, calls


def test_thirty_other_sheets_do_no_harm(app: Any, tmp_path: Path, memory: exchange.Memory) -> None:
    path = foreign_book.make(tmp_path / "三十 张表.xlsx", more=30)
    book = app.books.open(path)
    before = contents(book)
    answer = hosts.press_in_program(app, exchange.Request("score", sheet=SHEET), memory=memory)
    assert answer.ok, answer.text()
    assert {title: at(book.sheets[SHEET], title).value for title in POINTS} == POINTS
    after = contents(book)
    assert {name for name in after if after[name] != before[name]} == {SHEET}


def test_two_presses_an_edit_by_hand_and_undo(app: Any, foreign: Path, memory: exchange.Memory) -> None:
    book = app.books.open(foreign)
    sheet = book.sheets[SHEET]
    before = contents(book)
    hosts.press_in_program(app, exchange.Request("score"), memory=memory)
    once = contents(book)
    second = hosts.press_in_program(app, exchange.Request("score"), memory=memory)
    assert (second.changed, contents(book)) == (0, once)
    at(sheet, "预算编制合理性").value = 1  # a judgement
    at(sheet, "支出完成率").value = 3.9  # somebody knows better
    third = hosts.press_in_program(app, exchange.Request("score"), memory=memory)
    assert (at(sheet, "支出完成率").value, third.changed) == (3.9, 0)
    assert "J838" in {finding["code"] for finding in third.findings}
    back = hosts.press_in_program(app, exchange.Request("undo"), memory=memory)
    assert "J846" in {finding["code"] for finding in back.findings}
    assert (at(sheet, "支出完成率").value, at(sheet, "预算编制合理性").value) == (3.9, 1)
    at(sheet, "支出完成率").clear_contents()
    at(sheet, "预算编制合理性").clear_contents()
    assert contents(book) == before


def test_a_table_just_pasted_is_taken(app: Any, tmp_path: Path, memory: exchange.Memory) -> None:
    path = foreign_book.make(tmp_path / "只有评分表.xlsx", tables=False)
    book = app.books.open(path)
    empty = hosts.press_in_program(app, exchange.Request("score", sheet=SHEET), memory=memory)
    assert (empty.ok, empty.changed) == (True, 0)
    source = app.books.open(shutil.copy(SPECIMEN / "决算报表.xlsx", tmp_path))
    values = [(each.name, each.used_range.address, each.used_range.value) for each in source.sheets]
    source.close()
    book.activate()
    for name, address, rows in values:
        pasted = book.sheets.add(name, after=book.sheets[SHEET])
        pasted.range(address.replace("$", "")).value = rows
    answer = hosts.press_in_program(
        app, exchange.Request("score", book=str(path), sheet=SHEET), memory=memory
    )
    assert answer.ok, answer.text()
    assert at(book.sheets[SHEET], "支出完成率").value == 4


def test_a_protected_sheet_is_left_as_it_is(app: Any, foreign: Path, memory: exchange.Memory) -> None:
    book = app.books.open(foreign)
    book.sheets[SHEET].impl.call("protect", True)
    before = contents(book)
    answer = hosts.press_in_program(app, exchange.Request("score", sheet=SHEET), memory=memory)
    assert (answer.ok, {f["code"] for f in answer.findings}) == (False, {"J840"})
    assert "撤销工作表保护" in answer.text()
    assert contents(book) == before
