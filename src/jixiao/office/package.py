"""A package (.xlsx, .xlsm, .ods, .docx): a zip archive read strictly, its parts, and the archive written again.

Not ``zipfile``: that is slow to import, trusts overlapping and doubled entries, and cannot copy a compressed
member. Every inconsistency is refused here, so no two readers can see different workbooks in one file. Parts are
changed one by one; untouched members keep their compressed bytes.
"""

from __future__ import annotations

import itertools
import posixpath
import re
import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from jixiao.office import markup
from jixiao.office.problems import limit, refuse

CONTENT_TYPES = "[Content_Types].xml"
MAX_READ = 200_000_000  # bytes of one part held in memory
KEPT = 32_000_000  # bytes of parts that stay inflated, so that what the check has read is not read again
MAX_ENTRIES = 2_000
MAX_TOTAL = 1_000_000_000
MAX_RATIO = 100
RATIO_FROM = 1_000_000  # bytes; smaller parts may compress as well as they like
STORED, DEFLATED = 0, 8
_CHUNK = 1 << 20
_PROLOG = re.compile(
    rb"(?:\xef\xbb\xbf)?(?>\s+|<\?.*?\?>|<!--.*?-->)*+(<!DOCTYPE|<[^?!])", re.DOTALL | re.IGNORECASE
)
_PROLOG_BYTES = 65_536
_FULL = 0xFFFFFFFF
_DATE_1980 = 0x21  # 1980-01-01 in DOS form: the same content gives the same bytes

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")


@dataclass(slots=True)
class Member:
    """One entry: ``name`` with forward slashes, sizes in bytes, and where its bytes lie in the archive."""

    name: str
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    central: bytes
    data_start: int = 0
    end: int = 0


def read_directory(data: bytes) -> tuple[list[Member], bytes]:
    """The members in directory order and the archive's comment; raises Refused or LimitReached."""
    count, start, size, comment = _find_end(data)
    if count > MAX_ENTRIES:
        limit("J511", count=count, most=MAX_ENTRIES)
    members: list[Member] = []
    position, end = start, start + size
    for _ in range(count):
        member, position = _read_central(data, position, end)
        members.append(member)
    if position != end:
        refuse("J503", why="目录与实际内容不一致")
    _check_names(members)
    _check_places(data, members, start)
    total = sum([member.size for member in members])
    if total > MAX_TOTAL:
        limit("J512", size=_mega(total), most=_mega(MAX_TOTAL))
    return members, comment


def _find_end(data: bytes) -> tuple[int, int, int, bytes]:
    at = data.rfind(b"PK\x05\x06", max(0, len(data) - 65_557))
    if at < 0 or len(data) - at < _END.size:
        refuse("J503", why="缺少结尾，可能没有下载完整")
    _, disk, first, here, count, size, start, comment = _END.unpack_from(data, at)
    if at + _END.size + comment != len(data) or disk or first or here != count:
        refuse("J503", why="结尾有多余或残缺的内容")
    stop = at
    if count == 0xFFFF or _FULL in (size, start):
        stop = data.rfind(b"PK\x06\x06", max(0, at - 4096), at)
        if stop < 0 or at - stop < 56:
            refuse("J503", why="目录位置不明")
        count, size, start = struct.unpack_from("<QQQ", data, stop + 32)
    if start + size != stop:
        refuse("J503", why="目录位置不对")
    return count, start, size, data[at + _END.size :]


def _read_central(data: bytes, at: int, end: int) -> tuple[Member, int]:
    if end - at < _CENTRAL.size or data[at : at + 4] != b"PK\x01\x02":
        refuse("J503", why="目录残缺")
    fields = _CENTRAL.unpack_from(data, at)
    name_end = at + _CENTRAL.size + fields[10]
    extra_end = name_end + fields[11]
    stop = extra_end + fields[12]
    if stop > end:
        refuse("J503", why="目录残缺")
    raw = data[at + _CENTRAL.size : name_end]
    try:
        name = raw.decode("utf-8" if fields[3] & 0x800 else "cp437").replace("\\", "/")
    except UnicodeDecodeError:
        refuse("J503", why="条目名称无法识别")
    member = Member(name, fields[3], fields[4], fields[7], fields[8], fields[9], fields[16], data[at:stop])
    if _FULL in (member.packed, member.size, member.offset):
        _read_wide(member, data[name_end:extra_end])
    if member.flags & 0x41:
        refuse("J505")
    if member.method not in (STORED, DEFLATED):
        refuse("J503", why="压缩方式不受支持")
    return member, stop


