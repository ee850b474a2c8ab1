"""The rubric's own scoring workbook, empty and in memory, filled from the tables found: the same rooms as for a file."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from jixiao.app.desk.foreign.tables import forms
from jixiao.app.desk.foreign.tie import rubric_named
from jixiao.app.desk.own import NOWHERE
from jixiao.intake import Reading
from jixiao.master.book.put import put_entry
from jixiao.master.book.rescore import scored
from jixiao.master.book.scoringbook import ScoringBook, scoring_book_of
from jixiao.master.filling.fill import fill
from jixiao.model import NOT_APPLICABLE, DefinitionError, FindingKind, Findings, Stop, Value
from jixiao.office.guard import open_package
from jixiao.rubric import Indicator, Rubric, shipped, to_json
from jixiao.scoring import Scorecard

KEPT = 32  # rubrics whose empty workbook is kept, some 90 kB each


@dataclass(slots=True)
class Net:
    """A scored net: the card, the workbook in memory behind it, and what was noticed while filling it."""

    card: Scorecard
    book: ScoringBook
    findings: Findings

    def lacking(self, indicator: Indicator) -> list[str]:
        """The figures of the rule that were not found; all of them where none was, so that blanks give no points."""
        needed = self._inputs(indicator)
        missing = [name for name in needed if not self._found(name)]
        facts = self.book.rubric.facts
        grave = [name for name in missing if name not in facts or facts[name].concept.blank != "zero"]
        return grave if len(missing) < len(needed) else missing

    def _found(self, name: str) -> bool:
        keys = self.book.system.columns.get(name)
        if keys is None:
            return self.book.entries.get(name) is not None
        return any(isinstance(self._value(key), Decimal) for key in keys)

    def _value(self, key: str) -> Value:
        return self.card.values[key] if key in self.card.values else self.book.entries.get(key)

    def _inputs(self, indicator: Indicator) -> list[str]:
        """Facts and table columns that a rule reads, also through quantities, in order."""
        waiting, seen = list(indicator.rule.reads), dict[str, None]()
        while waiting:
            name = waiting.pop(0)
            if name not in seen:
                seen[name] = None
                quantity = self.book.rubric.quantities.get(name)
                waiting += quantity.reads if quantity is not None else ()
        system = self.book.system
        return [name for name in seen if name in system.columns or name in system.entries]


def net_of(rubric: Rubric, reading: Reading, file: str, not_applicable: Iterable[str]) -> Net:
    """Fill and score; ``not_applicable`` are indicators that the officer's table says so of."""
    book = scoring_book_of(Path(file), NOWHERE, open_package(_empty(to_json(rubric))))
    # the tables stay where they are: nobody will see this workbook, its facts need no links
    done = fill(book, replace(reading, sheets=[]), None, "")
    wanted = set(not_applicable)
    for indicator in rubric.indicators():
        for part in indicator.rule.leaves() if indicator.key in wanted else ():
            if f"{part.key}.适用" in book.system.entries:
                put_entry(book, f"{part.key}.适用", NOT_APPLICABLE)
    card = scored(book)
    kept = [f for f in (*done.findings, *card.findings) if FindingKind.BOOK not in f.kinds]
    return Net(card, book, Findings(kept))


def prepare(definitions: tuple[Path, ...]) -> None:
    """Keep ready what every press needs: forms and rubrics; wrong definitions are left for later."""
    with contextlib.suppress(Stop, DefinitionError):
        forms(definitions)
    for name in shipped(definitions):
        with contextlib.suppress(Stop):
            rubric_named(name, definitions)


@functools.lru_cache(maxsize=KEPT)
def _empty(definition: str) -> bytes:
    from jixiao.master.build import build
    from jixiao.rubric import from_data

    return build(from_data(definition), {})
