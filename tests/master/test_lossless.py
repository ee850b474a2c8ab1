"""fill and score on a workbook that holds everything a user may have put in: nothing of it changes by a byte."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from jixiao import pipeline
from jixiao.master import build, open_scoring_book
from tests.office.ooxml.rich_book import PIXEL, raw_members, with_parts

SPECIMENS = Path(__file__).parents[2] / "workbooks" / "specimens" / "suixi-2022"
SOURCES = [SPECIMENS / "决算报表.xlsx", SPECIMENS / "资产报表.xls", SPECIMENS / "科目余额表.csv"]
MACRO = b"not a real macro, kept all the same" * 40
# what bringing in a table may touch: the parts that list sheets, and nothing that holds content of the user's
LISTS = {"xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml", "docProps/app.xml"}


@pytest.fixture
def decorated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A scoring workbook with picture, chart, comment, text box, macro, rich text and custom XML on its sheets."""
    close = xlsxwriter.Workbook.close

    def decorate(book: xlsxwriter.Workbook) -> None:
        for name in ("封面", "评分表", "取数", "图表"):
            sheet = book.get_worksheet_by_name(name)
            sheet.insert_image("Z40", "pixel.png", {"image_data": io.BytesIO(PIXEL)})
            sheet.write_comment("Z41", "请核对")
            sheet.insert_textbox("Z44", "办公室说明")
        chart = book.add_chart({"type": "pie"})
        chart.add_series({"values": "='图表'!$C$5:$C$8"})
        book.get_worksheet_by_name("取数").insert_chart("Z60", chart)
        bold = book.add_format({"bold": True})
        book.get_worksheet_by_name("评分表").write_rich_string("Z50", "一半", bold, "加粗")
        book.add_vba_project(io.BytesIO(MACRO), is_stream=True)
        close(book)

    monkeypatch.setattr(xlsxwriter.Workbook, "close", decorate)
    path = tmp_path / "评分簿 含宏.xlsm"
    data = build(pipeline.rubric("suixi-2022"))
    path.write_bytes(with_parts(data, {"customXml/item1.xml": b"<note>keep me</note>"}))
    return path


def changed(before: bytes, after: bytes) -> set[str]:
    """Members whose compressed bytes differ."""
    old, new = raw_members(before), raw_members(after)
    assert set(old) <= set(new), "a part was lost"
    assert [name for name in new if name in old] == list(old), "the order of parts changed"
    return {name for name in old if old[name] != new[name]}


def test_fill_and_score_keep_every_other_part(decorated: Path) -> None:
    before = decorated.read_bytes()
    pipeline.fill(decorated, SOURCES, facts_file=SPECIMENS / "judgements.yaml")
    filled = decorated.read_bytes()
    touched = changed(before, filled)
    assert {name for name in touched if not name.startswith("xl/worksheets/sheet")} <= LISTS
    kept = set(raw_members(before)) - touched
    for part in ("xl/vbaProject.bin", "customXml/item1.xml", "xl/media/image1.png", "xl/styles.xml"):
        assert part in kept
    assert any(name.startswith("xl/comments") for name in kept)
    assert sum(name.startswith("xl/charts/") for name in kept) == 3
    assert sum(name.startswith("xl/drawings/drawing") for name in kept) == 4

    pipeline.score(decorated)
    assert changed(filled, decorated.read_bytes()) == set(), "scoring again changes nothing"


def test_score_changes_only_the_sheets_with_scores(decorated: Path) -> None:
    pipeline.fill(decorated, SOURCES, facts_file=SPECIMENS / "judgements.yaml")
    before = decorated.read_bytes()
    with zipfile.ZipFile(decorated) as package:
        names = package.namelist()
    edit_one_figure(decorated)
    edited = decorated.read_bytes()
    card = pipeline.score(decorated)
    touched = changed(edited, decorated.read_bytes())
    assert all(name.startswith("xl/worksheets/sheet") for name in touched)
    assert len(touched) < len([name for name in names if name.startswith("xl/worksheets/sheet")])
    assert card["支出完成率"].points != 7
    assert before != edited


def edit_one_figure(path: Path) -> None:
    """Change the spending figure in the imported 财决01-1, as a person would."""
    book = open_scoring_book(path)
    link = book.links["年度支出决算数"]
    book.sheet(link.sheet).set(link.ref, Decimal("1200000.00"))
    path.write_bytes(book.book.to_bytes())


def test_only_the_cells_concerned_change(decorated: Path) -> None:
    """Inside the sheets: every cell that is neither an entry, a score nor a proof keeps its value and style."""
    old = open_scoring_book(decorated)
    pipeline.fill(decorated, SOURCES, facts_file=SPECIMENS / "judgements.yaml")
    new = open_scoring_book(decorated)
    places = {(place.sheet, place.ref) for place in new.plan.places.values()}
    for name in ("封面", "评分表", "要点核定", "目标完成", "图表"):
        for cell in old.sheet(name).cells():
            after = new.sheet(name).get(cell.ref)
            assert after is not None
            assert after.style == cell.style
            if (name, cell.ref) not in places:
                assert (after.value, after.formula) == (cell.value, cell.formula)


def test_a_deleted_table_is_said_and_scoring_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "评分簿.xlsx"
    pipeline.new("suixi-2022", path)
    pipeline.fill(path, SOURCES, facts_file=SPECIMENS / "judgements.yaml")
    book = open_scoring_book(path)
    book.book.remove_sheet(book.links["固定资产原值"].sheet)
    path.write_bytes(book.book.to_bytes())
    card = pipeline.score(path)
    assert "J567" in {finding.code for finding in card.findings}
    assert card["固定资产利用率"].rule_points is None
    assert card["支出完成率"].points == 7
