"""Generators of damaged and hostile workbooks, each from one small sound workbook made by hand."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPES = f"""<?xml version="1.0"?><Types xmlns="{PACKAGE}/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/></Types>"""
ROOT = f"""<?xml version="1.0"?><Relationships xmlns="{PACKAGE}/relationships">
<Relationship Id="rId1" Type="{REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>"""
SHEET = "xl/worksheets/sheet1.xml"
CELLS = '<row r="1"><c r="A1"><v>123.45</v></c></row>'


def sheet(body: str = CELLS, tail: str = "", head: str = "") -> bytes:
    """A worksheet part."""
    text = f'<?xml version="1.0"?>{head}<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData>{tail}</worksheet>'
    return text.encode("utf-8")


def parts(names: tuple[str, ...] = ("表1",), **changes: bytes) -> dict[str, bytes]:
    """The parts of a sound workbook with these sheets."""
    entries = "".join(f'<sheet name="{n}" sheetId="{i}" r:id="rId{i}"/>' for i, n in enumerate(names, 1))
    rels = "".join(
        f'<Relationship Id="rId{i}" Type="{REL}/worksheet" Target="worksheets/sheet{i}.xml"/>'
        for i in range(1, len(names) + 1)
    )
    made = {
        "[Content_Types].xml": TYPES.encode(),
        "_rels/.rels": ROOT.encode(),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{REL}"><sheets>{entries}</sheets></workbook>'.encode(),
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{rels}</Relationships>'.encode(),
    }
    made.update({f"xl/worksheets/sheet{i}.xml": sheet() for i in range(1, len(names) + 1)})
    return made


def pack(content: Mapping[str, bytes]) -> bytes:
    """A zip archive of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return out.getvalue()


def edited(data: bytes, part: str, changes: Mapping[bytes, bytes]) -> bytes:
    """The package with some bytes of a part replaced; each of them has to be there."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    for old, new in changes.items():
        assert old in content[part], old
        content[part] = content[part].replace(old, new)
    return pack(content)


def book(**sheet_parts: bytes) -> bytes:
    """A workbook of one sheet; ``part=...`` replaces the worksheet part."""
    return pack({**parts(), SHEET: sheet_parts.get("part", sheet())})


def doubled() -> bytes:
    """One name twice, with different figures."""
    out = io.BytesIO(book())
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(SHEET.upper(), sheet(CELLS.replace("123.45", "999")))
    return out.getvalue()


def wrong_checksum() -> bytes:
    """A stored figure changed behind the archive's back."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in parts().items():
            archive.writestr(name, data)
    return out.getvalue().replace(b"123.45", b"923.45")


def overlapping(copies: int = 20) -> bytes:
    """Many directory entries that share one block of data."""
    body = zlib.compress(b"0" * 500_000)[2:-4]
    crc = zlib.crc32(b"0" * 500_000)
    name = b"a.bin"
    fields = (20, 0, 8, 0, 0x21, crc, len(body), 500_000, len(name))
    local = struct.pack("<4s5H3L2H", b"PK\x03\x04", *fields, 0) + name + body
    central = b"".join(
        struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, *fields[:-1], 5, 0, 0, 0, 0, 0, 0)
        + b"a.bi%c" % (97 + i)
        for i in range(copies)
    )
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, copies, copies, len(central), len(local), 0)
    return local + central + end


def bomb(size: int = 30_000_000) -> bytes:
    """A part that grows a thousandfold."""
    return pack({**parts(), "xl/media/zeros.bin": bytes(size)})


def laughs() -> bytes:
    """Entities that double ten times over."""
    entities = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{i} "&a{i - 1};&a{i - 1};">' for i in range(1, 30))
    return book(part=sheet(head=f"<!DOCTYPE worksheet [{entities}]>"))


def late_doctype() -> bytes:
    """A document type behind a long comment, where a look at the first kilobytes misses it."""
    return book(
        part=sheet(head="<!--" + "x" * 30_000 + '--><!DOCTYPE worksheet SYSTEM "file:///etc/passwd">')
    )


def ods(rows: str, *, manifest: str = "<manifest/>", kind: str = "spreadsheet") -> bytes:
    """An OpenDocument package with one table."""
    table, office = (
        "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
        "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    )
    xml = (
        f'<office:document xmlns:office="{office}" xmlns:table="{table}" xmlns:text="urn:t">'
        f'<table:table table:name="表">{rows}</table:table></office:document>'
    )
    return pack(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}".encode(),
            "content.xml": xml.encode(),
            "META-INF/manifest.xml": manifest.encode(),
        }
    )


def ole(*, encrypted: bool = False, filepass: bool = False) -> bytes:
    """An OLE file with a workbook stream, or an encrypted package."""
    stream = struct.pack("<4H", 0x809, 16, 0x600, 5) + bytes(12)
    stream += struct.pack("<2H", 0x2F, 6) + bytes(6) if filepass else struct.pack("<2H", 0xE1, 2) + bytes(2)
    name = "EncryptedPackage".encode("utf-16-le") if encrypted else b""
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + stream.ljust(512, b"\0") + name.ljust(1024, b"\0")
    )
