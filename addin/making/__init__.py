"""The add-ins for Excel and LibreOffice from the text files of ``addin/``: ``make addin``.

This is how we make ``jixiao.xlam`` and ``jixiao.oxt``; it is no part of the package, which installs the files as they
are committed. The same text gives the same bytes everywhere: no clock, no compression whose output changes with its
version, no order of files on a disk.
"""

from __future__ import annotations

import re
from pathlib import Path

from addin.making.package import ADDIN, addin_package, stored
from addin.making.project import Module, vba_project
from jixiao import __version__
from jixiao.model import Body, DefinitionError, load_yaml

FOLDER = Path(__file__).parents[1]
XLAM, OXT = "jixiao.xlam", "jixiao.oxt"
ICON_PIXELS = 64  # sharp at twice the usual size of a large button
DOCUMENTS = ("ThisWorkbook", "Messages")  # the order of modules is part of the file
MODULES = ("JxBell", "JxRibbon", "JxText")
OXT_PARTS = (
    "META-INF/manifest.xml",
    "description.xml",
    "description.txt",
    "ProtocolHandler.xcu",
    "Addons.xcu",
    "CalcWindowState.xcu",
    "jixiao_calc.py",
)


def files(folder: Path = FOLDER) -> dict[str, bytes]:
    """File name -> content of every add-in; OSError or ValueError where a text file is missing or wrong."""
    return {XLAM: xlam(folder, __version__), OXT: oxt(folder, __version__)}


def xlam(folder: Path, release: str, kind: str = ADDIN) -> bytes:
    """The Excel add-in."""
    excel = folder / "excel"
    ribbon = (excel / "customUI.xml").read_text("utf-8")
    icons = {name: icon(folder, name) for name in sorted(set(re.findall(r'\bimage="(\w+)"', ribbon)))}
    texts = {**messages(excel / "messages.yaml"), "release": release}
    return addin_package(
        ribbon, icons, vba_project(modules(excel / "vba")), texts, version=release, kind=kind
    )


def oxt(folder: Path, release: str) -> bytes:
    """The LibreOffice extension."""
    texts = folder / "libreoffice"
    parts = {name: (texts / name).read_text("utf-8").replace("@VERSION@", release) for name in OXT_PARTS}
    icons = sorted(set(re.findall(r"%origin%/(icons/(\w+)-(\d+)\.png)", parts["Addons.xcu"])))
    drawn = {path: icon(folder, name, int(size)) for path, name, size in icons}
    return stored({**{name: text.encode() for name, text in parts.items()}, **drawn})


def modules(folder: Path) -> list[Module]:
    """The modules of the VBA project in their order; UnicodeError where one is not ASCII."""
    made = [Module(name, (folder / f"{name}.cls").read_text("ascii"), document=True) for name in DOCUMENTS]
    return made + [Module(name, (folder / f"{name}.bas").read_text("ascii")) for name in MODULES]


def icon(folder: Path, name: str, size: int = ICON_PIXELS) -> bytes:
    """One icon as a picture."""
    return (folder / "icons" / f"{name}-{size}.png").read_bytes()


def messages(file: Path) -> dict[str, str]:
    """The texts of the add-in by name; DefinitionError where one is no text."""
    read: Body = load_yaml(file)
    texts = {key: read.text(key) for key in read}
    if "release" in texts:
        raise DefinitionError(file.name, 0, "“release”由生成程序写入")
    return texts
