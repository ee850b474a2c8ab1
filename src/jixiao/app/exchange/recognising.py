"""A 评分表 that was not made by us: its rows and columns by headings, its rubric by titles, weights and figures."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from jixiao.app.exchange.copied import SheetCopy
from jixiao.authoring import Grid, Heading, OfficialRow, OfficialTable, headings, plain_word, tables_of
from jixiao.model import DefinitionError, Findings, Refused, Source, UsageStop, plain
from jixiao.office import ErrorText, join_ref, split_ref
from jixiao.rubric import Indicator, Rubric, load, shipped
from jixiao.text import letters, marks, narrow

# What is filled, best first: a reviewer's column is filled only where the table has no other.
GOT = ("得分", "自评得分", "自评分", "评价得分", "实际得分", "最终得分", "考核得分", "评分", "核查得分")
SAID = (
    "评分说明",
    "得分说明",
    "自评说明",
    "扣分说明",
    "扣分原因",
    "扣分原因说明",
    "扣分理由",
    "得分情况说明",
)
MOST_ROWS, MOST_COLUMNS = 5_000, 200
ENOUGH = Decimal("0.6")  # of the table's indicators must be the rubric's
_FIGURE = re.compile(r"\d+(?:\.\d+)?")


class Columns(NamedTuple):
    """Columns of one heading, from 1: ``got`` holds the points, ``said`` the reasons (0: there is none)."""

    below: int
    got: int
    said: int


@dataclass(slots=True)
class Recognised:
    """A 评分表 in the open workbook: the official rows and where their points go."""

    sheet: SheetCopy
    table: OfficialTable
    heads: list[Columns] = field(default_factory=list)

    def above(self) -> str:
        """What stands above the indicators: the title, the unit, the year."""
        first = min((self.row_of(row) for row in self.table.rows), default=0)
        cells = (str(cell.value) for (row, _), cell in self.sheet.used.items() if row < first)
        return " ".join([self.table.title, *cells])

    def row_of(self, row: OfficialRow) -> int:
        """The sheet row of an indicator."""
        return split_ref(row.place.cell)[0]

    def columns_of(self, row: OfficialRow) -> Columns:
        """The columns of the heading that an indicator stands under."""
        number = self.row_of(row)
        return [head for head in self.heads if head.below < number][-1]


def recognise(sheet: SheetCopy, file: str) -> Recognised:
    """The 评分表 of a sheet; Refused where there is none (J833) or it has no column for points (J849)."""
    grid = _grid(sheet, file)
    heads = list(headings(grid))
    found = sorted(tables_of([grid], file), key=lambda table: len(table.rows))
    if not found:
        raise NoTable("J833", Source(file, sheet.name), sheet=sheet.name)
    made = Recognised(sheet, found[-1], [c for head in heads if (c := _columns(grid, head)) is not None])
    first = min((made.row_of(row) for row in made.table.rows), default=0)
    if not any(head.below < first for head in made.heads):
        raise Refused("J849", Source(file, sheet.name), column="得分")
    return made


def has_table(sheet: SheetCopy, file: str) -> bool:
    """Whether there is a 评分表 on a sheet that could be filled."""
    try:
        return bool(recognise(sheet, file).heads)
    except Refused:
        return False


def _grid(sheet: SheetCopy, file: str) -> Grid:
    """The texts of a sheet as the readers of official tables take them; merged areas show as their first cell."""
    texts = {}
    for (row, column), cell in sheet.used.items():
        if row > MOST_ROWS or column > MOST_COLUMNS or isinstance(cell.value, ErrorText):
            continue
        number = cell.number
        text = format(number, "f") if number is not None else cell.value
        if isinstance(text, str) and text.strip():
            texts[row - 1, column - 1] = text.strip()
    rows, columns = (max((spot[i] for spot in texts), default=-1) + 1 for i in (0, 1))

    def named(row: int, column: int) -> Source:
        return Source(file, sheet.name, join_ref(row + 1, column + 1))

    return Grid(rows, columns, texts, {}, named)


def _columns(grid: Grid, heading: Heading) -> Columns | None:
    lowest: dict[int, str] = {}
    for column in range(grid.columns):
        for row in range(heading.first, heading.last + 1):
            if grid.text(row, column):
                lowest[column] = plain_word(grid.text(row, column))
    got = _first(lowest, GOT)
    return Columns(heading.last + 1, got, _first(lowest, SAID)) if got else None


def _first(lowest: dict[int, str], words: Sequence[str]) -> int:
    for word in words:
        found = [column for column, text in lowest.items() if text == word]
        if found:
            return found[0] + 1
    return 0


def weight_of(row: OfficialRow) -> Decimal | None:
    """The weight printed for an indicator; a fraction of one is a percentage."""
    if row.w3 is not None and Decimal(0) < row.w3 < 1:
        return row.w3 * 100
    return row.w3


@dataclass(slots=True)
class Tied:
    """A rubric and the rows that are its indicators."""

    rubric: Rubric
    rows: dict[str, OfficialRow] = field(default_factory=dict)
    strangers: list[str] = field(default_factory=list)


class NoTable(Refused):
    """There is no 评分表 on a sheet."""


class Doubt(UsageStop):
    """Several rubrics fit, or none fits well enough; ``options`` are the ids to choose from."""

    def __init__(self, sheet: str, names: str, options: Sequence[str]) -> None:
        super().__init__("J834", Source("", sheet), sheet=sheet, names=names)
        self.options = list(options)


@functools.lru_cache(maxsize=64)
def _loaded(name: str, definitions: tuple[Path, ...], stamp: int) -> Rubric:
    return load(name, definitions)


def rubric_named(name: str, definitions: tuple[Path, ...]) -> Rubric:
    """A rubric by id, kept while its definition file stays as it is; ``UsageStop`` (J802) where that is wrong."""
    file = shipped(definitions)[name]
    stamp = file.stat().st_mtime_ns if isinstance(file, Path) else 0
    try:
        return _loaded(name, definitions, stamp)
    except DefinitionError as error:
        raise UsageStop("J802", Source(file.name), problem=str(error)) from error


def tie(found: Recognised, definitions: tuple[Path, ...], wanted: str = "") -> Tied:
    """The rubric of a table; ``wanted`` is an id that a person chose. ``Doubt`` where it cannot be told."""
    known = shipped(definitions)
    names = [wanted] if wanted in known else list(known)
    made = [_rows(rubric_named(name, definitions), found.table) for name in names]
    if wanted in known:
        return made[0]
    count = len({letters(row.level3) for row in found.table.rows})
    fitting = [tied for tied in made if count and Decimal(len(tied.rows)) / count >= ENOUGH]
    if not fitting:
        raise Doubt(found.sheet.name, _names(made), names)
    best = max(_fit(tied, found) for tied in fitting)
    chosen = [tied for tied in fitting if _fit(tied, found) == best]
    if len(chosen) > 1:
        raise Doubt(found.sheet.name, _names(chosen), [tied.rubric.id for tied in chosen])
    return chosen[0]


def _names(made: Sequence[Tied]) -> str:
    return "、".join(f"{tied.rubric.name}（{tied.rubric.id}）" for tied in made)


def _fit(tied: Tied, found: Recognised) -> tuple[bool, int, int, int, bool]:
    """How well a rubric fits: place and year above the table, then titles, weights, the figures of the rules, the year.

    A table that names the place and the year of a rubric follows it, even where next year's copy fits as well or better.
    """
    above = found.above()
    indicators = {indicator.key: indicator for indicator in tied.rubric.indicators()}
    pairs = [(indicators[key], row) for key, row in tied.rows.items()]
    place, year = tied.rubric.jurisdiction in above, str(tied.rubric.year) in above
    return (
        place and year,
        len(pairs),
        sum(same_weight(indicator, row) for indicator, row in pairs),
        sum(same_rule(indicator, row) for indicator, row in pairs),
        year,
    )


def _rows(rubric: Rubric, table: OfficialTable) -> Tied:
    made = Tied(rubric)
    titles = {letters(indicator.key): indicator.key for indicator in rubric.indicators()}
    seen: dict[str, int] = {}
    for row in table.rows:
        seen[letters(row.level3)] = seen.get(letters(row.level3), 0) + 1
    for row in table.rows:
        key = titles.get(letters(row.level3))
        if key is None or seen[letters(row.level3)] > 1:
            made.strangers.append(row.level3)
        else:
            made.rows[key] = row
    return made


def same_weight(indicator: Indicator, row: OfficialRow) -> bool:
    """Whether the table prints the rubric's weight, or none; bonus items print none."""
    weight = weight_of(row)
    return weight is None or indicator.number.startswith("+") or weight == indicator.weight


