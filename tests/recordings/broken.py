"""Damaged, hostile and wrong files by name: each is one way in which a file of a user can hurt."""

from __future__ import annotations

import struct
from collections.abc import Callable

from tests.office import hostile_files as hostile

_FAR = '<row r="1"><c r="A1"/></row><row r="1048576"><c r="XFD1048576"/></row>'


def _without(prefix: str) -> bytes:
    return hostile.pack({name: data for name, data in hostile.parts().items() if not name.startswith(prefix)})


def _with(**more: bytes) -> bytes:
    return hostile.pack({**hostile.parts(), **more})


def _body(body: str) -> bytes:
    return hostile.book(part=hostile.sheet(body))


def _merged(*areas: str) -> bytes:
    cells = "".join(f'<mergeCell ref="{area}"/>' for area in areas)
    return hostile.book(part=hostile.sheet(tail=f"<mergeCells>{cells}</mergeCells>"))


def _encrypted() -> bytes:
    """A compound file whose directory names the streams of an encrypted workbook."""
    free, end = 0xFFFFFFFF, 0xFFFFFFFE
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    header += bytes(10) + struct.pack("<IIIIIIII", 1, 1, 0, 4096, end, 0, end, 0)
    header += struct.pack("<I", 0) + b"\xff" * (109 * 4 - 4)
    table = struct.pack("<III", 0xFFFFFFFD, end, end) + b"\xff" * (512 - 12)
    entries = b""
    for name, kind, child in (("Root Entry", 5, 1), ("EncryptionInfo", 2, 2), ("EncryptedPackage", 2, free)):
        raw = f"{name}\0".encode("utf-16-le")
        entry = raw.ljust(64, b"\0") + struct.pack("<HBB", len(raw), kind, 1)
        entry += struct.pack("<III", free, child if kind == 2 else free, child if kind == 5 else free)
        entries += entry + bytes(36) + struct.pack("<IQ", end, 0)
    return header + table + entries.ljust(512, b"\0")


BROKEN: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "pdf": lambda: b"%PDF-1.7",
    "words": "不是表格".encode,
    "html without a table": lambda: b"<html><body>1</body></html>",
    "noise": lambda: b"\x01\x02\x03",
    "other zip": lambda: hostile.pack({"a.txt": b"x"}),
    "word file": lambda: _with(**{"xl/workbook.xml": b'<w:document xmlns:w="urn:w"/>'}),
    "truncated": lambda: hostile.book()[:-40],
    "half": lambda: hostile.book()[:700],
    "something before": lambda: b"PK\x03\x04" + hostile.book(),
    "something behind": lambda: hostile.book() + b"x" * 30,
    "wrong checksum": hostile.wrong_checksum,
    "traversal": lambda: _with(**{"../../x": b"1"}),
    "absolute": lambda: _with(**{"/etc/x": b"1"}),
    "drive": lambda: _with(**{"C:/x": b"1"}),
    "doubled name": hostile.doubled,
    "overlap": hostile.overlapping,
    "laughs": hostile.laughs,
    "late doctype": hostile.late_doctype,
    "doctype elsewhere": lambda: _with(**{"customXml/item1.xml": b"\n<!DOCTYPE a><a/>"}),
    "malformed": lambda: hostile.book(part=hostile.sheet()[:-20]),
    "control character": lambda: _body("<row><c><v>\x0b</v></c></row>"),
    "wrong encoding": lambda: hostile.book(part=b'<?xml version="1.0"?><worksheet a="\xff"/>'),
    "many parts": lambda: hostile.pack(hostile.parts() | {f"a{number}": b"" for number in range(2_001)}),
    "bomb": hostile.bomb,
    "no types": lambda: _without("["),
    "no workbook": lambda: _without("xl/workbook.xml"),
    "no sheet": lambda: _without(hostile.SHEET),
    "same names": lambda: hostile.pack(hostile.parts(("Sheet", "sHEET"))),
    "far cell": lambda: _body(_FAR),
    "whole grid merged": lambda: _merged("A1:XFD1048576"),
    "bad merge": lambda: _merged("A0:B2"),
    "row zero": lambda: _body('<row r="0"><c r="A0"/></row>'),
    "row beyond": lambda: _body('<row r="1048577"/>'),
    "column beyond": lambda: _body('<row r="1"><c r="XFE1"/></row>'),
    "not a number": lambda: _body('<row r="1"><c r="A1"><v>NaN</v></c></row>'),
    "negative string": lambda: _body('<row r="1"><c r="A1" t="s"><v>-1</v></c></row>'),
    "encrypted": _encrypted,
    "encrypted package": lambda: hostile.ole(encrypted=True),
    "encrypted xls": lambda: hostile.ole(filepass=True),
    "broken xls": hostile.ole,
    "encrypted ods": lambda: hostile.ods("", manifest="<encryption-data/>"),
    "text document": lambda: hostile.ods("", kind="text"),
    "ods bomb": lambda: hostile.ods(
        '<table:table-row table:number-rows-repeated="1048576"><table:table-cell '
        'table:number-columns-repeated="16384" office:value-type="float"/></table:table-row>'
    ),
    "ods repeat": lambda: hostile.ods('<table:table-row table:number-rows-repeated="-1"/>'),
    "sound, but no table": hostile.book,
}
