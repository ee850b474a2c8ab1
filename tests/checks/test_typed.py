"""Cross-checks run on the facts as they are now: what a person typed, as data in typed.yaml, by ``check`` and by ``score``."""

from __future__ import annotations

import contextlib
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from jixiao import pipeline
from jixiao.app import main
from jixiao.master import open_scoring_book
from jixiao.model import load_yaml

CASE = Path(__file__).parents[2] / "workbooks" / "specimens" / "suixi-2022"
TABLES = ("决算报表.xlsx", "资产报表.xls", "预算批复.xlsx", "科目余额表.csv", "自评基础信息表.xlsx")
CASES: dict[str, Any] = dict(load_yaml(Path(__file__).with_name("typed.yaml")))
Failing = set[tuple[str, str, str, str]]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("typed") / "评分簿.xlsx"
    pipeline.new("suixi-2022", path, unit="遂溪县招商局")
    pipeline.fill(path, [CASE / name for name in TABLES], facts_file=CASE / "judgements.yaml")
    return path.read_bytes()


@pytest.fixture(scope="module")
def untouched(filled: bytes, tmp_path_factory: pytest.TempPathFactory) -> Failing:
    """What fails where nothing is typed."""
    return _failing(_typed(filled, tmp_path_factory.mktemp("untouched") / "评分簿.xlsx", {}))


def _typed(filled: bytes, path: Path, typed: dict[str, Any]) -> Path:
    path.write_bytes(filled)
    book = open_scoring_book(path)
    for key, value in typed.items():
        if key.startswith("表:"):
            link = book.links[key.removeprefix("表:")]
            place = (link.sheet, link.ref)
        else:
            place = (book.plan.places[key].sheet, book.plan.places[key].ref)
        known = value if isinstance(value, str) else Decimal(str(value))
        book.sheet(place[0]).set(place[1], known, formula=None)
    path.write_bytes(book.book.to_bytes())
    return path


def _failing(path: Path) -> Failing:
    with contextlib.redirect_stdout(io.StringIO()) as said:
        main(["check", str(path), "--json"])
    data = json.loads(said.getvalue())
    sides = [
        (one["id"], one["title"], one["left"], one["right"])
        for one in data["checks"]
        if one["outcome"] == "不一致"
    ]
    return {(ident, title, _said(left), _said(right)) for ident, title, left, right in sides}


def _said(side: dict[str, Any]) -> str:
    return f"{side['value']} {side['text']}"


@pytest.mark.parametrize("name", CASES)
def test_a_typed_figure_is_checked_as_it_stands(
    name: str, filled: bytes, untouched: Failing, tmp_path: Path
) -> None:
    case, before = CASES[name], untouched
    path = _typed(filled, tmp_path / "改.xlsx", dict(case["type"]))
    after = _failing(path)
    added = after - before
    assert {one[0] for one in added} >= set(case["fails"]), added
    assert bool(added) == bool(case["fails"]), added
    for ident, said in case["fails"].items():
        value, _, text = said.partition(" ")
        number = Decimal(value.rstrip("万元人分%")) / (100 if value.endswith("%") else 1)
        sides = [side for one in added if one[0] == ident for side in one[2:]]
        assert any(side.split(" ")[0] == f"{number.normalize():f}" and text in side for side in sides), sides
    assert set(case.get("gone", [])) <= {one[0] for one in before - after}
    card = pipeline.score(path)
    (said,) = [finding for finding in card.findings if finding.code == "J420"]
    assert f"有{len(after)}项" in said.message, "score counts what check lists, and 勾稽 shows it"
    shown = open_scoring_book(path).kept("checks")
    assert {(row[0], row[1]) for row in shown} >= {one[:2] for one in after}
    assert _failing(path) == after
    scored = path.read_bytes()
    pipeline.score(path)
    assert path.read_bytes() == scored, "scoring again changes nothing"
    (proved,) = pipeline.verify([path])
    assert proved.proved, [finding.line() for finding in proved.findings]


@pytest.mark.parametrize(
    ("typed", "fails"),
    [
        ({}, []),
        (
            {
                "项目[1].年初预算": 200000,
                "项目[1].调整后预算": 200000,
                "项目[1].年度支出": 150000,
                "自评表[16].完成值": -10,
                "自评表[23].完成值": 120,
            },
            ["比率1", "比率2", "资金1"],
        ),
        ({"项目[1].年度支出": -15, "自评表[23].完成值": 100}, ["执行3", "资金2"]),
    ],
)
def test_a_self_evaluation_form_is_checked_as_it_stands(
    typed: dict[str, Any], fails: list[str], tmp_path: Path
) -> None:
    path = pipeline.new("project-2020", tmp_path / "评分簿.xlsx", unit="某局", year="2023")
    rows = {
        "项目[1].名称": "某项目",
        "项目[1].年初预算": 20,
        "项目[1].调整后预算": 20,
        "项目[1].年度支出": 15,
    }
    for number in (16, 23):
        words = {"三级指标": f"比率{number}", "性质": "≥", "指标值": 90, "单位": "%", "完成值": 95}
        rows |= {f"自评表[{number}].{word}": value for word, value in words.items()}
    _typed(path.read_bytes(), path, rows | typed)
    made, _ = pipeline.check(path)
    assert sorted({one.id for one in made if one.outcome == "不一致"}) == fails
    codes = {finding.code for finding in pipeline.score(path).findings}
    assert ("J420" in codes) == bool(fails)
