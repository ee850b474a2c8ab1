"""The case as published: 82.27, the rule's own 82.00, every ratio, and what other readings would have given."""

from __future__ import annotations

from decimal import Decimal

import pytest

from jixiao.model import Level, amount, half_up
from jixiao.scoring import Scorecard, score
from tests.properties.nets import OneSheet
from tests.scoring.case2022 import AWARDED, CASE, SYSTEM, awarded, facts

GONE = "资金下达合法性"


@pytest.fixture(scope="module")
def card() -> Scorecard:
    return score(SYSTEM, awarded())


def test_the_total_is_the_published_one(card: Scorecard) -> None:
    assert card.total == CASE.number("total") == Decimal("82.27")
    assert card.rule_total == Decimal("82.00")
    assert card.grade == "良"
    assert (card.unit, card.year, card.rubric) == ("遂溪县招商局", "2022", "suixi-2022")


def test_the_blocks_add_to_it(card: Scorecard) -> None:
    blocks = {title: (points, full) for title, points, full in card.groups}
    assert [points for points, _ in blocks.values()] == [Decimal(p) for p in ("15.40", "35", "6.50", "25.37")]
    assert [full for _, full in blocks.values()] == [Decimal(f) for f in (20, 40, 10, 30)]


@pytest.mark.parametrize("title", AWARDED)
def test_every_indicator_has_its_awarded_points(title: str, card: Scorecard) -> None:
    if title == GONE:
        assert (card[title].points, card[title].status) == (None, "not_applicable")
        assert card[title].full == 0
    else:
        assert (card[title].points, card[title].status) == (AWARDED[title], "scored")
        assert "核定得" in card[title].explanation


RULED = {
    "预算编制准确性": "4.5",
    "支出完成率": "7",
    "结转结余率": "3",
    "国库集中支付结转结余存量资金效率性": "3",
    "政府采购执行率": "0",
    "固定资产利用率": "3",
    "公用经费控制率": "4",
    "绩效目标完成效率": "3.5",
    "工作表现加减分": "0",
}


def test_the_rule_decides_these_and_no_others(card: Scorecard) -> None:
    ruled = {row.title: row.rule_points for row in card.indicators if row.rule_points is not None}
    assert ruled == {title: Decimal(points) for title, points in RULED.items()}


def test_the_moved_points_add_to_the_full_points(card: Scorecard) -> None:
    assert card["支出完成率"].full == 7
    assert sum(row.full for row in card.indicators) == 100


RATIOS = {"招商签约完成率": "目标[1].完成率", "到位资金完成率": "目标[2].完成率"}


@pytest.mark.parametrize("name", CASE.part("ratios"))
def test_every_published_ratio_follows_from_the_figures(name: str, card: Scorecard) -> None:
    value = card.values[RATIOS.get(name, name)]
    assert isinstance(value, Decimal)
    assert half_up(value, 4) == amount(CASE.part("ratios")[name])


def test_what_differs_from_the_rule_is_said(card: Scorecard) -> None:
    said = {finding.args for finding in card.findings if finding.code == "J403"}
    assert {dict(args)["title"] for args in said} == {"预算编制准确性", "绩效目标完成效率"}
    assert all(finding.level is not Level.ERROR for finding in card.findings)


COUNTERFACTUAL = [
    ({"预算编制准确性": ""}, "82.37"),
    ({"预算编制准确性": "5"}, "82.87"),
    ({"预算编制准确性": "5", "项目监管": "0"}, "78.87"),
    ({"预算编制准确性": "", "项目监管": "0"}, "78.37"),
    ({"预算编制准确性": "", "项目监管": "0", "固定资产利用率": "0"}, "75.37"),
    ({"预算编制准确性": "", "项目监管": "0", "固定资产利用率": "0", "绩效目标完成效率": ""}, "75.00"),
    ({"预算编制准确性": "", "绩效目标完成效率": ""}, "82.00"),
]


@pytest.mark.parametrize(("changed", "total"), COUNTERFACTUAL)
def test_other_readings_give_other_totals(changed: dict[str, str], total: str) -> None:
    assert score(SYSTEM, awarded(**changed)).total == Decimal(total)


def test_the_second_figure_for_assets_in_use_would_cost_three_points() -> None:
    entries = awarded(固定资产利用率="") | {"在用固定资产原值": Decimal("26.59")}
    assert score(SYSTEM, entries).total == Decimal("79.27")


def test_without_missing_papers_supervision_scores_nothing() -> None:
    entries = awarded(项目监管="", 预算编制准确性="") | {
        "项目监管_1.前提": "无",
        "项目监管_1.判定": "部分符合",
    }
    assert score(SYSTEM, entries).total == Decimal("78.37")


def test_figures_alone_leave_the_rest_to_a_person() -> None:
    card = score(SYSTEM, facts())
    assert card.grade == "待核定"
    assert {row.title for row in card.indicators if row.status == "scored"} == set(RULED)
    assert card.total == sum(Decimal(points) for points in RULED.values())


def test_the_case_reads_alike_as_formulas() -> None:
    net = OneSheet(SYSTEM)
    for entries in (awarded(), facts(), {}):
        assert net.checked(entries) == []
