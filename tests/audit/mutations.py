"""Figures of a text changed at random, and which of the changes an audit finds."""

from __future__ import annotations

import copy
import random
import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from jixiao.audit import Audit, KnownValues, Outcome, Statement, audit, plain, report_of

DATA = Path(__file__).parent / "data"
_NUMBER = r"(?<![A-Za-z\d.])\d+(?:\.\d+)?"
_UNIT = r"(?=\s*(?:万元|亿元|元|%|％|分(?!别|值|析|配)|人|名|个|家|次|项|亩))"
POOLS = {
    "all": re.compile(_NUMBER),
    "measured": re.compile(_NUMBER + _UNIT),
    "large": re.compile(rf"(?<![A-Za-z\d.])(?:\d+\.\d+(?![.\d])|\d{{2,}}{_UNIT})"),
}


@dataclass(frozen=True)
class Changed:
    """One changed figure: as it was and is, and the words before and behind it, in the form of ``plain``."""

    old: str
    new: str
    before: str
    behind: str


def audited(text: str, known: KnownValues) -> Audit:
    """The audit of a text; the known values stay as they are."""
    return audit(report_of("报告.txt", text), copy.deepcopy(known))


def mutated(text: str, seed: int, pool: str, count: int = 20) -> tuple[str, list[Changed]]:
    """The text with figures of a pool changed by a digit, a factor, or a swap of digits or figures."""
    rng = random.Random(seed)
    matches = list(POOLS[pool].finditer(text))
    picked = sorted(rng.sample(matches, count), key=lambda match: match.start())
    pieces, at, news = [], 0, []
    for match in picked:
        new = _other(match[0], rng, [m[0] for m in matches])
        pieces += [text[at : match.start()], new]
        news.append((sum(map(len, pieces)) - len(new), match[0], new))
        at = match.end()
    made = "".join([*pieces, text[at:]])
    changes = [
        Changed(
            old, new, plain(made[max(0, start - 60) : start])[-5:], plain(made[start + len(new) :][:12])[:3]
        )
        for start, old, new in news
    ]
    return made, changes


def _other(written: str, rng: random.Random, others: list[str]) -> str:
    """Another figure that a person could have written by mistake."""
    while True:
        new = rng.choice((_digit, _factor, _swap))(written, rng, others)
        leading = len(new) > 1 and new[0] == "0" and new[1] != "."
        if Decimal(new) != Decimal(written) and not leading:
            return new


def _digit(written: str, rng: random.Random, _: list[str]) -> str:
    at = rng.choice([n for n, letter in enumerate(written) if letter.isdigit()])
    return written[:at] + rng.choice("0123456789") + written[at + 1 :]


def _factor(written: str, rng: random.Random, _: list[str]) -> str:
    value = format(Decimal(written) * Decimal(rng.choice(("10", "100", "0.1", "1000", "10000"))), "f")
    return value.rstrip("0").rstrip(".") if "." in value else value


def _swap(written: str, rng: random.Random, others: list[str]) -> str:
    places = [n for n, letter in enumerate(written) if letter.isdigit()]
    if len(places) < 2:
        return rng.choice(others)
    first = rng.randrange(len(places) - 1)
    letters = list(written)
    letters[places[first]], letters[places[first + 1]] = letters[places[first + 1]], letters[places[first]]
    return "".join(letters)


def judge(
    text: str, known: KnownValues, base: Audit, seed: int, pool: str
) -> tuple[list[Changed], list[Statement]]:
    """(changes not found, false alarms).

    A change is found where its own figure is said to disagree, or where a disagreement or a contradiction of two places
    or of a sum names it; no contradiction may be about unchanged figures only. A disagreement is a false alarm where it
    is about no changed figure, names none, and the unchanged text did not have it.
    """
    made, changes = mutated(text, seed, pool)
    audit_of = audited(made, known)
    wrong = audit_of.of(Outcome.DISAGREES)
    pages = " ".join(found.message for found in audit_of.findings if found.code == "J757")
    said = [found.message for found in audit_of.findings if found.code in ("J766", "J767", "J774", "J775")]
    unclear = {number for message in said for number in re.findall(r"\d+(?:\.\d+)?", message)}
    before = {_key(item) for item in base.of(Outcome.DISAGREES)}
    hits = {
        change: [item for item in wrong if _is(item, change) or _names(item, change)] for change in changes
    }
    about = {id(item) for items in hits.values() for item in items}
    missed = [
        change for change, items in hits.items()
        if not items and f"页码{change.new}" not in pages and change.new not in unclear
    ]  # fmt: skip
    blamed = [m for m in said if not any(c.new in re.findall(r"\d+(?:\.\d+)?", m) for c in changes)]
    assert not blamed, blamed
    return missed, [item for item in wrong if id(item) not in about and _key(item) not in before]


def _key(item: Statement) -> tuple[str, str, str]:
    return item.figure.clause, item.figure.written, item.figure.right[:4]


def _is(item: Statement, change: Changed) -> bool:
    """Whether a statement is about a changed figure: the same digits between the same words."""
    figure = item.figure
    text = figure.block.cells[figure.cell]
    if change.new.endswith(f".{figure.written}") and change.new[0] in "123456789":
        return change.behind[:1] in text  # a list number glued to a year is a number of its own
    if figure.written != change.new:
        return change.new in figure.written and change.before[-3:] in text and change.behind[:1] in text
    before, behind = text[: figure.start][-5:], text[figure.end - len(figure.unit) :][:3]
    return change.before.endswith(before) and (change.behind.startswith(behind) or len(behind) < 3)


def _names(item: Statement, change: Changed) -> bool:
    """Whether a disagreement inside the report gives the changed figure as its other side."""
    if item.why not in (
        "同一内容在报告中有两个数",
        "各项之和与合计不符",
        "同一事项的日期不一致",
        "与目录不一致",
        "按报告自己的数计算不符",
    ):
        return False
    return change.new in re.findall(r"\d+(?:\.\d+)?", f"{item.value} {item.source}")
