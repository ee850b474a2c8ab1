"""What changed between two tables, as data and as Chinese lines."""

from __future__ import annotations

from importlib import resources

import pytest

from jixiao.rubric import Rubric, load
from jixiao.rubric.diff import Change, diff
from jixiao.rubric.shelf import read_text

DATE = "kind: condition, full: 1, when: 自评材料报送日期 <= 自评材料报送截止日期"
FULL = (
    "reference: {{article: 附件1 {0}}}\n            rule:\n              kind: sum\n              full: {1}"
)
TARGETS = """full: {0}
                  title: 按要求申报项目绩效目标
                  x: 绩效目标申报率
                  bands: {{"[100%,)": {0},"""


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
            "“固定资产利用率”档次 [90%,95%)：1 → 2",
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


def test_an_indicator_that_goes_and_one_that_comes() -> None:
    old = "id: satisfaction\n            title: 公众或服务对象满意度"
    made = differences((old, "id: smiles\n            title: 群众口碑"))
    assert [(c.what, c.title) for c in made if c.what in ("added", "removed")] == [
        ("added", "群众口碑"),
        ("removed", "公众或服务对象满意度"),
    ]


def test_moved_points_are_compared() -> None:
    made = differences(
        ("{from: 资金下达合法性_2, to: [支出完成率]", "{from: 资金下达合法性_2, to: [结转结余率]")
    )
    assert [c.line() for c in made] == ["“资金下达合法性_2”不适用时分值移到：支出完成率 → 结转结余率"]
