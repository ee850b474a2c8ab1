"""Verify room: a workbook -> Verified. In: scoring workbooks; out: proof or findings, each named by its cell.

Three things are proved: the formulas and links are those of the definition; independent engines recompute every
score to the same value; the cached values say the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from jixiao.master.book.rescore import scored
from jixiao.master.book.scoringbook import open_scoring_book
from jixiao.model import Findings, Stop
from jixiao.verify.prove import Prover, check_cached
from jixiao.verify.structure import check_structure
from jixiao.verify.verified import EngineRun, Verified

__all__ = ["EngineRun", "Prover", "Verified", "verify", "verify_one"]


def verify(
    paths: Sequence[Path],
    *,
    engines: Sequence[str] = ("formulas",),
    say: Callable[[str], None] = lambda _: None,
    definitions: Sequence[Path] = (),
) -> list[Verified]:
    """Prove many workbooks; one that cannot be opened is a line, not a stop."""
    prover = Prover()
    made = []
    for path in paths:
        say(f"核验 {path.name}")
        try:
            made.append(verify_one(path, prover, engines, definitions))
        except Stop as stop:
            made.append(Verified(path, Findings([stop.finding]), exit_code=stop.exit_code))
    return made


def verify_one(
    path: Path, prover: Prover, engines: Sequence[str] = ("formulas",), definitions: Sequence[Path] = ()
) -> Verified:
    """Prove one workbook. Raises Refused where it is not a scoring workbook."""
    book = open_scoring_book(path)
    card = scored(book)
    findings = Findings(list(book.findings))
    formulas = check_structure(book, findings, definitions)
    findings.extend(card.findings)
    check_cached(book, card.values, findings)
    runs = []
    for name in engines:
        if name == "formulas":
            runs.append(prover.formulas(book, card.values, findings))
        else:
            runs.append(prover.by_file(name, book, card.values, findings))
    return Verified(path, findings, formulas, runs, card)
