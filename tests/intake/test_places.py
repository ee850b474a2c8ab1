"""Published tables of many places: what means the same is found under the name that a rubric asks for, the rest is not."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from jixiao.intake import alike, read
from jixiao.model import Fact, Found, Source, concepts, read_yaml
from tests.intake.grids import rows, xlsx

CASES = read_yaml((Path(__file__).parent / "cases" / "places.yaml").read_text("utf-8"), "places.yaml")
D = Decimal
HALF = D("0.005")


def found(tmp_path: Path, body: Any) -> dict[str, list[Fact]]:
    path = tmp_path / "表.xlsx"
    path.write_bytes(xlsx(*(rows(str(name), lines) for name, lines in body["sheets"].items())))
    made: dict[str, list[Fact]] = {}
    for fact in read([path]).facts:
        made.setdefault(fact.name, []).append(fact)
    return made


@pytest.mark.parametrize("name", CASES)
def test_every_fact_is_found_and_none_is_wrong(name: str, tmp_path: Path) -> None:
    body = CASES[name]
    made = found(tmp_path, body)
    for concept, value in body["facts"].items():
        assert made.get(concept), concept
        assert all(abs(D(fact.value) - D(value)) <= HALF for fact in made[concept]), made[concept]
    assert not set(body["absent"]) & made.keys()


def facts(**values: str) -> list[Fact]:
    return [Fact(name, D(value), Source("表.xlsx", "一", "B2", name)) for name, value in values.items()]


WHOLE = {"本年支出合计": "10", "部门基本支出": "6", "部门项目支出": "4"}


@pytest.mark.parametrize(
    ("more", "had", "why"),
    [
        ({"年度支出决算数": "10"}, {"基本支出决算数": 6, "项目支出决算数": 4}, ""),
        ({"年度支出决算数": "10.01"}, {"基本支出决算数": 6, "项目支出决算数": 4}, ""),  # a tail
        ({"年度支出决算数": "10.02"}, {}, "本年支出合计为10，年度支出决算数为10.02"),
        ({}, {}, "没有“年度支出决算数”"),
        (
            {"年度支出决算数": "10", "基本支出决算数": "7"},
            {"项目支出决算数": 4},
            "",
        ),  # its own name goes first
    ],
)
def test_the_whole_of_a_department_is_its_grant_only_where_both_are_equal(
    more: dict[str, str], had: dict[str, int], why: str
) -> None:
    made, missed = alike(facts(**WHOLE, **more))
    assert {fact.name: fact.value for fact in made} == had
    assert all(fact.source.found is Found.ALIKE and "全部是财政拨款" in fact.source.label for fact in made)
    assert why in missed.get("基本支出决算数", "")


def test_two_figures_that_differ_prove_nothing() -> None:
    made, missed = alike([*facts(**WHOLE, 年度支出决算数="10"), *facts(年度支出决算数="12")])
    assert not made and "没有“年度支出决算数”" in missed["项目支出决算数"]


def test_funds_are_added_up_with_both_places_named() -> None:
    made, _ = alike(
        facts(
            一般公共预算项目支出决算数="3",
            政府性基金预算项目支出决算数="2",
            国有资本经营预算项目支出决算数="0",
        )
    )
    (total,) = [fact for fact in made if fact.name == "项目支出决算数"]
    assert (
        total.value == 5 and "一般公共预算项目支出决算数+政府性基金预算项目支出决算数" in total.source.label
    )


def test_what_is_derived_is_of_the_vocabulary() -> None:
    every = [Fact(name, D(1), Source("表")) for name in concepts() if not name.endswith("决算数")]
    assert {fact.name for fact in alike(every)[0]} <= set(concepts())


def test_a_list_of_projects_is_without_its_subtotals(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    sheets = CASES["项目含小计"]["sheets"]
    path.write_bytes(xlsx(*(rows(str(name), lines) for name, lines in sheets.items())))
    assert [record["name"] for record in read([path]).records["projects"]] == ["项目一", "项目二"]


def test_this_year_and_the_year_before_stay_apart(tmp_path: Path) -> None:
    """A budget form beside one of the accounts: 执行数 is no 决算数, the year before is not this year."""
    made = found(tmp_path, CASES["三公两年本年在前"])
    assert [fact.value for fact in made["三公经费预算数"]] == [9]
    assert "三公经费决算数" not in found(tmp_path, CASES["三公执行数"])
