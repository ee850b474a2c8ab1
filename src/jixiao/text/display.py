"""Values as Chinese official text writes them: 139.40万元, 60万元, 5.74%, 8人, 2023年4月27日."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from jixiao.model import half_up, plain
from jixiao.text.dates import dated, of_serial


def shown(value: Decimal, unit: str) -> str:
    """A value with its unit; 数 is the bare number with four places, 日期 a serial number as its day."""
    if unit.endswith("元"):
        return f"{shown_amount(value)}{unit}"
    if unit == "%":
        return shown_rate(value)
    if unit == "日期":
        day = of_serial(value)
        return dated(day) if day else ""
    bare = plain(half_up(value, 4 if unit == "数" else 2))
    return bare if unit in ("", "数", "数值", "文字") else f"{bare}{unit}"


def shown_amount(value: Decimal, *, column: bool = False) -> str:
    """An amount without its unit: two decimals at least, six at most; whole ones bare but in a ``column``."""
    whole, point, cents = plain(half_up(value, 6)).partition(".")
    return f"{whole}.{cents.ljust(2, '0')}" if point or column else whole


def shown_rate(value: Decimal, *, places: bool = False) -> str:
    """A fraction as a percentage: two decimals, whole ones bare but where ``places`` are wanted."""
    rate = half_up(value, 4) * 100
    return f"{plain(rate)}%" if rate == rate.to_integral_value() and not places else f"{rate:.2f}%"


def shown_rates(values: Sequence[Decimal | None]) -> list[str]:
    """Rates of one table: all whole, or all with two decimals; 不适用 where there is none."""
    bare = [shown_rate(value) for value in values if value is not None]
    places = any("." in text for text in bare)
    return ["不适用" if value is None else shown_rate(value, places=places) for value in values]
