"""Written documents -> text in its order: paragraphs and tables of a .docx, pages of a .pdf, the words of a .txt.

The only reader of Word files; ``pdfpages`` reads the pages of a PDF. Nothing of a file is run; sizes, nesting and time are
bounded. What stops the reading is ``NotRead`` or ``TooMuch``: the caller knows what it was for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple
from xml.parsers import expat

from jixiao.office.book import DOUBT, MAX_BOOK_CELLS, Book, Sheet
from jixiao.office.converting import DOCX, NoOffice, NotConverted, converted
from jixiao.office.guard import sniff
from jixiao.office.package import Package
from jixiao.office.pdfpages import leaves, picture_of, why_unread
from jixiao.office.problems import NotRead, TooMuch
from jixiao.office.refs import MAX_COLUMN, MAX_ROW
from jixiao.office.ruling import Table

if TYPE_CHECKING:  # what reads documents is not loaded to score
    from xml.etree.ElementTree import Element


MAX_PART = 60_000_000  # bytes of the document part of a .docx, inflated
MAX_NODES = 2_000_000
MAX_NESTED = 20  # tables inside cells of tables
_SPACES = (
    "{http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "{http://purl.oclc.org/ooxml/wordprocessingml/main",
)
__all__ = [
    "NotRead", "Paragraph", "TooMuch", "WordCell", "WordRow", "WordTable", "decoded", "lines_of", "picture_of",
    "read", "read_word",
]  # fmt: skip
_BREAKS = {"br": "\n", "cr": "\n", "tab": "\t"}


class Paragraph(NamedTuple):
    """A paragraph: insertions included, deletions and field codes not. ``listed``: Word prints a number before it."""

    text: str
    style: str = ""
    listed: bool = False


class WordCell(NamedTuple):
    """A cell of a table row over ``columns`` columns; ``goes_on`` where it is the lower part of a merged cell."""

    text: str
    paragraphs: list[Paragraph]
    columns: int = 1
    goes_on: bool = False


class WordRow(NamedTuple):
    """A row of a table, ``skipped`` columns from its left edge; ``nested`` where its table stands inside a cell."""

    cells: list[WordCell]
    skipped: int = 0
    nested: bool = False


@dataclass(frozen=True, slots=True)
class WordTable:
    """A table with its rows in their order, those of tables inside its cells among them."""

    rows: list[WordRow] = field(default_factory=list)


def read_word(data: bytes) -> list[Paragraph | WordTable]:
    """The body of a .docx, or of a .doc or .wps by way of one; NotRead, TooMuch, or Refused where the package is damaged."""
    package = Package(_modern(data) if sniff(data) == "doc" else data)
    part = next((r.target for r in package.relations("") if r.kind == "officeDocument"), "")
    if not part.lower().endswith("document.xml") or package.find(part) is None:
        raise NotRead("不是 Word 文档（.docx）")
    if package.size(part) > MAX_PART:
        raise TooMuch(f"{MAX_PART // 1_000_000} MB")
    body = next((child for child in _parsed(package.read(part)) if _name(child) == "body"), None)
    if body is None:
        raise NotRead("Word 文件没有正文")
    made: list[Paragraph | WordTable] = []
    for node in _through(body, ("sdt", "sdtContent", "ins", "smartTag", "customXml")):
        if _name(node) == "p":
            made.append(_paragraph(node))
        elif _name(node) == "tbl":
            made.append(WordTable(list(_rows(node))))
    return made


def _modern(data: bytes) -> bytes:
    """A Word document of the old format as .docx."""
    try:
        return converted(data, "doc", DOCX)
    except NoOffice as error:
        raise NotRead("这是旧格式的 Word 文件，本机没有 LibreOffice 可以转换；请另存为 .docx") from error
    except NotConverted as error:
        raise NotRead(f"旧格式的 Word 文件转换不成（{error}）；请另存为 .docx") from error


def read(data: bytes, file: str, sha256: str) -> Book:
    """The tables of a .docx one below another on one sheet, each paragraph between them a row of its own; as ``read_word``."""
    sheet, row = Sheet(file, sha256, PurePath(file).stem[:31]), 0
    areas: list[list[int]] = []
    for block in read_word(data):
        lines = block.rows if isinstance(block, WordTable) else [WordRow([WordCell(block.text, [])])]
        above: dict[int, list[int]] = {}
        for line in lines:
            row, column, own = row + 1, line.skipped + 1, dict[int, list[int]]()
            for cell in line.cells:
                last = column + cell.columns - 1
                if last > MAX_COLUMN or row > MAX_ROW or len(sheet.cells) > MAX_BOOK_CELLS:
                    raise TooMuch(f"{MAX_BOOK_CELLS}个单元格")
                area = above.get(column) if cell.goes_on else None
                if area is None:
                    area = [row, column, row, last]
                    areas.append(area)
                    if cell.text.strip():
                        sheet.put(row, column, cell.text.strip())
                area[2], own[column] = row, area
                column = last + 1
            above = own
    sheet.spans = [
        (top, left, bottom, right) for top, left, bottom, right in areas if (top, left) != (bottom, right)
    ]
    return Book(file, [sheet], typed=False)


def _parsed(data: bytes) -> Element:
    """The tree of a part, without document types and with a limit of elements: no entity attack gets through."""
    from xml.etree.ElementTree import TreeBuilder

    builder = TreeBuilder()
    parser = expat.ParserCreate(namespace_separator="}")
    count = nested = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal count, nested
        count += 1
        nested += name.endswith("}tbl")
        if nested > MAX_NESTED:
            raise TooMuch(f"{MAX_NESTED}层嵌套的表格")
        if count > MAX_NODES:
            raise TooMuch(f"{MAX_NODES}个元素")
        # of an attribute only its local name is asked for
        builder.start("{" + name, {key.rpartition("}")[2]: value for key, value in attributes.items()})

    def end(name: str) -> None:
        nonlocal nested
        nested -= name.endswith("}tbl")
        builder.end("{" + name)

    def doctype(*_: object) -> None:
        raise NotRead("含有不允许的文档类型声明")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = builder.data, doctype
    try:
        parser.Parse(data, True)
        return builder.close()
    except (expat.ExpatError, AssertionError) as error:
        raise NotRead("Word 文件已损坏") from error


def _name(element: Element) -> str:
    """The local name of an element of Word, empty for any other."""
    space, _, local = element.tag.rpartition("}")
    return local if space in _SPACES else ""


def _through(parent: Element, wrappers: tuple[str, ...]) -> Iterator[Element]:
    """The children of an element, those inside wrappers in their place; with a list of its own, not the interpreter's stack."""
    waiting = list(reversed(parent))
    while waiting:
        node = waiting.pop()
        if _name(node) in wrappers:
            waiting.extend(reversed(node))
        else:
            yield node


