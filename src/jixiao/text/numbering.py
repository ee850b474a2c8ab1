"""Numbers of lists and headings: 一、（一）1. 1、 1) (1) ① A. 第一部分; both widths of brackets and stops."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import NamedTuple

from jixiao.text.numerals import COUNTING, count, numeral

_ZH = f"[{COUNTING}]{{1,3}}"
CHAPTER, PART, POINT, COMMA, HALF, BRACKET, CIRCLED = "一、", "(一)", "1.", "1、", "1)", "(1)", "①"
LETTER, DIVISION, ROMAN, SERIES = "A.", "第一部分", "Ⅰ.", "1.1."
LISTS = (CHAPTER, PART, POINT, COMMA, HALF, BRACKET, CIRCLED)
"""The ways to number a list; the others number headings and rows of tables only."""
_SHAPES = {
    CHAPTER: rf"(?P<chapter>{_ZH})[、.．]",
    PART: rf"[（(](?P<part>{_ZH})[）)][、.．]?",
    POINT: r"(?P<point>\d{1,2})\s?[.．](?!\d)",
    COMMA: r"(?P<comma>\d{1,2})\s?、(?!\d{1,2}(?!\d))",
    HALF: r"(?P<half>\d{1,2})[）)](?!\d)",
    BRACKET: r"[（(](?P<bracket>\d{1,2})[）)][、.．]?",
    CIRCLED: r"(?P<circled>[①-⑳])[、.．]?",
    LETTER: r"(?P<letter>[A-Z])\d{0,3}[、.．:：\s]",
    DIVISION: rf"第(?P<division>{_ZH})(?:部分|类|项)",
    ROMAN: r"(?P<roman>[IVXⅠ-Ⅻ]+)[、.．]",
    SERIES: r"(?P<series>\d{1,2})(?:\.\d{1,2})+[）)、.．]+(?!\d)",
}
_STYLES = {re.search(r"P<(\w+)>", shape)[1]: style for style, shape in _SHAPES.items()}  # type: ignore[index]
STOPS = r"\n。；;：:"
"""What may stand before the number of a point that does not begin a line."""


class Mark(NamedTuple):
    """A number of a list: how it is written (``style``), the number, and where it stands; words begin at ``end``."""

    style: str
    number: int
    start: int
    end: int


# 1.5 is no first point, nor 、 between two small figures (第1、2项); 1、2019年 is one
@functools.cache
def _pattern(styles: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"\s*(?:{'|'.join(_SHAPES[style] for style in styles)})\s*")


def _mark(found: re.Match[str]) -> Mark:
    name = str(found.lastgroup)
    said = found[name]
    number = ord(said) - ord("①") + 1 if name == "circled" else count(said)
    return Mark(_STYLES[name], number, found.start(), found.end())


def mark_at(text: str, styles: Sequence[str] = LISTS, start: int = 0) -> Mark | None:
    """The number that a text begins with."""
    found = _pattern(tuple(styles)).match(text, start)
    return None if found is None else _mark(found)


def marks(text: str, styles: Sequence[str] = LISTS, after: str = STOPS) -> list[Mark]:
    """Every number of a list in a text: at its beginning, or behind one of the signs ``after``."""
    return [_mark(found) for found in _anywhere(tuple(styles), after).finditer(text)]


@functools.cache
def _anywhere(styles: Sequence[str], after: str) -> re.Pattern[str]:
    return re.compile(rf"(?:^|(?<=[{after}])){_pattern(styles).pattern}")


def unnumbered(text: str, styles: Sequence[str] = LISTS) -> str:
    """A line without the number that it begins with."""
    mark = mark_at(text, styles)
    return text if mark is None else text[mark.end :]


def numbered(style: str, number: int) -> str:
    """A number of a list as a text writes it: 三、 (三) 3. ③."""
    if style == CIRCLED:
        return chr(ord("①") + number - 1)
    return style.replace("一", numeral(number)) if "一" in style else style.replace("1", str(number))
