"""A book -> its tables: titles and headings decide, pages are joined, what is ambiguous is said."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from jixiao.intake import labels
from jixiao.intake.definition import Form, SheetForm
from jixiao.intake.matching import Table, continues, data_rows, doubt_cut_row, match
from jixiao.intake.page import Page
from jixiao.model import Finding, Findings, make
from jixiao.office import Book
from jixiao.text import Period, label_key, one_dash

MAX_BEFORE = 45
SHEET_NAME_LIMIT = 31
_BEHIND = re.compile(
    r"(?:\([一二三四五六七八九十\d]{1,3}\).{0,16}|\((?!说明).{0,30}\)?|续表?|[-—_.\d]+|公开\d+表?|财决附?[\d\-]+表?|(?:金额)?单位.*|(?:会计)?期间:?|表|附表\d*)*"
)
_SENTENCE = re.compile(r"[,。;;!?]|详见|根据|按照|以下|情况说明|名词解释")


@dataclass(frozen=True, slots=True)
class Hit:
    """A title found in a row: the title as printed and the forms that bear it."""

    row: int
    text: str
    forms: tuple[Form, ...]


class Titles:
    """All titles of a set of forms, the longest first."""

    def __init__(self, forms: Sequence[Form]) -> None:
        self._forms: dict[str, list[Form]] = {}
        for form in forms:
            for title in form.titles:
                self._forms.setdefault(title, []).append(form)
        longest = sorted(self._forms, key=len, reverse=True)
        self._pattern = re.compile("|".join(re.escape(title) for title in longest) or r"(?!)")
        self._cache: dict[str, tuple[Form, ...]] = {}

    def of_text(self, text: str) -> tuple[Form, ...]:
        """The forms whose title a text is; nothing for a sentence that only mentions one."""
        known = self._cache.get(text)
        if known is None:
            known = self._cache[text] = self._search(label_key(text))
        return known

    def _search(self, key: str) -> tuple[Form, ...]:
        for found in self._pattern.finditer(key):
            before, behind = key[: found.start()], one_dash(key[found.end() :])
            for period in labels.periods(key):
                behind = behind.replace(period.text, "")
            if len(before) <= MAX_BEFORE and not _SENTENCE.search(before) and _BEHIND.fullmatch(behind):
                return tuple(self._forms[found[0]])
        return ()

    def of_sheet(self, name: str) -> tuple[Form, ...]:
        """The forms that a sheet name names; a name cut at 31 characters counts when its end begins a title."""
        forms = self.of_text(name)
        if forms or len(name) < SHEET_NAME_LIMIT:
            return forms
        key = label_key(name)
        for start in range(len(key) - 8):
            tail = key[start:]
            fitting = [title for title in self._forms if title.startswith(tail)]
            if fitting:
                return tuple(form for title in fitting for form in self._forms[title])
        return ()

    def hits(self, page: Page) -> list[Hit]:
        """All titles on a page from top to bottom, one entry a row."""
        found: dict[int, Hit] = {}
        for row, _, text in page.texts(page.first, page.last):
            if len(text) > 2 * MAX_BEFORE or row in found:
                continue
            forms = self.of_text(text)
            if forms:
                found[row] = Hit(row, labels.tidy(text), forms)
        return list(found.values())


_NUMBER = re.compile(r"财决附?\d{1,2}(?:-\d)?表")


@dataclass(slots=True)
class Recognition:
    """The tables of one book, its pages, and what was noticed; ``unread`` are titles whose tables were not understood."""

    pages: list[Page]
    tables: list[Table] = field(default_factory=list)
    findings: Findings = field(default_factory=Findings)
    unread: list[Finding] = field(default_factory=list)


class Recogniser:
    """Holds the forms and their titles; ``read`` is called once a book."""

    def __init__(self, forms: Sequence[Form]) -> None:
        self._forms = [form for form in forms if not form.decoy]
        self.titles = Titles(forms)

    def read(self, book: Book, checkpoint: Callable[[], None]) -> Recognition:
        """Recognise every table of a book; ``checkpoint`` is called between sheets and may stop the reading."""
        result = Recognition([Page(book, index) for index in range(len(book.sheets))])
        for page in result.pages:
            checkpoint()
            if page.rows:
                _Walk(self, page, result).run()
        for left, right in itertools.pairwise(result.pages):
            _halves(self, left, right, result)
        for table in result.tables:
            _tell(table, result)
        result.findings.extend(result.unread)
        return result

    def titled(self, page: Page) -> list[Hit]:
        """Titles standing on the page."""
        return self.titles.hits(page)

    def named(self, page: Page) -> tuple[Form, ...]:
        """Forms that the sheet's name names."""
        return self.titles.of_sheet(page.sheet.name)

    @property
    def sheets(self) -> list[SheetForm]:
        """Forms that fill a sheet, the user's own first."""
        return [form.sheet for form in reversed(self._forms) if form.sheet is not None]

    @property
    def parted(self) -> list[Form]:
        """Forms of several blocks side by side."""
        return [form for form in self._forms if sum(not block.optional for block in form.blocks) > 1]

    @property
    def untitled(self) -> list[Form]:
        """Forms whose headings alone prove them."""
        return [form for form in self._forms if form.untitled]


