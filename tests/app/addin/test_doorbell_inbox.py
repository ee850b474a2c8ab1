"""The inbox: one taker a request, nothing late, nothing hostile, nothing of anybody else's touched."""

from __future__ import annotations

import os
import stat
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from jixiao.app import inbox as mailbox
from jixiao.model import Busy, CannotWrite, Refused

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="符号链接和管道只在 POSIX 上测试")


@pytest.fixture
def inbox(tmp_path: Path) -> mailbox.Inbox:
    made = mailbox.Inbox(tmp_path / "收件 箱" / "inbox")
    made.prepare()
    return made


@pytest.fixture
def served(inbox: mailbox.Inbox) -> Iterator[list[mailbox.ButtonRequest]]:
    """A service that takes everything but ``fill``, where it is busy, and ``help``, where it breaks."""
    heard: list[mailbox.ButtonRequest] = []
    stop = threading.Event()

    def accept(request: mailbox.ButtonRequest) -> mailbox.ButtonAnswer:
        heard.append(request)
        if request.verb == "help":
            raise RuntimeError("a bug")
        return mailbox.refused("busy", "忙") if request.verb == "fill" else mailbox.taken("好")

    thread = threading.Thread(
        target=mailbox.watch, args=([inbox.folder], accept, stop), kwargs={"pause": 0.005}
    )
    thread.start()
    yield heard
    stop.set()
    thread.join(10)
    assert not thread.is_alive()


def put(inbox: mailbox.Inbox, verb: str = "score") -> str:
    request = mailbox.ButtonRequest(mailbox.new_ident(), verb, book="评分簿.xlsx")
    inbox.put(request)
    return request.ident


def refusal_of(inbox: mailbox.Inbox, ident: str, now: float | None = None) -> str:
    with pytest.raises(Refused) as caught:
        inbox.claim(ident, now)
    return caught.value.finding.code


def test_a_request_is_taken_once(inbox: mailbox.Inbox) -> None:
    ident = put(inbox)
    assert inbox.waiting() == [ident]
    assert inbox.claim(ident) is not None
    assert inbox.claim(ident) is None
    assert list(inbox.folder.iterdir()) == []


def test_many_takers_and_one_gets_it(inbox: mailbox.Inbox) -> None:
    idents = [put(inbox) for _ in range(30)]
    got: list[str] = []

    def take() -> None:
        got.extend(ident for ident in idents if inbox.claim(ident) is not None)

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == sorted(idents)


@pytest.mark.parametrize("seconds", [3.5, 3600, -3.5, -3600])
def test_what_nobody_waits_for_any_more_never_starts(inbox: mailbox.Inbox, seconds: float) -> None:
    ident = put(inbox)
    assert refusal_of(inbox, ident, time.time() + seconds) == "J855"
    assert list(inbox.folder.iterdir()) == []


def test_a_huge_file_is_refused_unread(inbox: mailbox.Inbox) -> None:
    path = inbox.folder / f"{mailbox.new_ident()}.req"
    with path.open("wb") as file:
        file.truncate(2_000_000_000)
    assert refusal_of(inbox, path.stem) == "J850"
    assert not path.exists()


