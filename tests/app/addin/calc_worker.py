"""The LibreOffice side of the extension tests: runs in the interpreter that owns ``uno``, standard library only.

``python -I calc_worker.py SOFFICE PROFILE BOOK``: opens BOOK in an office of this profile, then answers lines of JSON:
``["press", verb]`` presses a button of ours, ``["get", sheet, cell]``, ``["set", sheet, cell, value]``, ``["undo"]``,
``["add", sheet]``, ``["steps"]`` names what can be undone, ``["ours"]`` tells whether our buttons have somebody behind them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException
from com.sun.star.util import URL


def connect(pipe: str, process: subprocess.Popen[bytes]) -> Any:
    """The desktop of the office that listens at a pipe."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(600):
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            time.sleep(0.05)
        else:
            return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
    process.kill()
    raise SystemExit("no office")


def address(verb: str) -> Any:
    """The address behind a button."""
    made = URL()
    made.Complete = made.Main = f"cn.jixiao.calc:{verb}"
    made.Protocol, made.Path = "cn.jixiao.calc:", verb
    return made


def cell(book: Any, sheet: str, place: str) -> Any:
    return book.Sheets.getByName(sheet).getCellRangeByName(place).getCellByPosition(0, 0)


def value(found: Any) -> Any:
    if found.Type.value == "EMPTY":
        return ""
    return found.String if found.Type.value == "TEXT" or found.FormulaResultType2 == 4 else found.Value


def answer(book: Any, what: str, *words: Any) -> Any:
    frame = book.CurrentController.Frame
    steps = book.getUndoManager()
    if what == "press":
        frame.queryDispatch(address(words[0]), "_self", 0).dispatch(address(words[0]), ())
    elif what == "ours":
        return frame.queryDispatch(address(words[0]), "_self", 0) is not None
    elif what == "get":
        return value(cell(book, *words))
    elif what == "set":
        found = cell(book, *words[:2])
        found.setString(words[2]) if isinstance(words[2], str) else found.setValue(words[2])
    elif what == "add":
        book.Sheets.insertNewByName(words[0], book.Sheets.Count)
    elif what == "undo":
        steps.undo()
    elif what == "steps":
        return list(steps.getAllUndoActionTitles())
    return None


def main() -> None:
    soffice, profile, path = sys.argv[1:]
    pipe = f"jixiaocalc{os.getpid()}"
    process = subprocess.Popen(
        [
            soffice, f"-env:UserInstallation={Path(profile).as_uri()}", "--headless", "--invisible", "--norestore",
            "--nologo", "--nodefault", "--nofirststartwizard", "--nolockcheck", f"--accept=pipe,name={pipe};urp;",
        ],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    desktop = connect(pipe, process)
    hidden = PropertyValue()
    hidden.Name, hidden.Value = "Hidden", True
    book = desktop.loadComponentFromURL(Path(path).as_uri(), "_blank", 0, (hidden,))
    try:
        print(json.dumps("ready"), flush=True)
        for line in sys.stdin:
            print(json.dumps(answer(book, *json.loads(line))), flush=True)
    finally:
        book.close(True)
        desktop.terminate()
        process.wait(20)


if __name__ == "__main__":
    main()
