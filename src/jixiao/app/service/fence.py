"""The fence around every request: this machine, this page, this start's token; and nothing longer than it may be.

Plain ASGI, before any routing. No CORS header is ever sent: the page is of the same origin, and nobody else is to read
anything. The token is handed over once, through a code that is used up by it.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import secrets
import threading
import time
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any

from jixiao.model import Finding, LimitReached, Refused, make

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

TOKEN = "x-jixiao-token"  # noqa: S105 - the name of a header
OPEN = "/api/open"  # the one question that may be asked without the token: it hands it over
PAGE = "/pane"
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
LINK_SECONDS = 600.0  # a link printed or opened
PAIR_SECONDS = 300.0  # a code that is typed into a task pane
PAIR_DIGITS = 8
MOST_WRONG = 5  # typed codes are short, so few guesses are allowed
MOST_CODES = 20
MOST_UPLOAD = 30 * 1_000_000 - 1  # bytes: 30 MB is refused
MOST_JSON = 65_536
SECONDS = 60.0  # for a whole body
SPILL = 30 * 1_000_000  # read and thrown away behind the limit, so that the sender gets to read our answer


class Keys:
    """The token of this start, and the codes that it is handed over for."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.token = secrets.token_urlsafe(32)
        self._clock, self._lock = clock, threading.Lock()
        self._codes: dict[str, float] = {}
        self._wrong = 0

    def link_code(self) -> str:
        """A code for a link; good once, for ten minutes."""
        return self._issue(secrets.token_urlsafe(24), LINK_SECONDS)

    def pair_code(self) -> str:
        """A code to type, in digits; good once, for five minutes, and gone after five wrong guesses."""
        number = secrets.randbelow(10**PAIR_DIGITS)
        return self._issue(f"{number:0{PAIR_DIGITS}d}", PAIR_SECONDS)

    def _issue(self, code: str, seconds: float) -> str:
        with self._lock:
            self._forget()
            while len(self._codes) >= MOST_CODES:
                del self._codes[next(iter(self._codes))]
            self._codes[code] = self._clock() + seconds
            self._wrong = 0
        return code

    def _forget(self) -> None:
        now = self._clock()
        self._codes = {code: end for code, end in self._codes.items() if end > now}

    def redeem(self, code: str) -> str | None:
        """The token for a code, which is then used up; None where it is wrong, used or too old."""
        given = code.encode("utf-8", "replace")
        with self._lock:
            self._forget()
            found = [known for known in self._codes if hmac.compare_digest(known.encode(), given)]
            if found:
                del self._codes[found[0]]
                return self.token
            self._wrong += 1
            if self._wrong >= MOST_WRONG:
                self._codes = {known: end for known, end in self._codes.items() if len(known) > PAIR_DIGITS}
            return None

    def fits(self, token: str) -> bool:
        """Whether this is the token of this start."""
        return hmac.compare_digest(self.token.encode(), token.encode("utf-8", "replace"))


class Fence:
    """An ASGI application around another: what does not belong here is answered by the fence itself."""

    def __init__(self, inner: App, keys: Keys, ports: Sequence[int]) -> None:
        self.inner, self.keys = inner, keys
        self.hosts = frozenset(f"{name}:{port}" for port in ports for name in ("127.0.0.1", "localhost"))

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
        if origins not in ([], [f"{scope.get('scheme', 'http')}://{hosts[0].lower()}"]):
            return 403, make("J870")
        elsewhere = any(site not in ("same-origin", "none") for site in values(scope, "sec-fetch-site"))
        # the small file that opens the browser is another site; a page as such holds nothing without its code
        if elsewhere and not _walked_to(scope):
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


def _walked_to(scope: MutableMapping[str, Any]) -> bool:
    """Whether the browser says that the page is to be a whole window, neither part of another nor read by one."""
    asked = values(scope, "sec-fetch-mode"), values(scope, "sec-fetch-dest")
    return (scope["method"], scope["path"], asked) == ("GET", PAGE, (["navigate"], ["document"]))


def values(scope: MutableMapping[str, Any], name: str) -> list[str]:
    """Every value of a header."""
    return [value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name.encode()]


def is_plain(scope: MutableMapping[str, Any]) -> bool:
    """Whether a path is written plainly: no hidden slash, no way up, nothing to decode twice."""
    raw = bytes(scope.get("raw_path") or scope["path"].encode()).lower()
    return not any(bad in raw for bad in (b"%2f", b"%5c", b"%00", b"%25", b"%2e", b"\\", b"..", b"//"))


def told(finding: Finding) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """Headers and body of an answer that is a finding, behind which the line is closed."""
    body = json.dumps({"error": finding.data()}, ensure_ascii=False).encode("utf-8")
    headers = [
        (b"content-type", b"application/json; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
        *_DRESS,
    ]
    return headers, body


async def refuse(send: Send, status: int, finding: Finding) -> None:
    """Answer with a finding."""
    headers, body = told(finding)
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


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
