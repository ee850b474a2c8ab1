"""Frames: what a figure measures (item, fund, stage, time), and how it relates to another. Words fill them.

A slot that nothing fills is never a ground to call a figure wrong, and neither is a subject beside which letters are left over.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from jixiao.audit.blocks import Place
from jixiao.audit.lexicon import (
    JOINING,
    SLOTS,
    SPENDING,
    UNKNOWN,
    Lexicon,
    Rate,
    Role,
    Token,
    Words,
    first,
    has,
)
from jixiao.audit.statement import Figure, Statement
from jixiao.text import COUNTED

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


# ---- words read into frames

_LEVELS = ("(类)", "(款)", "(项)")  # behind the name of a row by function, which may not be known
REST = "结转结余"
_APART = frozenset("为是有共含和与及中其的数均比较占后")
"""Single letters that part a subject from what stands before; any other may end a word that is not known (签约 + 项目)."""


class Framer:
    """Makes frames of words; ``year`` is that of the workbook."""

    def __init__(self, words: Lexicon, year: str) -> None:
        self.words, self.generic = words, words.generic
        self.year = int(year) if year.isdigit() else 0
        self.headings: dict[tuple[str, ...], Frame] = {}

    def frame(self, tokens: Words) -> Frame:
        """The frame of a run of words."""
        made, at = NOTHING, -1
        for number, token in enumerate(self._owed(tokens)):
            if token.role in (*SLOTS, Role.LAST):
                owner, (made, at) = made, (self._set(made, token), number)
                if self._of_its_own(owner, made):
                    own = (
                        "" if made.key in self.words.counted else owner.key + token.text
                    )  # 某项目结转100万元
                    made = replace(made, items=owner.items, own=own)
            elif token.role is Role.FIGURE and token.value:
                made = replace(made, time=self._time(token.value) or made.time)
        if made.time == "年初" and made.stage in STAGES:  # 年初批复的预算
            made = replace(made, time="", stage="预算")
        weak, before = self._beside(tokens, at)
        weak |= any(
            2 * len(t.text) <= len(t.value) and t.value.removeprefix(t.text) not in COUNTED
            for t in tokens
            if t.value in self.words.owners
        )  # half a name; 出院 with 人次 behind its figure is 出院人次
        if made.own:
            return replace(made, weak=True)
        return replace(made, weak=weak, own=self._own(tokens[: at + 1], before) if weak or at < 0 else "")

    def _of_its_own(self, owner: Frame, made: Frame) -> bool:
        """某项目结转100万元, 采购结余: what is said behind a name of the workbook, what is left of a special item."""
        words = self.words
        if made.key in (*words.owners, *owner.items):
            return False
        return owner.key in words.owners or (made.key == REST and owner.key not in (*words.generic, "", REST))

    def _owed(self, tokens: Words) -> list[Token]:
        """应当申报绩效目标的项目: what should be is the whole of what is."""
        due = first(tokens, Role.DUE) % (len(tokens) + 1)  # behind all where nothing is due
        wholes = self.words.wholes
        owed = (
            t._replace(value=wholes.get(t.value, t.value)) if t.role is Role.ITEM else t for t in tokens[due:]
        )
        return [*tokens[:due], *owed]

    def _own(self, tokens: Words, before: str) -> str:
        """The name of a subject that the words do not tell: the letters before a special item."""
        special = (t.text for t in tokens if t.role is Role.ITEM and t.value not in self.generic)
        return before and before + "".join(special)

    def _set(self, frame: Frame, token: Token) -> Frame:
        """A frame with what one word says. A generic head never takes the place of a special item."""
        match token.role:
            case Role.ITEM | Role.WORD:
                own = self.words.slots[token.value] if token.role is Role.WORD else {"item": token.value}
                named = self.words.several.get(own.get("item", ""), (own.get("item", ""),))
                spent = bool(frame.items) and named[0] == SPENDING
                money = self.words.money.get(frame.items[0], "") if spent else ""  # 三个项目总支出
                kept = not named[0] or (
                    bool(frame.items) and named[0] in self.generic and frame.items[0] not in self.generic
                )
                return replace(
                    frame, items=(money,) if money else frame.items if kept else named,
                    fund=frame.fund or own.get("fund", ""), stage=own.get("stage") or frame.stage,
                    time=own.get("time") or frame.time,
                )  # fmt: skip
            case Role.FUND:
                return frame if frame.fund and token.value == ALL_FUNDS else replace(frame, fund=token.value)
            case Role.STAGE:  # 调整后总预算
                vague = token.value not in BUDGETED and frame.stage in BUDGETED and token.value in STAGES
                return frame if vague else replace(frame, stage=token.value)
            case Role.LAST:
                return replace(frame, time=LAST)
        return frame if frame.away else replace(frame, time=token.value)

    def _time(self, year: str) -> str:
        away = int(year) - self.year if self.year and year.isdigit() else None
        return "" if away is None else OWN if not away else LAST if away == -1 else year

    @staticmethod
    def _beside(tokens: Words, at: int) -> tuple[bool, str]:
        """Whether letters that are no word stand beside the last slot at ``at``, and those right before its run of slots.

        Without a slot all letters that are left over.
        """
        if at < 0:
            left = [n for n, token in enumerate(tokens) if token.role in (*UNKNOWN, Role.FOREIGN)]
            said = tokens[left[0] : left[-1] + 1] if left else ()
            return False, "".join(token.text for token in said if token.role is not Role.FIGURE)
        formula = (token.role is Role.INSIDE and not token.text.isalpha() for token in tokens)
        behind = has(tokens[at + 1 :], *UNKNOWN)
        foreign = behind or any(formula) or has(tokens, Role.FOREIGN)
        while at >= 0 and (
            tokens[at].role in SLOTS or (tokens[at].text == "的" and has(tokens[:at][-1:], *SLOTS))
        ):
            at -= 1  # 特定任务的项目支出
        run = at + 1
        while at > 0 and (
            tokens[at].role is Role.SAME or (tokens[at].role is Role.BETWEEN and _small(tokens[at].text))
        ):
            at -= 1
        beside = at >= 0 and tokens[at].role in (Role.OTHER, Role.DIFFER, Role.REMAINING)
        own = "".join(token.text for token in tokens[at:run]) if beside else ""
        return foreign or bool(own), own

    def heading(self, path: tuple[str, ...]) -> Frame:
        """What the headings above say: their fund and special item."""
        if path not in self.headings:
            made = NOTHING
            for text in path:
                own = self.frame([t for t in self.words.tokens(text) if t.role is not Role.OTHER])
                special = tuple(item for item in own.items if item not in self.generic)
                made = Frame(special, own.fund).under(made)
            self.headings[path] = replace(made, stage="", time="", weak=False)
        return self.headings[path]

    @staticmethod
    def told(frame: Frame) -> list[Token]:
        """A frame as words that would be read as it."""
        slots = ((Role.FUND, frame.fund), (Role.ITEM, frame.key))
        return [Token(role, value, value, -1, -1) for role, value in slots if value]

    def _joined(self, tokens: Words) -> list[Frame]:
        """The frames of a clause that 和 or 与 joins; one where nothing is joined."""
        runs: list[list[Token]] = [[]]
        for token in tokens:
            if token.text in (*JOINING, "及", "以及"):
                runs.append([])
            else:
                runs[-1].append(token)
        made = [frame for frame in map(self.frame, runs) if frame.items]
        first = made[0] if made and made[0].key not in self.generic else NOTHING
        made = [
            replace(each, items=first.items, own=first.own, stage=each.stage or "决算")
            if first.items and each.items[0] == SPENDING and each is not made[0]  # 某项目预算与支出
            else each
            for each in made
        ]
        return made if len(made) == len(runs) else made[-1:]


def _small(word: str) -> bool:
    """Whether a word is a letter that may as well end another word."""
    return word in _LEVELS or (len(word) == 1 and word.isalpha() and word not in _APART)
