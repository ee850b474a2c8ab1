"""What a rubric prescribes of its workbook beside the formulas: every printed text, how it looks, how it is printed.

Read from the draft from which the workbook was written, and from what the hidden sheet keeps of the lists brought in.
"""

from __future__ import annotations

import functools
import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from jixiao.master import put
from jixiao.master.agreement import check_rows
from jixiao.master.changes import change_rows
from jixiao.master.kept import (
    CheckRow,
    Live,
    Located,
    Shelf,
    quoted,
    sealed_of,
    shelf_of,
    value_of,
    without_figures,
)
from jixiao.master.look import STYLES
from jixiao.master.plan import (
    ARROW,
    CHANGE_SUM,
    CHANGE_TABLE,
    CHANGES,
    CHECK_LETTERS,
    CHECK_TABLE,
    CHECKS,
    COVER,
    FACT_COLUMNS,
    FACTS,
    GAINS,
    JUMPS,
    LIST_FIRST,
    LOCATED_TABLE,
    PROOF,
    TARGETS,
    Plan,
)
from jixiao.master.reviewed import LABEL, VALUE, last_step, told_on_cover
from jixiao.master.scoringbook import ScoringBook, plan_of
from jixiao.master.sheets import drafted
from jixiao.master.sheets.draft import PRINT_AREAS, Drafted
from jixiao.model import Value
from jixiao.office import column_letter, join_ref, split_ref
from jixiao.scoring import Change

Spec = Mapping[str, Any]
"""A look in the terms of look.py."""


class Wanted(NamedTuple):
    """A cell: its fixed content or its formula, and its look.

    ``free``: what it holds is a person's; ``spare``: it may as well be empty.
    """

    value: Value
    spec: Spec
    free: bool = False
    formula: str | None = None
    spare: bool = False


class Tint(NamedTuple):
    """A conditional format: first row, first column, last row, last column from 1, formula and look."""

    box: tuple[int, int, int, int]
    formula: str
    spec: Spec


class Pictured(NamedTuple):
    """A chart: title, and its series by name, categories and values."""

    title: str
    series: tuple[tuple[str, str, str], ...]
    formats: tuple[str, ...]


@dataclass(slots=True, eq=False)
class Prescribed:
    """One sheet. ``area`` is the print area, ``titles`` the rows that every page repeats, both as Excel's names have them.

    ``due`` are the cells that may not be empty; ``changed`` those that are otherwise in this workbook, since figures were
    changed by hand.
    """

    cells: dict[str, Wanted] = field(default_factory=dict)
    due: frozenset[str] = frozenset()
    changed: dict[str, Wanted] = field(default_factory=dict)
    merged: set[str] = field(default_factory=set)
    widths: dict[int, float] = field(default_factory=dict)
    area: str = ""
    titles: str = ""
    footer: str = ""
    tints: list[Tint] = field(default_factory=list)
    choices: dict[str, str] = field(default_factory=dict)
    protected: bool = False
    charts: list[Pictured] = field(default_factory=list)


@functools.lru_cache(maxsize=8)
def _of_rubric(definition: str) -> dict[str, Prescribed]:
    plan = plan_of(definition)
    made = drafted(plan, defaultdict(str), {})
    return {name: _sheet(made.sheets[name]) for name in plan.sheets}


REVIEW_STYLES = {LABEL: "cover_label", VALUE: "cover_told"}
LISTS = ("located", "sealed")
"""The blocks of the hidden sheet of which the list on 取数 is made."""


@functools.lru_cache(maxsize=8)
def _with_checks(definition: str, bare: str, gone: frozenset[str]) -> dict[str, Prescribed]:
    return _with(definition, [CheckRow.of(data) for data in shelf_of(bare)[1]], gone)


def _with(definition: str, rows: Sequence[CheckRow], gone: frozenset[str]) -> dict[str, Prescribed]:
    """What a rubric prescribes, with the rows of 勾稽."""
    made = dict(_of_rubric(definition))
    made[CHECKS] = _due(replace(made[CHECKS], cells=made[CHECKS].cells | _check_cells(rows, gone)))
    return made


