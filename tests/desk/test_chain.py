"""The whole chain in one program: ribbon procedure in VBA → doorbell → service → xlwings → cells → total."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from addin import making
from addin.making.package import WORKBOOK
from jixiao.app import inbox as mailbox
from jixiao.app import service as serving
from jixiao.office import column_letter
from tests.desk.foreign_book import GOT, SHEET, first_row, row_of
from tests.desk.foreign_book import rubric as the_rubric

POINTS = {
    "支出完成率": 4,
    "结转结余率": 3,
    "公用经费控制率": 4,
    "绩效目标完成效率": 3.5,
}
WAIT = 20.0


class Chain:
    """LibreOffice with the add-in loaded, and the service on the other side of the inbox."""

    def __init__(self, app: Any, folder: Path) -> None:
        self.app = app
        (self.inbox,) = mailbox.inboxes("win32", {"LOCALAPPDATA": str(folder)})
        mailbox.Inbox(self.inbox).prepare()
        self.stop = threading.Event()
        self.defects: list[BaseException] = []
        self.shown: list[str] = []
        bell = serving.Answering(
            lambda: self.shown.append("page"),
            find=lambda request: app,
            dialogs=False,
            trouble=self.defects.append,
        )
        watch = threading.Thread(target=mailbox.watch, args=([self.inbox], bell.accept, self.stop))
        self.threads = [watch, threading.Thread(target=bell.work, args=(self.stop,))]
        for thread in self.threads:
            thread.start()

    def press(self, book: Any, procedure: str) -> None:
        """Press a button of the ribbon."""
        self.app.impl.bridge.call("press", book.impl.key, "JxRibbon", procedure)

    def until(self, cell: Any, value: Any) -> None:
        """Wait until a cell shows a value."""
        end = time.monotonic() + WAIT
        while cell.value != value and time.monotonic() < end:
            time.sleep(0.05)
        assert cell.value == value, self.defects

    def close(self) -> None:
        self.stop.set()
        for thread in self.threads:
            thread.join(WAIT)


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    pytest.importorskip("xlwings")
    from tests.desk.lo_engine import running, unavailable

    if unavailable():
        pytest.skip(f"LibreOffice：{unavailable()}")
    folder = tmp_path / "本地 数据"
    addin = tmp_path / "jixiao.xlsm"
    addin.write_bytes(making.xlam(making.FOLDER, "1.2.3", WORKBOOK))
    with running(macros=True, environ={"LOCALAPPDATA": str(folder)}) as app:
        app.impl.bridge.call("load_addin", str(addin))
        made = Chain(app, folder)
        yield made
        made.close()


def test_a_button_of_the_ribbon_fills_the_sheet_and_another_takes_it_back(
    chain: Chain, foreign: Path
) -> None:
    book = chain.app.books.open(foreign)
    sheet = book.sheets[SHEET]
    last = first_row() + len(list(the_rubric().indicators()))
    total = sheet.range(f"{column_letter(GOT)}{last}")
    assert total.value == 0
    chain.press(book, "JxScore")
    chain.until(total, sum(POINTS.values()))
    cells = {title: sheet.range(f"{column_letter(GOT)}{row_of(title)}").value for title in POINTS}
    assert cells == POINTS
    chain.press(book, "JxUndo")
    chain.until(total, 0)
    assert chain.defects == []
