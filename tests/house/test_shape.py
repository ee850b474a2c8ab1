"""The shape of the house: files import each other without a circle, a room opens through few doors, names stand once."""

from __future__ import annotations

import ast
import functools
from collections import Counter, defaultdict
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from tests.house.tree import PACKAGE, SRC, source_files

MOST_DOORS = 5
# file names that more than one room has by habit, and why
HABITS = {
    "__init__.py": "the door of a folder",
    "forms.py": "the self-evaluation forms: in the net, and as sheets",
}


def _name(path: Path) -> str:
    parts = path.relative_to(SRC).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


class _Imports(ast.NodeVisitor):
    """What a file imports when it runs, inside functions too; blocks for type checkers are no imports."""

    def __init__(self, known: frozenset[str]) -> None:
        self.known, self.found = known, set[str]()

    def visit_If(self, node: ast.If) -> None:
        if "TYPE_CHECKING" not in ast.dump(node.test):
            self.generic_visit(node)

    def visit_Import(self, node: ast.Import) -> None:
        self.found |= {alias.name for alias in node.names} & self.known

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        base = node.module or ""
        full = (f"{base}.{alias.name}" for alias in node.names)
        self.found |= {name if name in self.known else base for name in full} & self.known


@functools.cache
def graph() -> dict[str, set[str]]:
    """Module -> the modules of ours that it imports."""
    names = {_name(path): path for path in source_files()}
    made = {}
    for name, path in names.items():
        seen = _Imports(frozenset(names))
        seen.visit(ast.parse(path.read_text("utf-8")))
        made[name] = seen.found - {name}
    return made


def test_files_import_each_other_without_a_circle() -> None:
    circle: list[str] = []
    try:
        TopologicalSorter(graph()).prepare()
    except CycleError as error:
        circle = error.args[1]
    assert circle == []


def _room(name: str) -> str:
    return ".".join(name.split(".")[:2])


def test_a_room_opens_through_few_modules() -> None:
    doors: dict[str, set[str]] = defaultdict(set)
    for name, targets in graph().items():
        for target in targets:
            if _room(target) != _room(name):
                doors[_room(target)].add(target)
    assert {room: sorted(seen) for room, seen in doors.items() if len(seen) > MOST_DOORS} == {}


def test_a_file_name_stands_once() -> None:
    names = Counter(path.name for path in PACKAGE.rglob("*.py"))
    assert sorted(name for name, count in names.items() if count > 1 and name not in HABITS) == []
