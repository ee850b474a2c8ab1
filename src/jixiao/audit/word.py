"""A .docx as pieces: the paragraphs and tables of its document part, in their order. Nothing else of it is read."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, TreeBuilder

from jixiao.audit.document import Piece
from jixiao.model import LimitReached, Refused, Source
from jixiao.office.ooxml.package import Package

MAX_PART = 60_000_000  # bytes of the document part, inflated
MAX_NODES = 2_000_000
MAX_NESTED = 20  # tables inside cells of tables
_HEADING = re.compile(r"(?:heading|标题)?\s?([123])", re.IGNORECASE)
_SPACE = re.compile(
    r"^\{(?:http://schemas\.openxmlformats\.org/wordprocessingml/2006/main|http://purl\.oclc\.org/ooxml/wordprocessingml/main)\}"
)


def pieces_of(data: bytes, file: str) -> list[Piece]:
    """Paragraphs and table rows. Refused: no Word document, damaged, hostile; LimitReached: too large."""
    package = Package.open(data)
    part = next((r.target for r in package.relations("") if r.kind == "officeDocument"), "")
    if not part.lower().endswith("document.xml") or package.find(part) is None:
        raise Refused("J750", Source(file), file=file, why="不是 Word 文档（.docx）")
    if package.size(part) > MAX_PART:
        raise LimitReached("J751", Source(file), file=file, most=f"{MAX_PART // 1_000_000} MB")
    root = _parsed(package.read(part), file)
    body = next((child for child in root if _name(child) == "body"), None)
    if body is None:
        raise Refused("J750", Source(file), file=file, why="Word 文件没有正文")
    return _Reader().read(body)


def _parsed(data: bytes, file: str) -> Element:
    """The tree of a part, without document types and with a limit of elements: no entity attack gets through."""
    from xml.parsers import expat

    builder = TreeBuilder()
    parser = expat.ParserCreate(namespace_separator="}")
    count = nested = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal count, nested
        count += 1
        nested += name.endswith("}tbl")
        if nested > MAX_NESTED:
            raise LimitReached("J751", Source(file), file=file, most=f"{MAX_NESTED}层嵌套的表格")
        if count > MAX_NODES:
            raise LimitReached("J751", Source(file), file=file, most=f"{MAX_NODES}个元素")
        builder.start(_full(name), {_full(key): value for key, value in attributes.items()})

    def end(name: str) -> None:
        nonlocal nested
        nested -= name.endswith("}tbl")
        builder.end(_full(name))

    def doctype(*_: object) -> None:
        raise Refused("J750", Source(file), file=file, why="含有不允许的文档类型声明")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(data, True)
        return builder.close()
    except (expat.ExpatError, AssertionError) as error:
        raise Refused("J750", Source(file), file=file, why="Word 文件已损坏") from error


def _full(name: str) -> str:
    return "{" + name if "}" in name else name


def _name(element: Element) -> str:
    """The local name of an element of Word, empty for any other."""
    return _SPACE.sub("", element.tag) if _SPACE.match(element.tag) else ""


class _Reader:
    """Walks the body with a list of its own: nesting is bounded by memory, not by the interpreter's stack."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self.tables = 0

    def read(self, body: Element) -> list[Piece]:
        waiting = list(reversed(body))
        while waiting:
            node = waiting.pop()
            name = _name(node)
            if name == "p":
                self.pieces.append(Piece((_text(node),), level=_level(node)))
            elif name == "tbl":
                self.tables += 1
                self._table(node, self.tables)
            elif name in ("sdt", "sdtContent", "ins", "smartTag", "customXml"):
                waiting.extend(reversed(node))
        return self.pieces

    def _table(self, table: Element, number: int) -> None:
        for row in table.iter():
            if _name(row) == "tr":
                cells = _below(row, "tc")
                self.pieces.append(Piece(tuple(_text(cell) for cell in cells), number))


def _level(paragraph: Element) -> int:
    """1 to 3 for a paragraph in one of the heading styles, 0 for any other."""
    for node in paragraph.iter():
        if _name(node) == "pStyle":
            style = next((value for key, value in node.attrib.items() if key.endswith("}val")), "")
            found = _HEADING.fullmatch(style)
            return int(found[1]) if found else 0
    return 0


def _below(row: Element, wanted: str) -> list[Element]:
    """The cells of a row, those inside content controls too, those of tables inside a cell not."""
    found, waiting = [], list(reversed(row))
    while waiting:
        node = waiting.pop()
        name = _name(node)
        if name == wanted:
            found.append(node)
        elif name in ("sdt", "sdtContent"):
            waiting.extend(reversed(node))
    return found


def _text(element: Element) -> str:
    """The words of a paragraph or cell: insertions included, deletions and field codes not."""
    pieces: list[str] = []
    for node in element.iter():
        name = _name(node)
        if name == "t":
            pieces.append(node.text or "")
        elif name in ("br", "cr") or (name == "p" and pieces):
            pieces.append("\n")
        elif name == "tab":
            pieces.append("\t")
    return "".join(pieces)
