"""A room's door that loads some of its files only when somebody asks for what they hold: scoring pays for nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any


def later(room: str, files: Mapping[str, Sequence[str]]) -> Callable[[str], Any]:
    """The ``__getattr__`` of a room; ``files`` are those loaded later, each with the names that it gives.

    A room hides it from checkers of types, to which any name would exist, and imports those names for them.
    """
    homes = {name: f"{room}.{file}" for file, names in files.items() for name in names}

    def find(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {room!r} has no attribute {name!r}")
        return getattr(import_module(homes[name]), name)

    return find
