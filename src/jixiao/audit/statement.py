"""Statement: one figure of the report, with the words around it and what was found out about it; figures compared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from jixiao.audit.blocks import Block, Place, Report
from jixiao.audit.known import Known, same_unit
from jixiao.model import LimitReached, Source, half_up
from jixiao.model import plain as undecorated
from jixiao.text import UNITS, Kind, find_quantities

UNDEFINED = "无法计算"
"""What stands for the value of a rate without one."""


class Outcome(StrEnum):
    """What became of a statement."""

    AGREES = "一致"
    DISAGREES = "不一致"
    UNCHECKED = "未核对"


class Inside(StrEnum):
    """Reasons that lie in the report itself, whatever a workbook says."""

    TWICE = "同一内容在报告中有两个数"
    NO_SUM = "各项之和与合计不符"
    LISTED = "个数与列举不符"
    EVENT = "同一事项的日期不一致"
    NO_DATE = "没有这个日期"
    NO_YEAR = "年份不合理"
    ORDER = "编号不连续"
    CONTENTS = "与目录不一致"
    RECKONED = "按报告自己的数计算不符"
    TAIL = "只差尾数"


@dataclass(slots=True)
class Statement:
    """A figure held against something. ``value`` and ``source`` are what it was held against, ``why`` the reason."""

    figure: Figure
    subject: str = ""
    outcome: Outcome = Outcome.UNCHECKED
    value: str = ""
    source: str = ""
    why: str = ""
    known: Known | None = None
    about: tuple[str, ...] = ()  # the items that it may measure
    quantity: str = ""  # the name of the workbook's value that it was held against
    apart: str = ""  # why it is no value of what its words name
    scope: str = ""  # why it does not speak of what the workbook holds

    @property
    def open(self) -> bool:
        """Whether nothing was found out yet."""
        return self.outcome is Outcome.UNCHECKED

    def worth(self, unit: str) -> Decimal | None:
        """The figure in a unit, or what it should have been where the workbook says so; None where it is wrong."""
        if self.outcome is not Outcome.DISAGREES:
            return in_unit(self.figure.value, self.figure.unit, unit)
        return None if self.known is None else in_unit(self.known.value, self.known.unit, unit)

    def agrees(self, subject: str, value: str, source: str, known: Known | None = None) -> None:
        """The figure is confirmed."""
        self._settle(Outcome.AGREES, subject, value, source)
        self.known = known

    def disagrees(self, subject: str, value: str, source: str, why: str = "") -> None:
        """The figure is wrong; one that speaks of something else is left open."""
        if self.scope:
            self.leaves(subject, self.scope)
        else:
            self._settle(Outcome.DISAGREES, subject, value, source, why)

    def holds(self, right: bool, subject: str, value: str, source: str, why: str = "") -> None:
        """The figure is confirmed or wrong, as ``right`` says."""
        if right:
            self.agrees(subject, value, source)
        else:
            self.disagrees(subject, value, source, why)

    def leaves(self, subject: str, why: str) -> None:
        """Nothing can be said of the figure, and why."""
        self.subject, self.why = subject, why

    def _settle(self, outcome: Outcome, subject: str, value: str, source: str, why: str = "") -> None:
        self.outcome, self.subject, self.value, self.source, self.why = outcome, subject, value, source, why

    def place(self, report: str) -> Source:
        """Where it stands in a report, with the words around."""
        figure = self.figure
        return Source(
            report, figure.place.shown(), label=f"…{figure.left[-16:]}{figure.shown}{figure.right[:10]}…"
        )

    def data(self) -> dict[str, Any]:
        """As plain data for ``--json``."""
        place = self.figure.place
        return {
            "place": {"text": place.shown(), **asdict(place), "start": self.figure.start},
            "text": self.figure.sentence,
            "subject": self.subject,
            "said": self.figure.written,
            "unit": self.figure.unit,
            "outcome": self.outcome.value,
            "value": self.value,
            "source": self.source,
            "why": self.why,
        }


def shown(value: Decimal, digits: int | None = None) -> str:
    """A decimal as people write it, without an exponent; rounded half away from zero where digits are given."""
    return undecorated(value) if digits is None else format(half_up(value, digits), "f")


def in_unit(value: Decimal, unit: str, target: str) -> Decimal:
    """An amount brought to another unit of money; anything else is left as it is."""
    one, two = UNITS.get(unit), UNITS.get(target)
    return value * one.worth / two.worth if one and two and one.base == two.base else value


def rounds_to(figure: Figure, value: Decimal) -> bool:
    """Whether a figure is a value rounded to the decimals written."""
    return figure.holds(value, value) if figure.worded else half_up(value, figure.digits) == figure.value


def equal(figure: Figure, value: Decimal, unit: str) -> bool:
    """Whether a figure says a value: equal when rounded to the decimals written."""
    comparable = not figure.unit or not unit or same_unit(figure.unit, unit)
    return comparable and rounds_to(figure, in_unit(value, unit, figure.unit))


def known_text(known: Known, figure: Figure) -> str:
    """A known value in the figure's unit, as it would be written there."""
    value = in_unit(known.value, known.unit, figure.unit)
    unit = figure.unit or known.unit
    return f"{shown(half_up(value, 4) if unit == '%' else value)}{unit}"


