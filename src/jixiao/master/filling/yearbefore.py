"""What the year before held: last year's scoring workbook, or last year's source files."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from jixiao.intake import read as read_sources
from jixiao.master.book.scoringbook import ScoringBook, open_scoring_book
from jixiao.master.filling.recheck import held
from jixiao.model import FactSet, Record, Refused, Source, UsageStop, plain
from jixiao.scoring.entry import UNIT, YEAR


def year_before(
    book: ScoringBook, paths: Sequence[Path], definitions: Sequence[Path]
) -> tuple[FactSet, list[Record]]:
    """The facts and rows of last year's scoring workbook, or of last year's source files.

    UsageStop (2) where a scoring workbook is of the same or a later year (J590), or of another unit (J591).
    """
    facts, rows = FactSet(), []
    sources: list[Path] = []
    for path in paths:
        try:
            before = open_scoring_book(path)
        except Refused as stop:
            if stop.finding.code != "J560":
                raise
            sources.append(path)
        else:
            _earlier(book, before, path)
            more, own = held(before)
            facts.add(more)
            rows += own
    if sources:
        reading = read_sources(sources, definitions=definitions)
        facts.add(reading.facts)
        rows += [row for group in reading.records.values() for row in group]
    return facts, rows


def _earlier(book: ScoringBook, before: ScoringBook, path: Path) -> None:
    """Stop where the other workbook is not that of this unit in an earlier year; what is blank is not compared."""
    now, was = _year(book), _year(before)
    if now and was and was >= now:
        raise UsageStop("J590", Source(path.name), file=path.name, said=was, year=now)
    one, other = (_bare(str(each.entries.get(UNIT) or "")) for each in (book, before))
    if one and other and one not in other and other not in one:
        raise UsageStop("J591", Source(path.name), file=path.name, said=other, unit=one)


def _year(book: ScoringBook) -> str:
    value = book.entries.get(YEAR)
    return plain(value) if isinstance(value, Decimal) else "".join(filter(str.isdigit, str(value or "")))


def _bare(name: str) -> str:
    return "".join(ch for ch in name if ch not in " （）()\u3000")