def same_rule(indicator: Indicator, row: OfficialRow) -> bool:
    """Whether the table's 评分标准 has the figures of the rubric's; a table without them takes the rubric's word."""
    return not row.criteria or figures(row.criteria) == figures(indicator.criteria)


def figures(text: str) -> list[Decimal]:
    """Every number of a rule text but those that only number its points, sorted."""
    plain_text = narrow(text)
    for mark in reversed(marks(plain_text)):
        plain_text = f"{plain_text[: mark.start]}\n{plain_text[mark.end :]}"
    return sorted(Decimal(found) for found in _FIGURE.findall(plain_text))


def disagreements(found: Recognised, tied: Tied, file: str, findings: Findings) -> set[str]:
    """The indicators that must not be filled: their weight or rule in the table is another one; said as findings."""
    refused: set[str] = set()
    for indicator in tied.rubric.indicators():
        row = tied.rows.get(indicator.key)
        if row is None:
            continue
        place = Source(file, found.sheet.name, row.place.cell, indicator.key)
        name = tied.rubric.name
        if not same_weight(indicator, row):
            here = plain(weight_of(row) or Decimal(0))
            findings.add(
                "J836", place, title=indicator.key, here=here, rubric=name, there=plain(indicator.weight)
            )
        elif not same_rule(indicator, row):
            findings.add("J837", place, title=indicator.key, rubric=name)
        else:
            continue
        refused.add(indicator.key)
    return refused
