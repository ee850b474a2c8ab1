"""The LibreOffice extension: installed by unopkg, pressed in a running Calc, answered by the watch.

Only presses without a message box: LibreOffice waits for somebody to close one even where nobody can see it.
"""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import jixiao
from jixiao import pipeline
from jixiao.app import exchange, hosts
from jixiao.app import inbox as mailbox
from tests.app.addin.calc_office import Calc, why_not

Work = Callable[[mailbox.ButtonRequest], mailbox.ButtonAnswer]
POINTS = "J10"
Raw = list[tuple[str, str, object]]

office_needed = pytest.mark.skipif(why_not() is not None, reason=f"扩展需要 LibreOffice：{why_not()}")


@pytest.fixture(scope="module")
def calc(
    tmp_path_factory: pytest.TempPathFactory, master: Path, start_worker: Callable[..., Any]
) -> Iterator[Calc]:
    folder = tmp_path_factory.mktemp("扩 展")
    book = Path(shutil.copy(master, folder / "评 分簿.xlsx"))
    made = Calc(book, start_worker)
    yield made
    made.close()


@pytest.fixture
def inbox(calc: Calc) -> mailbox.Inbox:
    (folder,) = mailbox.inboxes("linux", {"XDG_DATA_HOME": str(calc.data)})
    made = mailbox.Inbox(folder)
    made.prepare()
    return made


@pytest.fixture
def serve(inbox: mailbox.Inbox) -> Iterator[Callable[[Work], list[mailbox.ButtonRequest]]]:
    """Start a service that does some work for every request and answers twice."""
    stop, threads, heard = threading.Event(), [], []

    def start(work: Work) -> list[mailbox.ButtonRequest]:
        def carry_out(request: mailbox.ButtonRequest) -> None:
            answer = work(request)
            assert request.folder is not None
            mailbox.Inbox(request.folder).answer(request.ident, answer)

        def accept(request: mailbox.ButtonRequest) -> mailbox.ButtonAnswer:
            heard.append(request)
            threads.append(threading.Thread(target=carry_out, args=[request]))
            threads[-1].start()
            return mailbox.taken()

        threads.append(threading.Thread(target=mailbox.watch, args=([inbox.folder], accept, stop)))
        threads[-1].start()
        return heard

    yield start
    stop.set()
    for thread in threads:
        thread.join(30)


def give_raw(request: mailbox.ButtonRequest, cells: Raw) -> None:
    """Cells as a service that is not ours might leave them."""
    assert request.folder is not None
    (request.folder / f"{request.ident}.cells").write_text(json.dumps({"cells": cells}), "utf-8")


@office_needed
def test_it_is_installed_and_somebody_is_behind_each_button(calc: Calc) -> None:
    assert calc.installed.returncode == 0, calc.installed.stderr
    assert all(calc("ours", name) for name in mailbox.buttons())
    assert not calc("ours", "format")


@office_needed
def test_a_press_writes_one_step_that_one_undo_takes_back(
    calc: Calc, inbox: mailbox.Inbox, serve: Callable[[Work], list[mailbox.ButtonRequest]]
) -> None:
    told: list[Any] = []

    def work(request: mailbox.ButtonRequest) -> mailbox.ButtonAnswer:
        told.append(mailbox.cells_of(request))
        cells: Raw = [
            ("我的表", "Z90", "甲"),
            ("我的表", "Z91", 1.5),
            ("我的表", "Z92", None),
            ("没有的表", "A1", 1),
            ("我的表", "A1:B9", 1),
            ("我的表", "Z93", "=1+1"),
            ("我的表", "Z94", {"formula": "=IF(Z91>1,\"甲,乙\",'封面'!A1)"}),
        ]
        give_raw(request, cells)
        return mailbox.done()

    heard = serve(work)
    calc("add", "我的表")
    calc("set", "我的表", "Z92", "旧")
    steps = calc("steps")
    calc("press", "score")
    assert [calc("get", "我的表", f"Z9{n}") for n in range(4)] == ["甲", 1.5, "", "=1+1"], (
        "a text is no formula"
    )
    assert calc("get", "我的表", "Z94") == "甲,乙", "a formula is one, and calculated"
    assert calc("steps") == ["评分当前表", *steps], "one step a press"
    assert (heard[0].verb, heard[0].host, heard[0].addin) == ("score", "libreoffice", jixiao.__version__)
    assert heard[0].book.endswith("评 分簿.xlsx")
    assert told[0]["active"] == "封面" and told[0]["key"].endswith("评 分簿.xlsx")
    assert list(inbox.folder.iterdir()) == [], "nothing is left behind"
    calc("undo")
    assert [calc("get", "我的表", f"Z9{n}") for n in range(5)] == ["", "", "旧", "", ""]
    assert calc("steps") == steps


@office_needed
def test_unsaved_edits_count_and_formulas_stay(
    calc: Calc, serve: Callable[[Work], list[mailbox.ButtonRequest]], master: Path
) -> None:
    """The real scoring of the copy that Calc hands over: the worked case, with the edit made a moment ago."""
    told: list[exchange.Answer] = []
    memory = exchange.Memory()

    def work(request: mailbox.ButtonRequest) -> mailbox.ButtonAnswer:
        host = hosts.Told.read(mailbox.cells_of(request))
        told.append(exchange.press(host, exchange.Request(request.verb), memory=memory))
        mailbox.give(request, {"cells": hosts.plain_writes(host.written)})
        return mailbox.done()

    serve(work)
    calc("press", "score")
    assert told[-1].ok and told[-1].total == pipeline.score(master, write=False).data()["total"]
    steps = calc("steps")
    calc("press", "score")
    assert calc("steps") == steps, "two presses in a row leave the same cells"
    total = told[-1].total
    calc("protect", "评分表", False)
    points = calc("get", "评分表", POINTS)
    calc("set", "评分表", POINTS, 1)
    calc("press", "score")
    assert calc("get", "评分表", POINTS) == points, (
        "a formula that was typed over is put back, and calculated"
    )
    assert [f["code"] for f in told[-1].findings if f["level"] == "error"] == []
    assert (told[-1].total, told[-1].findings[0]["code"]) == (total, "J842")
    calc("set", "评分表", "Z1", "别的")
    calc("press", "undo")
    assert (calc("get", "评分表", POINTS), calc("get", "评分表", "Z1")) == (1, "别的"), (
        "something else was typed since"
    )
    calc("press", "undo")
    assert not told[-1].ok and told[-1].findings[0]["code"] == "J845"
    calc("press", "score")
    calc("protect", "评分表", True)


@office_needed
def test_a_failure_changes_nothing(calc: Calc, serve: Callable[[Work], list[mailbox.ButtonRequest]]) -> None:
    def work(request: mailbox.ButtonRequest) -> mailbox.ButtonAnswer:
        give_raw(request, [("我的表", "Z96", "x")])
        return mailbox.failed("")

    serve(work)
    steps = calc("steps")
    calc("press", "score")
    assert calc("get", "我的表", "Z96") == ""
    assert calc("steps") == steps
