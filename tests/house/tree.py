"""The files of the project, for the tests about the house."""

from __future__ import annotations

import ast
import functools
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src"
PACKAGE = SRC / "jixiao"
CODE = ("src", "tests", "workbooks", "benchmarks", "docs", "addin", "conformance", "examples")
TEXT = (
    ".py",
    ".yaml",
    ".yml",
    ".toml",
    ".md",
    ".lock",
    ".json",
    ".xml",
    ".bas",
    ".cls",
    ".js",
    ".html",
    ".css",
    ".txt",
)


def shown(path: Path) -> str:
    """A path as it is written in messages: relative to the project, with forward slashes."""
    return path.relative_to(ROOT).as_posix()


MADE = ("__pycache__", "node_modules")


def _kept(path: Path, base: Path) -> bool:
    return not any(part.startswith(".") or part in MADE for part in path.relative_to(base).parts)


@functools.cache
def python_files() -> tuple[Path, ...]:
    """Every Python file of the project."""
    return tuple(
        sorted(file for folder in CODE for file in (ROOT / folder).rglob("*.py") if _kept(file, ROOT))
    )


@functools.cache
def source_files() -> tuple[Path, ...]:
    """Every Python file of the package."""
    return tuple(file for file in python_files() if file.is_relative_to(SRC))


def text_files() -> Iterator[Path]:
    """Every text file of the project, the ones in its own folder included."""
    # .git is a file in a work tree
    own = (file for file in sorted(ROOT.iterdir()) if file.is_file() and file.name != ".git")
    yield from (file for file in own if file.suffix in (*TEXT, ""))
    yield from (ROOT / ".ci").iterdir()
    for folder in CODE:
        for file in sorted((ROOT / folder).rglob("*")):
            if file.is_file() and file.suffix in TEXT and _kept(file, ROOT):
                yield file


@functools.cache
def parsed(path: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(path.read_text("utf-8"), filename=str(path))


def imported(path: Path) -> Iterator[tuple[str, int]]:
    """Every module a file imports, absolute, with its line; imports inside functions too."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module, node.lineno


@functools.cache
def project() -> dict[str, Any]:
    """The content of pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
