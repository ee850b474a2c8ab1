"""Which open workbook and sheet are meant. Names only: a full name may be a web address, and is never resolved."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from jixiao.model import Refused, Source, UsageStop


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


def sheet_name(book: Any, wanted: str, file: str) -> str:
    """The sheet that is meant, or the active one; ``UsageStop`` (J832) where it is gone."""
    if not wanted:
        return str(book.sheets.active.name)
    if wanted not in [sheet.name for sheet in book.sheets]:
        raise UsageStop("J832", Source(file, wanted), sheet=wanted)
    return wanted


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
