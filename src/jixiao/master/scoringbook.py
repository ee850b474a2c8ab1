"""An existing scoring workbook: opened safely, read, and scored so that every cached value is what recalculation gives."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from jixiao.master.kept import Kept, Link, Located, Sealed, Sources
from jixiao.master.plan import (
    BLOCKS,
    CHANGES,
    DIGEST_CELL,
    FIRST_FORMAT,
    FORMAT_CELL,
    HIDDEN,
    KEPT_STYLES,
    Plan,
    make_plan,
)
from jixiao.model import MOST, Findings, Refused, Source, Value
from jixiao.office import (
    Cell,
    Fingerprint,
    Workbook,
    Worksheet,
    load,
    open_workbook,
    sniff,
)
from jixiao.rubric import Rubric, digest, from_data
from jixiao.scoring import Net, build_net


class NotOurs(Refused):
    """A file is no scoring workbook of ours."""


@dataclass(slots=True)
class ScoringBook:
    """One workbook in memory with what scoring needs of it.

    ``entries`` hold what people and tables filled in; ``links`` the facts that are live links; ``blocks`` the texts
    kept in the hidden sheet, as far as somebody asked for them, ``shelves`` the same as data; ``findings`` what was
    wrong with cells while reading.
    ``seals`` says whether the workbook seals what is brought in; those of format 1 do not.
    """

    path: Path
    fingerprint: Fingerprint
    book: Workbook
    plan: Plan
    entries: dict[str, Value] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    formulas: dict[str, str] = field(default_factory=dict)
    blocks: dict[str, str] = field(default_factory=dict)
    shelves: dict[str, tuple[Sources, list[Any]]] = field(default_factory=dict)
    styles: dict[str, int] = field(default_factory=dict)
    findings: Findings = field(default_factory=Findings)
    intact: bool = True
    seals: bool = True

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

    def text(self, block: str) -> str:
        """A block of the hidden sheet; an empty text where nothing was kept."""
        if block not in self.blocks:
            self.blocks[block] = _block(self.book.sheet(HIDDEN), *BLOCKS[block][:2])
            if not self.blocks[block] and not self.seals and block in FIRST_FORMAT:
                self.blocks[block] = _block(self.book.sheet(HIDDEN), *FIRST_FORMAT[block])
        return self.blocks[block]

    def kept(self, block: str) -> list[Any]:
        """A block as data (numbers exact), one item a row."""
        return self.shelf(block)[1]

    def shelf(self, block: str) -> tuple[Sources, list[Any]]:
        """The same with the sources that its rows name."""
        if block not in self.shelves:
            text = self.text(block)
            made: Any = json.loads(text, parse_float=Decimal, parse_int=Decimal) if text else []
            whole = made if isinstance(made, dict) else {"sources": (), "rows": made}
            self.shelves[block] = Sources(whole["sources"]), whole["rows"]
        return self.shelves[block]

    def located(self) -> list[Located]:
        """The facts kept in the workbook, linked ones with the value their cell has now."""
        sources, rows = self.shelf("located")
        return [Located.of(item, sources, self.book) for item in rows]

    def records(self) -> list[Kept]:
        """The records kept in the workbook, linked fields with the value their cell has now."""
        sources, rows = self.shelf("records")
        return [Kept.of(item, sources, self.book) for item in rows]

    def sealed(self) -> dict[str, Sealed]:
        """What sources and facts files gave the entries, by key."""
        sources, rows = self.shelf("sealed")
        return {row[0]: Sealed.of(row, sources) for row in rows}

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
    definition = _block(sheet, *BLOCKS["definition"][:2])
    try:
        plan = _plan_of(definition)
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
        raise Refused("J561", Source(path.name, HIDDEN), file=path.name) from error
    made = ScoringBook(path, fingerprint, book, plan, blocks={"definition": definition})
    made.seals = _text(sheet.get(FORMAT_CELL)) != "1"
    made.intact = _text(sheet.get(DIGEST_CELL)) == digest(definition)
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


def _block(sheet: Worksheet, column: str, first: int) -> str:
    pieces: list[str] = []
    while text := _text(sheet.get(f"{column}{first + len(pieces)}")):
        pieces.append(text)
    return "".join(pieces)


def _text(cell: Cell | None) -> str:
    return str(cell.value) if cell is not None and cell.value is not None else ""


def _check_places(made: ScoringBook, keys: Iterable[str]) -> None:
    """Refuse a workbook whose rows or columns were moved: names tell where Excel took the cells."""
    path = made.path
    wanted = [name for name in made.plan.sheets if made.seals or name != CHANGES]
    missing = [name for name in wanted if name not in made.book.sheet_names]
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
