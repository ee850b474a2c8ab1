"""What changed between two tables, as data and as Chinese lines."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import pytest

from jixiao.authoring import Change, diff
from jixiao.rubric import Rubric, load, read_text

DATE = "kind: condition, full: 1, when: 自评材料报送日期 <= 自评材料报送截止日期"
FULL = (
    "reference: {{article: 附件1 {0}}}\n            rule:\n              kind: sum\n              full: {1}"
)
TARGETS = """full: {0}
                  title: 按要求申报项目绩效目标
                  x: 绩效目标申报率
                  bands: {{"[100%,)": {0},"""


EVERY = Path(__file__).parents[1] / "rubric" / "every_kind.yaml"
CHANGES = [
    ("below: 1", "below: 2"),
    ("pass: 60%", "pass: 65%"),
    ("centre: 100%", "centre: 90%"),
    ("over: 130%, deduct: 2", "over: 130%, deduct: 1"),
    ("share: 10%", "share: 20%"),
    ("list: [3, 2, 1]", "list: [3, 2]"),
    ("smaller: true", "smaller: false"),
    ("{rate: 1}", "{rate: 95%}"),
    ("from: 5, deduct: 0.5", "from: 5, deduct: 1"),
    ('没有达成: "[0,60%)"', '未达成: "[0,60%)"'),
    ("rescale: true, ", "rescale: true, note: 说明, "),
    ("{x: 走访次数, each: 1, cap: 3}", "{x: 走访次数, each: 1, cap: 4}"),
    ("{kind: point, full: 3, title: 乙}", "{kind: point, full: 2, title: 乙}"),
    ("title: 丙", "title: 丁"),
]


def changed(*changes: tuple[str, str]) -> Rubric:
    """The 遂溪 table with passages of its definition replaced."""
    text = resources.files("jixiao.rubric").joinpath("rubrics/suixi/2022.yaml").read_text("utf-8")
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return read_text(text, "2023.yaml")


def differences(*changes: tuple[str, str]) -> list[Change]:
    return diff(load("suixi-2022"), changed(*changes))


def test_the_same_table_has_no_differences() -> None:
    assert differences() == []


@pytest.mark.parametrize(
    ("old", "new", "what", "line"),
    [
        (
            '"[95%,)": 3, "[90%,95%)": 1',
            '"[95%,)": 3, "[90%,95%)": 2',
            "rule",
            "“固定资产利用率”档次 90%≤数值＜95%：1 → 2",
        ),
        ("each: 5%", "each: 10%", "rule", "“预算编制准确性”要点1 每档：5% → 10%"),
        (
            "title: 支出完成率\n            weight: 4\n",
            "title: 预算执行率\n            weight: 4\n",
            "renamed",
            "指标“支出完成率”改名为“预算执行率”",
        ),
        (
            "article: 附件1 固定资产利用率",
            "article: 附件2 固定资产利用率",
            "reference",
            "“固定资产利用率”依据：附件1 固定资产利用率 → 附件2 固定资产利用率",
        ),
        ("year: 2022", "year: 2023", "table", "年度：2022 → 2023"),
        ('"[90,)": 优, "[80,90)": 良', '"[95,)": 优, "[80,95)": 良', "grade", "等级：得分≥90为优"),
        (
            DATE,
            "kind: point, full: 1, title: 按时报送",
            "kind",
            "“自评材料报送及时性”规则类型：达标得分 → 要点核定",
        ),
        ("id: institutions", "id: institutions-2023", "", ""),
    ],
)
def test_one_difference_is_one_line(old: str, new: str, what: str, line: str) -> None:
    receivers = [
        (f"to: [支出完成率], reason: {word}", f"to: [预算执行率], reason: {word}")
        for word in ("没有", "无需")
    ]
    made = differences((old, new), *(receivers if "预算执行率" in new else ()))
    found = [change for change in made if change.what == what]
    assert [change.line()[: len(line)] for change in found] == ([line] if line else [])
    assert all(change.data()["what"] for change in made)


def test_weights_are_compared_at_every_level() -> None:
    made = differences(
        ("title: 目标完整性\n            weight: 4", "title: 目标完整性\n            weight: 5"),
        (TARGETS.format(2), TARGETS.format(3)),
        (FULL.format("目标完整性", 4), FULL.format("目标完整性", 5)),
        ("title: 目标科学性\n            weight: 4", "title: 目标科学性\n            weight: 3"),
        (FULL.format("目标科学性", 4), FULL.format("目标科学性", 3)),
        (
            "{kind: point, full: 2, title: 指标中有能体现履职效果",
            "{kind: point, full: 1, title: 指标中有能体现履职效果",
        ),
    )
    assert [(c.title, c.before, c.after) for c in made if c.what == "weight"] == [
        ("目标完整性", "4", "5"),
        ("目标科学性", "4", "3"),
    ]


SMILES = "id: smiles\n            title: 群众口碑"
SATISFACTION = "id: satisfaction\n            title: 公众或服务对象满意度"
ASKED = "description: 社会公众或服务对象对部门履职效果的满意程度，取社会调查得分；难以单独调查的，参考群众满意度考核或民主评议得分。"


def test_an_indicator_that_goes_and_one_that_comes() -> None:
    made = differences((SATISFACTION, SMILES), (ASKED, "description: 看网上留言。"))
    assert [(c.what, c.title) for c in made if c.what in ("added", "removed", "renamed")] == [
        ("added", "群众口碑"),
        ("removed", "公众或服务对象满意度"),
    ]
    assert [c.line() for c in made if c.what == "added"] == [
        "新增指标“群众口碑”（预算执行效益／公平性，3分）"
    ]


def test_an_indicator_of_another_name_and_id_with_the_same_rule_is_renamed() -> None:
    made = differences((SATISFACTION, SMILES))
    assert [c.line() for c in made] == ["指标“公众或服务对象满意度”改名为“群众口碑”"]


def test_a_name_that_is_nearly_the_same_is_renamed() -> None:
    new = "id: petitions\n            title: 群众信访事项办理情况"
    made = differences(("id: petition-handling\n            title: 群众信访办理情况", new))
    assert [c.line() for c in made] == ["指标“群众信访办理情况”改名为“群众信访事项办理情况”"]


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        (
            '"[95%,)": 3, "[90%,95%)": 1, "(,90%)": 0',
            '"[96%,)": 3, "[90%,96%)": 1, "(,90%)": 0',
            ["档次（3分）：数值≥95% → 数值≥96%", "档次（1分）：90%≤数值＜95% → 90%≤数值＜96%"],
        ),
        (
            '"[95%,)": 3, "[90%,95%)": 1, "(,90%)": 0',
            '"[95%,)": 3, "[92%,95%)": 2, "[90%,92%)": 1, "(,90%)": 0',
            ["档次（1分）：90%≤数值＜95% → 90%≤数值＜92%", "档次 92%≤数值＜95%：（无） → 2分"],
        ),
        (
            '"[95%,)": 3, "[90%,95%)": 1, "(,90%)": 0',
            '"[95%,)": 3, "(,95%)": 0',
            ["档次（0分）：数值＜90% → 数值＜95%", "档次 90%≤数值＜95%：1分 → （无）"],
        ),
    ],
)
def test_a_threshold_that_moved_is_one_line(old: str, new: str, lines: list[str]) -> None:
    assert [c.line() for c in differences((old, new))] == [f"“固定资产利用率”{line}" for line in lines]


def test_full_points_that_follow_the_weight_and_bands_that_all_change_are_told_once() -> None:
    made = differences(
        (
            "title: 固定资产利用率\n            weight: 3",
            "title: 固定资产利用率\n            weight: 2",
        ),
        (
            "title: 资产管理情况规范性\n            weight: 4",
            "title: 资产管理情况规范性\n            weight: 5",
        ),
        (FULL.format("资产管理情况规范性", 4), FULL.format("资产管理情况规范性", 5)),
        (
            "{kind: point, full: 1, title: 资产账与财务账相符",
            "{kind: point, full: 2, title: 资产账与财务账相符",
        ),
        (
            '{kind: bands, full: 3, x: 固定资产利用率, bands: {"[95%,)": 3, "[90%,95%)": 1, "(,90%)": 0}}',
            '{kind: bands, full: 2, x: 固定资产利用率, bands: {"[96%,)": 2, "[91%,96%)": 1.5, "(,91%)": 0}}',
        ),
    )
    assert [c.line() for c in made] == [
        "“资产管理情况规范性”权重：4 → 5",
        "“资产管理情况规范性”要点4 满分：1 → 2",
        "“固定资产利用率”权重：3 → 2",
        "“固定资产利用率”档次（0分）：数值＜90% → 数值＜91%",
        "“固定资产利用率”档次：数值≥95%得3分 → 数值≥96%得2分",
        "“固定资产利用率”档次：90%≤数值＜95%得1分 → 91%≤数值＜96%得1.5分",
    ]


def test_rules_of_every_kind_are_compared_in_chinese() -> None:
    old = EVERY.read_text("utf-8")
    new = old
    for before, after in CHANGES:
        assert new.count(before) == 1, before
        new = new.replace(before, after)
    made = [c.line() for c in diff(read_text(old, "旧"), read_text(new, "新"))]
    assert made == [line for line in made if not re.search(r"[a-z]{3,}", line)], made
    assert len(made) == len(CHANGES)


def test_moved_points_are_compared() -> None:
    made = differences(
        ("{from: 资金下达合法性_2, to: [支出完成率]", "{from: 资金下达合法性_2, to: [结转结余率]")
    )
    assert [c.line() for c in made] == ["“资金下达合法性_2”不适用时分值移到：支出完成率 → 结转结余率"]
