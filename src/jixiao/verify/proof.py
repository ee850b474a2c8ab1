"""Recomputation: every score equal in our number reading, in each engine, and in the workbook's cached values.

What it leaves is a Verified: as text, as data, and as JUnit XML for continuous integration.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jixiao.master import Place as CellPlace
from jixiao.master import ScoringBook
from jixiao.model import LEVEL_TITLES, Findings, Value, plain
from jixiao.office import clean
from jixiao.scoring import Scorecard, json_number
from jixiao.scoring import shown as shown_points
from jixiao.verify.engines import EngineFailure, ErrorValue, Place, Results, compiled, same

if TYPE_CHECKING:
    from jixiao.verify.engines.formulas_engine import Compiled

LISTED = 10  # differences named one by one
FAST = (compiled.FORMUALIZER, compiled.CELLRUNE)
"""The default witnesses. They are young, so neither proves anything alone."""


def _no_formulas() -> str | None:
    from jixiao.verify.engines import (
        formulas_engine,  # only where it is asked for: the default does without it
    )

    return formulas_engine.unavailable()


def _no_libreoffice() -> str | None:
    from jixiao.verify.engines import libreoffice  # likewise

    return libreoffice.unavailable()


ENGINES: dict[str, Callable[[], str | None]] = {
    **{name: functools.partial(compiled.unavailable, name) for name in FAST},
    "formulas": _no_formulas,
    "libreoffice": _no_libreoffice,
}
"""Every engine by its name, and why it cannot run here (None: it can)."""
GROUPS: dict[str, tuple[str, ...]] = {
    "fast": FAST,
    "formulas": ("formulas",),
    "libreoffice": ("libreoffice",),
    "all": tuple(ENGINES),
}
"""What a person may ask for: one engine or several, by one name."""


def engines_of(asked: Sequence[str]) -> list[str]:
    """The engines of groups and single names, each once. ValueError for a name that is not known."""
    if unknown := [name for name in asked if name not in GROUPS and name not in ENGINES]:
        raise ValueError(f"没有引擎 {'、'.join(unknown)}，可用：{'、'.join([*GROUPS, *FAST])}")
    return list(dict.fromkeys(engine for name in asked for engine in GROUPS.get(name, (name,))))


def usable_engines() -> tuple[str, ...]:
    """The first group that can prove a workbook on this machine; none where no engine is installed."""
    for group in GROUPS.values():
        if all(ENGINES[name]() is None for name in group):
            return group
    return ()


@dataclass(frozen=True, slots=True)
class EngineRun:
    """One engine's recomputation: cells compared and how many differ; ``why`` where it did not run."""

    engine: str
    cells: int = 0
    differences: int = 0
    why: str = ""

    @property
    def ran(self) -> bool:
        """Whether the engine gave results."""
        return not self.why


@dataclass(slots=True)
class Verified:
    """The proof of one workbook; ``card`` is None where it could not be opened, ``name`` what it is called among the others."""

    path: Path
    findings: Findings
    formulas: int = 0
    engines: list[EngineRun] = field(default_factory=list)
    card: Scorecard | None = None
    exit_code: int = 0
    name: str = ""

    def __post_init__(self) -> None:
        self.name = self.name or self.path.name

    @property
    def proved(self) -> bool:
        """No error was found, and engines recomputed every score: never one of the young ones alone."""
        return self.card is not None and not self.findings.errors and not self.unproved

    @property
    def unproved(self) -> str:
        """Why the engines that ran prove nothing; empty where they are enough or the workbook could not be opened."""
        ran = [run.engine for run in self.engines if run.ran]
        if self.card is None or len(ran) > 1 or not set(ran) <= set(FAST):
            return ""
        install = "请安装 jixiao[verify]，或换用 --engine libreoffice"
        return f"只有 {ran[0]} 一个引擎复算，不足为证；{install}" if ran else f"没有引擎复算；{install}"

    def data(self) -> dict[str, Any]:
        """As plain data for JSON."""
        return {
            "file": self.name,
            "proved": self.proved,
            "unproved": self.unproved or None,
            "total": json_number(self.card.total) if self.card else None,
            "formulas": self.formulas,
            "changes": [change.data() for change in self.card.changes] if self.card else [],
            "engines": [
                {
                    "engine": run.engine,
                    "cells": run.cells,
                    "differences": run.differences,
                    "not_run": run.why or None,
                }
                for run in self.engines
            ],
            "findings": [finding.data() for finding in self.findings],
        }


