"""vbaProject.bin from module sources: the ``dir`` stream, PROJECT, PROJECTwm, and one compressed stream a module.

Only sources, no compiled code: the version stamp FFFF tells Excel to compile them itself. The sources are
ASCII, because VBA keeps them in a code page and Chinese would turn into other characters elsewhere.
"""

from __future__ import annotations

import struct
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from addin.making.compound import compound
from addin.making.ovba import compress, veiled

NAME = "JixiaoAddin"
_SPACE = uuid.UUID("6f1c5a52-6d7d-5d1e-9d0c-5c1f3b1f6a10")  # the project's id is a digest of its sources
_VERSION = b"\xcc\x61\xff\xff\x00\x00\x00"
_STDOLE = rb"*\G{00020430-0000-0000-C000-000000000046}#2.0#0#C:\Windows\System32\stdole2.tlb#OLE Automation"
_VBE = "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000"
_CODE_PAGE, _ENGLISH = 1252, 0x0409


@dataclass(frozen=True, slots=True)
class Module:
    """One module: its name, its source with LF or CRLF line ends, and whether it belongs to a sheet or workbook."""

    name: str
    source: str
    document: bool = False

    def code(self) -> bytes:
        """The source as VBA keeps it; UnicodeEncodeError where it is not ASCII."""
        return "\r\n".join(self.source.splitlines()).encode("ascii") + b"\r\n"


def vba_project(modules: Sequence[Module]) -> bytes:
    """The whole vbaProject.bin."""
    streams = {f"VBA/{module.name}": compress(module.code()) for module in modules}
    streams["VBA/dir"] = compress(_dir(modules))
    streams["VBA/_VBA_PROJECT"] = _VERSION
    streams["PROJECT"] = _project(modules)
    streams["PROJECTwm"] = _names(modules)
    return compound(streams)


def _dir(modules: Sequence[Module]) -> bytes:
    name = NAME.encode("ascii")
    parts = [
        _record(0x01, struct.pack("<L", 1)),  # Win32
        _record(0x02, struct.pack("<L", _ENGLISH)),
        _record(0x14, struct.pack("<L", _ENGLISH)),
        _record(0x03, struct.pack("<H", _CODE_PAGE)),
        _record(0x04, name),
        _record(0x05, b"") + _record(0x40, b""),  # description
        _record(0x06, b"") + _record(0x3D, b""),  # help file
        _record(0x07, struct.pack("<L", 0)),
        _record(0x08, struct.pack("<L", 0)),
        struct.pack("<HLLH", 0x09, 4, 1, 0),  # version 1.0; its size does not count the minor number
        _record(0x0C, b"") + _record(0x3C, b""),  # constants
        _both(0x16, 0x3E, "stdole"),
        _record(0x0D, struct.pack("<L", len(_STDOLE)) + _STDOLE + bytes(6)),
        _record(0x0F, struct.pack("<H", len(modules))),
        _record(0x13, b"\xff\xff"),
        *map(_module, modules),
        _record(0x10, b""),
    ]
    return b"".join(parts)


def _module(module: Module) -> bytes:
    name = module.name.encode("ascii")
    return b"".join(
        (
            _both(0x19, 0x47, module.name),
            _record(0x1A, name) + _record(0x32, module.name.encode("utf-16-le")),
            _record(0x1C, b"") + _record(0x48, b""),
            _record(0x31, struct.pack("<L", 0)),  # the source begins at once
            _record(0x1E, struct.pack("<L", 0)),
            _record(0x2C, b"\xff\xff"),
            _record(0x22 if module.document else 0x21, b""),
            _record(0x2B, b""),
        )
    )


def _record(number: int, data: bytes) -> bytes:
    return struct.pack("<HL", number, len(data)) + data


def _both(number: int, wide: int, text: str) -> bytes:
    return _record(number, text.encode("ascii")) + _record(wide, text.encode("utf-16-le"))


def _project(modules: Sequence[Module]) -> bytes:
    sources = "\x00".join(f"{m.name}\x00{m.source}" for m in modules)
    key = "{" + str(uuid.uuid5(_SPACE, sources)).upper() + "}"
    lines = [
        f'ID="{key}"',
        *(f"Document={m.name}/&H00000000" if m.document else f"Module={m.name}" for m in modules),
        f'Name="{NAME}"',
        'HelpContextID="0"',
        'VersionCompatible32="393222000"',
        f'CMG="{veiled(bytes(4), key, 0x0A)}"',  # not protected
        f'DPB="{veiled(bytes(1), key, 0x1C)}"',  # no password
        f'GC="{veiled(bytes((0xFF,)), key, 0x2E)}"',  # visible
        "",
        "[Host Extender Info]",
        _VBE,
        "",
        "[Workspace]",
        *(f"{m.name}=0, 0, 0, 0, C" for m in modules),
    ]
    return "\r\n".join([*lines, ""]).encode("ascii")


def _names(modules: Sequence[Module]) -> bytes:
    pairs = (m.name.encode("ascii") + b"\x00" + m.name.encode("utf-16-le") + b"\x00\x00" for m in modules)
    return b"".join(pairs) + b"\x00\x00"