@POSIX
def test_links_pipes_and_folders_are_no_requests(inbox: mailbox.Inbox, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(mailbox.render(mailbox.ButtonRequest("x", "score", book="a")))
    link, pipe, folder = (inbox.folder / f"{mailbox.new_ident()}.req" for _ in range(3))
    link.symlink_to(secret)
    os.mkfifo(pipe)
    folder.mkdir()
    assert refusal_of(inbox, link.stem) == "J850"
    assert refusal_of(inbox, pipe.stem) == "J850"
    with pytest.raises(IsADirectoryError):
        inbox.claim(folder.stem)
    assert secret.exists()


@POSIX
def test_an_answer_is_never_written_through_a_link(inbox: mailbox.Inbox, tmp_path: Path) -> None:
    precious, ident = tmp_path / "precious", mailbox.new_ident()
    precious.write_text("stay")
    (inbox.folder / f"{ident}.ans").symlink_to(precious)
    inbox.answer(ident, mailbox.taken())
    assert precious.read_text() == "stay"
    inbox.answer(ident, mailbox.refused("busy"))
    assert precious.read_text() == "stay"
    assert inbox.heard(ident) == mailbox.refused("busy")


def test_files_of_other_names_are_left_alone(inbox: mailbox.Inbox) -> None:
    others = ["评分簿.xlsx", "a.req", "..req", "20260102030405-1.req", "20260102030405-123456789.txt"]
    for name in others:
        (inbox.folder / name).touch()
    assert inbox.waiting() == []
    inbox.clean(time.time() + 10_000)
    assert sorted(path.name for path in inbox.folder.iterdir()) == sorted(others)


def test_what_nobody_fetched_is_swept_away(inbox: mailbox.Inbox) -> None:
    ident = put(inbox)
    inbox.answer(ident, mailbox.taken())
    (inbox.folder / f"{ident}.req.99.part").touch()
    (inbox.folder / f"{mailbox.new_ident()}.claimed").touch()
    inbox.clean()
    assert len(list(inbox.folder.iterdir())) == 4
    inbox.clean(time.time() + 121)
    assert list(inbox.folder.iterdir()) == []


@POSIX
def test_the_inbox_is_for_this_user_alone(inbox: mailbox.Inbox, tmp_path: Path) -> None:
    inbox.folder.chmod(0o777)
    inbox.prepare()
    assert stat.S_IMODE(inbox.folder.stat().st_mode) == 0o700
    link = tmp_path / "link"
    link.symlink_to(inbox.folder)
    with pytest.raises(CannotWrite) as caught:
        mailbox.Inbox(link).prepare()
    assert caught.value.finding.code == "J857"
    (tmp_path / "file").touch()
    with pytest.raises(CannotWrite):
        mailbox.Inbox(tmp_path / "file").prepare()


def test_ringing_is_answered(inbox: mailbox.Inbox, served: list[mailbox.ButtonRequest]) -> None:
    assert mailbox.ring(inbox.folder, "score", book="C:\\评 分\\簿.xlsx", sheet="表") == mailbox.taken("好")
    assert (served[0].book, served[0].sheet) == ("C:\\评 分\\簿.xlsx", "表")
    assert mailbox.ring(inbox.folder, "fill", book="a") == mailbox.refused("busy", "忙")
    assert mailbox.ring(inbox.folder, "hello") == mailbox.taken(), (
        "the mailbox.watch itself says that somebody is there"
    )
    assert [request.verb for request in served] == ["score", "fill"]


def test_one_bad_request_does_not_end_the_watch(
    inbox: mailbox.Inbox, served: list[mailbox.ButtonRequest]
) -> None:
    for number, data in enumerate(
        (b"", b"\xff" * 20_000, b"jixiao/9 score\nend\n", b"jixiao/2 delete\nend\n")
    ):
        path = inbox.folder / f"20260101000000-10000000{number}.req"
        path.with_suffix(".part").write_bytes(data)
        path.with_suffix(".part").rename(path)  # a half-written one would be another fault
    (inbox.folder / "20260101000000-200000000.req").mkdir()
    assert mailbox.ring(inbox.folder, "help") == mailbox.refused("refused"), (
        "a bug of the service is an answer too"
    )
    assert mailbox.ring(inbox.folder, "score", book="a") == mailbox.taken("好")
    told = inbox.heard("20260101000000-100000002")
    assert told is not None
    assert told.key == "version"


def test_the_watch_outlives_its_folder(inbox: mailbox.Inbox, served: list[mailbox.ButtonRequest]) -> None:
    assert mailbox.ring(inbox.folder, "hello") == mailbox.taken()
    for path in inbox.folder.iterdir():
        path.unlink()
    inbox.folder.rmdir()
    for _ in range(400):
        if inbox.folder.is_dir():
            break
        time.sleep(0.005)
    assert mailbox.ring(inbox.folder, "score", book="a") == mailbox.taken("好")


def test_nobody_there_is_none(inbox: mailbox.Inbox) -> None:
    assert mailbox.ring(inbox.folder, "score", book="a", patience=0.05) is None


def test_a_second_answer_takes_the_place_of_the_first(inbox: mailbox.Inbox) -> None:
    ident = mailbox.new_ident()
    inbox.answer(ident, mailbox.taken())
    inbox.answer(ident, mailbox.ButtonAnswer("done", "-", "得分 82.27"))
    assert inbox.heard(ident) == mailbox.ButtonAnswer("done", "-", "得分 82.27")


def test_a_late_taken_never_hides_the_end(inbox: mailbox.Inbox) -> None:
    ident = mailbox.new_ident()
    inbox.answer(ident, mailbox.ButtonAnswer("done", "-", "得分 82.27"))
    inbox.answer(ident, mailbox.taken())
    assert inbox.heard(ident) == mailbox.ButtonAnswer("done", "-", "得分 82.27")
    assert [path.name for path in inbox.folder.iterdir()] == [f"{ident}.ans"]


def test_one_service_a_user(tmp_path: Path) -> None:
    assert mailbox.running(tmp_path) is None
    with mailbox.Instance("9.9", tmp_path, port="1234"):
        about = mailbox.running(tmp_path)
        assert about is not None
        assert (about["version"], about["port"], about["pid"]) == ("9.9", "1234", str(os.getpid()))
        with pytest.raises(Busy) as caught, mailbox.Instance("9.9", tmp_path):
            pass
        assert caught.value.finding.code == "J856"
    assert mailbox.running(tmp_path) is None
    with mailbox.Instance("9.9", tmp_path):
        pass


def test_where_the_inboxes_are(tmp_path: Path) -> None:
    local = tmp_path / "本地"
    assert mailbox.inboxes("win32", {"LOCALAPPDATA": str(local)}, tmp_path) == (local / "Jixiao" / "inbox",)
    assert mailbox.home_folder("win32", {}, tmp_path) == tmp_path / "AppData" / "Local" / "Jixiao"
    assert mailbox.inboxes("linux", {"XDG_DATA_HOME": "relative"}, tmp_path) == (
        tmp_path / ".local" / "share" / "jixiao" / "inbox",
    )
    assert len(mailbox.inboxes("darwin", {}, tmp_path)) == 1
    (tmp_path / mailbox.EXCEL_HOME).mkdir(parents=True)
    assert mailbox.inboxes("darwin", {}, tmp_path)[1] == tmp_path / mailbox.EXCEL_HOME / "Jixiao" / "inbox"