@dataclass(frozen=True, slots=True)
class _Difference:
    """A cell of which an engine gives something else than our reading (J623) or the cached value (J629)."""

    code: str
    place: Place
    got: str
    held: str


Held = dict[Place, tuple[str, Value]]
"""What a formula cell must give, and the finding where it does not."""


class Prover:
    """Recomputes workbooks; what the engines have loaded serves the next one where its formulas are the same."""

    def __init__(self) -> None:
        self._compiled: tuple[object, Compiled] | None = None
        self._witnesses = compiled.Witnesses()

    def run(
        self, engines: Sequence[str], book: ScoringBook, values: Mapping[str, Value], findings: Findings
    ) -> list[EngineRun]:
        """By each engine: every score, and what else it calculates of the file. One finding a cell and a result.

        ``findings`` are those of everything else by now.
        """
        runs: list[EngineRun] = []
        wrong: dict[_Difference, list[str]] = {}
        missing: dict[str, str] = {}
        held, ours = _held(book, values), not findings.errors and _all_ours(book)
        for name in engines:
            if why := ENGINES[name]():
                missing[name] = why
                runs.append(EngineRun(name, why=why))
                continue
            try:
                results = self._results(name, book, ours=ours)
            except EngineFailure as failure:
                findings.extend([failure.finding])
                runs.append(EngineRun(name, why=failure.finding.message))
                continue
            cells, differences = _compared(book, held, results)
            runs.append(EngineRun(name, cells, len(differences)))
            for code in ("J623", "J629"):
                for difference in [one for one in differences if one.code == code][:LISTED]:
                    wrong.setdefault(difference, []).append(name)
        _say(book, missing, wrong, findings)
        return runs

    def _results(self, name: str, book: ScoringBook, *, ours: bool) -> Results:
        if name in FAST:
            return self._witnesses.recompute(name, book.book, book.path.name, ours=ours)
        if name == "formulas":
            return self._formulas(book)
        from jixiao.verify.engines import libreoffice

        return libreoffice.recompute(book.path)

    def _formulas(self, book: ScoringBook) -> Results:
        """The formulas of the workbook over what its other cells hold."""
        from jixiao.verify.engines.formulas_engine import Compiled

        formulas: dict[Place, str] = {}
        values: dict[Place, Decimal | str | bool | ErrorValue | None] = {}
        for name in book.book.worksheets:
            sheet = book.sheet(name)
            for cell in sheet.cells():
                if cell.formula is not None:
                    formulas[name, cell.ref] = "=" + sheet.formula(cell)
                else:
                    values[name, cell.ref] = ErrorValue(str(cell.value)) if cell.error else cell.value
        if self._compiled is None or self._compiled[0] != (formulas, book.book.names):
            self._compiled = (formulas, book.book.names), Compiled(formulas, book.book.names)
        return self._compiled[1].run(values)


def _say(
    book: ScoringBook, missing: Mapping[str, str], wrong: Mapping[_Difference, list[str]], findings: Findings
) -> None:
    """Engines that give the same are named together, and so are those that are not installed for one reason."""
    reasons: dict[str, list[str]] = {}
    for name, why in missing.items():
        reasons.setdefault(why, []).append(name)
    for why, names in reasons.items():
        findings.add("J611", engine="、".join(names), why=why)
    for difference, names in wrong.items():
        source, engine = book.source(*difference.place), "、".join(names)
        got, held = difference.got, difference.held
        if difference.code == "J629":
            findings.add("J629", source, engine=engine, got=got, cached=held)
        else:
            findings.add("J623", source, engine=engine, got=got, value=held)


def _all_ours(book: ScoringBook) -> bool:
    """Whether every formula is one that a rubric prescribes, where nothing was found wrong with those."""
    others = [name for name in book.book.worksheets if name not in book.plan.sheets]
    return not book.formulas and all(book.sheet(name).formulas_mark == b"" for name in others)


def _held(book: ScoringBook, values: Mapping[str, Value]) -> Held:
    """The scores, by our own number reading."""
    places = book.plan.places
    return {
        (places[key].sheet, places[key].ref): ("J623", value)
        for key, value in values.items()
        if key in places
    }


def _compared(book: ScoringBook, held: Held, results: Results) -> tuple[int, list[_Difference]]:
    """How many cells were looked at, and those of which an engine gives something else than is held.

    Formulas outside the net (links, located figures, 勾稽 rows) are held as they are cached; ``held`` takes them on.
    """
    for sheet, ref in results.keys() - held.keys():
        if book.book.has(sheet) and (cached := book.sheet(sheet).result_at(ref)) is not None:
            held[sheet, ref] = "J629", cached[0]
    wrong = [
        _Difference(code, place, str(results.get(place))[:80], _shown(value)[:80])
        for place, (code, value) in held.items()
        if place not in results or not same(value, results[place])
    ]
    return len(held), wrong


