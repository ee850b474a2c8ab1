"""The LibreOffice side of the extension tests: runs in the interpreter that owns ``uno``, standard library only.

``python -I calc_worker.py SOFFICE PROFILE BOOK [shown]``: opens BOOK in an office of this profile, then answers lines
of JSON: ``["press", verb]`` presses a button of ours, ``["get", sheet, cell]``, ``["set", sheet, cell, value]``,
``["undo"]``, ``["store", path]`` a copy as .xlsx, ``["add", sheet]``, ``["protect", sheet, wish]``, ``["show", sheet]``,
``["at"]`` the selected cell, ``["freeze", columns, rows]``, ``["steps"]`` names what can be undone, ``["ours", verb]``
tells whether our buttons have somebody behind them.

On a display (``shown``) also what stands there and is used as a person's tools do, through the accessibility tree:
``["seen"]`` is our menu and our toolbar, ``["click", label, *names]`` presses a button of the toolbar, the buttons of these
names in the message box or dialog that comes up, and the one that closes it; it gives the texts that stood there at last.
``["type", cell, text]`` types over a cell, ``["keys", text]`` where the cursor is, ``["into line", cell]`` puts it into the
input line for a cell; a line break is the Enter key.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import uno
from com.sun.star.accessibility import AccessibleRole, AccessibleStateType
from com.sun.star.awt import Key, KeyEvent
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException
from com.sun.star.sheet.FormulaResult import STRING
from com.sun.star.util import URL


def connect(pipe: str, process: subprocess.Popen[bytes]) -> tuple[Any, Any]:
    """The desktop and the toolkit of the office that listens at a pipe."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(600):
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            time.sleep(0.05)
        else:
            names = ("com.sun.star.frame.Desktop", "com.sun.star.awt.Toolkit")
            desktop, toolkit = (context.ServiceManager.createInstanceWithContext(n, context) for n in names)
            return desktop, toolkit
    process.kill()
    raise SystemExit("no office")


def address(verb: str, scheme: str = "cn.jixiao.calc:") -> Any:
    """The address behind a button: ours, or of a command of LibreOffice."""
    made = URL()
    made.Complete = made.Main = scheme + verb
    made.Protocol, made.Path = scheme, verb
    return made


def cell(book: Any, sheet: str, place: str) -> Any:
    return book.Sheets.getByName(sheet).getCellRangeByName(place).getCellByPosition(0, 0)


def value(found: Any) -> Any:
    text = found.String  # asked for first: it calculates a formula that is new
    if found.Type.value == "EMPTY":
        return ""
    told = found.Type.value == "FORMULA" and found.FormulaResultType2 == STRING
    return text if told or found.Type.value == "TEXT" else found.Value


def inside(thing: Any) -> Iterator[Any]:
    """What lies in a thing of the screen."""
    for number in range(thing.getAccessibleChildCount()):
        yield thing.getAccessibleChild(number).getAccessibleContext()


def ours(book: Any, *roles: int) -> list[Any]:
    """The things of the window that bear our name and have one of these roles, in a menu bar or a panel."""
    frames = (AccessibleRole.ROOT_PANE, AccessibleRole.PANEL, AccessibleRole.MENU_BAR)
    waiting, found = [book.CurrentController.Frame.ContainerWindow.getAccessibleContext()], []
    while waiting:
        for thing in inside(waiting.pop()):
            if thing.getAccessibleRole() in roles and thing.getAccessibleName() == "绩效评分":
                found.append(thing)
            elif thing.getAccessibleRole() in frames:
                waiting.append(thing)
    return found


def seen(book: Any) -> dict[str, Any]:
    """Names of the entries of our menu and toolbar, whether both show, and whether the toolbar has a row to itself."""
    (menu,) = ours(book, AccessibleRole.MENU)
    (bar,) = ours(book, AccessibleRole.TOOL_BAR)
    layout, name = (
        book.CurrentController.Frame.LayoutManager,
        "private:resource/toolbar/addon_cn.jixiao.calc.toolbar",
    )
    rows = [
        layout.getElementPos(each.ResourceURL).Y for each in layout.getElements()
        if "/toolbar/" in each.ResourceURL and layout.isElementVisible(each.ResourceURL)
    ]  # fmt: skip
    return {
        "menu": [entry.getAccessibleName() for entry in inside(menu)],
        "toolbar": [entry.getAccessibleName() for entry in inside(bar)],
        "showing": [t.getAccessibleStateSet().contains(AccessibleStateType.SHOWING) for t in (menu, bar)],
        "alone": layout.isElementDocked(name) and rows.count(layout.getElementPos(name).Y) == 1,
    }


def click(toolkit: Any, book: Any, label: str, *names: str) -> str:
    """Press a button of our toolbar, then others in what comes up; the text there, and it is closed."""
    (bar,) = ours(book, AccessibleRole.TOOL_BAR)
    (button,) = [entry for entry in inside(bar) if entry.getAccessibleName() == label]
    threading.Thread(target=button.doAccessibleAction, args=[0], daemon=True).start()  # it waits for the box
    box = patiently(lambda: shown(toolkit, label))
    for name in names:
        next(part for part in buttons(box) if part.getAccessibleName().startswith(name)).doAccessibleAction(0)
    if picture := os.environ.get("JIXIAO_PICTURE"):
        time.sleep(1.5)
        subprocess.run(["import", "-window", "root", picture], check=False)
    statics = [
        p for p in inside(box) if p.getAccessibleRole() in (AccessibleRole.STATIC, AccessibleRole.LABEL)
    ]
    text = "\n".join(filter(None, (part.getAccessibleName() for part in statics)))
    done = buttons(box)[-1]
    # pressed before the box has come to wait for it, a button does nothing
    patiently(lambda: shown(toolkit, label) is None or not done.doAccessibleAction(0))
    return text