def _rows(table: Element) -> Iterator[WordRow]:
    own = {id(row) for row in table if _name(row) == "tr"}
    for row in table.iter():
        if _name(row) == "tr":
            cells = [_cell(cell) for cell in _through(row, ("sdt", "sdtContent")) if _name(cell) == "tc"]
            yield WordRow(cells, _whole(_property(row, "gridBefore"), 0), id(row) not in own)


def _cell(cell: Element) -> WordCell:
    merge = _property(cell, "vMerge")
    return WordCell(
        _text(cell),
        [_paragraph(node) for node in cell.iter() if _name(node) == "p"],
        max(1, _whole(_property(cell, "gridSpan"), 1)),
        merge is not None and merge.get("val") != "restart",
    )


def _paragraph(element: Element) -> Paragraph:
    style = next((node for node in element.iter() if _name(node) == "pStyle"), None)
    listed = _property(element, "numPr") is not None
    return Paragraph(_text(element), "" if style is None else style.get("val", ""), listed)


def _property(element: Element, name: str) -> Element | None:
    """A property of a row, cell or paragraph by its name, or None."""
    own = next((child for child in element if _name(child) in ("trPr", "tcPr", "pPr")), ())
    return next((child for child in own if _name(child) == name), None)


def _whole(element: Element | None, default: int) -> int:
    text = "" if element is None else element.get("val", "")
    return int(text) if text.isdecimal() and len(text) < 6 else default


def _text(element: Element) -> str:
    """The words of a paragraph or cell, its paragraphs on lines of their own."""
    pieces: list[str] = []
    for node in element.iter():
        name = _name(node)
        if name == "t":
            pieces.append(node.text or "")
        elif name in _BREAKS or (name == "p" and pieces):
            pieces.append(_BREAKS.get(name, "\n"))
    return "".join(pieces)


def lines_of(data: bytes) -> Iterator[list[str]]:
    """The lines of each page, the cells of a table's row parted by tabs; NotRead, TooMuch, UsageStop without PDFium."""
    pages = leaves(data)
    if not any(page.tables or page.words for page in pages) and (why := why_unread(pages)):
        raise NotRead(why)
    for page in pages:
        yield [
            line for _, part in page.parts() for line in ([part] if isinstance(part, str) else _rows_of(part))
        ]


def _rows_of(table: Table) -> Iterator[str]:
    rows: dict[int, list[str]] = {}
    for region in table.regions:
        rows.setdefault(region.top, []).append(region.text().removeprefix(DOUBT))
    return ("\t".join(rows[row]) for row in sorted(rows))


def decoded(data: bytes) -> str:
    """The words of a text file in the encodings of Chinese offices; NotRead."""
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    for codec in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            return data.decode(codec)
        except UnicodeDecodeError:
            continue
    raise NotRead("文字编码无法识别")