class _Walk:
    """One page from top to bottom: what stands under each title, then what is left over."""

    def __init__(self, forms: Recogniser, page: Page, result: Recognition) -> None:
        self.forms, self.page, self.result = forms, page, result
        self.done = 0  # last row that belongs to a table
        self.missed: list[tuple[Hit, int, list[str]]] = []

    def run(self) -> None:
        hits = self.forms.titled(self.page)
        before = len(self.result.tables)
        first = hits[0].row if hits else self.page.last + 1
        if first > self.page.first:
            self._untitled(self.page.first, first - 1, named=not hits)
        for index, hit in enumerate(hits):
            end = hits[index + 1].row - 1 if index + 1 < len(hits) else self.page.last
            self._titled(hit, end)
        if hits and len(self.result.tables) == before and not self._decoyed(hits):
            self._place(self.forms.named(self.page), self.page.first, self.page.last, "")
        self._say_missed()

    def _say_missed(self) -> None:
        """A title of ours above rows of figures that no table took."""
        taken = {
            row
            for table in self.result.tables
            for part in table.parts
            if part.page is self.page
            for row in part.rows
        }
        for hit, end, why in self.missed:
            rows = range(hit.row + 1, end + 1)
            if sum(len(self.page.figures(row)) > 0 for row in rows) > 1 and not taken & set(rows):
                source = self.page.sheet.source(hit.row, 1, hit.text)
                self.result.unread.append(
                    make("J129", source, title=hit.text, why="；".join(dict.fromkeys(why)))
                )

    def _decoyed(self, hits: list[Hit]) -> bool:
        return any(form.decoy for hit in hits for form in hit.forms)

    def _titled(self, hit: Hit, end: int) -> None:
        forms = [form for form in hit.forms if not form.decoy]
        why: list[str] = []
        found = self._place(forms, hit.row + 1, end, hit.text, why)
        if forms and not found:
            self.missed.append((hit, end, why))
        rest = max((table.bottom for table in found), default=end) + 1
        if rest <= end:
            self._untitled(rest, end, named=False)

    def _place(
        self, forms: Sequence[Form], top: int, bottom: int, title: str, why: list[str] | None = None
    ) -> list[Table]:
        """The best tables of the given forms within a range, none overlapping another."""
        candidates = [
            table
            for form in forms
            if not form.decoy and (table := match(self.page, form, top, bottom, title or form.title, why=why))
        ]
        candidates.sort(key=lambda table: (table.score, table.form.family[2]), reverse=True)
        accepted: list[Table] = []
        for table in candidates:
            rivals = [other for other in accepted if other.top <= table.bottom and table.top <= other.bottom]
            if not rivals:
                accepted.append(table)
            elif any(_tied(table, rival) for rival in rivals):
                self._ambiguous(table, rivals[0])
                accepted = [other for other in accepted if other not in rivals]
        accepted.sort(key=lambda table: table.top)
        for table in accepted:
            self._keep(table, top - 1 if title else self.page.first)
            if not table.units:  # said once for all that stand below one title
                table.units.update(accepted[0].units)
        return accepted

    def _ambiguous(self, one: Table, other: Table) -> None:
        source = self.page.sheet.source(one.top, 1, one.title)
        self.result.findings.add("J120", source, one=one.form.id, other=other.form.id)

    def _keep(self, table: Table, top: int) -> None:
        _captioned(table, self.page, self.done + 1, max(top, self.done + 1) if self.done else 1)
        self.done = max(self.done, table.bottom)
        previous = self._previous()
        if previous is not None and previous.form is table.form and _disjoint(previous, table):
            previous.parts.extend(table.parts)
            previous.units.update(table.units)
            previous.captions += table.captions
            self._joined(previous)
        else:
            self.result.tables.append(table)

    def _previous(self) -> Table | None:
        return self.result.tables[-1] if self.result.tables else None

    def _joined(self, table: Table) -> None:
        first = table.parts[0].page.sheet
        doubt_cut_row(*table.parts[-2:])
        source = self.page.sheet.source(table.parts[-1].rows[0] if table.parts[-1].rows else 1, 1)
        self.result.findings.add("J131", source, title=table.title or table.form.title, sheet=first.name)

    def _untitled(self, top: int, bottom: int, named: bool) -> None:
        """Rows without a known title: the previous table goes on, the sheet's name tells, or the headings alone."""
        previous = self._previous()
        if previous is not None and self._goes_on(previous, top, bottom):
            top = self.done + 1
        if named and top <= bottom and self._place(self.forms.named(self.page), top, bottom, ""):
            return
        if top <= bottom and not any(self.page.is_titlelike(row) for row in range(top, bottom + 1)):
            self._place(self.forms.untitled, top, bottom, "")

    def _goes_on(self, previous: Table, top: int, bottom: int) -> bool:
        start = next((row for row in range(top, bottom + 1) if row in self.page.rows), bottom + 1)
        rows = data_rows(self.page, start, bottom)
        if previous.parts[-1].page is not self.page and start == self.page.first:
            part = continues(self.page, previous, rows)
            if part is not None and _near(previous, self.page):
                previous.parts.append(part)
                self.done = rows[-1]
                self._joined(previous)
                return True
        if any(self.page.is_titlelike(row) for row in range(top, bottom + 1)):
            return False
        again = match(self.page, previous.form, top, bottom)
        if again is None or not again.parts[0].rows or not _disjoint(previous, again):
            return False
        self._keep(again, again.top)
        return True


