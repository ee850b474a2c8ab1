"""The LibreOffice side of the add-in tests: runs in the interpreter that owns ``uno``, standard library only.

``python -I vba_worker.py SOFFICE PROFILE BOOK [OTHER]``: opens OTHER and the add-in BOOK with macros on, then answers
lines of JSON ``["JxBell", "Ring", "score"]`` with what the function of the module returned.
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


def prop(name: str, value: object) -> Any:
    """A UNO property."""
    item = PropertyValue()
    item.Name, item.Value = name, value
    return item


def connect(pipe: str, process: subprocess.Popen[bytes]) -> Any:
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


def run(book: Any, module: str, function: str, *words: object) -> object:
    """Call a function of a module; a syntax error in the module gives None."""
    library = book.BasicLibraries.VBACompatibilityMode and "VBAProject"
    words = tuple(book if word == "CONTROL" else word for word in words)
    name = next(
        n for n in (library, "Standard", *book.BasicLibraries.ElementNames) if n and has(book, n, module)
    )
    url = f"vnd.sun.star.script:{name}.{module}.{function}?language=Basic&location=document"
    return book.getScriptProvider().getScript(url).invoke(words, (), ())[0]


def has(book: Any, library: str, module: str) -> bool:
    return bool(
        book.BasicLibraries.hasByName(library) and book.BasicLibraries.getByName(library).hasByName(module)
    )


def main() -> None:
    soffice, profile, *books = sys.argv[1:]
    pipe = f"jixiaovba{os.getpid()}"
    process = subprocess.Popen(
        [
            soffice, f"-env:UserInstallation={Path(profile).as_uri()}", "--headless", "--invisible", "--norestore",
            "--nologo", "--nodefault", "--nofirststartwizard", "--nolockcheck", f"--accept=pipe,name={pipe};urp;",
        ],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    desktop = connect(pipe, process)
    try:
        opened = [
            desktop.loadComponentFromURL(
                Path(book).as_uri(), "_blank", 0, (prop("MacroExecutionMode", uno.Any("short", 4)),)
            )
            for book in books
        ]
        print(
            json.dumps(
                {
                    "modules": {
                        n: list(opened[0].BasicLibraries.getByName(n).ElementNames)
                        for n in opened[0].BasicLibraries.ElementNames
                    }
                }
            ),
            flush=True,
        )
        for line in sys.stdin:
            print(json.dumps(run(opened[0], *json.loads(line))), flush=True)
    finally:
        for book in opened:
            book.close(True)
        desktop.terminate()
        process.wait(20)


if __name__ == "__main__":
    main()
