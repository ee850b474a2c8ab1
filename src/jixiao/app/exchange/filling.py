"""An officer's own sheet filled: 得分 and 评分说明 of the indicators that the tables beside it decide; the rest is left alone.

The rubric's own scoring workbook, empty and in memory, is filled from those tables by the same rooms as a file.
"""

from __future__ import annotations

import contextlib
import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

from jixiao.app.exchange.copied import BookCopy, CellWrite, Content, SheetCopy, Spot, content_of, same_value
from jixiao.app.exchange.ourbook import NOWHERE
from jixiao.app.exchange.recognising import Recognised, Tied, disagreements, recognise, rubric_named, tie
from jixiao.intake import Reading, Recogniser, load, read_books
from jixiao.master import ScoringBook, fill_book, put_entry, scored, scoring_book_of
from jixiao.model import NOT_APPLICABLE, DefinitionError, FindingKind, Findings, Source, Stop, Value, plain
from jixiao.office import DATE, Book, Cell, Sheet, join_ref, open_workbook
from jixiao.rubric import Indicator, Rubric, shipped, to_json
from jixiao.scoring import Keys, Scorecard, Scored
from jixiao.text import read_quantity

MOST_CELLS = 2_000_000  # of all sheets together
KEPT = 32  # rubrics whose empty workbook is kept, some 90 kB each
_GOT = re.compile(r"，得(-?\d+(?:\.\d+)?)分")


@dataclass(slots=True)
class Filled:
    """What is to be written into an officer's sheet. ``same`` are indicators whose points stood there already."""

    rubric: str
    findings: Findings
    writes: list[CellWrite] = field(default_factory=list)
    filled: int = 0
    same: int = 0
    kept: int = 0


@dataclass(slots=True)
class _Pen:
    """Collects what is to be written, and says what is left as it is."""

    copy: BookCopy
    found: Recognised
    done: Filled
    ours: Mapping[str, Content]
    overwrite: bool

    def cell(self, row: int, column: int) -> Cell | None:
        return self.found.sheet.used.get((row, column))

    def mine(self, row: int, column: int) -> bool:
        """Whether the cell holds what we wrote there."""
        ref = join_ref(row, column)
        return ref in self.ours and same_value(content_of(self.cell(row, column)), self.ours[ref])

    def write(self, row: int, column: int, content: Content) -> None:
        self.done.writes.append(CellWrite(self.found.sheet.name, (row, column), content))

    def say(self, code: str, cell: Cell, title: str, points: Decimal) -> None:
        """Say what stands in a cell and what we would have there."""
        old = plain(cell.value) if isinstance(cell.value, Decimal) else f"“{cell.value}”"
        place = Source(self.copy.name, self.found.sheet.name, cell.ref, title)
        self.done.findings.add(code, place, title=title, old=old, new=plain(points))


def filled(
    copy: BookCopy,
    sheet: str,
    ours: Mapping[str, Content],
    definitions: tuple[Path, ...] = (),
    words: Mapping[str, str] | None = None,
) -> Filled:
    """Recognise, tie to a rubric, take the facts from the other sheets, score; what to write, and what is said.

    ``ours`` is what we wrote into the sheet before. ``words``: ``rubric``, and ``overwrite`` = ``yes``.
    """
    wishes = words or {}
    found = recognise(copy.whole(sheet), copy.name)
    tied = tie(found, definitions, wishes.get("rubric", ""))
    findings = Findings()
    refused = disagreements(found, tied, copy.name, findings)
    others = [name for name in copy.sheet_names if name != sheet]
    reading = read_tables(copy, others, definitions)
    net = net_of(tied.rubric, reading, copy.name, _excused(found, tied))
    findings.extend(_placed(reading.findings, net, copy))
    pen = _Pen(copy, found, Filled(tied.rubric.name, findings), ours, wishes.get("overwrite") == "yes")
    _fill(tied, net, pen, refused)
    if tied.strangers:
        names = "、".join(tied.strangers)
        place = Source(copy.name, sheet)
        findings.add("J835", place, count=len(tied.strangers), rubric=tied.rubric.name, names=names)
    return pen.done


