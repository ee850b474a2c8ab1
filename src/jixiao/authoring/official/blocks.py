"""Block headings: a row merged over the whole table (一、投入（20分）) that names the level above the rows below it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from jixiao.authoring.official.grid import Grid, Spot
from jixiao.authoring.official.headings import Heading, words

_FIRST = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}[、.．,]|第[一二三四五六七八九十]{1,3}(?:部分|类|项)|[IVXⅠ-Ⅻ]+[、.．])"
)
_SECOND = re.compile(r"^[(（][一二三四五六七八九十]{1,3}[)）]")
_SIGNED = re.compile(r"[:：]|填表|单位|签字|盖章|日期|电话|表\d*$")


@dataclass(slots=True)
class Block:
    """The heading that holds for the rows below: its title, weight where one is printed, and number in the table."""

    title: str
    weight: Decimal | None
    number: int
    second: bool = False


def block(grid: Grid, row: int, own: dict[Spot, str], heading: Heading) -> tuple[str, str] | None:
    """The text of a block heading in this row and the weight printed beside it, or None where the row is none.

    Only tables without a column for the top level have such rows; beside the text at most figures stand.
    """
    if "level1" in heading.columns and "level3" in heading.columns:
        return None
    spots = sorted(spot for spot in own if spot[0] == row)
    if not spots or len(spots) != len(own):
        return None
    text, rest = own[spots[0]].strip(), [own[spot].strip() for spot in spots[1:]]
    lowest = heading.columns[heading.levels[-1]][0]
    wide = grid.width(*spots[0]) > 1 and spots[0][1] + grid.width(*spots[0]) > lowest
    figures = all(re.fullmatch(r"\d{1,4}(?:\.\d{1,4})?[%分]?", word) for word in rest)
    named = _FIRST.match(text) or _SECOND.match(text) or re.search(r"\d+(?:\.\d+)?分?[)）]$", text)
    if not wide or not figures or not named or len(text) > 40 or _SIGNED.search(text):
        return None
    if any(word in text for word in (*words()["extra"], *words()["total"])):
        return None
    return text, rest[0] if rest else ""


def is_second(text: str) -> bool:
    """Whether a block heading is one below another: （一）预算配置."""
    return _SECOND.match(text) is not None