class Prescriptions:
    """What the rubric of a workbook prescribes and the lists that were brought in; nobody changes it.

    A formula that reads a table which was deleted is what the program made of it.
    """

    def __init__(self, book: ScoringBook, changes: Sequence[Change]) -> None:
        self._book, self._changes, self._told = book, changes, dict[str, dict[str, Value]]()
        self._gone = frozenset(
            quoted(row[3]) for row in book.kept("sources") if row[3] and row[3] not in book.book.sheet_names
        )
        self._base = (
            _with(book.text("definition"), check_rows(book), self._gone)
            if book.moves
            else _with_checks(book.text("definition"), without_figures(book.text("checks")), self._gone)
        )

    def sheet(self, name: str) -> Prescribed:
        """All that is prescribed of a sheet."""
        book, made = self._book, self._base[name]
        if name == CHECKS:
            return replace(made, changed=_figures(book, made))
        if name == FACTS:
            lists = _located(book.plan, [book.shelf(block) for block in LISTS], self._gone)
            return replace(
                _due(replace(made, cells=made.cells | lists)),
                changed={r: made.cells[r] for r in self._unsealed},
            )
        if name == COVER:
            told = told_on_cover(last_step(book)).items()
            reviewed = {p.ref: Wanted(text, STYLES[REVIEW_STYLES[p.column]]) for p, text in told}
            return replace(made, changed=reviewed)
        if name == TARGETS:
            filled = Prescribed()
            _print_areas(filled, book.plan.printed_targets(book.entries))
            return replace(made, area=filled.area)
        if name == CHANGES:
            rows = [(put.figure_style(unit), cells) for unit, cells in change_rows(book, self._changes)]
            free = frozenset(
                range(1, len(CHANGE_TABLE) + 1)
            )  # whether changes are told at all is asked elsewhere
            lines = _cells(LIST_FIRST, put.lines_of(CHANGE_TABLE, rows), free, self._gone)
            lines[join_ref(CHANGE_SUM, 1)] = Wanted(None, STYLES["note"], free=True)
            return replace(made, changed=lines)
        return replace(made, changed=_as_listed(book, GAINS)) if name == GAINS else made

    @property
    def _unsealed(self) -> list[str]:
        """The cells of 取数 that say where a figure comes from which was changed."""
        changed = {key for change in self._changes for key in change.given}
        return [
            ref for name in self._book.sealed() if name in changed for ref in _proof(self._book.plan, name)
        ]

    def mark(self, name: str) -> tuple[object, ...] | None:
        """What stands for all that is prescribed of a sheet but for what is ``told``; None where nothing less than all does."""
        book, made = self._book, (self._base[name], self._gone)
        if book.moves or (self._changes and name in (FACTS, CHANGES)):
            return None
        if name == CHECKS:
            return *made, *self.told(name)
        if name == FACTS:
            linked = tuple((row[0], len(row), *(row[-1] or ())) for row in book.kept("located"))
            return *made, linked, tuple(row[0] for row in book.kept("sealed"))
        if name == COVER:
            return None if last_step(book).lines else made
        if name == TARGETS:
            return *made, book.plan.printed_targets(book.entries)
        return (*made, *book.styles.items()) if name == GAINS else made

    def told(self, name: str) -> dict[str, Value]:
        """What stands in the plain cells of the lists that were brought in."""
        if name not in self._told:
            self._told[name] = self._tell(name)
        return self._told[name]

    def _tell(self, name: str) -> dict[str, Value]:
        if name == CHECKS:
            return {ref: want.value for ref, want in _figures(self._book, self._base[name]).items()}
        if name != FACTS:
            return {}
        book, plan, told = self._book, self._book.plan, dict[str, Value]()
        sources, kept = book.shelf("located")
        rows = put.located_rows(book.rubric, [Located.of(data, sources, None) for data in kept])
        for data, row, (_, cells) in zip(kept, itertools.count(plan.located_head + 2), rows, strict=False):
            refs = _row_refs(row, len(data) - 8 + len(LOCATED_TABLE))  # earlier workbooks keep no remarks
            for ref, cell in zip(refs, cells, strict=False):
                value, formula = cell if isinstance(cell, tuple) else (cell, None)
                if formula is None:
                    told[ref] = value
        for key, seal in book.sealed().items():
            told |= zip(_proof(plan, key), seal.proof(), strict=False)
        return told


