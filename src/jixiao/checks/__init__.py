"""Checks (勾稽): facts and rows of tables -> what agrees, what does not, and what could not be checked.

Identities are data (identities/<form set>/<year>.yaml). The same figure in several documents is compared
without being asked. A fact that was not located makes a check "not checked": never passed, never zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from jixiao.checks import same
from jixiao.checks.checked import Checked, Outcome, Side, Term
from jixiao.checks.evaluate import evaluate
from jixiao.checks.load import load
from jixiao.checks.report import findings
from jixiao.checks.tables import Tables
from jixiao.model.fact import FactSet
from jixiao.model.record import Record

__all__ = ["Checked", "Outcome", "Side", "Term", "check", "findings"]

Records = Sequence[Record] | Mapping[str, Sequence[Record]]


def check(
    facts: FactSet,
    records: Records = (),
    *,
    preferred: Mapping[str, Sequence[str]] | None = None,
    definitions: Sequence[Path] = (),
) -> list[Checked]:
    """Every cross-check that these facts and rows allow, in the order of the definitions, then same facts.

    ``preferred`` gives, for a concept, the kinds of documents whose figure counts, best first (from the
    rubric); ``definitions`` are folders with identities of the user's own (DefinitionError).
    """
    wanted = dict(preferred or {})
    rules = load(definitions)
    tables = Tables(facts, list(_rows(records)), wanted, rules.authority)
    made = [checked for identity in rules.identities for checked in evaluate(identity, tables)]
    done = [
        frozenset((same.place(one.left.terms[0].fact), same.place(one.right.terms[0].fact)))
        for one in made
        if one.relation == "=" and len(one.left.terms) == len(one.right.terms) == 1
    ]
    return made + list(same.compare(facts, wanted, rules.authority, done))


def _rows(records: Records) -> Iterator[Record]:
    if isinstance(records, Mapping):
        for group in records.values():
            yield from group
    else:
        yield from records
