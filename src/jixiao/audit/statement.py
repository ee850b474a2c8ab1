"""Statement: one figure of the report with what was found out about it, and the comparing of figures."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

from jixiao.audit.figures import Figure
from jixiao.audit.known import Known, same_unit
from jixiao.text import AMOUNT_UNITS

UNDEFINED = "无法计算"
"""What stands for the value of a rate without one."""


class Outcome(StrEnum):
    """What became of a statement."""

    AGREES = "一致"
    DISAGREES = "不一致"
    UNCHECKED = "未核对"


@dataclass(slots=True)
class Statement:
    """A figure held against something. ``value`` and ``source`` are what it was held against, ``why`` the reason."""

    figure: Figure
    subject: str = ""
    outcome: Outcome = Outcome.UNCHECKED
    value: str = ""
    source: str = ""
    why: str = ""
    known: Known | None = None
    scope: str = ""  # why it does not speak of what the workbook holds

    @property
    def open(self) -> bool:
        """Whether nothing was found out yet."""
        return self.outcome is Outcome.UNCHECKED

    def worth(self, unit: str) -> Decimal | None:
        """The figure in a unit, or what it should have been where the workbook says so; None where it is wrong."""
        if self.outcome is not Outcome.DISAGREES:
            return in_unit(self.figure.value, self.figure.unit, unit)
        return None if self.known is None else in_unit(self.known.value, self.known.unit, unit)

    def agrees(self, subject: str, value: str, source: str, known: Known | None = None) -> None:
        """The figure is confirmed."""
        self.outcome, self.subject, self.value, self.source, self.why = (
            Outcome.AGREES,
            subject,
            value,
            source,
            "",
        )
        self.known = known

    def disagrees(self, subject: str, value: str, source: str, why: str = "", *, sure: bool = False) -> None:
        """The figure is wrong; one that speaks of something else is left open, unless the reason is ``sure``."""
        if self.scope and not sure:
            self.leaves(subject, self.scope)
            return
        self.outcome, self.subject, self.value, self.source, self.why = (
            Outcome.DISAGREES, subject, value, source, why,
        )  # fmt: skip

    def leaves(self, subject: str, why: str) -> None:
        """Nothing can be said of the figure, and why."""
        self.subject, self.why = subject, why

    def data(self) -> dict[str, Any]:
        """As plain data for ``--json``."""
        place = self.figure.place
        return {
            "place": {
                "text": place.shown(),
                "paragraph": place.paragraph,
                "table": place.table,
                "row": place.row,
                "cell": place.cell,
                "page": place.page,
                "heading": place.heading,
                "start": self.figure.start,
            },
            "text": self.figure.sentence,
            "subject": self.subject,
            "said": self.figure.written,
            "unit": self.figure.unit,
            "outcome": self.outcome.value,
            "value": self.value,
            "source": self.source,
            "why": self.why,
        }


def shown(value: Decimal, digits: int | None = None) -> str:
    """A decimal as people write it, without an exponent; rounded half away from zero where digits are given."""
    if digits is not None:
        value = value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text and digits is None else text


def in_unit(value: Decimal, unit: str, target: str) -> Decimal:
    """An amount brought to another unit of money; anything else is left as it is."""
    if unit in AMOUNT_UNITS and target in AMOUNT_UNITS:
        return value * AMOUNT_UNITS[unit] / AMOUNT_UNITS[target]
    return value


def equal(figure: Figure, value: Decimal, unit: str) -> bool:
    """Whether a figure says a value: equal when rounded to the decimals written."""
    if figure.unit and unit and not same_unit(figure.unit, unit):
        return False
    own = in_unit(value, unit, figure.unit)
    return own.quantize(figure.ulp, rounding=ROUND_HALF_UP) == figure.value


def known_text(known: Known, figure: Figure) -> str:
    """A known value in the figure's unit, as it would be written there."""
    value = in_unit(known.value, known.unit, figure.unit)
    unit = figure.unit or known.unit
    short = value.quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP) if unit == "%" else value
    return f"{shown(short)}{unit}"