@functools.lru_cache(maxsize=4096)
def _row_refs(row: int, columns: int) -> tuple[str, ...]:
    return tuple(join_ref(row, column) for column in range(1, columns + 1))


def _as_listed(book: ScoringBook, name: str) -> dict[str, Wanted]:
    """The rows of a list that scoring left, in its looks; whether they still say what is so is asked elsewhere."""
    looks = {str(number): STYLES[style] for style, number in book.styles.items() if number}
    held = book.sheet(name).contents() if book.book.has(name) else {}
    return {
        ref: Wanted(None, looks.get(cell.style, {}), free=True)
        for ref, cell in held.items()
        if split_ref(ref)[0] >= LIST_FIRST
    }


def _check_cells(rows: Sequence[CheckRow], gone: frozenset[str]) -> dict[str, Wanted]:
    """What stands on 勾稽, by cell, but for the figures of sides that are not linked."""
    lines = [(put.figure_style(check.unit), check.cells(row)) for row, check in enumerate(rows, LIST_FIRST)]
    made = _cells(LIST_FIRST, put.lines_of(CHECK_TABLE, lines), frozenset(), gone)
    for row in range(LIST_FIRST, LIST_FIRST + len(lines)):  # links to the sources, where there are some
        for name in JUMPS:
            ref = f"{CHECK_LETTERS[name]}{row}"
            made[ref] = made[ref]._replace(value=ARROW, spare=True)
    return made


def _figures(book: ScoringBook, made: Prescribed) -> dict[str, Wanted]:
    """The figures of the sides of 勾稽 that are not linked, by cell."""
    found = {}
    for row, data in enumerate(book.kept("checks"), LIST_FIRST):
        for side, name in ((data[3], "左方数值"), (data[4], "右方数值")):
            want = made.cells[ref := f"{CHECK_LETTERS[name]}{row}"]
            if want.formula is None and (value := value_of(side[2])) is not None:
                found[ref] = want._replace(value=value)
    return found


def _located(plan: Plan, shelves: Sequence[Shelf], gone: frozenset[str]) -> dict[str, Wanted]:
    """What stands in the list below the facts, and beside them, by cell."""
    (sources, rows), sealed = shelves
    facts = put.located_rows(plan.net.rubric, [Located.of(data, sources, None) for data in rows])
    noted = all(len(data) > 7 for data in rows)  # earlier workbooks keep no remarks
    free = frozenset() if noted else frozenset({len(LOCATED_TABLE)})
    made = _cells(plan.located_head, put.lines_of(LOCATED_TABLE, facts, put.LOCATED_TITLE), free, gone)
    for name, seal in sealed_of(*sealed).items():
        said = zip(
            _proof(plan, name), seal.proof(), strict=False
        )  # a figure that is not on 取数 has no cells there
        made |= {ref: Wanted(text, STYLES["small"]) for ref, text in said}
    return made


def _proof(plan: Plan, name: str) -> list[str]:
    """The cells that say where a fact comes from; none where it is not on 取数."""
    row = plan.fact_rows.get(name)
    return [join_ref(row, FACT_COLUMNS[column]) for column in PROOF] if row else []


def _cells(
    first: int, lines: Sequence[Sequence[tuple[Live, str]]], free: frozenset[int], gone: frozenset[str]
) -> dict[str, Wanted]:
    return {
        join_ref(row, column): Wanted(
            value, STYLES[style], column in free or (bool(gone) and _reads(gone, formula)), formula
        )
        for row, line in enumerate(lines, first)
        for column, ((value, formula), style) in enumerate(line, 1)
    }


