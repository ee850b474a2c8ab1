"""An existing scoring workbook: opened safely, read, and scored so that every cached value is what recalculation gives."""

from __future__ import annotations

import contextlib
import functools
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jixiao.master.agreement import check_rows, checked_on, failing, refresh_checks
from jixiao.master.changes import change_findings, changes, tell_changes, without
from jixiao.master.fitting import ROOM, SHORT, fit
from jixiao.master.gainlist import reckoning, tell_gains
from jixiao.master.kept import (
    FAILS,
    CheckRow,
    Imported,
    Kept,
    Link,
    Located,
    Sealed,
    Shelf,
    clean,
    kept_whole,
    row_count,
    sealed_of,
    shelf_of,
    tables,
    tables_of,
)
from jixiao.master.moves import Move, follow, moved, renamed
from jixiao.master.plan import (
    BLOCKS,
    CHANGES,
    CHARTS,
    CHECK_LETTERS,
    CHECKED_CELL,
    CHECKS,
    DIGEST_CELL,
    DISPENSABLE,
    FACT_VALUE,
    FACTS,
    FIRST_FORMAT,
    FORMAT_CELL,
    FORMULAS_CELL,
    HIDDEN,
    KEPT_STYLES,
    LIST_FIRST,
    SCORES,
    TARGETS,
    Place,
    Plan,
    make_plan,
)
from jixiao.model import MOST, Findings, Refused, Source, Stop, Value
from jixiao.office import (
    Cell,
    Fingerprint,
    Workbook,
    Worksheet,
    canonical,
    join_ref,
    load,
    open_workbook,
    sniff,
)
from jixiao.rubric import Rubric, digest, from_data
from jixiao.scoring import Keys, Net, Scorecard, build_net, score

if TYPE_CHECKING:
    from jixiao.checks import Checked

SHOWN, LISTED = 60, 20
DIGESTS, FITTING = 1_000, 16
"""Digests of formulas that a plan remembers, and names of workbooks that fit it."""


class NotOurs(Refused):
    """A file is no scoring workbook of ours."""


