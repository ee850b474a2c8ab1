"""The total of a table: its fixed cap, and caps that hang on another fact (domain family G).

``total: {cap: 100, caps: [{x: 预算执行率, bands: {"(,60%)": 59, "[60%,80%)": 89, "[80%,)": 100}}]}``: while the rate
lies in a band, the total is not above the points of that band.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from jixiao.model import (
    NOT_APPLICABLE,
    Bands,
    Body,
    Call,
    Const,
    Expr,
    If,
    Interval,
    Is,
    IsNumber,
    Logic,
    Ref,
    gaps,
    plain,
)
from jixiao.rubric.kinds import Context
from jixiao.rubric.kinds.computed import quantity, read_bands, words


@dataclass(frozen=True, slots=True)
class TotalCap:
    """One cap: the figure it hangs on, and the most that the total may be in each band (the whole line is covered)."""

    x: str
    unit: str
    bands: tuple[tuple[Interval, Const], ...]

    def applied(self, total: Expr, otherwise: Decimal) -> Expr:
        """The total under this cap; while the figure is missing or 不适用, under ``otherwise``."""
        most = If(IsNumber(self.x), Bands(Ref(self.x), self.bands), Const(otherwise))
        return Call("MIN", most, total)

    def undecided(self) -> Expr:
        """The condition that the figure is still missing, so that total and grade may change."""
        return Logic("AND", Logic("NOT", IsNumber(self.x)), Logic("NOT", Is(self.x, NOT_APPLICABLE)))

    def sentence(self) -> str:
        """The cap in Chinese."""
        name, shares = words(self.x), self.unit == "%"
        said = (
            f"{i.spoken(name, as_percent=shares)}的，总分不超过{plain(_points(v))}分" for i, v in self.bands
        )
        return "；".join(said)


def _points(value: Const) -> Decimal:
    assert isinstance(value.value, Decimal)  # read_caps lets nothing else in
    return value.value


def read_cap(data: Body) -> Decimal:
    """The fixed cap of the total, 100 where none is written."""
    if "total" not in data:
        return Decimal(100)
    return data.part("total").only((), ("cap", "caps")).number("cap", Decimal(100))


def read_caps(data: Body, context: Context) -> tuple[TotalCap, ...]:
    """The caps that hang on other facts; ``DefinitionError`` where bands leave a gap or hold anything but points."""
    made = []
    for item in data.part("total").parts("caps", []) if "total" in data else ():
        item.only(("x", "bands"))
        x, bands = quantity(item, context), read_bands(item, "bands")
        if any(not isinstance(value.value, Decimal) or value.value < 0 for _, value in bands):
            raise item.fail("总分上限应为分值", "bands")
        if gaps([interval for interval, _ in bands], None, None):
            raise item.fail("总分上限的档次应覆盖全部取值", "bands")
        made.append(TotalCap(x.key, context.unit(x.key), tuple(bands)))
    return tuple(made)
