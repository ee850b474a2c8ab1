"""Reading what is sent, counted while it arrives: a header that tells a size is a promise, not a measure."""

from __future__ import annotations

import asyncio
import time

from jixiao.app.serve.fence import Receive
from jixiao.model import LimitReached, Refused

MOST_UPLOAD = 30 * 1_000_000 - 1  # bytes: 30 MB is refused
MOST_JSON = 65_536
SECONDS = 60.0  # for a whole body
SPILL = 30 * 1_000_000  # read and thrown away behind the limit, so that the sender gets to read our answer


async def read_body(receive: Receive, most: int, declared: str = "") -> bytes:
    """The body of a request; LimitReached (J868) where it is longer, Refused (J882) where it breaks off or takes too long."""
    if declared.isdecimal() and int(declared) > most + SPILL:
        raise LimitReached("J868", limit=max(1, round(most / 1_000_000)))
    made, size, end = bytearray(), 0, time.monotonic() + SECONDS
    while True:
        try:
            message = await asyncio.wait_for(receive(), max(0.0, end - time.monotonic()))
        except TimeoutError:
            raise Refused("J882", seconds=round(SECONDS)) from None
        if message["type"] == "http.disconnect":
            raise Refused("J882", seconds=round(SECONDS))
        piece = message.get("body", b"")
        size += len(piece)
        if size <= most:
            made += piece
        else:
            made.clear()
        if size > most + SPILL or (size > most and not message.get("more_body")):
            raise LimitReached("J868", limit=max(1, round(most / 1_000_000)))
        if not message.get("more_body"):
            return bytes(made)
