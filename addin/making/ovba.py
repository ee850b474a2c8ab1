"""The compression of VBA sources (MS-OVBA 2.4.1) and the veil over a project's settings (2.4.3). Bytes in, bytes out."""

from __future__ import annotations

import struct

CHUNK = 4096
SHORTEST = 3  # bytes that a back reference stands for at least


def compress(data: bytes) -> bytes:
    """A compressed container: 4096 bytes a chunk, each with back references into itself only."""
    chunks = [_chunk(data[at : at + CHUNK]) for at in range(0, len(data), CHUNK)]
    return b"\x01" + b"".join(chunks)


def _chunk(data: bytes) -> bytes:
    body = _tokens(data)
    if len(body) > CHUNK:  # does not shrink: stored as it is
        return struct.pack("<H", 0x3000 | CHUNK - 1) + data.ljust(CHUNK, b"\x00")
    return struct.pack("<H", 0xB000 | len(body) - 1) + body


def _tokens(data: bytes) -> bytes:
    """Groups of eight tokens behind a byte of flags: a literal byte, or (offset, length) of a repetition."""
    made, group, flags = bytearray(), bytearray(), 0
    count, at = 0, 0
    seen: dict[bytes, list[int]] = {}
    while at < len(data):
        offset, length = _longest(data, at, seen)
        if length:
            bits = _offset_bits(at)
            group += struct.pack("<H", offset - 1 << 16 - bits | length - SHORTEST)
            flags |= 1 << count
        else:
            length = 1
            group.append(data[at])
        for place in range(at, at + length):
            seen.setdefault(data[place : place + SHORTEST], []).append(place)
        at, count = at + length, count + 1
        if count == 8 or at == len(data):
            made += bytes((flags,)) + group
            group, flags, count = bytearray(), 0, 0
    return bytes(made)


def _offset_bits(at: int) -> int:
    """Bits of a token that hold the offset, at this position of a chunk."""
    return max((at - 1).bit_length(), 4)


def _longest(data: bytes, at: int, seen: dict[bytes, list[int]]) -> tuple[int, int]:
    """(how far back, how long) of the longest repetition of what comes here; the nearest of equals."""
    best = (0, 0)
    most = min((0xFFFF >> _offset_bits(at)) + SHORTEST, len(data) - at) if at else 0
    if most < SHORTEST:
        return best
    for start in reversed(seen.get(data[at : at + SHORTEST], ())):
        length = SHORTEST
        while length < most and data[start + length] == data[at + length]:
            length += 1
        if length > best[1]:
            best = (at - start, length)
            if length == most:
                break
    return best


def veiled(data: bytes, key: str, seed: int) -> str:
    """Settings as the PROJECT stream writes them, in hex. ``key`` is the project's id in braces."""
    project_key = sum(key.encode("ascii")) & 0xFF
    made = [seed, seed ^ 2, seed ^ project_key]
    plain = project_key
    padding = bytes((seed & 6) // 2)
    for byte in padding + struct.pack("<L", len(data)) + data:
        made.append(byte ^ (made[-2] + plain & 0xFF))
        plain = byte
    return bytes(made).hex().upper()
