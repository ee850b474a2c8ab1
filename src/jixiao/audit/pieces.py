"""A report file -> pieces: paragraphs and table rows in their order, by content, not by name; nothing of it is run.

The pieces of a .docx, a .txt (in the encodings of Chinese offices) or the text layer of a .pdf; sizes are bounded. The
only importer of pypdf, which is an optional extra.
"""

from __future__ import annotations

import io
import logging
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder

from jixiao.model import LimitReached, Refused, Source, UsageStop
from jixiao.office.guard import sniff
from jixiao.office.ooxml.package import Package
from jixiao.text import narrow, unquoted, unspaced

MAX_BYTES = 50_000_000
MAX_PIECES = 20_000
MAX_CHARACTERS = 2_000_000
MAX_DIGITS = 40  # of one number: no report has such a one
MAX_PART = 60_000_000  # bytes of the document part of a .docx, inflated
MAX_NODES = 2_000_000
MAX_NESTED = 20  # tables inside cells of tables
MAX_PAGES = 400
MAX_SECONDS = 60
MAX_PAGE = 200_000  # characters of one page
HEADING = 40  # characters; a longer line is a paragraph
SHORT = 10  # characters of a numbered line that may end in a stop and still be a heading
TORN = 40  # characters: a shorter line that ends without a stop is a title, not a torn paragraph
_ENDLESS = re.compile(rf"\d{{{MAX_DIGITS + 1}}}")
_ENDS = "。；！？：;!?:)）》"
_LABEL = re.compile(r"[^，。、]{2,10}[：:]")
_GLUED = re.compile(r"\d\.\d+\.\d|\d[一-龥]{2,}\d+(?:\.\d+)?[一-龥]{2,}\d+(?:\.\d+)?[一-龥]{2,}\d")
_STYLE = re.compile(r"(?:heading|标题)?\s?([123])", re.IGNORECASE)
_SPACE = re.compile(
    r"^\{(?:http://schemas\.openxmlformats\.org/wordprocessingml/2006/main|http://purl\.oclc\.org/ooxml/wordprocessingml/main)\}"
)
_KINDS = {
    "ole": "这是旧格式的 Word 文件（.doc）或加密的文件",
    "html": "这是网页文件，不是 Word 文档",
    "xml": "这是 XML 文件，不是 Word 文档",
}
_WIDE_STOPS = re.compile("([，：；！？…]+)")
_FIRST = re.compile(r"[一二三四五六七八九十]{1,3}、")
_SECOND = re.compile(r"\([一二三四五六七八九十]{1,3}\)")
_THIRD = re.compile(r"(?:0\.)?\d{1,5}[.、](?=\D)")


@dataclass(frozen=True, slots=True)
class Piece:
    """The cells of a row or one paragraph, raw; ``table`` counts tables from 1."""

    cells: tuple[str, ...]
    table: int = 0
    page: int = 0
    level: int = 0  # of a heading, where the file itself tells
    loose: bool = False  # words of a table that lost its cells


def plain(text: str) -> str:
    """Text as it is compared: narrow digits and brackets, no blanks, no quotation marks.

    Wide stops stay wide: they end a clause, where 1,000 and 12:30 are one figure.
    """
    parts = _WIDE_STOPS.split(text)
    parts[::2] = map(narrow, parts[::2])
    return unquoted(unspaced("".join(parts)))


def heading_level(text: str) -> int:
    """1 for 一、 2 for （一） 3 for 1. where the line is short and no sentence; 0 for anything else."""
    ended = text.removesuffix("。") if not _THIRD.match(text) or len(text) <= SHORT else text
    if len(text) > HEADING or ended.endswith(("；", "，", ";", ",")) or "。" in ended:
        return 0
    return next((level for level, shape in enumerate((_FIRST, _SECOND, _THIRD), 1) if shape.match(text)), 0)


