"""Styles: the fonts and sizes of a public document, as GB/T 9704 has them, with fallbacks for where a font is missing."""

from __future__ import annotations

from typing import Any

from docx.oxml.ns import nsdecls, qn

from jixiao.report.word.nodes import fonts, node

TITLE, HEI, KAI, FANG, SONG = "方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312", "宋体"
# what stands in for a font that is not installed: name -> alternative, kind of strokes, panose
FALLBACKS = {
    TITLE: ("宋体", "roman", "02010601030101010101"),
    HEI: ("SimHei", "modern", "02010609060101010101"),
    KAI: ("楷体", "script", "02010609060101010101"),
    FANG: ("仿宋", "modern", "02010609060101010101"),
    SONG: ("SimSun", "roman", "02010600030101010101"),
}
LINE = 560  # twips: fixed 28 points
BODY = 32  # half points: 三号


def _spacing(line: int = LINE, before: int = 0, after: int = 0, rule: str = "exact") -> Any:
    return node("w:spacing", before=before, after=after, line=line, lineRule=rule)


def _style(
    name: str, east: str, half_points: int, *properties: Any, bold: bool = False, based: str = "Normal"
) -> Any:
    on = node("w:b") if bold else node("w:b", val="0")
    ident = name.replace(" ", "")
    return node(
        "w:style",
        node("w:name", val=name),
        node("w:basedOn", val=based) if ident != "Normal" else None,
        node("w:next", val="Normal") if name.startswith(("heading", "Title")) else None,
        node("w:qFormat"),
        node("w:pPr", *properties),
        node(
            "w:rPr",
            fonts(east),
            on,
            node("w:i", val="0"),
            node("w:color", val="000000"),
            node("w:sz", val=half_points),
            node("w:szCs", val=half_points),
        ),
        type="paragraph",
        styleId=ident,
        default="1" if ident == "Normal" else None,
    )


def _heading(level: int, east: str, *, bold: bool = False) -> Any:
    indent = node("w:ind", firstLineChars=200, firstLine=640)
    parts = (node("w:keepNext"), node("w:keepLines"), _spacing(), indent, node("w:jc", val="left"))
    return _style(f"heading {level}", east, BODY, *parts, node("w:outlineLvl", val=level - 1), bold=bold)


def _contents(level: int) -> Any:
    # 156 mm of text: the page number stands at the right margin behind dots
    tabs = node("w:tabs", node("w:tab", val="right", leader="dot", pos=8844))
    indent = node("w:ind", left=320 * (level - 1), firstLineChars=0, firstLine=0)
    return _style(f"toc {level}", HEI if level == 1 else FANG, 28, tabs, _spacing(), indent)


def styles() -> list[Any]:
    """Every style of a report."""
    no_indent = {"firstLineChars": 0, "firstLine": 0}

    def centred() -> Any:
        return node("w:jc", val="center")

    body = (
        node("w:widowControl", val="0"),
        _spacing(),
        node("w:ind", firstLineChars=200, firstLine=640),
        node("w:jc", val="both"),
    )
    basis = (_spacing(400), node("w:ind", firstLineChars=200, firstLine=480))
    return [
        _style("Normal", FANG, BODY, *body),
        _style("Title", TITLE, 44, _spacing(760), node("w:ind", **no_indent), centred()),
        _heading(1, HEI),
        _heading(2, KAI),
        _heading(3, FANG, bold=True),
        _contents(1),
        _contents(2),
        _style("Contents Title", HEI, 36, _spacing(after=280), node("w:ind", **no_indent), centred()),
        _style("Cover Line", KAI, BODY, _spacing(700), node("w:ind", left=1600, **no_indent), node("w:jc", val="left")),
        _style("Basis", KAI, 24, *basis),
        _style("Missing", FANG, BODY, _spacing(), node("w:ind", firstLineChars=200, firstLine=640)),
        _style("Caption", HEI, 24, node("w:keepNext"), _spacing(480), node("w:ind", **no_indent), centred()),
        _style("Note", FANG, 21, node("w:keepNext"), _spacing(360), node("w:ind", **no_indent), node("w:jc", val="right")),
        _style("Cell", FANG, 21, _spacing(240, rule="auto"), node("w:ind", **no_indent)),
        _style("Annex Label", HEI, BODY, _spacing(), node("w:ind", **no_indent), node("w:jc", val="left")),
        _style("Annex Title", TITLE, 36, _spacing(640), node("w:ind", **no_indent), centred(), node("w:outlineLvl", val=0)),
        _style("Annex Line", FANG, 24, _spacing(440), node("w:ind", **no_indent), node("w:jc", val="left")),
        _style("footer", SONG, 28, _spacing(360), node("w:ind", **no_indent)),
        _style("header", SONG, 18, _spacing(240), node("w:ind", **no_indent)),
    ]  # fmt: skip


def dress(document: Any) -> None:
    """Replace the template's styles by ours, set the language, name what stands in for missing fonts."""
    element = document.styles.element
    ours = styles()
    replaced = {style.get(qn("w:styleId")).lower() for style in ours}
    for old in list(element.findall(qn("w:style"))):
        kept = (
            old.get(qn("w:type")) in ("character", "table", "numbering") and old.get(qn("w:default")) == "1"
        )
        if not kept or old.get(qn("w:styleId")).lower() in replaced:
            element.remove(old)
    for style in ours:
        element.append(style)
    defaults = element.find(qn("w:docDefaults"))
    if defaults is not None:
        element.remove(defaults)
    plain = node("w:rPr", fonts(FANG), node("w:lang", val="en-US", eastAsia="zh-CN", bidi="ar-SA"))
    element.insert(0, node("w:docDefaults", node("w:rPrDefault", plain), node("w:pPrDefault", node("w:pPr"))))
    _fallbacks(document)


def _fallbacks(document: Any) -> None:
    entries = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:panose1 w:val="{panose}"/><w:charset w:val="86"/>'
        f'<w:family w:val="{family}"/><w:pitch w:val="fixed"/></w:font>'
        for name, (other, family, panose) in FALLBACKS.items()
    )
    times = (
        '<w:font w:name="Times New Roman"><w:charset w:val="00"/><w:family w:val="roman"/>'
        '<w:pitch w:val="variable"/></w:font>'
    )
    table = f"<?xml version='1.0' encoding='UTF-8' standalone='yes'?><w:fonts {nsdecls('w')}>{entries}{times}</w:fonts>"
    for part in document.part.package.iter_parts():
        if str(part.partname) == "/word/fontTable.xml":
            part._blob = table.encode("utf-8")  # noqa: SLF001 - the library has no way to change this part
