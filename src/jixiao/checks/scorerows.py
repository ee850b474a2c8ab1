"""The score table as plain data for the checks on points: what a rule gave, what a person gave, and why."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations

from jixiao.model import Source, Value, half_up, plain

LONGEST_MEAN = 12
"""Targets whose means are tried: more would find one by chance."""
_DENIED = r"(?:未|没有|缺少|缺|无)[^。；，,;]{0,20}?"
_BETWEEN = re.compile(r"[、，,/和及与或]|以及|其他|相关|等")


@dataclass(frozen=True, slots=True)
class ScorePart:
    """A scoring point: ``filled`` whether a person judged it, ``judged`` whether a person has to.

    ``requires`` is the evidence without which it gives nothing, ``premise`` what was entered about it (有, 无, blank).
    """

    title: str
    full: Decimal
    judged: bool = False
    filled: bool = False
    requires: str = ""
    premise: str = ""


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One indicator. Points are None where there are none; ``given`` is what a person awarded.

    ``missing`` are the figures that its rule reads and that were not obtained; ``rates`` the completion of the
    targets that it reads; ``places`` the cells of the row by column (核定分, 规则分, 核定理由, 评分标准, 缺数 …).
    """

    title: str
    full: Decimal
    rule: Decimal | None = None
    given: Decimal | None = None
    points: Decimal | None = None
    applies: bool = True
    reason: str = ""
    evidence: str = ""
    parts: Sequence[ScorePart] = ()
    missing: Sequence[str] = ()
    rates: Sequence[Decimal] = ()
    places: Mapping[str, Sequence[Source]] = field(default_factory=dict)

    def values(self) -> dict[str, Value]:
        """What the conditions of the rules may ask for; 1 and 0 stand for yes and no."""
        judged = [part for part in self.parts if part.judged]
        return {
            "满分": self.full,
            "规则分": self.rule,
            "核定分": self.given,
            "不适用": _flag(not self.applies),
            "有理由": _flag(bool(self.reason)),
            "有佐证": _flag(bool(self.evidence)),
            "缺数": Decimal(len(self.missing)),
            "要点数": Decimal(len(judged)),
            "已判要点数": Decimal(sum(part.filled for part in judged)),
            "计算要点数": Decimal(len(self.parts) - len(judged)),
            "无前提": _flag(bool(self.without())),
            "前提未确认": _flag(any(part.requires and not part.premise for part in self.parts)),
            "超额未封顶": _flag(bool(self.uncapped())),
        }

    def words(self) -> dict[str, str]:
        """What the messages may say."""
        given, rule = self.given, self.rule
        return {
            "title": self.title,
            "full": plain(self.full),
            "given": "" if given is None else plain(given),
            "rule": "" if rule is None else plain(rule),
            "more": "" if given is None or rule is None else ("多" if given > rule else "少"),
            "difference": "" if given is None or rule is None else plain(abs(given - rule)),
            "missing": "、".join(self.missing),
            "requires": "、".join(dict.fromkeys(part.requires for part in self.parts if part.requires)),
            "without": "、".join(self.without()),
            "rates": "、".join(f"{plain(half_up(rate * 100, 2))}%" for rate in self.uncapped()),
            "left_out": _left_out(self.rates, self.uncapped()),
            "parts": str(len(self.parts)),
        }

    def without(self) -> list[str]:
        """The required evidence that is not there, by entry or by the reason's own words."""
        return [
            part.requires
            for part in self.parts
            if part.requires and (part.premise == "无" or (not part.premise and self._denies(part.requires)))
        ]

    def _denies(self, requires: str) -> bool:
        names = [name for name in _BETWEEN.split(requires) if len(name) > 1]
        return any(re.search(_DENIED + re.escape(name), self.reason) for name in names)

    def uncapped(self) -> Sequence[Decimal]:
        """The completion rates whose plain mean, without a cap at 100 %, gives the awarded points."""
        given, few = self.given, len(self.rates) <= LONGEST_MEAN
        if given is None or given == self.rule or not few or not any(rate > 1 for rate in self.rates):
            return ()
        sizes = dict.fromkeys((len(self.rates), 1, 2))
        for size in (size for size in sizes if 0 < size <= len(self.rates)):
            for some in combinations(self.rates, size):
                mean = sum(some, Decimal(0)) / size
                if any(rate > 1 for rate in some) and half_up(self.full * mean, 2) == given:
                    return some
        return ()


def _flag(true: bool) -> Decimal:
    return Decimal(int(true))


def _left_out(rates: Sequence[Decimal], used: Sequence[Decimal]) -> str:
    return f"，其余{len(rates) - len(used)}个目标没有计入" if used and len(used) < len(rates) else ""
