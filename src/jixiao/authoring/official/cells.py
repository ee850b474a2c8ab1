"""Cells of a table: weights as numbers, titles with the weight written inside them."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

_WEIGHT = re.compile(r"(\d{1,4}(?:\.\d{1,4})?)(%|分)?")
_INSIDE = re.compile(
    r"[\(\[](?:权重|分值|满分|共|计)?[:：]?(\d{1,4}(?:\.\d{1,2})?)(?:%|分)?[\)\]]$|(?<=[^\d.])(\d{1,3}(?:\.\d{1,2})?)分$"
)
_NUMBERING = re.compile(
    r"^(?:[\(]?[一二三四五六七八九十]{1,3}[\)、.．,]+|[\(]?\d{1,2}(?:\.\d{1,2})*[\)、.．]+(?!\d)|[A-Z]\d{0,3}[、.．:：\s])\s*"
)


def number_of(text: str) -> Decimal | None:
    """The weight that a cell holds, None where it holds none."""
    narrow = unicodedata.normalize("NFKC", re.sub(r"\s+", "", text))
    found = _WEIGHT.fullmatch(narrow)
    return Decimal(found[1]) if found else None


def named(text: str) -> tuple[str, Decimal | None]:
    """A level cell as its title and the weight written inside it: 预算编制（12分）."""
    narrow = re.sub(r"\s+", "", text).replace("（", "(").replace("）", ")")
    inside = _INSIDE.search(narrow)
    title = narrow[: inside.start()] if inside else narrow
    title = _NUMBERING.sub("", title)
    title = title.replace("(", "（").replace(")", "）").strip(":：")
    return title, Decimal(inside[1] or inside[2]) if inside and title else None
