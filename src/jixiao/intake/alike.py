"""What tables call by another name and is the same quantity: forms/alike.yaml, facts -> further facts, each with its reason.

And the other way round: a quantity -> the table, row and column that usually give it.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from decimal import Decimal
from importlib import resources
from typing import Any, NamedTuple

from jixiao.intake.definition import shipped
from jixiao.model import Fact, Found, concepts, nearest, read_yaml

_FAMILIES = ("published", "final-accounts", "budget", "assets", "ledger", "self-evaluation")
"""Which set of forms one takes a figure from, the likeliest first: whatever is published anybody has."""
TAIL = Decimal("0.01")
"""Figures in 万元 with two decimals that are the same may be this far apart."""
Terms = tuple[str, ...]


class Alike(NamedTuple):
    """``name`` is the sum of ``terms`` where each pair of ``when`` is equal (a side that names nothing is 0).

    ``again``: also where a table gives it by its own name, so that the two are compared.
    """

    name: str
    terms: Terms
    when: tuple[tuple[Terms, Terms], ...]
    why: str
    again: bool = False


@functools.cache
def rules() -> tuple[Alike, ...]:
    """The rules in the order in which they are tried, read once; DefinitionError when the file is wrong."""
    text = resources.files("jixiao.intake").joinpath("forms", "alike.yaml").read_text("utf-8")
    made = []
    for body in read_yaml(text, "alike.yaml")["alike"]:
        body.only(("name", "from", "why"), ("when", "again"))
        pairs = [item.split("=") for item in body.get("when", [])]
        when = tuple((_terms(body, left), _terms(body, right)) for left, right in pairs)
        (name,) = _terms(body, body.text("name"))
        terms, again = _terms(body, body.text("from")), body.flag("again", False)
        made.append(Alike(name, terms, when, body.text("why"), again))
    return tuple(made)


def _terms(body: Any, text: str) -> Terms:
    names = tuple(name for item in text.split("+") if (name := item.strip()) != "0")
    for name in names:
        if name not in concepts():
            raise body.fail(f"未知的指标名称“{name}”，是否为“{nearest(name, concepts())}”")
    return names


def alike(facts: Iterable[Fact]) -> tuple[list[Fact], dict[str, str]]:
    """The facts that no table gives under their own name, and for those that could not be had from another name why not."""
    known: dict[str, Fact | None] = {}
    for fact in facts:
        first = known.setdefault(fact.name, fact)
        if first is not None and not _near(_value((first,)), _value((fact,))):
            known[fact.name] = None  # two that differ prove nothing
    made: dict[str, Fact] = {}
    missed: dict[str, str] = {}
    for rule in rules():
        terms = [one for name in rule.terms if (one := known.get(name)) is not None]
        had = rule.name in made or (rule.name in known and not rule.again)
        if had or len(terms) < len(rule.terms):
            continue
        why = "；".join(filter(None, (_unlike(known, pair) for pair in rule.when)))
        if why:
            missed.setdefault(rule.name, f"“{'+'.join(rule.terms)}”与它是否相同：{why}")
            continue
        made[rule.name] = _same(rule, terms)
        known.setdefault(rule.name, made[rule.name])
    return list(made.values()), {name: why for name, why in missed.items() if name not in known}


def _unlike(known: dict[str, Fact | None], pair: tuple[Terms, Terms]) -> str:
    """Why two sides are not known to be equal; empty where they are."""
    lacking = [name for side in pair for name in side if known.get(name) is None]
    if lacking:
        return f"没有“{'”“'.join(lacking)}”，不能确定"
    one, other = (_value(known[name] for name in side) for side in pair)
    left, right = ("+".join(side) for side in pair)
    if _near(one, other):
        return ""
    return f"{left}为{one}" + (f"，{right}为{other}" if right else "，不为0")


def _value(facts: Iterable[Fact | None]) -> Decimal | None:
    values = [fact.value for fact in facts if fact is not None]
    numbers = [value for value in values if isinstance(value, Decimal)]
    return sum(numbers, Decimal(0)) if len(numbers) == len(values) else None


def _near(one: Decimal | None, other: Decimal | None) -> bool:
    return one is not None and other is not None and abs(one - other) <= TAIL


def _same(rule: Alike, terms: list[Fact]) -> Fact:
    first = terms[0]
    label = first.source.label if len(terms) == 1 else "+".join(rule.terms)
    source = first.source._replace(label=f"{label}（{rule.why}）", found=Found.ALIKE)
    raw, value = "+".join(fact.raw for fact in terms), _value(terms) or Decimal(0)
    return first._replace(name=rule.name, value=value, source=source, raw=raw, note=rule.why)


@functools.cache
def _usual() -> dict[str, str]:
    """Where the forms give each concept, in the order in which one opens the sets of forms; then what is had from others."""
    made: dict[str, str] = {}
    forms = [form for form in shipped() if form.family[0] in _FAMILIES]
    for form in sorted(forms, key=lambda form: (_FAMILIES.index(form.family[0]), len(form.family[1]))):
        table = f"{form.document if form.document.startswith('财决') else ''}{form.title}"
        for block in form.blocks:
            for line in block.lines:
                below = f"“{min(line.after, key=len)}”下的" if line.after and form.layout == "rows" else ""
                row = f"{below}“{line.label}”行" if form.layout == "rows" else ""
                for column, name in line.facts:
                    made.setdefault(name, f"{table}{row}“{block.column(column).title}”列")
    for rule in rules():
        if all(term in made for term in rule.terms):
            made.setdefault(rule.name, f"{'＋'.join(rule.terms)}（{rule.why}）")
    return made


def usual_places(names: Iterable[str]) -> dict[str, str]:
    """For those of some quantities that forms give: table, row and column for a person, in the order of the forms."""
    wanted = set(names)
    return {name: place for name, place in _usual().items() if name in wanted}
