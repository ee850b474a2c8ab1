"""Where the add-in and the entries that start the service belong, by system, and writing there without harm.

Only files that carry our mark are ever replaced or removed; anything else of the same name is the user's.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from jixiao.app.doorbell import places as bell
from jixiao.model import CannotWrite, Refused

XLAM, OXT = "jixiao.xlam", "jixiao.oxt"
XLAM_MARK, OXT_MARK = b'<tab id="jxTab"', b"cn.jixiao.calc"
ENTRY_MARK = b"jixiao addin install"
_VERSION = (b"<dc:description>jixiao ", b"</dc:description>")
# in LibreOffice's own list: identifier, then folder, file, type, version
_EXTENSION = re.compile(rb"cn\.jixiao\.calc\n(?:[^\xff\n]*\xff){3}([0-9A-Za-z.+-]{1,40})\xff")
_MAC_OFFICE = "Library/Group Containers/UBF8T346G9.Office"
_MAC_STARTUP = f"{_MAC_OFFICE}/User Content.localized/Startup.localized/Excel"


@dataclass(frozen=True, slots=True)
class Machine:
    """The machine and user to install for; tests give one of their own with a home of their own."""

    system: str = sys.platform
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    home: Path = field(default_factory=Path.home)
    python: str = sys.executable

    def roaming(self) -> Path:
        """Windows: the roaming application data."""
        given = self.environ.get("APPDATA", "")
        return Path(given) if given else self.home / "AppData" / "Roaming"

    def service_home(self) -> Path:
        """The folder of the service's lock."""
        return bell.home_folder(self.system, self.environ, self.home)

    def inboxes(self) -> tuple[Path, ...]:
        """The doorbell's inboxes."""
        return bell.inboxes(self.system, self.environ, self.home)

    def xdg(self, name: str, usual: str) -> Path:
        """A folder of the XDG base directories."""
        given = self.environ.get(name, "")
        return Path(given) if given.startswith("/") else self.home / usual


def shipped() -> Path:
    """The folder of the finished add-ins: inside the installed package, or in the checkout it runs from; Refused."""
    package = Path(__file__).parents[2]
    for folder in (package / "addin", package.parents[1] / "addin"):
        if (folder / XLAM).is_file() and (folder / OXT).is_file():
            return folder
    raise Refused("J860")


def excel_startup(machine: Machine) -> tuple[Path | None, bool]:
    """(the folder Excel loads at start, whether this user's Excel is there); no folder where there is no Excel."""
    if machine.system == "win32":
        excel = machine.roaming() / "Microsoft" / "Excel"
        return excel / "XLSTART", excel.is_dir()
    if machine.system == "darwin":
        return machine.home / _MAC_STARTUP, (machine.home / _MAC_OFFICE).is_dir()
    return None, False


def office_profile(machine: Machine) -> Path:
    """Where LibreOffice keeps what belongs to this user; it is there once LibreOffice has run."""
    if machine.system == "win32":
        return machine.roaming() / "LibreOffice" / "4" / "user"
    if machine.system == "darwin":
        return machine.home / "Library" / "Application Support" / "LibreOffice" / "4" / "user"
    return machine.xdg("XDG_CONFIG_HOME", ".config") / "libreoffice" / "4" / "user"


def extension_version(machine: Machine) -> str:
    """The version of our extension that this user's LibreOffice has taken in, ``""`` where it has none."""
    listed = office_profile(machine) / "uno_packages" / "cache" / "uno_packages.pmap"
    try:
        found = _EXTENSION.search(listed.read_bytes()[:1_000_000])
    except OSError:
        return ""
    return found[1].decode("ascii") if found is not None else ""


def version_of(path: Path) -> str | None:
    """The version of one of our add-ins, ``""`` where the file is not ours, None where there is none."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    if XLAM_MARK not in data and OXT_MARK not in data:
        return ""
    _, _, rest = data.partition(_VERSION[0])
    return rest.partition(_VERSION[1])[0].decode("utf-8", "replace")[:40]


def is_ours(path: Path) -> bool:
    """Whether a file carries our mark (the parts of our packages are stored, so the mark stands in plain bytes)."""
    try:
        data = path.read_bytes()
    except OSError:
        return False
    return any(mark in data for mark in (XLAM_MARK, OXT_MARK, ENTRY_MARK))


def write(path: Path, data: bytes) -> bool:
    """Write a file of ours in one step, folders made; whether anything changed.

    CannotWrite (exit 6) where a file of that name is not ours or cannot be written; Busy (exit 4) where Excel has it
    open.
    """
    from jixiao.office.saving.save import load, save_new, save_over

    if not os.path.lexists(path):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CannotWrite("J865", file=path, why=error.strerror or "无法建立文件夹") from error
        save_new(path, data)
        return True
    if not is_ours(path):
        raise CannotWrite("J864", file=path)
    old, was = load(path)
    if old == data:
        return False
    save_over(path, data, was, backup=False)
    return True


def remove(path: Path) -> bool:
    """Remove a file of ours; False where there is none. CannotWrite where it is not ours or cannot be removed."""
    if not os.path.lexists(path):
        return False
    if not is_ours(path):
        raise CannotWrite("J864", file=path)
    try:
        path.unlink()
    except OSError as error:
        raise CannotWrite("J865", file=path, why=error.strerror or "无法删除") from error
    return True
