"""What a workbook holds of its sources: facts and records, linked ones with the value their cell has now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from jixiao.master.book.keep import Located, links_of, located_of, records_of
from jixiao.master.book.link import Link
from jixiao.master.book.scoringbook import ScoringBook
from jixiao.model import Record


def located_now(book: ScoringBook) -> list[Located]:
    """The facts kept in the workbook, linked ones with the value their cell has now."""
    made = []
    for item in located_of(book.kept("located")):
        value = _current(book, item.link) if item.link else item.fact.value
        made.append(Located(replace(item.fact, value=value), item.link))
    return made


def linked_now(book: ScoringBook) -> Iterator[tuple[int, Decimal | str]]:
    """(position among the kept facts, value now) of the linked ones, without making the facts: ``score`` is in a hurry."""
    for position, link in links_of(book.kept("located")):
        yield position, _current(book, link)


def records_now(book: ScoringBook) -> list[tuple[Record, dict[str, Link]]]:
    """The records kept in the workbook, linked fields with the value their cell has now."""
    made = []
    for record, links in records_of(book.kept("records")):
        for name, link in links.items():
            value = _current(book, link)
            record.values[name] = value if isinstance(value, Decimal) else None
        made.append((record, links))
    return made


def _current(book: ScoringBook, link: Link) -> Decimal | str:
    cell = book.sheet(link.sheet).get(link.ref) if link.sheet in book.book.sheet_names else None
    value = link.value(cell)
    return value if isinstance(value, Decimal) else ""
