"""Cross-checks on what a workbook holds, written into its 勾稽 sheet."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jixiao.checks import Checked, check
from jixiao.master.book.held import located_now, records_now
from jixiao.master.book.scoringbook import ScoringBook
from jixiao.master.filling.checkrows import put_checks
from jixiao.model.fact import FactSet


def checked(book: ScoringBook, definitions: Sequence[Path] = ()) -> list[Checked]:
    """Run the checks on the facts and records of the workbook, with the values their cells have now."""
    facts = FactSet([item.fact for item in located_now(book) if item.fact.value != ""])
    records = [record for record, _ in records_now(book)]
    preferred = {name: need.documents for name, need in book.rubric.facts.items()}
    return check(facts, records, preferred=preferred, definitions=definitions)


def recheck(book: ScoringBook, definitions: Sequence[Path] = ()) -> list[Checked]:
    """The same, with the rows of 勾稽 written."""
    made = checked(book, definitions)
    put_checks(book, made)
    return made
