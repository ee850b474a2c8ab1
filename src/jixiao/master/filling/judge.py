"""Judgements of a facts file -> the entry cells of 要点核定 and 评分表. Rule points come first; awards follow."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from jixiao.intake.named import Named
from jixiao.master.book import put
from jixiao.master.book.scoringbook import ScoringBook
from jixiao.model.concept import nearest
from jixiao.model.expr import NOT_APPLICABLE
from jixiao.model.finding import Findings, UsageStop
from jixiao.model.source import Source
from jixiao.rubric import Indicator
from jixiao.scoring import Values

FIELDS = {"verdict": "判定", "points": "给分", "reason": "理由", "evidence": "佐证", "premise": "前提"}


def put_judgements(book: ScoringBook, named: Named, findings: Findings) -> None:
    """Not-applicable first, then verdicts, then awarded points: these are compared with the rule's own points."""
    indicators = {indicator.key: indicator for indicator in book.rubric.indicators()}
    for names in (named.not_applicable, named.awarded, named.self_scores):
        for name in names:
            _known(name, indicators, named)
    for name, reason in named.not_applicable.items():
        _not_applicable(book, indicators[name], reason, findings)
    parts = {part.key for indicator in indicators.values() for part in indicator.rule.leaves()}
    for name, body in named.verdicts.items():
        _verdict(book, name if name in parts else f"{name}_1", body, parts, named)
    for name, points in named.self_scores.items():
        put.put_entry(book, f"{name}.自评分", points)
    values = Values(book.system, book.entries)
    agreeing: list[str] = []
    for name, award in named.awarded.items():
        rule = values.points(f"{name}.规则分")
        if rule is not None and rule == award.points:
            agreeing.append(name)
            continue
        put.put_entry(book, f"{name}.核定分", award.points)
        put.put_entry(book, f"{name}.核定理由", award.reason)
    if agreeing:
        findings.add("J576", count=len(agreeing), titles="、".join(agreeing))


def _known(name: str, indicators: dict[str, Indicator], named: Named) -> None:
    if name not in indicators:
        raise UsageStop("J193", Source(named.file), name=name, near=nearest(name, indicators))


def _not_applicable(book: ScoringBook, indicator: Indicator, reason: str, findings: Findings) -> None:
    done = False
    for part in indicator.rule.leaves():
        key = f"{part.key}.适用"
        if key in book.system.entries:
            put.put_entry(book, key, NOT_APPLICABLE)
            if reason:
                put.put_entry(book, f"{part.key}.理由", reason)
            done = True
    if not done:
        findings.add("J574", title=indicator.key)


def _verdict(book: ScoringBook, key: str, body: dict[str, Any], parts: set[str], named: Named) -> None:
    if key not in parts:
        raise UsageStop("J193", Source(named.file), name=key, near=nearest(key, parts))
    for name, column in FIELDS.items():
        entry = f"{key}.{column}"
        if name in body and entry in book.system.entries:
            value = body[name]
            put.put_entry(book, entry, value if isinstance(value, Decimal) else str(value))
