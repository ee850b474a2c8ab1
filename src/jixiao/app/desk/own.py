"""Our own scoring workbook while it is open: its formulas are live, so scoring reads, computes, compares and reports.

Nothing is written where the program already shows the results. A formula that somebody typed over is put back.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jixiao.app.desk.live import LiveBook, anchors
from jixiao.app.desk.runs import Write, content_of, write_all
from jixiao.app.desk.undo import Changes, Memory, changes_of, same_content
from jixiao.master.book.rescore import rescore
from jixiao.master.book.scoringbook import ScoringBook, scoring_book_of
from jixiao.master.plan import HIDDEN
from jixiao.model import Findings, plain
from jixiao.office.saving.save import Fingerprint
from jixiao.scoring import Scorecard

NOWHERE = Fingerprint(0, 0, "")


def is_own(live: LiveBook) -> bool:
    """Whether the open workbook is a scoring workbook of ours."""
    return HIDDEN in live.handles


def opened(live: LiveBook) -> ScoringBook:
    """The open workbook as the scoring rooms know it; Refused as for a file."""
    return scoring_book_of(Path(live.name), NOWHERE, live, anchors)


def score_own(app: Any, live: LiveBook, memory: Memory) -> tuple[Scorecard, int]:
    """The scorecard of what the workbook holds now, unsaved edits included, and how many cells were written."""
    if app.calculation != "automatic":
        app.calculate()
    book = opened(live)
    card = rescore(book)
    changes: Changes = {}
    said = Findings()
    _restore(book, live, _typed_over(book, live), changes, said)
    if changes or any(True for _ in live.differing()):
        book, card = _again(app, live)
    altered = _altered(book, live)
    if altered:
        _restore(book, live, altered, changes, said)
        book, card = _again(app, live)
    memory.keep(live.name, changes)
    card.findings.items[:0] = list(said)
    _compare(book, live, card.findings)
    return card, sum(len(cells) for cells in changes.values())


def _again(app: Any, live: LiveBook) -> tuple[ScoringBook, Scorecard]:
    """Everything calculated, read and scored anew."""
    app.calculate()
    live.forget()
    book = opened(live)
    return book, rescore(book)


def _typed_over(book: ScoringBook, live: LiveBook) -> list[str]:
    """The keys whose cell must hold a formula of ours and holds none."""
    found = []
    for key, place in book.plan.places.items():
        if key in book.system.items and place.sheet in live.handles:
            cell = live.sheet(place.sheet).get(place.ref)
            if cell is None or cell.formula is None:
                found.append(key)
    return found


def _altered(book: ScoringBook, live: LiveBook) -> list[str]:
    """Of the cells that show a wrong result, the keys of those whose formula is not the one of the rubric."""
    keys = {
        (place.sheet, place.ref): key for key, place in book.plan.places.items() if key in book.system.items
    }
    found = []
    for sheet in live.differing():
        for ref in sheet.results:
            key = keys.get((sheet.name, ref))
            if key is not None and not same_content(content_of(sheet.get(ref)), f"={book.plan.formula(key)}"):
                found.append(key)
    return found


def _restore(
    book: ScoringBook, live: LiveBook, keys: Sequence[str], changes: Changes, findings: Findings
) -> None:
    """Write the formulas of some keys again, and say so; all or nothing a sheet."""
    by_sheet: dict[str, list[str]] = {}
    for key in keys:
        by_sheet.setdefault(book.plan.places[key].sheet, []).append(key)
    for name, mine in by_sheet.items():
        sheet = live.sheet(name)
        places = [book.plan.places[key] for key in mine]
        writes = [
            Write((place.row, place.column), f"={book.plan.formula(key)}")
            for key, place in zip(mine, places, strict=True)
        ]
        made = changes_of(sheet, writes)
        write_all(sheet, writes)
        changes.setdefault(name, {}).update(made)
        for ref, (old, _) in made.items():
            findings.add("J842", book.source(name, ref), old=_shown(old))


def _compare(book: ScoringBook, live: LiveBook, findings: Findings) -> None:
    """Say where the program, asked to calculate, still shows something else."""
    wrong = [(sheet, ref) for sheet in live.differing() for ref in sheet.results]
    if wrong:
        sheet, ref = wrong[0]
        cell = sheet.get(ref)
        findings.add(
            "J844",
            book.source(sheet.name, ref),
            shown=_shown(cell.value if cell is not None else None),
            value=_shown(sheet.results[ref]),
            count=len(wrong),
        )


def _shown(value: Any) -> str:
    if value in (None, ""):
        return "空白"
    return plain(value) if not isinstance(value, (str, bool, int)) else str(value)
