"""Points that go elsewhere where a point does not apply: the official sentence -> ``applies`` and ``moves``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jixiao.authoring.official.rules import Rule
from jixiao.authoring.official.texts import Move
from jixiao.model import Findings, Source


@dataclass(slots=True)
class Placed:
    """The rules of one indicator, in the order of its points, and what it says about points that go elsewhere."""

    place: Source
    rules: list[Rule]
    moves: list[Move]

    def keys(self, title: str) -> list[str]:
        """Keys of its parts as the rubric names them."""
        parts = self.parts()
        if len(self.rules) > 1 or self.rules[0].spec["kind"] == "sum":
            return [f"{title}_{n}" for n in range(1, len(parts) + 1)]
        spec = self.rules[0].spec
        return [f"{title}_1" if spec["kind"] in ("point", "level") or spec.get("applies") else title]

    def of_item(self, number: int) -> list[int]:
        """Places (from 0) of the parts that the item of this number became."""
        sizes = [len(r.spec["parts"]) if r.spec["kind"] == "sum" else 1 for r in self.rules]
        start = sum(sizes[: number - 1])
        return list(range(start, start + sizes[min(number, len(sizes)) - 1]))

    def parts(self) -> list[dict[str, Any]]:
        """Its parts; a sum inside is taken apart."""
        made: list[dict[str, Any]] = []
        for rule in self.rules:
            made += rule.spec["parts"] if rule.spec["kind"] == "sum" else [rule.spec]
        return made


def moves_of(placed: Mapping[str, Placed], findings: Findings) -> list[dict[str, Any]]:
    """The ``moves`` of a rubric; parts that may not apply get ``applies``. A sentence that fits nothing is a finding."""
    told: list[tuple[str, int, Move]] = []
    for title, own in placed.items():
        for move in own.moves:
            target = placed.get(move.target)
            if target is None:
                findings.add("J356", own.place, title=title, words=move.words, target=move.target)
                continue
            sources = _sources(title, own, move)
            if not sources or any(place > len(target.parts()) for place in move.places):
                findings.add("J356", own.place, title=title, words=move.words, target=move.target)
                continue
            told += [(title, number, move) for number in sources]
    for title, number, _ in told:
        placed[title].parts()[number]["applies"] = True
    made: list[dict[str, Any]] = []
    for title, number, move in told:
        body = _move(placed, title, number, move)
        if body is None or body["from"] in [other["from"] for other in made]:
            findings.add("J356", placed[title].place, title=title, words=move.words, target=move.target)
        else:
            made.append(body)
    return _without_circles(made, placed, findings)


def _sources(title: str, own: Placed, move: Move) -> list[int]:
    """Which points the sentence speaks of: those of the item it stands in, or all of the indicator."""
    everything = range(len(own.parts()))
    if move.target == title:
        return [n for n in everything if n + 1 not in move.places]
    if (
        move.item
        and "相应" not in move.words
        and not any(word in move.words for word in ("本指标", "该指标"))
    ):
        return own.of_item(move.item)
    return list(everything)


def _move(placed: Mapping[str, Placed], title: str, number: int, move: Move) -> dict[str, Any] | None:
    target = placed[move.target]
    keys = target.keys(move.target)
    wanted = [n for n in move.places if 0 < n <= len(keys)]
    to = [keys[n - 1] for n in wanted] if move.places else keys if len(keys) == 1 else []
    if not to or len(wanted) != len(move.places):
        return None
    part = placed[title].parts()[number]
    share = Decimal(part["full"]) / len(to)
    if share * len(to) != part["full"]:
        return None
    return {"from": placed[title].keys(title)[number], "to": to, "reason": move.words[:120]}


def _without_circles(
    made: list[dict[str, Any]], placed: Mapping[str, Placed], findings: Findings
) -> list[dict[str, Any]]:
    """A point that may not apply itself cannot receive points."""
    sources = {body["from"] for body in made}
    kept = []
    for body in made:
        if sources & set(body["to"]):
            title = body["from"].rsplit("_", 1)[0]
            place = placed[title].place if title in placed else Source("")
            findings.add("J356", place, title=title, words=body["reason"], target="、".join(body["to"]))
        else:
            kept.append(body)
    return kept
