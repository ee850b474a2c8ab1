"""``jixiao addin build``: the add-ins from the text files of addin/. The same text gives the same bytes everywhere."""

from __future__ import annotations

import re
from pathlib import Path

from jixiao.app.addin.making.package import ADDIN, addin_package, stored
from jixiao.app.addin.making.picture import png
from jixiao.app.addin.making.project import Module, vba_project
from jixiao.model import Body, DefinitionError, Refused, load_yaml

XLAM, OXT = "jixiao.xlam", "jixiao.oxt"
ICON_PIXELS = 64  # sharp at twice the usual size of a large button
DOCUMENTS = ("ThisWorkbook", "Messages")  # the order of modules is part of the file
OXT_PARTS = (
    "META-INF/manifest.xml",
    "description.xml",
    "description.txt",
    "ProtocolHandler.xcu",
    "Addons.xcu",
    "CalcWindowState.xcu",
    "jixiao_calc.py",
)
MODULES = ("JxBell", "JxRibbon", "JxText")


def sources() -> Path:
    """The folder with the text files: inside the installed package, or in the checkout it runs from; Refused."""
    package = Path(__file__).parents[2]
    for folder in (package / "addin", package.parents[1] / "addin"):
        if (folder / "excel" / "customUI.xml").is_file():
            return folder
    raise Refused("J860")


def build(out: Path, version: str = "") -> list[Path]:
    """Write every add-in into a folder, made if absent; a file that is there already is replaced in one step."""
    from jixiao.app.addin.places import write

    made = []
    for name, data in files(version).items():
        out.mkdir(parents=True, exist_ok=True)
        write(out / name, data)
        made.append(out / name)
    return made


def files(version: str = "") -> dict[str, bytes]:
    """File name -> content of every add-in; Refused where the text files are incomplete or wrong."""
    folder = sources()
    own = version or _own_version()
    return {XLAM: xlam(folder, own), OXT: oxt(folder, own)}


def xlam(folder: Path, version: str, kind: str = ADDIN) -> bytes:
    """The Excel add-in; Refused (J861) naming the file that is wrong."""
    excel = folder / "excel"
    try:
        ribbon = (excel / "customUI.xml").read_text("utf-8")
        icons = {name: icon(folder, name) for name in sorted(set(re.findall(r'\bimage="(\w+)"', ribbon)))}
        return addin_package(
            ribbon,
            icons,
            vba_project(modules(excel / "vba")),
            {**messages(excel / "messages.yaml"), "release": version},
            version=version,
            kind=kind,
        )
    except (OSError, ValueError, KeyError) as error:
        raise Refused("J861", why=f"{type(error).__name__}: {error}") from error


def oxt(folder: Path, version: str) -> bytes:
    """The LibreOffice extension; Refused (J861) naming the file that is wrong."""
    texts = folder / "libreoffice"
    try:
        parts = {name: (texts / name).read_text("utf-8") for name in OXT_PARTS}
        icons = sorted(set(re.findall(r"%origin%/(icons/(\w+)-(\d+)\.png)", parts["Addons.xcu"])))
        drawn = {path: icon(folder, name, int(size)) for path, name, size in icons}
    except (OSError, ValueError, KeyError) as error:
        raise Refused("J861", why=f"{type(error).__name__}: {error}") from error
    return stored(
        {**{name: text.replace("@VERSION@", version).encode() for name, text in parts.items()}, **drawn}
    )


def modules(folder: Path) -> list[Module]:
    """The modules of the VBA project in their order; UnicodeError where one is not ASCII."""
    made = [Module(name, (folder / f"{name}.cls").read_text("ascii"), document=True) for name in DOCUMENTS]
    return made + [Module(name, (folder / f"{name}.bas").read_text("ascii")) for name in MODULES]


def icon(folder: Path, name: str, size: int = ICON_PIXELS) -> bytes:
    """One icon as a picture."""
    return png((folder / "icons" / f"{name}.svg").read_text("utf-8"), size)


def messages(file: Path) -> dict[str, str]:
    """The texts of the add-in by name; DefinitionError where one is no text."""
    read: Body = load_yaml(file)
    texts = {key: read.text(key) for key in read}
    if "release" in texts:
        raise DefinitionError(file.name, 0, "“release”由生成程序写入")
    return texts


def _own_version() -> str:
    from jixiao import __version__

    return __version__
