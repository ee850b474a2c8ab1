"""Where the doorbell hangs: the folders of this user, by system. The add-in computes the same ones (JxBell.InboxFolder)."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

EXCEL_HOME = Path(
    "Library/Containers/com.microsoft.Excel/Data"
)  # where the Mac lets Excel write without asking


def home_folder(
    system: str = sys.platform, environ: Mapping[str, str] = os.environ, home: Path | None = None
) -> Path:
    """The folder that the service keeps its lock and inbox in; it need not exist."""
    own = home or Path.home()
    if system == "win32":
        local = environ.get("LOCALAPPDATA", "")
        return (Path(local) if local else own / "AppData" / "Local") / "Jixiao"
    if system == "darwin":
        return own / "Library" / "Application Support" / "Jixiao"
    data = environ.get("XDG_DATA_HOME", "")
    return (Path(data) if data.startswith("/") else own / ".local" / "share") / "jixiao"


def inboxes(
    system: str = sys.platform, environ: Mapping[str, str] = os.environ, home: Path | None = None
) -> tuple[Path, ...]:
    """The folders that requests may come into: the user's own first, on a Mac also the one inside Excel's container."""
    own = home or Path.home()
    main = home_folder(system, environ, own) / "inbox"
    if system == "darwin" and (own / EXCEL_HOME).is_dir():
        return main, own / EXCEL_HOME / "Jixiao" / "inbox"
    return (main,)
