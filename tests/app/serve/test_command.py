"""``jixiao serve`` as a person runs it: a process of its own, its lines, Ctrl+C, a second start, and what it connects to."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit
from urllib.request import url2pathname

import pytest

from jixiao.app import demo
from jixiao.app import service as serving

SRC = Path(__file__).resolve().parents[3] / "src"
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="信号和浏览器的替身只在 POSIX 上")
WATCHED = """
import json, sys
seen = open(sys.argv[1], "a")
def watch(event, given):
    if event in ("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto", "urllib.Request"):
        seen.write(json.dumps([event, repr(given[1:])]) + chr(10)); seen.flush()
sys.addaudithook(watch)
from jixiao.app import main
sys.exit(main(sys.argv[2:]))
"""


class Running:
    """A service in a process of its own, in a home of its own; its browser only notes what it is given."""

    def __init__(self, home: Path) -> None:
        pytest.importorskip("uvicorn")
        self.home, self.seen, self.opened = home, home / "seen.txt", home / "opened.txt"
        browser = home / "browser"
        browser.write_text(f'#!/bin/sh\necho "$1" >> "{self.opened}"\n', "utf-8")
        browser.chmod(0o755)
        self.environ = {
            **os.environ,
            "PYTHONPATH": str(SRC),
            "PYTHONUTF8": "1",
            "HOME": str(home),
            "XDG_DATA_HOME": str(home / "数据"),
            "BROWSER": str(browser),
        }
        self.process = self.start("--port", "0", "--no-browser")
        assert self.process.stdout is not None
        lines = [self.process.stdout.readline() for _ in range(3)]
        self.first = "".join(lines)
        found = re.search(r"http://127\.0\.0\.1:(\d+)/pane#(\S+) （", lines[1])
        assert found, self.process.communicate(timeout=20)
        self.port, self.code = int(found[1]), found[2]

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Another ``jixiao serving.serve``, watched."""
        return subprocess.Popen(
            [sys.executable, "-c", WATCHED, str(self.seen), "serve", *words],
            env=self.environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def ask(self, method: str, path: str, token: str = "", body: Any = None) -> Any:
        """A question; bytes go as they are."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        sent = body if isinstance(body, bytes) or body is None else json.dumps(body)
        line.request(method, path, sent, {"X-Jixiao-Token": token} if token else {})
        answer = line.getresponse().read()
        line.close()
        return json.loads(answer)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Running]:
    made = Running(tmp_path)
    yield made
    if made.process.poll() is None:
        made.process.kill()
    made.process.communicate(timeout=10)


def test_it_serves_and_ends_cleanly_with_ctrl_c(service: Running) -> None:
    assert "只在本机应答" in service.first and "按 Ctrl+C 结束" in service.first
    token = service.ask("POST", "/api/open", body={"code": service.code})["token"]
    session = f"/api/sessions/{service.ask('POST', '/api/sessions', token)['session']}"
    for name in (*demo.SOURCES, demo.JUDGEMENTS):
        service.ask(
            "PUT", f"{session}/files?name={quote(name)}", token, (demo.specimen_folder() / name).read_bytes()
        )
    assert service.ask("POST", f"{session}/score", token, {"rubric": "suixi-2022"})["total"] == 82.27
    work = service.home / "数据" / "jixiao" / "work"
    assert list(work.rglob("*.xlsx"))

    service.process.send_signal(signal.SIGINT)
    out, err = service.process.communicate(timeout=30)
    assert (service.process.returncode, err) == (0, "")
    assert out == "服务已停止，临时文件已删除\n"
    assert not work.exists()

    events = [json.loads(line) for line in service.seen.read_text("utf-8").splitlines()]
    assert [event for event in events if "127.0.0.1" not in event[1]] == [], "loopback only"
    assert {event[0] for event in events} == {"socket.bind"}, "it waits to be asked, and asks nobody"


def test_it_ends_when_it_is_asked_to(service: Running) -> None:
    for said in ("服务已结束\n", "服务没有在运行\n"):
        out, err = service.start("--stop").communicate(timeout=60)
        assert (out, err) == (said, "")
    out, err = service.process.communicate(timeout=30)
    assert (service.process.returncode, err) == (0, "") and out == "服务已停止，临时文件已删除\n"


def test_a_second_start_opens_the_page_of_the_first(service: Running) -> None:
    second = service.start("--port", "0")
    out, err = second.communicate(timeout=30)
    assert (second.returncode, err) == (0, "")
    assert "已经在运行" in out and "已请它打开网页" in out
    for _ in range(100):
        if service.opened.is_file():
            break
        time.sleep(0.05)
    given = service.opened.read_text("utf-8").strip()
    way = Path(url2pathname(urlsplit(given).path))
    found = re.search(rf'url=http://127.0.0.1:{service.port}/pane#([\w-]+)"', way.read_text("utf-8"))
    assert found and found[1] not in given, "what a program is started with, everybody can read"
    assert stat.S_IMODE(way.stat().st_mode) == 0o600 and way.is_relative_to(service.home)
    assert "token" in service.ask("POST", "/api/open", body={"code": found[1]})
    third = service.start("--no-browser", "--port", "0")
    out, err = third.communicate(timeout=30)
    assert third.returncode == 4 and "J856" in err and err.count("\n") == 1


def test_a_taken_port_is_one_line(service: Running, tmp_path: Path) -> None:
    service.environ["XDG_DATA_HOME"] = str(tmp_path / "另一个")
    second = service.start("--port", str(service.port), "--no-browser")
    out, err = second.communicate(timeout=30)
    assert (second.returncode, out) == (4, "")
    assert "J867" in err and "--port" in err and err.count("\n") == 1


@pytest.mark.parametrize("port", ["-1", "65536", "八千", "1e3"])
def test_a_port_is_a_number(run: Any, port: str) -> None:
    ran = run("serve", "--port", port)
    assert ran.code == 2 and "--port" in ran.line


def test_without_the_libraries_it_says_what_to_install(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    ran = run("serve", "--no-browser")
    assert ran.code == 2 and "J866" in ran.line and "jixiao[serve]" in ran.line


def test_without_a_window_nothing_is_written_and_nothing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As pythonw starts it: no stdout, no stderr."""
    pytest.importorskip("uvicorn")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    monkeypatch.setattr(serving.Service, "work", lambda self: None)
    assert serving.serve(0, silent=True) == 0
    for stream in (sys.stdout, sys.stderr):
        assert stream is not None
        stream.close()


def test_codes_run_out() -> None:
    now = [0.0]
    keys = serving.Keys(lambda: now[0])
    old = keys.link_code()
    now[0] = serving.LINK_SECONDS + 1
    assert keys.redeem(old) is None
    typed, link = keys.pair_code(), keys.link_code()
    for _ in range(serving.MOST_WRONG):
        assert keys.redeem("1234") is None
    assert keys.redeem(typed) is None, "a short code is gone after a few guesses"
    assert keys.redeem(link) == keys.token
    assert keys.redeem(link) is None
