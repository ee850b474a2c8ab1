"""Score an open workbook: every cached value becomes what recalculation would give; nothing else changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from jixiao.master.kept import PLACES, linked_now
from jixiao.master.plan import CHECK_LETTERS, CHECKS, FACT_VALUE, FACTS, LIST_FIRST, SCORES
from jixiao.master.scoringbook import ScoringBook
from jixiao.model import Source, Value, half_up
from jixiao.office import Worksheet, as_typed, join_ref
from jixiao.scoring import Keys, Scorecard, score


def scored(book: ScoringBook) -> Scorecard:
    """The scorecard of the workbook's entries; every finding names file, sheet and cell."""
    card = score(book.net, book.entries)
    card.findings.items[:] = [
        replace(finding, sources=tuple(_placed(book, source) for source in finding.sources))
        for finding in card.findings
    ]
    return card


def _placed(book: ScoringBook, source: Source) -> Source:
    if source.file:
        return source
    key = Keys(source.label).awarded if source.sheet == SCORES else source.label or source.cell
    place = book.plan.places.get(key)
    if place is None:
        return replace(source, file=book.path.name)
    return replace(source, file=book.path.name, sheet=place.sheet, cell=place.ref)


def rescore(book: ScoringBook) -> Scorecard:
    """The scorecard of the workbook's entries; scores, explanations and checks are renewed in memory."""
    card = scored(book)
    card.findings.items[:0] = list(book.findings)
    linked = {key: book.entries.get(key) for key in book.links}
    for key, place in book.plan.places.items():
        if key in book.net.items or key in linked:
            value = card.values[key] if key in book.net.items else linked[key]
            book.sheet(place.sheet).set(place.ref, "" if value is None else value)
    for position, now in linked_now(book.kept("located"), book.book):
        row = book.plan.located_head + 2 + position
        book.sheet(FACTS).set(join_ref(row, FACT_VALUE), "" if now is None else now)
    failing = _refresh_checks(book)
    if failing:
        card.findings.add("J420", book.source(CHECKS, f"{CHECK_LETTERS['结论']}{LIST_FIRST}"), count=failing)
    return card


HOLDS, TAIL, FAILS, UNCHECKED = "一致", "尾差", "不一致", "未核对"


def _refresh_checks(book: ScoringBook) -> int:
    """Renew the cached values of the rows from what the imported cells hold now; how many do not agree."""
    sheet, failing = book.sheet(CHECKS), 0
    for row, (*sides, relation, tolerance) in enumerate(book.kept("checks"), LIST_FIRST):
        left, right = (
            _renewed(book, sheet, f"{CHECK_LETTERS[name]}{row}", terms)
            for name, terms in zip(("左方数值", "右方数值"), sides, strict=True)
        )
        difference, outcome = verdict(left, right, str(relation), Decimal(tolerance))
        sheet.set(f"{CHECK_LETTERS['差额']}{row}", difference)
        sheet.set(f"{CHECK_LETTERS['结论']}{row}", outcome)
        failing += outcome == FAILS
    return failing


def _renewed(book: ScoringBook, sheet: Worksheet, ref: str, terms: Sequence[Sequence[Any]]) -> Decimal | None:
    """The figure of a side: what its linked cells give now, else what stands in the cell; None where a table is gone.

    A term is (sign, sheet, cell, divisor).
    """
    cell = sheet.get(ref)
    if cell is None or cell.formula is None or not terms:
        return cell.number if cell is not None else None
    value = None
    if all(name in book.book.sheet_names for _, name, *_ in terms):
        value = Decimal(0)
        for sign, name, source, divisor in terms:
            found = book.sheet(name).get(source)
            number = found.number if found is not None else None
            value += int(sign) * (number or Decimal(0)) / Decimal(divisor)
        value = half_up(value, PLACES)
    sheet.set(ref, "" if value is None else value)
    return None if value is None else as_typed(value)


def verdict(
    left: Decimal | None, right: Decimal | None, relation: str, tolerance: Decimal
) -> tuple[Value, str]:
    """Difference and verdict of two figures; blank and 未核对 where one is missing."""
    if left is None or right is None:
        return "", UNCHECKED
    difference = half_up(left - right, PLACES)
    if {"=": difference == 0, ">=": difference >= 0, ">": difference > 0}[relation]:
        return difference, HOLDS
    if relation != ">" and abs(difference) <= tolerance:
        return difference, TAIL
    return difference, FAILS
