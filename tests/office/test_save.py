"""Safe saving: what is written, kept and refused, and a disk that fails at every step."""

from __future__ import annotations

import ctypes
import errno
import os
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jixiao.model import Busy, CannotWrite, Refused
from jixiao.office import check_writable, load, open_book, open_workbook, save_new, save_over
from tests.office.save_helpers import POSIX, beside, code, workbook


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "评分簿.xlsx"
    path.write_bytes(workbook())
    return path


def test_a_save_replaces_and_keeps_a_backup(book: Path) -> None:
    old, fingerprint = load(book)
    book.chmod(0o640)
    new = workbook(10)
    backup = save_over(book, new, fingerprint)
    assert book.read_bytes() == new
    assert backup is not None and backup.read_bytes() == old
    assert beside(book) == [backup.name]
    assert backup.name.startswith("评分簿.2") and backup.name.endswith(".bak.xlsx")
    assert stat.S_IMODE(book.stat().st_mode) == 0o640


def test_the_same_bytes_are_not_written_again(book: Path) -> None:
    data, fingerprint = load(book)
    assert save_over(book, data, fingerprint) is None
    assert load(book)[1] == fingerprint
    assert beside(book) == []


def test_three_backups_are_kept(book: Path) -> None:
    other = book.with_name("评分簿.说明.bak.xlsx")
    other.write_bytes(b"not ours")
    contents = [book.read_bytes()]
    for number in range(5):
        contents.append(workbook(number + 1))
        save_over(book, contents[-1], load(book)[1])
    backups = sorted(p for p in book.parent.iterdir() if ".bak." in p.name and p != other)
    assert {p.read_bytes() for p in backups} == set(contents[2:5])
    assert other.exists()


