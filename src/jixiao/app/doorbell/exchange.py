"""What a host exchanges with the service where nobody can reach into it from outside (LibreOffice).

Beside the request ``X.req`` lies ``X.xlsx``, a copy of the open workbook with its unsaved edits. The service works on
that copy, leaves ``X.cells`` (the cells to write, as JSON) and answers ``done``; the host writes them as one step.
"""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from jixiao.app.doorbell.requests import Request
from jixiao.model import Refused
from jixiao.office.ooxml import Book, Sheet

MOST_COPY = 200_000_000  # bytes
MOST_CELLS = 200_000
Change = tuple[str, str, Decimal | float | str | None]


class Formula(str):
    """A formula to write, as Excel spells it, with its ``=``. Any other text is never taken as one."""

    __slots__ = ()


def copy_of(request: Request) -> Path:
    """The copy that came with a request; Refused where there is none, or it is a link, not this user's, or too large."""
    path = _beside(request, ".xlsx")
    try:
        found = path.lstat()
    except OSError as error:
        raise Refused("J858", why="没有副本") from error
    if not stat.S_ISREG(found.st_mode) or (sys.platform != "win32" and found.st_uid != os.geteuid()):
        raise Refused("J858", why="不是文件")
    if found.st_size > MOST_COPY:
        raise Refused("J858", why="过大")
    return path


def give(request: Request, cells: Iterable[Change]) -> None:
    """Leave the cells to write, before the answer ``done``: (sheet, A1, value) each; None empties a cell.

    Amounts go as the nearest binary numbers, which is what a cell holds; a Formula goes apart from texts.
    """
    plain = [[sheet, cell, _plain(value)] for sheet, cell, value in cells]
    if len(plain) > MOST_CELLS:
        raise Refused("J858", why="要写的单元格过多")
    path = _beside(request, ".cells")
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.unlink(missing_ok=True)
    with part.open("x", encoding="utf-8") as file:
        json.dump(plain, file, ensure_ascii=False)
    part.replace(path)


def _plain(value: Decimal | float | str | None) -> float | str | dict[str, str] | None:
    if isinstance(value, Formula):
        return {"formula": str(value)}
    return float(value) if isinstance(value, Decimal) else value


def changes(before: Book, after: Book) -> list[Change]:
    """The cells whose value is another one in ``after``. Cells with a formula are left out: the host calculates them."""
    made: list[Change] = []
    for name in after.sheet_names:
        if name not in before.sheet_names:
            continue
        old, new = _plain_cells(before.sheet(name)), _plain_cells(after.sheet(name))
        made += [(name, ref, new.get(ref)) for ref in {**old, **new} if old.get(ref) != new.get(ref)]
    return made


def _plain_cells(sheet: Sheet) -> dict[str, Decimal | str | None]:
    """A1 -> value of every cell without a formula or an error; a truth value is the number that it counts as."""
    cells = (cell for cell in sheet.cells() if cell.formula is None and not cell.error)
    return {c.ref: Decimal(int(c.value)) if isinstance(c.value, bool) else c.value for c in cells}


def _beside(request: Request, ending: str) -> Path:
    assert request.folder is not None
    return request.folder / f"{request.ident}{ending}"
