"""What one room accepts breaks no other: overlapping merged areas, figures beyond every budget, places outside the grid."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest
import xlwt

import jixiao
from jixiao.model import LimitReached, Refused
from jixiao.office import column_letter, open_workbook, read_book
from tests.office import hostile_files

LINES = [
    ["收入支出决算总表", "", "", ""],
    ["单位：万元", "", "", ""],
    ["收入", "", "支出", ""],
    ["项目", "决算数", "项目", "决算数"],
    ["本年收入合计", "1,234.50", "本年支出合计", "1,234.50"],
    ["总计", "1,234.50", "总计", "1,234.50"],
]
TOO_LARGE = ["1e26", "1.69E308", "-1000000000", "9999999999999999999999999999"]
LARGE = ["999999999.99", "0.1234567890123456789012345678", "1e-300"]


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """An empty scoring workbook."""
    return jixiao.new("suixi-2022", tmp_path / "簿.xlsx")


def packed(figure: str = "1234.5", areas: Sequence[tuple[int, int, int, int]] = ()) -> bytes:
    """A workbook of one table whose first figure is this one, written as it stands."""
    body = ""
    for row, line in enumerate(LINES, 1):
        body += f'<row r="{row}">'
        for letter, text in zip("ABCD", line, strict=True):
            if text == "1,234.50":
                body += f'<c r="{letter}{row}"><v>{figure if (letter, row) == ("B", 5) else "1234.5"}</v></c>'
            elif text:
                body += f'<c r="{letter}{row}" t="inlineStr"><is><t>{text}</t></is></c>'
        body += "</row>"
    refs = "".join(
        f'<mergeCell ref="{column_letter(left)}{top}:{column_letter(right)}{bottom}"/>'
        for top, left, bottom, right in areas
    )
    return hostile_files.book(
        part=hostile_files.sheet(body, f"<mergeCells>{refs}</mergeCells>" if areas else "")
    )


@pytest.mark.parametrize("figure", TOO_LARGE)
def test_an_amount_beyond_every_budget_is_a_finding_and_no_fact(
    figure: str, book: Path, tmp_path: Path
) -> None:
    source = tmp_path / "源.xlsx"
    source.write_bytes(packed(figure))
    done = jixiao.fill(book, [source])
    found = [finding for finding in done.findings if "过大" in finding.message]
    assert [finding.sources[0].cell for finding in found] == ["B5"]
    facts = jixiao.read(source)
    assert not facts.of("本年收入合计") and facts.of("本年支出合计")[0].value == Decimal("1234.5")
    assert jixiao.score(book).total is not None and jixiao.check(book) is not None


@pytest.mark.parametrize("figure", LARGE)
def test_every_smaller_amount_goes_through_all_rooms(figure: str, book: Path, tmp_path: Path) -> None:
    source = tmp_path / "源.xlsx"
    source.write_bytes(packed(figure))
    done = jixiao.fill(book, [source])
    assert not [finding for finding in done.findings if "过大" in finding.message]
    assert jixiao.check(book) is not None


@pytest.mark.parametrize("figure", [*TOO_LARGE, "1e30"])
def test_a_fact_beyond_every_budget_is_refused_by_its_line(figure: str, book: Path, tmp_path: Path) -> None:
    for facts in (
        f"facts:\n  收入预算数: {figure}\n",
        f"facts:\n  收入预算数: {{value: {figure}, unit: 万元}}\n",
        "ledger:\n  - {code: '1601', name: 固定资产, closing: 1e13}\n",
    ):
        path = tmp_path / "事实.yaml"
        path.write_text(facts, "utf-8")
        with pytest.raises(Refused, match="过大"):
            jixiao.fill(book, [], facts=path)


@pytest.mark.parametrize("figure", ["1e200", "-1e26", "0.1234567890123456789012345678"])
def test_a_figure_typed_into_the_workbook_breaks_nothing(figure: str, book: Path, tmp_path: Path) -> None:
    """Every figure of the facts at once, and a few alone: the quotients are extreme as well."""
    opened = open_workbook(book.read_bytes())
    sheet = opened.sheet("取数")
    places = [
        cell.ref
        for cell in sheet.cells()
        if cell.ref[0] == "C" and cell.formula is None and int(cell.ref[1:]) > 3
    ]
    assert len(places) > 30
    for number, ref in enumerate(places):
        sheet.set(ref, Decimal(figure) if number % 2 else Decimal("0.000001"))
    book.write_bytes(opened.to_bytes())
    card = jixiao.score(book)
    assert jixiao.check(book) is not None
    assert jixiao.compare(book, book).summary()
    assert jixiao.report(book, tmp_path / "报告.docx", draft=True)
    if not figure.startswith("0."):
        assert any(
            "过大" in finding.message and finding.sources[0].sheet == "取数" for finding in card.findings
        )


@pytest.mark.parametrize(
    "areas",
    [
        [(1, 1, 1, 4), (1, 1, 1, 4)],
        [(1, 1, 1, 4), (1, 2, 1, 5), (3, 1, 3, 2)],
        [(3, 1, 3, 2), (3, 1, 4, 1), (3, 2, 3, 2)],
    ],
)
def test_overlapping_areas_are_read_and_said(
    areas: list[tuple[int, int, int, int]], book: Path, tmp_path: Path
) -> None:
    source = tmp_path / "源.xlsx"
    source.write_bytes(packed(areas=areas))
    said = [finding for finding in jixiao.fill(book, [source]).findings if finding.code == "J132"]
    assert len(said) == 1 and "表" in said[0].message
    assert jixiao.read(source).of("本年收入合计")[0].value == Decimal("1234.5")


def test_areas_that_overlap_by_the_thousand_take_no_time() -> None:
    areas = [(1 + n // 50, 1 + n % 1000, 2 + n // 50, 4 + n % 1000) for n in range(50_000)]
    read = read_book(packed(areas=areas), "源.xlsx").sheets[0]
    assert len(read.spans) + len(read.overlaps) == 50_000


def test_an_area_of_an_ods_beyond_the_grid_is_left_out(book: Path, tmp_path: Path) -> None:
    wide = 'table:number-columns-spanned="99999999" table:number-rows-spanned="{}"'
    cell = f"<table:table-cell {wide}><text:p>收</text:p></table:table-cell>"
    rows_ = f"<table:table-row>{cell.format(9)}</table:table-row><table:table-row>{cell.format(999999999)}</table:table-row>"
    sheet = read_book(hostile_files.ods(rows_), "源.ods").sheets[0]
    assert sheet.spans == [] and sheet.merged == [] and len(sheet.overlaps) == 2


@pytest.mark.parametrize("what", ["number-rows-repeated", "number-columns-repeated"])
def test_a_cell_of_an_ods_beyond_the_grid_is_a_limit(what: str) -> None:
    empty = '<table:table-cell table:number-columns-repeated="{}"/>'
    cell = "<table:table-cell><text:p>收</text:p></table:table-cell>"
    if what == "number-rows-repeated":
        body = f'<table:table-row table:{what}="2000000"/><table:table-row>{cell}</table:table-row>'
    else:
        body = f"<table:table-row>{empty.format(20_000)}{cell}</table:table-row>"
    with pytest.raises(LimitReached):
        read_book(hostile_files.ods(body), "源.ods")


def test_a_number_of_an_xls_that_is_none_is_an_error_value(tmp_path: Path) -> None:
    made = xlwt.Workbook()
    made.add_sheet("表").write(0, 0, 1234.5678)
    path = tmp_path / "数.xls"
    made.save(str(path))
    import struct

    sound = struct.pack("<d", 1234.5678)
    for odd in (float("nan"), float("inf")):
        data = path.read_bytes().replace(sound, struct.pack("<d", odd))
        sheet = read_book(data, "数.xls").sheets[0]
        assert sheet.faults == {(1, 1): "#NUM!"} and not sheet.cells
