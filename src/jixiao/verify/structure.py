"""Structure: the workbook's formulas are those of its rubric, its definition untouched.

Spreadsheet programs rewrite formulas when they save (quotes around sheet names, blanks); formulas are compared in
a canonical form that removes only that.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path

from jixiao.master import Place, ScoringBook
from jixiao.model import DefinitionError, Findings
from jixiao.office import canonical
from jixiao.rubric import digest, load, shipped, to_json
from jixiao.verify.vocabulary import offences

SHOWN = 60


def check_structure(book: ScoringBook, findings: Findings, definitions: Sequence[Path] = ()) -> int:
    """Compare every formula cell with its definition; the number of formulas looked at."""
    check_definition(book, findings, definitions)
    expected = formulas_of(book)
    for place, formula in expected.items():
        _formula(book, place, formula, findings)
    _own_formulas(book, findings)
    return len(expected)


def formulas_of(book: ScoringBook) -> dict[Place, str]:
    """Every formula that the rubric puts into the workbook."""
    plan = book.plan
    return {plan.places[key]: plan.formula(key) for key in plan.net.items if key in plan.places}


def check_definition(book: ScoringBook, findings: Findings, definitions: Sequence[Path] = ()) -> None:
    """Hold the definition inside a workbook against the one that is shipped or given under its id."""
    name = book.rubric.id
    if name not in shipped(definitions):
        findings.add("J626", rubric=name)
        return
    tables = book.rubric.self_tables
    form = tables.projects.id if tables.projects is not None else ""
    # how many project tables a workbook has is its owner's choice; everything else is the definition's
    asked = (tables.count, form) if form else (None, "")
    if _shipped_digest(name, tuple(definitions), asked) != digest(book.blocks["definition"]):
        findings.add("J625", book.source("_jixiao", "B3"), rubric=name)


@functools.lru_cache(maxsize=32)
def _shipped_digest(name: str, definitions: tuple[Path, ...], asked: tuple[int | None, str]) -> str:
    try:
        made = load(name, definitions, projects=asked[0], form=asked[1])
    except DefinitionError:  # a form that is not shipped
        return ""
    return digest(to_json(made))


def _formula(book: ScoringBook, place: Place, expected: str, findings: Findings) -> None:
    cell = book.sheet(place.sheet).get(place.ref)
    if cell is not None and cell.formula == expected and not cell.error:  # nearly always
        return
    source = book.source(place.sheet, place.ref)
    if cell is None or cell.formula is None:
        shown = "" if cell is None or cell.value is None else str(cell.value)
        findings.add("J621", source, found=shown[:SHOWN], expected=f"={expected}"[:SHOWN])
        return
    text = book.sheet(place.sheet).formula(cell)
    if canonical(text) != canonical(expected):
        findings.add("J620", source, found=f"={text}"[:SHOWN], expected=f"={expected}"[:SHOWN])
        for why in offences("=" + text):
            findings.add("J601", source, cell=f"{place.sheet}!{place.ref}", why=why)
    elif cell.error:
        findings.add("J627", source, value=cell.value)


def _own_formulas(book: ScoringBook, findings: Findings) -> None:
    for key, formula in book.formulas.items():
        place = book.plan.places[key]
        source = book.source(place.sheet, place.ref)
        findings.add("J628", source, formula=f"={formula}"[:SHOWN])
        for why in offences("=" + formula):
            findings.add("J601", source, cell=f"{place.sheet}!{place.ref}", why=why)
