"""Reports of invented units in other manners of writing: nothing true is called wrong, most planted slips are found."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
import yaml

from jixiao.audit import Audit, Known, KnownValues, Outcome, plain
from jixiao.model import Level, Source
from tests.audit.mutations import DATA, audited

UNITS: list[dict[str, Any]] = yaml.safe_load((DATA / "strangers.yaml").read_text("utf-8"))
NAMES = [unit["unit"] for unit in UNITS]
FIELDS = ("budget", "adjusted", "spent")
MISSED = 1
"""Planted slips of each report that may be missed, unless its data say otherwise."""


def known_of(unit: dict[str, Any]) -> KnownValues:
    """What the workbook of a unit holds."""
    made = KnownValues(unit["unit"], unit["year"], "", unit.get("grade", ""))
    source = Source("评分簿.xlsx", "取数")
    if "paper" in unit:
        made.texts.append((plain(f"《{unit['rubric']}》（{unit['paper']}）"), source))
    for name, written in unit["facts"].items():
        found = re.fullmatch(r"(-?[\d.]+)(\D*)", str(written))
        assert found is not None
        made.add(name, Decimal(found[1]), found[2] or "万元", source, chosen=True)
    for name, amounts in unit.get("projects", {}).items():
        made.items += [
            Known("项目", Decimal(str(v)), "万元", source, name, f)
            for f, v in zip(FIELDS, amounts, strict=True)
        ]
        made.items.append(
            Known(
                "项目", Decimal(str(amounts[2])) / Decimal(str(amounts[1])) * 100, "%", source, name, "rate"
            )
        )
    amounts = list(unit.get("projects", {}).values())
    for name, at in (("项目预算合计", 0), ("项目调整预算合计", 1), ("项目支出合计", 2)) if amounts else ():
        made.add(name, sum((Decimal(str(each[at])) for each in amounts), Decimal(0)), "万元", source)
    for name, (planned, done, of) in unit.get("targets", {}).items():
        made.items += [
            Known("目标", Decimal(v), of, source, name, f) for f, v in (("planned", planned), ("done", done))
        ]
        made.items.append(Known("目标", Decimal(done) / Decimal(planned) * 100, "%", source, name, "rate"))
    for code, (name, amount) in unit.get("functions", {}).items():
        made.items.append(
            Known("功能分类", Decimal(str(amount)), "万元", source, name, code, fund="一般公共预算")
        )
    if "total" in unit:
        made.total = Known("合计得分", Decimal(str(unit["total"])), "分", source, chosen=True)
    return made


def errors(made: Audit) -> list[str]:
    """What is called wrong, and what is said to be off by its last digit or to have nearly a name."""
    said = [f"{item.figure.shown}: {item.subject} {item.value}" for item in made.of(Outcome.DISAGREES)]
    named = ("J764", "J775")
    return said + [
        found.line() for found in made.findings if found.level is Level.ERROR or found.code in named
    ]


@pytest.mark.parametrize("unit", UNITS, ids=NAMES)
def test_nothing_true_is_called_wrong(unit: dict[str, Any]) -> None:
    known = known_of(unit)
    assert errors(audited(unit["text"], known)) == []
    title = unit["text"].partition("\n")[0]
    for sentence in unit["sound"]:
        assert errors(audited(f"{title}\n\n一、情况\n\n等级以90分以上为优。{sentence}", known)) == [], (
            sentence
        )
    assert errors(audited(unit["text"] + "\n\n十一、补充\n\n" + "\n\n".join(unit["sound"]), known)) == []


@pytest.mark.parametrize("unit", UNITS, ids=NAMES)
def test_planted_slips_are_found(unit: dict[str, Any]) -> None:
    known = known_of(unit)
    missed = []
    for kind, right, wrong in unit["planted"]:
        assert unit["text"].count(right) == 1, right
        if not errors(audited(unit["text"].replace(right, wrong), known)):
            missed.append((kind, wrong))
    top = unit["text"].partition("\n")[0] + "\n\n一、情况\n\n等级以90分以上为优。"
    missed += [("sentence", said) for said in unit.get("false", ()) if not errors(audited(top + said, known))]
    assert len(missed) <= unit.get("missed", MISSED), missed


@pytest.mark.parametrize(
    "unit", [unit for unit in UNITS if "unsettled" in unit], ids=lambda unit: str(unit["unit"])
)
def test_what_may_mean_two_things_is_neither_right_nor_wrong(unit: dict[str, Any]) -> None:
    for said in unit["unsettled"]:
        made = audited(f"{unit['unit']}\n\n一、情况\n\n{said}", known_of(unit))
        assert [item.outcome for item in made.statements] == [Outcome.UNCHECKED], said


def test_the_slips_are_of_many_kinds() -> None:
    kinds = Counter(kind for unit in UNITS for kind, *_ in unit["planted"])
    assert sum(kinds.values()) == 476 and len(kinds) >= 12
    assert sum(len(unit["sound"]) for unit in UNITS) == 721
