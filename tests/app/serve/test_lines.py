"""Rude connections, and what the protocol itself has to say: in time, bounded, in Chinese."""

from __future__ import annotations

import json
import os
import shutil
import socket
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from jixiao.app import demo
from tests.app.serve.loopback import Client, Said

HALVES = {
    "nothing": "",
    "half a line": "GET /pa",
    "half a head": "GET /pane HTTP/1.1\r\nHost: 127.0.0.1\r\n",
    "half a body": "POST /api/open HTTP/1.1\r\nHost: {host}\r\nContent-Length: 90\r\n\r\n{{",
}


def connect(client: Client, text: str) -> socket.socket:
    """A line on which something is said, and no more."""
    line = socket.create_connection(("127.0.0.1", client.service.port), timeout=20)
    line.sendall(text.format(host=f"127.0.0.1:{client.service.port}").encode())
    return line


@pytest.mark.parametrize("half", HALVES)
def test_hanging_lines_keep_nobody_out(client: Client, half: str) -> None:
    with ExitStack() as lines:
        for _ in range(150):
            lines.enter_context(connect(client, HALVES[half]))
        assert client.call("GET", "/pane", token=None).status == 200
        assert client.call("POST", "/api/open", {"code": "x"}, token=None).code == "J872"


@pytest.mark.parametrize("half", ["half a line", "half a head"])
def test_a_head_that_never_ends_is_not_waited_for(
    client: Client, half: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jixiao.app.service.lines.HEAD_SECONDS", 0.3)
    with connect(client, HALVES[half]) as line:
        said = b"".join(iter(lambda: line.recv(65_536), b""))
    assert said.startswith(b"HTTP/1.1 408 ") and b"J887" in said


def test_a_drop_now_and_then_is_no_head(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jixiao.app.service.lines.HEAD_SECONDS", 0.5)
    with connect(client, "GET /pane HTTP/1.1\r\n") as line:
        started, ended = time.monotonic(), False
        while not ended and time.monotonic() - started < 5:
            time.sleep(0.1)
            try:
                line.sendall(b"X: y\r\n")
            except OSError:
                ended = True
    assert ended


PROTOCOL = {
    "GARBAGE\r\n\r\n": (400, "J886"),
    "GET /pane\r\n\r\n": (400, "J886"),
    "GET /päne HTTP/1.1\r\nHost: {host}\r\n\r\n": (400, "J886"),
    "GET /pane HTTP/1.1\r\nHost: {host}\r\nX: " + "y" * 90_000: (400, "J886"),
    "GET /nichts HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n": (404, "J873"),
    "POST /pane HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n": (405, "J874"),
    "BREW /pane HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n": (405, "J874"),
    "GET /pane HTTP/1.1\r\nHost: {host}\r\nConnection: close, upgrade\r\nUpgrade: websocket\r\n\r\n": (
        200,
        "",
    ),
    "POST /api/open HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{{x": (
        400,
        "J879",
    ),
    "POST /api/open HTTP/1.1\r\nHost: {host}\r\nContent-Length: 99000000\r\n\r\n": (413, "J868"),
}


@pytest.mark.parametrize("text", PROTOCOL)
def test_errors_of_the_protocol_are_told_in_chinese(client: Client, text: str) -> None:
    status, code = PROTOCOL[text]
    with connect(client, text) as line:
        said = b"".join(iter(lambda: line.recv(65_536), b""))
    assert said.startswith(f"HTTP/1.1 {status} ".encode())
    if code:
        error = json.loads(said.partition(b"\r\n\r\n")[2])["error"]
        assert error["code"] == code and not error["message"].isascii() and not error["advice"].isascii()


@pytest.fixture(params=[0o000, 0o077])
def umask(request: Any) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


def filled(client: Client, session: str) -> None:
    """Put the specimen into a session."""
    for name in (*demo.SOURCES, demo.JUDGEMENTS):
        assert client.put(session, name, (demo.specimen_folder() / name).read_bytes()).status == 200


@pytest.mark.usefixtures("umask")
def test_what_is_kept_is_for_this_user_alone(client: Client, own_table: Path) -> None:
    session = client.session()
    filled(client, session)
    assert client.put(session, own_table.name, own_table.read_bytes()).status == 200
    assert client.call("POST", f"{session}/score", {"rubric": "suixi-2022"}).data["total"] == 82.27
    assert client.call("POST", f"{session}/report", {"kind": "自评", "draft": True}).status == 200
    client.call("POST", f"{session}/own", {"file": own_table.name, "rubric": "suixi-2022"})
    home = client.service.sessions.folder
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (home, *home.rglob("*"))}
    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o700}
    assert {mode for path, mode in modes.items() if path.is_file()} == {0o600}, modes
    names = {path.suffix for path in modes}
    assert {".xlsx", ".docx"} <= names and any(path.parent.name == "own" for path in modes)
    client.call("DELETE", session)


ENDING = ["score", "check", "verify", "report", "book", "files", "put", "drop"]


@pytest.mark.parametrize(
    ("verb", "how"), [*((verb, "removed") for verb in ENDING), ("score", "ended"), ("put", "ended")]
)
def test_a_session_that_goes_under_a_request_is_told(
    client: Client, verb: str, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = client.session()
    filled(client, session)
    if verb in ("check", "verify", "report", "book"):
        assert client.call("POST", f"{session}/score", {"rubric": "suixi-2022"}).status == 200
    sessions = client.service.sessions
    known, real = sessions.get(session.rpartition("/")[2]), type(sessions).get

    def get(self: Any, ident: str) -> Any:
        found = real(self, ident)
        if ident == known.ident:
            self.end(ident) if how == "ended" else shutil.rmtree(found.folder)
        return found

    monkeypatch.setattr(type(sessions), "get", get)
    calls: dict[str, tuple[str, str, Any]] = {
        "book": ("GET", f"{session}/book", None),
        "files": ("GET", session, None),
        "put": ("PUT", f"{session}/files?name=a.csv", b"1,2\n"),
        "drop": ("DELETE", f"{session}/files?name=x.csv", None),
    }
    said = client.call(
        *calls.get(verb, ("POST", f"{session}/{verb}", {"rubric": "suixi-2022"} if verb == "score" else {}))
    )
    assert (said.status, said.code) == (404, "J875"), said.body
    assert not said.data["error"]["message"].isascii()


def test_deleting_while_work_goes_on(client: Client) -> None:
    answers: list[Said] = []
    for wait in (0.0, 0.05, 0.2):
        session = client.session()
        filled(client, session)

        def press(path: str = f"{session}/score") -> None:
            answers.append(client.call("POST", path, {"rubric": "suixi-2022"}))

        work = [threading.Thread(target=press) for _ in range(2)]
        for thread in work:
            thread.start()
        time.sleep(wait)
        client.call("DELETE", session)
        for thread in work:
            thread.join()
    assert {said.status for said in answers} <= {200, 404}
    assert {said.code for said in answers if said.status == 404} <= {"J875"}
