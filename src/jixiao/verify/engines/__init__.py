"""Engines that recompute a workbook: what they hand back, and when that is the same as what was expected."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from jixiao.model import Finding

Place = tuple[str, str]
"""(sheet name as written in the workbook, A1 address without $)."""

TOLERANCE = Decimal("1e-9")
_DIGITS = Decimal("5e-15")


@dataclass(frozen=True, slots=True)
class ErrorValue:
    """An error in a cell, in Excel's words: ``#DIV/0!`` ``#VALUE!`` ``#REF!`` ``#NAME?`` ``#NUM!`` ``#N/A``.

    Ours are ``#CIRC!``: the cell is in or behind a circle; ``#CALC!``: the engine does not calculate the formula;
    ``#LIMIT!``: it would become too large.
    """

    code: str

    def __str__(self) -> str:
        return self.code


EngineValue = float | str | bool | ErrorValue | None
"""The value of a cell as an engine gives it; numbers are binary floats there, as in Excel itself."""

Results = dict[Place, EngineValue]


class EngineFailure(Exception):  # noqa: N818 - a failure of an engine is a result to report
    """An engine could not work on a workbook; ``finding`` says why. The caller reports it and goes on."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        super().__init__(finding.line())


def same(expected: Decimal | str | bool | None, got: EngineValue) -> bool:
    """Whether an engine's value is the expected one.

    - number: equal within 1e-9, or to the 15 digits Excel shows where the figure is larger than that allows;
      the engine's float is first cut to 15 significant digits. A number never equals a text.
    - text: exactly equal; nothing is trimmed.
    - None and "" are the same thing: a blank cell and an empty text look alike. 0 is neither.
    - bool: LibreOffice has no booleans, so 1 and 0 pass for TRUE and FALSE.
    - an error equals nothing.
    """
    if isinstance(got, str):
        return got == ("" if expected is None else expected)
    if got is None:
        return expected is None or expected == ""
    if isinstance(got, ErrorValue) or expected is None or isinstance(expected, str):
        return False
    if isinstance(expected, bool):
        return float(got) == float(expected)
    if isinstance(got, bool):
        return False
    if got == float(expected):  # nearly always
        return True
    difference = abs(Decimal(format(got, ".15g")) - expected)
    return difference <= max(TOLERANCE, abs(expected) * _DIGITS)
