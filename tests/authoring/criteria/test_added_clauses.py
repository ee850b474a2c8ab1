"""A sentence with a meaning for the points that is put behind a rule that was understood: never passed over in silence."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from jixiao.authoring import read_criteria
from jixiao.model import load_yaml

FOLDER = Path(__file__).parents[3] / "conformance" / "criteria"
RULES = [
    (body.text("text").rstrip("。；;"), body.number("full"), list(body["at"]))
    for file in ("sentences.yaml", "places.yaml")
    for bodies in load_yaml(FOLDER / file).values()
    for body in bodies
    if body.flag("understood", True)
]
ADDED = (
    "未按时报送的扣1分。",
    "情节严重的加倍扣分。",
    "发生安全事故的，得分减半。",
    "提供虚假资料的倒扣2分。",
    "评价组可视情况调整得分。",
    "以上得分乘以0.8的系数。",
    "发生违纪的另扣0.5分。",
    "存在问题未整改的降低一档计分。",
)


@pytest.mark.parametrize("added", ADDED)
def test_what_is_added_is_asked_about(added: str) -> None:
    silent = []
    for text, full, values in RULES[:: 1 + ADDED.index(added) % 3]:
        made = read_criteria(f"{text}。{added}", full)
        if made.understood or any(made.points_at(value) is not None for value in values):
            silent.append(text)
    assert silent == []


def test_the_rule_without_the_added_sentence_was_understood() -> None:
    assert len(RULES) > 500
    held = [read_criteria(text, full).understood for text, full, _ in RULES[::9]]
    assert sum(held) > 0.9 * len(held)


@pytest.mark.parametrize(
    ("text", "fact", "value", "points"),
    [
        ("执行率≥95%得5分，否则不得分。需提供支付凭证，否则不得分。", "支付凭证份数", "0", 0),
        ("执行率≥95%得5分，否则不得分。发生违规支出的，本项不得分。", "违规支出次数", "1", 0),
        ("执行率≥95%得5分，否则不得分。不涉及该项资金的，视为满分。", "不涉及该项资金情形数", "1", 5),
    ],
)
def test_a_condition_beside_a_figure_is_kept_in_the_rule(
    text: str, fact: str, value: str, points: int
) -> None:
    made = read_criteria(text, Decimal(5))
    assert made.understood and made.spec is not None
    (case,) = made.spec.parts("first")
    assert case.text("when").split(" ")[0] == fact
    assert case.number("points") == points
    assert any(fact.removesuffix("份数") in note for note in made.notes)
    assert made.points_at("96%") == 5 and made.points_at("50%") == 0
    assert fact in made.sentence and value in ("0", "1")


def test_a_figure_without_a_sign_settles_nothing_below_zero() -> None:
    made = read_criteria("差异率=0，得满分3分；每增加5%（含）扣0.5分，扣完为止。", Decimal(3), "差异率")
    assert made.kind == "steps"
    assert (made.points_at("5%"), made.points_at("-5%")) == (Decimal("2.5"), None)
    signed = read_criteria("变动率≤0得3分，每增加5%扣0.5分，扣完为止。", Decimal(3), "变动率")
    assert signed.points_at("-5%") == 3
