"""Structure: the definition is untouched, and every formula that of the rubric.

Spreadsheet programs rewrite formulas when they save (quotes around sheet names, blanks); formulas are compared in
a canonical form that removes only that.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path

from jixiao.master import ScoringBook
from jixiao.model import DefinitionError, Findings
from jixiao.office import canonical
from jixiao.rubric import digest, load, shipped, to_json
from jixiao.verify.vocabulary import offences

SHOWN = 60
FORMS = {"array": "数组公式 ", "dataTable": "模拟运算表 "}


def check_structure(book: ScoringBook, findings: Findings, definitions: Sequence[Path] = ()) -> int:
    """Whether the rubric is the one that it says, and what people wrote as formulas; the number of formulas of the rubric."""
    check_definition(book, findings, definitions)
    _own_formulas(book, findings)
    return sum(key in book.plan.places for key in book.net.items)


def check_definition(book: ScoringBook, findings: Findings, definitions: Sequence[Path] = ()) -> None:
    """Hold the definition inside a workbook against the one that is shipped or given under its id."""
    name = book.rubric.id
    if name not in shipped(definitions):
        known = _shipped_names(tuple(definitions)).get("".join(book.rubric.name.split()))
        if known is None:
            findings.add("J626", rubric=name)
        else:
            findings.add("J637", book.source("_jixiao", "B2"), rubric=name, shipped=known)
        return
    tables = book.rubric.self_tables
    form = tables.projects.id if tables.projects is not None else ""
    # how many project tables a workbook has is its owner's choice; everything else is the definition's
    asked = (tables.count, form) if form else (None, "")
    if _shipped_digest(name, tuple(definitions), asked) != digest(book.blocks["definition"]):
        findings.add("J625", book.source("_jixiao", "B3"), rubric=name)


@functools.lru_cache(maxsize=8)
def _shipped_names(definitions: tuple[Path, ...]) -> dict[str, str]:
    """What every rubric that is shipped calls itself, with its id."""
    return {"".join(load(name, definitions).name.split()): name for name in shipped(definitions)}


@functools.lru_cache(maxsize=32)
def _shipped_digest(name: str, definitions: tuple[Path, ...], asked: tuple[int | None, str]) -> str:
    try:
        made = load(name, definitions, projects=asked[0], form=asked[1])
    except DefinitionError:  # a form that is not shipped
        return ""
    return digest(to_json(made))


def check_formula(book: ScoringBook, sheet: str, ref: str, expected: str, findings: Findings) -> None:
    """Name a cell whose formula is not the one that is prescribed, or gives an error."""
    cell, own = book.sheet(sheet).get(ref), book.sheet(sheet)
    source, live = book.source(sheet, ref), own.contents().get(ref)
    if cell is None or cell.formula is None:
        shown = "" if cell is None or cell.value is None else str(cell.value)
        findings.add("J621", source, found=shown[:SHOWN], expected=f"={expected}"[:SHOWN])
        return
    text = own.formula(cell)
    form = next((said for kind, said in FORMS.items() if live is not None and f'"{kind}"' in live.live), "")
    if form or canonical(text) != canonical(expected):
        findings.add("J620", source, found=f"{form}={text}"[:SHOWN], expected=f"={expected}"[:SHOWN])
        for why in offences("=" + text):
            findings.add("J601", source, cell=f"{sheet}!{ref}", why=why)
    elif cell.error:
        findings.add("J627", source, value=cell.value)


def _own_formulas(book: ScoringBook, findings: Findings) -> None:
    for key, formula in book.formulas.items():
        place = book.plan.places[key]
        source = book.source(place.sheet, place.ref)
        findings.add("J628", source, formula=f"={formula}"[:SHOWN])
        for why in offences("=" + formula):
            findings.add("J601", source, cell=f"{place.sheet}!{place.ref}", why=why)
