"""The check of a file before any reader sees it: what it is by content, and whether it is whole and harmless.

A file is opened here and nowhere else. Every part of a package is inflated once, its checksum and its beginning looked
at; every worksheet goes through its reader, which bounds size, time and memory.
"""

from __future__ import annotations

import re
import struct
from typing import Literal, NoReturn

from jixiao.office.grid import MAX_CELLS, is_worksheet
from jixiao.office.package import CONTENT_TYPES, Package
from jixiao.office.plain import MAX_PLAIN
from jixiao.office.problems import limit, refuse
from jixiao.office.workbook import Workbook

Kind = Literal["zip", "ole", "doc", "html", "mht", "xml", "pdf", "text", "other"]

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BIFF_BEGIN = (b"\x09\x08\x10\x00\x00\x06\x05\x00", b"\x09\x08\x08\x00\x00\x05\x05\x00")  # BIFF8, BIFF5
_HTML = re.compile(
    r"(?>\s+|<\?xml[^>]*\?>|<!--.*?-->)*+<(?:!doctype\s+html|html|head|meta|body|table|style)\b",
    re.IGNORECASE | re.DOTALL,
)
_ARCHIVE = re.compile(r"\s*(?:MIME-Version|From|Subject|Date|Content-Type|X-[\w-]+)[ \t]*:", re.IGNORECASE)
_ARCHIVE_HEAD = 4_096
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
MAX_PARSED = 64_000_000  # bytes of worksheets in spellings that only the slow parser reads


def sniff(data: bytes) -> Kind:
    """What a file is by its content; its name means nothing (tables saved as .xls are often HTML or text)."""
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if data.startswith(_OLE):
        from jixiao.office.compound import holds_words

        return "doc" if holds_words(data) else "ole"
    if data[:1024].lstrip(b"\xef\xbb\xbf\0 \t\r\n").startswith(b"%PDF"):
        return "pdf"
    text = _as_text(data[:65_536], whole=len(data) <= 65_536)
    if text is None:
        return "other"
    if _HTML.match(text):
        return "html"
    if _ARCHIVE.match(text) and "multipart/" in text[:_ARCHIVE_HEAD].lower():
        return "mht"
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


def open_workbook(data: bytes) -> Workbook:
    """The .xlsx or .xlsm workbook that these bytes are; what its check has read is not read again.

    Refused (exit 3): no such workbook, damaged, encrypted or hostile. LimitReached (exit 5): too large.
    """
    return checked(Package(data))


def checked(package: Package) -> Workbook:
    """The workbook of a package, every part looked at and every worksheet read and bounded."""
    if package.find(CONTENT_TYPES) is None:
        _refuse_foreign(package)
    mains = [relation.target for relation in package.relations("") if relation.kind == "officeDocument"]
    if any(main.lower().endswith(".bin") for main in mains):
        refuse("J531")
    book = Workbook(package)
    sheets = {book.part(name): name for name in book.sheet_names}
    if len(sheets) != len(book.sheet_names):
        refuse("J503", why="两个工作表共用一个部件")
    parsed = held = 0
    for part in package.names:
        head = package.beginning(part)
        if part not in sheets or not is_worksheet(head):
            continue
        size, large = package.size(part), package.size(part) > MAX_PLAIN
        if large and parsed + size <= MAX_PARSED:  # measured only, and read again by whoever asks for it
            book.grid(sheets[part])
        own = 0 if large else book.sheet(sheets[part]).held
        held, parsed = held + own, parsed + (size if large or own else 0)
        if parsed > MAX_PARSED:
            limit("J512", size=f"{parsed // 1_000_000} MB", most=f"{MAX_PARSED // 1_000_000} MB")
        if held > MAX_CELLS:
            book.release(sheets[part])
    return book


def _refuse_foreign(package: Package) -> NoReturn:
    if package.find("content.xml") is not None:
        from jixiao.office import opendocument

        opendocument.read(package, "", "")  # what is wrong with it is said before what it is not
        refuse("J501", why="不是 xlsx 格式")
    if any(name.lower().startswith("xl/") for name in package.names):
        refuse("J514", part=CONTENT_TYPES)
    refuse("J501", why="压缩包里没有工作簿")


def check_ole(data: bytes) -> None:
    """An OLE file passes unless encrypted: a .xlsx with a password, or a .xls with its FILEPASS record."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        refuse("J505")
    if len(data) < 1536:
        refuse("J503", why="文件过短")
    for begin in _BIFF_BEGIN:
        start = data.find(begin, 512)
        if start >= 0 and _has_filepass(data, start):
            refuse("J505")


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