def _due(made: Prescribed) -> Prescribed:
    blank = (None, "")
    due = (ref for ref, want in made.cells.items() if want.formula or want.value not in blank)
    return replace(made, due=frozenset(r for r in due if not (made.cells[r].free or made.cells[r].spare)))


def _reads(sheets: Iterable[str], formula: str | None) -> bool:
    return formula is not None and any(f"{sheet}!" in formula for sheet in sheets)


def _sheet(sheet: Drafted) -> Prescribed:
    made = Prescribed()
    for name, args, named in sheet.calls:
        reader = _READERS.get(name)
        if reader is not None:
            reader(made, *args, **named)
    return _due(made)


def _write(made: Prescribed, row: int, column: int, value: Any, spec: Spec, *_: Any) -> None:
    made.cells[join_ref(row + 1, column + 1)] = Wanted(value, spec, not spec.get("locked", True))


def _formula(made: Prescribed, row: int, column: int, text: str, spec: Spec, *_: Any) -> None:
    made.cells[join_ref(row + 1, column + 1)] = Wanted(None, spec, formula=text.removeprefix("="))


def _merge(made: Prescribed, top: int, left: int, bottom: int, right: int, text: str, spec: Spec) -> None:
    for row in range(top, bottom + 1):
        for column in range(left, right + 1):
            _write(made, row, column, text if (row, column) == (top, left) else None, spec)
    made.merged.add(_area((top, left, bottom, right)))


def _area(box: tuple[int, int, int, int]) -> str:
    top, left, bottom, right = box
    return f"{join_ref(top + 1, left + 1)}:{join_ref(bottom + 1, right + 1)}"


def _column(made: Prescribed, first: int, last: int, width: float) -> None:
    made.widths |= dict.fromkeys(range(first + 1, last + 2), width)


def _print_area(made: Prescribed, top: int, left: int, bottom: int, right: int) -> None:
    made.area = f"${column_letter(left + 1)}${top + 1}:${column_letter(right + 1)}${bottom + 1}"


def _print_areas(made: Prescribed, areas: str) -> None:
    made.area = ",".join(area.rpartition("!")[2] for area in areas.split(","))


def _titles(made: Prescribed, first: int, last: int) -> None:
    made.titles = f"${first + 1}:${last + 1}"


def _footer(made: Prescribed, text: str) -> None:
    made.footer = text


def _tint(made: Prescribed, top: int, left: int, bottom: int, right: int, rule: Mapping[str, Any]) -> None:
    box = (top + 1, left + 1, bottom + 1, right + 1)
    made.tints.append(Tint(box, rule["criteria"].removeprefix("="), rule["format"]))


def _choice(made: Prescribed, row: int, column: int, _: int, __: int, rule: Mapping[str, Any]) -> None:
    made.choices[join_ref(row + 1, column + 1)] = rule["validate"]


def _protect(made: Prescribed, *_: Any) -> None:
    made.protected = True


def _chart(made: Prescribed, _: int, __: int, chart: Drafted, *___: Any) -> None:
    title, series = "", []
    formats: list[str] = []
    for name, args, _named in chart.calls:
        if name == "set_title":
            title = args[0]["name"]
        elif name == "add_series":
            ranges = (_range(args[0][part]) for part in ("categories", "values"))
            series.append((args[0]["name"], *ranges))
            formats.append(args[0]["data_labels"]["num_format"])
    made.charts.append(Pictured(title, tuple(series), tuple(dict.fromkeys(formats))))


def _range(place: Sequence[Any]) -> str:
    sheet, top, left, bottom, right = place
    return f"{sheet}!${column_letter(left + 1)}${top + 1}:${column_letter(right + 1)}${bottom + 1}"


_READERS: dict[str, Any] = {
    "write_string": _write, "write_number": _write, "write_blank": _write, "write_formula": _formula,
    "merge_range": _merge, "set_column": _column, "print_area": _print_area, PRINT_AREAS: _print_areas, "repeat_rows": _titles,
    "set_footer": _footer, "conditional_format": _tint, "data_validation": _choice, "protect": _protect,
    "insert_chart": _chart,
}  # fmt: skip
