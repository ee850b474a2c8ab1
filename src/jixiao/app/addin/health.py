"""``jixiao addin status``: what is in place, what is missing, and what to do about it."""

from __future__ import annotations

import importlib.util
import platform
import time
from pathlib import Path
from typing import Any, NamedTuple

from jixiao.app.addin.machine import (
    OXT,
    XLAM,
    Machine,
    entries,
    excel_startup,
    extension_version,
    office_profile,
    version_of,
)
from jixiao.app.inbox import PROTOCOL, Inbox, ring, running
from jixiao.app.terminal import hanging, say, say_json, terminal_width
from jixiao.model import Stop, reason

HELLO_SECONDS = 3.0
MARKS = {True: "正常", False: "缺少", None: "不适用"}


class Line(NamedTuple):
    """One thing that was looked at: ``good`` is True, False, or None where it does not belong on this machine."""

    what: str
    good: bool | None
    found: str
    advice: str = ""

    def data(self) -> dict[str, Any]:
        """The line as plain data for ``--json``."""
        return {"what": self.what, "good": self.good, "found": self.found, "advice": self.advice}


def status(machine: Machine, *, patience: float = HELLO_SECONDS) -> list[Line]:
    """Everything that a button needs, in the order in which it would be needed. Nothing is changed.

    Rings once at the inbox to hear whether the service answers: ``patience`` seconds at most.
    """
    from jixiao import __version__

    return [
        Line("jixiao", True, f"{__version__}（Python {platform.python_version()}，{machine.python}）"),
        *needs(machine),
        *_excel(machine, __version__),
        *_office(machine, __version__),
        *_https(machine),
        _entries(machine),
        *_bell(machine, patience, __version__),
    ]


EXTRAS = {"uvicorn": "serve", "starlette": "serve", "formualizer": "verify", "cellrune": "verify"}


def needs(machine: Machine) -> list[Line]:
    """What the service needs of this Python: its components, and a Python that programs may start from elsewhere."""
    wanted = EXTRAS | ({"xlwings": "excel"} if machine.system in ("win32", "darwin") else {})
    missing = [name for name in wanted if importlib.util.find_spec(name) is None]
    extras = ",".join(dict.fromkeys(wanted[name] for name in missing))
    found = [
        Line(
            "服务需要的组件",
            not missing,
            f"没有 {'、'.join(missing)}",
            f'请运行 pip install "jixiao[{extras}]"',
        )
        if missing
        else Line("服务需要的组件", True, "齐全")
    ]
    if machine.system == "win32" and "\\WindowsApps\\" in machine.python:
        where = f"{machine.python} 来自应用商店，写入用户文件夹的文件别的程序看不到"
        found.append(Line("Python", False, where, "请从 python.org 安装 Python，再安装 jixiao"))
    return found


def another(machine: Machine) -> list[Line]:
    """A service of another version that runs."""
    from jixiao import __version__

    about = running(machine.service_home())
    if about is None or about.get("version") == __version__:
        return []
    return [_outdated(about.get("version", "未知版本"), __version__)]


def _outdated(theirs: str, version: str) -> Line:
    advice = f"请运行 jixiao serve --stop，再运行 jixiao serve（{version}）"
    return Line("服务", False, f"运行中，但版本是 {theirs}", advice)


def _https(machine: Machine) -> list[Line]:
    """The certificate of the task pane in Excel, where Office.js lies beside the service."""
    if not machine.has_office_js():
        return []
    from jixiao.app.addin.certificate import BEFORE, days_left

    try:
        left = days_left(machine.certificate())
    except ImportError:
        return [Line("本机证书", False, "没有 cryptography", '请运行 pip install "jixiao[sign]"')]
    if left is None or left <= BEFORE or not machine.authority().is_file():
        said = "没有" if left is None else f"还有 {left} 天到期"
        return [Line("本机证书", False, said, "请运行 jixiao addin install，按列出的命令信任它")]
    return [Line("本机证书", True, f"还有 {left} 天到期（是否已信任，由 Excel 打开窗格时检查）")]


