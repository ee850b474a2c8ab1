"""A running spreadsheet program, over xlwings: the open workbook read, written, saved and opened again where it stands.

The only file that imports xlwings, with the library's dangerous habits switched off. A program that takes no calls now
(a cell is being edited, a dialog is open) is waited for, but not for ever. Workbooks are known by their names only: a
full name may be a web address, and is never resolved.
"""

from __future__ import annotations

import atexit
import contextlib
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path, PurePath
from typing import Any, Protocol, TypeVar
from urllib.parse import unquote

from jixiao.app.exchange import (
    SHOWN,
    Answer,
    BookCopy,
    CellWrite,
    Content,
    Host,
    Memory,
    Request,
    SheetCopy,
    Spot,
    press,
)
from jixiao.app.hosts.areas import Box, Clean, area_of, boxes, landed, read_sheet, rows_of
from jixiao.model import Busy, CannotWrite, Refused, Source, UsageStop
from jixiao.office import join_ref, single_area

T = TypeVar("T")
ATTEMPTS = 3  # xlwings itself would ask a busy Excel for ever, in a tight loop
PATIENCE, PAUSE = 3.0, 0.1  # seconds
# RPC_E_CALL_REJECTED, RPC_E_SERVERCALL_RETRYLATER, VBA_E_IGNORE: what Excel answers while it is busy
REJECTED = frozenset((-2147418111, -2147417846, -2146777998))
EXCEPTION = -2147352567
TIMED_OUT = -1712  # what Excel for Mac answers


def running_program(hwnd: int = 0) -> Any:
    """The xlwings App of the Excel with this window, or the active one; ``UsageStop`` (J831) where none runs.

    For Windows and macOS, where Excel is.
    """
    import xlwings

    windows = sys.modules.get("xlwings._xlwindows")
    if (
        windows is not None
    ):  # bound its retries; do not let it kill every Excel without a window when Python ends
        windows.N_COM_ATTEMPTS = ATTEMPTS  # type: ignore[attr-defined]  # a module variable without types
        atexit.unregister(windows.cleanup)
    for app in xlwings.apps:
        if not hwnd or app.hwnd == hwnd:
            return app
    raise UsageStop("J831", book="")


def is_busy(error: BaseException) -> bool:
    """Whether an error means that the program is busy, whatever library it comes from."""
    if type(error).__name__ == "ExcelBusyError":
        return True
    code = getattr(error, "hresult", getattr(error, "errornumber", None))
    details = error.args[2] if len(error.args) > 2 else None
    if code == EXCEPTION:  # what it is stands in the details; without any, a cell is being edited
        return not details or (isinstance(details, tuple) and details[-1] in REJECTED)
    return code in REJECTED or code == TIMED_OUT


def patiently(call: Callable[[], T]) -> T:
    """The result of a call, tried again while the program is busy; ``Busy`` (J830) after ``PATIENCE`` seconds.

    The call must be one that may be made twice.
    """
    limit = time.monotonic() + PATIENCE
    while True:
        try:
            return call()
        except Exception as error:
            if not is_busy(error):
                raise
            if time.monotonic() >= limit:
                raise Busy("J830") from error
        time.sleep(PAUSE)


class Screen(Protocol):
    """Where progress and the one dialog of a press are shown."""

    def progress(self, text: str) -> None:
        """Say what is being done now; an empty text ends it."""

    def show(self, answer: Answer) -> None:
        """Show the result."""


