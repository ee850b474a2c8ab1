"""Words -> names of the workbook: subjects.yaml, read once."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jixiao.audit.pieces import plain


@dataclass(frozen=True, slots=True)
class Subject:
    """Phrases that stand for names, and the words that have to be near or must not be."""

    names: tuple[str, ...]
    phrases: tuple[str, ...]
    within: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    sort: str = ""

    def fits(self, scope: str, left: str, sort: str) -> bool:
        """Whether the words around a figure, those before it and its kind allow this subject."""
        if self.sort and self.sort != sort:
            return False
        if self.within and not any(word in scope for word in self.within):
            return False
        return not any(word in left for word in self.without)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The whole file. ``derived``: name -> (names above, names below the line)."""

    subjects: tuple[Subject, ...]
    behind: tuple[Subject, ...]
    between: tuple[str, ...]
    fields: dict[str, dict[str, tuple[str, ...]]]
    derived: dict[str, tuple[tuple[str, ...], tuple[str, ...]]]
    wholes: dict[str, tuple[str, ...]]
    yearly: tuple[str, ...]
    fixed: dict[str, tuple[str, ...]]
    budgets: dict[str, str]


@functools.cache
def vocabulary() -> Vocabulary:
    """The vocabulary of the room; DefinitionError where the file is wrong."""
    from jixiao.model import load_yaml

    data = load_yaml(Path(__file__).with_name("subjects.yaml"))
    data.only(
        (
            "subjects",
            "behind",
            "between",
            "project",
            "target",
            "derived",
            "wholes",
            "yearly",
            "fixed",
            "budgets",
        )
    )
    return Vocabulary(
        tuple(_subject(item) for item in data.parts("subjects")),
        tuple(_subject(item) for item in data.parts("behind")),
        _longest(data.texts("between")),
        {
            kind: {name: _longest(data[kind].texts(name)) for name in data[kind]}
            for kind in ("project", "target")
        },
        {
            name: (tuple(body.texts("over")), tuple(body.texts("under")))
            for name, body in data["derived"].items()
        },
        {plain(name): tuple(data["wholes"].texts(name)) for name in data["wholes"]},
        tuple(plain(text) for text in data.texts("yearly")),
        {number: tuple(data["fixed"].texts(number)) for number in data["fixed"]},
        {name: data["budgets"].text(name) for name in data["budgets"]},
    )


def _subject(item: Any) -> Subject:
    item.only(("names", "phrases"), ("within", "without", "sort"))
    return Subject(
        tuple(item.texts("names")),
        _longest(item.texts("phrases")),
        _longest(item.texts("within", [])),
        _longest(item.texts("without", [])),
        str(item.get("sort", "")),
    )


def _longest(texts: list[str]) -> tuple[str, ...]:
    return tuple(sorted((plain(text) for text in texts), key=len, reverse=True))
