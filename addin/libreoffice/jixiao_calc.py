"""The buttons in LibreOffice Calc. Runs inside LibreOffice, standard library only; it has no rules and no network.

A press puts a copy of the open workbook (unsaved edits included) and a request into the inbox of this user, waits for
the service's answer, and writes the cells that come back: as one step, which one undo takes back. What the files look
like is said in the package (app/inbox: protocol, folder).
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import re
import sys
import time
from typing import Any

import uno
import unohelper
from com.sun.star.awt.MessageBoxType import INFOBOX, WARNINGBOX
from com.sun.star.beans import PropertyValue
from com.sun.star.frame import XDispatch, XDispatchProvider
from com.sun.star.lang import XInitialization, XServiceInfo
from com.sun.star.sheet.AddressConvention import XL_A1

NAME, PROTOCOL, VERSION = "cn.jixiao.calc.Handler", "jixiao/1", "@VERSION@"
SCHEME = "cn.jixiao.calc:"
LABELS = {
    "new": "新建评分簿",
    "fill": "导入决算",
    "score": "评分当前表",
    "undo": "撤销本次评分",
    "check": "勾稽检查",
    "verify": "核验",
    "report": "生成报告",
    "help": "帮助",
}
NO_BOOK = ("new", "help")  # what needs no open workbook
HEARD_SECONDS, DONE_SECONDS = 6.0, 120.0
ROOMY = 6  # so many findings stand apart; more would make the message box higher than a small screen
EXCEL = "Calc MS Excel 2007 XML"
COMMAS = re.compile(
    r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|\{[^}]*\}|(,)"""
)  # those between arguments; Calc wants ;
CELL = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}")
NOBODY = (
    "绩效评分服务没有应答，这次操作没有执行，表格没有任何改动。\n\n"
    "请启动“绩效评分服务”后再点一次：在开始菜单或应用程序菜单中，或在终端运行 jixiao serve。\n"
    "还没有这一项的，请先安装 Python 和 jixiao，再运行 jixiao addin install。\n"
    "原因可以用 jixiao addin status 查看。"
)


class Trouble(Exception):
    """A press that cannot go on; the text is for the user."""


def inbox_folder() -> str:
    """The inbox of this user, where the service looks."""
    home = os.path.expanduser("~")
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or os.path.join(home, "AppData", "Local")
        return os.path.join(base, "Jixiao", "inbox")
    if sys.platform == "darwin":
        return os.path.join(home, "Library", "Application Support", "Jixiao", "inbox")
    data = os.environ.get("XDG_DATA_HOME", "")
    base = data if data.startswith("/") else os.path.join(home, ".local", "share")
    return os.path.join(base, "jixiao", "inbox")


def letters(text: str) -> str:
    """Four hex digits for each UTF-16 unit of a text."""
    return text.encode("utf-16-be", "surrogatepass").hex().upper()


