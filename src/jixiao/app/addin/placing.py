"""``jixiao addin install | uninstall``: put the add-in and the entries where they belong, or take them away again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jixiao.app.addin.health import another, needs
from jixiao.app.addin.machine import (
    OXT,
    XLAM,
    Machine,
    entries,
    excel_startup,
    extension_version,
    remove,
    shipped,
    write,
)
from jixiao.app.inbox import Inbox
from jixiao.app.terminal import hanging, say, say_findings, terminal_width
from jixiao.model import Findings, Refused, Stop


@dataclass(slots=True)
class Done:
    """What was done: (what it is, where) of each file, and what a person still has to do."""

    changed: list[tuple[str, Path]] = field(default_factory=list)
    kept: list[tuple[str, Path]] = field(default_factory=list)
    findings: Findings = field(default_factory=Findings)


def wanted(machine: Machine) -> list[tuple[str, Path, bytes]]:
    """(what it is, where, content) of everything that belongs on this machine."""
    ready = shipped()
    startup, there = excel_startup(machine)
    items: list[tuple[str, Path, bytes]] = []
    if startup is not None and there:
        items.append(("Excel 加载项", startup / XLAM, (ready / XLAM).read_bytes()))
    items.append(("LibreOffice 扩展", machine.service_home() / OXT, (ready / OXT).read_bytes()))
    items += [("启动服务的条目", path, data) for path, data in entries(machine).items()]
    return items


def _certificates(machine: Machine) -> list[tuple[str, Path, bytes]]:
    """The certificate of the task pane where one is needed and the one there is not good for long; Refused (J804)."""
    if not machine.has_office_js():
        return []
    from jixiao.app.addin.certificate import BEFORE, days_left, made

    try:
        if (days_left(machine.certificate()) or 0) > BEFORE and machine.authority().is_file():
            return []
        authority, own = made()
    except ImportError as error:
        raise Refused("J804", name="cryptography") from error
    return [("证书颁发者", machine.authority(), authority), ("本机证书", machine.certificate(), own)]


def install(machine: Machine) -> Done:
    """Put everything in place; a place that cannot be written becomes a finding, and the others are still done."""
    done = Done()
    items = wanted(machine)
    try:
        items += _certificates(machine)
    except Stop as stop:
        done.findings.extend([stop.finding])
    for what, path, data in items:
        try:
            (done.changed if write(path, data) else done.kept).append((what, path))
        except Stop as stop:
            done.findings.extend([stop.finding])
    if machine.certificate().is_file():
        machine.certificate().chmod(0o600)  # the key is in it
    for folder in machine.inboxes():
        try:
            Inbox(folder).prepare()
        except Stop as stop:
            done.findings.extend([stop.finding])
    startup, there = excel_startup(machine)
    if not there:
        done.findings.add("J862" if startup is not None else "J863")
    return done


def uninstall(machine: Machine) -> Done:
    """Remove what ``install`` wrote, and nothing else; folders stay."""
    done = Done()
    for what, path in everywhere(machine):
        try:
            if remove(path):
                done.changed.append((what, path))
        except Stop as stop:
            done.findings.extend([stop.finding])
    return done


def everywhere(machine: Machine) -> Sequence[tuple[str, Path]]:
    """(what it is, where) of everything that may have been installed here."""
    startup, _ = excel_startup(machine)
    found = [("Excel 加载项", startup / XLAM)] if startup is not None else []
    found.append(("LibreOffice 扩展", machine.service_home() / OXT))
    found += [("证书颁发者", machine.authority()), ("本机证书", machine.certificate())]
    return found + [("启动服务的条目", path) for path in entries(machine)]


def run_install() -> int:
    """Install for this user; 1 where something could not be put in place."""
    machine = Machine()
    done = install(machine)
    _say(done, "已写入", "已是最新")
    for line in (*needs(machine), *another(machine)):
        if line.good is False:
            say(hanging(f"还缺 {line.what}：{line.found}｜{line.advice}", terminal_width()))
    if not done.findings.errors:
        _say_next(machine)
    return 1 if done.findings.errors else 0


def _say_next(machine: Machine) -> None:
    width, extension = terminal_width(), machine.service_home() / OXT
    say(hanging("下一步：启动服务 jixiao serve（下次登录会自动启动）", width))
    if machine.authority().is_file():
        say(
            hanging(
                f"Excel 任务窗格：运行 {machine.trust(True)}（只信任本机 localhost，Windows 会请您确认）",
                width,
            )
        )
    if excel_startup(machine)[1]:
        say(hanging("在 Excel 中使用：重新打开 Excel，看“绩效评分”选项卡", width))
    say(
        hanging(
            f'在 LibreOffice 中使用：退出 LibreOffice，运行 unopkg add -f "{extension}"，再打开，看“绩效评分”菜单',
            width,
        )
    )


def run_uninstall() -> int:
    """Remove for this user; 1 where something could not be removed."""
    machine = Machine()
    trusted = machine.authority().is_file()
    done = uninstall(machine)
    _say(done, "已删除", "")
    if trusted:
        say(f"请不再信任它的证书：运行 {machine.trust(False)}")
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
