"""What the intake reads from files, as lines: every fact with its place, every record, every finding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from jixiao import intake


def reading_text(files: Sequence[Path], *, short: bool = False) -> str:
    """Facts, records, sheets and findings of files; ``short``: names, values and cells only."""
    reading = intake.read(files)
    return "\n".join([*_facts(reading, short), *_records(reading, short), *_rest(reading)])


def _facts(reading: Any, short: bool) -> Iterator[str]:
    if short:
        tables: dict[str, list[str]] = {}
        for fact in reading.facts:
            place = f"{fact.source.form} {fact.source.sheet}"
            unit = f"{fact.unit}÷{fact.divisor}" if fact.divisor != 1 else fact.unit
            tables.setdefault(place, []).append(f"{fact.name}={fact.value}({unit})@{fact.source.cell}")
        for place, facts in tables.items():
            yield place
            yield from (f"  {fact}" for fact in facts)
        return
    for fact in reading.facts:
        at = fact.source
        yield (
            f"{fact.name} = {fact.value} [{fact.raw!r} {fact.unit} ÷{fact.divisor}] {at.place()} "
            f"{at.form} {at.document} {at.found}{' ' if fact.note else ''}{fact.note}"
        )


def _records(reading: Any, short: bool) -> Iterator[str]:
    for kind, records in reading.records.items():
        yield f"{kind}: {len(records)}"
        for record in records:
            values = " ".join(f"{key}={value}" for key, value in record.values.items() if value is not None)
            places = " ".join(f"{key}@{source.cell}" for key, source in record.sources.items())
            yield f"  {values}" if short else f"  {values} [{places}]"


def _rest(reading: Any) -> Iterator[str]:
    for sheet in reading.sheets:
        yield f"sheet {sheet.name}: {sheet.form or '-'} {sheet.title} {sheet.unit}".rstrip()
    yield from (finding.line() for finding in reading.findings)
