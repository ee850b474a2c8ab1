"""One sheet of typed cells, whatever the file was: values, kinds, formats, formulas, faults, what is hidden and merged."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

import openpyxl
import pytest
import xlwt

from jixiao.office import UNCALCULATED, Sheet, check_package, read_book
from tests.office import hostile_files as hostile

ODS_ROWS = """<table:table-column/><table:table-column table:visibility="collapse"/>
<table:table-row><table:table-cell office:value-type="float" office:value="1.5"/>
<table:table-cell office:value-type="percentage" office:value="0.25"/>
<table:table-cell office:value-type="date" office:date-value="2023-04-27"/>
<table:table-cell office:value-type="string"><office:annotation><text:p>批注</text:p></office:annotation><text:p>甲<text:s
text:c="2"/>乙</text:p><text:p>丙</text:p></table:table-cell>
<table:table-cell office:value-type="boolean" office:boolean-value="true"/>
<table:table-cell table:formula="of:=1/0" office:value-type="string"><text:p>#DIV/0!</text:p></table:table-cell>
<table:table-cell/></table:table-row>
<table:table-row table:visibility="collapse"><table:table-cell table:number-columns-spanned="2"
office:value-type="string"><text:p>合</text:p></table:table-cell><table:covered-table-cell/></table:table-row>
<table:table-row table:number-rows-repeated="1048574"><table:table-cell
table:number-columns-repeated="16384"/></table:table-row>"""


def xlsx() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([1.5, 0.25, dt.date(2023, 4, 27), "甲  乙\n丙", True])
    sheet["B1"].number_format = "0.00%"
    sheet["F1"] = "#DIV/0!"
    sheet["F1"].data_type = "e"
    sheet["A2"] = "合"
    sheet.merge_cells("A2:B2")
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["B"].hidden = True
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xls() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    sheet.write(0, 0, 1.5)
    sheet.write(0, 1, 0.25, xlwt.easyxf(num_format_str="0.00%"))
    sheet.write(0, 2, dt.date(2023, 4, 27), xlwt.easyxf(num_format_str="yyyy-mm-dd"))
    sheet.write(0, 3, "甲  乙\n丙")
    sheet.write(0, 4, True)
    sheet.row(0).set_cell_error(5, "#DIV/0!")
    sheet.write_merge(1, 1, 0, 1, "合")
    sheet.row(1).hidden = True
    sheet.col(1).hidden = True
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sheet_of(data: bytes) -> Sheet:
    return read_book(data, "表.xls").sheets[0]


@pytest.mark.parametrize("make", [xlsx, xls, lambda: hostile.ods(ODS_ROWS)], ids=["xlsx", "xls", "ods"])
def test_every_kind_of_file_gives_the_same_sheet(make: object) -> None:
    assert callable(make)
    sheet = sheet_of(make())
    assert {cell.ref: (cell.value, cell.kind) for cell in sheet.cells.values()} == {
        "A1": (Decimal("1.5"), "number"),
        "B1": (Decimal("0.25"), "percent"),
        "C1": (Decimal(45043), "date"),
        "D1": ("甲  乙\n丙", "text"),
        "E1": (True, "truth"),
        "A2": ("合", "text"),
    }
    assert sheet.faults == {(1, 6): "#DIV/0!"}
    assert sheet.merged == ["A2:B2"]
    assert (set(sheet.hidden_rows), set(sheet.hidden_columns)) == ({2}, {2})


def styled(number: int, body: str) -> bytes:
    """A workbook whose second cell format has a number format by its number."""
    parts = hostile.parts()
    parts[hostile.SHEET] = hostile.sheet(body)
    rels = parts["xl/_rels/workbook.xml.rels"].decode()
    link = f'<Relationship Id="rId9" Type="{hostile.REL}/styles" Target="styles.xml"/></Relationships>'
    parts["xl/_rels/workbook.xml.rels"] = rels.replace("</Relationships>", link).encode()
    formats = f'<cellXfs><xf numFmtId="0"/><xf numFmtId="{number}"/></cellXfs>'
    parts["xl/styles.xml"] = f'<styleSheet xmlns="{hostile.MAIN}">{formats}</styleSheet>'.encode()
    return hostile.pack(parts)


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (0, "number"),
        (2, "number"),
        (9, "percent"),
        (10, "percent"),
        (14, "date"),
        (31, "date"),
        (48, "number"),
        (57, "date"),
    ],
)
def test_formats_by_number(number: int, kind: str) -> None:
    cell = sheet_of(styled(number, '<row r="1"><c r="A1" s="1"><v>45043</v></c></row>')).cells[1, 1]
    assert (cell.kind, cell.value) == (kind, Decimal(45043))


def test_what_has_no_result_is_a_fault() -> None:
    body = '<row r="1"><c r="A1"><f>1+1</f></c><c r="B1" t="e"><v>#N/A</v></c><c r="C1" t="str"><f>""</f><v></v></c></row>'
    sheet = sheet_of(hostile.book(part=hostile.sheet(body)))
    assert (sheet.cells, sheet.faults) == ({}, {(1, 1): UNCALCULATED, (1, 2): "#N/A"})


def test_empty_formatted_cells_cost_nothing() -> None:
    body = "".join(f'<row r="{row}"><c r="A{row}" s="1"/></row>' for row in range(1, 9))
    data = styled(14, body + "<row r='9'><c r='B9'><v>1</v></c></row>")
    check_package(data)
    assert list(sheet_of(data).cells) == [(9, 2)]
