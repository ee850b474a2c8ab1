"""A workbook over its package: sheets, names, shared strings and number formats, and the few changes made to it.

Light on purpose: it stands on the path of ``jixiao score``, where importing a spreadsheet library would cost more than
the scoring. A changed cell changes its own bytes; every other part keeps its compressed bytes.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple
from xml.parsers import expat

from jixiao.office import markup
from jixiao.office.grid import STRICT, TRANSITIONAL, TRUE, Grid, is_worksheet, read_grid
from jixiao.office.markup import Edit, Element
from jixiao.office.package import Package, relations_part
from jixiao.office.problems import refuse
from jixiao.office.refs import digits
from jixiao.office.worksheet import Worksheet

if TYPE_CHECKING:
    from jixiao.office.looks import Look, Styles

SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
STATES = ("visible", "hidden", "veryHidden")
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_RELATIONS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_ORDER = ("sheets", "functionGroups", "externalReferences", "definedNames", "calcPr")
_NONE: list[str] = []
_BAD_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_ID_PREFIX = re.compile(rb"\s([^\s=:]+:)id\s*=")
_CELL = r"\$?[A-Za-z]{1,3}\$?\d{1,7}"
_AREA = re.compile(rf"(?:'((?:[^']|'')+)'|([^'!\[\]:,()]+))!({_CELL}(?::{_CELL})?)")


class Name(NamedTuple):
    """A defined name: what it means, and the sheet that it holds for where it does not hold everywhere."""

    name: str
    text: str
    sheet: str


_PASSING = re.compile(rb"<(?:fileVersion|workbookView|xr:revisionPtr|x15ac:absPath)\s[^<>]*/>")
"""What a program notes of its version, its window and the folder."""


class Workbook:
    """A workbook in memory. Sheets are parsed when asked for and written back only when changed."""

    def __init__(self, package: Package) -> None:
        self.package = package
        main = [r for r in package.relations("") if r.kind == "officeDocument" and not r.external]
        if len(main) != 1 or package.find(main[0].target) is None:
            refuse("J514", part="workbook.xml")
        self._part = package.find(main[0].target) or ""
        self._sheets: dict[str, Worksheet] = {}
        self._strings: Callable[[], list[str]] | None = None
        self._load()

    def _load(self) -> None:
        """Read workbook.xml again after it was changed."""
        self._xml = markup.utf8(self.package.read(self._part), self._part)
        self._found = markup.elements(self._xml, self._part)
        root = self._found[0]
        if root.name != "workbook" or root.space not in (TRANSITIONAL, STRICT):
            refuse("J501", why="内容不是表格")
        self.strict = root.space == STRICT
        if markup.first(self._found, "sheets") is None:
            refuse("J514", part="sheets")
        self._entries: dict[str, Element] = {}
        for entry in markup.children(self._found, "sheets"):
            name = entry.attrs.get("name", "")
            if name.lower() in (known.lower() for known in self._entries):
                refuse("J516", name=name)
            self._entries[name] = entry
        self._relations = {relation.id: relation for relation in self.package.relations(self._part)}
        self.names, self.all_names = _names(self._xml, self._part)

    @property
    def sheet_names(self) -> list[str]:
        """Names of all sheets in tab order, chart sheets included."""
        return list(self._entries)

    def has(self, name: str) -> bool:
        """Whether there is a sheet of that name."""
        return name in self._entries

    @property
    def date1904(self) -> bool:
        """Whether serial dates count from 1904."""
        element = markup.first(self._found, "workbookPr")
        return element is not None and element.attrs.get("date1904") in TRUE

    @property
    def calculation(self) -> dict[str, str]:
        """How the workbook says that it is calculated: the attributes of ``calcPr``."""
        element = markup.first(self._found, "calcPr")
        return element.attrs if element is not None else {}

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

    def sheet(self, name: str) -> Worksheet:
        """The worksheet of that name, parsed once; Refused when missing, damaged or a chart sheet."""
        if name not in self._sheets:
            self._sheets[name] = Worksheet(self.package.read(self.part(name)), name, self.strings)
        return self._sheets[name]

    def grid(self, name: str) -> Grid:
        """What a worksheet of the file holds; cells that only have a format may be left out."""
        if name in self._sheets:
            return self._sheets[name].grid()
        return read_grid(markup.utf8(self.package.read(self.part(name)), name), name, lean=True)

    @property
    def worksheets(self) -> list[str]:
        """Names of the sheets that have cells, in tab order."""
        heads = {name: next(iter(self.package.pieces(self.part(name))), b"") for name in self._entries}
        return [name for name, head in heads.items() if is_worksheet(head)]

    def around(self) -> dict[str, bytes]:
        """All parts but its worksheets and its properties, without what a program notes in passing when it saves."""
        own = {self.part(name) for name in self.worksheets}
        parts = [part for part in self.package.names if part not in own and not part.startswith("docProps/")]
        read = {part: self.package.read(part) for part in parts}
        return read | {self._part: _PASSING.sub(b"", read[self._part])}

    @property
    def has_macros(self) -> bool:
        """Whether the package carries a VBA project (which is never run)."""
        return any(name.lower().endswith("vbaproject.bin") for name in self.package.names)

    def release(self, name: str) -> None:
        """Let go of a sheet that was read and not changed; it is read again when asked for."""
        self._sheets.pop(name, None)

    @property
    def strings(self) -> Callable[[], list[str]]:
        """Gives the shared strings, read on first need; it does not hold on to the workbook, nor a sheet by it."""
        if self._strings is None:
            package, part = self.package, self._related("sharedStrings")
            self._strings = functools.cache(
                lambda: _shared_strings(package.read(part), part) if part else _NONE
            )
        return self._strings

    def add_sheet(self, name: str, xml: bytes, *, before: str | None = None) -> None:
        """Add a worksheet part at the end or before a sheet; no other sheet part and no style is touched."""
        if not _valid_sheet_name(name):
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
        entry = _sheet_entry(self._xml, self._found, name, sheet_id + 1, ident)
        edits = _renumber(self._xml, self._found, lambda old: old + 1 if old >= at else old)
        if at < len(entries):
            edits.append((entries[at].start, entries[at].start, entry))
        else:
            box = markup.first(self._found, "sheets")
            assert box is not None  # _load has refused a workbook without one
            edits.append(markup.insertion(self._xml, box, entry))
        self._write(edits)
        self.drop_calc_chain()

    def replace_sheet(self, name: str, xml: bytes) -> None:
        """Give a worksheet a new part content; its place, its names and references to it stay."""
        part = self.part(name)
        if self.strict:
            xml = xml.replace(TRANSITIONAL.encode("ascii"), STRICT.encode("ascii"))
        self.release(name)
        self.package.replace(part, xml)
        self.drop_calc_chain()

    def remove_sheet(self, name: str) -> None:
        """Remove a sheet that was brought in; names of that sheet alone go too, others keep their text."""
        entry, part = self._entry(name), self.part(name)
        if len(self._entries) == 1:
            refuse("J530", name=name)
        at = list(self._entries).index(name)
        self._retitle(at, None)
        edits = _renumber(
            self._xml, self._found, lambda old: None if old == at else old - 1 if old > at else old
        )
        edits.append((entry.start, entry.end, b""))
        self._edit_relations(drop=entry.attrs["r:id"])
        self.release(name)
        self.package.remove(part)
        self._write(edits)
        self.drop_calc_chain()

    def print_area(self, name: str, areas: str) -> None:
        """Print other areas of a sheet, ``'表'!$A$1:$B$9,…``; nothing happens where the sheet has no print area."""
        at = str(self.sheet_names.index(name))
        for element in markup.children(self._found, "definedNames"):
            own = element.attrs.get("name") == "_xlnm.Print_Area" and element.attrs.get("localSheetId") == at
            if own and element.text != areas:
                self._write([(element.open_end, element.close, markup.markup(areas))])

    def drop_calc_chain(self) -> None:
        """Remove the calculation chain, which Excel rebuilds; nothing happens when there is none."""
        gone = [r for r in self._relations.values() if r.kind == "calcChain"]
        for relation in gone:
            self._edit_relations(drop=relation.id)
            if self.package.find(relation.target) is not None:
                self.package.remove(relation.target)
        if gone:
            self._load()

    def force_full_calc(self) -> None:
        """Tell spreadsheet programs to compute every formula when they open the workbook."""
        data = _full_calculation(self._xml, self._part)
        if data != self._xml:
            self.package.replace(self._part, data)
            self._load()

    def formats(self) -> list[str]:
        """The number format of every cell format, by its index; an empty text for the general one."""
        return [look.format for look in self.styles().cells]

    def styles(self) -> Styles:
        """How cells look, by the number of their style."""
        from jixiao.office.looks import styles_of  # not loaded to score

        parts = (self._related(kind) for kind in ("styles", "theme"))
        styles, theme = (self.package.read(part) if part is not None else b"" for part in parts)
        return styles_of(styles or b"<styleSheet/>", theme)

    def rich_texts(self) -> dict[str, list[Look]]:
        """The looks of the pieces of those shared texts that are made of some, by the number of the text."""
        from jixiao.office.looks import rich_texts  # likewise

        part = self._related("sharedStrings")
        return rich_texts(self.package.read(part), self.styles()) if part is not None else {}

    def to_bytes(self) -> bytes:
        """The workbook as bytes; the very bytes that were opened when nothing was changed."""
        if any(sheet.formulas_changed for sheet in self._sheets.values()):
            self.drop_calc_chain()
        for name, sheet in self._sheets.items():
            if sheet.changed:
                self.package.replace(self.part(name), sheet.to_bytes())
        return self.package.to_bytes()

    def _entry(self, name: str) -> Element:
        entry = self._entries.get(name)
        if entry is None:
            refuse("J519", name=name)
        return entry

    def _related(self, kind: str) -> str | None:
        found = next((r for r in self._relations.values() if r.kind == kind and not r.external), None)
        return None if found is None else self.package.find(found.target)

    def _write(self, edits: list[Edit]) -> None:
        self.package.replace(self._part, markup.splice(self._xml, edits))
        self._load()

    def _relate(self, part: str) -> str:
        """A new relationship from the workbook to a sheet part; returns its id."""
        number = len(self._relations) + 1
        while f"rId{number}" in self._relations:
            number += 1
        kind = (_STRICT_RELATIONS if self.strict else _RELATIONS) + "/worksheet"
        self._edit_relations(add=(f"rId{number}", kind, "/" + part))
        return f"rId{number}"

    def _edit_relations(self, *, drop: str = "", add: tuple[str, str, str] | None = None) -> None:
        """The workbook's own relationships without the entry of an id, or with one more (id, kind, target)."""
        own = self.package.find(relations_part(self._part))
        assert own is not None  # the sheets of this workbook were found through it
        data = self.package.read(own)
        found = markup.elements(data, own)
        edits = [(e.start, e.end, b"") for e in found if drop and e.attrs.get("Id") == drop]
        if add is not None:
            words = (markup.prefix(data, found[0]), *map(markup.attribute, add))
            entry = b'<%sRelationship Id="%s" Type="%s" Target="%s"/>' % words
            edits.append(markup.insertion(data, found[0], entry))
        self.package.replace(own, markup.splice(data, edits))

    def _retitle(self, at: int, name: str | None) -> None:
        """Keep the courtesy list of titles in step, when the workbook has worksheets only."""
        part = next((r.target for r in self.package.relations("") if r.kind == "extended-properties"), None)
        if part is not None and self.package.find(part) is not None:
            data = self.package.read(part)
            self.package.replace(part, _titles(data, part, list(self._entries), at, name))