class Bell:
    """One request in the inbox: put there, waited for, tidied up."""

    def __init__(self, verb: str) -> None:
        self.verb, self.folder = verb, inbox_folder()
        if not os.path.isdir(self.folder):
            raise Trouble(NOBODY)
        number = random.SystemRandom().randrange(100_000_000, 1_000_000_000)
        self.start = os.path.join(self.folder, f"{time.strftime('%Y%m%d%H%M%S')}-{number}")

    def path(self, ending: str) -> str:
        """A file of this request."""
        return self.start + ending

    def ring(self, book: str, sheet: str) -> None:
        """Publish the request."""
        lines = [
            f"{PROTOCOL} {self.verb}",
            "host=libreoffice",
            f"addin={VERSION}",
            "window=0",
            f"book={letters(book)}",
            f"sheet={letters(sheet)}",
            "end",
            "",
        ]
        with open(self.path(".part"), "w", encoding="ascii", newline="\n") as file:
            file.write("\n".join(lines))
        os.replace(self.path(".part"), self.path(".req"))

    def answer(self) -> tuple[str, str]:
        """(state, text) of what became of the request; Trouble where nobody takes it or it takes too long."""
        began, limit, taken = time.monotonic(), HEARD_SECONDS, False
        while time.monotonic() - began < limit:
            lines = self._lines()
            state = lines[0].split(" ")[1] if lines else ""
            if lines and not lines[0].startswith(PROTOCOL + " "):
                raise Trouble("扩展和绩效评分服务的版本不一致。请运行 jixiao addin install，再重新安装扩展。")
            if state in ("done", "failed", "refused"):
                texts = lines[1:-2]
                return state, ("\n\n" if len(texts) <= ROOMY else "\n").join(texts)
            if state == "taken" and not taken:
                taken, limit = True, DONE_SECONDS
            time.sleep(0.03)
        raise Trouble("绩效评分服务还没有做完，请稍后再点一次。" if taken else NOBODY)

    def _lines(self) -> list[str]:
        try:
            with open(self.path(".ans"), encoding="utf-8") as file:
                lines = file.read(16_384).split("\n")
        except (OSError, ValueError):
            return []
        return lines if lines[-2:] == ["end", ""] and " " in lines[0] else []

    def cells(self) -> list[Any]:
        """[sheet, cell, value] of every cell to write."""
        try:
            with open(self.path(".cells"), encoding="utf-8") as file:
                made = json.load(file)
        except FileNotFoundError:
            return []
        return made if isinstance(made, list) else []

    def tidy(self) -> None:
        """Remove what this request left; the request itself too, so that it cannot be taken later."""
        for ending in (".part", ".req", ".xlsx", ".ans", ".cells"):
            with contextlib.suppress(OSError):
                os.unlink(self.path(ending))


def carry_out(frame: Any, verb: str) -> tuple[str, str]:
    """One press of a button: (state, text to show, which may be empty)."""
    controller = frame.getController()
    document: Any = controller.getModel() if controller is not None else None
    is_book = document is not None and document.supportsService("com.sun.star.sheet.SpreadsheetDocument")
    if verb == "undo" and is_book:
        return take_back(document)
    if not is_book and verb not in NO_BOOK:
        raise Trouble("请先打开要操作的工作簿，再点这个按钮。")
    bell = Bell(verb)
    progress = frame.createStatusIndicator()
    progress.start(f"绩效评分：{LABELS[verb]}…", 0)
    try:
        book = sheet = ""
        if is_book and verb not in NO_BOOK:
            book = (
                uno.fileUrlToSystemPath(document.URL) if document.URL.startswith("file:") else document.Title
            )
            sheet = document.CurrentController.ActiveSheet.Name
            copy = uno.systemPathToFileUrl(bell.path(".xlsx"))
            document.storeToURL(copy, (PropertyValue(Name="FilterName", Value=EXCEL),))
        bell.ring(book, sheet)
        state, text = bell.answer()
        if state == "done" and is_book:
            locked = write(document, LABELS[verb], bell.cells())
            if locked and text:
                told = f"有 {locked} 个单元格受保护，没有写入；请先取消工作表保护，再点一次。"
                return "failed", f"{told}\n\n{text}"
        return state, text
    finally:
        progress.end()
        bell.tidy()


def write(document: Any, title: str, cells: list[Any]) -> int:
    """Write cells as one step that one undo takes back; the number of those that are protected and stay as they are."""
    if not cells:
        return 0
    steps, locked = document.getUndoManager(), 0
    steps.enterUndoContext(title)
    document.lockControllers()
    try:
        for sheet, address, value in cells:
            if CELL.fullmatch(address) and document.Sheets.hasByName(sheet):
                locked += not put(document, document.Sheets.getByName(sheet), address, value)
    finally:
        document.unlockControllers()
        steps.leaveUndoContext()
    return locked


def put(document: Any, sheet: Any, address: str, value: Any) -> bool:
    """Write a value or ``{"formula": text}``; False where the cell is protected.

    A text is never taken as a formula, and only a formula takes the place of one.
    """
    cell = sheet.getCellRangeByName(address).getCellByPosition(0, 0)
    if sheet.isProtected() and cell.CellProtection.IsLocked:
        return False
    if isinstance(value, dict):
        put_formula(document, cell, value["formula"])
    elif cell.Type.value == "FORMULA":
        return True
    elif value is None or isinstance(value, str):
        cell.setString(value or "")
    else:
        cell.setValue(float(value))
    return True


