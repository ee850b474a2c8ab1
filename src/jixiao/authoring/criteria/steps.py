"""每… clauses: where the steps begin, which way they go, and what they cost."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from jixiao.authoring.criteria.bands import Band
from jixiao.authoring.criteria.phrases import Change, Clause, Every, Given, Mark, Range

_FROM_ZERO = re.compile(
    r"变动|差异|增长|偏差|偏离|误差|差错|上年|去年|同期|减少率|下降率|增幅|降幅|超支率|结转率|投诉率|失败率|超出率"
)
_MISSING = re.compile(r"缺|少|欠|差")
_LATE = re.compile(r"逾期|延迟|延误|推迟|拖延|超期|超时|超过")
_TARGET = re.compile(r"目标|计划|预算|指标值|任务")
_TIMES = ("天", "日", "个工作日", "月", "个月", "小时", "周")


@dataclass(slots=True)
class Steps:
    """Points from ``base`` at ``start``, changed by ``change`` for each step; ``way`` 1 up, -1 down, 2 both ways."""

    way: int
    each: Decimal
    change: Decimal
    inclusive: bool | None
    unit: str
    words: str
    low: Decimal | None = None
    high: Decimal | None = None
    start: Decimal = Decimal(0)
    base: Decimal = Decimal(0)
    most: Decimal = Decimal(0)
    given_start: Decimal | None = None
    told: str = ""
    points_step: bool = False
    base_told: Decimal | None = None
    most_lost: Decimal | None = None
    target: Decimal | None = None

    @property
    def gains(self) -> bool:
        """Whether the steps add points."""
        return self.change > 0

    def covers(self, a: Decimal | None, b: Decimal | None) -> bool:
        """Whether a stretch or a single figure lies on the side of the steps, inside the clause's own range."""
        if self.low is not None and (a is None or a < self.low):
            return False
        if self.high is not None and (b is None or b > self.high):
            return False
        above = a is not None and a >= self.start
        below = b is not None and b <= self.start
        if self.way == 2:
            return above or below
        return above if self.way > 0 else below

    def outwards(self, top: Band | None) -> list[Steps]:
        """Steps both ways from the edges of the band that gives full points; itself where there is no such band."""
        if top is None or not top.wide:
            return [self]
        above = replace(self, way=1, low=top.high, high=None, given_start=top.high)
        return [above, replace(self, way=-1, high=top.low, low=None, given_start=top.low)]

    def place(
        self, top: Band | None, base: Range | None, *, said_full: bool, none: bool, full: Decimal
    ) -> str:
        """Settle start and base points; a Chinese question where the text does not say them."""
        if top is not None and top.value == 0:
            top = None  # 每缺一项扣1分，缺3项不得分: the band says where nothing is left, not where the steps begin
        self.base = top.value if top is not None and isinstance(top.value, Decimal) else full
        if self.gains and top is None:
            self.base = Decimal(0)
        problem = self._place(top, base, said_full=said_full, none=none, full=full)
        if self.base_told is not None:
            self.base = self.base_told
        self.most = full if self.gains else self.base
        return problem

    def _place(
        self, top: Band | None, base: Range | None, *, said_full: bool, none: bool, full: Decimal
    ) -> str:
        if self.given_start is not None:
            self.start = self.given_start
        elif self.high is not None and top is not None and top.low == self.high and "超支" in self.words:
            self.start, self.way = self.high, -1  # 节约率<0的，每超支1个百分点
        elif self.low is not None and self.way != -1:
            self.start, self.way = self.low, 1
        elif self.high is not None and self.way != 1:
            self.start, self.way = self.high, -1
        elif base is not None and base.low is not None:
            self.start = base.low
            self.way = self.way or 0
        elif self._from_words(top, said_full=said_full, none=none):
            self.base = full
        elif top is not None:
            return self._from_band(top)
        elif self.target is not None and said_full:
            self.base, self.start = full, self.target
        else:
            return self._from_nothing(said_full)
        return "" if self.way else f"“{self.told}”没有写明是超过还是低于时计算"

    def _from_words(self, top: Band | None, *, said_full: bool, none: bool) -> bool:
        """Whether words alone say where the steps begin: nothing that went wrong, or the target itself."""
        if said_full and self._counts() and (self.way in (0, 1) or _MISSING.search(self.words)):
            self.start, self.way = Decimal(0), 1
        elif said_full and none and self.unit in ("%", "元") and self.way == 1 and top is None:
            self.start = Decimal(0)  # 无结余得满分，每增加10%扣1分
        elif self.unit == "%" and (
            self.each_of_target() or (self.way == 2 and top is None and _TARGET.search(self.told))
        ):
            self.start = Decimal(1)  # 与计划每相差3%
        else:
            return False
        return True

    def _from_band(self, top: Band) -> str:
        if self.way == 0:
            self.way = -1 if top.low is not None and (top.high is None or top.high == top.low) else 1
            if top.low is not None and top.low == top.high:
                self.way = 1 if top.low <= 0 else -1
        if self.unit == "名" and self.way == -1:
            self.way = 1  # a lower place has a higher number
        if self.way == 2:
            if top.low is None or top.low != top.high:
                if top.low is not None and top.low >= 1 and top.high is None and self.unit == "%":
                    self.start = top.low
                    return ""
                return f"“{self.told}”向两个方向计算，但没有写明从哪个数起"
            self.start = top.low
            return ""
        if self.gains and self.way > 0 and top.high is None and top.low is not None:
            top.high, top.high_mark = (
                top.low,
                Mark.IN,
            )  # the award holds at its own figure, from there on it grows
        edge = top.high if self.way > 0 else top.low
        if edge is None:
            return f"“{self.told}”从哪个数起计算没有写明"
        self.start = edge
        return ""

    def _counts(self) -> bool:
        return self.unit not in ("%", "", "元", "名", "分")

    def each_of_target(self) -> bool:
        """每超过预算1%: steps beyond a named target, told as a share of it."""
        return not self.points_step and self.way != 0 and bool(_TARGET.search(self.words))

    def _from_nothing(self, said_full: bool) -> str:
        counts = self._counts()
        late = self.unit in _TIMES
        if counts and (self.way in (0, 1) or _MISSING.search(self.words) or late):
            self.start, self.way = Decimal(0), 1
            return ""
        if self.unit in ("%", "") and self.way == 0 and (self.gains or not self.unit):
            self.start, self.way = Decimal(0), 1
            return ""
        if self.unit == "%" and self.way == 1 and _FROM_ZERO.search(self.told):
            self.start = Decimal(0)
            return ""
        return f"“{self.told}”从哪个数起计算没有写明"


def stepped(clause: Clause, action: Given | Change, full: Decimal, subject: str) -> Steps:
    """The steps of a 每… clause."""
    every = clause.every
    assert isinstance(every, Every)
    share = full * action.share if action.share is not None else None
    points = action.points if action.points is not None else share or Decimal(0)
    sign = action.sign if isinstance(action, Change) else 1
    steps = Steps(
        every.direction, every.each.value, points * sign, every.inclusive, every.each.unit, every.words
    )
    steps.points_step, steps.base_told = every.each.step, clause.label
    steps.told = clause.text or every.words
    if subject and subject not in steps.told:
        steps.told = subject + steps.told
    if every.start_at is not None:
        steps.given_start = every.start_at.value
    for found in clause.ranges:
        if found.bare and (found.step or found.unit not in ("%", "名", "分")):
            continue
        steps.low = found.low if found.low is not None else steps.low
        steps.high = found.high if found.high is not None else steps.high
        if found.point is not None:
            steps.given_start, steps.low, steps.high = found.point, None, None
    return steps
