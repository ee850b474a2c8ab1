"""The score table of a workbook as the rows that the checks on points read, each figure with its cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from jixiao.checks.scorerows import ScorePart, ScoreRow
from jixiao.master.book.scoringbook import ScoringBook
from jixiao.master.plan import SCORE_COLUMNS, SCORES
from jixiao.model import Source, Value
from jixiao.office.ooxml import join_ref
from jixiao.rubric import Indicator, Part
from jixiao.scoring import Scorecard

CRITERIA_COLUMN = 8
RATE = "完成率"
UNDECIDED = "判定", "给分"


def score_rows(book: ScoringBook, card: Scorecard) -> list[ScoreRow]:
    """One row an indicator, in the order of the table."""
    return [_row(book, card, indicator) for indicator in book.rubric.indicators()]


def _row(book: ScoringBook, card: Scorecard, indicator: Indicator) -> ScoreRow:
    key, entries = indicator.key, book.entries
    scored, given = card[key], entries.get(f"{key}.核定分")
    reads = set(_reads(book, indicator.rule.reads))
    missing = [name for name in reads if _not_obtained(book, name)]
    missing.sort(key=list(book.rubric.facts).index)
    return ScoreRow(
        title=key,
        full=scored.full,
        rule=scored.rule_points,
        given=given if isinstance(given, Decimal) else None,
        points=scored.points,
        applies=scored.status != "not_applicable",
        reason=_text(entries.get(f"{key}.核定理由")),
        evidence=_text(entries.get(f"{key}.佐证材料")) + "".join(_evidence(book, indicator)),
        parts=[_part(book, part) for part in indicator.rule.leaves()],
        missing=missing,
        rates=list(_rates(book, card, reads)),
        places=_places(book, indicator, missing),
    )


def _reads(book: ScoringBook, names: Iterable[str]) -> Iterator[str]:
    """Facts and columns that a rule reads, directly or through quantities."""
    for name in names:
        if name in book.rubric.quantities:
            yield from _reads(book, book.rubric.quantities[name].reads)
        else:
            yield name


def _not_obtained(book: ScoringBook, name: str) -> bool:
    need = book.rubric.facts.get(name)
    return need is not None and need.concept.blank != "zero" and book.entries.get(name) in (None, "")


def _part(book: ScoringBook, part: Part) -> ScorePart:
    entries = book.entries
    return ScorePart(
        title=part.title or part.key,
        full=part.full,
        judged=part.judged,
        filled=any(entries.get(f"{part.key}.{name}") not in (None, "") for name in UNDECIDED),
        requires=part.requires,
        premise=_text(entries.get(f"{part.key}.前提")),
    )


def _evidence(book: ScoringBook, indicator: Indicator) -> Iterator[str]:
    for part in indicator.rule.leaves():
        yield _text(book.entries.get(f"{part.key}.佐证"))


def _rates(book: ScoringBook, card: Scorecard, reads: set[str]) -> Iterator[Decimal]:
    """Completion of the rows of the tables that the rule reads; targets that should not be exceeded are left out."""
    for table in book.rubric.tables.values():
        columns = {column.name for column in table.columns}
        if RATE not in columns or not any(read.startswith(f"{table.name}.") for read in reads):
            continue
        for row in range(1, table.rows + 1):
            rate = card.values.get(table.key(row, RATE))
            if isinstance(rate, Decimal) and book.entries.get(table.key(row, "方向")) != "不高于":
                yield rate


def _places(book: ScoringBook, indicator: Indicator, missing: list[str]) -> dict[str, list[Source]]:
    key, plan = indicator.key, book.plan
    made = {name: _cells(book, [f"{key}.{name}"]) for name in SCORE_COLUMNS}
    row = plan.score_rows.get(key)
    if row is not None:
        made["评分标准"] = [book.source(SCORES, join_ref(row, CRITERIA_COLUMN), f"{key} 评分标准")]
    made["前提"] = _cells(book, [f"{part.key}.前提" for part in indicator.rule.leaves()])
    made["要点"] = _cells(book, [f"{part.key}.判定" for part in indicator.rule.leaves()])[:1]
    made["缺数"] = _cells(book, missing)
    return made


def _cells(book: ScoringBook, keys: Iterable[str]) -> list[Source]:
    found = [(key, book.plan.places[key]) for key in keys if key in book.plan.places]
    return [book.source(place.sheet, place.ref, key.replace(".", " ")) for key, place in found]


def _text(value: Value) -> str:
    return value if isinstance(value, str) else ""
