"""Labels as keys: what stays of a title, heading or row label once spacing, numbering and units are taken away."""

from __future__ import annotations

import functools
import re

from jixiao.text import LISTS, label_key, unit_pattern, units_of, unnumbered, unspaced

MAX_LABEL = 200
_LEAD = re.compile(r"其中:?|[加减]:")
_YEAR = re.compile(r"20\d{2}年度?(?=.{2})")
_UNIT = re.compile(
    rf"\((?:单位[::])?(?:人民币)?((?:{unit_pattern(units_of())})(?:[、,/](?:{unit_pattern(units_of())}))*)\)$"
)


@functools.lru_cache(maxsize=16384)
def tidy(text: str) -> str:
    """A label for people: as printed, without blanks and line breaks."""
    return unspaced(text[:MAX_LABEL])


@functools.lru_cache(maxsize=16384)
def heading(text: str) -> str:
    """The key of a column heading: without a year in front and a unit in brackets behind."""
    plain = _UNIT.sub("", label_key(text))
    year = _YEAR.match(plain)
    return plain[year.end() :] if year else plain


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
    """The unit in brackets at the end of a label (万元, 辆 …), or an empty string."""
    found = _UNIT.search(label_key(text))
    return re.split("[、,/]", found[1])[0] if found else ""
