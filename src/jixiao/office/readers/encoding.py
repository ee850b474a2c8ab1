"""Bytes -> text for formats that are text by nature: BOM, declared encoding, UTF-8, UTF-16 without BOM, GB18030."""

from __future__ import annotations

import codecs
import re

_DECLARED = re.compile(rb"(?:encoding|charset)\s*=\s*[\"']?\s*([A-Za-z0-9_\-]{2,20})", re.IGNORECASE)
_CHINESE = ("gb2312", "gbk", "gb18030", "cp936", "x-gbk", "gb_2312-80", "936")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\ufffe\uffff]")


def text_of(data: bytes, *, markup: bool = False) -> str | None:
    """The text of a file, or None when it is not text in any of the known encodings.

    ``markup`` makes a declared encoding (charset, encoding=) count, before the guesses.
    """
    for encoding in _candidates(data, markup):
        try:
            text = data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        text = text.removeprefix("\ufeff")
        return None if _CONTROL.search(text) else text
    return None


def _candidates(data: bytes, markup: bool) -> list[str]:
    if data.startswith(codecs.BOM_UTF8):
        return ["utf-8-sig"]
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ["utf-16"]
    head = data[:400]
    if head.count(0) > len(head) // 8:
        return ["utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be"]
    guesses = ["utf-8", "gb18030"]
    declared = _DECLARED.search(data[:2000]) if markup else None
    if declared:
        name = declared[1].decode("ascii").lower()
        guesses.insert(0, "gb18030" if name in _CHINESE else name)
    return guesses
