"""Which rubric a 评分表 follows, and which of its indicators each row is: by titles, weights and the figures of the rules."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from jixiao.app.desk.foreign.recognise import Recognised, weight_of
from jixiao.authoring.official.table import OfficialRow, OfficialTable
from jixiao.model import DefinitionError, Findings, Source, UsageStop, plain
from jixiao.rubric import Indicator, Rubric, load, shipped

ENOUGH = Decimal("0.6")  # of the table's indicators must be the rubric's
_NOISE = re.compile(r"[\W_]+")
_FIGURE = re.compile(r"\d+(?:\.\d+)?")
_LIST = re.compile(r"(?:(?<=^)|(?<=[\n。；;：:]))\s*[(（]?\d{1,2}[)）.．、](?!\d)")


@dataclass(slots=True)
class Tied:
    """A rubric and the rows that are its indicators."""

    rubric: Rubric
    rows: dict[str, OfficialRow] = field(default_factory=dict)
    strangers: list[str] = field(default_factory=list)


class Doubt(UsageStop):
    """Several rubrics fit, or none fits well enough; ``options`` are the ids to choose from."""

    def __init__(self, sheet: str, names: str, options: Sequence[str]) -> None:
        super().__init__("J834", Source("", sheet), sheet=sheet, names=names)
        self.options = list(options)


@functools.lru_cache(maxsize=64)
def _loaded(name: str, definitions: tuple[Path, ...], stamp: int) -> Rubric:
    return load(name, definitions)


def rubric_named(name: str, definitions: tuple[Path, ...]) -> Rubric:
    """A rubric by id, kept while its definition file stays as it is; ``UsageStop`` (J802) where that is wrong."""
    file = shipped(definitions)[name]
    stamp = file.stat().st_mtime_ns if isinstance(file, Path) else 0
    try:
        return _loaded(name, definitions, stamp)
    except DefinitionError as error:
        raise UsageStop("J802", Source(file.name), problem=str(error)) from error


def tie(found: Recognised, definitions: tuple[Path, ...], wanted: str = "") -> Tied:
    """The rubric of a table; ``wanted`` is an id that a person chose. ``Doubt`` where it cannot be told."""
    known = shipped(definitions)
    names = [wanted] if wanted in known else list(known)
    made = [_rows(rubric_named(name, definitions), found.table) for name in names]
    if wanted in known:
        return made[0]
    count = len({title_key(row.level3) for row in found.table.rows})
    fitting = [tied for tied in made if count and Decimal(len(tied.rows)) / count >= ENOUGH]
    if not fitting:
        raise Doubt(found.sheet.name, _names(made), names)
    best = max(_fit(tied, found) for tied in fitting)
    chosen = [tied for tied in fitting if _fit(tied, found) == best]
    if len(chosen) > 1:
        raise Doubt(found.sheet.name, _names(chosen), [tied.rubric.id for tied in chosen])
    return chosen[0]


def _names(made: Sequence[Tied]) -> str:
    return "、".join(f"{tied.rubric.name}（{tied.rubric.id}）" for tied in made)


def _fit(tied: Tied, found: Recognised) -> tuple[int, int, int, bool]:
    """How well a rubric fits: titles, then weights, then the figures of the rules, then the year in the heading."""
    indicators = {indicator.key: indicator for indicator in tied.rubric.indicators()}
    pairs = [(indicators[key], row) for key, row in tied.rows.items()]
    return (
        len(pairs),
        sum(same_weight(indicator, row) for indicator, row in pairs),
        sum(same_rule(indicator, row) for indicator, row in pairs),
        str(tied.rubric.year) in found.table.title,
    )


def _rows(rubric: Rubric, table: OfficialTable) -> Tied:
    made = Tied(rubric)
    titles = {title_key(indicator.key): indicator.key for indicator in rubric.indicators()}
    seen: dict[str, int] = {}
    for row in table.rows:
        seen[title_key(row.level3)] = seen.get(title_key(row.level3), 0) + 1
    for row in table.rows:
        key = titles.get(title_key(row.level3))
        if key is None or seen[title_key(row.level3)] > 1:
            made.strangers.append(row.level3)
        else:
            made.rows[key] = row
    return made


def title_key(title: str) -> str:
    """A title without blanks, signs and widths."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", title))


def same_weight(indicator: Indicator, row: OfficialRow) -> bool:
    """Whether the table prints the rubric's weight, or none; bonus items print none."""
    weight = weight_of(row)
    return weight is None or indicator.number.startswith("+") or weight == indicator.weight


def same_rule(indicator: Indicator, row: OfficialRow) -> bool:
    """Whether the table's 评分标准 has the figures of the rubric's; a table without them takes the rubric's word."""
    return not row.criteria or figures(row.criteria) == figures(indicator.criteria)


def figures(text: str) -> list[Decimal]:
    """Every number of a rule text but those that only number its points, sorted."""
    narrow = unicodedata.normalize("NFKC", text)
    return sorted(Decimal(found) for found in _FIGURE.findall(_LIST.sub("\n", narrow)))


def disagreements(found: Recognised, tied: Tied, file: str, findings: Findings) -> set[str]:
    """The indicators that must not be filled: their weight or rule in the table is another one; said as findings."""
    refused: set[str] = set()
    for indicator in tied.rubric.indicators():
        row = tied.rows.get(indicator.key)
        if row is None:
            continue
        place = Source(file, found.sheet.name, row.place.cell, indicator.key)
        name = tied.rubric.name
        if not same_weight(indicator, row):
            here = plain(weight_of(row) or Decimal(0))
            findings.add(
                "J836", place, title=indicator.key, here=here, rubric=name, there=plain(indicator.weight)
            )
        elif not same_rule(indicator, row):
            findings.add("J837", place, title=indicator.key, rubric=name)
        else:
            continue
        refused.add(indicator.key)
    return refused