def _placed(read: Findings, net: Net, copy: BookCopy) -> Findings:
    """What was noticed in the tables; places in the workbook behind the net mean nothing to the officer."""
    made = Findings(list(read))
    for finding in net.findings:
        shown = all(source.sheet in copy.sheet_names or not source.sheet for source in finding.sources)
        if shown:
            made.items.append(finding)
    return made


def _excused(found: Recognised, tied: Tied) -> list[str]:
    """Indicators whose 得分 or 评分说明 in the table says 不适用."""
    made = []
    for key, row in tied.rows.items():
        head, number = found.columns_of(row), found.row_of(row)
        cells = [found.sheet.used.get((number, c)) for c in (head.got, head.said) if c]
        texts = [cell.value for cell in cells if cell is not None and isinstance(cell.value, str)]
        if any(text.strip().startswith(NOT_APPLICABLE) for text in texts):
            made.append(key)
    return made


def _fill(tied: Tied, net: Net, pen: _Pen, refused: set[str]) -> None:
    lacking: dict[str, list[str]] = {}
    for indicator, row in zip(tied.rubric.indicators(), net.card.indicators, strict=True):
        if indicator.key not in tied.rows or indicator.key in refused or _judged(indicator, net):
            continue
        if row.rule_points is not None and row.status == "scored":
            _row(pen, tied, row, row.rule_points)
        elif missing := net.lacking(indicator):
            lacking[indicator.key] = missing
    if lacking:
        place = Source(pen.copy.name, pen.found.sheet.name)
        facts = dict.fromkeys(name for names in lacking.values() for name in names)
        names = "、".join(lacking)
        pen.done.findings.add("J841", place, count=len(lacking), names=names, facts="、".join(facts))


def _judged(indicator: Indicator, net: Net) -> bool:
    """Whether a person decides a part of the indicator: then it is not ours to fill."""
    asked = {ask.field for part in indicator.rule.leaves() for ask in part.asks}
    return net.book.net.has_row(indicator) and bool(asked - {"适用"})


def _row(pen: _Pen, tied: Tied, scored: Scored, points: Decimal) -> None:
    row = tied.rows[scored.title]
    head, number = pen.found.columns_of(row), pen.found.row_of(row)
    cell = pen.cell(number, head.got)
    said = pen.cell(number, head.said) if head.said else None
    if cell is not None and _number(cell) == points:
        pen.done.same += 1
    elif _may_write(pen, (number, head.got), cell, said, scored.title, points):
        pen.write(number, head.got, points)
        pen.done.filled += 1
    else:
        pen.done.kept += 1
        return
    blank = said is None or said.value in (None, "")
    unlike = said is None or not same_value(said.value, scored.explanation)
    if head.said and unlike and (blank or pen.mine(number, head.said) or _told(said, cell)):
        pen.write(number, head.said, scored.explanation)


def _number(cell: Cell) -> Decimal | None:
    if isinstance(cell.value, str):
        return read_quantity(cell.value).value
    return cell.number


def _may_write(
    pen: _Pen, spot: Spot, cell: Cell | None, said: Cell | None, title: str, points: Decimal
) -> bool:
    """Blank cells and points of ours are written; what a person typed stays, unless overwriting was asked for."""
    if cell is None or (cell.formula is None and cell.value in (None, "")):
        return True
    may = cell.formula is None and (pen.overwrite or pen.mine(*spot) or _told(said, cell))
    pen.say("J839" if may else "J838", cell, title, points)
    return may


def _told(reason: Cell | None, cell: Cell | None) -> bool:
    """Whether the reason beside the points is one of ours for exactly these points: they were filled in before."""
    if reason is None or cell is None or reason.formula is not None or not isinstance(reason.value, str):
        return False
    parts = [Decimal(found) for found in _GOT.findall(reason.value)]
    return bool(parts) and reason.value.strip().endswith("分") and cell.value == sum(parts)


