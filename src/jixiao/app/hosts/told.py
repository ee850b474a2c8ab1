"""A workbook whose cells a program tells and writes itself: LibreOffice, WPS and Excel behind their own script interfaces.

What comes in is plain data (``Told.read``): the name, the active sheet, the names of areas, and of every sheet its used cells.
What goes out are cells to write (``plain_writes``). The program writes all of them or none, and calculates.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple, NoReturn, Self

from jixiao.app.exchange import BookCopy, CellWrite, Content, Formula, Host, SheetCopy, within_reach
from jixiao.app.hosts.areas import typed_value
from jixiao.model import Refused, Source, UsageStop
from jixiao.office import MAX_COLUMN, MAX_ROW, ErrorText, single_area

MOST_SHEETS, MOST_NAMES = 500, 50_000
# a text, a sheet before a reference as LibreOffice spells it, or its mark between arguments
_OFFICE = re.compile(r'"(?:[^"]|"")*"|\$?(\'(?:[^\']|\'\')+\')\.|\$?([\w.]+?)\.(?=\$?[A-Z]{1,3}\$?\d)|(;)')


class _Area(NamedTuple):
    """The used cells of a sheet from a corner: rows of values, and formulas by ``row,column`` within them."""

    row: int
    column: int
    values: Sequence[Sequence[Any]]
    formulas: Mapping[str, str]
    errors: Mapping[str, str]


class Told(Host):
    """A workbook as a program told it. ``written`` are the cells that it is to write."""

    calculates = False

    def __init__(
        self,
        name: str,
        active: str,
        key: str,
        areas: Mapping[str, _Area],
        names: Mapping[str, str],
        *,
        spelt: bool,
    ) -> None:
        self.name, self.active, self.areas, self.spelt = name, active, areas, spelt
        self.written: list[CellWrite] = []
        self._known = BookCopy(name, list(areas), _Names(names, spelt), self._read, key=key)

    @classmethod
    def read(cls, data: Any) -> Self:
        """What a program told, checked member by member; UsageStop (J879) where it is anything else.

        ``{name, key, active, spelling, names: {name: area}, sheets: [{name, row, column, values, formulas, errors}]}``;
        ``formulas`` and ``errors`` by ``"row,column"`` within the values; ``spelling`` is ``calc`` or ``excel``.
        """
        try:
            spelt = data.get("spelling") == "calc"
            areas = {
                _text(sheet["name"]): _Area(
                    _number(sheet["row"], MAX_ROW),
                    _number(sheet["column"], MAX_COLUMN),
                    [[*line] for line in sheet["values"]],
                    dict(sheet["formulas"]),
                    dict(sheet.get("errors", {})),
                )
                for sheet in data["sheets"][:MOST_SHEETS]
            }
            names = dict(list(data["names"].items())[:MOST_NAMES])
            name, active, key = (_text(data.get(word, "")) for word in ("name", "active", "key"))
        except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
            raise UsageStop("J879", why=f"工作簿内容，{type(error).__name__}") from error
        return cls(name, active, key, areas, names, spelt=spelt)

    def sheet(self, wanted: str) -> str:
        """The sheet that is meant, or the active one."""
        meant = wanted or self.active
        if meant not in self.areas:
            raise UsageStop("J832", Source(self.name, meant), sheet=meant)
        return meant

    def copy(self) -> BookCopy:
        """The workbook as it was told, with what was written."""
        return self._known

    def _read(self, name: str, formulas: bool) -> SheetCopy:
        area = self.areas[name]
        height, width = len(area.values), max(map(len, area.values), default=0)
        box = area.row, area.column, area.row + max(height, 1) - 1, area.column + max(width, 1) - 1
        (_, _, bottom, right), cut = within_reach(box)
        made = SheetCopy(name, bottom, right, cut=cut)
        for r, line in enumerate(area.values[: bottom - area.row + 1]):
            for c, value in enumerate(line[: right - area.column + 1]):
                spot = f"{r},{c}"
                shown = ErrorText(area.errors[spot]) if spot in area.errors else typed_value(value)
                if spot in area.formulas:
                    formula = _excel(str(area.formulas[spot]), self.spelt)[1:]
                    made.put((area.row + r, area.column + c), shown, formula)
                elif shown not in (None, ""):
                    made.put((area.row + r, area.column + c), shown, None)
        return made

    def write(self, copy: BookCopy, writes: Sequence[CellWrite]) -> None:
        """Take the cells down, and show them in the copy from now on."""
        self.written.extend(writes)
        for write in writes:
            formula = str(write.content)[1:] if isinstance(write.content, Formula) else None
            sheet = copy.whole(write.sheet)
            sheet.used.pop(write.spot, None)
            sheet.put(write.spot, None if formula else write.content, formula)

    def saved(self) -> NoReturn:
        """It cannot be saved, filled and opened again from here."""
        raise Refused("J805", Source(self.name))


def plain_writes(writes: Iterable[CellWrite]) -> list[list[Any]]:
    """Sheet, A1 and value of each cell; None empties it, a formula goes apart from texts.

    Amounts go as the nearest binary numbers, which is what a cell holds.
    """
    return [[cell.sheet, cell.ref, _given(cell.content)] for cell in writes]


def _given(value: Content) -> float | str | dict[str, str] | None:
    if isinstance(value, Formula):
        return {"formula": str(value)}
    return float(value) if isinstance(value, Decimal) else value


class _Names:
    """Workbook-wide names."""

    def __init__(self, areas: Mapping[str, str], spelt: bool) -> None:
        self._areas, self._spelt = areas, spelt

    def get(self, name: str) -> tuple[str, str] | None:
        """(sheet, area) of a name, None where it is gone or no single area."""
        return single_area(_excel(str(self._areas.get(name, "")), self._spelt).removeprefix("="))


def _excel(text: str, spelt: bool) -> str:
    """A formula or an area as Excel spells it, from LibreOffice's spelling where ``spelt``."""
    if not spelt:
        return text
    return _OFFICE.sub(lambda m: "," if m[3] else f"{m[1] or m[2]}!" if m[1] or m[2] else m[0], text)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("text")
    return value


def _number(value: Any, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= most:
        raise ValueError("number")
    return value
