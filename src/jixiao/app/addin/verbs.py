"""The bodies of ``jixiao addin``: call, print in Chinese, leave the exit code."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jixiao.app.addin.install import Done
from jixiao.app.addin.places import Machine
from jixiao.app.columns import hanging, terminal_width
from jixiao.app.listing import say, say_findings, say_json

MARKS = {True: "正常", False: "缺少", None: "不适用"}


def build(out: Path) -> int:
    """Build the add-ins into a folder."""
    from jixiao.app.addin.build import build as make

    for path in make(out):
        say(f"已生成 {path}（{path.stat().st_size} 字节）")
    return 0


def install() -> int:
    """Install for this user; 1 where something could not be put in place."""
    from jixiao.app.addin.install import install as put

    done = put(Machine())
    _say(done, "已写入", "已是最新")
    if not done.findings.errors:
        say("下一步：启动服务 jixiao serve（下次登录会自动启动），然后重新打开 Excel，看“绩效评分”选项卡")
    return 1 if done.findings.errors else 0


def uninstall() -> int:
    """Remove for this user; 1 where something could not be removed."""
    from jixiao.app.addin.install import uninstall as take

    done = take(Machine())
    _say(done, "已删除", "")
    if not done.changed and not done.findings:
        say("没有安装过，没有要删除的")
    return 1 if done.findings.errors else 0


def _say(done: Done, changed: str, kept: str) -> None:
    for word, items in ((changed, done.changed), (kept, done.kept)):
        _say_files(word, items)
    say_findings(done.findings)


def _say_files(word: str, items: Sequence[tuple[str, Path]]) -> None:
    for what, path in items:
        say(hanging(f"{word}{what}：{path}", terminal_width()))


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
