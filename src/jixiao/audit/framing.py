"""A paragraph read into frames: what every figure measures, and how it relates to another, by the words around it.

Words set the slots of a frame, clauses inherit them. A generic head (收入, 支出) never takes the place of a special subject;
其中 and headings set what follows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from jixiao.audit.blocks import Block
from jixiao.audit.frames import ALL_FUNDS, BUDGETED, LAST, NOTHING, OWN, STAGES, Compared, Frame, Reading, Tie
from jixiao.audit.lexicon import (
    CHANGES,
    JOINING,
    MOVES,
    SENTENCE,
    SLOTS,
    UNKNOWN,
    Lexicon,
    Role,
    Split,
    Token,
    last_of,
    left_over,
    parted,
    says,
    until_stop,
    without_asides,
)
from jixiao.audit.scope import BODY, DIFFERENCE, SUM, YEAR
from jixiao.audit.statement import MEASURED, Statement
from jixiao.text import AMOUNT_UNITS, Kind

_HOW_MUCH = (Role.ALL, Role.SOME, Role.NOT)
_LEVELS = ("(类)", "(款)", "(项)")  # behind the name of a row by function, which may not be known
_APART = frozenset("为是有共含和与及中其的数均比较占后")
"""Single letters that part a subject from what stands before; any other may end a word that is not known (签约 + 项目)."""
_IN_ALL = ("共", "共计", "合计")
_JOINS = (Role.BETWEEN, Role.SAME, Role.FIGURE, Role.DONE, Role.ALL, Role.SUM)
"""What may stand before a figure that goes on with the subject spoken of last."""
LISTED = 40  # characters before a figure in which what it sums up is named
_BOUND = re.compile(r"(?:的项目|以上|及以上|以下|以内|\(含\))")  # a threshold and no value


@dataclass(slots=True)
class _State:
    """What a sentence has said so far."""

    subject: Frame = NOTHING
    base: Frame = NOTHING
    change: Reading | None = None
    last: Reading | None = None
    earlier: Reading | None = None  # the amount before the last
    parent: Reading | None = None
    under: Reading | None = None  # the last figure that something was compared with
    whole: Frame = NOTHING  # of which shares are
    listed: list[Frame] = field(default_factory=list)
    figures: int = 0
    claimed: bool = False
    away: bool = False  # it speaks of another year
    foreign: bool = False  # it speaks of others
    stop: str = ""  # the last mark between clauses
    start: int = 0


class Reader:
    """Reads the paragraphs of one report; ``year`` is that of the workbook."""

    def __init__(self, words: Lexicon, year: str, scope: Callable[[str], str] = str) -> None:
        self.words, self.scope = words, scope
        self.year = int(year) if year.isdigit() else 0
        self.readings: list[Reading] = []
        self.claims: list[Compared] = []
        self.headings: dict[tuple[str, ...], Frame] = {}

    # ---- frames

    def frame(self, tokens: Sequence[Token]) -> Frame:
        """The frame of a run of words."""
        made, at = NOTHING, -1
        for number, token in enumerate(tokens):
            if token.role in (*SLOTS, Role.LAST):
                owner, (made, at) = made, (self._set(made, token), number)
                if owner.key in self.words.owners and made.key not in (*self.words.owners, *owner.items):
                    own = (
                        "" if made.key in self.words.counted else owner.key + token.text
                    )  # 某项目结转100万元
                    made = replace(made, items=owner.items, own=own)
            elif token.role is Role.FIGURE and token.value:
                made = replace(made, time=self._time(token.value) or made.time)
        if made.time == "年初" and made.stage in STAGES:  # 年初批复的预算
            made = replace(made, time="", stage="预算")
        weak, before = self._beside(tokens, at)
        if made.own:
            return replace(made, weak=True)
        return replace(made, weak=weak, own=self._own(tokens[: at + 1], before) if weak or at < 0 else "")

    def _own(self, tokens: Sequence[Token], before: str) -> str:
        """The name of a subject that the words do not tell: the letters before a special item."""
        special = (t.text for t in tokens if t.role is Role.ITEM and t.value not in self.words.generic)
        return before and before + "".join(special)

    def _set(self, frame: Frame, token: Token) -> Frame:
        """A frame with what one word says. A generic head never takes the place of a special item."""
        generic = self.words.generic
        match token.role:
            case Role.ITEM:
                named = self.words.several.get(token.value, (token.value,))
                kept = bool(frame.items) and named[0] in generic and frame.items[0] not in generic
                return frame if kept else replace(frame, items=named)
            case Role.WORD:
                own = self.words.slots[token.value]
                kept = "item" not in own or any(
                    item not in generic for item in frame.items
                )  # 三公经费实际支出
                items = frame.items if kept else (own["item"],)
                fund, stage, time = frame.fund or own.get("fund", ""), own.get("stage"), own.get("time")
                return Frame(items, fund, stage or frame.stage, time or frame.time)
            case Role.FUND:
                return frame if frame.fund and token.value == ALL_FUNDS else replace(frame, fund=token.value)
            case Role.STAGE:
                return replace(frame, stage=token.value)
            case Role.LAST:
                return replace(frame, time=LAST)
        return frame if frame.away else replace(frame, time=token.value)

    def _time(self, year: str) -> str:
        away = int(year) - self.year if self.year and year.isdigit() else None
        return "" if away is None else OWN if not away else LAST if away == -1 else year

    @staticmethod
    def _beside(tokens: Sequence[Token], at: int) -> tuple[bool, str]:
        """Whether letters that are no word stand beside the last slot at ``at``, and those right before its run of slots.

        Without a slot all letters that are left over.
        """
        if at < 0:
            left = [n for n, token in enumerate(tokens) if token.role in (*UNKNOWN, Role.FOREIGN)]
            said = tokens[left[0] : left[-1] + 1] if left else ()
            return False, "".join(token.text for token in said if token.role is not Role.FIGURE)
        formula = (token.role is Role.INSIDE and not token.text.isalpha() for token in tokens)
        behind = any(token.role in UNKNOWN for token in tokens[at + 1 :])
        foreign = behind or any(formula) or any(token.role is Role.FOREIGN for token in tokens)
        while at >= 0 and tokens[at].role in SLOTS:
            at -= 1
        run = at + 1
        while at > 0 and (
            tokens[at].role is Role.SAME or (tokens[at].role is Role.BETWEEN and _small(tokens[at].text))
        ):
            at -= 1
        beside = at >= 0 and tokens[at].role in (Role.OTHER, Role.DIFFER)
        own = "".join(token.text for token in tokens[at:run]) if beside else ""
        return foreign or bool(own), own

    def heading(self, path: tuple[str, ...]) -> Frame:
        """What the headings above say: their fund and special item."""
        if path not in self.headings:
            made = NOTHING
            for text in path:
                own = self.frame([t for t in self.words.tokens(text) if t.role is not Role.OTHER])
                special = tuple(item for item in own.items if item not in self.words.generic)
                made = Frame(special, own.fund).under(made)
            self.headings[path] = replace(made, stage="", time="", weak=False)
        return self.headings[path]

    # ---- a paragraph

    def read(self, block: Block, cell: int, statements: Sequence[Statement]) -> None:
        """Read one paragraph or cell with its statements, in their order. Cells of tables make no claims."""
        self.block, self.place, self.text = block, block.place(cell), block.cells[cell]
        self.outer, self.state = self.heading(block.path), _State()
        self.topic = not self.outer.items  # nothing special was spoken of yet
        by_start = {item.figure.start: item for item in statements}
        spans = ((item.figure.start, item.figure.end) for item in statements)
        tokens = without_asides(self.words.tokens(self.text, spans))
        segment: list[Token] = []
        for number, token in enumerate(tokens):
            item = by_start.get(token.start) if token.role is Role.FIGURE else None
            if item is not None and _measures(item):
                self._figure(item, segment, tokens[number + 1 :])
                segment = []
            elif item is not None:
                year = item.figure.written if item.figure.kind is Kind.YEAR else ""
                segment.append(token._replace(value=year))
            elif token.role is Role.STOP:
                self._stop(segment, token)
                segment = []
            elif token.role is Role.OF:
                self._divide(segment, token)
            else:
                segment.append(token)
        self._clause(segment)

    def _divide(self, segment: list[Token], token: Token) -> None:
        """其中: what follows are parts of the figure before; 主要用于以下方面: of what was named."""
        state = self.state
        implied = self._implied()
        between = implied is not None and state.last is not None and state.last.frame == implied[1]
        state.parent, state.listed = None if between else state.last, []  # of which of the two is not said
        if not state.figures and token.text != "其中":
            state.parent, state.whole = None, self.frame(segment).under(self.outer)

    def _stop(self, segment: list[Token], token: Token) -> None:
        state = self.state
        self._clause(segment)
        state.stop = token.value
        if token.value == "、":
            return
        state.listed = []
        if token.value in SENTENCE:
            kept = NOTHING if state.figures or state.claimed else state.subject
            goes_on = token.value in "；;"
            parent, whole = (state.parent, state.whole) if goes_on else (None, NOTHING)
            self.state = _State(
                subject=kept,
                last=state.last,
                earlier=state.earlier,
                parent=parent,
                whole=whole,
                start=token.end,
            )

    def _clause(self, segment: list[Token]) -> None:
        """The end of a clause without a figure: its subject, what it compares with, what it claims."""
        split, state = parted(segment), self.state
        frame = self.frame(split.left)
        start = segment[0].start if segment else -1
        self.topic &= not left_over(segment)
        self._when(segment)
        if not (self.readings and self.readings[-1].statement.figure.end == start):
            self._amount_claim(segment, split.move)
        if frame.items:
            self.topic &= frame.items[0] in self.words.generic
            state.subject = frame
            state.listed += self._joined(split.left)
            inside = segment[-1].role is Role.INSIDE and segment[-1].text in ("中", "内")
            state.whole = (
                replace(frame, weak=False).under(self.outer) if inside else state.whole
            )  # 支出中，…占60%
        other = self.frame(split.base or split.after)
        told = split.move is not None and (bool(split.base) or split.move.role not in CHANGES)  # 提高预算的…
        if other.said and told and not other.weak:
            self._claim(split, frame, other)
        elif other.said and split.move is None:
            state.base = other

    def _when(self, segment: list[Token]) -> None:
        """A year of what is compared, not of what it is compared with, holds until the next one."""
        said = self.frame(parted(segment).left)
        self.state.away = said.away if said.time else self.state.away

    def _amount_claim(self, segment: list[Token], move: Token | None) -> None:
        """全部在用, 部分闲置, 没有公务接待费: nothing but the word, the item and what it is of."""
        said = [token for token in segment if token.role not in (Role.BETWEEN, Role.NOTHING, Role.DONE)]
        there = Role.SOME if any(token.text in ("有", "存在") for token in segment) else None
        how = next((token.role for token in said if token.role in _HOW_MUCH), there)
        frame = self.frame(said)
        if how is None or move is not None or not frame.items or frame.weak:
            return
        whose = (*_HOW_MUCH, Role.ITEM, Role.WORD, Role.FUND, Role.TIME, Role.LAST)
        if any(token.role not in whose for token in said):
            return
        whole = frame.items[0] in self.words.wholes
        alone = (
            sum(token.role in (Role.ITEM, Role.WORD) for token in said) == 1
            and frame.items[0] not in self.words.generic
        )
        quiet = not any(token.role in (Role.ALL, Role.SOME, Role.DONE) for token in segment)
        if whole or (alone and quiet):
            self._made(segment, (frame,), frame, how, any(token.role is Role.NOT for token in said))

    def _claim(self, split: Split, frame: Frame, base: Frame) -> None:
        state, move = self.state, split.move
        subject = frame.under(state.subject)
        several = tuple(state.listed) if len(state.listed) > 1 and subject.items else (subject,)
        frames = tuple(each.under(self.outer) for each in several)
        if move is not None:
            segment = sorted([*split.left, *split.base, move, *split.after], key=lambda token: token.start)
            self._made(segment, frames, base, move.role, split.denied)

    def _made(
        self, segment: list[Token], frames: tuple[Frame, ...], base: Frame, relation: Role, denied: bool
    ) -> None:
        self.state.claimed = True
        if not (self.block.table or self.block.level):
            text = self.text[segment[0].start : segment[-1].end]
            scope = self.scope(self.text[self.state.start : segment[-1].end])
            self.claims.append(Compared(self.place, text, frames, base, relation, denied, scope))

    # ---- a figure

    def _figure(self, item: Statement, segment: list[Token], behind: Sequence[Token]) -> None:
        state = self.state
        state.figures += 1
        self.topic &= not any(t.role is Role.OTHER for t in segment)
        if _BOUND.match(item.figure.right) or (item.figure.unit == "%" and "权重" in item.figure.left):
            self.readings.append(Reading(item, Tie.OPEN, NOTHING))
            return
        made = self._by_name(item, segment) or (
            self._rate(item, segment)
            if item.figure.kind is Kind.RATE
            else self._amount(item, segment, behind)
        )
        made.before, made.parent = state.last, state.parent
        self._when(segment)
        item.apart = _apart(item, segment, behind)
        if item.scope == YEAR and not (state.away or made.frame.away):
            item.scope = ""  # the other year is that of what something was compared with
        item.apart = item.apart or (BODY if state.foreign else "")
        self.readings.append(made)
        if made.tie is Tie.PLAIN and item.figure.kind is not Kind.RATE:
            passing = state.last is not None and state.last.frame.own  # 年中追加75万元
            state.earlier, state.last, state.change = state.earlier if passing else state.last, made, None
            if made.frame.items:
                self.topic &= made.frame.items[0] in self.words.generic
            unknown = item.figure.unit in AMOUNT_UNITS and not state.subject.items
            if made.frame.items or made.frame.stage or unknown:
                state.subject = made.frame
            state.listed = []
        if made.tie in (Tie.CHANGE, Tie.EITHER) and item.figure.kind is not Kind.RATE:
            state.change = made
            state.subject = made.frame if made.frame.items else state.subject
        if made.tie is Tie.BASE:
            state.under = made

    def _by_name(self, item: Statement, segment: list[Token]) -> Reading | None:
        """差异率, 超编: a difference that a word names with both its sides."""
        at = next((n for n, token in enumerate(segment) if token.role is Role.RATE), -1)
        rate = self.words.rates[segment[at].value] if at >= 0 else None
        if rate is None or not rate.change:
            return None
        subject = self._compared(segment[:at])
        one = replace(subject, items=(rate.item,), weak=False) if rate.item else subject
        base = Frame((rate.whole,) if rate.whole else (), stage=rate.under[0] if rate.under else "")
        sign = {"up": 1, "down": -1}.get(rate.change, 0)
        return Reading(item, Tie.CHANGE, replace(one, stage=rate.over), _base_frame(one, base), sign, rate)

    def _implied(self, split: Split | None = None) -> tuple[Frame, Frame] | None:
        """年初预算100万元，支出90万元，节约10万元: the two amounts before, of one thing, the budget as the base."""
        last, earlier = self.state.last, self.state.earlier
        if split is not None and (split.base or self.state.base.said or left_over(split.left)):
            return None
        if last is None or earlier is None or last.frame.key != earlier.frame.key or not last.frame.key:
            return None
        if earlier.statement.figure.at != last.statement.figure.at:
            return None
        base, spent = sorted((last.frame, earlier.frame), key=_rank)
        return (spent, base) if _rank(base) < _rank(spent) and not spent.away else None

    def _amount(self, item: Statement, segment: list[Token], behind: Sequence[Token]) -> Reading:
        """What an amount or a count is to the words before it."""
        made = self._beside_another(item, parted(segment)) or self._under_a_rate(item, segment, behind)
        if made is not None:
            return made
        subject = self._subject(segment, item.figure.unit)
        if any(token.role is Role.TO for token in segment) and not subject.items:  # 由20万元增至104万元
            subject = replace(self.state.subject, time="", stage="").under(self.outer)
        parts = [*self.state.listed, *self._joined(segment)]
        if any(token.role is Role.NOT for token in segment) and item.figure.value:
            return Reading(item, Tie.OPEN, NOTHING)
        if len(parts) > 1 and (subject.items or self.state.stop != "、"):
            told = any(token.role is Role.SUM or token.text in _IN_ALL for token in segment)
            frames = tuple(each.under(replace(subject, items=())) for each in parts)
            return Reading(item, Tie.SUM if told else Tie.OPEN, subject, parts=frames)
        if not subject.said and not left_over(segment):
            rest = list(until_stop(behind))
            first = next((token for token in rest if token.role is not Role.BETWEEN), None)
            denied = any(token.role is Role.NOT for token in rest)
            if first is not None and first.role is Role.ITEM and not denied:  # 6个内设机构
                return Reading(item, Tie.PLAIN, replace(self.frame(rest), weak=False).under(self.outer))
        return Reading(item, Tie.PLAIN if subject.key else Tie.OPEN, subject)

    def _beside_another(self, item: Statement, split: Split) -> Reading | None:
        """A difference (比预算增加5万元), what something is compared with (比预算100万元), or either (超预算5万元)."""
        state, move, sign = self.state, split.move, split.sign
        if move is None and not split.base:
            return None
        subject, base, after = self._compared(split.left), self.frame(split.base), self.frame(split.after)
        if move is not None and not says(split.after):
            implied = self._implied(split)
            if implied is not None:
                subject, state.base = implied
            state.base = base if split.base else state.base
            lost = left_over(split.after)
            return Reading(
                item, Tie.CHANGE if state.base.said and not lost else Tie.OPEN, subject, state.base, sign
            )
        other = base if move is None else after
        if not other.said:
            return Reading(item, Tie.OPEN, NOTHING)
        if move is not None:
            self._claim(split, self.frame(split.left), other)
        if move is None or not (split.denied or move.role is Role.EQUAL):
            state.base = other
        if move is not None and state.base is other:
            return Reading(item, Tie.EITHER, subject, other, sign)
        state.subject = subject if subject.items else state.subject
        return Reading(item, Tie.BASE, _base_frame(subject, other))

    def _under_a_rate(self, item: Statement, segment: list[Token], behind: Sequence[Token]) -> Reading | None:
        """为全年预算1625万元的99.23%: the figure below the line."""
        done = [number for number, token in enumerate(segment) if token.role in (Role.DONE, Role.SHARE)]
        if not done or len(behind) < 2 or behind[0].text != "的" or not behind[1].text.endswith("%"):
            return None
        base, subject = self.frame(segment[done[-1] + 1 :]), self._compared(segment[: done[-1]])
        if not base.stages or base.items:
            return None
        return Reading(item, Tie.BASE, _base_frame(subject, base))

    def _compared(self, tokens: Sequence[Token]) -> Frame:
        """The subject of a comparison: that of its clause, else the one spoken of last."""
        frame, state = self._subject(tokens), self.state
        last = state.last.frame if state.last is not None and not state.subject.items else state.subject
        return frame if frame.items else replace(last.under(self.outer), weak=last.weak or left_over(tokens))

    def _subject(self, tokens: Sequence[Token], unit: str = "") -> Frame:
        """The frame of the words of a clause, with what its sentence, its whole and its headings add."""
        frame, state = self.frame(tokens), self.state
        state.foreign |= any(token.role is Role.FOREIGN for token in tokens)
        modified = bool(tokens) and tokens[0].text == "的" and state.figures > 1  # …20%的项目
        frame = replace(frame, weak=frame.weak or state.foreign or modified)
        if state.stop in ("(", ":", "：") and not frame.fund:
            frame = replace(frame, fund=state.subject.fund)
        parent = state.parent.frame if state.parent is not None else NOTHING
        outer = Frame((), parent.fund, parent.stage, parent.time).under(replace(self.outer, items=()))
        if frame.items and frame.items[0] not in self.words.generic:
            return frame.under(outer)
        if frame.items:
            return self._generic(frame).under(outer)
        if frame.said:
            return self._unnamed(frame, parent).under(Frame(fund=state.subject.fund).under(outer))
        counted = bool(unit) and any(unit in name for name in state.subject.items[1:])
        same = any(token.role is Role.SAME for token in tokens)
        goes_on = same or counted or state.listed or state.stop in ("", ":", "：", "(", "、")
        joins = all(token.role in _JOINS for token in tokens)
        if goes_on and joins:
            return state.subject.under(outer)
        return Frame(weak=True, own=frame.own) if frame.own else NOTHING

    def _generic(self, frame: Frame) -> Frame:
        """A generic head: where a special item was spoken of, that one may be meant."""
        state, generic = self.state, self.words.generic
        inherited = tuple(
            item
            for item in state.subject.items or (() if state.subject.own else self.outer.items)
            if item not in generic
        )
        displaced = bool(state.subject.key) and not frame.fund
        items = (*(inherited if displaced else ()), *frame.items, *(() if frame.fund else inherited))
        own = "" if inherited else state.subject.own
        weak = frame.weak or bool(own) or (bool(inherited) and state.subject.weak)
        return replace(frame, items=tuple(dict.fromkeys(items)), weak=weak, own=frame.own or own)

    def _unnamed(self, frame: Frame, parent: Frame) -> Frame:
        """A stage or a fund without an item: that of the sentence, of the whole, or all income and spending."""
        last = self.state.subject
        if frame.stage == "计划" and not last.items:
            return replace(frame, own=last.own, weak=True)
        special = any(item not in self.words.generic for item in last.items)
        if frame.own or (last.own and not special):
            return replace(frame, own=frame.own or last.own, weak=True)
        items = parent.items if frame.fund else last.items or self.outer.items
        weak = (
            frame.weak
            or not (items or frame.fund or self.topic)
            or (not frame.fund and bool(last.items) and last.weak)
        )
        return replace(
            frame, items=items or (("收入", "支出") if frame.fund else ("支出", "收入")), weak=weak
        )

    def _joined(self, tokens: Sequence[Token]) -> list[Frame]:
        """The frames of a clause that 和 or 与 joins; one where nothing is joined."""
        runs: list[list[Token]] = [[]]
        for token in tokens:
            if token.text in (*JOINING, "及", "以及"):
                runs.append([])
            else:
                runs[-1].append(token)
        made = [frame for frame in map(self.frame, runs) if frame.items]
        return made if len(made) == len(runs) else made[-1:]

    def _rate(self, item: Statement, segment: list[Token]) -> Reading:
        """What a percentage is: a share, a rate of change, a rate with a name, a rate of completion."""
        state, roles = self.state, [token.role for token in segment]
        if "百分点" in item.figure.unit:
            return Reading(item, Tie.OPEN, NOTHING)
        if Role.SHARE in roles:
            at = last_of(roles, Role.SHARE)
            whole, part = self.frame(segment[at + 1 :]), self.frame(segment[:at])
            state.whole = whole if whole.said else state.whole
            base = state.whole if state.whole.said or state.parent is not None else self._divided(part)
            return Reading(item, Tie.SHARE, part.under(self.outer) if part.items else NOTHING, base)
        split = parted(segment)
        if split.move is not None and not says(split.after):
            implied = self._implied(split)
            if implied is not None:
                return Reading(item, Tie.CHANGE, *implied, split.sign, change=state.change)
            state.base = self.frame(split.base) if split.base else state.base
            told = (
                state.base.said or (item.figure.value < 0 and split.move.role in CHANGES)
            ) and split.move.role is not Role.EQUAL
            tie, subject = Tie.CHANGE if told else Tie.OPEN, self._compared(split.left)
            return Reading(item, tie, subject, state.base, split.sign, change=state.change)
        base = self.frame(split.after)
        if (
            split.move is not None and base.said and not split.base and split.move.role is not Role.EQUAL
        ):  # 超出预算10%
            return Reading(item, Tie.CHANGE, self._compared(split.left), base, split.sign)
        if split.move is not None or split.base:
            return Reading(item, Tie.OPEN, NOTHING)
        return (
            self._named_rate(item, segment, roles) if Role.RATE in roles else self._done(item, segment, roles)
        )

    def _divided(self, part: Frame) -> Frame:
        """What the heading above speaks of, where the item is a part of it: 公务接待费 of 三公经费."""
        own = part if part.items or self.state.last is None else self.state.last.frame
        parts = self.words.parts
        whole = next(
            (item for item in self.outer.items if own.items and own.items[0] in parts.get(item, ())), ""
        )
        return Frame((whole,), stage=own.stage) if whole else NOTHING

    def _named_rate(self, item: Statement, segment: list[Token], roles: list[Role]) -> Reading:
        """支出完成率: of its own item, of the one before it, or of the one spoken of last."""
        state, at = self.state, last_of(roles, Role.RATE)
        rate, subject = self.words.rates[segment[at].value], self.frame(segment[:at])
        inherited = state.subject.items or self.outer.items
        lost = len(self.readings) > 0 and self.readings[-1].tie is Tie.OPEN and state.figures > 1
        lost = (lost or not inherited) and not rate.own and not subject.items
        behind = any(role in (Role.OTHER, Role.INSIDE) for role in roles[at + 1 :])
        beside = at > 0 and roles[at - 1] is Role.OTHER
        items = subject.items or ((rate.item,) if rate.item else inherited)
        weak = lost or behind or beside or subject.weak or state.foreign
        own = "" if subject.items else state.subject.own
        weak |= bool(own) or (items[:1] == ("收入",) and not subject.items and not rate.item)
        return Reading(
            item, Tie.RATE, Frame(items, subject.fund, time=subject.time, weak=weak, own=own), rate=rate
        )

    def _done(self, item: Statement, segment: list[Token], roles: list[Role]) -> Reading:
        """完成预算的95%, 为全年预算100万元的95%."""
        state = self.state
        glued = bool(segment) and segment[0].text == "的" and all(role is Role.BETWEEN for role in roles)
        if glued and state.under is not None and state.under.statement is self.readings[-1].statement:
            return Reading(item, Tie.DONE, replace(state.under.frame, stage="决算"), state.under.frame)
        if Role.DONE not in roles:
            return Reading(item, Tie.OPEN, NOTHING)
        at = last_of(roles, Role.DONE)
        base, subject = self.frame(segment[at + 1 :]), self._compared(segment[:at])
        if not base.stages or base.items:
            return Reading(item, Tie.OPEN, NOTHING)
        return Reading(item, Tie.DONE, replace(subject, stage="决算"), _base_frame(subject, base))


def _rank(frame: Frame) -> int:
    """Which of two amounts of one thing came first: the budget, what it was adjusted to, what was spent."""
    return 0 if "预算" in frame.stages else 1 if frame.stage in BUDGETED else 2


def _base_frame(subject: Frame, base: Frame) -> Frame:
    """The other side of a comparison: the subject's own slots where the base says nothing else."""
    return replace(base.under(subject), weak=base.weak or subject.weak)


def _apart(item: Statement, segment: Sequence[Token], behind: Sequence[Token]) -> str:
    """Whether a figure is a difference, what something is compared with, or the sum of several things."""
    moved = any(token.role in (*MOVES[:-1], Role.DIFFER) for token in segment)
    than = any(token.role is Role.THAN and token.text not in JOINING for token in segment)
    if moved or (than and not (behind and behind[0].role in CHANGES)):
        return DIFFERENCE
    several = any(token.role is Role.SUM or token.text in _IN_ALL for token in segment)
    return SUM if several and "、" in item.figure.left[-LISTED:] else ""


def _small(word: str) -> bool:
    """Whether a word is a letter that may as well end another word."""
    return word in _LEVELS or (len(word) == 1 and word.isalpha() and word not in _APART)


def _measures(item: Statement) -> bool:
    """Whether a figure measures something: a bare one only where a row of a table or its decimals tell."""
    figure = item.figure
    return figure.kind in MEASURED or (figure.kind is Kind.BARE and bool(figure.title or figure.digits))
