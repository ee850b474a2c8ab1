"""A .docx as .pdf, with stand-ins for the fonts that the machine lacks."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Collection

from jixiao.model import Finding, make
from jixiao.office import PDF, NoOffice, NotConverted, converted

# font of the report -> what stands in for it where it is not installed, best first
STANDINS = {
    "方正小标宋简体": (
        "方正小标宋_GBK",
        "FZXiaoBiaoSong-B05S",
        "华文中宋",
        "宋体",
        "SimSun",
        "Noto Serif CJK SC",
    ),
    "仿宋_GB2312": ("仿宋", "FangSong", "FandolFang R", "Noto Serif CJK SC"),
    "楷体_GB2312": ("楷体", "KaiTi", "FandolKai", "AR PL UKai CN", "Noto Serif CJK SC"),
    "黑体": ("SimHei", "FandolHei", "Noto Sans CJK SC"),
    "宋体": ("SimSun", "FandolSong", "Noto Serif CJK SC"),
    "Times New Roman": ("Liberation Serif", "Tinos", "Nimbus Roman", "Noto Serif CJK SC"),
}


def to_pdf(document: bytes, name: str) -> bytes | Finding:
    """The document as PDF, or the finding that says why there is none (not installed, too slow, failed)."""
    try:
        return converted(document, "docx", PDF, _settings())
    except NoOffice:
        return make("J704", file=name)
    except NotConverted as error:
        return make("J705", file=name, why=str(error))


def _settings() -> str:
    """The registry of a profile in which missing fonts have stand-ins of the same kind."""
    pairs = "".join(
        f'<item oor:path="{_FONTS}/FontPairs"><node oor:name="_{number}" oor:op="replace">'
        f'<prop oor:name="ReplaceFont"><value>{font}</value></prop>'
        f'<prop oor:name="SubstituteFont"><value>{other}</value></prop>'
        '<prop oor:name="Always"><value>true</value></prop><prop oor:name="OnScreenOnly"><value>false</value></prop>'
        "</node></item>"
        for number, (font, other) in enumerate(_standins(_installed()).items())
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        f'<item oor:path="{_FONTS}"><prop oor:name="Replacement" oor:op="fuse"><value>true</value></prop></item>'
        f"{pairs}</oor:items>"
    )


_FONTS = "/org.openoffice.Office.Common/Font/Substitution"


def _standins(installed: Collection[str]) -> dict[str, str]:
    """Missing fonts with the best stand-in that is there; where the fonts are not known, the office chooses."""
    made = {}
    for font, others in STANDINS.items():
        other = next((name for name in others if name in installed), None)
        if font not in installed and other is not None:
            made[font] = other
    return made


def _installed() -> set[str]:
    """The font families of this machine, as fontconfig lists them; empty where it cannot be asked."""
    lister = shutil.which("fc-list")
    if lister is None:
        return set()
    try:
        told = subprocess.run([lister, ":", "family"], capture_output=True, timeout=20, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return set()
    lines = told.stdout.decode("utf-8", "replace").splitlines()
    return {name.strip() for line in lines for name in line.split(",")}
