"""Criteria sentences in the styles of public tables: points at values, or the plain word that they are not understood."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from jixiao.authoring import as_data, read_criteria
from jixiao.model import Body, load_yaml

SUITE = Path(__file__).parents[3] / "conformance"
ASKED = frozenset((SUITE / "deviations.txt").read_text("utf-8").splitlines())
"""Sentences whose points are known and which the reader asks about; none is read otherwise; the list only gets shorter."""
SENTENCES = [
    (family, body)
    for file in ("sentences.yaml", "places.yaml", "wordings.yaml", "provinces.yaml")
    for family, bodies in load_yaml(SUITE / "criteria" / file).items()
    for body in bodies
]


@pytest.mark.parametrize(("family", "body"), SENTENCES, ids=[f"{f}：{b['text'][:24]}" for f, b in SENTENCES])
def test_the_sentence_gives_the_points_it_says(family: str, body: Body) -> None:
    body.only(("text", "full", "at"), ("kind", "understood"))
    made = read_criteria(body.text("text"), body.number("full"))
    points = {value: made.points_at(value) for value in body["at"]}
    assert made.understood or made.questions, "what is not understood is asked"
    if body["text"].replace("\n", " ") in ASKED:
        assert all(got in (None, body["at"][value]) for value, got in points.items())
        assert not made.understood or points != dict(body["at"]), (
            "it is read now: take it from deviations.txt"
        )
        return
    assert made.understood is body.flag("understood", True), made.questions
    assert points == dict(body["at"])


def test_what_is_asked_stays_little() -> None:
    assert len(ASKED) * 12 < len(SENTENCES)


def test_the_collection_is_wide_enough() -> None:
    assert len(SENTENCES) >= 80
    assert min(Counter(family for family, _ in SENTENCES).values()) >= 3
    figured = [b for _, b in SENTENCES if b.flag("understood", True)]
    assert len([b for b in figured if len(b["at"]) >= 3]) >= 60
    texts = [body["text"] for _, body in SENTENCES]
    assert len(set(texts)) == len(texts)


def test_a_wrong_expectation_would_be_noticed() -> None:
    assert read_criteria("完成率≥90%得3分，否则不得分", Decimal(3)).points_at("90%") != Decimal(2)


def test_full_points_that_do_not_fit_are_asked_about() -> None:
    made = read_criteria("完成率≥90%计8分，否则不得分", Decimal(5))
    assert not made.understood
    assert any("旧的权重" in question for question in made.questions)
    assert made.points_at("95%") is None


def test_the_plain_data_of_a_reading() -> None:
    made = as_data(
        read_criteria("完成率≥90%得3分，否则不得分", Decimal(3)), ["92.8%", "-15%", "是", "不清楚"]
    )
    assert made["understood"] is True
    assert made["kind"] == "bands"
    assert made["points"] == [3, 0, 3, None]
    assert made["questions"] == []
    assert made["parameters"]["bands"] == {"(,90%)": 0, "[90%,)": 3}
    assert made["sentence"] == "结果＜90%，得0分；结果≥90%，得3分"


def test_the_quantity_takes_the_name_it_is_given() -> None:
    made = read_criteria("≤10%得3分，＞10%不得分", Decimal(3), "结转结余率")
    assert made.spec is not None and made.spec["x"] == "结转结余率"
    assert made.names == ("结转结余率",)
    assert "结转结余率≤10%" in made.sentence
