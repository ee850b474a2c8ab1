"""Only regular files are opened: a pipe, device, socket or folder is one clear line, whichever door is given it."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import jixiao
from jixiao import intake
from jixiao.model import DefinitionError, Refused, UsageStop

DOORS: dict[str, Callable[[Path, Path], object]] = {
    "read": lambda odd, _: jixiao.read(odd),
    "source": lambda odd, book: jixiao.fill(book, [odd]),
    "facts": lambda odd, book: jixiao.fill(book, [], facts=odd),
    "facts in JSON": lambda odd, book: jixiao.fill(book, [], facts=odd.rename(odd.with_suffix(".json"))),
    "book": lambda odd, _: jixiao.score(odd),
    "report": jixiao.audit,
}


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scoring workbook that nothing of this module fills."""
    return jixiao.new("suixi-2022", tmp_path_factory.mktemp("簿") / "簿.xlsx")


@pytest.fixture(params=["pipe", "socket", "device", "folder"])
def odd(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """A file of each kind that is none."""
    path = tmp_path / "源.xlsx"
    if request.param == "folder":
        path.mkdir()
    elif os.name == "nt":
        pytest.skip("not a kind of file there")
    elif request.param == "pipe":
        os.mkfifo(path)
    elif request.param == "device":
        path.symlink_to("/dev/zero")
    else:
        listening = socket.socket(socket.AF_UNIX)
        here = Path.cwd()
        os.chdir(tmp_path)  # the path of a socket is short
        try:
            listening.bind(path.name)
        finally:
            os.chdir(here)
        yield path
        listening.close()
        return
    yield path


@pytest.mark.parametrize("door", DOORS)
def test_what_is_no_file_is_refused_at_once(odd: Path, door: str, empty: Path) -> None:
    with pytest.raises(Refused) as stop:
        DOORS[door](odd, empty)
    assert stop.value.exit_code == 3 and "\n" not in str(stop.value)
    assert "不是普通文件" in str(stop.value) or "文件夹" in str(stop.value)


DEFINED: dict[str, Callable[[Path], object]] = {
    "rubrics/own/2022.yaml": lambda own: jixiao.new("own-2022", own / "簿.xlsx", definitions=[own]),
    "selftables/own.yaml": lambda own: jixiao.new("suixi-2022", own / "簿.xlsx", definitions=[own]),
    "forms/own.yaml": lambda own: intake.read([], definitions=[own]),
}


@pytest.mark.skipif(os.name == "nt", reason="no pipes in folders there")
@pytest.mark.parametrize("place", DEFINED)
def test_a_pipe_among_the_definitions_is_refused(place: str, tmp_path: Path) -> None:
    pipe = tmp_path / place
    pipe.parent.mkdir(parents=True)
    os.mkfifo(pipe)
    with pytest.raises((UsageStop, DefinitionError), match="不是普通文件"):
        DEFINED[place](tmp_path)
