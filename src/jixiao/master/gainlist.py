"""提分: what would win points back, written as the list that scoring leaves, and held against the figures as they are."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from jixiao.master.kept import alike
from jixiao.master.plan import (
    FACT_VALUE,
    FACTS,
    GAIN_BASIS,
    GAIN_SEAL,
    GAIN_STATE,
    GAIN_TABLE,
    GAINS,
    LIST_FIRST,
    LIST_HEAD,
    Place,
    Plan,
)
from jixiao.model import Value
from jixiao.office import CellValue, as_typed, column_letter
from jixiao.scoring import UNIT, Gain, Scorecard, Step, Values, gains, keys

if TYPE_CHECKING:
    from jixiao.master.scoringbook import ScoringBook

STATES = {
    (False, False): "评分后列出",
    (True, True): "以下按现在的数计算",
    (True, False): "评分以后数有变动，以下各行已过时，请重新评分",
}


def state_of(*, known: bool, still: bool = True) -> str:
    """What the live cell above the list says: whether something was reckoned, and on the figures as they are."""
    return STATES[known, still and known]


def basis_formula(plan: Plan) -> str:
    """The formula of that cell: total, total of the rules and the sum of 取数 against those that were reckoned on."""
    total, ruled = (plan.cells(GAINS)(key) for key in (keys.ALL.points, keys.ALL.rule_points))
    letter, last = column_letter(FACT_VALUE), LIST_FIRST + max(len(plan.net.rubric.facts) - 1, 0)
    sums = (total, ruled, f"SUM('{FACTS}'!${letter}${LIST_FIRST}:${letter}${last})")
    cells = [place.ref for place in _basis_places()]
    same = ",".join(f"ROUND({now}-{then},4)=0" for now, then in zip(sums, cells, strict=True))
    still, stale = state_of(known=True), state_of(known=True, still=False)
    return f'IF(ISNUMBER({cells[0]}),IF(AND({same}),"{still}","{stale}"),"{state_of(known=False)}")'


def _basis_places() -> list[Place]:
    return [Place(GAINS, LIST_HEAD - 1, GAIN_BASIS + n) for n in range(3)]


SEAL = Place(GAINS, LIST_HEAD - 1, GAIN_SEAL)
"""The cell that holds a digest of the entries that were reckoned on and of the rows, so that nobody reckons again.

Whose workbook it is counts for nothing.
"""


def _seal(book: ScoringBook, rows: Sequence[Sequence[Value]]) -> str:
    entries = [(key, one) for key, one in book.entries.items() if one not in (None, "") and key != UNIT]
    parts = (
        [(key, _alike(value)) for key, value in entries],
        [[_alike(value) for value in row] for row in rows],
    )
    return " ".join(hashlib.sha256(json.dumps(part).encode()).hexdigest()[:10] for part in parts)


def _alike(value: Value) -> str:
    return str(as_typed(value).normalize() + 0) if isinstance(value, Decimal) else str(value or "")


def reckoning(book: ScoringBook, values: Mapping[str, Value]) -> Callable[[], Sequence[Gain]]:
    """What would win points back in a workbook as it is now, reckoned once asked for; ``values`` are those of its net."""
    now = Values(book.net, dict(book.entries))
    now.update(values)
    return cache(lambda: gains(now))


def tell_gains(book: ScoringBook, card: Scorecard, *, state: bool = True) -> None:
    """Write what would win points back into 提分, unless it stands there; ``state``: also what the live cell says now."""
    if GAINS not in book.book.sheet_names:
        return
    from jixiao.master import put

    sheet = book.sheet(GAINS)
    for place, value in _basis(book, card.values).items():
        sheet.set(place.ref, value, formula=None)
    if state:
        sheet.set(Place(GAINS, LIST_HEAD - 1, GAIN_STATE).ref, state_of(known=True))
    if _held(book, SEAL) == _seal(book, _listed(book)):
        return
    told = gain_rows(card.gains)
    rows = [(put.figure_style(unit), cells) for unit, cells in told]
    sheet.set(SEAL.ref, _seal(book, [cells for _, cells in told]), formula=None)
    put.put_list(book, GAINS, LIST_FIRST, GAIN_TABLE, rows)


def _basis(book: ScoringBook, values: Mapping[str, Value]) -> dict[Place, Value]:
    figures = [value for name in book.rubric.facts if isinstance(value := book.entries.get(name), Decimal)]
    sums = (values[keys.ALL.points], values[keys.ALL.rule_points], sum(figures, Decimal(0)))
    return dict(zip(_basis_places(), sums, strict=True))


def gain_rows(made: Sequence[Gain]) -> list[tuple[str, list[Value]]]:
    """Unit and cells of every row: an indicator stands beside the first thing to change."""
    rows: list[tuple[str, list[Value]]] = []
    for number, gain in enumerate(made, 1):
        title = f"{gain.indicator}：{gain.title}" if gain.title else gain.indicator
        head: list[Value] = [str(number), title, gain.lost, gain.clause, gain.figures]
        needs = "；".join(gain.needs)
        if not gain.steps:
            rows.append(("文字", [*head, gain.why, None, None, "", None, None, "", needs]))
        for step in gain.steps:
            rows.append((step.unit, [*head, *_cells(step), needs]))
            head, needs = ["", "", None, "", ""], ""
    return rows


def _cells(step: Step) -> list[Value]:
    return [step.name, step.old, step.new, step.difference, step.points, step.total, step.following]


def stale(book: ScoringBook, card: Scorecard) -> tuple[Place, CellValue, Value] | None:
    """The first cell of 提分 that is not of the figures as they are: what it holds, and what it should."""
    if GAINS not in book.book.sheet_names or _held(book, _basis_places()[0]) is None:
        return None  # nothing was reckoned yet
    listed, wanted = _listed(book), _basis(book, card.values)
    if _held(book, SEAL) != _seal(book, listed):
        rows = [cells for _, cells in gain_rows(card.gains)]
        rows += [[None] * len(GAIN_TABLE)] * (len(listed) - len(rows) + 1)
        wanted |= {
            Place(GAINS, row, n): value
            for row, cells in enumerate(rows, LIST_FIRST)
            for n, value in enumerate(cells, 1)
        }
    for place, value in wanted.items():
        if not alike(value, held := _held(book, place)):
            return place, held, value
    return None


def _listed(book: ScoringBook) -> list[list[CellValue]]:
    """The rows that stand in 提分."""
    rows: list[list[CellValue]] = []
    while any(
        row := [_held(book, Place(GAINS, LIST_FIRST + len(rows), n)) for n, _ in enumerate(GAIN_TABLE, 1)]
    ):
        rows.append(row)
    return rows


def _held(book: ScoringBook, place: Place) -> CellValue:
    cell = book.sheet(place.sheet).get(place.ref)
    return cell.value if cell is not None else None
