"""Our own scoring workbook as a host holds it: its formulas are live, so scoring reads, computes, compares and reports.

Nothing is written where the host already shows the results. A formula that somebody typed over is put back.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jixiao.app.exchange.copied import BookCopy, CellWrite, Formula, content_of, same_content
from jixiao.master import HIDDEN, Plan, ScoringBook, rescore, scoring_book_of
from jixiao.model import Findings, plain
from jixiao.office import Fingerprint, split_ref
from jixiao.scoring import Scorecard

if TYPE_CHECKING:
    from jixiao.checks import Checked

NOWHERE = Fingerprint(0, 0, "")


def _checked(book: ScoringBook) -> list[Checked]:
    from jixiao.master import checked  # only where something was typed since

    return checked(book)


def is_own(copy: BookCopy) -> bool:
    """Whether a workbook is a scoring workbook of ours."""
    return HIDDEN in copy.sheet_names


def opened(copy: BookCopy) -> ScoringBook:
    """The workbook as the scoring rooms know it; Refused as for a file."""
    return scoring_book_of(Path(copy.name), NOWHERE, copy, _anchors)


class OwnBook:
    """One look at a scoring workbook: what it holds, and its scorecard."""

    def __init__(self, copy: BookCopy) -> None:
        self.copy, self.book = copy, opened(copy)
        self.card: Scorecard = rescore(self.book, _checked, restoring=False)
        items = self.book.net.items
        self._places = {key: place for key, place in self.book.plan.places.items() if key in items}

    def typed_over(self) -> list[CellWrite]:
        """The formulas of ours that are wanting: their cells hold none."""
        found = []
        for key, place in self._places.items():
            if place.sheet in self.copy.sheet_names:
                cell = self.copy.sheet(place.sheet).get(place.ref)
                if cell is None or cell.formula is None:
                    found.append(key)
        return self._formulas(found)

    def altered(self) -> list[CellWrite]:
        """Of the cells that show a wrong result, the formulas of those whose own is not the one of the rubric."""
        keys = {(place.sheet, place.ref): key for key, place in self._places.items()}
        found = []
        for sheet in self.copy.differing():
            for ref in sheet.results:
                key = keys.get((sheet.name, ref))
                if key is not None and not same_content(content_of(sheet.get(ref)), self._formula(key)):
                    found.append(key)
        return self._formulas(found)

    def _formula(self, key: str) -> Formula:
        return Formula(f"={self.book.plan.formula(key)}")

    def _formulas(self, keys: Sequence[str]) -> list[CellWrite]:
        places = [(key, self._places[key]) for key in keys]
        return [CellWrite(p.sheet, (p.row, p.column), self._formula(key)) for key, p in places]

    def told(self) -> list[CellWrite]:
        """The plain cells that say what was changed by hand, where the host shows something else."""
        names = [name for name in self.book.plan.sheets if name in self.copy.sheet_names]
        return [
            CellWrite(name, split_ref(ref), value)
            for name in names
            for ref, value in self.copy.sheet(name).told.items()
            if not same_content(content_of(self.copy.sheet(name).get(ref)), value)
        ]

    def say_restored(self, writes: Sequence[CellWrite], findings: Findings) -> None:
        """Say which formulas were put back, and what had taken their place."""
        for write in writes:
            old = content_of(self.copy.sheet(write.sheet).get(write.ref))
            findings.add("J842", self.book.source(write.sheet, write.ref), old=_shown(old))

    def say_differing(self, findings: Findings) -> None:
        """Say where the host, asked to calculate, still shows something else."""
        wrong = [(sheet, ref) for sheet in self.copy.differing() for ref in sheet.results]
        if wrong:
            sheet, ref = wrong[0]
            cell = sheet.get(ref)
            findings.add(
                "J844",
                self.book.source(sheet.name, ref),
                shown=_shown(cell.value if cell is not None else None),
                value=_shown(sheet.results[ref]),
                count=len(wrong),
            )


def _shown(value: Any) -> str:
    if value in (None, ""):
        return "空白"
    return plain(value) if not isinstance(value, (str, bool, int)) else str(value)


def _anchors(plan: Plan) -> list[str]:
    """Of every sheet the named cells farthest down and farthest right: they have moved if any row or column has.

    Each name that is looked up may be a call to another program, so not all of them are.
    """
    far: dict[tuple[str, bool], str] = {}
    for key in plan.names:
        place = plan.places.get(key)
        if place is None:
            continue
        for down in (True, False):
            known = far.get((place.sheet, down))
            other = plan.places[known] if known else None
            if other is None or (place.row > other.row if down else place.column > other.column):
                far[place.sheet, down] = key
    return list(dict.fromkeys(far.values()))