def _captioned(table: Table, page: Page, top: int, title: int) -> None:
    """Note what the rows above a table say of it: units and number from ``top`` on, captions from its title on."""
    texts = [((row, column), text) for row, column, text in page.texts(top, table.parts[0].header.bottom)]
    for unit in labels.stated_units(texts):
        table.units[unit] = page.sheet.name
    numbers = (_NUMBER.search(label_key(text)) for text in (page.sheet.name, *(t for _, t in texts)))
    table.number = next((found[0] for found in numbers if found), "")
    table.captions += [text for (row, _), text in texts if title <= row < table.top]


def _halves(forms: Recogniser, left: Page, right: Page, result: Recognition) -> None:
    """A table printed over two pages side by side, its title and unit cut as well: each has some of its blocks."""
    taken = {id(part.page) for table in result.tables for part in table.parts}
    if not left.rows or not right.rows or {id(left), id(right)} & taken:
        return
    for form in forms.parted:
        halves = [match(page, form, page.first, page.last, half=True) for page in (left, right)]
        if halves[0] is None or halves[1] is None:
            continue
        blocks = [{group.block.name for group in half.parts[0].groups} for half in halves if half]
        whole = {block.name for block in form.blocks if not block.optional} <= blocks[0] | blocks[1]
        heads = ["".join(text for _, _, text in page.texts(page.first, page.first)) for page in (left, right)]
        titled = form in forms.titles.of_text("".join(heads))
        if whole and not blocks[0] & blocks[1] and (titled or form.untitled):
            table, other = halves[0], halves[1]
            for half, page in ((table, left), (other, right)):
                _captioned(half, page, page.first, page.first)
            table.title = form.title
            table.parts += other.parts
            table.units.update(other.units)
            table.captions += other.captions
            result.tables.append(table)
            result.findings.add(
                "J131", right.sheet.source(right.first, 1), title=form.title, sheet=left.sheet.name
            )
            return


