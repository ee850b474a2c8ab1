"""What is uploaded is hostile until proved otherwise: counted while it is read, checked by content, named by us."""

from __future__ import annotations

import io
import zipfile
from urllib.parse import quote

import pytest

from jixiao import pipeline
from jixiao.app import demo
from jixiao.app import service as serving
from jixiao.master import build
from jixiao.model import Refused
from tests.app.serve.loopback import Client
from tests.office.pdf_maker import Paper, pdf

LIMIT = 30 * 1_000_000


def chunked(client: Client, session: str, size: int, *, end: bool = True) -> bytes:
    """Send ``size`` bytes in chunks, without telling how many there will be."""
    head = (
        f"PUT {session}/files?name=a.csv HTTP/1.1\r\nHost: 127.0.0.1:{client.service.port}\r\n"
        f"X-Jixiao-Token: {client.service.keys.token}\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    piece = b"a" * 100_000
    body = (f"{len(piece):x}\r\n".encode() + piece + b"\r\n") * (size // len(piece))
    return client.raw(head.encode() + body + (b"0\r\n\r\n" if end else b""))


def test_thirty_megabytes_in_chunks_are_refused_while_reading(client: Client, session: str) -> None:
    said = chunked(client, session, LIMIT)
    assert said.startswith(b"HTTP/1.1 413 ") and b"J868" in said
    assert client.call("GET", session).data["files"] == []


def test_a_stream_without_end_is_cut(client: Client, session: str) -> None:
    try:
        said = chunked(client, session, 3 * LIMIT, end=False)
    except OSError:
        said = b""  # the line was closed before everything was sent
    assert not said or said.startswith(b"HTTP/1.1 413 ")
    assert client.call("GET", session).data["files"] == []


def test_a_length_that_is_told_is_refused_at_once(client: Client, session: str) -> None:
    head = (
        f"PUT {session}/files?name=a.csv HTTP/1.1\r\nHost: 127.0.0.1:{client.service.port}\r\n"
        f"X-Jixiao-Token: {client.service.keys.token}\r\nContent-Length: 999000000\r\n\r\n"
    )
    assert client.raw(head.encode()).startswith(b"HTTP/1.1 413 ")


def test_a_sender_that_stops_is_not_waited_for(
    client: Client, session: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jixiao.app.service.fence.SECONDS", 0.3)
    head = (
        f"PUT {session}/files?name=a.csv HTTP/1.1\r\nHost: 127.0.0.1:{client.service.port}\r\n"
        f"X-Jixiao-Token: {client.service.keys.token}\r\nContent-Length: 1000\r\n\r\nabc"
    )
    said = client.raw(head.encode())
    assert said.startswith(b"HTTP/1.1 422 ") and b"J882" in said


def test_a_body_just_below_the_limit_is_read(client: Client, session: str) -> None:
    said = client.put(session, "表.csv", b"1," * (LIMIT // 2 - 1))
    assert said.status == 200 and said.data["files"][0]["size"] == LIMIT - 2


def bomb() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("xl/worksheets/sheet1.xml", b"<a/>" + b" " * 200_000_000)
    return made.getvalue()


def packed(**parts: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        for name, text in parts.items():
            package.writestr(name, text)
    return made.getvalue()


HOSTILE = {
    "网页.xlsx": (b"<html><body><script>alert(1)</script></body></html>", "J501"),
    "空.xlsx": (b"", "J502"),
    "图.xlsx": (b"%PDF-1.7 ...", "J15"),
    "乱.xls": (b"\x00\x01\x02" * 500, "J501"),
    "短.xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "J503"),
    "加密.xlsx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") * 99, "J505"),
    "包.xlsx": (packed(**{"readme.txt": "x"}), "J501"),
    "实体.xlsx": (packed(**{"[Content_Types].xml": '<!DOCTYPE x [<!ENTITY a "b">]><Types/>'}), "J5"),
}  # fmt: skip


def test_a_pdf_fills_and_shows_its_places(client: Client, session: str) -> None:
    pytest.importorskip("pypdfium2")
    assert client.put(session, "决算.pdf", pdf(Paper().table())).status == 200
    made = client.call("POST", f"{session}/score", {"rubric": "suixi-2022"})
    fact = next(each for each in made.data["facts"] if each["name"] == "本年收入合计")
    assert (fact["value"], fact["sheet"], fact["box"][0]) == ("1234.56", "第1页", 1)
    where = f"{session}/picture?file={quote(fact['file'])}&box="
    seen = client.call("GET", where + ",".join(map(str, fact["box"])))
    assert (
        seen.status == 200
        and seen.body.startswith(b"\x89PNG")
        and seen.headers["content-type"] == "image/png"
    )
    assert client.call("GET", where + "7,1,1,9,9").status == 422
    for wrong in ("", "1,2,3,4", "1,2,3,4,x", "1,2,3,4,999999"):
        assert client.call("GET", where + wrong).status == 400
    assert client.call("GET", f"{session}/picture?file=..&box=1,1,1,9,9").status == 400


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_told_in_chinese(client: Client, session: str, name: str) -> None:
    data, code = HOSTILE[name]
    said = client.put(session, name, data)
    error = said.data["error"]
    assert said.status in (413, 422) and error["code"].startswith(code), error
    assert error["advice"] and error["sources"][0]["file"] == name
    assert client.call("GET", session).data["files"] == []


def test_a_zip_bomb_is_stopped(client: Client, session: str) -> None:
    said = client.put(session, "炸弹.xlsx", bomb())
    assert said.status in (413, 422) and said.code.startswith("J5")


def test_a_macro_is_never_run_and_a_torn_file_is_told(client: Client, session: str) -> None:
    source = (demo.specimen_folder() / demo.SOURCES[0]).read_bytes()
    made = io.BytesIO(source)
    with zipfile.ZipFile(made, "a") as package:
        package.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 Auto_Open Shell")
    assert client.put(session, "带宏.xlsm", made.getvalue()).data["role"] == "source"
    torn = client.put(session, "半个.xlsx", source[: len(source) // 2])
    assert torn.status == 422 and torn.code.startswith("J5")


@pytest.mark.parametrize("name", ["a.exe", "a.docx", "", "表", "a.xlsx.lnk", "a.vbs"])
def test_only_tables_and_facts_are_taken(client: Client, session: str, name: str) -> None:
    assert client.put(session, name, b"x").code == "J878"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("决算报表.xlsx", "决算报表.xlsx"),
        ("../../etc/表.XLSX", "表.xlsx"),
        ("C:\\用户\\表.xls", "表.xls"),
        ("a\u202eslx.xlsx", "aslx.xlsx"),
        ("CON.csv", "_CON.csv"),
        (" . .xlsx", None),
        ("a:b|c?.csv", "a_b_c_.csv"),
        ("长" * 300 + ".ods", "长" * 65 + ".ods"),
        ("\x00\x01表\n.csv", "表.csv"),
    ],
)
def test_names_are_made_harmless(given: str, kept: str | None) -> None:
    if kept is None:
        with pytest.raises(Refused):
            serving.clean_name(given)
    else:
        assert serving.clean_name(given) == kept
        assert serving.clean_name(kept) == kept


def test_files_lie_in_a_private_folder_only(client: Client, session: str) -> None:
    client.put(session, "../../../表.csv", "甲,乙\n".encode())
    home = client.service.sessions.folder
    found = [path for path in home.rglob("*.csv") if path.name == "表.csv"]
    assert len(found) == 1 and found[0].parent.name == "given"
    assert home.stat().st_mode & 0o077 == 0
    client.call("DELETE", session)
    assert not found[0].exists() and not found[0].parents[1].exists()


def test_a_second_file_of_a_name_takes_the_place_of_the_first(client: Client, session: str) -> None:
    for text in ("甲,乙\n", "甲,乙,丙\n"):
        said = client.put(session, "表.csv", text.encode())
    assert [file["size"] for file in said.data["files"]] == [len("甲,乙,丙\n".encode())]


def test_too_many_files_and_too_many_sessions(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jixiao.app.service.sessions.MOST_FILES", 2)
    session = client.session()
    codes = [client.put(session, f"{number}.csv", b"1,2\n") for number in range(3)]
    assert codes[1].status == 200 and (codes[2].status, codes[2].code) == (413, "J877")
    monkeypatch.setattr("jixiao.app.service.sessions.LEFT_SECONDS", 0.0)
    client.service.sessions.sweep()  # those whose page was left give way first
    monkeypatch.setattr("jixiao.app.service.sessions.MOST_SESSIONS", len(client.service.sessions))
    busy = client.call("POST", "/api/sessions")
    assert (busy.status, busy.code) == (409, "J876")
    client.call("DELETE", session)


def test_points_that_are_not_decided_are_open_and_not_lost(client: Client, session: str) -> None:
    client.put(session, "评分簿.xlsx", build(pipeline.rubric("suixi-2022")))
    data = client.call("POST", f"{session}/score", {"rubric": "suixi-2022"}).data
    assert [group["open"] for group in data["groups"]] == [group["full"] for group in data["groups"]]
    assert data["lost"] == []
