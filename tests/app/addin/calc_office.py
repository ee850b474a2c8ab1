"""Calc with the extension installed by unopkg into a profile of its own, unseen or on a display."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from addin import making
from jixiao.office import find_office
from jixiao.verify import ENGINES, find_python

WORKER = Path(__file__).with_name("calc_worker.py")
QUIET = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Misc"><prop oor:name="FirstRun" oor:op="fuse"><value>false</value></prop>
<prop oor:name="ShowTipOfTheDay" oor:op="fuse"><value>false</value></prop></item>
</oor:items>
"""
AS_NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]  # unopkg refuses to run as root


def why_not() -> str | None:
    if why := ENGINES["libreoffice"]():
        return why
    if shutil.which("unopkg") is None:
        return "没有 unopkg"
    if os.name == "posix" and os.geteuid() == 0 and shutil.which("setpriv") is None:
        return "以 root 运行，且没有 setpriv"
    return None


class Calc:
    """Calc with the extension installed and a workbook open; on a display (``:7``) where one is given, unseen otherwise."""

    def __init__(self, book: Path, start: Callable[..., Any], display: str = "") -> None:
        self.home = Path(tempfile.mkdtemp(prefix="jixiao-calc-"))
        self.data = self.home / "data"
        package = self.home / making.OXT
        package.write_bytes(making.files()[making.OXT])
        profile = self.home / "profile"
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(QUIET, "utf-8")
        self._owner(65534)
        environ = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))}
        # Python inside LibreOffice takes its library from the first python3 of PATH: a virtual environment breaks it
        path_of_system = os.pathsep.join(p for p in os.defpath.split(os.pathsep) if p)
        environ |= {"HOME": str(self.home), "LC_ALL": "C.UTF-8", "PATH": path_of_system}
        self.installed = subprocess.run(
            [
                *(AS_NOBODY if os.geteuid() == 0 else []),
                *("unopkg", "add", "-f", "-s", str(package), f"-env:UserInstallation={profile.as_uri()}"),
            ],
            env=environ,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        self._owner(0)
        shown = {"DISPLAY": display, "SAL_USE_VCLPLUGIN": "gen"} if display else {}
        self.worker = start(
            [str(find_python()), "-I", str(WORKER), str(find_office()), str(profile), str(book)]
            + ["shown"] * bool(display),
            {**environ, **shown, "XDG_DATA_HOME": str(self.data)},
        )

    def _owner(self, user: int) -> None:
        """Run by root, everything belongs to whoever runs next."""
        if os.geteuid() == 0:
            self.home.chmod(0o755)
            for path in (self.home, *self.home.rglob("*")):
                os.chown(path, user, user)

    def __call__(self, *words: Any) -> Any:
        return self.worker.ask(*words)

    def close(self) -> None:
        self.worker.close()
        shutil.rmtree(self.home, ignore_errors=True)