def _read_wide(member: Member, extra: bytes) -> None:
    """Fill the sizes that stand in the 64-bit extra field instead."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind == 1:
            wanted = [key for key in ("size", "packed", "offset") if getattr(member, key) == _FULL]
            if length >= 8 * len(wanted) and at + 4 + 8 * len(wanted) <= len(extra):
                for index, key in enumerate(wanted):
                    setattr(member, key, struct.unpack_from("<Q", extra, at + 4 + 8 * index)[0])
                return
        at += 4 + length
    refuse("J503", why="条目大小不明")


def _check_names(members: Iterable[Member]) -> None:
    seen: set[str] = set()
    for member in members:
        name = member.name
        if not name or name.startswith("/") or ":" in name or "\x00" in name or ".." in name.split("/"):
            refuse("J506", name=name[:80])
        key = name.lower()
        if key in seen:
            refuse("J507", name=name[:80])
        seen.add(key)


def _check_places(data: bytes, members: list[Member], directory: int) -> None:
    """Each entry's own header agrees with the directory, and no two entries share a byte."""
    members = sorted(members, key=lambda item: item.offset)
    for member, following in itertools.pairwise(members):
        if member.offset + _LOCAL.size + member.packed > following.offset:
            refuse("J508", name=member.name[:80])
    last = 0
    for member in members:
        at = member.offset
        if at < last:
            refuse("J508", name=member.name[:80])
        if at + _LOCAL.size > directory or data[at : at + 4] != b"PK\x03\x04":
            refuse("J503", why="条目位置不对")
        fields = _LOCAL.unpack_from(data, at)
        name_at = at + _LOCAL.size
        raw = member.central[46 : 46 + struct.unpack_from("<H", member.central, 28)[0]]
        if fields[3] != member.method or data[name_at : name_at + fields[9]] != raw:
            refuse("J503", why="条目与目录不一致")
        member.data_start = name_at + fields[9] + fields[10]
        member.end = member.data_start + member.packed
        if member.end > directory:
            refuse("J508", name=member.name[:80])
        if fields[2] & 8:
            member.end += _descriptor(data, member, directory)
        last = member.end
        if member.size > RATIO_FROM and member.size > MAX_RATIO * max(member.packed, 1):
            limit("J513", name=member.name[:80], size=_mega(member.size), most=MAX_RATIO)


def _descriptor(data: bytes, member: Member, directory: int) -> int:
    """Length of the data descriptor behind an entry; some writers announce one and write none."""
    for sign in (b"PK\x07\x08", b""):
        for form in ("<L2L", "<L2Q"):
            wanted = sign + struct.pack(form, member.crc, member.packed, member.size)
            if data.startswith(wanted, member.end) and member.end + len(wanted) <= directory:
                return len(wanted)
    return 0


def inflate_chunks(data: bytes, member: Member, chunk: int = _CHUNK) -> Iterator[bytes]:
    """The member's content in pieces; its size and checksum are verified, never trusted."""
    left: bytes | memoryview = memoryview(data)[member.data_start : member.data_start + member.packed]
    engine = zlib.decompressobj(-15) if member.method == DEFLATED else None
    seen = crc = 0
    try:
        while True:
            if engine is None:
                piece, left = bytes(left[:chunk]), left[chunk:]
            else:
                piece = engine.decompress(left, chunk)
                left = engine.unconsumed_tail
            seen += len(piece)
            if not piece or seen > member.size:
                break
            crc = zlib.crc32(piece, crc)
            yield piece
    except zlib.error:
        refuse("J504", name=member.name[:80])
    whole = engine is None or (engine.eof and not engine.unused_data)
    if not whole or seen != member.size or crc != member.crc:
        refuse("J504", name=member.name[:80])


