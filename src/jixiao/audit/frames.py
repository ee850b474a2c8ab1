"""Frames: what a figure measures (item, fund, stage, time), and how it relates to another. ``framing`` fills them.

A slot that nothing fills is never a ground to call a figure wrong, and neither is a subject beside which letters are left over.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from jixiao.audit.blocks import Place
from jixiao.audit.lexicon import Rate, Role
from jixiao.audit.statement import Figure, Statement

ALL_FUNDS = "部门"
WHOLE_FUNDS = (ALL_FUNDS, "财政拨款")
OWN, LAST, OTHER_YEARS = "本年", "上年", "其他年度"
ADJUSTED = "调整"  # to which a budget was adjusted: by the accounts or, as reports reckon, by what was spent
BUDGETED = ("预算", "全年")
STAGES = {"预算或全年": BUDGETED, "计划": ("计划", "预算"), ADJUSTED: ("全年", "决算")}


LONGEST = 12  # letters of a subject that no word tells


class Tie(StrEnum):
    """What a figure is to its frame."""

    PLAIN = "其数"
    BASE = "所比的数"
    CHANGE = "增减"
    EITHER = "差额或所比的数"
    SHARE = "占比"
    DONE = "完成"
    RATE = "比率"
    SUM = "几项之和"
    EACH = "几项各自的数"
    MEAN = "平均"
    OPEN = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """``items`` are alternatives, the likeliest first; an empty slot was not said; ``weak``: other letters stand beside it.

    ``own``: those letters. They make the subject one of its own, which only the report can tell more of.
    """

    items: tuple[str, ...] = ()
    fund: str = ""
    stage: str = ""
    time: str = ""
    weak: bool = False
    own: str = ""

    @property
    def key(self) -> str:
        """What two figures of one subject have in common."""
        return self.own or (self.items[0] if self.items else "")

    @property
    def said(self) -> bool:
        """Whether anything was said."""
        return bool(self.items or self.fund or self.stage or self.time)

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages that are meant; empty where any may be."""
        return STAGES.get(self.stage, (self.stage,) if self.stage else ())

    def under(self, outer: Frame) -> Frame:
        """The frame with its empty slots filled from an outer one."""
        return Frame(
            self.items or outer.items, self.fund or outer.fund, self.stage or outer.stage, self.time or outer.time,
            self.weak or (not self.items and outer.weak), self.own or ("" if self.items else outer.own),
        )  # fmt: skip

    @property
    def away(self) -> bool:
        """Whether it is of another year than the workbook."""
        return self.time in (LAST, OTHER_YEARS) or self.time.isdigit()

    def text(self) -> str:
        """What it measures, in words."""
        item = self.items[0] if self.items else ""
        own = self.own.removesuffix(item)[-LONGEST:]
        return "".join((self.time, self.fund, own, item, self.stage.partition("或")[0]))


NOTHING = Frame()


@dataclass(slots=True)
class Reading:
    """A statement with its frame; ``base`` is what it is compared with, ``before`` the amount that its sentence said last."""

    statement: Statement
    tie: Tie = Tie.OPEN
    frame: Frame = NOTHING
    base: Frame = NOTHING
    sign: int = 0
    rate: Rate | None = None
    before: Reading | None = None
    parts: tuple[Frame, ...] = ()  # of which it is the sum, or what each of them is
    change: Reading | None = None  # the difference that a rate of change belongs to
    parent: Reading | None = None  # the whole that 其中 divides

    @property
    def figure(self) -> Figure:
        """Its figure."""
        return self.statement.figure


def framed(reading: Reading | None) -> Frame:
    """What a reading is of, where there is one."""
    return reading.frame if reading is not None else NOTHING


@dataclass(slots=True)
class Compared:
    """A claim in words: ``frames`` (均: each of them) stand in a relation to ``base``; ALL, SOME, NOT: how much there is."""

    place: Place
    text: str
    frames: tuple[Frame, ...]
    base: Frame
    relation: Role
    denied: bool
    scope: str
    rank: int = 0  # which of its like, from above; -1: the last
    rated: bool = False  # by its rate, not its amount
