"""The score table of a report: which row belongs to which indicator, which cell is weight, text, explanation, score."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from jixiao.audit.document import Block, Report
from jixiao.audit.formtables import Cells, form_tables
from jixiao.audit.known import Judged, KnownValues
from jixiao.audit.pieces import plain

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
SCORE, WEIGHT, CRITERIA, SAID = "得分", "权重", "标准", "说明"


@dataclass(slots=True)
class ScoreRow:
    """A row of one indicator: index of its cells by what they hold."""

    block: Block
    judged: Judged
    title: int
    weight: int | None = None
    score: int | None = None
    criteria: list[int] = field(default_factory=list)
    said: int | None = None


@dataclass(slots=True)
class ScoreTable:
    """All rows, the cells of group weights (block number, cell -> title), and the cells of the total row."""

    rows: list[ScoreRow] = field(default_factory=list)
    weights: dict[tuple[int, int], str] = field(default_factory=dict)
    totals: dict[tuple[int, int], str] = field(default_factory=dict)
    fields: dict[tuple[int, int], tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    cells: Cells = field(default_factory=dict)  # cells of other tables with a heading
    counted: dict[int, int] = field(default_factory=dict)  # table -> rows counted so far
    serials: dict[tuple[int, int], int] = field(
        default_factory=dict
    )  # cells of a column 序号 -> what they count

    def taken(self, at: tuple[int, int]) -> bool:
        """Whether a cell already is a weight, a total, or in the row of an indicator."""
        return at in self.weights or at in self.totals or any(row.block.number == at[0] for row in self.rows)

    def role(self, block: Block, cell: int) -> tuple[str, Judged | None]:
        """What a cell holds and of which indicator; empty where the table says nothing about it."""
        at = (block.number, cell)
        if at in self.weights:
            return WEIGHT, None
        if at in self.totals:
            return self.totals[at], None
        for row in self.rows:
            if row.block is block:
                if cell == row.score:
                    return SCORE, row.judged
                if cell == row.weight:
                    return WEIGHT, row.judged
                if cell in row.criteria:
                    return CRITERIA, row.judged
                if cell == row.said:
                    return SAID, row.judged
                return "", row.judged
        return "", None


def score_table(report: Report, truth: KnownValues) -> ScoreTable:
    """Find the rows of the indicators in all tables of a report."""
    made = ScoreTable()
    titles = {plain(item.title): item for item in truth.judged}
    forms = form_tables(report)
    for block in report.blocks:
        if not block.table or len(block.cells) < 3 or block.table in forms:
            continue
        _group_weights(block, truth, titles, made)
        if block.cells[0] in ("合计", "总计", "总分"):
            _total(block, made)
            continue
        row = _row(block, titles)
        if row is not None:
            made.rows.append(row)
    scored = {row.block.table for row in made.rows if row.score is not None}
    tables = {block.number: block.table for block in report.blocks}
    made.totals = {at: name for at, name in made.totals.items() if tables[at[0]] in scored}
    _project_rows(report, truth, made)
    return made


def _project_rows(report: Report, truth: KnownValues, made: ScoreTable) -> None:
    """Cells of a list of projects by the words of their heading: (project, fields that may be meant)."""
    owners = set(truth.owners("项目"))
    heads: dict[int, dict[int, tuple[str, ...]]] = {}
    for block in report.blocks:
        if not block.table:
            continue
        if any(text.startswith("项目名称") for text in block.cells):
            heads[block.table] = {cell: _fields(text) for cell, text in enumerate(block.cells)}
        if block.cells[0] == "序号":
            made.counted[block.table] = 0
            continue
        _serial(block, made)
        owner = next((text for text in block.cells if text in owners), "")
        for cell, text in enumerate(block.cells):
            names = heads.get(block.table, {}).get(cell, ())
            if owner and names and _NUMBER.fullmatch(text):
                made.fields[block.number, cell] = (owner, names)


def _serial(block: Block, made: ScoreTable) -> None:
    """The number of a row under 序号."""
    if block.table in made.counted and _NUMBER.fullmatch(block.cells[0]):
        made.counted[block.table] += 1
        made.serials[block.number, 0] = made.counted[block.table]


def _fields(title: str) -> tuple[str, ...]:
    """Fields that a heading may mean."""
    for words, names in (
        (("调整", "全年预算"), ("adjusted",)),
        (("年初预算",), ("budget",)),
        (("预算",), ("budget", "adjusted")),
        (("决算", "支出", "执行数"), ("spent",)),
        (("得分", "分数"), ("score",)),
    ):
        if any(word in title for word in words):
            return names
    return ()


def _group_weights(block: Block, truth: KnownValues, titles: dict[str, Judged], made: ScoreTable) -> None:
    """Weights behind a title of the first or second level; a title that is also an indicator's counts as that."""
    last = len(block.cells) - 1
    for cell, text in enumerate(block.cells[:last]):
        if text in truth.weights and text not in titles and _NUMBER.fullmatch(block.cells[cell + 1]):
            made.weights[block.number, cell + 1] = text


def _total(block: Block, made: ScoreTable) -> None:
    numbers = [cell for cell, text in enumerate(block.cells) if _NUMBER.fullmatch(text)]
    for cell in numbers:
        made.totals[block.number, cell] = "合计得分" if cell == numbers[-1] else "合计权重"


def _row(block: Block, titles: dict[str, Judged]) -> ScoreRow | None:
    at, judged = _title(block, titles)
    if judged is None:
        return None
    row = ScoreRow(block, judged, at)
    rest = [cell for cell in range(at + 1, len(block.cells)) if block.cells[cell]]
    if rest and _NUMBER.fullmatch(block.cells[rest[0]]):
        row.weight = rest.pop(0)
    if rest and _NUMBER.fullmatch(block.cells[rest[-1]]):
        row.score = rest.pop()
    if row.weight is None and not judged.extra:
        return None
    row.criteria, others = rest[:2], rest[2:]
    row.said = others[0] if others else None
    return row


def _title(block: Block, titles: dict[str, Judged]) -> tuple[int, Judged | None]:
    """The cell that is an indicator's title: the last one of the row, since the levels stand before it."""
    found: tuple[int, Judged | None] = (0, None)
    for cell, text in enumerate(block.cells[:8]):
        judged = titles.get(text) or titles.get(text.removesuffix("指标"))
        if judged is not None:
            found = (cell, judged)
    return found
