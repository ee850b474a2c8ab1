"""Checks (勾稽): facts and rows of tables -> what agrees, what does not, and what could not be checked.

Identities are data (identities/<form set>/<year>.yaml). The same figure in several documents is compared
without being asked. A fact that was not located makes a check "not checked": never passed, never zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from jixiao.checks import same
from jixiao.checks.checked import Checked, Outcome, Side, Term
from jixiao.checks.evaluate import evaluate
from jixiao.checks.identity import LAST, TYPED
from jixiao.checks.load import load
from jixiao.checks.points import score_findings
from jixiao.checks.report import findings
from jixiao.checks.scorerows import ScorePart, ScoreRow
from jixiao.checks.tables import Tables
from jixiao.checks.whose import whose
from jixiao.model import Fact, FactSet, Record, Source

__all__ = [
    "Checked",
    "Outcome",
    "Records",
    "ScorePart",
    "ScoreRow",
    "Side",
    "Term",
    "check",
    "findings",
    "last_year",
    "score_findings",
    "whose",
]

Records = Sequence[Record] | Mapping[str, Sequence[Record]]


def check(
    facts: FactSet,
    records: Records = (),
    *,
    preferred: Mapping[str, Sequence[str]] | None = None,
    definitions: Sequence[Path] = (),
    previous: tuple[FactSet, Records] | None = None,
) -> list[Checked]:
    """Every cross-check that these facts and rows allow, in the order of the definitions, then same facts.

    ``preferred`` gives, for a concept, the kinds of documents whose figure counts, best first (from the
    rubric); ``definitions`` are folders with identities of the user's own (DefinitionError); ``previous`` is what
    was read of the year before, for the checks between years.
    """
    wanted = dict(preferred or {})
    rules = load(definitions)
    before = last_year(*previous) if previous else ([], [])
    whole = [*_rows(records), *before[1]]
    tables = Tables(FactSet([*facts, *before[0]]), whole, wanted, rules.authority)
    made = [checked for identity in rules.identities for checked in evaluate(identity, tables)]
    done = [
        frozenset((same.place(one.left.terms[0].fact), same.place(one.right.terms[0].fact)))
        for one in made
        if one.relation == "=" and len(one.left.terms) == len(one.right.terms) == 1
    ]
    return made + list(same.compare(facts, wanted, rules.authority, done))


def last_year(facts: FactSet, records: Records) -> tuple[list[Fact], list[Record]]:
    """The same facts and rows, known as those of the year before."""

    def marked(source: Source, form: str) -> Source:
        return replace(source, form=f"{LAST}{form}", document=f"上年{source.document}")

    rows = []
    for row in _rows(records):
        form = row.form or TYPED
        sources = {name: marked(source, form) for name, source in row.sources.items()}
        rows.append(replace(row, form=f"{LAST}{form}", document=f"上年{row.document}", sources=sources))
    return [replace(fact, source=marked(fact.source, fact.source.form)) for fact in facts], rows


def _rows(records: Records) -> Iterator[Record]:
    if isinstance(records, Mapping):
        for group in records.values():
            yield from group
    else:
        yield from records
