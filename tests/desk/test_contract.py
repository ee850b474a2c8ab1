"""What the desk asks of a program through xlwings: the same answers from LibreOffice's engine and, where it is, from Excel."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook.defined_name import DefinedName

from jixiao.app.desk.blocks import read_block
from jixiao.app.desk.live import LiveBook
from jixiao.app.desk.runs import Write, write_all
from jixiao.model import CannotWrite


@pytest.fixture(params=["libreoffice", "excel"])
def program(request: pytest.FixtureRequest) -> Iterator[Any]:
    """An xlwings App of each kind."""
    if request.param == "libreoffice":
        yield request.getfixturevalue("app")
        return
    if sys.platform not in ("win32", "darwin"):
        pytest.skip("没有 Excel")
    import xlwings

    app = xlwings.App(visible=False, add_book=False)
    yield app
    app.quit()


@pytest.fixture
def book(program: Any, tmp_path: Path) -> Any:
    """A workbook with one cell of each kind."""
    made = openpyxl.Workbook()
    sheet: Any = made.active
    sheet.title = "数 据（1）"
    for ref, value in {
        "B2": "文字", "C2": 0.29, "D2": 1394000, "E2": True, "B3": dt.date(2023, 3, 1), "C3": "=C2*2", "D3": "=1/0",
        "E3": '=IF(C2>0,"有","")', "B4": "001", "C4": '=IF(C2>0,"","x")', "D4": "='第二 张'!A1+1",
    }.items():  # fmt: skip
        sheet[ref] = value
    made.create_sheet("第二 张")["A1"] = 5
    made.defined_names["某名"] = DefinedName("某名", attr_text="'第二 张'!$A$1")
    path = tmp_path / "约 定=1%.xlsx"
    made.save(path)
    return program.books.open(str(path))


def test_a_block_is_read_exactly_and_typed(book: Any) -> None:
    live = LiveBook(book)
    block = live.whole("数 据（1）").block
    values = {cell.ref: (cell.value, cell.formula) for cell in block.cells.values()}
    assert values["B2"] == ("文字", None)
    assert values["C2"] == (Decimal("0.29"), None)
    assert values["D2"] == (Decimal(1394000), None)
    assert values["B3"] == (Decimal(44986), None)
    assert block.dates == {(3, 2)}
    assert values["C3"] == (Decimal("0.58"), "C2*2")
    assert values["D3"] == ("#DIV/0!", "1/0")
    assert block.cells[3, 4].error
    assert values["E3"] == ("有", 'IF(C2>0,"有","")')
    assert values["B4"] == ("001", None)
    assert values["C4"][0] == ""
    assert values["D4"] == (Decimal(6), "'第二 张'!A1+1")
    assert live.sheet_names == ["数 据（1）", "第二 张"]


def test_one_cell_and_names_come_as_the_desk_expects(book: Any) -> None:
    live = LiveBook(book)
    assert live.whole("第二 张").block.cells[1, 1].value == 5
    assert live.names.get("某名") == ("第二 张", "$A$1")
    assert live.names.get("没有") is None


def test_what_is_written_lands_as_it_was_meant(book: Any) -> None:
    live = LiveBook(book)
    sheet = live.whole("数 据（1）")
    writes = [
        Write((2, 6), Decimal("4.5")),
        Write((3, 6), "支出完成率100%，得4分"),
        Write((4, 6), "'007"),
        Write((5, 6), "=C2+'第二 张'!A1"),
        Write((2, 2), None),
    ]
    write_all(sheet, writes)
    live.forget()
    cells = live.whole("数 据（1）").block.cells
    assert [cells[row, 6].value for row in range(2, 6)] == [
        Decimal("4.5"),
        "支出完成率100%，得4分",
        "007",
        Decimal("5.29"),
    ]
    assert (2, 2) not in cells
    assert cells[4, 2].value == "001", "what stands between is left alone"


def test_a_protected_sheet_refuses(book: Any) -> None:
    sheet = book.sheets["数 据（1）"]
    sheet.api.Protect() if sheet.api is not True else sheet.impl.call("protect", True)
    live = LiveBook(book)
    with pytest.raises(CannotWrite) as stop:
        write_all(live.whole("数 据（1）"), [Write((2, 3), Decimal(9))])
    assert stop.value.finding.code == "J840"


def test_the_program_is_asked_in_its_own_words(program: Any, book: Any) -> None:
    assert program.calculation == "automatic"
    program.status_bar = "绩效评分：评分当前表…"
    program.status_bar = False
    program.calculate()
    assert len(program.books) == 1
    assert program.books.active.name == book.name == "约 定=1%.xlsx"
    assert book.sheets.active.name == "数 据（1）"
    assert read_block(book.sheets["第二 张"], program.engine.impl.clean_value_data).rows == 1
