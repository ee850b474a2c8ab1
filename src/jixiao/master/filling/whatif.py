"""What a contradiction means for the points: the score once more with the other document's figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from jixiao.checks import Checked, Outcome
from jixiao.checks.wording import amount, both
from jixiao.master.book.scoringbook import ScoringBook
from jixiao.model import Finding, make, plain
from jixiao.scoring import Scorecard, score

MOST = 12
"""Contradictions that are tried; where there are more, something else is wrong."""


def consequences(book: ScoringBook, card: Scorecard, checked: Sequence[Checked]) -> Iterator[Finding]:
    """A note for each indicator whose rule points change with the other figure of a contradiction."""
    failing = [one for one in checked if one.outcome is Outcome.FAILS and one.relation == "="]
    for one in failing[:MOST]:
        if len(one.left.terms) != 1 or len(one.right.terms) != 1:
            continue
        name, value = one.left.terms[0].fact.name, one.right.value
        if name not in book.rubric.facts or one.left.value != book.entries.get(name) or value is None:
            continue
        other = score(book.system, {**book.entries, name: value})
        document = one.right.terms[0].fact.source.document or one.right.text
        for before, after in zip(card.indicators, other.indicators, strict=True):
            if before.rule_points != after.rule_points:
                yield make(
                    "J231",
                    *both(one),
                    name=name,
                    document=document,
                    value=amount(value, one.unit),
                    title=before.title,
                    before=_points(before.rule_points),
                    after=_points(after.rule_points),
                )


def _points(value: Decimal | None) -> str:
    return "待核定 " if value is None else plain(value)
