"""The readers of official texts: formulas, exceptions, moves, names; and that a doubtful text is never a silent rule."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from jixiao.authoring import Rule, Subject, Vocabulary, bonus, cut, expression, ratios_of, read_rule

FULL = Decimal(5)


def ruled(
    text: str, title: str = "甲", description: str = "", full: Decimal = FULL
) -> tuple[Rule, Vocabulary]:
    vocabulary = Vocabulary()
    return read_rule(text, full, Subject(title, description, vocabulary, text)), vocabulary


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("甲率=乙/丙×100%", "甲率", "乙 / 丙"),
        ("甲率＝（乙－丙）÷丙＊100％", "甲率", "(乙 - 丙) / 丙"),
        ("差异率=(乙-丙)/丙*100%（取绝对值）", "差异率", "abs(乙 - 丙) / 丙"),
        ("差异率=|乙－丙|÷丙×100%", "差异率", "abs(乙 - 丙) / 丙"),
        ("变动率=（乙÷丙-1）×100%", "变动率", "(乙 - 丙) / 丙"),
        ("节约率=（1-乙/丙）×100%", "节约率", "(丙 - 乙) / 丙"),
        (
            "“三公”经费变动率=[（本年数-上年数）/上年数]×100%。",
            "三公经费变动率",
            "(本年数 - 上年数) / 上年数",
        ),
        (
            "因公出国（境）费控制率=乙（含税）数/丙（万元，见表1）×100%",
            "因公出国(境)费控制率",
            "乙(含税)数 / 丙",
        ),
        ("甲率=乙/（丙+丁）×100%，其中", "甲率", "乙 / (丙 + 丁)"),
    ],
)
def test_ratios_as_they_are_printed(text: str, name: str, value: str) -> None:
    (found,) = ratios_of(text)
    assert (found.name, expression(found.sum, lambda wording: wording)) == (name, value)


@pytest.mark.parametrize(
    "text", ["结果=100%，得4分", "满分=5分", "甲=乙", "见《预算法》=", "甲率=（乙/丙", "得分=0.95/2*5=4.6"]
)
def test_what_is_no_ratio_is_left_alone(text: str) -> None:
    assert ratios_of(text) == []


def test_names_are_tied_to_the_vocabulary_or_new() -> None:
    text = "支出完成率=部门（单位）年度实际支出/财政下达预算数×100%。支出完成率≥95%的，得5分；低于95%的，不得分。"
    made, vocabulary = ruled(text, "支出完成率")
    assert made.spec["x"] == "支出完成率"
    assert vocabulary.quantities["支出完成率"]["value"] == "年度支出决算数 / 财政下达预算数"
    assert vocabulary.new == {}
    made, vocabulary = ruled(
        "培训到课率=到课人次数/应到人次数×100%。达到95%的，得5分；低于95%的，不得分。", "培训"
    )
    assert vocabulary.quantities["培训到课率"]["value"] == "到课人次数 / 应到人次数"
    assert set(vocabulary.new) == {"到课人次数", "应到人次数"}


def test_a_close_name_is_not_the_same_name() -> None:
    assert Vocabulary().known("支出决算") == ""
    assert Vocabulary().known("上年末", "培训") == ""
    assert Vocabulary().known("上年末", "国库集中支付存量") == "上年末国库集中支付存量资金"


def test_exceptions_over_figures_come_first() -> None:
    text = "得分=政府采购执行率×5分。政府采购执行率=实际采购金额/采购计划金额×100%。如实际采购金额大于采购计划金额的，本项不得分。"
    made, _ = ruled(text, "政府采购执行率")
    assert made.spec["kind"] == "proportional"
    assert [(case["when"], case["points"]) for case in made.spec["first"]] == [
        ("政府采购实际金额 > 政府采购计划金额", 0)
    ]


def test_a_date_that_keeps_a_limit_is_a_condition() -> None:
    made, _ = ruled("自评材料报送日期不晚于自评材料报送截止日期的，得5分，否则不得分。", "报送及时")
    assert made.spec == {
        "kind": "condition",
        "full": FULL,
        "when": "自评材料报送日期 <= 自评材料报送截止日期",
    }


def test_a_precondition_is_asked_of_a_person() -> None:
    made, _ = ruled("开展有效检查的，得5分（需提供检查底稿，否则不得分）。")
    assert (made.spec["kind"], made.spec["requires"]) == ("point", "检查底稿")


@pytest.mark.parametrize(
    "text",
    [
        "酌情给分。",
        "工作成效突出。",
        "人均费用=经费/人数；人均面积=面积/人数。超过标准的，扣1分。",
        "支出完成率≥90%的，得3分；固定资产利用率≥90%的，得5分。",
        "甲比率＝乙除以丙的平方，甲比率达到90%的，得5分，否则不得分。",
        "三公经费预算数低于上年的，得5分；三公经费决算数高于100的，扣1分。",
        "完成率≥90%得5分，80%-90%得3分，85%-70%得1分。",
    ],
)
def test_a_doubtful_text_is_scored_by_a_person_with_the_reason(text: str) -> None:
    made, _ = ruled(text)
    assert (made.spec["kind"], made.spec.get("graded"), made.spec["full"]) == ("point", True, FULL)
    assert made.human and made.spec["note"]


@pytest.mark.parametrize(
    "more",
    ["未按时报送的扣1分。", "存在虚报数据的，每发现1处扣0.5分。", "最高得3分。", "超过120%的，按120%计算。"],
)
def test_a_sentence_that_is_added_to_a_rule_is_not_lost(more: str) -> None:
    text = "完成率≥90%的，得5分；80%≤完成率<90%的，得3分；完成率<80%的，不得分。"
    plainly, _ = ruled(text, "完成率")
    assert plainly.spec["kind"] == "bands" and not plainly.human
    made, _ = ruled(text + more, "完成率")
    assert made.spec != plainly.spec
    assert made.human and made.spec["note"]


def test_what_a_figure_leaves_out_is_told_beside_the_rule() -> None:
    made, _ = ruled("完成率≥90%的，得5分；完成率<90%的，不得分。上级资金除外。", "完成率")
    assert made.spec["kind"] == "bands"
    assert "上级资金除外" in made.spec["note"] and made.doubts


def test_numbered_points_that_add_up_are_points() -> None:
    found = cut(
        "1.有制度，得2分；\n2.执行率（2分）：按执行率计分。\n3.公开的，得1分。对上述标准，没有完全符合的，酌情扣分。",
        FULL,
    )
    assert [item.full for item in found.items] == [2, 2, 1]
    assert found.graded


def test_numbered_points_that_do_not_add_up_stay_one_text() -> None:
    assert len(cut("1.有制度，得2分；\n2.公开的，得1分。", FULL).items) == 1


@pytest.mark.parametrize(
    ("text", "target", "places"),
    [
        (
            "1.甲，得5分。（注：无转移支付的部门，该指标不考核，分值平均增加至“乙”的第1和第2项指标）",
            "乙",
            (1, 2),
        ),
        ("甲，得5分。如没有主管资金，则相应指标分值调整至“支出完成率”。", "支出完成率", ()),
    ],
)
def test_sentences_about_points_that_go_elsewhere(text: str, target: str, places: tuple[int, ...]) -> None:
    found = cut(text, FULL)
    assert [(move.target, move.places) for move in found.moves] == [(target, places)]
    assert "分值" not in "".join(item.text for item in found.items)


def test_a_bonus_has_its_caps_or_is_entered_by_a_person() -> None:
    text = "1.加分项：受表彰的，表彰一次加1分，累计加分最多3分；2.减分项：被问责一次扣2分，累计减分最多6分。"
    made, why = bonus(text, "加减分", Vocabulary())
    assert not why
    assert [(item["each"], item["cap"]) for item in (*made["items"], *made["penalties"])] == [(1, 3), (2, 6)]
    made, why = bonus("视贡献大小加分。", "加减分", Vocabulary())
    assert why and [item["each"] for item in (*made["items"], *made["penalties"])] == [1, 1]


@pytest.mark.parametrize(
    "behind", ["弄虚作假的本项不得分。", "有一项未公开扣1分。", "未提交年度报告的，以上各项均不得分。"]
)
def test_a_sentence_behind_the_points_is_not_said_of_the_last_one(behind: str) -> None:
    text = f"1.有制度的，得2分；2.及时公开的，得3分。{behind}"
    assert [item.text for item in cut(text, FULL).items] == [text]
    made, _ = ruled(text)
    assert made.human and made.spec["note"]


def test_what_stands_beyond_the_length_that_is_read_is_asked() -> None:
    filler = "附注文字一段。" * 300
    points = cut(f"1.有制度的，得2分；2.公开的，得3分。{filler}弄虚作假的本项不得分。", FULL)
    assert len(points.items) == 1 and "弄虚作假" in points.items[0].text
    _, why = bonus(f"受表彰一次加1分。{filler}被问责一次扣2分。", "加减分", Vocabulary())
    assert why


def test_points_that_begin_with_a_band_are_no_listed_points() -> None:
    made, _ = ruled("完成率<60%的不得分；60%≤完成率<90%的，得分=完成率×5；≥90%的得5分。", "验收")
    assert made.spec["full"] == FULL
    made, _ = ruled("问题不超过3个的得5分，超过3个的，每增加1个扣1分，扣完为止。", "验收", "①制度；②台账")
    assert made.spec["full"] == FULL


def test_evidence_is_confirmed_beside_a_verdict_and_counted_beside_a_figure() -> None:
    made, vocabulary = ruled("完成率≥95%的，得5分，否则不得分。需提供验收报告，否则不得分。", "完成率")
    assert not made.human and vocabulary.new["验收报告份数"]["unit"] == "个"
    assert [(case["when"], case["points"]) for case in made.spec["first"]] == [("验收报告份数 == 0", 0)]
    made, _ = ruled("有检查记录的，得5分，否则不得分。需提供检查底稿，否则不得分。")
    assert (made.spec["kind"], made.spec["requires"], "first" in made.spec) == ("point", "检查底稿", False)


def test_nothing_that_is_typed_into_a_table_breaks_the_reader() -> None:
    strange: list[Any] = [
        "",
        "=" * 500,
        "（" * 400,
        "得分=" + "甲/" * 300,
        "1." * 300,
        "\x00\ud7ff\u200b",
        "9" * 400 + "分",
    ]
    for text in strange:
        made, _ = ruled(text)
        assert made.spec["full"] == FULL
