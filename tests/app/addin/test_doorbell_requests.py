"""Requests and answers: what is written is what is read, and anything else is refused with a reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jixiao.app import inbox as mailbox
from jixiao.model import Refused

IDENT = "20260102030405-123456789"
GOOD = mailbox.render(
    mailbox.ButtonRequest(IDENT, "score", "excel", "0.1.0", 67432, "C:\\财政 局\\评分簿.xlsx", "评分表")
)


def code(data: bytes) -> str:
    with pytest.raises(Refused) as caught:
        mailbox.parse(IDENT, data)
    return caught.value.finding.code


def test_a_request_survives_its_file() -> None:
    request = mailbox.parse(IDENT, GOOD)
    assert (request.verb, request.host, request.window) == ("score", "excel", 67432)
    assert (request.book, request.sheet) == ("C:\\财政 局\\评分簿.xlsx", "评分表")
    assert mailbox.parse(IDENT, GOOD.replace(b"\n", b"\r\n")) == request, "VBA writes CRLF"
    assert GOOD.isascii()


@pytest.mark.parametrize(
    "book",
    [
        "工作簿1",
        "/data/绩效 评价/评分簿.xlsx",
        "\\\\server\\共享\\评分簿.xlsx",
        "https://d.docs.live.net/abc/评分簿.xlsx",
        "D:\\评分=2025;%1.xlsx",
        "𠮷.xlsx",
    ],
)
def test_names_that_workbooks_have(book: str) -> None:
    assert mailbox.parse(IDENT, mailbox.render(mailbox.ButtonRequest(IDENT, "score", book=book))).book == book


@pytest.mark.parametrize(
    "book",
    [
        "C:\\a\\..\\b.xlsx",
        "/data/../secret.xlsx",
        "..\\b.xlsx",
        "a/b.xlsx",
        "//server/x.xlsx",
        "\\\\?\\C:\\a.xlsx",
        "\\\\.\\pipe\\x",
        "C:\\a.xlsx:stream",
        "C:\\CON",
        "C:\\nul.xlsx",
        "a\nb.xlsx",
        "a\u202exslx.exe",
        "x" * 2049,
        "..",
        "file:///data/a.xlsx",
    ],
)
def test_names_that_are_refused(book: str) -> None:
    assert code(mailbox.render(mailbox.ButtonRequest(IDENT, "score", book=book))) == "J853"


@pytest.mark.parametrize("sheet", ["a/b", "[1]", "x" * 101, "a\tb", "表:1"])
def test_sheets_that_are_refused(sheet: str) -> None:
    assert code(mailbox.render(mailbox.ButtonRequest(IDENT, "score", book="a", sheet=sheet))) == "J853"


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (b"", "J850"),
        (b"\x00" * 100, "J850"),
        (b"{}", "J850"),
        (b'{"verb": "score"}\n', "J850"),
        ("jixiao/2 评分\nend\n".encode(), "J850"),
        (GOOD[:-4], "J850"),
        (GOOD + b"x", "J850"),
        (GOOD + b"x" * mailbox.MOST_BYTES, "J850"),
        (GOOD.replace(b"host=excel\n", b""), "J850"),
        (GOOD.replace(b"host=excel\n", b"host=excel\nhost=excel\n"), "J850"),
        (GOOD.replace(b"host=", b"run="), "J850"),
        (GOOD.replace(b"jixiao/2", b"jixiao/1"), "J851"),
        (b"jixiao/1 score\nwhatever it says\n", "J851"),
        (GOOD.replace(b"2 score", b"2 format"), "J852"),
        (GOOD.replace(b"2 score", b"2 SCORE"), "J850"),
        (GOOD.replace(b"=excel", b"=word"), "J853"),
        (GOOD.replace(b"0.1.0", b"`id`"), "J853"),
        (GOOD.replace(b"67432", b"-1"), "J853"),
        (GOOD.replace(b"sheet=8", b"sheet="), "J853"),
        (GOOD.replace(b"sheet=", b"sheet=D800"), "J853"),
        (mailbox.render(mailbox.ButtonRequest(IDENT, "score")), "J854"),
    ],
)
def test_what_is_no_request_is_refused(data: bytes, wanted: str) -> None:
    assert code(data) == wanted


def test_only_requests_that_need_a_workbook_need_one() -> None:
    for name, verb in mailbox.buttons().items():
        if verb.needs == "nothing":
            assert mailbox.parse(IDENT, mailbox.render(mailbox.ButtonRequest(IDENT, name))).verb == name
        else:
            assert code(mailbox.render(mailbox.ButtonRequest(IDENT, name))) == "J854"


@given(st.binary(max_size=300))
def test_no_bytes_do_more_than_be_refused(data: bytes) -> None:
    with pytest.raises(Refused):
        mailbox.parse(IDENT, data)


@given(st.binary(max_size=40), st.integers(0, len(GOOD)))
def test_no_change_of_a_request_does_more_than_be_refused(data: bytes, at: int) -> None:
    try:
        request = mailbox.parse(IDENT, GOOD[:at] + data + GOOD[at + len(data) :])
    except Refused:
        return
    assert request.verb in mailbox.buttons() or request.verb == "hello"
    assert "\n" not in request.book + request.sheet


@given(st.text(max_size=60))
def test_letters_are_ascii_and_exact(text: str) -> None:
    assert bytes.fromhex(mailbox.letters(text)).decode("utf-16-be", "surrogatepass") == text


def test_an_answer_survives_its_file() -> None:
    answer = mailbox.ButtonAnswer("refused", "busy", "上一次 \t操作\r\n\n还没有完成\nend")
    assert mailbox.parse_answer(mailbox.render_answer(answer)) == mailbox.ButtonAnswer(
        "refused", "busy", "上一次 操作\n还没有完成\nend"
    )
    long = mailbox.parse_answer(mailbox.render_answer(mailbox.ButtonAnswer("done", "-", "𠀀" * 20_000)))
    assert long is not None
    assert long.text.endswith("𠀀…")
    assert mailbox.render_answer(mailbox.taken()).split(b"\n")[0] == b"jixiao/2 taken -"
    assert mailbox.parse_answer(mailbox.render_answer(answer)[:-3]) is None
    assert mailbox.parse_answer(b"jixiao/2 maybe -\n\nend\n") is None


def test_a_refusal_names_the_message_of_the_add_in() -> None:
    nothing_open = mailbox.render(mailbox.ButtonRequest(IDENT, "score", "excel"))
    for data, name in (
        (GOOD.replace(b"jixiao/2", b"jixiao/1"), "version"),
        (nothing_open, "workbook"),
        (GOOD[:-5], "refused"),
    ):
        with pytest.raises(Refused) as stop:
            mailbox.parse(IDENT, data)
        assert mailbox.refusal(stop.value).key == name