def buttons(box: Any) -> list[Any]:
    """The buttons of a box in their order."""
    return [part for part in inside(box) if part.getAccessibleRole() == AccessibleRole.PUSH_BUTTON]


def shown(toolkit: Any, label: str) -> Any:
    """The message box of a button, None where there is none."""
    tops = (toolkit.getTopWindow(number) for number in range(toolkit.getTopWindowCount()))
    boxes = (window.getAccessibleContext() for window in tops if window is not None)
    title = f"绩效评分 · {label}"  # one that is going has no context any more
    return next((box for box in boxes if box is not None and box.getAccessibleName() == title), None)


def patiently(look: Callable[[], Any]) -> Any:
    """What a look gives as soon as it gives something."""
    for _ in range(400):
        if found := look():
            return found
        time.sleep(0.05)
    raise SystemExit("nothing happened on the screen")


def press(book: Any, *command: str) -> None:
    frame = book.CurrentController.Frame
    frame.queryDispatch(address(*command), "_self", 0).dispatch(address(*command), ())


def put(book: Any, sheet: str, place: str, content: Any) -> None:
    found = cell(book, sheet, place)
    found.setFormula(content) if isinstance(content, str) else found.setValue(content)


def at(book: Any) -> list[Any]:
    place = book.CurrentSelection.RangeAddress
    return [book.CurrentController.ActiveSheet.Name, place.StartRow + 1, place.StartColumn + 1]


def keys(toolkit: Any, book: Any, text: str) -> None:
    """Press the keys of a text, as if at the keyboard."""
    for letter in text:
        event = KeyEvent()
        event.Source = book.CurrentController.Frame.ComponentWindow
        event.KeyCode = Key.RETURN if letter == "\n" else 0
        event.KeyChar = uno.Char("\r" if letter == "\n" else letter)
        toolkit.keyPress(event)
        toolkit.keyRelease(event)
    toolkit.processEventsToIdle()


def type_into(toolkit: Any, book: Any, place: str, text: str) -> None:
    """Go to a cell of the sheet that shows, and press keys there."""
    control = book.CurrentController
    control.select(control.ActiveSheet.getCellRangeByName(place))
    control.Frame.ComponentWindow.setFocus()
    keys(toolkit, book, text)


def into_line(toolkit: Any, book: Any, place: str) -> None:
    """Go to a cell, and put the cursor into the input line."""
    type_into(toolkit, book, place, "")
    press(book, "FocusInputLine", ".uno:")


def protect(book: Any, sheet: str, wish: bool) -> None:
    found = book.Sheets.getByName(sheet)
    found.protect("") if wish else found.unprotect("")


def store(book: Any, path: str) -> None:
    copy = PropertyValue()
    copy.Name, copy.Value = "FilterName", "Calc MS Excel 2007 XML"
    book.storeToURL(Path(path).as_uri(), (copy,))


SCREEN: dict[str, Callable[..., Any]] = {
    "click": click,
    "keys": keys,
    "type": type_into,
    "into line": into_line,
}
ACTS: dict[str, Callable[..., Any]] = {
    "press": press,
    "ours": lambda book, verb: (
        book.CurrentController.Frame.queryDispatch(address(verb), "_self", 0) is not None
    ),
    "get": lambda book, *words: value(cell(book, *words)),
    "set": put,
    "add": lambda book, name: book.Sheets.insertNewByName(name, book.Sheets.Count),
    "show": lambda book, name: book.CurrentController.setActiveSheet(book.Sheets.getByName(name)),
    "freeze": lambda book, *where: book.CurrentController.freezeAtPosition(*where),
    "at": at,
    "protect": protect,
    "store": store,
    "undo": lambda book: book.getUndoManager().undo(),
    "seen": seen,
    "steps": lambda book: list(book.getUndoManager().getAllUndoActionTitles()),
}


def main() -> None:
    soffice, profile, path, *shown = sys.argv[1:]
    pipe = f"jixiaocalc{os.getpid()}"
    process = subprocess.Popen(
        [
            soffice, f"-env:UserInstallation={Path(profile).as_uri()}", *([] if shown else ["--headless", "--invisible"]),
            "--norestore", "--nologo", "--nodefault", "--nofirststartwizard", "--nolockcheck", f"--accept=pipe,name={pipe};urp;",
        ],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    desktop, toolkit = connect(pipe, process)
    hidden = PropertyValue()
    hidden.Name, hidden.Value = "Hidden", not shown
    book = desktop.loadComponentFromURL(Path(path).as_uri(), "_blank", 0, (hidden,))
    try:
        print(json.dumps("ready"), flush=True)
        for line in sys.stdin:
            what, *words = json.loads(line)
            said = SCREEN[what](toolkit, book, *words) if what in SCREEN else ACTS[what](book, *words)
            print(json.dumps(said), flush=True)
    finally:
        book.close(True)
        desktop.terminate()
        process.wait(20)


if __name__ == "__main__":
    main()
