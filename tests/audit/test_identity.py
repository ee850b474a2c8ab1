"""A report of another unit or year is named first, and nothing of it is called wrong."""

from __future__ import annotations

import pytest

from jixiao.audit import KnownValues, Outcome
from tests.audit.mutations import audited


@pytest.mark.parametrize(
    "text",
    [
        "2022年廉江市招商局部门整体支出绩效核查报告\n\n廉江市招商局2022年支出决算数210.35万元。",
        "2021年遂溪县招商局部门整体支出绩效核查报告\n\n2021年支出决算数128.50万元，2021年收入决算数128.50万元。",
    ],
)
def test_another_unit_or_year(text: str, suixi_known: KnownValues) -> None:
    made = audited(text, suixi_known)
    assert [finding.code for finding in made.findings] == ["J769"]
    assert {item.outcome for item in made.statements} == {Outcome.UNCHECKED}


@pytest.mark.parametrize(
    "text",
    [
        "遂溪县招商局2022年部门整体支出绩效核查报告\n\n支出决算数139.40万元。",
        "关于2022年度部门整体支出绩效情况的说明\n\n我局支出决算数139.40万元。",
        "2028年遂溪县招商局部门整体支出绩效核查报告\n\n2022年收入决算数139.40万元。\n\n2022年支出决算数139.40万元。",
    ],
)
def test_the_same_unit_and_year(text: str, suixi_known: KnownValues) -> None:
    made = audited(text, suixi_known)
    assert not [finding for finding in made.findings if finding.code == "J769"]
    assert any(item.outcome is Outcome.AGREES for item in made.statements)


def test_a_list_number_glued_to_a_year_is_no_year(suixi_known: KnownValues) -> None:
    made = audited("遂溪县招商局情况\n\n五、问题\n\n2.2022年政府采购没有编入预算。", suixi_known)
    assert [item.figure.written for item in made.statements] == ["2", "2022"]
    assert not made.of(Outcome.DISAGREES)


def test_a_rate_whose_base_the_text_names_needs_no_remark(changli_known: KnownValues) -> None:
    title = "昌黎县招商中心2023年度整体绩效自评工作报告\n\n"
    bare = audited(f"{title}2023年整体年度实际支出率100%。", changli_known)
    assert [finding.code for finding in bare.findings] == ["J760"]
    for text in (
        "按调整后预算数计算，整体年度实际支出率100%。",
        "整体年度实际支出率100%，按年初预算计算为86.42%。",
    ):
        assert not [f for f in audited(f"{title}{text}", changli_known).findings if f.code == "J760"]


def test_a_share_is_held_against_the_base_of_the_same_kind(suixi_text: str, suixi_known: KnownValues) -> None:
    plain = "".join(suixi_text.split())
    assert "占基本支出的3.98%" in plain
    changed = suixi_text.replace("3.98", "8.98", 1)
    wrong = [i for i in audited(changed, suixi_known).of(Outcome.DISAGREES) if i.figure.written == "8.98"]
    assert [item.value for item in wrong] == ["3.98%"]


def test_quoted_criteria_name_their_own_text(suixi_text: str, suixi_known: KnownValues) -> None:
    made = audited(suixi_text, suixi_known)
    sources = {item.source for item in made.statements if item.subject.endswith("评分标准")}
    assert sources and all("评分表原文" in source for source in sources)


def test_a_last_digit_cut_off_is_a_note(suixi_text: str, suixi_known: KnownValues) -> None:
    made = audited(suixi_text, suixi_known)
    assert [finding.level.value for finding in made.findings if finding.code == "J768"] == ["note"]
    assert [item.outcome for item in made.statements if item.figure.written == "514.348"] == [
        Outcome.UNCHECKED
    ]
