"""Tables of a report: what each cell holds, told by headings and rows.

The weight, score, criteria or explanation of an indicator, a value of 自评表 or of a project, the number of a row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from jixiao.audit.blocks import Block, Report, plain
from jixiao.audit.known import TOTAL, Judged, Known, KnownValues

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
SCORE, WEIGHT, CRITERIA, SAID = "得分", "权重", "标准", "说明"
ALL_WEIGHTS = "合计权重"
HELD = (SCORE, WEIGHT, TOTAL, ALL_WEIGHTS)
"""Columns whose cells have one value each."""
NARROWEST = 3  # cells of a row of the score table
FEWEST = 2  # headings that make a row the head of a table
_HEADS = {
    "年度指标值": "planned", "指标值": "planned", "实际完成值": "done", "完成值": "done", "分值": "full", "满分": "full",
    "权重": "weight", "得分": "points", "自评得分": "points", "扣分": "lost", "失分": "lost", "得分率": "rate",
    "年初预算数": "budget", "全年预算数": "adjusted", "全年执行数": "spent", "执行率": "rate",
}  # fmt: skip
_WHOLE = ("部门预算总额", "年度资金总额", "资金总额")
_MONEY = {
    "budget": ("支出预算数", "年初预算数"),
    "adjusted": ("财政下达预算数", "调整预算数"),
    "spent": ("年度支出决算数", "决算数"),
    "rate": ("支出完成率", "整体支出率"),
}
_CRITERIA = ("评分标准", "指标说明", "评分说明")
_PROJECT_HEADS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("执行率",), ("rate",)),
    (("率",), ()),
    (("调整", "全年预算"), ("adjusted",)),
    (("年初预算",), ("budget",)),
    (("预算",), ("budget", "adjusted")),
    (("决算", "支出", "执行数"), ("spent",)),
    (("得分", "分数"), ("score",)),
)


@dataclass(slots=True)
class Cell:
    """What a cell holds. ``told``: its heading and row tell what it is, so that no word around it has to."""

    column: str = ""  # SCORE, WEIGHT, CRITERIA, SAID, TOTAL, ALL_WEIGHTS; empty for any other
    title: str = ""  # of the indicator in whose row it stands
    subject: str = ""
    values: tuple[Known, ...] = ()
    number: int = 0  # what a cell under 序号 counts
    told: bool = False


Cells = dict[tuple[int, int], Cell]


def cells_of(report: Report, known: KnownValues) -> Cells:
    """(block, cell) -> what it holds, for all cells that tables tell anything about."""
    titles = {plain(item.title): item for item in known.judged}
    headed = _headed(report)
    made: Cells = {}
    for block in report.rows():
        if len(block.cells) >= NARROWEST and block.table not in headed:
            _score_row(block, known, titles, made)
    _drop_lone_totals(report, made)
    scored = {number for (number, _), cell in made.items() if cell.title}
    for at, number in _serials(report):
        _tell(made, at, Cell(number=number, told=True))
    for at, cell in _form_cells(report, known):
        taken = at in made and made[at].column
        if not taken and at[0] not in scored:
            _tell(made, at, cell)
    return made


def _tell(made: Cells, at: tuple[int, int], cell: Cell) -> None:
    """Keep what a cell is where nothing surer is known."""
    before = made.get(at, Cell())
    if not before.column and not before.told:
        cell.title = before.title
        made[at] = cell


# ---- the score table


def _score_row(block: Block, known: KnownValues, titles: dict[str, Judged], made: Cells) -> None:
    """A row of the score table: the weights of groups that it names, and the total or an indicator."""
    numbers = [cell for cell, text in enumerate(block.cells) if _NUMBER.fullmatch(text)]
    if block.cells[0] not in ("合计", "总计", "总分"):
        _indicator_row(block, titles, made)
    else:
        for cell in numbers:
            last = cell == numbers[-1]
            hundred = Known(ALL_WEIGHTS, Decimal(100), "", known.total.source) if known.total else None
            value = known.total if last else hundred
            name = TOTAL if last else ALL_WEIGHTS
            made[block.number, cell] = Cell(name, subject=name, values=(value,) if value else ())
    for cell, text in enumerate(block.cells[:-1]):
        if text in known.weights and text not in titles and cell + 1 in numbers:
            values = (known.weights[text],)
            made[block.number, cell + 1] = Cell(WEIGHT, subject=f"{text}权重", values=values)


def _indicator_row(block: Block, titles: dict[str, Judged], made: Cells) -> None:
    """Weight, criteria, explanation and score stand behind the title, which is the last one: the levels stand before it."""
    named = [
        (cell, judged)
        for cell, text in enumerate(block.cells[:8])
        if (judged := titles.get(text) or titles.get(text.removesuffix("指标"))) is not None
    ]
    if not named:
        return
    at, judged = named[-1]
    rest = [cell for cell in range(at + 1, len(block.cells)) if block.cells[cell]]
    columns: dict[int, Cell] = {}
    scores, title = judged.scores, judged.title
    if rest and _NUMBER.fullmatch(block.cells[rest[0]]):
        weight = Known(WEIGHT, scores.weight, "", scores.source)
        columns[rest.pop(0)] = Cell(WEIGHT, title, f"{title}权重", (weight,))
    elif not judged.extra:
        return
    if rest and _NUMBER.fullmatch(block.cells[rest[-1]]):
        points = () if scores.points is None else (Known(SCORE, scores.points, "", scores.source),)
        columns[rest.pop()] = Cell(SCORE, title, f"{title}得分", points)
    columns |= {cell: Cell(CRITERIA, title) for cell in rest[:2]} | {
        cell: Cell(SAID, title) for cell in rest[2:3]
    }
    for cell in range(len(block.cells)):
        made[block.number, cell] = columns.get(cell, Cell(title=title))


def _drop_lone_totals(report: Report, made: Cells) -> None:
    """A row of totals counts only in a table with scores."""
    tables = {block.number: block.table for block in report.rows()}
    scored = {tables[at[0]] for at, cell in made.items() if cell.column == SCORE}
    for at in [at for at, cell in made.items() if cell.column in (TOTAL, ALL_WEIGHTS)]:
        if tables[at[0]] not in scored:
            del made[at]


# ---- lists


def _serials(report: Report) -> Iterator[tuple[tuple[int, int], int]]:
    """The numbers under 序号, and the number of the row that each has to be."""
    counted: dict[int, int] = {}
    for block in report.rows():
        if block.cells[0] == "序号":
            counted[block.table] = 0
        elif block.table in counted and _NUMBER.fullmatch(block.cells[0]):
            counted[block.table] += 1
            yield (block.number, 0), counted[block.table]


# ---- 自评表 and other tables with headings


def _headed(report: Report) -> set[int]:
    """Tables with headings of 自评表 that are no official score table, which has its criteria in a column."""
    headed = {block.table for block in report.rows() if sum(text in _HEADS for text in block.cells) >= FEWEST}
    quoting = {b.table for b in report.rows() if any(text.startswith(_CRITERIA) for text in b.cells)}
    return headed - quoting


def _form_cells(report: Report, known: KnownValues) -> Iterator[tuple[tuple[int, int], Cell]]:
    """Cells that a heading and a row name, with the values that may be meant; in a list of projects any heading is read."""
    heads: dict[int, dict[int, tuple[str, ...]]] = {}
    for block in report.rows():
        projects = any(text.startswith("项目名称") for text in block.cells)
        own = {cell: names for cell, text in enumerate(block.cells) if (names := _fields(text, projects))}
        if projects or len(own) >= FEWEST:
            heads[block.table] = own
            continue
        for cell, names in heads.get(block.table, {}).items():
            subject, values = _meant(block, names, known) if any(block.cells[cell : cell + 1]) else ("", ())
            if values:
                yield (block.number, cell), Cell(subject=subject, values=values, told=True)


def _fields(title: str, projects: bool) -> tuple[str, ...]:
    """Fields that a heading may mean."""
    if not projects:
        return (_HEADS[title],) if title in _HEADS else ()
    return next((names for words, names in _PROJECT_HEADS if any(word in title for word in words)), ())


def _meant(block: Block, columns: tuple[str, ...], known: KnownValues) -> tuple[str, tuple[Known, ...]]:
    """What the first cells of a row name and a column tells, and the values of it."""
    column = columns[0]
    title = next((title for title, name in _HEADS.items() if name == column), "")
    for text in filter(None, block.cells[:4]):
        rows = known.owned("自评项", text, columns)
        if rows:
            return f"{text}{title}", tuple(rows)
        if text in known.scores and not any(item.owner in block.cells for item in known.owned("自评项")):
            return f"{text}{title}", _points(text, column, known)
        if text in _WHOLE:
            values = (*known.of(_MONEY.get(column, ())), *known.owned("项目", fields=columns))
            return f"{text}{title}", values
    owner = next((text for text in block.cells if text in known.owners("项目")), "")
    return owner, tuple(known.owned("项目", owner, columns)) if owner and block.cells[0] != "序号" else ()


def _points(title: str, column: str, known: KnownValues) -> tuple[Known, ...]:
    scores = known.scores[title]
    if scores.points is None:
        return ()
    values = {
        "full": (scores.full, "分"),
        "weight": (scores.weight, "分"),
        "points": (scores.points, "分"),
        "lost": (scores.full - scores.points, "分"),
    }
    if scores.full:
        values["rate"] = (scores.points / scores.full * 100, "%")
    found = values.get(column)
    return (Known("得分", *found, scores.source, title, column),) if found else ()
