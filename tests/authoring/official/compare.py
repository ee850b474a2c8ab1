"""Two rubrics on the same random facts: which indicators give the same points, which a person scores, which differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jixiao.model import Value, concepts, read_yaml
from jixiao.rubric import Indicator, Rubric, read_rubric
from jixiao.scoring import Net, Values, build_net
from tests.properties.dice import Dice
from tests.properties.nets import OneSheet, tables


@dataclass
class Compared:
    """Titles by outcome; ``differing`` holds the first case in which the points are not the same."""

    same: list[str] = field(default_factory=list)
    human: dict[str, str] = field(default_factory=dict)
    differing: dict[str, str] = field(default_factory=dict)


def small_net(text: str) -> Net:
    """The net of a definition, with short row tables."""
    return build_net(read_rubric(read_yaml(text, "例.yaml"), concepts(), tables()))


def compare(issued: Net, read: Net, cases: int, seed: int = 1) -> Compared:
    """Points of both on ``cases`` random sets of facts and judgements, indicator by indicator."""
    own = {i.key: i for i in issued.rubric.indicators()}
    other = {i.key: i for i in read.rubric.indicators()}
    made = Compared()
    apart: dict[str, str] = {}
    labels = _labels(issued.rubric, read.rubric)
    dice = Dice(OneSheet(issued), seed)
    for _ in range(cases):
        entries = dice.entries()
        left = Values(issued, entries)
        right = Values(read, {key: _entry(key, entries, left, labels, issued) for key in read.entries})
        for key, indicator in own.items():
            if key in apart or key not in other:
                continue
            here, there = left[f"{key}.规则分"], right[f"{key}.规则分"]
            if here != there:
                apart[key] = f"{here} against {there}: {_seen(indicator, entries)}"
    for key, indicator in own.items():
        reasons = _reasons(other[key]) if key in other else ""
        if key not in other:
            made.differing[key] = "missing"
        elif key not in apart and _kinds(indicator) == _kinds(other[key]):
            made.same.append(key)
        elif reasons:
            made.human[key] = reasons
        else:
            made.differing[key] = apart.get(key, f"{_kinds(indicator)} against {_kinds(other[key])}")
    return made


def _entry(
    key: str,
    entries: Mapping[str, Value],
    left: Values,
    labels: Mapping[tuple[str, str], str],
    issued: Net,
) -> Value:
    """What an entry of the table read back holds: the same fact, or what the issued one computes under that name."""
    if key in issued.entries:
        value = entries.get(key)
        return labels.get((key, value), value) if isinstance(value, str) else value
    return left[key] if key in issued.items else None


def _labels(issued: Rubric, read: Rubric) -> dict[tuple[str, str], str]:
    """Situations to pick from, by their place in the text: the wording may differ in punctuation."""
    made: dict[tuple[str, str], str] = {}
    there = {part.key: part for i in read.indicators() for part in i.rule.leaves()}
    for indicator in issued.indicators():
        for part in indicator.rule.leaves():
            choices = next((ask.choices for ask in part.asks if ask.field == "判定"), ())
            others = (
                [a.choices for a in there[part.key].asks if a.field == "判定"] if part.key in there else []
            )
            if part.kind == "level" and others and len(others[0]) == len(choices):
                made.update({(f"{part.key}.判定", a): b for a, b in zip(choices, others[0], strict=True)})
    return made


def _kinds(indicator: Indicator) -> list[str]:
    return [part.kind for part in indicator.rule.leaves()]


def _reasons(indicator: Indicator) -> str:
    notes = [
        part.note
        for part in (indicator.rule, *indicator.rule.leaves())
        if part.kind in ("point", "bonus") and part.note
    ]
    return "；".join(dict.fromkeys(notes))


def _seen(indicator: Indicator, entries: Mapping[str, Value]) -> dict[str, Any]:
    title = indicator.key
    reads = {read for part in indicator.rule.leaves() for read in part.reads}
    return {
        key: value
        for key, value in entries.items()
        if key in reads or key.startswith((f"{title}_", f"{title}."))
    }