@dataclass(slots=True)
class ScoringBook:
    """One workbook in memory with what scoring needs of it.

    ``entries`` hold what people and tables filled in; ``links`` the facts that are live links; ``blocks`` the texts
    kept in the hidden sheet, as far as somebody asked for them, ``shelves`` the same as data; ``findings`` what was
    wrong with cells while reading. ``texts`` are the longer texts that cells of the plan show, by sheet, row and column.
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
    shelves: dict[str, Shelf] = field(default_factory=dict)
    styles: dict[str, int] = field(default_factory=dict)
    findings: Findings = field(default_factory=Findings)
    texts: dict[str, dict[tuple[int, int], str]] = field(default_factory=dict)
    intact: bool = True
    seals: bool = True
    checks: list[CheckRow] = field(default_factory=list, repr=False)
    _moves: dict[str, Move] | None = field(default=None, repr=False)

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

    def shelf(self, block: str) -> Shelf:
        """The same with the sources that its rows name."""
        moves = self.moves
        if block not in self.shelves:
            self.shelves[block] = (shelf_of.__wrapped__ if moves else shelf_of)(self.text(block))
            if moves:
                follow(block, self.shelves[block][1], moves)
        return self.shelves[block]

    @property
    def moves(self) -> dict[str, Move]:
        """The imported tables that stand elsewhere than when they were brought in, by their name then."""
        if self._moves is None:
            self._moves = {}  # the blocks are first read as they were kept
            self._moves = self._moved()
            if self._moves:
                self.shelves.clear()
        return self._moves

    def settle(self) -> None:
        """Say that the blocks were written anew, with every cell where it stands now."""
        self._moves, self.checks = None, []

    def to_bytes(self) -> bytes:
        """The file; 目标完成 prints as far as it is filled, and a row is as tall as what it now says."""
        for name, room in ROOM.items():
            if name in self.book.sheet_names:
                fit(self.sheet(name), self.texts.get(name, {}), room)
        self.book.print_area(TARGETS, self.plan.printed_targets(self.entries))
        return self.book.to_bytes()

    def _moved(self) -> dict[str, Move]:
        made: dict[str, Move] = {}
        changed = [
            row[3] for row in self.kept("sources") if row[6:] and row[6] and not self._intact(row[3], row[6])
        ]
        if not changed:
            return made
        tables = self.imported()
        own = {*self.plan.sheets, HIDDEN, *tables}
        for name in changed:
            others = {
                n: self.sheet(n)
                for n in self.book.worksheets
                if n not in own and name not in self.book.sheet_names
            }
            now = name if name in self.book.sheet_names else renamed(others, tables.get(name, {}))
            if now:
                move = moved(self.sheet(now), tables.get(name, {}), now, self._readers(name))
                if move is not None or now != name:
                    made[name] = move or Move(now)
        return made

    def _intact(self, name: str, digest: str) -> bool:
        return name in self.book.sheet_names and self.sheet(name).digest == digest

    def _readers(self, table: str) -> Iterator[tuple[str, str]]:
        """The cells of an imported table that formulas of ours read, with the formulas as they stand now."""
        places = {key: place for key, place in self.plan.places.items() if key in self.net.entries}
        linked = [(places[key], seal.link) for key, seal in self.sealed().items() if key in places]
        rows = enumerate(self.kept("located"), self.plan.located_head + 2)
        linked += [(Place(FACTS, row, FACT_VALUE), Link.of(data[-1])) for row, data in rows if data[-1]]
        for place, link in linked:
            formula = self.sheet(place.sheet).formula_at(place.ref)
            if link is not None and link.sheet == table and formula:
                yield link.ref, formula
        for row, data in enumerate(self.kept("checks"), LIST_FIRST):
            for side, letter in ((data[3], CHECK_LETTERS["左方数值"]), (data[4], CHECK_LETTERS["右方数值"])):
                formula = self.sheet(CHECKS).formula_at(f"{letter}{row}")
                if formula:
                    yield from ((term[2], formula) for term in side[3] if term[1] == table)

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
        return sealed_of(*self.shelf("sealed"))

    def imported(self) -> Mapping[str, Imported]:
        """The imported tables as they came, by sheet; nobody changes them."""
        return tables_of(self.text("tables")) if not self.moves else tables(self.kept("tables"))

    def source(self, sheet: str, ref: str, label: str = "") -> Source:
        """A place in this workbook."""
        return Source(self.path.name, sheet, ref, label)


def open_scoring_book(path: Path) -> ScoringBook:
    """Open a scoring workbook. Refused: no such file, not a workbook of ours, damaged, its structure moved."""
    data, fingerprint = load(path)
    if sniff(data) != "zip":
        raise _stranger(path, data)
    try:
        book = open_workbook(data)
    except Refused as stop:
        if stop.finding.code == "J501":  # another kind of zipped file, which may be a source
            raise _stranger(path, data) from stop
        raise
    return scoring_book_of(path, fingerprint, book)


def _stranger(path: Path, data: bytes) -> Refused:
    """Why a file that is no .xlsx cannot be opened: it may be a scoring workbook that was saved as something else."""
    from jixiao.office import read_book  # not loaded to score

    with contextlib.suppress(Stop):
        if sniff(data) in ("zip", "ole") and any(
            sheet.name == HIDDEN for sheet in read_book(data, path.name).sheets
        ):
            return Refused("J595", Source(path.name), file=path.name)
    return NotOurs("J560", Source(path.name), file=path.name)


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
        plan = plan_of(definition, tuple(name for name in DISPENSABLE if name not in book.sheet_names))
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
def plan_of(definition: str, gone: tuple[str, ...] = ()) -> Plan:
    """The plan of a definition without some sheets; workbooks of one rubric share it, and nobody changes it."""
    return make_plan(build_net(from_data(definition))).without(*gone)


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
    names, known = made.book.names, made.plan.fitting
    if any(names is one for one in known):
        return
    for key in keys:
        name, place = made.plan.names[key], made.plan.places.get(key)
        if place is None:
            continue
        found = names.get(name)
        if found is None or (found[0], found[1].replace("$", "")) != (place.sheet, place.ref):
            where = f"{found[0]}!{found[1].replace('$', '')}" if found else "（名称已被删除）"
            raise Refused("J564", Source(path.name, place.sheet, place.ref), name=name, found=where)
    if keys is made.plan.names:
        known[:] = [names, *known][:FITTING]


def read_entries(made: ScoringBook) -> None:
    """Read every entry cell; links are followed to the cell they point at."""
    made.links.clear()
    made.entries.clear()
    blank = {name: made.sheet(name).blank for name in made.plan.sheets if name in made.book.sheet_names}
    for key in made.net.entries:
        place = made.plan.places.get(key)
        if place is None:
            continue
        if place.ref in blank[place.sheet]:
            made.entries[key] = None
            continue
        cell = made.sheet(place.sheet).get(place.ref)
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
    if not made.book.has(link.sheet):
        made.findings.add("J567", made.source(place.sheet, place.ref), sheet=link.sheet)
        return
    sheet = made.sheet(link.sheet)
    number = sheet.number_at(link.ref)
    target = sheet.get(link.ref) if number is None else None
    if target is not None and target.error:
        made.findings.add("J565", made.source(link.sheet, link.ref), value=target.value)
    made.links[key] = link
    made.entries[key] = link.figure(number) if number is not None else link.value(target)
    _too_large(made, key, link.sheet, link.ref)


@kept_whole
def scored(book: ScoringBook) -> Scorecard:
    """The scorecard of the workbook's entries; every finding names file, sheet and cell."""
    card = score(book.net, book.entries)
    card.findings.items[:] = [
        finding._replace(sources=tuple(_placed(book, source) for source in finding.sources))
        for finding in card.findings
    ]
    card.changes = changes(book, card.values)
    card.without_changes = without(book, card.changes) if card.changes else card.total
    card.findings.extend(change_findings(book, card.changes))
    card.reckon_gains = reckoning(book, card.values)
    return card


