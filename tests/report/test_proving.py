"""The self-proving page in a real Chromium: figures are clicked, sources changed, and all is reckoned in Python too."""

from __future__ import annotations

import json
import random
import re
import shutil
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from jixiao import pipeline
from jixiao.master import Link, ScoringBook, open_scoring_book
from jixiao.model import Value, plain
from jixiao.report import report_of
from jixiao.scoring import Values
from tests.app.serve.conftest import chromium as chromium  # noqa: PLC0414 - a fixture handed on

pytest.importorskip("playwright.sync_api", reason="没有安装 playwright")
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")
PUBLIC = Path(__file__).parents[2] / "conformance/facts/putuo-guihua-2024/部门决算.pdf"
CLICKED, CHANGED = 100, 12  # in each of the two cases
BLANKS = re.compile(r"\s+")
ALL = "all().map(x => Array.isArray(x) ? null : word(x))"
Show = Callable[..., Any]


def bare(text: str) -> str:
    return BLANKS.sub("", text)


@pytest.fixture
def shown(chromium: Any, tmp_path: Path) -> Iterator[Show]:
    """Opens the page of a workbook; nothing may be complained of, nothing asked of a network."""
    wrong: list[str] = []
    context = chromium.new_context(viewport={"width": 1366, "height": 900})

    def show(book: Path, **options: Any) -> Any:
        pipeline.report(book, tmp_path / "报告.html", draft=True, **options)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda line: wrong.append(line.text) if line.type == "error" else None)
        page.on(
            "request",
            lambda asked: wrong.append(asked.url) if not asked.url.startswith(("file:", "data:")) else None,
        )
        page.goto((tmp_path / "报告.html").as_uri())
        return page

    yield show
    context.close()
    assert wrong == []


@pytest.fixture(params=["suixi", "changli"])
def case(request: pytest.FixtureRequest) -> Path:
    """Either worked case."""
    return request.getfixturevalue(request.param)  # type: ignore[no-any-return]


def test_it_says_what_the_word_report_says_and_proves_itself(case: Path, shown: Show) -> None:
    page = shown(case)
    kind = "自评" if "changli" in str(case) else "核查"
    said = bare(page.locator("article").text_content())
    for line in report_of(case, kind, draft=True).text().splitlines():
        for cell in line.split("\t"):
            assert bare(cell) in said
    assert "全部一致" in page.locator("#state").inner_text()
    assert page.locator(".warn").count() == 0
    # what stands in no mark are years, numbers of headings and papers, limits and weights of the table
    loose = page.evaluate(
        """() => { const w = document.createTreeWalker(document.querySelector("article"), NodeFilter.SHOW_TEXT), made = [];
        for (let n; n = w.nextNode();) if (!n.parentElement.closest(".f, .c, .t, table, .missing, .basis, h1, h2, h3, h4, h5, b"))
        made.push(...n.data.match(/[\\d.]+(?:%|万元|亿元|元|人|件|处)/g) || []); return made; }"""
    )
    assert set(loose) <= {"0万元", "20%", "50%"}, loose


def test_every_figure_leads_to_its_cell(case: Path, shown: Show) -> None:
    page, book = shown(case), open_scoring_book(case)
    cells = page.evaluate("CELLS")
    figures = page.locator("article .f")
    count = figures.count()
    numbers = list(range(count))
    random.Random(2022).shuffle(numbers)
    sources = 0
    for number in numbers[:CLICKED]:
        one = figures.nth(number)
        text, at = one.text_content(), int(one.get_attribute("data-i"))
        one.click()
        panel = page.locator("#panel")
        assert panel.locator(".value").inner_text() == text
        cell = cells[at]
        if place := cell.get("place"):
            assert panel.locator(".place").inner_text().startswith(f"评分簿：{place}")
            _holds(book, place, page.evaluate(f"word(v({at}))"))
        said = panel.locator(".source").all_inner_texts()
        leaves = page.evaluate(f"leaves({at})")
        sources += bool(leaves)
        for leaf in leaves[:12]:
            source = cells[leaf]["source"]
            assert any(source["cell"] in line and source["file"] in line for line in said), (
                text,
                source,
                said,
            )
            if link := cells[leaf].get("link"):
                sheet, _, ref = link.rpartition("!")
                divisor = (
                    book.links[cells[leaf]["name"]].divisor if cells[leaf]["name"] in book.links else None
                )
                if divisor is not None:
                    given = Link(sheet, ref, divisor).now(book.book)
                    assert given is None or plain(given) == page.evaluate(f"word(v({leaf}))")
        if not leaves:
            assert panel.locator(".how, .source, .clause").count() > 0, text
    assert count >= 150
    assert sources > CLICKED / 4