def pieces_of(path: Path) -> list[Piece]:
    """The paragraphs and tables of a .docx, .txt or .pdf. Refused: not one of them; LimitReached: too large."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise LimitReached("J751", Source(path.name), file=path.name, most=f"{MAX_BYTES // 1_000_000} MB")
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise Refused("J773", Source(path.name), file=path.name) from error
    except OSError as error:
        why = "这是文件夹" if path.is_dir() else "无法打开，可能没有读取权限"
        raise Refused("J750", Source(path.name), file=path.name, why=why) from error
    pieces = _pieces(data, path.name)
    if len(pieces) > MAX_PIECES or sum(len(c) for p in pieces for c in p.cells) > MAX_CHARACTERS:
        raise LimitReached("J751", Source(path.name), file=path.name, most=f"{MAX_PIECES}段")
    if any(_ENDLESS.search(cell) for piece in pieces for cell in piece.cells):
        raise Refused("J750", Source(path.name), file=path.name, why=f"含有超过{MAX_DIGITS}位的数字")
    if not any(cell.strip() for piece in pieces for cell in piece.cells):
        raise Refused("J750", Source(path.name), file=path.name, why="没有文字，可能是扫描件")
    return pieces


def _pieces(data: bytes, name: str) -> list[Piece]:
    suffix = name.rpartition(".")[2].lower()
    if not data:
        raise Refused("J750", Source(name), file=name, why="文件是空的")
    kind = sniff(data)
    if data.startswith(b"{\\rtf"):
        raise Refused("J750", Source(name), file=name, why="这是 RTF 文件")
    if kind == "text" and suffix in ("docx", "pdf", "doc"):
        raise Refused("J750", Source(name), file=name, why=f"扩展名是 .{suffix}，内容却是纯文字")
    if kind == "zip":
        return _of_word(data, name)
    if kind == "pdf":
        return _of_pdf(data, name)
    if kind == "text":
        text = _decoded(data, name)
        endless = _ENDLESS.search(text)
        return of_text(text) if endless is None else [Piece((endless[0],))]
    why = _KINDS.get(kind, "只能读取 .docx、.txt 和有文字层的 .pdf")
    raise Refused("J750", Source(name), file=name, why=why)


def _decoded(data: bytes, name: str) -> str:
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    for codec in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            return data.decode(codec)
        except UnicodeDecodeError:
            continue
    raise Refused("J750", Source(name), file=name, why="文字编码无法识别")


# ---- plain text


def of_text(text: str) -> list[Piece]:
    """The paragraphs and table rows of a text; a form feed begins a new page."""
    made: list[Piece] = []
    table, in_table = 0, False
    pages = text.replace("\r\n", "\n").replace("\r", "\n").split("\f")
    for page, content in enumerate(pages, 1):
        number = page if len(pages) > 1 else 0
        for line in content.split("\n"):
            if not line.strip():
                continue
            if line.count("\t") >= 2:
                table += not in_table
                in_table = True
                made.append(Piece(tuple(line.split("\t")), table, number))
                continue
            if in_table and _goes_on(made[-1], line):
                made[-1] = Piece((*made[-1].cells[:-1], made[-1].cells[-1] + line), table, number)
                continue
            in_table = False
            if made and _torn(made[-1], line):
                made[-1] = Piece((made[-1].cells[0] + line.strip(),), 0, made[-1].page)
            else:
                made.append(Piece((line,), 0, number))
    return made


def _joined(page: str) -> str:
    """The lines of a printed page as paragraphs: a line as long as its neighbours and without a stop goes on."""
    lines = [line.strip() for line in page.split("\n") if line.strip()]
    lengths = sorted(len(plain(line)) for line in lines)
    full = lengths[len(lengths) * 4 // 5] * 4 // 5 if lengths else 0
    made: list[str] = []
    for line in lines:
        last = plain(made[-1].rpartition("\n")[2]) if made else ""
        goes_on = bool(last) and len(last) >= max(full, 12) and last[-1] not in _ENDS and "\t" not in line
        if goes_on and not heading_level(plain(line)) and not _LABEL.match(plain(line)):
            made[-1] += "\n" + line
        else:
            made.append(line)
    return "\n".join(text.replace("\n", "") for text in made)


def _goes_on(last: Piece, line: str) -> bool:
    """Whether a line belongs to the last row: its tab was torn off with the rest of the cell."""
    return (
        "\t" in line and len(last.cells) > 2 and plain(line)[:1] in "((" and heading_level(plain(line)) == 0
    )


def _torn(last: Piece, line: str) -> bool:
    if last.table or "\t" in line or "\t" in last.cells[0]:
        return False
    before, after = plain(last.cells[0]), plain(line)
    if len(before) < TORN or before[-1:] in _ENDS or heading_level(before):
        return False
    begins = heading_level(after) or _LABEL.match(after) or after[:1] in "①②③④⑤⑥⑦⑧⑨"
    return not begins and after not in ("目录", "目次")


# ---- Word


def _of_word(data: bytes, file: str) -> list[Piece]:
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
            found = _STYLE.fullmatch(style)
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


# ---- PDF


def _of_pdf(data: bytes, file: str) -> list[Piece]:
    """Paragraphs of every page. UsageStop: pypdf is missing; Refused: damaged or encrypted; LimitReached."""
    try:
        import pypdf
    except ImportError as error:
        raise UsageStop("J765", Source(file)) from error
    # its remarks on other people's files are none of ours
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        texts = _texts(pypdf.PdfReader(io.BytesIO(data)), file)
    except (Refused, LimitReached):
        raise
    except Exception as error:  # whatever the library stumbles over, the file is not one
        raise Refused("J750", Source(file), file=file, why="PDF 文件已损坏或无法读取") from error
    return list(_loosened(of_text("\f".join(texts))))


def _loosened(pieces: list[Piece]) -> Iterator[Piece]:
    """The text layer knows no cells: lines that are no sentences, and all behind 附件, are kept unchecked."""
    annex, body = False, False
    for piece in pieces:
        text = plain("".join(piece.cells))
        body = body or "。" in text
        annex = annex or (body and text.startswith(("附件", "附表")))
        sentence = text.endswith(("。", "；", "：", ":", ";")) or heading_level(text) > 0
        glued = _GLUED.search(text) is not None
        yield replace(piece, loose=annex or glued or (body and not sentence))


def _texts(reader: Any, file: str) -> list[str]:
    """The text of every page, lines joined to paragraphs."""
    until = time.monotonic() + MAX_SECONDS
    if reader.is_encrypted and not reader.decrypt(""):
        raise Refused("J750", Source(file), file=file, why="文件已加密")
    if len(reader.pages) > MAX_PAGES:
        raise LimitReached("J751", Source(file), file=file, most=f"{MAX_PAGES}页")
    texts: list[str] = []
    for page in reader.pages:
        if time.monotonic() > until:
            raise LimitReached("J751", Source(file), file=file, most=f"{MAX_SECONDS}秒的读取时间")
        texts.append(_joined((page.extract_text() or "")[:MAX_PAGE].replace("\f", "\n")))
    return texts
