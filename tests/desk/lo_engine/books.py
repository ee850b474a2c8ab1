"""A workbook of the engine, its sheets and its names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from xlwings import base_classes

from tests.desk.lo_engine.bridge import ProgramError
from tests.desk.lo_engine.cells import Range


class Book(base_classes.Book):
    """One open workbook."""

    app: Any = None
    sheets: Any = None
    names: Any = None
    api: Any = True

    def __init__(self, app: Any, key: int) -> None:
        self.app, self.key = app, key
        self.sheets, self.names = Sheets(self), Names(self)

    @property
    def fullname(self) -> str:
        path: str = self.app.bridge.call("path", self.key)
        return path or f"未命名{self.key}"

    @property
    def name(self) -> str:
        return Path(self.fullname).name

    def activate(self) -> None:
        self.app.in_front = self

    def save(self, path: str | None = None, password: str | None = None) -> None:
        self.app.bridge.call("save", self.key, str(path) if path else "")

    def close(self) -> None:
        self.app.bridge.call("close", self.key)


class Sheets(base_classes.Sheets):
    """The sheets of a workbook."""

    api: Any = None

    def __init__(self, book: Book) -> None:
        self.book = book

    def _names(self) -> list[str]:
        names: list[str] = self.book.app.bridge.call("sheets", self.book.key)
        return names

    @property
    def active(self) -> Sheet:
        return Sheet(self.book, self.book.app.bridge.call("active", self.book.key, None))

    def __call__(self, name_or_index: int | str) -> Sheet:
        names = self._names()
        name = names[name_or_index - 1] if isinstance(name_or_index, int) else name_or_index
        if name not in names:
            raise ProgramError(f"no sheet {name}")
        return Sheet(self.book, name)

    def __iter__(self) -> Iterator[Sheet]:
        return (Sheet(self.book, name) for name in self._names())

    def __len__(self) -> int:
        return len(self._names())

    def __contains__(self, name: object) -> bool:
        return name in self._names()

    def add(self, before: Any = None, after: Any = None, name: str | None = None) -> Sheet:
        names = self._names()
        at = names.index(before.known) if before else names.index(after.known) + 1 if after else 0
        made = name or f"新表{len(names) + 1}"
        self.book.app.bridge.call("add_sheet", self.book.key, made, at)
        return Sheet(self.book, made)


class Sheet(base_classes.Sheet):
    """One sheet, known by its name."""

    book: Any = None
    api: Any = True

    def __init__(self, book: Book, name: str) -> None:
        self.book, self.known = book, name

    def call(self, operation: str, *arguments: Any) -> Any:
        """A call that concerns this sheet."""
        return self.book.app.bridge.call(operation, self.book.key, self.known, *arguments, sheet=self.known)

    @property
    def name(self) -> str:
        self.book.app.bridge.count(self.known)
        return self.known

    @name.setter
    def name(self, value: str) -> None:
        self.call("rename", value)
        self.known = value

    @property
    def index(self) -> int:
        return int(self.book.sheets._names().index(self.known)) + 1

    @property
    def visible(self) -> bool:
        return bool(self.call("visible"))

    @visible.setter
    def visible(self, value: bool) -> None:
        self.call("show", value)

    @property
    def used_range(self) -> Range:
        return Range(self, tuple(self.call("used")))

    def range(self, arg1: Any, arg2: Any = None) -> Range:
        self.book.app.bridge.count(self.known)
        return Range.of(self, arg1, arg2)

    @property
    def cells(self) -> Range:
        return Range(self, (1, 1, 1_048_576, 16_384))

    def activate(self) -> None:
        self.book.app.bridge.call("active", self.book.key, self.known)

    select = activate

    def delete(self) -> None:
        self.call("delete")


class Names(base_classes.Names):
    """Workbook-wide names."""

    api: Any = None

    def __init__(self, book: Book) -> None:
        self.book = book

    def __call__(self, name: Any) -> Name:
        return Name(self.book, name)

    def contains(self, name: Any) -> bool:
        return self.book.app.bridge.call("name", self.book.key, name) is not None


class Name(base_classes.Name):
    """One name."""

    def __init__(self, book: Book, name: str) -> None:
        self.book, self.known = book, name

    @property
    def name(self) -> str:
        return self.known

    @name.setter
    def name(self, value: str) -> None:
        raise ProgramError("names are not changed here")

    @property
    def refers_to(self) -> str:
        text: str | None = self.book.app.bridge.call("name", self.book.key, self.known)
        if text is None:
            raise ProgramError(f"no name {self.known}")
        return text

    @refers_to.setter
    def refers_to(self, value: str) -> None:
        raise ProgramError("names are not changed here")
