"""Links from cells to other cells of the same workbook, as Excel's own hyperlinks (no formula)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from jixiao.office.ooxml import spans
from jixiao.office.ooxml.refs import split_ref
from jixiao.office.ooxml.text import markup

BEFORE = frozenset({
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection",
    "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells",
    "phoneticPr", "conditionalFormatting", "dataValidations",
})  # fmt: skip
"""What stands before the links in a worksheet part; everything else stands behind them."""
_ROWS = re.compile(rb"<((?:\w+:)?sheetData)(?:\s[^>]*)?>.*</\1>", re.DOTALL)


def with_links(data: bytes, links: Mapping[str, str], columns: range, first: int) -> bytes:
    """A worksheet part (UTF-8) with links from cells to places (``'表'!A1``).

    Earlier links inside ``columns`` from row ``first`` on are replaced; all others keep their bytes. The part is
    returned as it is where it has neither.
    """
    rows = _ROWS.search(data)
    if rows is None:
        return data
    outline = data[: rows.start()] + b"<%s/>" % rows[1] + data[rows.end() :]
    found = spans.elements(outline, "hyperlinks")
    head = spans.prefix(outline, found[0])
    box = next((e for e in found if e.name == "hyperlinks" and e.parent == 0), None)
    kept = [
        outline[e.start : e.end]
        for e in found
        if box is not None
        and e.parent == found.index(box)
        and not _ours(e.attrs.get("ref", ""), columns, first)
    ]
    made = b"".join(
        [
            *kept,
            *(
                b'<%shyperlink ref="%s" location="%s"/>' % (head, ref.encode("ascii"), _attribute(place))
                for ref, place in links.items()
            ),
        ]
    )
    text = b"<%shyperlinks>%s</%shyperlinks>" % (head, made, head) if made else b""
    if box is not None:
        edit = (box.start, box.end, text)
    else:
        behind = [e.start for e in found if e.parent == 0 and e.name not in BEFORE]
        at = min(behind, default=found[0].close)
        edit = (at, at, text)
    changed = spans.splice(outline, [edit])
    own = b"<%s/>" % rows[1]
    at = changed.index(own)
    return changed[:at] + rows[0] + changed[at + len(own) :]


def _ours(ref: str, columns: range, first: int) -> bool:
    try:
        row, column = split_ref(ref.partition(":")[0])
    except ValueError:
        return False
    return row >= first and column in columns


def _attribute(text: str) -> bytes:
    return markup(text).replace(b'"', b"&quot;")
