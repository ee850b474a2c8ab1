"""Score an open workbook: every cached value becomes what recalculation would give; nothing else changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from jixiao.master.book import put
from jixiao.master.book.link import Link
from jixiao.master.book.put import refresh_located
from jixiao.master.book.scoringbook import ScoringBook
from jixiao.master.plan import CHECK_FIRST, CHECKS, SCORES
from jixiao.model import Finding, Source, Value, half_up, plain
from jixiao.office import Worksheet, as_typed
from jixiao.scoring import Keys, Scorecard, score


def scored(book: ScoringBook) -> Scorecard:
    """The scorecard of the workbook's entries; every finding names file, sheet and cell."""
    card = score(book.net, book.entries)
    card.findings.items[:] = [_placed(book, finding) for finding in card.findings]
    return card


def _placed(book: ScoringBook, finding: Finding) -> Finding:
    return replace(finding, sources=tuple(_source(book, source) for source in finding.sources))


def _source(book: ScoringBook, source: Source) -> Source:
    if source.file:
        return source
    key = Keys(source.label).awarded if source.sheet == SCORES else source.label or source.cell
    place = book.plan.places.get(key)
    if place is None:
        return replace(source, file=book.path.name)
    return replace(source, file=book.path.name, sheet=place.sheet, cell=place.ref)


HOLDS, TAIL, FAILS, UNCHECKED = "一致", "尾差", "不一致", "未核对"
PLACES = 6
ARGUMENTS = 200  # a function takes at most 255
LONGEST = 8000


@dataclass(frozen=True, slots=True)
class LinkedSide:
    """A side whose figures all stand in this workbook: (sign, link) pairs; empty where one does not."""

    terms: tuple[tuple[int, Link], ...]

    def formula(self) -> str | None:
        """``ROUND(SUM(a,b)/10000-SUM(c)/10000,6)``, or None where the side is not linked."""
        groups: dict[tuple[int, Decimal], list[str]] = {}
        for sign, link in self.terms:
            groups.setdefault((sign, link.divisor), []).append(link.address)
        pieces: list[str] = []
        for (sign, divisor), addresses in groups.items():
            over = f"/{plain(divisor)}" if divisor != 1 else ""
            for start in range(0, len(addresses), ARGUMENTS):
                lead = "0-" if sign < 0 and not pieces else "-" if sign < 0 else "+" if pieces else ""
                pieces.append(f"{lead}SUM({','.join(addresses[start : start + ARGUMENTS])}){over}")
        text = f"ROUND({''.join(pieces)},{PLACES})"
        return text if pieces and len(text) <= LONGEST else None

    def value(self, book: ScoringBook) -> Decimal | None:
        """What the formula gives now; None where a table that it reads was deleted."""
        total = Decimal(0)
        for sign, link in self.terms:
            if link.sheet not in book.book.sheet_names:
                return None
            cell = book.sheet(link.sheet).get(link.ref)
            number = cell.number if cell is not None else None
            total += sign * (number or Decimal(0)) / link.divisor
        return half_up(total, PLACES)

    def data(self) -> list[list[Any]]:
        """As plain data."""
        return [[sign, link.sheet, link.ref, str(link.divisor)] for sign, link in self.terms]

    @classmethod
    def of(cls, data: Sequence[Sequence[Any]]) -> LinkedSide:
        """From plain data."""
        return cls(
            tuple((int(sign), Link(sheet, ref, Decimal(divisor))) for sign, sheet, ref, divisor in data)
        )


def refresh_checks(book: ScoringBook) -> int:
    """Renew the cached values of the rows from what the imported cells hold now; how many do not agree."""
    sheet, failing = book.sheet(CHECKS), 0
    for row, (left, right, relation, tolerance) in enumerate(book.kept("checks"), CHECK_FIRST):
        numbers = [
            _renewed(book, sheet, f"{column}{row}", data) for column, data in (("E", left), ("G", right))
        ]
        difference, outcome = verdict(numbers[0], numbers[1], str(relation), Decimal(tolerance))
        sheet.set(f"H{row}", difference)
        sheet.set(f"J{row}", outcome)
        failing += outcome == FAILS
    return failing


def _renewed(book: ScoringBook, sheet: Worksheet, ref: str, data: Sequence[Sequence[Any]]) -> Decimal | None:
    """The figure of a side: what its linked cells give now, else what stands in the cell."""
    cell = sheet.get(ref)
    if cell is None or cell.formula is None or not data:
        return cell.number if cell is not None else None
    value = LinkedSide.of(data).value(book)
    sheet.set(ref, value if value is not None else "")
    return as_typed(value) if value is not None else None


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


def rescore(book: ScoringBook) -> Scorecard:
    """The scorecard of the workbook's entries; scores, explanations and checks are renewed in memory."""
    card = scored(book)
    card.findings.items[:0] = list(book.findings)
    put.put_cached(book, card.values)
    refresh_located(book)
    failing = refresh_checks(book)
    if failing:
        card.findings.add("J420", book.source("勾稽", "J5"), count=failing)
    return card