class Silent:
    """Shows nothing: the caller has the answer. ``said`` keeps what was going on."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def progress(self, text: str) -> None:
        """Keep it."""
        self.said.append(text)

    def show(self, answer: Answer) -> None:
        """Nothing to show it on."""


class StatusBar:
    """The program's own status bar; and its message box where something was found or went wrong, page by page."""

    def __init__(self, app: Any, *, dialogs: bool = True) -> None:
        self.app, self.dialogs = app, dialogs

    def progress(self, text: str) -> None:
        """In the status bar; an empty text gives the bar back to the program."""
        self.app.status_bar = f"绩效评分：{text}…" if text else False

    def show(self, answer: Answer) -> None:
        """Message boxes for findings and for what went wrong; a smooth score needs none, what is asked on is asked elsewhere."""
        if not self.dialogs or answer.need or not (answer.findings or not answer.ok):
            return
        mode, title, found = None if answer.ok else "critical", f"绩效评分 · {answer.title}", answer.shown()
        pages = [found[at : at + SHOWN] for at in range(0, len(found), SHOWN)] or [[]]
        for number, page in enumerate(pages, 1):
            lines = [answer.message, *(item.text for item in page)]
            place = next((item for item in page if item.cell), None)
            ways = ["“是”看下一页"] if number < len(pages) else []
            ways += [f"“否”转到 {place.sheet}!{place.cell}"] if place else []
            if ways:
                lines.append(f"第 {number}/{len(pages)} 页：{'，'.join(ways)}，“取消”关闭")
            said = self.app.alert("\n".join(lines), title, "yes_no_cancel" if ways else "ok", mode)
            if said == "no" and place:
                sheet = find_book(self.app, answer.book).sheets[place.sheet]
                sheet.activate()
                sheet.range(place.cell).select()
            if said != "yes":
                return


class ProgramHost(Host):
    """A workbook that is open in a program: ``wanted`` is its full or bare name, empty for the active one."""

    def __init__(self, app: Any, wanted: str = "", screen: Screen | None = None) -> None:
        self.app, self.wanted, self.screen = app, wanted, screen or Silent()
        self._book: Any = None
        self._handles: dict[str, Any] = {}

    @property
    def book(self) -> Any:
        """The open workbook, found when it is first asked for."""
        if self._book is None:
            self._book = find_book(self.app, self.wanted)
        return self._book

    @property
    def name(self) -> str:
        """Its bare name."""
        return PurePath(self.book.name).name

    def ready(self) -> None:
        """Return as soon as the program takes calls."""
        patiently(lambda: len(self.app.books))

    def sheet(self, wanted: str) -> str:
        """The sheet that is meant, or the active one."""
        if not wanted:
            return str(patiently(lambda: self.book.sheets.active.name))
        if wanted not in [sheet.name for sheet in self.book.sheets]:
            raise UsageStop("J832", Source(self.name, wanted), sheet=wanted)
        return wanted

    def copy(self) -> BookCopy:
        """The names and sheets of the workbook; each sheet is read when somebody asks for it."""
        self._handles = patiently(lambda: {sheet.name: sheet for sheet in self.book.sheets})
        return BookCopy(self.name, list(self._handles), _Names(self.book), self._read)

    def _read(self, name: str, formulas: bool) -> SheetCopy:
        handle = self._handles[name]
        return patiently(lambda: read_sheet(handle, name, self._clean, formulas=formulas))

    @property
    def _clean(self) -> Clean:
        clean: Clean = self.app.engine.impl.clean_value_data
        return clean

    def calculate(self, *, waiting: bool = False) -> None:
        """Let the program calculate; with ``waiting`` only where it does so when it is asked."""
        if not waiting or patiently(lambda: self.app.calculation) != "automatic":
            patiently(self.app.calculate)

    def write(self, copy: BookCopy, writes: Sequence[CellWrite]) -> None:
        """Make all writes, or none: ``CannotWrite`` (J840) puts back what was written before it; ``Busy`` likewise."""
        done: list[tuple[str, Box, SheetCopy]] = []
        for name in dict.fromkeys(write.sheet for write in writes):
            sheet, mine = copy.whole(name), [write for write in writes if write.sheet == name]
            wanted = {write.spot: write.content for write in mine}
            for box in boxes(sheet, list(wanted)):
                try:
                    self._put(name, box, sheet, wanted)
                except Exception as error:
                    self._put_back(done)
                    if isinstance(error, Busy):
                        raise
                    place = Source("", name, join_ref(*box[:2]))
                    raise CannotWrite("J840", place, sheet=name, why="受保护或不可写") from error
                done.append((name, box, sheet))
            if not self._landed(name, mine):
                self._put_back(done)
                place = Source("", name, mine[0].ref)
                raise CannotWrite("J840", place, sheet=name, why="单元格没有接受写入的内容，可能被合并")

    def _landed(self, name: str, writes: Sequence[CellWrite]) -> bool:
        return patiently(lambda: landed(self._handles[name], self._clean, writes))

    def _put(self, name: str, box: Box, sheet: SheetCopy, wanted: dict[Spot, Content]) -> None:
        rows = rows_of(sheet, box, wanted)

        def call() -> None:
            self._handles[name].range(area_of(box)).raw_value = rows

        patiently(call)

    def _put_back(self, done: Sequence[tuple[str, Box, SheetCopy]]) -> None:
        for name, box, sheet in reversed(done):
            self._put(name, box, sheet, {})

    def saved(self) -> Path:
        """The file of the workbook, with everything that is in the window now."""
        path = file_of(self.book)
        try:
            patiently(self.book.save)
        except Busy:
            raise
        except Exception as error:
            raise CannotWrite(
                "J555", Source(path.name), file=path.name, why="表格软件没有保存成功"
            ) from error
        return path

    @contextlib.contextmanager
    def closed(self, path: Path) -> Iterator[None]:
        """While a file is rewritten its workbook is closed; whatever happens it is opened again, on the same sheet."""
        sheet = self.book.sheets.active.name
        self.book.close()
        try:
            yield
        finally:
            self._book = self.app.books.open(str(path))
            if sheet in [each.name for each in self.book.sheets]:
                self.book.sheets[sheet].activate()

    def open(self, path: Path) -> None:
        """Open a workbook in the program."""
        self.app.books.open(str(path))

    def progress(self, text: str) -> None:
        """On the screen."""
        patiently(lambda: self.screen.progress(text))

    def show(self, answer: Answer) -> None:
        """On the screen."""
        self.screen.show(answer)