@dataclass(slots=True)
class Net:
    """A scored net: the card, the workbook in memory behind it, and what was noticed while filling it."""

    card: Scorecard
    book: ScoringBook
    findings: Findings

    def lacking(self, indicator: Indicator) -> list[str]:
        """The figures of the rule that were not found."""
        return [name for name in self._inputs(indicator) if not self._found(name)]

    def _found(self, name: str) -> bool:
        keys = self.book.net.columns.get(name)
        if keys is None:
            return self.book.entries.get(name) is not None
        return any(isinstance(self._value(key), Decimal) for key in keys)

    def _value(self, key: str) -> Value:
        return self.card.values[key] if key in self.card.values else self.book.entries.get(key)

    def _inputs(self, indicator: Indicator) -> list[str]:
        """Facts and table columns that a rule reads, also through quantities, in order."""
        waiting, seen = list(indicator.rule.reads), dict[str, None]()
        while waiting:
            name = waiting.pop(0)
            if name not in seen:
                seen[name] = None
                quantity = self.book.rubric.quantities.get(name)
                waiting += quantity.reads if quantity is not None else ()
        net = self.book.net
        return [name for name in seen if name in net.columns or name in net.entries]


def net_of(rubric: Rubric, reading: Reading, file: str, not_applicable: Iterable[str]) -> Net:
    """Fill and score; ``not_applicable`` are indicators that the officer's table says so of."""
    book = scoring_book_of(Path(file), NOWHERE, open_workbook(_empty(to_json(rubric))))
    # the tables stay where they are: nobody will see this workbook, its facts need no links
    done = fill_book(book, replace(reading, sheets=[]), None, "")
    wanted = set(not_applicable)
    for indicator in rubric.indicators():
        for part in indicator.rule.leaves() if indicator.key in wanted else ():
            applies = Keys(part.key).applies
            if applies in book.net.entries:
                put_entry(book, applies, NOT_APPLICABLE)
    card = scored(book)
    # nobody sees the cells of the workbook behind the net
    kept = [f for f in (*done.findings, *card.findings) if FindingKind.BOOK not in f.kinds]
    return Net(card, book, Findings(kept))


def prepare(definitions: tuple[Path, ...]) -> None:
    """Keep ready what every press needs: forms and rubrics; wrong definitions are left for later."""
    with contextlib.suppress(Stop, DefinitionError):
        forms(definitions)
    for name in shipped(definitions):
        with contextlib.suppress(Stop):
            rubric_named(name, definitions)


@functools.lru_cache(maxsize=KEPT)
def _empty(definition: str) -> bytes:
    from jixiao.master import build
    from jixiao.rubric import from_data

    return build(from_data(definition), {})


@functools.lru_cache(maxsize=8)
def forms(definitions: tuple[Path, ...]) -> Recogniser:
    """The forms that tables are recognised by, kept."""
    return Recogniser(load(definitions))


def read_tables(copy: BookCopy, names: Iterable[str], definitions: tuple[Path, ...]) -> Reading:
    """Facts, records and sheets of the tables on some sheets, as from one source file with the workbook's name."""
    sheets: list[Sheet] = []
    unread: list[str] = []
    cells = 0
    for name in names:
        if cells > MOST_CELLS:
            unread.append(name)
            continue
        sheet = copy.sheet(name)
        cells += sheet.rows * sheet.columns
        if sheet.used:
            sheets.append(_source(copy.name, sheet))
    reading = read_books([Book(copy.name, sheets)], forms(definitions))
    # other sheets of the officer's own workbook are no tables that went unrecognised
    reading.findings.items[:] = [f for f in reading.findings if FindingKind.STRANGER not in f.kinds]
    for name in unread:
        reading.findings.add("J843", Source(copy.name, name), sheet=name, rows=0, columns=0)
    return reading


def _source(file: str, sheet: SheetCopy) -> Sheet:
    made = Sheet(file, "", sheet.name)
    for spot, cell in sheet.used.items():
        if cell.value != "":
            made.put(*spot, cell.value, DATE if spot in sheet.dates else "")
    return made
