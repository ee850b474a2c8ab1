"""The zip archive around a workbook, read strictly and written so that untouched members keep their bytes.

Not ``zipfile``: that is slow to import, trusts overlapping and doubled entries, and cannot copy a compressed
member. Every inconsistency is refused here, so no two readers can see different workbooks in one file.
"""

from __future__ import annotations

import itertools
import struct
import zlib
from collections.abc import Iterable, Iterator

from jixiao.office.ooxml.problems import limit, refuse

MAX_ENTRIES = 2_000
MAX_TOTAL = 1_000_000_000
MAX_RATIO = 100
RATIO_FROM = 1_000_000  # bytes; smaller parts may compress as well as they like
STORED, DEFLATED = 0, 8
_CHUNK = 1 << 20
_FULL = 0xFFFFFFFF
_DATE_1980 = 0x21  # 1980-01-01 in DOS form: the same content gives the same bytes

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")


class Member:
    """One entry: ``name`` with forward slashes, sizes in bytes, and where its bytes lie in the archive."""

    __slots__ = ("central", "crc", "data_start", "end", "flags", "method", "name", "offset", "packed", "size")

    name: str
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    data_start: int
    end: int
    central: bytes


def read_directory(data: bytes, *, max_total: int = MAX_TOTAL) -> tuple[list[Member], bytes]:
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
    total = sum(member.size for member in members)
    if total > max_total:
        limit("J512", size=_mega(total), most=_mega(max_total))
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
    member = Member()
    member.flags, member.method, member.crc = fields[3], fields[4], fields[7]
    member.packed, member.size, member.offset = fields[8], fields[9], fields[16]
    if _FULL in (member.packed, member.size, member.offset):
        _read_wide(member, data[name_end:extra_end])
    raw = data[at + _CENTRAL.size : name_end]
    try:
        name = raw.decode("utf-8" if member.flags & 0x800 else "cp437")
    except UnicodeDecodeError:
        refuse("J503", why="条目名称无法识别")
    member.name = name.replace("\\", "/")
    member.central = data[at:stop]
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
    packed = memoryview(data)[member.data_start : member.data_start + member.packed]
    seen, crc = 0, 0
    for piece in _inflate(packed, member, chunk):
        seen += len(piece)
        if seen > member.size:
            break
        crc = zlib.crc32(piece, crc)
        yield piece
    if seen != member.size or crc != member.crc:
        refuse("J504", name=member.name[:80])


def _inflate(packed: memoryview, member: Member, chunk: int) -> Iterator[bytes]:
    if member.method == STORED:
        for at in range(0, len(packed), chunk):
            yield bytes(packed[at : at + chunk])
        return
    engine = zlib.decompressobj(-15)
    try:
        piece = engine.decompress(packed, chunk)
        while piece:
            yield piece
            piece = engine.decompress(engine.unconsumed_tail, chunk)
    except zlib.error:
        refuse("J504", name=member.name[:80])
    if not engine.eof or engine.unused_data:
        refuse("J504", name=member.name[:80])


def inflate(data: bytes, member: Member) -> bytes:
    """The whole content of a member, verified."""
    return b"".join(inflate_chunks(data, member))


def copied(data: bytes, member: Member, offset: int) -> tuple[bytes, bytes]:
    """(entry, directory record) of an untouched member, to stand at ``offset`` of a new archive."""
    record = bytearray(member.central)
    if struct.unpack_from("<L", record, 42)[0] == _FULL:
        return packed(member.name, inflate(data, member), offset)
    struct.pack_into("<L", record, 42, offset)
    return data[member.offset : member.end], bytes(record)


def packed(name: str, content: bytes, offset: int) -> tuple[bytes, bytes]:
    """(entry, directory record) of new content, the same for the same content."""
    raw = name.encode("utf-8")
    flags = 0 if raw.isascii() else 0x800
    engine = zlib.compressobj(6, zlib.DEFLATED, -15)
    body = engine.compress(content) + engine.flush()
    crc = zlib.crc32(content)
    common = (20, flags, DEFLATED, 0, _DATE_1980, crc, len(body), len(content), len(raw))
    entry = _LOCAL.pack(b"PK\x03\x04", *common, 0) + raw + body
    record = _CENTRAL.pack(b"PK\x01\x02", 20, *common, 0, 0, 0, 0, 0, offset) + raw
    return entry, record


def ending(count: int, size: int, start: int, comment: bytes) -> bytes:
    """The record that closes an archive."""
    return _END.pack(b"PK\x05\x06", 0, 0, count, count, size, start, len(comment)) + comment


def _mega(size: int) -> str:
    return f"{size / 1_000_000:.0f} MB"
