"""The .xlam around the VBA project: a workbook with one sheet of messages, the ribbon, its icons.

Entries are stored, not compressed: what a compressor makes may change with its version, and the file is small.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

ADDIN = "application/vnd.ms-excel.addin.macroEnabled.main+xml"
WORKBOOK = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"  # for programs that open no add-in: tests
UI_2010 = "http://schemas.microsoft.com/office/2009/07/customui"
UI_2007 = "http://schemas.microsoft.com/office/2006/01/customui"
TITLE, SHEET, CODE_NAME = "绩效评分", "消息", "Messages"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_RIBBONS = {  # part -> how the workbook refers to it
    "customUI/customUI14.xml": "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility",
    "customUI/customUI.xml": "http://schemas.microsoft.com/office/2006/relationships/ui/extensibility",
}

Relation = tuple[str, str, str]


def addin_package(
    ribbon: str,
    icons: Mapping[str, bytes],
    project: bytes,
    messages: Mapping[str, str],
    *,
    version: str,
    kind: str = ADDIN,
) -> bytes:
    """The whole file. ``icons`` are PNG files by the names that the ribbon uses, ``messages`` the texts by name."""
    images = {f"customUI/images/{name}.png": data for name, data in sorted(icons.items())}
    links = [(name, f"{_OFFICE}/image", f"images/{name}.png") for name in sorted(icons)]
    older = ribbon.replace(UI_2010, UI_2007)
    parts: dict[str, bytes] = {
        "[Content_Types].xml": _content_types(kind),
        "_rels/.rels": _relations(
            [
                ("book", f"{_OFFICE}/officeDocument", "xl/workbook.xml"),
                ("core", f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
                *((name[9:-4], relation, name) for name, relation in _RIBBONS.items()),
            ]
        ),
        "docProps/core.xml": _properties(version),
        "xl/workbook.xml": _workbook(),
        "xl/_rels/workbook.xml.rels": _relations(
            [
                ("sheet", f"{_OFFICE}/worksheet", "worksheets/sheet1.xml"),
                ("styles", f"{_OFFICE}/styles", "styles.xml"),
                ("theme", f"{_OFFICE}/theme", "theme/theme1.xml"),
                ("texts", f"{_OFFICE}/sharedStrings", "sharedStrings.xml"),
                (
                    "vba",
                    "http://schemas.microsoft.com/office/2006/relationships/vbaProject",
                    "vbaProject.bin",
                ),
            ]
        ),
        "xl/worksheets/sheet1.xml": _sheet(len(messages)),
        "xl/sharedStrings.xml": _texts([text for message in messages.items() for text in message]),
        "xl/styles.xml": _styles(),
        "xl/theme/theme1.xml": _theme(),
        "xl/vbaProject.bin": project,
        "customUI/customUI14.xml": (_HEAD + ribbon).encode(),
        "customUI/customUI.xml": (_HEAD + older).encode(),
        "customUI/_rels/customUI14.xml.rels": _relations(links),
        "customUI/_rels/customUI.xml.rels": _relations(links),
        **images,
    }
    return stored(parts)


def stored(parts: Mapping[str, bytes]) -> bytes:
    """An archive of these parts in this order, of no date: the same parts give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in parts.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system = 0  # else it would tell the system it was made on
            archive.writestr(entry, data)
    return out.getvalue()


def _content_types(kind: str) -> bytes:
    overrides = {
        "/xl/workbook.xml": kind,
        "/xl/worksheets/sheet1.xml": f"{_SPREADSHEET}.worksheet+xml",
        "/xl/styles.xml": f"{_SPREADSHEET}.styles+xml",
        "/xl/sharedStrings.xml": f"{_SPREADSHEET}.sharedStrings+xml",
        "/xl/theme/theme1.xml": "application/vnd.openxmlformats-officedocument.theme+xml",
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    }
    defaults = {
        "rels": "application/vnd.openxmlformats-package.relationships+xml",
        "xml": "application/xml",
        "bin": "application/vnd.ms-office.vbaProject",
        "png": "image/png",
    }
    lines = [f'<Default Extension="{end}" ContentType="{what}"/>' for end, what in defaults.items()]
    lines += [f'<Override PartName="{part}" ContentType="{what}"/>' for part, what in overrides.items()]
    return f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">{"".join(lines)}</Types>'.encode()