def press_in_program(
    app: Any,
    request: Request,
    *,
    screen: Screen | None = None,
    memory: Memory | None = None,
    definitions: Sequence[Path] = (),
) -> Answer:
    """One press of a button in a running program (an xlwings App)."""
    host = ProgramHost(app, request.book, screen)
    return press(host, request, memory=memory, definitions=definitions)


class _Names:
    """Workbook-wide names, each looked up when asked for."""

    def __init__(self, book: Any) -> None:
        self._book = book

    def get(self, name: str) -> tuple[str, str] | None:
        """(sheet, area) of a name, None where it is gone or no single area."""
        try:
            refers_to = patiently(lambda: self._book.names[name].refers_to or "")
        except Busy:
            raise
        except Exception:  # noqa: BLE001 - each program has an error of its own for a name that is gone
            return None
        return single_area(refers_to.removeprefix("="))


def find_book(app: Any, wanted: str) -> Any:
    """The open workbook of a full or bare name, else the active one; ``UsageStop`` (J831) where there is none.

    A program never holds two workbooks of one name, so the name is enough.
    """
    if not wanted:
        active = app.books.active if len(app.books) else None
        if active is None:
            raise UsageStop("J831", book="")
        return active
    names = {bare_name(wanted), unquote(bare_name(wanted))}
    found = [book for book in app.books if bare_name(book.name) in names]
    if not found:
        raise UsageStop("J831", book=f"“{bare_name(wanted)}”")
    return found[0]


def bare_name(name: str) -> str:
    """The last part of a path of any system, or of a web address."""
    return re.split(r"[\\/]", name)[-1]


def file_of(book: Any) -> Path:
    """The file of a workbook on this machine; Refused (J847) where it was never saved or lies on a server.

    Excel's own full name is asked for: xlwings' would read settings out of the workbook to resolve a web address.
    """
    native = getattr(book.api, "FullName", None)
    name = str(native if isinstance(native, str) else book.fullname)
    path = Path(name)
    if "://" in name or not path.is_absolute() or not path.is_file():
        raise Refused("J847", Source(bare_name(name)), book=bare_name(name))
    return path
