"""The LibreOffice side of the engine: runs in the interpreter that owns ``uno``, standard library only.

Started by ``libreoffice.py`` as ``python -I uno_worker.py SOFFICE PROFILE_DIR``. It starts one office of
its own and then answers JSON lines: a request on stdin, an answer on stdout, nothing else on stdout.

    {"path": "..."} -> {"results": [["表", "A1", value], ...]} or {"failed": "reason"}

A value is a number, a text or ``{"error": "#DIV/0!"}``. The end of stdin ends the office.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

# LibreOffice's own error numbers in the words of Excel.
ERRORS = {
    502: "#VALUE!", 503: "#NUM!", 504: "#VALUE!", 511: "#VALUE!", 519: "#VALUE!", 521: "#NULL!",
    522: "#CIRC!", 523: "#CIRC!", 524: "#REF!", 525: "#NAME?", 532: "#DIV/0!", 32767: "#N/A",
}  # fmt: skip
FORMULA_VALUE, FORMULA_TEXT, FORMULA_ERROR = 1, 2, 4
MAX_BLOCK = 400_000
START_SECONDS = 60
EXCEL_FILTER = "Calc MS Excel 2007 XML"

PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Java/VirtualMachine"><prop oor:name="Enable" oor:op="fuse"><value>false</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Misc"><prop oor:name="FirstRun" oor:op="fuse"><value>false</value></prop></item>
<item oor:path="/org.openoffice.Office.Recovery/AutoSave"><prop oor:name="Enabled" oor:op="fuse"><value>false</value></prop></item>
</oor:items>
"""


def prop(name: str, value: object) -> Any:
    """A UNO property."""
    item = PropertyValue()
    item.Name, item.Value = name, value
    return item


def column(index: int) -> str:
    """0 -> A, 26 -> AA."""
    text, index = "", index + 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text


class Office:
    """One hidden office process of our own, reached over a pipe."""

    def __init__(self, soffice: str, profile: str) -> None:
        self.profile = Path(profile)
        user = self.profile / "user"
        user.mkdir(parents=True, exist_ok=True)
        (user / "registrymodifications.xcu").write_text(PROFILE, "utf-8")
        pipe = f"jixiao{os.getpid()}"
        self.process = subprocess.Popen(
            [
                soffice, f"-env:UserInstallation={self.profile.as_uri()}", "--headless", "--invisible",
                "--norestore", "--nologo", "--nodefault", "--nofirststartwizard", "--nolockcheck",
                f"--accept=pipe,name={pipe};urp;",
            ],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.desktop = self._connect(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")

    def _connect(self, address: str) -> Any:
        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        limit = time.monotonic() + START_SECONDS
        while True:
            try:
                context = resolver.resolve(address)
                return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
            except NoConnectException:
                if time.monotonic() > limit or self.process.poll() not in (None, 0):
                    raise
                time.sleep(0.05)

    def open(self, path: str) -> Any:
        """A hidden copy of a workbook, without links or macros; None where LibreOffice cannot.

        A copy, because the office would leave a lock file beside the original.
        """
        copy = self.profile / f"book{Path(path).suffix.lower()}"
        shutil.copyfile(path, copy)
        settings = (
            prop("Hidden", True), prop("UpdateDocMode", 0), prop("MacroExecutionMode", 0),
            prop("FilterName", EXCEL_FILTER),
        )  # fmt: skip
        return self.desktop.loadComponentFromURL(copy.as_uri(), "_blank", 0, settings)

    def close(self) -> None:
        """End the office and remove its profile."""
        try:
            self.desktop.terminate()
            self.process.wait(10)
        except Exception:  # noqa: BLE001 - it may be gone already, whatever the reason
            self.process.kill()
        shutil.rmtree(self.profile, ignore_errors=True)


def block(sheet: Any, addresses: list[Any]) -> dict[tuple[int, int], Any]:
    """{(row, column): value} of the cells of some ranges, read in as few calls as possible."""
    if not addresses:
        return {}
    left, right = min(a.StartColumn for a in addresses), max(a.EndColumn for a in addresses)
    top, bottom = min(a.StartRow for a in addresses), max(a.EndRow for a in addresses)
    if (right - left + 1) * (bottom - top + 1) <= MAX_BLOCK:
        boxes = [(left, top, right, bottom)]
    else:
        boxes = [(a.StartColumn, a.StartRow, a.EndColumn, a.EndRow) for a in addresses]
    values: dict[tuple[int, int], Any] = {}
    for box in boxes:
        data = sheet.getCellRangeByPosition(*box).getDataArray()
        for r, row in enumerate(data):
            for c, value in enumerate(row):
                values[box[1] + r, box[0] + c] = value
    return values


def places(addresses: list[Any]) -> Iterator[tuple[int, int]]:
    """Every (row, column) of some ranges."""
    for a in addresses:
        for row in range(a.StartRow, a.EndRow + 1):
            for col in range(a.StartColumn, a.EndColumn + 1):
                yield row, col


def error_of(cell: Any) -> dict[str, str]:
    """The error of a cell in Excel's words."""
    return {"error": ERRORS.get(cell.getError()) or cell.String or "#VALUE!"}


def results(document: Any) -> list[list[Any]]:
    """[[sheet, A1, value], ...] of every formula cell."""
    found: list[list[Any]] = []
    for sheet in document.Sheets:
        name = sheet.Name
        good = [
            a
            for kind in (FORMULA_VALUE, FORMULA_TEXT)
            for a in sheet.queryFormulaCells(kind).getRangeAddresses()
        ]
        bad = sheet.queryFormulaCells(FORMULA_ERROR).getRangeAddresses()
        values = block(sheet, good)
        for row, col in places(good):
            found.append([name, f"{column(col)}{row + 1}", values[row, col]])
        for row, col in places(bad):
            found.append([name, f"{column(col)}{row + 1}", error_of(sheet.getCellByPosition(col, row))])
    return found


def answer(office: Office, request: dict[str, Any]) -> dict[str, Any]:
    """The answer to one request; a failure is an answer too."""
    document = office.open(request["path"])
    if document is None:
        return {"failed": "LibreOffice 打不开这个文件"}
    try:
        if not document.supportsService("com.sun.star.sheet.SpreadsheetDocument"):
            return {"failed": "这不是电子表格文件"}
        return {"results": results(document)}  # calculated as it was opened: the profile says so
    finally:
        document.close(True)


def main() -> None:
    """Start the office, then serve requests until stdin ends."""
    office = Office(sys.argv[1], sys.argv[2])
    try:
        print(json.dumps({"ready": True}), flush=True)
        for line in sys.stdin:
            try:
                reply = answer(office, json.loads(line))
            except Exception as error:  # noqa: BLE001 - UNO raises its own kinds; each becomes an answer
                reply = {"failed": f"LibreOffice 计算时出错（{type(error).__name__}）"}
            print(json.dumps(reply), flush=True)
    finally:
        office.close()


if __name__ == "__main__":
    main()
