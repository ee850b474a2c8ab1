"""Link: a fact's live formula to the cell of an imported table, with the unit conversion inside it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from jixiao.model import Value, half_up, plain
from jixiao.office import Cell

PLACES = 6
_QUOTED = r"'(?:[^']|'')+'|[^'!(),]+"
_PATTERN = re.compile(
    rf"IF\(ISNUMBER\((?P<sheet>{_QUOTED})!(?P<ref>\$?[A-Z]{{1,3}}\$?\d+)\),"
    rf"ROUND\((?P<again>{_QUOTED})!(?P<ref2>\$?[A-Z]{{1,3}}\$?\d+)(?:/(?P<divisor>\d+(?:\.\d+)?))?,6\),"
    rf"(?P<blank>\"\"|IF\((?P<third>{_QUOTED})!(?P<ref3>\$?[A-Z]{{1,3}}\$?\d+)=\"\",0,\"\"\))\)"
)


@dataclass(frozen=True, slots=True)
class Link:
    """A cell of a sheet in this workbook; its number is divided by ``divisor`` (元 to 万元: 10000).

    ``blank_is_zero``: the form says that an empty cell of this table means zero.
    """

    sheet: str
    ref: str
    divisor: Decimal = Decimal(1)
    blank_is_zero: bool = False

    @property
    def address(self) -> str:
        """``'Z01'!$C$5``."""
        letters, digits = re.fullmatch(r"([A-Z]+)(\d+)", self.ref).groups()  # type: ignore[union-attr]  # refs are ours
        return f"'{self.sheet.replace(chr(39), chr(39) * 2)}'!${letters}${digits}"

    def formula(self) -> str:
        """``IF(ISNUMBER(x),ROUND(x/10000,6),"")``: text and blanks do not become numbers by themselves."""
        x = self.address
        over = f"/{plain(self.divisor)}" if self.divisor != 1 else ""
        blank = f'IF({x}="",0,"")' if self.blank_is_zero else '""'
        return f"IF(ISNUMBER({x}),ROUND({x}{over},{PLACES}),{blank})"

    def value(self, cell: Cell | None) -> Value:
        """What the formula gives for the cell that it points at."""
        number = cell.number if cell is not None else None
        if number is not None:
            return half_up(number / self.divisor, PLACES)
        empty = cell is None or cell.value is None or cell.value == ""
        return Decimal(0) if self.blank_is_zero and empty else ""

    @classmethod
    def parse(cls, formula: str) -> Link | None:
        """The link that a formula is, or None for any other formula."""
        match = _PATTERN.fullmatch(formula.strip().lstrip("="))
        if not match or match["ref"] != match["ref2"] or match["sheet"] != match["again"]:
            return None
        if match["third"] is not None and (match["third"], match["ref3"]) != (match["sheet"], match["ref"]):
            return None
        sheet = match["sheet"]
        if sheet.startswith("'"):
            sheet = sheet[1:-1].replace("''", "'")
        divisor = Decimal(match["divisor"] or 1)
        return cls(sheet, match["ref"].replace("$", ""), divisor, match["blank"] != '""')
