"""The lines to the web server: how many, how long one may stay silent, and the protocol's own errors in Chinese."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import STATUS_PHRASES, H11Protocol

from jixiao.app.service.fence import told
from jixiao.model import Finding, make

MOST_LINES = 64
HEAD_SECONDS = 10.0  # until the head of a request is there; the body has ``fence.SECONDS``


class Line(H11Protocol):
    """One connection. With too many open, the one that keeps us waiting longest gives way to a newcomer."""

    _due: asyncio.TimerHandle | None = None
    heard = 0.0

    def connection_made(self, transport: Any) -> None:
        """Take a connection."""
        super().connection_made(transport)
        self._listen()
        if len(self.connections) > MOST_LINES:
            lines = [line for line in self.connections if isinstance(line, Line) and line is not self]
            silent = [line for line in lines if not line.is_working()]
            if silent:
                min(silent, key=lambda line: line.heard).transport.abort()
            else:
                self.say(503, make("J830"))

    def data_received(self, data: bytes) -> None:
        """Take what came."""
        super().data_received(data)
        self._listen()

    def connection_lost(self, exc: Exception | None) -> None:
        """The line is gone."""
        super().connection_lost(exc)
        if self._due is not None:
            self._due.cancel()

    def is_working(self) -> bool:
        """Whether a whole request is being worked on."""
        return self.cycle is not None and not self.cycle.more_body and not self.cycle.response_started

    def _listen(self) -> None:
        """Hold the line to its time while a request is to come."""
        self.heard = self.loop.time()
        if self.cycle is not None and not self.cycle.response_complete:
            if self._due is not None:
                self._due.cancel()
                self._due = None
        elif self._due is None:
            self._due = self.loop.call_later(HEAD_SECONDS, self._late)

    def _late(self) -> None:
        self._due = None
        if self.cycle is None or self.cycle.response_complete:
            self.say(408, make("J887", seconds=round(HEAD_SECONDS)))

    def send_400_response(self, msg: str) -> None:
        """What came is not HTTP."""
        self.say(400, make("J886"))

    def say(self, status: int, finding: Finding) -> None:
        """Answer with a finding, as far as the protocol still allows an answer, and hang up."""
        headers, body = told(finding)
        if repr(self.conn.our_state) in ("IDLE", "SEND_RESPONSE"):
            lines = [
                b"HTTP/1.1 %d %s" % (status, STATUS_PHRASES[status]),
                *map(b": ".join, headers),
                b"",
                body,
            ]
            self.transport.write(b"\r\n".join(lines))
        self.transport.close()