def _relations(relations: Iterable[Relation]) -> bytes:
    lines = (f'<Relationship Id="{i}" Type="{kind}" Target="{target}"/>' for i, kind, target in relations)
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{"".join(lines)}</Relationships>'.encode()


def _properties(version: str) -> bytes:
    return (
        f'{_HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{TITLE}</dc:title><dc:creator>jixiao</dc:creator>"
        f"<dc:description>jixiao {escape(version)}</dc:description></cp:coreProperties>"
    ).encode()


def _workbook() -> bytes:
    return (
        f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><workbookPr codeName="ThisWorkbook"/>'
        f'<sheets><sheet name="{SHEET}" sheetId="1" r:id="sheet"/></sheets></workbook>'
    ).encode()


def _sheet(count: int) -> bytes:
    """Names in column A, texts in column B: numbers into the table of texts."""
    rows = "".join(
        f'<row r="{n + 1}"><c r="A{n + 1}" t="s"><v>{2 * n}</v></c><c r="B{n + 1}" t="s"><v>{2 * n + 1}</v></c></row>'
        for n in range(count)
    )
    return (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetPr codeName={quoteattr(CODE_NAME)}/>'
        f'<cols><col min="2" max="2" width="80" customWidth="1"/></cols>'
        f"<sheetData>{rows}</sheetData></worksheet>"
    ).encode()


def _texts(texts: Sequence[str]) -> bytes:
    items = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in texts)
    size = f'count="{len(texts)}" uniqueCount="{len(texts)}"'
    return f'{_HEAD}<sst xmlns="{_MAIN}" {size}>{items}</sst>'.encode()


def _styles() -> bytes:
    return (
        f'{_HEAD}<styleSheet xmlns="{_MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    ).encode()


def _theme() -> bytes:
    """The colours and fonts that Excel expects a workbook to have; nothing here is shown in them."""
    colours = {
        "dk1": "000000", "lt1": "FFFFFF", "dk2": "1F2937", "lt2": "F3F4F6",
        "accent1": "4472C4", "accent2": "ED7D31", "accent3": "A5A5A5", "accent4": "FFC000", "accent5": "5B9BD5",
        "accent6": "70AD47", "hlink": "0563C1", "folHlink": "954F72",
    }  # fmt: skip
    shades = "".join(f'<a:{name}><a:srgbClr val="{code}"/></a:{name}>' for name, code in colours.items())
    font = '<a:latin typeface="Calibri"/><a:ea typeface=""/><a:cs typeface=""/>'
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    line, effect = f'<a:ln w="9525">{fill}</a:ln>', "<a:effectStyle><a:effectLst/></a:effectStyle>"
    return (
        f'{_HEAD}<a:theme xmlns:a="{_DRAWING}" name="{TITLE}"><a:themeElements>'
        f'<a:clrScheme name="{TITLE}">{shades}</a:clrScheme>'
        f'<a:fontScheme name="{TITLE}"><a:majorFont>{font}</a:majorFont><a:minorFont>{font}</a:minorFont></a:fontScheme>'
        f'<a:fmtScheme name="{TITLE}"><a:fillStyleLst>{fill * 3}</a:fillStyleLst><a:lnStyleLst>{line * 3}</a:lnStyleLst>'
        f"<a:effectStyleLst>{effect * 3}</a:effectStyleLst><a:bgFillStyleLst>{fill * 3}</a:bgFillStyleLst></a:fmtScheme>"
        "</a:themeElements></a:theme>"
    ).encode()
