"""The LibreOffice side: runs in the interpreter that owns ``uno``, standard library only; one JSON line a call.

Started as ``python -I worker.py UNO_WORKER SOFFICE PROFILE [macros]``; the office itself is started and ended as the project's
own engine does it (UNO_WORKER is that file). A request is ``[operation, arguments...]``, an answer ``{"ok": value}`` or
``{"error": text}``. The end of stdin ends the office.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import re
import sys
from typing import Any

PARSER = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
PARSER.add_argument("uno_worker")
PARSER.add_argument("soffice")
PARSER.add_argument("profile")
PARSER.add_argument("macros", nargs="?", choices=["macros"])
ARGUMENTS = PARSER.parse_args()
LIBRARY = importlib.util.spec_from_file_location("uno_worker", ARGUMENTS.uno_worker)
uno_worker: Any = importlib.util.module_from_spec(LIBRARY)  # type: ignore[arg-type]
LIBRARY.loader.exec_module(uno_worker)  # type: ignore[union-attr]

DATES, FORMULAS_IN_ERROR = 2, 4
EXCEL_FILTER = "Calc MS Excel 2007 XML"
_FROM_OFFICE = re.compile(
    r'"(?:[^"]|"")*"|\$?(\'(?:[^\']|\'\')+\')\.|\$?([\w.\u4e00-\u9fff]+?)\.(?=\$?[A-Z]{1,3}\$?\d)|(;)'
)
_FROM_EXCEL = re.compile(r'"(?:[^"]|"")*"|(\'(?:[^\']|\'\')+\')!|([\w.\u4e00-\u9fff]+)!|(,)')


def to_excel(formula: str) -> str:
    """LibreOffice's spelling of a formula in Excel's."""
    return _FROM_OFFICE.sub(lambda m: "," if m[3] else f"{m[1] or m[2]}!" if m[1] or m[2] else m[0], formula)


def to_office(formula: str) -> str:
    """Excel's spelling of a formula in LibreOffice's."""
    return _FROM_EXCEL.sub(lambda m: ";" if m[3] else f"${m[1] or m[2]}." if m[1] or m[2] else m[0], formula)


class RefusedError(Exception):
    """What Excel would refuse."""


class Worker:
    """The open documents of one office."""

    def __init__(self, office: Any) -> None:
        self.office = office
        self.documents: dict[int, Any] = {}
        self.addin: Any = None
        self.kept: dict[tuple[int, str], Any] = {}
        self.count = 0

    def books(self) -> list[int]:
        """The spreadsheets that are open now, also those that somebody else opened."""
        found = []
        components = self.office.desktop.Components.createEnumeration()
        while components.hasMoreElements():
            document = components.nextElement()
            if self.addin is not None and document.RuntimeUID == self.addin.RuntimeUID:
                continue
            if document.supportsService("com.sun.star.sheet.SpreadsheetDocument"):
                found.append(self._key(document))
        self.documents = {key: self.documents[key] for key in found}
        return found

    def _key(self, document: Any) -> int:
        for key, known in self.documents.items():
            if known.RuntimeUID == document.RuntimeUID:
                return key
        self.count += 1
        self.documents[self.count] = document
        return self.count

    def open(self, path: str) -> int:
        """Open a file as an Excel workbook, without links or macros."""
        prop = uno_worker.prop
        settings = (
            prop("Hidden", not ARGUMENTS.macros), prop("UpdateDocMode", 0), prop("MacroExecutionMode", 0),
            prop("FilterName", EXCEL_FILTER),
        )  # fmt: skip
        url = uno_worker.uno.systemPathToFileUrl(path)
        document = self.office.desktop.loadComponentFromURL(url, "_blank", 0, settings)
        if document is None:
            raise RefusedError(f"cannot open {path}")
        return self._key(document)

    def load_addin(self, path: str) -> None:
        """Open the add-in (as a workbook with macros), with its macros on; it is none of the books."""
        on = uno_worker.prop("MacroExecutionMode", uno_worker.uno.Any("short", 4))
        url = uno_worker.uno.systemPathToFileUrl(path)
        self.addin = self.office.desktop.loadComponentFromURL(url, "_blank", 0, (on,))

    def press(self, book: int, module: str, procedure: str) -> None:
        """Run a ribbon procedure of the add-in while a workbook is in front."""
        self.documents[book].CurrentController.Frame.activate()
        libraries = self.addin.BasicLibraries
        names = [n for n in libraries.ElementNames if libraries.getByName(n).hasByName(module)]
        url = f"vnd.sun.star.script:{names[0]}.{module}.{procedure}?language=Basic&location=document"
        self.addin.getScriptProvider().getScript(url).invoke((self.addin,), (), ())

    def add(self) -> int:
        """A new workbook."""
        hidden = (uno_worker.prop("Hidden", True),)
        return self._key(
            self.office.desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, hidden)
        )

    def save(self, book: int, path: str) -> None:
        """Save as an Excel workbook, under another path where one is given."""
        document = self.documents[book]
        settings = (uno_worker.prop("FilterName", EXCEL_FILTER),)
        if path:
            document.storeAsURL(uno_worker.uno.systemPathToFileUrl(path), settings)
        else:
            document.storeAsURL(document.URL, settings)

    def close(self, book: int) -> None:
        """Close without saving."""
        self.kept.clear()
        self.documents.pop(book).close(True)

    def path(self, book: int) -> str:
        """The file of a workbook; empty where it was never saved."""
        url = self.documents[book].URL
        return uno_worker.uno.fileUrlToSystemPath(url) if url else ""

    def calculate(self, book: int) -> None:
        """Calculate every formula."""
        self.documents[book].calculateAll()

    def automatic(self, book: int, wish: Any) -> bool:
        """Whether formulas are calculated at once; changed where a wish is given."""
        if wish is not None:
            self.documents[book].enableAutomaticCalculation(bool(wish))
        return bool(self.documents[book].isAutomaticCalculationEnabled())

    def sheets(self, book: int) -> list[str]:
        """Names in tab order."""
        return list(self.documents[book].Sheets.ElementNames)

    def active(self, book: int, wish: Any) -> str:
        """The sheet in front; another one where a wish is given."""
        controller = self.documents[book].CurrentController
        if wish:
            controller.setActiveSheet(self._sheet(book, wish))
        return str(controller.ActiveSheet.Name)

    def selected(self, book: int, wish: Any) -> list[Any]:
        """Sheet and box of the selected cells."""
        controller = self.documents[book].CurrentController
        if wish:
            controller.setActiveSheet(self._sheet(book, wish[0]))
            controller.select(self._range(book, wish[0], wish[1]))
        address = controller.Selection.RangeAddress
        return [controller.ActiveSheet.Name, _box(address)]

    def add_sheet(self, book: int, name: str, at: int) -> None:
        """A new sheet before a position."""
        self.documents[book].Sheets.insertNewByName(name, at)

    def rename(self, book: int, old: str, new: str) -> None:
        """Another name for a sheet."""
        self._sheet(book, old).Name = new
        self.kept.clear()

    def delete(self, book: int, name: str) -> None:
        """Without a sheet."""
        self.documents[book].Sheets.removeByName(name)
        self.kept.clear()

    def visible(self, book: int, name: str) -> bool:
        """Whether a sheet is shown."""
        return bool(self._sheet(book, name).IsVisible)

    def show(self, book: int, name: str, wish: bool) -> None:
        """Show or hide a sheet."""
        self._sheet(book, name).IsVisible = wish

    def protect(self, book: int, name: str, wish: bool) -> None:
        """Protect a sheet without a password, or take that back."""
        sheet = self._sheet(book, name)
        (sheet.protect if wish else sheet.unprotect)("")

    def merge(self, book: int, name: str, box: list[int]) -> None:
        """Merge an area."""
        self._range(book, name, box).merge(True)

    def insert_row(self, book: int, name: str, row: int) -> None:
        """An empty row before a row."""
        self._sheet(book, name).Rows.insertByIndex(row - 1, 1)

    def used(self, book: int, name: str) -> list[int]:
        """The box of the used cells, from 1."""
        cursor = self._sheet(book, name).createCursor()
        cursor.gotoStartOfUsedArea(False)
        cursor.gotoEndOfUsedArea(True)
        return _box(cursor.RangeAddress)

    def values(self, book: int, name: str, box: list[int]) -> dict[str, Any]:
        """Values by row; places of errors and of dates apart."""
        area = self._range(book, name, box)
        rows = [list(row) for row in area.getDataArray()]
        errors, dates = [], []
        for found in area.queryFormulaCells(FORMULAS_IN_ERROR).getRangeAddresses():
            for row, column in uno_worker.places([found]):
                cell = self._sheet(book, name).getCellByPosition(column, row)
                text = uno_worker.error_of(cell)["error"]
                errors.append([row + 1 - box[0], column + 1 - box[1], text])
        for found in area.queryContentCells(DATES).getRangeAddresses():
            dates += [[r + 1 - box[0], c + 1 - box[1]] for r, c in uno_worker.places([found])]
        return {"rows": rows, "errors": errors, "dates": dates}

    def formulas(self, book: int, name: str, box: list[int]) -> list[list[str]]:
        """What stands in the cells, formulas as Excel spells them."""
        rows = self._range(book, name, box).getFormulaArray()
        return [[to_excel(text) if text.startswith("=") else text for text in row] for row in rows]

    def write(self, book: int, name: str, box: list[int], rows: list[list[Any]]) -> None:
        """Contents of an area: numbers, texts as typed, formulas; nothing at all where a locked cell is among them."""
        area, sheet = self._range(book, name, box), self._sheet(book, name)
        if sheet.isProtected() and any(
            sheet.getCellByPosition(column, row).CellProtection.IsLocked
            for row, column in uno_worker.places([area.RangeAddress])
        ):
            raise RefusedError("the sheet is protected")
        area.setFormulaArray(tuple(tuple(_input(value) for value in row) for row in rows))

    def name(self, book: int, name: str) -> Any:
        """What a defined name refers to, as Excel spells it; None where there is no such name."""
        names = self.documents[book].NamedRanges
        if not names.hasByName(name):
            return None
        return "=" + to_excel(names.getByName(name).Content)

    def _sheet(self, book: int, name: str) -> Any:
        """A sheet; kept, since finding it again is two calls over the pipe."""
        if (book, name) not in self.kept:
            self.kept[book, name] = self.documents[book].Sheets.getByName(name)
        return self.kept[book, name]

    def _range(self, book: int, name: str, box: list[int]) -> Any:
        top, left, bottom, right = box
        return self._sheet(book, name).getCellRangeByPosition(left - 1, top - 1, right - 1, bottom - 1)


def _box(address: Any) -> list[int]:
    return [address.StartRow + 1, address.StartColumn + 1, address.EndRow + 1, address.EndColumn + 1]


def _input(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return to_office(value) if value.startswith("=") else value
    return repr(float(value))


def main() -> None:
    """Start the office, then answer until stdin ends."""
    if ARGUMENTS.macros:
        uno_worker.PROFILE = re.sub(
            r'(MacroSecurityLevel" oor:op="fuse"><value>)3|(DisableMacrosExecution" oor:op="fuse"><value>)true',
            lambda found: f"{found[1]}0" if found[1] else f"{found[2]}false",
            uno_worker.PROFILE,
        )
    office = uno_worker.Office(ARGUMENTS.soffice, ARGUMENTS.profile)
    worker = Worker(office)
    try:
        print(json.dumps({"ok": os.getpid()}), flush=True)
        for line in sys.stdin:
            operation, *arguments = json.loads(line)
            try:
                reply = {"ok": getattr(worker, operation)(*arguments)}
            except Exception as error:  # noqa: BLE001 - UNO raises its own kinds; each becomes an answer
                reply = {"error": f"{type(error).__name__}: {error}"}
            print(json.dumps(reply), flush=True)
    finally:
        for book in worker.books():
            worker.close(book)  # else a lock file stays beside each
        if worker.addin is not None:
            worker.addin.close(True)
        office.close()


if __name__ == "__main__":
    main()
