"""An existing scoring workbook: opened safely, read, and scored so that every cached value is what recalculation gives."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from jixiao.master.kept import FAILS, CheckRow, CheckSide, Kept, Link, Located
from jixiao.master.plan import (
    BLOCKS,
    CHECK_LETTERS,
    CHECKS,
    DIGEST_CELL,
    FACT_VALUE,
    FACTS,
    HIDDEN,
    KEPT_STYLES,
    LIST_FIRST,
    SCORES,
    Plan,
    make_plan,
)
from jixiao.model import MOST, Findings, Refused, Source, Value
from jixiao.office import (
    Cell,
    Fingerprint,
    Workbook,
    Worksheet,
    join_ref,
    load,
    open_workbook,
    sniff,
)
from jixiao.rubric import Rubric, digest, from_data
from jixiao.scoring import Keys, Net, Scorecard, build_net, score


class NotOurs(Refused):
    """A file is no scoring workbook of ours."""


@dataclass(slots=True)
class ScoringBook:
    """One workbook in memory with what scoring needs of it.

    ``entries`` hold what people and tables filled in; ``links`` the facts that are live links; ``blocks`` the texts
    kept in the hidden sheet; ``findings`` what was wrong with cells while reading.
    """

    path: Path
    fingerprint: Fingerprint
    book: Workbook
    plan: Plan
    entries: dict[str, Value] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    formulas: dict[str, str] = field(default_factory=dict)
    blocks: dict[str, str] = field(default_factory=dict)
    styles: dict[str, int] = field(default_factory=dict)
    findings: Findings = field(default_factory=Findings)
    intact: bool = True

    @property
    def net(self) -> Net:
        """The net of the workbook's own rubric."""
        return self.plan.net

    @property
    def rubric(self) -> Rubric:
        """The rubric inside the workbook."""
        return self.plan.net.rubric

    def sheet(self, name: str) -> Worksheet:
        """A sheet by name."""
        return self.book.sheet(name)

    def kept(self, block: str) -> list[Any]:
        """A block of the hidden sheet as data (numbers exact); an empty list where nothing was kept."""
        text = self.blocks.get(block, "")
        made: list[Any] = json.loads(text, parse_float=Decimal, parse_int=Decimal) if text else []
        return made

    def located(self) -> list[Located]:
        """The facts kept in the workbook, linked ones with the value their cell has now."""
        return [Located.of(item, self.book) for item in self.kept("located")]

    def records(self) -> list[Kept]:
        """The records kept in the workbook, linked fields with the value their cell has now."""
        return [Kept.of(item, self.book) for item in self.kept("records")]

    def source(self, sheet: str, ref: str, label: str = "") -> Source:
        """A place in this workbook."""
        return Source(self.path.name, sheet, ref, label)


def open_scoring_book(path: Path) -> ScoringBook:
    """Open a scoring workbook. Refused: no such file, not a workbook of ours, damaged, its structure moved."""
    data, fingerprint = load(path)
    if sniff(data) != "zip":
        raise NotOurs("J560", Source(path.name), file=path.name)
    try:
        book = open_workbook(data)
    except Refused as stop:
        if stop.finding.code == "J501":  # another kind of zipped file, which may be a source
            raise NotOurs("J501", **dict(stop.finding.args)) from stop
        raise
    return scoring_book_of(path, fingerprint, book)


def scoring_book_of(
    path: Path,
    fingerprint: Fingerprint,
    book: Workbook,
    anchors: Callable[[Plan], Iterable[str]] | None = None,
) -> ScoringBook:
    """The scoring workbook that a book is; Refused as ``open_scoring_book`` says.

    ``anchors`` chooses the keys whose names are looked up, where each look-up is a call to another program; all of
    them without it.
    """
    if HIDDEN not in book.sheet_names:
        raise NotOurs("J560", Source(path.name), file=path.name)
    sheet = book.sheet(HIDDEN)
    blocks = {name: _block(sheet, name) for name in BLOCKS}
    try:
        plan = _plan_of(blocks["definition"])
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
        raise Refused("J561", Source(path.name, HIDDEN), file=path.name) from error
    made = ScoringBook(path, fingerprint, book, plan, blocks=blocks)
    made.intact = _text(sheet.get(DIGEST_CELL)) == digest(blocks["definition"])
    if not made.intact:
        made.findings.add("J562", made.source(HIDDEN, DIGEST_CELL))
    _check_places(made, anchors(plan) if anchors is not None else plan.names)
    for row, style in enumerate(KEPT_STYLES, 1):
        cell = sheet.get(f"D{row}")
        made.styles[style] = cell.style if cell is not None else 0
    read_entries(made)
    return made


