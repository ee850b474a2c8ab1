"""Worked cases of the shipped rubrics: facts and verdicts -> hand-counted points, one data file a rubric."""

from __future__ import annotations

import functools
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from jixiao import pipeline
from jixiao.model import NOT_APPLICABLE, PENDING, Body, Value, amount, load_yaml
from jixiao.scoring import Scorecard, score
from tests.properties.nets import OneSheet, shortened

BOOKS = Path(__file__).parents[2] / "conformance" / "books"
FILES = sorted(file for file in BOOKS.glob("*.yaml") if "\nverdicts:" in file.read_text("utf-8"))
FACTS_FILE = ("unit", "year", "facts", "verdicts", "not_applicable")
EXPECTED = ("points", "full", "groups", "total", "grade")
OUTCOMES = {"not_applicable": NOT_APPLICABLE, "pending": PENDING}
FIELDS = {"verdict": "判定", "points": "给分", "reason": "理由", "premise": "前提"}


@functools.cache
def case(file: Path) -> Body:
    """A worked case; its name is that of its rubric."""
    data = load_yaml(file).only(("rubric", *FACTS_FILE, *EXPECTED), ("variants",))
    assert data.text("rubric") == file.stem
    return data


def entries(data: Body) -> dict[str, Value]:
    """What the case fills in, by the keys of the net."""
    net = shortened(data.text("rubric"))
    made: dict[str, Value] = {"封面.单位": data.text("unit"), "封面.年度": data.number("year")}
    made |= {name: _number(body) for name, body in data.part("facts").items()}
    for name, body in data.part("verdicts").items():
        key = name if f"{name}.判定" in net.entries else f"{name}_1"
        given = body if isinstance(body, Body) else {"verdict": body}
        made |= {f"{key}.{FIELDS[field]}": value for field, value in given.items()}
    for title in data.part("not_applicable"):
        made |= {k: NOT_APPLICABLE for k in net.entries if k.startswith(f"{title}_") and k.endswith(".适用")}
    return made


def _number(body: Any) -> Value:
    """A fact as written: a number, a percentage or an outcome; None for a cell left empty."""
    if isinstance(body, str) and body.endswith("%"):
        return amount(body)
    return body if isinstance(body, Decimal | str) else None


def holds(card: Scorecard, expected: Body) -> None:
    """The card says what the case expects."""
    for title, points in expected.part("points").items():
        row = card[title]
        got: Value = row.points if row.status == "scored" else OUTCOMES[row.status]
        assert got == points, title
    for title, full in (expected.part("full") if "full" in expected else Body()).items():
        assert card[title].full == full, title
    assert card.total == expected.number("total")


def _variants() -> list[Any]:
    return [
        pytest.param(file, body, id=f"{file.stem}：{body.text('name')}")
        for file in FILES
        for body in case(file).parts("variants", [])
    ]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_case_gives_the_hand_counted_points(file: Path) -> None:
    data = case(file)
    card = score(shortened(file.stem), entries(data))
    holds(card, data)
    assert card.grade == data.text("grade")
    assert {title: points for title, points, _ in card.groups} == dict(data.part("groups"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_case_counts_every_indicator_and_its_points_add_up(file: Path) -> None:
    data = case(file)
    indicators = [indicator.key for indicator in shortened(file.stem).rubric.indicators()]
    assert list(data.part("points")) == indicators
    counted = sum((p for p in data.part("points").values() if isinstance(p, Decimal)), Decimal(0))
    assert counted == sum(data.part("groups").values(), Decimal(0)) == data.number("total")


@pytest.mark.parametrize(("file", "variant"), _variants())
def test_a_changed_entry_gives_the_hand_counted_points(file: Path, variant: Body) -> None:
    variant.only(("name", "changed", "points", "total"), ("full", "grade"))
    changed = {name: _number(value) for name, value in variant.part("changed").items()}
    assert [name for name in changed if name not in shortened(file.stem).entries] == []
    card = score(shortened(file.stem), entries(case(file)) | changed)
    holds(card, variant)
    if "grade" in variant:
        assert card.grade == variant.text("grade")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_case_and_its_changes_read_alike_as_formulas(file: Path) -> None:
    net, whole = OneSheet(shortened(file.stem)), entries(case(file))
    assert net.checked(whole) == []
    for body in case(file).parts("variants", []):
        assert net.checked(whole | {k: _number(v) for k, v in body.part("changed").items()}) == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_case_as_a_facts_file_fills_and_scores_a_workbook(file: Path, tmp_path: Path) -> None:
    data = case(file)
    facts = tmp_path / "案例.json"
    facts.write_text(json.dumps({key: data[key] for key in FACTS_FILE}, default=float), "utf-8")
    book = tmp_path / "评分簿.xlsx"
    pipeline.new(file.stem, book, year=str(data["year"]))
    pipeline.fill(book, [], facts_file=facts)
    card = pipeline.score(book)
    holds(card, data)
    assert (card.unit, card.year, card.grade) == (data.text("unit"), str(data["year"]), data.text("grade"))
