"""Cross-checks on what a workbook holds: run, said as findings, and written into its 勾稽 sheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from jixiao.checks import Checked, Records, check, findings, score_findings, whose
from jixiao.checks.causes import causes
from jixiao.checks.whose import HEAD_ROWS
from jixiao.master.book.held import located_now, records_now
from jixiao.master.book.scoringbook import ScoringBook
from jixiao.master.filling.bring import copies_of
from jixiao.master.filling.checkrows import put_checks
from jixiao.master.filling.scorerows import CRITERIA_COLUMN, score_rows
from jixiao.master.filling.whatif import consequences
from jixiao.master.plan import SCORES
from jixiao.model import FactSet, Finding, FindingKind, Findings, Record, Source
from jixiao.office.ooxml import join_ref, split_ref
from jixiao.scoring import Scorecard
from jixiao.scoring.entry import UNIT


def held(book: ScoringBook) -> tuple[FactSet, list[Record]]:
    """The facts and records that a workbook holds, with the values their cells have now."""
    facts = FactSet([item.fact for item in located_now(book) if item.fact.value != ""])
    return facts, [record for record, _ in records_now(book)]


def checked(
    book: ScoringBook, definitions: Sequence[Path] = (), previous: tuple[FactSet, Records] | None = None
) -> list[Checked]:
    """Run the checks on the facts and records of the workbook; ``previous`` is what the year before held."""
    facts, records = held(book)
    preferred = {name: need.documents for name, need in book.rubric.facts.items()}
    return check(facts, records, preferred=preferred, definitions=definitions, previous=previous)


def recheck(book: ScoringBook, definitions: Sequence[Path] = ()) -> list[Checked]:
    """The same, with the rows of 勾稽 written."""
    made = checked(book, definitions)
    put_checks(book, made)
    return made


def told(book: ScoringBook, card: Scorecard, made: Sequence[Checked]) -> Findings:
    """All that the checks have to say of a workbook: tables, points against their rule, what contradictions mean.

    ``card`` is the scorecard of the workbook with findings that name cells.
    """
    found = Findings()
    found.extend(whose(str(book.entries.get(UNIT) or ""), card.year, _heads(book)))
    common = causes(made)
    found.extend(findings(made, common))
    explained = {id(one) for cause in common for one in cause.checks if len(cause.checks) > 1}
    found.extend(consequences(book, card, [one for one in made if id(one) not in explained]))
    records = [record for record, _ in records_now(book)]
    found.extend(score_findings(score_rows(book, card), records))
    found.extend(item for item in card.findings if FindingKind.RESTATED not in item.kinds)
    return found


def in_table(book: ScoringBook, found: Finding) -> Source | None:
    """The cell of 评分标准 that a finding about the rubric speaks of; None where it names no indicator."""
    label = found.sources[0].label if found.sources else ""
    row = book.plan.score_rows.get(label.split("：")[0])
    return book.source(SCORES, join_ref(row, CRITERIA_COLUMN), f"{label} 评分标准") if row else None


def _heads(book: ScoringBook) -> Iterator[tuple[str, Source]]:
    """The texts of the first rows of every imported table."""
    for (file, sheet), name in copies_of(book).names.items():
        for cell in book.sheet(name).cells():
            if split_ref(cell.ref)[0] > HEAD_ROWS:
                break  # tables are brought in row by row
            if isinstance(cell.value, str):
                yield cell.value, Source(file, sheet, cell.ref)
