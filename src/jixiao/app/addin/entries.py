"""The entries that start the service: at login, and from the start menu. Text files that the system itself reads.

No script engine, no registry, no scheduled task: a file in the folder that the system is meant to look into.
"""

from __future__ import annotations

import plistlib
from collections.abc import Mapping
from pathlib import Path, PureWindowsPath

from jixiao.app.addin.places import ENTRY_MARK, Machine

TITLE = "绩效评分服务"
MARK = ENTRY_MARK.decode("ascii")
LABEL = "cn.jixiao.serve"
# -E -P: neither the environment nor the folder we start in may bend what is imported
WORDS = ("-E", "-P", "-X", "utf8", "-m", "jixiao", "serve")
AT_LOGIN = (*WORDS, "--no-browser")
"""At login nobody asked for the page; from the start menu the page is what is asked for."""
_FOLDERS = ("LOCALAPPDATA", "APPDATA", "USERPROFILE", "ProgramFiles")


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
