"""Small makers of WordprocessingML: elements, runs, paragraphs, fields. Lengths in twips (1/20 point)."""

from __future__ import annotations

from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from jixiao.report.wording import harmless

MM = 56.6929  # twips in a millimetre


def mm(length: float) -> int:
    """Millimetres in twips."""
    return round(length * MM)


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


def fonts(east: str, west: str = "Times New Roman") -> Any:
    """Fonts of a run or style: Chinese and Western."""
    return node("w:rFonts", ascii=west, hAnsi=west, eastAsia=east, cs=west, hint="eastAsia")


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
