"""加减分项 of an official text -> a bonus rule: so much for each work or problem, with its cap."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from jixiao.authoring.official.formulas import narrow
from jixiao.authoring.official.vocabulary import Vocabulary, plain_facts

_EACH = re.compile(
    r"(?:每(?:再|获得?|受到?|发生|出现|有|被)?[^,;。\d]{0,16}?(?:1|一)?(?:项|次|个|件|起|例)?|(?:1|一)(?:项|次|个|件|起))"
    r"[^,;。\d]{0,16}?,?(?P<sign>加|扣|减|计)(?P<points>\d{1,3}(?:\.\d{1,2})?)分"
)
_CAP = re.compile(
    r"(?:累计|合计|本项|该项|加分|减分|扣分|总计)*(?:最多|最高|不超过|上限为?)(?:加|扣|减|为|不超过)*(?P<points>\d{1,3}(?:\.\d{1,2})?)分"
)
_SIDES = re.compile(r"(?=减分(?:项|指标)|扣分(?:项|指标))")


def bonus(text: str, title: str, vocabulary: Vocabulary) -> tuple[dict[str, Any], list[str]]:
    """The rule beside the hundred; where the text is not understood a person enters the points, with the reason."""
    plain = narrow(text)
    sides = [side for side in _SIDES.split(plain) if side.strip()]
    if len(sides) == 1:
        sides = re.split(r"[;。\n]", plain)
    plus = _side(sides, "加", f"{title}加分事项数", vocabulary)
    minus = _side(sides, "扣减", f"{title}扣分事项数", vocabulary)
    if plus and minus:
        return {"kind": "bonus", "full": Decimal(0), "items": plus, "penalties": minus}, []
    why = ["没有读出加分和减分的标准，由评价人直接填写加分、减分的分值"]
    rule: dict[str, Any] = {"kind": "bonus", "full": Decimal(0)}
    for key, what in (("items", "加分分值"), ("penalties", "减分分值")):
        name = vocabulary.use(f"{title}{what}", unit="分", note="按评分标准核定后填写，没有的填0")
        rule[key] = [{"x": name, "each": Decimal(1)}]
    return {**rule, "note": why[0]}, why


def _side(sides: list[str], signs: str, name: str, vocabulary: Vocabulary) -> list[dict[str, Any]]:
    """What is counted on one side; nothing where two different amounts are told, or none."""
    made: list[dict[str, Any]] = []
    for side in sides:
        found = [
            m for m in _EACH.finditer(side) if m["sign"] in signs or (m["sign"] == "计" and "加" in signs)
        ]
        if not found:
            continue
        if len(found) > 1:
            return []
        known = plain_facts(side[: found[0].end()])
        best = max(known, key=len, default="")
        x = vocabulary.use(best or name, unit="件", note="没有的填0")
        cap = _CAP.search(side[found[0].end() :])
        item: dict[str, Any] = {"x": x, "each": Decimal(found[0]["points"])}
        made.append({**item, "cap": Decimal(cap["points"])} if cap else item)
    return made
