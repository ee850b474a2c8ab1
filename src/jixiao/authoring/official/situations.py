"""Texts of plain situations with their points, told in a form that leaves no doubt: each ends in 得N分 or 不得分.

Read only where the grammar of criteria gives up: long situations without figures of their own.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Any

_END = re.compile(
    r"^(?P<what>.+?)[，,、；;：:]?(?:的)?[，,]?\s*"
    r"(?:(?:则|可|本项|该项|此项|应)*(?:得|计|给|赋)\s*(?P<points>\d{1,3}(?:\.\d{1,2})?)\s*分|(?P<none>不得分|不计分|得满分)|"
    r"(?<=[，,；;])\s*(?P<bare>\d{1,2}(?:\.\d)?)\s*分(?:[（(][^（）()]*[)）])?)$"
)
_OPEN = re.compile(
    r"酌情|视|比例|每|扣|[得计给]\s*\d|得满分|不得分|[≥≤><＞＜≦≧%％]|分值|以此类推|除外|孰|上述|以上|以下"
)
_NUMBER = re.compile(r"^\s*(?:\d{1,2}\s?[.．、](?!\d)|[（(]\d{1,2}[)）]|[①-⑳])\s*")
_LONGEST = 120


def described(text: str, full: Decimal, title: str) -> dict[str, Any] | None:
    """A level or a point, where every sentence is one situation with its points; else None."""
    lines = [
        _NUMBER.sub("", line).strip() for line in re.split(r"[。；;\n](?!\s*\d{1,2}(?:\.\d)?\s*分)", text)
    ]
    pairs: list[tuple[str, Decimal]] = []
    for line in (line for line in lines if line):
        found = _END.match(unicodedata.normalize("NFKC", line).replace(",", "，").replace(";", "；"))
        if found is None:
            return None
        what = found["what"].strip("，、；：: 的").replace("(", "（").replace(")", "）")
        if _OPEN.search(what) or not 1 < len(what) <= _LONGEST:
            return None
        pairs.append((what, _points(found, full)))
    return _made(pairs, full, title)


def _points(found: re.Match[str], full: Decimal) -> Decimal:
    if found["none"]:
        return full if found["none"] == "得满分" else Decimal(0)
    return Decimal(found["points"] or found["bare"])


def _made(pairs: list[tuple[str, Decimal]], full: Decimal, title: str) -> dict[str, Any] | None:
    if (
        not pairs
        or max(points for _, points in pairs) != full
        or len({what for what, _ in pairs}) != len(pairs)
    ):
        return None
    if len(pairs) == 1:
        return {"kind": "point", "full": full, "title": pairs[0][0]}
    return {"kind": "level", "full": full, "title": title, "options": dict(pairs)}
