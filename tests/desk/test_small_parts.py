"""The small parts that meet the real Excel: its errors, its names, its values, its habits."""

from __future__ import annotations

import atexit
import datetime as dt
import sys
from decimal import Decimal
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from jixiao.app import exchange, hosts
from jixiao.model import Refused, Source, UsageStop, make
from jixiao.office import ErrorText


class ComError(Exception):
    """As pywin32 raises it: hresult, text, details, argument."""

    def __init__(self, hresult: int, details: Any = None) -> None:
        super().__init__(hresult, "Exception occurred.", details, None)
        self.hresult = hresult


class ExcelBusyError(Exception):
    """As xlwings raises it."""


@pytest.mark.parametrize(
    ("error", "busy"),
    [
        (ComError(-2147418111), True),  # call rejected: a dialog is open
        (ComError(-2147417846), True),  # retry later
        (ComError(-2147352567), True),  # a cell is being edited: no details
        (ComError(-2147352567, (0, "Excel", "", "", 0, -2146777998)), True),
        (ComError(-2147352567, (0, "Excel", "protected", "", 0, -2146827284)), False),
        (ExcelBusyError(), True),
        (ValueError("x"), False),
        (KeyError(), False),
    ],
)
def test_a_busy_program_is_told_from_a_refusing_one(error: Exception, busy: bool) -> None:
    assert hosts.is_busy(error) is busy


@pytest.mark.parametrize(
    ("shown", "exact"),
    [
        (0.28999999999999998, Decimal("0.29")),
        (1394000.0, Decimal(1394000)),
        (3, Decimal(3)),
        (True, True),
        (None, None),
        ("  文字 ", "  文字 "),
        (dt.datetime(2023, 3, 1, 12), Decimal("44986.5")),  # noqa: DTZ001 - as Excel gives it
        (dt.date(1900, 3, 1), Decimal(61)),
    ],
)
def test_values_come_exact(shown: Any, exact: Any) -> None:
    assert (hosts.typed_value(shown), type(hosts.typed_value(shown))) == (exact, type(exact))


def test_an_error_is_no_text() -> None:
    assert isinstance(hosts.typed_value("#DIV/0!"), ErrorText)
    assert not isinstance(hosts.typed_value("#1 号楼!"), ErrorText)


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        (r"C:\用户\财务 科\评分=2025%.xlsx", "评分=2025%.xlsx"),
        ("/数据/评分;簿.xlsx", "评分;簿.xlsx"),
        ("https://d.docs.live.net/1/评分簿.xlsx", "评分簿.xlsx"),
    ],
)
def test_a_workbook_is_known_by_its_bare_name(name: str, bare: str) -> None:
    assert hosts.bare_name(name) == bare
    book = SimpleNamespace(name=bare)
    assert hosts.find_book(SimpleNamespace(books=[book]), name) is book


def test_a_web_address_is_no_file_and_its_settings_are_not_asked_for(tmp_path: Path) -> None:
    class Trap:
        api = SimpleNamespace(FullName="https://d.docs.live.net/1/评分簿.xlsx")

        @property
        def fullname(self) -> str:
            raise AssertionError("xlwings would read a settings sheet out of the workbook")

    with pytest.raises(Refused) as stop:
        hosts.file_of(Trap())
    assert stop.value.finding.code == "J847"
    path = tmp_path / "评分 簿.xlsx"
    path.touch()
    assert hosts.file_of(SimpleNamespace(api=SimpleNamespace(FullName=str(path)))) == path


def test_the_habits_of_xlwings_are_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    killed: list[str] = []
    windows: Any = ModuleType("xlwings._xlwindows")
    windows.N_COM_ATTEMPTS = 0
    windows.cleanup = lambda: killed.append("EXCEL.EXE")
    atexit.register(windows.cleanup)
    library: Any = ModuleType("xlwings")
    library.apps = [SimpleNamespace(hwnd=7), SimpleNamespace(hwnd=9)]
    monkeypatch.setitem(sys.modules, "xlwings", library)
    monkeypatch.setitem(sys.modules, "xlwings._xlwindows", windows)
    forgotten: list[Any] = []
    monkeypatch.setattr(atexit, "unregister", forgotten.append)
    assert hosts.running_program(9).hwnd == 9
    assert windows.N_COM_ATTEMPTS > 0
    assert forgotten == [windows.cleanup]
    monkeypatch.undo()
    atexit.unregister(windows.cleanup)


def test_no_running_program_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    library: Any = ModuleType("xlwings")
    library.apps = []
    monkeypatch.setitem(sys.modules, "xlwings", library)
    with pytest.raises(UsageStop) as stop:
        hosts.running_program()
    assert stop.value.finding.code == "J831"


@pytest.mark.parametrize(
    ("address", "box"),
    [
        ("$A$1", (1, 1, 1, 1)),
        ("$B$2:$AA$30", (2, 2, 30, 27)),
        ("$1:$9", (1, 1, 9, 16384)),
        ("$A:$C", (1, 1, 1048576, 3)),
    ],
)
def test_every_address_of_a_used_range_is_understood(address: str, box: tuple[int, ...]) -> None:
    assert hosts.box_of(address) == box


