"""Verify room: a workbook -> Verified. In: scoring workbooks; out: proof or findings, each named by its cell.

Three things are proved: the formulas and links are those of the definition; independent engines recompute every
score to the same value, by default two that calculate the file as it is; the cached values say the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from jixiao.master import ScoringBook, kept_whole, open_scoring_book, scored, stale, untold
from jixiao.model import Findings, Stop, later
from jixiao.scoring import Scorecard
from jixiao.verify.arranged import check_printed
from jixiao.verify.engines import EngineFailure, EngineValue, ErrorValue, Results, same
from jixiao.verify.engines.compiled import BareBook, Put, Witnesses, loaded
from jixiao.verify.printed import LISTED, shown
from jixiao.verify.proof import (
    ENGINES,
    GROUPS,
    EngineRun,
    Prover,
    Verified,
    as_data,
    as_junit,
    as_text,
    check_cached,
    engines_of,
    usable_engines,
)
from jixiao.verify.structure import check_definition, check_structure
from jixiao.verify.vocabulary import ALLOWED, offences

if TYPE_CHECKING:
    from jixiao.verify.asking import ASKED, FIRST, NOT_YET, Answers, ask_excel, read_answers
    from jixiao.verify.engines.formulas_engine import Compiled
    from jixiao.verify.engines.libreoffice import Session, find_python
    from jixiao.verify.reviewing import Reviewed, refuse_final, review_findings, take_step
    from jixiao.verify.sealing import Seal, as_file, check_signature, compare, read_seal, seal, seal_of, sign

__all__ = [
    "ALLOWED", "ASKED", "ENGINES", "FIRST", "GROUPS", "NOT_YET", "Answers", "BareBook", "Compiled", "EngineFailure",
    "EngineRun", "EngineValue", "ErrorValue", "Prover", "Put", "Results", "Reviewed", "Seal", "Session", "Verified", "Witnesses",
    "as_data", "as_file", "as_junit", "as_text", "ask_excel", "check_definition", "check_signature", "compare",
    "engines_of", "find_python", "loaded", "offences", "read_answers", "read_seal", "refuse_final", "review_findings", "same",
    "seal", "seal_of", "sign", "take_step", "usable_engines", "verify", "verify_book", "verify_one",
]  # fmt: skip

if not TYPE_CHECKING:
    __getattr__ = later(
        __name__,
        {
            "asking": ("ASKED", "FIRST", "NOT_YET", "Answers", "ask_excel", "read_answers"),
            "engines.formulas_engine": ("Compiled",),
            "engines.libreoffice": ("Session", "find_python"),
            "reviewing": ("Reviewed", "refuse_final", "review_findings", "take_step"),
            "sealing": (
                "Seal",
                "as_file",
                "check_signature",
                "compare",
                "read_seal",
                "seal",
                "seal_of",
                "sign",
            ),
        },
    )


Looks = Sequence[Callable[[ScoringBook, Scorecard], Findings]]
"""What else is asked of a workbook and its scorecard."""


def verify(
    paths: Sequence[Path],
    *,
    engines: Sequence[str] = ("fast",),
    say: Callable[[str], None] = lambda _: None,
    definitions: Sequence[Path] = (),
    also: Looks = (),
) -> list[Verified]:
    """Prove many workbooks; one that cannot be opened is a line, not a stop. ``also`` look at each besides."""
    prover = Prover()
    made = []
    for path in paths:
        say(f"核验 {path.name}")
        try:
            made.append(verify_one(path, prover, engines, definitions, also))
        except Stop as stop:
            made.append(Verified(path, Findings([stop.finding]), exit_code=stop.exit_code))
    same = Counter(path.name for path in paths)
    for item in made:
        if same[item.path.name] > 1:  # 2023/评分簿.xlsx, 2024/评分簿.xlsx
            item.name = item.path.as_posix()
    return made


def verify_one(
    path: Path,
    prover: Prover,
    engines: Sequence[str] = ("fast",),
    definitions: Sequence[Path] = (),
    also: Looks = (),
) -> Verified:
    """Prove one workbook. Raises Refused where it is not a scoring workbook."""
    return verify_book(open_scoring_book(path), prover, engines, definitions, also)


@kept_whole
def verify_book(
    book: ScoringBook,
    prover: Prover,
    engines: Sequence[str] = ("fast",),
    definitions: Sequence[Path] = (),
    also: Looks = (),
) -> Verified:
    """The same for a scoring workbook that is open already and was not changed since."""
    card = scored(book)
    findings = Findings(list(book.findings))
    formulas = check_structure(book, findings, definitions)
    findings.extend(card.findings)
    check_printed(book, card, findings)
    told = {
        (place.sheet, place.row): (place, said)
        for place, said in reversed(untold(book, card.changes).items())
    }
    for place, (held, wanted) in list(told.values())[::-1][:LISTED]:  # one cell a row
        findings.add("J592", book.source(place.sheet, place.ref), found=shown(held), wanted=shown(wanted))
    if (behind := stale(book, card)) is not None:
        place, held, wanted = behind
        findings.add("J639", book.source(place.sheet, place.ref), found=shown(held), wanted=shown(wanted))
    check_cached(book, card.values, findings)
    findings.extend(_reviewed(book, card))
    for look in also:
        findings.extend(look(book, card))
    runs = prover.run(engines_of(engines), book, card.values, findings)
    return Verified(book.path, findings, formulas, runs, card)


def _reviewed(book: ScoringBook, card: Scorecard) -> Findings:
    if not book.text("reviews"):
        return Findings()
    from jixiao.verify.reviewing import review_findings  # most workbooks were not reviewed

    return review_findings(book, card)
