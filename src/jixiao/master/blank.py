"""What a rubric prescribes of its workbook beside the formulas: every printed text, how it looks, how it is printed.

Read from the draft from which the workbook was written, and from what the hidden sheet keeps of the lists brought in.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from jixiao.master import put
from jixiao.master.changes import change_rows
from jixiao.master.kept import CheckRow, Live, quoted
from jixiao.master.look import STYLES
from jixiao.master.plan import (
    ARROW,
    CHANGE_SUM,
    CHANGE_TABLE,
    CHANGES,
    CHECK_LETTERS,
    CHECK_TABLE,
    CHECKS,
    FACT_COLUMNS,
    FACTS,
    JUMPS,
    LIST_FIRST,
    LOCATED_TABLE,
    PROOF,
    TARGETS,
)
from jixiao.master.scoringbook import ScoringBook, plan_of
from jixiao.master.sheets import drafted
from jixiao.master.sheets.draft import PRINT_AREAS, Drafted
from jixiao.model import Value
from jixiao.office import column_letter, join_ref
from jixiao.scoring import Change

Spec = Mapping[str, Any]
"""A look in the terms of look.py."""


class Wanted(NamedTuple):
    """A cell: its fixed content or its formula, and its look. ``free``: what it holds is a person's."""

    value: Value
    spec: Spec
    free: bool = False
    formula: str | None = None


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


@dataclass(slots=True)
class Prescribed:
    """One sheet. ``area`` is the print area, ``titles`` the rows that every page repeats, both as Excel's names have them."""

    cells: dict[str, Wanted] = field(default_factory=dict)
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


def prescribed(book: ScoringBook) -> Mapping[str, Prescribed]:
    """Sheet by sheet what the rubric of a workbook prescribes; nobody changes it."""
    made = _of_rubric(book.text("definition"))
    filled = Prescribed()
    _print_areas(filled, book.plan.printed_targets(book.entries))
    return made | {TARGETS: replace(made[TARGETS], area=filled.area)}


def listed(book: ScoringBook, changes: Sequence[Change]) -> dict[str, dict[str, Wanted]]:
    """What stands in the lists that are brought in or told: below the facts, on 勾稽 and on 改动, by sheet and cell.

    A formula that reads a table which was deleted is what the program made of it.
    """
    checks = [CheckRow.of(data) for data in book.kept("checks")]
    rows = [(put.figure_style(check.unit), check.cells(row)) for row, check in enumerate(checks, LIST_FIRST)]
    told = [(put.figure_style(unit), cells) for unit, cells in change_rows(book, changes)]
    located = put.lines_of(LOCATED_TABLE, put.located_rows(book, book.located()), put.LOCATED_TITLE)
    noted = all(len(data) > 7 for data in book.kept("located"))  # earlier workbooks keep no remarks
    lists: dict[str, tuple[int, list[list[tuple[Live, str]]], frozenset[int]]] = {
        FACTS: (book.plan.located_head, located, frozenset() if noted else frozenset({len(LOCATED_TABLE)})),
        CHECKS: (LIST_FIRST, put.lines_of(CHECK_TABLE, rows), frozenset()),
        # whether changes are told at all is asked elsewhere
        CHANGES: (LIST_FIRST, put.lines_of(CHANGE_TABLE, told), frozenset(range(1, len(CHANGE_TABLE) + 1))),
    }
    gone = {quoted(row[3]) for row in book.kept("sources") if row[3] and row[3] not in book.book.sheet_names}
    made = {
        name: {
            join_ref(row, column): Wanted(
                value, STYLES[style], column in free or _reads(gone, formula), formula
            )
            for row, line in enumerate(lines, first)
            for column, ((value, formula), style) in enumerate(line, 1)
        }
        for name, (first, lines, free) in lists.items()
    }
    arrows = [CHECK_LETTERS[name] for name in JUMPS]
    for ref, want in made[CHECKS].items():  # links to the sources, where there are some
        held = book.sheet(CHECKS).contents().get(ref) if ref.rstrip("0123456789") in arrows else None
        if held is not None and (held.own or held.value):
            made[CHECKS][ref] = want._replace(value=ARROW)
    made[CHANGES][join_ref(CHANGE_SUM, 1)] = Wanted(None, STYLES["note"], free=True)
    changed = {key for change in changes for key in change.given}
    for name, seal in book.sealed().items():
        if name in book.plan.fact_rows and name not in changed:
            row = book.plan.fact_rows[name]
            for column, text in zip(PROOF, seal.proof(), strict=True):
                made[FACTS][join_ref(row, FACT_COLUMNS[column])] = Wanted(text, STYLES["small"])
    return made


def _reads(sheets: Iterable[str], formula: str | None) -> bool:
    return formula is not None and any(f"{sheet}!" in formula for sheet in sheets)


def _sheet(sheet: Drafted) -> Prescribed:
    made = Prescribed()
    for name, args, named in sheet.calls:
        reader = _READERS.get(name)
        if reader is not None:
            reader(made, *args, **named)
    return made


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
