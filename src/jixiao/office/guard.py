"""The check of a file before any reader sees it: what it is by content, and whether it is whole and harmless.

No reader is safe alone: one swallows a damaged part, another aborts the process on two far-apart cells, a
third hangs on a merged column. What passes here has one meaning for all of them, and a size that bounds
their time and memory.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Iterator
from typing import Literal
from xml.parsers import expat

from jixiao.office.ooxml.book import Book
from jixiao.office.ooxml.package import CONTENT_TYPES, Package
from jixiao.office.ooxml.plain import MAX_PLAIN, read_plain
from jixiao.office.ooxml.problems import refuse
from jixiao.office.ooxml.scan import Extent, measure
from jixiao.office.ooxml.spans import read_along

Kind = Literal["zip", "ole", "html", "xml", "pdf", "text", "other"]

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BIFF_BEGIN = (b"\x09\x08\x10\x00\x00\x06\x05\x00", b"\x09\x08\x08\x00\x00\x05\x05\x00")  # BIFF8, BIFF5
_HTML = re.compile(
    r"(?>\s+|<\?xml[^>]*\?>|<!--.*?-->)*+<(?:!doctype\s+html|html|head|meta|body|table|style)\b",
    re.IGNORECASE | re.DOTALL,
)
_PROLOG = re.compile(
    rb"(?:\xef\xbb\xbf)?(?>\s+|<\?.*?\?>|<!--.*?-->)*+(<!DOCTYPE|<[^?!])", re.DOTALL | re.IGNORECASE
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_PROLOG_BYTES = 65_536
KEPT = 32_000_000  # bytes of worksheets that an opened workbook keeps from its check


def sniff(data: bytes) -> Kind:
    """What a file is by its content; its name means nothing (tables saved as .xls are often HTML or text)."""
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if data.startswith(_OLE):
        return "ole"
    if data.startswith(b"%PDF"):
        return "pdf"
    text = _as_text(data[:65_536], whole=len(data) <= 65_536)
    if text is None:
        return "other"
    if _HTML.match(text):
        return "html"
    return "xml" if text.lstrip("\ufeff \t\r\n").startswith("<?xml") else "text"


def _as_text(head: bytes, *, whole: bool) -> str | None:
    wide = head[:2] in (b"\xff\xfe", b"\xfe\xff")
    for codec in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        # the cut may fall inside a character: up to three bytes may be left over
        for spare in range(1 if whole else 4):
            try:
                text = head[: len(head) - spare].decode(codec)
            except UnicodeDecodeError:
                continue
            return None if _CONTROL.search(text) else text
    return None


def check_package(data: bytes, *, parse: bool = True) -> None:
    """Refuse (exit 3) or stop at a limit (exit 5): a workbook is damaged, encrypted, hostile or too large.

    For .xlsx, .xlsm, .ods and the OLE files .xls and .et. ``parse=False`` leaves out whether the XML is
    well-formed, for a caller that parses every part it uses itself.
    """
    inspect_package(data, parse=parse)


def inspect_package(data: bytes, *, parse: bool = True) -> list[Extent]:
    """As ``check_package``; returns the extent of every worksheet (none for OLE), to choose a reader by."""
    if not data:
        refuse("J502")
    kind = sniff(data)
    if kind == "ole":
        return _check_ole(data)
    if kind != "zip":
        names = {"html": "网页", "xml": "XML", "pdf": "PDF", "text": "文本"}
        refuse("J501", why=f"内容是{names[kind]}" if kind in names else "内容无法识别")
    package = Package.open(data)
    if package.find(CONTENT_TYPES) is not None:
        return _check_ooxml(package, parse, keep=0)[1]
    if package.find("content.xml") is not None:
        return _check_ods(package)
    if any(name.lower().startswith("xl/") for name in package.names):
        refuse("J514", part=CONTENT_TYPES)
    return refuse("J501", why="压缩包里没有工作簿")


def open_package(data: bytes) -> Book:
    """The .xlsx or .xlsm workbook that these bytes are, checked as ``check_package(data, parse=False)`` does.

    What the check has read is not read again: this is the way of ``jixiao score``. Parts that nobody asks for
    are inflated, their checksums and beginnings looked at, and the size of every worksheet measured.
    """
    package = Package.open(data)
    if package.find(CONTENT_TYPES) is None:
        check_package(data)
        refuse("J501", why="不是 xlsx 格式")
    return _check_ooxml(package, parse=False, keep=KEPT)[0]


def _check_ooxml(package: Package, parse: bool, keep: int) -> tuple[Book, list[Extent]]:
    """Check every part; the book that comes back holds plain worksheets of up to ``keep`` bytes in all."""
    mains = [relation.target for relation in package.relations("") if relation.kind == "officeDocument"]
    if any(main.lower().endswith(".bin") for main in mains):
        refuse("J531")
    book = Book(package)
    parts = {book.part(name): name for name in book.sheet_names}
    if len(parts) != len(book.sheet_names):
        refuse("J503", why="两个工作表共用一个部件")
    extents: list[Extent] = []
    for name in package.names:
        chunks = _guarded(package.chunks(name), name)
        if name in parts and _is_worksheet(package, name):
            extent = _plain_extent(book, name, parts[name], keep)
            if extent is not None:
                extents.append(extent)
                keep -= package.size(name)
                continue
            chunks = read_along(expat.ParserCreate(), chunks, name[:80]) if parse else chunks
            extents.append(measure(_narrow(chunks), parts[name]))
            continue
        if parse and name.lower().endswith(("workbook.xml", "sharedstrings.xml", "styles.xml")):
            chunks = read_along(expat.ParserCreate(), chunks, name[:80])
        for _ in chunks:
            pass
    return book, extents


def _plain_extent(book: Book, part: str, sheet: str, keep: int) -> Extent | None:
    """The extent of a worksheet part that is plain, and that the book may keep; None for any other."""
    if book.package.size(part) > MAX_PLAIN:
        return None
    data = book.package.read(part)
    for _ in _guarded(iter((data,)), part):
        plain = read_plain(data, sheet)
        if plain is not None:
            if len(data) <= keep:
                book.offer(part, data, plain)
            return Extent(sheet).take(plain.cells, plain.row, plain.column, plain.outline.merged)
    return None


def _is_worksheet(package: Package, name: str) -> bool:
    head = next(package.chunks(name, 4096), b"")
    return b"worksheet" in head.replace(b"\x00", b"")


def _guarded(chunks: Iterator[bytes], name: str) -> Iterator[bytes]:
    """The pieces of a part, the first one checked for a document type if the part is XML."""
    first = next(chunks, b"")
    if name.lower().endswith((".xml", ".rels", ".vml")):
        head = first[:_PROLOG_BYTES]
        if head[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in head[:4]:
            head = head.replace(b"\x00", b"").lstrip(b"\xff\xfe")
        match = _PROLOG.match(head)
        if match is not None and match[1].upper() == b"<!DOCTYPE":
            refuse("J509", part=name[:80])
        if match is None and len(first) > _PROLOG_BYTES:
            refuse("J510", part=name[:80], why="开头没有内容")
    yield first
    yield from chunks


def _narrow(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """UTF-16 pieces as bytes the patterns can read; for UTF-8 the pieces themselves."""
    wide: bool | None = None
    for chunk in chunks:
        if wide is None:
            wide = chunk[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in chunk[:4]
        yield chunk.replace(b"\x00", b"") if wide else chunk


def _check_ods(package: Package) -> list[Extent]:
    manifest = package.find("META-INF/manifest.xml")
    if manifest is not None and any(b"encryption-data" in chunk for chunk in package.chunks(manifest)):
        refuse("J505")
    kind = package.find("mimetype")
    if kind is not None and b"spreadsheet" not in package.read(kind)[:100]:
        refuse("J501", why="内容不是表格")
    extents: list[Extent] = []
    for name in package.names:
        chunks = _guarded(package.chunks(name), name)
        if name.lower() == "content.xml":
            from jixiao.office.ooxml.ods import measure_tables

            extents = measure_tables(chunks)
        for _ in chunks:
            pass
    return extents


def _check_ole(data: bytes) -> list[Extent]:
    """An OLE file passes unless encrypted: a .xlsx with a password, or a .xls with its FILEPASS record."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        refuse("J505")
    if len(data) < 1536:
        refuse("J503", why="文件过短")
    for begin in _BIFF_BEGIN:
        start = data.find(begin, 512)
        if start >= 0 and _has_filepass(data, start):
            refuse("J505")
    return []


def _has_filepass(data: bytes, at: int) -> bool:
    """Whether FILEPASS stands among the first records of the stream that begins at ``at``."""
    for _ in range(6):
        if at + 4 > len(data):
            return False
        kind, length = struct.unpack_from("<HH", data, at)
        if kind == 0x2F:
            return True
        at += 4 + length
    return False
