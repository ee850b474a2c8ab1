"""What several documents say: the same figure twice, how far rounding may set it apart, whose table it is, which year."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from jixiao.checks.checked import Checked, Outcome, Side, Term
from jixiao.checks.identity import LAST, Tolerance
from jixiao.model import Fact, FactSet, Findings, Found, Level, Source, concepts
from jixiao.text import AMOUNT_UNITS, named_bodies, read_periods

PROSE = ("说明", "正文")
"""How documents are called that are running text."""
SAME = "同数"
"""The id of these checks."""
Place = tuple[str, ...]


def place(fact: Fact) -> Place:
    """What makes a place one place: a cell, or what was typed under which document."""
    source = fact.source
    if source.cell:
        return (source.file, source.sheet, source.cell)
    return (source.file, source.document, source.label, fact.name, str(fact.value))


def choose(candidates: Sequence[Fact], preferred: Sequence[str], authority: Sequence[str]) -> Fact:
    """The candidate that counts: by the rubric's order of documents, then the general order, then as found.

    What stands in the workbook now, typed by a person, goes before all of them; of one kind of document, what was read
    from a table before what a facts file names.
    """
    read_first = sorted(candidates, key=lambda fact: fact.source.found is Found.NAMED)
    if typed := [fact for fact in candidates if fact.source.found is Found.TYPED]:
        return typed[0]
    for kind in (*preferred, *authority):
        for fact in read_first:
            if _is_kind(fact.source.document, kind):
                return fact
    return read_first[0]


def _is_kind(document: str, kind: str) -> bool:
    """Whether a document is of a kind; a typed one may go on after a blank: 财决01-1表 全年预算数."""
    return document == kind or document.startswith(f"{kind} ")


def compare(
    facts: FactSet,
    preferred: Mapping[str, Sequence[str]],
    authority: Sequence[str],
    done: Iterable[frozenset[Place]] = (),
) -> Iterator[Checked]:
    """One check for each further place of a concept; pairs in ``done`` have been compared by an identity."""
    groups: dict[str, list[Fact]] = {}
    for fact in facts:
        last_year = fact.source.form.startswith(LAST)
        if isinstance(fact.value, Decimal) and fact.source.found is not Found.COMPUTED and not last_year:
            groups.setdefault(fact.name, []).append(fact)
    finished = set(done)
    for name, candidates in groups.items():
        first = choose(candidates, preferred.get(name, ()), authority)
        for other in candidates:
            pair = frozenset((place(first), place(other)))
            if len(pair) == 2 and pair not in finished:
                finished.add(pair)
                yield _pair(name, first, other)


def _pair(name: str, first: Fact, other: Fact) -> Checked:
    unit = concepts()[name].unit if name in concepts() else first.unit
    left, right = (Term(1, first),), (Term(1, other),)
    tolerance = allowed(TWO_PLACES, left, right, unit)
    said = [_said(first, other), _said(other, first)]
    if said[0] == said[1]:  # two documents of one name: their files tell them apart
        said = [
            f"{text}（{fact.source.file} {fact.source.label}）"
            for text, fact in zip(said, (first, other), strict=True)
        ]
    sides = Side(said[0], left), Side(said[1], right)
    gap = abs((sides[0].value or Decimal(0)) - (sides[1].value or Decimal(0)))
    outcome = Outcome.HOLDS if not gap else Outcome.TAIL if gap <= tolerance else Outcome.FAILS
    return Checked(
        id=SAME,
        title=f"{name}：{_between(first, other)}",
        left=sides[0],
        right=sides[1],
        relation="=",
        tolerance=tolerance,
        unit=unit,
        # a sentence against a table may be cut off, or speak of something near to it: to be looked at, not yet wrong
        level=Level.WARNING if _prose(first) != _prose(other) else Level.ERROR,
        outcome=outcome,
        reference="同一数据在不同文件中应当一致",
    )


def _prose(fact: Fact) -> bool:
    """Whether a figure was typed from running text: the remarks of a table, the body of a report."""
    return fact.source.found is Found.NAMED and fact.source.document.endswith(PROSE)


def _between(one: Fact, other: Fact) -> str:
    if one.source.document == other.source.document:
        return f"{one.source.document or one.source.file}中两处"
    return f"{_document(one)}与{_document(other)}"


def _document(fact: Fact) -> str:
    return fact.source.document or fact.source.file


def _said(fact: Fact, other: Fact) -> str:
    """A side in words; where both stand in one kind of document, the form or the cell tells them apart."""
    if fact.source.document != other.source.document:
        return _document(fact)
    if fact.source.form != other.source.form:
        return fact.source.form or _document(fact)
    return " ".join(part for part in (_document(fact), fact.source.cell) if part)


TWO_PLACES = Tolerance(Decimal("0.01"), Decimal("0.01"))
"""A figure against the same figure elsewhere: half a hundredth for each side that is not printed in 元."""


def allowed(rule: Tolerance, left: Sequence[Term], right: Sequence[Term], unit: str) -> Decimal:
    """The tolerance in ``unit``.

    Each figure printed in 万元 (千元, 亿元) may be off by half a step. Where both sides hold such figures that is a
    whole step per figure summed on the longer side; 元 and counts are exact.
    """
    if rule.percent is not None:
        larger = max(abs(_total(left)), abs(_total(right)))
        return larger * rule.percent / 100
    loose, tight = sorted((_slack(rule.step, left, unit), _slack(rule.step, right, unit)), reverse=True)
    scale = max((_scale(term.fact, unit) for term in (*left, *right)), default=Decimal(0))
    return min(2 * loose if tight else loose, rule.most * scale)


def _slack(step: Decimal, terms: Sequence[Term], unit: str) -> Decimal:
    """Half a step for each figure that is not zero, and for one at least: a zero may stand for 0.004."""
    scales = [_scale(term.fact, unit) * term.factor for term in terms]
    used = [scale for scale, term in zip(scales, terms, strict=True) if scale and term.fact.value]
    return step / 2 * (sum(used, Decimal(0)) or max(scales, default=Decimal(0)))


def _scale(fact: Fact, unit: str) -> Decimal:
    """How many of ``unit`` one printed unit is worth; 0 where the figure is exact (元, counts)."""
    if unit not in AMOUNT_UNITS:
        return Decimal(0)
    printed = fact.unit or unit
    if printed == "元" or printed not in AMOUNT_UNITS:
        return Decimal(0)
    return AMOUNT_UNITS[printed] / AMOUNT_UNITS[unit]


def _total(terms: Sequence[Term]) -> Decimal:
    return sum((term.amount or Decimal(0) for term in terms), Decimal(0))


HEAD_ROWS = 6
"""Where a table names its unit and year."""


def whose(unit: str, year: str, said: Iterable[tuple[str, Source]]) -> Findings:
    """Tables of another unit or year: ``said`` are the texts of the tables' first rows with their cells.

    A blank unit or year of the workbook is not compared; a name that contains the other one is the same unit.
    """
    made, texts = Findings(), list(said)
    years: dict[tuple[str, str], dict[str, Source]] = {}
    foreign: dict[tuple[str, str], list[Source]] = {}
    for number, name in named_bodies(text for text, _ in texts):
        if unit and not _same(name, unit):
            foreign.setdefault((texts[number][1].file, name), []).append(texts[number][1])
    for text, source in texts:
        for period in read_periods(text):
            if period.year:
                years.setdefault((source.file, source.sheet), {}).setdefault(str(period.year), source)
    for (file, name), sources in foreign.items():
        made.add("J232", *list(dict.fromkeys(sources))[:3], file=file, said=name, unit=unit)
    told: set[str] = set()
    for (file, _), found in years.items():
        if year and year not in found and file not in told:
            told.add(file)
            made.add("J233", *found.values(), file=file, said="、".join(found), year=year)
    return made


def _same(one: str, other: str) -> bool:
    a, b = (re.sub(r"[\s（）()]", "", name) for name in (one, other))
    return a in b or b in a
