"""Headings of columns and of blocks, and what the cells under them hold: titles with the weight written inside."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from importlib import resources

from jixiao.authoring.official.table import Grid, Spot
from jixiao.model import read_yaml
from jixiao.text import LISTS, mark_at, narrow, unnumbered, unspaced
from jixiao.text.numbering import CHAPTER, DIVISION, LETTER, PART, ROMAN, SERIES

TITLES = (SERIES, *LISTS, LETTER)
BLOCKS = (CHAPTER, DIVISION, ROMAN, PART)

_WEIGHT = re.compile(r"(\d{1,4}(?:\.\d{1,4})?)(%|分)?")
_INSIDE = re.compile(
    r"[\(\[](?:权重|分值|满分|共|计)?[:：]?(\d{1,4}(?:\.\d{1,2})?)(?:%|分)?[\)\]]$|(?<=[^\d.])(\d{1,3}(?:\.\d{1,2})?)分$"
)


def number_of(text: str) -> Decimal | None:
    """The weight that a cell holds, None where it holds none."""
    found = _WEIGHT.fullmatch(narrow(unspaced(text)))
    return Decimal(found[1]) if found else None


def named(text: str) -> tuple[str, Decimal | None]:
    """A level cell as its title and the weight written inside it: 预算编制（12分）."""
    joined = unspaced(text).replace("（", "(").replace("）", ")")
    inside = _INSIDE.search(joined)
    title = unnumbered(joined[: inside.start()] if inside else joined, TITLES)
    title = title.replace("(", "（").replace(")", "）").strip(":：")
    return title, Decimal(inside[1] or inside[2]) if inside and title else None


LEVELS = ("level1", "level2", "level3")
RULES = ("description", "points", "criteria")
MOST_ROWS = 5
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")
_NOISE = re.compile(r"[\s:：、,.%﹪*·\-—_/()]+")


@functools.cache
def words() -> dict[str, tuple[str, ...]]:
    """words.yaml: role -> headings."""
    text = resources.files("jixiao.authoring.official").joinpath("words.yaml").read_text("utf-8")
    data = read_yaml(text, "words.yaml")
    return {role: tuple(data.texts(role)) for role in data}


@functools.cache
def _roles() -> dict[str, str]:
    order = ("group", "other", "name", "points", "description", "criteria", "target", "weight", *LEVELS)
    return {word: role for role in order for word in words()[role]}


def plain_word(text: str) -> str:
    """A heading without blanks, brackets and signs; full-width letters narrowed."""
    return _NOISE.sub("", _BRACKETS.sub("", narrow(text)))


def role(text: str) -> str:
    """What a heading says its column holds; empty where it is none that we know."""
    return _roles().get(plain_word(text), "")


@dataclass(slots=True)
class Heading:
    """Rows ``first`` to ``last`` of a grid, and the columns of each role; weights by the level they belong to."""

    first: int
    last: int
    columns: dict[str, list[int]] = field(default_factory=dict)
    weights: dict[str, int] = field(default_factory=dict)
    unknown: list[tuple[int, str]] = field(default_factory=list)

    def column(self, role_: str) -> int | None:
        """The first column of a role."""
        found = self.columns.get(role_)
        return found[0] if found else None

    @property
    def levels(self) -> list[str]:
        """The levels that the table has, from the top."""
        return [level for level in LEVELS if level in self.columns]

    @property
    def scores(self) -> bool:
        """Whether this is the heading of a 评分表: a level, and rules or weights."""
        return bool(self.levels) and bool(self.weights or any(role_ in self.columns for role_ in RULES))


def headings(grid: Grid) -> Iterator[Heading]:
    """The headings of a grid from top to bottom; a table split over pages has one on each."""
    row = 0
    while row < grid.rows:
        found = _heading(grid, row)
        if found is None:
            row += 1
            continue
        yield found
        row = found.last + 1


def _heading(grid: Grid, row: int) -> Heading | None:
    here = _own(grid, row)
    known = {role(text) for _, text in here} - {"", "other"}
    if len(known - {"group"}) + ("group" in known) < 2 or not known & {*LEVELS, *RULES, "group"}:
        return None
    if sum(1 for _, text in here if role(text)) * 2 < len(here):
        return None
    last = row
    while last + 1 < min(grid.rows, row + MOST_ROWS) and _goes_on(grid, last + 1, row):
        last += 1
    heading = _columns(grid, Heading(row, last))
    return heading if heading.scores else None


def _own(grid: Grid, row: int, top: int | None = None) -> list[tuple[Spot, str]]:
    """The cells that begin in this row (or since ``top``) and hold text."""
    seen: dict[Spot, str] = {}
    for column in range(grid.columns):
        begin = grid.begin(row, column)
        if (begin[0] == row if top is None else begin[0] >= top) and grid.text(row, column):
            seen[begin] = grid.text(row, column)
    return list(seen.items())


def _goes_on(grid: Grid, row: int, top: int) -> bool:
    """Whether a row belongs to the heading above it: every text in it is a heading, or goes on from one."""
    own = [text for begin, text in _own(grid, row, top) if begin[0] == row]
    if not own:
        return any(top <= grid.begin(row, column)[0] < row for column in range(grid.columns))
    return all(role(text) for text in own)


def _columns(grid: Grid, heading: Heading) -> Heading:
    level = ""
    grouped: list[int] = []
    for column in range(grid.columns):
        path: dict[Spot, str] = {}
        for row in range(heading.first, heading.last + 1):
            if grid.text(row, column):
                path[grid.begin(row, column)] = grid.text(row, column)
        roles = [role(text) for text in path.values()]
        own_level = next((r for r in reversed(roles) if r in LEVELS), "")
        level = own_level or level
        own = next((r for r in reversed(roles) if r not in ("group", "name", "")), "")
        if not own and "name" in roles and "level3" not in heading.columns:
            own = "level3"  # 名称 alone is the lowest level where there is none
        if own == "weight":
            heading.weights.setdefault(own_level or level, column)
        elif own in LEVELS or own in RULES or own == "target":
            _take(grid, heading, own, column)
        elif roles and set(roles) == {"group"}:
            grouped.append(column)
        elif not own and path and "group" not in roles:
            heading.unknown.append((column, next(iter(path.values()))))
    _untold(heading, grouped)
    return heading


def _untold(heading: Heading, grouped: list[int]) -> None:
    """Levels under one common heading, in their order; a weight column before the levels is that of the lowest."""
    if not heading.levels and 1 < len(grouped) <= len(LEVELS):
        heading.columns.update({name: [column] for name, column in zip(LEVELS, grouped, strict=False)})
    if not heading.levels and heading.weights and {"criteria", "description"} <= heading.columns.keys():
        heading.columns["level3"] = heading.columns.pop("description")  # 序号、评价内容、标准分、评分标准
    above, points = heading.columns.get("description"), heading.columns.get("points")
    if above and heading.levels == ["level2"] and above[0] < heading.columns["level2"][0]:
        heading.columns["level1"] = heading.columns.pop("description")  # 考核内容、考核项目、考核要点、标准分
        if points and heading.columns["level2"][0] < points[0] < heading.weights.get("level2", 0):
            heading.columns["level3"] = heading.columns.pop("points")
            heading.weights["level3"] = heading.weights.pop("level2")
    if heading.weights and heading.columns.keys() & set(RULES) == {"description"}:
        heading.columns["criteria"] = heading.columns.pop("description")  # 指标名称、分值、评分依据
    if "" in heading.weights and heading.levels:
        heading.weights.setdefault(heading.levels[-1], heading.weights.pop(""))


def _take(grid: Grid, heading: Heading, own: str, column: int) -> None:
    """A role may span columns that are one cell below as well; the first of them holds the text."""
    taken = heading.columns.setdefault(own, [])
    below = heading.last + 1
    if taken and (own in LEVELS or grid.begin(below, column) == grid.begin(below, taken[-1])):
        return
    taken.append(column)


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
    wide = wide or (len(own) == 1 and spots[0][1] < lowest and mark_at(text, BLOCKS) is not None)
    figures = all(re.fullmatch(r"\d{1,4}(?:\.\d{1,4})?[%分]?", word) for word in rest)
    named = mark_at(text, BLOCKS) or re.search(r"\d+(?:\.\d+)?分?[)）]$", text)
    if not wide or not figures or not named or len(text) > 40 or _SIGNED.search(text):
        return None
    if any(word in text for word in (*words()["extra"], *words()["total"])):
        return None
    return text, rest[0] if rest else ""
