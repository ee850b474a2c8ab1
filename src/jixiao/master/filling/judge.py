"""Judgements of a facts file -> the entry cells of 要点核定 and 评分表. Rule points come first; awards follow."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from jixiao.intake import Named
from jixiao.master.book import put
from jixiao.master.book.held import value_data, value_of
from jixiao.master.book.scoringbook import ScoringBook
from jixiao.model import NOT_APPLICABLE, Findings, Source, UsageStop, Value, nearest, plain
from jixiao.rubric import Indicator
from jixiao.scoring import Keys, Values

FIELDS = {"verdict": "判定", "points": "给分", "reason": "理由", "evidence": "佐证", "premise": "前提"}


class Hand:
    """Writes judgements, never over one that a person typed.

    What it wrote is remembered in the workbook, so that a corrected facts file can be brought in again.
    """

    def __init__(self, book: ScoringBook, findings: Findings) -> None:
        self.book, self.findings = book, findings
        self.file = ""
        self.ours: dict[str, Value] = {key: value_of(value) for key, value in book.kept("judged")}

    def put(self, key: str, value: Value) -> bool:
        """Write an entry; False, with a finding, where a person's own stands there."""
        old = self.book.entries.get(key)
        if old is not None and old not in (value, self.ours.get(key)):
            shown = [plain(v) if isinstance(v, Decimal) else str(v) for v in (old, value)]
            source = Source(self.file, label=key.replace(".", " "))
            self.findings.add("J570", source, name=key.replace(".", " "), value=shown[0], found=shown[1])
            return False
        put.put_entry(self.book, key, value)
        self.ours[key] = value
        return True

    def withdraw(self, key: str) -> None:
        """Clear an entry that an earlier file of ours wrote and the present one does not name; a person's stays."""
        if key in self.ours and self.book.entries.get(key) == self.ours[key]:
            put.put_entry(self.book, key, None)
            del self.ours[key]

    def remember(self) -> None:
        """Keep in the workbook what was written."""
        rows = [[key, value_data(value)] for key, value in self.ours.items() if not isinstance(value, bool)]
        put.keep_block(self.book, "judged", rows)


def put_judgements(hand: Hand, named: Named) -> None:
    """Not-applicable first, then verdicts, then awarded points: these are compared with the rule's own points."""
    book, findings = hand.book, hand.findings
    hand.file = named.file
    indicators = {indicator.key: indicator for indicator in book.rubric.indicators()}
    for names in (named.not_applicable, named.awarded, named.self_scores):
        for name in names:
            _known(name, indicators, named)
    for name, reason in named.not_applicable.items():
        _not_applicable(hand, indicators[name], reason)
    parts = {part.key for indicator in indicators.values() for part in indicator.rule.leaves()}
    for name, body in named.verdicts.items():
        _verdict(hand, name if name in parts else f"{name}_1", body, parts)
    for name, points in named.self_scores.items():
        hand.put(Keys(name).own_points, points)
    _texts(hand, named.texts)
    values = Values(book.net, book.entries)
    agreeing: list[str] = []
    for name, award in named.awarded.items():
        rule = values.points(Keys(name).rule_points)
        if rule is not None and rule == award.points:
            agreeing.append(name)
            continue
        if hand.put(Keys(name).awarded, award.points):
            hand.put(Keys(name).reason, award.reason)
    if agreeing:
        findings.add("J576", count=len(agreeing), titles="、".join(agreeing))


def _known(name: str, indicators: dict[str, Indicator], named: Named) -> None:
    if name not in indicators:
        raise UsageStop("J193", Source(named.file), name=name, near=nearest(name, indicators))


def _not_applicable(hand: Hand, indicator: Indicator, reason: str) -> None:
    done = False
    for part in indicator.rule.leaves():
        key = Keys(part.key).applies
        if key in hand.book.net.entries:
            if hand.put(key, NOT_APPLICABLE) and reason:
                hand.put(Keys(part.key).why, reason)
            done = True
    if not done:
        hand.findings.add("J574", title=indicator.key)


def _texts(hand: Hand, texts: dict[str, str]) -> None:
    """The texts for the reports, into the 文字 sheet; each by its short name or the title that the sheet shows."""
    needs = {name: need for need in hand.book.rubric.texts for name in (need.title, need.key)}
    for name, text in texts.items():
        if name not in needs:
            raise UsageStop("J195", Source(hand.file), name=name, near=nearest(name, needs))
        hand.put(needs[name].entry, text)


def _verdict(hand: Hand, key: str, body: dict[str, Any], parts: set[str]) -> None:
    if key not in parts:
        raise UsageStop("J193", Source(hand.file), name=key, near=nearest(key, parts))
    for name, column in FIELDS.items():
        entry = f"{key}.{column}"
        if name in body and entry in hand.book.net.entries:
            value = body[name]
            hand.put(entry, value if isinstance(value, Decimal) else str(value))