def _placed(book: ScoringBook, source: Source) -> Source:
    if source.file:
        return source
    key = Keys(source.label).awarded if source.sheet == SCORES else source.label or source.cell
    place = book.plan.places.get(key)
    if place is None:
        return source._replace(file=book.path.name)
    return source._replace(file=book.path.name, sheet=place.sheet, cell=place.ref)


Renew = Callable[[ScoringBook], "Sequence[Checked]"]


@kept_whole
def rescore(book: ScoringBook, renew: Renew | None = None, *, restoring: bool = True) -> Scorecard:
    """The scorecard of the workbook's entries; formulas, scores, explanations and checks are renewed in memory.

    ``restoring``: formulas of ours that were typed over are put back, and said. ``renew`` makes the
    cross-checks anew, where facts are others than they were made on, and, while restoring, writes them into 勾稽.
    """
    card = scored(book)
    card.findings.items[:0] = [*book.findings, *(_restored(book) if restoring else ())]
    for key, place in book.plan.places.items():
        if key in book.net.items or key in book.links:
            value = card.values[key] if key in book.net.items else book.entries.get(key)
            book.sheet(place.sheet).set(place.ref, "" if value is None else value)
        else:
            value = book.entries.get(key)
        if isinstance(value, str) and len(value) > SHORT:
            book.texts.setdefault(place.sheet, {})[place.row, place.column] = value
    # the facts themselves are not made: scoring is in a hurry
    for row, (*_, linked) in enumerate(book.kept("located"), book.plan.located_head + 2):
        if linked:
            now = Link.of(linked).now(book.book)
            book.sheet(FACTS).set(join_ref(row, FACT_VALUE), "" if now is None else now)
    _say_failing(book, card, _checks(book, renew, written=restoring))
    tell_changes(book, card.changes)
    tell_gains(book, card, state=restoring)  # a running program calculates it anew
    return card


def assessed(book: ScoringBook, renew: Renew, card: Scorecard | None = None) -> Scorecard:
    """What ``rescore`` gives, without a change to the workbook where its formulas and checks are as they were left.

    ``card`` is what ``scored`` gave, where somebody asked already.
    """
    intact = _text(book.sheet(HIDDEN).get(FORMULAS_CELL)) == _digest(book)
    if not intact or (book.seals and not _checked(book)):
        return rescore(book, renew)
    card = card or scored(book)
    card.findings.items[:0] = book.findings
    _say_failing(book, card, failing(book))
    return card


def own_formulas(book: ScoringBook) -> dict[Place, str]:
    """Every formula that the rubric, and the tables brought in, put into the workbook; people type none of them."""
    plan = book.plan
    made = {plan.places[key]: plan.formula(key) for key in plan.net.items if key in plan.places}
    for row, (*_, linked) in enumerate(book.kept("located"), plan.located_head + 2):
        if linked and linked[0] in book.book.sheet_names:
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
        if cell is None and place.sheet == CHARTS:
            continue  # the charts of an earlier version had fewer figures
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
    """Of the formulas as they stand, in the order of the plan; known where another workbook has the same."""
    rows = row_count(book.text("located")), len(check_rows(book))
    marks = [book.sheet(name).formulas_mark for name in book.plan.sheets if book.book.has(name)]
    key, known = (*marks, *rows), book.plan.digests
    made = known.get(key) or _digest_of(book, *rows)
    if len(known) > DIGESTS:
        known.clear()
    if None not in marks:
        known[key] = made
    return made


def _digest_of(book: ScoringBook, located: int, checks: int) -> str:
    cells = [(place.sheet, place.ref) for key, place in book.plan.places.items() if key in book.net.items]
    first = book.plan.located_head + 2
    cells += [(FACTS, join_ref(first + row, FACT_VALUE)) for row in range(located)]
    letters = [CHECK_LETTERS[name] for name in ("左方数值", "右方数值", "差额", "结论")]
    rows = range(LIST_FIRST, LIST_FIRST + checks)
    cells += [(CHECKS, f"{letter}{row}") for row in rows for letter in letters]
    texts = (book.sheet(sheet).formula_at(ref) for sheet, ref in cells)
    return hashlib.sha256(
        "\n".join("" if text is None else f"={text}" for text in texts).encode()
    ).hexdigest()


def _checks(book: ScoringBook, renew: Renew | None, *, written: bool) -> int:
    """How many checks do not agree; made anew where the facts are others than when the rows of 勾稽 were written."""
    if renew is None or not book.seals or _checked(book):
        return refresh_checks(book)
    made = renew(book)
    if not written:
        return sum(one.outcome == FAILS for one in made)
    book.sheet(HIDDEN).set(FORMULAS_CELL, _digest(book), formula=None)
    return refresh_checks(book)


def _checked(book: ScoringBook) -> bool:
    return _text(book.sheet(HIDDEN).get(CHECKED_CELL)).startswith(checked_on(book))


def _say_failing(book: ScoringBook, card: Scorecard, failing: int) -> None:
    if failing:
        card.findings.add("J420", book.source(CHECKS, f"{CHECK_LETTERS['结论']}{LIST_FIRST}"), count=failing)
