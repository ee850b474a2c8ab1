"""Self-evaluation forms as data: what is shipped is whole, and a wrong form or reference is refused with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from jixiao.model import DefinitionError, load_yaml, read_yaml
from jixiao.rubric import from_data, load, read_text, shipped, to_json
from jixiao.rubric.selftable import read_form
from jixiao.rubric.shelf import HERE

FORM = (HERE / "selftables" / "project-2020.yaml").read_text("utf-8")
RUBRIC = (HERE / "rubrics" / "project" / "2020.yaml").read_text("utf-8")
FORMS = sorted((HERE / "selftables").glob("*.yaml"))


@pytest.mark.parametrize("file", FORMS, ids=[file.stem for file in FORMS])
def test_shipped_forms_are_read_and_named_as_their_file(file: Path) -> None:
    form = read_form(load_yaml(file))
    assert form.id == file.stem
    assert form.execution + sum(block.full for block in form.blocks) == 100
    assert form.reference.checked is False  # the full text of the national documents could not be read


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("full: 50", "full: 49", "分值合计99，应为100"),
        ("full: 30", "full: 30.5", "分值合计100.5，应为100"),
        ('"[80,90)": 良', '"[80,89]": 良', "各档之间有空档"),
        ('"[80,90)": 良', '"[80,90]": 良', "各档有重叠"),
        ('"[60%,80%)"', '"[60%,79%)"', "各档之间有空档"),
        ('"[60%,80%)"', "六到八成", "不是区间"),
        ("execution: 10", "execution: 十", "应为数字"),
        ("overfulfilled: 130%", "overfulfiled: 130%", "未知的键"),
        ("overfulfilled: 130%", "overfulfilled: 很多", "不是数字"),
        ("{title: 数量指标, rows: 6}", "{title: 数量指标, rows: 0}", "rows 应在1至30之间"),
        ("{title: 数量指标, rows: 6}", "{title: 数量指标}", "缺少键“rows”"),
        ("title: 效益指标", "title: 产出指标", "名称重复"),
    ],
)
def test_a_wrong_form_is_refused_with_its_line(old: str, new: str, says: str) -> None:
    assert old in FORM
    with pytest.raises(DefinitionError, match=says) as caught:
        read_form(read_yaml(FORM.replace(old, new, 1), "表.yaml"))
    assert str(caught.value).startswith("表.yaml 第")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("main: {form: project-2020}", "main: {form: project-2019}", "没有自评表“project-2019”"),
        ("main: {form: project-2020}", "", "评分表没有 main"),
        ("of: 产出指标", "of: 产出", "“产出”不在自评表中"),
        ("main: {form: project-2020}", "main: {form: project-cost-2021}", "与自评表“产出指标”的40分不符"),
        ("tables: [项目]", "tables: [工程]", "没有名为“工程”的表"),
        (
            "main: {form: project-2020}",
            "main: {form: project-2020}\nprojects: {form: project-2020, count: 2}",
            "单个项目",
        ),
        (
            "main: {form: project-2020}",
            "main: {form: project-2020, figures: {年初预算数: 支出预算数}}",
            "缺少键“全年预算数”",
        ),
    ],
)
def test_a_wrong_reference_is_refused_with_its_line(old: str, new: str, says: str) -> None:
    assert old in RUBRIC
    with pytest.raises(DefinitionError, match=says) as caught:
        read_text(RUBRIC.replace(old, new, 1), "表.yaml")
    assert str(caught.value).startswith("表.yaml 第")


@pytest.mark.parametrize("name", sorted(shipped()))
def test_a_workbook_carries_the_forms_that_it_needs(name: str) -> None:
    """The text kept in a workbook is the whole definition: read back it is the same text."""
    rubric = load(name, projects=None if name.startswith("project") else 2)
    text = to_json(rubric)
    again = from_data(text)
    assert to_json(again) == text
    assert list(again.self_tables.tables()) == list(rubric.self_tables.tables())
