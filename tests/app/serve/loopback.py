"""A running service for tests, and a client that may be as rude as a test wants."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from jixiao.app import service as serving


@dataclass(frozen=True)
class Said:
    """An answer: status, headers, bytes."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def data(self) -> Any:
        """The JSON of the answer."""
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The catalogue code of an error."""
        return str(self.data["error"]["code"])


@dataclass(frozen=True)
class Client:
    """A client of one service; with its token unless a test says otherwise."""

    service: serving.Service

    @property
    def own(self) -> str:
        """The origin of the page."""
        return f"http://127.0.0.1:{self.service.port}"

    def call(self, method: str, path: str, body: Any = None, token: str | None = "", **headers: str) -> Said:
        """One request over a real socket. ``body``: bytes as they are, anything else as JSON."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if token is not None:
            sent["X-Jixiao-Token"] = token or self.service.keys.token
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        line = http.client.HTTPConnection("127.0.0.1", self.service.port, timeout=60)
        try:
            line.request(method, path, body=data, headers=sent)
            answer = line.getresponse()
            return Said(answer.status, dict(answer.headers.items()), answer.read())
        finally:
            line.close()

    def raw(self, data: bytes) -> bytes:
        """Bytes as they are, and what comes back until the line is closed."""
        with socket.create_connection(("127.0.0.1", self.service.port), timeout=20) as line:
            line.sendall(data)
            made = b""
            while piece := line.recv(65_536):
                made += piece
            return made

    def session(self) -> str:
        """A new session's path."""
        return f"/api/sessions/{self.call('POST', '/api/sessions').data['session']}"

    def put(self, session: str, name: str, data: bytes) -> Said:
        """Upload a file."""
        return self.call("PUT", f"{session}/files?name={quote(name)}", data)