@markup.remembered(16, 500_000)
def _names(data: bytes, part: str) -> tuple[dict[str, tuple[str, str]], list[Name]]:
    """The one cell that each name of the whole workbook means, and all names."""
    found = markup.elements(data, part)
    sheets = [element.attrs.get("name", "") for element in markup.children(found, "sheets")]
    meant: dict[str, tuple[str, str]] = {}
    names: list[Name] = []
    for element in markup.children(found, "definedNames"):
        area, name = single_area(element.text), element.attrs.get("name", "")
        at, own = element.attrs.get("localSheetId"), ""
        if at is not None:
            own = [*sheets, ""][min(digits(at) or 0, len(sheets))]
        elif area is not None:
            meant[name] = area
        names.append(Name(name, element.text, own))
    return meant, names


@markup.remembered(4, 2_000_000)
def _shared_strings(data: bytes, part: str) -> list[str]:
    """All shared strings in order, rich text joined, phonetic guides left out; Refused when not well-formed."""
    data = markup.utf8(data, part)
    found: list[str] = []
    pieces: list[str] = []
    phonetic = 0
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True

    def on_start(name: str, _: dict[str, str]) -> None:
        nonlocal phonetic
        local = name.rpartition(":")[2]
        if local == "t":
            if not phonetic:
                parser.CharacterDataHandler = pieces.append
        elif local == "rPh":
            phonetic += 1

    def on_end(name: str) -> None:
        nonlocal phonetic
        local = name.rpartition(":")[2]
        if local == "t":
            parser.CharacterDataHandler = None
        elif local == "si":
            found.append(markup.unescape("".join(pieces)))
            pieces.clear()
        elif local == "rPh":
            phonetic -= 1

    parser.StartElementHandler, parser.EndElementHandler = on_start, on_end
    markup.run(parser, data, part)
    return found


