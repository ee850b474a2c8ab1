"""What the text leaves unsaid: what words imply about the figure, and what lies outside everything that it speaks of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from jixiao.authoring.criteria.bands import COUNTED, Band, Sorted
from jixiao.authoring.criteria.draft import YES, Work, shown
from jixiao.authoring.criteria.phrases import Amount, Change, Clause, Every, Given, Mark
from jixiao.text import denies

DAYS = ("天", "日", "个工作日", "月", "个月", "小时", "周")
_LATE = re.compile(r"逾期|延迟|延期|延误|推迟|拖延|迟|晚|超期|超时")
MET = re.compile(
    r"(?:符合|满足|具备|达到|达标|做到|完成|落实|公开|建立|开展)(?:其中|要求|条件|标准|的|任[意1])*$"
)

_ALL_MET = re.compile(
    r"(?:条件|要点|要求|指标|内容|标准)*(?:均|都|全部|全|同时)+(?:符合|具备|满足|达到|达标|完成|做到|落实|齐全)(?:要求|条件|标准)*"
)
_DONE = re.compile(
    r"(?:下达|拨付|完成|办结|报送|公开|支付|提交|到位|批复|完工|验收|上报|上缴|答复)(?:到位|完毕)?"
)


def recast(clauses: Sequence[Clause], full: Decimal) -> None:
    """Rewrite such clauses in place."""
    _deadlines(clauses)
    _whole_rates(clauses)
    _met_ones(clauses, full)
    _all_met(clauses)


def _all_met(clauses: Sequence[Clause]) -> None:
    """3个条件均具备得3分，具备2个得2分: told in one series, the first is a count like the others."""
    if any(c.every is not None for c in clauses):
        return
    series = [c for c in clauses if len(c.ranges) == 1 and c.ranges[0].bare and c.ranges[0].unit in COUNTED]
    plain = [c for c in series if not c.after and c.words and MET.search(c.words[-1])]
    for clause in series:
        alike = any(c.ranges[0].unit == clause.ranges[0].unit for c in plain)
        if alike and len(clause.after) == 1 and _ALL_MET.fullmatch(clause.after[0]):
            clause.words, clause.after = [], []


def _deadlines(clauses: Sequence[Clause]) -> None:
    late = [
        c for c in clauses if c.every is not None and c.every.each.unit in DAYS and _LATE.search(_told(c))
    ]
    days = {r.unit for c in clauses for r in c.ranges if r.unit in DAYS and not c.after}
    for clause in clauses if days and not late else ():
        if len(clause.after) == 1 and _DONE.fullmatch(clause.after[0]) and clause.ranges[0].unit in days:
            clause.after = []  # 30日内下达得6分，超过30日的…: the days alone decide
    for clause in clauses if late else ():
        kept = [r.low is None and r.unit in DAYS for r in clause.ranges]
        if clause.every is None and kept == [True] and clause.after and isinstance(clause.action, Given):
            clause.words, clause.after, clause.ranges = [clause.text], [], []


def _told(clause: Clause) -> str:
    return f"{clause.text}{clause.every.words if clause.every is not None else ''}"


def _whole_rates(clauses: Sequence[Clause]) -> None:
    counts = {c.every.each.unit for c in clauses if c.every is not None}
    if not counts or not counts <= set(COUNTED):
        return
    rates = [c for c in clauses if c.every is None and any(r.unit == "%" for r in c.ranges)]
    if len(rates) == 1 and rates[0].after and [r.point for r in rates[0].ranges] == [Decimal(1)]:
        rates[0].words, rates[0].after, rates[0].ranges = [rates[0].text], [], []


def _met_ones(clauses: Sequence[Clause], full: Decimal) -> None:
    acting = [c for c in clauses if c.action is not None and c.every is None]
    counted = [c for c in acting if any(r.bare and r.unit in COUNTED for r in c.ranges)]
    if len(counted) != 1 or any(c.every is not None for c in clauses):
        return
    clause, (found, *more) = counted[0], counted[0].ranges
    points = clause.action.points if isinstance(clause.action, Given) else None
    others = [c for c in acting if c is not clause and not _none_or_all(c, full)]
    said = bool(clause.words) and bool(MET.search(clause.words[-1]))
    if more or others or not said or clause.after or found.point != 1 or not points:
        return
    if points < full and full % points == 0 and not any(_all(c, full) for c in acting):
        each = Amount(Decimal(1), found.unit)
        clause.every = Every(found.start, found.end, 0, each, None, words=clause.words[-1])
        clause.ranges = []


def _none_or_all(clause: Clause, full: Decimal) -> bool:
    return (isinstance(clause.action, Given) and clause.action.points == 0) or _all(clause, full)


def _all(clause: Clause, full: Decimal) -> bool:
    action = clause.action
    return isinstance(action, Given) and (action.share == 1 or action.points == full)


__all__ = ["DAYS", "MET", "recast"]


_IN_TIME = re.compile(r"及时|按时|按期|准时|如期|在规定时间")
_WITHIN = re.compile(r"(?:预算|计划|标准|限额|编制|期限)(?:数|额|金额)?(?:以|之)?内|控制")
_BEYOND = re.compile(r"^(?:[,、若如]|每)*(?:逾期|超期|超时|延迟|延期|迟报|迟|推迟|超过|超出|超|超支)")
_REACHED = re.compile(r"全部|完成|达到|达成|实现|目标|达标|^符合(?:要求|规定|标准)$|^满足(?:要求|规定|标准)$")


def implied(work: Work) -> None:
    """What words say about the figure: 完成目标 is 100%, 未完成 of counted things is none."""
    held = [b for b in work.bands if isinstance(b.value, Decimal)]
    below = [b for b in held if b.value != work.full and (b.low is None or b.low < 1)]
    if (
        denies(work.full_words)
        or _WITHIN.search(work.full_words)
        or (work.unit != "%" and _IN_TIME.search(work.full_words))
        or (work.unit in DAYS and work.said_full and any(map(_beyond, work.reading.clauses)))
    ):
        _none_of_it(work, held)
    elif (
        _REACHED.search(work.full_words)
        and work.unit == "%"
        and held
        and len(below) == len(held)
        and not work.steps
    ):
        work.bands.append(Band(Decimal(1), Mark.IN, None, Mark.SOFT, work.full))
        work.built.notes.append("“完成”按达到100%理解")
    _late(work, held)
    if work.counted and _met(work, held):
        return
    none = work.counted and bool(held) and not any(b.strength(Decimal(0), counted=True) for b in held)
    if none and work.said_full and not work.steps and _fewer_is_better(held, work.full):
        work.bands.append(Band(Decimal(0), Mark.IN, Decimal(0), Mark.IN, work.full))
    elif none and work.said_zero:
        work.bands.append(Band(Decimal(0), Mark.IN, Decimal(0), Mark.IN, Decimal(0)))


def _met(work: Work, held: list[Band]) -> bool:
    """只满足1项得2分，都不满足不得分: what is met is counted; all of them is one more than the last that is told."""
    told = [c for c in work.reading.clauses if c.ranges and isinstance(c.action, Given) and c.words]
    if not held or not told or not all(MET.search(c.words[-1]) for c in told) or work.steps:
        return False
    most = max((b.high for b in held if b.high is not None), default=Decimal(0))
    if work.said_full and all(b.value != work.full for b in held):
        work.bands.append(Band(most + 1, Mark.IN, None, Mark.SOFT, work.full))
    if work.said_zero and not any(b.strength(Decimal(0), counted=True) for b in held):
        work.bands.append(Band(Decimal(0), Mark.IN, Decimal(0), Mark.IN, Decimal(0)))
    if any(b.value == work.full for b in work.bands):
        work.built.answers[YES] = work.full
    return True


def _beyond(clause: Clause) -> bool:
    return bool(clause.ranges) and bool(_BEYOND.search(clause.text))


def _fewer_is_better(held: list[Band], full: Decimal) -> bool:
    """Whether the band of the smallest count gives most, and less than the full points."""
    values = [b.value for b in sorted(held, key=lambda b: b.low or Decimal(0))]
    return bool(max(values) == values[0] < full)


def _late(work: Work, held: list[Band]) -> None:
    """逾期10天以内扣1分，逾期20天以上不得分: only what goes wrong is told; up to zero nothing has."""
    acting = [c for c in work.reading.clauses if c.action is not None]
    costs = all(_costs(c) for c in acting) and any(isinstance(c.action, Change) for c in acting)
    first = next((b for b in held if b.low is None), None)
    if (
        costs
        and first is not None
        and first.high is not None
        and first.high > 0
        and any(_BEYOND.search(c.text) for c in acting)
    ):
        first.low, first.low_mark = Decimal(0), Mark.OUT
        work.bands.append(Band(None, Mark.SOFT, Decimal(0), Mark.IN, work.full))


def _costs(clause: Clause) -> bool:
    action = clause.action
    none = isinstance(action, Given) and action.points == 0
    return none or (isinstance(action, Change) and action.sign < 0)


def _none_of_it(work: Work, held: list[Band]) -> None:
    """未超支不扣分: the first band begins above zero, and up to zero the points are full."""
    first = next((b for b in held if b.low is None and b.value != work.full), None)
    if first is not None and first.high is not None and first.high > 0 and not work.steps:
        low, mark = Decimal(0), Mark.OUT
        for band in sorted((b for b in held if b.low is None and b.high), key=lambda b: b.high or low):
            if band.value != work.full and band.high is not None and band.high > low:
                band.low, band.low_mark = low, mark  # 延期10天以内, 延期30天以内
                low, mark = band.high, Mark.IN if band.high_mark is Mark.OUT else Mark.OUT
        work.bands.append(Band(None, Mark.SOFT, Decimal(0), Mark.IN, work.full))
        work.built.notes.append(f"“{work.full_words}”按不超过0理解")


def ladder(bands: list[Band]) -> None:
    """达到90%得5分，80%得4分，70%得3分，70%以下不得分: the figures between are rungs, each held from there upward."""
    held = sorted((b for b in bands if b.low is not None), key=lambda b: b.low or Decimal(0), reverse=True)
    rungs, below = held[1:], [b for b in bands if b.low is None]
    plain = all(b.low == b.high and isinstance(b.value, Decimal) for b in rungs)
    if not rungs or not plain or held[0].high is not None or len(below) != 1:
        return
    values = [b.value for b in (*held, *below)]
    falling = all(isinstance(v, Decimal) for v in values) and values == sorted(values, reverse=True)
    if falling and len(set(values)) == len(values) and below[0].high == rungs[-1].low:
        for rung in rungs:
            rung.high, rung.high_mark = None, Mark.SOFT
        below[0].high_mark = Mark.OUT


def close_small_gaps(bands: list[Band], unit: str) -> None:
    """95%—99.99%: the last figure before the next band, written out; the band ends where that one begins."""
    small = Decimal("0.0001") if unit == "%" else Decimal("0.01") if unit in ("分", "") else None
    lows = {b.low for b in bands if b.low is not None}
    for band in bands:
        high = band.high
        if small is None or high is None or high in lows or (high / small) % 10 != 9:
            continue
        near = next((low for low in lows if 0 < low - high <= small), None)
        if near is not None:
            band.high, band.high_mark = near, Mark.OUT


def gap(work: Work, a: Decimal | None, b: Decimal | None) -> None:
    """A stretch or figure between bands that none covers."""
    if work.counted and a != b and a is not None and b is not None and b - a <= 1:
        return
    if a == b and a is not None:
        work.built.questions.append(f"{shown(a, work.unit)}不在任何一档内，此时由评价人核定")
        return
    low = "" if a is None else shown(a, work.unit)
    high = "" if b is None else shown(b, work.unit)
    work.built.doubt(f"{low}至{high}之间没有写明得分，档次之间有空档")


def ends(work: Work, made: Sorted) -> None:
    """What lies below and above everything the text speaks of."""
    first, last = made.atoms[0], made.atoms[-1]
    low, high = first[1], last[0]
    if first[2] is None and low is not None and low > 0 and not (work.counted and low <= 1):
        work.built.questions.append(f"低于{shown(low, work.unit)}时的得分没有写明，此时由评价人核定")
    if last[2] is None and high is not None:
        natural = work.unit == "%" and high == 1
        text = f"超过{shown(high, work.unit)}时的得分没有写明，此时由评价人核定"
        (work.built.notes if natural else work.built.questions).append(text)