def _excel(machine: Machine, version: str) -> list[Line]:
    startup, there = excel_startup(machine)
    if startup is None:
        advice = "在 LibreOffice 中可安装扩展，或在浏览器中评分，见 addin/README.md"
        return [Line("Excel", None, "这个系统上没有 Excel", advice)]
    if not there:
        advice = "请先打开一次 Excel，再运行 jixiao addin install"
        return [Line("Excel", False, f"没有找到 Excel 的文件夹 {startup.parent}", advice)]
    path = startup / XLAM
    found = version_of(path)
    if found == version:
        return [Line("Excel 加载项", True, f"{path}（{found}）")]
    advice = "请退出 Excel，运行 jixiao addin install，再重新打开 Excel"
    if found is None:
        return [Line("Excel 加载项", False, f"没有 {path}", advice)]
    if not found:
        return [
            Line(
                "Excel 加载项",
                False,
                f"{path} 不是本项目的加载项",
                "请移走这个文件，再运行 jixiao addin install",
            )
        ]
    return [Line("Excel 加载项", False, f"{path} 是 {found}，jixiao 是 {version}", advice)]


def _office(machine: Machine, version: str) -> list[Line]:
    """Nothing where this user has no LibreOffice, which nobody needs who has Excel."""
    if not office_profile(machine).is_dir():
        return []
    found = extension_version(machine)
    if found == version:
        return [Line("LibreOffice 扩展", True, f"已装入（{found}）")]
    advice = f'请退出 LibreOffice，运行 unopkg add -f "{machine.service_home() / OXT}"'
    if not found:
        return [Line("LibreOffice 扩展", None, "没有装入", f"要在 LibreOffice 中使用，{advice}")]
    return [Line("LibreOffice 扩展", False, f"装入的是 {found}，jixiao 是 {version}", advice)]


def _entries(machine: Machine) -> Line:
    wanted = entries(machine)
    missing = [path for path, data in wanted.items() if _content(path) != data]
    if not missing:
        return Line("启动条目", True, "登录后自动启动服务")
    return Line(
        "启动条目",
        False,
        f"没有，或不是本版本写的：{missing[0]}",
        "请运行 jixiao addin install；或每次手工运行 jixiao serve",
    )


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _bell(machine: Machine, patience: float, version: str) -> list[Line]:
    """The inboxes and the service behind them."""
    lines = []
    for folder in machine.inboxes():
        if not folder.is_dir():
            lines.append(Line("收件文件夹", False, f"没有 {folder}", "请运行 jixiao addin install"))
            continue
        try:
            lines.append(_service(machine, folder, patience, version))
        except (OSError, Stop) as error:
            why = error.finding.message if isinstance(error, Stop) else reason(error)
            lines.append(Line("收件文件夹", False, f"{folder} 不能写入（{why}）", "请检查该文件夹的权限"))
    return lines


def _service(machine: Machine, folder: Path, patience: float, version: str) -> Line:
    about = running(machine.service_home())
    started = time.monotonic()
    answer = ring(folder, "hello", patience=patience if about is not None else min(patience, 0.5))
    if answer is not None and answer.state == "taken":
        seconds = time.monotonic() - started
        theirs = (about or {}).get("version", "未知版本")
        if about is not None and theirs != version:
            return _outdated(theirs, version)
        return Line("服务", True, f"有应答（{seconds:.1f} 秒，{theirs}，{PROTOCOL}）")
    if answer is not None:
        return Line("服务", False, f"应答为拒绝：{answer.text}", "请更新 jixiao，再运行 jixiao addin install")
    if about is not None:
        return Line(
            "服务",
            False,
            "正在运行，但没有应答",
            "请结束它（进程 {pid}），再运行 jixiao serve".format_map({"pid": "?", **about}),
        )
    Inbox(folder).clean()
    return Line("服务", False, "没有启动", "请运行 jixiao serve")


def run_status(as_json: bool) -> int:
    """What is in place and what is missing; 1 where something is."""
    lines = status(Machine())
    if as_json:
        say_json([line.data() for line in lines])
    else:
        for line in lines:
            advice = f"｜{line.advice}" if line.advice else ""
            say(hanging(f"{MARKS[line.good]} {line.what}：{line.found}{advice}", terminal_width()))
    return 1 if any(line.good is False for line in lines) else 0
