"""Number formats: what a format makes of the number in a cell, as far as a reader has to know it."""

from __future__ import annotations

import functools
import re
from typing import Literal

DATE, TIME, PERCENT = "yyyy/m/d", "h:mm:ss", "0.00%"
"""Number formats given to cells of files that tell the kind of a value and not its format."""
_LITERAL = re.compile(r'"[^"]*"|[\\!].|_.|\*.|\[(?![hms]+\])[^\]]*\]', re.IGNORECASE)
_CLOCK = re.compile(r"[ymdhs年月日时分秒]|am/pm|上午/下午", re.IGNORECASE)
_SAID = re.compile(r'"([^"]*)"|[\\!](.)|([一-鿿]+)')
# 0, shows thousands, and 0!.0000 a point that the number does not have
_OTHER = re.compile(r"[0#?],+(?=[^0#?,]|$)")
_POINT = re.compile(r"[0#?](?:[\\!]\.|\"\.\")[0#?]")


@functools.lru_cache(maxsize=1024)
def format_kind(code: str) -> Literal["number", "percent", "date"]:
    """What a number format shows its numbers as; times count as dates."""
    plain = _LITERAL.sub("", code.partition(";")[0])
    if "general" in plain.lower() or "e+" in plain.lower():
        return "number"
    if "%" in plain:
        return "percent"
    return "date" if _CLOCK.search(plain) else "number"


@functools.lru_cache(maxsize=1024)
def shown_by(code: str) -> tuple[str, str]:
    """For ``read_quantity``: what a format shows its numbers as, or what is wrong with it, and the unit that it prints."""
    from jixiao.text import OF_CELLS, unit_pattern, units_of  # the readers of text are not loaded to score

    kind = format_kind(code)
    if kind != "number" or not code or code.lower() == "general":
        return kind, ""
    if not code.strip("; "):
        return "单元格的数字格式不显示这个数", ""
    if _POINT.search(code) or any(_OTHER.search(_LITERAL.sub(" ", part)) for part in code.split(";")):
        return "单元格的数字格式显示的是另一个数", ""
    said = "".join("".join(found.groups("")) for found in _SAID.finditer(code.partition(";")[0]))
    unit = re.search(f"(?:{unit_pattern(units_of(*OF_CELLS))})$", said)
    return kind, unit[0] if unit else ""