def put_formula(document: Any, cell: Any, text: str) -> None:
    """Write a formula that is spelt as Excel does."""
    reader = document.createInstance("com.sun.star.sheet.FormulaParser")
    reader.CompileEnglish, reader.FormulaConvention = True, XL_A1
    own = COMMAS.sub(lambda found: ";" if found[1] else found[0], text[1:])
    cell.setTokens(reader.parseFormula(own, cell.getCellAddress()))


def take_back(document: Any) -> tuple[str, str]:
    """Undo the last step where it was ours."""
    steps = document.getUndoManager()
    if steps.isUndoPossible() and steps.getCurrentUndoActionTitle() in (LABELS["score"], LABELS["fill"]):
        steps.undo()
        return "done", ""
    raise Trouble("上一步操作不是评分，没有撤销。可以用“编辑”菜单中的“撤销”逐步退回。")


class Handler(unohelper.Base, XServiceInfo, XInitialization, XDispatchProvider, XDispatch):  # type: ignore[misc]
    """What LibreOffice calls when a button with an address of ours is pressed."""

    def __init__(self, context: Any, *_: Any) -> None:
        self.context, self.frame = context, None

    def initialize(self, arguments: Any) -> None:
        """The frame that the button stands in."""
        self.frame = arguments[0] if arguments else None

    def queryDispatch(self, url: Any, target: str, flags: int) -> Any:  # noqa: N802 - UNO's name
        """Ourselves, for an address of ours."""
        known = url.Complete.startswith(SCHEME) and url.Complete[len(SCHEME) :] in LABELS
        return self if known else None

    def queryDispatches(self, requests: Any) -> Any:  # noqa: N802 - UNO's name
        """The same for many addresses."""
        return tuple(self.queryDispatch(r.FeatureURL, r.FrameName, r.SearchFlags) for r in requests)

    def dispatch(self, url: Any, arguments: Any) -> None:
        """A press: carry it out, and show what there is to say."""
        verb = url.Complete[len(SCHEME) :]
        try:
            state, text = carry_out(self.frame, verb)
        except Trouble as trouble:
            state, text = "failed", str(trouble)
        except Exception as error:  # noqa: BLE001 - LibreOffice would show the officer a Python traceback
            state, text = (
                "failed",
                f"这次操作没有完成（{type(error).__name__}）。请运行 jixiao addin status 查看。",
            )
        if text:
            self._show(INFOBOX if state == "done" else WARNINGBOX, f"绩效评分 · {LABELS[verb]}", text)

    def _show(self, kind: Any, title: str, text: str) -> None:
        toolkit = self.context.ServiceManager.createInstanceWithContext(
            "com.sun.star.awt.Toolkit", self.context
        )
        window = self.frame.getContainerWindow() if self.frame is not None else None
        box = toolkit.createMessageBox(window, kind, 1, title, text)
        box.execute()
        box.dispose()  # a closed box stays among the windows for good otherwise

    def addStatusListener(self, listener: Any, url: Any) -> None:  # noqa: N802 - UNO's name
        """Our buttons are always enabled."""

    def removeStatusListener(self, listener: Any, url: Any) -> None:  # noqa: N802 - UNO's name
        """Nothing was added."""

    def getImplementationName(self) -> str:  # noqa: N802 - UNO's name
        """Our name."""
        return NAME

    def supportsService(self, name: str) -> bool:  # noqa: N802 - UNO's name
        """Whether this is a handler of addresses."""
        return name in self.getSupportedServiceNames()

    def getSupportedServiceNames(self) -> tuple[str, ...]:  # noqa: N802 - UNO's name
        """What we are to LibreOffice."""
        return ("com.sun.star.frame.ProtocolHandler",)


g_ImplementationHelper = unohelper.ImplementationHelper()  # noqa: N816 - the name that LibreOffice looks for
g_ImplementationHelper.addImplementation(Handler, NAME, ("com.sun.star.frame.ProtocolHandler",))
