"""A workbook over a package: its sheets, names and shared strings, and the few changes made to it."""

from __future__ import annotations

from jixiao.office.ooxml import parts, spans
from jixiao.office.ooxml.package import Package, insertion, relations_part
from jixiao.office.ooxml.plain import Plain
from jixiao.office.ooxml.problems import refuse
from jixiao.office.ooxml.reader import STRICT, TRANSITIONAL
from jixiao.office.ooxml.refs import digits
from jixiao.office.ooxml.sheet import Sheet
from jixiao.office.ooxml.spans import Element
from jixiao.office.ooxml.strings import shared_strings

SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_RELATIONS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
STATES = ("visible", "hidden", "veryHidden")


class Book:
    """A workbook in memory. Sheets are parsed when asked for and written back only when changed."""

    def __init__(self, package: Package) -> None:
        self.package = package
        main = [r for r in package.relations("") if r.kind == "officeDocument" and not r.external]
        if len(main) != 1 or package.find(main[0].target) is None:
            refuse("J514", part="workbook.xml")
        self._part = package.find(main[0].target) or ""
        self._sheets: dict[str, Sheet] = {}
        self._plain: dict[str, tuple[bytes, Plain]] = {}
        self._strings: list[str] | None = None
        self._load()

    @classmethod
    def open(cls, data: bytes) -> Book:
        """Read a workbook from its bytes, which ``guard.check_package`` has passed; Refused when damaged."""
        return cls(Package.open(data))

    def _load(self) -> None:
        """Read workbook.xml again after it was changed."""
        self._xml = spans.utf8(self.package.read(self._part), self._part)
        self._found = spans.elements(self._xml, self._part)
        root = self._found[0]
        if root.name != "workbook" or root.space not in (TRANSITIONAL, STRICT):
            refuse("J501", why="内容不是表格")
        self.strict = root.space == STRICT
        if parts.first(self._found, "sheets") is None:
            refuse("J514", part="sheets")
        self._entries: dict[str, Element] = {}
        for entry in parts.children(self._found, "sheets"):
            name = entry.attrs.get("name", "")
            if name.lower() in (known.lower() for known in self._entries):
                refuse("J516", name=name)
            self._entries[name] = entry
        self._relations = {relation.id: relation for relation in self.package.relations(self._part)}
        self.names = self._single_names()

    def _single_names(self) -> dict[str, tuple[str, str]]:
        names: dict[str, tuple[str, str]] = {}
        for element in parts.children(self._found, "definedNames"):
            area = parts.single_area(element.text)
            if area is not None and "localSheetId" not in element.attrs:
                names[element.attrs.get("name", "")] = area
        return names

    @property
    def sheet_names(self) -> list[str]:
        """Names of all sheets in tab order, chart sheets included."""
        return list(self._entries)

    @property
    def date1904(self) -> bool:
        """Whether serial dates count from 1904."""
        element = parts.first(self._found, "workbookPr")
        return element is not None and element.attrs.get("date1904") in ("1", "true")

    def state(self, name: str) -> str:
        """``visible``, ``hidden`` or ``veryHidden``."""
        state = self._entry(name).attrs.get("state", "visible")
        return state if state in STATES else "visible"

    def part(self, name: str) -> str:
        """The part a sheet is stored in; Refused when the workbook has no such sheet."""
        relation = self._relations.get(self._entry(name).attrs.get("r:id", ""))
        part = None if relation is None or relation.external else self.package.find(relation.target)
        if part is None:
            refuse("J514", part=name)
        return part

    def sheet(self, name: str) -> Sheet:
        """The worksheet of that name, parsed once; Refused when missing, damaged or a chart sheet."""
        if name not in self._sheets:
            part = self.part(name)
            data, plain = self._plain.pop(part, None) or (self.package.read(part), None)
            self._sheets[name] = Sheet(data, name, self.strings, plain)
        return self._sheets[name]

    def offer(self, part: str, data: bytes, plain: Plain) -> None:
        """A worksheet part as it stands in the package, read already by the check of the file."""
        self._plain[part] = data, plain

    def strings(self) -> list[str]:
        """The shared strings, read on first need."""
        if self._strings is None:
            part = self._related("sharedStrings")
            self._strings = shared_strings(self.package.read(part), part) if part else []
        return self._strings

    def add_sheet(self, name: str, xml: bytes, *, before: str | None = None) -> None:
        """Add a worksheet part at the end or before a sheet; no other sheet part and no style is touched."""
        if not parts.valid_sheet_name(name):
            refuse("J529", name=name)
        if name.lower() in (known.lower() for known in self._entries):
            refuse("J516", name=name)
        entries = list(self._entries.values())
        at = len(entries) if before is None else list(self._entries).index(self._entry(before).attrs["name"])
        self._retitle(at, name)
        folder = self._part.rpartition("/")[0]
        number = 1
        while self.package.find(f"{folder}/worksheets/sheet{number}.xml".lstrip("/")) is not None:
            number += 1
        part = f"{folder}/worksheets/sheet{number}.xml".lstrip("/")
        if self.strict:
            xml = xml.replace(TRANSITIONAL.encode("ascii"), STRICT.encode("ascii"))
        self.package.add(part, xml, SHEET_TYPE)
        ident = self._relate(part)
        sheet_id = max((digits(e.attrs.get("sheetId")) or 0 for e in entries), default=0)
        entry = parts.sheet_entry(self._xml, self._found, name, sheet_id + 1, ident)
        edits = parts.renumber(self._xml, self._found, lambda old: old + 1 if old >= at else old)
        if at < len(entries):
            edits.append((entries[at].start, entries[at].start, entry))
        else:
            box = parts.first(self._found, "sheets")
            assert box is not None  # _load has refused a workbook without one
            edits.append(insertion(self._xml, box, entry))
        self._write(edits)
        self.drop_calc_chain()

    def replace_sheet(self, name: str, xml: bytes) -> None:
        """Give a worksheet a new part content; its place, its names and references to it stay."""
        part = self.part(name)
        if self.strict:
            xml = xml.replace(TRANSITIONAL.encode("ascii"), STRICT.encode("ascii"))
        self._forget(name, part)
        self.package.replace(part, xml)
        self.drop_calc_chain()

    def remove_sheet(self, name: str) -> None:
        """Remove a sheet that was brought in; names of that sheet alone go too, others keep their text."""
        entry, part = self._entry(name), self.part(name)
        if len(self._entries) == 1:
            refuse("J530", name=name)
        at = list(self._entries).index(name)
        self._retitle(at, None)
        edits = parts.renumber(
            self._xml, self._found, lambda old: None if old == at else old - 1 if old > at else old
        )
        edits.append((entry.start, entry.end, b""))
        self._unrelate(entry.attrs["r:id"])
        self._forget(name, part)
        self.package.remove(part)
        self._write(edits)
        self.drop_calc_chain()

    def set_state(self, name: str, state: str) -> None:
        """Show or hide a sheet; nothing happens when it is so already. Refused for the last visible one."""
        if state not in STATES:
            raise ValueError(f"unknown state {state}")
        if self.state(name) == state:
            return
        others = [other for other in self._entries if other != name and self.state(other) == "visible"]
        if state != "visible" and not others:
            refuse("J530", name=name)
        value = None if state == "visible" else state.encode("ascii")
        self._write([spans.attribute_edit(self._xml, self._entry(name), {b"state": value})])

    def drop_calc_chain(self) -> None:
        """Remove the calculation chain, which Excel rebuilds; nothing happens when there is none."""
        gone = [r for r in self._relations.values() if r.kind == "calcChain"]
        for relation in gone:
            self._unrelate(relation.id)
            if self.package.find(relation.target) is not None:
                self.package.remove(relation.target)
        if gone:
            self._load()

    def force_full_calc(self) -> None:
        """Tell spreadsheet programs to compute every formula when they open the workbook."""
        data = parts.full_calculation(self._xml, self._part)
        if data != self._xml:
            self.package.replace(self._part, data)
            self._load()

    def cell_style(self, named_style: str) -> int | None:
        """Index of the first cell format that uses a named cell style, or None when there is none."""
        part = self._related("styles")
        if part is None:
            return None
        found = spans.elements(spans.utf8(self.package.read(part), part), part)
        styles = [e.attrs for e in parts.children(found, "cellStyles")]
        wanted = [attrs.get("xfId") for attrs in styles if attrs.get("name") == named_style]
        formats = [e for e in parts.children(found, "cellXfs") if e.name == "xf"]
        return next((i for i, e in enumerate(formats) if e.attrs.get("xfId", "0") in wanted), None)

    def to_bytes(self) -> bytes:
        """The workbook as bytes; the very bytes that were opened when nothing was changed."""
        if any(sheet.formulas_changed for sheet in self._sheets.values()):
            self.drop_calc_chain()
        for name, sheet in self._sheets.items():
            if sheet.changed:
                self.package.replace(self.part(name), sheet.to_bytes())
        return self.package.to_bytes()

    def _forget(self, name: str, part: str) -> None:
        self._sheets.pop(name, None)
        self._plain.pop(part, None)

    def _entry(self, name: str) -> Element:
        entry = self._entries.get(name)
        if entry is None:
            refuse("J519", name=name)
        return entry

    def _related(self, kind: str) -> str | None:
        found = next((r for r in self._relations.values() if r.kind == kind and not r.external), None)
        return None if found is None else self.package.find(found.target)

    def _write(self, edits: list[spans.Edit]) -> None:
        self.package.replace(self._part, spans.splice(self._xml, edits))
        self._load()

    def _relate(self, part: str) -> str:
        """A new relationship from the workbook to a sheet part; returns its id."""
        number = len(self._relations) + 1
        while f"rId{number}" in self._relations:
            number += 1
        own = self.package.find(relations_part(self._part))
        assert own is not None  # the sheets of this workbook were found through it
        kind = (_STRICT_RELATIONS if self.strict else _RELATIONS) + "/worksheet"
        data = parts.add_relation(self.package.read(own), own, f"rId{number}", kind, "/" + part)
        self.package.replace(own, data)
        return f"rId{number}"

    def _unrelate(self, ident: str) -> None:
        own = self.package.find(relations_part(self._part))
        assert own is not None  # the relationship came from there
        self.package.replace(own, parts.drop_relations(self.package.read(own), own, [ident]))

    def _retitle(self, at: int, name: str | None) -> None:
        """Keep the courtesy list of titles in step, when the workbook has worksheets only."""
        part = next((r.target for r in self.package.relations("") if r.kind == "extended-properties"), None)
        if part is not None and self.package.find(part) is not None:
            data = self.package.read(part)
            self.package.replace(part, parts.titles(data, part, list(self._entries), at, name))