def _holds(book: ScoringBook, place: str, value: str) -> None:
    """The cell of the workbook holds the value."""
    sheet, _, ref = place.rpartition("!")
    cell = book.sheet(sheet).get(ref)
    assert cell is not None
    now = cell.number if cell.number is not None else cell.value
    assert (plain(now) if isinstance(now, Decimal) else str(now or "")) == value, place


def test_a_changed_source_moves_what_follows_from_it(case: Path, shown: Show) -> None:
    """Every cell of the page against the number reading, for figures as they break rules: halves, nothing, ten times."""
    page, book = shown(case), open_scoring_book(case)
    cells, was = page.evaluate("CELLS"), page.evaluate(ALL)
    keys = {at: key for at, cell in enumerate(cells) for key in [_key(book, cell["name"])] if key}
    given = [
        at
        for at, key in keys.items()
        if isinstance(book.entries.get(key), Decimal) and key in book.net.entries
    ]
    dice = random.Random(7)
    moved = 0
    for at in dice.choices(given, k=CHANGED):
        old = book.entries[keys[at]]
        assert isinstance(old, Decimal)
        new = dice.choice([old * 10, old + 1, old / 2, Decimal(0), old + Decimal("0.01")])
        new = Decimal(format(round(new, 6), "f"))
        page.evaluate(f"given = [...START]; given[{at}] = D('{format(new, 'f')}'); renew()")
        values = Values(book.net, {**book.entries, keys[at]: new})
        values.all()
        now = page.evaluate(ALL)
        known = {n: _word(values[key]) for n, key in keys.items() if key not in book.net.columns}
        assert {n: now[n] for n in known} == known, (keys[at], new)
        changed = set(page.evaluate("moved_cells()"))
        assert {n for n in known if n in changed} == {n for n in known if was[n] != known[n]}
        for one in page.evaluate(
            "[...document.querySelectorAll('.f')].map(e => [+e.dataset.i, e.classList.contains('moved')])"
        ):
            assert one[1] == (one[0] in changed)
        moved += len(changed)
    assert moved > CHANGED
    page.evaluate("given = [...START]; renew()")
    assert page.evaluate(ALL) == was
    assert page.locator("article .moved, article .again").count() == 0


def typed(book: Path, name: str, value: Decimal) -> None:
    """A figure typed over its link in the workbook."""
    opened = open_scoring_book(book)
    place = opened.plan.places[name]
    opened.sheet(place.sheet).set(place.ref, value, formula=None)
    book.write_bytes(opened.to_bytes())


def _key(book: ScoringBook, name: str) -> str:
    """The key of the net that a cell shows; a name shows a blank for its dot."""
    found = [
        key for key in (name, name.replace(" ", ".")) if key in book.net.entries or key in book.net.items
    ]
    return found[0] if found else ""


def _word(value: Value) -> str:
    return plain(value) if isinstance(value, Decimal) else "" if value is None else str(value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("年度支出决算数", "120"),
        ("三公经费决算数", "5.5"),
        ("在职人数", "16"),
        ("收入决算数", "100"),
        ("政府采购计划金额", "0.95"),
    ],
)
def test_its_sentences_are_those_of_a_report_on_the_changed_figure(
    suixi: Path, book: Path, shown: Show, name: str, value: str
) -> None:
    page = shown(suixi)
    at = next(n for n, cell in enumerate(page.evaluate("CELLS")) if cell["name"] == name)
    page.evaluate(f"given[{at}] = D('{value}'); renew()")
    typed(book, name, Decimal(value))
    said = bare(report_of(book, "核查", draft=True).text())
    moved = page.locator(".s.moved").all_text_contents()
    assert moved
    for sentence in page.locator(".s").all_text_contents():
        # a figure that is typed in the workbook is no longer one of its document
        assert re.sub(r"^根据2022年度?部门决算报表，", "", bare(sentence)) in said
    assert page.locator("article .moved").count() > len(moved)


