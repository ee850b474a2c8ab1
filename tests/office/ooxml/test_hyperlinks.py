"""Links inside a workbook: written in their place, renewed, a person's own kept."""

from __future__ import annotations

import pytest

from jixiao.office import with_links

ROWS = b'<sheetData><row r="5"><c r="K5"><v>1</v></c></row></sheetData>'
LINKS = {"K5": "'乙\"表'!A1", "L5": "'甲&乙'!B2"}
OURS = b'<hyperlink ref="K5" location="\'\xe4\xb9\x99&quot;\xe8\xa1\xa8\'!A1"/>'
OWN = b'<hyperlink ref="A1" location="\'x\'!A1" display="y"/>'


def _sheet(behind: bytes, rows: bytes = ROWS) -> bytes:
    return b'<?xml version="1.0"?><worksheet xmlns="urn:m">' + rows + behind + b"</worksheet>"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"", b""),
        (b"<mergeCells/><conditionalFormatting/><dataValidations/>", b""),
        (b"<mergeCells/>", b"<printOptions/><pageMargins/>"),
        (b"", b"<pageMargins/><drawing/><extLst/>"),
        (b"", b"<tableParts/>"),
    ],
)
def test_links_stand_where_the_format_wants_them(before: bytes, after: bytes) -> None:
    made = with_links(_sheet(before + after), LINKS, range(11, 13), 5)
    assert made.startswith(_sheet(before)[: -len(b"</worksheet>")] + b"<hyperlinks>" + OURS)
    assert made.endswith(b"</hyperlinks>" + after + b"</worksheet>")
    assert b"&amp;" in made


def test_renewed_links_replace_the_old_and_keep_a_persons_own() -> None:
    own = b"<hyperlinks>" + OWN + b'<hyperlink ref="L9" location="\'z\'!A1"/></hyperlinks><pageMargins/>'
    once = with_links(_sheet(own), LINKS, range(11, 13), 5)
    assert OWN in once and b"L9" not in once and OURS in once
    assert with_links(once, LINKS, range(11, 13), 5) == once
    assert with_links(once, {}, range(11, 13), 5) == _sheet(
        b"<hyperlinks>" + OWN + b"</hyperlinks><pageMargins/>"
    )


def test_no_links_and_no_rows_change_nothing() -> None:
    assert with_links(_sheet(b"<pageMargins/>"), {}, range(11, 13), 5) == _sheet(b"<pageMargins/>")
    empty = _sheet(b"", b"<sheetData/>")
    assert with_links(empty, LINKS, range(11, 13), 5) == empty


def test_prefixed_part_gets_prefixed_links() -> None:
    text = b'<x:worksheet xmlns:x="urn:m"><x:sheetData><x:row/></x:sheetData><x:pageMargins/></x:worksheet>'
    made = with_links(text, {"K5": "'甲'!A1"}, range(11, 13), 5)
    assert (
        b"</x:sheetData><x:hyperlinks><x:hyperlink ref=" in made
        and b"</x:hyperlinks><x:pageMargins/>" in made
    )
