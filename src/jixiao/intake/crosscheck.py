"""Facts of different tables held against each other, as far as reading them right depends on it: units, candidates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations

from jixiao.intake.extract import Extract
from jixiao.model import Fact, FactSet, Findings, Level, concepts
from jixiao.text import AMOUNT_UNITS

FACTORS = (Decimal(10000), Decimal(1000))
TAIL = Decimal("0.01")
SMALLEST = Decimal("0.1")
"""Below a tenth of a 万元 a factor may well be chance."""
_CENT = Decimal("0.01")
MAX_CANDIDATES = 12
Key = tuple[str, str, str]


def compare(facts: FactSet, findings: Findings) -> None:
    """Look for unit mix-ups between tables, and for different candidates inside one kind of document."""
    mixed: dict[tuple[Key, Key, Decimal], list[tuple[Fact, Fact]]] = {}
    for candidates in _by_name(facts).values():
        for one, other in combinations(candidates[:MAX_CANDIDATES], 2):
            factor = _factor(one, other)
            if factor is not None:
                small, large = sorted((one, other), key=lambda fact: abs(_number(fact)))
                mixed.setdefault((_table(small), _table(large), factor), []).append((small, large))
        _candidates(candidates, findings)
    for (_, _, factor), pairs in mixed.items():
        small, large = pairs[0]
        findings.add("J119", small.source, large.source, name=small.name, factor=factor, count=len(pairs))


def hint(extract: Extract, facts: FactSet) -> str:
    """What the same quantities in other tables suggest about a missing unit; words for the finding, never a guess."""
    votes: dict[str, int] = {}
    for name, raw in extract.unitless:
        for fact in facts.of(name):
            value, target = _number(fact), concepts()[name].unit
            for unit, worth in AMOUNT_UNITS.items():
                if value and target in AMOUNT_UNITS and _same(raw * worth / AMOUNT_UNITS[target], value):
                    votes[unit] = votes.get(unit, 0) + 1
    if not votes:
        return ""
    unit = max(votes, key=lambda key: votes[key])
    return f"；与其他表的同一数据相比，像是{unit}"


def _by_name(facts: FactSet) -> dict[str, list[Fact]]:
    groups: dict[str, list[Fact]] = {}
    for fact in facts:
        if isinstance(fact.value, Decimal):
            groups.setdefault(fact.name, []).append(fact)
    return {name: group for name, group in groups.items() if len(group) > 1}


def _factor(one: Fact, other: Fact) -> Decimal | None:
    if _table(one) == _table(other) or not concepts()[one.name].is_amount:
        return None
    small, large = sorted((abs(_number(one)), abs(_number(other))))
    if small < SMALLEST or small == large:
        return None
    return next((factor for factor in FACTORS if _same(large / factor, small)), None)


def _candidates(candidates: list[Fact], findings: Findings) -> None:
    for group in _by_document(candidates):
        values = [_number(fact) for fact in group]
        spread = max(values) - min(values)
        if not spread:
            continue
        different = [group[0], next(fact for fact in group if fact.value != group[0].value)]
        level = Level.NOTE if spread <= TAIL and concepts()[group[0].name].is_amount else None
        shown = "、".join(dict.fromkeys(f"{value:f}" for value in values))
        findings.add(
            "J118" if level else "J117",
            *(fact.source for fact in different),
            name=group[0].name,
            values=shown,
            document=group[0].source.document,
        )


def _by_document(candidates: Iterable[Fact]) -> Iterator[list[Fact]]:
    groups: dict[str, list[Fact]] = {}
    for fact in candidates:
        groups.setdefault(fact.source.document, []).append(fact)
    return (group for group in groups.values() if len(group) > 1)


def _same(one: Decimal, other: Decimal) -> bool:
    return one.quantize(_CENT, ROUND_HALF_UP) == other.quantize(_CENT, ROUND_HALF_UP)


def _table(fact: Fact) -> Key:
    return (fact.source.file, fact.source.sheet, fact.source.form)


def _number(fact: Fact) -> Decimal:
    return fact.value if isinstance(fact.value, Decimal) else Decimal(0)
