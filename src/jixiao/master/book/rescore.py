"""Score an open workbook: every cached value becomes what recalculation would give; nothing else changes."""

from __future__ import annotations

from jixiao.master.book import put
from jixiao.master.book.checkcells import refresh_checks
from jixiao.master.book.located import refresh_located
from jixiao.master.book.places import scored
from jixiao.master.book.scoringbook import ScoringBook
from jixiao.scoring import Scorecard


def rescore(book: ScoringBook) -> Scorecard:
    """The scorecard of the workbook's entries; scores, explanations and checks are renewed in memory."""
    card = scored(book)
    card.findings.items[:0] = list(book.findings)
    put.put_cached(book, card.values)
    refresh_located(book)
    failing = refresh_checks(book)
    if failing:
        card.findings.add("J420", book.source("勾稽", "J5"), count=failing)
    return card