def test_the_newest_backup_stays_when_the_clock_goes_back(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamps = ("20260301-000003", "20260301-000002", "20260301-000001", "20260228-235900")
    for number, stamp in enumerate(stamps):
        monkeypatch.setattr(time, "strftime", lambda _, stamp=stamp: stamp)
        backup = save_over(book, workbook(number + 1), load(book)[1])
        assert backup is not None and backup.exists()
    assert len(beside(book)) == 3


def test_no_backup_when_none_is_wanted(book: Path) -> None:
    assert save_over(book, workbook(1), load(book)[1], backup=False) is None
    assert beside(book) == []


def test_a_copy_serves_where_links_do_not(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object) -> None:
        raise OSError(errno.EPERM, "no links")

    monkeypatch.setattr(os, "link", no_links)
    old, fingerprint = load(book)
    backup = save_over(book, workbook(1), fingerprint)
    assert backup is not None and backup.read_bytes() == old
    assert save_new(book.with_name("新.xlsx"), workbook(2)).exists()
    assert not [name for name in beside(book) if name.endswith(".part")]


def test_a_change_meanwhile_is_not_overwritten(book: Path) -> None:
    _, fingerprint = load(book)
    book.write_bytes(foreign := workbook(3))
    for kept in ("评分簿.new.xlsx", "评分簿.new-2.xlsx"):
        with pytest.raises(Busy) as stop:
            save_over(book, workbook(4), fingerprint)
        assert code(stop) == ("J552", 4)
        assert book.read_bytes() == foreign
        assert book.with_name(kept).read_bytes() == workbook(4)
        assert kept in stop.value.finding.advice


def test_a_target_that_vanished(book: Path) -> None:
    _, fingerprint = load(book)
    book.unlink()
    with pytest.raises(Busy) as stop:
        save_over(book, workbook(4), fingerprint)
    assert code(stop) == ("J552", 4)
    assert beside(book) == ["评分簿.new.xlsx"]


def test_a_folder_that_vanished_keeps_the_result(tmp_path: Path) -> None:
    book = tmp_path / "夹" / "簿.xlsx"
    book.parent.mkdir()
    book.write_bytes(workbook())
    _, fingerprint = load(book)
    book.parent.rename(tmp_path / "改名")
    with pytest.raises(Busy) as stop:
        save_over(book, workbook(4), fingerprint)
    assert code(stop) == ("J552", 4) and "删除或移走" in stop.value.finding.message
    kept = Path(stop.value.finding.advice.partition("“")[2].partition("”")[0])
    assert kept.is_absolute() and kept.read_bytes() == workbook(4)
    kept.unlink()


COMES_IN: dict[str, Callable[[Path], object]] = {
    "replaced": lambda book: os.rename(_foreign(book), book),  # noqa: PTH104 - os.replace is patched
    "rewritten": lambda book: book.write_bytes(workbook(3)),
    "deleted": lambda book: book.unlink(),
}


def _foreign(book: Path) -> Path:
    other = book.with_name("别人.tmp")
    other.write_bytes(workbook(3))
    return other


@pytest.mark.parametrize("exchange", [True, False])
@pytest.mark.parametrize("backup", [True, False])
@pytest.mark.parametrize("step", ["link", "replace"])
@pytest.mark.parametrize("how", COMES_IN)
def test_who_comes_in_after_the_last_look_loses_nothing(
    book: Path, monkeypatch: pytest.MonkeyPatch, how: str, step: str, backup: bool, exchange: bool
) -> None:
    if step == "link" and not backup:
        pytest.skip("without a backup nothing is linked")
    _, fingerprint = load(book)
    real = getattr(os, step)

    def and_somebody_comes(*given: Any) -> None:
        real(*given)
        monkeypatch.setattr(os, step, real)
        COMES_IN[how](book)

    monkeypatch.setattr(os, step, and_somebody_comes)
    if not exchange:
        monkeypatch.setattr("ctypes.CDLL", lambda _: object())
    with pytest.raises(Busy) as stop:
        save_over(book, workbook(4), fingerprint, backup=backup)
    assert code(stop) == ("J552", 4)
    kept = book.with_name("评分簿.new.xlsx")
    assert kept.name in stop.value.finding.advice and kept.read_bytes() == workbook(4)
    assert not book.exists() if how == "deleted" else book.read_bytes() == workbook(3)
    assert not [name for name in beside(book) if name.endswith((".part", ".tmp"))]


@pytest.mark.skipif(sys.platform != "linux", reason="exchange of two names in one step")
@pytest.mark.parametrize("how", ["replaced", "rewritten"])
def test_the_very_last_moment(book: Path, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    """Between any look of ours and the exchange itself."""
    _, fingerprint = load(book)
    real = ctypes.CDLL

    def library(name: None) -> Any:
        monkeypatch.setattr("ctypes.CDLL", real)
        COMES_IN[how](book)
        return real(name)

    monkeypatch.setattr("ctypes.CDLL", library)
    with pytest.raises(Busy) as stop:
        save_over(book, workbook(4), fingerprint)
    assert code(stop) == ("J552", 4) and book.read_bytes() == workbook(3)
    assert book.with_name("评分簿.new.xlsx").read_bytes() == workbook(4)


@pytest.mark.parametrize(
    ("name", "content", "who"),
    [
        (
            "~$评分簿.xlsx",
            b"\x02AB".ljust(54) + b"\x02\x00" + "张三".encode("utf-16-le").ljust(109),
            "“张三”",
        ),
        ("~$评分簿.xlsx", b"\x04" + "李四".encode("gb18030"), "“李四”"),
        ("~$评分簿.xlsx", b"", "其他程序"),
        (".~lock.评分簿.xlsx#", "王五,wang,PC,22.11.2026 10:00,file:///x;".encode(), "“王五”"),
        (".~lock.评分簿.xlsx#", b",,PC,,;", "“PC”"),
    ],
)
def test_an_open_workbook_is_refused(book: Path, name: str, content: bytes, who: str) -> None:
    old, fingerprint = load(book)
    check_writable(book)
    book.with_name(name).write_bytes(content)
    attempts: tuple[Callable[[], object], ...] = (
        lambda: save_over(book, workbook(1), fingerprint),
        lambda: save_new(book, workbook(1), overwrite=True),
        lambda: check_writable(book),
    )
    for save_it in attempts:
        with pytest.raises(Busy) as stop:
            save_it()
        assert code(stop) == ("J551", 4)
        assert who in stop.value.finding.message and name in stop.value.finding.advice
    assert book.read_bytes() == old


@POSIX
def test_a_read_only_workbook_is_refused(book: Path) -> None:
    book.chmod(0o444)
    with pytest.raises(CannotWrite) as stop:
        save_over(book, workbook(1), load(book)[1])
    assert code(stop) == ("J554", 6)


@POSIX
def test_links_are_followed(book: Path, tmp_path: Path) -> None:
    link = tmp_path / "快捷" / "簿.xlsx"
    link.parent.mkdir()
    link.symlink_to(book)
    save_over(link, workbook(1), load(link)[1])
    assert link.is_symlink() and book.read_bytes() == workbook(1)
    assert beside(link) == []
    link.with_name("~$簿.xlsx").write_bytes(b"")
    with pytest.raises(Busy):
        save_over(link, workbook(2), load(link)[1])


@pytest.mark.parametrize("step", ["write", "fsync", "replace", "open"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
def test_a_failing_disk_leaves_the_old_file(
    book: Path, monkeypatch: pytest.MonkeyPatch, step: str, number: int
) -> None:
    old, fingerprint = load(book)
    new = workbook(5)

    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(os, step, fail)
        with pytest.raises(CannotWrite) as stop:
            save_over(book, new, fingerprint)
    assert code(stop) == ("J555", 6)
    assert book.read_bytes() == old
    assert not [name for name in beside(book) if name.endswith(".part")]


def test_what_reads_back_wrong_is_not_used(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, fingerprint = load(book)
    with pytest.raises(CannotWrite) as stop:
        save_over(book, workbook(5)[:-30], fingerprint)
    assert code(stop) == ("J557", 6)
    broken = open_workbook(old).package
    broken.replace("xl/styles.xml", b"<styleSheet>")
    with pytest.raises(CannotWrite):
        save_over(book, broken.to_bytes(), fingerprint)
    real = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: real(handle, bytes(data[:-1]) + b"x"))
    with pytest.raises(CannotWrite):
        save_over(book, workbook(5), fingerprint)
    assert book.read_bytes() == old and beside(book) == []


def test_new_outputs(tmp_path: Path) -> None:
    path = tmp_path / "报告.docx"
    assert save_new(path, b"text") == path
    assert path.read_bytes() == b"text"
    with pytest.raises(CannotWrite) as stop:
        save_new(path, b"other")
    assert code(stop) == ("J556", 6)
    assert path.read_bytes() == b"text"
    save_new(path, b"other", overwrite=True)
    assert path.read_bytes() == b"other"
    with pytest.raises(CannotWrite) as stop:
        save_new(tmp_path / "没有" / "x.docx", b"")
    assert code(stop) == ("J555", 6)
    assert "文件夹不存在" in stop.value.finding.message


def test_a_very_long_name(tmp_path: Path) -> None:
    path = tmp_path / ("长" * 80 + ".xlsx")
    save_new(path, workbook())
    backup = save_over(path, workbook(1), load(path)[1])
    assert backup is not None and path.read_bytes() == workbook(1)


def test_a_reason_is_told_in_chinese(tmp_path: Path) -> None:
    with pytest.raises(Refused) as stop:
        open_book(tmp_path / ("长" * 200 + ".xlsx"))
    assert "文件名过长" in stop.value.finding.message


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused):
        load(tmp_path)
    with pytest.raises(Refused) as stop:
        load(tmp_path / "无.xlsx")
    assert code(stop) == ("J559", 3)


@POSIX
def test_leftovers_of_dead_processes_are_removed(book: Path) -> None:
    command = [sys.executable, "-c", "import os; print(os.getpid())"]
    child = subprocess.run(command, capture_output=True, check=True)
    dead = book.with_name(f".{book.name}.{int(child.stdout)}.part")
    alive = book.with_name(f".{book.name}.{os.getppid()}.part")
    other = book.with_name(f".别的.xlsx.{int(child.stdout)}.part")
    for path in (dead, alive, other):
        path.write_bytes(b"half")
    save_over(book, workbook(1), load(book)[1], backup=False)
    assert beside(book) == sorted([alive.name, other.name])
