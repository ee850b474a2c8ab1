"""Worksheet parts written by us: a table brought into a workbook, and links from cells to other cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from jixiao.office import markup
from jixiao.office.grid import TRANSITIONAL, Value
from jixiao.office.refs import MAX_COLUMN, MAX_ROW, column_letter, disjoint, join_ref, split_area, split_ref
from jixiao.office.worksheet import Change, new_cell

BEFORE_LINKS = frozenset({
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection",
    "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells",
    "phoneticPr", "conditionalFormatting", "dataValidations",
})  # fmt: skip
"""What stands before the links in a worksheet part; everything else stands behind them."""
_ROWS = re.compile(rb"<((?:\w+:)?sheetData)(?:\s[^>]*)?>.*</\1>", re.DOTALL)

_HEAD = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{TRANSITIONAL}">'

WIDEST_ON_A4 = 140.0  # characters; a wider table is printed on A3
_PAGE = (
    b'<printOptions horizontalCentered="1"/>'
    b'<pageMargins left="0.4" right="0.4" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>'
    b'<pageSetup paperSize="%d" orientation="landscape" fitToHeight="0"/>'
    + "<headerFooter><oddFooter>&amp;C第 &amp;P 页，共 &amp;N 页&amp;R&amp;A</oddFooter></headerFooter>".encode()
)

_FROZEN = (
    b'<sheetViews><sheetView workbookViewId="0"><pane ySplit="%d" topLeftCell="A%d" activePane="bottomLeft"'
    b' state="frozen"/></sheetView></sheetViews>'
)


def sheet_xml(
    rows: Mapping[tuple[int, int], tuple[Value | int, int | None]],
    *,
    merged: Iterable[str] = (),
    widths: Mapping[int, float | Decimal] | None = None,
    styles: Mapping[int, int] | None = None,
    heights: Mapping[int, float] | None = None,
    one_page_wide: bool = False,
    head: int = 0,
) -> bytes:
    """A worksheet part with the cells of ``rows``: {(row, column): (value, style)}, both counted from 1.

    Numbers stay exact, text becomes inline strings (never a formula), None with a style is an empty formatted
    cell. ``widths`` are column widths in characters, ``styles`` the cell formats of whole columns, used where
    a cell's own style is None; ``heights`` are row heights in points. ``one_page_wide`` prints it landscape, on A4
    or A3, scaled to the paper's width; ``head`` rows stay in view.
    ValueError for addresses outside the grid and merged areas that overlap.
    """
    column_styles = styles or {}
    lines: dict[int, list[tuple[int, bytes]]] = {}
    for (row, column), (value, own) in rows.items():
        if not (1 <= row <= MAX_ROW and 1 <= column <= MAX_COLUMN):
            raise ValueError(f"cell {(row, column)} is outside the grid")
        style = column_styles.get(column, 0) if own is None else own
        exact = value if value is None or isinstance(value, (bool, str)) else Decimal(value)
        cell = new_cell(join_ref(row, column), Change(exact), style, b"")
        lines.setdefault(row, []).append((column, cell))
    fit = b'<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>' if one_page_wide else b""
    out = [
        _HEAD.encode("ascii"),
        fit,
        _dimension(rows),
        _FROZEN % (head, head + 1) if head else b"",
        _columns(widths or {}, column_styles),
        b"<sheetData>",
    ]
    for row in sorted(lines):
        cells = b"".join(cell for _, cell in sorted(lines[row]))
        tall = (heights or {}).get(row)
        height = f' ht="{tall:g}" customHeight="1"'.encode() if tall else b""
        out.append(b'<row r="%d"%s>%s</row>' % (row, height, cells))
    paper = 9 if sum(map(float, (widths or {}).values())) <= WIDEST_ON_A4 else 8
    out += [b"</sheetData>", _merged(list(merged)), _PAGE % paper if one_page_wide else b"", b"</worksheet>"]
    return b"".join(out)


def _dimension(rows: Iterable[tuple[int, int]]) -> bytes:
    places = list(rows)
    if not places:
        return b'<dimension ref="A1"/>'
    top, left = min(row for row, _ in places), min(column for _, column in places)
    bottom, right = max(row for row, _ in places), max(column for _, column in places)
    return b'<dimension ref="%s:%s"/>' % (join_ref(top, left).encode(), join_ref(bottom, right).encode())


def _columns(widths: Mapping[int, float | Decimal], styles: Mapping[int, int]) -> bytes:
    out: list[bytes] = []
    for column in sorted(widths.keys() | styles.keys()):
        column_letter(column)  # ValueError outside the grid
        width = str(widths.get(column, 9)).encode("ascii")
        tag = b'<col min="%d" max="%d" width="%s"' % (column, column, width)
        if styles.get(column):
            tag += b' style="%d"' % styles[column]
        out.append(tag + b' customWidth="1"/>')
    return b"<cols>%s</cols>" % b"".join(out) if out else b""


def _merged(areas: list[str]) -> bytes:
    if disjoint(map(split_area, areas))[1]:
        raise ValueError("merged areas overlap")
    if not areas:
        return b""
    body = b"".join(b'<mergeCell ref="%s"/>' % markup.attribute(area) for area in areas)
    return b'<mergeCells count="%d">%s</mergeCells>' % (len(areas), body)


def with_links(data: bytes, links: Mapping[str, str], columns: range, first: int) -> bytes:
    """A worksheet part (UTF-8) with links from cells to places (``'表'!A1``).

    Earlier links inside ``columns`` from row ``first`` on are replaced; all others keep their bytes. The part is
    returned as it is where it has neither.
    """
    rows = _ROWS.search(data)
    if rows is None:
        return data
    outline = data[: rows.start()] + b"<%s/>" % rows[1] + data[rows.end() :]
    found = markup.elements(outline, "hyperlinks")
    head = markup.prefix(outline, found[0])
    box = next((e for e in found if e.name == "hyperlinks" and e.parent == 0), None)
    old = [
        e for e in markup.children(found, "hyperlinks") if not _ours(e.attrs.get("ref", ""), columns, first)
    ]
    kept = [outline[e.start : e.end] for e in old]
    for ref, place in links.items():
        kept.append(
            b'<%shyperlink ref="%s" location="%s"/>' % (head, ref.encode("ascii"), markup.attribute(place))
        )
    made = b"".join(kept)
    text = b"<%shyperlinks>%s</%shyperlinks>" % (head, made, head) if made else b""
    if box is not None:
        edit = (box.start, box.end, text)
    else:
        behind = [e.start for e in found if e.parent == 0 and e.name not in BEFORE_LINKS]
        at = min(behind, default=found[0].close)
        edit = (at, at, text)
    changed = markup.splice(outline, [edit])
    own = b"<%s/>" % rows[1]
    at = changed.index(own)
    return changed[:at] + rows[0] + changed[at + len(own) :]


def _ours(ref: str, columns: range, first: int) -> bool:
    try:
        row, column = split_ref(ref.partition(":")[0])
    except ValueError:
        return False
    return row >= first and column in columns
