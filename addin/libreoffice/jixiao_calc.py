"""The buttons in LibreOffice Calc. Runs inside LibreOffice, standard library only; it has no rules and no network.

A press puts the cells of the open workbook (unsaved edits included) and a request into the inbox of this user, waits for
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
from com.sun.star.accessibility import AccessibleRole
from com.sun.star.awt import XActionListener
from com.sun.star.awt.MessageBoxType import INFOBOX, WARNINGBOX
from com.sun.star.beans import PropertyValue
from com.sun.star.frame import XDispatch, XDispatchProvider
from com.sun.star.lang import XInitialization, XServiceInfo
from com.sun.star.sheet.AddressConvention import XL_A1

NAME, PROTOCOL, VERSION = "cn.jixiao.calc.Handler", "jixiao/2", "@VERSION@"
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
CELLS = ("score", "undo", "check")  # what needs its cells; all else needs the file
WRITING = ("score", "undo")
MOST_ROWS, MOST_COLUMNS, ERROR = 20_000, 300, 4  # read of a sheet; FormulaResult.ERROR
PAGE, ROW, WIDE = 6, 32, 320  # findings on a page of the dialog; sizes in its units
WHY_NOT = {
    "locked": "工作表{sheets}受保护，没有改动任何单元格。请先在“工具”菜单中取消工作表保护，再点一次。",
    "covered": "工作表{sheets}的 {cell} 在合并的单元格里面，没有改动任何单元格。请先取消合并，再点一次。",
}
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

    def given(self) -> dict[str, Any]:
        """``cells`` ([sheet, cell, value] of each) to write, and ``findings`` ([text, sheet, cell] of each) to show."""
        try:
            with open(self.path(".cells"), encoding="utf-8") as file:
                made = json.load(file)
        except FileNotFoundError:
            return {}
        return made if isinstance(made, dict) else {}

    def tidy(self) -> None:
        """Remove what this request left; the request itself too, so that it cannot be taken later."""
        for ending in (".part", ".req", ".xlsx", ".book", ".ans", ".cells"):
            with contextlib.suppress(OSError):
                os.unlink(self.path(ending))


def carry_out(frame: Any, verb: str) -> tuple[str, str, list[Any]]:
    """One press of a button: state, text to show, which may be empty, and findings."""
    controller = frame.getController()
    document: Any = controller.getModel() if controller is not None else None
    is_book = document is not None and document.supportsService("com.sun.star.sheet.SpreadsheetDocument")
    if not is_book and verb not in NO_BOOK:
        raise Trouble("请先打开要操作的工作簿，再点这个按钮。")
    if verb in WRITING and document.isReadonly():
        raise Trouble(
            "这本工作簿是只读的，没有任何改动。请点“编辑文档”，或另存为可以修改的工作簿，再点一次。"
        )
    if is_book and verb not in NO_BOOK and (cell := being_typed(frame)):
        raise Trouble(f"单元格 {cell} 正在输入，没有改动任何单元格。请先按回车（Enter），再点一次。")
    bell = Bell(verb)
    progress = frame.createStatusIndicator()
    progress.start(f"绩效评分：{LABELS[verb]}…", 0)
    try:
        book = sheet = ""
        if is_book and verb not in NO_BOOK:
            is_file = document.URL.startswith("file:")
            book = uno.fileUrlToSystemPath(document.URL) if is_file else document.Title
            sheet = document.CurrentController.ActiveSheet.Name
            if verb in CELLS:
                with open(bell.path(".book"), "w", encoding="utf-8") as file:
                    json.dump(told(document, book, sheet), file)
            else:
                copy = uno.systemPathToFileUrl(bell.path(".xlsx"))
                document.storeToURL(copy, (PropertyValue(Name="FilterName", Value=EXCEL),))
        bell.ring(book, sheet)
        state, text = bell.answer()
        given = bell.given() if state == "done" and is_book else {}
        write(document, LABELS[verb], given.get("cells", []))
        return state, text, given.get("findings", [])
    finally:
        progress.end()
        bell.tidy()


def being_typed(frame: Any) -> str:
    """The cell whose content is being typed, there or in the input line; what is typed is no part of the document yet.

    Nothing tells of it but the accessible tree, which is there whether or not anybody uses it: the pane of the cell (a
    frozen window has several) has a frame of text beside its table, named by the cell. Another window is no matter: with
    the change to this one LibreOffice takes in what was being typed there.
    """
    waiting = [frame.getComponentWindow()]
    while waiting:
        for thing in inside(waiting.pop()):
            role = thing.getAccessibleContext().getAccessibleRole()
            if role in (AccessibleRole.PANEL, AccessibleRole.SCROLL_PANE):
                waiting.append(thing)
            elif role == AccessibleRole.DOCUMENT_SPREADSHEET:
                for part in inside(thing):
                    about = part.getAccessibleContext()
                    cell = CELL.search(about.getAccessibleName())
                    if about.getAccessibleRole() == AccessibleRole.TEXT_FRAME and cell:
                        return cell[0]
    return ""


def inside(thing: Any) -> list[Any]:
    """What lies in a thing of the screen; nothing where LibreOffice knows no more of it."""
    about = thing.getAccessibleContext()
    parts = (about.getAccessibleChild(n) for n in range(about.getAccessibleChildCount())) if about else ()
    return [part for part in parts if part is not None and part.getAccessibleContext() is not None]


def told(document: Any, book: str, active: str) -> dict[str, Any]:
    """The workbook as the service reads it: names, and the used cells of every sheet with their formulas."""
    names = document.NamedRanges
    return {
        "name": re.split(r"[\\/]", book)[-1],
        "key": book,
        "active": active,
        "spelling": "calc",
        "names": {name: names.getByName(name).Content for name in names.ElementNames},
        "sheets": [
            told_sheet(sheet)
            for sheet in (document.Sheets.getByIndex(n) for n in range(document.Sheets.Count))
        ],
    }


def told_sheet(sheet: Any) -> dict[str, Any]:
    """The used cells of a sheet: values whole, formulas and errors by ``row,column`` within them."""
    cursor = sheet.createCursor()
    cursor.gotoStartOfUsedArea(False)
    cursor.gotoEndOfUsedArea(True)
    box = cursor.RangeAddress
    rows = min(box.EndRow - box.StartRow + 1, MOST_ROWS)
    columns = min(box.EndColumn - box.StartColumn + 1, MOST_COLUMNS)
    area = cursor.getCellRangeByPosition(0, 0, columns - 1, rows - 1)
    values = area.getDataArray()
    formulas = {
        f"{row},{column}": text
        for row, texts in enumerate(area.getFormulaArray())
        for column, text in enumerate(texts)
        if text[:1] == "=" and text != values[row][column]
    }
    errors = {}
    for part in area.queryFormulaCells(ERROR).RangeAddresses:
        for row in range(part.StartRow, part.EndRow + 1):
            for column in range(part.StartColumn, part.EndColumn + 1):
                at = f"{row - box.StartRow},{column - box.StartColumn}"
                errors[at] = sheet.getCellByPosition(column, row).String
    return {
        "name": sheet.Name, "row": box.StartRow + 1, "column": box.StartColumn + 1,
        "values": values, "formulas": formulas, "errors": errors,
    }  # fmt: skip


def write(document: Any, title: str, cells: list[Any]) -> None:
    """Write all cells as one step that one undo takes back; none where a sheet does not take one of them."""
    places = [
        (sheet, address, value) for name, address, value in cells
        if CELL.fullmatch(address) and document.Sheets.hasByName(name)
        for sheet in (document.Sheets.getByName(name),)
    ]  # fmt: skip
    for why in (locked, covered):
        wrong = [(sheet, address) for sheet, address, value in places if why(sheet, address, value)]
        if wrong:
            sheets = "、".join(dict.fromkeys(f"“{sheet.Name}”" for sheet, _ in wrong))
            raise Trouble(WHY_NOT[why.__name__].format(sheets=sheets, cell=wrong[0][1]))
    if not places:
        return
    steps = document.getUndoManager()
    steps.enterUndoContext(title)
    document.lockControllers()
    try:
        for sheet, address, value in places:
            put(document, sheet, address, value)
    finally:
        document.unlockControllers()
        steps.leaveUndoContext()


def locked(sheet: Any, address: str, _: Any) -> bool:
    """Whether the protection of a sheet holds a cell."""
    return bool(sheet.isProtected() and sheet.getCellRangeByName(address).CellProtection.IsLocked)


def covered(sheet: Any, address: str, value: Any) -> bool:
    """Whether a cell lies inside a merged area, which would swallow what is written there."""
    if value is None:
        return False
    cell = sheet.getCellRangeByName(address)
    cursor = sheet.createCursorByRange(cell)
    cursor.collapseToMergedArea()
    first, own = cursor.RangeAddress, cell.RangeAddress
    return (first.StartRow, first.StartColumn) != (own.StartRow, own.StartColumn)


def put(document: Any, sheet: Any, address: str, value: Any) -> None:
    """Write a value or ``{"formula": text}``; a text is never taken as a formula."""
    cell = sheet.getCellRangeByName(address).getCellByPosition(0, 0)
    if isinstance(value, dict):
        put_formula(document, cell, value["formula"])
    elif value is None or isinstance(value, str):
        cell.setString(value or "")
    else:
        cell.setValue(float(value))


def put_formula(document: Any, cell: Any, text: str) -> None:
    """Write a formula that is spelt as Excel does."""
    reader = document.createInstance("com.sun.star.sheet.FormulaParser")
    reader.CompileEnglish, reader.FormulaConvention = True, XL_A1
    own = COMMAS.sub(lambda found: ";" if found[1] else found[0], text[1:])
    cell.setTokens(reader.parseFormula(own, cell.getCellAddress()))


class Listed(unohelper.Base, XActionListener):  # type: ignore[misc]
    """A dialog with findings page by page; each that is about a cell has a button that goes there."""

    def __init__(self, context: Any, frame: Any, title: str, text: str, findings: list[Any]) -> None:
        self.frame, self.findings, self.page = frame, findings, 0
        self.toolkit = context.ServiceManager.createInstanceWithContext("com.sun.star.awt.Toolkit", context)
        make = context.ServiceManager.createInstanceWithContext
        self.model = make("com.sun.star.awt.UnoControlDialogModel", context)
        bottom = 28 + ROW * PAGE
        self.model.Width, self.model.Height, self.model.Title = WIDE, bottom + 20, title
        self.model.PositionX = self.model.PositionY = 40
        self._add("FixedText", "text", (6, 4, WIDE - 12, 20), Label=text, MultiLine=True)
        for row in range(PAGE):
            top = 24 + row * ROW
            box = (6, top, WIDE - 66, ROW - 2)
            self._add("Edit", f"finding{row}", box, MultiLine=True, ReadOnly=True, AutoVScroll=True, Border=0)
            self._add("Button", f"go{row}", (WIDE - 56, top, 50, 13), Label="转到单元格")
        self._add("FixedText", "where", (6, bottom + 3, 90, 10))
        for at, (name, label) in enumerate((("before", "上一页"), ("after", "下一页"))):
            self._add("Button", name, (WIDE - 168 + at * 56, bottom, 50, 14), Label=label)
        self._add(
            "Button", "close", (WIDE - 56, bottom, 50, 14), Label="关闭", PushButtonType=2, DefaultButton=True
        )
        self.dialog = make("com.sun.star.awt.UnoControlDialog", context)
        self.dialog.setModel(self.model)
        for name in self.model.ElementNames:
            if name.startswith(("go", "before", "after")):
                control = self.dialog.getControl(name)
                control.setActionCommand(name)
                control.addActionListener(self)

    def _add(self, kind: str, name: str, box: tuple[int, int, int, int], **more: Any) -> None:
        made = self.model.createInstance(f"com.sun.star.awt.UnoControl{kind}Model")
        made.Name, (made.PositionX, made.PositionY, made.Width, made.Height) = name, box
        for key, value in more.items():
            setattr(made, key, value)
        self.model.insertByName(name, made)

    def _fill(self) -> None:
        start, pages = self.page * PAGE, -(-len(self.findings) // PAGE)
        for row in range(PAGE):
            text, sheet, cell = (
                self.findings[start + row] if start + row < len(self.findings) else ("", "", "")
            )
            self.model.getByName(f"finding{row}").Text = text
            self.model.getByName(f"go{row}").EnableVisible = bool(sheet and cell)
        self.model.getByName("where").Label = f"共 {len(self.findings)} 条，第 {self.page + 1}/{pages} 页"
        self.model.getByName("before").Enabled = self.page > 0
        self.model.getByName("after").Enabled = self.page + 1 < pages

    def show(self) -> None:
        """Until it is closed."""
        self._fill()
        self.dialog.createPeer(self.toolkit, self.frame.getContainerWindow())
        self.dialog.execute()
        self.dialog.dispose()

    def actionPerformed(self, event: Any) -> None:  # noqa: N802 - UNO's name
        """Another page, or the cell of a finding."""
        name = event.ActionCommand
        if name.startswith("go"):
            _, sheet, cell = self.findings[self.page * PAGE + int(name[2:])]
            controller = self.frame.getController()
            sheets = controller.getModel().Sheets
            if sheets.hasByName(sheet):
                controller.setActiveSheet(sheets.getByName(sheet))
                controller.select(sheets.getByName(sheet).getCellRangeByName(cell.split(":")[0]))
        else:
            self.page += 1 if name == "after" else -1
            self._fill()

    def disposing(self, source: Any) -> None:
        """Nothing is kept."""


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
        state, findings = "failed", list[Any]()
        try:
            state, text, findings = carry_out(self.frame, verb)
        except Trouble as trouble:
            text = str(trouble)
        except Exception as error:  # noqa: BLE001 - LibreOffice would show the officer a Python traceback
            text = f"这次操作没有完成（{type(error).__name__}）。请运行 jixiao addin status 查看。"
        title = f"绩效评分 · {LABELS[verb]}"
        if findings:
            Listed(self.context, self.frame, title, text, findings).show()
        elif text:
            self._show(INFOBOX if state == "done" else WARNINGBOX, title, text)

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
