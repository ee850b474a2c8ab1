"""Points against their own rule: scores/rules.yaml over the rows of the score table -> findings."""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from importlib import resources
from itertools import combinations
from pathlib import Path

from jixiao.checks.saying import LISTED, listed
from jixiao.model import (
    Body,
    Expr,
    ExprError,
    Finding,
    Findings,
    ParseError,
    Record,
    Source,
    Value,
    half_up,
    is_condition,
    load_yaml,
    make,
    parse,
    plain,
)

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


_ACCOUNT = re.compile(r"科目[“\"「]([^”\"」]{2,30})[”\"」]")
ALIKE = 0.5
CODES = ("J221", "J222", "J223", "J224", "J225", "J226", "J227", "J228", "J229")
"""What a rule about points may say: these have the words that a row gives."""


@dataclass(frozen=True, slots=True)
class ScoreRule:
    """A rule about points: what it says (``code``), when, and the cells it names."""

    code: str
    topic: str
    when: Expr
    places: tuple[str, ...]
    together: str = ""


@functools.cache
def rules() -> tuple[ScoreRule, ...]:
    """The package's rules, in order; DefinitionError where the file is wrong."""
    path = Path(str(resources.files("jixiao.checks").joinpath("scores/rules.yaml")))
    return tuple(_rule(body) for body in load_yaml(path)["rules"])


def _rule(body: Body) -> ScoreRule:
    body.only(("code", "topic", "when", "places"), ("together",))
    try:
        when = parse(body.text("when"))
    except ParseError as error:
        raise body.fail(str(error), "when") from error
    unknown = set(when.refs()) - ScoreRow("", Decimal(0)).values().keys()
    if unknown or not is_condition(when):
        raise body.fail(f"when 应为条件，且只能用行中的名称（{'、'.join(sorted(unknown))}）", "when")
    if body.text("code") not in CODES:
        raise body.fail(f"code 应为 {'、'.join(CODES)}", "code")
    places = tuple(map(str, body["places"]))
    return ScoreRule(body.text("code"), body.text("topic"), when, places, str(body.get("together", "")))


def score_findings(rows: Sequence[ScoreRow], records: Sequence[Record] = ()) -> Findings:
    """What is wrong or doubtful about the points of a score table; ``records`` are rows of tables (科目余额表)."""
    made = Findings()
    gathered: dict[str, list[tuple[ScoreRule, ScoreRow]]] = {}
    for row in rows:
        met: set[str] = set()
        for rule in rules():
            if rule.topic in met or not _applies(rule, row):
                continue
            met.add(rule.topic)
            if rule.together:
                gathered.setdefault(rule.code, []).append((rule, row))
            else:
                made.items.append(make(rule.code, *_places(rule, row), level=None, **row.words()))
    made.extend(_together(group) for group in gathered.values())
    for row in rows:
        made.extend(_accounts(row, records))
    return made


def _applies(rule: ScoreRule, row: ScoreRow) -> bool:
    try:
        return rule.when.number(row.values().__getitem__) is True
    except ExprError:
        return False  # a condition about points that are not there


def _places(rule: ScoreRule, row: ScoreRow) -> list[Source]:
    return [source for name in rule.places for source in row.places.get(name, ())]


def _together(group: Sequence[tuple[ScoreRule, ScoreRow]]) -> Finding:
    items = [rule.together.format(**row.words()) for rule, row in group]
    places = [source for rule, row in group[:LISTED] for source in _places(rule, row)]
    return make(group[0][0].code, *places, count=len(group), items=listed(items))


def _accounts(row: ScoreRow, records: Sequence[Record]) -> Iterator[Finding]:
    """An account that a reason names otherwise than the books do."""
    books = {str(r["name"] or "").strip(): r for r in records if r.kind == "ledger" and r["name"]}
    for said in dict.fromkeys(_ACCOUNT.findall(row.reason)) if books else ():
        if any(said in name or name in said for name in books):
            continue
        near = difflib.get_close_matches(said, books, n=1, cutoff=ALIKE)
        found = books[near[0]] if near else None
        places = [*row.places.get("核定理由", ())]
        if found is not None and "name" in found.sources:
            places.append(found.sources["name"])
        nearest = f"，最接近的是“{near[0]}”（{found['code']}）" if found is not None else ""
        yield make("J230", *places, title=row.title, said=said, near=nearest)


__all__ = ["ScorePart", "ScoreRow", "rules", "score_findings"]
