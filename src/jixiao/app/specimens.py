"""The sources of the demo: where they are, and their copies in a folder of the user's, where nothing of his is touched."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jixiao.model import CannotWrite, Refused

CASE = "suixi-2022"
PUBLISHED = "case.yaml"
SOURCES = ("决算报表.xlsx", "资产报表.xls", "预算批复.xlsx", "科目余额表.csv", "自评基础信息表.xlsx")
JUDGEMENTS = "judgements.yaml"


@dataclass(frozen=True, slots=True)
class Case:
    """A worked case: its rubric and folder of specimens, its source tables, its facts file, and the demo's folder."""

    rubric: str
    title: str
    sources: tuple[str, ...]
    facts: str
    folder: str


CASES = {
    "suixi": Case(CASE, "部门整体支出绩效核查", SOURCES, JUDGEMENTS, "演示"),
    "changli": Case("changli-2023", "部门整体和项目支出绩效自评", (), "facts.yaml", "演示-昌黎"),
}
LEDGER = ".jixiao-demo.json"  # what the demo wrote, by SHA-256: only that may it replace


def specimens(case: Case = CASES["suixi"]) -> Path:
    """The folder of a case: inside the installed package, or in the checkout that this package runs from."""
    package = Path(__file__).parents[1]
    for folder in (
        package / "specimens" / case.rubric,
        package.parents[1] / "workbooks" / "specimens" / case.rubric,
    ):
        if all((folder / name).is_file() for name in (*case.sources, case.facts, PUBLISHED)):
            return folder
    raise Refused("J822")


class Own:
    """The files that the demo wrote into a folder, remembered there; anything else is the user's."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.path = folder, folder / LEDGER
        self.kept: list[tuple[str, str]] = []
        try:
            known: Any = json.loads(self.path.read_text("utf-8"))
        except (OSError, ValueError):
            known = {}
        self.known = {str(k): str(v) for k, v in known.items()} if isinstance(known, dict) else {}

    def place(self, name: str) -> Path:
        """Where a file of ours goes: under its name, or the next free one where that holds work of the user's."""
        start = self.folder / name
        for number in range(1, 1000):
            path = start.with_name(f"{start.stem}-{number}{start.suffix}") if number > 1 else start
            if not os.path.lexists(path) or self.is_ours(path):
                if number > 1:
                    self.kept.append((start.name, path.name))
                return path
        raise CannotWrite("J823", name=name, why="同名文件过多")

    def is_ours(self, path: Path) -> bool:
        """Whether a file is as the demo left it."""
        wrote = self.known.get(path.relative_to(self.folder).as_posix())
        return wrote is not None and path.is_file() and not path.is_symlink() and wrote == _digest(path)

    def remember(self, path: Path) -> None:
        """Note a file that the demo has just written."""
        self.known[path.relative_to(self.folder).as_posix()] = _digest(path)
        half = self.path.with_suffix(".part")
        half.write_text(json.dumps(self.known, ensure_ascii=False, indent=1), "utf-8")
        half.replace(self.path)

    def copy(self, source: Path, name: str) -> Path:
        """A copy of a specimen; one that is there already, unchanged, stays."""
        path = self.place(name)
        data = source.read_bytes()
        if not path.exists() or path.read_bytes() != data:
            path.parent.mkdir(parents=True, exist_ok=True)
            half = path.with_name(f".{path.name}.{os.getpid()}.part")
            half.write_bytes(data)
            half.replace(path)
        self.remember(path)
        return path


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
