"""The xlwings engine: its base classes over the bridge. Every property is a call, as it would be over COM."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import xlwings
from xlwings import base_classes

from tests.desk.lo_engine.books import Book, Sheet
from tests.desk.lo_engine.bridge import Bridge, ProgramError
from tests.desk.lo_engine.cells import Range


class LibreOffice:
    """The engine itself."""

    name = "libreoffice"
    type = "desktop"

    def __init__(self) -> None:
        self.apps = Apps(self)

    @staticmethod
    def prepare_xl_data_element(x: Any, options: Any) -> Any:
        return "" if x is None else x

    @staticmethod
    def clean_value_data(
        data: Sequence[Sequence[Any]],
        dates: Any,
        empty: Any,
        number: Callable[[float], Any] | None,
        errors: bool,
    ) -> list[list[Any]]:
        def clean(value: Any) -> Any:
            if value in ("", None):
                return empty
            if isinstance(value, float) and number is not None:
                return number(value)
            if isinstance(value, str) and value.startswith("#") and value.endswith(("!", "?", "A")):
                return value if errors else None
            return value

        return [[clean(value) for value in row] for row in data]


class Apps(base_classes.Apps):
    """The offices that were started here; the one in front first."""

    def __init__(self, engine: LibreOffice) -> None:
        self.engine = engine
        self.running: list[App] = []

    def add(self, spec: Any = None, add_book: Any = False, xl: Any = None, visible: Any = None) -> App:
        app = App(self, spec)
        self.running.insert(0, app)
        return app

    def keys(self) -> list[int]:
        return [app.pid for app in self.running]

    def __iter__(self) -> Iterator[App]:
        return iter(self.running)

    def __len__(self) -> int:
        return len(self.running)

    def __getitem__(self, pid: int) -> App:
        return next(app for app in self.running if app.pid == pid)


class App(base_classes.App):
    """One office. Screen updating, status bar and alerts are kept here: a headless office shows none."""

    books: Any = None
    engine: Any = None
    api: Any = None
    visible: Any = False
    display_alerts: Any = True
    version = "7.4"

    def __init__(self, apps: Apps, spec: Any = None) -> None:
        self.apps, self.engine, self.bridge = apps, apps.engine, Bridge(**(spec or {}))
        self.api = self
        self.books = Books(self)
        self.in_front: Any = None
        self.alerts: list[str] = []
        self.bars: list[Any] = []
        self._updating = True

    @property
    def pid(self) -> int:
        return self.bridge.pid

    @property
    def screen_updating(self) -> bool:
        self.bridge.count()
        return self._updating

    @screen_updating.setter
    def screen_updating(self, value: bool) -> None:
        self.bridge.count()
        self._updating = value

    @property
    def status_bar(self) -> Any:
        return self.bars[-1] if self.bars else False

    @status_bar.setter
    def status_bar(self, value: Any) -> None:
        self.bridge.count()
        self.bars.append(value)

    @property
    def calculation(self) -> str:
        book = self.books.active
        return "automatic" if self.bridge.call("automatic", book.key, None) else "manual"

    @calculation.setter
    def calculation(self, value: str) -> None:
        self.bridge.call("automatic", self.books.active.key, value == "automatic")

    def calculate(self) -> None:
        for book in self.books:
            self.bridge.call("calculate", book.key)

    def alert(self, prompt: str, title: Any, buttons: Any, mode: Any, callback: Any) -> str:
        self.alerts.append(prompt)
        return "ok"

    @property
    def selection(self) -> Range:
        book = self.books.active
        name, box = self.bridge.call("selected", book.key, None)
        return Range(Sheet(book, name), tuple(box))

    def activate(self, steal_focus: bool = False) -> None:
        self.apps.running.remove(self)
        self.apps.running.insert(0, self)

    def quit(self) -> None:
        self.bridge.close()
        if self in self.apps.running:
            self.apps.running.remove(self)

    def kill(self) -> None:
        self.quit()


class Books(base_classes.Books):
    """The open workbooks, also those opened by somebody else."""

    app: Any = None
    api: Any = None

    def __init__(self, app: App) -> None:
        self.app = app

    def _all(self) -> list[Book]:
        return [Book(self.app, key) for key in self.app.bridge.call("books")]

    @property
    def active(self) -> Any:
        books = self._all()
        front = self.app.in_front
        if front is not None and front.key in [book.key for book in books]:
            return front
        if not books:
            raise ProgramError("no workbook is open")
        return books[-1]

    def __call__(self, name_or_index: int | str) -> Book:
        books = self._all()
        if isinstance(name_or_index, int):
            return books[name_or_index - 1]
        for book in books:
            if book.name == name_or_index:
                return book
        raise KeyError(name_or_index)

    def __iter__(self) -> Iterator[Book]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def add(self) -> Any:
        return self._front(self.app.bridge.call("add"))

    def open(self, fullname: str, *others: Any) -> Any:
        return self._front(self.app.bridge.call("open", fullname))

    def _front(self, key: int) -> Any:
        self.app.in_front = Book(self.app, key)
        return self.app.in_front


@contextlib.contextmanager
def running(**wishes: Any) -> Iterator[Any]:
    """An xlwings App over an office of our own (``wishes`` are Bridge's); it is ended on the way out."""
    engine = xlwings.Engine(impl=LibreOffice())
    known = list(xlwings.engines.engines)
    xlwings.engines.add(engine)
    engines: Any = xlwings.engines
    before, engines.active = engines.active, engine
    app = engine.apps.add(spec=wishes, add_book=False)
    try:
        yield app
    finally:
        app.impl.quit()
        engines.active = before
        xlwings.engines.engines[:] = known
        xlwings.engines.engines_by_name.pop("libreoffice", None)
