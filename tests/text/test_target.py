"""Target values as departments write them: operator, number, unit, time or grade, else a question."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from jixiao.model import Body, load_yaml
from jixiao.text import read_target

TARGETS = load_yaml(Path(__file__).parent / "targets.yaml").parts("targets")


@pytest.mark.parametrize("body", TARGETS, ids=[body["text"] or "（空）" for body in TARGETS])
def test_the_target_is_read(body: Body) -> None:
    body.only(
        ("text", "kind"),
        ("op", "value", "high", "unit", "period", "date", "verdict", "subject", "asks", "met", "missed"),
    )
    made = read_target(body.text("text"))
    assert made.kind == body["kind"]
    assert (made.op, made.unit, made.period) == (
        body.get("op", ""),
        body.get("unit", ""),
        body.get("period", ""),
    )
    assert (made.value, made.high) == (body.get("value"), body.get("high"))
    assert made.date == (datetime.date.fromisoformat(body["date"]) if "date" in body else None)
    assert made.verdict is body.get("verdict")
    assert made.subject == body.get("subject", "")
    assert bool(made.questions) is body.flag("asks", False)
    if "met" in body:
        assert made.met(body.number("met")) is True
        assert made.met(body.number("missed")) is False


def test_a_target_with_a_question_is_not_computed_with() -> None:
    assert read_target("约6.6万人次").met(Decimal(7)) is None
