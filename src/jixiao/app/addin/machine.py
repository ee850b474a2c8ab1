"""Where the add-in and the entries that start the service belong, by system, and writing there without harm.

The entries start the service at login and from the start menu. They are text files that the system itself reads: no
script engine, no registry, no scheduled task, a file in the folder that the system is meant to look into.
Only files that carry our mark are ever replaced or removed; anything else of the same name is the user's.
"""

from __future__ import annotations

import os
import plistlib
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PureWindowsPath

from jixiao.app.addin.certificate import NAME
from jixiao.app.inbox import CERTIFICATE, home_folder, inboxes
from jixiao.model import CannotWrite, Refused, reason

XLAM, OXT = "jixiao.xlam", "jixiao.oxt"
XLAM_MARK, OXT_MARK = b'<tab id="jxTab"', b"cn.jixiao.calc"
ENTRY_MARK = b"jixiao addin install"
_VERSION = (b"<dc:description>jixiao ", b"</dc:description>")
# in LibreOffice's own list: identifier, then folder, file, type, version
_EXTENSION = re.compile(rb"cn\.jixiao\.calc\n(?:[^\xff\n]*\xff){3}([0-9A-Za-z.+-]{1,40})\xff")
_MAC_OFFICE = "Library/Group Containers/UBF8T346G9.Office"
_MAC_STARTUP = f"{_MAC_OFFICE}/User Content.localized/Startup.localized/Excel"

TITLE = "绩效评分服务"
MARK = ENTRY_MARK.decode("ascii")
LABEL = "cn.jixiao.serve"
# -E -P: neither the environment nor the folder we start in may bend what is imported
WORDS = ("-E", "-P", "-X", "utf8", "-m", "jixiao", "serve")
AT_LOGIN = (*WORDS, "--no-browser")
"""At login nobody asked for the page; from the start menu the page is what is asked for."""
_FOLDERS = ("LOCALAPPDATA", "APPDATA", "USERPROFILE", "ProgramFiles")


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
        return home_folder(self.system, self.environ, self.home)

    def inboxes(self) -> tuple[Path, ...]:
        """The inbox folders."""
        return inboxes(self.system, self.environ, self.home)

    def authority(self) -> Path:
        """The authority behind the certificate for localhost, to be trusted by this user."""
        return self.service_home() / "tls" / "jixiao-localhost.cer"

    def certificate(self) -> Path:
        """The certificate for localhost with its key."""
        return self.service_home() / CERTIFICATE

    def has_office_js(self) -> bool:
        """Whether somebody has put Office.js beside the service, which alone needs https."""
        return (self.service_home() / "office" / "office.js").is_file()

    def trust(self, wish: bool) -> str:
        """The command by which this user trusts the authority, or no longer does."""
        if self.system == "win32":
            return (
                f'certutil -user -addstore Root "{self.authority()}"'
                if wish
                else f'certutil -user -delstore Root "{NAME}"'
            )
        return (
            f'security add-trusted-cert -r trustRoot "{self.authority()}"'
            if wish
            else f'security delete-certificate -c "{NAME}"'
        )

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


def entries(machine: Machine) -> dict[Path, bytes]:
    """Path -> content of every entry that belongs to this system."""
    if machine.system == "win32":
        menu = machine.roaming() / "Microsoft" / "Windows" / "Start Menu" / "Programs"
        startup = _command_file(machine.python, machine.environ, AT_LOGIN)
        return {
            menu / "Startup" / "jixiao-serve.cmd": startup,
            menu / f"{TITLE}.cmd": _command_file(machine.python, machine.environ, WORDS),
        }
    if machine.system == "darwin":
        return {machine.home / "Library" / "LaunchAgents" / f"{LABEL}.plist": _launch_agent(machine.python)}
    config, data = machine.xdg("XDG_CONFIG_HOME", ".config"), machine.xdg("XDG_DATA_HOME", ".local/share")
    return {
        config / "autostart" / "jixiao-serve.desktop": _desktop_entry(machine.python, AT_LOGIN),
        data / "applications" / "jixiao-serve.desktop": _desktop_entry(machine.python, WORDS),
    }


def _command_file(python: str, environ: Mapping[str, str], words: tuple[str, ...]) -> bytes:
    """A .cmd in which the way to Python is ASCII wherever the system has a name for its folder."""
    program = str(PureWindowsPath(python).with_name("pythonw.exe"))
    shown = program.replace("%", "%%")
    for name in _FOLDERS:
        folder = environ.get(name, "").rstrip("\\")
        if folder and program.lower().startswith(folder.lower() + "\\"):
            shown = f"%{name}%" + program[len(folder) :].replace("%", "%%")
            break
    lines = ["@echo off", f"rem {MARK}"]
    if not shown.isascii():
        lines.append("chcp 65001 >nul")
    lines.append(f'start "" "{shown}" {" ".join(words)}')
    return ("\r\n".join(lines) + "\r\n").encode("utf-8")


def _launch_agent(python: str) -> bytes:
    about = {
        "Label": LABEL,
        "ProgramArguments": [python, *AT_LOGIN],
        "RunAtLoad": True,
        "ProcessType": "Background",
        "EnvironmentVariables": {"JIXIAO_ENTRY": MARK},
    }
    return plistlib.dumps(about)


def _desktop_entry(python: str, words: tuple[str, ...]) -> bytes:
    quoted = "".join("\\\\" + letter if letter in '"`$\\' else letter for letter in python).replace("%", "%%")
    lines = [
        "[Desktop Entry]",
        f"# {MARK}",
        "Type=Application",
        f"Name={TITLE}",
        "Comment=让表格软件里的“绩效评分”按钮有人应答",
        f'Exec="{quoted}" {" ".join(words)}',
        "Terminal=false",
        "Categories=Office;",
    ]
    return ("\n".join(lines) + "\n").encode("utf-8")


def write(path: Path, data: bytes) -> bool:
    """Write a file of ours in one step, folders made; whether anything changed.

    CannotWrite (exit 6) where a file of that name is not ours or cannot be written; Busy (exit 4) where Excel has it
    open.
    """
    from jixiao.office import load, save_new, save_over

    if not os.path.lexists(path):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CannotWrite("J865", file=path, why=reason(error)) from error
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
        raise CannotWrite("J865", file=path, why=reason(error)) from error
    return True