def inflate(data: bytes, member: Member) -> bytes:
    """The whole content of a member, verified."""
    return b"".join(inflate_chunks(data, member, member.size + 1))


def copied(data: bytes, member: Member, offset: int) -> tuple[bytes, bytes]:
    """(entry, directory record) of an untouched member, to stand at ``offset`` of a new archive."""
    record = bytearray(member.central)
    if struct.unpack_from("<L", record, 42)[0] == _FULL:
        return packed(member.name, inflate(data, member), offset)
    struct.pack_into("<L", record, 42, offset)
    return data[member.offset : member.end], bytes(record)


def packed(name: str, content: bytes, offset: int, level: int = 6) -> tuple[bytes, bytes]:
    """(entry, directory record) of new content, the same for the same content."""
    raw = name.encode("utf-8")
    flags = 0 if raw.isascii() else 0x800
    engine = zlib.compressobj(level, zlib.DEFLATED, -15)
    body = engine.compress(content) + engine.flush()
    crc = zlib.crc32(content)
    common = (20, flags, DEFLATED, 0, _DATE_1980, crc, len(body), len(content), len(raw))
    entry = _LOCAL.pack(b"PK\x03\x04", *common, 0) + raw + body
    record = _CENTRAL.pack(b"PK\x01\x02", 20, *common, 0, 0, 0, 0, 0, offset) + raw
    return entry, record


def _mega(size: int) -> str:
    return f"{size / 1_000_000:.0f} MB"


class Relation(NamedTuple):
    """One relationship: id, last word of its type (``worksheet``), target part, whether it is outside."""

    id: str
    kind: str
    target: str
    external: bool


