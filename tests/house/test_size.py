"""Small files, small functions, readable lines, a docstring on every folder."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator

from tests.house.tree import PACKAGE, parsed, python_files, shown

FILE_LINES = 600  # what is one thing stays in one file; more is two things
FUNCTION_LINES = 60
LINE_CHARACTERS = 130  # a Chinese character counts once here, twice for ruff

# path -> why its lines may be wider
WIDE = {
    "src/jixiao/verify/engines/uno_worker.py": "LibreOffice's settings, one a line",
}
# path or path::function -> why it may be longer; an entry that is no longer needed fails too
LONGER: dict[str, str] = {}


def _too_long() -> Iterator[str]:
    for file in python_files():
        if len(file.read_text("utf-8").splitlines()) > FILE_LINES:
            yield shown(file)
        for node in ast.walk(parsed(file)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert node.end_lineno is not None
                if node.end_lineno - node.lineno + 1 > FUNCTION_LINES:
                    yield f"{shown(file)}::{node.name}"


def test_files_and_functions_are_small() -> None:
    assert set(_too_long()) == LONGER.keys()


def test_lines_are_readable() -> None:
    wide = [
        f"{shown(file)}:{number}: {len(line)}"
        for file in python_files()
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)
        if len(line) > LINE_CHARACTERS and shown(file) not in WIDE
    ]
    assert wide == []


def test_every_folder_of_the_package_says_what_it_is_for() -> None:
    folders = {file.parent for file in PACKAGE.rglob("*.py") if "__pycache__" not in file.parts}
    silent = []
    for folder in sorted(folders):
        door = folder / "__init__.py"
        if not door.is_file() or not ast.get_docstring(parsed(door)):
            silent.append(shown(folder))
    assert silent == []


def test_every_file_of_the_package_says_what_it_is_for() -> None:
    silent = [
        shown(f) for f in python_files() if f.is_relative_to(PACKAGE) and not ast.get_docstring(parsed(f))
    ]
    assert silent == []


def test_no_file_warns_when_it_is_compiled() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for file in python_files():
            compile(file.read_text("utf-8"), str(file), "exec")
