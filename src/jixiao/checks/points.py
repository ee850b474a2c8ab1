"""Points against their own rule: scores/rules.yaml over the rows of the score table -> findings."""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from importlib import resources
from pathlib import Path

from jixiao.checks.scorerows import ScorePart, ScoreRow
from jixiao.checks.wording import LISTED, listed
from jixiao.model import (
    Body,
    Expr,
    ExprError,
    Finding,
    Findings,
    ParseError,
    Record,
    Source,
    is_condition,
    load_yaml,
    make,
    parse,
)

_ACCOUNT = re.compile(r"科目[“\"「]([^”\"」]{2,30})[”\"」]")
ALIKE = 0.5
CODES = ("J221", "J222", "J223", "J224", "J225", "J226", "J227", "J228", "J229")
"""What a rule about points may say: these have the words that a row gives."""


@dataclass(frozen=True, slots=True)
class ScoreRule:
    """A rule about points: what it says (``code``), when, and the cells it names."""

    code: str
    topic: str
    when: Expr
    places: tuple[str, ...]
    together: str = ""


@functools.cache
def rules() -> tuple[ScoreRule, ...]:
    """The package's rules, in order; DefinitionError where the file is wrong."""
    path = Path(str(resources.files("jixiao.checks").joinpath("scores/rules.yaml")))
    return tuple(_rule(body) for body in load_yaml(path)["rules"])


def _rule(body: Body) -> ScoreRule:
    body.only(("code", "topic", "when", "places"), ("together",))
    try:
        when = parse(body.text("when"))
    except ParseError as error:
        raise body.fail(str(error), "when") from error
    unknown = set(when.refs()) - ScoreRow("", Decimal(0)).values().keys()
    if unknown or not is_condition(when):
        raise body.fail(f"when 应为条件，且只能用行中的名称（{'、'.join(sorted(unknown))}）", "when")
    if body.text("code") not in CODES:
        raise body.fail(f"code 应为 {'、'.join(CODES)}", "code")
    places = tuple(map(str, body["places"]))
    return ScoreRule(body.text("code"), body.text("topic"), when, places, str(body.get("together", "")))


def score_findings(rows: Sequence[ScoreRow], records: Sequence[Record] = ()) -> Findings:
    """What is wrong or doubtful about the points of a score table; ``records`` are rows of tables (科目余额表)."""
    made = Findings()
    gathered: dict[str, list[tuple[ScoreRule, ScoreRow]]] = {}
    for row in rows:
        met: set[str] = set()
        for rule in rules():
            if rule.topic in met or not _applies(rule, row):
                continue
            met.add(rule.topic)
            if rule.together:
                gathered.setdefault(rule.code, []).append((rule, row))
            else:
                made.items.append(make(rule.code, *_places(rule, row), level=None, **row.words()))
    made.extend(_together(group) for group in gathered.values())
    for row in rows:
        made.extend(_accounts(row, records))
    return made


def _applies(rule: ScoreRule, row: ScoreRow) -> bool:
    try:
        return rule.when.number(row.values().__getitem__) is True
    except ExprError:
        return False  # a condition about points that are not there


def _places(rule: ScoreRule, row: ScoreRow) -> list[Source]:
    return [source for name in rule.places for source in row.places.get(name, ())]


def _together(group: Sequence[tuple[ScoreRule, ScoreRow]]) -> Finding:
    items = [rule.together.format(**row.words()) for rule, row in group]
    places = [source for rule, row in group[:LISTED] for source in _places(rule, row)]
    return make(group[0][0].code, *places, count=len(group), items=listed(items))


def _accounts(row: ScoreRow, records: Sequence[Record]) -> Iterator[Finding]:
    """An account that a reason names otherwise than the books do."""
    books = {str(r["name"] or "").strip(): r for r in records if r.kind == "ledger" and r["name"]}
    for said in dict.fromkeys(_ACCOUNT.findall(row.reason)) if books else ():
        if any(said in name or name in said for name in books):
            continue
        near = difflib.get_close_matches(said, books, n=1, cutoff=ALIKE)
        found = books[near[0]] if near else None
        places = [*row.places.get("核定理由", ())]
        if found is not None and "name" in found.sources:
            places.append(found.sources["name"])
        nearest = f"，最接近的是“{near[0]}”（{found['code']}）" if found is not None else ""
        yield make("J230", *places, title=row.title, said=said, near=nearest)


__all__ = ["ScorePart", "ScoreRow", "rules", "score_findings"]
