"""Our scoring workbook open in a real spreadsheet program, driven by the desk code as it is."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import jixiao
from jixiao import pipeline
from jixiao.app import exchange, hosts
from jixiao.master import open_scoring_book
from jixiao.scoring import keys

TABLE = "Z01_1 财政拨款收入支出决算总表(财决01-1表)"
AWARD = "预算编制准确性.核定分"  # 4.4 in the worked case
CALLS = 10  # across the border of the program, for one sheet


def contents(book: Any) -> dict[str, Any]:
    """What stands in every cell of a workbook, formulas as formulas."""
    return {sheet.name: sheet.used_range.formula for sheet in book.sheets}


def unlocked(book: Any, sheet: str, wish: bool) -> None:
    """Take the protection of a sheet off, or put it back."""
    book.sheets[sheet].impl.call("protect", not wish)


def codes(answer: exchange.Answer) -> set[str]:
    return {finding["code"] for finding in answer.findings}


def place(path: Path, key: str) -> tuple[str, str]:
    """Sheet and cell of a key."""
    found = open_scoring_book(path).plan.places[key]
    return found.sheet, found.ref


def test_an_open_unsaved_workbook_is_scored_with_its_edits(
    app: Any, own: Path, memory: exchange.Memory
) -> None:
    book = app.books.open(own)
    before = own.read_bytes()
    first = hosts.press_in_program(app, exchange.Request("score"), memory=memory)
    assert (first.ok, first.total, first.rule_total, first.changed) == (True, 82.27, 82, 0), first.text()
    sheet, ref = place(own, AWARD)
    book.sheets[sheet].range(ref).value = 4
    edited = hosts.press_in_program(app, exchange.Request("score"), memory=memory)
    assert (edited.ok, edited.total) == (True, 81.87), edited.text()
    assert own.read_bytes() == before, "scoring does not save"
    book.save()
    assert pipeline.score(own, write=False).data()["total"] == edited.total


def test_a_table_just_pasted_and_an_edit_by_hand_count(app: Any, own: Path, memory: exchange.Memory) -> None:
    book = app.books.open(own)
    hosts.press_in_program(app, exchange.Request("score"), memory=memory)
    table = book.sheets[TABLE]
    pasted = [[1500000 if value == 1394000 else value for value in row] for row in table.used_range.value]
    table.used_range.value = pasted
    answer = hosts.press_in_program(app, exchange.Request("score"), memory=memory)
    assert (answer.ok, answer.rule_total) == (True, 81.5), answer.text()
    shown = book.sheets["封面"].range(place(own, "合计.规则分")[1]).value
    assert shown == 81.5, "the program's own formulas say the same"
    book.save()
    assert pipeline.score(own, write=False).data()["rule_total"] == 81.5


def test_two_presses_leave_the_same_cells(app: Any, own: Path, memory: exchange.Memory) -> None:
    book = app.books.open(own)
    before = contents(book)
    hosts.press_in_program(app, exchange.Request("score"), memory=memory)
    assert contents(book) == before
    hosts.press_in_program(app, exchange.Request("score"), memory=memory)
    assert contents(book) == before


def test_no_sheet_costs_more_than_ten_calls(app: Any, own: Path, memory: exchange.Memory) -> None:
    app.books.open(own)
    calls = app.impl.bridge.calls
    calls.clear()
    answer = hosts.press_in_program(app, exchange.Request("score"), memory=memory)
    assert answer.ok, answer.text()
    sheets = {name: count for name, count in calls.items() if name}
    assert len(sheets) > 15
    assert max(sheets.values()) <= CALLS, sheets
    assert calls[""] <= 3 * len(sheets), "calls that concern no sheet: names, the list of sheets, the program"


def test_a_formula_typed_over_is_restored_and_undo_takes_it_back(
    app: Any, own: Path, memory: exchange.Memory
) -> None:
    book = app.books.open(own)
    sheet, ref = place(own, "支出完成率.得分")
    unlocked(book, sheet, True)
    formula = book.sheets[sheet].range(ref).formula
    book.sheets[sheet].range(ref).value = 1.5
    answer = hosts.press_in_program(app, exchange.Request("score"), memory=memory)
    assert (answer.ok, answer.total, answer.changed) == (True, 82.27, 1), answer.text()
    assert {"J842"} <= codes(answer) and "J844" not in codes(answer)
    assert book.sheets[sheet].range(ref).formula == formula
    assert book.sheets[sheet].range(ref).value == 7
    back = hosts.press_in_program(app, exchange.Request("undo"), memory=memory)
    assert (back.changed, book.sheets[sheet].range(ref).value) == (1, 1.5)


def test_an_altered_formula_is_restored_and_one_undo_takes_all_back(
    app: Any, own: Path, memory: exchange.Memory
) -> None:
    book = app.books.open(own)
    cells = []
    for key, typed in (("支出完成率.得分", "=1+1"), ("支出完成率", 0.5), ("结转结余率.满分", 9)):
        sheet, ref = place(own, key)
        unlocked(book, sheet, True)
        cells.append(book.sheets[sheet].range(ref))
        cells[-1].value = typed
    before = contents(book)
    answer = hosts.press_in_program(app, exchange.Request("score"), memory=memory)
    assert (answer.ok, answer.total, answer.changed) == (True, 82.27, 3), answer.text()
    assert "J844" not in codes(answer)
    assert all(str(cell.formula).startswith("=") and cell.formula != "=1+1" for cell in cells)
    hosts.press_in_program(app, exchange.Request("undo"), memory=memory)
    assert contents(book) == before


def test_on_a_protected_sheet_nothing_is_forced(app: Any, own: Path, memory: exchange.Memory) -> None:
    book = app.books.open(own)
    sheet, ref = place(own, "支出完成率.得分")
    unlocked(book, sheet, True)
    book.sheets[sheet].range(ref).value = 1.5
    unlocked(book, sheet, False)
    before = contents(book)
    answer = hosts.press_in_program(app, exchange.Request("score"), memory=memory)
    assert (answer.ok, codes(answer)) == (False, {"J840"})
    assert contents(book) == before


def test_selection_calculation_and_screen_stay(app: Any, own: Path, memory: exchange.Memory) -> None:
    book = app.books.open(own)
    book.sheets["取数"].range("C7:D9").select()
    sheet, ref = place(own, AWARD)
    app.impl.calculation = "manual"
    book.sheets[sheet].range(ref).value = 4
    host = hosts.Silent()
    answer = hosts.press_in_program(app, exchange.Request("score"), memory=memory, screen=host)
    assert (answer.ok, answer.total) == (True, 81.87) and "J844" not in codes(answer), answer.text()
    assert app.impl.calculation == "manual"
    assert app.screen_updating is True
    assert (app.selection.sheet.name, app.selection.address) == ("取数", "$C$7:$D$9")
    assert host.said[0] and host.said[-1] == "", "progress is shown and taken away"
    assert book.sheets["封面"].range(place(own, "合计.得分")[1]).value == answer.total
    app.impl.calculation = "automatic"


def test_moved_rows_are_refused(app: Any, own: Path, memory: exchange.Memory) -> None:
    book = app.books.open(own)
    unlocked(book, "取数", True)
    book.sheets["取数"].impl.call("insert_row", 8)
    answer = hosts.press_in_program(app, exchange.Request("score"), memory=memory)
    assert (answer.ok, codes(answer)) == (False, {"J564"})


def test_a_busy_program_is_waited_for_and_then_named(
    app: Any, own: Path, memory: exchange.Memory, monkeypatch: Any
) -> None:
    app.books.open(own)
    bridge = app.impl.bridge
    bridge.rejections = 3  # the officer leaves the cell after a moment
    assert hosts.press_in_program(app, exchange.Request("score"), memory=memory).ok
    monkeypatch.setattr("jixiao.app.hosts.program.PATIENCE", 0.3)
    bridge.rejections = 10_000
    answer = hosts.press_in_program(app, exchange.Request("score"), memory=memory)
    bridge.rejections = 0
    assert (answer.ok, codes(answer)) == (False, {"J830"})
    assert "退出单元格编辑" in answer.text()


def test_checks_of_the_open_workbook_are_those_of_the_file(
    app: Any, own: Path, memory: exchange.Memory
) -> None:
    app.books.open(own)
    answer = hosts.press_in_program(app, exchange.Request("check"), memory=memory)
    checks, findings = pipeline.check(own)
    assert answer.message.startswith(f"勾稽 {len(checks)} 项")
    assert {(f["code"], f["message"]) for f in answer.findings} == {(f.code, f.message) for f in findings}


def test_sources_are_brought_into_the_open_workbook(
    app: Any, tmp_path: Path, memory: exchange.Memory
) -> None:
    path = tmp_path / "新 评分簿.xlsx"
    words = {"target": str(path), "unit": "遂溪县招商局", "rubric": "suixi-2022"}
    made = hosts.press_in_program(app, exchange.Request("new", words=words), memory=memory)
    assert made.ok and path.is_file(), made.text()
    book = app.books.active
    sheet, ref = place(path, "封面.单位")
    book.sheets[sheet].range(ref).value = "改了名的单位"  # an unsaved edit
    asked = hosts.press_in_program(app, exchange.Request("fill"), memory=memory)
    assert asked.need == "files"
    from tests.desk.foreign_book import SPECIMEN

    done = hosts.press_in_program(
        app, exchange.Request("fill", files=(str(SPECIMEN / "决算报表.xlsx"),)), memory=memory
    )
    assert done.ok, done.text()
    again = app.books.active
    assert TABLE in [each.name for each in again.sheets]
    assert again.sheets[sheet].range(ref).value == "改了名的单位"
    assert hosts.press_in_program(app, exchange.Request("score"), memory=memory).total == done.total


def test_what_the_program_saved_is_proved(app: Any, own: Path, memory: exchange.Memory) -> None:
    book = app.books.open(own)
    sheet, ref = place(own, AWARD)
    book.sheets[sheet].range(ref).value = 4
    scored = hosts.press_in_program(app, exchange.Request("score"), memory=memory)
    book.save()
    book.close()
    proved = pipeline.verify([own], engines=("libreoffice",))[0]
    assert proved.proved, list(proved.findings)
    assert pipeline.score(own, write=False).data()["total"] == scored.total


def test_a_figure_changed_by_hand_is_told_in_the_open_workbook(
    app: Any, own: Path, memory: exchange.Memory
) -> None:
    book = app.books.open(own)
    sheet, ref = place(own, "三公经费决算数")
    book.sheets[sheet].range(ref).value = 2.5
    before = contents(book)
    answer = hosts.press_in_program(app, exchange.Request("score"), memory=memory)
    assert answer.ok and "J584" in codes(answer) and "J844" not in codes(answer), answer.text()
    assert book.sheets["封面"].range("C19").value == "1处；全部恢复为原值时总分为82.27"
    row = book.sheets["改动"].range("A5:K5").value
    assert row[1:6] == [f"{sheet}!{ref}", "三公经费决算数", "链接处改为直接填写", 2.24, 2.5]
    assert book.sheets["取数"].range(f"F{ref[1:]}").value == "链接处改为直接填写，原为2.24万元"
    told = contents(book)
    assert hosts.press_in_program(app, exchange.Request("score"), memory=memory).changed == 0
    assert contents(book) == told
    hosts.press_in_program(app, exchange.Request("undo"), memory=memory)
    assert contents(book) == before
    hosts.press_in_program(app, exchange.Request("score"), memory=memory)
    book.sheets["改动"].range("K5").value = "财政局核实后更正"
    hosts.press_in_program(app, exchange.Request("score"), memory=memory)
    book.save()
    book.close()
    card = pipeline.score(own)
    assert [(change.place, change.reason) for change in card.changes] == [
        (f"{sheet}!{ref}", "财政局核实后更正")
    ]
    assert pipeline.verify([own])[0].proved


def test_a_final_workbook_is_read_and_says_so(app: Any, own: Path, memory: exchange.Memory) -> None:
    """The button writes nothing into it, an edit is named, and nothing is brought in."""
    jixiao.review(own, who="张三")
    jixiao.review(own, "定稿", who="李四")
    book = app.books.open(own)
    before = contents(book)
    first = hosts.press_in_program(app, exchange.Request("score"), memory=memory)
    assert (first.ok, first.total, first.changed) == (True, 82.27, 0), first.text()
    assert "定稿：李四" in first.text() and "J661" in codes(first)
    (sheet, ref), (_, total) = place(own, AWARD), place(own, keys.ALL.points)
    unlocked(book, sheet, True)
    book.sheets[sheet].range(ref).value = 4
    book.sheets[sheet].range(total).value = 99  # over its formula, which is not put back
    edited = hosts.press_in_program(app, exchange.Request("score"), memory=memory)
    assert (edited.total, edited.changed) == (81.87, 0), edited.text()
    assert "“预算编制准确性.核定分”4.4→4" in edited.text() and "J662" in codes(edited)
    after = contents(book)
    assert {name for name in before if before[name] != after[name]} == {sheet}
    cells = zip(itertools.chain(*before[sheet]), itertools.chain(*after[sheet]), strict=True)
    assert [now for then, now in cells if now != then] == ["4", "99"]