def _valid_sheet_name(name: str) -> bool:
    r"""Whether Excel accepts a sheet name: 1 to 31 UTF-16 units, no ``[]:*?/\``, no outer apostrophe."""
    length = len(name.encode("utf-16-le", "surrogatepass")) // 2
    edges = name[:1] == "'" or name[-1:] == "'"
    return 0 < length <= 31 and not edges and _BAD_NAME.search(name) is None and markup.clean(name) == name


def single_area(text: str) -> tuple[str, str] | None:
    """(sheet, area) of a defined name that is one cell or one range of this workbook, else None."""
    match = _AREA.fullmatch(text.strip())
    if match is None:
        return None
    quoted = match[1]
    if quoted is not None:
        return (quoted.replace("''", "'"), match[3]) if "[" not in quoted else None
    return match[2], match[3]


def _renumber(data: bytes, found: list[Element], move: Callable[[int], int | None]) -> list[Edit]:
    """Edits that carry sheet positions (active tab, names of one sheet) over to a changed list of sheets.

    ``move`` gives the new position of an old one, or None when that sheet is gone: its own names go with it.
    """
    edits: list[Edit] = []
    for element in found:
        old = digits(element.attrs.get("localSheetId"))
        if element.name == "definedName" and old is not None:
            new = move(old)
            if new is None:
                edits.append((element.start, element.end, b""))
            elif new != old:
                edits.append(markup.attribute_edit(data, element, {b"localSheetId": b"%d" % new}))
        elif element.name == "workbookView":
            changes: dict[bytes, bytes | None] = {}
            for key in ("activeTab", "firstSheet"):
                old = digits(element.attrs.get(key))
                if old is not None:
                    new = move(old)
                    if new != old:
                        changes[key.encode("ascii")] = b"%d" % (new or 0)
            if changes:
                edits.append(markup.attribute_edit(data, element, changes))
    return _whole_names(found, edits)


