"""Findings of scoring name keys; here they get the cell of this workbook where the officer finds the thing."""

from __future__ import annotations

from dataclasses import replace

from jixiao.master.book.scoringbook import ScoringBook
from jixiao.master.plan import SCORES
from jixiao.model import Finding, Source
from jixiao.scoring import Scorecard, score


def scored(book: ScoringBook) -> Scorecard:
    """The scorecard of the workbook's entries; every finding names file, sheet and cell."""
    card = score(book.system, book.entries)
    card.findings.items[:] = [_placed(book, finding) for finding in card.findings]
    return card


def _placed(book: ScoringBook, finding: Finding) -> Finding:
    return replace(finding, sources=tuple(_source(book, source) for source in finding.sources))


def _source(book: ScoringBook, source: Source) -> Source:
    if source.file:
        return source
    key = f"{source.label}.核定分" if source.sheet == SCORES else source.label or source.cell
    place = book.plan.places.get(key)
    if place is None:
        return replace(source, file=book.path.name)
    return replace(source, file=book.path.name, sheet=place.sheet, cell=place.ref)
