"""Reading and changing single cells: types, formulas, escapes, places, and the ways others write."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jixiao.model import Refused
from jixiao.office import KEEP, Cell, ErrorText, Worksheet

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def sheet(body: str, *, strings: tuple[str, ...] = ("甲", "乙"), root: str = "", tail: str = "") -> Worksheet:
    xml = f'<?xml version="1.0"?>\n<worksheet xmlns="{MAIN}"{root}>{body}{tail}</worksheet>'
    return Worksheet(xml.encode("utf-8"), "表", lambda: strings)


def rows(text: str) -> Worksheet:
    return sheet(f"<sheetData>{text}</sheetData>")


def value(made: Worksheet, ref: str) -> object:
    cell = made.get(ref)
    return None if cell is None else cell.value


def test_every_type_is_read() -> None:
    made = rows(
        '<row r="1"><c r="A1"><v>0.1</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="b"><v>1</v></c>'
        '<c r="D1" t="e"><v>#REF!</v></c><c r="E1" t="str"><f>"a"&amp;"b"</f><v>a&lt;b</v></c>'
        '<c r="F1" t="inlineStr"><is><r><t>富</t></r><r><t>文本</t></r>'
        '<rPh sb="0" eb="1"><t>fu</t></rPh></is></c><c r="G1" s="7"/><c r="H1"><f>1+1</f></c>'
        '<c r="I1"><v>1E-3</v></c>'
        '<c r="J1" t="str"><f>""</f><v></v></c></row>'
    )
    assert [cell.value for cell in made.cells()] == [
        Decimal("0.1"),
        "乙",
        True,
        "#REF!",
        "a<b",
        "富文本",
        None,
        None,
        Decimal("0.001"),
        "",
    ]
    cells = {cell.ref: cell for cell in made.cells()}
    assert cells["D1"].error and not cells["B1"].error
    assert (cells["E1"].formula, cells["H1"].formula, cells["A1"].formula) == ('"a"&"b"', "1+1", None)
    assert cells["G1"].style == 7


def test_a_number_is_read_as_typed() -> None:
    made = rows('<row r="1"><c r="A1"><v>0.28999999999999998</v></c><c r="B1" t="s"><v>0</v></c></row>')
    cell, text = made.get("A1"), made.get("$B$1")
    assert cell is not None and text is not None
    assert (cell.value, cell.number, text.number) == (Decimal("0.28999999999999998"), Decimal("0.29"), None)
    made.set("A1", Decimal("0.29"))
    assert not made.changed  # the same double


def test_implied_places() -> None:
    made = rows('<row><c><v>1</v></c><c r="C1"><v>2</v></c><c><v>3</v></c></row><row><c><v>4</v></c></row>')
    assert [cell.ref for cell in made.cells()] == ["A1", "C1", "D1", "A2"]
    made.set("B1", 9)
    made.set("E2", 8)
    again = Worksheet(made.to_bytes())
    assert {cell.ref: cell.value for cell in again.cells()} == {
        "A1": 1,
        "B1": 9,
        "C1": 2,
        "D1": 3,
        "A2": 4,
        "E2": 8,
    }


def test_missing_cells_and_rows_are_inserted_in_order() -> None:
    made = sheet(
        '<dimension ref="B2:C2"/><cols><col min="4" max="5" width="9" style="6"/></cols><sheetData>'
        '<row r="2" spans="2:3"><c r="B2"><v>1</v></c><c r="C2"/></row><row r="5"/>'
        '<row r="7" s="3" customFormat="1"/></sheetData>'
    )
    for ref in ("D9", "A2", "D2", "C1", "A5", "B5", "C7", "A9"):
        made.set(ref, ref)
    text = made.to_bytes().decode()
    order = ("C1", "A2", "B2", "C2", "D2", "A5", "B5", "C7", "A9", "D9")
    places = [text.index(f'r="{ref}"') for ref in order]
    assert places == sorted(places)
    assert '<dimension ref="A1:D9"/>' in text
    assert "spans" not in text
    again = Worksheet(made.to_bytes())
    styles = [cell.style for ref in ("D2", "C7", "A5") if (cell := again.get(ref)) is not None]
    assert styles == [6, 3, 0]


def test_an_empty_sheet_is_filled() -> None:
    made = sheet("<sheetData/>")
    made.set("B3", "x")
    made.set("A1", 1)
    assert [cell.ref for cell in Worksheet(made.to_bytes()).cells()] == ["A1", "B3"]


def test_prefixes_strict_names_and_foreign_rows() -> None:
    xml = (
        '<x:worksheet xmlns:x="http://purl.oclc.org/ooxml/spreadsheetml/main" xmlns:xdr="urn:d"><x:sheetData>'
        '<x:row r="1"><x:c r="A1" t="s"><x:v>0</x:v></x:c></x:row></x:sheetData>'
        "<x:ext><xdr:row>5</xdr:row><xdr:c>1</xdr:c></x:ext></x:worksheet>"
    )
    made = Worksheet(xml.encode(), "表", lambda: ("甲",))
    assert [(cell.ref, cell.value) for cell in made.cells()] == [("A1", "甲")]
    made.set("A1", "丙")
    made.set("B2", 2, formula="A1")
    text = made.to_bytes().decode()
    assert '<x:c r="A1" t="inlineStr"><x:is><x:t xml:space="preserve">丙</x:t></x:is></x:c>' in text
    assert '<x:row r="2"><x:c r="B2"><x:f>A1</x:f><x:v>2</x:v></x:c></x:row></x:sheetData>' in text
    assert value(Worksheet(made.to_bytes()), "B2") == 2


def test_what_a_cell_carries_is_kept() -> None:
    old = (
        '<c r="A1" s="4" t="str" cm="1" vm="2" ph="1"><f t="array" ref="A1" ca="1">F(1)</f><v>x</v>'
        "<extLst><ext/></extLst></c>"
    )
    made = rows(f'<row r="1">{old}</row>')
    made.set("A1", Decimal("2.50"))
    new = (
        '<c r="A1" s="4" cm="1" ph="1"><f t="array" ref="A1" ca="1">F(1)</f><v>2.5</v>'
        "<extLst><ext/></extLst></c>"
    )
    assert new in made.to_bytes().decode()


def test_cached_values_of_a_formula() -> None:
    for wanted, piece in (
        (Decimal(3), "<f>1+2</f><v>3</v></c>"),
        ("文", ' t="str"><f>1+2</f><v>文</v></c>'),
        (False, ' t="b"><f>1+2</f><v>0</v></c>'),
        (ErrorText("#DIV/0!"), ' t="e"><f>1+2</f><v>#DIV/0!</v></c>'),
        (None, '<c r="A1"><f>1+2</f></c>'),
    ):
        made = rows('<row r="1"><c r="A1"><f>1+2</f><v>9</v></c></row>')
        made.set("A1", wanted)
        assert piece in made.to_bytes().decode()
        assert value(Worksheet(made.to_bytes()), "A1") == wanted


def test_a_formula_is_written_and_taken_away() -> None:
    made = rows('<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="str"><f>A1</f><v>甲</v></c></row>')
    made.set("A1", KEEP, formula='=IF(B1<"x","&","")')
    made.set("B1", KEEP, formula=None)
    assert made.formulas_changed
    text = made.to_bytes().decode()
    assert '<c r="A1" t="str"><f>IF(B1&lt;"x","&amp;","")</f><v>甲</v></c>' in text
    assert '<c r="B1" t="inlineStr"><is><t xml:space="preserve">甲</t></is></c>' in text
    cell = Worksheet(made.to_bytes()).get("A1")
    assert cell is not None and cell.formula == 'IF(B1<"x","&","")'


def test_shared_and_array_formulas_are_protected() -> None:
    made = rows(
        '<row r="1"><c r="A1"><f t="shared" ref="A1:A2" si="0">B1*2</f><v>1</v></c>'
        '<c r="C1"><f t="array" ref="C1:D1">X</f><v>1</v></c><c r="D1"><v>1</v></c></row>'
        '<row r="2"><c r="A2"><f t="shared" si="0"/><v>2</v></c></row>'
    )
    master, child = made.get("A1"), made.get("A2")
    assert master is not None and child is not None
    assert (master.shared, master.master) == (0, True)
    assert (child.shared, child.master, child.formula) == (0, False, "")
    for ref in ("A1", "A2", "C1", "D1"):
        made.set(ref, Decimal(7))  # cached values may change
    assert made.to_bytes().count(b"<v>7</v>") == 4
    assert b'<f t="shared" si="0"/><v>7</v>' in made.to_bytes()
    for ref, code in (("A1", "J527"), ("C1", "J528"), ("D1", "J528")):
        with pytest.raises(Refused) as stop:
            made.set(ref, 1, formula="2")
        assert stop.value.finding.code == code
    made.set("A2", 1, formula=None)
    assert b'<c r="A2"><v>1</v></c>' in made.to_bytes()


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "＝1", "'x"])
def test_text_stays_text(text: str) -> None:
    made = rows("")
    made.set("A1", text)
    cell = Worksheet(made.to_bytes()).get("A1")
    assert cell is not None and (cell.value, cell.formula) == (text, None)


def test_what_xml_cannot_hold() -> None:
    made = rows("")
    made.set("A1", "a\x00b\x0b\ud800\uffffc")
    made.set("A2", "_x0041_ a\r\nb")
    made.set("A3", "  两端空格 \n")
    again = Worksheet(made.to_bytes())
    assert [cell.value for cell in again.cells()] == ["abc", "_x0041_ a\r\nb", "  两端空格 \n"]
    assert b"_x005F_x0041_ a_x000D_\nb" in made.to_bytes()


@given(st.text(max_size=40), st.booleans())
def test_any_text_comes_back(text: str, formula: bool) -> None:
    made = rows('<row r="1"><c r="B1"><f>1</f></c></row>')
    ref = "B1" if formula else "A1"
    made.set(ref, text)
    cell, expected = Worksheet(made.to_bytes()).get(ref), made.get(ref)
    assert cell is not None and expected is not None
    assert cell.value == expected.value


@given(st.decimals(min_value=Decimal("-1E300"), max_value=Decimal("1E300"), allow_nan=False))
def test_any_number_comes_back(number: Decimal) -> None:
    made = rows("")
    made.set("A1", number)
    assert value(Worksheet(made.to_bytes()), "A1") == number


def test_what_cannot_be_written() -> None:
    made = rows("")
    for wrong, code in ((Decimal("NaN"), "J525"), (Decimal("1E400"), "J525"), ("长" * 32_768, "J526")):
        with pytest.raises(Refused) as stop:
            made.set("A1", wrong)
        assert stop.value.finding.code == code
        assert stop.value.finding.sources[0].place() == "表!A1"
    with pytest.raises(TypeError):
        made.set("A1", 0.1)  # type: ignore[arg-type]
    for place in ("A0", "XFE1", "A1048577", "1A", ""):
        with pytest.raises(ValueError, match="not a cell address"):
            made.set(place, 1)
    assert not made.changed


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ('<row r="1"><c r="A1"><v>NaN</v></c></row>', "J523"),
        ('<row r="1"><c r="A1"><v>1E400</v></c></row>', "J523"),
        ('<row r="1"><c r="A1" t="b"><v>2</v></c></row>', "J523"),
        ('<row r="1"><c r="A1" t="s"><v>2</v></c></row>', "J524"),
        ('<row r="1"><c r="A1" t="s"><v>-1</v></c></row>', "J524"),
        ('<row r="1"><c r="A2"/></row>', "J521"),
        ('<row r="1"><c r="XFE1"/></row>', "J521"),
        ('<row r="1"><c r="A1" s="x"/></row>', "J521"),
        ('<row r="1048577"/>', "J521"),
        ('<row r="0"/>', "J521"),
        ('<row r="1"><c r="A1"/><c r="A1"/></row>', "J522"),
        ('<row r="1"><c r="A1"></row>', "J510"),
        ('<row r="1"><c r="A1" t="str"><v>\x0b</v></c></row>', "J510"),
        ('<row r="1"><c r="A1"><f t="array" ref="zz">1</f></c></row>', "J521"),
    ],
)
def test_damaged_cells_are_refused(body: str, code: str) -> None:
    with pytest.raises(Refused) as stop:
        list(rows(body).cells())
    assert stop.value.finding.code == code


def test_damaged_parts_are_refused() -> None:
    strange = b"<?xml version='1.0' encoding='utf-7'?><worksheet/>"
    for xml in (b"", b"<worksheet/>", b"<html></html>", strange):
        with pytest.raises(Refused):
            Worksheet(xml)
    with pytest.raises(Refused) as stop:
        Worksheet(b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet/>')
    assert stop.value.finding.code == "J509"


def test_a_sheet_in_utf16_is_read_and_changed() -> None:
    text = f'<?xml version="1.0" encoding="UTF-16"?><worksheet xmlns="{MAIN}"><sheetData/></worksheet>'
    made = Worksheet(text.encode("utf-16"))
    assert made.to_bytes() == text.encode("utf-16")
    made.set("A1", "甲")
    assert value(Worksheet(made.to_bytes()), "A1") == "甲"


def test_changes_are_seen_and_can_be_undone() -> None:
    made = rows('<row r="1"><c r="A1"><v>1</v></c></row>')
    made.set("A1", 2, style=5)
    made.set("B1", "x")
    assert made.get("A1") == Cell("A1", Decimal(2), None, 5, False)
    assert [cell.ref for cell in made.cells()] == ["A1", "B1"]
    made.set("A1", 1, style=0)
    made.set("B1", None)
    assert not made.changed
