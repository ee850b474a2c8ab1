"""Checks (勾稽): facts and rows of tables -> what agrees, what does not, and what could not be checked.

Identities are data (identities/<form set>/<year>.yaml). The same figure in several documents is compared
without being asked. A fact that was not located makes a check "not checked": never passed, never zero.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from jixiao.checks import same
from jixiao.checks.causes import Cause, causes
from jixiao.checks.checked import GENERAL, Checked, Outcome, Side, Term, amount
from jixiao.checks.evaluate import evaluate
from jixiao.checks.identity import LAST, OWN, TYPED, Definitions, Identity, load
from jixiao.checks.same import HEAD_ROWS, SAME, place, whose
from jixiao.checks.saying import findings
from jixiao.checks.scorerules import CODES, ScorePart, ScoreRow, rules, score_findings
from jixiao.checks.sourcetables import SIDED, Tables
from jixiao.model import Fact, FactSet, Record, Source

__all__ = [
    "CODES", "GENERAL", "HEAD_ROWS", "LAST", "OWN", "SAME", "SIDED", "TYPED", "Cause", "Checked", "Definitions", "Identity",
    "Outcome", "Records", "ScorePart", "ScoreRow", "Side", "Term", "amount", "causes", "check", "findings",
    "last_year", "load", "place", "rules", "score_findings", "whose",
]  # fmt: skip

Records = Sequence[Record] | Mapping[str, Sequence[Record]]


def check(
    facts: FactSet,
    records: Records = (),
    *,
    preferred: Mapping[str, Sequence[str]] | None = None,
    definitions: Sequence[Path] = (),
    forms: Collection[str] = (),
    previous: tuple[FactSet, Records] | None = None,
) -> list[Checked]:
    """Every cross-check that these facts and rows allow, in the order of the definitions, then same facts.

    ``preferred`` gives, for a concept, the kinds of documents whose figure counts, best first (from the
    rubric); ``definitions`` are folders with identities of the user's own (DefinitionError), ``forms`` the ids of
    the forms that those may name; ``previous`` is what was read of the year before, for the checks between years.
    """
    wanted = dict(preferred or {})
    defined = load(definitions, forms)
    before = last_year(*previous) if previous else ([], [])
    whole = [*_rows(records), *before[1]]
    tables = Tables(FactSet([*facts, *before[0]]), whole, wanted, defined.authority)
    made = [checked for identity in defined.identities for checked in evaluate(identity, tables)]
    done = [
        frozenset((place(one.left.terms[0].fact), place(one.right.terms[0].fact)))
        for one in made
        if one.relation == "=" and len(one.left.terms) == len(one.right.terms) == 1
    ]
    return made + list(same.compare(facts, wanted, defined.authority, done))


def last_year(facts: FactSet, records: Records) -> tuple[list[Fact], list[Record]]:
    """The same facts and rows, known as those of the year before."""

    def marked(source: Source, form: str) -> Source:
        return source._replace(form=f"{LAST}{form}", document=f"上年{source.document}")

    rows = []
    for row in _rows(records):
        form = row.form or TYPED
        sources = {name: marked(source, form) for name, source in row.sources.items()}
        rows.append(replace(row, form=f"{LAST}{form}", document=f"上年{row.document}", sources=sources))
    return [fact._replace(source=marked(fact.source, fact.source.form)) for fact in facts], rows


def _rows(records: Records) -> Iterator[Record]:
    if isinstance(records, Mapping):
        for group in records.values():
            yield from group
    else:
        yield from records