def test_a_person_changes_a_figure_and_sees_the_points_move(suixi: Path, shown: Show) -> None:
    """With the keyboard alone."""
    page = shown(suixi)
    one = page.locator("article .f", has_text="36.58万元").nth(1)
    one.focus()
    page.keyboard.press("Enter")
    panel = page.locator("#panel")
    assert "在用固定资产原值" in panel.locator("h2").inner_text()
    assert "《资产报表.xls》" in panel.locator(".source").first.inner_text()
    assert panel.locator(".clause").first.inner_text().startswith("2.4.2 固定资产利用率")
    page.focus("#field")
    page.keyboard.press("Control+A")
    page.keyboard.type("34")
    page.keyboard.press("Enter")
    assert "固定资产利用率：3 → 1" in panel.inner_text()
    assert "总分 82.27 → 80.27" in page.locator("#state").inner_text()
    assert "92.95%" in page.locator("article").inner_text()
    page.focus("#field")
    page.keyboard.press("Control+A")
    page.keyboard.type("约34")
    page.keyboard.press("Enter")
    assert "请填数字" in panel.inner_text()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.className").startswith("f")


def test_what_was_changed_by_hand_is_marked(book: Path, shown: Show) -> None:
    typed(book, "在用固定资产原值", Decimal(30))
    page = shown(book)
    hand = page.locator("article .f.hand").first
    hand.click()
    assert "手工改动（取数!" in page.locator("#panel").inner_text()
    assert "原值 36.58" in page.locator("#panel").inner_text()


HOSTILE = [
    "</script><script>document.title='坏'</script>",
    "<img src=x onerror=document.title='坏'>",
    "\U000f0000假\U0010fffd",
    "\ufdd00\ufdd1\ufdd2假\ufdd3",
]


def test_texts_of_people_stay_texts(book: Path, shown: Show, tmp_path: Path) -> None:
    text = json.dumps("".join(HOSTILE) + "五", ensure_ascii=False)
    (tmp_path / "文.yaml").write_text(f"texts:\n  部门职能: {text}\n  总体评价: {text}\n", "utf-8")
    pipeline.fill(book, [], facts_file=tmp_path / "文.yaml")
    page = shown(book)
    assert "坏" not in page.title()
    assert "全部一致" in page.locator("#state").inner_text()
    assert "onerror" in page.locator("article").inner_text()


def test_a_figure_from_paper_shows_its_picture(shown: Show, tmp_path: Path) -> None:
    pytest.importorskip("pypdfium2")
    shutil.copy(PUBLIC, tmp_path / "决算.pdf")
    book = pipeline.new("suixi-2022", tmp_path / "评分簿.xlsx")
    pipeline.fill(book, [tmp_path / "决算.pdf"])
    page = shown(book)
    one = next(n for n, cell in enumerate(page.evaluate("CELLS")) if cell.get("source", {}).get("page"))
    page.evaluate(f"open({one}, null)")
    picture = page.locator("#panel img")
    assert "《决算.pdf》" in picture.get_attribute("alt") and picture.evaluate("e => e.naturalWidth") > 100


def test_it_is_read_aloud_and_printed(suixi: Path, shown: Show) -> None:
    page = shown(suixi)
    assert page.locator("article .f:not([role=button]), article .f:not([tabindex='0'])").count() == 0
    assert (
        page.locator("#state[aria-live=polite]").count()
        == page.locator("#panel[role=region][aria-label]").count()
        == 1
    )
    page.emulate_media(media="print")
    assert not page.locator("#panel").is_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('.f')).borderBottomWidth") == "0px"


def test_every_change_that_is_said_to_win_points_wins_them_on_the_page(book: Path, shown: Show) -> None:
    typed(book, "在用固定资产原值", Decimal(30))
    page = shown(book)
    panel, changes = page.locator("#panel"), page.locator("article .g")
    assert changes.count() > 0
    tried = 0
    for number in range(changes.count()):
        changes.nth(number).click()
        said = panel.locator(".sentence").first.inner_text()
        if page.locator("#try").count() == 0:
            continue
        tried += 1
        page.locator("#try").click()
        before, after = re.findall(r"总分：([\d.]+) → ([\d.]+)", panel.inner_text())[0]
        won = re.findall(r"总分增加(-?[\d.]+)分", said)[0]
        assert Decimal(after) - Decimal(before) == Decimal(won), said
        assert page.locator("article .g.again").count() > 0  # the others were reckoned on the figures before
        page.locator("#reset").click()
        assert page.locator("article .g.again").count() == 0
    assert tried > 0
