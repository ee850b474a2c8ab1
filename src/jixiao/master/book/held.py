"""What a workbook holds of its sources: facts and records as text in the hidden sheet, linked ones as their cell is now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from jixiao.master.book.link import Link
from jixiao.master.book.scoringbook import ScoringBook
from jixiao.model import Fact, Found, Record, Source

SOURCE_FIELDS = ("file", "sheet", "cell", "label", "form", "document", "sha256")


@dataclass(frozen=True, slots=True)
class Located:
    """A fact and, where its table is in this workbook, the link to its cell there."""

    fact: Fact
    link: Link | None


def source_data(source: Source) -> list[str]:
    """A source as a short list."""
    return [*(getattr(source, name) for name in SOURCE_FIELDS), source.found.value]


def source_of(data: Sequence[Any]) -> Source:
    """The source of ``source_data``."""
    file, sheet, cell, label, form, document, sha256, found = (str(item) for item in data)
    return Source(file, sheet, cell, label, form, document, sha256, Found(found))


def value_data(value: Decimal | str | None) -> Any:
    """A value as plain data; a decimal keeps every digit."""
    return {"d": str(value)} if isinstance(value, Decimal) else value


def value_of(value: Any) -> Any:
    """The value of ``value_data``."""
    return Decimal(value["d"]) if isinstance(value, dict) else value


def located_data(items: Sequence[Located]) -> list[Any]:
    """Facts as plain data."""
    made = []
    for item in items:
        fact, link = item.fact, item.link
        linked = _link_data(link) if link else None
        made.append(
            [
                fact.name,
                value_data(fact.value),
                source_data(fact.source),
                fact.raw,
                fact.unit,
                str(fact.divisor),
                linked,
            ]
        )
    return made


def located_of(data: Sequence[Any]) -> list[Located]:
    """The facts of ``located_data``."""
    made = []
    for name, value, source, raw, unit, divisor, linked in data:
        fact = Fact(name, value_of(value), source_of(source), raw=raw, unit=unit, divisor=Decimal(divisor))
        made.append(Located(fact, _link_of(linked) if linked else None))
    return made


def links_of(data: Sequence[Any]) -> Iterator[tuple[int, Link]]:
    """The links of ``located_data`` with the positions of their facts."""
    for position, item in enumerate(data):
        if item[-1]:
            yield position, _link_of(item[-1])


def records_data(records: Sequence[Record], links: Sequence[dict[str, Link]]) -> list[Any]:
    """Records as plain data, each field with the link to its cell where its table is in this workbook."""
    made = []
    for item, linked in zip(records, links, strict=True):
        values = {name: value_data(value) for name, value in item.values.items()}
        sources = {name: source_data(source) for name, source in item.sources.items()}
        places = {name: _link_data(link) for name, link in linked.items()}
        made.append([item.kind, values, sources, item.form, item.document, item.block, item.line, places])
    return made


def records_of(data: Sequence[Any]) -> list[tuple[Record, dict[str, Link]]]:
    """The records of ``records_data`` with their links."""
    made = []
    for kind, values, sources, form, document, block, line, linked in data:
        back = {name: value_of(value) for name, value in values.items()}
        places = {name: source_of(source) for name, source in sources.items()}
        links = {name: _link_of(link) for name, link in linked.items()}
        made.append((Record(kind, back, places, form, document, block, int(line)), links))
    return made


def _link_data(link: Link) -> list[Any]:
    return [link.sheet, link.ref, str(link.divisor), link.blank_is_zero]


def _link_of(data: Sequence[Any]) -> Link:
    return Link(data[0], data[1], Decimal(data[2]), bool(data[3]))


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
