"""Dates and periods: serial numbers of a spreadsheet, 2023年4月27日, 2023-04, 2023年12月底; 2022年1-6月, 上半年."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import NamedTuple

from jixiao.text.normalise import narrow, one_dash, unspaced
from jixiao.text.numerals import NUMERAL, number

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


class Period(NamedTuple):
    """What a caption says that figures are of: ``since`` to ``year`` (None where none is named), from ``start`` to ``end``.

    These two are (month, day).
    ``start`` is None where a day alone is named: the figures are as of it. ``single``: one day or month is named, not two.
    """

    since: int | None
    year: int | None
    start: tuple[int, int] | None
    end: tuple[int, int]
    text: str
    single: bool = False

    @property
    def whole(self) -> bool:
        """Whether it is one year from its first day to its last."""
        return self.since == self.year and self.start == FIRST and self.end == LAST

    @property
    def month(self) -> bool:
        """Whether it is one month alone, which may also be when a paper was written."""
        return self.single and self.start is not None


FIRST, LAST = (1, 1), (12, 31)
_WRITTEN = re.compile("(?:日期|时间|日|时)[:：]?$|于$")  # 制表日期: when it was printed, not what it is about
_Y, _M, _D = r"(?:19|20)\d\d", r"(?:1[0-2]|0?[1-9])", r"(?:3[01]|[12]\d|0?[1-9])"
_MOMENT = (
    rf"(?:(?P<y%d>{_Y})(?:年度?|[-./]|(?=\d\d(?:\d\d)?(?!\d)))第?)?(?P<m%d>{_M})(?P<w%d>月份?|期)?"
    rf"(?:(?:[-./]|(?<=月)|(?<=\d\d)(?=\d\d(?!\d)))(?P<d%d>{_D})(?P<e%d>日)?(?![月期]))?(?!\d)"
)
_SPAN = re.compile(rf"(?<!\d){_MOMENT % ((1,) * 5)}(?:[至到~-]{_MOMENT % ((2,) * 5)})?")
_PART = re.compile(
    rf"(?:(?P<year>{_Y})年?度?的?)?(?:(?P<half>[上下])半年|(?P<most>前)?第?(?P<quarter>[一二三四1-4])季度)"
)
_YEARS = re.compile(rf"(?<!\d)(?:(?P<since>{_Y})年?度?[至到~-])?(?P<year>{_Y})(?:年度?|财政年度|会计年度|$)")
_SPELLED = re.compile(f"[{NUMERAL[:2]}○一二三四五六七八九]{{4}}(?=年)")


def read_periods(text: str) -> list[Period]:
    """Every period that a caption, heading or file name names: 2022年度, 2022年1-6月, 202201-202212, 上半年, 截至2022年6月30日.

    A day behind 日期 or 时间 is when a paper was written and no period.
    """
    plain = one_dash(unspaced(narrow(text[:200])))
    plain = _SPELLED.sub(lambda year: str(number(year[0].replace("○", "〇"))), plain)
    found: list[Period] = []
    for shape, read in ((_SPAN, _span), (_PART, _part), (_YEARS, _year)):
        left: list[str] = []
        at = 0
        for match in shape.finditer(plain):
            stamp = _WRITTEN.search(plain[: match.start()]) is not None
            made = None if stamp else read(match)
            if made is not None:
                found.append(made)
            if made is not None or stamp:
                left += [plain[at : match.start()], "、"]
                at = match.end()
        plain = "".join(left) + plain[at:]
    return found


def _span(found: re.Match[str]) -> Period | None:
    """One moment, or two: month or day, the year said once."""
    year, first = int(found["y1"] or found["y2"] or 0) or None, int(found["m1"])
    spelled = any((found[name] or "").startswith("月") for name in ("w1", "w2"))
    if not year and not spelled:
        return None
    if found["m2"] is None:
        if found["d1"]:
            return Period(year, year, None, (first, int(found["d1"])), found[0], single=True)
        return Period(year, year, (first, 1), _end(year, first), found[0], single=True)
    if not (found["y2"] or found["w2"] or found["e2"]):
        return None
    to, last = int(found["y2"] or year or 0) or None, int(found["m2"])
    end = (last, int(found["d2"])) if found["d2"] else _end(to, last)
    return Period(year, to, (first, int(found["d1"] or 1)), end, found[0])


def _part(found: re.Match[str]) -> Period:
    """Half of a year, or quarters."""
    year = int(found["year"] or 0) or None
    if found["half"]:
        first, last = (1, 6) if found["half"] == "上" else (7, 12)
    else:
        last = 3 * ("一二三四1234".index(found["quarter"]) % 4 + 1)
        first = 1 if found["most"] else last - 2
    return Period(year, year, (first, 1), _end(year, last), found[0])


def _year(found: re.Match[str]) -> Period:
    year = int(found["year"])
    return Period(int(found["since"] or year), year, FIRST, LAST, found[0])


def _end(year: int | None, month: int) -> tuple[int, int]:
    return month, _last(year or 2001, month).day
