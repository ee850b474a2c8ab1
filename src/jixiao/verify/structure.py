"""Structure: the workbook's formulas are those of its rubric, its links those recorded, its definition untouched.

Spreadsheet programs rewrite formulas when they save (quotes around sheet names, blanks); formulas are compared in
a canonical form that removes only that.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from pathlib import Path

from jixiao.master import Place, ScoringBook
from jixiao.model import DefinitionError, Findings
from jixiao.office import Cell, Worksheet, column_letter, column_number, split_ref
from jixiao.rubric import digest, load, shipped, to_json
from jixiao.verify.vocabulary import offences

_PIECES = re.compile(r'"(?:[^"]|"")*"|\'(?:[^\']|\'\')*\'!|[^"\']+|[\'"]')
_PLAIN_NAME = re.compile(r"'([^\W\d][\w.]*)'!")
_REFERENCES = re.compile(
    r'"(?:[^"]|"")*"|\'(?:[^\']|\'\')*\'|(\$?)([A-Z]{1,3})(\$?)([1-9]\d*)(?![\w(!])|[^\W\d][\w.]*|.',
    re.DOTALL,
)
SHOWN = 60


@functools.lru_cache(maxsize=20_000)
def canonical(formula: str) -> str:
    """A formula without ``=``, blanks outside texts, and quotes that a sheet name does not need."""
    made = []
    for piece in _PIECES.findall(formula.strip().removeprefix("=")):
        if piece.startswith('"'):
            made.append(piece)
        elif piece.startswith("'"):
            made.append(_PLAIN_NAME.sub(r"\1!", piece))
        else:
            made.append(re.sub(r"\s+", "", piece))
    return "".join(made)


def check_structure(book: ScoringBook, findings: Findings, definitions: Sequence[Path] = ()) -> int:
    """Compare every formula cell with its definition; the number of formulas looked at."""
    _definition(book, findings, definitions)
    expected = formulas_of(book)
    for place, formula in expected.items():
        _formula(book, place, formula, findings)
    _links(book, findings)
    _own_formulas(book, findings)
    return len(expected)


def formulas_of(book: ScoringBook) -> dict[Place, str]:
    """Every formula that the rubric puts into the workbook."""
    plan = book.plan
    return {plan.places[key]: plan.formula(key) for key in plan.net.items if key in plan.places}


def _definition(book: ScoringBook, findings: Findings, definitions: Sequence[Path]) -> None:
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
    source = book.source(place.sheet, place.ref)
    if cell is None or cell.formula is None:
        shown = "" if cell is None or cell.value is None else str(cell.value)
        findings.add("J621", source, found=shown[:SHOWN], expected=f"={expected}"[:SHOWN])
        return
    text = _text(book, place, cell)
    if canonical(text) != canonical(expected):
        findings.add("J620", source, found=f"={text}"[:SHOWN], expected=f"={expected}"[:SHOWN])
        for why in offences("=" + text):
            findings.add("J601", source, cell=f"{place.sheet}!{place.ref}", why=why)
    elif cell.error:
        findings.add("J627", source, value=cell.value)


def _text(book: ScoringBook, place: Place, cell: Cell) -> str:
    """A cell's formula; one that shares another's text is translated to its own place."""
    if cell.formula or cell.shared is None:
        return cell.formula or ""
    return _translated(book.sheet(place.sheet), cell)


def _translated(sheet: Worksheet, cell: Cell) -> str:
    """The formula of the group's first cell, moved to this cell; an empty text where the group has none."""
    for other in sheet.cells():
        if other.master and other.shared == cell.shared:
            row, column = split_ref(cell.ref)
            first_row, first_column = split_ref(other.ref)
            return _moved(other.formula or "", row - first_row, column - first_column)
    return ""


def _moved(formula: str, rows: int, columns: int) -> str:
    def move(match: re.Match[str]) -> str:
        if match[2] is None:
            return match[0]
        letters = match[2] if match[1] else column_letter(column_number(match[2]) + columns)
        digits = match[4] if match[3] else str(int(match[4]) + rows)
        return f"{match[1]}{letters}{match[3]}{digits}"

    return _REFERENCES.sub(move, formula)


def _links(book: ScoringBook, findings: Findings) -> None:
    recorded: dict[str, list[tuple[str, str]]] = {}
    for item in book.located():
        if item.link is not None:
            recorded.setdefault(item.fact.name, []).append((item.link.sheet, item.link.ref))
    for key, link in book.links.items():
        places = recorded.get(key)
        if key not in book.rubric.facts or places is None or (link.sheet, link.ref) in places:
            continue
        place = book.plan.places[key]
        expected = "、".join(f"{sheet}!{ref}" for sheet, ref in places)
        findings.add("J624", book.source(place.sheet, place.ref), name=key, expected=expected)


def _own_formulas(book: ScoringBook, findings: Findings) -> None:
    for key, formula in book.formulas.items():
        place = book.plan.places[key]
        source = book.source(place.sheet, place.ref)
        findings.add("J628", source, formula=f"={formula}"[:SHOWN])
        for why in offences("=" + formula):
            findings.add("J601", source, cell=f"{place.sheet}!{place.ref}", why=why)
