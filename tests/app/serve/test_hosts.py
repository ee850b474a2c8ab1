"""WPS and Excel around the page, as typed stand-ins: the workbook goes in, the scored one comes out."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest

from jixiao import pipeline
from tests.app.serve.loopback import Client
from tests.desk import foreign_book
from tests.desk.told import told

playwright = pytest.importorskip("playwright.sync_api", reason="没有安装 playwright")
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")
STUBS = Path(__file__).with_name("stubs")


@pytest.fixture
def opened(chromium: Any, client: Client, master: Path, request: pytest.FixtureRequest) -> Any:
    """The page as a task pane of the program that the test names, around the officer's own table where it says so."""
    context = chromium.new_context(viewport={"width": 320, "height": 800})
    book = base64.b64encode(master.read_bytes()).decode()
    program, _, own = request.param.partition(" ")
    cells = told(request.getfixturevalue("own_table"), foreign_book.SHEET) if own else told(master, "评分表")
    script = f"var BOOK = '{book}', CELLS = {json.dumps(cells)};\n" + "".join(
        (STUBS / name).read_text("utf-8") for name in ("strict.js", "grid.js", f"{program}.js")
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


def now(pane: Any, ref: str) -> Any:
    """What stands in a cell of the officer's table."""
    return pane.evaluate("([sheet, ref]) => grid.get(sheet, ref).formula", [foreign_book.SHEET, ref])


@pytest.mark.parametrize("opened", ["wps own", "office own"], indirect=True)
def test_cells_are_written_in_place_and_taken_back(opened: Any) -> None:
    score, message = opened.get_by_role("button", name="评分当前表"), opened.locator("#own-message")
    filled, said = f"K{foreign_book.row_of('支出完成率')}", f"J{foreign_book.row_of('支出完成率')}"
    score.click()
    playwright.expect(message).to_contain_text("填写 5 项")
    assert now(opened, filled) == 4 and "支出" in now(opened, said)
    puts = opened.evaluate("calls.filter(call => call[0] === 'put')")
    assert len(puts) == 10 and {put[1] for put in puts} == {foreign_book.SHEET}, "ten cells, nothing else"
    opened.locator("#own-findings summary", has_text="基本数字表").first.click()
    opened.get_by_role("button", name="转到单元格").first.click()
    playwright.expect(opened.locator("#status")).to_contain_text("已转到")
    assert opened.evaluate("[state.active.slice(0, 3), state.selected]") == ["F02", "M8"]
    opened.evaluate("sheet => { state.active = sheet; grid.put(sheet, 'Z1', '别的'); }", foreign_book.SHEET)
    opened.evaluate("([sheet, ref]) => grid.put(sheet, ref, 3)", [foreign_book.SHEET, filled])
    opened.get_by_role("button", name="撤销本次评分").click()
    playwright.expect(message).to_contain_text("已恢复 9 个单元格")
    playwright.expect(opened.locator("#own-findings")).to_contain_text("评分之后又改过")
    assert (now(opened, filled), now(opened, said), now(opened, "Z1")) == (3, "", "别的")


@pytest.mark.parametrize("opened", ["wps own", "office own"], indirect=True)
@pytest.mark.parametrize(
    ("wish", "told_of"),
    [
        ("state.readOnly = true", "只读"),
        ("state.locked[state.active] = true", "受保护，没有改动任何单元格"),
        ("state.editing = true", "正在编辑单元格"),
        ("state.merged[state.active + '!K{row}'] = true", "已恢复原样"),
    ],
)
def test_what_cannot_be_written_leaves_everything_as_it_was(opened: Any, wish: str, told_of: str) -> None:
    row = foreign_book.row_of("支出完成率")
    opened.evaluate(wish.replace("{row}", str(row)))
    before = opened.evaluate("JSON.stringify(grid.names.map(grid.box))")
    opened.get_by_role("button", name="评分当前表").click()
    playwright.expect(opened.get_by_role("alert")).to_contain_text(told_of)
    assert opened.evaluate("JSON.stringify(grid.names.map(grid.box))") == before


@pytest.mark.parametrize("opened", ["wps", "office"], indirect=True)
def test_a_scoring_workbook_is_scored_where_it_stands(opened: Any) -> None:
    opened.get_by_role("button", name="评分当前表").click()
    playwright.expect(opened.locator("#own-message")).to_contain_text("得分 82.27")
    assert opened.evaluate("calls.filter(call => call[0] === 'put')") == [], (
        "its formulas show the results already"
    )
    opened.get_by_role("button", name="勾稽检查").click()
    playwright.expect(opened.locator("#own-message")).to_contain_text("勾稽")


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
