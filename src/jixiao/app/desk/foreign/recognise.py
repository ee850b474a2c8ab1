"""The 评分表 on a sheet: its rows by headings, and the columns that hold 得分 and 评分说明."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from jixiao.app.desk.blocks import Block
from jixiao.app.desk.live import LiveSheet
from jixiao.authoring.official.grid import Grid
from jixiao.authoring.official.headings import Heading, headings, plain_word
from jixiao.authoring.official.reading import tables
from jixiao.authoring.official.table import OfficialRow, OfficialTable
from jixiao.model import Refused, Source
from jixiao.office.ooxml import ErrorText, join_ref, split_ref

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


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns of one heading, from 1: ``got`` holds the points, ``said`` the reasons (0: there is none)."""

    below: int
    got: int
    said: int


@dataclass(slots=True)
class Recognised:
    """A 评分表 in the open workbook: the official rows and where their points go."""

    sheet: LiveSheet
    table: OfficialTable
    heads: list[Columns] = field(default_factory=list)

    def row_of(self, row: OfficialRow) -> int:
        """The sheet row of an indicator."""
        return split_ref(row.place.cell)[0]

    def columns_of(self, row: OfficialRow) -> Columns:
        """The columns of the heading that an indicator stands under."""
        number = self.row_of(row)
        return [head for head in self.heads if head.below < number][-1]


def recognise(sheet: LiveSheet, file: str) -> Recognised:
    """The 评分表 of a sheet; Refused where there is none (J833) or it has no column for points (J849)."""
    grid = grid_of(sheet.block, file, sheet.name)
    heads = list(headings(grid))
    found = sorted(tables([grid], file), key=lambda table: len(table.rows))
    if not found:
        raise Refused("J833", Source(file, sheet.name), sheet=sheet.name)
    made = Recognised(sheet, found[-1], [c for head in heads if (c := _columns(grid, head)) is not None])
    first = min((made.row_of(row) for row in made.table.rows), default=0)
    if not any(head.below < first for head in made.heads):
        raise Refused("J849", Source(file, sheet.name), column="得分")
    return made


def grid_of(block: Block, file: str, name: str) -> Grid:
    """The texts of a sheet as the readers of official tables take them; merged areas show as their first cell."""
    texts = {}
    for (row, column), cell in block.cells.items():
        if row > MOST_ROWS or column > MOST_COLUMNS or isinstance(cell.value, ErrorText):
            continue
        number = cell.number
        text = format(number, "f") if number is not None else cell.value
        if isinstance(text, str) and text.strip():
            texts[row - 1, column - 1] = text.strip()
    rows, columns = (max((spot[i] for spot in texts), default=-1) + 1 for i in (0, 1))

    def named(row: int, column: int) -> Source:
        return Source(file, name, join_ref(row + 1, column + 1))

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
