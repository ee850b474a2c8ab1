"""What a report is made of, as WordprocessingML: runs, paragraphs, fields, tables, charts. Lengths in twips (1/20 point)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any
from xml.sax.saxutils import escape

from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn

from jixiao.model import half_up, plain
from jixiao.report.parts import Bars, Cell, Grid
from jixiao.report.phrasing import clean, harmless

RULE = {"val": "single", "sz": 4, "space": 0, "color": "000000"}
SHADE = "F2F2F2"
PADDING = 20  # above and below the text of a cell
LATIN, SAFE_LATIN = 0.5, 0.58  # widths in Chinese characters: as it is set, and a little wider for safety
_CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/chart"
EMU = 36000  # in a millimetre
WIDTH, ROW, AROUND = 150, 9, 18  # of a chart, mm
COLOUR = "2F6DB5"

Spot = tuple[int, Cell]  # the row that a cell begins in, and the cell


def node(tag: str, *children: Any, **attributes: object) -> Any:
    """An element: ``node("w:jc", val="center")``; attribute names get the prefix ``w:``, None is left out."""
    made = OxmlElement(tag)
    for name, value in attributes.items():
        if value is not None:
            made.set(qn(f"w:{name.rstrip('_')}"), str(value))
    for child in children:
        if child is not None:
            made.append(child)
    return made


def run(text: str, *marks: Any) -> Any:
    """A run of plain text; line ends become breaks, tabs tabs. Quotation marks are drawn in the Chinese font."""
    made = node("w:r", node("w:rPr", *(marks or (node("w:rFonts", hint="eastAsia"),))))
    for number, line in enumerate(harmless(text).split("\n")):
        if number:
            made.append(node("w:br"))
        for place, piece in enumerate(line.split("\t")):
            if place:
                made.append(node("w:tab"))
            if piece:
                words = node("w:t")
                words.text = piece
                words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
                made.append(words)
    return made


def paragraph(style: str, *children: Any, **settings: Any) -> Any:
    """A paragraph of a style; ``settings`` are further elements of its properties, by order given."""
    return node("w:p", node("w:pPr", node("w:pStyle", val=style), *settings.values()), *children)


def field(instruction: str, shown: str) -> list[Any]:
    """A field with the text it shows until it is updated."""
    words = node("w:instrText")
    words.text = f" {instruction} "
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return [
        node("w:r", node("w:fldChar", fldCharType="begin")),
        node("w:r", words),
        node("w:r", node("w:fldChar", fldCharType="separate")),
        run(shown),
        node("w:r", node("w:fldChar", fldCharType="end")),
    ]


def line_height(points: float) -> float:
    """Height of a line of a table in points."""
    return round(points * 1.3 * 2) / 2


def lines(text: str, room: float, latin: float = LATIN) -> int:
    """Lines that a text takes where ``room`` Chinese characters fit into one; others are counted as ``latin``."""
    width = sum(1.0 if ord(ch) > 0x2000 else latin for ch in text)
    return max(1, math.ceil(width / max(1.0, math.floor(room))))


def placed(grid: Grid) -> list[dict[int, Spot]]:
    """For each row of a table, heading rows first: column -> the cell that stands there, begun here or above."""
    made: list[dict[int, Spot]] = []
    for number, row in enumerate((*grid.head, *grid.body)):
        waiting, spots, column = list(row), dict[int, Spot](), 0
        while column < len(grid.widths):
            above = made[-1].get(column) if made else None
            if above is not None and above[0] + above[1].rows > number:
                spots[column] = above
            else:
                spots[column] = (number, waiting.pop(0) if waiting else Cell(""))
            column += spots[column][1].columns
        made.append(spots)
    return made


def row_heights(
    grid: Grid, width: float, rows: Sequence[dict[int, Spot]], latin: float = LATIN
) -> list[float]:
    """The reckoned height of each row in points; a cell over several rows is taken to fit them."""
    share = width / 20 / sum(grid.widths)
    return [
        max(
            sum(
                lines(
                    line,
                    (share * sum(grid.widths[column : column + cell.columns]) - 6.5) / grid.points,
                    latin,
                )
                for line in cell.text.split("\n")
            )
            if cell.rows == 1
            else 1
            for column, (_, cell) in spots.items()
        )
        * line_height(grid.points)
        + 2 * PADDING / 20
        + 0.5
        for spots in rows
    ]


def cut(grid: Grid, width: float, first: float, other: float) -> list[Grid]:
    """A long table as one table a page, so that a merged label is printed again on every page that it covers.

    ``first`` and ``other`` are the room of the first page and of the others in points.
    """
    rows, top = placed(grid), len(grid.head)
    heights = row_heights(grid, width, rows, SAFE_LATIN)
    starts, taken, room = [top], sum(heights[:top]), first
    used = taken
    for row, tall in enumerate(heights[top:], top):
        if used + tall > room and row > starts[-1]:
            starts.append(row)
            used, room = taken, other
        used += tall
    return [_piece(grid, rows, start, end) for start, end in pairwise([*starts, len(rows)])]


def _piece(grid: Grid, rows: Sequence[dict[int, Spot]], start: int, end: int) -> Grid:
    body = [
        tuple(
            cell._replace(rows=min(begin + cell.rows, end) - number)
            for begin, cell in rows[number].values()
            if begin == number or (number == start and begin < start)
        )
        for number in range(start, end)
    ]
    return grid._replace(body=tuple(body))


def table(grid: Grid, width: int) -> Any:
    """A table as wide as the text: merged cells, heading rows repeated on every page, rows that are never split."""
    edges = [round(width * sum(grid.widths[:n]) / sum(grid.widths)) for n in range(len(grid.widths) + 1)]
    widths = [right - left for left, right in pairwise(edges)]
    rules = (node(f"w:{side}", **RULE) for side in ("top", "left", "bottom", "right", "insideH", "insideV"))
    sides = (("top", PADDING), ("left", 60), ("bottom", PADDING), ("right", 60))
    made = node(
        "w:tbl",
        node(
            "w:tblPr",
            node("w:tblW", w=width, type="dxa"),
            node("w:jc", val="center"),
            node("w:tblBorders", *rules),
            node("w:tblLayout", type="fixed"),
            node("w:tblCellMar", *(node(f"w:{side}", w=size, type="dxa") for side, size in sides)),
        ),
        node("w:tblGrid", *(node("w:gridCol", w=size) for size in widths)),
    )
    for number, spots in enumerate(placed(grid)):
        heading = number < len(grid.head)
        properties = node("w:trPr", node("w:cantSplit"), node("w:tblHeader") if heading else None)
        cells = (
            _cell(grid, cell, widths[column : column + cell.columns], heading, begin == number)
            for column, (begin, cell) in spots.items()
        )
        made.append(node("w:tr", properties, *cells))
    return made


def _cell(grid: Grid, cell: Cell, widths: Sequence[int], heading: bool, begins: bool) -> Any:
    merge = "restart" if begins else "continue"
    properties = node(
        "w:tcPr",
        node("w:tcW", w=sum(widths), type="dxa"),
        node("w:gridSpan", val=len(widths)) if len(widths) > 1 else None,
        node("w:vMerge", val=merge) if cell.rows > 1 else None,
        node("w:shd", val="clear", color="auto", fill=SHADE) if heading else None,
        node("w:vAlign", val="center"),
    )
    if not begins:
        cell = Cell("")

    def marks() -> Iterator[Any]:  # made anew for every line: an element stands in one place
        yield node("w:rFonts", hint="eastAsia")
        if cell.bold or heading:
            yield node("w:b")
        yield from (node(tag, val=round(grid.points * 2)) for tag in ("w:sz", "w:szCs"))

    body = [
        paragraph(
            "Cell",
            run(line, *marks()) if line else None,
            keep=node("w:keepNext") if heading else None,
            gap=node("w:spacing", line=round(line_height(grid.points) * 20), lineRule="exact"),
            jc=node("w:jc", val=cell.align),
        )
        for line in cell.text.split("\n")
    ]
    return node("w:tc", properties, *body)


def chart_height(bars: Bars) -> int:
    """Height of a chart in millimetres."""
    return AROUND + ROW * len(bars.titles)


def chart(document: Any, bars: Bars, number: int) -> Any:
    """The paragraph that holds a native bar chart: no picture, it can be restyled in Word. Its part is added to the package."""
    part = Part(
        PackURI(f"/word/charts/chart{number}.xml"),
        _TYPE,
        _chart_xml(bars).encode("utf-8"),
        document.part.package,
    )
    relation = document.part.relate_to(part, _RELATION)
    drawing = parse_xml(_inline(bars, number, relation))
    spacing = node("w:spacing", before=120, after=0, line=240, lineRule="auto")
    centred = node("w:jc", val="center")
    indent = node("w:ind", firstLineChars=0, firstLine=0)
    return paragraph(
        "Normal", node("w:r", drawing), keep=node("w:keepNext"), spacing=spacing, ind=indent, jc=centred
    )


def _inline(bars: Bars, number: int, relation: str) -> str:
    wide, high = WIDTH * EMU, chart_height(bars) * EMU
    title = escape(clean(bars.caption), {'"': "&quot;"})
    return (
        '<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        f'<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{wide}" cy="{high}"/>'
        f'<wp:docPr id="{number}" name="图{number}" descr="{title}"/><wp:cNvGraphicFramePr/>'
        f'<a:graphic><a:graphicData uri="{_CHART}"><c:chart xmlns:c="{_CHART}" r:id="{relation}"/>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing>"
    )


def _chart_xml(bars: Bars) -> str:
    count = len(bars.titles)
    titles = "".join(
        f'<c:pt idx="{i}"><c:v>{escape(clean(t))}</c:v></c:pt>' for i, t in enumerate(bars.titles)
    )
    rates = "".join(
        f'<c:pt idx="{i}"><c:v>{plain(half_up(r, 6))}</c:v></c:pt>' for i, r in enumerate(bars.rates)
    )
    font = (
        '<c:txPr><a:bodyPr/><a:p><a:pPr><a:defRPr sz="1000"><a:latin typeface="Times New Roman"/>'
        '<a:ea typeface="宋体"/></a:defRPr></a:pPr><a:endParaRPr lang="zh-CN"/></a:p></c:txPr>'
    )
    line = '<c:spPr><a:ln w="6350"><a:solidFill><a:srgbClr val="BFBFBF"/></a:solidFill></a:ln></c:spPr>'
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<c:chartSpace xmlns:c="{_CHART}" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        '<c:roundedCorners val="0"/><c:chart><c:autoTitleDeleted val="1"/><c:plotArea><c:layout/>'
        '<c:barChart><c:barDir val="bar"/><c:grouping val="clustered"/><c:varyColors val="0"/>'
        f'<c:ser><c:idx val="0"/><c:order val="0"/><c:tx><c:v>{escape(bars.series)}</c:v></c:tx>'
        f'<c:spPr><a:solidFill><a:srgbClr val="{COLOUR}"/></a:solidFill></c:spPr><c:invertIfNegative val="0"/>'
        f'<c:dLbls><c:numFmt formatCode="0.##%" sourceLinked="0"/><c:spPr><a:noFill/></c:spPr>{font}'
        '<c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/><c:showSerName val="0"/>'
        '<c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>'
        f'<c:cat><c:strLit><c:ptCount val="{count}"/>{titles}</c:strLit></c:cat>'
        f'<c:val><c:numLit><c:formatCode>0.00%</c:formatCode><c:ptCount val="{count}"/>{rates}</c:numLit></c:val></c:ser>'
        '<c:gapWidth val="60"/><c:axId val="111"/><c:axId val="222"/></c:barChart>'
        '<c:catAx><c:axId val="111"/><c:scaling><c:orientation val="maxMin"/></c:scaling><c:delete val="0"/>'
        '<c:axPos val="l"/><c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/>'
        f'<c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>{line}{font}<c:crossAx val="222"/>'
        '<c:crosses val="autoZero"/></c:catAx>'
        '<c:valAx><c:axId val="222"/><c:scaling><c:orientation val="minMax"/><c:max val="1"/><c:min val="0"/></c:scaling>'
        f'<c:delete val="0"/><c:axPos val="b"/><c:majorGridlines>{line}</c:majorGridlines>'
        '<c:numFmt formatCode="0%" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/>'
        f'<c:tickLblPos val="nextTo"/>{font}<c:crossAx val="111"/><c:crosses val="max"/>'
        '<c:crossBetween val="between"/><c:majorUnit val="0.2"/></c:valAx>'
        '</c:plotArea><c:plotVisOnly val="1"/></c:chart></c:chartSpace>'
    )
