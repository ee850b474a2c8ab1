"""The running Excel, through xlwings: the only file that imports it, with the library's dangerous habits switched off."""

from __future__ import annotations

import atexit
import sys
from typing import Any

from jixiao.model import UsageStop

ATTEMPTS = 3  # xlwings itself would ask a busy Excel for ever, in a tight loop


def running(hwnd: int = 0) -> Any:
    """The xlwings App of the Excel with this window, or the active one; ``UsageStop`` (J831) where none runs.

    For Windows and macOS, where Excel is.
    """
    import xlwings

    tame()
    for app in xlwings.apps:
        if not hwnd or app.hwnd == hwnd:
            return app
    raise UsageStop("J831", book="")


def tame() -> None:
    """Bound xlwings' retries, and take back its promise to kill every Excel without a window when Python ends."""
    windows = sys.modules.get("xlwings._xlwindows")
    if windows is not None:
        windows.N_COM_ATTEMPTS = ATTEMPTS  # type: ignore[attr-defined]  # a module variable without types
        atexit.unregister(windows.cleanup)
