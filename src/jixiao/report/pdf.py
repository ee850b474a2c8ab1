"""A .docx as .pdf, by the LibreOffice of this machine: one office of our own, a time limit, nothing left behind."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Collection
from pathlib import Path

from jixiao.model import Finding, make
from jixiao.verify import find_office

SECONDS = 120.0
NOT_RUN = "不能运行"
UNUSABLE = (126, 127)  # how a shell says that a program, or one that it needs, is not there
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
    office = find_office()
    if office is None:
        return make("J704", file=name)
    with tempfile.TemporaryDirectory(prefix="jixiao-pdf-", ignore_cleanup_errors=True) as folder:
        room = Path(folder)
        (room / "report.docx").write_bytes(document)
        _profile(room / "profile")
        why = _convert(office, room)
        if why == NOT_RUN:
            return make("J704", file=name)
        made = room / "report.pdf"
        if why or not made.is_file():
            return make("J705", file=name, why=why or "没有生成文件")
        return made.read_bytes()


def _convert(office: str, room: Path) -> str:
    """Run the office over the document; the reason where it failed."""
    words = [office, f"-env:UserInstallation={(room / 'profile').as_uri()}", "--headless", "--norestore", "--nologo",
             "--convert-to", "pdf:writer_pdf_Export", "--outdir", str(room), str(room / "report.docx")]  # fmt: skip
    own = os.name == "posix"
    try:
        process = subprocess.Popen(  # noqa: S603 - a program found on this machine, fixed words, no shell
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=own,
        )
    except OSError:
        return NOT_RUN
    try:
        code = process.wait(SECONDS)
    except subprocess.TimeoutExpired:
        return f"超过{SECONDS:.0f}秒"
    finally:
        if own:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)  # the group is our own: start_new_session
        elif process.poll() is None:
            process.kill()
        process.wait()
    if code in UNUSABLE:
        return NOT_RUN
    return "" if code == 0 else f"LibreOffice 退出码 {code}"


def _profile(folder: Path) -> None:
    """A fresh profile in which missing fonts have stand-ins of the same kind."""
    pairs = "".join(
        f'<item oor:path="{_FONTS}/FontPairs"><node oor:name="_{number}" oor:op="replace">'
        f'<prop oor:name="ReplaceFont"><value>{font}</value></prop>'
        f'<prop oor:name="SubstituteFont"><value>{other}</value></prop>'
        '<prop oor:name="Always"><value>true</value></prop><prop oor:name="OnScreenOnly"><value>false</value></prop>'
        "</node></item>"
        for number, (font, other) in enumerate(_standins(_installed()).items())
    )
    text = (
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        f'<item oor:path="{_FONTS}"><prop oor:name="Replacement" oor:op="fuse"><value>true</value></prop></item>'
        f"{pairs}</oor:items>"
    )
    (folder / "user").mkdir(parents=True)
    (folder / "user" / "registrymodifications.xcu").write_text(text, "utf-8")


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
