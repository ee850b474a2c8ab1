"""Buttons at work: a request in the inbox, the first answer, the desk, the second answer."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from jixiao.app import exchange
from jixiao.app import inbox as mailbox
from jixiao.app import service as serving
from jixiao.model import Busy, UsageStop
from tests.app.serve.loopback import Client
from tests.desk.told import told

Act = Callable[..., exchange.Answer]


class FakeDesk:
    """Keeps what it was asked, and in which thread; says what a test wants."""

    def __init__(self) -> None:
        self.asked: list[exchange.Request] = []
        self.threads: set[int] = set()
        self.told: list[bool] = []
        self.answer = exchange.Answer("score", message="得分 82.27，规则合计 82.00，等级 良")
        self.error: Exception | None = None
        self.hold = threading.Event()
        self.hold.set()

    def act(self, app: Any, request: exchange.Request, **more: Any) -> exchange.Answer:
        """One press."""
        self.asked.append(request)
        self.threads.add(threading.get_ident())
        self.hold.wait(10)
        if self.error is not None:
            raise self.error
        return self.answer


@pytest.fixture
def fake() -> FakeDesk:
    return FakeDesk()


@pytest.fixture
def shown() -> list[str]:
    """The addresses that the browser was asked to show."""
    return []


@pytest.fixture
def service(tmp_path: Path, fake: FakeDesk, shown: list[str]) -> Iterator[serving.Service]:
    """A running service with a fake desk, its work loop in a thread of its own."""
    pytest.importorskip("uvicorn")
    made = serving.Service(
        0, home=tmp_path / "家", browse=shown.append, find=lambda _: object(), act=fake.act
    )
    with made.running():
        worker = threading.Thread(target=made.work)
        worker.start()
        yield made
        fake.hold.set()
        made.stop.set()
        worker.join(10)


def ring(service: serving.Service, verb: str, **about: Any) -> mailbox.ButtonAnswer:
    """Ring, and wait for the end of the work."""
    assert service.home is not None
    final = ("done", "failed", "refused")
    answer = mailbox.ring(service.home / "inbox", verb, host=about.pop("host", "excel"), until=final, **about)
    assert answer is not None
    return answer


def test_a_button_reaches_the_desk(service: serving.Service, fake: FakeDesk) -> None:
    answer = ring(service, "score", window=67432, book="C:\\财务\\评分 簿.xlsx", sheet="评分表")
    assert answer == mailbox.ButtonAnswer("done", "-", "得分 82.27，规则合计 82.00，等级 良")
    assert (fake.asked[0].verb, fake.asked[0].book, fake.asked[0].sheet) == (
        "score",
        "C:\\财务\\评分 簿.xlsx",
        "评分表",
    )


def test_excel_is_spoken_to_from_one_thread(service: serving.Service, fake: FakeDesk) -> None:
    for _ in range(3):
        ring(service, "check", book="a.xlsx")
    assert len(fake.asked) == 3 and len(fake.threads) == 1
    assert threading.get_ident() not in fake.threads


def test_what_went_wrong_is_told(service: serving.Service, fake: FakeDesk) -> None:
    fake.answer = exchange.Answer("score", ok=False, message="表格软件正忙")
    assert ring(service, "score", book="a.xlsx") == mailbox.ButtonAnswer("failed", "-", "表格软件正忙")
    fake.error = RuntimeError("boom")
    answer = ring(service, "score", book="a.xlsx")
    assert answer.state == "failed" and "RuntimeError" in answer.text
    fake.error = None
    fake.answer = exchange.Answer("score", message="好")
    assert ring(service, "score", book="a.xlsx").text == "好"


def test_more_presses_than_may_wait_are_told_that_it_is_busy(
    service: serving.Service, fake: FakeDesk
) -> None:
    fake.hold.clear()
    folder = Path(str(service.home)) / "inbox"
    answers = []
    for _ in range(serving.WAITING + 2):
        answers.append(mailbox.ring(folder, "score", host="excel", book="a.xlsx"))
        time.sleep(0.1)
    assert [a.state for a in answers if a] == ["taken"] * (serving.WAITING + 1) + ["refused"]
    assert answers[-1] is not None and answers[-1].key == "busy"
    fake.hold.set()


def state_of(service: serving.Service, address: str) -> Any:
    """What a page that is opened at an address finds there."""
    return Client(service).call("GET", f"/api/sessions/{address.rpartition(':')[2]}").data


def test_help_and_what_needs_a_choice_open_the_page(
    service: serving.Service, fake: FakeDesk, shown: list[str], master: Path
) -> None:
    assert ring(service, "help").state == "done"
    fake.answer = exchange.Answer("new", ok=False, message="请选择评分表", need="rubric")
    assert ring(service, "new", book="a.xlsx").state == "done"
    fake.answer = exchange.Answer("report", ok=False, message="请选择", need="target", path=str(master))
    assert ring(service, "report", book="a.xlsx").text == "请选择\n请在打开的网页中继续"
    found = state_of(service, shown[-1])
    assert [(file["name"], file["role"]) for file in found["files"]] == [("评分簿.xlsx", "book")]
    assert found["told"]["score"]["total"] == 82.27, "the workbook of the button is there, and scored"
    assert len(shown) == 3
    for address in shown:
        assert address.startswith(f"http://127.0.0.1:{service.port}/pane#")
        assert service.keys.token not in address
    assert len(set(shown)) == 3


@pytest.mark.parametrize(("host", "code"), [("wps", "J883"), ("cli", "J883")])
def test_a_host_out_of_reach_is_told(host: str, code: str) -> None:
    with pytest.raises(UsageStop) as stop:
        serving.find_app(mailbox.ButtonRequest("x", "score", host=host))
    assert stop.value.finding.code == code


def test_without_excel_the_button_is_told(service: serving.Service, shown: list[str]) -> None:
    def none(_: mailbox.ButtonRequest) -> Any:
        raise UsageStop("J884", why="没有安装 xlwings")

    service.answering._find = none
    answer = ring(service, "score", book="a.xlsx")
    assert answer.state == "failed" and "xlwings" in answer.text and len(shown) == 1


def press_calc(
    service: serving.Service, verb: str, book: Path | None, name: str, sheet: str
) -> tuple[mailbox.ButtonAnswer, Path]:
    """What the LibreOffice extension does: cells or a copy beside the request, then the request."""
    folder, ident = Path(str(service.home)) / "inbox", mailbox.new_ident()
    if book is not None and verb in ("score", "check", "undo"):
        (folder / f"{ident}.book").write_text(json.dumps(told(book, sheet, spelling="excel")), "utf-8")
    elif book is not None:
        (folder / f"{ident}.xlsx").write_bytes(book.read_bytes())
    inbox = mailbox.Inbox(folder)
    inbox.put(mailbox.ButtonRequest(ident, verb, "libreoffice", book=name, sheet=sheet))
    for _ in range(1500):
        answer = inbox.heard(ident)
        if answer is not None and answer.state != "taken":
            return answer, folder / f"{ident}.cells"
        time.sleep(0.02)
    raise AssertionError(verb)


def test_libreoffice_hands_over_a_copy(service: serving.Service, master: Path, shown: list[str]) -> None:
    answer, cells = press_calc(service, "score", master, "评分簿.xlsx", "评分表")
    assert answer.state == "done" and "82.27" in answer.text, answer
    assert json.loads(cells.read_text("utf-8"))["findings"][0][1:] == ["评分表", "N10"]
    answer, _ = press_calc(service, "check", master, "评分簿.xlsx", "评分表")
    assert answer.state == "done" and "勾稽" in answer.text
    answer, _ = press_calc(service, "verify", master, "评分簿.xlsx", "评分表")
    assert answer.state == "done" and "核验通过" in answer.text
    answer, _ = press_calc(service, "score", None, "评分簿.xlsx", "评分表")
    assert answer.state == "failed"
    answer, _ = press_calc(service, "undo", master, "评分簿.xlsx", "评分表")
    assert answer.state == "failed" and "没有可以撤销的评分" in answer.text
    for verb, name in (("fill", "评分簿.xlsx"), ("report", "/家/无标题 1")):
        answer, _ = press_calc(service, verb, master, name, "评分表")
        assert answer.state == "done" and answer.text == "请在打开的网页中继续"
    assert [state_of(service, address)["chosen"] for address in shown] == ["评分簿.xlsx", "无标题 1.xlsx"]


def test_what_was_typed_to_be_taken_over_is_told_where_a_button_cannot_do_it(
    service: serving.Service, master: Path
) -> None:
    data = told(master, "评分表")
    waiting = next(sheet for sheet in data["sheets"] if sheet["name"] == "待填")
    row = next(line for line in waiting["values"] if line[1] == "收入预算数")
    row[6] = "15万元"
    answer, writes = service.answering.told(data, exchange.Request("score"))
    assert (answer.ok, [f["code"] for f in answer.findings], writes) == (False, ["J805"], [])


HOSTILE: list[Any] = [
    [], {}, {"sheets": 3}, {"sheets": [{}], "names": {}},
    {"name": 1, "active": "甲", "names": {}, "sheets": []},
    {"name": "甲", "active": "乙", "names": {}, "sheets": [{"name": "甲", "row": 0, "column": 1, "values": [], "formulas": {}}]},
    {"name": "甲", "active": "甲", "names": [], "sheets": [{"name": "甲", "row": 1, "column": 1, "values": [3], "formulas": {}}]},
]  # fmt: skip


@pytest.mark.parametrize("data", HOSTILE, ids=range(len(HOSTILE)))
def test_cells_that_are_none_are_told(service: serving.Service, data: Any) -> None:
    with pytest.raises(UsageStop) as stop:
        service.answering.told(data, exchange.Request("score"))
    assert stop.value.finding.code == "J879"


@pytest.mark.parametrize(
    "sheet",
    [
        {"values": [[{"a": 1}, [2], None]], "formulas": {}},
        {"values": [["甲"]], "formulas": {"x": "=", "0,0": 3, "9,9": "=A1"}},
        {"values": [[1e999, -1e999]], "formulas": {}, "errors": {"0,0": "#N/A"}},
    ],
)
def test_strange_cells_are_no_table(service: serving.Service, sheet: Any) -> None:
    whole = {"name": "甲", "row": 1, "column": 1, **sheet}
    data = {"name": "甲.xlsx", "active": "甲", "names": {}, "sheets": [whole]}
    answer, cells = service.answering.told(data, exchange.Request("score"))
    assert (answer.ok, [f["code"] for f in answer.findings], cells) == (False, ["J833"], [])


def test_one_service_a_user(service: serving.Service) -> None:
    with pytest.raises(Busy) as stop, serving.Service(0, home=service.home, browse=print).running():
        pass
    assert stop.value.finding.code == "J856"


def test_a_taken_port_is_told(service: serving.Service, tmp_path: Path) -> None:
    with (
        pytest.raises(Busy) as stop,
        serving.Service(service.port, home=tmp_path / "二", browse=print).running(),
    ):
        pass
    assert stop.value.finding.code == "J867"


def test_everything_is_removed_in_the_end(tmp_path: Path) -> None:
    pytest.importorskip("uvicorn")
    home, before = tmp_path / "家", set(threading.enumerate())
    (home / "work" / "alt").mkdir(parents=True)
    (home / "work" / "alt" / "liegen.xlsx").touch()
    service = serving.Service(0, home=home, browse=print)
    with service.running():
        assert not (home / "work" / "alt").exists()
        kept = service.sessions.new().folder
        assert kept.is_dir()
    assert not (home / "work").exists()
    assert not set(threading.enumerate()) - before
