"""Recomputation: every score equal in our number reading, in each engine, and in the workbook's cached values."""

from __future__ import annotations

from decimal import Decimal

from jixiao.master.book.scoringbook import ScoringBook
from jixiao.master.plan import Place, Plan
from jixiao.model import Findings, Value, plain
from jixiao.rubric import digest
from jixiao.verify.engines import ENGINES, EngineFailure, Results, same
from jixiao.verify.engines.formulas_engine import Compiled
from jixiao.verify.verified import EngineRun

LISTED = 10  # differences named one by one


class Prover:
    """Recomputes workbooks; formulas are compiled once per rubric and serve every workbook of it."""

    def __init__(self) -> None:
        self._compiled: dict[str, Compiled] = {}

    def compiled(self, book: ScoringBook) -> Compiled:
        """The compiled formulas of the workbook's rubric."""
        key = digest(book.blocks["definition"])
        if key not in self._compiled:
            plan = book.plan
            formulas = {
                (place.sheet, place.ref): "=" + plan.formula(name)
                for name, place in plan.places.items()
                if name in plan.net.items
            }
            self._compiled[key] = Compiled(formulas, _names(plan))
        return self._compiled[key]

    def formulas(self, book: ScoringBook, values: dict[str, Value], findings: Findings) -> EngineRun:
        """By the ``formulas`` library, over this workbook's entries."""
        why = ENGINES["formulas"].unavailable()
        if why:
            findings.add("J611", engine="formulas", why=why)
            return EngineRun("formulas", why=why)
        places = book.plan.places
        entries = {
            (places[key].sheet, places[key].ref): book.entries.get(key)
            if book.entries.get(key) is not None
            else None
            for key in book.net.entries
        }
        return self._compare("formulas", book, values, self.compiled(book).run(entries), findings)

    def by_file(
        self, name: str, book: ScoringBook, values: dict[str, Value], findings: Findings
    ) -> EngineRun:
        """By an engine that opens the file itself."""
        engine = ENGINES[name]
        why = engine.unavailable()
        if why:
            findings.add("J611", engine=name, why=why)
            return EngineRun(name, why=why)
        try:
            results = engine.recompute(book.path)
        except EngineFailure as failure:
            findings.extend([failure.finding])
            return EngineRun(name, why=failure.finding.message)
        run = self._compare(name, book, values, results, findings)
        others = check_others(name, book, results, findings)
        return EngineRun(name, run.cells + others[0], run.differences + others[1])

    def _compare(
        self, name: str, book: ScoringBook, values: dict[str, Value], results: Results, findings: Findings
    ) -> EngineRun:
        wrong = []
        cells = [(key, place) for key, place in book.plan.places.items() if key in values]
        for key, place in cells:
            spot = (place.sheet, place.ref)
            if spot not in results or not same(values[key], results[spot]):
                wrong.append((key, place, results.get(spot)))
        for key, place, got in wrong[:LISTED]:
            findings.add(
                "J623",
                book.source(place.sheet, place.ref),
                engine=name,
                got=str(got)[:80],
                value=shown(values[key]),
            )
        return EngineRun(name, len(cells), len(wrong))


def check_others(name: str, book: ScoringBook, results: Results, findings: Findings) -> tuple[int, int]:
    """Formulas outside the net (links, located figures, 勾稽 rows): the engine against the cached value."""
    known = {(place.sheet, place.ref) for key, place in book.plan.places.items() if key in book.net.items}
    looked, wrong = 0, 0
    for (sheet, ref), got in results.items():
        if (sheet, ref) in known or sheet not in book.book.sheet_names:
            continue
        cell = book.sheet(sheet).get(ref)
        if cell is None or cell.formula is None:
            continue
        looked += 1
        cached = cell.number if cell.number is not None else cell.value
        if not same(cached, got):
            wrong += 1
            if wrong <= LISTED:
                source = book.source(sheet, ref)
                findings.add("J629", source, engine=name, got=str(got)[:80], cached=str(cached)[:80])
    return looked, wrong


def _names(plan: Plan) -> dict[str, tuple[str, str]]:
    made: dict[str, tuple[str, str]] = {}
    for key, name in plan.names.items():
        if key in plan.ranges:
            sheet, first, last = plan.ranges[key]
            made[name] = (sheet, f"{first.replace('$', '')}:{last.replace('$', '')}")
        else:
            made[name] = (plan.places[key].sheet, plan.places[key].ref)
    return made


def check_cached(book: ScoringBook, values: dict[str, Value], findings: Findings) -> None:
    """Stale cached values: what a previewer shows is not what recalculation gives. One finding a workbook."""
    stale: list[tuple[Place, str, str]] = []
    for key, value in values.items():
        place = book.plan.places.get(key)
        cell = book.sheet(place.sheet).get(place.ref) if place is not None else None
        if place is None or cell is None or cell.formula is None:
            continue
        cached = cell.number if cell.number is not None else cell.value
        if not _as_cached(value, cached):
            stale.append((place, "" if cached is None else str(cached), shown(value)))
    if stale:
        place, cached_text, text = stale[0]
        findings.add(
            "J622",
            book.source(place.sheet, place.ref),
            count=len(stale),
            cached=cached_text[:40],
            value=text[:40],
        )


def _as_cached(value: Value, cached: object) -> bool:
    if isinstance(value, Decimal):
        return isinstance(cached, Decimal) and abs(value - cached) <= Decimal("1e-9")
    return (cached if cached is not None else "") == (value if value is not None else "")


def shown(value: Value) -> str:
    """A value in a message."""
    return plain(value) if isinstance(value, Decimal) else str(value if value is not None else "")
