"""Dates: serial numbers of a spreadsheet, 2023年4月27日, 2023-04, 2023年12月底."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

EPOCH = dt.date(1899, 12, 30)
"""Day 0 of a spreadsheet's serial numbers: right from 1900-03-01 on, as 1900 is no leap year but counted as one."""
_DAY = re.compile(
    r"(?P<year>(?:19|20)\d\d)(?:年(?:(?P<month>\d{1,2})月(?:份|(?P<day>\d{1,2})日?)?)?|[-/.](?P<m>\d{1,2})(?:[-/.](?P<d>\d{1,2}))?)"
    r"(?:底|末|初)?"
)


def of_serial(serial: Decimal) -> dt.date | None:
    """The day of a serial number, None beyond the calendar."""
    try:
        return EPOCH + dt.timedelta(days=int(serial))
    except (OverflowError, ValueError):
        return None


def serial(day: dt.date) -> int:
    """The serial number of a day."""
    return (day - EPOCH).days


def dated(day: dt.date) -> str:
    """A day as Chinese text writes it: 2023年4月27日."""
    return f"{day.year}年{day.month}月{day.day}日"


def read_date(text: str) -> tuple[dt.date, str] | None:
    """The last day that a text names, and how exactly (年, 月, 日); None where it is no date with a year."""
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    month, day = found["month"] or found["m"], found["day"] or found["d"]
    try:
        if day:
            return dt.date(int(found["year"]), int(month), int(day)), "日"
        last = _last(int(found["year"]), int(month or 12))
    except ValueError:
        return None
    return last, "月" if month else "年"


def _last(year: int, month: int) -> dt.date:
    dt.date(year, month, 1)
    return dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)
