"""SelfTable: an official self-evaluation form (项目支出绩效自评表, 部门整体支出绩效自评表) as data.

A form has the money block with the execution rate, the yearly goal, blocks (产出指标 …) of rows that people fill
with their own indicators, a total and a grade. Every rubric may have one form of its own (``main``, whose blocks
are its 评分表) and any number of project tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import NamedTuple

from jixiao.model import Body, Interval, Reference, amount, gaps, meant, overlap, plain, read_reference

EXECUTION = "预算执行率"
MAIN, PROJECT = "自评表", "项目自评"
FIGURES = ("年初预算数", "全年预算数", "全年执行数")
MOST_PROJECTS = 200
KEYS = ("id", "title", "reference", "execution", "funds", "blocks", "qualitative", "grades")
OPTIONAL = ("pass", "overfulfilled", "footnote", "decisions")


class Second(NamedTuple):
    """A 二级指标 of a form: its title and how many rows of it can be filled."""

    title: str
    rows: int


class Block(NamedTuple):
    """A 一级指标 of a form. ``moves_to``: the block may be 不适用; its points then go to that block."""

    title: str
    full: Decimal
    seconds: tuple[Second, ...]
    moves_to: str = ""


class SelfTable(NamedTuple):
    """One form. Shares (``qualitative``, ``least``, ``over``) are fractions of the points or of the target."""

    id: str
    title: str
    reference: Reference
    execution: Decimal
    funds: tuple[str, ...]
    blocks: tuple[Block, ...]
    qualitative: tuple[tuple[str, Interval], ...]
    grades: tuple[tuple[Interval, str], ...]
    least: Decimal
    over: Decimal
    footnote: str

    def rows(self) -> Iterator[tuple[int, Block, Second]]:
        """The rows of the form from 1, each with its block and 二级指标."""
        number = 0
        for block in self.blocks:
            for second in block.seconds:
                for _ in range(second.rows):
                    number += 1
                    yield number, block, second

    def block_rows(self, title: str) -> list[int]:
        """The rows of a block."""
        return [number for number, block, _ in self.rows() if block.title == title]

    def movable(self) -> list[Block]:
        """The blocks that may be 不适用."""
        return [block for block in self.blocks if block.moves_to]


@dataclass(frozen=True, slots=True)
class SelfTables:
    """The forms of a rubric: ``main`` with where its figures come from, ``projects`` and how many of them.

    ``figures`` name a fact for each of FIGURES; empty where the main form is that of a single project, whose figures
    stand in the first row of the 项目 table.
    """

    main: SelfTable | None = None
    figures: tuple[tuple[str, str], ...] = ()
    projects: SelfTable | None = None
    count: int = 0

    def tables(self) -> Iterator[tuple[str, SelfTable]]:
        """Each table of the workbook: the name that its keys begin with, and its form."""
        if self.main is not None:
            yield MAIN, self.main
        if self.projects is not None:
            for number in range(1, self.count + 1):
                yield f"{PROJECT}{number}", self.projects


def read_self_tables(data: Body, forms: Body) -> SelfTables:
    """The keys ``main`` and ``projects`` of a rubric; ``forms`` are the known forms by id."""
    main = projects = None
    figures: tuple[tuple[str, str], ...] = ()
    count = 0
    if "main" in data:
        body = data.part("main").only(("form",), ("figures",))
        main = _form(body, forms)
        if "figures" in body:
            named = body.part("figures").only(FIGURES)
            figures = tuple((name, named.text(name)) for name in FIGURES)
    if "projects" in data:
        body = data.part("projects").only(("form", "count"))
        projects, count = _form(body, forms), body.whole("count")
        if not 0 <= count <= MOST_PROJECTS:
            raise body.fail(f"count 应在0至{MOST_PROJECTS}之间", "count")
        if main is not None and not figures and count:
            raise body.fail("单个项目的自评表不能再带项目自评表", "count")
    return SelfTables(main, figures, projects, count)


def _form(body: Body, forms: Body) -> SelfTable:
    name = body.text("form")
    if name not in forms:
        raise body.fail(f"没有自评表“{name}”{meant(name, forms)}，可用：{'、'.join(forms)}", "form")
    return read_form(forms.part(name))


def read_form(data: Body) -> SelfTable:
    """Check a form; ``DefinitionError`` where its points do not add to 100 or its ranges overlap or leave gaps."""
    data.only(KEYS, OPTIONAL)
    blocks = tuple(_block(item) for item in data.parts("blocks"))
    titles = [block.title for block in blocks]
    if len(set(titles)) != len(titles) or EXECUTION in titles:
        raise data.fail("一级指标名称重复", "blocks")
    total = data.number("execution") + sum(block.full for block in blocks)
    if total != 100:
        raise data.fail(f"分值合计{plain(total)}，应为100", "blocks")
    staying = {block.title for block in blocks if not block.moves_to}
    for block in blocks:
        if block.moves_to and block.moves_to not in staying:
            raise data.fail(f"“{block.title}”的分值不能移到“{block.moves_to}”", "blocks")
    qualitative = tuple((label, _interval(data["qualitative"], label)) for label in data.part("qualitative"))
    grades = tuple((_parsed(data["grades"], text), data["grades"].text(text)) for text in data.part("grades"))
    _cover(data, "qualitative", [interval for _, interval in qualitative], Decimal(0), Decimal(1))
    _cover(data, "grades", [interval for interval, _ in grades], Decimal(0), Decimal(100))
    return SelfTable(
        id=data.text("id"),
        title=data.text("title"),
        reference=read_reference(data.part("reference")),
        execution=data.number("execution"),
        funds=tuple(data.texts("funds")),
        blocks=blocks,
        qualitative=qualitative,
        grades=grades,
        least=_share(data, "pass", Decimal(0)),
        over=_share(data, "overfulfilled", Decimal(0)),
        footnote=data.text("footnote", ""),
    )


def _block(item: Body) -> Block:
    item.only(("title", "full", "seconds"), ("moves_to",))
    seconds = []
    for body in item.parts("seconds"):
        body.only(("title", "rows"))
        if not 1 <= body.whole("rows") <= 30:
            raise body.fail("rows 应在1至30之间", "rows")
        seconds.append(Second(body.text("title"), body.whole("rows")))
    return Block(item.text("title"), item.number("full"), tuple(seconds), item.text("moves_to", ""))


def _share(data: Body, key: str, default: Decimal) -> Decimal:
    try:
        return amount(data.text(key)) if key in data else default
    except ValueError as error:
        raise data.fail(str(error), key) from error


def _interval(body: Body, label: str) -> Interval:
    return _parsed(body, label, body.text(label))


def _parsed(body: Body, key: str, text: str = "") -> Interval:
    try:
        return Interval.parse(text or key)
    except ValueError as error:
        raise body.fail(str(error), key) from error


def _cover(data: Body, key: str, intervals: list[Interval], low: Decimal, high: Decimal) -> None:
    if gaps(intervals, low, high):
        raise data.fail("各档之间有空档", key)
    if any(overlap(a, b) is not None for a, b in combinations(intervals, 2)):
        raise data.fail("各档有重叠", key)