def check_cached(book: ScoringBook, values: Mapping[str, Value], findings: Findings) -> None:
    """Stale cached values: what a previewer shows is not what recalculation gives. One finding a workbook."""
    stale: list[tuple[CellPlace, str, str]] = []
    sheets = {name: book.sheet(name) for name in book.plan.sheets if book.book.has(name)}
    for key, value in values.items():
        place = book.plan.places.get(key)
        sheet = sheets.get(place.sheet) if place is not None else None
        if place is None or sheet is None or (found := sheet.result_at(place.ref)) is None:
            continue
        cached = found[0]
        if (type(value) is not type(cached) or value != cached) and not _as_cached(value, cached):
            stale.append((place, "" if cached is None else str(cached), _shown(value)))
    if stale:
        place, text, value = stale[0]
        source = book.source(place.sheet, place.ref)
        findings.add("J622", source, count=len(stale), cached=text[:40], value=value[:40])


def _as_cached(value: Value, cached: object) -> bool:
    if isinstance(value, Decimal):
        return isinstance(cached, Decimal) and abs(value - cached) <= Decimal("1e-9")
    return (cached if cached is not None else "") == (value if value is not None else "")


def _shown(value: Value) -> str:
    """A value in a message."""
    return plain(value) if isinstance(value, Decimal) else str(value if value is not None else "")


def as_text(made: Sequence[Verified]) -> str:
    """One block a workbook, Chinese."""
    lines: list[str] = []
    for item in made:
        why = f"（{item.unproved}）" if item.unproved else ""
        verdict = "核验通过" if item.proved else f"核验未通过{why}"
        total = f"，总分 {shown_points(item.card.total)}" if item.card else ""
        total += f"，手工改动 {len(item.card.changes)} 处" if item.card and item.card.changes else ""
        lines.append(f"{item.name}：{verdict}{total}，公式 {item.formulas} 个")
        for run in item.engines:
            said = (
                f"复算 {run.cells} 个单元格，差异 {run.differences} 处" if run.ran else f"未复算：{run.why}"
            )
            lines.append(f"  {run.engine} {said}")
        lines += [f"  {LEVEL_TITLES[finding.level]} {finding.line()}" for finding in item.findings]
    return "\n".join(lines)


def as_data(made: Sequence[Verified]) -> list[dict[str, Any]]:
    """A list, one object a workbook."""
    return [item.data() for item in made]


def as_junit(made: Sequence[Verified]) -> str:
    """JUnit XML: a suite a workbook; what was found, each engine and the proof as cases, at most one failure a case.

    A suite has a failure exactly where its workbook is not proved.
    """
    from xml.etree import ElementTree as Tree  # only where it is asked for

    root = Tree.Element("testsuites")
    for item in made:
        suite = Tree.SubElement(root, "testsuite", name=clean(item.name))
        cases = _cases(item)
        for name, (outcome, message, text) in cases.items():
            case = Tree.SubElement(suite, "testcase", classname=clean(item.name), name=name)
            if outcome:
                Tree.SubElement(case, outcome, message=clean(message)).text = clean(text)
        outcomes = [outcome for outcome, _, _ in cases.values()]
        suite.attrib |= {"tests": str(len(cases)), "errors": "0"}
        suite.attrib |= {
            "failures": str(outcomes.count("failure")),
            "skipped": str(outcomes.count("skipped")),
        }
    body = Tree.tostring(root, "unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


def _cases(item: Verified) -> dict[str, tuple[str, str, str]]:
    """Each case with its outcome (nothing where it went well), the message and the text."""
    errors = [finding.line() for finding in item.findings.errors]
    more = f"（共 {len(errors)} 处）" if len(errors) > 1 else ""
    first = ("failure", errors[0] + more, "\n".join(errors)) if errors else ("", "", "")
    cases = {"结构与数据": first}
    for run in item.engines:
        differing = f"差异 {run.differences} 处"
        outcome = "skipped" if not run.ran else "failure" if run.differences else ""
        cases[f"{run.engine} 复算"] = (outcome, run.why or differing, "")
    if why := item.unproved:
        cases["复算结论"] = ("failure", why, "")
    return cases
