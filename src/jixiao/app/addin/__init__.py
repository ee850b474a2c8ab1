"""The add-in: put where the spreadsheet programs load it, and looked after. How it is made is in ``addin/making``.

The add-in has no rules and does no work. Its buttons leave a request in the inbox (``app/inbox``) and say who answered.
"""

from jixiao.app.addin.health import Line, run_status, status
from jixiao.app.addin.machine import (
    AT_LOGIN,
    LABEL,
    OXT,
    TITLE,
    WORDS,
    XLAM,
    Machine,
    entries,
    extension_version,
    office_profile,
    shipped,
)
from jixiao.app.addin.placing import install, run_install, run_uninstall, uninstall

__all__ = [
    "AT_LOGIN", "LABEL", "OXT", "TITLE", "WORDS", "XLAM", "Line", "Machine", "entries", "extension_version",
    "install", "office_profile", "run_install", "run_status", "run_uninstall", "shipped", "status", "uninstall",
]  # fmt: skip
