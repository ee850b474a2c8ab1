"""A paragraph read: what every figure measures, and how it relates to another, by the words around it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import takewhile

from jixiao.audit.blocks import Block
from jixiao.audit.frames import ADJUSTED, NOTHING, Frame, Reading, Tie
from jixiao.audit.lexicon import (
    AS,
    CHANGES,
    JOINING,
    MOVES,
    SENTENCE,
    SLOTS,
    SPENDING,
    Lexicon,
    Rate,
    Role,
    Split,
    Token,
    Words,
    first,
    has,
    last,
    left_over,
    parted,
    says,
    until_stop,
    without_asides,
)  # fmt: skip
from jixiao.audit.named import THRESHOLD
from jixiao.audit.scope import BODY, DIFFERENCE, EARLIER, SUM, YEAR
from jixiao.audit.sentence import WITHIN, Clauses, State
from jixiao.audit.statement import MEASURED, Statement
from jixiao.text import AMOUNT_UNITS, Kind, count

_EXECUTED = Token(Role.RATE, "执行率", "执行率", 0, 0)
_RATES = ("%", "成", "半", "倍", *"一二三四五六七八九")  # how a share ends: 的75%, 的九成五, 的三分之一
_DOUBLED = Token(Role.UP, "增长", "增长", 0, 0)
USES = ("用于", "用在", "来自", "授予", "投向", "为", "是")
_PER = re.compile(r"(?:平均)?每(?P<unit>[人户家辆台批次个项件名])|人均")
_PASSED = (Role.BETWEEN, Role.SAME, Role.TIME, Role.STAGE)  # 尚有5万元资金当年未支出
_IN_ALL = ("共", "共计", "合计")
LISTED = 40  # characters before a figure in which what it sums up is named


class Reader(Clauses):
    """Reads the paragraphs of one report; ``year`` is that of the workbook."""

    def __init__(
        self, words: Lexicon, year: str, scope: Callable[[str], str] = str, projects: int = 0
    ) -> None:
        super().__init__(words, year, scope)
        self.path: tuple[str, ...] = ()
        self.projects = projects
        self.taken = 0  # words behind the last figure that were read with it

    def read(self, block: Block, cell: int, statements: Sequence[Statement]) -> None:
        """Read one paragraph or cell with its statements, in their order. Cells of tables make no claims."""
        self.at = (block.number, cell)
        self.block, self.place, self.text = block, block.place(cell), block.cells[cell]
        self.outer, self.state = self.heading(block.path), State()
        if block.path != self.path:
            self.path, self.spoken = block.path, []
        self.topic = not self.outer.items  # nothing special was spoken of yet
        by_start = {item.figure.start: item for item in statements}
        spans = ((item.figure.start, item.figure.end) for item in statements)
        tokens = without_asides(self.words.tokens(self.text, spans))
        segment: list[Token] = []
        skip = 0
        for number, token in enumerate(tokens):
            if token.role is Role.WHY and number >= skip:  # 因任务缩减，…
                end = number + 1 + sum(1 for _ in until_stop(tokens[number + 1 :]))
                skip = skip if end < len(tokens) and tokens[end].role is Role.FIGURE else end
            if number < skip:
                continue
            item = by_start.get(token.start) if token.role is Role.FIGURE else None
            self._some(token, segment)
            if item is not None and _measures(item):
                self.taken = 0
                self._figure(item, segment, tokens[number + 1 :])
                segment, skip = [], number + 1 + self.taken
            elif item is not None:
                year = item.figure.written if item.figure.kind is Kind.YEAR else ""
                segment.append(token._replace(value=year))
            elif token.role is Role.STOP:
                self._stop(segment, token)
                segment = []
            elif token.role is Role.OF:
                self._divide(segment, token)
            elif token.role is Role.REASON and segment:
                self._clause(segment)
                segment, self.state.reason = [], True
            else:
                self.state.fund = token.value if token.role is Role.FUND else self.state.fund
                segment += self._spoken_of(token, segment)
        self._clause(segment)

    def _some(self, token: Token, segment: Words) -> None:
        """2个项目, 三个项目: as many as there are, or some of them."""
        if token.role is not Role.ITEM or token.value != "项目" or not self.projects:
            return
        last = self.readings[-1].figure if self.readings else None
        number = count(segment[-1].text[:-1]) if segment and segment[-1].text.endswith("个") else 0
        if not segment and last is not None and last.kind is Kind.COUNT and last.end == token.start:
            number = int(last.value)
        self.state.some = bool(number) and number != self.projects

    def _stop(self, segment: Words, token: Token) -> None:
        state = self.state
        self._clause(segment)
        state.stop = token.value
        if token.value in ":：" and not state.figures:  # 三公经费管理存在不足：预算60万元
            own = self.frame([each for each in segment if each.role is not Role.OTHER])
            if own.items and own.items[0] not in self.generic and not own.weak:
                state.subject = own
        if token.value == "、":
            return
        state.row = state.listed if len(state.listed) > 1 else state.row
        state.listed, state.queue = [], []
        if token.value in SENTENCE:
            kept = NOTHING if state.figures or state.claimed else state.subject
            goes_on = token.value in "；;"
            parent, whole = (state.parent, state.whole) if goes_on else (None, NOTHING)
            self.state = State(
                subject=kept,
                spoken=state.subject if state.subject.items else state.spoken,
                goes_on=goes_on,
                last=state.last,
                earlier=state.earlier,
                parent=parent,
                whole=whole,
                before=state.figures,
                start=token.end,
            )

    # ---- a figure

    def _figure(self, item: Statement, segment: Words, behind: Words) -> None:
        state = self.state
        state.figures += 1
        self.topic &= not has(segment, Role.OTHER)
        if THRESHOLD.match(item.figure.right) or (item.figure.unit == "%" and "权重" in item.figure.left):
            self.readings.append(Reading(item))
            return
        segment = self._ordered(segment, behind)
        self._ranked(segment)
        made = self._by_name(item, segment, behind) or (
            self._rate(item, segment, behind)
            if item.figure.kind is Kind.RATE
            else self._amount(item, segment, behind)
        )
        state.named = made.tie is Tie.SHARE and bool(made.frame.items)
        if state.named:
            state.subject = replace(made.frame, stage="")
        made.before, made.parent = made.before or state.last, made.parent or state.parent
        self._when(segment, behind)
        item.apart = _apart(item, segment, behind)
        if item.scope == YEAR and not (state.away or made.frame.away):
            item.scope = ""  # the other year is that of what something was compared with
        item.apart = item.apart or (BODY if state.foreign else "")
        self.readings.append(made)
        if made.tie in (Tie.PLAIN, Tie.EACH) and item.figure.kind is not Kind.RATE:
            self._keep(made)
        if made.tie is Tie.SUM:
            state.summed = made
        if made.tie in (Tie.CHANGE, Tie.EITHER) and item.figure.kind is not Kind.RATE:
            state.change = made
            state.subject = made.frame if made.frame.items else state.subject
        if made.tie in (Tie.BASE, Tie.EITHER):
            state.under = made
        if len(behind) > 1 and behind[0].text == "的" and behind[1].value == "计划":  # 超额完成320户的任务
            self._in_words([*segment, behind[1]])

    def _keep(self, made: Reading) -> None:
        """A plain figure: what it measures is spoken of from now on."""
        state, frame = self.state, made.frame
        passing = state.last is not None and state.last.frame.own  # 年中追加75万元
        state.earlier, state.last, state.change = state.earlier if passing else state.last, made, None
        parent = state.parent.frame.key if state.parent is not None else ""
        if any(frame.key in parts and parent in parts for parts in self.words.parts.values()):
            state.parent = made.parent = None  # it stands beside what 其中 divided
        if frame.items:
            self.topic &= frame.items[0] in self.generic
        unknown = made.figure.unit in AMOUNT_UNITS and not state.subject.items
        if frame.items or frame.stage or unknown:
            state.subject = frame
        state.listed = []
        if frame.key and not (frame.weak or frame.away or frame.key in self.generic):
            self.spoken.append(made)

    def _by_name(self, item: Statement, segment: Words, behind: Words) -> Reading | None:
        """差异率, 超编, 追加, 未支出: a difference that a word names with both its sides. It may stand behind (尚有5万元未支出)."""
        at = first(segment, Role.RATE)
        if at < 0 and not has(segment, Role.ITEM):
            rest = (token for token in until_stop(behind) if token.role not in _PASSED)
            named = next(rest, None)
            if named is not None and named.role is Role.RATE:
                segment, at = [*segment, named], len(segment)
        rate = self.words.rates[segment[at].value] if at >= 0 else None
        if rate is None or not rate.change or has(segment, Role.TO):
            return None
        own = self.frame(segment[at + 1 :])
        subject = own if own.items else self._compared(parted(segment[:at]).left)
        spoken = self.state.spoken
        if not (subject.items or subject.own) and spoken.items[:1] == (SPENDING,) and not left_over(segment):
            subject = replace(spoken, items=(SPENDING,), time="")
        several = rate.over == ADJUSTED and self._adjusted_twice(item, rate)
        dated = any(token.role is Role.FIGURE and not token.value for token in segment)
        weak = subject.weak or left_over(segment[at + 1 :]) or several or dated
        if not subject.key and not rate.item:
            subject, weak = replace(subject, items=(SPENDING,)), weak or not self.topic
        one = replace(subject, weak=weak, items=(rate.item,) if rate.item else subject.items)
        one = replace(one, weak=False) if rate.item else one
        base = Frame((rate.whole,) if rate.whole else (), stage=rate.under[0] if rate.under else "")
        sign = {"up": 1, "down": -1}.get(rate.change, 0)
        return Reading(item, Tie.CHANGE, replace(one, stage=rate.over), _base_frame(one, base), sign, rate)

    def _adjusted_twice(self, item: Statement, rate: Rate) -> bool:
        """年中追加人员经费10万元，调减公用经费2万元: each is a part of the adjustment."""
        own = [
            each for each in self.readings[len(self.readings) - self.state.figures + 1 :]
            if each.rate is not None and each.rate.over == rate.over and "%" not in (each.figure.unit, item.figure.unit)
        ]  # fmt: skip
        for each in own:
            each.frame = replace(each.frame, weak=True)
        return bool(own)

    def _amount(self, item: Statement, segment: Words, behind: Words) -> Reading:
        """What an amount or a count is to the words before it."""
        to = next((token for token in segment if token.role is Role.TO), None)
        if to is not None:
            return self._became(item, segment, to)
        made = (
            self._mean(item, segment)
            or self._was(item, segment, behind)
            or self._beside_another(item, segment, behind)
            or self._under_a_rate(item, segment, behind)
            or self._differs(item, segment, behind)
        )
        if made is not None:
            return made
        subject = self._subject(segment, item.figure.unit)
        if has(segment, Role.BEYOND) or (has(segment, Role.NOT) and item.figure.value):  # 超额完成2次
            return Reading(item)
        several = self._several(item, segment, subject) or self._named_behind(item, segment, behind, subject)
        return several or Reading(item, Tie.PLAIN if subject.key else Tie.OPEN, subject)

    def _was(self, item: Statement, segment: Words, behind: Words) -> Reading | None:
        """由20万元增至104万元: what something was, of the year that it is compared with."""
        state = self.state
        if not (behind and behind[0].role is Role.TO):
            return None
        item.scope = item.scope or EARLIER
        bare = all(token.text == "由" for token in segment) and state.subject.items and state.base.time
        return Reading(item, Tie.BASE, replace(state.subject, time=state.base.time)) if bare else None

    def _several(self, item: Statement, segment: Words, subject: Frame) -> Reading | None:
        """三项合计, 人员经费和公用经费共, 收入、支出均为: the sum of several things, or what each of them is."""
        counted = [replace(f, stage=subject.stage or "决算") for f in self._counted(segment)]
        if counted:
            return Reading(item, Tie.SUM, subject, parts=tuple(counted))
        told, each = _in_all(segment), _each(segment)
        parts = self._listed(segment) if each else [*self.state.listed, *self._joined(segment)]
        if len(parts) < 2 or not (subject.items or each or self.state.stop != "、"):
            return None
        tie = Tie.SUM if told else Tie.EACH if each else Tie.OPEN
        if any(
            t.role is Role.SUM and t.value.isdigit() and int(t.value) not in (0, len(parts)) for t in segment
        ):
            tie = Tie.OPEN  # 行政运行、图书馆、群众文化三项
        outer = replace(subject, items=())
        return Reading(item, tie, subject, parts=tuple(part.under(outer) for part in parts))

    def _mean(self, item: Statement, segment: Words) -> Reading | None:
        """人均125元, 平均每辆3万元: the last amount over the one count of its sentence that has the unit."""
        at = last(segment, *SLOTS)
        said = "".join(token.text for token in segment[at + 1 :] if token.role in (Role.FOREIGN, Role.OTHER))
        per = _PER.fullmatch(said)
        glued = bool(segment and self.readings) and self.readings[-1].figure.end == segment[0].start
        if per is None or (at >= 0 and not glued):  # 8辆公务用车平均每辆2.50万元
            return None
        units = ("人", "名", "人次") if per["unit"] is None else (per["unit"], per["unit"] + "次")
        own = self._in_sentence(self.readings)
        counts = [each for each in own if each.figure.unit in units]
        money = [each for each in own if each.figure.kind is Kind.AMOUNT and each.tie is Tie.PLAIN]
        if len(counts) != 1 or not money:
            return None
        item.scope = ""
        return Reading(item, Tie.MEAN, NOTHING, before=money[-1], change=counts[0])

    def _named_behind(self, item: Statement, segment: Words, behind: Words, subject: Frame) -> Reading | None:
        """6个内设机构, 基本支出中有100万元用于人员: what is measured stands behind the figure."""
        inside = bool(segment) and segment[-1].text == "有" and any(each.text in WITHIN for each in segment)
        rest = [each for token in until_stop(behind) for each in self._spoken_of(token, segment)]
        joining = [t for t in rest if t.role is Role.BETWEEN or t.text == "为"]
        head = next((t for t in rest if t not in joining), None)
        if (subject.said and not inside) or head is None or head.role is not Role.ITEM:
            return None
        if item.figure.kind is Kind.COUNT and not inside and rest[0] in joining and rest[0].text != "的":
            return None  # 2个单位在职人员13人
        known = inside or head.value in self.words.owners or not left_over(segment)
        if not known or has(rest, Role.NOT):
            return None
        frame = replace(self.frame(rest), weak=left_over(rest))
        return Reading(item, Tie.PLAIN, frame.under(self.outer))

    def _differs(self, item: Statement, segment: Words, behind: Words) -> Reading | None:
        """存在430台的缺口, 两者相差5万元: a difference without a direction, of the two that were spoken of."""
        state = self.state
        named = len(behind) > 1 and behind[0].text == "的" and behind[1].role is Role.DIFFER
        if named and state.base.said:
            self.taken = 2
            return Reading(item, Tie.CHANGE, self._compared(segment), state.base)
        both = any(t.role is Role.SUM and t.value == "2" for t in segment) and segment[-1].role is Role.DIFFER
        if both and state.earlier is not None and state.last is not None and state.figures > 2:
            return Reading(item, Tie.CHANGE, state.earlier.frame, state.last.frame)
        return None

    def _became(self, item: Statement, segment: Words, to: Token) -> Reading:
        """由20万元增至104万元, 追加后为110万元: what something was before is its base, and the word tells which is more."""
        state, last = self.state, self.readings[-1] if self.readings else None
        subject = self._subject(segment, item.figure.unit)
        if not subject.items:
            subject = replace(state.subject, time="", stage="").under(self.outer)
        changed = last.rate if last is not None and last.tie is Tie.CHANGE and state.figures > 1 else None
        stage = to.value if to.value == ADJUSTED else changed.over if changed is not None else ""
        subject = replace(subject, stage=stage or subject.stage)
        made = Reading(item, Tie.PLAIN if subject.key else Tie.OPEN, subject)
        before = last is not None and (last is state.last or last.tie is Tie.BASE) and state.figures > 1
        if last is not None and before and last.frame.key == subject.key:
            made.base = last.frame
            if to.value in CHANGES:
                self._made(segment, (subject,), last.frame, Role(to.value), denied=False)
        return made

    def _moved(self, item: Statement, segment: Words, split: Split, subject: Frame) -> Reading:
        """比预算增加5万元, 增长5%: a difference, of the subject, of the two amounts before it, or the rate of the one before."""
        state, rate = self.state, item.figure.kind is Kind.RATE
        move = split.move.role if split.move is not None else Role.OTHER
        implied = self._implied(split)
        beside = self._difference() if rate and move in CHANGES and implied is None else None
        bare = not (says(split.left) or split.base or left_over(segment))
        if beside is not None and bare and (beside.rate is not None or not beside.base.said):
            return replace(
                beside, statement=item, tie=Tie.CHANGE, sign=split.sign, before=None, change=beside
            )
        if implied is not None:
            subject, state.base = implied
        summed = state.figures > 1 and _in_all(split.left)
        lost = move is Role.EQUAL if rate else summed or left_over(split.after)
        told = state.base.said or (item.figure.value < 0 and move in CHANGES)
        tie = Tie.CHANGE if told and not lost else Tie.OPEN
        return Reading(item, tie, subject, state.base, split.sign, change=state.change if rate else None)

    def _beside_another(self, item: Statement, segment: Words, behind: Words) -> Reading | None:
        """A difference (比预算增加5万元), what something is compared with (比预算100万元), or either (超预算5万元)."""
        split = parted(segment, behind)
        state, move, sign = self.state, split.move, split.sign
        if move is None and not split.compares:
            return None
        subject, base, after = self._compared(split.left), self.frame(split.base), self.frame(split.after)
        level = move is None or (move.role not in CHANGES and not split.base)
        if (
            level and not (base.said or after.said) and behind[:1] and behind[0].text == "的"
        ):  # 低于100万元的预算
            of = (token.role not in (*MOVES, Role.THAN) for token in behind)
            words = list(takewhile(lambda _: next(of), until_stop(behind)))
            other, at = self.frame(words), len(words)
            base, after = (other, after) if move is None else (base, other)
            self.taken = at + (behind[at].text in AS if at < len(behind) else 0)
        if move is not None and move.role is Role.WITHIN and not says(split.after):
            return Reading(item)
        if move is not None and not (says(split.after) or after.said):
            state.base = base if split.base else state.base
            return self._moved(item, segment, split, subject)
        other = base if move is None else after
        if not other.said or (move is not None and move.role in CHANGES and after.items and not split.base):
            return Reading(item)  # 压减公用经费2万元
        if move is not None:
            self._claim(split, self._claimed(self.frame(split.left)), other)
        if move is None or not (split.denied or move.role is Role.EQUAL):
            state.base = other
        if move is not None and state.base is other:
            return Reading(item, Tie.EITHER, subject, other, sign)
        state.subject = subject if subject.items else state.subject
        return Reading(item, Tie.BASE, _base_frame(subject, other))

    def _under_a_rate(self, item: Statement, segment: Words, behind: Words) -> Reading | None:
        """为全年预算1625万元的99.23%: the figure below the line."""
        rate = behind[1].text if len(behind) > 1 and behind[1].role is Role.FIGURE else ""
        at = last(segment, Role.DONE, Role.SHARE)
        if at < 0 or not rate.endswith(_RATES) or behind[0].text != "的":
            return None
        base, subject = self._below(segment, at)
        return Reading(item, Tie.BASE, _base_frame(subject, base)) if base.stages and not base.items else None

    def _below(self, segment: Words, at: int) -> tuple[Frame, Frame]:
        """What stands below the line behind a word at ``at``, and above it."""
        return self.frame(segment[at + 1 :]), self._compared(segment[:at])

    def _rate(self, item: Statement, segment: Words, behind: Words) -> Reading:
        """What a percentage is: a share, a rate of change, a rate with a name, a rate of completion."""
        state = self.state
        if "百分点" in item.figure.unit:
            return Reading(item)
        bracketed = state.stop == "(" and not segment and self.readings and self.readings[-1] is state.last
        if "番" in item.figure.written:
            segment = [*segment, _DOUBLED]
        split, used = parted(segment), self._used_for(segment, behind)
        if has(segment, Role.SHARE) or bracketed or used:
            return self._share(item, segment, used)
        if split.move is not None and not says(split.after):
            state.base = self.frame(split.base) if split.base else state.base
            return self._moved(item, segment, split, self._compared(split.left))
        base, move = self.frame(split.after), split.move
        below = move is not None and (move.role is Role.LESS) != split.denied
        of = move is not None and move.role in (Role.GREATER, Role.LESS) and segment[-1].text == "的"
        if move is not None and of and (below or base.items):
            item.figure.side = -1 if below else 1  # 不足总收入的两成
            segment = [each._replace(role=Role.DONE) if each == move else each for each in segment]
            return self._done(item, segment)
        if move is not None and base.said and not split.base and move.role is not Role.EQUAL:  # 超出预算10%
            return Reading(item, Tie.CHANGE, self._compared(split.left), base, split.sign)
        if split.move is not None or split.base:
            return Reading(item)
        return (self._named_rate if has(segment, Role.RATE) else self._done)(item, segment)

    def _used_for(self, segment: Words, behind: Words) -> list[Token]:
        """九成用于人员经费, 一半授予了小微企业: the words of the part that stands behind its share."""
        words = [*until_stop(behind)]
        rest = [each for token in words[1:] for each in self._spoken_of(token, segment)]
        head = next((token for token in rest if token.role is not Role.BETWEEN), None)
        verbs = head is not None and head.role in SLOTS and words[0].text[:2] in USES
        named = bool(words) and words[0].role in SLOTS and words[0].text.startswith(USES)
        moved = has(segment, *MOVES, Role.RATE, Role.STAGE)
        return [] if moved else words if named else rest if verbs else []

    def _share(self, item: Statement, segment: Words, used: Words) -> Reading:
        """占支出的60%, 分别占60%、40%: of what the clause names, of what was divided, of the whole that the part has."""
        state, at = self.state, last(segment, Role.SHARE) % (len(segment) + 1)  # behind all where none is
        inside = max((n + 1 for n in range(at) if segment[n].text in WITHIN), default=0)
        whole, part = self.frame(segment[at + 1 :]), self.frame(used or segment[inside:at])
        if inside and not whole.said:
            whole = replace(self.frame(segment[: inside - 1]), weak=False)
        if used and (
            not part.items or any(token.text in (*JOINING, "、") for token in used)
        ):  # 18%为财政拨款和其他收入
            return Reading(item)
        added = has(segment[:at], Role.SUM)
        before = None if part.items else self.previous()
        several: Sequence[Frame] = self._counted(segment[:at]) or (
            self._listed(segment[:at]) if added or _each(segment) else []
        )
        if not several and before is not None and before.tie is Tie.SUM:  # 两项合计10万元，占4%
            several = before.parts
        if several:
            of = whole if whole.said else state.whole if state.whole.said else self._divided(several[0])
            each = 0 if _each(segment) else 1
            return Reading(
                item, Tie.SHARE, NOTHING, of, each, parts=tuple(f.under(self.outer) for f in several)
            )
        if whole.stages and not (
            whole.items or whole.fund
        ):  # 占全年预算的98%: how far it was spent, or of all budgets
            part = replace(part, stage=part.stage or "决算").under(self.outer) if part.items else NOTHING
            if (
                before is not None
                and before.tie in (Tie.OPEN, Tie.PLAIN)
                and (before.frame.own or not before.frame.said)
            ):
                return Reading(item)
            return Reading(item, Tie.SHARE, part, whole, before=self._difference())
        state.whole = whole if whole.said else state.whole
        if state.summed is not None and part.items and not whole.said:
            return Reading(item, Tie.SHARE, part.under(self.outer), parent=state.summed)
        if before is not None and before.tie is Tie.OPEN and before.figure.kind is not Kind.RATE:
            return Reading(item)
        base = state.whole if state.whole.said or state.parent is not None else self._divided(part)
        return Reading(item, Tie.SHARE, part.under(self.outer) if part.items else NOTHING, base)

    def _difference(self) -> Reading | None:
        """The figure before, where it is a difference."""
        before = self.previous()
        return before if before and (before.tie in (Tie.CHANGE, Tie.EITHER) or before.sign) else None

    def _divided(self, part: Frame) -> Frame:
        """What the heading above speaks of, where the item is a part of it: 公务接待费 of 三公经费."""
        own = part if part.items or self.state.last is None else self.state.last.frame
        parts = self.words.parts
        whole = next(
            (item for item in self.outer.items if own.items and own.items[0] in parts.get(item, ())), ""
        )
        return Frame((whole,), stage=own.stage) if whole else NOTHING

    def _named_rate(self, item: Statement, segment: Words) -> Reading:
        """支出完成率: of its own item, of the one before it, or of the one spoken of last."""
        state, at = self.state, last(segment, Role.RATE)
        rate, subject = self.words.rates[segment[at].value], self.frame(segment[:at])
        inherited = state.subject.items or self.outer.items
        before = self.previous()
        lost = before is not None and before.tie is Tie.OPEN
        lost = (lost or not inherited) and not rate.own and not subject.items
        beside = has(segment[at + 1 :], Role.OTHER, Role.INSIDE) or has(segment[:at][-1:], Role.OTHER)
        items = subject.items or ((rate.item,) if rate.item else inherited)
        weak = lost or beside or subject.weak or state.foreign or state.some
        own = "" if subject.items else state.subject.own
        weak |= bool(own) or (items[:1] == ("收入",) and not subject.items and not rate.item)
        fund = subject.fund or ("" if subject.items else state.subject.fund)
        return Reading(item, Tie.RATE, Frame(items, fund, time=subject.time, weak=weak, own=own), rate=rate)

    def _done(self, item: Statement, segment: Words) -> Reading:
        """完成预算的95%, 为全年预算100万元的95%."""
        under, at = self.state.under, last(segment, Role.DONE)
        glued = (
            bool(segment) and segment[0].text == "的" and all(each.role is Role.BETWEEN for each in segment)
        )
        if glued and under is not None and under is self.readings[-1]:
            if under.tie is Tie.EITHER:  # 超出预算12万元的5%
                return Reading(item, Tie.CHANGE, under.frame, under.base, under.sign)
            return Reading(item, Tie.DONE, replace(under.frame, stage="决算"), under.frame)
        if at < 0:
            spent = self.frame(segment)
            told = spent.stage == "决算" and not (spent.weak or left_over(segment))
            return self._named_rate(item, [_EXECUTED]) if told else Reading(item)  # 执行了98%
        base, subject = self._below(segment, at)
        if not base.said and subject.key in self.words.owners and not left_over(segment):
            base = Frame(stage="计划")  # 签约投资额完成102.56%
        over, under_it = replace(subject, stage="决算"), _base_frame(subject, base)
        apart = base.key != subject.key or (base.fund and subject.fund and base.fund != subject.fund)
        if base.items and subject.items and segment[-1].text == "的" and apart:  # 项目支出是基本支出的1.5倍
            return Reading(item, Tie.DONE, over, replace(under_it, stage="决算"))
        if not base.stages or base.items:
            return Reading(item)
        named = segment[at].text == "完成" or says(segment[:at])
        before = None if named else self._difference()  # 调减5万元，为年初预算的5%
        return Reading(item, Tie.DONE, over, under_it, before=before)


def _base_frame(subject: Frame, base: Frame) -> Frame:
    """The other side of a comparison: the subject's own slots where the base says nothing else."""
    return replace(base.under(subject), weak=base.weak or subject.weak)


def _each(segment: Words) -> bool:
    """Whether a figure is of each of several."""
    return any(token.role is Role.ALL or token.text in ("各", "各为") for token in segment)


def _in_all(segment: Words) -> bool:
    """Whether a figure sums up several."""
    return any(token.role is Role.SUM or token.text in _IN_ALL for token in segment)


def _apart(item: Statement, segment: Words, behind: Words) -> str:
    """Whether a figure is a difference, what something is compared with, or the sum of several things."""
    moved = has(segment, *MOVES[:-1], Role.DIFFER, Role.BEYOND)
    than = any(token.role is Role.THAN and token.text not in JOINING for token in segment)
    if moved or (than and not (behind and behind[0].role in CHANGES)):
        return DIFFERENCE
    return SUM if _in_all(segment) and "、" in item.figure.left[-LISTED:] else ""


def _measures(item: Statement) -> bool:
    """Whether a figure measures something: a bare one only where a row of a table or its decimals tell."""
    figure = item.figure
    return figure.kind in MEASURED or (figure.kind is Kind.BARE and bool(figure.title or figure.digits))
