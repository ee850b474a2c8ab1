"""Raw edits of a workbook's package, as a hand or another program leaves them: parts, cells, looks, sheets, drawings."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATION = f'<Relationship Id="{{id}}" Type="{KINDS}/{{kind}}" Target="/{{target}}"/>'
BOOK, STRINGS, STYLES = "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"
XF = re.compile(r"<xf [^>]*?(?:/>|>.*?</xf>)", re.DOTALL)


class Parts:
    """The parts of a workbook as text; sheets answer to their titles."""

    def __init__(self, path: Path) -> None:
        with zipfile.ZipFile(path) as package:
            self.parts = {name: package.read(name) for name in package.namelist()}

    def save(self, path: Path) -> Path:
        """The package, stored quickly."""
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
            for name, data in self.parts.items():
                package.writestr(name, data)
        return path

    def name(self, part: str) -> str:
        """The part of a sheet's title, or the name as it is."""
        if part in self.parts:
            return part
        found = re.search(rf'<sheet [^>]*?name="{re.escape(part)}"[^>]*?r:id="(\w+)"', self.text(BOOK))
        assert found is not None, part
        relations = self.text("xl/_rels/workbook.xml.rels")
        own = next(tag for tag in re.findall(r"<Relationship [^>]*>", relations) if f'Id="{found[1]}"' in tag)
        target = re.search(r'Target="([^"]*)"', own)
        assert target is not None
        return target[1].lstrip("/") if target[1].startswith("/") else "xl/" + target[1]

    def text(self, part: str) -> str:
        """A part as text."""
        return self.parts[self.name(part)].decode("utf-8")

    def put(self, part: str, text: str) -> None:
        """A part with another text."""
        self.parts[self.name(part) if part not in self.parts else part] = text.encode("utf-8")

    def sub(self, part: str, pattern: str, new: str | Callable[[re.Match[str]], str]) -> None:
        """One replacement of a pattern, which must be there."""
        text, count = re.subn(pattern, new, self.text(part), count=1, flags=re.DOTALL)
        assert count == 1, (part, pattern)
        self.put(part, text)

    def cell(self, place: str, inner: str, kind: str = "") -> None:
        """A cell with another content, its style kept; one that is not there is added to its row."""
        sheet, ref = place.split("!")
        text, row = self.text(sheet), re.sub(r"\D", "", ref)
        found = re.search(rf'<c r="{ref}"(?: s="\d+")?(?: t="\w+")?(?:/>|>.*?</c>)', text, re.DOTALL)
        style = re.search(r' s="\d+"', found[0][: found[0].index(">")]) if found else None
        made = f'<c r="{ref}"{style[0] if style else ""}{f" t={chr(34)}{kind}{chr(34)}" if kind else ""}>{inner}</c>'
        if found:
            self.put(sheet, text[: found.start()] + made + text[found.end() :])
            return
        opened = re.search(rf'<row r="{row}"[^>]*?(/?)>', text)
        if opened is None:
            self.sub(sheet, "</sheetData>", lambda m: f'<row r="{row}">{made}</row></sheetData>')
        elif opened[1]:
            self.put(sheet, text[: opened.end() - 2] + f">{made}</row>" + text[opened.end() :])
        else:
            at = text.index("</row>", opened.end())
            self.put(sheet, text[:at] + made + text[at:])

    def texted(self, place: str, text: str) -> None:
        """A cell with a text typed into it."""
        said = text.replace("&", "&amp;").replace("<", "&lt;")
        self.cell(place, f'<is><t xml:space="preserve">{said}</t></is>', "inlineStr")

    def look(self, place: str, **parts: str) -> None:
        """A cell with a style of its own: ``font``, ``fill`` (inner XML), ``format`` (code), ``alignment`` (attributes)."""
        sheet, ref = place.split("!")
        found = re.search(rf'<c r="{ref}"(?: s="(\d+)")?', self.text(sheet))
        assert found is not None, place
        box = re.search(r"<cellXfs[^>]*>(.*?)</cellXfs>", self.text(STYLES), re.DOTALL)
        assert box is not None
        xfs = XF.findall(box[1])
        xf = xfs[int(found[1] or 0)]
        for part, holder in (("font", "fonts"), ("fill", "fills")):
            if part in parts:
                number = self._more(holder, f"<{part}>{parts[part]}</{part}>")
                xf = re.sub(rf'{part}Id="\d+"', f'{part}Id="{number}"', xf)
        if "format" in parts:
            code = parts["format"].replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
            self._format(code)
            xf = re.sub(r'numFmtId="\d+"', 'numFmtId="399"', xf)
        if "alignment" in parts:
            xf = re.sub(r"<alignment[^>]*/>", "", xf).replace("/>", "></xf>") if xf.endswith("/>") else xf
            xf = re.sub(r"<alignment[^>]*/>", "", xf).replace(
                "</xf>", f"<alignment {parts['alignment']}/></xf>"
            )
        self.sub(STYLES, "</cellXfs>", lambda m: f"{xf}</cellXfs>")
        self.sub(sheet, rf'<c r="{ref}"(?: s="\d+")?', f'<c r="{ref}" s="{len(xfs)}"')

    def _format(self, code: str) -> None:
        own = f'<numFmt numFmtId="399" formatCode="{code}"/>'
        if "<numFmts" in self.text(STYLES):
            self.sub(STYLES, "</numFmts>", lambda m: f"{own}</numFmts>")
        else:
            self.sub(STYLES, "<fonts", lambda m: f"<numFmts>{own}</numFmts><fonts")

    def _more(self, holder: str, xml: str) -> int:
        text = self.text(STYLES)
        inside = text[text.index(f"<{holder}") : text.index(f"</{holder}>")]
        self.sub(STYLES, f"</{holder}>", lambda m: f"{xml}</{holder}>")
        return len(re.findall(rf"<{holder[:-1]}[ />]", inside))

    def behind(self, sheet: str, xml: str) -> None:
        """An element behind the cells of a sheet."""
        self.sub(sheet, "(</sheetData>|<sheetData/>)", lambda m: m[1] + xml)

    def tint(
        self, sheet: str, area: str, look: str, rule: str = 'type="expression"', formula: str = "TRUE"
    ) -> None:
        """A conditional format with a look of its own."""
        held = re.search(r"<dxfs[^>]*?(?:/>|>(.*?)</dxfs>)", self.text(STYLES), re.DOTALL)
        assert held is not None
        number = len(re.findall(r"<dxf>", held[1] or ""))
        self.put(STYLES, self.text(STYLES).replace(held[0], f"<dxfs>{held[1] or ''}<dxf>{look}</dxf></dxfs>"))
        body = f"<formula>{formula}</formula>" if "expression" in rule else formula
        self.behind(
            sheet,
            f'<conditionalFormatting sqref="{area}"><cfRule {rule} dxfId="{number}" priority="99">{body}</cfRule>'
            "</conditionalFormatting>",
        )

    def relate(self, sheet: str, kind: str, target: str) -> str:
        """A relation of a sheet to a part; its id."""
        part = self.name(sheet)
        own = part.replace("worksheets/", "worksheets/_rels/") + ".rels"
        text = (
            self.parts.get(own, b"").decode()
            or f'<Relationships xmlns="{KINDS.replace("officeDocument", "package")}"></Relationships>'
        )
        ident = f"rId9{len(self.parts)}"
        new = RELATION.format(id=ident, kind=kind, target=target)
        self.parts[own] = text.replace("</Relationships>", new + "</Relationships>").encode()
        return ident

    def draw(self, sheet: str, kind: str, box: str = "1,1,4,9") -> None:
        """A drawing over cells: the anchor's first column and row, last column and row, from 0."""
        left, top, right, bottom = box.split(",")
        target = f"xl/drawings/drawing9{len(self.parts)}.xml"
        spots = "".join(
            f"<{end}><col>{column}</col><colOff>0</colOff><row>{row}</row><rowOff>0</rowOff></{end}>"
            for end, column, row in (("from", left, top), ("to", right, bottom))
        )
        body = f'<{kind}><nv{kind[0].upper()}{kind[1:]}Pr><cNvPr id="2" name="x"/></nv{kind[0].upper()}{kind[1:]}Pr></{kind}>'
        self.parts[target] = (
            '<wsDr xmlns="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing">'
            f"<twoCellAnchor>{spots}{body}<clientData/></twoCellAnchor></wsDr>"
        ).encode()
        ident = self.relate(sheet, "drawing", target)
        self.behind(sheet, f'<drawing xmlns:r="{KINDS}" r:id="{ident}"/>')

    def sheet(self, name: str, **texts: str) -> None:
        """A sheet at the end with some texts."""
        cells = "".join(
            f'<row r="{ref[1:]}"><c r="{ref}" t="inlineStr"><is><t>{text}</t></is></c></row>'
            for ref, text in texts.items()
        )
        part = f"xl/worksheets/sheet9{len(self.parts)}.xml"
        self.parts[part] = f'<worksheet xmlns="{SPACE}"><sheetData>{cells}</sheetData></worksheet>'.encode()
        new = RELATION.format(id=f"rId9{len(self.parts)}", kind="worksheet", target=part)
        self.sub("xl/_rels/workbook.xml.rels", "</Relationships>", lambda m: new + m[0])
        self.sub(
            BOOK,
            "</sheets>",
            lambda m: f'<sheet name="{name}" sheetId="99" r:id="rId9{len(self.parts)}"/>{m[0]}',
        )


def edited(parts: Parts, edits: list[Any]) -> Parts:
    """The edits of a case: the name of a method of ``Parts`` with what it is given, one after the other."""
    for edit in edits:
        ((method, given),) = edit.items()
        named = given.pop() if isinstance(given[-1], dict) else {}
        getattr(parts, method)(*given, **named)
    return parts
