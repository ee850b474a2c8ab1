"""The fence around every request: this machine, this page, this start's token. Plain ASGI, before any routing.

No CORS header is ever sent: the page is of the same origin, and nobody else is to read anything.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from jixiao.app.serve.keys import Keys
from jixiao.model import Finding, make

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

TOKEN = "x-jixiao-token"  # noqa: S105 - the name of a header
OPEN = "/api/open"  # the one question that may be asked without the token: it hands it over
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE")
LOOPBACK = ("127.0.0.1", "::1")
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
_DRESS = [(name.encode(), value.encode()) for name, value in HEADERS.items()]


class Fence:
    """An ASGI application around another: what does not belong here is answered by the fence itself."""

    def __init__(self, inner: App, keys: Keys, port: int) -> None:
        self.inner, self.keys = inner, keys
        self.hosts = frozenset((f"127.0.0.1:{port}", f"localhost:{port}"))

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Let a request in, or answer why not."""
        if scope["type"] != "http":
            return
        wrong = self.objection(scope)
        if wrong is not None:
            await refuse(send, *wrong)
            return

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [pair for pair in message["headers"] if pair[0].lower().decode() not in HEADERS]
                message = {**message, "headers": [*kept, *_DRESS]}
            await send(message)

        await self.inner(scope, receive, dressed)

    def objection(self, scope: MutableMapping[str, Any]) -> tuple[int, Finding] | None:
        """Status and reason why a request is not let in, None where it is."""
        client = scope.get("client")
        hosts, origins = values(scope, "host"), values(scope, "origin")
        if (client and client[0] not in LOOPBACK) or len(hosts) != 1 or hosts[0].lower() not in self.hosts:
            return 421, make("J869")
        if origins not in ([], [f"http://{hosts[0].lower()}"]):
            return 403, make("J870")
        if any(site not in ("same-origin", "none") for site in values(scope, "sec-fetch-site")):
            return 403, make("J870")
        if scope["method"] not in METHODS:
            return 405, make("J874")
        if not is_plain(scope):
            return 404, make("J873")
        if scope["path"].startswith("/api/") and scope["path"] != OPEN:
            tokens = values(scope, TOKEN)
            if len(tokens) != 1 or not self.keys.fits(tokens[0]):
                return 401, make("J871")
        return None


def values(scope: MutableMapping[str, Any], name: str) -> list[str]:
    """Every value of a header."""
    return [value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name.encode()]


def is_plain(scope: MutableMapping[str, Any]) -> bool:
    """Whether a path is written plainly: no hidden slash, no way up, nothing to decode twice."""
    raw = bytes(scope.get("raw_path") or scope["path"].encode()).lower()
    return not any(bad in raw for bad in (b"%2f", b"%5c", b"%00", b"%25", b"%2e", b"\\", b"..", b"//"))


async def refuse(send: Send, status: int, finding: Finding) -> None:
    """Answer with a finding."""
    body = json.dumps({"error": finding.data()}, ensure_ascii=False).encode("utf-8")
    headers = [
        (b"content-type", b"application/json; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
        *_DRESS,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
