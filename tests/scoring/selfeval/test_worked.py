"""Worked cases of the rubrics with self-evaluation forms: a facts file in, a proved workbook out."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from jixiao import pipeline
from jixiao.model import load_yaml

BOOKS = Path(__file__).parents[3] / "conformance" / "books"
FILES = sorted(file for file in BOOKS.glob("*.yaml") if "\nverdicts:" not in file.read_text("utf-8"))


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_worked(file: Path, tmp_path: Path) -> None:
    case = load_yaml(file).only(("facts", "points", "total", "grade"), ("projects", "values"))
    book, facts = tmp_path / "评分簿.xlsx", tmp_path / "facts.json"
    facts.write_text(json.dumps(case["facts"], ensure_ascii=False, default=_plain), "utf-8")
    count = case.whole("projects") if "projects" in case else None
    pipeline.new(file.stem, book, projects=count)
    pipeline.fill(book, [], facts_file=facts)
    card = pipeline.score(book)
    assert {row.title: row.points for row in card.indicators} == dict(case.part("points"))
    assert (card.total, card.grade) == (case["total"], case["grade"])
    if all(row.points is not None for row in card.indicators):
        assert card.values["自评表.总分"] == card.total
    for key, value in dict(case.get("values", {})).items():
        assert card.values[key] == value, key
    proved = pipeline.verify([book])[0]
    assert [(run.ran, run.differences) for run in proved.engines] == [(True, 0)] * 2  # both compiled engines


def _plain(value: Any) -> float:
    assert isinstance(value, Decimal)
    return float(value)


def test_a_corrected_facts_file_replaces_what_the_first_one_wrote(tmp_path: Path) -> None:
    book = tmp_path / "评分簿.xlsx"
    pipeline.new("project-2020", book)
    row = "{group: 数量指标, name: 次数, target: ≥10次, done: %s, points: 50}"
    for done, spent in (("5次", "1"), ("8次", "0.5")):
        facts = tmp_path / f"{done}.yaml"
        facts.write_text(
            f"projects:\n  - name: 甲\n    budget: 1\n    spent: {spent}\n    indicators:\n      - {row % done}\n",
            "utf-8",
        )
        filled = pipeline.fill(book, [], facts_file=facts)
        assert not {"J570", "J571"} & {finding.code for finding in filled.findings}
    card = pipeline.score(book)
    assert card["产出指标"].points == 40 and card["预算执行率"].points == 5


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("{group: 数量指标, name: 次数, target: 若干, done: 5次, points: 50}", "J580"),
        ("{group: 数量指标, name: 经费, target: ≤10万元, done: 90000元, points: 50}", "J580"),
        ("{group: 数量指票, name: 次数, target: 5次, done: 5次, points: 50}", "J578"),
    ],
)
def test_what_is_not_understood_is_asked_about(line: str, code: str, tmp_path: Path) -> None:
    book, facts = tmp_path / "评分簿.xlsx", tmp_path / "facts.yaml"
    pipeline.new("project-2020", book)
    facts.write_text(
        f"projects:\n  - name: 甲\n    budget: 1\n    spent: 1\n    indicators:\n      - {line}\n", "utf-8"
    )
    filled = pipeline.fill(book, [], facts_file=facts)
    assert code in {finding.code for finding in filled.findings}
    assert pipeline.score(book)["产出指标"].points is None


def test_more_projects_than_tables_are_named(tmp_path: Path) -> None:
    book, facts = tmp_path / "评分簿.xlsx", tmp_path / "facts.yaml"
    pipeline.new("changli-2023", book, projects=1)
    body = "projects:\n" + "".join(
        f"  - {{name: 项目{n}, budget: 1, spent: 1, goal: 目标}}\n" for n in (1, 2)
    )
    facts.write_text(body, "utf-8")
    codes = {finding.code for finding in pipeline.fill(book, [], facts_file=facts).findings}
    assert "J577" in codes
    assert "J437" in {finding.code for finding in pipeline.score(book).findings}