class Package:
    """The parts of a package by name; Refused when its archive is damaged. Parts are inflated on demand."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        members, self._comment = read_directory(data)
        self._members: dict[str, Member | None] = {member.name: member for member in members}
        self._new: dict[str, bytes] = {}
        self._inflated: dict[str, bytes] = {}
        self._room = KEPT
        self._removed = False
        self._lower = {name.lower(): name for name in self._members}

    @property
    def names(self) -> list[str]:
        """Names of all parts in archive order, those added last."""
        return list(self._members)

    def find(self, part: str) -> str | None:
        """The stored spelling of a part name (they are compared without case), or None."""
        return self._lower.get(part.lower().lstrip("/"))

    def read(self, part: str) -> bytes:
        """The content of a part, checksum verified; Refused when missing or damaged, LimitReached when too large."""
        name = self._name(part)
        known = self._new.get(name, self._inflated.get(name))
        if known is not None:
            return known
        member = self._members[name]
        assert member is not None  # a member without archive bytes is always in _new
        if member.size > MAX_READ:
            limit("J512", size=_mega(member.size), most=_mega(MAX_READ))
        data = inflate(self._data, member)
        if len(data) <= self._room:
            self._inflated[name] = data
            self._room -= len(data)
        return data

    def pieces(self, part: str) -> Iterable[bytes]:
        """The content of a part: whole where it may be kept, else piece by piece, verified with the last one."""
        member = self._members[self._name(part)]
        if member is None or member.name in self._inflated or member.size <= self._room:
            return (self.read(part),)
        return inflate_chunks(self._data, member)

    def beginning(self, part: str) -> bytes:
        """The first piece of a part, which has no document type if it is XML; the rest is inflated and verified too."""
        pieces = iter(self.pieces(part))
        first = next(pieces, b"")
        if part.lower().endswith((".xml", ".rels", ".vml")):
            head = first[:_PROLOG_BYTES]
            if markup.is_wide(head):
                head = head.replace(b"\x00", b"").lstrip(b"\xff\xfe")
            match = _PROLOG.match(head)
            if match is not None and match[1].upper() == b"<!DOCTYPE":
                refuse("J509", part=part[:80])
            if match is None and len(first) > _PROLOG_BYTES:
                refuse("J510", part=part[:80], why="开头没有内容")
        for _ in pieces:
            pass
        return first

    def size(self, part: str) -> int:
        """Bytes of the content of a part."""
        name = self._name(part)
        member = self._members[name]
        return len(self._new[name]) if member is None or name in self._new else member.size

    def replace(self, part: str, data: bytes) -> None:
        """Give a part new content; equal content changes nothing."""
        name = self._name(part)
        if self.read(name) != data:
            self._new[name] = data

    def add(self, part: str, data: bytes, content_type: str) -> None:
        """Add a part and its entry in [Content_Types].xml; ValueError when the part is there already."""
        if self.find(part) is not None:
            raise ValueError(f"part {part} exists")
        types = self.read(CONTENT_TYPES)
        root = markup.elements(types, CONTENT_TYPES)[0]
        head = markup.prefix(types, root)
        name, kind = markup.attribute("/" + part), markup.attribute(content_type)
        entry = b'<%sOverride PartName="%s" ContentType="%s"/>' % (head, name, kind)
        self.replace(CONTENT_TYPES, markup.splice(types, [markup.insertion(types, root, entry)]))
        self._members[part] = None
        self._lower[part.lower()] = part
        self._new[part] = data

    def remove(self, part: str) -> None:
        """Remove a part, its own relationships and its content type; what points at it is the caller's."""
        name = self._name(part)
        own = self.find(relations_part(name))
        for gone in (name, own):
            if gone is not None:
                del self._members[gone]
                del self._lower[gone.lower()]
                self._new.pop(gone, None)
        self._removed = True
        types = self.read(CONTENT_TYPES)
        edits = [
            (element.start, element.end, b"")
            for element in markup.elements(types, CONTENT_TYPES)
            if element.attrs.get("PartName", "").lstrip("/").lower() == name.lower()
        ]
        if edits:
            self.replace(CONTENT_TYPES, markup.splice(types, edits))

    def relations(self, part: str) -> list[Relation]:
        """Relationships of a part (``""``: of the package itself), targets resolved to part names."""
        name = self.find(relations_part(part))
        if name is None:
            return []
        found: list[Relation] = []
        for element in markup.elements(self.read(name), name):
            if element.name == "Relationship":
                get = element.attrs.get
                target = get("Target", "").replace("\\", "/")
                seen_from = posixpath.join(posixpath.dirname(part), target)
                whole = target.lstrip("/") if target.startswith("/") else posixpath.normpath(seen_from)
                kind = get("Type", "").rpartition("/")[2]
                found.append(Relation(get("Id", ""), kind, whole, get("TargetMode") == "External"))
        return found

    def to_bytes(self) -> bytes:
        """The package as bytes; the very bytes that were opened when nothing was changed."""
        return self._written(self._new) if self._new or self._removed else self._data

    def bytes_with(self, parts: Mapping[str, bytes]) -> bytes:
        """The package as bytes with other content for some parts, not compressed; the package itself stays as it is."""
        return self._written(self._new | {self._name(part): data for part, data in parts.items()}, level=0)

    def _written(self, new: Mapping[str, bytes], level: int = 6) -> bytes:
        out: list[bytes] = []
        records: list[bytes] = []
        at = 0
        for name, member in self._members.items():
            if name in new or member is None:
                entry, record = packed(name, new[name], at, level)
            else:
                entry, record = copied(self._data, member, at)
            out.append(entry)
            records.append(record)
            at += len(entry)
        size, count = sum(map(len, records)), len(records)
        closing = _END.pack(b"PK\x05\x06", 0, 0, count, count, size, at, len(self._comment))
        return b"".join((*out, *records, closing, self._comment))

    def _name(self, part: str) -> str:
        name = self.find(part)
        if name is None:
            refuse("J514", part=part)
        return name


def relations_part(part: str) -> str:
    """Name of the part that holds a part's relationships."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")
