"""One workbook -> the rows that the store keeps of it: its scores and findings as ``jixiao.score`` gives them, and its proof."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from jixiao.batch.listing import Item, at_hand
from jixiao.master import ScoringBook, assessed, last_step, open_scoring_book, recheck, scored
from jixiao.model import Finding, FindingKind, Findings, Level, Refused, Stop, plain
from jixiao.office import Overrun, bounded
from jixiao.rubric import digest
from jixiao.scoring import How, Keys, Scorecard, Scored
from jixiao.text import narrow, unspaced
from jixiao.verify import GROUPS, Prover, check_definition, review_findings, verify_book

NONE, SAMPLE, ALL = "none", "sample", "all"
PROVE = (NONE, SAMPLE, ALL)
ONE_OF = 20
"""Of so many workbooks a sample proves one by two engines, chosen by content; those in doubt are all proved so."""
SECONDS, FILLING, MEMORY = 20.0, 180.0, 1 << 30
"""What one workbook may take, and the second where its sources are read first."""
PROVED, FAILED = "proved", "failed"
BOTH = GROUPS["fast"]
ONE = BOTH[:1]
"""The engine that is quick with another workbook of the same formulas."""
NAMED = 3
FIGURE = Decimal("1e18")  # what the columns of the store hold: 18 digits before the point and behind it


Fill = Callable[[Path, Path], Findings]
"""Source files in a folder -> a workbook, written; what was noticed. Raises a Stop."""


class Options(NamedTuple):
    """What is asked of every workbook, and by which version: what another one scored is not used again."""

    prove: str = NONE
    definitions: tuple[Path, ...] = ()
    version: str = ""
    fill: Fill | None = None
    filled: Path = Path()
    """Where items are folders of source files: what makes a workbook of one, and the folder for those."""


class Rows(NamedTuple):
    """What the store keeps of one file: a unit, its points, its findings."""

    unit: dict[str, Any]
    points: list[dict[str, Any]]
    findings: list[dict[str, Any]]


def read(item: Item, options: Options, prover: Prover) -> Rows:
    """The rows of one file; one that cannot be scored is a row with its code and advice. Never raises a Stop."""
    unit: dict[str, Any] = {"file": item.name, "path": item.path, "size": item.size, "mtime": item.mtime}
    try:
        seconds = SECONDS if options.fill is None else FILLING
        return bounded(lambda: _scored(item, unit, options, prover), seconds, MEMORY)
    except Stop as stop:
        return refused(unit, stop.finding)
    except Overrun as over:
        return refused(unit, Refused("J904", name=item.name, why=str(over)).finding)
    except MemoryError:
        return refused(unit, Refused("J904", name=item.name, why="内存").finding)
    except Exception as error:  # noqa: BLE001 - whatever one file does to us, the others are scored; said with its kind
        return refused(unit, Refused("J905", name=item.name, why=type(error).__name__).finding)


def dead(item: Item) -> Rows:
    """The rows of a file that ended the process which read it."""
    unit = {"file": item.name, "path": item.path, "size": item.size, "mtime": item.mtime}
    return refused(unit, Refused("J906", name=item.name).finding)


def refused(unit: Mapping[str, Any], finding: Finding) -> Rows:
    """The rows of a file that is not scored."""
    why = {"code": finding.code, "message": finding.message, "advice": finding.advice}
    return Rows({**unit, **why}, [], [])


def _scored(item: Item, unit: dict[str, Any], options: Options, prover: Prover) -> Rows:
    with at_hand(item) as path:
        if options.fill is None:
            return _read(path, item, unit, options, prover)
        book = options.filled / f"{item.name}.xlsx"
        found = options.fill(path, book)
        made = _read(book, item, unit | {"path": str(book), "file": book.name}, options, prover)
        made.findings.extend(_finding(one, "fill") for one in found)
        return made


def _read(path: Path, item: Item, unit: dict[str, Any], options: Options, prover: Prover) -> Rows:
    book = open_scoring_book(path)
    unit["sha256"] = book.fingerprint.sha256
    found, proof, card = Findings(), "", None
    drawn = int(book.fingerprint.sha256[:8], 16) % ONE_OF == 0
    if options.prove == ALL:  # before scoring, which may put formulas back
        found, proof, card = _proved(book, options, prover, BOTH if drawn else ONE)
    else:
        check_definition(book, found, options.definitions)
    if options.prove != ALL and book.text("reviews"):
        found.extend(review_findings(book, scored(book)))
    card = assessed(book, recheck, card)
    figures = [card.total, card.rule_total, *(one.points for one in card.indicators)]
    if any(figure is not None and abs(figure) >= FIGURE for figure in figures):
        raise Refused("J907", name=item.name)
    doubt = _doubt(card, [*card.findings, *found])
    again = options.prove == ALL and not drawn and (doubt is not None or proof == FAILED)
    if again or (options.prove == SAMPLE and (drawn or doubt is not None)):
        found, proof, _ = _proved(open_scoring_book(path), options, prover, BOTH)
    known = {(finding.code, finding.sources) for finding in card.findings}
    added = [finding for finding in found if (finding.code, finding.sources) not in known]
    findings = [*((one, "score") for one in card.findings), *((one, "proof") for one in added)]
    said = [one for one, _ in findings]
    unit |= _unit(book, card, said) | {"proof": proof, "doubt": doubt or _doubt(card, said)}
    return Rows(unit, _points(book, card), [_finding(one, door) for one, door in findings])


def _proved(
    book: ScoringBook, options: Options, prover: Prover, engines: Sequence[str]
) -> tuple[Findings, str, Scorecard | None]:
    """One engine beside our own reading is enough where nothing is in doubt and a sample is proved by two."""
    made = verify_book(book, prover, engines, definitions=options.definitions)
    clean = made.card is not None and not made.findings.errors and all(run.ran for run in made.engines)
    return made.findings, PROVED if made.proved or (clean and engines == ONE) else FAILED, made.card


def _doubtful(findings: Sequence[Finding] | Findings) -> Iterator[Finding]:
    return (finding for finding in findings if FindingKind.UNTRUSTED in finding.kinds)


def _doubt(card: Scorecard, findings: Sequence[Finding]) -> str | None:
    """Why the points of a workbook are not trusted; None where they are.

    A figure changed since it was brought in is legal where a person wrote why.
    """
    first = next(_doubtful(findings), None)
    if first is not None:
        return first.message
    silent = [change for change in card.changes if change.how is not How.HAND and not change.reason]
    if not silent:
        return None
    names = "、".join(dict.fromkeys(change.source.label or change.source.sheet for change in silent[:NAMED]))
    return f"导入后改动{len(silent)}处没有写明理由（{names}）"


def _unit(book: ScoringBook, card: Scorecard, findings: Sequence[Finding]) -> dict[str, Any]:
    step = last_step(book)
    figures = [change for change in card.changes if change.how is not How.HAND]
    own = [
        book.entries.get(Keys(one.title).own_points)
        for one in card.indicators
        if one.status != "not_applicable"
    ]
    said = [value for value in own if isinstance(value, Decimal)]
    return {
        "rubric": card.rubric,
        "rubric_name": card.rubric_name,
        "definition": digest(book.text("definition")),
        "unit": card.unit,
        "unit_key": unspaced(narrow(card.unit)),
        "year": card.year,
        "total": card.total,
        "rule_total": card.rule_total,
        "full": sum((one.full for one in card.indicators if not one.number.startswith("+")), Decimal(0)),
        "own_total": sum(said, Decimal(0)) if len(said) == len(own) else None,
        "grade": card.grade,
        "state": step.state.value,
        "signer": step.who,
        "signed": step.when,
        "seal": step.seal,
        "altered": any(FindingKind.SIGNED in finding.kinds for finding in findings),
        "pending": sum(one.status == "pending" for one in card.indicators),
        "awarded": sum(one.awarded for one in card.indicators),
        "unproven_awards": sum(
            one.awarded and not book.entries.get(Keys(one.title).evidence) for one in card.indicators
        ),
        "changes": len(figures),
        "by_hand": len(card.changes) - len(figures),
        "errors": sum(finding.level is Level.ERROR for finding in findings),
        "warnings": sum(finding.level is Level.WARNING for finding in findings),
    }


def _points(book: ScoringBook, card: Scorecard) -> list[dict[str, Any]]:
    return [
        {
            "number": number,
            "id": one.id,
            "label": one.number,
            "title": one.title,
            "full": one.full,
            "rule_points": one.rule_points,
            "points": one.points,
            "own_points": own
            if isinstance(own := book.entries.get(Keys(one.title).own_points), Decimal)
            else None,
            "status": one.status,
            "awarded": one.awarded,
            "explanation": one.explanation,
            "reasons": _reasons(one),
            "cell": book.plan.places[Keys(one.title).points].ref,
        }
        for number, one in enumerate(card.indicators, 1)
    ]


def _reasons(one: Scored) -> list[str]:
    """What points were lost for, in words that others share: the scoring points that were not met, else what was given."""
    if one.points is None or one.points >= one.full:
        return []
    if one.awarded:
        return [f"核定得{plain(one.points)}分"]
    parts = [part for part in one.parts if part.title and part.points is not None and part.points < part.full]
    said = [f"{part.title}：{part.verdict or f'得{plain(part.points or Decimal(0))}分'}" for part in parts]
    return said or [f"得{plain(one.points)}分"]


def _finding(finding: Finding, door: str) -> dict[str, Any]:
    first = finding.sources[0] if finding.sources else None
    return {
        "code": finding.code,
        "level": finding.level.value,
        "message": finding.message,
        "advice": finding.advice,
        "place": "；".join(source._replace(file="").place() for source in finding.sources),
        "subject": (first.label or first.sheet) if first else "",
        "count": int(count) if (count := str(dict(finding.args).get("count", ""))).isdecimal() else None,
        "sheet": first.sheet if first else "",
        "cell": first.cell if first else "",
        "door": door,
    }