def _whole_names(found: list[Element], edits: list[Edit]) -> list[Edit]:
    """An empty ``<definedNames>`` is not allowed: when every name goes, the list goes."""
    box = markup.first(found, "definedNames")
    if box is None:
        return edits
    names = markup.children(found, "definedNames")
    gone = [edit for edit in edits if edit[2] == b"" and box.start < edit[0] < box.end]
    if not names or len(gone) < len(names):
        return edits
    return [edit for edit in edits if not box.start <= edit[0] < box.end] + [(box.start, box.end, b"")]


def _sheet_entry(data: bytes, found: list[Element], name: str, sheet_id: int, rel_id: str) -> bytes:
    """The ``<sheet>`` element of workbook.xml, with the prefixes that file uses."""
    sheets = markup.children(found, "sheets")
    box = markup.first(found, "sheets")
    assert box is not None  # a workbook without a list of sheets is refused when opened
    head = markup.prefix(data, box)
    match = _ID_PREFIX.search(data, sheets[0].start, sheets[0].open_end) if sheets else None
    mark = match[1] if match is not None else b"r:"
    words = (head, markup.attribute(name), sheet_id, mark, markup.attribute(rel_id))
    return b'<%ssheet name="%s" sheetId="%d" %sid="%s"/>' % words


def _full_calculation(data: bytes, part: str) -> bytes:
    """workbook.xml told to recompute everything when it is opened; unchanged when it says so already."""
    found = markup.elements(data, part)
    calc = markup.first(found, "calcPr")
    if calc is not None:
        if calc.attrs.get("fullCalcOnLoad") in TRUE:
            return data
        return markup.splice(data, [markup.attribute_edit(data, calc, {b"fullCalcOnLoad": b"1"})])
    before = [e for e in found if e.parent == 0 and e.name in _ORDER]
    at = before[-1].end
    return markup.splice(data, [(at, at, b'<%scalcPr fullCalcOnLoad="1"/>' % markup.prefix(data, found[0]))])


def _titles(data: bytes, part: str, old: list[str], position: int, name: str | None) -> bytes:
    """docProps/app.xml with a sheet title added at ``position`` of the worksheets, or (name None) taken away.

    Only where the file's own list begins with ``old``; otherwise it is left alone: the list is a courtesy.
    """
    found = markup.elements(data, part)
    counts = [e for e in found if e.name in ("i4", "int") and _inside(found, e, "HeadingPairs")]
    names = [e for e in found if e.name == "lpstr" and _inside(found, e, "TitlesOfParts")]
    box = next((e for e in found if e.name == "vector" and _inside(found, e, "TitlesOfParts")), None)
    known = [e.text for e in names[: len(old)]] == old
    if not counts or box is None or not known or counts[0].text != str(len(old)):
        return data
    if sum(digits(e.text) or 0 for e in counts) != len(names):
        return data
    step = -1 if name is None else 1
    edits = [
        (counts[0].open_end, counts[0].close, b"%d" % (len(old) + step)),
        markup.attribute_edit(data, box, {b"size": b"%d" % (len(names) + step)}),
    ]
    if name is None:
        edits.append((names[position].start, names[position].end, b""))
    else:
        head = markup.prefix(data, box)
        entry = b"<%slpstr>%s</%slpstr>" % (head, markup.markup(name), head)
        place = names[position].start if position < len(names) else None
        edits.append((place, place, entry) if place is not None else markup.insertion(data, box, entry))
    return markup.splice(data, edits)


def _inside(found: list[Element], element: Element, name: str) -> bool:
    at = element.parent
    while at >= 0:
        if found[at].name == name:
            return True
        at = found[at].parent
    return False
