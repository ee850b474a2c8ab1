"""A scoring workbook scored in memory: its own formulas put back, every cached value what recalculation gives.

What was changed by hand since a source gave it is told on the scorecard and, where scores are written, in the workbook.
"""

from __future__ import annotations

import hashlib
from decimal import Decimal

from jixiao.master.changes import change_findings, changes, tell_changes, without
from jixiao.master.kept import FAILS, CheckRow, CheckSide, Link
from jixiao.master.plan import (
    CHECK_LETTERS,
    CHECKS,
    FACT_VALUE,
    FACTS,
    FORMULAS_CELL,
    HIDDEN,
    LIST_FIRST,
    SCORES,
    Place,
)
from jixiao.master.scoringbook import ScoringBook
from jixiao.model import Findings, Refused, Source
from jixiao.office import Worksheet, canonical, join_ref
from jixiao.scoring import Keys, Scorecard, score

SHOWN, LISTED = 60, 20


def scored(book: ScoringBook) -> Scorecard:
    """The scorecard of the workbook's entries; every finding names file, sheet and cell."""
    card = score(book.net, book.entries)
    card.findings.items[:] = [
        finding._replace(sources=tuple(_placed(book, source) for source in finding.sources))
        for finding in card.findings
    ]
    card.changes = changes(book)
    card.without_changes = without(book, card.changes) if card.changes else card.total
    card.findings.extend(change_findings(book, card.changes))
    return card


def _placed(book: ScoringBook, source: Source) -> Source:
    if source.file:
        return source
    key = Keys(source.label).awarded if source.sheet == SCORES else source.label or source.cell
    place = book.plan.places.get(key)
    if place is None:
        return source._replace(file=book.path.name)
    return source._replace(file=book.path.name, sheet=place.sheet, cell=place.ref)


def rescore(book: ScoringBook, *, restoring: bool = True) -> Scorecard:
    """The scorecard of the workbook's entries; formulas, scores, explanations and checks are renewed in memory.

    ``restoring``: formulas of ours that were typed over are put back, and said.
    """
    card = scored(book)
    card.findings.items[:0] = [*book.findings, *(_restored(book) if restoring else ())]
    for key, place in book.plan.places.items():
        if key in book.net.items or key in book.links:
            value = card.values[key] if key in book.net.items else book.entries.get(key)
            book.sheet(place.sheet).set(place.ref, "" if value is None else value)
    # the facts themselves are not made: scoring is in a hurry
    for row, (*_, linked) in enumerate(book.kept("located"), book.plan.located_head + 2):
        if linked:
            now = Link.of(linked).now(book.book)
            book.sheet(FACTS).set(join_ref(row, FACT_VALUE), "" if now is None else now)
    failing = _refresh_checks(book)
    if failing:
        card.findings.add("J420", book.source(CHECKS, f"{CHECK_LETTERS['结论']}{LIST_FIRST}"), count=failing)
    tell_changes(book, card.changes)
    return card


def own_formulas(book: ScoringBook) -> dict[Place, str]:
    """Every formula that the rubric, and the tables brought in, put into the workbook; people type none of them."""
    plan = book.plan
    made = {plan.places[key]: plan.formula(key) for key in plan.net.items if key in plan.places}
    for row, (*_, linked) in enumerate(book.kept("located"), plan.located_head + 2):
        if linked:
            made[Place(FACTS, row, FACT_VALUE)] = Link.of(linked).formula()
    for row, data in enumerate(book.kept("checks"), LIST_FIRST):
        for column, cell in enumerate(CheckRow.of(data).cells(row), 1):
            if isinstance(cell, tuple) and cell[1] is not None:
                made[Place(CHECKS, row, column)] = cell[1]
    return made


def _restored(book: ScoringBook) -> Findings:
    """Put back the formulas of ours that are no longer there; a finding for each names what had taken its place.

    Thousands of formulas are not compared one by one where all of them read as when they were last compared.
    """
    hidden = book.sheet(HIDDEN)
    last = hidden.get(FORMULAS_CELL)
    if last is not None and last.value == _digest(book):
        return Findings()
    found = Findings()
    wrong = {place: text for place, text in own_formulas(book).items() if not _reads(book, place, text)}
    for place, text in wrong.items():
        cell = book.sheet(place.sheet).get(place.ref)
        old = "" if cell is None or cell.value is None else str(cell.value)
        if cell is not None and cell.formula is not None:
            old = f"={book.sheet(place.sheet).formula(cell)}"
        where = book.source(place.sheet, place.ref)
        found.add("J586", where, old=old[:SHOWN] or "空白", new=f"={text}"[:SHOWN])
    _put_back(book, wrong, found)
    if len(found) > LISTED:
        more = len(found) - LISTED
        del found.items[LISTED:]
        found.add("J583", count=more)
    hidden.set(FORMULAS_CELL, _digest(book), formula=None)
    return found


def _put_back(book: ScoringBook, wrong: dict[Place, str], found: Findings) -> None:
    """A cell whose formula others share is put back after them."""
    for last in (False, True):
        for place, text in list(wrong.items()):
            try:
                book.sheet(place.sheet).set(place.ref, None, formula=text)
            except Refused as stop:
                if last:
                    found.extend([stop.finding])
            else:
                del wrong[place]


def _reads(book: ScoringBook, place: Place, expected: str) -> bool:
    sheet = book.sheet(place.sheet)
    text = sheet.formula_at(place.ref)
    if text == expected or text is None:
        return text is not None
    cell = sheet.get(place.ref)
    return cell is not None and canonical(sheet.formula(cell)) == canonical(expected)


def _digest(book: ScoringBook) -> str:
    """Of the formulas as they stand, in the order of the plan."""
    cells = [(place.sheet, place.ref) for key, place in book.plan.places.items() if key in book.net.items]
    first = book.plan.located_head + 2
    cells += [(FACTS, join_ref(first + row, FACT_VALUE)) for row in range(len(book.kept("located")))]
    letters = [CHECK_LETTERS[name] for name in ("左方数值", "右方数值", "差额", "结论")]
    rows = range(LIST_FIRST, LIST_FIRST + len(book.kept("checks")))
    cells += [(CHECKS, f"{letter}{row}") for row in rows for letter in letters]
    texts = (book.sheet(sheet).formula_at(ref) for sheet, ref in cells)
    return hashlib.sha256(
        "\n".join("" if text is None else f"={text}" for text in texts).encode()
    ).hexdigest()


def _refresh_checks(book: ScoringBook) -> int:
    """Renew the cached values of the rows from what the imported cells hold now; how many do not agree."""
    sheet, failing = book.sheet(CHECKS), 0
    for row, data in enumerate(book.kept("checks"), LIST_FIRST):
        check = CheckRow.of(data)
        left, right = (
            _renewed(book, sheet, f"{CHECK_LETTERS[name]}{row}", side)
            for name, side in (("左方数值", check.left), ("右方数值", check.right))
        )
        difference, outcome = check.verdict(left, right)
        sheet.set(f"{CHECK_LETTERS['差额']}{row}", difference)
        sheet.set(f"{CHECK_LETTERS['结论']}{row}", outcome)
        failing += outcome == FAILS
    return failing


def _renewed(book: ScoringBook, sheet: Worksheet, ref: str, side: CheckSide) -> Decimal | None:
    """The figure of a side: what its linked cells give now, else what stands in the cell; None where a table is gone."""
    cell = sheet.get(ref)
    if cell is None or cell.formula is None or not side.terms:
        return cell.number if cell is not None else None
    value = side.now(book.book)
    sheet.set(ref, "" if value is None else value)
    return value
