"""The macros themselves, run by LibreOffice: button → request in the inbox → watch → answer → what the button says."""

from __future__ import annotations

import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from addin import making
from addin.making.package import WORKBOOK
from jixiao.app import inbox as mailbox
from jixiao.office import find_office
from jixiao.verify import ENGINES, find_python

pytestmark = pytest.mark.skipif(
    ENGINES["libreoffice"]() is not None, reason=f"宏需要 LibreOffice：{ENGINES['libreoffice']()}"
)
WORKER = Path(__file__).with_name("vba_worker.py")


class Office:
    """LibreOffice with the add-in open; a call is a function of a module, an answer what it returned."""

    def __init__(self, folder: Path, start: Callable[..., Any]) -> None:
        self.local = folder / "本地 数据"
        book = folder / "jixiao.xlsm"
        book.write_bytes(making.xlam(making.FOLDER, "1.2.3", WORKBOOK))
        environ = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))}
        self.profile = tempfile.TemporaryDirectory(prefix="jixiao-vba-")
        self.worker = start(
            [str(find_python()), "-I", str(WORKER), str(find_office()), self.profile.name, str(book)],
            {**environ, "LOCALAPPDATA": str(self.local)},
        )

    def call(self, module: str, function: str, *words: str) -> Any:
        return self.worker.ask(module, function, *words)

    def close(self) -> None:
        self.worker.close()
        self.profile.cleanup()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, start_worker: Callable[..., Any]) -> Iterator[Office]:
    made = Office(tmp_path_factory.mktemp("加载 项"), start_worker)
    yield made
    made.close()


@pytest.fixture
def inbox(office: Office) -> mailbox.Inbox:
    (folder,) = mailbox.inboxes("win32", {"LOCALAPPDATA": str(office.local)})
    made = mailbox.Inbox(folder)
    made.prepare()
    return made


@pytest.fixture
def served(inbox: mailbox.Inbox) -> Iterator[list[mailbox.ButtonRequest]]:
    heard: list[mailbox.ButtonRequest] = []
    stop = threading.Event()

    def accept(request: mailbox.ButtonRequest) -> mailbox.ButtonAnswer:
        heard.append(request)
        return mailbox.refused("busy") if request.verb == "fill" else mailbox.taken("好")

    thread = threading.Thread(target=mailbox.watch, args=([inbox.folder], accept, stop))
    thread.start()
    yield heard
    stop.set()
    thread.join(10)


def test_a_machine_without_the_service_installed(office: Office) -> None:
    """First of all: no test has made the inbox yet."""
    assert not office.local.exists()
    assert office.call("JxBell", "Ring", "score") == "absent"
    assert not office.local.exists()


def test_vba_and_python_know_the_same_inbox(office: Office, inbox: mailbox.Inbox) -> None:
    made = office.call("JxBell", "InboxFolder")
    assert Path(made) == inbox.folder


def test_messages_are_chinese_and_unknown_ones_are_told_too(office: Office) -> None:
    texts = making.messages(making.FOLDER / "excel" / "messages.yaml")
    assert {key: office.call("JxText", "Message", key) for key in texts} == texts
    assert office.call("JxText", "Message", "release") == "1.2.3"
    assert office.call("JxText", "Message", "no such") == texts["refused"]


@pytest.mark.parametrize("text", ["", "C:\\财政 局\\评分簿.xlsx", "𠮷\uffff￥", "a=b;c%d"])
def test_names_travel_as_letters(office: Office, text: str) -> None:
    assert office.call("JxText", "Letters", text) == mailbox.letters(text)


def test_a_request_is_taken(office: Office, served: list[mailbox.ButtonRequest]) -> None:
    assert office.call("JxBell", "Ring", "score") == "taken"
    (request,) = served
    assert (request.verb, request.host, request.addin, request.sheet) == ("score", "excel", "1.2.3", "消息")
    assert request.book.endswith("jixiao.xlsm")


def test_every_button_rings_with_its_own_request(office: Office, served: list[mailbox.ButtonRequest]) -> None:
    wanted = [name for name in mailbox.buttons() if name != "fill"]  # which is answered with a message box
    for name in wanted:
        office.call("JxRibbon", mailbox.buttons()[name].callback, "CONTROL")
    assert [request.verb for request in served] == wanted


def test_refusals_reach_the_button(office: Office, served: list[mailbox.ButtonRequest]) -> None:
    assert office.call("JxBell", "Ring", "fill") == "busy"
    assert office.call("JxBell", "Ring", "format") == "refused"
    assert [request.verb for request in served] == ["fill"]


def test_a_service_of_another_version(office: Office, inbox: mailbox.Inbox) -> None:
    stop = threading.Event()

    def other() -> None:
        while not stop.wait(0.02):
            for ident in inbox.waiting():
                (inbox.folder / f"{ident}.req").unlink()
                (inbox.folder / f"{ident}.ans").write_text("jixiao/1 mailbox.taken -\n\nend\n")

    thread = threading.Thread(target=other)
    thread.start()
    assert office.call("JxBell", "Ring", "score") == "version"
    stop.set()
    thread.join()


def test_nobody_answers_and_nothing_happens_later(office: Office, inbox: mailbox.Inbox) -> None:
    for path in inbox.folder.iterdir():
        path.unlink()
    assert office.call("JxBell", "Ring", "score") == "nobody"
    (left,) = inbox.folder.iterdir()
    assert mailbox.parse(left.stem, left.read_bytes()).verb == "score"
    heard: list[mailbox.ButtonRequest] = []
    stop = threading.Event()
    thread = threading.Thread(target=mailbox.watch, args=([inbox.folder], heard.append, stop))
    thread.start()
    for _ in range(200):
        if inbox.heard(left.stem) is not None:
            break
        time.sleep(0.02)
    stop.set()
    thread.join()
    told = inbox.heard(left.stem)
    assert (told.key if told else "", heard) == ("late", [])
