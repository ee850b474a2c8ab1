"""A native bar chart (DrawingML) inside the document: no picture, it can be restyled in Word."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml

from jixiao.model import half_up, plain
from jixiao.report.blocks import Bars
from jixiao.report.word.nodes import node, paragraph
from jixiao.report.wording import clean

_CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/chart"
EMU = 36000  # in a millimetre
WIDTH, ROW, AROUND = 150, 9, 18  # mm
COLOUR = "2F6DB5"


def height(bars: Bars) -> int:
    """Height of the chart in millimetres."""
    return AROUND + ROW * len(bars.titles)


def chart(document: Any, bars: Bars, number: int) -> Any:
    """The paragraph that holds the chart; its part is added to the package."""
    part = Part(
        PackURI(f"/word/charts/chart{number}.xml"), _TYPE, _xml(bars).encode("utf-8"), document.part.package
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
    wide, high = WIDTH * EMU, height(bars) * EMU
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


def _xml(bars: Bars) -> str:
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