def _tell(table: Table, result: Recognition) -> None:
    """What stands around a table: the rows below it, the period that its captions, its sheet or its file name say."""
    part, form = table.parts[-1], table.form
    while part.rows and part.page.is_remark(part.rows[-1]):
        part.rows.pop()
    others = [
        other.top for other in result.tables if other.parts[0].page is part.page and other.top > table.bottom
    ]
    for row in range(table.bottom + 1, min((part.page.last + 1, *others))):
        if part.page.is_titlelike(row):
            break
        text = " ".join(labels.tidy(text) for _, _, text in part.page.texts(row, row))
        if text:
            table.notes.append((row, text))
    notes = [text for _, text in table.notes]
    for unit in {labels.noted_unit(text) for text in notes} - {""}:
        table.units.setdefault(unit, part.page.sheet.name)
    names = [table.parts[0].page.sheet.name, PurePath(part.page.book.file).stem]
    told: list[Period] = []
    for texts, day, month in (
        ([table.title], form.periodic, True),
        ((*table.captions, *notes), form.periodic, form.periodic),
        (names, False, form.periodic),
    ):
        # a day, and a month above a table that is printed once a year, may be when it was written
        told += (
            period
            for text in texts
            for period in labels.periods(text)
            if period.since == period.year and (month if period.month else day or period.start is not None)
        )
    table.period = next((period for period in told if not period.whole), told[0] if told else None)
    table.year = next((period.year for period in told if period.year), _latest(table))


def _latest(table: Table) -> int | None:
    """The latest year that headings name, where the form has the year before beside its own."""
    if all(column.at != "last" for block in table.form.blocks for column in block.columns):
        return None
    headed = [text for part in table.parts for path in part.header.paths.values() for text in path]
    return max((p.year for text in headed for p in labels.periods(text) if p.year), default=None)


def _tied(one: Table, other: Table) -> bool:
    same_form = one.form.family[:2] == other.form.family[:2]
    return one.score == other.score and not same_form


def _near(table: Table, page: Page) -> bool:
    """No other filled sheet stands between a table's last part and the page that goes on with it."""
    last = table.parts[-1].page.index
    return all(not sheet.cells for sheet in page.book.sheets[last + 1 : page.index])


def _disjoint(one: Table, other: Table) -> bool:
    """Whether the second table brings only rows that the first does not have: then it is its next page."""
    if one.form.layout != "rows" or not other.parts[0].rows:
        return False
    return all(not (_rows_of(one, index) & _rows_of(other, index)) for index in range(len(one.form.blocks)))


def _rows_of(table: Table, index: int) -> set[str]:
    block = table.form.blocks[index]
    keys: set[str] = set()
    for part, group, row in table.walk(block):
        code = group.code(part.page, row)
        text = group.label(part.page, row)
        key = labels.row(text) if text else ""
        if code or key in block.by_label or key in block.listed:
            keys.add(code or key)
    return keys
