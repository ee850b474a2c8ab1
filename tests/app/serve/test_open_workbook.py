"""The whole way of a button: inbox, watch, service, desk, a real spreadsheet program, its cells, the second answer."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jixiao.app import inbox as mailbox
from jixiao.app import service as serving
from tests.app.serve.loopback import Client


@pytest.fixture(scope="module")
def office() -> Iterator[Any]:
    """An xlwings App over LibreOffice, as the desk's own tests have it; skipped with the reason where it is not there."""
    pytest.importorskip("xlwings")
    from tests.desk.lo_engine import running, unavailable

    why = unavailable()
    if why:
        pytest.skip(f"LibreOffice：{why}")
    with running() as app:
        yield app


@pytest.fixture
def service(office: Any, tmp_path: Path) -> Iterator[serving.Service]:
    """A running service whose Excel is LibreOffice."""
    pytest.importorskip("uvicorn")
    made = serving.Service(
        0, home=tmp_path / "家", browse=lambda _: None, find=lambda _: office, dialogs=False
    )
    with made.running():
        worker = threading.Thread(target=made.work)
        worker.start()
        yield made
        made.stop.set()
        worker.join(20)


def press(service: serving.Service, verb: str, book: Path, sheet: str) -> mailbox.ButtonAnswer:
    """What the button in Excel does, and the end of the work."""
    folder = Path(str(service.home)) / "inbox"
    final = ("done", "failed", "refused")
    answer = mailbox.ring(folder, verb, host="excel", book=str(book), sheet=sheet, until=final, patience=60.0)
    assert answer is not None
    return answer


def test_an_officers_own_sheet_is_filled_and_taken_back(
    service: serving.Service, office: Any, own_table: Path, tmp_path: Path
) -> None:
    from tests.desk import foreign_book

    folder = tmp_path / "财务 科"
    folder.mkdir()
    path = Path(shutil.copy(own_table, folder / "自评 表.xlsx"))
    book = office.books.open(path)
    try:
        sheet = book.sheets[foreign_book.SHEET]
        before = sheet.used_range.formula
        answer = press(service, "score", path, foreign_book.SHEET)
        assert answer.state == "done" and "填写" in answer.text, answer
        after = sheet.used_range.formula
        assert after != before
        assert press(service, "score", path, foreign_book.SHEET).state == "done"
        assert sheet.used_range.formula == after, "a second press leaves the same cells"
        assert press(service, "undo", path, foreign_book.SHEET).state == "done"
        assert sheet.used_range.formula == before
    finally:
        book.close()


def test_the_page_scores_the_open_workbook_without_any_macro(
    service: serving.Service, office: Any, master: Path, tmp_path: Path
) -> None:
    client, path = Client(service), Path(shutil.copy(master, tmp_path / "打开的.xlsx"))
    assert client.call("GET", "/api/about").data["desk"] is True
    none = client.call("POST", "/api/desk", {"verb": "score"}).data
    assert not none["ok"] and none["findings"][0]["code"] == "J831"
    book = office.books.open(path)
    try:
        made = client.call("POST", "/api/desk", {"verb": "score"}).data
        assert (made["ok"], made["total"], made["book"]) == (True, 82.27, "打开的.xlsx")
        assert "勾稽" in client.call("POST", "/api/desk", {"verb": "check"}).data["message"]
        for verb in ("fill", "new", "quit", ""):
            assert client.call("POST", "/api/desk", {"verb": verb}).code == "J873"
        assert client.call("POST", "/api/desk", {"verb": "score"}, token=None).code == "J871"
    finally:
        book.close()


def test_our_own_workbook_is_scored_open_and_unsaved(
    service: serving.Service, office: Any, master: Path, tmp_path: Path
) -> None:
    path = Path(shutil.copy(master, tmp_path / "评分 簿.xlsx"))
    book = office.books.open(path)
    try:
        answer = press(service, "score", path, "评分表")
        assert answer.state == "done" and "得分 82.27" in answer.text
        assert press(service, "score", tmp_path / "没打开.xlsx", "评分表").state == "failed"
    finally:
        book.close()
