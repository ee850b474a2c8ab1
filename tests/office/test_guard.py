"""The check before reading: sound files pass, every damaged or hostile one is refused with its own code."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jixiao.model import LimitReached, Refused, Stop
from jixiao.office import Package, check_package, open_workbook, sniff
from tests.office import hostile_files as hostile

FAR = '<row r="1"><c r="A1"/></row><row r="1048576"><c r="XFD1048576"/></row>'
MERGES = '<mergeCells><mergeCell ref="{}"/></mergeCells>'

LIMITS = ("J511", "J512", "J513", "J515", "J517", "J518", "J532")


def without(prefix: str) -> bytes:
    return hostile.pack({name: data for name, data in hostile.parts().items() if not name.startswith(prefix)})


def one(body: str) -> bytes:
    return hostile.book(part=hostile.sheet(body))


CASES: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "J502"),
    "pdf": (lambda: b"%PDF-1.7", "J501"),
    "html": (lambda: b"<html><table/></html>", "J501"),
    "noise": (lambda: b"\x01\x02\x03", "J501"),
    "other zip": (lambda: hostile.pack({"a.txt": b"x"}), "J501"),
    "word": (
        lambda: hostile.pack({**hostile.parts(), "xl/workbook.xml": b'<w:document xmlns:w="urn:w"/>'}),
        "J501",
    ),
    "truncated": (lambda: hostile.book()[:-40], "J503"),
    "half": (lambda: hostile.book()[:700], "J503"),
    "something before": (lambda: b"PK\x03\x04" + hostile.book(), "J503"),
    "something behind": (lambda: hostile.book() + b"x" * 30, "J503"),
    "bad checksum": (hostile.wrong_checksum, "J504"),
    "traversal": (lambda: hostile.pack({**hostile.parts(), "../../x": b"1"}), "J506"),
    "backslash traversal": (lambda: hostile.pack({**hostile.parts(), "..\\..\\x": b"1"}), "J506"),
    "absolute": (lambda: hostile.pack({**hostile.parts(), "/etc/x": b"1"}), "J506"),
    "drive": (lambda: hostile.pack({**hostile.parts(), "C:/x": b"1"}), "J506"),
    "doubled name": (hostile.doubled, "J507"),
    "overlap": (hostile.overlapping, "J508"),
    "laughs": (hostile.laughs, "J509"),
    "late doctype": (hostile.late_doctype, "J509"),
    "doctype elsewhere": (
        lambda: hostile.pack({**hostile.parts(), "customXml/item1.xml": b"\n<!DOCTYPE a><a/>"}),
        "J509",
    ),
    "doctype utf-16": (
        lambda: hostile.pack({**hostile.parts(), "x.xml": "<!DOCTYPE a><a/>".encode("utf-16")}),
        "J509",
    ),
    "malformed": (lambda: hostile.book(part=hostile.sheet()[:-20]), "J510"),
    "control character": (lambda: hostile.book(part=hostile.sheet("<row><c><v>\x0b</v></c></row>")), "J510"),
    "encoding": (lambda: hostile.book(part=b'<?xml version="1.0"?><worksheet a="\xff"/>'), "J510"),
    "many entries": (lambda: hostile.pack(hostile.parts() | {f"a{i}": b"" for i in range(2_001)}), "J511"),
    "bomb": (hostile.bomb, "J513"),
    "no types": (lambda: without("["), "J514"),
    "no workbook": (lambda: without("xl/workbook.xml"), "J514"),
    "no sheet": (lambda: without(hostile.SHEET), "J514"),
    "same names": (lambda: hostile.pack(hostile.parts(("Sheet", "sHEET"))), "J516"),
    "far cell": (lambda: hostile.book(part=hostile.sheet(FAR)), "J517"),
    "far cell, other spelling": (
        lambda: hostile.book(part=hostile.sheet(FAR.replace(' r="', "\n r = '").replace('"', "'"))),
        "J517",
    ),
    "far cell, by entity": (lambda: one('<row r="1048576"><c r="&#88;FD1048576"/></row>'), "J517"),
    "far cell, prefixed": (
        lambda: hostile.book(
            part=hostile.sheet(FAR)
            .replace(b"<", b"<x:")
            .replace(b"<x:/", b"</x:")
            .replace(b"<x:?", b"<?")
            .replace(b"xmlns=", b"xmlns:x=")
        ),
        "J517",
    ),
    "whole grid merged": (
        lambda: hostile.book(part=hostile.sheet(tail=MERGES.format("A1:XFD1048576"))),
        "J518",
    ),
    "bad merge": (lambda: hostile.book(part=hostile.sheet(tail=MERGES.format("A0:B2"))), "J521"),
    "row zero": (lambda: hostile.book(part=hostile.sheet('<row r="0"><c r="A0"/></row>')), "J521"),
    "row beyond": (lambda: hostile.book(part=hostile.sheet('<row r="1048577"/>')), "J521"),
    "column beyond": (lambda: hostile.book(part=hostile.sheet('<row r="1"><c r="XFE1"/></row>')), "J521"),
    "not a number": (lambda: one('<row r="1"><c r="A1"><v>NaN</v></c></row>'), "J523"),
    "negative string": (lambda: one('<row r="1"><c r="A1" t="s"><v>-1</v></c></row>'), "J524"),
    "binary workbook": (
        lambda: hostile.pack(
            {
                "[Content_Types].xml": hostile.TYPES.encode(),
                "_rels/.rels": hostile.ROOT.replace("workbook.xml", "workbook.bin").encode(),
                "xl/workbook.bin": b"x",
            }
        ),
        "J531",
    ),
    "encrypted": (lambda: hostile.ole(encrypted=True), "J505"),
    "encrypted xls": (lambda: hostile.ole(filepass=True), "J505"),
    "encrypted ods": (lambda: hostile.ods("", manifest="<encryption-data/>"), "J505"),
    "text document": (lambda: hostile.ods("", kind="text"), "J501"),
    "ods bomb": (
        lambda: hostile.ods(
            '<table:table-row table:number-rows-repeated="1048576"><table:table-cell '
            'table:number-columns-repeated="16384" office:value-type="float"/></table:table-row>'
        ),
        "J532",
    ),
    "ods repeat": (
        lambda: hostile.ods('<table:table-row table:number-rows-repeated="-1"/>'),
        "J510",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_hostile_files_are_refused(name: str) -> None:
    make, code = CASES[name]
    with pytest.raises(Stop) as stop:
        check_package(make())
    assert stop.value.finding.code == code
    assert stop.value.exit_code == (5 if code in LIMITS else 3)


def test_sound_files_pass() -> None:
    check_package(hostile.book())
    check_package(hostile.ole())
    check_package(hostile.book(part=hostile.sheet().decode().encode("utf-16")))
    check_package(hostile.book(part=hostile.sheet('<row r="1"><c r="A1" t="str"><v>NaN</v></c></row>')))
    blanks = '<table:table-cell table:number-columns-repeated="16384"/>'
    filler = f'<table:table-row table:number-rows-repeated="1048570">{blanks}</table:table-row>'
    row = '<table:table-row><table:table-cell office:value-type="float"/></table:table-row>'
    check_package(hostile.ods(row * 3 + filler))


def test_xlwt_and_openpyxl_files_pass() -> None:
    import openpyxl
    import xlwt

    old = xlwt.Workbook()
    old.add_sheet("表").write(0, 0, 1)
    out = io.BytesIO()
    old.save(out)
    check_package(out.getvalue())
    new = openpyxl.Workbook()
    new.create_sheet("合并").merge_cells("A1:A2000")
    out = io.BytesIO()
    new.save(out)
    check_package(out.getvalue())


def test_bounds_of_a_sheet() -> None:
    """As far as the bound and one further: cells, and the box that they span."""
    for last, code in (("S1048576", ""), ("T1048576", "J517")):
        body = f'<row r="1"><c r="A1"/></row><row r="1048576"><c r="{last}"/></row>'
        for spelling in (body, body.replace('"', "'")):
            if code:
                with pytest.raises(LimitReached) as stop:
                    open_workbook(one(spelling))
                assert stop.value.finding.code == code
            else:
                open_workbook(one(spelling))
    row = '<row r="{0}">' + "".join(f"<c r='{chr(65 + n)}{{0}}'><v>1</v></c>" for n in range(26)) + "</row>"
    with pytest.raises(LimitReached) as stop:
        open_workbook(one("".join(row.format(number) for number in range(1, 19_232))))
    assert stop.value.finding.code == "J515"


def test_patterns_and_parsers_stay_linear() -> None:
    """Each of these once took time that grows with the square, or worse, of its length."""
    comments = b"<!---->" * 5_000
    check_package(hostile.pack({**hostile.parts(), "customXml/item1.xml": comments + b"<!x"}))
    assert sniff(comments) == "text"
    for text in ("mergeCell " * 90_000, 't="s"' * 150_000, "&lt;v&gt;-" * 90_000, " r = '" * 100_000):
        check_package(one(f'<row r="1"><c r="A1" t="str"><v>{text}</v></c></row>'))
    check_package(one(f'<row r="1" x="{random.Random(1).randbytes(1_500_000).hex()}"/>'))


def test_merged_areas_are_found_in_any_spelling() -> None:
    for spelling in ('<mergeCell a="&gt;" ref = "A1:B2"/>', "<mergeCell\nref='A1:B2'/>"):
        book = open_workbook(hostile.book(part=hostile.sheet(tail=f"<mergeCells>{spelling}</mergeCells>")))
        assert book.sheet("表1").merged == ["A1:B2"]


def test_what_the_check_has_read_is_not_read_again() -> None:
    book = open_workbook(hostile.book())
    with patch.object(Package, "read", side_effect=AssertionError):
        cell = book.sheet("表1").get("A1")
    assert cell is not None and str(cell.value) == "123.45"


def test_sizes_are_counted_not_believed() -> None:
    data = hostile.pack({"a.bin": bytes(5000)})
    lied = data.replace((5000).to_bytes(4, "little"), (50).to_bytes(4, "little"))
    package = Package(lied)
    assert package.size("a.bin") == 50
    with pytest.raises(Refused) as stop:
        package.read("a.bin")
    assert stop.value.finding.code == "J504"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"PK\x03\x04", "zip"),
        (hostile.ole(), "ole"),
        (b"%PDF-1.4", "pdf"),
        ("<html><body>决算</body></html>".encode("gb18030"), "html"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html>", "html"),
        ('<?xml version="1.0"?>\n<html xmlns="x">'.encode("utf-16"), "html"),
        ("<table><tr><td>表</td></tr></table>".encode(), "html"),
        (b'<?xml version="1.0"?><Workbook/>', "xml"),
        ("项目,金额\n甲,1".encode("gb18030"), "text"),
        ("项目\t金额".encode("utf-16"), "text"),
        (("表" * 40_000).encode(), "text"),
        (b"\x00\x01\x02", "other"),
        (b"\xff\xff\xff\xff", "other"),
    ],
)
def test_sniff(data: bytes, kind: str) -> None:
    assert sniff(data) == kind


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_damaged_file_is_read_whole_or_refused(data: st.DataObject) -> None:
    """Flip, cut or copy bytes of a sound workbook: never another exception, never another figure."""
    raw = bytearray(hostile.book())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at] = data.draw(st.integers(0, 255))
    cut = data.draw(st.sampled_from((0, 0, 1, 50)))
    damaged = bytes(raw[: len(raw) - cut])
    try:
        check_package(damaged)
        book = open_workbook(damaged)
        cells = [cell.value for name in book.sheet_names for cell in book.sheet(name).cells()]
    except Stop:
        return
    assert [str(value) for value in cells] == ["123.45"]
