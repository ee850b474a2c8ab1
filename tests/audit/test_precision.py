"""A statement is never called wrong because its subject was misread."""

from __future__ import annotations

from decimal import Decimal

import pytest

from jixiao.audit import KnownValues, Outcome
from jixiao.model import Source
from tests.audit.mutations import audited


def plain_facts() -> KnownValues:
    """A few plain facts of one unit."""
    made = KnownValues(unit="某局", year="2022", rubric="", grade="良")
    for name, value in {
        "支出预算数": "131.83",
        "财政下达预算数": "139.40",
        "年度支出决算数": "139.40",
        "基本支出决算数": "76.80",
        "三公经费预算数": "4",
        "三公经费决算数": "2.24",
        "固定资产原值": "36.58",
    }.items():
        made.add(name, Decimal(value), "万元", Source("决算报表.xlsx", "表", "C5", name), chosen=True)
    made.add("固定资产原值", Decimal("32.42"), "万元", Source("基础信息表.xlsx"))
    made.add("支出完成率", Decimal(100), "%", Source("评分簿.xlsx"))
    return made


def outcomes(text: str) -> list[tuple[str, str]]:
    """(figure, outcome) of a text."""
    made = audited(text, plain_facts())
    return [(item.figure.shown, item.outcome.value) for item in made.statements]


SAYS = {
    "一致": [
        "支出决算数139.40万元。", "支出决算数139.4万元。", "支出决算数 1,394,000 元。", "支出决算数０.０１３９亿元。",
        "“三公”经费预算数4万元，决算数2.24万元。", "固定资产原值32.42万元。", "根据决算报表，基本支出76.8万元。",
    ],
    "不一致": [
        "支出决算数139.41万元。", "支出决算数139.40元。", "支出决算数1394万元。", "“三公”经费决算数2.42万元。",
        "固定资产原值36.85万元。", "支出完成率为90%。",
    ],
    "未核对": [
        "上年支出比今年多139.41万元。", "本年较上年增长5%。", "某项目投入35万元。", "支出完成率达到90%以上的单位较多。",
        "财政下达预算数-支出预算数为7.57万元。", "办公支出比年初预算增加7.57万元。", "会议室面积35亩。",
    ],
}  # fmt: skip


@pytest.mark.parametrize(("outcome", "text"), [(k, text) for k, texts in SAYS.items() for text in texts])
def test_sentences(outcome: str, text: str) -> None:
    assert {found for _, found in outcomes(text)} == {outcome}


def test_a_carried_subject_ends_with_its_sentence() -> None:
    assert outcomes("三公经费预算数4万元。车辆决算数9万元。")[1] == ("9万元", "未核对")


def test_a_sum_that_nothing_else_decides_blames_no_figure_of_it() -> None:
    text = "产业项目3个，用地总面积251.794亩。其中一号(用地面积69.366亩)、二号(用地面积48.264亩)、三号(用地面积97.164亩)。"
    made = audited(text, plain_facts())
    assert not made.of(Outcome.DISAGREES)
    said = [finding for finding in made.findings if finding.code == "J767"]
    assert len(said) == 1 and all(
        word in said[0].message for word in ("251.794", "69.366", "48.264", "97.164")
    )


def test_a_sum_whose_last_digit_was_cut_off_is_no_error() -> None:
    text = "产业项目3个，用地总面积250.793亩。其中一号(用地面积69.366亩)、二号(用地面积84.264亩)、三号(用地面积97.1635亩)。"
    assert not audited(text, plain_facts()).of(Outcome.DISAGREES)


SAID_TWICE = "一、概况\n\n全县通过招商引资签约项目21个，成效明显。\n\n二、成效\n\n全县通过招商引资签约项目12个，成效较好。"


def test_the_same_statement_with_two_figures_is_one_finding_with_both_places() -> None:
    made = audited(SAID_TWICE, plain_facts())
    assert not made.of(Outcome.DISAGREES)
    said = [finding for finding in made.findings if finding.code == "J766"]
    assert len(said) == 1 and "21个" in said[0].message and "12个" in said[0].message
    assert len(said[0].sources) == 2


def test_a_third_place_tells_which_of_two_figures_is_wrong() -> None:
    made = audited(f"{SAID_TWICE}\n\n三、建议\n\n全县通过招商引资签约项目21个，仍应努力。", plain_facts())
    assert [(item.figure.written, item.value) for item in made.of(Outcome.DISAGREES)] == [("12", "21个")]
    assert not [finding for finding in made.findings if finding.code == "J766"]


def test_an_enumeration_is_counted() -> None:
    assert outcomes("内设机构4个，分别是办公室、招商股、联络股、服务股。") == [("4个", "一致")]
    assert outcomes("内设机构5个，分别是办公室、招商股、联络股、服务股。") == [("5个", "不一致")]


def test_dates_exist() -> None:
    assert ("13月", "不一致") in outcomes("于2022年13月5日成立。")
    assert ("31日", "不一致") in outcomes("于2022年4月31日成立。")
    assert ("20222年", "不一致") in outcomes("于20222年4月3日成立。")


def test_lists_count() -> None:
    text = "五、存在问题\n\n1.甲的问题比较多，应当改进。\n\n2.乙的问题比较多，应当改进。\n\n8.丙的问题比较多，应当改进。"
    assert [found for _, found in outcomes(text)] == ["一致", "一致", "不一致"]


def test_two_lists_in_one_chapter_are_two_lists() -> None:
    text = "五、存在问题\n\n1.甲的问题比较多，应当改进。\n\n2.乙的问题比较多，应当改进。\n\n1.丙的问题比较多，应当改进。\n\n2.丁的问题比较多，应当改进。"
    assert {found for _, found in outcomes(text)} == {"一致"}


def test_comparisons_are_reckoned_with_their_direction() -> None:
    said = "支出决算数139.40万元，比年初预算{}万元，{}%。"
    assert [o for _, o in outcomes(said.format("增加7.57", "增长5.74"))] == ["一致"] * 3
    assert [o for _, o in outcomes(said.format("增加7.75", "增长5.74"))] == ["一致", "不一致", "一致"]
    assert [o for _, o in outcomes(said.format("减少7.57", "下降5.74"))] == ["一致", "不一致", "不一致"]
    assert outcomes("收入增长-3%。") == [("-3%", "不一致")]