@dataclass(frozen=True, slots=True)
class Conflict:
    """Statements that cannot all be right, where nothing tells which is wrong; ``code`` and ``words`` make the finding."""

    code: str
    statements: tuple[Statement, ...]
    words: dict[str, str] = field(default_factory=dict)


def conflict(code: str, statements: Iterable[Statement], why: str, words: dict[str, str]) -> Conflict:
    """A contradiction: none of those that nothing else settled is blamed. ``words`` may name their subject."""
    made = Conflict(code, tuple(statements), words)
    for item in made.statements:
        if item.open:
            item.leaves(words.get("subject", "合计"), why)
    return made


MAX_FIGURES = 20_000
BEFORE, BEHIND, CLAUSE = 600, 300, 60  # characters around a figure that tell what it is
_STOP = re.compile(r"[。；;！？!?\n]")
_CLAUSE = re.compile(r"[。；;！？!?\n，,、：:()]")
MEASURED = (Kind.AMOUNT, Kind.RATE, Kind.COUNT, Kind.POINTS, Kind.SIZE)
"""Kinds that measure something; the others name a year, a day, a paper, a place in a list."""


@dataclass(slots=True)
class Figure:
    """One figure. ``value`` is the number as written in ``unit``; ``digits`` the decimals written.

    ``left`` is the text of the sentence up to the figure, ``clause`` its last clause, ``right`` what follows up to
    the next stop; ``sentence`` the whole sentence.
    """

    block: Block
    cell: int
    start: int
    end: int
    written: str
    value: Decimal
    digits: int
    unit: str
    kind: Kind
    left: str
    clause: str
    right: str
    sentence: str
    ulp: Decimal  # one unit of the last digit written, or what words tell apart
    side: int = 0  # 1: at least, -1: at most
    title: str = ""  # the indicator of the table row it stands in
    column: str = ""  # what the cell of the table is: 权重, 得分, 说明, 标准

    @property
    def shown(self) -> str:
        """The figure with its unit."""
        return self.written if self.worded else f"{self.written}{self.unit}"

    @property
    def worded(self) -> bool:
        """Whether it is a share or a multiple in words: 九成, 4倍."""
        return not self.written[-1:].isdigit()

    def holds(self, low: Decimal, high: Decimal, give: Decimal = Decimal("0.5")) -> bool:
        """Whether it may mean a value between two, within ``give`` of its last digit; 九成以上 has no upper end."""
        give *= self.ulp / 20 if self.side else self.ulp
        return (self.side < 0 or self.value <= high + give) and (self.side > 0 or low - give <= self.value)

    @property
    def text(self) -> str:
        """The paragraph or cell it stands in."""
        return self.block.cells[self.cell]

    @property
    def behind(self) -> str:
        """What stands behind it in its paragraph or cell, as far as it can tell what the figure is."""
        return self.text[self.end : self.end + BEHIND]

    @property
    def at(self) -> tuple[int, int]:
        """Which paragraph or cell it stands in."""
        return self.block.number, self.cell

    @property
    def place(self) -> Place:
        """Where it stands, for a reader."""
        return self.block.place(self.cell)


def figures(report: Report) -> list[Figure]:
    """All figures of a report in their order, the contents list left out."""
    made: list[Figure] = []
    for block, cell, _ in report.texts():
        made += _in_cell(block, cell)
        if len(made) > MAX_FIGURES:
            raise LimitReached("J751", file=report.name, most=f"{MAX_FIGURES}个数字")
    return made


def in_text(text: str) -> list[Figure]:
    """The figures of a single text, already in the form of ``plain``."""
    return list(_in_cell(Block(0, (text,)), 0))


def _in_cell(block: Block, cell: int) -> Iterator[Figure]:
    text = block.cells[cell]
    for found in find_quantities(text):
        # 139.40万 leaves out 元: the words before say what it is, and how large it is by what they name
        unit = "" if found.unit in ("万", "亿") else found.unit
        end = found.end - len(found.unit) + len(unit)
        before = text[max(0, found.start - BEFORE) : found.start]
        left = before[max((m.end() for m in _STOP.finditer(before)), default=0) :]
        clause = left[max((m.end() for m in _CLAUSE.finditer(left)), default=0) :]
        rest = text[end : end + BEHIND]
        sentence = left + text[found.start : end] + _STOP.split(rest, maxsplit=1)[0]
        yield Figure(
            block, cell, found.start, end, found.figure, found.value, found.digits, unit, found.kind,
            left, clause[-CLAUSE:], _CLAUSE.split(rest, maxsplit=1)[0][:CLAUSE], sentence, found.ulp, found.side,
        )  # fmt: skip
