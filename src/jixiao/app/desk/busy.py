"""A program that takes no calls now (a cell is being edited, a dialog is open): waited for, but not for ever."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

from jixiao.model import Busy

T = TypeVar("T")
PATIENCE = 3.0  # seconds
PAUSE = 0.1
# RPC_E_CALL_REJECTED, RPC_E_SERVERCALL_RETRYLATER, VBA_E_IGNORE: what Excel answers while it is busy
REJECTED = frozenset((-2147418111, -2147417846, -2146777998))
EXCEPTION = -2147352567
TIMED_OUT = -1712  # what Excel for Mac answers


def is_busy(error: BaseException) -> bool:
    """Whether an error means that the program is busy, whatever library it comes from."""
    if type(error).__name__ == "ExcelBusyError":
        return True
    code = getattr(error, "hresult", getattr(error, "errornumber", None))
    details = error.args[2] if len(error.args) > 2 else None
    if code == EXCEPTION:  # what it is stands in the details; without any, a cell is being edited
        return not details or (isinstance(details, tuple) and details[-1] in REJECTED)
    return code in REJECTED or code == TIMED_OUT


def patiently(call: Callable[[], T]) -> T:
    """The result of a call, tried again while the program is busy; ``Busy`` (J830) after ``PATIENCE`` seconds.

    The call must be one that may be made twice.
    """
    limit = time.monotonic() + PATIENCE
    while True:
        try:
            return call()
        except Exception as error:
            if not is_busy(error):
                raise
            if time.monotonic() >= limit:
                raise Busy("J830") from error
        time.sleep(PAUSE)


def ready(app: Any) -> None:
    """Return as soon as the program takes calls; ``Busy`` where it does not."""
    patiently(lambda: len(app.books))
