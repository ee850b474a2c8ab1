"""The walk of intake: files are opened, tables recognised, facts and records taken, and held against each other -> Reading."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jixiao.intake import crosscheck, labels
from jixiao.intake.alike import alike
from jixiao.intake.definition import SheetForm, aside, load
from jixiao.intake.extract import Extract, extract
from jixiao.intake.matching import Part, Table
from jixiao.intake.page import Page
from jixiao.intake.recognise import Recogniser, Recognition
from jixiao.intake.sheetform import read_forms
from jixiao.model import FactSet, FindingKind, Findings, LimitReached, Record, Refused, Source
from jixiao.office import Book, Sheet, column_letter, open_book
from jixiao.text import label_key, unnumbered

TITLE_ROWS = 3
MOST_SAID = 6
MAX_NOTE = 80
MOST_FILES = 300
OURS = "_jixiao"
"""A sheet that only scoring workbooks have: they are no sources."""
SOURCES = [
    ".xlsx",
    ".xlsm",
    ".xls",
    ".et",
    ".ods",
    ".csv",
    ".txt",
    ".tsv",
    ".htm",
    ".html",
    ".mht",
    ".mhtml",
    ".xml",
    ".docx",
    ".pdf",
]  # as people name them


@dataclass(slots=True)
class Reading:
    """The result of reading source files; ``recognised`` is False when no table of any known form was found."""

    facts: FactSet = field(default_factory=FactSet)
    sheets: list[Sheet] = field(default_factory=list)
    records: dict[str, list[Record]] = field(default_factory=dict)
    findings: Findings = field(default_factory=Findings)
    recognised: bool = False


def read(
    paths: Sequence[Path], *, definitions: Sequence[Path] = (), deadline: float | None = None
) -> Reading:
    """Read source files into one Reading.

    ``definitions`` are folders with forms of the user's own (DIR/forms/**.yaml); ``deadline`` is a time of
    ``time.monotonic()``. Raises Refused (a file cannot be read), LimitReached (deadline, size) and DefinitionError.
    Amounts are in the concepts' own unit; every problem in the data is in ``findings``.
    """
    left = Findings()
    reading = read_books(_opened(paths, deadline, left), Recogniser(load(definitions)), deadline)
    reading.findings.extend(left)
    return reading


def _opened(paths: Sequence[Path], deadline: float | None, left: Findings) -> Iterator[Book]:
    """The files, and those of folders; what lies in a folder and is no source is said in ``left``."""
    for path in paths:
        ours: list[str] = []
        for file in files_in(path) if path.is_dir() else (path,):
            _checkpoint(file.name, deadline)
            try:
                book = open_book(file)
            except Refused as refused:
                if file is path:
                    raise
                left.extend([refused.finding])
                continue
            if all(sheet.name != OURS for sheet in book.sheets):
                yield book
            elif file is path:
                raise Refused("J158", Source(file.name), file=file.name)
            else:
                ours.append(file.name)
        if ours:
            left.add("J157", Source(path.name), file=path.name, count=len(ours), books="、".join(ours))


def files_in(folder: Path) -> list[Path]:
    """The files of a folder that may be sources, in the order of their names; Refused where there are none or too many."""
    found = sorted(file for file in folder.iterdir() if file.suffix.lower() in SOURCES and file.is_file())
    found = [file for file in found if not file.name.startswith(("~$", "."))]
    if not found:
        raise Refused("J156", file=folder.name)
    if len(found) > MOST_FILES:
        raise LimitReached("J107", file=folder.name, what=f"{len(found)}个文件")
    return found


def read_books(books: Iterable[Book], forms: Recogniser, deadline: float | None = None) -> Reading:
    """The same for books that stand in memory already, such as the sheets of an open workbook."""
    reading, extracts = Reading(), []
    for book in books:
        recognition = forms.read(book, lambda name=book.file: _checkpoint(name, deadline))  # type: ignore[misc]
        reading.findings.extend((*book.findings, *recognition.findings))
        found = [extract(table, reading.findings) for table in recognition.tables]
        extracts += found
        _sheet_forms(reading, recognition, forms.sheets)
        _collect(reading, book, recognition, found)
    _missing_units(reading, extracts)
    reading.facts.add(alike(reading.facts)[0])
    crosscheck.compare(reading.facts, reading.findings)
    return reading


def _checkpoint(file: str, deadline: float | None) -> None:
    if deadline is not None and time.monotonic() > deadline:
        raise LimitReached("J108", file=file)


def _sheet_forms(reading: Reading, recognition: Recognition, forms: Sequence[SheetForm]) -> None:
    """Filled forms that take a sheet of their own, on pages that hold no other table."""
    taken = {id(part.page) for table in recognition.tables for part in table.parts}
    for page in recognition.pages:
        for form in forms if id(page) not in taken else ():
            filled = read_forms(form, page, reading.findings)
            for record in (record for one in filled for record in one.records):
                reading.records.setdefault(record.kind, []).append(record)
            if filled:
                page.sheet.form, page.sheet.title, page.sheet.used = form.id, filled[-1].title, True
                reading.recognised = True
                break
            _titled_only(reading, form, page)


def _titled_only(reading: Reading, form: SheetForm, page: Page) -> None:
    """A sheet that bears the title of a form whose headings are not there."""
    for row, column, text in page.texts(page.first, page.first + TITLE_ROWS):
        if page.is_titlelike(row) and label_key(text).endswith(form.title) and len(page.rows) > TITLE_ROWS:
            wanted = "、".join(min(sorted(form.rows[name]), key=len) for name in form.needed)
            source = page.sheet.source(row, column, labels.tidy(text))
            reading.findings.add(
                "J129", source, title=labels.tidy(text), why=f"没有找到表头，应有{wanted}各列"
            )
            return


def _collect(reading: Reading, book: Book, recognition: Recognition, found: list[Extract]) -> None:
    for item in found:
        reading.facts.add(item.facts)
        for record in item.records:
            reading.records.setdefault(record.kind, []).append(record)
        _mark(item)
    reading.sheets += book.sheets
    if recognition.tables:
        reading.recognised = True
    _say(reading, book, any(sheet.form for sheet in book.sheets))
    for item in found:
        _hidden(reading, item.table)
    _left(reading, book, found)


def _hidden(reading: Reading, table: Table) -> None:
    """Rows and columns of a table that nobody sees: they were read, and are said."""
    for part in table.parts:
        sheet, places = part.page.sheet, sorted(part.header.paths)
        rows = [row for row in part.rows if row in sheet.hidden_rows]
        columns = [column + part.shift for column in places if column + part.shift in sheet.hidden_columns]
        said = [f"第{row}行{_named(part, row)}" for row in rows]
        said += [f"{column_letter(column)}列（{part.shown(column)}）" for column in columns]
        if said:
            place = sheet.source((rows or part.rows or [1])[0], (columns or [1])[0], table.title)
            more = f"等{len(said)}处" if len(said) > MOST_SAID else ""
            title = table.title or table.form.title
            reading.findings.add("J130", place, title=title, places="、".join(said[:MOST_SAID]) + more)


def _named(part: Part, row: int) -> str:
    names = [labels.tidy(text) for group in part.groups if (text := group.label(part.page, row))]
    return f"（{names[0]}）" if names else ""


def _left(reading: Reading, book: Book, found: list[Extract]) -> None:
    """Figures of recognised sheets that are neither fact nor row of a table, and remarks below: one line for a file."""
    taken = {place for item in found for place in item.taken}
    left: Counter[str] = Counter()
    pages: dict[int, tuple[Page, set[int]]] = {}
    for item in found:
        title = item.table.title or item.table.form.title
        for part in item.table.parts:
            page, rows = part.page, pages.setdefault(id(part.page), (part.page, set()))[1]
            rows.update(part.rows, range(1, part.header.bottom + 1))
            left[title] += sum(_unused(page, row, part.named, taken) for row in part.rows)
        rows.update(row for row, _ in item.table.notes)
        for row, text in item.table.notes:
            plain = unnumbered(label_key(text).removeprefix("注:").removeprefix("说明:"))
            if plain.startswith(aside("notes")):
                continue
            reading.findings.add("J138", page.sheet.source(row, 1), title=title, text=text[:MAX_NOTE])
    for page, rows in pages.values():
        left["表外"] += sum(
            _unused(page, row, set(), taken)
            for row in page.rows
            if row not in rows and not page.is_ruler(row)
        )
    tables = "、".join(f"{title}{count}个" for title, count in left.items() if count)
    if tables:
        reading.findings.add("J137", Source(book.file), file=book.file, count=left.total(), tables=tables)


def _unused(page: Page, row: int, named: set[int], taken: set[tuple[str, str]]) -> int:
    cells = [cell for column, cell in page.rows.get(row, ()) if column not in named]
    return sum(bool(cell.quantity.value) and (page.sheet.name, cell.ref) not in taken for cell in cells)


def _mark(item: Extract) -> None:
    """Note on each sheet of a table what was recognised there."""
    table = item.table
    for part in table.parts:
        sheet = part.page.sheet
        if not sheet.form:
            sheet.form, sheet.title, sheet.unit = table.form.id, table.title or table.form.title, table.unit
        for group in part.groups:
            for column in {place for places in group.columns.values() for place in places}:
                _number(part, column)


def _number(part: Part, column: int) -> None:
    """Give the text cells of a value column that hold a number their exact number."""
    for row in part.rows:
        cell = part.page.cell(row, column)
        if cell is not None and isinstance(cell.value, str) and cell.meant is None:
            cell.meant = cell.quantity.value


def _say(reading: Reading, book: Book, recognised: bool) -> None:
    findings = reading.findings
    if not recognised:
        if not any(
            FindingKind.UNREAD in finding.kinds
            for finding in findings
            if book.file in {source.file for source in finding.sources}
        ):
            findings.add("J110", Source(book.file), file=book.file)
        return
    # a page of a PDF without a table is text of the document
    unknown = [s.name for s in book.sheets if s.cells and not s.form and (s.boxes or not book.paged)]
    if unknown:
        findings.add("J111", file=book.file, sheets="、".join(unknown))
    hidden = [sheet.name for sheet in book.sheets if sheet.hidden and sheet.used]
    if hidden:
        findings.add("J126", file=book.file, sheets="、".join(hidden))
    for sheet in book.sheets:
        if sheet.overlaps and (sheet.form or sheet.used):
            areas = "、".join(dict.fromkeys(sheet.overlaps[:5]))
            findings.add("J132", Source(book.file, sheet.name), sheet=sheet.name, areas=areas)
    if book.macros:
        findings.add("J127", file=book.file)


def _missing_units(reading: Reading, extracts: list[Extract]) -> None:
    for item in extracts:
        table = item.table
        if len(table.units) > 1:
            code = "J114"
        elif item.unitless:
            code = "J113"
        else:
            continue
        source = table.parts[0].page.sheet.source(table.top, 1, table.title)
        reading.findings.add(
            code,
            source,
            title=table.title or table.form.title,
            units="、".join(table.units),
            hint=crosscheck.hint(item, reading.facts),
        )
