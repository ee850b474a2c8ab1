"""Formats that only a word processor reads, through the LibreOffice of this machine: .doc to read, .pdf to write.

One office of our own with a fresh profile (macros of a document are not run), a time limit, nothing left behind.
"""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

SECONDS = 120.0
DOCX, PDF = "docx:MS Word 2007 XML", "pdf:writer_pdf_Export"
_OFFICES = (
    "/usr/lib/libreoffice/program/soffice",
    "/opt/libreoffice/program/soffice",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "C:/Program Files/LibreOffice/program/soffice.exe",
)
_UNUSABLE = (126, 127)  # how a shell says that a program, or one that it needs, is not there


class NoOffice(Exception):  # noqa: N818 - nothing went wrong: there is none
    """No LibreOffice here that can be run."""


class NotConverted(Exception):  # noqa: N818
    """The office made nothing of the document; the text says why, in Chinese."""


@functools.cache
def find_office() -> str | None:
    """The office program, or None."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((path for path in _OFFICES if Path(path).exists()), None)


def converted(document: bytes, suffix: str, to: str, settings: str = "") -> bytes:
    """A document (``suffix`` is that of its format) in another format, ``to`` as the office names it.

    ``settings``: the registry of the profile. ``NoOffice``, or ``NotConverted`` where it fails or takes too long.
    """
    office = find_office()
    if office is None:
        raise NoOffice
    with tempfile.TemporaryDirectory(prefix="jixiao-office-", ignore_cleanup_errors=True) as folder:
        room = Path(folder)
        source = room / f"document.{suffix}"
        source.write_bytes(document)
        profile = room / "profile"
        if settings:
            (profile / "user").mkdir(parents=True)
            (profile / "user" / "registrymodifications.xcu").write_text(settings, "utf-8")
        words = [office, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nologo",
                 "--convert-to", to, "--outdir", str(room / "made"), str(source)]  # fmt: skip
        code = _run(words)
        if code in _UNUSABLE:
            raise NoOffice
        made = room / "made" / f"document.{to.partition(':')[0]}"
        if code or not made.is_file():
            raise NotConverted(f"LibreOffice 退出码 {code}" if code else "没有生成文件")
        return made.read_bytes()


def _run(words: list[str]) -> int:
    own = os.name == "posix"
    try:
        process = subprocess.Popen(  # noqa: S603 - a program found on this machine, fixed words, no shell
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=own,
        )
    except OSError as error:
        raise NoOffice from error
    try:
        return process.wait(SECONDS)
    except subprocess.TimeoutExpired as error:
        raise NotConverted(f"超过{SECONDS:.0f}秒") from error
    finally:
        if own:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)  # the group is our own: start_new_session
        elif process.poll() is None:
            process.kill()
        process.wait()
