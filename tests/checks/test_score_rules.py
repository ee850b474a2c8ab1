"""Points against their own rule: rows as data in points.yaml; and whose tables they are."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from jixiao.checks import CODES, ScorePart, ScoreRow, rules, score_findings, whose
from jixiao.model import Record, Source, load_yaml

CASES = load_yaml(Path(__file__).with_name("points.yaml"))
COLUMNS = ("核定分", "规则分", "核定理由", "佐证材料", "状态", "评分标准", "前提", "要点", "缺数")
BOOKS = [
    Record(
        "ledger",
        {"code": "8001020101", "name": "零余额现金", "closing": Decimal("-291.96")},
        {"name": Source("科目余额表.csv", "科目余额表", "B33", "零余额现金")},
    )
]


def _row(body: dict[str, Any]) -> ScoreRow:
    given = dict(body)
    parts = [ScorePart(**dict(part)) for part in given.pop("parts", [])]
    places = {name: [Source("评分簿.xlsx", "评分表", f"{name}8")] for name in COLUMNS}
    return ScoreRow(**{**given, "parts": parts, "places": places})


@pytest.mark.parametrize("name", list(CASES))
def test_row(name: str) -> None:
    found = score_findings([_row(CASES[name]["row"])], BOOKS)
    assert sorted(finding.code for finding in found) == CASES[name]["codes"]
    assert all(finding.sources for finding in found)
    assert CASES[name].get("says", "") in "；".join(finding.message for finding in found)


def test_every_rule_has_a_row_that_it_speaks_of() -> None:
    told = {code for name in CASES for code in CASES[name]["codes"]}
    assert told >= {rule.code for rule in rules()} == set(CODES)


def test_what_many_rows_have_in_common_is_one_finding() -> None:
    rows = [ScoreRow(f"第{n}项", Decimal(4), given=Decimal(4), reason="好") for n in range(12)]
    (finding,) = score_findings(rows)
    assert finding.code == "J229" and finding.message.startswith("12项") and "等 12 项" in finding.message


def test_both_places_are_named() -> None:
    row = _row(CASES["points other than the rule's"]["row"])
    (finding,) = score_findings([row])
    assert [source.cell for source in finding.sources] == ["核定分8", "规则分8"]


def _head(text: str, file: str = "甲.xlsx") -> tuple[str, Source]:
    return text, Source(file, "表", "A2")


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("单位名称：遂溪县招商局", []),
        ("编制单位: 遂溪县 招商局", []),
        ("填报单位：遂溪县招商局（本级）", []),
        ("核算单位：昌黎县招商中心", ["J232"]),
        ("单位：万元", []),
        ("金额单位：元", []),
        ("2022年度", []),
        ("会计期间：2022年1月至2022年12月", []),
        ("2021年度部门决算", ["J233"]),
        ("2021年12月31日", ["J233"]),
        ("2021年与2022年度对比", []),
        ("遂财预[2021]3号", []),
    ],
)
def test_unit_and_year_that_a_table_names(text: str, codes: list[str]) -> None:
    assert [finding.code for finding in whose("遂溪县招商局", "2022", [_head(text)])] == codes


def test_blank_unit_and_year_are_not_compared() -> None:
    assert not list(whose("", "", [_head("单位名称：昌黎县招商中心"), _head("2021年度")]))


def test_each_file_is_said_once() -> None:
    said = [_head("单位名称：昌黎县招商中心"), _head("填报单位：昌黎县招商中心"), _head("2021年度")]
    found = list(whose("遂溪县招商局", "2022", said))
    assert [finding.code for finding in found] == ["J232", "J233"] and len(found[0].sources) == 1
