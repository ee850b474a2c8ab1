"""The bodies of ``jixiao addin``: call, print in Chinese, leave the exit code."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jixiao.app.addin.install import Done
from jixiao.app.addin.places import OXT, Machine, excel_startup, extension_version
from jixiao.app.columns import hanging, terminal_width
from jixiao.app.listing import say, say_findings, say_json

MARKS = {True: "正常", False: "缺少", None: "不适用"}


def install() -> int:
    """Install for this user; 1 where something could not be put in place."""
    from jixiao.app.addin.install import install as put

    machine = Machine()
    done = put(machine)
    _say(done, "已写入", "已是最新")
    if not done.findings.errors:
        _say_next(machine)
    return 1 if done.findings.errors else 0


def _say_next(machine: Machine) -> None:
    width, extension = terminal_width(), machine.service_home() / OXT
    say(hanging("下一步：启动服务 jixiao serve（下次登录会自动启动）", width))
    if excel_startup(machine)[1]:
        say(hanging("在 Excel 中使用：重新打开 Excel，看“绩效评分”选项卡", width))
    say(
        hanging(
            f'在 LibreOffice 中使用：退出 LibreOffice，运行 unopkg add -f "{extension}"，再打开，看“绩效评分”菜单',
            width,
        )
    )


def uninstall() -> int:
    """Remove for this user; 1 where something could not be removed."""
    from jixiao.app.addin.install import uninstall as take

    machine = Machine()
    done = take(machine)
    _say(done, "已删除", "")
    if extension_version(machine):
        say("LibreOffice 中还装有扩展，请退出 LibreOffice，再运行 unopkg remove cn.jixiao.calc")
    if not done.changed and not done.findings:
        say("没有安装过，没有要删除的")
    return 1 if done.findings.errors else 0


def _say(done: Done, changed: str, kept: str) -> None:
    for word, items in ((changed, done.changed), (kept, done.kept)):
        _say_files(word, items)
    say_findings(done.findings)


def _say_files(word: str, items: Sequence[tuple[str, Path]]) -> None:
    for what, path in items:
        say(hanging(f"{word} {what}：{path}", terminal_width()))


def status(as_json: bool) -> int:
    """What is in place and what is missing; 1 where something is."""
    from jixiao.app.addin.status import status as look

    lines = look(Machine())
    if as_json:
        say_json([line.data() for line in lines])
    else:
        for line in lines:
            advice = f"｜{line.advice}" if line.advice else ""
            say(hanging(f"{MARKS[line.good]} {line.what}：{line.found}{advice}", terminal_width()))
    return 1 if any(line.good is False for line in lines) else 0
