"""The page, opened from a file in a real Chromium and clicked: nothing is fetched, every figure is that of the workbooks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import jixiao
from jixiao.batch import Standing, webpage
from tests.batch.conftest import Province

playwright = pytest.importorskip("playwright.sync_api", reason="没有安装 playwright")
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture
def shown(chromium: Any, province: Province) -> Iterator[Any]:
    """The page; nothing may be complained of, nothing asked of a network."""
    context = chromium.new_context(viewport={"width": 1400, "height": 900})
    made = context.new_page()
    wrong: list[str] = []
    made.on("pageerror", lambda error: wrong.append(str(error)))
    made.on("console", lambda line: wrong.append(line.text) if line.type == "error" else None)
    made.on("request", lambda asked: wrong.append(asked.url) if not asked.url.startswith("file:") else None)
    made.goto((province.made.folder / "汇总.html").as_uri())
    playwright.expect(made.locator("#count")).to_contain_text("列出")
    yield made
    context.close()
    assert wrong == []


def texts(shown: Any) -> list[list[str]]:
    rows = shown.locator(".row").all()
    return [row.locator("span").all_inner_texts() for row in rows]


def test_the_largest_group_stands_there_ranked(shown: Any, province: Province) -> None:
    group = province.made.summary.groups[0]
    rows = texts(shown)
    assert [(r[0], r[1], float(r[3])) for r in rows[: len(group.units)]] == [
        (str(u.rank), u["unit"], float(round(u["total"], 2))) for u in group.units
    ]


def test_it_is_searched_and_filtered(shown: Any, province: Province) -> None:
    shown.fill("#q", "单位3局")
    assert [row[1] for row in texts(shown)] == ["某县单位3局"]
    shown.fill("#q", "")
    shown.select_option("#department", "乙主管局")
    assert {row[1] for row in texts(shown)} == {f"某县单位{n}局" for n in range(0, 8, 2)}
    shown.select_option("#department", "")
    shown.select_option("#group", "")
    shown.select_option("#standing", label=Standing.REFUSED.value)
    refused = [u["file"] for u in province.made.summary.units if u.standing is Standing.REFUSED]
    assert sorted(row[1] for row in texts(shown)) == sorted(refused)


def test_a_unit_shows_what_it_lost_and_why(shown: Any, province: Province) -> None:
    unit = province.made.summary.groups[0].units[2]
    shown.locator(".row", has_text=unit["unit"]).first.click()
    box = shown.locator("#unit")
    playwright.expect(box).to_contain_text(unit["unit"])
    card = jixiao.score(province.folder / unit["file"])
    for one in card.indicators:
        if one.points is not None and one.points < one.full:
            playwright.expect(box).to_contain_text(one.title)
            playwright.expect(box).to_contain_text(one.explanation)
    for finding in card.findings:
        playwright.expect(box).to_contain_text(finding.code)
    shown.keyboard.press("Escape")
    playwright.expect(box).to_be_hidden()


def test_keys_do_what_clicks_do(shown: Any, province: Province) -> None:
    shown.locator("#rows").focus()
    for key in ("ArrowDown", "ArrowDown", "Enter"):
        shown.keyboard.press(key)
    playwright.expect(shown.locator("#unit h2").first).to_have_text(
        province.made.summary.groups[0].units[1]["unit"]
    )
    shown.keyboard.press("Escape")
    shown.locator("#t-list").focus()
    shown.keyboard.press("ArrowRight")
    playwright.expect(shown.locator("#spread")).to_be_visible()


def test_distribution_lost_points_heat_map_and_problems(shown: Any, province: Province) -> None:
    group = province.made.summary.groups[0]
    shown.click("#t-spread")
    for name, value in group.spread().items():
        row = shown.locator("#spread tr", has=shown.get_by_text(name, exact=True))
        assert float(row.first.locator("td").last.inner_text()) == float(round(value, 2))
    shown.click("#t-lost")
    rows = shown.locator("#lost tbody tr").all()
    assert len(rows) == len(group.lost)
    most = max(group.lost, key=lambda one: one.lost)
    assert rows[0].locator("td").all_inner_texts()[:2] == [most.title, f"{float(most.lost):g}"]
    shown.click("#t-heat")
    playwright.expect(shown.locator("#heat canvas")).to_be_visible()
    shown.locator("#heat canvas").click(position={"x": 5, "y": 5})
    playwright.expect(shown.locator("#unit h2").first).to_have_text(group.units[0]["unit"])
    shown.click("#t-problems")
    playwright.expect(shown.locator("#problems")).to_contain_text("某县未报局")


def test_a_hostile_name_is_text(chromium: Any, province: Province, tmp_path: Path) -> None:
    summary = province.made.summary
    unit = summary.groups[0].units[0]
    before = unit.row
    unit.row = {**before, "unit": "</script><img src=x onerror=alert(1)>=1+1"}
    try:
        (tmp_path / "页.html").write_bytes(webpage.write(summary))
    finally:
        unit.row = before
    made = chromium.new_page()
    asked: list[str] = []

    def said(dialog: Any) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    made.on("dialog", said)
    made.goto((tmp_path / "页.html").as_uri())
    playwright.expect(made.locator(".row").first).to_contain_text("</script><img")
    assert asked == []
    made.close()


def test_a_hundred_thousand_units_are_scrolled_and_searched(
    chromium: Any, province: Province, tmp_path: Path
) -> None:
    summary = province.made.summary
    group = summary.groups[0]
    kept, units, first = summary.units, group.units, group.units[0]
    many = [
        type(first)({**first.row, "unit": f"某省单位{n:06}局", "path": f"/{n}"}, first.standing, rank=n + 1)
        for n in range(100_000)
    ]
    summary.units, group.units = [*kept, *many], many
    try:
        (tmp_path / "页.html").write_bytes(webpage.write(summary))
    finally:
        summary.units, group.units = kept, units
    made = chromium.new_page()
    made.goto((tmp_path / "页.html").as_uri())
    playwright.expect(made.locator("#count")).to_contain_text(f"共 {100_000 + len(kept)} 本")
    assert len(made.locator(".row").all()) < 100
    made.locator("#rows").focus()
    made.keyboard.press("End")
    playwright.expect(made.locator("#rows")).to_contain_text("某省单位099999局")
    made.fill("#q", "012345")
    playwright.expect(made.locator("#count")).to_contain_text("列出 1 本")
    made.close()
