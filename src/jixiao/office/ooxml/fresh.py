"""A worksheet part written from nothing, for tables that are brought into a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from jixiao.office.ooxml.cells import Value
from jixiao.office.ooxml.reader import TRANSITIONAL
from jixiao.office.ooxml.refs import MAX_COLUMN, MAX_ROW, column_letter, join_ref, split_area
from jixiao.office.ooxml.splice import Change, new_cell
from jixiao.office.ooxml.text import attribute

_HEAD = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{TRANSITIONAL}">'

_PAGE = (
    b'<pageMargins left="0.4" right="0.4" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>'
    b'<pageSetup paperSize="8" orientation="landscape" fitToHeight="0"/>'
    + "<headerFooter><oddFooter>&amp;C第 &amp;P 页，共 &amp;N 页&amp;R&amp;A</oddFooter></headerFooter>".encode()
)


def sheet_xml(
    rows: Mapping[tuple[int, int], tuple[Value | int, int | None]],
    *,
    merged: Iterable[str] = (),
    widths: Mapping[int, float | Decimal] | None = None,
    styles: Mapping[int, int] | None = None,
    heights: Mapping[int, float] | None = None,
    one_page_wide: bool = False,
) -> bytes:
    """A worksheet part with the cells of ``rows``: {(row, column): (value, style)}, both counted from 1.

    Numbers stay exact, text becomes inline strings (never a formula), None with a style is an empty formatted
    cell. ``widths`` are column widths in characters, ``styles`` the cell formats of whole columns, used where
    a cell's own style is None; ``heights`` are row heights in points. ``one_page_wide`` prints it on A3 landscape,
    scaled to the paper's width. ValueError for addresses outside the grid and merged areas that overlap.
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
        _columns(widths or {}, column_styles),
        b"<sheetData>",
    ]
    for row in sorted(lines):
        cells = b"".join(cell for _, cell in sorted(lines[row]))
        tall = (heights or {}).get(row)
        height = f' ht="{tall:g}" customHeight="1"'.encode() if tall else b""
        out.append(b'<row r="%d"%s>%s</row>' % (row, height, cells))
    out += [b"</sheetData>", _merged(list(merged)), _PAGE if one_page_wide else b"", b"</worksheet>"]
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
    boxes = sorted(split_area(area) for area in areas)
    for index, (_, left, bottom, right) in enumerate(boxes):
        for other in boxes[index + 1 :]:
            if other[0] > bottom:
                break
            if other[1] <= right and left <= other[3]:
                raise ValueError("merged areas overlap")
    if not areas:
        return b""
    body = b"".join(b'<mergeCell ref="%s"/>' % attribute(area) for area in areas)
    return b'<mergeCells count="%d">%s</mergeCells>' % (len(areas), body)
