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

from jixiao.app import exchange, hosts
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


def host_of(book: Any) -> hosts.ProgramHost:
    """The workbook as a host."""
    return hosts.ProgramHost(book.app, book.name)


def test_a_block_is_read_exactly_and_typed(book: Any) -> None:
    host = host_of(book)
    contents: dict[tuple[int, int], exchange.Content] = {
        (2, 6): Decimal("4.5"),
        (3, 6): "支出完成率100%，得4分",
        (4, 6): "007",
        (5, 6): exchange.Formula("=C2+'第二 张'!A1"),
        (2, 2): None,
    }
    host.write(host.copy(), [exchange.CellWrite("数 据（1）", spot, to) for spot, to in contents.items()])
    cells = host.copy().whole("数 据（1）").used
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
    host = host_of(book)
    with pytest.raises(CannotWrite) as stop:
        host.write(host.copy(), [exchange.CellWrite("数 据（1）", (2, 3), Decimal(9))])
    assert stop.value.finding.code == "J840"


def test_the_program_is_asked_in_its_own_words(program: Any, book: Any) -> None:
    assert program.calculation == "automatic"
    program.status_bar = "绩效评分：评分当前表…"
    program.status_bar = False
    program.calculate()
    assert len(program.books) == 1
    assert program.books.active.name == book.name == "约 定=1%.xlsx"
    assert book.sheets.active.name == "数 据（1）"
    assert host_of(book).copy().whole("第二 张").rows == 1
