"""Self-evaluation and review side by side, per indicator what changed and why: two workbooks, or 自评分 and 核定分 of one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from jixiao.master import ScoringBook, open_scoring_book, scored
from jixiao.model import Findings, Source, UsageStop, Value, plain
from jixiao.rubric import Indicator, Rubric
from jixiao.scoring import Keys, Scorecard, Scored, as_own, json_number
from jixiao.text import letters

STATUS = {"scored": "已评", "not_applicable": "不适用", "pending": "待核定"}
ZERO = Decimal(0)
LISTED = 8  # open indicators named in the sentence


@dataclass(frozen=True, slots=True)
class FactChange:
    """A fact that the two workbooks hold with different values; an empty text is no value."""

    name: str
    unit: str
    before: str
    after: str

    def line(self) -> str:
        """The change as a clause."""
        values = [f"{text}{self.unit}" if text else "未填" for text in (self.before, self.after)]
        return f"{self.name}由{values[0]}变为{values[1]}"


@dataclass(frozen=True, slots=True)
class Change:
    """One indicator in both workbooks. ``own`` is what the reviewed workbook records as 自评分."""

    number: str
    title: str
    group: str
    before: Scored
    after: Scored
    own: Decimal | None
    facts: tuple[FactChange, ...]

    @property
    def pending(self) -> bool:
        """Whether one side is open, so that there is no difference to speak of."""
        return "pending" in (self.before.status, self.after.status)

    @property
    def difference(self) -> Decimal:
        """Points of the second less points of the first; 0 where one of them is open (``pending``)."""
        return ZERO if self.pending else (self.after.points or ZERO) - (self.before.points or ZERO)

    @property
    def changed(self) -> bool:
        """Whether points, rule points, status or facts differ."""
        sides = {
            (side.points, side.rule_points, side.status, side.full) for side in (self.before, self.after)
        }
        return len(sides) > 1 or bool(self.facts)

    def why(self) -> str:
        """The reason of the change: what the reviewer wrote, facts that changed, or another status."""
        reasons = []
        if self.before.status != self.after.status:
            reasons.append(f"{STATUS[self.before.status]}改为{STATUS[self.after.status]}")
        reasons += [change.line() for change in self.facts]
        if self.after.awarded and self.after.reason:
            reasons.append(self.after.reason)
        elif self.difference and not self.facts:
            reasons.append(self.after.explanation)
        return "；".join(reasons)

    def data(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "number": self.number,
            "title": self.title,
            "group": self.group,
            "before": _side(self.before),
            "after": _side(self.after),
            "self_points": json_number(self.own),
            "difference": None if self.pending else json_number(self.difference),
            "pending": self.pending,
            "changed": self.changed,
            "why": self.why(),
            "facts": [asdict(fact) for fact in self.facts],
        }


def _side(item: Scored) -> dict[str, Any]:
    return {
        "points": json_number(item.points),
        "rule_points": json_number(item.rule_points),
        "full": json_number(item.full),
        "status": item.status,
        "awarded": item.awarded,
        "reason": item.reason,
    }


@dataclass(slots=True)
class Comparison:
    """The whole comparison; amounts are points."""

    before: Scorecard
    after: Scorecard
    changes: list[Change]
    facts: list[FactChange]
    findings: Findings = field(default_factory=Findings)
    alone: bool = False
    """Both sides are of one workbook: 自评分 and what was awarded."""

    def summary(self) -> str:
        """The sentence for the report: both totals, what was taken off or added, and where.

        While indicators are open there is no such sentence: it says which they are, and what differs in the others.
        """
        if self.pending():
            return self._unfinished()
        one, two = self.before.total, self.after.total
        moved = two - one
        text = f"自评{one:.2f}分，核查{two:.2f}分，{_moved(moved)}"
        parts = list(self._by_group())
        return f"{text}，其中：{'；'.join(parts)}。" if parts else f"{text}。"

    def pending(self) -> list[str]:
        """The indicators that are open in one of the workbooks."""
        return [change.title for change in self.changes if change.pending]

    def _unfinished(self) -> str:
        lacking = "没有自评分" if self.alone else "待核定"
        sides = [
            f"{name}已定{card.total:.2f}分（{count}项{what}）" if count else f"{name}{card.total:.2f}分"
            for name, card, what in (("自评", self.before, lacking), ("核查", self.after, "待核定"))
            for count in [sum(row.status == "pending" for row in card.indicators)]
        ]
        titles, groups = self.pending(), list(self._by_group())
        named = f"{'、'.join(titles[:LISTED])}{f'等{len(titles)}项' if len(titles) > LISTED else ''}"
        rest = f"其余指标中，{'；'.join(groups)}" if groups else "其余指标无增减"
        if len(titles) == len(self.changes):
            rest = "没有可以比较的指标"
        open_ones = "没有自评分或待核定" if self.alone else "待核定"
        return f"{'，'.join(sides)}，不能比较总分；{open_ones}：{named}。{rest}。"

    def _by_group(self) -> Iterator[str]:
        for group in dict.fromkeys(change.group for change in self.changes):
            own = [change for change in self.changes if change.group == group and change.difference]
            if own:
                items = "、".join(f"{c.title}{_moved(c.difference)}" for c in own)
                yield f"{group}{_moved(sum((c.difference for c in own), ZERO))}（{items}）"

    def data(self) -> dict[str, Any]:
        """One object for ``compare --json``."""
        return {
            "rubric": self.after.rubric,
            "before": _card(self.before),
            "after": _card(self.after),
            "difference": None if self.pending() else json_number(self.after.total - self.before.total),
            "pending": self.pending(),
            "summary": self.summary(),
            "indicators": [change.data() for change in self.changes],
            "facts": [asdict(fact) for fact in self.facts],
            "findings": [finding.data() for finding in self.findings],
        }


def _card(card: Scorecard) -> dict[str, Any]:
    return {
        "unit": card.unit,
        "year": card.year,
        "total": json_number(card.total),
        "pending": sum(row.status == "pending" for row in card.indicators),
        "rule_total": json_number(card.rule_total),
        "grade": card.grade,
    }


def _moved(points: Decimal) -> str:
    if not points:
        return "无增减"
    return f"{'核减' if points < 0 else '核增'}{plain(abs(points))}分"


def compare(before: Path, after: Path | None = None) -> Comparison:
    """Compare the workbook of the self-evaluation with that of the review, or the 自评分 of one with what was awarded.

    UsageStop where their rubrics or units differ, or the one holds no 自评分; a note where their years differ.
    """
    if after is None:
        return _of_one(open_scoring_book(before))
    one, two = open_scoring_book(before), open_scoring_book(after)
    places = (Source(before.name), Source(after.name))
    if one.rubric.id != two.rubric.id:
        raise UsageStop("J770", *places, one=one.rubric.name, two=two.rubric.name)
    first, second = scored(one), scored(two)
    units = [letters(card.unit) for card in (first, second)]
    if all(units) and units[0] not in units[1] and units[1] not in units[0]:
        raise UsageStop("J777", *places, one=first.unit, two=second.unit)
    findings = Findings()
    if first.year != second.year:
        findings.add("J771", *places, one=first.year or "未填", two=second.year or "未填")
    changes = _fact_changes(one, two)
    return Comparison(first, second, list(_changes(two, first, second, changes)), changes, findings)


def _of_one(book: ScoringBook) -> Comparison:
    """The points that the unit gave itself against those that were awarded."""
    known = {item.key: book.entries.get(Keys(item.key).own_points) for item in book.rubric.indicators()}
    own = {title: points for title, points in known.items() if isinstance(points, Decimal)}
    if not own:
        raise UsageStop("J778", Source(book.path.name))
    card = scored(book)
    before = as_own(card, book.rubric, own)
    return Comparison(before, card, list(_changes(book, before, card, [])), [], alone=True)


def _changes(book: ScoringBook, one: Scorecard, two: Scorecard, facts: list[FactChange]) -> Iterator[Change]:
    groups = {i.key: first.title for first in book.rubric.firsts for s in first.seconds for i in s.indicators}
    known = {item.title for item in one.indicators}
    for indicator in book.rubric.indicators():
        if indicator.key not in known:
            continue
        reads = _reads(book.rubric, indicator)
        own = book.entries.get(Keys(indicator.key).own_points)
        yield Change(
            indicator.number, indicator.key, groups.get(indicator.key, book.rubric.extra_title),
            one[indicator.key], two[indicator.key], own if isinstance(own, Decimal) else None,
            tuple(fact for fact in facts if fact.name in reads),
        )  # fmt: skip


def _reads(rubric: Rubric, indicator: Indicator) -> set[str]:
    """Facts that an indicator's rule reads, through its quantities too."""
    found: set[str] = set()
    waiting = list(indicator.rule.reads)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        quantity = rubric.quantities.get(name)
        waiting += quantity.reads if quantity is not None else ()
    return found


def _fact_changes(one: ScoringBook, two: ScoringBook) -> list[FactChange]:
    made = []
    for name, need in two.rubric.facts.items():
        before, after = (_text(book.entries.get(name)) for book in (one, two))
        if before != after:
            made.append(FactChange(name, need.concept.unit, before, after))
    return made


def _text(value: Value) -> str:
    return plain(value) if isinstance(value, Decimal) else str(value or "")