@functools.lru_cache(maxsize=8)
def _plan_of(definition: str) -> Plan:
    """The plan of a definition; workbooks of one rubric share it, and nobody changes it."""
    return make_plan(build_net(from_data(definition)))


def _block(sheet: Worksheet, name: str) -> str:
    first, rows = BLOCKS[name][:2]
    pieces = []
    for row in range(first, first + rows):
        text = _text(sheet.get(f"B{row}"))
        if not text:
            break
        pieces.append(text)
    return "".join(pieces)


def _text(cell: Cell | None) -> str:
    return str(cell.value) if cell is not None and cell.value is not None else ""


def _check_places(made: ScoringBook, keys: Iterable[str]) -> None:
    """Refuse a workbook whose rows or columns were moved: names tell where Excel took the cells."""
    path = made.path
    missing = [name for name in made.plan.sheets if name not in made.book.sheet_names]
    if missing:
        raise Refused("J563", Source(path.name), file=path.name, sheets="、".join(missing))
    for key in keys:
        name, place = made.plan.names[key], made.plan.places.get(key)
        if place is None:
            continue
        found = made.book.names.get(name)
        if found is None or (found[0], found[1].replace("$", "")) != (place.sheet, place.ref):
            where = f"{found[0]}!{found[1].replace('$', '')}" if found else "（名称已被删除）"
            raise Refused("J564", Source(path.name, place.sheet, place.ref), name=name, found=where)


def read_entries(made: ScoringBook) -> None:
    """Read every entry cell; links are followed to the cell they point at."""
    for key in made.net.entries:
        place = made.plan.places[key]
        cell = made.sheet(place.sheet).get(place.ref)
        made.entries.pop(key, None)
        made.links.pop(key, None)
        if cell is None:
            continue
        if cell.formula is not None:
            _formula(made, key, cell)
        elif cell.error:
            made.findings.add("J565", made.source(place.sheet, place.ref), value=cell.value)
        else:
            made.entries[key] = clean(cell)
            _too_large(made, key, place.sheet, place.ref)


def _too_large(made: ScoringBook, key: str, sheet: str, ref: str) -> None:
    """Say that a figure is beyond every budget; it counts all the same, as it does in the spreadsheet."""
    value, most = made.entries[key], MOST / 10_000 if made.net.entries[key].unit == "万元" else MOST
    if isinstance(value, Decimal) and abs(value) >= most:
        made.findings.add("J568", made.source(sheet, ref), value=f"{value:.3E}")


def clean(cell: Cell) -> Value:
    """A cell's value as an entry: numbers as typed, text without surrounding blanks, empty as None."""
    if isinstance(cell.value, bool):
        return "是" if cell.value else "否"
    if isinstance(cell.value, Decimal):
        return cell.number
    return (cell.value or "").strip() or None


def _formula(made: ScoringBook, key: str, cell: Cell) -> None:
    place = made.plan.places[key]
    link = Link.read(cell.formula or "")
    if link is None:
        # a person's own formula: its last result counts; verify recalculates it
        made.formulas[key] = cell.formula or ""
        made.entries[key] = None if cell.error else clean(cell)
        if cell.value is None or cell.error:
            made.findings.add("J566", made.source(place.sheet, place.ref), value=cell.value or "未计算")
        _too_large(made, key, place.sheet, place.ref)
        return
    if link.sheet not in made.book.sheet_names:
        made.findings.add("J567", made.source(place.sheet, place.ref), sheet=link.sheet)
        return
    target = made.sheet(link.sheet).get(link.ref)
    if target is not None and target.error:
        made.findings.add("J565", made.source(link.sheet, link.ref), value=target.value)
    made.links[key] = link
    made.entries[key] = link.value(target)
    _too_large(made, key, link.sheet, link.ref)


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
    return card


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
