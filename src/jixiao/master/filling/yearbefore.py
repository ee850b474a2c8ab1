"""What the year before held: last year's scoring workbook, or last year's source files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jixiao.intake import read as read_sources
from jixiao.master.book.scoringbook import open_scoring_book
from jixiao.master.filling.recheck import held
from jixiao.model.fact import FactSet
from jixiao.model.finding import Refused
from jixiao.model.record import Record


def year_before(paths: Sequence[Path], definitions: Sequence[Path]) -> tuple[FactSet, list[Record]]:
    """The facts and rows of last year's scoring workbook, or of last year's source files."""
    facts, rows = FactSet(), []
    sources: list[Path] = []
    for path in paths:
        try:
            more, own = held(open_scoring_book(path))
        except Refused as stop:
            if stop.finding.code != "J560":
                raise
            sources.append(path)
        else:
            facts.add(more)
            rows += own
    if sources:
        reading = read_sources(sources, definitions=definitions)
        facts.add(reading.facts)
        rows += [row for group in reading.records.values() for row in group]
    return facts, rows
