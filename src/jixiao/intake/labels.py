"""Labels as keys: what stays of a title, heading or row label without spacing, numbering and units; units that captions state."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

from jixiao.office import Place
from jixiao.text import (
    AMOUNT_UNITS,
    LISTS,
    Period,
    Sort,
    label_key,
    one_dash,
    read_periods,
    unit_pattern,
    units_of,
    unnumbered,
    unspaced,
)

MAX_LABEL = 200
_LEAD = re.compile(r"其中:?|[加减]:")
_WORDS = unit_pattern(units_of(Sort.MONEY))
_ALL = unit_pattern(units_of())
_UNIT = re.compile(
    rf"\((?:(?:金额)?单位:?)?(?:人民币)?(?P<last>(?:{_ALL})(?:[、,/](?:{_ALL}))*)\)$"
    rf"|\((?:(?:金额)?单位:?)?(?P<money>{_WORDS})\)|[:/](?P<bare>{_WORDS})$"
)


@functools.lru_cache(maxsize=16384)
def tidy(text: str) -> str:
    """A label for people: as printed, without blanks and line breaks."""
    return unspaced(text[:MAX_LABEL])


@functools.lru_cache(maxsize=16384)
def heading(text: str) -> str:
    """The key of a column heading: without its unit and the period that it names; empty for a period alone."""
    plain = _UNIT.sub("", label_key(text))
    for period in periods(text):
        one = one_dash(plain)
        said = f"({period.text})"
        left = one.replace(said, "") if said in one else one.removeprefix(period.text).lstrip("末底的")
        plain = left if one.startswith(period.text) or said in one else plain
    return plain


@functools.lru_cache(maxsize=16384)
def periods(text: str) -> tuple[Period, ...]:
    """The periods that a heading or caption names."""
    timed = any(letter.isdigit() for letter in text) or "年" in text or "季" in text or "月" in text
    return tuple(read_periods(text)) if timed else ()


@functools.lru_cache(maxsize=16384)
def row(text: str) -> str:
    """The key of a row label: without numbering, 其中, 加, 减 and a unit in brackets behind."""
    left = plain = _UNIT.sub("", label_key(text))
    while left:
        shorter = unnumbered(left, LISTS)
        lead = _LEAD.match(shorter)
        shorter = shorter[lead.end() :] if lead else shorter
        if shorter == left:
            return left
        left = shorter
    return plain


@functools.lru_cache(maxsize=4096)
def unit(text: str) -> str:
    """The unit that a label or heading states (万元, 辆 …), or an empty string."""
    found = _UNIT.search(label_key(text))
    return re.split("[、,/]", next(filter(None, found.groups())))[0] if found else ""


_AFTER = r"(?![一-鿿])"  # “编制单位：元氏县…” names a place, not a unit
_STATED = re.compile(rf"单位:?\(?(?:为|是)?(?:人民币)?({_WORDS})\)?{_AFTER}")
_BRACKET = re.compile(rf"\((?:人民币)?({_WORDS})\)")
_NOTED = re.compile(rf"以({_WORDS})为(?:金额)?单位|单位:?(?:均|都)?为?({_WORDS}){_AFTER}")
_OPEN = re.compile(r"(?:金额|计量|货币)?单位:?$")


@functools.lru_cache(maxsize=2048)
def stated_unit(text: str) -> str:
    """The unit that a caption states (单位：万元, 金额单位：人民币元), or an empty string."""
    key = label_key(text)
    if "元" not in key:
        return ""
    found = _STATED.search(key) or _BRACKET.search(key)
    return found[1] if found else ""


@functools.lru_cache(maxsize=2048)
def noted_unit(text: str) -> str:
    """The unit that a remark below a table states (本表以“万元”为单位), or an empty string."""
    found = _NOTED.search(label_key(text))
    return found[1] or found[2] if found else ""


def stated_units(cells: Iterable[tuple[Place, str]]) -> dict[str, Place]:
    """Every unit stated by the given text cells (in reading order) with its place; two keys are a conflict.

    A caption split over two cells (``金额单位：`` and ``元``) is put together.
    """
    found: dict[str, Place] = {}
    waiting = False
    for where, text in cells:
        key = label_key(text)
        unit = stated_unit(text) or (key if waiting and key in AMOUNT_UNITS else "")
        if unit:
            found.setdefault(unit, where)
        waiting = bool(_OPEN.search(key))
    return found
