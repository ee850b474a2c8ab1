"""The unit of money that a table states, and where it states it."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

from jixiao.office import Place
from jixiao.text import AMOUNT_UNITS, Sort, label_key, unit_pattern, units_of

_WORDS = unit_pattern(units_of(Sort.MONEY))
_AFTER = r"(?![一-鿿])"  # “编制单位：元氏县…” names a place, not a unit
_STATED = re.compile(rf"单位:?\(?(?:为|是)?(?:人民币)?({_WORDS})\)?{_AFTER}")
_BRACKET = re.compile(rf"\((?:人民币)?({_WORDS})\)")
_OPEN = re.compile(r"(?:金额|计量|货币)?单位:?$")


@functools.lru_cache(maxsize=2048)
def stated(text: str) -> str:
    """The unit that a caption states (单位：万元, 金额单位：人民币元), or an empty string."""
    key = label_key(text)
    if "元" not in key:
        return ""
    found = _STATED.search(key) or _BRACKET.search(key)
    return found[1] if found else ""


def search(cells: Iterable[tuple[Place, str]]) -> dict[str, Place]:
    """Every unit stated by the given text cells (in reading order) with its place; two keys are a conflict.

    A caption split over two cells (``金额单位：`` and ``元``) is put together.
    """
    found: dict[str, Place] = {}
    waiting = False
    for where, text in cells:
        key = label_key(text)
        unit = stated(text) or (key if waiting and key in AMOUNT_UNITS else "")
        if unit:
            found.setdefault(unit, where)
        waiting = bool(_OPEN.search(key))
    return found
