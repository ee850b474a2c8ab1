"""The page in a real Chromium, with real clicks: sources in, 82.27 seen, a finding opened, the workbook back and proved."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from jixiao import pipeline
from jixiao.app import demo
from jixiao.app import service as serving
from tests.app import test_finish
from tests.app.serve.loopback import Client
from tests.office.pdf_maker import Paper, pdf

playwright = pytest.importorskip("playwright.sync_api", reason="没有安装 playwright")
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture
def page(chromium: Any, client: Client) -> Iterator[Any]:
    """The page, opened through a fresh link; nothing may be complained of in the console, nothing fetched elsewhere."""
    yield from opened(chromium, client)


@pytest.fixture(scope="module")
def result(chromium: Any, client: Client) -> Iterator[Any]:
    """The page with the worked case scored, for tests that only look."""
    made = opened(chromium, client)
    page = next(made)
    scored(page)
    yield page
    next(made, None)


def opened(chromium: Any, client: Client) -> Iterator[Any]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    made = context.new_page()
    complaints: list[str] = []
    made.on("pageerror", lambda error: complaints.append(str(error)))
    made.on("console", lambda line: complaints.append(line.text) if "Content Security" in line.text else None)
    elsewhere: list[str] = []
    made.on(
        "request",
        lambda asked: (
            elsewhere.append(asked.url) if not asked.url.startswith((client.own, "blob:")) else None
        ),
    )
    made.goto(client.service.link())
    playwright.expect(made.locator("#status")).to_contain_text("可以放入文件")
    yield made
    made.goto("about:blank")
    context.close()
    assert complaints == []
    assert elsewhere == []


def test_a_file_leads_the_browser_to_the_page(
    chromium: Any, client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[str] = []
    monkeypatch.setattr("webbrowser.open", given.append)
    monkeypatch.setenv("BROWSER", "browser")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    (tmp_path / "jixiao" / "work").mkdir(parents=True)
    serving.Service().browse(client.service.link())
    page = chromium.new_page()
    page.goto(given[0])
    for _ in range(2):
        playwright.expect(page.locator("#status")).to_contain_text("可以放入文件")
        assert page.url == f"{client.own}/pane"
        page.reload()
    page.close()


def drop(page: Any, *paths: Path) -> None:
    """Drop files on the page, as a mouse would."""
    data = [[path.name, list(path.read_bytes())] for path in paths]
    transfer = page.evaluate_handle(
        """data => { const all = new DataTransfer();
        for (const [name, bytes] of data) all.items.add(new File([new Uint8Array(bytes)], name)); return all; }""",
        data,
    )
    page.dispatch_event("body", "drop", {"dataTransfer": transfer})


def scored(page: Any) -> None:
    """The worked case, dropped and scored by clicks."""
    folder = demo.specimen_folder()
    drop(page, *(folder / name for name in (*demo.SOURCES, demo.JUDGEMENTS)))
    playwright.expect(page.locator("#files li")).to_have_count(6)
    page.select_option("#rubric", "suixi-2022")
    page.get_by_role("button", name="评分", exact=True).click()
    playwright.expect(page.locator("#total")).to_have_text("82.27", timeout=60_000)


def test_the_whole_case_by_clicks(page: Any, tmp_path: Path) -> None:
    scored(page)
    assert "#" not in page.url, "the code stays in nobody's history"
    playwright.expect(page.locator("#head")).to_contain_text("良")
    assert page.locator("#groups svg[role=img]").count() == 4
    assert "失 4.6" in page.locator("#groups svg").first.get_attribute("aria-label")
    playwright.expect(page.locator("#lost-title")).to_contain_text("失分 17.73 分")

    finding = page.locator(".finding", has_text="收入决算数").first
    playwright.expect(finding.locator(".places")).to_be_hidden()
    finding.locator("summary").click()
    places = finding.locator(".places")
    playwright.expect(places).to_contain_text("决算报表.xlsx")
    playwright.expect(places).to_contain_text("E34")
    playwright.expect(finding.locator(".advice")).to_contain_text("请查明")

    page.get_by_role("button", name="核验", exact=True).click()
    playwright.expect(page.locator("#verified")).to_contain_text("核验通过", timeout=90_000)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="下载评分簿").click()
    book = tmp_path / "评分簿.xlsx"
    waiting.value.save_as(book)
    assert waiting.value.suggested_filename == "遂溪县招商局2022年度评分簿.xlsx"
    assert pipeline.verify([book])[0].proved
    assert str(pipeline.score(book, write=False).total) == "82.27"


def test_numbers_stand_under_each_other(result: Any) -> None:
    page = result
    cells = page.locator("#indicators td.num")
    assert cells.count() > 60
    styles = cells.evaluate_all("all => all.map(c => getComputedStyle(c).textAlign)")
    assert set(styles) == {"right"}
    assert "tabular-nums" in page.evaluate("getComputedStyle(document.body).fontVariantNumeric")


def test_the_page_works_by_keyboard_alone(page: Any) -> None:
    order = []
    for _ in range(8):
        page.keyboard.press("Tab")
        order.append(page.evaluate("document.activeElement.id || document.activeElement.className"))
    assert order[:7] == ["skip", "pair-show", "choose", "rubric", "import", "unit", "year"]
    scored(page)
    page.locator(".finding summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator(".finding").first.get_attribute("open") is not None
    page.keyboard.press("Escape")
    assert page.locator(".finding").first.get_attribute("open") is None
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    page.locator("#unit").focus()
    page.keyboard.type("某某局")
    page.keyboard.press("Enter")
    playwright.expect(page.locator("#head")).to_contain_text("遂溪县招商局", timeout=60_000)


def test_every_wrong_file_is_told_in_a_banner_that_escape_closes(page: Any, tmp_path: Path) -> None:
    wrong, right = tmp_path / "网页.xlsx", demo.specimen_folder() / demo.SOURCES[0]
    other = tmp_path / "通知.docm"
    wrong.write_text("<html><body onload=alert(1)></body></html>", "utf-8")
    other.write_bytes(b"x")
    drop(page, wrong, right, other)
    banner = page.get_by_role("alert")
    for told in ("网页.xlsx", "J501", "通知.docm", "J878"):
        playwright.expect(banner).to_contain_text(told)
    playwright.expect(page.locator("#status")).to_have_text("2 个文件没有读入")
    playwright.expect(page.locator("#files li")).to_have_count(1)
    page.keyboard.press("Escape")
    playwright.expect(banner).to_be_hidden()


def test_a_file_of_thirty_megabytes_is_told(page: Any) -> None:
    page.evaluate("""() => { const all = new DataTransfer(); all.items.add(new File([new Uint8Array(30000000)], '大.csv'));
        document.body.dispatchEvent(new DragEvent('drop', {dataTransfer: all, bubbles: true})); }""")
    playwright.expect(page.get_by_role("alert")).to_contain_text("30 MB")


def test_names_out_of_files_are_never_markup(page: Any, tmp_path: Path) -> None:
    path = tmp_path / "&lt;b&gt;甲'&amp;.csv"
    path.write_text("甲,乙\n1,2\n", "utf-8")
    drop(page, path)
    playwright.expect(page.locator("#files li")).to_have_count(1)
    assert page.locator("#files b, #files img").count() == 0
    playwright.expect(page.locator("#files li")).to_contain_text("&lt;b&gt;甲'&amp;.csv")


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_nothing_hangs_over_the_edge(result: Any, width: int) -> None:
    page = result
    page.set_viewport_size({"width": width, "height": 800})
    page.locator(".finding summary").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    wide = page.evaluate(
        "width => [...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > width + 1)"
        ".map(e => e.className || e.tagName)", width
    )  # fmt: skip
    assert wide == []


def test_every_control_has_a_name_and_every_picture_words(result: Any) -> None:
    page = result
    nameless = page.evaluate("""() => [...document.querySelectorAll('button:not([hidden]), input, select, svg[role=img]')]
        .filter(e => !(e.getAttribute('aria-label') || e.textContent.trim() || (e.labels && e.labels.length)))
        .map(e => e.outerHTML.slice(0, 80))""")
    assert nameless == []
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    assert page.locator("[role=status][aria-live=polite]").count() == 1
    assert not re.search(r"\b(?:undefined|null|NaN|Infinity)\b", page.locator("body").inner_text())


def test_a_department_book_lists_its_forms(page: Any) -> None:
    changli = demo.CASES["changli"]
    drop(page, demo.specimen_folder(changli) / changli.facts)
    playwright.expect(page.locator("#files li")).to_have_count(1)
    page.select_option("#rubric", changli.rubric)
    page.get_by_role("button", name="评分", exact=True).click()
    playwright.expect(page.locator("#total")).to_have_text("98.00", timeout=60_000)
    playwright.expect(page.locator("#tables li")).to_have_count(2)
    playwright.expect(page.locator("#tables")).to_contain_text("招商引资工作经费")
    playwright.expect(page.locator("#tables")).to_contain_text("执行率 100")


def test_an_officers_own_table_is_filled_by_clicks(page: Any, own_table: Path) -> None:
    drop(page, own_table)
    page.get_by_role("button", name="填写其中的评分表").click()
    playwright.expect(page.locator("#own-message")).to_contain_text("填写 5 项", timeout=30_000)
    playwright.expect(page.locator("#own-cells")).to_contain_text("绩效评分!")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="下载填好的工作簿").click()
    assert waiting.value.suggested_filename == "自评 表.xlsx"


def test_the_report_comes_back_as_a_draft(page: Any) -> None:
    if not hasattr(pipeline, "report"):
        pytest.skip("没有报告功能")
    scored(page)
    page.get_by_label("草稿").check()
    with page.expect_download(timeout=60_000) as waiting:
        page.get_by_role("button", name="生成报告").click()
    assert waiting.value.suggested_filename == "遂溪县招商局2022年度核查报告（草稿）.docx"
    playwright.expect(page.locator("#reported")).to_contain_text("还缺")


def test_the_rubric_is_asked_for(page: Any) -> None:
    drop(page, demo.specimen_folder() / demo.SOURCES[0])
    playwright.expect(page.locator("#files li")).to_have_count(1)
    page.get_by_role("button", name="评分", exact=True).click()
    playwright.expect(page.get_by_role("alert")).to_contain_text("还没有选择评分表")
    assert page.evaluate("document.activeElement.id") == "rubric"


def test_a_page_that_is_loaded_again_goes_on(page: Any, tmp_path: Path) -> None:
    scored(page)
    page.get_by_role("button", name="核验", exact=True).click()
    playwright.expect(page.locator("#verified")).to_contain_text("核验通过", timeout=90_000)
    page.reload()
    playwright.expect(page.locator("#status")).to_contain_text("接着上次的文件")
    playwright.expect(page.locator("#files li")).to_have_count(6)
    playwright.expect(page.locator("#total")).to_have_text("82.27")
    playwright.expect(page.locator("#verified")).to_contain_text("核验通过")
    assert page.locator("#rubric").input_value() == "suixi-2022"
    with page.expect_download() as waiting:
        page.get_by_role("button", name="下载评分簿").click()
    waiting.value.save_as(tmp_path / "评分簿.xlsx")
    assert pipeline.verify([tmp_path / "评分簿.xlsx"])[0].proved


def test_of_two_workbooks_one_is_chosen(page: Any, master: Path, tmp_path: Path) -> None:
    blank = pipeline.new("changli-2023", tmp_path / "昌黎.xlsx")
    drop(page, Path(shutil.copy(master, tmp_path / "遂溪.xlsx")), blank)
    playwright.expect(page.locator("#files .role.book")).to_have_count(2)
    playwright.expect(page.locator("#status")).to_contain_text("点“评分”的是“昌黎.xlsx”")
    page.locator("#files li", has_text="遂溪").get_by_label("评分这一本").check()
    playwright.expect(page.locator("#status")).to_contain_text("点“评分”的是“遂溪.xlsx”")
    page.get_by_role("button", name="评分", exact=True).click()
    playwright.expect(page.locator("#total")).to_have_text("82.27")
    page.get_by_role("button", name="去掉 遂溪.xlsx").click()
    playwright.expect(page.locator("#files li")).to_have_count(1)
    playwright.expect(page.get_by_label("评分这一本")).to_have_count(0)
    page.get_by_role("button", name="评分", exact=True).click()
    playwright.expect(page.locator("#head")).to_contain_text("昌黎")


def test_an_official_table_is_imported_and_its_questions_answered(page: Any, tmp_path: Path) -> None:
    table = tmp_path / "甲县评分表.xlsx"
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in test_finish.ROWS:
        book.active.append(list(row))
    book.save(table)
    page.locator("#import").set_input_files(table)
    title = page.locator("#finish-title")
    playwright.expect(title).to_contain_text("个问题待定")
    before = int(re.findall(r"(\d+) 个问题", title.inner_text())[0])
    assert page.locator("#finish .question").count() == before
    first = page.locator("#finish .question[open] form")
    playwright.expect(first).to_have_count(1)
    first.locator("input[type=radio]").first.check()
    first.get_by_role("button", name="保存").click()
    playwright.expect(page.get_by_role("alert")).to_contain_text("还没有写明谁作决定")
    page.get_by_label("谁作决定").fill("李审核")
    first.get_by_label("理由").fill("与财政局核对")
    first.get_by_role("button", name="保存").click()
    playwright.expect(page.locator("#finish-decided summary")).to_have_text("已决定 1 项")

    expert = page.locator("#finish .question", has_text="甲项")
    if expert.get_attribute("open") is None:
        expert.locator("summary").click()
    form = expert.locator("form")
    form.get_by_label("写法").fill("胡写")
    form.get_by_role("button", name="试算").click()
    playwright.expect(page.get_by_role("alert")).to_contain_text("用不上")
    form.get_by_label("写法").fill("完成率≥90%得30分，每低1个百分点扣1分，扣完为止")
    form.get_by_label("数值").fill("85%")
    form.get_by_role("button", name="试算").click()
    playwright.expect(form.get_by_role("status")).to_contain_text("85%：25分")

    page.reload()
    playwright.expect(page.locator("#finish-decided summary")).to_have_text("已决定 1 项")
    assert page.get_by_label("谁作决定").input_value() == "李审核"
    playwright.expect(page.locator("#finish-decided li")).to_contain_text("与财政局核对；李审核")
    page.get_by_role("button", name="撤回上一题").click()
    playwright.expect(page.locator("#finish .question")).to_have_count(before)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="下载评分表定义").click()
    kept = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(kept)
    assert pipeline.rubric(str(kept)).questions

    drop(page, demo.specimen_folder() / demo.SOURCES[0])
    playwright.expect(page.locator("#files li")).to_have_count(2)
    page.select_option("#rubric", "@")
    page.get_by_role("button", name="评分", exact=True).click()
    playwright.expect(page.locator("#head")).to_contain_text("部门评分表", timeout=60_000)
    page.get_by_role("button", name="清空重来").click()
    playwright.expect(page.locator("#finish")).to_be_hidden()
    drop(page, kept)
    playwright.expect(title).to_contain_text("个问题待定")


def test_clearing_and_leaving_remove_everything(
    page: Any, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = demo.specimen_folder() / demo.SOURCES[0]

    def ident() -> str:
        drop(page, table)
        playwright.expect(page.locator("#files li")).to_have_count(1)
        return str(page.evaluate("sessionStorage.getItem('jixiao-session')"))

    first = ident()
    assert client.call("GET", f"/api/sessions/{first}").status == 200
    page.get_by_role("button", name="清空重来").click()
    playwright.expect(page.locator("#files li")).to_have_count(0)
    playwright.expect(page.locator("#empty")).to_be_visible()
    assert client.service.sessions.gone(first)
    monkeypatch.setattr("jixiao.app.service.sessions.LEFT_SECONDS", 0.2)
    second = ident()
    page.goto("about:blank")
    for _ in range(50):
        if client.service.sessions.gone(second):
            break
        page.wait_for_timeout(100)
    assert client.service.sessions.gone(second)


def test_without_a_code_the_page_asks_to_be_paired(chromium: Any, client: Client) -> None:
    context = chromium.new_context(viewport={"width": 320, "height": 700})
    pane = context.new_page()
    pane.goto(f"{client.own}/pane")
    playwright.expect(pane.get_by_role("alert")).to_contain_text("没有通过验证")
    pane.get_by_label("配对码").fill("00000000")
    pane.keyboard.press("Enter")
    playwright.expect(pane.get_by_role("alert")).to_contain_text("J872")
    pane.get_by_label("配对码").fill(client.service.keys.pair_code())
    pane.keyboard.press("Enter")
    playwright.expect(pane.locator("#status")).to_contain_text("可以放入文件")
    playwright.expect(pane.locator("#pair")).to_be_hidden()
    pane.reload()
    playwright.expect(pane.locator("#status")).to_contain_text("可以放入文件")
    context.close()


def test_a_hostile_page_reaches_nothing(chromium: Any, client: Client, tmp_path: Path) -> None:
    """A page of another origin that knows even the token: its questions are refused, ours cannot be framed."""
    hostile = tmp_path / "hostile.html"
    hostile.write_text(
        f"<iframe id=f src='{client.own}/pane'></iframe><script>"
        f"fetch('{client.own}/api/about',{{headers:{{'X-Jixiao-Token':'{client.service.keys.token}'}}}})"
        ".then(()=>document.title='read',()=>document.title='refused')</script>",
        "utf-8",
    )
    context = chromium.new_context()
    tab = context.new_page()
    tab.goto(hostile.as_uri())
    playwright.expect(tab).to_have_title("refused")
    assert tab.frames[-1].locator("#score").count() == 0
    context.close()


def test_the_place_of_a_printed_figure_is_shown(page: Any, tmp_path: Path) -> None:
    pytest.importorskip("pypdfium2")
    (tmp_path / "决算.pdf").write_bytes(pdf(Paper().table()))
    drop(page, tmp_path / "决算.pdf")
    playwright.expect(page.locator("#files li")).to_have_count(1)
    page.select_option("#rubric", "suixi-2022")
    page.get_by_role("button", name="评分", exact=True).click()
    page.locator("#facts-card summary").click(timeout=60_000)
    row = page.locator("#facts tr", has_text="本年收入合计").first
    row.get_by_role("button", name="看原文").click()
    drawn = page.locator("#facts canvas")
    playwright.expect(drawn).to_be_visible()
    assert drawn.evaluate("canvas => canvas.width") == 2 * 842
    row.get_by_role("button", name="看原文").click()
    playwright.expect(drawn).to_have_count(0)
