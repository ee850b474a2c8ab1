"""What was changed by hand since sources and facts files gave it: found by the seals, told on 改动, 封面 and 取数.

A figure may be changed in an imported table, typed over its link, typed where nothing was given, or its link may be
turned elsewhere. All of it is legal and none of it is silent. Judgements of people are no changes.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.master.kept import Imported, Sealed, alike
from jixiao.master.look import STYLES
from jixiao.master.moves import Move
from jixiao.master.plan import (
    CHANGE_COLUMNS,
    CHANGE_SUM,
    CHANGE_TABLE,
    CHANGES,
    COVER,
    COVER_CHANGES,
    FACT_COLUMNS,
    FACTS,
    LIST_FIRST,
    PROOF,
    Place,
)
from jixiao.model import Findings, Found, Source, Value, plain
from jixiao.office import Cell, CellValue, join_ref, shows_alike, split_ref
from jixiao.scoring import Change, Entry, How, Keys, Values, filled_columns, keys

if TYPE_CHECKING:
    from jixiao.master.scoringbook import ScoringBook

MOST = 30
"""Cells of one table that are named one by one; where more differ, rows were moved or the table is another one."""
LISTED = 20
"""Changes that are findings of their own."""


def changes(book: ScoringBook, values: Mapping[str, Value] | None = None) -> list[Change]:
    """Every figure that is not, or no longer, what a source gave, with what that does to the points.

    ``values`` are those of the net, where they are known. Nothing can be known of a workbook of format 1, which seals nothing.
    """
    if not book.seals:
        return []
    found = _Search(book)
    made = [*found.entries(), *found.tables()]
    if not made:
        return []
    now, reasons = Values(book.net, book.entries), _reasons(book)
    now.update(values or {})
    made.sort(key=lambda change: _order(book, change))
    return [replace(_weighed(book, now, change), reason=reasons.get(change.place, "")) for change in made]


def _order(book: ScoringBook, change: Change) -> tuple[int, int, int]:
    """By sheet, row and column."""
    names, source = book.book.sheet_names, change.source
    row, column = split_ref(source.cell) if source.cell else (0, 0)
    return names.index(source.sheet) if source.sheet in names else len(names), row, column


def typed(book: ScoringBook) -> dict[str, Change]:
    """The entries that documents fill and that hold something else than they gave, by key; without what it does."""
    return {key: change for change in _Search(book).entries() for key in change.given} if book.seals else {}


class _Search:
    """One look over a workbook for what differs from its seals."""

    def __init__(self, book: ScoringBook) -> None:
        self.book, self.sealed = book, book.sealed()
        self.sources = [row for row in book.kept("sources") if row[3]]
        self.gone = {row[3] for row in self.sources} - set(book.book.sheet_names)
        self.readers: dict[tuple[str, str], list[str]] = {}
        for key, link in book.links.items():
            self.readers.setdefault((link.sheet, link.ref), []).append(key)

    def entries(self) -> Iterator[Change]:
        """The entries that documents fill."""
        was = _rows_as_sealed(self.book, self.sealed)
        made: dict[str, tuple[How, Sealed | None]] = {}
        entries, told = self.book.entries, {*self.sealed, *was, *self.book.links, *self.book.formulas}
        for key, entry in self.book.net.entries.items():
            if not entry.fact or (entries.get(key) is None and key not in told):
                continue  # most cells of most tables
            sealed = self.sealed.get(was.get(key, key))
            if (how := self._how(key, sealed)) is not None:
                made[key] = how, sealed
        labels = _labels(self.book, made) if made else {}
        for key, (how, sealed) in made.items():
            place, entry = self.book.plan.places[key], self.book.net.entries[key]
            old = sealed.value if sealed else None
            yield Change(
                how,
                self.book.source(place.sheet, place.ref, labels[key]),
                old,
                self.book.entries.get(key),
                _unit(entry),
                sealed.source.place() if sealed else "",
                self._note(key, sealed),
                given={key: old},
            )

    def _how(self, key: str, sealed: Sealed | None) -> How | None:
        """How an entry differs from what was given; None where it does not, or where only its table does."""
        now, link = self.book.entries.get(key), self.book.links.get(key)
        if sealed is not None and (link, sealed.link) != (None, None):
            if link == sealed.link or (sealed.link and sealed.link.sheet in self.gone and now is None):
                return None
            if link is None and key not in self.book.formulas:
                return How.TYPED
        if link is not None:
            return How.LINK
        if key in self.book.formulas:
            return How.FORMULA
        if sealed is not None:
            return None if alike(sealed.value, now) else How.OTHER
        figure = isinstance(now, Decimal) or (self.book.net.entries[key].kind in FIGURES and now is not None)
        return How.HAND if figure else None

    def _note(self, key: str, sealed: Sealed | None) -> str:
        if key in self.book.formulas:
            return f"={self.book.formulas[key]}"
        link, before = self.book.links.get(key), sealed.link if sealed else None
        if link is None or before is None:
            return link.said() if link else ""
        return f"{before.said()}→{link.said(within=before.sheet)}"

    def tables(self) -> Iterator[Change]:
        """The imported tables; one whose bytes are those that were written needs no look at its cells."""
        moves = {move.sheet: move for move in self.book.moves.values()}
        for file, _, sheet, name, _, _, *digest in self.sources:
            if name in self.gone:
                given = {k: s.value for k, s in self.sealed.items() if s.link and s.link.sheet == name}
                yield Change(
                    How.GONE, self.book.source(name, ""), None, None, origin=f"{file} {sheet}", given=given
                )
            elif digest and self.book.sheet(name).digest != digest[0]:
                move = moves.get(name, Move(name))
                yield from self._cells(move, self.book.imported().get(name, {}), f"{file} {sheet}")
                if move.gone:
                    note = f"删去的行列里有{len(set(move.gone))}个单元格，如{min(move.gone)}"
                    yield Change(
                        How.TABLE, self.book.source(name, ""), None, None, "", f"{file} {sheet}", note
                    )

    def _cells(self, move: Move, sealed: Imported, origin: str) -> Iterator[Change]:
        """The cells of a table that differ, each with the facts that stand on it."""
        name = move.sheet
        made: list[Change] = []
        formats, sheet, seen = self.book.book.formats(), self.book.sheet(name), set[str]()
        for cell in sheet.cells():
            style, old = sealed.get(cell.ref, ("", None))
            seen.add(cell.ref)
            how = _cell_how(cell, old)
            shown = formats[cell.style] if cell.style < len(formats) else ""
            if how is None and old is not None and formats and not _shows(shown, style, old):
                how = How.LOOK
            if how is not None:
                note = f"={sheet.formula(cell)}" if how is How.FORMULA else shown if how is How.LOOK else ""
                made.append(self._cell(move, cell.ref, how, (old, cell.value), origin, note))
        blank = (
            self._cell(move, ref, How.TABLE, (sealed[ref][1], None), origin) for ref in sealed.keys() - seen
        )
        made.extend(blank)
        if len(made) > MOST:
            made = [_together(self.book, name, made, origin)]
        yield from made

    def _cell(
        self, move: Move, ref: str, how: How, values: tuple[CellValue, CellValue], origin: str, note: str = ""
    ) -> Change:
        (old, new), name = values, move.sheet
        facts, unit = self.named.get((name, ref), ([], ""))
        called = "、".join(dict.fromkeys(facts)) or _row_title(self.book, name, ref)
        given = {key: self.book.links[key].value(Cell(ref, old)) for key in self.readers.get((name, ref), ())}
        source = self.book.source(name, ref, called)
        return Change(how, source, old, new, unit, f"{origin}!{move.was.get(ref, ref)}", note, given=given)

    @functools.cached_property
    def named(self) -> dict[tuple[str, str], tuple[list[str], str]]:
        """The names and the unit of the facts that stand on the cells of the imported tables."""
        made: dict[tuple[str, str], tuple[list[str], str]] = {}
        for fact, _, _, _, unit, *_, linked in self.book.kept("located"):
            if linked:
                made.setdefault((linked[0], linked[1]), ([], unit))[0].append(fact)
        return made


FIGURES = ("number", "rate", "date")


def _unit(entry: Entry) -> str:
    """The unit that stands beside a figure; a column of plain numbers has none."""
    return {"rate": "%", "date": "日期"}.get(entry.kind, entry.unit.replace("数值", ""))


def _row_groups(book: ScoringBook) -> Iterator[tuple[str, list[Keys], list[str]]]:
    """Title, rows and filled columns of every table of rows; the first column names the row."""
    rubric = book.rubric
    for table in rubric.tables.values():
        columns = [column.name for column in table.columns if column.expr is None]
        yield table.title, [keys.row(table.name, number) for number in range(1, table.rows + 1)], columns
    for name, form in rubric.self_tables.tables():
        yield name, [keys.row(name, number) for number, _, _ in form.rows()], filled_columns(form)


def _rows_as_sealed(book: ScoringBook, sealed: Mapping[str, Sealed]) -> dict[str, str]:
    """Keys of rows that stand elsewhere than when they were sealed -> their keys then: people sort tables by rows.

    A row is known by its name; one without a namesake is held against the row that is left at its place, or any.
    """
    made: dict[str, str] = {}
    for _, owners, columns in _row_groups(book):
        titles = {row.owner: seal.value for row in owners if (seal := sealed.get(row.cell(columns[0])))}
        free = {row.owner: book.entries.get(row.cell(columns[0])) for row in owners}
        if all(free[row] == title for row, title in titles.items()):
            continue
        then_of: dict[str, str] = {}
        for by_name in (True, False):
            for then, title in list(titles.items()):
                found = [now for now, name in free.items() if name == title or not by_name]
                if found:
                    now = then if then in found else found[0]
                    then_of[now] = then
                    del free[now], titles[then]
        for row in owners:
            then = then_of.get(row.owner, "")
            if then != row.owner:
                made |= {row.cell(word): Keys(then).cell(word) if then else "" for word in columns}
    return made


def _labels(book: ScoringBook, wanted: Iterable[str]) -> dict[str, str]:
    """What people call some entries: ``年度目标完成情况“签约额”完成值``."""
    made = {key: key.replace(".", " ") for key in wanted}
    for title, owners, columns in _row_groups(book):
        for row in owners:
            for word in columns:
                if (key := row.cell(word)) in made:
                    made[key] = f"{title}“{book.entries.get(row.cell(columns[0])) or '未命名'}”{word}"
    return made


def _cell_how(cell: Cell, old: CellValue) -> How | None:
    if cell.formula is not None:
        return How.FORMULA
    return None if alike(old, cell.value) else How.TABLE


def _shows(code: str, style: str, value: CellValue) -> bool:
    """Whether a number format shows what a cell holds as the one does that it was brought in with."""
    return shows_alike(code, str(STYLES[style].get("num_format", "")), value)


def _row_title(book: ScoringBook, name: str, ref: str) -> str:
    """The text to the left of a cell, which names its row."""
    row, column = split_ref(ref)
    for before in range(column - 1, 0, -1):
        cell = book.sheet(name).get(join_ref(row, before))
        if cell is not None and isinstance(cell.value, str) and cell.value.strip():
            return cell.value.strip()
    return ""


def _together(book: ScoringBook, name: str, made: Sequence[Change], origin: str) -> Change:
    """Too many changes of one table as one."""
    given = {key: value for change in made for key, value in change.given.items()}
    note = f"{len(made)}处与导入时不同，可能增删、排序过行列或换了表，请重新导入"
    return Change(How.TABLE, book.source(name, ""), None, None, "", origin, note, given=given)


def _weighed(book: ScoringBook, now: Values, change: Change) -> Change:
    """The change with what it does: the points as they are against those without it."""
    before = now.with_entries(change.given)
    points = (now.points(keys.ALL.points) or Decimal(0)) - (before.points(keys.ALL.points) or Decimal(0))
    moved: list[str] = []
    for indicator in book.rubric.indicators() if change.given else ():
        own = Keys(indicator.key)
        for key, said in ((own.points, ""), (own.rule_points, "规则分")):
            if before[key] != now[key]:
                moved.append(f"{indicator.key}{said}{_said(before[key])}→{_said(now[key])}")
                break
    return replace(change, points=points, moved=tuple(moved))


def _said(value: Value) -> str:
    return plain(value) if isinstance(value, Decimal) else "空白" if value in (None, "") else str(value)


def without(book: ScoringBook, made: Sequence[Change]) -> Decimal:
    """The total as it would be without any of the changes."""
    given = {key: value for change in made for key, value in change.given.items()}
    return Values(book.net, {**book.entries, **given}).points(keys.ALL.points) or Decimal(0)


def said_of_changes(made: Sequence[Change] = (), total: Decimal | None = None) -> str:
    """How many there are, for the cover and the head of 改动; ``total`` is the one without them."""
    if not made:
        return "没有"
    hand = sum(change.how is How.HAND for change in made)
    own = f"，其中{hand}处没有来源" if hand else ""
    return f"{len(made)}处{own}；全部恢复为原值时总分为{plain(total or Decimal(0))}"


def change_findings(book: ScoringBook, made: Sequence[Change]) -> Findings:
    """A finding for each change; for a workbook that seals nothing one that says so."""
    found = Findings()
    if not book.seals:
        found.add("J587", Source(book.path.name))
    for change in made[:LISTED]:
        effect = (
            f"总分因此{plain(change.points)}分" if change.points < 0 else f"总分因此+{plain(change.points)}分"
        )
        found.add(
            "J585" if change.how is How.HAND else "J584" if change.source.cell else "J594",
            change.source,
            name=change.source.label or change.source.sheet,
            how=change.how.value + (f"：{change.note}" if change.note else ""),
            effect=effect if change.points else "总分不变",
            old=_figured(change.old, change.unit),
            new=_figured(change.new, change.unit),
        )
    if len(made) > LISTED:
        found.add("J588", book.source(CHANGES, ""), count=len(made) - LISTED)
    return found


def _figured(value: Value, unit: str) -> str:
    """A figure with its unit."""
    if isinstance(value, Decimal) and unit in ("%", "日期"):
        from jixiao.text import shown  # most workbooks have nothing to say

        return shown(value, unit)
    return f"{_said(value)}{unit if isinstance(value, Decimal) else ''}"


# ------------------------------------------------------------------------------------- told in the workbook


def _reasons(book: ScoringBook) -> dict[str, str]:
    """What people wrote about changes, by place."""
    made: dict[str, str] = {}
    if CHANGES not in book.book.sheet_names:
        return made
    sheet, row = book.sheet(CHANGES), LIST_FIRST
    place, reason = CHANGE_COLUMNS["位置"], CHANGE_COLUMNS["理由"]
    while (cell := sheet.get(join_ref(row, place))) is not None and cell.value:
        said = sheet.get(join_ref(row, reason))
        if said is not None and str(said.value or "").strip():
            made[str(cell.value)] = str(said.value).strip()
        row += 1
    return made


def change_rows(book: ScoringBook, made: Sequence[Change]) -> list[tuple[str, list[Value]]]:
    """Unit and cells of every row of 改动; a reason whose change is gone stays, for who typed it."""
    rows: list[tuple[str, list[Value]]] = []
    for change in made:
        how = change.how.value + (f"：{change.note}" if change.note else "")
        moved = "；".join(change.moved)
        values = [*(_blank(value) for value in (change.old, change.new)), change.unit]
        cells = [str(len(rows) + 1), change.place, change.source.label, how, *values]
        rows.append((change.unit, [*cells, change.points, moved, change.origin, change.reason or None]))
    told = {change.place for change in made}
    for place, reason in _reasons(book).items():
        if place not in told:
            rows.append(("", ["", place, "", GONE, None, None, "", None, "", "", reason]))
    return rows


GONE = "已恢复为原值"


def _blank(value: Value) -> Value:
    return "（空白）" if value in (None, "") else value


def told_cells(
    book: ScoringBook, made: Sequence[Change], *, changed_only: bool = False
) -> dict[Place, Value]:
    """What 封面, 取数 and the head of 改动 should say of the changes, by cell; also where unchanged figures come from."""
    if CHANGES not in book.book.sheet_names:
        return {}
    text = said_of_changes(made, without(book, made) if made else None)
    cells: dict[Place, Value] = {Place(CHANGES, CHANGE_SUM, 1): text, Place(COVER, COVER_CHANGES, 3): text}
    changed = {key: change for change in made for key in change.given}
    for name, seal in book.sealed().items():
        if name in book.plan.fact_rows and (name in changed or not changed_only):
            cells |= _proof_cells(book, name, seal, changed.get(name))
    for name, change in changed.items():
        place = Place(FACTS, book.plan.fact_rows.get(name, 0), FACT_COLUMNS[PROOF[0]])
        if place.row and change.how is How.HAND and _held(book, place) in ("", *_FOUND):
            cells[place] = Found.TYPED.value
    return cells


_FOUND = tuple(found.value for found in Found)


def _held(book: ScoringBook, place: Place) -> str:
    cell = book.sheet(place.sheet).get(place.ref)
    return str(cell.value or "") if cell is not None else ""


def _proof_cells(book: ScoringBook, name: str, seal: Sealed, change: Change | None) -> dict[Place, Value]:
    """Where a figure comes from; of a changed one no source is claimed but what a person wrote there."""
    row, made = book.plan.fact_rows[name], dict[Place, Value]()
    for column, text in zip(PROOF, seal.proof(), strict=True):
        place = Place(FACTS, row, FACT_COLUMNS[column])
        held = _held(book, place)
        if change is None:
            if column == PROOF[0] or held in ("", text):
                made[place] = text or None
        elif column == PROOF[0]:
            old = _figured(seal.value, _unit(book.net.entries[name]))
            made[place] = f"{change.how.value}，原为{old}"
        elif held in ("", text):
            made[place] = None
    return made


def tell_changes(book: ScoringBook, made: Sequence[Change]) -> None:
    """Write what was changed into 改动, the count onto 封面, and no source beside a figure that has none any more."""
    if CHANGES not in book.book.sheet_names:
        return
    listed = _held(book, Place(CHANGES, LIST_FIRST, CHANGE_COLUMNS["位置"]))
    held = {_held(book, place) for place in (Place(CHANGES, CHANGE_SUM, 1), Place(COVER, COVER_CHANGES, 3))}
    if not made and not listed and held == {said_of_changes()}:
        return  # nothing was told before, nothing is now: most workbooks
    for place, value in told_cells(book, made).items():
        book.sheet(place.sheet).set(place.ref, value, formula=None)
    if made or listed:
        from jixiao.master import put

        rows = [(put.figure_style(unit), cells) for unit, cells in change_rows(book, made)]
        put.put_list(book, CHANGES, LIST_FIRST, CHANGE_TABLE, rows)


def untold(book: ScoringBook, made: Sequence[Change]) -> dict[Place, tuple[CellValue, Value]]:
    """The cells of 封面, 取数 and 改动 that do not say what was changed, with what they say and what they should."""
    wanted = told_cells(book, made, changed_only=True)
    if not wanted:
        return {}
    last = LIST_FIRST
    for last, (_, cells) in enumerate(change_rows(book, made), LIST_FIRST + 1):
        wanted |= {Place(CHANGES, last - 1, n): value for n, value in enumerate(cells, 1)}
    wanted |= {Place(CHANGES, last, number): None for number in range(1, len(CHANGE_TABLE) + 1)}
    held = {place: _content(book, place) for place in wanted}
    return {place: (held[place], value) for place, value in wanted.items() if not alike(value, held[place])}


def _content(book: ScoringBook, place: Place) -> CellValue:
    cell = book.sheet(place.sheet).get(place.ref)
    return cell.value if cell is not None else None