def block(**cells: Any) -> exchange.SheetCopy:
    """A block of column K (11) by row."""
    made = exchange.SheetCopy("表")
    for name, value in cells.items():
        row = int(name[1:])
        made.put((row, 11), value, None)
    return made


@pytest.mark.parametrize(
    ("between", "areas"),
    [
        ({}, [(5, 11, 9, 11)]),
        ({"K7": Decimal(3)}, [(5, 11, 9, 11)]),
        ({"K7": "人工评分"}, [(5, 11, 5, 11), (9, 11, 9, 11)]),
    ],
)
def test_blanks_and_numbers_are_bridged_but_no_text(between: dict[str, Any], areas: list[Any]) -> None:
    assert hosts.boxes(block(**between), [(5, 11), (9, 11)]) == areas


def test_neighbouring_columns_are_written_together_unless_a_text_stands_there() -> None:
    spots = [(row, column) for row in (5, 6) for column in (10, 11)]
    assert hosts.boxes(block(), spots) == [(5, 10, 6, 11)]
    assert hosts.boxes(block(K6="人工"), [(5, 10), (5, 11), (6, 10)]) == [(5, 10, 6, 10), (5, 11, 5, 11)]


@pytest.mark.parametrize("text", ["=1+1", "001", "-", "'x", "5月3日", "TRUE", "（3）"])
def test_a_text_that_a_program_would_read_otherwise_keeps_its_mark(text: str) -> None:
    assert hosts.raw_content(text) == f"'{text}"


def test_a_plain_text_has_no_mark() -> None:
    assert hosts.raw_content("支出完成率100%，得4分") == "支出完成率100%，得4分"


def test_memory_is_bounded() -> None:
    memory = exchange.Memory()
    for number in range(exchange.BOOKS + 5):
        for step in range(exchange.STEPS + 3):
            memory.keep(f"{number}.xlsx", {"表": {"A1": (None, Decimal(step))}})
    assert memory.ours("0.xlsx", "表") == {}
    assert memory.ours(f"{exchange.BOOKS + 4}.xlsx", "表") == {"A1": exchange.STEPS + 2}
    for _ in range(exchange.STEPS):
        memory.drop(f"{exchange.BOOKS + 4}.xlsx")
    with pytest.raises(UsageStop):
        memory.last(f"{exchange.BOOKS + 4}.xlsx")


def test_a_dialog_is_short_and_the_gravest_come_first() -> None:
    note = [make("J839", Source("", "表", f"A{n}"), title=f"指标{n}", old="1", new="2") for n in range(20)]
    grave = make("J840", Source("", "表", "B2"), sheet="表", why="受保护")
    lines = exchange.Answer("score", message="得分 80").found([*note, grave, grave]).text().splitlines()
    assert lines[1].startswith("【错误】")
    assert len(lines) == 10 and "另有 13 条" in lines[-1]


def test_a_dialog_lists_what_was_found_page_by_page_and_goes_to_a_cell() -> None:
    said: list[tuple[str, str, str]] = []
    gone: list[str] = []
    ways = iter(["yes", "no"])

    def alert(text: str, title: str, buttons: str, mode: str | None) -> str:
        said.append((text, title, buttons))
        return next(ways)

    def spot(cell: str) -> Any:
        return SimpleNamespace(select=lambda: gone.append(cell))

    sheet = SimpleNamespace(activate=lambda: gone.append("取数"), range=spot)
    book = SimpleNamespace(name="簿.xlsx", sheets={"取数": sheet})
    app = SimpleNamespace(alert=alert, books=[book])
    answer = exchange.Answer("check", message="勾稽 20 项", book="簿.xlsx")
    places = [Source("簿.xlsx", "取数", f"C{row}") for row in range(1, exchange.SHOWN + 2)]
    answer.found([make("J842", old="1")._replace(sources=(place,)) for place in places])
    hosts.StatusBar(app).show(answer)
    assert [(title, buttons) for _, title, buttons in said] == [("绩效评分 · 勾稽检查", "yes_no_cancel")] * 2
    assert said[0][0].endswith("第 1/2 页：“是”看下一页，“否”转到 取数!C1，“取消”关闭")
    assert said[1][0].endswith("第 2/2 页：“否”转到 取数!C9，“取消”关闭")
    assert gone == ["取数", "C9"]


def test_a_dialog_calls_a_command_as_the_button_is_called() -> None:
    answer = exchange.Answer("score").found(
        [
            make("J555", file="a", why="b")._replace(
                advice="请用 jixiao score 重新评分，再运行 jixiao check"
            ),
            make("J555", file="c", why="d")._replace(advice="请运行 jixiao fill 评分簿 --none 全部"),
        ]
    )
    assert [item.text.rpartition("：")[2] for item in answer.shown()] == [
        "请用“评分当前表”重新评分，再“勾稽检查”",
        "请运行 jixiao fill 评分簿 --none 全部",
    ]
