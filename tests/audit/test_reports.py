"""The two published reports against the workbooks of their cases."""

from __future__ import annotations

from jixiao.audit import Audit, KnownValues, Outcome
from jixiao.text import Kind
from tests.audit.mutations import audited


def codes(made: Audit, word: str) -> set[str]:
    """Codes of the findings whose message holds a word."""
    return {finding.code for finding in made.findings if word in finding.message}


def agreeing(made: Audit, unit: str) -> list[str]:
    """The figures with a unit that agree, as written, outside tables."""
    return [
        item.figure.written
        for item in made.of(Outcome.AGREES)
        if item.figure.unit == unit and not item.figure.block.table
    ]


def test_the_suixi_report_contradicts_itself_and_the_workbook(
    suixi_text: str, suixi_known: KnownValues
) -> None:
    made = audited(suixi_text, suixi_known)
    found = [(finding.code, finding.message) for finding in made.findings]
    assert ("J755", "“政府采购执行率”正文写0%，附表写100%") in found
    assert any(code == "J755" and "36.58" in text and "26.59" in text for code, text in found)
    assert any(code == "J761" and "信息公开" in text and "绩效目标" in text for code, text in found)
    assert any(code == "J762" and "82.27分" in text for code, text in found)
    assert codes(made, "严格按照年初预算") == {"J759"}
    assert codes(made, "零余额资金") == {"J764"}
    assert codes(made, "招商绩效考核") == {"J764"}
    assert codes(made, "部门基本情况") == {"J756"}
    assert codes(made, "105.74%") == {"J760"}


def test_only_the_rate_without_a_denominator_is_wrong_in_the_suixi_report(
    suixi_text: str, suixi_known: KnownValues
) -> None:
    made = audited(suixi_text, suixi_known)
    assert {item.subject for item in made.of(Outcome.DISAGREES)} == {"政府采购执行率"}


def test_the_suixi_report_is_confirmed_figure_by_figure(suixi_text: str, suixi_known: KnownValues) -> None:
    made = audited(suixi_text, suixi_known)
    measured = (Kind.AMOUNT, Kind.RATE, Kind.COUNT, Kind.POINTS)
    in_text = [s for s in made.of(Outcome.AGREES) if s.figure.kind in measured and not s.figure.block.table]
    assert len(in_text) >= 70
    assert {
        "139.40",
        "131.83",
        "76.80",
        "73.74",
        "3.06",
        "71.65",
        "65.66",
        "2.09",
        "0.95",
        "36.58",
        "177.06",
    } <= set(agreeing(made, "万元"))
    assert {"55.09", "44.91", "96.02", "3.98", "5.74", "56", "53.87", "102.56", "91.12"} <= set(
        agreeing(made, "%")
    )
    assert agreeing(made, "分") == ["82.27"]
    assert agreeing(made, "元") == ["-291.96"]
    assert made.shares()["checked_percent_without_list_numbers"] > 90


def test_not_over_budget_is_proved(suixi_text: str, suixi_known: KnownValues) -> None:
    claims = audited(suixi_text, suixi_known).claims
    proved = [claim for claim in claims if "不超" in claim.text and claim.outcome is Outcome.AGREES]
    assert {claim.why[:2] for claim in proved} == {"三公", "日常"}


def test_the_changli_amounts_are_confirmed(changli_text: str, changli_known: KnownValues) -> None:
    made = audited(changli_text, changli_known)
    assert set(agreeing(made, "万元")) == {"134.40", "116.15", "50", "30.629", "0"}
    assert {"1669", "73", "54", "22", "9", "3"} <= {
        item.figure.written for item in made.of(Outcome.AGREES) if item.figure.kind is Kind.COUNT
    }
    assert sorted(agreeing(made, "分")) == ["96", "98"]


def test_the_changli_rates_hold_against_the_adjusted_budget_only(
    changli_text: str, changli_known: KnownValues
) -> None:
    made = audited(changli_text, changli_known)
    assert codes(made, "86.42%") == {"J760"}
    assert codes(made, "61.26%") == {"J760"}


def test_shares_of_nothing_and_grades_without_bands_are_named(
    changli_text: str, changli_known: KnownValues
) -> None:
    made = audited(changli_text, changli_known)
    assert {item.subject for item in made.of(Outcome.DISAGREES)} == {
        "政府性基金预算项目占比", "社保基金预算项目占比", "国有资本经营预算项目占比", "转移支付评优率",
    }  # fmt: skip
    assert codes(made, "没有写等级的划分标准") == {"J763"}


def test_the_json_has_the_shape_that_programs_read(changli_text: str, changli_known: KnownValues) -> None:
    data = audited(changli_text, changli_known).data()
    assert set(data) == {"report", "statements", "claims", "shares", "findings"}
    one = data["statements"][0]
    assert {"place", "text", "subject", "said", "unit", "outcome", "value", "source"} <= set(one)
    counts = {outcome.value: data["shares"][outcome.value] for outcome in Outcome}
    assert sum(counts.values()) == data["shares"]["figures"] == len(data["statements"])
