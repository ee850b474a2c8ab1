"""``jixiao addin install | uninstall``: put the add-in and the entries where they belong, or take them away again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jixiao.app.addin import places
from jixiao.app.addin.entries import entries
from jixiao.app.addin.places import Machine, excel_startup
from jixiao.app.doorbell import Inbox
from jixiao.model import Findings, Stop


@dataclass(slots=True)
class Done:
    """What was done: (what it is, where) of each file, and what a person still has to do."""

    changed: list[tuple[str, Path]] = field(default_factory=list)
    kept: list[tuple[str, Path]] = field(default_factory=list)
    findings: Findings = field(default_factory=Findings)


def wanted(machine: Machine) -> list[tuple[str, Path, bytes]]:
    """(what it is, where, content) of everything that belongs on this machine."""
    ready = places.shipped()
    startup, there = excel_startup(machine)
    items: list[tuple[str, Path, bytes]] = []
    if startup is not None and there:
        items.append(("Excel 加载项", startup / places.XLAM, (ready / places.XLAM).read_bytes()))
    items.append(("LibreOffice 扩展", machine.service_home() / places.OXT, (ready / places.OXT).read_bytes()))
    items += [("启动服务的条目", path, data) for path, data in entries(machine).items()]
    return items


def install(machine: Machine) -> Done:
    """Put everything in place; a place that cannot be written becomes a finding, and the others are still done."""
    done = Done()
    for what, path, data in wanted(machine):
        try:
            (done.changed if places.write(path, data) else done.kept).append((what, path))
        except Stop as stop:
            done.findings.extend([stop.finding])
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
            if places.remove(path):
                done.changed.append((what, path))
        except Stop as stop:
            done.findings.extend([stop.finding])
    return done


def everywhere(machine: Machine) -> Sequence[tuple[str, Path]]:
    """(what it is, where) of everything that may have been installed here."""
    startup, _ = excel_startup(machine)
    found = [("Excel 加载项", startup / places.XLAM)] if startup is not None else []
    found.append(("LibreOffice 扩展", machine.service_home() / places.OXT))
    return found + [("启动服务的条目", path) for path in entries(machine)]
