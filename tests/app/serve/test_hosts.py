"""WPS and Excel around the page, as typed stand-ins: the workbook goes in, the scored one comes out."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import Any

import pytest

from jixiao import pipeline
from tests.app.serve.loopback import Client

playwright = pytest.importorskip("playwright.sync_api", reason="没有安装 playwright")
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")
STUBS = Path(__file__).with_name("stubs")


@pytest.fixture
def opened(chromium: Any, client: Client, master: Path, request: pytest.FixtureRequest) -> Any:
    """The page as a task pane of the program that the test names."""
    context = chromium.new_context(viewport={"width": 320, "height": 800})
    book = base64.b64encode(master.read_bytes()).decode()
    script = f"var BOOK = '{book}';\n" + "".join(
        (STUBS / name).read_text("utf-8") for name in ("strict.js", f"{request.param}.js")
    )
    context.add_init_script(script)
    pane = context.new_page()
    wrong: list[str] = []
    pane.on("pageerror", lambda error: wrong.append(str(error)))
    pane.goto(client.service.link())
    playwright.expect(pane.locator("#status")).to_contain_text("可以放入文件")
    yield pane
    pane.goto("about:blank")
    context.close()
    assert wrong == []


def score(pane: Any, name: str) -> None:
    """Read the open workbook, score it, open the scored one."""
    pane.get_by_role("button", name="读取当前工作簿").click()
    playwright.expect(pane.locator("#files li")).to_contain_text(name)
    playwright.expect(pane.locator("#files .role")).to_have_text("评分簿")
    pane.get_by_role("button", name="评分", exact=True).click()
    playwright.expect(pane.locator("#total")).to_have_text("82.27", timeout=60_000)
    pane.get_by_role("button", name="打开评分后的工作簿").click()
    playwright.expect(pane.locator("#status")).to_contain_text("另存到需要的位置")


@pytest.mark.parametrize("opened", ["wps"], indirect=True)
def test_wps_gives_and_takes_a_workbook(opened: Any, tmp_path: Path) -> None:
    score(opened, "评分 簿.xlsx")
    kept = opened.evaluate(
        "({paths: Object.keys(kept.files), opened: kept.opened, removed: kept.removed.length})"
    )
    assert kept["removed"] == 1 and kept["opened"] == kept["paths"], "the copy that was read is removed"
    assert re.fullmatch(r"C:\\Temp\\jixiao-\w+-评分 簿\.xlsx", kept["opened"][0])
    text = opened.evaluate("btoa(kept.files[kept.opened[0]])")
    whole(tmp_path, text)


@pytest.mark.parametrize("opened", ["office"], indirect=True)
def test_excel_gives_and_takes_a_workbook(opened: Any, tmp_path: Path) -> None:
    score(opened, "评分簿.xlsx")
    assert opened.evaluate("kept.closed") == 1, "a file that stays open blocks the next reading"
    assert opened.evaluate("kept.created.length") == 1
    whole(tmp_path, opened.evaluate("kept.created[0]"))


def whole(folder: Path, text: str) -> None:
    """The workbook that came out is whole and scored."""
    book = folder / "出.xlsx"
    book.write_bytes(base64.b64decode(text))
    assert str(pipeline.score(book, write=False).total) == "82.27"


@pytest.mark.parametrize("opened", ["wps"], indirect=True)
def test_the_wps_button_shows_and_hides_one_pane(opened: Any, client: Client) -> None:
    opened.evaluate(
        """() => { const stored = {}, panes = [];
        window.panes = panes;
        window.Application = strict('Application', {
          PluginStorage: strict('PluginStorage', {
            getItem: typed('getItem', ['string'], key => stored[key]),
            setItem: typed('setItem', ['string', 'string'], (key, value) => { stored[key] = value; }) }),
          GetTaskPane: typed('GetTaskPane', ['number'], id => panes[id - 1]),
          CreateTaskPane: typed('CreateTaskPane', ['string', 'string'], (url, title) => {
            panes.push({ ID: panes.length + 1, url: url, title: title, Visible: false, Width: 0 });
            return panes[panes.length - 1]; })
        }); }"""
    )
    opened.add_script_tag(url=f"{client.own}/wps/main.js")
    shown = [opened.evaluate("JxPane() && panes[0].Visible") for _ in range(3)]
    assert shown == [True, False, True]
    assert opened.evaluate("panes.map(p => p.url)") == [f"{client.own}/pane"]
