"""Edits of the parts that list sheets: workbook.xml, its relationships, the titles in docProps/app.xml."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from jixiao.office.ooxml import spans
from jixiao.office.ooxml.package import append_child, insertion
from jixiao.office.ooxml.refs import digits
from jixiao.office.ooxml.spans import Edit, Element
from jixiao.office.ooxml.text import attribute, clean, markup

WORKBOOK_ORDER = ("sheets", "functionGroups", "externalReferences", "definedNames", "calcPr")
_BAD_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_ID_PREFIX = re.compile(rb"\s([^\s=:]+:)id\s*=")
_CELL = r"\$?[A-Za-z]{1,3}\$?\d{1,7}"
_AREA = re.compile(rf"(?:'((?:[^']|'')+)'|([^'!\[\]:,()]+))!({_CELL}(?::{_CELL})?)")


def valid_sheet_name(name: str) -> bool:
    r"""Whether Excel accepts a sheet name: 1 to 31 UTF-16 units, no ``[]:*?/\``, no outer apostrophe."""
    length = len(name.encode("utf-16-le", "surrogatepass")) // 2
    edges = name[:1] == "'" or name[-1:] == "'"
    return 0 < length <= 31 and not edges and _BAD_NAME.search(name) is None and clean(name) == name


def single_area(text: str) -> tuple[str, str] | None:
    """(sheet, area) of a defined name that is one cell or one range of this workbook, else None."""
    match = _AREA.fullmatch(text.strip())
    if match is None:
        return None
    quoted = match[1]
    if quoted is not None:
        return (quoted.replace("''", "'"), match[3]) if "[" not in quoted else None
    return match[2], match[3]


def children(found: list[Element], parent: str) -> list[Element]:
    """The direct children of the first element of that name."""
    index = next((i for i, element in enumerate(found) if element.name == parent), -2)
    return [element for element in found if element.parent == index]


def first(found: Iterable[Element], name: str) -> Element | None:
    """The first element of that name, or None."""
    return next((element for element in found if element.name == name), None)


def renumber(data: bytes, found: list[Element], move: Callable[[int], int | None]) -> list[Edit]:
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
                edits.append(spans.attribute_edit(data, element, {b"localSheetId": b"%d" % new}))
        elif element.name == "workbookView":
            changes: dict[bytes, bytes | None] = {}
            for key in ("activeTab", "firstSheet"):
                old = digits(element.attrs.get(key))
                if old is not None:
                    new = move(old)
                    if new != old:
                        changes[key.encode("ascii")] = b"%d" % (new or 0)
            if changes:
                edits.append(spans.attribute_edit(data, element, changes))
    return _whole_names(found, edits)


def _whole_names(found: list[Element], edits: list[Edit]) -> list[Edit]:
    """An empty ``<definedNames>`` is not allowed: when every name goes, the list goes."""
    box = first(found, "definedNames")
    if box is None:
        return edits
    names = children(found, "definedNames")
    gone = [edit for edit in edits if edit[2] == b"" and box.start < edit[0] < box.end]
    if not names or len(gone) < len(names):
        return edits
    return [edit for edit in edits if not box.start <= edit[0] < box.end] + [(box.start, box.end, b"")]


def sheet_entry(data: bytes, found: list[Element], name: str, sheet_id: int, rel_id: str) -> bytes:
    """The ``<sheet>`` element of workbook.xml, with the prefixes that file uses."""
    sheets = children(found, "sheets")
    box = first(found, "sheets")
    assert box is not None  # a workbook without a list of sheets is refused when opened
    head = spans.prefix(data, box)
    match = _ID_PREFIX.search(data, sheets[0].start, sheets[0].open_end) if sheets else None
    mark = match[1] if match is not None else b"r:"
    words = (head, attribute(name), sheet_id, mark, attribute(rel_id))
    return b'<%ssheet name="%s" sheetId="%d" %sid="%s"/>' % words


def add_relation(data: bytes, part: str, ident: str, kind: str, target: str) -> bytes:
    """A relationships part with one more entry."""
    root = spans.elements(data, part)[0]
    head = spans.prefix(data, root)
    words = (head, attribute(ident), attribute(kind), attribute(target))
    return append_child(data, root, b'<%sRelationship Id="%s" Type="%s" Target="%s"/>' % words)


def drop_relations(data: bytes, part: str, idents: Iterable[str]) -> bytes:
    """A relationships part without the entries of these ids."""
    gone = set(idents)
    found = spans.elements(data, part)
    return spans.splice(data, [(e.start, e.end, b"") for e in found if e.attrs.get("Id") in gone])


def full_calculation(data: bytes, part: str) -> bytes:
    """workbook.xml told to recompute everything when it is opened; unchanged when it says so already."""
    found = spans.elements(data, part)
    calc = first(found, "calcPr")
    if calc is not None:
        if calc.attrs.get("fullCalcOnLoad") in ("1", "true"):
            return data
        return spans.splice(data, [spans.attribute_edit(data, calc, {b"fullCalcOnLoad": b"1"})])
    before = [e for e in found if e.parent == 0 and e.name in WORKBOOK_ORDER]
    at = before[-1].end
    return spans.splice(data, [(at, at, b'<%scalcPr fullCalcOnLoad="1"/>' % spans.prefix(data, found[0]))])


def titles(data: bytes, part: str, old: list[str], position: int, name: str | None) -> bytes:
    """docProps/app.xml with a sheet title added at ``position`` of the worksheets, or (name None) taken away.

    Only where the file's own list begins with ``old``; otherwise it is left alone: the list is a courtesy.
    """
    found = spans.elements(data, part)
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
        spans.attribute_edit(data, box, {b"size": b"%d" % (len(names) + step)}),
    ]
    if name is None:
        edits.append((names[position].start, names[position].end, b""))
    else:
        head = spans.prefix(data, box)
        entry = b"<%slpstr>%s</%slpstr>" % (head, markup(name), head)
        place = names[position].start if position < len(names) else None
        edits.append((place, place, entry) if place is not None else insertion(data, box, entry))
    return spans.splice(data, edits)


def _inside(found: list[Element], element: Element, name: str) -> bool:
    at = element.parent
    while at >= 0:
        if found[at].name == name:
            return True
        at = found[at].parent
    return False
