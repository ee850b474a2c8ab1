"""Who may ask: a token for each start of the service, handed over once through a code that is used up by it."""

from __future__ import annotations

import hmac
import secrets
import threading
import time
from collections.abc import Callable

LINK_SECONDS = 600.0  # a link printed or opened
PAIR_SECONDS = 300.0  # a code that is typed into a task pane
PAIR_DIGITS = 8
MOST_WRONG = 5  # typed codes are short, so few guesses are allowed
MOST_CODES = 20


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
