"""Pages: paper and margins of GB/T 9704, sections, page numbers, the watermark of a draft, settings."""

from __future__ import annotations

from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from jixiao.report.word.nodes import field, mm, node, paragraph, run

PORTRAIT, LANDSCAPE = (210, 297), (297, 210)
MARGINS = {"top": 37, "bottom": 35, "left": 28, "right": 26}  # text of 156 by 225 mm
WIDE_MARGINS = {"top": 26, "bottom": 24, "left": 20, "right": 20}
FOOT = 27  # mm from the page's edge to the page number
SHOWN_NUMBER = "1"


def text_width(*, landscape: bool = False) -> int:
    """Width of the text in twips."""
    paper, margins = (LANDSCAPE, WIDE_MARGINS) if landscape else (PORTRAIT, MARGINS)
    return mm(paper[0] - margins["left"] - margins["right"])


def section(*, landscape: bool = False, start: int | None = None, references: tuple[Any, ...] = ()) -> Any:
    """The properties of a section that begins on a new page; ``start`` is its first page number."""
    width, height = LANDSCAPE if landscape else PORTRAIT
    margins = {side: mm(size) for side, size in (WIDE_MARGINS if landscape else MARGINS).items()}
    foot = mm(15 if landscape else FOOT)
    return node(
        "w:sectPr",
        *references,
        node("w:type", val="nextPage"),
        node("w:pgSz", w=mm(width), h=mm(height), orient="landscape" if landscape else None),
        node("w:pgMar", **margins, header=mm(15), footer=foot, gutter=0),
        node("w:pgNumType", start=start) if start is not None else None,
        node("w:cols", space=425),
    )


def footers(document: Any) -> tuple[Any, ...]:
    """Page numbers － 1 －: odd pages at the right, even ones at the left."""
    made = []
    for kind, side in (("default", "right"), ("even", "left")):
        part, reference = document.part.add_footer_part()
        indent = node("w:ind", **{f"{side}Chars": 100, side: 280, "firstLineChars": 0, "firstLine": 0})
        line = paragraph(
            "footer",
            run("－ "),
            *field("PAGE", SHOWN_NUMBER),
            run(" －"),
            ind=indent,
            jc=node("w:jc", val=side),
        )
        _only(part.element, line)
        made.append(_reference("w:footerReference", kind, reference))
    return tuple(made)


def watermarks(document: Any, text: str) -> tuple[Any, ...]:
    """A header with a pale diagonal text behind the page, for odd and even pages."""
    made = []
    for number, kind in enumerate(("default", "even"), 1):
        part, reference = document.part.add_header_part()
        _only(
            part.element,
            paragraph(
                "header", node("w:r", parse_xml(_SHAPE.format(ns=nsdecls("w"), number=number, text=text)))
            ),
        )
        made.append(_reference("w:headerReference", kind, reference))
    return tuple(made)


_SHAPE = (
    '<w:pict {ns} xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office">'
    '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" path="m@7,l@8,m@5,21600l@6,21600e">'
    '<v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/>'
    '<v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/>'
    '<v:f eqn="if @0 @4 21600"/></v:formulas><v:path textpathok="t" o:connecttype="rect"/>'
    '<v:textpath on="t" fitshape="t"/></v:shapetype>'
    '<v:shape id="PowerPlusWaterMarkObject{number}" o:spid="_x0000_s20{number}9" type="#_x0000_t136" '
    'style="position:absolute;margin-left:0;margin-top:0;width:380pt;height:150pt;rotation:315;z-index:-251658752;'
    "mso-position-horizontal:center;mso-position-horizontal-relative:margin;mso-position-vertical:center;"
    'mso-position-vertical-relative:margin" o:allowincell="f" fillcolor="silver" stroked="f">'
    '<v:fill opacity=".4"/><v:textpath style="font-family:&quot;黑体&quot;;font-size:1pt" string="{text}"/>'
    "</v:shape></w:pict>"
)


def _only(element: Any, line: Any) -> None:
    for child in list(element):
        element.remove(child)
    element.append(line)


def _reference(tag: str, kind: str, relation: str) -> Any:
    made = node(tag, type=kind)
    made.set("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id", relation)
    return made


def settle(document: Any) -> None:
    """Our own settings, and nothing of the library's template that a report does not need."""
    element = document.settings.element
    for child in list(element):
        element.remove(child)
    uri = "http://schemas.microsoft.com/office/word"
    for child in (
        node("w:zoom", percent=100),
        node("w:defaultTabStop", val=420),
        node("w:evenAndOddHeaders"),
        node("w:characterSpacingControl", val="compressPunctuation"),
        node(
            "w:compat",
            node("w:useFELayout"),
            node("w:compatSetting", name="compatibilityMode", uri=uri, val=15),
        ),
        node("w:themeFontLang", val="en-US", eastAsia="zh-CN"),
        node("w:decimalSymbol", val="."),
        node("w:listSeparator", val=","),
    ):
        element.append(child)
    document.settings.odd_and_even_pages_header_footer = True
    _drop(document.part.package.rels, (RT.THUMBNAIL,))
    effects = "http://schemas.microsoft.com/office/2007/relationships/stylesWithEffects"
    _drop(document.part.rels, (RT.CUSTOM_XML, RT.NUMBERING, effects))


def _drop(relations: Any, kinds: tuple[str, ...]) -> None:
    for key in [key for key, relation in relations.items() if relation.reltype in kinds]:
        del relations[key]
