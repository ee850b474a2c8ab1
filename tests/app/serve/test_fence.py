"""Who is let in: this machine, this page, this token; nothing of the machine is handed out."""

from __future__ import annotations

import re
import socket
from typing import Any

import pytest

from jixiao.app import service as serving
from tests.app.serve.loopback import Client


@pytest.mark.parametrize("token", [None, " ", "falsch", "令牌", "0" * 43])
def test_a_wrong_token_is_refused(client: Client, token: str | None) -> None:
    said = client.call("GET", "/api/about", token=token and token.encode().decode("latin-1"))
    assert (said.status, said.code) == (401, "J871")


def test_two_tokens_are_no_token(client: Client) -> None:
    token = client.service.keys.token
    host = f"127.0.0.1:{client.service.port}"
    lines = f"GET /api/about HTTP/1.1\r\nHost: {host}\r\nX-Jixiao-Token: {token}\r\nX-Jixiao-Token: {token}\r\n\r\n"
    assert client.raw(lines.encode()).startswith(b"HTTP/1.1 401 ")


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example:{port}"]
)
@pytest.mark.parametrize("path", ["/pane", "/api/about"])
def test_a_wrong_host_is_refused(client: Client, host: str, path: str) -> None:
    said = client.call("GET", path, Host=host.format(port=client.service.port))
    assert (said.status, said.code) == (421, "J869")


def test_localhost_by_name_is_this_machine(client: Client) -> None:
    assert client.call("GET", "/pane", Host=f"localhost:{client.service.port}").status == 200


@pytest.mark.parametrize(
    "origin", ["null", "https://evil.example", "http://127.0.0.1", "http://localhost:{port}", "file://"]
)
@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/api/sessions"), ("POST", "/api/open"), ("OPTIONS", "/api/open"), ("GET", "/pane")],
)
def test_another_origin_is_refused(client: Client, origin: str, method: str, path: str) -> None:
    said = client.call(method, path, Origin=origin.format(port=client.service.port))
    assert (said.status, said.code) == (403, "J870")


def test_our_own_origin_is_let_in(client: Client) -> None:
    said = client.call("POST", "/api/sessions", Origin=client.own, Sec_Fetch_Site="same-origin")
    assert said.status == 201
    client.call("DELETE", f"/api/sessions/{said.data['session']}")


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize(
    ("path", "mode", "dest"),
    [
        ("/pane", "", ""),
        ("/pane", "no-cors", "script"),
        ("/pane", "navigate", "iframe"),
        ("/pane/pane.js", "navigate", "document"),
        ("/api/about", "navigate", "document"),
    ],
)
def test_another_page_cannot_take_ours_in(client: Client, site: str, path: str, mode: str, dest: str) -> None:
    headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": dest}
    assert client.call("GET", path, **headers).code == "J870"


def test_the_file_that_opens_the_browser_leads_to_our_page(client: Client) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert client.call("GET", "/pane", **headers).status == 200
    assert client.call("POST", "/pane", **headers).code == "J870"


def test_every_answer_is_dressed_and_none_allows_another_origin(client: Client) -> None:
    answers = [
        client.call("GET", "/pane"),
        client.call("GET", "/nichts"),
        client.call("GET", "/api/about", token=None),
        client.call("GET", "/api/about"),
        client.call("GET", "/pane", Host="evil.example"),
        client.call("OPTIONS", "/api/about"),
    ]
    for said in answers:
        names = {name.lower(): value for name, value in said.headers.items()}
        policy = names["content-security-policy"]
        assert (
            "default-src 'none'" in policy
            and "script-src 'self';" in policy
            and "style-src 'self';" in policy
        )
        assert "unsafe" not in policy and "frame-ancestors 'none'" in policy
        assert names["x-content-type-options"] == "nosniff" and names["cache-control"] == "no-store"
        assert not [name for name in names if name.startswith("access-control")]
        assert "server" not in names


@pytest.mark.parametrize(
    "path",
    [
        "/pane/../web.py", "/pane/..%2fweb.py", "/pane/%2e%2e/web.py", "/pane/..%5cweb.py", "//etc/passwd", "/pane/%00",
        "/pane/hosts/../../run.py", "/pane/%252e%252e/web.py", "/wps/../excel/messages.yaml", "/docs", "/openapi.json",
        "/pane/index.html/", "/pane/INDEX.HTML",
    ],
)  # fmt: skip
def test_nothing_but_the_page_is_handed_out(client: Client, path: str) -> None:
    host = f"127.0.0.1:{client.service.port}"
    said = client.raw(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    assert said.startswith(b"HTTP/1.1 404 ") and b"J873" in said


def test_the_page_has_nothing_inline(client: Client) -> None:
    for path, (kind, data) in serving.pages().items():
        text = data.decode()
        if kind.startswith("text/html"):
            assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", text), path
            for address in re.findall(r'(?:src|href)="([^"#][^"]*)"', text):
                assert address.startswith("/") and client.call("GET", address, token=None).status == 200
        if kind.startswith("text/javascript"):
            assert not re.search(
                r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\(|new Function", text
            )


@pytest.mark.parametrize("path", ["/pane", "/pane/pane.js", "/pane/hosts/wps.js"])
def test_no_page_tells_the_token(client: Client, path: str) -> None:
    assert client.service.keys.token.encode() not in client.call("GET", path, token=None).body


def test_only_this_machine_can_knock(client: Client) -> None:
    addresses = {str(info[4][0]) for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    for address in addresses - {"127.0.0.1"}:
        with socket.socket() as line:
            line.settimeout(2)
            assert line.connect_ex((address, client.service.port)) != 0, address


def test_a_code_is_good_once(client: Client) -> None:
    code = client.service.link().partition("#")[2]
    first = client.call("POST", "/api/open", {"code": code}, token=None)
    assert first.data == {"token": client.service.keys.token}
    again = client.call("POST", "/api/open", {"code": code}, token=None)
    assert (again.status, again.code) == (401, "J872")


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b'{"code": 1}', b'{"path": "/etc"}', b"[" * 60_000, b'{"unit": "a\\u0000"}']
)
def test_a_wrong_question_is_told(client: Client, session: str, body: bytes) -> None:
    said = client.call("POST", f"{session}/score", body)
    assert (said.status, said.code) == (400, "J879")


@pytest.mark.parametrize("words", [{"rubric": "/etc/passwd"}, {"rubric": "x.yaml"}, {"year": "二〇二二"}])
def test_a_rubric_is_an_id_and_never_a_path(client: Client, session: str, words: dict[str, Any]) -> None:
    client.put(session, "表.csv", "甲,乙\n1,2\n".encode())
    assert client.call("POST", f"{session}/score", {"rubric": "suixi-2022", **words}).code == "J879"


def test_a_session_that_is_not_there(client: Client) -> None:
    said = client.call("GET", "/api/sessions/unknown")
    assert (said.status, said.code) == (404, "J875")


def test_where_no_excel_is_there_is_nothing_to_press(client: Client) -> None:
    if client.call("GET", "/api/about").data["desk"]:
        pytest.skip("这个系统上有 Excel 的自动化接口")
    assert client.call("POST", "/api/desk", {"verb": "score"}).code == "J873"
