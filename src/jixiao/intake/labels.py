"""Labels as keys: what stays of a title, heading or row label once spacing, numbering and units are taken away."""

from __future__ import annotations

import functools
import re
import unicodedata

from jixiao.text.numbers import AMOUNT_UNITS, COUNT_UNITS

MAX_LABEL = 200
_BLANKS = re.compile(r"[\s\u00a0\u200b\u200c\u200d\u2060\ufeff\u00ad]+")
_QUOTES = re.compile("[\"'“”‘’「」『』《》〈〉`]")
_CIRCLED = re.compile("[①②③④⑤⑥⑦⑧⑨⑩]")
_LEAD = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]{1,3}\)、?|\(\d{1,2}\)、?|\d{1,2}(?:、|\.(?!\d))"
    r"|其中:?|[加减]:)+"
)
_YEAR = re.compile(r"20\d{2}年度?(?=.{2})")
_UNIT_WORDS = "|".join(sorted((*AMOUNT_UNITS, *COUNT_UNITS, "%"), key=len, reverse=True))
_UNIT = re.compile(rf"\((?:单位[::])?(?:人民币)?((?:{_UNIT_WORDS})(?:[、,/](?:{_UNIT_WORDS}))*)\)$")


_BRACKETS = str.maketrans({"〔": "(", "〕": ")", "[": "(", "]": ")", "【": "(", "】": ")", "﹑": "、"})


@functools.lru_cache(maxsize=16384)
def plain(text: str) -> str:
    """NFKC, without any blank, line break or quotation mark; brackets and colons in their narrow form."""
    # a circled number is a number of order: NFKC alone would glue its digit to the label
    text = unicodedata.normalize("NFKC", _CIRCLED.sub(r"\g<0>、", text[:MAX_LABEL]))
    return _QUOTES.sub("", _BLANKS.sub("", text)).translate(_BRACKETS)


@functools.lru_cache(maxsize=16384)
def tidy(text: str) -> str:
    """A label for people: as printed, without blanks and line breaks."""
    return _BLANKS.sub("", text[:MAX_LABEL])


@functools.lru_cache(maxsize=16384)
def heading(text: str) -> str:
    """The key of a column heading: plain, without a year in front and a unit in brackets behind."""
    key = _UNIT.sub("", plain(text))
    year = _YEAR.match(key)
    return key[year.end() :] if year else key


@functools.lru_cache(maxsize=16384)
def row(text: str) -> str:
    """The key of a row label: plain, without numbering, 其中, 加, 减 and a unit in brackets behind."""
    key = _UNIT.sub("", plain(text))
    lead = _LEAD.match(key)
    return key[lead.end() :] if lead and lead.end() < len(key) else key


@functools.lru_cache(maxsize=4096)
def unit(text: str) -> str:
    """The unit in brackets at the end of a label (万元, 辆 …), or an empty string."""
    found = _UNIT.search(plain(text))
    return re.split("[、,/]", found[1])[0] if found else ""
