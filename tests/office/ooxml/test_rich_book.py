"""Patching a workbook that holds everything: only the named cells change, and every reader sees them."""

from __future__ import annotations

import io
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import python_calamine

from jixiao.office import KEEP, CellValue, ErrorText, check_package, open_workbook, sheet_xml
from tests.office.ooxml.rich_book import raw_members, rewrite, rich_book, with_parts

SOFFICE = shutil.which("soffice")


@pytest.fixture(scope="module")
def rich() -> bytes:
    return rich_book(macro=b"not a real macro, kept all the same" * 50)


def patched(data: bytes) -> bytes:
    book = open_workbook(data)
    sheet = book.sheet("取数")
    for row in range(2, 32):
        sheet.set(f"B{row}", Decimal("0.29") + row)
        sheet.set(f"C{row}", Decimal(row) / 8)
    sheet.set("A2", "=不是公式")
    sheet.set("A3", True)
    sheet.set("A4", ErrorText("#N/A"))
    sheet.set("Z99", "新 格 😀")
    return book.to_bytes()


def test_other_parts_keep_their_compressed_bytes(rich: bytes) -> None:
    check_package(rich)
    new = patched(rich)
    check_package(new)
    before, after = raw_members(rich), raw_members(new)
    assert list(before) == list(after)
    assert [name for name in before if before[name] != after[name]] == ["xl/worksheets/sheet1.xml"]
    assert {"xl/vbaProject.bin", "customXml/item1.xml", "xl/media/image1.png"} <= set(before)


def test_every_byte_outside_the_cell_is_the_same(rich: bytes) -> None:
    book = open_workbook(rich)
    old = book.package.read(book.part("取数"))
    book.sheet("取数").set("B2", Decimal(5))
    new = book.sheet("取数").to_bytes()
    start = old.index(b'<c r="B2"')
    end = old.index(b"</c>", start) + 4
    assert new == old[:start] + b'<c r="B2" s="1"><v>5</v></c>' + old[end:]


def test_patching_twice_gives_the_same_bytes(rich: bytes) -> None:
    assert patched(rich) == patched(rich)
    assert patched(patched(rich)) == patched(rich)


def test_nothing_to_change_changes_nothing(rich: bytes) -> None:
    book = open_workbook(rich)
    for name in book.sheet_names:
        sheet = book.sheet(name)
        for cell in list(sheet.cells()):
            sheet.set(cell.ref, cell.value, style=cell.style)
        assert not sheet.changed
    assert book.to_bytes() is rich


def test_other_readers_see_the_new_values(rich: bytes) -> None:
    new = patched(rich)
    sheet = openpyxl.load_workbook(io.BytesIO(new), data_only=True)["取数"]
    assert (sheet["B2"].value, sheet["C31"].value) == (2.29, 31 / 8)
    assert (sheet["A2"].value, sheet["A2"].data_type, sheet["A3"].value) == ("=不是公式", "s", True)
    assert (sheet["A4"].value, sheet["Z99"].value) == ("#N/A", "新 格 😀")
    assert openpyxl.load_workbook(io.BytesIO(new))["取数"]["C9"].value == "=B9*2"
    table = python_calamine.load_workbook(io.BytesIO(new)).get_sheet_by_name("取数").to_python()
    flat = [value for row in table for value in row]
    assert {2.29, 31 / 8, "=不是公式", "新 格 😀"} <= set(flat)


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_reads_the_new_values(rich: bytes, tmp_path: Path) -> None:
    (tmp_path / "book.xlsm").write_bytes(patched(rich))
    home = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [str(SOFFICE), home, "--headless", "--convert-to", "ods", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(tmp_path / "book.xlsm")], check=True, timeout=120, capture_output=True)
    values = python_calamine.load_workbook(tmp_path / "book.ods").get_sheet_by_name("取数").to_python()
    assert {2.29, "=不是公式", "新 格 😀"} <= {value for row in values for value in row}


