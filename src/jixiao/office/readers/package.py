"""The second look at a zipped workbook: what the sheet part itself says of cells that arrived blank, and widths.

Standard library only, pattern search over the part: it decides nothing but blank, error or uncalculated. The package
has been checked before (sizes, names, no DTD).
"""

from __future__ import annotations

import functools
import io
import posixpath
import re
import zipfile
from html import unescape

from jixiao.office.sheet import UNCALCULATED, Place, place

_SHEET = re.compile(r"<(?:\w+:)?sheet\b([^>]*)>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\b([^>]*)>")
_ATTRIBUTE = re.compile(r"([\w:.\-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_CELL = re.compile(r"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_RESULT = re.compile(r"<(?:\w+:)?v(?:\s[^>/]*)?>([^<]+)<")
_COLUMN = re.compile(r"<(?:\w+:)?col\b([^>]*)/?>")
_FORMULA = re.compile(r"<(?:\w+:)?f[\s>/]")
MAX_COLUMNS = 16384


def _attributes(text: str) -> dict[str, str]:
    return {key.rpartition(":")[2]: unescape(one or two) for key, one, two in _ATTRIBUTE.findall(text)}


class Parts:
    """Lazy access to the sheet parts of one package, by sheet name."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    @functools.cached_property
    def _zip(self) -> zipfile.ZipFile:
        return zipfile.ZipFile(io.BytesIO(self._data))

    @functools.cached_property
    def has_macros(self) -> bool:
        """Whether the package carries a VBA project (which is never run)."""
        return b"vbaProject.bin" in self._data

    def _text(self, name: str) -> str:
        try:
            return self._zip.read(name).decode("utf-8-sig")
        except (KeyError, UnicodeDecodeError, zipfile.BadZipFile, NotImplementedError, OSError):
            return ""

    @functools.cached_property
    def _by_name(self) -> dict[str, str]:
        book = self._book_part()
        folder, leaf = posixpath.split(book)
        relations = self._relations(f"{folder}/_rels/{leaf}.rels", folder)
        found: dict[str, str] = {}
        for match in _SHEET.finditer(self._text(book)):
            attributes = _attributes(match[1])
            if "name" in attributes:
                found[attributes["name"]] = relations.get(attributes.get("id", ""), "")
        return found

    def _book_part(self) -> str:
        for match in _RELATION.finditer(self._text("_rels/.rels")):
            attributes = _attributes(match[1])
            if attributes.get("Type", "").endswith("/officeDocument"):
                return attributes.get("Target", "").lstrip("/")
        return "xl/workbook.xml"

    def _relations(self, name: str, folder: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for match in _RELATION.finditer(self._text(name)):
            attributes = _attributes(match[1])
            target = attributes.get("Target", "")
            full = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
            found[attributes.get("Id", "")] = full
        return found

    @functools.cache  # noqa: B019 - lives as long as the one file being read
    def _sheet(self, name: str) -> str:
        return self._text(self._by_name.get(name, ""))

    def errors(self, name: str) -> dict[Place, str]:
        """Cells of a sheet that hold an error value, or a formula without a result."""
        text = self._sheet(name)
        if 't="e"' not in text and "t='e'" not in text and not _FORMULA.search(text):
            return {}
        found: dict[Place, str] = {}
        for match in _CELL.finditer(text):
            body = match[2] or ""
            attributes = _attributes(match[1])
            result = _RESULT.search(body)
            if attributes.get("t") == "e":
                found[place(attributes.get("r", ""))] = unescape(result[1]) if result else "#ERROR"
            elif _FORMULA.search(body) and result is None and attributes.get("t") != "str":
                found[place(attributes.get("r", ""))] = UNCALCULATED
        return found

    def widths(self, name: str) -> dict[int, float] | None:
        """Column widths set on a sheet, by column from 1; None when none is set."""
        head = self._sheet(name).partition("<sheetData")[0]
        found: dict[int, float] = {}
        for match in _COLUMN.finditer(head):
            attributes = _attributes(match[1])
            try:
                first, last = int(attributes["min"]), int(attributes["max"])
                width = float(attributes["width"])
            except (KeyError, ValueError):
                continue
            for column in range(first, min(last, first + 255, MAX_COLUMNS) + 1):
                found[column] = width
        return found or None

    def ods_errors(self, name: str) -> dict[Place, str]:
        """Error cells of an OpenDocument sheet, found by their error mark."""
        text = self._text("content.xml")
        if 'value-type="error"' not in text and "of:=" not in text:
            return {}
        return _ods_errors(text, name)


_ODS_TABLE = re.compile(r'<table:table\s[^>]*?table:name="([^"]*)"[^>]*>(.*?)</table:table>', re.DOTALL)
_ODS_ROW = re.compile(r"<table:table-row\b([^>]*?)(?:/>|>(.*?)</table:table-row>)", re.DOTALL)
_ODS_CELL = re.compile(
    r"<table:(?:covered-)?table-cell\b([^>]*?)(?:/>|>(.*?)</table:(?:covered-)?table-cell>)", re.DOTALL
)
_ODS_TEXT = re.compile(r"<text:p[^>]*>([^<]*)<")


def _ods_errors(text: str, name: str) -> dict[Place, str]:
    found: dict[Place, str] = {}
    for table in _ODS_TABLE.finditer(text):
        if unescape(table[1]) != name:
            continue
        row = 1
        for line in _ODS_ROW.finditer(table[2]):
            column = 1
            for cell in _ODS_CELL.finditer(line[2] or ""):
                attributes = _attributes(cell[1])
                shown = _ODS_TEXT.search(cell[2] or "")
                if shown and (shown[1].startswith("#") or shown[1].startswith("Err:")):
                    found[row, column] = unescape(shown[1])
                column += _count(attributes, "number-columns-repeated")
            row += _count(_attributes(line[1]), "number-rows-repeated")
    return found


def _count(attributes: dict[str, str], key: str) -> int:
    value = attributes.get(key, "1")
    return int(value) if value.isdigit() and len(value) < 8 else 1
