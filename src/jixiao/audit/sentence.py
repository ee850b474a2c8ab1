"""What the clauses of a paragraph say beside its figures: what is spoken of, what is compared, what is claimed in words.

Clauses inherit what the sentence said before; 其中 and headings set what follows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from jixiao.audit.blocks import Block, Place
from jixiao.audit.frames import (
    BUDGETED,
    LAST,
    NOTHING,
    OWN,
    WHOLE_FUNDS,
    Compared,
    Frame,
    Framer,
    Reading,
    Tie,
    framed,
)
from jixiao.audit.known import same_unit
from jixiao.audit.lexicon import (
    CHANGES,
    MOVES,
    SPENDING,
    UNKNOWN,
    Lexicon,
    Role,
    Split,
    Token,
    Words,
    has,
    last,
    left_over,
    parted,
    says,
)
from jixiao.text import AMOUNT_UNITS, Kind

PLANNED = (*BUDGETED, "预算或全年", "计划")
_HOW_MUCH = (Role.ALL, Role.SOME, Role.NOT)
Worded = tuple[Frame, Frame, Role]
"""A claim in words: of what, by what it is measured, and how."""
WITHIN = ("中", "内", "之中")  # 在总支出中的比重为64%
JOINS = (Role.BETWEEN, Role.SAME, Role.FIGURE, Role.DONE, Role.ALL, Role.SUM)
"""What may stand before a figure that goes on with the subject spoken of last."""


@dataclass(slots=True)
class State:
    """What a sentence has said so far."""

    subject: Frame = NOTHING
    spoken: Frame = NOTHING  # of the sentence before
    base: Frame = NOTHING
    change: Reading | None = None
    last: Reading | None = None
    earlier: Reading | None = None  # the amount before the last
    parent: Reading | None = None
    under: Reading | None = None  # the last figure that something was compared with
    summed: Reading | None = None  # the last sum of several things
    fund: str = ""  # the last fund that was named
    whole: Frame = NOTHING  # of which shares are
    listed: list[Frame] = field(default_factory=list)
    row: list[Frame] = field(default_factory=list)  # the last list of things without figures
    queue: list[Words] = field(default_factory=list)  # what the next figures are said of, in their order
    named: bool = False  # the clause before said what a thing is among its like or in its whole
    rated: bool = False  # things were ranked by their rates
    figures: int = 0
    before: int = 0  # figures of the sentence before
    claimed: bool = False
    reason: bool = False  # it tells why
    goes_on: bool = False  # it stands behind ；
    away: bool = False  # it speaks of another year
    foreign: bool = False  # it speaks of others
    some: bool = False  # it speaks of some of the projects
    stop: str = ""  # the last mark between clauses
    start: int = 0


class Clauses(Framer):
    """The clauses of one report. What a sentence has said so far is in ``state``."""

    block: Block
    place: Place
    text: str
    at: tuple[int, int]
    outer: Frame
    topic: bool  # nothing special was spoken of yet

    def __init__(self, words: Lexicon, year: str, scope: Callable[[str], str] = str) -> None:
        super().__init__(words, year)
        self.scope, self.state = scope, State()
        self.readings: list[Reading] = []
        self.claims: list[Compared] = []
        self.spoken: list[Reading] = []  # below one heading

    def _spoken_of(self, token: Token, segment: Words) -> list[Token]:
        """前者, 后者: the word with what it stands for; what is done with a thing."""
        state = self.state
        if token.role is Role.PRONOUN:
            meant, other = state.earlier, state.last
            if token.text != "前者":
                meant, other = other, meant
            frame = meant.frame if meant is not None and state.figures > 1 else NOTHING
            if frame.key and other is not None and not state.base.said and other.frame.key != frame.key:
                state.base = other.frame  # 前者多出5万元
            return self.told(frame) if frame.key else [token._replace(role=Role.OTHER)]
        return [self._done_with(token, segment) if token.role is Role.DEED else token]

    def _done_with(self, token: Token, segment: Words) -> Token:
        """群众信访24件，按时回复20件: what is done with a thing is a part of it."""
        state, deeds = self.state, self.words.deeds[token.value]
        before = [each.value for each in reversed(segment) if each.role in (Role.ITEM, Role.NOTHING)]
        parent = framed(state.parent)
        spoken = (*before, *state.subject.items, *parent.items, *state.spoken.items)
        things = (
            thing
            for each in spoken
            for thing in (each, self.words.wholes.get(each, ""), *self.words.made_of(each))
        )
        part = next((deeds[thing] for thing in things if thing in deeds), "")
        role, value = (Role.ITEM, part) if part else self.words.otherwise.get(token.value, (Role.OTHER, ""))
        return token._replace(role=role, value=value)

    def _divide(self, segment: Words, token: Token) -> None:
        """其中: what follows are parts of the figure before; 主要用于以下方面: of what was named."""
        state = self.state
        implied = self._implied()
        between = implied is not None and state.last is not None and state.last.frame == implied[1]
        before = self.readings[-state.before :] if state.before and not state.figures else ()
        unit = state.last.figure.unit if state.last is not None else ""
        alike = (each for each in before if each.tie is Tie.PLAIN and each.figure.unit == unit)
        several = len({each.frame.key for each in alike}) > 1
        # of which of several is not said
        state.parent = self.unread() or (None if between or several else state.last)
        state.listed = []
        whole = self.frame(segment)
        if state.figures:
            state.whole = NOTHING
        if not state.figures and token.text != "其中" and (whole.said or not several):
            named = whole.said or state.last is None
            state.parent, state.whole = (None, whole.under(self.outer)) if named else (state.last, NOTHING)

    def _clause(self, segment: Words) -> None:
        """The end of a clause without a figure: its subject, what it compares with, what it claims."""
        split, state = parted(segment), self.state
        frame = self.frame(split.left)
        claimed = self._claimed(frame)
        start = segment[0].start if segment else -1
        self.topic &= not left_over(segment)
        self._when(segment)
        glued = bool(self.readings) and self.readings[-1].figure.end == start
        if frame.items:
            self.topic &= frame.items[0] in self.generic
            kept = frame.items[0] in self.generic and not (frame.fund or state.subject.key in self.generic)
            state.subject = state.subject if kept and state.subject.items else frame
            state.listed += self._joined(split.left)
            inside = segment[-1].role is Role.INSIDE and segment[-1].text in ("中", "内")
            state.whole = (
                replace(frame, weak=False).under(self.outer) if inside else state.whole
            )  # 支出中，…占60%
        if glued and len(segment) == 1 and segment[0].text in WITHIN:  # 全年预算100万元中，基本支出60万元
            state.parent = state.last
        if not glued:  # 差39台完成目标
            self._in_words(segment)
        self._ranked(segment)
        other = self.frame(split.base or split.after)
        told = split.move is not None and (bool(split.base) or split.move.role not in CHANGES)  # 提高预算的…
        rates = self._in_sentence(self.readings)[-1:] if other.items and not other.stage else []
        if not says(split.left) and any(r.figure.unit == "%" and r.tie is not Tie.SHARE for r in rates):
            return  # 执行率98%，低于某项目: it is the rates that are compared
        if other.said and told and not other.weak:
            self._claim(split, claimed, other)
        elif other.said and split.move is None:
            state.base = other
        elif split.move is not None and not (other.said or left_over(segment)):
            self._turned(split, claimed)

    def _turned(self, split: Split, subject: Frame) -> None:
        """比上年的72万元有所下降; 增加44万元，结转结余有所增加: the way in which what was compared went."""
        state, move = self.state, split.move
        alike = not split.left or not subject.items or subject.key == state.subject.key
        if move is not None and move.role in CHANGES and state.base.said and state.subject.items and alike:
            subject = replace(state.subject, stage=subject.stage, weak=state.subject.weak or subject.weak)
            self._claim(split, subject, state.base)

    def _claimed(self, frame: Frame) -> Frame:
        """What a claim is of: a stage alone is of what was spoken of last; of a generic head that may be meant, or all."""
        state, generic = self.state, self.generic
        spoken = state.subject if state.subject.items else state.spoken
        special = spoken.items[:1] if spoken.key not in generic else ()
        if not frame.items and (frame.stages or not (frame.said or frame.own)):
            return frame.under(replace(spoken, items=spoken.items[:1], stage="", time=""))
        if not special or frame.fund or frame.items[:1] != (SPENDING,):
            return frame.under(state.subject)
        more = () if state.subject.items else frame.items
        return replace(
            frame, items=(*special, *more), weak=frame.weak or spoken.weak, own=frame.own or spoken.own
        )

    def _when(self, segment: Words, behind: Words = ()) -> None:
        """A year of what is compared, not of what it is compared with, holds until the next one."""
        said = self.frame(parted(segment, behind).left)
        self.state.away = said.away if said.time else self.state.away

    def _in_words(self, segment: Words) -> None:
        """What a word says of the subject before it, by which it is measured: of the clause, else of what was spoken of."""
        for roles, read in (
            (_HOW_MUCH, self._how_much),
            ((Role.DONE, Role.BEYOND), self._met),
            ((Role.POSITIVE, Role.NEGATIVE), self._signed),
            ((Role.RATE,), self._outnumbered),
        ):
            at = last(segment, *roles)
            made = read(segment, at) if at >= 0 or roles is _HOW_MUCH else None
            if made is not None:
                denied = made[2] is not Role.NOT and has(segment[:at], Role.NOT)
                self._made(segment, made[:1], *made[1:], denied)

    def _how_much(self, segment: Words, at: int) -> Worded | None:
        """全部在用, 部分闲置, 没有公务接待费: nothing but the word, the item and what it is of."""
        said = [token for token in segment if token.role not in (Role.BETWEEN, Role.NOTHING, Role.DONE)]
        there = at < 0 and any(token.text in ("有", "存在") for token in segment)
        how = segment[at].role if at >= 0 else Role.SOME  # 未全部办结: not all; 全部未办结: none
        frame = self.frame(said)
        whose = (*_HOW_MUCH, Role.ITEM, Role.WORD, Role.FUND, Role.TIME, Role.LAST)
        if (at < 0 and not there) or not frame.items or frame.weak or any(t.role not in whose for t in said):
            return None
        whole = self.words.wholes.get(frame.items[0], "")
        named = {token.value for token in said if token.role in (Role.ITEM, Role.WORD)}
        alone = len(named - self.generic) == 1 or (len(named) == 1 and bool(frame.fund))
        if not whole and (not alone or has(segment, Role.ALL, Role.SOME, Role.DONE)):
            return None
        fund = frame.fund or self.state.fund  # 政府性基金收入120万元，…，年末无结转
        return replace(frame, fund=fund), Frame((whole,) if whole else ()), how

    def _met(self, segment: Words, at: int) -> Worded | None:
        """超额完成, 没有达到目标: what was done against what was planned."""
        if left_over(segment) or has(segment, Role.ALL) or not self.state.subject.items:
            return None
        behind = [token.value for token in segment[at + 1 :] if token.role is not Role.BETWEEN]
        beyond = has(segment, Role.BEYOND)
        told = "计划" in behind or beyond or has(segment[:at], Role.NOT) or len(segment[at].text) > 2
        if not told or {*behind} - {"计划", "年初", "本年"}:
            return None
        frame = self.frame(segment[:at])
        subject = frame if frame.items else replace(self.state.subject, stage="", time="")
        return subject, Frame(stage="计划"), Role.BEYOND if beyond else Role.DONE

    def _signed(self, segment: Words, at: int) -> Worded | None:
        """年末结转结余不为负数."""
        frame = self.frame(segment[:at])
        return (frame, NOTHING, segment[at].role) if frame.items else None

    def _outnumbered(self, segment: Words, at: int) -> Worded | None:
        """没有超编, 收大于支: a difference that a word names with both its sides, claimed or denied."""
        rate = self.words.rates[segment[at].value]
        told = all(token.role in (Role.BETWEEN, Role.NOT, Role.RATE) for token in segment)
        if rate.change not in CHANGES or not rate.whole or not told or self.state.foreign:
            return None
        return Frame((rate.item,)), Frame((rate.whole,)), Role(rate.change)

    def _ranked(self, segment: Words) -> None:
        """占比最大的是货物采购, 农林水支出居首, 执行率最低的为某项目: which of its like a thing is."""
        at = next((n for n, token in enumerate(segment) if token.role is Role.RANK), len(segment) - 1)
        front, behind = ([t for t in part if t.text != "的"] for part in (segment[:at], segment[at + 1 :]))
        state, rated = self.state, has(segment, Role.RATE)
        lost = {t.text for t in segment if t.role in (*UNKNOWN, Role.FOREIGN, *MOVES, Role.THAN, Role.NOT)}
        if not segment or segment[at].role is not Role.RANK or lost - {*self.words.ranked, *WITHIN}:
            return
        called = any(token.text in ("是", "为") for token in behind)
        if not called and behind and not any(token.text in ("是", "为") for token in front):
            return  # 最大的项目支出40万元
        said = self.frame(front)
        front = front[max((n + 1 for n, token in enumerate(front) if token.text in WITHIN), default=0) :]
        before = self._in_sentence(self.readings)[-1:]
        if before and before[0].tie is Tie.RATE and before[0].frame.key in self.words.owners:
            state.subject, rated = before[0].frame, True  # 某项目执行率94.24%，在四个项目中最低
        frames = self._joined(behind if called else front) or ([] if called else [state.subject])
        frames = [
            replace(f, stage=f.stage or said.stage, weak=f.weak or said.away) for f in frames if f.items
        ]
        if len(frames) == 1:
            state.subject, state.named = replace(frames[0], stage=""), True
        state.rated = rated = rated or (state.rated and not has(front, Role.SHARE))
        if frames:
            rank = int(segment[at].value)
            self._made(segment, frames, NOTHING, Role.RANK, denied=False, rank=rank, rated=rated)

    def _counted(self, tokens: Words) -> list[Frame]:
        """三项合计, 两项均: as many as the heading's item has parts, 其中 divided, or were spoken of below the heading."""
        word = next((t for t in tokens if t.role is Role.SUM and t.value.isdigit()), None)
        number = int(word.value) if word is not None else 0
        here = [each for each in self.spoken if each.figure.at == self.at]
        if word is not None and word.text[0] == "前":
            keys = dict.fromkeys(each.frame.key for each in here)
            return [Frame((key,)) for key in [*keys][:number]] if len(keys) > number else []
        own = [
            item for item in self.frame(tokens).items if item not in self.generic
        ]  # 两项支出 are those spoken of
        for item in (*own, *self.outer.items) if word is not None else ():
            parts = self.words.parts.get(item, ())
            if parts and len(parts) == (number or len(parts)):
                return [Frame((part,)) for part in parts]
        parent = self.spoken[-1].parent if self.spoken else None
        divided = [each for each in self.spoken if parent is not None and each.parent is parent]
        end = len(self.readings) - self.state.figures
        before = [each for each in self.readings[end - self.state.before : end] if each in here]
        others = [each for each in here if each.frame.key not in self.outer.items]
        paid = [each for each in others if each.figure.unit in AMOUNT_UNITS]
        far = [] if word is not None and word.text[-1] == "者" else self.spoken
        groups = (divided, self._in_sentence(here), before, here, others, paid, far)
        listed = [*self.state.listed, *self._joined(tokens)]
        for group in (listed, *([each.frame for each in group] for group in groups)) if number else ():
            keys = dict.fromkeys(each.key for each in group)
            if len(keys) == number:
                return [Frame((key,)) for key in keys]
        return []

    def previous(self) -> Reading | None:
        """The figure before in the sentence."""
        return self.readings[-1] if self.readings and self.state.figures > 1 else None

    def unread(self) -> Reading | None:
        """The last amount of the sentence, where nothing tells what it is of."""
        own = [r for r in self._in_sentence(self.readings) if r.figure.unit in AMOUNT_UNITS]
        return own[-1] if own and own[-1].tie is Tie.OPEN else None

    def _in_sentence(self, readings: Sequence[Reading]) -> list[Reading]:
        """Those of the sentence that is being read."""
        figures = ((each, each.figure) for each in readings)
        return [each for each, figure in figures if figure.at == self.at and figure.start >= self.state.start]

    def _claim(self, split: Split, frame: Frame, base: Frame) -> None:
        state, move = self.state, split.move
        subject = frame
        several = self._counted(split.left)
        if not several:
            several = state.listed if len(state.listed) > 1 and subject.items else [subject]
        if move is not None:
            segment = sorted([*split.left, *split.base, move, *split.after], key=lambda token: token.start)
            self._made(segment, several, base, move.role, split.denied)

    def _made(
        self,
        segment: Words,
        of: Sequence[Frame],
        base: Frame,
        how: Role,
        denied: bool,
        rank: int = 0,
        rated: bool = False,
    ) -> None:
        self.state.claimed = True
        if not (self.state.reason or self.block.table or self.block.level):
            text = self.text[segment[0].start : segment[-1].end]
            scope = self.scope(self.text[self.state.start : segment[-1].end])
            frames = tuple(each.under(self.outer) for each in of)
            self.claims.append(Compared(self.place, text, frames, base, how, denied, scope, rank, rated))

    def _implied(self, split: Split | None = None) -> tuple[Frame, Frame] | None:
        """年初预算100万元，支出90万元，节约10万元: the two amounts before, of one thing, the budget as the base."""
        last, earlier = self.state.last, self.state.earlier
        if split is not None and (split.base or self.state.base.said or left_over(split.left)):
            return None
        if last is None or earlier is None or last.frame.key != earlier.frame.key or not last.frame.key:
            return None
        if not same_unit(last.figure.unit, earlier.figure.unit):
            return None  # 3个项目，预算100万元
        if last.base.said:  # 由20万元增至104万元
            return last.frame, last.base
        if earlier.figure.at != last.figure.at:
            return None
        base, spent = sorted((last.frame, earlier.frame), key=_rank)
        spent = replace(spent, time="") if spent.time == OWN else spent
        return (spent, base) if _rank(base) < _rank(spent) and not spent.away else None

    def _listed(self, segment: Words) -> list[Frame]:
        """The things of which every one is meant: those of the clause, else the last list; empty where it is one thing."""
        parts = [*self.state.listed, *self._joined(segment)]
        row = self.state.row if all(token.role in JOINS for token in segment) else []
        return parts if len(parts) > 1 else row

    def _ordered(self, segment: Words, behind: Words) -> Words:
        """人员经费、公用经费分别为840万元、120万元, 分别占87.50%、12.50%: the words of each figure, said of its own thing."""
        state = self.state
        if state.queue and all(token.role in JOINS for token in segment):
            return state.queue.pop(0)
        at = next((n for n, token in enumerate(segment) if token.text[:2] in ("分别", "依次")), -1)
        count = 1
        for mark, figure in zip(behind[::2], behind[1::2], strict=False):
            if (
                mark.text not in ("、", "和") and mark.role is not Role.THAN
            ) or figure.role is not Role.FIGURE:
                break
            count += 1
        state.queue = []
        if at < 0 or count == 1:
            return segment
        head, tail = segment[:at], segment[at:]
        own, here = [*state.listed, *self._joined(head)], self._in_sentence(self.readings)
        alone = not (here or state.subject.items) and state.before > 0
        earlier = self.readings[-state.before :] if alone else []
        amounts = [each.frame for each in here or earlier if each.figure.kind is not Kind.RATE]
        others = left_over(head) or any(each.key not in self.generic for each in own)
        spoken = (own,) if others else (own, amounts[-count:], state.row)
        frames = next((group for group in spoken if len(group) == count), [])
        head = [] if frames is own else head
        if len({(f.key, f.fund) for f in frames}) == count and not any(f.weak or not f.key for f in frames):
            state.queue = [[*self.told(frame), *head, *tail] for frame in frames]
            state.listed = []
            return state.queue.pop(0)
        state.queue = [
            [token._replace(role=Role.OTHER) for token in tail[:1]]
        ] * count  # of which is not said
        return state.queue.pop(0)

    # ---- the subject

    def _compared(self, tokens: Words) -> Frame:
        """The subject of a comparison: that of its clause, else the one spoken of last."""
        frame, state = self._subject(tokens), self.state
        last = state.last.frame if state.last is not None and not state.subject.items else state.subject
        if frame.items:
            return frame
        weak = last.weak or left_over(tokens) or (not state.subject.items and self.unread() is not None)
        return replace(last.under(self.outer), weak=weak)

    def _subject(self, tokens: Words, unit: str = "") -> Frame:
        """The frame of the words of a clause, with what its sentence, its whole and its headings add."""
        frame, state = self.frame(tokens), self.state
        state.foreign |= has(tokens, Role.FOREIGN)
        modified = bool(tokens) and tokens[0].text == "的" and state.figures > 1  # …20%的项目
        some = state.some and frame.items[:1] in ((SPENDING,), ("项目",), ("项目支出",), ())  # 2个项目支出…
        frame = replace(frame, weak=frame.weak or state.foreign or modified or some)
        if state.stop in ("(", ":", "：") and not frame.fund:
            frame = replace(frame, fund=state.subject.fund)
        parent = framed(state.parent)
        outer = Frame((), parent.fund, parent.stage, parent.time).under(replace(self.outer, items=()))
        if frame.items:
            special = frame.items[0] not in self.generic
            made = (frame if special else self._generic(frame)).under(outer)
            again = made.key == parent.key and made.fund == parent.fund  # 编制74名，其中行政编制62名
            return replace(made, weak=made.weak or again)
        if frame.said:
            return self._unnamed(frame, parent).under(Frame(fund=state.subject.fund).under(outer))
        counted = bool(unit) and any(unit in name for name in state.subject.items[1:])
        same = has(tokens, Role.SAME)
        goes_on = same or counted or state.listed or state.named or state.stop in ("", ":", "：", "(", "、")
        joins = all(token.role in JOINS for token in tokens)
        if joins and state.subject.stage in PLANNED and any(token.text == "完成" for token in tokens):
            return replace(state.subject, stage="决算").under(outer)  # 计划210万元，完成201万元
        if goes_on and joins:
            return state.subject.under(outer)
        return Frame(weak=True, own=frame.own) if frame.own else NOTHING

    def _generic(self, frame: Frame) -> Frame:
        """A generic head: where a special item was spoken of, that one may be meant."""
        state, generic, money = self.state, self.generic, self.words.money
        goes_on = frame.time == LAST and state.goes_on and not state.subject.said  # …；上年支出23万元
        spoken = state.spoken if goes_on else state.subject
        inherited = tuple(
            money.get(item, item)  # 三个项目预算100万元，支出90万元
            for item in spoken.items or (() if spoken.own else self.outer.items)
            if item not in generic or item in money
        )
        displaced = bool(spoken.key) and not frame.fund
        items = (*(inherited if displaced else ()), *frame.items, *(() if frame.fund else inherited))
        own = "" if inherited else spoken.own
        weak = frame.weak or bool(own) or (bool(inherited) and spoken.weak)
        one_fund = state.fund not in ("", self.outer.fund, *WHOLE_FUNDS)
        weak |= one_fund and not frame.fund  # of the fund that its sentence named, or of all
        return replace(frame, items=tuple(dict.fromkeys(items)), weak=weak, own=frame.own or own)

    def _unnamed(self, frame: Frame, parent: Frame) -> Frame:
        """A stage or a fund without an item: that of the sentence, of the whole, or all income and spending."""
        last = self.state.subject
        spoken = self.state.spoken
        wide = self.state.goes_on and spoken.items[:1] == (SPENDING,)  # …；年初预算100万元
        if not last.items and (wide or (frame.time == LAST and not frame.stage)):  # …；上年23万元
            last = spoken
        if frame.stage == "计划" and not last.items:
            return replace(frame, own=last.own, weak=True)
        special = any(item not in self.generic for item in last.items)
        if frame.own or (last.own and not special):
            return replace(frame, own=frame.own or last.own, weak=True)
        items = parent.items if frame.fund else last.items or self.outer.items
        weak = (
            frame.weak
            or not (items or frame.fund or self.topic)
            or (not frame.fund and bool(last.items) and last.weak)
        )
        income_first = frame.fund and frame.stage not in PLANNED
        items = items or (("收入", SPENDING) if income_first else (SPENDING, "收入"))
        return replace(frame, items=items, fund=frame.fund or last.fund, weak=weak)


def _rank(frame: Frame) -> int:
    """Which of two amounts of one thing came first: the budget, what it was adjusted to, what was spent."""
    return (
        0 if "预算" in frame.stages or frame.time in (LAST, "年初") else 1 if frame.stage in BUDGETED else 2
    )
