"""The same desk code on a file: for hosts that hand over a copy and take back cells."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path

import openpyxl

from jixiao.app import exchange, hosts
from jixiao.office import column_letter
from tests.desk.foreign_book import GOT, SAID, SHEET, row_of


def handed_over(
    data: bytes, name: str, request: exchange.Request, memory: exchange.Memory
) -> tuple[exchange.Answer, bytes, list[tuple[str, str, exchange.Content]]]:
    """A press on a copy: the answer, the workbook as it is afterwards, and the cells that go back."""
    host = hosts.Handover(data, name)
    answer = exchange.press(host, request, memory=memory)
    return answer, host.to_bytes(), [(cell.sheet, cell.ref, cell.content) for cell in host.written]


def test_an_officers_file_is_scored_and_nothing_else_in_it_changes(foreign: Path) -> None:
    data = foreign.read_bytes()
    answer, scored, cells = handed_over(
        data, foreign.name, exchange.Request("score", sheet=SHEET), memory=exchange.Memory()
    )
    assert answer.ok, answer.text()
    assert len(cells) == answer.changed == 10
    place = f"{column_letter(GOT)}{row_of('支出完成率')}"
    assert (SHEET, place, Decimal(4)) in cells
    before, after = (openpyxl.load_workbook(io.BytesIO(each)) for each in (data, scored))
    changed = {
        (sheet.title, cell.coordinate)
        for sheet in after.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value != before[sheet.title][cell.coordinate].value
    }
    assert changed == {(sheet, ref) for sheet, ref, _ in cells}
    assert str(after[SHEET].cell(row_of("支出完成率"), SAID).value).endswith("得4分")


def test_a_second_press_on_what_came_back_changes_no_byte_and_undo_restores(foreign: Path) -> None:
    memory, request = exchange.Memory(), exchange.Request("score", sheet=SHEET)
    _, scored, _ = handed_over(foreign.read_bytes(), foreign.name, request, memory=memory)
    again, same, cells = handed_over(scored, foreign.name, request, memory=memory)
    assert (again.changed, cells, same == scored) == (0, [], True)
    undone, back, _ = handed_over(scored, foreign.name, exchange.Request("undo"), memory=memory)
    assert undone.changed == 10
    sheet = openpyxl.load_workbook(io.BytesIO(back))[SHEET]
    assert sheet.cell(row_of("支出完成率"), GOT).value is None


def test_our_own_file_gives_the_published_total_and_stays_as_it_is(own: Path) -> None:
    data = own.read_bytes()
    answer, after, cells = handed_over(data, own.name, exchange.Request("score"), memory=exchange.Memory())
    assert (answer.ok, answer.total, cells, after == data) == (True, 82.27, [], True), answer.text()


def test_a_formula_typed_over_comes_back_as_a_formula(own: Path) -> None:
    """Handed over as a text it would stand in the officer's workbook as a text, and the total would lose it."""
    book = openpyxl.load_workbook(own)
    cell = next(
        c
        for row in book["评分表"].iter_rows()
        for c in row
        if "结转结余率" in str(c.value) and c.data_type == "f"
    )
    cell.value = 1.23
    book.save(own)
    answer, _, cells = handed_over(
        own.read_bytes(), own.name, exchange.Request("score"), memory=exchange.Memory()
    )
    assert "J842" in {finding["code"] for finding in answer.findings}
    ((sheet, place, written),) = cells
    assert (sheet, place, type(written)) == ("评分表", cell.coordinate, exchange.Formula)
    assert str(written).startswith("=IF(")


def test_points_inside_a_merged_area_are_refused_as_a_whole(foreign: Path) -> None:
    book = openpyxl.load_workbook(foreign)
    row = row_of("支出完成率")
    book[SHEET].merge_cells(start_row=row - 1, start_column=GOT, end_row=row, end_column=GOT)
    book.save(foreign)
    data = foreign.read_bytes()
    answer, after, _ = handed_over(
        data, foreign.name, exchange.Request("score", sheet=SHEET), memory=exchange.Memory()
    )
    assert (answer.ok, {f["code"] for f in answer.findings}) == (False, {"J840"})
    kept = [openpyxl.load_workbook(io.BytesIO(each))[SHEET].values for each in (data, after)]
    assert list(kept[0]) == list(kept[1])