def test_a_sheet_is_added_and_taken_away(rich: bytes) -> None:
    book = open_workbook(rich)
    cells: dict[tuple[int, int], tuple[CellValue, int | None]]
    cells = {(1, 1): ("表 <一>", None), (2, 2): (Decimal("1.50"), 1)}
    xml = sheet_xml(cells, merged=["A4:B5"], widths={1: 30})
    book.add_sheet("决算 & 表", xml, before="评分 表")
    added = book.to_bytes()
    check_package(added)
    untouched = {n: raw for n, raw in raw_members(rich).items() if "worksheets/" in n or "styles" in n}
    assert untouched.items() <= raw_members(added).items()
    assert open_workbook(added).sheet_names == ["取数", "决算 & 表", "评分 表", "_jixiao"]
    seen = openpyxl.load_workbook(io.BytesIO(added))
    assert seen["决算 & 表"]["A1"].value == "表 <一>"
    assert seen["决算 & 表"]["B2"].value == 1.5
    assert seen["评分 表"].defined_names["本表名"].attr_text == "'评分 表'!$A$1"
    titles = open_workbook(added).package.read("docProps/app.xml").decode()
    assert titles.index("取数") < titles.index("决算 &amp; 表") < titles.index("评分 表")
    again = open_workbook(added)
    again.remove_sheet("决算 & 表")
    assert open_workbook(again.to_bytes()).sheet_names == ["取数", "评分 表", "_jixiao"]
    old, new = open_workbook(rich).package, open_workbook(again.to_bytes()).package
    for part in ("xl/workbook.xml", "docProps/app.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels"):
        assert old.read(part) == new.read(part)


def test_a_sheet_brought_in_again_keeps_its_place(rich: bytes) -> None:
    book = open_workbook(rich)
    book.replace_sheet("评分 表", sheet_xml({(1, 1): (7, None)}))
    again = open_workbook(book.to_bytes())
    assert again.sheet_names == ["取数", "评分 表", "_jixiao"]
    cell = again.sheet("评分 表").get("A1")
    assert cell is not None and cell.value == 7


def test_names_and_states(rich: bytes) -> None:
    book = open_workbook(rich)
    assert book.names == {"总分": ("评分 表", "$B$1"), "数据": ("取数", "$A$2:$C$61")}
    assert [book.state(name) for name in book.sheet_names] == ["visible", "visible", "hidden"]


def test_full_calculation_is_asked_for_once(rich: bytes) -> None:
    book = open_workbook(rich)
    book.force_full_calc()
    assert book.to_bytes() is rich  # XlsxWriter has asked already
    xml = book.package.read("xl/workbook.xml").replace(b'<calcPr calcId="124519" fullCalcOnLoad="1"/>', b"")
    book = open_workbook(rewrite(rich, {"xl/workbook.xml": xml}))
    book.force_full_calc()
    assert b'</definedNames><calcPr fullCalcOnLoad="1"/></workbook>' in book.package.read("xl/workbook.xml")


def with_chain(rich: bytes) -> bytes:
    rels = open_workbook(rich).package.read("xl/_rels/workbook.xml.rels").decode()
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain"
    entry = f'<Relationship Id="rId90" Type="{kind}" Target="calcChain.xml"/></Relationships>'
    rels = rels.replace("</Relationships>", entry)
    types = open_workbook(rich).package.read("[Content_Types].xml").decode()
    types = types.replace("</Types>", '<Override PartName="/xl/calcChain.xml" ContentType="a/b"/></Types>')
    data = rewrite(rich, {"xl/_rels/workbook.xml.rels": rels.encode(), "[Content_Types].xml": types.encode()})
    return with_parts(data, {"xl/calcChain.xml": b'<calcChain><c r="C2" i="1"/></calcChain>'})


def test_the_calculation_chain_goes_when_a_formula_goes(rich: bytes) -> None:
    chained = with_chain(rich)
    book = open_workbook(chained)
    book.sheet("取数").set("C2", Decimal(1))
    assert "xl/calcChain.xml" in raw_members(book.to_bytes())
    book.sheet("取数").set("C2", KEEP, formula=None)
    after = open_workbook(book.to_bytes()).package
    assert after.find("xl/calcChain.xml") is None
    assert b"calcChain" not in after.read("[Content_Types].xml")
    assert b"calcChain" not in after.read("xl/_rels/workbook.xml.rels")
