"""One press as a whole, on a program of paper: the dialog, what goes wrong, the verbs that need files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from jixiao import pipeline
from jixiao.app import exchange, hosts
from jixiao.model import Findings
from jixiao.report import Published
from jixiao.verify import EngineRun, Verified
from tests.desk.foreign_book import SHEET, row_of
from tests.desk.officer import Desk, codes
from tests.desk.paper import PaperApp


@pytest.fixture
def desk(foreign: Path) -> Desk:
    return Desk(foreign)


def test_the_dialog_names_place_and_advice_once(desk: Desk) -> None:
    desk.type("支出完成率", 3.5)
    hosts.press_in_program(
        desk.app, exchange.Request("score", sheet=SHEET), screen=hosts.StatusBar(desk.app), memory=desk.memory
    )
    assert len(desk.app.alerts) == 1
    assert f"{SHEET}!K{row_of('支出完成率')}" in desk.app.alerts[0]
    assert (desk.app.status_bar, desk.app.screen_updating) == (False, True)


def test_a_defect_of_ours_is_an_answer(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jixiao.app.exchange.button.filled", lambda *a: 1 // 0)
    answer = desk.press()
    assert (answer.ok, codes(answer)) == (False, {"J899"})


def test_an_unknown_verb_and_an_unknown_book_are_answers(desk: Desk) -> None:
    assert not desk.press("dance").ok
    assert codes(
        hosts.press_in_program(desk.app, exchange.Request("score", book=r"C:\别处\没有打开.xlsx"))
    ) == {"J831"}
    by_path = hosts.press_in_program(
        desk.app, exchange.Request("score", book=f"https://d.docs.live.net/x/{desk.app.books[0].name}")
    )
    assert by_path.ok, by_path.text()


def test_verbs_for_scoring_workbooks_refuse_others(desk: Desk) -> None:
    for verb in ("check", "verify", "report", "fill"):
        assert codes(desk.press(verb)) == {"J848"}, verb


def test_every_word_of_an_answer_is_plain_data(desk: Desk) -> None:
    assert yaml.safe_load(yaml.safe_dump(desk.press().data()))["ok"] is True


def test_a_program_that_shows_something_else_is_told_on(own: Path) -> None:
    app = PaperApp(own)  # on paper no formula has a result
    answer = hosts.press_in_program(app, exchange.Request("score"), memory=exchange.Memory())
    assert (answer.ok, answer.total) == (True, 82.27), answer.text()
    assert "J844" in codes(answer)
    assert app.written == []


def test_verify_saves_first_and_says_what_ran(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def verify(paths: list[Path], **_: Any) -> list[Verified]:
        assert app.books[0].saved == 1
        engines = [EngineRun("formulas", 10), EngineRun("libreoffice", why="没有安装")]
        return [Verified(paths[0], Findings(), engines=engines, card=pipeline.score(own, write=False))]

    monkeypatch.setattr("jixiao.pipeline.verify", verify)
    app = PaperApp(own)
    answer = hosts.press_in_program(app, exchange.Request("verify"), memory=exchange.Memory())
    assert (answer.message, answer.path) == ("已保存工作簿，核验通过（formulas）", str(own))


def test_a_report_asks_where_and_then_is_written(
    own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jixiao.pipeline.report", lambda book, target, **how: Published(target, how["kind"]))
    app = PaperApp(own)
    assert hosts.press_in_program(app, exchange.Request("report"), memory=exchange.Memory()).need == "target"
    words = {"target": str(tmp_path / "报告.docx"), "kind": "自评"}
    answer = hosts.press_in_program(app, exchange.Request("report", words=words), memory=exchange.Memory())
    assert (answer.ok, answer.message) == (True, "已写出自评报告 报告.docx")


def test_a_workbook_that_cannot_be_saved_is_said(own: Path) -> None:
    app = PaperApp(own)
    app.saves = 0
    answer = hosts.press_in_program(app, exchange.Request("verify"), memory=exchange.Memory())
    assert (answer.ok, codes(answer)) == (False, {"J555"})


def test_an_empty_program_is_said() -> None:
    assert codes(hosts.press_in_program(PaperApp(), exchange.Request("score"), memory=exchange.Memory())) == {
        "J831"
    }
    assert hosts.press_in_program(PaperApp(), exchange.Request("help")).ok
